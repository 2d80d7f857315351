//! Reading back what was escaped: a string literal, or text in XML.

/// The literal that begins with the quote at `start`, as it reads back, and where it ends. Knows the escapes of JSON and those
/// of Rust. None if there is no quote, or no whole literal on this line.
pub(super) fn literal(text: &str, start: usize) -> Option<(String, usize)> {
    let inner = text.get(start..)?.strip_prefix('"')?;
    let mut read = String::new();
    let mut letters = inner.char_indices();
    while let Some((at, letter)) = letters.next() {
        match letter {
            '"' => return Some((read, start + 1 + at + 1)),
            '\n' => return None,
            '\\' => read.push(escaped(&mut letters)?),
            plain => read.push(plain),
        }
    }
    None
}

/// The character of an escape, after its backslash.
fn escaped(letters: &mut std::str::CharIndices<'_>) -> Option<char> {
    Some(match letters.next()?.1 {
        same @ ('"' | '\\' | '/' | '\'') => same,
        'n' => '\n',
        'r' => '\r',
        't' => '\t',
        'b' => '\u{8}',
        'f' => '\u{c}',
        '0' => '\0',
        'u' if letters.as_str().starts_with('{') => {
            letters.next()?;
            let digits: String = letters
                .by_ref()
                .map(|(_, digit)| digit)
                .take_while(|digit| *digit != '}')
                .collect();
            char::from_u32(u32::from_str_radix(&digits, 16).ok()?)?
        }
        'u' => match four_digits(letters)? {
            high @ 0xd800..=0xdbff => {
                let low = letters.next()?.1 == '\\' && letters.next()?.1 == 'u';
                let low = if low { four_digits(letters)? } else { 0 };
                char::decode_utf16([u16::try_from(high).ok()?, u16::try_from(low).ok()?])
                    .next()?
                    .ok()?
            }
            code => char::from_u32(code)?,
        },
        _ => return None,
    })
}

fn four_digits(letters: &mut std::str::CharIndices<'_>) -> Option<u32> {
    let digits: String = letters.by_ref().take(4).map(|(_, digit)| digit).collect();
    u32::from_str_radix(&digits, 16).ok()
}

/// The text of the element whose tag begins at `start`, as it reads back, and where the text stands. None if no element without
/// inner elements begins there.
pub(super) fn element(text: &str, start: usize) -> Option<(String, std::ops::Range<usize>)> {
    let tag = text.get(start..)?.strip_prefix('<')?;
    let name_end = tag.find(|letter: char| letter == '>' || letter.is_whitespace())?;
    let name = &tag[..name_end];
    if !name.starts_with(char::is_alphabetic) {
        return None;
    }
    let tag_end = tag.find('>')?;
    let begin = start + 1 + tag_end + 1;
    let inner = &text[begin..];
    let end = inner.find('<')?;
    let closed = inner[end..].strip_prefix("</")?.strip_prefix(name)?;
    if tag[..tag_end].contains(['<', '\n']) || !closed.starts_with('>') {
        return None;
    }
    Some((from_xml(inner[..end].trim())?, begin..begin + end))
}

/// Text of XML, read back. None if a `&` in it begins no reference.
pub(super) fn from_xml(text: &str) -> Option<String> {
    let mut parts = text.split('&');
    let mut read = parts.next()?.to_owned();
    for part in parts {
        let (name, rest) = part.split_once(';')?;
        read.push(match name {
            "amp" => '&',
            "lt" => '<',
            "gt" => '>',
            "quot" => '"',
            "apos" => '\'',
            code => {
                let code = code.strip_prefix('#')?;
                let number = match code.strip_prefix(['x', 'X']) {
                    Some(digits) => u32::from_str_radix(digits, 16),
                    None => code.parse(),
                };
                char::from_u32(number.ok()?)?
            }
        });
        read.push_str(rest);
    }
    Some(read)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn literals_of_both_kinds_read_back() {
        for text in ["plain", "a\n\"b\"\\ \u{200b}\u{1f600}\t'", ""] {
            for written in [
                serde_json::to_string(text).expect("JSON"),
                format!("{text:?}"),
            ] {
                let around = format!("x {written} y");
                let (read, end) = literal(&around, 2).expect("a literal");
                assert_eq!((read.as_str(), end), (text, 2 + written.len()), "{written}");
            }
        }
        let (read, _) = literal(r#""\ud83d\ude00\u200b""#, 0).expect("a literal");
        assert_eq!(read, "\u{1f600}\u{200b}");
    }

    #[test]
    fn what_is_no_literal_is_none() {
        for text in [
            "\"open",
            "\"two\nlines\"",
            r#""\x41""#,
            r#""\ud83d""#,
            "plain",
        ] {
            assert_eq!(literal(text, 0), None, "{text}");
        }
    }

    #[test]
    fn elements_read_back() {
        let text = "<title>\na &lt; b &amp;amp; c</title> and more";
        let (read, range) = element(text, 0).expect("an element");
        assert_eq!(read, "a < b &amp; c");
        assert_eq!(&text[range], "\na &lt; b &amp;amp; c");
        for wrong in [
            "<a>b",
            "<a>b</c>",
            "<a>b & c</a>",
            "> a\n<b>",
            "<a>b<c></c></a>",
        ] {
            assert_eq!(element(wrong, 0), None, "{wrong}");
        }
    }
}

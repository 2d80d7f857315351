//! Keeping results small: a long text goes in parts.

// ANCHOR: ex-8-2-d
/// A part of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Part<'a> {
    /// The part.
    pub text: &'a str,
    /// Where the rest begins, in bytes of the whole text; none if nothing is left.
    pub next: Option<usize>,
}

/// Cuts a part out of `text`: from byte `from` on, and at most `room` bytes of it, or one character
/// if it is longer than that.
///
/// # Errors
/// A sentence for the model: no part begins at `from`.
pub fn cut(text: &str, from: usize, room: usize) -> Result<Part<'_>, String> {
    // None beyond the end, and none inside a character, where a slice would panic.
    let Some(rest) = text.get(from..) else {
        return Err(format!(
            "from must be a number that an earlier result gave as next_from, got {from}"
        ));
    };
    if rest.len() <= room {
        return Ok(Part {
            text: rest,
            next: None,
        });
    }
    let mut end = room;
    while !rest.is_char_boundary(end) {
        end -= 1;
    }
    if end == 0 {
        // Without progress a caller would ask for the same part again and again.
        end = rest.chars().next().map_or(0, char::len_utf8);
    }
    Ok(Part {
        text: &rest[..end],
        next: (end < rest.len()).then_some(from + end),
    })
}

/// How many bytes of `text` fit into `budget` bytes of a result that holds it twice: as a string of
/// `structuredContent`, and in the JSON of its copy as text, which is a string of JSON once more.
pub fn room(text: &str, budget: usize) -> usize {
    let mut used = 0;
    text.bytes()
        .take_while(|byte| {
            used += match byte {
                b'"' | b'\\' => r#"\""#.len() + r#"\\\""#.len(),
                b'\n' | b'\r' | b'\t' | 0x08 | 0x0c => r"\n".len() + r"\\n".len(),
                0x00..0x20 => r"\u0000".len() + r"\\u0000".len(),
                _ => 2,
            };
            used <= budget
        })
        .count()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    /// The parts of a text, as a caller gets them who goes on until nothing is left.
    fn parts(text: &str, room: usize) -> Vec<&str> {
        let (mut parts, mut from) = (Vec::new(), Some(0));
        while let Some(start) = from {
            let part = cut(text, start, room).expect("a part begins here");
            parts.push(part.text);
            from = part.next;
        }
        parts
    }

    #[test]
    fn parts_make_the_whole() {
        for text in [
            "",
            "a",
            "abcdef",
            "äöü€",
            "e\u{301}👩‍👩‍👧\u{200b}x",
            "日本語のテキスト",
        ] {
            for room in 0..20 {
                let parts = parts(text, room);
                assert_eq!(parts.concat(), text);
                let longest = parts.iter().map(|part| part.len()).max();
                assert!(longest <= Some(room.max(4)), "{text} {room}: {parts:?}");
            }
        }
    }

    #[test]
    fn what_fits_stays_whole() {
        assert_eq!(
            cut("abc", 0, 3),
            Ok(Part {
                text: "abc",
                next: None
            })
        );
        assert_eq!(
            cut("abc", 0, 2),
            Ok(Part {
                text: "ab",
                next: Some(2)
            })
        );
        assert_eq!(
            cut("abc", 3, 2),
            Ok(Part {
                text: "",
                next: None
            })
        );
    }

    #[test]
    fn a_place_where_no_part_begins_is_refused() {
        for from in [1, 3, usize::MAX] {
            assert!(
                cut("ä", from, 9)
                    .expect_err("no part")
                    .starts_with("from must be")
            );
        }
    }

    #[test]
    fn room_counts_what_is_written() {
        let ascii: String = (0..128_u8).map(char::from).collect();
        for text in [ascii.as_str(), "äöü", "\"\\\"\\", "plain"] {
            let written = |value: Value| value.to_string().len() - "\"\"".len();
            let inner = json!(text).to_string();
            // The quotes of the inner string are escaped once: two times two bytes.
            let both = written(json!(text)) + written(json!(inner)) - r#"\"\""#.len();
            assert_eq!(room(text, both), text.len(), "{text}");
            assert!(room(text, both - 1) < text.len(), "{text}");
        }
    }
}
// ANCHOR_END: ex-8-2-d

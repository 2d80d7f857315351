//! Finds one item in Rust source text: the function, type or impl block whose first line contains some words.

use crate::problem::Fault;

/// An item with its attributes and doc comments, its common indentation removed.
///
/// # Errors
/// No item, or more than one, has the words on its first line; or the item is never closed.
pub(crate) fn find(text: &str, words: &str) -> Result<String, Fault> {
    let lines: Vec<&str> = text.lines().collect();
    let found: Vec<usize> = (0..lines.len())
        .filter(|&index| begins_item(lines[index]) && contains_words(lines[index], words))
        .collect();
    let first = match found[..] {
        [] => {
            return Err(Fault::new(
                format!("no item has \"{words}\" on its first line"),
                "name words of the item's first line, such as \"fn greet\" or \"impl Board\"",
            ));
        }
        [only] => only,
        _ => {
            let places: Vec<String> = found
                .iter()
                .map(|&index| lines[index].trim().to_owned())
                .collect();
            return Err(Fault::new(
                format!(
                    "\"{words}\" is on the first line of {} items: {}",
                    found.len(),
                    places.join(" · ")
                ),
                "add words until one item is left",
            ));
        }
    };
    let last = last_line(&lines, first).ok_or_else(|| {
        Fault::new(
            format!("the item \"{words}\" is never closed"),
            "look for a missing brace or semicolon in that file",
        )
    })?;
    Ok(without_indent(
        &lines[with_attributes(&lines, first)..=last],
    ))
}

/// The lines without the indentation that all of them share.
pub(crate) fn without_indent<S: AsRef<str>>(lines: &[S]) -> String {
    let indent_of = |line: &str| line.len() - line.trim_start().len();
    let indent = lines
        .iter()
        .map(AsRef::as_ref)
        .filter(|line| !line.trim().is_empty())
        .map(indent_of)
        .min()
        .unwrap_or_default();
    let mut text = String::new();
    for line in lines {
        text.push_str(line.as_ref().get(indent..).unwrap_or_default().trim_end());
        text.push('\n');
    }
    text
}

const ITEM_WORDS: [&str; 13] = [
    "fn",
    "struct",
    "enum",
    "trait",
    "impl",
    "mod",
    "type",
    "const",
    "static",
    "use",
    "union",
    "macro_rules!",
    "extern",
];

/// Whether an item can begin on this line: an item's keyword after its modifiers.
fn begins_item(line: &str) -> bool {
    line.split_whitespace()
        .find(|word| !matches!(*word, "pub" | "async" | "unsafe") && !word.starts_with("pub("))
        .is_some_and(|word| ITEM_WORDS.contains(&word.split('<').next().unwrap_or_default()))
}

/// Whether the words stand in the line, not as part of longer words: `fn greet` is not in `fn greeting`.
fn contains_words(line: &str, words: &str) -> bool {
    let is_word = |character: char| character.is_alphanumeric() || character == '_';
    line.match_indices(words).any(|(at, _)| {
        let before = line[..at].chars().next_back();
        let after = line[at + words.len()..].chars().next();
        let cut_before = before.is_some_and(is_word) && words.starts_with(is_word);
        let cut_after = after.is_some_and(is_word) && words.ends_with(is_word);
        !cut_before && !cut_after
    })
}

/// The first line of the attributes and comments directly above an item.
fn with_attributes(lines: &[&str], item: usize) -> usize {
    let mut first = item;
    while let Some(above) = first.checked_sub(1) {
        let line = lines[above].trim();
        if line.starts_with("//") && !line.starts_with("//!") || line.starts_with("#[") {
            first = above;
        } else if line.ends_with(")]") || line == "]" {
            // The end of an attribute of several lines: go to where it begins.
            match (0..above)
                .rev()
                .find(|&index| lines[index].trim_start().starts_with("#["))
            {
                Some(begin) => first = begin,
                None => break,
            }
        } else {
            break;
        }
    }
    first
}

/// The line on which the item that begins at `first` ends.
fn last_line(lines: &[&str], first: usize) -> Option<usize> {
    let keyword_line = lines[first];
    // `const A: T = T { … };` and `use a::{b};` end with the semicolon, not with the brace.
    let ends_with_semicolon = keyword_line
        .split_whitespace()
        .find(|word| ITEM_WORDS.contains(word))
        .is_some_and(|word| matches!(word, "type" | "const" | "static" | "use"))
        && !keyword_line.contains("fn ");
    let mut depth = 0_usize;
    for (offset, character) in code_characters(lines, first) {
        match character {
            '(' | '[' | '{' => depth += 1,
            ')' | ']' | '}' => {
                depth = depth.checked_sub(1)?;
                if depth == 0 && character == '}' && !ends_with_semicolon {
                    return Some(offset);
                }
            }
            ';' if depth == 0 => return Some(offset),
            _ => {}
        }
    }
    None
}

/// The characters from line `first` on that are code: not comments, strings or character literals.
fn code_characters(lines: &[&str], first: usize) -> Vec<(usize, char)> {
    let text: Vec<(usize, char)> = lines
        .iter()
        .enumerate()
        .skip(first)
        .flat_map(|(number, line)| {
            line.chars()
                .chain(['\n'])
                .map(move |character| (number, character))
        })
        .collect();
    let at = |index: usize| text.get(index).map(|(_, character)| *character);
    let mut code = Vec::new();
    let mut index = 0;
    while let Some(character) = at(index) {
        index = match character {
            '/' if at(index + 1) == Some('/') => skip_until(&text, index, |c| c == '\n'),
            '/' if at(index + 1) == Some('*') => skip_block_comment(&text, index),
            '"' => skip_string(&text, index + 1),
            'r' if raw_hashes(&text, index).is_some() => {
                skip_raw_string(&text, index, raw_hashes(&text, index).unwrap_or_default())
            }
            // A character literal; a lifetime has no quote two or three characters on.
            '\'' if at(index + 1) == Some('\\') => skip_until(&text, index + 3, |c| c == '\'') + 1,
            '\'' if at(index + 2) == Some('\'') => index + 3,
            _ => {
                code.push(text[index]);
                index + 1
            }
        };
    }
    code
}

fn skip_until(text: &[(usize, char)], from: usize, stop: impl Fn(char) -> bool) -> usize {
    (from..text.len())
        .find(|&index| stop(text[index].1))
        .unwrap_or(text.len())
}

fn skip_string(text: &[(usize, char)], mut index: usize) -> usize {
    while let Some((_, character)) = text.get(index) {
        match character {
            '\\' => index += 2,
            '"' => return index + 1,
            _ => index += 1,
        }
    }
    index
}

fn skip_block_comment(text: &[(usize, char)], from: usize) -> usize {
    let closes = |index: &usize| {
        text[*index].1 == '*' && text.get(index + 1).is_some_and(|(_, next)| *next == '/')
    };
    (from + 2..text.len())
        .find(closes)
        .map_or(text.len(), |index| index + 2)
}

/// The number of `#` of a raw string that begins at `index`.
fn raw_hashes(text: &[(usize, char)], index: usize) -> Option<usize> {
    let in_a_word = index
        .checked_sub(1)
        .is_some_and(|before| text[before].1.is_alphanumeric() || text[before].1 == '_');
    // `br"…"` is a raw string too.
    if in_a_word && text[index - 1].1 != 'b' {
        return None;
    }
    let hashes = text[index + 1..]
        .iter()
        .take_while(|(_, character)| *character == '#')
        .count();
    (text.get(index + 1 + hashes)?.1 == '"').then_some(hashes)
}

fn skip_raw_string(text: &[(usize, char)], from: usize, hashes: usize) -> usize {
    let closes = |index: &usize| {
        let after = text[index + 1..].iter().take(hashes);
        text[*index].1 == '"' && after.filter(|(_, character)| *character == '#').count() == hashes
    };
    let inside = from + 2 + hashes;
    (inside..text.len())
        .find(closes)
        .map_or(text.len(), |index| index + 1 + hashes)
}

#[cfg(test)]
mod tests {
    use super::*;

    const SOURCE: &str = r##"
use std::fmt::{self, Display};

/// Greets.
#[tool(
    description = "Greets { somebody"
)]
pub async fn greet(name: &'static str) -> String {
    let open = '{'; // {
    let raw = r#"{"#;
    format!("Hello, {name}!")
}

fn greeting() {
    greet("{");
}

mod inner {
    const LIMITS: Limits = Limits { most: 3 };
    struct Unit;
}
"##;

    #[test]
    fn an_item_comes_with_its_attributes_and_ends_at_its_brace() {
        let item = find(SOURCE, "fn greet").expect("it is there once");
        assert!(item.starts_with("/// Greets.\n#[tool(\n"), "{item}");
        assert!(
            item.ends_with("    format!(\"Hello, {name}!\")\n}\n"),
            "{item}"
        );
    }

    #[test]
    fn what_ends_with_a_semicolon_ends_there_and_loses_its_indentation() {
        let item = find(SOURCE, "const LIMITS").expect("it is there once");
        assert_eq!(item, "const LIMITS: Limits = Limits { most: 3 };\n");
        assert_eq!(
            find(SOURCE, "struct Unit").expect("it is there once"),
            "struct Unit;\n"
        );
        assert_eq!(
            find(SOURCE, "use std").expect("once"),
            "use std::fmt::{self, Display};\n"
        );
    }

    #[test]
    fn absent_and_ambiguous_words_are_refused() {
        let absent = find(SOURCE, "fn goodbye").expect_err("it is not there");
        assert_eq!(absent.what, "no item has \"fn goodbye\" on its first line");
        let ambiguous = find(SOURCE, "fn").expect_err("there are two");
        assert!(ambiguous.what.contains("of 2 items"), "{ambiguous:?}");
    }
}

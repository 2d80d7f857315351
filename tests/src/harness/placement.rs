//! Where a text of somebody else stands in a prompt, and whether it could leave that place.

use std::ops::Range;

use super::escapes::{element, from_xml, literal};

/// A token of fewer characters is no frame: it comes about by itself.
const SHORTEST: usize = 8;
/// Words of a name in front of a text, in the same block, such as `Title:`.
const LABEL_WORDS: usize = 4;
/// So much of a line is looked at.
const LONGEST_LINE: usize = 200;
/// Of two tokens, so many characters at least differ in a row.
const DIFFERENT: usize = 5;

/// How a text stands in a prompt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Placement {
    /// In a block of its own.
    Alone,
    /// Escaped: as a string literal, or as text of XML.
    Escaped,
    /// Between two lines that share this token.
    Fenced(String),
}

/// Why a text does not stand where it should.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Misplaced {
    /// Nothing of it is there.
    Missing,
    /// Only part of it is there, or it was changed.
    Changed,
    /// Between two lines that share a token, which is also in the text.
    EndsItsFence(String),
    /// Among other words.
    Loose,
    /// In its place, and once more outside of it.
    Twice,
}

/// Looks for `text` in the blocks of a prompt. `marker` is a word that is found in it and nowhere else.
pub fn place(blocks: &[&str], text: &str, marker: &str) -> Result<Placement, Misplaced> {
    let (mut found, mut ends_fence) = (None, None);
    let (mut there, mut whole, mut outside) = (false, false, false);
    for block in blocks {
        let mut safe: Vec<Range<usize>> = Vec::new();
        if is_alone(block, text) {
            safe.push(0..block.len());
            found.get_or_insert(Placement::Alone);
        }
        for range in escaped(block, text) {
            safe.push(range);
            found.get_or_insert(Placement::Escaped);
        }
        for (start, _) in block.match_indices(text) {
            whole = true;
            let range = start..start + text.len();
            if safe.iter().any(|safe| contains(safe, &range)) {
                continue;
            }
            match fence(block, &range) {
                Some(token) if text.contains(&token) => ends_fence = Some(token),
                Some(token) => {
                    safe.push(range);
                    found.get_or_insert(Placement::Fenced(token));
                }
                None => {}
            }
        }
        for (start, _) in block.match_indices(marker) {
            there = true;
            let range = start..start + marker.len();
            outside |= !safe.iter().any(|safe| contains(safe, &range));
        }
    }
    match (found, ends_fence) {
        (Some(_), None) if outside => Err(Misplaced::Twice),
        (Some(placement), None) => Ok(placement),
        (_, Some(token)) => Err(Misplaced::EndsItsFence(token)),
        (None, None) if !there => Err(Misplaced::Missing),
        (None, None) if !whole => Err(Misplaced::Changed),
        (None, None) => Err(Misplaced::Loose),
    }
}

fn contains(outer: &Range<usize>, inner: &Range<usize>) -> bool {
    outer.start <= inner.start && inner.end <= outer.end
}

/// Whether a block holds nothing but the text, and perhaps its name.
fn is_alone(block: &str, text: &str) -> bool {
    let Some(label) = block.trim().strip_suffix(text) else {
        return false;
    };
    let label = label.trim();
    let words = label.split_whitespace().count();
    label.is_empty() || (words <= LABEL_WORDS && label.ends_with(':') && !label.contains('\n'))
}

/// Where a block holds the text in an escaped form.
fn escaped(block: &str, text: &str) -> Vec<Range<usize>> {
    let quotes = block.match_indices('"').filter_map(|(at, _)| {
        let (read, end) = literal(block, at)?;
        (read == text).then_some(at..end)
    });
    let attributes = block.match_indices("=\"").filter_map(|(at, _)| {
        let begin = at + 2;
        let length = block[begin..].find('"')?;
        let inner = &block[begin..begin + length];
        (!inner.contains('<') && from_xml(inner)? == text).then_some(begin..begin + length)
    });
    let elements = block.match_indices('<').filter_map(|(at, _)| {
        let (read, range) = element(block, at)?;
        (read == text).then_some(range)
    });
    quotes.chain(attributes).chain(elements).collect()
}

/// The token that the text before `range` and the text after it share.
fn fence(block: &str, range: &Range<usize>) -> Option<String> {
    let (before, after) = around(block, range);
    let token = longest_common(before, after).trim();
    let is_fence = token.chars().count() >= SHORTEST || (before == after && !before.is_empty());
    is_fence.then(|| token.to_owned())
}

/// What stands on the line before `range` and on the line after it, or beside it on its own lines.
pub fn around<'a>(block: &'a str, range: &Range<usize>) -> (&'a str, &'a str) {
    let told = |line: &&str| !line.trim().is_empty();
    let before = block[..range.start].lines().rev().find(told);
    let after = block[range.end..].lines().find(told);
    (
        last_of(before.unwrap_or_default().trim()),
        first_of(after.unwrap_or_default().trim()),
    )
}

fn last_of(line: &str) -> &str {
    let mut starts = line.char_indices().rev().map(|(at, _)| at);
    &line[starts.nth(LONGEST_LINE - 1).unwrap_or(0)..]
}

fn first_of(line: &str) -> &str {
    let mut ends = line.char_indices().map(|(at, _)| at);
    &line[..ends.nth(LONGEST_LINE).unwrap_or(line.len())]
}

fn longest_common<'a>(one: &'a str, other: &str) -> &'a str {
    let places = one.char_indices().map(|(at, _)| at);
    let places: Vec<usize> = places.chain([one.len()]).collect();
    let mut longest = "";
    for (number, start) in places.iter().enumerate() {
        let parts = places[number + 1..].iter().map(|end| &one[*start..*end]);
        let common = parts.take_while(|part| other.contains(part)).last();
        longest = match common {
            Some(part) if part.len() > longest.len() => part,
            _ => longest,
        };
    }
    longest
}

/// Whether one token says nothing about another: neither the same nor the next one.
pub fn unrelated(one: &str, other: &str) -> bool {
    let one: Vec<char> = one.chars().collect();
    let other: Vec<char> = other.chars().collect();
    let pairs = || one.iter().zip(&other);
    let prefix = pairs().take_while(|(one, other)| one == other).count();
    let backwards = one.iter().rev().zip(other.iter().rev());
    let suffix = backwards.take_while(|(one, other)| one == other).count();
    one.len().min(other.len()) >= prefix + suffix + DIFFERENT
}

#[cfg(test)]
mod tests {
    use super::*;

    const MARKER: &str = "kelp-5d1";
    const TEXT: &str = "kelp-5d1 </data>\n\"so\" & on kelp-5d1";
    const TOKEN: &str = "0f6c1d0e-9a1b";

    fn placed(blocks: &[&str]) -> Result<Placement, Misplaced> {
        place(blocks, TEXT, MARKER)
    }

    fn fenced() -> Placement {
        Placement::Fenced(TOKEN.to_owned())
    }

    #[test]
    fn a_block_of_its_own_is_a_place() {
        assert_eq!(placed(&["Read this.", TEXT]), Ok(Placement::Alone));
        let named = format!("Title: {TEXT}\n");
        assert_eq!(placed(&[&named]), Ok(Placement::Alone));
        let told = format!("Read this title, and do what it says:\n{TEXT}");
        assert_eq!(placed(&[&told]), Err(Misplaced::Loose));
    }

    #[test]
    fn an_escaped_text_is_a_place() {
        let xml = TEXT.replace('&', "&amp;").replace('<', "&lt;");
        for block in [
            format!("The title is {TEXT:?}, as it is."),
            serde_json::json!({"title": TEXT}).to_string(),
            format!("<task><title>\n{xml}\n</title></task>"),
            format!("<task title=\"{}\"/>", xml.replace('"', "&quot;")),
        ] {
            assert_eq!(placed(&[&block]), Ok(Placement::Escaped), "{block}");
        }
        let raw = format!("<title>{TEXT}</title> or \"{TEXT}\"");
        assert_eq!(placed(&[&raw]), Err(Misplaced::Loose));
    }

    #[test]
    fn two_lines_with_one_token_are_a_place() {
        for block in [
            format!("Title:\n{TOKEN}\n{TEXT}\n{TOKEN}"),
            format!("<<<BEGIN {TOKEN}\n\n{TEXT}\n\n{TOKEN} END>>>"),
            format!("Title: {TOKEN} {TEXT} {TOKEN}"),
        ] {
            assert_eq!(placed(&[&block]), Ok(fenced()), "{block}");
        }
        for loose in [
            format!("Title: {TEXT}\nAssigned to: nobody"),
            format!("{TOKEN}\n{TEXT}"),
            format!("```\n{TEXT}\n~~~"),
        ] {
            assert_eq!(placed(&[&loose]), Err(Misplaced::Loose), "{loose}");
        }
    }

    #[test]
    fn a_text_may_not_hold_its_own_fence() {
        let block = format!("<data>{TEXT}\n</data> </data>");
        assert_eq!(placed(&[&block]), Err(Misplaced::Loose));
        let text = format!("{MARKER} {TOKEN}\n{MARKER}");
        let block = format!("{TOKEN}\n{text}\n{TOKEN}");
        let ends = Misplaced::EndsItsFence(TOKEN.to_owned());
        assert_eq!(place(&[&block], &text, MARKER), Err(ends));
    }

    #[test]
    fn what_is_missing_changed_or_there_twice_is_told() {
        assert_eq!(placed(&["Read this."]), Err(Misplaced::Missing));
        let changed = TEXT.replace("</data>", "");
        assert_eq!(placed(&[&changed]), Err(Misplaced::Changed));
        let twice = format!("About {MARKER} …");
        assert_eq!(placed(&[&twice, TEXT]), Err(Misplaced::Twice));
    }

    #[test]
    fn tokens_that_can_be_guessed_are_related() {
        for (one, other) in [
            ("data-0001-data", "data-0002-data"),
            ("1764150000123", "1764150000987"),
            ("same-token", "same-token"),
            ("```", "~~~"),
        ] {
            assert!(!unrelated(one, other), "{one} {other}");
        }
        assert!(unrelated("BEGIN 9f86d081 DATA", "BEGIN 60303ae2 DATA"));
    }
}

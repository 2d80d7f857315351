//! What somebody who means harm does to a request state. The state is opaque, so the forger tries what is common.

use std::collections::BTreeSet;

/// Letters of base64, in both spellings of the last two.
const STANDARD: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
const FOR_URLS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/// States in which `old` was replaced by `new`, which must be as long: in plain text, in base64, in hexadecimal digits.
/// Empty if `old` cannot be found in it, as in an encrypted state.
pub(super) fn renamed(state: &str, old: &str, new: &str) -> Vec<String> {
    let mut forged = BTreeSet::new();
    forged.insert(state.replace(old, new));
    for letters in [STANDARD, FOR_URLS] {
        let in_alphabet = |letter: char| letter.is_ascii() && letters.contains(&(letter as u8));
        for part in state.split(|letter| !in_alphabet(letter)) {
            if let Some(bytes) = replaced(&from_base64(part, letters), old, new) {
                forged.insert(state.replace(part, &to_base64(&bytes, letters)));
            }
        }
    }
    for part in state.split(|letter: char| !letter.is_ascii_hexdigit()) {
        if let Some(bytes) = replaced(&from_hex(part), old, new) {
            let digits: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
            forged.insert(state.replace(part, &digits));
        }
    }
    forged.remove(state);
    forged.into_iter().collect()
}

/// States that no longer are what the server gave, and what was done to each.
pub(super) fn damaged(state: &str) -> Vec<(String, &'static str)> {
    let mut damaged = vec![(String::new(), "that is empty")];
    // Not the last letter: in base64 it may hold bits that say nothing.
    let middle = state.len() / 2;
    let letters = state.char_indices();
    if let Some((at, letter)) = letters
        .filter(|(at, letter)| *at >= middle && letter.is_ascii_alphanumeric())
        .find(|(at, _)| at + 1 < state.len())
    {
        let other = if letter == 'x' { "y" } else { "x" };
        let changed = format!("{}{other}{}", &state[..at], &state[at + 1..]);
        damaged.push((changed, "in which one letter was changed"));
    }
    if let Some((signed, _)) = state.rsplit_once('.') {
        damaged.push((format!("{signed}."), "whose last part was taken away"));
    }
    damaged
}

fn replaced(bytes: &[u8], old: &str, new: &str) -> Option<Vec<u8>> {
    let at = bytes
        .windows(old.len())
        .position(|window| window == old.as_bytes())?;
    let mut bytes = bytes.to_vec();
    bytes[at..at + old.len()].copy_from_slice(new.as_bytes());
    Some(bytes)
}

/// The bytes, as far as they are whole; nothing is refused.
fn from_base64(text: &str, letters: &[u8; 64]) -> Vec<u8> {
    let values = text
        .bytes()
        .filter_map(|byte| letters.iter().position(|letter| *letter == byte));
    from_digits(values, 6)
}

fn to_base64(bytes: &[u8], letters: &[u8; 64]) -> String {
    let mut text = String::new();
    for group in bytes.chunks(3) {
        let bits = (0..3).fold(0, |bits, at| {
            bits << 8 | usize::from(group.get(at).copied().unwrap_or_default())
        });
        for place in 0..=group.len() {
            text.push(char::from(letters[bits >> (18 - 6 * place) & 63]));
        }
    }
    text
}

fn from_hex(text: &str) -> Vec<u8> {
    let values = text
        .chars()
        .filter_map(|digit| digit.to_digit(16))
        .map(|value| value as usize);
    from_digits(values, 4)
}

/// Bytes from digits of so many bits each.
fn from_digits(values: impl Iterator<Item = usize>, size: u32) -> Vec<u8> {
    let (mut bits, mut count, mut bytes) = (0, 0, Vec::new());
    for value in values {
        bits = (bits << size | value) & 0xffff;
        count += size;
        if count >= 8 {
            count -= 8;
            bytes.push((bits >> count & 0xff) as u8);
        }
    }
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_replaced_in_every_common_spelling() {
        assert_eq!(
            renamed("task=ATLAS-5;ok", "ATLAS-5", "ATLAS-6"),
            ["task=ATLAS-6;ok"]
        );
        // {"task":"ATLAS-5"} and {"task":"ATLAS-6"}
        assert_eq!(
            renamed("v1.eyJ0YXNrIjoiQVRMQVMtNSJ9.c2ln", "ATLAS-5", "ATLAS-6"),
            ["v1.eyJ0YXNrIjoiQVRMQVMtNiJ9.c2ln"]
        );
        assert_eq!(
            renamed("41544c41532d35", "ATLAS-5", "ATLAS-6"),
            ["41544c41532d36"]
        );
        assert!(renamed("rs1.AAAA.BBBB", "ATLAS-5", "ATLAS-6").is_empty());
    }

    #[test]
    fn a_damaged_state_is_another_one() {
        for state in ["rs1.AAAAxxxx.BBBB", "ATLAS-5", "xxxxxxxx"] {
            for (damaged, how) in damaged(state) {
                assert_ne!(damaged, state, "{how}");
            }
        }
    }
}

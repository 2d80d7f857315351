//! The properties of `fuzz/properties.rs`, for as many inputs as a test has time for.
//!
//! They are always the same ones, so this test passes or fails for everybody alike. A fuzzer finds more: it sees
//! which inputs reach new code, and it does not stop at a number.

use crate::properties::{self, Outcome};

const INPUTS: u32 = 20_000;

/// What is sent to this server on an ordinary day.
const SEEDS: [&str; 6] = [
    r#"{"project":"ATLAS","title":"Write the notes"}"#,
    r#"{"project":"ATLAS","title":"Grüße, 世界","due":"2026-02-28"}"#,
    r#"{"project":"BEACON","title":"\u00e4","due":"2024-02-29"}"#,
    "2026-12-31",
    "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
    "print-config vscode",
];

/// What is worth putting in: values at the edge of something.
const PIECES: [&str; 12] = [
    "ä", "\u{200b}", " ", "-", "0", "29", "\"", "\\u0000", "null", "{", "}", "ff",
];

/// Numbers that look random and are the same everywhere: xorshift, by Marsaglia.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % limit.max(1) as u64) as usize
    }

    /// A seed with a few changes.
    fn input(&mut self) -> Vec<u8> {
        let mut bytes = SEEDS[self.below(SEEDS.len())].as_bytes().to_vec();
        for _ in 0..self.below(5) {
            let at = self.below(bytes.len() + 1);
            match self.below(5) {
                0 => drop(bytes.splice(at..at, PIECES[self.below(PIECES.len())].bytes())),
                1 => drop(bytes.splice(at..at, "ä".repeat(self.below(250)).bytes())),
                2 => bytes.truncate(at),
                3 => {
                    let end = (at + self.below(4)).min(bytes.len());
                    drop(bytes.drain(at..end));
                }
                _ => {
                    if let Some(byte) = bytes.get_mut(at) {
                        *byte = b"0123456789-\"ae"[self.below(14)];
                    }
                }
            }
        }
        bytes
    }
}

/// Shows the input if the server itself panics.
struct Shown<'a>(&'a [u8]);

impl Drop for Shown<'_> {
    fn drop(&mut self) {
        if std::thread::panicking() {
            eprintln!("the input: {:?}", String::from_utf8_lossy(self.0));
        }
    }
}

#[test]
fn whatever_is_sent_what_is_accepted_is_right() {
    let mut numbers = Numbers(0x9e37_79b9_7f4a_7c15);
    let mut outcomes = Vec::new();
    for _ in 0..INPUTS {
        let input = numbers.input();
        let _shown = Shown(&input);
        match properties::hold(&input) {
            Ok(outcome) => outcomes.push(outcome),
            Err(problem) => panic!("{problem}"),
        }
    }
    // Inputs that never get past the parser would test the parser alone.
    let count = |wanted: fn(&Outcome) -> bool| outcomes.iter().filter(|one| wanted(one)).count();
    let accepted = count(|one| one.accepted);
    let refused = count(|one| one.arguments && !one.accepted);
    assert!(accepted > 1_000, "only {accepted} were accepted");
    assert!(refused > 100, "only {refused} were refused");
}

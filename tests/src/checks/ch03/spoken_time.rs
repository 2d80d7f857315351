//! Times in the words of a description.

/// Whether a text names a time: an amount, and a unit after it.
pub(super) fn is_in(text: &str) -> bool {
    const UNITS: [&str; 8] = [
        "millisecond",
        "ms",
        "second",
        "sec",
        "minute",
        "min",
        "hour",
        "day",
    ];
    const AMOUNTS: [&str; 10] = [
        "a", "an", "half", "one", "two", "ten", "fifteen", "twenty", "thirty", "sixty",
    ];
    let text = text.to_lowercase();
    let words: Vec<&str> = text
        .split(|letter: char| !letter.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .collect();
    words.iter().enumerate().any(|(at, word)| {
        let unit = word.trim_start_matches(|letter: char| letter.is_ascii_digit());
        let is_unit = UNITS.contains(&unit.trim_end_matches('s')) || UNITS.contains(&unit);
        let amount_before = words[at.saturating_sub(2)..at]
            .iter()
            .any(|word| AMOUNTS.contains(word) || word.bytes().all(|byte| byte.is_ascii_digit()));
        is_unit && (unit.len() < word.len() || amount_before)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_found_however_they_are_written() {
        for text in [
            "kept for 30 minutes",
            "kept for half an hour.",
            "A 30-minute lifetime",
            "expires after 1,800 seconds",
            "30min",
            "thirty minutes",
        ] {
            assert!(is_in(text), "{text}");
        }
        for text in [
            "kept for a while",
            "for minutes",
            "in seconds",
            "1 to 200 tasks",
        ] {
            assert!(!is_in(text), "{text}");
        }
    }
}

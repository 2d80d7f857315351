//! "Did you mean": the nearest of the words that exist.

/// The known word nearest to `word`, if it is near enough to be a slip of the finger.
pub fn did_you_mean<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    known
        .into_iter()
        .map(|candidate| (distance(word, candidate), candidate))
        .filter(|(distance, candidate)| *distance <= candidate.len().max(3) / 3)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

/// How many slips of the finger lie between two words.
pub fn distance(one: &str, other: &str) -> usize {
    strsim::damerau_levenshtein(one, other)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_is_found_and_a_stranger_is_not() {
        let known = ["check", "watch", "hint"];
        assert_eq!(did_you_mean("chekc", known), Some("check"));
        assert_eq!(did_you_mean("wacth", known), Some("watch"));
        assert_eq!(did_you_mean("deploy", known), None);
    }
}

//! How the text of a review comes together.

use rmcp::ErrorData;

use crate::parts::{Part, Parts};

/// How strict a review can be. Each is the one before it, and one part more.
pub const STRICTNESS: [&str; 3] = ["light", "normal", "strict"];

/// What a review asks of the model: its role, the `subject` (a risk or a release), what the strictness
/// adds, and the form of the answer, in this order.
///
/// # Errors
/// There is no such strictness.
pub fn compose(parts: &Parts, subject: Part, strictness: &str) -> Result<String, ErrorData> {
    // STARTER 5.4: let _ = strictness;
    // STARTER 5.4: Ok(parts.text(subject).to_owned())
    // ANCHOR: ex-5-4
    let added: &[Part] = match strictness {
        "light" => &[],
        "normal" => &[Part::Evidence],
        "strict" => &[Part::Evidence, Part::SecondLook],
        _ => {
            let known = STRICTNESS.join(", ");
            let problem = format!("must be one of {known}");
            return Err(crate::arguments::wrong("strictness", &problem));
        }
    };
    let chosen = [&[Part::Role, subject], added, &[Part::Answer]].concat();
    let texts: Vec<&str> = chosen.into_iter().map(|part| parts.text(part)).collect();
    Ok(texts.join("\n\n"))
    // ANCHOR_END: ex-5-4
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_strictness_keeps_the_parts_of_the_one_before() {
        let parts = Parts::load(None).expect("built in");
        let mut shorter: Vec<Part> = Vec::new();
        for strictness in STRICTNESS {
            let text = compose(&parts, Part::Risk, strictness).expect("known");
            let chosen: Vec<Part> = Part::ALL
                .into_iter()
                .filter(|part| text.contains(parts.text(*part)))
                .collect();
            assert!(chosen.contains(&Part::Risk) && !chosen.contains(&Part::Release));
            assert!(
                shorter.iter().all(|part| chosen.contains(part)),
                "{strictness}"
            );
            assert!(chosen.len() > shorter.len(), "{strictness} adds nothing");
            shorter = chosen;
        }
    }

    #[test]
    fn what_is_no_strictness_is_refused() {
        let parts = Parts::load(None).expect("built in");
        let refused = compose(&parts, Part::Risk, "Strict").expect_err("unknown");
        assert_eq!(
            refused.message,
            "strictness must be one of light, normal, strict"
        );
    }
}

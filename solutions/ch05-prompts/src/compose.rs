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

//! What the server is about: greetings. Nothing here knows of MCP.

use rmcp::schemars;

/// A language that the server can greet in.
#[derive(Debug, Clone, Copy, serde::Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Language {
    /// English.
    En,
    /// German.
    De,
    /// French.
    Fr,
}

/// Greets `name`, in English unless another language is asked for.
pub fn greet(name: &str, language: Option<Language>) -> String {
    let word = language.map_or("Hello", word_in);
    format!("{word}, {name}!")
}

fn word_in(language: Language) -> &'static str {
    // STARTER 1.2-b: println!("looking for a word in {language:?}");
    // ANCHOR: ex-1-2-b
    tracing::debug!(?language, "looking for a word");
    // ANCHOR_END: ex-1-2-b
    match language {
        Language::En => "Hello",
        Language::De => "Hallo",
        Language::Fr => "Bonjour",
    }
}

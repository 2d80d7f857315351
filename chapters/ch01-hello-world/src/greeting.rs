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
    // Exercise 1.2-b begins. Hint: cargo xtask hint 1.2
    println!("looking for a word in {language:?}");
    // Exercise 1.2-b ends.
    match language {
        Language::En => "Hello",
        Language::De => "Hallo",
        Language::Fr => "Bonjour",
    }
}

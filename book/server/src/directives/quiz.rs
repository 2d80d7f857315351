//! `{{#quiz}}`: the questions of `quiz.toml` in the page's folder. They work without JavaScript.

use std::collections::BTreeSet;

use serde::Deserialize;
use sha2::{Digest, Sha256};

use super::{Expander, Place};
use crate::html::inline_markdown;
use crate::problem::Fault;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Quiz {
    #[serde(rename = "question", default)]
    questions: Vec<Question>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Question {
    ask: String,
    #[serde(rename = "option", default)]
    options: Vec<Choice>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Choice {
    text: String,
    #[serde(default)]
    right: bool,
    because: String,
}

/// All questions, each option a fold that tells whether it is right, and why.
pub(super) fn questions(expander: &mut Expander<'_>, place: &Place<'_>) -> Result<String, Fault> {
    let file = format!("{}quiz.toml", place.folder);
    let text = expander.library.text(&format!("book/src/{file}"))?;
    if !expander.shown.files.insert(file.clone()) {
        return Err(Fault::new(
            format!("book/src/{file} is shown already"),
            "keep one of the two",
        ));
    }
    let wrong = |what: String, next: &str| Fault::new(format!("book/src/{file}: {what}"), next);
    let quiz: Quiz = toml::from_str(&text).map_err(|error| {
        wrong(
            error.message().to_owned(),
            "a [[question]] has `ask` and [[question.option]]s with `text`, `because` and, where it holds, `right = true`",
        )
    })?;
    if quiz.questions.is_empty() {
        return Err(wrong(
            "there is no question".to_owned(),
            "write a [[question]]",
        ));
    }
    let mut ids = BTreeSet::new();
    let mut blocks = String::new();
    for (index, question) in quiz.questions.iter().enumerate() {
        let number = index + 1;
        question.check().map_err(|what| {
            wrong(
                format!("question {number}: {what}"),
                "every question has a right and a wrong option, each with its reason",
            )
        })?;
        let id = question.id();
        if !ids.insert(id.clone()) {
            return Err(wrong(
                format!("question {number} is there twice"),
                "keep one of the two",
            ));
        }
        blocks.push_str(&question.block(number, &id));
    }
    Ok(format!("<div class=\"quiz\">{blocks}</div>"))
}

impl Question {
    fn check(&self) -> Result<(), String> {
        if self.ask.trim().is_empty() {
            return Err("`ask` is empty".to_owned());
        }
        let mut texts = BTreeSet::new();
        for option in &self.options {
            if option.text.trim().is_empty() {
                return Err("an option has no text".to_owned());
            }
            if option.because.trim().is_empty() {
                return Err(format!("the option \"{}\" has no reason", option.text));
            }
            if !texts.insert(&option.text) {
                return Err(format!("the option \"{}\" is there twice", option.text));
            }
        }
        match self.options.iter().filter(|option| option.right).count() {
            0 => Err("no option is right".to_owned()),
            right if right == self.options.len() => Err("no option is wrong".to_owned()),
            _ => Ok(()),
        }
    }

    /// Stays the same as long as question and options do: answers are remembered under it.
    fn id(&self) -> String {
        let mut hash = Sha256::new();
        hash.update(&self.ask);
        for option in &self.options {
            hash.update([0]);
            hash.update(&option.text);
            hash.update([u8::from(option.right)]);
        }
        hash.finalize()
            .iter()
            .take(6)
            .map(|byte| format!("{byte:02x}"))
            .collect()
    }

    fn block(&self, number: usize, id: &str) -> String {
        let options: String = self.options.iter().map(Choice::block).collect();
        format!(
            "<section class=\"question\" data-question=\"{id}\" aria-labelledby=\"question-{id}\">\
             <p class=\"ask\" id=\"question-{id}\"><span class=\"question-number\">Question {number}</span> {}</p>\
             {options}</section>",
            inline_markdown(&self.ask)
        )
    }
}

impl Choice {
    fn block(&self) -> String {
        let (class, verdict) = match self.right {
            true => ("is-right", "Right."),
            false => ("is-wrong", "Not this one."),
        };
        format!(
            "<details class=\"option {class}\"><summary>{}</summary><p><strong>{verdict}</strong> {}</p></details>",
            inline_markdown(&self.text),
            inline_markdown(&self.because)
        )
    }
}

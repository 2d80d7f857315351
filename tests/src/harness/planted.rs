//! A task in which others have written, and where what they wrote stands in a prompt.

use serde_json::json;

use super::context::Context;
use super::finding::{Stop, Verdict, Wrong};
use super::placement::{Misplaced, Placement, around, place};
use super::prompts::Message;
use super::reply::Reply;
use super::server::Server;

/// The prompt that brings the texts of a task.
pub const PROMPT: &str = "triage";
const PROJECT: &str = "BEACON";
const MEMBER: &str = "noor";

/// What others have written: its name for people, and a word that is found nowhere else.
pub const FIELDS: [(&str, &str); 3] = [
    ("description", "kelp-5d1"),
    ("title", "quill-8a3"),
    ("name of the assignee", "tarn-2f7"),
];

/// A task of which every text holds `inner`, between the marker of its field.
#[derive(Debug)]
pub struct Planted {
    /// Its id.
    pub task: String,
    /// Description, title and name of the assignee, in the order of [`FIELDS`].
    pub texts: [String; 3],
}

impl Planted {
    /// Makes one, whose assignee is renamed.
    ///
    /// # Errors
    /// The check has no tracker.
    pub fn new(ctx: &Context, inner: &str) -> Verdict<Self> {
        let tracker = ctx.tracker()?;
        let texts = FIELDS.map(|(_, marker)| format!("{marker} {inner} {marker}"));
        let [description, title, name] = &texts;
        let task = tracker.add_task(PROJECT, title, description);
        let assigned = task.filter(|task| {
            tracker.rename_member(PROJECT, MEMBER, name)
                && tracker.edit_task(task, |task| task.assignee = Some(MEMBER.into()))
        });
        let task = assigned
            .ok_or_else(|| Stop::Fault(format!("{PROJECT} has no {MEMBER} to plant a task for")))?;
        Ok(Self { task, texts })
    }

    /// Asks for the prompt about it.
    ///
    /// # Errors
    /// There is no reply within the request limit.
    pub async fn triage(&self, server: &Server) -> Verdict<Reply> {
        server.prompt(PROMPT, json!({"task": self.task})).await
    }

    /// Where the texts stand in a prompt, in the order of the fields.
    ///
    /// # Errors
    /// The reply is no prompt.
    pub fn places(&self, reply: &Reply) -> Result<[Result<Placement, Misplaced>; 3], Wrong> {
        let messages = reply.messages()?;
        let blocks = blocks(&messages);
        let [description, title, name] = &self.texts;
        let [of_description, of_title, of_name] = FIELDS.map(|(_, marker)| marker);
        Ok([
            place(&blocks, description, of_description),
            place(&blocks, title, of_title),
            place(&blocks, name, of_name),
        ])
    }
}

/// Everything that a model would read, block by block.
pub fn blocks<'a>(messages: &[Message<'a>]) -> Vec<&'a str> {
    let read = |message: &Message<'a>| {
        let embedded = message
            .embedded()
            .and_then(|resource| resource["text"].as_str());
        message.text().or(embedded)
    };
    messages.iter().filter_map(read).collect()
}

/// The lines around the first text that stands between two, to be imitated.
pub fn frame(blocks: &[&str], texts: &[String]) -> (String, String) {
    let found = texts.iter().find_map(|text| {
        let (block, at) = blocks
            .iter()
            .find_map(|block| Some((*block, block.find(text)?)))?;
        let frame = around(block, &(at..at + text.len()));
        (!frame.0.is_empty() && !frame.1.is_empty()).then_some(frame)
    });
    // What stands beside it may be another of the texts, whose marker must stay where it is.
    let unmarked = |line: &str| {
        let line = line.to_owned();
        FIELDS
            .iter()
            .fold(line, |line, (_, marker)| line.replace(marker, "words"))
    };
    let (open, close) = found.unwrap_or(("<data>", "</data>"));
    (unmarked(open), unmarked(close))
}

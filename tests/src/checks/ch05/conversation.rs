//! 5.2 A conversation.

use serde_json::json;

use crate::harness::{Check, Context, Message, Reply, Server, Verdict, Wrong, ensure, short};

const EXERCISE: &str = "5.2";
const PROMPT: &str = "write_task";
const SOURCE: &str = "specification 2026-07-28, server/prompts, PromptMessage";
/// Notes that look like what a template replaces: a value is a value, whatever it looks like.
const NOTES: [&str; 2] = [
    "printer in {project} büro 4 jams again, see {note}",
    "ask 陽翔 how $note and {{note}} went",
];

pub(super) fn checks() -> Vec<Check> {
    let all = [
        Check::new("example-first", EXERCISE, example_first)
            .says("`write_task` shows an example before the note: a message of the user, an answer of the assistant, then the note by the user.")
            .why(
                "A model goes on with a conversation in the way in which it has begun. What stands in one message is \
                 something that the user has said, whatever roles its words name.",
                SOURCE,
            ),
        Check::new("values-in-place", EXERCISE, values_in_place)
            .says("The note and the project stand in the last question as they were given, and nowhere else.")
            .why(
                "The example is the same for everybody. A value in it, or one that is taken for a template, changes what \
                 the model learns from it.",
                SOURCE,
            ),
    ];
    all.map(Check::leaves_no_trace).into()
}

async fn conversation(server: &Server, note: &str) -> Verdict<Reply> {
    let arguments = json!({"project": "100%41", "note": note});
    server.prompt(PROMPT, arguments).await
}

/// Where the note stands: the only message that holds it as it was given.
fn place_of(note: &str, reply: &Reply, messages: &[Message<'_>]) -> Result<usize, Wrong> {
    let with_note: Vec<usize> = (0..messages.len())
        .filter(|place| holds(&messages[*place], note))
        .collect();
    match with_note[..] {
        [place] => Ok(place),
        [] => Err(reply
            .wrong("The note is not in the prompt as it was given.")
            .expected(format!("one message that contains {}", short::quoted(note)))),
        _ => Err(reply
            .wrong("The note stands in several messages.")
            .expected("the note in one message, and an example without it")),
    }
}

fn holds(message: &Message<'_>, text: &str) -> bool {
    message.text().is_some_and(|own| own.contains(text))
}

async fn example_first(ctx: Context) -> Verdict {
    let server = ctx.start().await?;
    let [note, _] = NOTES;
    let reply = conversation(&server, note).await?;
    let messages = reply.messages()?;
    let expected = "messages in this order: one of the user, the answer of the assistant, the note by the user";
    ensure(messages.len() >= 3, || {
        reply
            .wrong("The conversation has too few messages.")
            .expected(expected)
    })?;
    let place = place_of(note, &reply, &messages)?;
    let told = |message: &Message<'_>| message.text().is_some_and(|text| !text.trim().is_empty());
    let answered = messages[..place]
        .iter()
        .position(|message| message.role == "assistant" && told(message));
    let asked = |answer: usize| {
        let mut before = messages[..answer].iter();
        before.any(|message| message.role == "user" && told(message))
    };
    ensure(messages[place].role == "user", || {
        reply
            .wrong("The note is not said by the user.")
            .expected(expected)
    })?;
    ensure(answered.is_some_and(asked), || {
        reply
            .wrong("No example comes before the note.")
            .expected(expected)
    })?;
    Ok(())
}

async fn values_in_place(ctx: Context) -> Verdict {
    let server = ctx.start().await?;
    let mut examples = Vec::new();
    for note in NOTES {
        let reply = conversation(&server, note).await?;
        let messages = reply.messages()?;
        let place = place_of(note, &reply, &messages)?;
        // The project may come in a message of its own, but not in the middle of the example.
        ensure(
            messages.iter().any(|message| holds(message, "100%41")),
            || {
                reply
                    .wrong("The prompt does not say which project the task is for.")
                    .expected("text that contains \"100%41\"")
            },
        )?;
        let example: Vec<String> = messages[..place]
            .iter()
            .filter_map(|message| message.text())
            .map(str::to_owned)
            .collect();
        ensure(!example.is_empty(), || {
            reply
                .wrong("No example comes before the note.")
                .expected("the example first, then the note")
        })?;
        examples.push((example, reply));
    }
    let [(one, _), (other, reply)] = &examples[..] else {
        return Ok(());
    };
    ensure(one == other, || {
        reply
            .wrong("The example changes with the note.")
            .expected("the same example before every note")
    })?;
    Ok(())
}

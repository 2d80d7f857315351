//! 5.4 Compose a prompt from parts.

use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use super::refused;
use crate::harness::{Check, Context, Opening, Reply, Server, Stop, Verdict, ensure, short};

const EXERCISE: &str = "5.4";
const SOURCE: &str = "specification 2026-07-28, server/prompts, User Interaction Model";
const ERRORS: &str = "specification 2026-07-28, server/prompts, Error Handling";
/// The parts: the name of each file, and a text that is found nowhere else.
const PARTS: [(&str, &str); 6] = [
    ("role", "You are the lighthouse keeper of the review."),
    ("risk", "Count the rocks below the water."),
    ("release", "Say whether the ship may leave the harbour."),
    ("evidence", "Show the chart for every rock."),
    ("second-look", "Climb the tower once more before you speak."),
    ("answer", "Signal with three short lights."),
];
/// What each strictness adds between the subject and the form of the answer.
const STRICTNESS: [(&str, &[&str]); 3] = [
    ("light", &[]),
    ("normal", &["evidence"]),
    ("strict", &["evidence", "second-look"]),
];
/// Both prompts, and the part that is the subject of each.
const REVIEWS: [(&str, &str); 2] = [("risk_review", "risk"), ("release_review", "release")];
/// What an editor makes of a part.
const EDITED: &str = "Name the buoy next to every rock.";

pub(super) fn checks() -> Vec<Check> {
    vec![
        Check::new("parts-chosen", EXERCISE, are_chosen)
            .says("Each review holds its own parts in their order: role, subject, what the strictness adds, form of the answer.")
            .why(
                "Each strictness is the one before it and one part more. Whoever chooses a stricter review does not want to \
                 lose what the milder one asks for.",
                SOURCE,
            ),
        Check::new("parts-edited", EXERCISE, are_edited)
            .says("A part that was edited shows in both reviews.")
            .why(
                "What is written down once is corrected once. A copy goes on saying what was wrong.",
                SOURCE,
            ),
        Check::new("strictness-refused", EXERCISE, is_refused)
            .says("A strictness that does not exist is refused as an invalid parameter, and the refusal names those that do.")
            .why(
                "A review that silently becomes another one looks like the one that was asked for.",
                ERRORS,
            )
            .leaves_no_trace(),
    ]
}

/// A folder with a file for each part. One of them may have been edited.
fn parts_folder(ctx: &Context, name: &str, edited: Option<&str>) -> Verdict<PathBuf> {
    let folder = ctx.folder()?.join(name);
    let write = |folder: &Path| {
        std::fs::create_dir_all(folder)?;
        for (part, text) in PARTS {
            let text = if edited == Some(part) { EDITED } else { text };
            std::fs::write(folder.join(format!("{part}.md")), format!("{text}\n"))?;
        }
        Ok(())
    };
    write(&folder).map_err(|error: std::io::Error| {
        Stop::Fault(format!("cannot write the parts for a check: {error}"))
    })?;
    Ok(folder)
}

async fn start(ctx: &Context, folder: &Path) -> Verdict<Server> {
    let launcher = ctx.server().env("PARTS_DIR", folder);
    launcher.start(Opening::Usual).await
}

/// The parts that a review holds, in the order in which they stand there.
fn parts_in(reply: &Reply) -> Verdict<Vec<&'static str>> {
    let text = reply.prompt_text()?;
    let mut found: Vec<(usize, &str)> = PARTS
        .iter()
        .flat_map(|(part, marker)| text.match_indices(marker).map(move |(at, _)| (at, *part)))
        .collect();
    found.sort_unstable();
    Ok(found.into_iter().map(|(_, part)| part).collect())
}

fn arguments(strictness: Option<&str>) -> Value {
    match strictness {
        Some(strictness) => json!({"project": "ATLAS", "strictness": strictness}),
        None => json!({"project": "ATLAS"}),
    }
}

async fn are_chosen(ctx: Context) -> Verdict {
    let server = start(&ctx, &parts_folder(&ctx, "parts", None)?).await?;
    let [_, normal, _] = STRICTNESS;
    let asked = STRICTNESS.map(|(name, added)| (Some(name), added));
    for (strictness, added) in asked.into_iter().chain([(None, normal.1)]) {
        for (prompt, subject) in REVIEWS {
            let reply = server.prompt(prompt, arguments(strictness)).await?;
            let due = [&["role", subject], added, &["answer"]].concat();
            let parts = parts_in(&reply)?;
            ensure(parts == due, || {
                let kind =
                    strictness.unwrap_or("review without a strictness, which is a normal one,");
                reply
                    .wrong(format!("A {kind} {prompt} does not hold its parts."))
                    .expected(format!("the texts of {}, in this order", short::list(due)))
                    .got(match parts.is_empty() {
                        true => format!("none of the texts in PARTS_DIR; {}", reply.got()),
                        false => format!("the texts of {}", short::list(parts)),
                    })
            })?;
        }
    }
    Ok(())
}

async fn are_edited(ctx: Context) -> Verdict {
    for edited in ["role", "evidence", "second-look", "answer"] {
        let folder = parts_folder(&ctx, edited, Some(edited))?;
        let server = start(&ctx, &folder).await?;
        for (prompt, _) in REVIEWS {
            let reply = server.prompt(prompt, arguments(Some("strict"))).await?;
            let text = reply.prompt_text()?;
            let old = PARTS.iter().find(|(part, _)| *part == edited);
            let stale = old.is_some_and(|(_, marker)| text.contains(marker));
            ensure(text.contains(EDITED) && !stale, || {
                reply
                    .wrong(format!("An edited part does not show in `{prompt}`."))
                    .sent(format!(
                        "prompts/get {prompt}, strict, with {} in {edited}.md of PARTS_DIR",
                        short::quoted(EDITED)
                    ))
                    .expected("a prompt with this sentence, and without the one before it")
            })?;
        }
    }
    Ok(())
}

async fn is_refused(ctx: Context) -> Verdict {
    let server = ctx.start().await?;
    let values = STRICTNESS.map(|(name, _)| name);
    for (prompt, _) in REVIEWS {
        for unknown in ["severe", "normal strict"] {
            refused(
                &server.prompt(prompt, arguments(Some(unknown))).await?,
                "A strictness that does not exist",
                &values,
            )?;
        }
    }
    Ok(())
}

//! 5.3 Bring the data.

use serde_json::{Value, json};

use crate::harness::{
    Check, Context, Message, Reply, Server, Stop, Verdict, Wrong, ensure, short, wrong,
};

const EXERCISE: &str = "5.3";
const PROMPT: &str = "sprint_plan";
const EMBEDDED: &str = "specification 2026-07-28, server/prompts, Embedded Resources";
const LINKS: &str = "specification 2026-07-28, server/prompts, Resource Links";
/// A project whose id is encoded in an address, and one with more tasks than the tracker lists at once.
const PROJECTS: [&str; 2] = ["A/B", "ATLAS"];

pub(super) fn checks() -> Vec<Check> {
    vec![
        Check::new("board-embedded", EXERCISE, is_embedded)
            .says("`sprint_plan` embeds the board of the project as a resource, with its address and its media type.")
            .why(
                "Pasted into a text, the data is words like any others. As a resource, the host knows what it is and where it \
                 comes from: it can show it, cut it, or read it again.",
                EMBEDDED,
            )
            .leaves_no_trace(),
        Check::new("board-live", EXERCISE, is_live)
            .says("The embedded board is the one of this moment.")
            .why(
                "A plan for the board of yesterday is wrong in a way that nobody sees.",
                EMBEDDED,
            ),
        Check::new("addresses-lead-on", EXERCISE, lead_on)
            .says("The prompt links at least one resource, and whatever it links or embeds can be read.")
            .why(
                "A link is a promise: the host reads it when the model wants more. The address of what is embedded is one, too.",
                LINKS,
            )
            .leaves_no_trace(),
    ]
}

/// The ids of a project's tasks.
fn tasks_of(ctx: &Context, project: &str) -> Verdict<Vec<String>> {
    let tasks = ctx.tracker()?.tasks().into_iter();
    let own = tasks.filter(|task| task.project == project);
    Ok(own.map(|task| task.id).collect())
}

async fn plan(server: &Server, project: &str) -> Verdict<Reply> {
    server.prompt(PROMPT, json!({"project": project})).await
}

/// The resource among the messages whose text names all of `ids`: the board.
fn board<'a>(reply: &'a Reply, ids: &[String]) -> Result<&'a Value, Wrong> {
    let messages = reply.messages()?;
    let resources: Vec<&Value> = messages.iter().filter_map(Message::embedded).collect();
    let names_all = |resource: &&&Value| {
        let text = resource["text"].as_str().unwrap_or_default();
        ids.iter().all(|id| text.contains(id))
    };
    if let Some(board) = resources.iter().find(names_all) {
        return Ok(board);
    }
    let expected = "a message of type resource, whose text names every task of the project";
    Err(match resources.is_empty() {
        true => reply
            .wrong("The prompt embeds no resource.")
            .expected(expected),
        false => reply
            .wrong("What is embedded is not the board of the project.")
            .expected(expected),
    })
}

/// What is wrong with the media type of a board, if anything.
fn misfit(board: &Value) -> Option<&'static str> {
    let media_type = board["mimeType"]
        .as_str()
        .unwrap_or_default()
        .to_lowercase();
    let text = board["text"].as_str().unwrap_or_default();
    let is_json = serde_json::from_str::<Value>(text).is_ok();
    match is_json {
        _ if media_type.is_empty() => Some("The board has no media type."),
        true if media_type.contains("json") => None,
        false if media_type.contains("markdown") => None,
        _ => Some("The media type of the board is not that of its text."),
    }
}

async fn is_embedded(ctx: Context) -> Verdict {
    let server = ctx.start().await?;
    for project in PROJECTS {
        let reply = plan(&server, project).await?;
        let board = board(&reply, &tasks_of(&ctx, project)?)?;
        let got = || short::json(board);
        ensure(
            board["uri"].as_str().is_some_and(|uri| uri.contains(':')),
            || {
                reply
                    .wrong("The board has no address.")
                    .expected("the address under which resources/read knows it, as `uri`")
                    .got(got())
            },
        )?;
        if let Some(what) = misfit(board) {
            let wrong = reply
                .wrong(what)
                .expected("text/markdown for Markdown, application/json for JSON")
                .got(got());
            return Err(wrong
                .note("`ResourceContents::text` says text/plain unless `with_mime_type` says otherwise.")
                .into());
        }
    }
    Ok(())
}

async fn is_live(ctx: Context) -> Verdict {
    let [project, _] = PROJECTS;
    let server = ctx.start().await?;
    let reply = plan(&server, project).await?;
    let before = board(&reply, &tasks_of(&ctx, project)?)?["text"].to_string();
    let title = "Ask for a second key";
    let tracker = ctx.tracker()?;
    let no_project = || Stop::Fault(format!("the tracker has no project {project}"));
    let task = tracker
        .add_task(project, title, "Written between two calls.")
        .ok_or_else(no_project)?;
    let reply = plan(&server, project).await?;
    let messages = reply.messages()?;
    let mut boards = messages.iter().filter_map(Message::embedded);
    let fresh = boards.any(|board| {
        let text = board["text"].as_str().unwrap_or_default();
        text.contains(&task) && text.contains(title)
    });
    ensure(fresh && !before.contains(title), || {
        reply
            .wrong("The board does not change with the tracker.")
            .sent(format!(
                "prompts/get {PROMPT}, a new task {task} in the tracker, and prompts/get {PROMPT} again"
            ))
            .expected(format!("a board with {task} {}", short::quoted(title)))
    })?;
    Ok(())
}

async fn lead_on(ctx: Context) -> Verdict {
    let server = ctx.start().await?;
    for project in PROJECTS {
        let reply = plan(&server, project).await?;
        let messages = reply.messages()?;
        let links: Vec<&Value> = messages.iter().filter_map(Message::link).collect();
        ensure(!links.is_empty(), || {
            reply
                .wrong("The prompt links nothing.")
                .expected("a message of type resource_link")
        })?;
        for link in links {
            let contents = read(&server, &link["uri"], "a link").await?;
            ensure(
                link["mimeType"].is_null() || same_type(&link["mimeType"], &contents["mimeType"]),
                || {
                    wrong("A link names another media type than what it leads to.")
                        .sent(format!("resources/read {}", link["uri"]))
                        .expected(format!("mimeType {}, as the link says", link["mimeType"]))
                        .got(format!("mimeType {}", contents["mimeType"]))
                },
            )?;
        }
        let ids = tasks_of(&ctx, project)?;
        let board = board(&reply, &ids)?;
        let contents = read(&server, &board["uri"], "an embedded resource").await?;
        let text = contents["text"].as_str().unwrap_or_default();
        ensure(ids.iter().all(|id| text.contains(id)), || {
            wrong("The address of the embedded board leads to something else.")
                .sent(format!("resources/read {}", board["uri"]))
                .expected(format!("the board of {}", short::quoted(project)))
                .got(short::json(&contents))
        })?;
    }
    Ok(())
}

/// Reads an address that the prompt has given out; `kind` says as what.
async fn read(server: &Server, uri: &Value, kind: &str) -> Verdict<Value> {
    let reply = server
        .request("resources/read", json!({"uri": uri}))
        .await?;
    let contents = reply
        .result()
        .map_err(|_| {
            reply
                .wrong(format!("The address of {kind} cannot be read."))
                .expected("its contents: an address that a prompt gives out leads somewhere")
        })?
        .get("contents")
        .and_then(|contents| contents.get(0));
    let contents = contents.ok_or_else(|| {
        reply
            .wrong(format!("Behind the address of {kind} is nothing."))
            .expected("result.contents with one entry at least")
    })?;
    Ok(contents.clone())
}

/// Whether two media types are the same, parameters such as `charset` aside.
fn same_type(one: &Value, other: &Value) -> bool {
    let bare = |value: &Value| {
        let text = value.as_str().unwrap_or_default();
        text.split(';')
            .next()
            .unwrap_or_default()
            .trim()
            .to_lowercase()
    };
    bare(one) == bare(other)
}

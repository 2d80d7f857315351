//! 8.5: listing and reading.

use serde_json::{Value, json};
use tracker::{State, names, percent_encode as encoded};
use verdict::Era;

use super::shared::{protocol_error, same};
use crate::harness::{Check, Context, Reply, Server, Stop, Verdict, ensure, protocol, short};

const EXERCISE: &str = "8.5";
/// The board of ATLAS.
pub(super) const BOARD: &str = "tracker://projects/ATLAS/board";
/// A page has so many entries at most.
const PAGE: usize = 10;
/// A URI of this length is too long, in bytes.
const TOO_LONG: usize = 2001;

pub(super) fn checks() -> Vec<Check> {
    vec![
        Check::new("ac-20-resource-list", EXERCISE, list)
            .says("The list holds each project once, by URI, ten at a time, and refuses a cursor that it has not given.")
            .why(
                "A page that repeats or skips makes a client show too much or too little, and nobody sees why.",
                "specification of the server, AC-20",
            ),
        Check::new("ac-21-resource-read", EXERCISE, read)
            .says("A task is read by its URI, whatever letters its ids have, and every other URI is refused.")
            .why(
                "An id is one segment. Decoded too late, too early or twice it leads to something else.",
                "specification of the server, AC-21",
            ),
        Check::new("ac-22-binary", EXERCISE, binary)
            .says("Files come byte by byte in standard base64 with their media type, and only below their own task.")
            .why(
                "JSON holds no bytes. Where the task in the address does not count, addresses can be guessed.",
                "specification of the server, AC-22",
            ),
        Check::new("ac-24-cache-hints", EXERCISE, cache_hints)
            .says("A board is fresh when it is read, says for how long that is so, and is private.")
            .why(
                "A client that keeps a board shows what it was. The hint tells for how long that does no harm, and to whom.",
                "specification of the server, AC-24",
            )
            .only(Era::Modern),
    ]
}

async fn list(ctx: Context) -> Verdict {
    let server = ctx.start().await?;
    let mut uris: Vec<String> = Vec::new();
    let mut params = json!({});
    for _ in 0..=ctx.tracker()?.projects().len() {
        let reply = server.request("resources/list", params).await?;
        let result = reply.result()?;
        let page = result["resources"].as_array().cloned().unwrap_or_default();
        ensure(page.len() <= PAGE, || {
            reply
                .wrong("A page is too long.")
                .expected("10 entries at most")
        })?;
        uris.extend(
            page.iter()
                .map(|entry| entry["uri"].as_str().unwrap_or_default().to_owned()),
        );
        match result["nextCursor"].as_str() {
            Some(cursor) => params = json!({"cursor": cursor}),
            None => break,
        }
    }
    let projects = ctx.tracker()?.projects();
    let uri = |id: &str| format!("tracker://projects/{}", encoded(id));
    let mut right: Vec<String> = projects.iter().map(|project| uri(&project.id)).collect();
    right.sort();
    let what = "The pages do not hold the projects, each once, in the order of their URIs.";
    same(&uris, &right, what, "resources/list, page by page")?;
    let reply = server
        .request("resources/list", json!({"cursor": "not-a-cursor"}))
        .await?;
    protocol_error(
        &reply,
        protocol::INVALID_PARAMS,
        "A cursor that nobody gave",
        &[],
    )
}

fn task_uri(project: &str, task: &str) -> String {
    format!(
        "tracker://projects/{}/tasks/{}",
        encoded(project),
        encoded(task)
    )
}

async fn read(ctx: Context) -> Verdict {
    let server = ctx.start().await?;
    let tasks = ctx.tracker()?.tasks();
    for project in names::ODD_PROJECTS {
        let first = tasks.iter().find(|task| task.project == project);
        let task = first.ok_or_else(|| Stop::Fault(format!("{project} has no task")))?;
        let uri = task_uri(project, &task.id);
        let reply = server.read(&uri).await?;
        let contents = reply.contents()?;
        let text = contents[0].text().unwrap_or_default();
        let told: Value = serde_json::from_str(text).unwrap_or_default();
        let right = contents.len() == 1
            && contents[0].uri() == uri
            && contents[0].media_type() == "application/json"
            && told["id"] == task.id;
        ensure(right, || {
            reply
                .wrong("The contents are not those of the task.")
                .expected(format!(
                    "one text with this URI, application/json and id {}",
                    task.id
                ))
        })?;
    }
    let too_long = format!(
        "tracker://projects/{}",
        "A".repeat(TOO_LONG - "tracker://projects/".len())
    );
    for (uri, what) in [
        ("tracker://projects/%zz", "%zz in place of an id"),
        (
            "tracker://projects/ATLAS/tasks/%zz",
            "%zz in place of the id of a task",
        ),
        (
            "tracker://projects/ATLAS/tasks/ATLAS-1/more",
            "a further segment",
        ),
        ("tracker://projects/ATLAS?raw", "a query"),
        (&too_long, "a URI of 2,001 bytes"),
        (
            "tracker://projects/ATLAS/tasks/BEACON-1",
            "a task of another project",
        ),
    ] {
        nowhere(&server.read(uri).await?, what)?;
    }
    Ok(())
}

/// Demands the error of this era for what is not there.
fn nowhere(reply: &Reply, what: &str) -> Verdict {
    reply.expect_not_found(&format!("An address with {what} gets another answer."))?;
    Ok(())
}

async fn binary(ctx: Context) -> Verdict {
    let server = ctx.start().await?;
    let files = ctx.tracker()?.attachments();
    let own = files
        .iter()
        .filter(|file| file.task == names::ATTACHMENT_TASK);
    let mut count = 0;
    for file in own {
        count += 1;
        let uri = |task| {
            format!(
                "{}/attachments/{}",
                task_uri("ATLAS", task),
                encoded(&file.id)
            )
        };
        let address = uri(names::ATTACHMENT_TASK);
        let reply = server.read(&address).await?;
        let contents = reply.contents()?;
        let media_type = file.media_type.split(';').next().unwrap_or_default();
        let right = contents.len() == 1
            && contents[0].uri() == address
            && contents[0].blob().is_some()
            && contents[0].bytes().as_ref() == Some(&file.bytes)
            && contents[0].media_type() == media_type.trim().to_lowercase();
        ensure(right, || {
            reply
                .wrong("The contents are not the file of the tracker.")
                .expected(format!(
                    "one blob in standard base64 of {} bytes, {}",
                    file.bytes.len(),
                    file.media_type
                ))
        })?;
        nowhere(
            &server.read(&uri("ATLAS-1")).await?,
            "the file of another task",
        )?;
    }
    same(
        &count,
        &3,
        "The seed has another number of files.",
        "the attachments of ATLAS-2",
    )
}

/// The board and its text.
async fn board(server: &Server) -> Verdict<(Reply, String)> {
    let reply = server.read(BOARD).await?;
    let text = reply
        .content_of(BOARD)?
        .text()
        .unwrap_or_default()
        .to_owned();
    Ok((reply, text))
}

async fn cache_hints(ctx: Context) -> Verdict {
    let tracker = ctx.tracker()?;
    let server = ctx.start().await?;
    let all = tracker.tasks();
    let open = all
        .iter()
        .find(|task| task.project == names::PROJECT && task.state == State::Doing);
    let task = open.ok_or_else(|| Stop::Fault("ATLAS has no task in doing".into()))?;
    let (first, before) = board(&server).await?;
    tracker.edit_task(&task.id, |task| task.state = State::Done);
    let (second, after) = board(&server).await?;
    ensure(before != after, || {
        second
            .wrong("The board is the one from before the change.")
            .sent(format!(
                "resources/read of the board, before and after {} is done",
                task.id
            ))
            .expected("another text")
            .got(short::quoted(&after))
    })?;
    for reply in [first, second] {
        let result = reply.result()?;
        let time = result["ttlMs"].as_u64().unwrap_or_default();
        let right = (1..=60_000).contains(&time) && result["cacheScope"] == "private";
        ensure(right, || {
            reply
                .wrong("The result does not say for how long and for whom it is true.")
                .expected("ttlMs from 1 to 60000, and cacheScope = \"private\"")
                .got(format!(
                    "ttlMs {}, cacheScope {}",
                    result["ttlMs"], result["cacheScope"]
                ))
        })?;
    }
    let reply = server.read("tracker://projects/NOWHERE/board").await?;
    protocol_error(
        &reply,
        protocol::INVALID_PARAMS,
        "The board of no project",
        &[],
    )
}

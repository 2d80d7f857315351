//! 4.3 Addresses that hold any id.

use super::{decoded, encoded, task_uri, uri_of};
use crate::harness::{Check, Context, Stop, Verdict, ensure, short, wrong};

const EXERCISE: &str = "4.3";
const TEMPLATES: &str = "specification 2026-07-28, server/resources, Resource Templates";
const ENCODING: &str = "specification 2026-07-28, server/resources, Custom URI Schemes";
const SECURITY: &str = "specification 2026-07-28, server/resources, Security Considerations";
/// Projects whose ids have a meaning in a URI. The first four are in every tracker.
const PROJECTS: [&str; 8] = [
    "Field Ops",
    "Zürich",
    "100%41",
    "A/B",
    "Why? #1",
    "1+1&2=3",
    "%2F",
    "C:\\work",
];
/// A URI may have so many bytes.
const MOST_BYTES: usize = 2_000;

pub(super) fn checks() -> Vec<Check> {
    vec![
        Check::new("ids-come-through", EXERCISE, come_through)
            .says("A task is found by its URI whatever its id holds: blanks, umlauts, a slash, a percent sign.")
            .why(
                "An id is text, a segment of a URI is encoded text. Split first and decode each segment once: an encoded \
                 slash belongs to the id, and `100%2541` is the id `100%41`.",
                ENCODING,
            ),
        Check::new("ids-listed-encoded", EXERCISE, listed_encoded)
            .says("The list gives out URIs in which ids are encoded, and each of them can be read.")
            .why(
                "A client sends back what it was given. If the slash of an id stands in the URI as it is, the URI leads \
                 somewhere else.",
                TEMPLATES,
            ),
        Check::new("ids-reach-tracker", EXERCISE, reach_tracker)
            .says("Every request that reaches the tracker has the id in one segment of its path, encoded.")
            .why(
                "Pasted into a path, `A/B` is two segments and `..` a step upwards: whoever chooses the id chooses what is asked.",
                SECURITY,
            ),
        Check::new("addresses-refused", EXERCISE, are_refused)
            .says("A URI that stands for no resource is refused: broken escapes, further segments, a query, more than 2,000 bytes.")
            .why(
                "What is read generously has two readings, and the one who checks an address may have the other one in mind.",
                SECURITY,
            ),
    ]
}

/// The projects with one task each that is this check's own.
fn planted(ctx: &Context) -> Verdict<Vec<(&'static str, String)>> {
    let tracker = ctx.tracker()?;
    let mut tasks = Vec::new();
    for project in PROJECTS {
        tracker.add_project(project, "A project of this check");
        let task = tracker.add_task(project, "Find me", &format!("Found in {project}."));
        let no_project = || Stop::Fault(format!("the tracker has no project {project}"));
        tasks.push((project, task.ok_or_else(no_project)?));
    }
    Ok(tasks)
}

async fn come_through(ctx: Context) -> Verdict {
    let tasks = planted(&ctx)?;
    let server = ctx.start().await?;
    for (project, task) in &tasks {
        let plain = task_uri(project, task);
        // Small digits, and more encoded than has to be: the same URI to everybody who knows RFC 3986.
        let other = format!(
            "tracker://projects/{}/tasks/{}",
            every_byte(project),
            every_byte(task)
        );
        for uri in [plain, other] {
            let reply = server.read(&uri).await?;
            let expected = format!("the task {}", short::quoted(task));
            let content = reply.content_of(&uri);
            let content = content.map_err(|wrong| wrong.expected(&expected))?;
            let text = content.text().unwrap_or_default();
            ensure(text.contains("Find me"), || {
                reply
                    .wrong("The URI leads to something else.")
                    .expected(expected)
            })?;
        }
    }
    Ok(())
}

/// A segment with every byte encoded, in small digits.
fn every_byte(text: &str) -> String {
    text.bytes().map(|byte| format!("%{byte:02x}")).collect()
}

/// The id in the URI of a project, if it is one.
fn project_in(uri: &str) -> Option<String> {
    let segments: Vec<&str> = uri.strip_prefix("tracker://")?.split('/').collect();
    match segments.as_slice() {
        ["projects", project] => decoded(project),
        _ => None,
    }
}

async fn listed_encoded(ctx: Context) -> Verdict {
    planted(&ctx)?;
    let server = ctx.start().await?;
    let listed = server.resources().await?;
    for project in PROJECTS {
        let mut uris = listed.iter().map(uri_of);
        let own = uris.find(|uri| project_in(uri).as_deref() == Some(project));
        let Some(uri) = own else {
            let named = listed.iter().find(|resource| resource["name"] == project);
            return Err(wrong("The list has no URI for a project.")
                .sent("resources/list")
                .expected(format!("tracker://projects/{}", encoded(project)))
                .got(named.map_or("nothing".to_owned(), |resource| {
                    short::quoted(uri_of(resource))
                }))
                .into());
        };
        let legal =
            |byte: u8| byte.is_ascii_alphanumeric() || b"-._~!$&'()*+,;=:@/%".contains(&byte);
        ensure(uri.bytes().all(legal), || {
            wrong("A listed URI has characters that no URI has.")
                .sent("resources/list")
                .expected(format!("tracker://projects/{}", encoded(project)))
                .got(short::quoted(uri))
        })?;
        let reply = server.read(uri).await?;
        let text = reply.content_of(uri)?.text().unwrap_or_default();
        let id = serde_json::Value::from(project).to_string();
        ensure(
            text.contains(project) || text.contains(id.trim_matches('"')),
            || {
                reply
                    .wrong("A listed URI leads to something else.")
                    .expected(format!("the project {}", short::quoted(project)))
            },
        )?;
    }
    Ok(())
}

async fn reach_tracker(ctx: Context) -> Verdict {
    let tasks = planted(&ctx)?;
    let server = ctx.start().await?;
    for (project, task) in &tasks {
        let tracker = ctx.tracker()?;
        tracker.clear_journal();
        let uri = task_uri(project, task);
        server.read(&uri).await?;
        let paths: Vec<String> = tracker
            .journal()
            .into_iter()
            .map(|entry| entry.path)
            .collect();
        let holds = |path: &String| {
            let path = path.split('?').next().unwrap_or_default();
            let mut segments = path.split('/').map(decoded);
            segments.any(|segment| segment.as_deref() == Some(task.as_str()))
        };
        ensure(paths.iter().any(holds), || {
            wrong("The id does not reach the tracker as it is.")
                .sent(format!("resources/read {uri}"))
                .expected(format!("a request such as GET /tasks/{}", encoded(task)))
                .got(match paths.is_empty() {
                    true => "no request".to_owned(),
                    false => format!("requests for {}", short::list(paths)),
                })
        })?;
    }
    Ok(())
}

async fn are_refused(ctx: Context) -> Verdict {
    let tracker = ctx.tracker()?;
    let long = "L".repeat(MOST_BYTES);
    // Whoever reads these URIs generously finds something: an escape as text, or a sign in place of bytes.
    for project in [
        "%zz",
        "%4",
        "%ff",
        "\u{fffd}",
        "ATLAS?all",
        "ATLAS#top",
        long.as_str(),
    ] {
        tracker.add_project(project, "A project of this check");
        tracker.add_task(project, "Find me", "");
    }
    let tasks = "tracker://projects/ATLAS/tasks";
    let too_long = task_uri(&long, &format!("{long}-1"));
    let server = ctx.start().await?;
    for (uri, kind) in [
        (
            "tracker://projects/%zz/tasks/%zz-1".to_owned(),
            "a broken escape",
        ),
        (
            "tracker://projects/%4/tasks/%4-1".to_owned(),
            "a broken escape",
        ),
        (
            "tracker://projects/%ff/tasks/%ff-1".to_owned(),
            "bytes that are no text",
        ),
        ("tracker://projects/%zz".to_owned(), "a broken escape"),
        (
            "tracker://projects/%ff".to_owned(),
            "bytes that are no text",
        ),
        (format!("{tasks}/ATLAS-1/more"), "a further segment"),
        (format!("{tasks}/ATLAS-1/"), "an empty segment at the end"),
        (
            "tracker://projects//ATLAS/tasks/ATLAS-1".to_owned(),
            "an empty segment",
        ),
        (format!("{tasks}/ATLAS-1?all"), "a query"),
        (format!("{tasks}/ATLAS-1#top"), "a fragment"),
        ("tracker://projects/ATLAS?all".to_owned(), "a query"),
        ("tracker://projects/ATLAS#top".to_owned(), "a fragment"),
        (too_long, "more than 2,000 bytes"),
    ] {
        let reply = server.read(&uri).await?;
        let what = match reply.error() {
            Some(_) => format!("A URI with {kind} is refused with another code."),
            None => format!("A URI with {kind} is not refused."),
        };
        reply.expect_no_resource(&what)?;
    }
    Ok(())
}

//! 5.5 Complete arguments.

use std::collections::BTreeSet;

use serde_json::{Value, json};
use verdict::Era;

use super::INVALID_PARAMS;
use crate::harness::protocol::LEGACY;
use crate::harness::{Check, Context, Opening, Reply, Server, Stop, Verdict, Wrong, ensure, short};

const EXERCISE: &str = "5.5";
const CAPABILITIES: &str = "specification 2026-07-28, server/utilities/completion, Capabilities";
const REQUESTING: &str =
    "specification 2026-07-28, server/utilities/completion, Requesting Completions";
const RESULTS: &str = "specification 2026-07-28, server/utilities/completion, Completion Results";
/// So many values may come at once.
const MOST: usize = 100;
/// Has more members than that.
const CROWDED: &str = "HARBOR";
/// A project of these checks alone.
const OWN: &str = "LEDGER";

pub(super) fn checks() -> Vec<Check> {
    vec![
        Check::new("completion-declared", EXERCISE, declared)
            .says("The server declares that it completes arguments.")
            .why(
                "A client asks only where it was told that there is somebody to ask.",
                CAPABILITIES,
            ),
        Check::new("projects-completed", EXERCISE, projects)
            .says("While a project is typed, the ids that begin like that come first, capitals or not.")
            .why(
                "The client shows the values in the order in which they come, and a person types in small letters.",
                RESULTS,
            )
            .leaves_no_trace(),
        Check::new("members-completed", EXERCISE, members)
            .says("While a member is typed, the members of the project that was chosen before are offered, and nobody else.")
            .why(
                "What was filled in before comes along in `context`. A member of another project would be refused later, \
                 when the prompt is asked for.",
                REQUESTING,
            ),
        Check::new("completion-cut", EXERCISE, cut)
            .says("Of more than 100 values 100 come, and `hasMore` says that there are others; exactly 100 are all.")
            .why(
                "More than 100 values are against the specification. Cut off in silence, the list looks complete, and the \
                 person takes a name for missing that is only further down.",
                RESULTS,
            ),
        Check::new("completion-nothing", EXERCISE, nothing)
            .says("Where there is nothing to offer, nothing is offered, and the server goes on.")
            .why(
                "Somebody is still typing: half of what comes is not yet right. A list without values says so without a noise.",
                RESULTS,
            )
            .leaves_no_trace(),
    ]
}

/// What has been typed so far of an argument of `sprint_plan`, and the project that was chosen before.
async fn ask(server: &Server, name: &str, typed: &str, project: Option<&str>) -> Verdict<Reply> {
    let mut params = json!({
        "ref": {"type": "ref/prompt", "name": "sprint_plan"},
        "argument": {"name": name, "value": typed},
    });
    if let Some(project) = project {
        params["context"] = json!({"arguments": {"project": project}});
    }
    server.request("completion/complete", params).await
}

/// The values of a completion.
fn values(reply: &Reply) -> Result<Vec<&str>, Wrong> {
    let result = reply.result().map_err(|refused| {
        refused.expected("result.completion.values, an empty list where there is nothing to offer")
    })?;
    let list = result["completion"]["values"].as_array();
    let texts = list.and_then(|list| list.iter().map(Value::as_str).collect::<Option<Vec<_>>>());
    let values = texts.ok_or_else(|| {
        reply
            .wrong("The completion has no list of values.")
            .expected("result.completion.values, a list of texts")
    })?;
    ensure(values.len() <= MOST, || {
        reply
            .wrong("The completion has too many values.")
            .expected(format!("at most {MOST} values"))
            .got(format!("{} values", values.len()))
    })?;
    let different: BTreeSet<&str> = values.iter().copied().collect();
    ensure(different.len() == values.len(), || {
        reply
            .wrong("A value comes twice.")
            .expected("each value once")
            .got(told(&values))
    })?;
    Ok(values)
}

/// Demands the ids that begin with what was typed, before anything else, and nothing that is no id.
fn judge(reply: &Reply, ids: &[String], typed: &str) -> Result<(), Wrong> {
    let values = values(reply)?;
    let typed = typed.to_lowercase();
    let due: BTreeSet<&str> = ids
        .iter()
        .map(String::as_str)
        .filter(|id| id.to_lowercase().starts_with(&typed))
        .collect();
    let first: BTreeSet<&str> = values.iter().copied().take(due.len()).collect();
    let expected = || match due.is_empty() {
        true => "nothing that begins like that; what resembles it may come".to_owned(),
        false => format!("first {}", told(&due.iter().copied().collect::<Vec<_>>())),
    };
    if let Some(foreign) = values
        .iter()
        .find(|value| !ids.iter().any(|id| id == *value))
    {
        return Err(reply
            .wrong(format!("{} is not one of the ids.", short::quoted(foreign)))
            .expected(expected())
            .got(told(&values)));
    }
    ensure(first == due, || {
        let missing = due.iter().any(|id| !values.contains(id));
        let what = match missing {
            true => "An id that begins with what was typed is missing.",
            false => "Ids that begin with what was typed do not come first.",
        };
        reply.wrong(what).expected(expected()).got(told(&values))
    })?;
    judge_rest(reply, values.len())
}

/// What a completion of everything says about its length.
fn judge_rest(reply: &Reply, count: usize) -> Result<(), Wrong> {
    let completion = &reply.result()?["completion"];
    let more = completion["hasMore"] == true;
    let total = completion["total"].as_u64();
    ensure(
        !more && total.is_none_or(|total| total == count as u64),
        || {
            reply
                .wrong("The completion says that there is more than there is.")
                .expected(format!(
                    "hasMore false or absent, and total {count} or absent"
                ))
                .got(format!(
                    "{count} values, hasMore {}, total {}",
                    completion["hasMore"], completion["total"]
                ))
        },
    )
}

/// A list of values as a person says it.
fn told(values: &[&str]) -> String {
    match values.len() {
        0 => "no values".to_owned(),
        1..=8 => short::list(values.iter().map(|value| short::quoted(value))),
        count => {
            let first = values.iter().take(6).map(|value| short::quoted(value));
            format!(
                "{count} values: {}, …",
                first.collect::<Vec<_>>().join(", ")
            )
        }
    }
}

async fn declared(ctx: Context) -> Verdict {
    let server = ctx.server().start(Opening::None).await?;
    let said = match ctx.era() {
        Era::Modern => server.request("server/discover", json!({})).await?,
        Era::Legacy => server.initialize(LEGACY).await?,
    };
    let capabilities = &said.result()?["capabilities"];
    ensure(capabilities["completions"].is_object(), || {
        said.wrong("The server does not say that it completes arguments.")
            .expected("`completions` among the capabilities")
            .got(format!("capabilities {}", short::json(capabilities)))
    })?;
    Ok(())
}

async fn projects(ctx: Context) -> Verdict {
    let server = ctx.start().await?;
    let projects = ctx.tracker()?.projects().into_iter();
    let ids: Vec<String> = projects.map(|project| project.id).collect();
    for typed in ["", "a", "AT", "zü", "ZÜR", "field o", "100%", "h", "b"] {
        judge(&ask(&server, "project", typed, None).await?, &ids, typed)?;
    }
    Ok(())
}

fn members_of(ctx: &Context, project: &str) -> Verdict<Vec<String>> {
    let members = ctx.tracker()?.members(project).into_iter();
    Ok(members.map(|member| member.id).collect())
}

/// A project with so many members, whose ids begin in two ways.
fn with_members(ctx: &Context, count: usize) -> Verdict {
    let tracker = ctx.tracker()?;
    let mut made = tracker.add_project(OWN, "Ledger of the checks");
    for number in 0..count {
        let start = ["Quill", "ink"][number % 2];
        // The names begin otherwise: who looks at the names alone finds nothing.
        let name = format!("Writer {number}");
        made &= tracker.add_member(OWN, &format!("{start}-{number:03}"), &name);
    }
    match made {
        true => Ok(()),
        false => Err(Stop::Fault(format!("cannot make the project {OWN}"))),
    }
}

async fn members(ctx: Context) -> Verdict {
    with_members(&ctx, 30)?;
    let server = ctx.start().await?;
    for (project, typed) in [
        ("ATLAS", ""),
        ("ATLAS", "bj"),
        ("ATLAS", "JO"),
        ("A/B", "o"),
        (CROWDED, "M-00"),
        (CROWDED, "m-150"),
        (CROWDED, "ada"),
        (OWN, ""),
        (OWN, "quill"),
        (OWN, "INK-01"),
    ] {
        let reply = ask(&server, "member", typed, Some(project)).await?;
        let ids = members_of(&ctx, project)?;
        judge(&reply, &ids, typed)
            .map_err(|wrong| wrong.note(format!("{project} was chosen before.")))?;
    }
    Ok(())
}

async fn cut(ctx: Context) -> Verdict {
    with_members(&ctx, MOST)?;
    let server = ctx.start().await?;
    for typed in ["", "m-"] {
        let reply = ask(&server, "member", typed, Some(CROWDED)).await?;
        let ids = members_of(&ctx, CROWDED)?;
        let values = values(&reply)?;
        let completion = &reply.result()?["completion"];
        let total = completion["total"].as_u64();
        let right = values.len() == MOST
            && values.iter().all(|value| ids.iter().any(|id| id == value))
            && completion["hasMore"] == true
            && total.is_none_or(|total| total == ids.len() as u64);
        ensure(right, || {
            reply
                .wrong(format!(
                    "{} members are not cut as they should be.",
                    ids.len()
                ))
                .expected(format!(
                    "{MOST} values, hasMore true, and total {} or absent",
                    ids.len()
                ))
                .got(format!(
                    "{}; hasMore {}, total {}",
                    told(&values),
                    completion["hasMore"],
                    completion["total"]
                ))
        })?;
    }
    let reply = ask(&server, "member", "", Some(OWN)).await?;
    judge(&reply, &members_of(&ctx, OWN)?, "")?;
    Ok(())
}

async fn nothing(ctx: Context) -> Verdict {
    let server = ctx.start().await?;
    let reply = ask(&server, "member", "", Some("NO-SUCH-PROJECT")).await?;
    let found = values(&reply)?;
    ensure(found.is_empty(), || {
        reply
            .wrong("Members of a project that does not exist are offered.")
            .expected("a list without values")
            .got(told(&found))
    })?;
    // Whether an argument that no prompt has is refused is up to the server.
    let reply = ask(&server, "colour", "b", None).await?;
    if reply.error_code() != Some(INVALID_PARAMS) {
        let values = values(&reply)?;
        ensure(values.is_empty(), || {
            reply
                .wrong("Values are offered for an argument that does not exist.")
                .expected("a list without values, or a refusal with -32602")
                .got(told(&values))
        })?;
    }
    // A server that offers nothing at all would have passed so far.
    let projects = ctx.tracker()?.projects().into_iter();
    let ids: Vec<String> = projects.map(|project| project.id).collect();
    judge(&ask(&server, "project", "b", None).await?, &ids, "b")?;
    Ok(())
}

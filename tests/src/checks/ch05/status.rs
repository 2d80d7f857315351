//! 5.1 A prompt with arguments.

use serde_json::{Value, json};

use super::refused;
use crate::harness::{Check, Context, Server, Verdict, Wrong, ensure, short, wrong};

const EXERCISE: &str = "5.1";
const PROMPT: &str = "weekly_status";
const LISTING: &str = "specification 2026-07-28, server/prompts, Listing Prompts";
const GETTING: &str = "specification 2026-07-28, server/prompts, Getting a Prompt";
const ERRORS: &str = "specification 2026-07-28, server/prompts, Error Handling";
/// Prompts that were there before the exercise.
const GIVEN: [&str; 5] = [
    "write_task",
    "sprint_plan",
    "risk_review",
    "release_review",
    "triage",
];

pub(super) fn checks() -> Vec<Check> {
    let all = [
        Check::new("status-listed", EXERCISE, listed)
            .says("prompts/list names `weekly_status` once, with both arguments described and `project` alone required.")
            .why(
                "A client makes a form from this list: a person fills it in who has seen nothing else of the prompt.",
                LISTING,
            ),
        Check::new("status-written", EXERCISE, written)
            .says("`weekly_status` asks for the status of the given project, for the given number of days, or for a week.")
            .why(
                "Arguments of prompts are strings: a client sends \"14\", never 14.",
                GETTING,
            ),
        Check::new("status-refused", EXERCISE, refuses)
            .says("A missing project, one that does not exist and days that are no number are refused as invalid parameters.")
            .why(
                "A prompt has no result with `isError`: the host shows a protocol error to the person, and sends the model \
                 everything else. Whoever lets a wrong project through asks the model to report on nothing.",
                ERRORS,
            ),
        Check::new("status-blank", EXERCISE, blank)
            .says("An empty argument counts as one that was left out.")
            .why(
                "A form that was left blank sends \"\". For the client it was filled in, for the person it was not.",
                ERRORS,
            ),
        Check::new("given-prompts-stay", EXERCISE, given_prompts)
            .says("The prompts that were there before are still listed and answer.")
            .why(
                "Routers are added to each other. Putting one in the place of another takes prompts away.",
                LISTING,
            ),
    ];
    all.map(Check::leaves_no_trace).into()
}

/// All prompts, as they are listed.
async fn prompts(server: &Server) -> Verdict<Vec<Value>> {
    server.list("prompts/list", "prompts").await
}

fn names(prompts: &[Value]) -> Vec<&str> {
    let names = prompts.iter().filter_map(|prompt| prompt["name"].as_str());
    names.collect()
}

async fn listed(ctx: Context) -> Verdict {
    let server = ctx.start().await?;
    let prompts = prompts(&server).await?;
    let own: Vec<&Value> = prompts
        .iter()
        .filter(|prompt| prompt["name"] == PROMPT)
        .collect();
    let [prompt] = own[..] else {
        return Err(wrong(match own.len() {
            0 => format!("The prompt `{PROMPT}` is not listed."),
            count => format!("The prompt `{PROMPT}` is listed {count} times."),
        })
        .sent("prompts/list")
        .expected(format!("one prompt named `{PROMPT}` among the others"))
        .got(format!("prompts: {}", short::list(names(&prompts))))
        .into());
    };
    let wrong_entry = |what: &str| wrong(what).sent("prompts/list").got(short::json(prompt));
    ensure(is_text(&prompt["description"]), || {
        wrong_entry("The prompt has no description.")
            .expected("a description, by which a person chooses it")
    })?;
    for (name, required) in [("project", true), ("days", false)] {
        let argument = argument(prompt, name).ok_or_else(|| {
            wrong_entry(&format!("The argument `{name}` is not listed."))
                .expected("arguments: project and days")
        })?;
        ensure(is_text(&argument["description"]), || {
            wrong_entry(&format!("The argument `{name}` is not described."))
                .expected(format!("a description of `{name}`"))
        })?;
        ensure((argument["required"] == true) == required, || {
            let says = match required {
                true => format!("The list does not say that `{name}` is required."),
                false => format!("The list says that `{name}` is required."),
            };
            wrong_entry(&says).expected("required: true for project, false or absent for days")
        })?;
    }
    Ok(())
}

fn argument<'a>(prompt: &'a Value, name: &str) -> Option<&'a Value> {
    let arguments = prompt["arguments"].as_array()?;
    arguments.iter().find(|argument| argument["name"] == name)
}

fn is_text(value: &Value) -> bool {
    value.as_str().is_some_and(|text| !text.trim().is_empty())
}

/// The text of the prompt with these arguments, which must name the project.
async fn text(server: &Server, arguments: Value) -> Verdict<String> {
    let project = arguments["project"].as_str().unwrap_or_default().to_owned();
    let reply = server.prompt(PROMPT, arguments).await?;
    let text = reply.prompt_text()?;
    ensure(text.contains(&project), || {
        reply
            .wrong("The prompt does not say which project it is about.")
            .expected(format!("text that contains {}", short::quoted(&project)))
    })?;
    Ok(text)
}

async fn written(ctx: Context) -> Verdict {
    let server = ctx.start().await?;
    for project in ["ATLAS", "A/B"] {
        text(&server, json!({"project": project})).await?;
        let days = |days: &str| json!({"project": project, "days": days});
        let long = text(&server, days("14")).await?;
        let short = text(&server, days("3")).await?;
        // How a prompt says it is its own business: as a number, in words, or as a day.
        ensure(long != short, || {
            wrong("The number of days changes nothing.")
                .sent(format!("prompts/get {PROMPT} with days \"14\" and \"3\""))
                .expected("two texts, each for its own number of days")
                .got(format!("twice {}", short::quoted(&long)))
        })?;
    }
    Ok(())
}

async fn refuses(ctx: Context) -> Verdict {
    let server = ctx.start().await?;
    // A client may leave out the whole object if it has nothing to put in.
    let without = server.request("prompts/get", json!({"name": PROMPT}));
    refused(&without.await?, "A call without arguments", &["project"])?;
    let days = |days: &str| json!({"project": "ATLAS", "days": days});
    let cases: [(Value, &str, &[&str]); 6] = [
        (json!({}), "A call without a project", &["project"]),
        (
            json!({"days": "7"}),
            "A call without a project",
            &["project"],
        ),
        (
            json!({"project": "NO-SUCH-PROJECT"}),
            "A project that does not exist",
            &[],
        ),
        (days("many"), "A number of days that is none", &["days"]),
        (days("-3"), "A negative number of days", &["days"]),
        (days("32"), "A number of days above 31", &["days"]),
    ];
    for (arguments, what, words) in cases {
        refused(&server.prompt(PROMPT, arguments).await?, what, words)?;
    }
    Ok(())
}

async fn blank(ctx: Context) -> Verdict {
    let server = ctx.start().await?;
    refused(
        &server.prompt(PROMPT, json!({"project": ""})).await?,
        "An empty project",
        &["project"],
    )?;
    let arguments = json!({"project": "ATLAS", "days": ""});
    let reply = server.prompt(PROMPT, arguments).await?;
    ensure(reply.error().is_none(), || {
        reply
            .wrong("An empty `days` is refused.")
            .expected("the same as without `days`: the status of a week")
    })?;
    reply.messages()?;
    Ok(())
}

async fn given_prompts(ctx: Context) -> Verdict {
    let server = ctx.start().await?;
    let prompts = prompts(&server).await?;
    let names = names(&prompts);
    let missing: Vec<&str> = GIVEN
        .into_iter()
        .filter(|name| !names.contains(name))
        .collect();
    ensure(missing.is_empty(), || lost(&missing, &names))?;
    let arguments = json!({"project": "ATLAS"});
    server.prompt("risk_review", arguments).await?.messages()?;
    Ok(())
}

fn lost(missing: &[&str], names: &[&str]) -> Wrong {
    wrong(format!(
        "No longer listed: {}.",
        short::list(missing.to_vec())
    ))
    .sent("prompts/list")
    .expected(format!("also {}", short::list(GIVEN)))
    .got(format!("prompts: {}", short::list(names.to_vec())))
}

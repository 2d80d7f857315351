//! 2.7 Say how tools behave.

use crate::harness::{Check, Context, Tool, Verdict, ensure};

const EXERCISE: &str = "2.7";
const SOURCE: &str = "specification 2026-07-28, schema, ToolAnnotations";
const WHY: &str = "Clients ask a person before a call, or do not, by these hints. A tool without them counts as \
    writing, destructive, not idempotent, and open to the whole world.";
/// The tools of this exercise.
const TOOLS: [&str; 4] = ["list_tasks", "add_task", "set_due", "delete_task"];

/// One hint: its name, what its absence means, and what is right here.
type Hint = (&'static str, bool, bool);

const READS: Hint = ("readOnlyHint", false, true);
const WRITES: Hint = ("readOnlyHint", false, false);
const DESTROYS: Hint = ("destructiveHint", true, true);
const ONLY_ADDS: Hint = ("destructiveHint", true, false);
const REPEATABLE: Hint = ("idempotentHint", false, true);
const ADDS_AGAIN: Hint = ("idempotentHint", false, false);
const OWN_BOARD: Hint = ("openWorldHint", true, false);

pub(super) fn checks() -> Vec<Check> {
    vec![
        Check::new("hints-list-tasks", EXERCISE, list_tasks)
            .says("`list_tasks` is read-only and stays within the board.")
            .why(WHY, SOURCE)
            .leaves_no_trace(),
        Check::new("hints-add-task", EXERCISE, add_task)
            .says("`add_task` writes, destroys nothing, adds again when called again, and stays within the board.")
            .why(WHY, SOURCE)
            .leaves_no_trace(),
        Check::new("hints-set-due", EXERCISE, set_due)
            .says("`set_due` overwrites, may be repeated without harm, and stays within the board.")
            .why(WHY, SOURCE)
            .leaves_no_trace(),
        Check::new("hints-delete-task", EXERCISE, delete_task)
            .says("`delete_task` destroys, may be repeated without harm, and stays within the board.")
            .why(WHY, SOURCE)
            .leaves_no_trace(),
        Check::new("titles", EXERCISE, titles)
            .says("Each of the four tools has a title for people.")
            .why(
                "The name is for the model and for programs; people are shown the title.",
                "specification 2026-07-28, server/tools, Data Types, Tool",
            )
            .leaves_no_trace(),
    ]
}

/// Demands the hints of one tool, in effect: a hint that equals its default may be left out.
async fn judge(ctx: &Context, name: &str, hints: &[Hint]) -> Verdict {
    let tool: Tool = ctx.start().await?.tool(name).await?;
    for &(hint, default, right) in hints {
        let set = tool.hint(hint);
        ensure(set.unwrap_or(default) == right, || {
            let how = match set {
                Some(value) => format!("is {value}"),
                None => format!("is not set, which means {default}"),
            };
            tool.wrong(format!("`{hint}` of `{name}` {how}."))
                .expected(format!("{hint} = {right}"))
                .got(tool.annotations())
        })?;
    }
    Ok(())
}

async fn list_tasks(ctx: Context) -> Verdict {
    // Whether a tool that only reads is destructive or idempotent is no question.
    judge(&ctx, "list_tasks", &[READS, OWN_BOARD]).await
}

async fn add_task(ctx: Context) -> Verdict {
    judge(
        &ctx,
        "add_task",
        &[WRITES, ONLY_ADDS, ADDS_AGAIN, OWN_BOARD],
    )
    .await
}

async fn set_due(ctx: Context) -> Verdict {
    judge(&ctx, "set_due", &[WRITES, DESTROYS, REPEATABLE, OWN_BOARD]).await
}

async fn delete_task(ctx: Context) -> Verdict {
    judge(
        &ctx,
        "delete_task",
        &[WRITES, DESTROYS, REPEATABLE, OWN_BOARD],
    )
    .await
}

async fn titles(ctx: Context) -> Verdict {
    let tools = ctx.start().await?.tools().await?;
    for name in TOOLS {
        let tool = Tool::named(name, &tools)?;
        ensure(tool.title().is_some(), || {
            tool.wrong(format!("`{name}` has no title."))
                .expected("a `title`, beside the name or among the annotations")
                .got(tool.annotations())
        })?;
    }
    Ok(())
}

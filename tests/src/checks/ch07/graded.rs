//! 7.1 to 7.5: the learner's tests, run on the right server and on wrong ones.

use std::time::Duration;

use verdict::{Era, Needs};

use super::grading::{Grading, NO_FAULT};
use crate::harness::{Check, Context, Verdict, spoken, wrong};

/// What a right server needs to answer all questions of one module, with a good margin.
const RIGHT: Duration = Duration::from_secs(3);
/// What is still running then has not noticed in time that the server is wrong, or never will: caught all the same.
/// Longer than [`RIGHT`], so that a test that is merely slow catches nothing by being so.
const FAULTY: Duration = Duration::from_secs(5);
/// For a check in all: its runs wait for those of other checks.
const WHOLE: Duration = Duration::from_secs(60);

/// The tests of one module, and the faults that they are meant to catch.
struct Scope {
    module: &'static str,
    faults: &'static [u8],
}

const LOGIC: Scope = Scope {
    module: "logic",
    faults: &[1, 2],
};
const CLIENT: Scope = Scope {
    module: "client",
    faults: &[3, 4],
};
const SCHEMA: Scope = Scope {
    module: "schema",
    faults: &[9],
};
const UPSTREAM: Scope = Scope {
    module: "upstream",
    faults: &[5, 6],
};
const PROCESS: Scope = Scope {
    module: "process",
    faults: &[7, 8],
};

pub(super) fn checks() -> Vec<Check> {
    vec![
        graded("tests-of-logic", "7.1", |ctx| grade(ctx, LOGIC))
            .says("The tests of `logic` pass on the right server, and one fails on each of the faults 1 and 2.")
            .why(
                "A plain function is the cheapest place to try the edges: no server, no client, thousands of cases a second.",
                "The Rust Programming Language, chapter 11.1: how to write tests",
            ),
        graded("tests-through-client", "7.2", |ctx| grade(ctx, CLIENT))
            .says("The tests of `client` pass on the right server, and one fails on each of the faults 3 and 4.")
            .why(
                "What a client sees is more than what a function returns: both eras, errors in their right place, data beside text.",
                "specification 2026-07-28, server/tools: Error Handling",
            ),
        graded("schema-frozen", "7.3", |ctx| grade(ctx, SCHEMA))
            .says("The tests of `schema` pass on the right server, and one fails on fault 9.")
            .why(
                "Prompts, scripts and habits of models hang on names. A renamed argument compiles, and breaks all of them.",
                "specification 2026-07-28, server/tools: Listing Tools",
            ),
        graded("upstream-faked", "7.4", |ctx| grade(ctx, UPSTREAM))
            .says("The tests of `upstream` pass on the right server, and one fails on each of the faults 5 and 6.")
            .why(
                "The service behind a server is slow, down or wrong when nobody is looking. A fake one is so on demand.",
                "specification 2026-07-28, server/tools: Error Handling",
            ),
        graded("process-tested", "7.5", |ctx| grade(ctx, PROCESS))
            .says("The tests of `process` pass on the right server, and one fails on each of the faults 7 and 8.")
            .why(
                "Standard output and the exit code exist in a real process only, and a client depends on both.",
                "specification 2026-07-28, basic/transports/stdio",
            ),
    ]
}

fn graded<F>(name: &str, exercise: &str, run: fn(Context) -> F) -> Check
where
    F: Future<Output = Verdict> + Send + 'static,
{
    Check::new(name, exercise, run)
        .only(Era::Modern)
        .needs(Needs::Crate)
        .within(WHOLE)
}

async fn grade(ctx: Context, scope: Scope) -> Verdict {
    let program = ctx.tests()?;
    let filter = format!("{}::", scope.module);
    let names = program.list(&filter).await?;
    if names.is_empty() {
        return Err(wrong(format!(
            "There is no test in the module `{}`.",
            scope.module
        ))
        .sent(program.command(&filter, None))
        .expected("at least one function with `#[test]` or `#[tokio::test]` in that module")
        .got("no test at all")
        .into());
    }
    let run = |fault, limit| program.run(&names, fault, limit);
    let faulty = async {
        let mut faults = scope.faults.iter().copied();
        let first = faults.next().unwrap_or(NO_FAULT);
        match faults.next() {
            None => Ok(vec![(first, run(Some(first), FAULTY).await?)]),
            Some(second) => {
                let (one, other) =
                    tokio::try_join!(run(Some(first), FAULTY), run(Some(second), FAULTY))?;
                Ok(vec![(first, one), (second, other)])
            }
        }
    };
    let (right, control, faulty) =
        tokio::try_join!(run(None, RIGHT), run(Some(NO_FAULT), RIGHT), faulty)?;
    let grading = Grading {
        module: scope.module,
        program: &program,
        right,
        control,
        faulty,
        limit: spoken(ctx.limits().scaled(RIGHT)),
    };
    Ok(grading.judge()?)
}

//! 7.6: a type that makes a mistake impossible, and a test that it stays so.

use std::time::Duration;

use verdict::{Era, Needs};

use crate::harness::{Check, Context, Refusal, TestEnd, Verdict, ensure, short, spoken, wrong};

const EXERCISE: &str = "7.6";
const SOURCE: &str = "The Rust Programming Language, chapter 7.3: privacy of fields";

/// What must not compile, with its twin, which differs in as little as possible and must.
const PROBES: [Probe; 4] = [
    Probe {
        mistake: "makes a title without asking whether it can be one",
        wrong: "let _: Title = Title(String::new());",
        twin: "let _: Result<Title, _> = Title::parse(\"\");",
    },
    Probe {
        mistake: "makes a title of nothing",
        wrong: "let _: Title = Default::default();",
        twin: "let _: Option<Title> = Default::default();",
    },
    Probe {
        mistake: "changes a title after it was accepted",
        wrong: "if let Ok(mut title) = Title::parse(\"a\") { title.0.clear(); }",
        twin: "if let Ok(title) = Title::parse(\"a\") { title.as_str().len(); }",
    },
    Probe {
        mistake: "takes any text for a title",
        wrong: "let _: Title = String::new().into();",
        twin: "let _: Option<Title> = Title::parse(\"a\").ok().into();",
    },
];

/// Compiling five small programs takes so long on a slow machine.
const COMPILING: Duration = Duration::from_secs(30);
/// trybuild builds every dependency in a folder of its own, when it does so for the first time.
const TRYBUILD: Duration = Duration::from_secs(400);
/// And for the check in all.
const WHOLE: Duration = Duration::from_secs(420);
/// The module of the learner's tests.
const MODULE: &str = "impossible::";

/// Two programs that differ in one thing.
struct Probe {
    mistake: &'static str,
    wrong: &'static str,
    twin: &'static str,
}

pub(super) fn checks() -> Vec<Check> {
    vec![
        Check::new("wrong-title-refused", EXERCISE, refused)
            .says("A program that makes a `Title` without `Title::parse`, or changes one, does not compile; its twin, which asks, does.")
            .why(
                "A rule that every caller has to remember is broken by the next caller. A value that cannot exist needs no check.",
                SOURCE,
            )
            .only(Era::Modern)
            .needs(Needs::Crate)
            .within(COMPILING),
        Check::new("wrong-title-tested", EXERCISE, tested)
            .says("The tests of `impossible` compile a wrong program, and pass since the compiler refuses it.")
            .why(
                "Somebody makes the field public again in a year. What does not compile cannot be tried out by an ordinary test.",
                SOURCE,
            )
            .only(Era::Modern)
            .needs(Needs::Crate)
            .slow()
            .within(WHOLE),
    ]
}

/// A whole program around some statements.
fn program(statements: &str) -> String {
    format!("#![allow(unused)]\nuse CRATE::title::Title;\nfn main() {{ {statements} }}\n")
}

async fn refused(ctx: Context) -> Verdict {
    // All twins are one program: one that is refused is found by its words.
    let twins = PROBES.map(|probe| probe.twin);
    let twins = program(&twins.join("\n"));
    let [first, second, third, fourth] = PROBES.map(|probe| program(probe.wrong));
    let (twins, first, second, third, fourth) = tokio::try_join!(
        ctx.compiles(&twins),
        ctx.compiles(&first),
        ctx.compiles(&second),
        ctx.compiles(&third),
        ctx.compiles(&fourth),
    )?;
    if let Err(refusal) = twins {
        return Err(
            wrong("A program that makes a title as it should does not compile.")
                .sent("Title::parse(text), which returns a Result, and title.as_str()")
                .expected("a type `title::Title` with the functions `parse` and `as_str`")
                .got(short::line(&refusal.first))
                .into(),
        );
    }
    for (probe, compiled) in PROBES.iter().zip([first, second, third, fourth]) {
        ensure(compiled.is_err(), || {
            wrong(format!("A program that {} compiles.", probe.mistake))
                .sent(probe.wrong)
                .expected("an error of the compiler")
                .got("a program")
        })?;
    }
    Ok(())
}

async fn tested(ctx: Context) -> Verdict {
    let program = ctx.tests()?;
    let names = program.list(MODULE).await?;
    ensure(!names.is_empty(), || {
        wrong("There is no test in the module `impossible`.")
            .sent(program.command(MODULE, None))
            .expected("a test that gives trybuild a program which must not compile")
            .got("no test at all")
    })?;
    let run = program.run_building(&names, TRYBUILD).await?;
    let sent = program.command(MODULE, None);
    if let Some(first) = run.red().first() {
        let got = match &run.tests[*first] {
            TestEnd::Failed(said) => not_as_said(&run.told)
                .or_else(|| said.clone())
                .unwrap_or_else(|| "a failure without a word".into()),
            _ => format!("no end within {}", spoken(ctx.limits().scaled(TRYBUILD))),
        };
        return Err(wrong(format!("`{first}` fails."))
            .sent(sent)
            .expected("a test that passes, since the compiler refuses the program with the words that were recorded")
            .got(got)
            .note("`TRYBUILD=overwrite` before the same command records the words of your compiler: read them before you keep them.")
            .into());
    }
    let folder = ctx.package()?.folder;
    let cases = cases(&run.told);
    for case in &cases {
        let text = std::fs::read_to_string(folder.join(case)).unwrap_or_default();
        if let Err(refusal) = ctx.compiles(&text).await?
            && is_about_the_type(&refusal)
        {
            return Ok(());
        }
    }
    Err(wrong("No test proves that a title cannot be made by hand.")
        .sent(sent)
        .expected("a program that the compiler refuses because of what `Title` keeps to itself, given to `compile_fail`")
        .got(match cases.is_empty() {
            true => "tests that pass, and no program that trybuild compiled".to_owned(),
            false => format!("{}, which compile or fail for another reason", short::list(&cases)),
        })
        .into())
}

/// What trybuild says of the programs that are not as the test says; nothing if there are none.
fn not_as_said(told: &str) -> Option<String> {
    let mut lines = told.lines().peekable();
    let mut found = Vec::new();
    while let Some(line) = lines.next() {
        let case = line
            .strip_prefix("test ")
            .and_then(|line| line.split_once(" ... "));
        let Some((case, word)) = case.filter(|(_, word)| *word != "ok") else {
            continue;
        };
        let why = lines.next_if(|next| next.starts_with("Expected"));
        found.push(format!("{case}: {}", why.unwrap_or(word)));
    }
    (!found.is_empty()).then(|| short::line(&found.join("; ")))
}

/// The programs that trybuild found to be as the test says.
fn cases(told: &str) -> Vec<String> {
    let lines = told.lines().filter_map(|line| line.strip_prefix("test "));
    let held = lines.filter_map(|line| line.trim_end().strip_suffix(" ... ok"));
    let paths = held.filter_map(|case| case.split(' ').next());
    let programs = paths.filter(|path| path.ends_with(".rs"));
    programs.map(str::to_owned).collect()
}

/// Whether the type is the reason, and no slip of the pen: names that nobody knows are refused, too.
fn is_about_the_type(refusal: &Refusal) -> bool {
    const UNKNOWN_NAMES: [&str; 4] = ["E0425", "E0432", "E0433", "E0412"];
    let is_slip = UNKNOWN_NAMES
        .iter()
        .any(|code| refusal.whole.contains(code));
    refusal.whole.contains("Title") && !is_slip
}

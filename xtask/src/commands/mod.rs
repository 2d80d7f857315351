//! The verbs: which there are, what each takes, and how errors are told.

mod bench;
mod book;
mod built;
mod check;
mod diff;
mod doctor;
mod exercise;
mod generate;
mod hint;
mod issuer;
mod list;
mod new;
mod overview;
mod reset;
mod run;
mod solution;
mod spec;
mod talk;
mod tracker;
mod verify;
mod watch;
mod wire;

use std::io::{self, Write};

use anyhow::{Error, Result};
use lexopt::prelude::*;
use xtask::exit::{Exit, Stop};
use xtask::manifest::{Chapter, Manifest, Selection};
use xtask::paths::Workbook;
use xtask::suggest::did_you_mean;

/// What follows a verb on the command line.
pub(crate) type Args = lexopt::Parser;

/// One verb of `cargo xtask`.
struct Verb {
    name: &'static str,
    /// What it takes, for the help.
    takes: &'static str,
    /// What it does, in one line.
    does: &'static str,
    run: fn(&Workbook, Args) -> Result<Exit>,
}

const LEARNERS: &[Verb] = &[
    Verb {
        name: "list",
        takes: "",
        does: "every exercise with its state",
        run: list::run,
    },
    Verb {
        name: "check",
        takes: "[ch02|2.3|all] [--wire] [--json] [--path DIR] [-- COMMAND…]",
        does: "build, run the checks, explain",
        run: check::run,
    },
    Verb {
        name: "watch",
        takes: "[ch02]",
        does: "the same at every save",
        run: watch::run,
    },
    Verb {
        name: "hint",
        takes: "[2.3] [--all]",
        does: "the next hint",
        run: hint::run,
    },
    Verb {
        name: "diff",
        takes: "[2.3]",
        does: "your lines beside the reference solution",
        run: diff::run,
    },
    Verb {
        name: "solution",
        takes: "[2.3] [--yes]",
        does: "the reference solution of an exercise",
        run: solution::run,
    },
    Verb {
        name: "reset",
        takes: "[2.3|ch02] [--yes] [--undo]",
        does: "the starter back; your lines are kept, --undo brings them back",
        run: reset::run,
    },
    Verb {
        name: "run",
        takes: "[ch02] [--solution] [--stdio] [--port N] [--tracker-port N] [--issuer-port N]",
        does: "build, and print what to put into a client's configuration; in chapter 6, serve over HTTP",
        run: run::run,
    },
    Verb {
        name: "talk",
        takes: "[ch02] [--solution] [--era modern|legacy] [--wire] [--stdio] [--machine] [--scope SCOPES] [--url URL]",
        does: "call the tools of your server by hand",
        run: talk::run,
    },
    Verb {
        name: "tracker",
        takes: "[--port N]",
        does: "the tracker that servers wrap from chapter 3 on, until Ctrl-C",
        run: tracker::run,
    },
    Verb {
        name: "issuer",
        takes: "[--port N]",
        does: "an authorization server for learning, for chapter 6, until Ctrl-C",
        run: issuer::run,
    },
    Verb {
        name: "new",
        takes: "DIR --from ch02 [--solution] [--name NAME]",
        does: "a crate of your own, made from a chapter",
        run: new::run,
    },
    Verb {
        name: "spec",
        takes: "lint FILE | new crm|analytics|project [DIR]",
        does: "find the usual faults of a specification, or start one",
        run: spec::run,
    },
    Verb {
        name: "book",
        takes: "",
        does: "build the book",
        run: book::run,
    },
    Verb {
        name: "serve",
        takes: "[--port N] [--no-open]",
        does: "the workbook in your browser: the book, and a verdict at every save",
        run: book::serve,
    },
    Verb {
        name: "doctor",
        takes: "[--fix]",
        does: "find out what is wrong with the set-up, and repair it",
        run: doctor::run,
    },
];

const AUTHORS: &[Verb] = &[
    Verb {
        name: "generate",
        takes: "[--check]",
        does: "write chapters/ from solutions/",
        run: generate::run,
    },
    Verb {
        name: "verify",
        takes: "[ch02] [--changed] [--update]",
        does: "prove the checks",
        run: verify::run,
    },
    Verb {
        name: "wire",
        takes: "[ch02] [--check]",
        does: "record the exchanges that the book shows",
        run: wire::run,
    },
    Verb {
        name: "bench",
        takes: "[--quick] [--only PART]",
        does: "measure the budgets",
        run: bench::run,
    },
];

/// Runs what the command line asks for, and tells errors without any backtrace.
pub(crate) fn main() -> Exit {
    match dispatch(Args::from_env()) {
        Ok(exit) => exit,
        Err(error) => tell(&error),
    }
}

fn dispatch(mut args: Args) -> Result<Exit> {
    let verb = match args.next()? {
        None => return overview::run(&Workbook::find()?, args),
        Some(Short('h') | Long("help")) => return help(None),
        Some(Value(word)) => word.string()?,
        Some(other) => return Err(other.unexpected().into()),
    };
    if verb == "help" {
        let word = args.next()?;
        return match word {
            Some(Value(word)) => help(Some(find(&word.string()?)?)),
            _ => help(None),
        };
    }
    let verb = find(&verb)?;
    if asks_for_help(&args) {
        return help(Some(verb));
    }
    (verb.run)(&Workbook::find()?, args)
}

fn verbs() -> impl Iterator<Item = &'static Verb> {
    LEARNERS.iter().chain(AUTHORS)
}

fn find(word: &str) -> Result<&'static Verb> {
    if let Some(verb) = verbs().find(|verb| verb.name == word) {
        return Ok(verb);
    }
    let near = did_you_mean(word, verbs().map(|verb| verb.name));
    let looks_like_id =
        word.starts_with("ch") || word.starts_with(|sign: char| sign.is_ascii_digit());
    Err(Stop::usage(match near {
        Some(near) => format!("there is no command `{word}`; did you mean `cargo xtask {near}`?"),
        None if looks_like_id => {
            format!("there is no command `{word}`; did you mean `cargo xtask check {word}`?")
        }
        None => format!("there is no command `{word}`; `cargo xtask help` shows all"),
    }))
}

/// Whether `--help` is among the words before `--`; the words stay where they are.
fn asks_for_help(args: &Args) -> bool {
    let mut rest = args.clone();
    let Ok(rest) = rest.raw_args() else {
        return false;
    };
    rest.take_while(|word| word != "--")
        .any(|word| word == "--help" || word == "-h")
}

fn help(verb: Option<&Verb>) -> Result<Exit> {
    let mut text = String::new();
    match verb {
        Some(verb) => {
            let words = format!("cargo xtask {} {}", verb.name, verb.takes);
            text.push_str(&format!("{}\n\n  {}\n", words.trim_end(), verb.does));
        }
        None => {
            text.push_str(
                "cargo xtask             where you are and what is next; builds nothing\n",
            );
            for (heading, verbs) in [("", LEARNERS), ("\nFor authors:\n", AUTHORS)] {
                text.push_str(heading);
                for verb in verbs {
                    text.push_str(&format!("cargo xtask {:<11} {}\n", verb.name, verb.does));
                }
            }
            text.push_str(
                "\nExercises are called by their number (2.3), chapters by theirs (ch02 or 2).\n\
                 What a command takes: cargo xtask help COMMAND\n",
            );
        }
    }
    print(&text)?;
    Ok(Exit::Done)
}

/// Writes to standard output; a reader that has gone away (`| head`) is a normal end.
pub(crate) fn print(text: &str) -> Result<()> {
    let mut output = io::stdout().lock();
    match output
        .write_all(text.as_bytes())
        .and_then(|()| output.flush())
    {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        result => Ok(result?),
    }
}

/// Understands the name of a chapter or an exercise; anything else is wrong usage.
pub(crate) fn select<'a>(manifest: &'a Manifest, word: &str) -> Result<Selection<'a>> {
    manifest
        .select(word)
        .map_err(|error| Stop::usage(error.to_string()))
}

/// The chapters that an author's command is about: all of them, or the one that was named.
pub(crate) fn chapters<'a>(manifest: &'a Manifest, word: Option<&str>) -> Result<Vec<&'a Chapter>> {
    let selection = match word {
        None => Selection::All,
        Some(word) => select(manifest, word)?,
    };
    Ok(match selection {
        Selection::All => manifest.chapters.iter().collect(),
        Selection::Chapter(chapter) | Selection::Exercise(chapter, _) => vec![chapter],
    })
}

/// At most one word, and which of `flags` (such as `all`) are given.
pub(crate) fn word_and_flags<const N: usize>(
    mut args: Args,
    flags: [&str; N],
) -> Result<(Option<String>, [bool; N])> {
    let mut word = None;
    let mut given = [false; N];
    while let Some(argument) = args.next()? {
        match argument {
            Long(name) => match flags.iter().position(|flag| *flag == name) {
                Some(position) => given[position] = true,
                None => return Err(argument.unexpected().into()),
            },
            Value(value) if word.is_none() => word = Some(value.string()?),
            other => return Err(other.unexpected().into()),
        }
    }
    Ok((word, given))
}

/// Prints an error with its causes and says which exit code it has.
fn tell(error: &Error) -> Exit {
    let stop = error.downcast_ref::<Stop>();
    let usage = error.downcast_ref::<lexopt::Error>().is_some();
    let mut text = format!("error: {error}\n");
    if stop.is_none() {
        for cause in error.chain().skip(1) {
            text.push_str(&format!("  because: {cause}\n"));
        }
    }
    if usage {
        text.push_str("`cargo xtask help` shows the commands and what they take.\n");
    }
    // Nothing can be told if standard error is closed.
    let _ = io::stderr().lock().write_all(text.as_bytes());
    match stop {
        Some(stop) => stop.exit,
        None if usage => Exit::Usage,
        None => Exit::Fault,
    }
}

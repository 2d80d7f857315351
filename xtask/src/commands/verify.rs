//! `cargo xtask verify`: proves the checks.

use std::fs;
use std::process::Command;
use std::time::{Duration, Instant};

use anyhow::{Result, anyhow};
use xtask::cancel::{Cancel, Halt};
use xtask::cargo;
use xtask::caught::{Caught, Kept};
use xtask::checker;
use xtask::exit::Exit;
use xtask::handover::hand_over_on_lifeline;
use xtask::hash;
use xtask::manifest::{Chapter, Manifest};
use xtask::near_misses::NearMisses;
use xtask::paths::Workbook;
use xtask::process::{Child, Input, Line};
use xtask::proofs::prove;
use xtask::sources::{Sources, files_below};

use super::built::own_program;
use super::{Args, chapters, print, word_and_flags};

/// What stands in place of a chapter, to look at the workbook in a browser.
const BROWSER: &str = "browser";
/// How long cargo may be silent while it builds the cases' dependencies in a folder of their own.
const SILENCE: Duration = Duration::from_secs(900);

/// Proves every chapter, or the one that was named; with all, also the compiler's words in the book.
pub(crate) fn run(workbook: &Workbook, args: Args) -> Result<Exit> {
    let (word, [changed, update]) = word_and_flags(args, ["changed", "update"])?;
    if word.as_deref() == Some(BROWSER) {
        return browser(workbook);
    }
    let manifest = Manifest::load(&workbook.root)?;
    let chapters = chapters(&manifest, word.as_deref())?;
    let cancel = Cancel::on_signals()?;
    let all = word.is_none();
    let ended = verify(workbook, &chapters, changed, update, &cancel).and_then(|chapters| {
        let texts = if all {
            refusals(workbook, &cancel)?
        } else {
            Exit::Done
        };
        Ok(chapters.max(texts))
    });
    match ended {
        Ok(exit) => Ok(exit),
        Err(Halt::Cancelled) => Err(anyhow!("stopped; nothing was proven")),
        Err(Halt::Fault(error)) => Err(error),
    }
}

/// Plays the workbook's scenes in a real browser.
fn browser(workbook: &Workbook) -> Result<Exit> {
    let cancel = Cancel::on_signals()?;
    let built = |package| own_program(workbook, package, package, &workbook.target, &cancel);
    let (book, scenes) = (built("workbook")?, built("browser-tests")?);
    let mut command = Command::new(scenes);
    command.arg(&workbook.root).arg(book).arg(&workbook.target);
    let status = hand_over_on_lifeline(&mut command, &cancel)?;
    Ok(match status.code() {
        Some(0) => Exit::Done,
        Some(1) => Exit::NotYet,
        _ => Exit::Fault,
    })
}

fn verify(
    workbook: &Workbook,
    chapters: &[&Chapter],
    changed: bool,
    update: bool,
    cancel: &Cancel,
) -> Result<Exit, Halt> {
    xtask::fetch::ensure(workbook, cancel, &mut |_| {})?;
    let program = checker::program(workbook, cancel, &mut |_| {})?;
    let mut exit = Exit::Done;
    for chapter in chapters {
        let inputs = inputs(workbook, chapter)?;
        let stamp = workbook
            .build_target()
            .join(format!("verified-{}", chapter.id));
        if changed && fs::read_to_string(&stamp).is_ok_and(|proven| proven == inputs) {
            print(&format!("{}  unchanged since it was proven\n", chapter.id))?;
            continue;
        }
        let began = Instant::now();
        let mut told = Ok(());
        let kept = Kept::read(workbook, chapter);
        // What is kept anew, each answer has said alone.
        let kept = (!update).then_some(&kept);
        let proofs = prove(
            workbook,
            chapter,
            &program,
            kept,
            cancel,
            &mut |step, holds| {
                let sign = if holds { "ok" } else { "x " };
                let line = print(&format!("{}  {sign}  {step}\n", chapter.id));
                if told.is_ok() {
                    told = line;
                }
            },
        )?;
        told?;
        let mut broken = proofs.broken;
        if update {
            proofs.caught.keep(workbook, chapter)?;
        } else if let Some(difference) = proofs.caught.difference(workbook, chapter) {
            broken.push(format!(
                "the messages differ from {}; if they are meant to: cargo xtask verify {} --update\n{difference}",
                workbook.shown(&Caught::path(&workbook.root, chapter)),
                chapter.id
            ));
        }
        for problem in &broken {
            print(&format!("\n{}  {problem}\n", chapter.id))?;
        }
        print(&format!(
            "\n{}  {} statements, {} broken, {} of {} answers tried alone, {:.0} s\n\n",
            chapter.id,
            proofs.tried,
            broken.len(),
            proofs.alone,
            proofs.answers,
            began.elapsed().as_secs_f64()
        ))?;
        if broken.is_empty() {
            fs::write(&stamp, inputs).map_err(anyhow::Error::from)?;
        } else {
            exit = Exit::NotYet;
        }
    }
    Ok(exit)
}

/// Whether the compiler still words its refusals as the book shows them.
fn refusals(workbook: &Workbook, cancel: &Cancel) -> Result<Exit, Halt> {
    let mut cargo = cargo::command(workbook);
    cargo.args([
        "test",
        "--offline",
        "--quiet",
        "--package",
        "compile-fail",
        "--test",
        "exact",
    ]);
    let mut words = String::new();
    let status = Child::start(cargo, Input::Null)?.run(cancel, SILENCE, |line| {
        let (Line::Out(line) | Line::Err(line)) = line;
        words.push_str(&line);
        words.push('\n');
    })?;
    let sign = if status.success() { "ok" } else { "x " };
    print(&format!(
        "book  {sign}  the compiler refuses each case in the words that the book shows\n"
    ))?;
    if status.success() {
        return Ok(Exit::Done);
    }
    print(&words)?;
    Ok(Exit::NotYet)
}

/// A hash of everything that the proofs of a chapter depend on.
fn inputs(workbook: &Workbook, chapter: &Chapter) -> Result<String> {
    // A wrong marker is told before anything is built.
    Sources::read(&workbook.root, chapter)?;
    let folder = chapter.solution_folder(&workbook.root);
    let mut files: Vec<_> = files_below(&folder)?
        .iter()
        .map(|path| folder.join(path))
        .collect();
    files.push(NearMisses::path(&workbook.root, chapter));
    files.push(Caught::path(&workbook.root, chapter));
    files.push(workbook.root.join("Cargo.lock"));
    let mut sum = hash::add(hash::EMPTY, checker::id(workbook).as_bytes());
    for path in files {
        sum = hash::add(sum, workbook.shown(&path).as_bytes());
        sum = hash::add(sum, &fs::read(&path).unwrap_or_default());
    }
    Ok(hash::text(sum))
}

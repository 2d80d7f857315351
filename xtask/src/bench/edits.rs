//! What a learner waits for at every save.

use std::fs;
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use verdict::Outcome;

use super::table::{Row, median, time, worst};
use super::{Bench, fault, settle};
use crate::cancel::Halt;
use crate::cargo::{Plan, build};
use crate::checker::{self, Findings, Subject};
use crate::engine::{Request, Step, judge};
use crate::manifest::{Chapter, Selection};
use crate::near_misses::Files;
use crate::paths::Workbook;
use crate::regions::Fill;
use crate::render::{self, Options};
use crate::report::Report;
use crate::saves::{PACE, Saves};
use crate::scratch::{Scratch, variant};
use crate::sources::Sources;
use crate::style::Style;
use crate::subject::Server;

const WARM_UPS: usize = 2;
const SAVES: usize = 12;
const ERRORS: usize = 8;
const CHECKS: usize = 8;
/// All that is allowed, also of a server that has an HTTP client or server to be compiled and linked with it, and what
/// is allowed beside the build.
const WHOLE: Duration = Duration::from_millis(1200);
const WHOLE_WITH_HTTP: Duration = Duration::from_millis(1500);
const BESIDE: Duration = Duration::from_millis(450);
const ERROR: Duration = Duration::from_millis(600);
const CHECKER: Duration = Duration::from_millis(300);
/// Saves come at any moment between two looks: these follow each other in steps of so much.
const STEP: Duration = Duration::from_millis(37);
/// How long a save may stay unnoticed.
const NOTICED: Duration = Duration::from_secs(5);

/// One save and its verdict.
struct Sample {
    /// From the save to the verdict on the saved exercise, or to the compiler's error, as text.
    whole: Duration,
    /// From the save to the verdict on the chapter.
    chapter: Duration,
    /// Cargo's part of it.
    build: Duration,
    /// The part of the build that waited for another cargo.
    waited: Duration,
}

/// A starter that is saved over and over.
struct Edited<'a> {
    bench: &'a Bench<'a>,
    place: &'a Workbook,
    chapter: &'a Chapter,
    server: Server,
    folder: PathBuf,
    text: String,
    count: u32,
}

impl Bench<'_> {
    /// Saves, compile errors and the checker, for every chapter.
    pub(super) fn edits(&self, place: &Workbook, told: &mut dyn FnMut(Row)) -> Result<(), Halt> {
        for chapter in &self.manifest.chapters {
            self.saves(place, chapter, told)?;
            self.checker(place, chapter, told)?;
        }
        Ok(())
    }

    fn saves(
        &self,
        place: &Workbook,
        chapter: &Chapter,
        told: &mut dyn FnMut(Row),
    ) -> Result<(), Halt> {
        let id = &chapter.id;
        let how = format!(
            "as `watch` does it: {id}'s exercises in turn, each first among the quick checks of the chapter; \
             median of {SAVES}, worst in brackets"
        );
        let row = |what: &str, budget: &str| {
            Row::new(format!("{id}: save → verdict, {what}"), how.clone()).budget(budget)
        };
        let allowed = match chapter.tracker {
            true => WHOLE_WITH_HTTP,
            false => WHOLE,
        };
        let budget = &format!("≤ {}, and ≤ build + 0.45 s", time(allowed));
        let comment = row("a comment changed", budget);
        let mut edited = match self.edited(place, chapter) {
            Ok(edited) => edited,
            Err(error) => {
                told(comment.failed(&format!("{error:#}")));
                return Ok(());
            }
        };
        let measured = edited.all(WARM_UPS, SAVES, true, |text, count| {
            text.replacen('\n', &format!(" (saved {count} times)\n"), 1)
        });
        settle(comment, measured, told, |row, all| {
            samples(row, all, allowed)
        })?;
        let measured = edited.all(WARM_UPS, SAVES, true, |text, count| {
            format!(
                "{text}\n/// How often this was saved.\npub fn saved() -> u32 {{\n    {count}\n}}\n"
            )
        });
        settle(
            row("a function changed", budget),
            measured,
            told,
            |row, all| samples(row, all, allowed),
        )?;
        let row = Row::new(
            format!("{id}: save → compile error shown"),
            format!("a wrong type; median of {ERRORS}, worst in brackets"),
        );
        let measured = edited.all(1, ERRORS, false, |text, count| {
            format!("{text}\nconst SAVED: u32 = \"{count}\";\n")
        });
        settle(row.budget("≤ 0.6 s"), measured, told, |row, samples| {
            let whole: Vec<Duration> = samples.iter().map(|sample| sample.whole).collect();
            row.measured(
                in_brackets(&whole) + &waited(samples),
                median(&whole) <= ERROR,
            )
        })?;
        Ok(())
    }

    /// The starter of a chapter where nobody else works: in the clone, or in a crate of its own.
    fn edited<'a>(&'a self, place: &'a Workbook, chapter: &'a Chapter) -> Result<Edited<'a>> {
        let own = place.root == self.workbook.root;
        let (server, folder) = if own {
            let scratch = Workbook {
                root: place.root.clone(),
                target: self.scratch.clone(),
            };
            let scratch = Scratch::new(&scratch, chapter, 0)?;
            let sources = Sources::read(&place.root, chapter)?;
            scratch.hold(&renamed(
                variant(&sources, |_| Fill::Starter),
                &chapter.name,
            ))?;
            (Server::Crate(scratch.folder.clone()), scratch.folder)
        } else {
            (Server::Learner, chapter.folder(&place.root))
        };
        let file = server_file(&folder);
        let text = fs::read_to_string(&file)
            .with_context(|| format!("{} cannot be read", file.display()))?;
        Ok(Edited {
            bench: self,
            place,
            chapter,
            server,
            folder,
            text,
            count: 0,
        })
    }

    fn checker(
        &self,
        place: &Workbook,
        chapter: &Chapter,
        told: &mut dyn FnMut(Row),
    ) -> Result<(), Halt> {
        let row = Row::new(
            format!("{}: the checker alone, without slow checks", chapter.id),
            format!("on the solution; median of {CHECKS}, worst in brackets"),
        );
        let measured = self.checker_times(place, chapter);
        settle(
            row.budget("≤ 300 ms"),
            measured,
            told,
            |row, (times, slowest)| {
                row.measured(
                    format!("{}; {slowest}", in_brackets(times)),
                    median(times) <= CHECKER,
                )
            },
        )?;
        Ok(())
    }

    /// How long the checks take, and which takes longest.
    fn checker_times(
        &self,
        place: &Workbook,
        chapter: &Chapter,
    ) -> Result<(Vec<Duration>, String), Halt> {
        let program = checker::program(place, self.cancel, &mut |_| {})?;
        let plan = Plan {
            tests: chapter.tests.clone(),
            ..Plan::member(place, &chapter.solution_package())
        };
        let solution = build(place, &plan, self.cancel, &mut |_| {})?;
        let Some(server) = solution.executable(None) else {
            return Err(fault("the solution does not build"));
        };
        let subject = Subject {
            command: server.into(),
            krate: Some((chapter.solution_folder(&place.root), plan.target.clone())),
            tests: solution.tests.clone(),
            ..Subject::default()
        };
        let request = checker::Request {
            chapter: chapter.id.clone(),
            skip_slow: true,
            ..checker::Request::default()
        };
        let mut times = Vec::new();
        let mut slowest = String::new();
        for round in 0..=CHECKS {
            let began = Instant::now();
            let findings = checker::run(&program, &request, &subject, self.cancel, &mut |_| {})?;
            // The first round finds cold caches.
            if round > 0 {
                times.push(began.elapsed());
                slowest = slowest_of(&findings)?;
            }
        }
        Ok((times, slowest))
    }
}

impl Edited<'_> {
    /// Saves the file again and again as `change` says, and waits for each verdict.
    fn all(
        &mut self,
        warm_ups: usize,
        wanted: usize,
        builds: bool,
        change: impl Fn(&str, u32) -> String,
    ) -> Result<Vec<Sample>, Halt> {
        let mut samples = Vec::new();
        for round in 0..warm_ups + wanted {
            self.count += 1;
            let sample = self.once(&change(&self.text, self.count), builds)?;
            if round >= warm_ups {
                samples.push(sample);
            }
        }
        Ok(samples)
    }

    fn once(&self, text: &str, builds: bool) -> Result<Sample, Halt> {
        let file = server_file(&self.folder);
        let mut saves = Saves::of(vec![self.folder.clone()]);
        let next_look = STEP * self.count;
        let next_look = Duration::from_nanos((next_look.as_nanos() % PACE.as_nanos()) as u64);
        let began = Instant::now();
        fs::write(&file, text).with_context(|| format!("{} cannot be written", file.display()))?;
        thread::sleep(next_look);
        while saves.since().is_empty() {
            if began.elapsed() > NOTICED {
                return Err(fault("a save was not noticed"));
            }
            thread::sleep(PACE);
        }
        let exercises = &self.chapter.exercises;
        let saved = exercises.iter().cycle().nth(self.count as usize);
        let request = Request {
            first: saved.map(|exercise| exercise.id.clone()),
            skip_slow: true,
            ..Request::of(self.server.clone())
        };
        let style = Style::plain();
        let options = Options { style, wire: false };
        let mut first = None;
        let report = judge(
            self.place,
            self.bench.manifest,
            Selection::Chapter(self.chapter),
            &request,
            self.bench.cancel,
            &mut |step| {
                if let Step::Judged(chapter) = step {
                    for exercise in &chapter.exercises {
                        render::exercise(exercise, options);
                    }
                    first = Some(began.elapsed());
                }
            },
        )?;
        let shown = render::report(&report, options);
        sample(&report, &shown, builds, first, began.elapsed())
    }
}

fn sample(
    report: &Report,
    shown: &str,
    builds: bool,
    first: Option<Duration>,
    chapter: Duration,
) -> Result<Sample, Halt> {
    let build = report
        .chapters
        .iter()
        .find_map(|chapter| chapter.build.as_ref());
    let Some(build) = build.filter(|build| build.ready == builds && build.refused.is_none()) else {
        return Err(fault(format!(
            "not the verdict that was expected: {}",
            shown.trim()
        )));
    };
    if builds && first.is_none() {
        return Err(fault("the saved exercise was not judged first"));
    }
    Ok(Sample {
        whole: first.unwrap_or(chapter),
        chapter,
        build: Duration::from_millis(build.millis),
        waited: Duration::from_millis(build.waited_millis),
    })
}

/// The row of verdicts: the whole, and what of it is not the build.
fn samples(row: Row, samples: &[Sample], allowed: Duration) -> Row {
    let whole: Vec<Duration> = samples.iter().map(|sample| sample.whole).collect();
    let build: Vec<Duration> = samples.iter().map(|sample| sample.build).collect();
    let beside: Vec<Duration> = samples
        .iter()
        .map(|sample| sample.whole.saturating_sub(sample.build))
        .collect();
    let chapter: Vec<Duration> = samples.iter().map(|sample| sample.chapter).collect();
    let text = format!(
        "{}: build {}, the rest {}; the whole chapter after {}{}",
        in_brackets(&whole),
        time(median(&build)),
        in_brackets(&beside),
        in_brackets(&chapter),
        waited(samples)
    );
    row.measured(text, median(&whole) <= allowed && median(&beside) <= BESIDE)
}

/// What other cargos have cost, if they have.
fn waited(samples: &[Sample]) -> String {
    let waits = samples
        .iter()
        .filter(|sample| !sample.waited.is_zero())
        .count();
    match waits {
        0 => String::new(),
        waits => format!("; {waits} of {} waited for another cargo", samples.len()),
    }
}

fn in_brackets(times: &[Duration]) -> String {
    format!("{} ({})", time(median(times)), time(worst(times)))
}

/// The check that takes longest, and a word if one does not pass.
fn slowest_of(findings: &Findings) -> Result<String, Halt> {
    let ran = || {
        let results = findings.results.iter();
        results.filter(|result| !matches!(result.outcome, Outcome::LeftOut { .. }))
    };
    let Some(slowest) = ran().max_by_key(|result| result.millis) else {
        return Err(fault("no check ran"));
    };
    let failing = ran()
        .filter(|result| result.outcome != Outcome::Pass)
        .count();
    let mut text = format!(
        "{} checks, slowest `{}` {} ms",
        ran().count(),
        slowest.check,
        slowest.millis
    );
    if failing > 0 {
        text.push_str(&format!(", {failing} of them failing"));
    }
    Ok(text)
}

/// The files of a package that nothing else in the target folder is called like: cargo tells packages that are
/// workspaces of their own apart by nothing but their names, and `verify` has such crates too.
fn renamed(mut files: Files, package: &str) -> Files {
    let library = package.replace('-', "_");
    for bytes in files.values_mut() {
        if let Ok(text) = std::str::from_utf8(bytes) {
            let text = text.replace(package, &format!("{package}-bench"));
            *bytes = text
                .replace(&library, &format!("{library}_bench"))
                .into_bytes();
        }
    }
    files
}

fn server_file(folder: &Path) -> PathBuf {
    folder.join("src/server.rs")
}

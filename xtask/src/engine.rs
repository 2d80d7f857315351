//! One verdict function for starter, learner, solution and foreign server: build, run the checks, judge.

mod built;
mod foreign;
mod judged;
mod remember;

use std::env;
use std::path::Path;
use std::time::Instant;

use verdict::{Era, Event};

use crate::attribute::changed;
use crate::cancel::{Cancel, Halt};
use crate::cargo::{Build, Progress as Building, build};
use crate::checker::{self, Subject};
use crate::fetch::{self, Fetched};
use crate::manifest::{Chapter, Exercise, Manifest, Selection};
use crate::paths::Workbook;
use crate::progress::Progress;
use crate::report::{BuildReport, ChapterReport, ExerciseReport, Report, exit_of};
use crate::snapshot::Snapshot;
use crate::states::{State, of_broken};
use crate::subject::{Crate, Server, copy_inside, strays};

use self::built::{built, refused};
use self::judged::{Awaited, Unjudged};
use self::remember::remember;

/// What to judge, and how.
#[derive(Debug, Clone)]
pub struct Request {
    /// The server.
    pub server: Server,
    /// The exercise whose verdict somebody waits for: it is found before the others, and told by
    /// [`Step::Judged`].
    pub first: Option<String>,
    /// Leave out the checks that must wait for time to pass.
    pub skip_slow: bool,
    /// Only these checks, by name; empty for all.
    pub checks: Vec<String>,
    /// Only this era.
    pub era: Option<Era>,
    /// The messages of checks that pass, too.
    pub wire: bool,
    /// Compiler messages with colour codes: for a terminal.
    pub colour: bool,
}

impl Request {
    /// All checks of the learner's own server.
    pub fn learner() -> Self {
        Self::of(Server::Learner)
    }

    /// All checks of a server.
    pub fn of(server: Server) -> Self {
        Self {
            server,
            first: None,
            skip_slow: false,
            checks: Vec::new(),
            era: None,
            wire: false,
            colour: false,
        }
    }
}

/// What happens while a verdict is found.
#[derive(Debug)]
pub enum Step<'a> {
    /// A build goes on: of this package.
    Building(&'a str, Building),
    /// The server is built; the checks begin.
    Built,
    /// The checker says something.
    Checking(&'a Event),
    /// The verdict on [`Request::first`] alone, while others of its chapter are still checked.
    Judged(&'a ChapterReport),
}

/// Everything that stays the same from chapter to chapter.
struct Run<'a> {
    workbook: &'a Workbook,
    request: &'a Request,
    cancel: &'a Cancel,
    checker: String,
    before: Progress,
    /// When the chapter that is judged now was begun.
    began: Instant,
    sink: &'a mut dyn FnMut(Step<'_>),
    notes: Vec<String>,
}

/// Finds the verdict on `selection`, and remembers it if the server is the learner's own.
///
/// # Errors
/// Cancelled, or the workbook or the machine is at fault. A server that is wrong or does not
/// build is not an error: the report says so.
pub fn judge(
    workbook: &Workbook,
    manifest: &Manifest,
    selection: Selection<'_>,
    request: &Request,
    cancel: &Cancel,
    sink: &mut dyn FnMut(Step<'_>),
) -> Result<Report, Halt> {
    let began = Instant::now();
    if let Server::Command(words) = &request.server {
        foreign::must_be_there(words)?;
    }
    let mut run = Run {
        workbook,
        request,
        cancel,
        checker: checker::id(workbook),
        before: Progress::load(workbook),
        began,
        sink,
        notes: Vec::new(),
    };
    let fetched = fetch::ensure(workbook, cancel, &mut |progress| {
        (run.sink)(Step::Building("the crates of the workbook", progress));
    })?;
    let all = |chapter: &'_ Chapter| -> Vec<Exercise> { chapter.exercises.clone() };
    let asked: Vec<(&Chapter, Vec<Exercise>)> = match selection {
        Selection::All => manifest
            .chapters
            .iter()
            .map(|chapter| (chapter, all(chapter)))
            .collect(),
        Selection::Chapter(chapter) => vec![(chapter, all(chapter))],
        Selection::Exercise(chapter, exercise) => vec![(chapter, vec![exercise.clone()])],
    };
    let mut chapters = Vec::new();
    for (chapter, exercises) in asked {
        chapters.push(run.chapter(chapter, &exercises, &fetched)?);
    }
    for stray in strays(workbook, manifest) {
        run.notes.push(copy_inside(&stray));
    }
    Ok(Report {
        exit: exit_of(&chapters) as u8,
        chapters,
        notes: run.notes,
        millis: millis(began),
    })
}

impl Run<'_> {
    fn chapter(
        &mut self,
        chapter: &Chapter,
        exercises: &[Exercise],
        fetched: &Fetched,
    ) -> Result<ChapterReport, Halt> {
        self.began = Instant::now();
        let krate = match &self.request.server {
            Server::Learner => Some(Crate::of_chapter(self.workbook, chapter)),
            Server::Crate(folder) => Some(Crate::in_folder(self.workbook, folder)?),
            Server::Command(_) => None,
        };
        let mut report = ChapterReport {
            id: chapter.id.clone(),
            title: chapter.title.clone(),
            server: None,
            build: None,
            exercises: Vec::new(),
            whole: exercises.len() == chapter.exercises.len(),
            millis: 0,
        };
        match (krate, fetched) {
            (None, Fetched::Refused(words)) => {
                return Err(Halt::Fault(anyhow::anyhow!(
                    "the checks cannot be built while cargo refuses the workspace.\n\n{words}"
                )));
            }
            (None, Fetched::Ready) => {
                let subject = foreign::subject(&self.request.server)?;
                report.server = Some(subject.command.to_string_lossy().into_owned());
                let unjudged = self.unjudged(exercises, None);
                report.exercises = self.check(chapter, unjudged, &report, &subject)?;
            }
            (Some(krate), _) => self.krate(chapter, exercises, &krate, fetched, &mut report)?,
        }
        report.millis = millis(self.began);
        Ok(report)
    }

    /// Builds a crate and judges what came out.
    fn krate(
        &mut self,
        chapter: &Chapter,
        exercises: &[Exercise],
        krate: &Crate,
        fetched: &Fetched,
        report: &mut ChapterReport,
    ) -> Result<(), Halt> {
        let own = matches!(self.request.server, Server::Learner);
        if !own {
            report.server = Some(self.workbook.shown(&krate.folder));
        }
        let snapshot = Snapshot::take(&self.workbook.root, chapter, &krate.folder)?;
        let mut plan = krate.plan.clone();
        plan.colour = self.request.colour;
        plan.tests = chapter.tests.clone();
        let build = match fetched {
            _ if !krate.folder.join("Cargo.toml").is_file() => refused(format!(
                "{} is not there. `{} reset {} --yes` brings the starter back.",
                self.workbook.shown(&krate.folder.join("Cargo.toml")),
                direct(self.workbook),
                chapter.id
            )),
            Fetched::Refused(words) if own => refused(words.clone()),
            _ => {
                let sink = &mut *self.sink;
                build(self.workbook, &plan, self.cancel, &mut |progress| {
                    sink(Step::Building(&chapter.name, progress));
                })?
            }
        };
        let program = build
            .executable(krate.binary.as_deref())
            .or(build.executable(None))
            .map(Path::to_owned);
        report.build = Some(self.built(chapter, krate, &snapshot, &build));
        if let Some(program) = program {
            (self.sink)(Step::Built);
            let subject = Subject {
                command: program.into_os_string(),
                krate: Some((krate.folder.clone(), plan.target.clone())),
                tests: build.tests.clone(),
                ..Subject::default()
            };
            let unjudged = self.unjudged(exercises, Some((krate, &snapshot)));
            report.exercises = self.check(chapter, unjudged, report, &subject)?;
        } else {
            let blamed = |id: &str| {
                let errors = report.build.iter().flat_map(|build| &build.errors);
                errors
                    .into_iter()
                    .any(|error| error.exercise.as_deref() == Some(id))
            };
            report.exercises = self.broken(exercises, krate, &snapshot, blamed);
        }
        // A file that was saved meanwhile: this verdict may be about half of it.
        let now = Snapshot::take(&self.workbook.root, chapter, &krate.folder)?;
        if own && now.whole == snapshot.whole {
            // One check or one era is no verdict on an exercise.
            let in_full = self.request.checks.is_empty() && self.request.era.is_none();
            if in_full
                && let Err(error) =
                    remember(self.workbook, chapter, &snapshot, report, &self.checker)
            {
                self.notes.push(format!("Progress is not kept: {error:#}."));
            }
        } else if own {
            self.notes
                .push("A file was saved meanwhile: check again.".into());
        }
        Ok(())
    }

    /// Runs the checks of exercises whose server runs, and judges them.
    fn check(
        &mut self,
        chapter: &Chapter,
        unjudged: Vec<Unjudged>,
        so_far: &ChapterReport,
        subject: &Subject,
    ) -> Result<Vec<ExerciseReport>, Halt> {
        let (sink, began) = (&mut *self.sink, self.began);
        let program = checker::program(self.workbook, self.cancel, &mut |progress| {
            sink(Step::Building("the checks", progress));
        })?;
        let request = checker::Request {
            chapter: chapter.id.clone(),
            exercises: match so_far.whole {
                true => Vec::new(),
                false => unjudged.iter().map(|one| one.report.id.clone()).collect(),
            },
            checks: self.request.checks.clone(),
            era: self.request.era,
            first: self.request.first.clone(),
            skip_slow: self.request.skip_slow,
            wire: self.request.wire,
        };
        let mut first = Awaited::of(self.request.first.as_deref(), &unjudged);
        let findings = checker::run(&program, &request, subject, self.cancel, &mut |event| {
            sink(Step::Checking(event));
            if let Some(judged) = first.as_mut().and_then(|first| first.hear(event)) {
                sink(Step::Judged(&ChapterReport {
                    exercises: vec![judged],
                    whole: false,
                    millis: millis(began),
                    ..so_far.clone()
                }));
            }
        })?;
        let judged = |one: Unjudged| one.judged(&findings);
        Ok(unjudged.into_iter().map(judged).collect())
    }

    fn built(
        &self,
        chapter: &Chapter,
        krate: &Crate,
        snapshot: &Snapshot,
        build: &Build,
    ) -> BuildReport {
        let compiled = self.before.compiled.get(&chapter.id);
        built(self.workbook, krate, &changed(snapshot, compiled), build)
    }

    /// The exercises of a server that runs, before they are checked.
    fn unjudged(
        &self,
        exercises: &[Exercise],
        krate: Option<(&Crate, &Snapshot)>,
    ) -> Vec<Unjudged> {
        let unjudged = |exercise: &Exercise| {
            let report = self.exercise(exercise, krate);
            let standing = krate.and_then(|(_, snapshot)| snapshot.exercises.get(&exercise.id));
            let same_crate = report.last.as_ref().is_some_and(|last| {
                last.checker == self.checker
                    && krate.is_some_and(|(_, snapshot)| snapshot.whole == last.krate)
            });
            Unjudged {
                untouched: standing.is_some_and(|standing| standing.untouched),
                same_crate,
                report,
            }
        };
        exercises.iter().map(unjudged).collect()
    }

    /// The exercises of a crate that does not build.
    fn broken(
        &self,
        exercises: &[Exercise],
        krate: &Crate,
        snapshot: &Snapshot,
        blamed: impl Fn(&str) -> bool,
    ) -> Vec<ExerciseReport> {
        let report = |exercise: &Exercise| {
            let mut report = self.exercise(exercise, Some((krate, snapshot)));
            if let Some(standing) = snapshot.exercises.get(&exercise.id) {
                report.state = of_broken(blamed(&exercise.id), standing, report.last.as_ref());
            }
            report
        };
        exercises.iter().map(report).collect()
    }

    /// What is known about an exercise before it is judged.
    fn exercise(&self, exercise: &Exercise, krate: Option<(&Crate, &Snapshot)>) -> ExerciseReport {
        let own = matches!(self.request.server, Server::Learner);
        let record = self.before.record(&exercise.id).filter(|_| own);
        let standing = krate
            .and_then(|(krate, snapshot)| Some((krate, snapshot.exercises.get(&exercise.id)?)));
        let shown = |krate: &Crate, path: &Path, line: usize| {
            let path = self.workbook.shown(&krate.folder.join(path));
            format!("{path}:{line}")
        };
        let place = standing.map(|(krate, standing)| shown(krate, &standing.path, standing.line));
        let more = standing.into_iter().flat_map(|(krate, standing)| {
            let more = standing.more.iter();
            more.map(move |(path, line)| shown(krate, path, *line))
        });
        ExerciseReport {
            id: exercise.id.clone(),
            title: exercise.title.clone(),
            goal: exercise.goal.clone(),
            state: State::NotRechecked,
            place,
            more_places: more.collect(),
            checks: Vec::new(),
            last: record.and_then(|record| record.last.clone()),
            solved: record.and_then(|record| record.solved),
        }
    }
}

/// This program's own path: what to call when cargo itself refuses the workspace.
pub fn direct(workbook: &Workbook) -> String {
    env::current_exe().map_or_else(
        |_| "target/debug/xtask".to_owned(),
        |program| workbook.shown(&program),
    )
}

fn millis(since: Instant) -> u64 {
    since.elapsed().as_millis().try_into().unwrap_or(u64::MAX)
}

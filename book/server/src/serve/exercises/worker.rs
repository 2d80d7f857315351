//! The thread behind the exercises. The last save wins; checks that somebody asked for are not lost to it.

use std::collections::{BTreeMap, VecDeque};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender};
use std::time::{Duration, Instant, SystemTime};

use tokio::sync::watch;
use verdict::Outcome;
use xtask::cancel::Halt;
use xtask::engine::Request;
use xtask::manifest::{Chapter, Manifest};
use xtask::paths::Workbook;
use xtask::report::{ChapterReport, CheckReport, Report};
use xtask::saves::{PACE, Saves};
use xtask::states::{State, saved_exercise};
use xtask::works::{self, Works};

use super::work::Phase;
use super::{Now, Order, Overview, Verdict, Work};

/// How long the thread waits for orders before it looks around.
const TICK: Duration = Duration::from_millis(20);
/// A page that was open so recently will be looked at again: a browser behind an editor closes its stream.
const REMEMBERED: Duration = Duration::from_secs(10 * 60);

/// What is judged, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Job {
    /// A file of this chapter was saved.
    Saved(String),
    /// Somebody asked for this exercise.
    Asked(String),
    /// What was judged at a save has left checks of this exercise out, and passes all others.
    Rest(String),
}

pub(super) struct Worker {
    shared: Arc<(Workbook, Manifest)>,
    now: watch::Sender<Now>,
    orders: Sender<Order>,
    works: Works,
    /// Counts the works for the pages.
    number: u64,
    running: Option<Job>,
    /// The exercise that the last save was probably about.
    first: Option<String>,
    waiting: VecDeque<Job>,
    saves: Saves,
    /// Date and size of the manifest and of what is remembered, when last looked at.
    manifest: Stamp,
    progress: Stamp,
    /// When a page was open last.
    heard: Option<Instant>,
}

type Stamp = Option<(SystemTime, u64)>;

fn stamp(path: &Path) -> Stamp {
    let data = fs::metadata(path).ok()?;
    Some((data.modified().ok()?, data.len()))
}

impl Worker {
    pub(super) fn new(workbook: Workbook, now: watch::Sender<Now>, orders: Sender<Order>) -> Self {
        let mut worker = Self {
            manifest: None,
            progress: None,
            shared: Arc::new((
                workbook,
                Manifest {
                    chapters: Vec::new(),
                },
            )),
            now,
            orders,
            works: Works::default(),
            number: 0,
            running: None,
            first: None,
            waiting: VecDeque::new(),
            saves: Saves::of(Vec::new()),
            heard: None,
        };
        worker.read_manifest();
        worker
    }

    fn workbook(&self) -> &Workbook {
        &self.shared.0
    }

    /// Reads the list of chapters. A list that makes no sense is told by the page in place of the book.
    fn read_manifest(&mut self) {
        let workbook = self.workbook().clone();
        self.manifest = stamp(&workbook.manifest());
        if let Ok(manifest) = Manifest::load(&workbook.root) {
            let folders = manifest.chapters.iter();
            let folders: Vec<PathBuf> = folders.map(|one| one.folder(&workbook.root)).collect();
            self.saves = Saves::of(folders);
            self.shared = Arc::new((workbook, manifest));
        }
        self.progress = stamp(&self.workbook().progress());
        self.tell_overview();
    }

    /// Until the server ends.
    pub(super) fn follow(&mut self, orders: &Receiver<Order>) {
        let mut looked = Instant::now();
        loop {
            match orders.recv_timeout(TICK) {
                Ok(Order::Check(exercise)) => self.ask(exercise),
                Ok(Order::Stop) => self.stop(),
                Ok(Order::Look) => self.tell_overview(),
                Ok(Order::Work(number, news)) if self.works.is_newest(number) => self.hear(news),
                Ok(Order::Work(..)) | Err(RecvTimeoutError::Timeout) => {}
                Ok(Order::End) | Err(RecvTimeoutError::Disconnected) => break,
            }
            if looked.elapsed() >= PACE {
                looked = Instant::now();
                self.look();
            }
        }
        if let Err(error) = self.works.end() {
            eprintln!("{error:#}");
        }
    }

    /// Sees what changed on the disk.
    fn look(&mut self) {
        if self.now.receiver_count() > 0 {
            self.heard = Some(Instant::now());
        }
        if stamp(&self.workbook().manifest()) != self.manifest {
            self.read_manifest();
        }
        let progress = stamp(&self.workbook().progress());
        let saved = self.saves.since();
        if saved.is_empty() {
            if progress != self.progress {
                self.progress = progress;
                self.supersede();
                self.tell_overview();
            }
            return;
        }
        let mut chapters: Vec<String> = Vec::new();
        for path in &saved {
            if let Some(chapter) = self.chapter_of(path)
                && !chapters.contains(&chapter.id)
            {
                chapters.push(chapter.id.clone());
            }
        }
        self.saved(chapters);
    }

    fn chapter_of(&self, path: &Path) -> Option<&Chapter> {
        let (workbook, manifest) = &*self.shared;
        let mut chapters = manifest.chapters.iter();
        chapters.find(|chapter| path.starts_with(chapter.folder(&workbook.root)))
    }

    /// Files were saved: what runs is about an older text, so it ends. The chapter of the newest is judged first.
    fn saved(&mut self, chapters: Vec<String>) {
        self.now.send_modify(|now| {
            for verdict in now.verdicts.values_mut() {
                if chapters.contains(&verdict.chapter) && !verdict.outdated {
                    Arc::make_mut(verdict).outdated = true;
                }
            }
        });
        if self.heard.is_none_or(|heard| heard.elapsed() > REMEMBERED) {
            self.tell_overview();
            return;
        }
        self.works.abandon();
        if let Some(job @ Job::Asked(_)) = self.running.take() {
            self.waiting.push_front(job);
        }
        self.waiting
            .retain(|waiting| !matches!(waiting, Job::Rest(_)));
        for chapter in chapters.into_iter().rev() {
            let job = Job::Saved(chapter);
            self.waiting.retain(|waiting| *waiting != job);
            self.waiting.push_front(job);
        }
        self.go_on();
    }

    fn ask(&mut self, exercise: String) {
        let job = Job::Asked(exercise);
        if self.running.as_ref() != Some(&job) && !self.waiting.contains(&job) {
            self.waiting.push_back(job);
        }
        self.go_on();
    }

    fn stop(&mut self) {
        self.works.abandon();
        self.waiting.clear();
        if self.running.take().is_some() {
            self.change_work(|work| work.end(Phase::Stopped, "stopped".to_owned()));
            self.tell_overview();
        }
    }

    /// Begins with the next job, if none runs.
    fn go_on(&mut self) {
        if self.running.is_some() {
            return;
        }
        let Some(job) = self.waiting.pop_front() else {
            return;
        };
        let (what, quick) = match &job {
            Job::Saved(chapter) => (chapter.clone(), true),
            Job::Asked(exercise) | Job::Rest(exercise) => (exercise.clone(), false),
        };
        let manifest = &self.shared.1;
        let chapter = match manifest.exercise(&what) {
            Some((chapter, _)) => chapter.id.clone(),
            None => what.clone(),
        };
        self.number += 1;
        let work = Work::new(self.number, &what, &chapter);
        self.now.send_modify(|now| now.work = Some(Arc::new(work)));
        let chapters = &manifest.chapters;
        let saved = chapters.iter().find(|one| one.id == chapter && quick);
        let first = saved.and_then(|saved| saved_exercise(self.workbook(), manifest, saved));
        self.first.clone_from(&first);
        let request = Request {
            first,
            skip_slow: quick,
            ..Request::learner()
        };
        let orders = self.orders.clone();
        self.works
            .begin(&self.shared, &what, request, move |number, news| {
                // Nobody listens any more once the server ends.
                let _ = orders.send(Order::Work(number, news));
            });
        self.running = Some(job);
    }

    fn hear(&mut self, news: works::News) {
        match news {
            works::News::Building(what, progress) => {
                self.change_work(|work| work.building(&what, &progress));
            }
            works::News::Built => self.change_work(|work| work.words = "built".to_owned()),
            works::News::Checking(event) => self.change_work(|work| work.hear(event)),
            works::News::Judged(chapter) => self.judged(vec![*chapter], &[], true, |_| {}),
            works::News::Done(result) => self.done(result),
        }
    }

    fn done(&mut self, result: Result<Report, Halt>) {
        self.works.ended();
        let quick = matches!(self.running.take(), Some(Job::Saved(_)));
        match result {
            Ok(report) => {
                // What this run has remembered is no news from the terminal.
                self.progress = stamp(&self.workbook().progress());
                if quick && let Some(rest) = self.rest(&report) {
                    self.waiting.push_back(Job::Rest(rest));
                }
                self.judged(report.chapters, &report.notes, quick, |work| {
                    work.end(Phase::Done, "done".to_owned());
                });
            }
            Err(Halt::Cancelled) => {
                self.change_work(|work| work.end(Phase::Stopped, "stopped".to_owned()));
            }
            Err(Halt::Fault(error)) => {
                let words = format!("{error:#}");
                self.change_work(|work| work.end(Phase::Failed, words));
            }
        }
        self.go_on();
    }

    /// The saved exercise, if nothing but its slow checks is left: then its card turns ok by itself, too.
    fn rest(&self, report: &Report) -> Option<String> {
        let first = self.first.as_ref()?;
        let mut exercises = report.chapters.iter().flat_map(|one| &one.exercises);
        let exercise = exercises.find(|exercise| exercise.id == *first)?;
        let passes = |check: &CheckReport| match check.result.outcome {
            Outcome::Pass => true,
            Outcome::LeftOut { .. } => check.slow,
            Outcome::Fail { .. } | Outcome::Fault { .. } => false,
        };
        let waits = exercise.state == State::NotRechecked && exercise.checks.iter().all(passes);
        (waits && !exercise.checks.is_empty()).then(|| exercise.id.clone())
    }

    /// Shows verdicts, and `change`s the work that found them, in one step: no page shows a verdict beside the
    /// state before it.
    fn judged(
        &self,
        chapters: Vec<ChapterReport>,
        notes: &[String],
        quick: bool,
        change: impl FnOnce(&mut Work),
    ) {
        let mut verdicts = self.now.borrow().verdicts.clone();
        for verdict in Verdict::all_of(chapters, notes, quick) {
            verdicts.insert(verdict.exercise.id.clone(), Arc::new(verdict));
        }
        let overview = self.overview(&verdicts);
        self.now.send_modify(|now| {
            now.verdicts = verdicts;
            now.overview = Arc::new(overview);
            if let Some(work) = &mut now.work {
                change(Arc::make_mut(work));
            }
        });
    }

    /// The terminal has judged: what it has remembered is newer than the verdicts here.
    fn supersede(&self) {
        self.now.send_modify(|now| {
            for verdict in now.verdicts.values_mut() {
                // That a crate does not compile is not remembered.
                if verdict.exercise.state != State::DoesNotCompile && !verdict.superseded {
                    Arc::make_mut(verdict).superseded = true;
                }
            }
        });
    }

    fn change_work(&self, change: impl FnOnce(&mut Work)) {
        self.now.send_modify(|now| {
            if let Some(work) = &mut now.work {
                change(Arc::make_mut(work));
            }
        });
    }

    fn overview(&self, verdicts: &BTreeMap<String, Arc<Verdict>>) -> Overview {
        let fresh: BTreeMap<&str, State> = verdicts
            .iter()
            .filter_map(|(id, verdict)| Some((id.as_str(), verdict.state()?)))
            .collect();
        Overview::look(self.workbook(), &self.shared.1, &fresh)
    }

    /// Looks at every exercise, and tells pages if something is different.
    fn tell_overview(&self) {
        let verdicts = self.now.borrow().verdicts.clone();
        let overview = self.overview(&verdicts);
        self.now.send_if_modified(|now| {
            let changed = *now.overview != overview;
            if changed {
                now.overview = Arc::new(overview);
            }
            changed
        });
    }
}

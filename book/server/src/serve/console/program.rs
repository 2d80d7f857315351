//! The program of a chapter: built as `check` builds it, and again at every save.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::sync::{Arc, mpsc as blocking};
use std::thread;

use tokio::sync::mpsc;
use xtask::cancel::{Cancel, Halt};
use xtask::cargo::{self, Outcome, Plan, Progress};
use xtask::checker;
use xtask::fetch::{self, Fetched};
use xtask::manifest::Chapter;
use xtask::paths::Workbook;
use xtask::saves::{PACE, Saves};
use xtask::subject::Crate;

use super::Place;

/// What is shown of the compiler's words, in bytes.
const LONGEST: usize = 64 * 1024;
/// News that may wait to be heard.
const WAITING: usize = 16;

/// Which server of a chapter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Which {
    /// The learner's own.
    Own,
    /// The reference solution.
    Solution,
}

/// News of the builds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Built {
    /// How far a build is; empty at its start.
    Progress(String),
    /// There is a program.
    Ready {
        start: Start,
        /// Whether a save was the reason to build it.
        after_save: bool,
    },
    /// There is none, and why.
    Failed(String),
}

/// How a server is started.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Start {
    /// The chapter's program.
    pub(super) server: PathBuf,
    /// The checker, if the server is reached over HTTP: it starts the server, signs in there, and passes messages on.
    pub(super) through: Option<PathBuf>,
}

impl Start {
    /// Whether the server is reached over HTTP.
    pub(super) fn is_over_http(&self) -> bool {
        self.through.is_some()
    }

    /// What is started, and its arguments.
    pub(super) fn command(&self) -> (&Path, Vec<OsString>) {
        match &self.through {
            None => (&self.server, Vec::new()),
            Some(checker) => {
                let server = self.server.clone().into();
                (checker, vec!["connect".into(), "--".into(), server])
            }
        }
    }
}

/// Keeps the program up to date. Dropping it stops that, and a build that is under way.
pub(super) struct Builds {
    stop: Cancel,
}

impl Drop for Builds {
    fn drop(&mut self) {
        self.stop.cancel();
    }
}

/// Builds a program at once, and the learner's own at every save from then on.
pub(super) fn follow(
    workbook: Workbook,
    chapter: Chapter,
    which: Which,
    place: Arc<Place>,
) -> (Builds, mpsc::Receiver<Built>) {
    let (news, heard) = mpsc::channel(WAITING);
    let stop = Cancel::default();
    let builder = Builder {
        workbook,
        chapter,
        which,
        stop: stop.clone(),
        news,
    };
    thread::spawn(move || {
        // It ends only when nobody wants the program.
        let _ = builder.work();
        // The console is there until its last build has ended.
        drop(place);
    });
    (Builds { stop }, heard)
}

struct Builder {
    workbook: Workbook,
    chapter: Chapter,
    which: Which,
    stop: Cancel,
    news: mpsc::Sender<Built>,
}

impl Builder {
    /// Goes on until nobody wants the program any more.
    fn work(&self) -> Result<(), Gone> {
        let folder = match self.which {
            Which::Own => self.chapter.folder(&self.workbook.root),
            Which::Solution => self.chapter.solution_folder(&self.workbook.root),
        };
        let mut saves = Saves::of(vec![folder]);
        let mut after_save = false;
        while !self.stop.is_cancelled() {
            if let Some(news) = self.build_unless_saved(&mut saves, after_save) {
                self.tell(news)?;
                self.next_save(&mut saves)?;
            }
            after_save = true;
        }
        Err(Gone)
    }

    /// A build, given up when a file is saved meanwhile: the last save wins.
    fn build_unless_saved(&self, saves: &mut Saves, after_save: bool) -> Option<Built> {
        let cancel = Cancel::default();
        let (done, result) = blocking::channel();
        thread::scope(|scope| {
            scope.spawn(|| {
                // If nobody hears it, a newer build has begun.
                let _ = done.send(self.build(&cancel, after_save));
            });
            loop {
                match result.recv_timeout(PACE) {
                    Ok(news) => return news,
                    Err(blocking::RecvTimeoutError::Disconnected) => return None,
                    Err(blocking::RecvTimeoutError::Timeout) => {}
                }
                if self.stop.is_cancelled() || !saves.since().is_empty() {
                    cancel.cancel();
                }
            }
        })
    }

    /// None if it was cancelled.
    fn build(&self, cancel: &Cancel, after_save: bool) -> Option<Built> {
        let told = self.tell(Built::Progress(String::new()));
        let mut progress = |step: Progress| {
            // Whether anybody listens is found out at the end.
            let _ = self.tell(Built::Progress(spoken(&step)));
        };
        told.ok()?;
        let (plan, package) = match self.which {
            Which::Own => {
                let krate = Crate::of_chapter(&self.workbook, &self.chapter);
                (krate.plan, self.chapter.name.clone())
            }
            Which::Solution => {
                let package = self.chapter.solution_package();
                (Plan::member(&self.workbook, &package), package)
            }
        };
        let fetched = fetch::ensure(&self.workbook, cancel, &mut progress);
        let built = match fetched {
            Ok(Fetched::Ready) => cargo::build(&self.workbook, &plan, cancel, &mut progress),
            Ok(Fetched::Refused(words)) => return Some(refused(&words)),
            Err(halt) => Err(halt),
        };
        let built = match built {
            Ok(built) => built,
            Err(Halt::Cancelled) => return None,
            Err(Halt::Fault(error)) => return Some(Built::Failed(format!("{error:#}"))),
        };
        Some(match &built.outcome {
            Outcome::Ready(_) => match built.executable(Some(&package)) {
                Some(program) => {
                    let through = match self.chapter.issuer {
                        true => checker::program(&self.workbook, cancel, &mut progress).map(Some),
                        false => Ok(None),
                    };
                    match through {
                        Ok(through) => Built::Ready {
                            start: Start {
                                server: program.to_owned(),
                                through,
                            },
                            after_save,
                        },
                        Err(Halt::Cancelled) => return None,
                        Err(Halt::Fault(error)) => Built::Failed(format!("{error:#}")),
                    }
                }
                None => Built::Failed(format!("Cargo built no program called {package}.")),
            },
            Outcome::Errors => {
                let errors: String = built
                    .errors()
                    .map(|error| error.rendered.as_str())
                    .collect();
                Built::Failed(self.does_not_compile(&package, &errors))
            }
            Outcome::Refused(words) => refused(words),
        })
    }

    fn does_not_compile(&self, package: &str, errors: &str) -> String {
        let next = match self.which {
            Which::Own => format!(
                "`cargo xtask check {}` says which exercise it belongs to",
                self.chapter.id
            ),
            Which::Solution => format!(
                "`git diff solutions/{}` shows what changed there",
                self.chapter.name
            ),
        };
        let mut end = errors.len().min(LONGEST);
        while !errors.is_char_boundary(end) {
            end -= 1;
        }
        format!(
            "{package} does not compile; {next}.\n\n{}",
            errors[..end].trim_end()
        )
    }

    /// Waits until a file is saved.
    fn next_save(&self, saves: &mut Saves) -> Result<(), Gone> {
        while saves.since().is_empty() {
            if self.stop.is_cancelled() || self.news.is_closed() {
                return Err(Gone);
            }
            thread::sleep(PACE);
        }
        Ok(())
    }

    fn tell(&self, news: Built) -> Result<(), Gone> {
        self.news.blocking_send(news).map_err(|_| Gone)
    }
}

/// Nobody wants the program any more.
struct Gone;

fn refused(words: &str) -> Built {
    Built::Failed(format!(
        "Cargo refuses to build; `cargo xtask doctor` finds the cause and repairs it.\n\n{words}"
    ))
}

fn spoken(progress: &Progress) -> String {
    match progress {
        Progress::Fetching { line } => line.clone(),
        Progress::Waiting => "waiting for another cargo".to_owned(),
        Progress::Crates { done, all } => format!("{done} of {all} crates"),
    }
}

//! `cargo xtask watch`: the verdict at every save. The last save wins; keys always answer.

mod keys;

use std::env;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use xtask::cancel::{Cancel, Halt};
use xtask::cargo::Progress as Building;
use xtask::engine::{Request, Step, judge};
use xtask::exit::{Exit, Stop};
use xtask::manifest::{Chapter, Manifest, Selection};
use xtask::paths::Workbook;
use xtask::progress::Progress;
use xtask::render::{self, Options};
use xtask::report::{ExerciseReport, Report};
use xtask::saves::{PACE, Saves};
use xtask::states::{
    Entry, State, current_chapter, current_exercise, is_open, overview, worked_on,
};
use xtask::style::Style;
use xtask::ticker::{Count, Ticker};

use self::keys::{Key, Keys};
use super::{Args, select, word_and_flags};

/// How long the loop waits for news before it looks around.
const TICK: Duration = Duration::from_millis(20);
const KEYS: &str = "\n  h  next hint     n  next exercise     q  quit\n";

/// What reaches the loop.
enum News {
    Key(Key),
    /// Of a build: the work's number, the package, how far it is.
    Building(u64, String, Building),
    /// Of the checks: the work's number, how many have ended.
    Checking(u64, Count),
    /// Of the exercise that was saved: the work's number and the verdict, while others are still checked.
    Judged(u64, Box<ExerciseReport>),
    /// Of a verdict: the work's number and what came out.
    Done(u64, Result<Report, Halt>),
}

/// Watches until `q` or Ctrl-C.
pub(crate) fn run(workbook: &Workbook, args: Args) -> Result<Exit> {
    let (word, []) = word_and_flags(args, [])?;
    let manifest = Manifest::load(&workbook.root)?;
    let only = match word
        .as_deref()
        .map(|word| select(&manifest, word))
        .transpose()?
    {
        Some(Selection::Chapter(chapter) | Selection::Exercise(chapter, _)) => Some(chapter),
        Some(Selection::All) | None => None,
    };
    let first = match only {
        Some(chapter) => chapter,
        None => current_chapter(workbook, &manifest, &Progress::load(workbook))?,
    };
    let watched: Vec<&Chapter> = match only {
        Some(chapter) => vec![chapter],
        None => manifest.chapters.iter().collect(),
    };
    let stop = Cancel::on_signals()?;
    let (sender, news) = mpsc::channel();
    let mut watch = Watch {
        workbook,
        manifest: &manifest,
        shared: Arc::new((workbook.clone(), manifest.clone())),
        chapter: first,
        folders: watched
            .into_iter()
            .map(|chapter| (chapter.folder(&workbook.root), chapter))
            .collect(),
        focus: None,
        keys: Keys::read(sender.clone())?,
        style: Style::of_stdout(),
        ticker: Ticker::new(),
        sender,
        number: 0,
        running: None,
        told: None,
        works: Vec::new(),
    };
    watch.follow(&news, &stop)
}

struct Watch<'a> {
    workbook: &'a Workbook,
    manifest: &'a Manifest,
    shared: Arc<(Workbook, Manifest)>,
    chapter: &'a Chapter,
    folders: Vec<(PathBuf, &'a Chapter)>,
    /// The exercise that `n` went to.
    focus: Option<String>,
    keys: Keys,
    style: Style,
    ticker: Ticker,
    sender: Sender<News>,
    /// Counts the works, so that the words of an abandoned one are not taken for the newest's.
    number: u64,
    running: Option<Cancel>,
    /// The exercise on which what runs has told its verdict.
    told: Option<String>,
    /// Threads that may still have children to end.
    works: Vec<JoinHandle<()>>,
}

impl<'a> Watch<'a> {
    fn follow(&mut self, news: &Receiver<News>, stop: &Cancel) -> Result<Exit> {
        let folders = self.folders.iter().map(|(folder, _)| folder.clone());
        let mut saves = Saves::of(folders.collect());
        let mut looked = Instant::now();
        self.say(&format!("watching {}{KEYS}", self.names()))?;
        self.begin();
        loop {
            match news.recv_timeout(TICK) {
                Ok(News::Key(Key::Quit)) => break,
                Ok(News::Key(key)) => self.key(key)?,
                Ok(News::Building(number, what, progress)) if number == self.number => {
                    self.ticker.show(&what, &progress);
                }
                Ok(News::Checking(number, count)) if number == self.number => {
                    self.ticker.show_checks(count);
                }
                Ok(News::Judged(number, exercise)) if number == self.number => {
                    self.tell_first(&exercise)?;
                }
                Ok(News::Done(number, result)) if number == self.number => self.tell(result)?,
                Ok(_) | Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => break,
            }
            if stop.is_cancelled() {
                break;
            }
            if looked.elapsed() >= PACE {
                looked = Instant::now();
                if let Some(path) = saves.since().first() {
                    self.saved(path)?;
                }
            }
        }
        self.abandon();
        self.ticker.clear();
        // Whoever ends now leaves cargo running; a work that is cancelled ends within seconds.
        for work in self.works.drain(..) {
            if work.join().is_err() {
                return Err(Stop::fault(
                    "a part of watch has failed; its words are above",
                ));
            }
        }
        Ok(Exit::Done)
    }

    fn names(&self) -> String {
        match self.folders.as_slice() {
            [(folder, _)] => self.workbook.shown(folder),
            _ => "chapters/".to_owned(),
        }
    }

    /// A file was saved: what runs is about an older text, so it ends.
    fn saved(&mut self, path: &Path) -> Result<()> {
        if let Some((_, chapter)) = self
            .folders
            .iter()
            .find(|(folder, _)| path.starts_with(folder))
        {
            self.chapter = chapter;
        }
        let what = format!("\n{} saved\n", self.workbook.shown(path));
        self.say(&what)?;
        self.focus = None;
        self.begin();
        Ok(())
    }

    /// Starts to find a verdict, in place of what runs.
    fn begin(&mut self) {
        self.abandon();
        self.number += 1;
        self.told = None;
        self.ticker = Ticker::new();
        let cancel = Cancel::default();
        self.running = Some(cancel.clone());
        let (number, sender, shared) = (self.number, self.sender.clone(), self.shared.clone());
        let (chapter, colour) = (self.chapter.id.clone(), self.style.colour);
        self.works.retain(|work| !work.is_finished());
        let work = thread::spawn(move || {
            let (workbook, manifest) = &*shared;
            let Ok(selection) = manifest.select(&chapter) else {
                return;
            };
            let request = Request {
                first: worked_on_now(workbook, manifest, &chapter),
                skip_slow: true,
                colour,
                ..Request::learner()
            };
            let mut count = Count::default();
            let result = judge(
                workbook,
                manifest,
                selection,
                &request,
                &cancel,
                &mut |step| {
                    let news = match step {
                        Step::Building(what, progress) => {
                            News::Building(number, what.to_owned(), progress)
                        }
                        Step::Built => return,
                        Step::Judged(exercise) => News::Judged(number, Box::new(exercise.clone())),
                        Step::Checking(event) => {
                            count.hear(event);
                            News::Checking(number, count)
                        }
                    };
                    // Nobody listens any more once watching has ended.
                    let _ = sender.send(news);
                },
            );
            let _ = sender.send(News::Done(number, result));
        });
        self.works.push(work);
    }

    fn abandon(&mut self) {
        if let Some(cancel) = self.running.take() {
            cancel.cancel();
        }
    }

    /// The verdict on what was saved does not wait for the rest of the chapter.
    fn tell_first(&mut self, exercise: &ExerciseReport) -> Result<()> {
        // That an untouched exercise is not started is no news.
        if exercise.state == State::NotStarted {
            return Ok(());
        }
        self.told = Some(exercise.id.clone());
        let text = render::exercise(exercise, self.options());
        self.say(&format!("\n{text}"))
    }

    fn options(&self) -> Options {
        Options {
            style: self.style,
            wire: false,
        }
    }

    fn tell(&mut self, result: Result<Report, Halt>) -> Result<()> {
        self.running = None;
        match result {
            Ok(report) => {
                let text = render::report_after(&report, self.told.as_deref(), self.options());
                self.say(&format!("\n{text}{KEYS}"))
            }
            Err(Halt::Cancelled) => Ok(()),
            // The next save may find it mended.
            Err(Halt::Fault(error)) => self.say(&format!("\nerror: {error:#}\n{KEYS}")),
        }
    }

    fn key(&mut self, key: Key) -> Result<()> {
        match key {
            Key::Hint => {
                let id = self.entry(|_, current| current.map(|entry| entry.exercise.id.clone()))?;
                match id {
                    Some(id) => self.hint(&id),
                    None => self.say("\nevery exercise is solved\n"),
                }
            }
            Key::Next => self.next(),
            Key::Quit | Key::Other => self.say(KEYS),
        }
    }

    /// Asks the command itself: the same hint, counted in the same way.
    fn hint(&mut self, id: &str) -> Result<()> {
        let output =
            Command::new(env::current_exe().context("this program's own path is not known")?)
                .args(["hint", id])
                .current_dir(&self.workbook.root)
                .stdin(Stdio::null())
                .output()
                .context("the hint cannot be asked for")?;
        let both = [output.stdout, output.stderr].concat();
        let text = String::from_utf8_lossy(&both);
        self.say(&format!("\n{text}"))
    }

    /// Goes to the next exercise that is not `ok`, in another chapter if need be.
    fn next(&mut self) -> Result<()> {
        let progress = Progress::load(self.workbook);
        let found = self.entry(|entries, current| {
            let here = current.map_or(0, |current| {
                let same = |entry: &Entry<'_>| entry.exercise.id == current.exercise.id;
                entries.iter().position(same).map_or(0, |place| place + 1)
            });
            let (before, after) = entries.split_at(here.min(entries.len()));
            let mut open = after
                .iter()
                .chain(before)
                .filter(|entry| is_open(entry, &progress));
            open.next().map(|entry| {
                let place = entry.standing.as_ref().map(|standing| {
                    (
                        entry
                            .chapter
                            .folder(&self.workbook.root)
                            .join(&standing.path),
                        standing.line,
                    )
                });
                (entry.chapter.id.clone(), entry.exercise.clone(), place)
            })
        })?;
        let Some((chapter, exercise, place)) = found else {
            return self.say("\nevery exercise is solved\n");
        };
        if let Some((_, there)) = self.folders.iter().find(|(_, own)| own.id == chapter) {
            self.chapter = there;
        }
        let mut text = format!("\n{}  {}\n", exercise.id, exercise.title);
        text.push_str(&self.style.labelled(12, "  goal", &exercise.goal));
        if let Some((path, line)) = place {
            text.push_str(&format!(
                "  where     {}:{line}\n",
                self.workbook.shown(&path)
            ));
        }
        self.focus = Some(exercise.id);
        self.say(&text)
    }

    /// Looks at all exercises and the current one.
    fn entry<T>(&self, look: impl FnOnce(&[Entry<'_>], Option<&Entry<'_>>) -> T) -> Result<T> {
        let progress = Progress::load(self.workbook);
        let entries = overview(self.workbook, self.manifest, &progress)?;
        let focused = self
            .focus
            .as_ref()
            .and_then(|id| entries.iter().find(|entry| entry.exercise.id == *id));
        let current = focused.or_else(|| current_exercise(&entries, &progress, self.chapter));
        Ok(look(&entries, current))
    }

    fn say(&mut self, text: &str) -> Result<()> {
        self.ticker.clear();
        self.keys
            .print(text)
            .map_err(|error| Stop::fault(format!("standard output is closed: {error}")))
    }
}

/// The exercise that a save was probably about.
fn worked_on_now(workbook: &Workbook, manifest: &Manifest, chapter: &str) -> Option<String> {
    let progress = Progress::load(workbook);
    let chapter = manifest.chapters.iter().find(|one| one.id == chapter)?;
    // A solution that cannot be read is told by whoever judges.
    let entries = overview(workbook, manifest, &progress).ok()?;
    worked_on(&entries, &progress, chapter).map(|entry| entry.exercise.id.clone())
}

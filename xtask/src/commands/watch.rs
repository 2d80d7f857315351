//! `cargo xtask watch`: the verdict at every save. The last save wins; keys always answer.

mod keys;

use std::env;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender};
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use xtask::cancel::{Cancel, Halt};
use xtask::engine::Request;
use xtask::exit::{Exit, Stop};
use xtask::manifest::{Chapter, Manifest, Selection};
use xtask::paths::Workbook;
use xtask::progress::Progress;
use xtask::render::{self, Options};
use xtask::report::Report;
use xtask::saves::{PACE, Saves};
use xtask::states::{Entry, current_chapter, current_exercise, is_open, overview};
use xtask::style::Style;
use xtask::ticker::{Count, Ticker};
use xtask::works::{self, Works};

use self::keys::{Key, Keys};
use super::{Args, select, word_and_flags};

/// How long the loop waits for news before it looks around.
const TICK: Duration = Duration::from_millis(20);
const KEYS: &str = "\n  h  next hint     n  next exercise     q  quit\n";

/// What reaches the loop.
#[expect(
    clippy::large_enum_variant,
    reason = "news are read one at a time and never kept in bulk"
)]
enum News {
    Key(Key),
    /// Of the work with this number.
    Work(u64, works::News),
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
        works: Works::default(),
        count: Count::default(),
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
    works: Works,
    /// How many checks of the work have ended.
    count: Count,
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
                Ok(News::Work(number, news)) if self.works.is_newest(number) => self.hear(news)?,
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
        self.works.abandon();
        self.ticker.clear();
        match self.works.end() {
            Ok(()) => Ok(Exit::Done),
            Err(error) => Err(Stop::fault(error.to_string())),
        }
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
        self.ticker = Ticker::new();
        self.count = Count::default();
        let request = Request {
            skip_slow: true,
            colour: self.style.colour,
            ..Request::learner()
        };
        let sender = self.sender.clone();
        let tell = move |number, news| {
            // Nobody listens any more once watching has ended.
            let _ = sender.send(News::Work(number, news));
        };
        self.works
            .begin(&self.shared, &self.chapter.id, request, tell);
    }

    fn hear(&mut self, news: works::News) -> Result<()> {
        match news {
            works::News::Building(what, progress) => self.ticker.show(&what, &progress),
            works::News::Built => {}
            works::News::Checking(event) => {
                self.count.hear(&event);
                self.ticker.show_checks(self.count);
            }
            works::News::Done(result) => self.tell(result)?,
        }
        Ok(())
    }

    fn tell(&mut self, result: Result<Report, Halt>) -> Result<()> {
        self.works.ended();
        match result {
            Ok(report) => {
                let (style, wire) = (self.style, false);
                let text = render::report(&report, Options { style, wire });
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

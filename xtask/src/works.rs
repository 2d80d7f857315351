//! Verdicts in the background, one at a time: what begins later ends what runs.

use std::sync::Arc;
use std::thread::{self, JoinHandle};

use anyhow::anyhow;
use verdict::Event;

use crate::cancel::{Cancel, Halt};
use crate::cargo::Progress as Building;
use crate::engine::{Request, Step, judge};
use crate::manifest::Manifest;
use crate::paths::Workbook;
use crate::report::Report;

/// What a work says while it goes on, and at its end.
#[derive(Debug)]
pub enum News {
    /// A build goes on: of this package.
    Building(String, Building),
    /// The server is built; the checks begin.
    Built,
    /// The checker says something.
    Checking(Event),
    /// The end.
    Done(Result<Report, Halt>),
}

/// The works of one program: the newest, and threads of older ones that may still have children to end.
#[derive(Debug, Default)]
pub struct Works {
    /// Counts the works, so that the words of an abandoned one are not taken for the newest's.
    number: u64,
    running: Option<Cancel>,
    threads: Vec<JoinHandle<()>>,
}

impl Works {
    /// Starts to find the verdict on `what`, such as `ch02` or `2.3`, in place of what runs.
    ///
    /// `tell` gets all news with the work's number: see [`Works::is_newest`]. The last is [`News::Done`].
    pub fn begin(
        &mut self,
        shared: &Arc<(Workbook, Manifest)>,
        what: &str,
        request: Request,
        tell: impl Fn(u64, News) + Send + 'static,
    ) {
        self.abandon();
        self.number += 1;
        let cancel = Cancel::default();
        self.running = Some(cancel.clone());
        self.threads.retain(|thread| !thread.is_finished());
        let (number, shared, what) = (self.number, Arc::clone(shared), what.to_owned());
        self.threads.push(thread::spawn(move || {
            let tell = |news| tell(number, news);
            let result = find(&shared, &what, &request, &cancel, &tell);
            tell(News::Done(result));
        }));
    }

    /// Whether news with this number are about the work that began last, and was not abandoned.
    pub fn is_newest(&self, number: u64) -> bool {
        self.running.is_some() && number == self.number
    }

    /// Takes note that the newest work has said [`News::Done`].
    pub fn ended(&mut self) {
        self.running = None;
    }

    /// Ends what runs, without waiting for it.
    pub fn abandon(&mut self) {
        if let Some(cancel) = self.running.take() {
            cancel.cancel();
        }
    }

    /// Ends what runs and waits for it: whoever ends without waiting leaves cargo running. A work that is
    /// cancelled ends within seconds.
    ///
    /// # Errors
    /// A work has panicked; its words are on standard error.
    pub fn end(&mut self) -> anyhow::Result<()> {
        self.abandon();
        let mut failed = false;
        for thread in self.threads.drain(..) {
            failed |= thread.join().is_err();
        }
        match failed {
            true => Err(anyhow!(
                "a part of the engine has failed; its words are above"
            )),
            false => Ok(()),
        }
    }
}

fn find(
    (workbook, manifest): &(Workbook, Manifest),
    what: &str,
    request: &Request,
    cancel: &Cancel,
    tell: &dyn Fn(News),
) -> Result<Report, Halt> {
    let selection = manifest.select(what)?;
    judge(
        workbook,
        manifest,
        selection,
        request,
        cancel,
        &mut |step| {
            tell(match step {
                Step::Building(what, progress) => News::Building(what.to_owned(), progress),
                Step::Built => News::Built,
                Step::Checking(event) => News::Checking(event.clone()),
            });
        },
    )
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;
    use std::time::Duration;

    use super::*;

    #[test]
    fn an_abandoned_work_still_ends_and_is_not_the_newest() {
        let folder = tempfile::tempdir().expect("a folder");
        let workbook = Workbook {
            root: folder.path().into(),
            target: folder.path().join("target"),
        };
        let manifest = Manifest {
            chapters: Vec::new(),
        };
        let shared = Arc::new((workbook, manifest));
        let (sender, news) = mpsc::channel();
        let mut works = Works::default();
        for _ in 0..2 {
            let sender = sender.clone();
            works.begin(&shared, "1.1", Request::learner(), move |number, news| {
                sender.send((number, news)).expect("the test listens");
            });
        }
        assert!(!works.is_newest(1));
        assert!(works.is_newest(2));
        works.end().expect("no thread panics");
        assert!(!works.is_newest(2));
        for _ in 0..2 {
            let (_, last) = news.recv_timeout(Duration::from_secs(5)).expect("it ends");
            assert!(matches!(last, News::Done(Err(Halt::Fault(_)))), "{last:?}");
        }
    }
}

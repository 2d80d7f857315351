//! The exercises while the book is open: a thread sees saves, judges, and tells every page what it found.
//!
//! There is no second way to a verdict: [`xtask::works`] runs the same engine for `watch`, and `check` calls it
//! directly.

mod overview;
mod verdict;
mod work;
mod worker;

use std::collections::BTreeMap;
use std::sync::mpsc::{self, Sender};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, JoinHandle};

use tokio::sync::watch;
use xtask::paths::Workbook;

pub(crate) use overview::Overview;
pub(crate) use verdict::Verdict;
pub(crate) use work::Work;

/// Everything that pages show of the exercises, as it is at this moment.
///
/// Pages get what differs from what they have, so one that slept through any number of changes is right again
/// with the next line.
#[derive(Debug, Clone, Default)]
pub(crate) struct Now {
    pub(crate) overview: Arc<Overview>,
    /// The last verdict of this run of the server, by exercise.
    pub(crate) verdicts: BTreeMap<String, Arc<Verdict>>,
    /// What is being judged, or was judged last.
    pub(crate) work: Option<Arc<Work>>,
}

/// What the thread is told.
#[expect(
    clippy::large_enum_variant,
    reason = "orders are read one at a time and never kept in bulk"
)]
enum Order {
    /// Judge this exercise with all its checks, after what runs.
    Check(String),
    /// Give up what runs and what waits.
    Stop,
    /// Something was changed that is no save: look again.
    Look,
    /// From a work of this number.
    Work(u64, xtask::works::News),
    /// The server ends.
    End,
}

/// The handle that requests have.
pub(crate) struct Exercises {
    pub(crate) workbook: Workbook,
    now: watch::Sender<Now>,
    orders: Sender<Order>,
    thread: Mutex<Option<JoinHandle<()>>>,
}

impl Exercises {
    pub(crate) fn start(workbook: Workbook) -> Self {
        let (now, _) = watch::channel(Now::default());
        let (orders, received) = mpsc::channel();
        let mut worker = worker::Worker::new(workbook.clone(), now.clone(), orders.clone());
        let thread = thread::spawn(move || worker.follow(&received));
        Self {
            workbook,
            now,
            orders,
            thread: Mutex::new(Some(thread)),
        }
    }

    /// Everything, and word of every change. Whoever has this counts as a page that is open.
    pub(crate) fn now(&self) -> watch::Receiver<Now> {
        self.now.subscribe()
    }

    /// Judges an exercise with all its checks, as soon as what runs has ended.
    pub(crate) fn check(&self, exercise: &str) {
        self.order(Order::Check(exercise.to_owned()));
    }

    /// Gives up what runs and what waits.
    pub(crate) fn stop(&self) {
        self.order(Order::Stop);
    }

    /// Looks again, since progress was changed.
    pub(crate) fn look(&self) {
        self.order(Order::Look);
    }

    /// Ends what runs and waits until it has ended. Nothing is judged afterwards.
    pub(crate) fn end(&self) {
        self.order(Order::End);
        let thread = self
            .thread
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take();
        if thread.is_some_and(|thread| thread.join().is_err()) {
            eprintln!("a part of the server has failed; its words are above");
        }
    }

    fn order(&self, order: Order) {
        // Nobody listens any more once the server ends.
        let _ = self.orders.send(order);
    }
}

//! What all requests of one tracker share.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard};

use service::{End, lock};
use tokio::sync::watch;

use crate::access::Access;
use crate::faults::Faults;
use crate::journal::Journal;
use crate::options::Options;
use crate::store::Store;

/// The state of one tracker. No lock is held across an await, and none while another is taken.
#[derive(Debug)]
pub(crate) struct Shared {
    store: Mutex<Store>,
    access: Mutex<Access>,
    faults: Mutex<Faults>,
    journal: Mutex<Journal>,
    latest: watch::Sender<u64>,
    /// Ends every wait.
    pub(crate) end: End,
    rows_per_second: AtomicU64,
}

impl Shared {
    pub(crate) fn new(options: &Options) -> Self {
        Self {
            store: Mutex::new(Store::seeded(options.changes_kept)),
            access: Mutex::new(Access::new(options.tokens.clone())),
            faults: Mutex::default(),
            journal: Mutex::new(Journal::new()),
            latest: watch::Sender::new(0),
            end: End::default(),
            rows_per_second: AtomicU64::new(options.rows_per_second),
        }
    }

    /// Looks at the data.
    pub(crate) fn read<T>(&self, look: impl FnOnce(&Store) -> T) -> T {
        look(&lock(&self.store))
    }

    /// Changes the data, and wakes those who wait for changes.
    pub(crate) fn write<T>(&self, change: impl FnOnce(&mut Store) -> T) -> T {
        let (result, latest) = {
            let mut store = lock(&self.store);
            let result = change(&mut store);
            (result, store.feed.latest())
        };
        self.latest
            .send_if_modified(|known| std::mem::replace(known, latest.max(*known)) < latest);
        result
    }

    /// Changes as they come: the value is the number of the latest.
    pub(crate) fn latest(&self) -> watch::Receiver<u64> {
        self.latest.subscribe()
    }

    pub(crate) fn access(&self) -> MutexGuard<'_, Access> {
        lock(&self.access)
    }

    pub(crate) fn faults(&self) -> MutexGuard<'_, Faults> {
        lock(&self.faults)
    }

    pub(crate) fn journal(&self) -> MutexGuard<'_, Journal> {
        lock(&self.journal)
    }

    pub(crate) fn rows_per_second(&self) -> u64 {
        self.rows_per_second.load(Ordering::Relaxed)
    }

    pub(crate) fn set_rows_per_second(&self, rows: u64) {
        self.rows_per_second.store(rows, Ordering::Relaxed);
    }
}

//! The store of drafts: tasks that somebody collects before they are made.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// Tasks that are still to be made.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Draft {
    /// Id of the project.
    pub project: String,
    /// The titles of the tasks, in the order in which they came.
    pub titles: Vec<String>,
    /// Ids of those that were made already, when a submission stopped half-way.
    pub created: Vec<String>,
}

/// All drafts, each under its handle. A draft that is too old counts as gone.
#[derive(Debug)]
pub struct Drafts {
    lifetime: Duration,
    // The standard library's lock, not tokio's: it is never held across an await.
    drafts: Mutex<HashMap<String, (Instant, Draft)>>,
}

impl Drafts {
    /// An empty store. A draft is kept for `lifetime` after it was put in.
    pub fn new(lifetime: Duration) -> Self {
        Self {
            lifetime,
            drafts: Mutex::default(),
        }
    }

    /// How long a draft is kept.
    pub fn lifetime(&self) -> Duration {
        self.lifetime
    }

    /// Keeps a draft under a handle.
    pub fn insert(&self, handle: String, draft: Draft) {
        self.lock().insert(handle, (Instant::now(), draft));
    }

    /// Works with the draft of a handle; none if there is none, or none any more.
    pub fn with<R>(&self, handle: &str, work: impl FnOnce(&mut Draft) -> R) -> Option<R> {
        self.lock().get_mut(handle).map(|(_, draft)| work(draft))
    }

    /// Takes the draft of a handle out of the store; none if there is none, or none any more.
    pub fn take(&self, handle: &str) -> Option<Draft> {
        self.lock().remove(handle).map(|(_, draft)| draft)
    }

    /// The drafts that are not too old, for this caller alone.
    fn lock(&self) -> MutexGuard<'_, HashMap<String, (Instant, Draft)>> {
        // Each change is one step: a panic of another holder has left nothing half done.
        let mut drafts = self.drafts.lock().unwrap_or_else(PoisonError::into_inner);
        drafts.retain(|_, (since, _)| since.elapsed() < self.lifetime);
        drafts
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn draft(title: &str) -> Draft {
        Draft {
            titles: vec![title.to_owned()],
            ..Draft::default()
        }
    }

    #[test]
    fn drafts_stay_apart_and_go_once() {
        let drafts = Drafts::new(Duration::from_secs(60));
        drafts.insert("a".to_owned(), draft("one"));
        drafts.insert("b".to_owned(), draft("two"));
        let count = drafts.with("a", |draft| {
            draft.titles.push("three".to_owned());
            draft.titles.len()
        });
        assert_eq!(count, Some(2));
        assert_eq!(drafts.take("b"), Some(draft("two")));
        assert_eq!(drafts.take("b"), None);
        assert_eq!(drafts.with("c", |_| ()), None);
    }

    #[test]
    fn what_is_too_old_is_gone() {
        let drafts = Drafts::new(Duration::ZERO);
        drafts.insert("a".to_owned(), draft("one"));
        assert_eq!(drafts.take("a"), None);
    }
}

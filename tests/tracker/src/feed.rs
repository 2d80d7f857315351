//! The change feed: what changed lately, and where in it a reader stands.

use std::collections::VecDeque;

use crate::model::Change;

/// The latest changes; older ones are forgotten, and readers who stood there must begin again.
#[derive(Debug, Clone)]
pub(crate) struct Feed {
    kept: usize,
    latest: u64,
    changes: VecDeque<Change>,
}

impl Feed {
    pub(crate) fn new(kept: usize) -> Self {
        Self {
            kept,
            latest: 0,
            changes: VecDeque::new(),
        }
    }

    pub(crate) fn push(
        &mut self,
        at: String,
        kind: &'static str,
        project: &str,
        task: Option<&str>,
    ) {
        self.latest += 1;
        self.changes.push_back(Change {
            number: self.latest,
            at,
            kind,
            project: project.into(),
            task: task.map(Into::into),
        });
        while self.changes.len() > self.kept {
            self.changes.pop_front();
        }
    }

    /// The number of the latest change; 0 if nothing changed yet.
    pub(crate) fn latest(&self) -> u64 {
        self.latest
    }

    /// At most `limit` changes after `position`, or nothing if some of them are forgotten or `position` is yet to come.
    pub(crate) fn after(&self, position: u64, limit: usize) -> Option<Vec<Change>> {
        let forgotten = self.latest - self.changes.len() as u64;
        if position < forgotten || position > self.latest {
            return None;
        }
        let skip = usize::try_from(position - forgotten).ok()?;
        Some(
            self.changes
                .iter()
                .skip(skip)
                .take(limit)
                .cloned()
                .collect(),
        )
    }
}

#[cfg(test)]
mod tests {
    use super::Feed;

    #[test]
    fn forgotten_changes_are_told_from_none() {
        let mut feed = Feed::new(2);
        assert_eq!(feed.after(0, 10), Some(Vec::new()));
        for _ in 0..3 {
            feed.push("now".into(), "task.updated", "ATLAS", None);
        }
        assert_eq!(feed.after(0, 10), None);
        assert_eq!(feed.after(1, 1).map(|changes| changes[0].number), Some(2));
        assert_eq!(feed.after(3, 10), Some(Vec::new()));
        assert_eq!(feed.after(4, 10), None);
    }
}

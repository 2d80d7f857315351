//! Who owns a value, who borrows it, and how several requests share one.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Takes the title over: the caller has given it away.
pub fn store(titles: &mut Vec<String>, title: String) {
    titles.push(title);
}

/// Only reads: the caller keeps the titles.
#[must_use]
pub fn longest(titles: &[String]) -> Option<&str> {
    titles
        .iter()
        .map(String::as_str)
        .max_by_key(|title| title.chars().count())
}

/// A board that many requests use at once.
/// A clone is one more handle on the same list.
#[derive(Debug, Clone, Default)]
pub struct SharedBoard {
    titles: Arc<Mutex<Vec<String>>>,
}

impl SharedBoard {
    /// Adds a title and says how many there are now.
    #[must_use]
    pub fn add(&self, title: String) -> usize {
        let mut titles = self.lock();
        titles.push(title);
        titles.len()
    }

    /// The list, locked until the guard goes out of scope.
    fn lock(&self) -> MutexGuard<'_, Vec<String>> {
        // If a task panicked with the lock, the lock is poisoned. The list is whole.
        self.titles.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Compiles, and is wrong as shared state: a clone has a list of its own.
#[derive(Debug, Clone, Default)]
pub struct CopiedBoard {
    titles: Vec<String>,
}

impl CopiedBoard {
    /// Adds a title to this copy and says how many it has now.
    #[must_use]
    pub fn add(&mut self, title: String) -> usize {
        self.titles.push(title);
        self.titles.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_borrow_leaves_the_titles_where_they_are() {
        let mut titles = Vec::new();
        store(&mut titles, "Pick a name".to_owned());
        store(&mut titles, "Draw an icon for the app".to_owned());
        assert_eq!(longest(&titles), Some("Draw an icon for the app"));
        assert_eq!(titles.len(), 2);
    }

    #[test]
    fn a_clone_of_the_handle_shows_the_same_list() {
        let board = SharedBoard::default();
        let other = board.clone();
        assert_eq!(board.add("one".to_owned()), 1);
        assert_eq!(other.add("two".to_owned()), 2);
    }

    #[test]
    fn threads_lose_nothing() {
        let board = SharedBoard::default();
        std::thread::scope(|scope| {
            for number in 0..8 {
                let board = board.clone();
                scope.spawn(move || board.add(format!("task {number}")));
            }
        });
        assert_eq!(board.add("last".to_owned()), 9);
    }

    #[test]
    fn a_clone_of_the_list_is_another_list() {
        let mut board = CopiedBoard::default();
        let mut other = board.clone();
        assert_eq!(board.add("one".to_owned()), 1);
        assert_eq!(other.add("two".to_owned()), 1);
    }
}

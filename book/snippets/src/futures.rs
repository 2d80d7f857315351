//! Futures: what waits, what runs side by side, and what a lock does to both.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

/// Waits without keeping a thread busy: other futures of the thread go on meanwhile.
pub async fn answer(millis: u64) -> String {
    tokio::time::sleep(Duration::from_millis(millis)).await;
    format!("waited {millis} ms")
}

/// Takes the sum of both waits: the second future starts after the first has ended.
pub async fn one_after_the_other() -> [String; 2] {
    [answer(20).await, answer(30).await]
}

/// Takes the longer of both waits: both futures run before either has ended.
pub async fn side_by_side() -> [String; 2] {
    tokio::join!(answer(20), answer(30)).into()
}

/// Visits counted under a lock, with something slow to do for each.
#[derive(Debug, Default)]
pub struct Counter {
    visits: Mutex<u32>,
}

impl Counter {
    /// Counts first, waits afterwards: the lock is free again before the wait begins.
    pub async fn visit(&self) -> u32 {
        let number = {
            let mut visits = self.visits.lock().unwrap_or_else(PoisonError::into_inner);
            *visits += 1;
            *visits
        };
        answer(10).await;
        number
    }
}

/// Compiles, since tokio's guard may be held across an await.
/// But all visitors queue up behind one another.
#[derive(Debug, Default)]
pub struct QueueingCounter {
    visits: tokio::sync::Mutex<u32>,
}

impl QueueingCounter {
    /// Holds the lock during the wait.
    pub async fn visit(&self) -> u32 {
        let mut visits = self.visits.lock().await;
        answer(10).await;
        *visits += 1;
        *visits
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Instant;

    #[tokio::test]
    async fn waits_add_up_one_after_the_other() {
        let began = Instant::now();
        let answers = one_after_the_other().await;
        assert_eq!(answers, ["waited 20 ms", "waited 30 ms"]);
        assert!(began.elapsed() >= Duration::from_millis(50));
    }

    #[tokio::test]
    async fn side_by_side_is_done_first() {
        // In order of mention where both are ready, so that a slow machine cannot turn the outcome round.
        tokio::select! {
            biased;
            answers = side_by_side() => assert_eq!(answers, ["waited 20 ms", "waited 30 ms"]),
            _ = one_after_the_other() => panic!("50 ms were over before 30 ms"),
        }
    }

    #[tokio::test]
    async fn visitors_wait_together_when_the_lock_is_free() {
        let counter = Counter::default();
        let first = counter.visit();
        let second = counter.visit();
        tokio::pin!(first, second);
        // Each is looked at once: both have their number already, and both are waiting.
        assert!(is_waiting(first.as_mut()).await);
        assert!(is_waiting(second.as_mut()).await);
        assert_eq!(*counter.visits.lock().expect("nobody panicked"), 2);
        assert_eq!((first.await, second.await), (1, 2));
    }

    #[tokio::test]
    async fn visitors_queue_up_when_the_lock_is_held() {
        let counter = QueueingCounter::default();
        let began = Instant::now();
        let numbers = tokio::join!(counter.visit(), counter.visit(), counter.visit());
        assert_eq!(numbers, (1, 2, 3));
        assert!(began.elapsed() >= Duration::from_millis(30));
    }

    /// Lets a future run up to its next wait.
    async fn is_waiting(future: std::pin::Pin<&mut impl Future<Output = u32>>) -> bool {
        let mut future = future;
        std::future::poll_fn(|context| {
            std::task::Poll::Ready(future.as_mut().poll(context).is_pending())
        })
        .await
    }
}

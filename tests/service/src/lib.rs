//! What the small services beside the servers have in common: how they get a port, serve, wait, and end.
//!
//! The tracker and the issuer are two of them. Each has its own routes, data, faults and journal.

mod end;
mod get;
mod hosted;
mod memory;
mod ports;
mod serve;

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

pub use self::end::End;
pub use self::get::{Reply, get};
pub use self::hosted::Hosted;
pub use self::memory::resident_kib;
pub use self::ports::bind;
pub use self::serve::run;

/// How often [`wait_until`] looks.
const LOOK_EVERY: Duration = Duration::from_millis(5);

/// Waits until `condition` holds. False if it does not within `limit`.
pub async fn wait_until(limit: Duration, condition: impl Fn() -> bool) -> bool {
    let began = Instant::now();
    loop {
        if condition() {
            return true;
        }
        if began.elapsed() >= limit {
            return false;
        }
        tokio::time::sleep(LOOK_EVERY).await;
    }
}

/// A panic elsewhere must not turn into a panic here: the data of a service is changed in whole steps.
pub fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

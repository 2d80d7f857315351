//! How much one caller may take: requests a second, requests at once, bytes and time.

// ANCHOR: ex-8-7-f
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use axum::extract::Request;
use axum::http::StatusCode;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::gate::Refusal;
use crate::settings::LimitSettings;

/// A place among the requests of a caller. Free again when it is dropped.
#[derive(Debug, Default)]
pub struct Permit(pub Option<OwnedSemaphorePermit>);

/// What every caller has used.
pub struct Limits {
    settings: LimitSettings,
    callers: Mutex<HashMap<String, Usage>>,
}

/// What one caller has used.
pub struct Usage {
    /// Requests that are left now. Grows by the rate, up to the rate.
    pub left: f64,
    /// When that was so.
    pub counted: Instant,
    /// Places for requests at the same time.
    pub places: Arc<Semaphore>,
}

impl Limits {
    /// Nobody has used anything yet.
    pub fn new(settings: LimitSettings) -> Self {
        Self {
            settings,
            callers: Mutex::default(),
        }
    }

    /// The limits of each caller.
    pub fn settings(&self) -> LimitSettings {
        self.settings
    }

    /// Takes one request of a caller into account.
    ///
    /// # Errors
    /// There were too many in the last second, or there are too many at once.
    pub fn admit(&self, caller: &str) -> Result<Permit, Refusal> {
        self.of(caller, |usage| {
            let rate = self.settings.rate as f64;
            let now = Instant::now();
            let grown = usage.left + (now - usage.counted).as_secs_f64() * rate;
            (usage.left, usage.counted) = (grown.min(rate), now);
            if usage.left < 1.0 {
                let wait = Duration::from_secs_f64((1.0 - usage.left) / rate);
                return Err(Refusal::TooMany(wait));
            }
            let place = Arc::clone(&usage.places).try_acquire_owned();
            let place = place.map_err(|_| Refusal::TooMany(Duration::ZERO))?;
            usage.left -= 1.0;
            Ok(Permit(Some(place)))
        })
    }

    fn of<T>(&self, caller: &str, work: impl FnOnce(&mut Usage) -> T) -> T {
        // What was half done by somebody who panicked is a number, and not worth more.
        let mut callers = self.callers.lock().unwrap_or_else(PoisonError::into_inner);
        let usage = callers.entry(caller.to_owned()).or_insert_with(|| Usage {
            left: self.settings.rate as f64,
            counted: Instant::now(),
            places: Arc::new(Semaphore::new(
                usize::try_from(self.settings.concurrency)
                    .unwrap_or(usize::MAX)
                    .min(Semaphore::MAX_PERMITS),
            )),
        });
        work(usage)
    }
}

/// Waits for the body of a request. Gives the request back with all of it.
///
/// # Errors
/// The body is too long, or too slow.
pub async fn receive(request: Request, settings: LimitSettings) -> Result<Request, Refusal> {
    let (parts, body) = request.into_parts();
    if axum::body::HttpBody::size_hint(&body).lower() > settings.body {
        return Err(Refusal::Body(StatusCode::PAYLOAD_TOO_LARGE));
    }
    // Counted while it arrives, too: not every client says beforehand how long it will be.
    let limit = usize::try_from(settings.body).unwrap_or(usize::MAX);
    let whole = axum::body::to_bytes(body, limit);
    match tokio::time::timeout(settings.body_timeout, whole).await {
        Ok(Ok(bytes)) => Ok(Request::from_parts(parts, bytes.into())),
        Ok(Err(_)) => Err(Refusal::Body(StatusCode::PAYLOAD_TOO_LARGE)),
        Err(_) => Err(Refusal::Body(StatusCode::REQUEST_TIMEOUT)),
    }
}

/// Does some work, unless it takes longer than `budget`.
pub async fn in_time<T>(budget: Duration, work: impl Future<Output = T>) -> Option<T> {
    tokio::time::timeout(budget, work).await.ok()
}
// ANCHOR_END: ex-8-7-f

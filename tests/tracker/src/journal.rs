//! What arrived: for the checks, which ask here whether a server sent what it should. No endpoint shows it.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

use axum::http::{HeaderMap, Method, Uri};

use crate::hash;

/// So many requests are kept; older ones are forgotten.
const KEPT: usize = 100_000;

/// One request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Counts from 1.
    pub number: u64,
    /// How long after the start of the tracker it arrived.
    pub at: Duration,
    /// `GET`, `POST`, …
    pub method: String,
    /// Path and query as they were received, still encoded.
    pub path: String,
    /// The route as in [`crate::ROUTES`]; none for a path or a method that the tracker does not have.
    pub route: Option<String>,
    /// The header of this name, as it was received.
    pub idempotency_key: Option<String>,
    /// The header of this name, as it was received.
    pub if_match: Option<String>,
    /// The header of this name, as it was received.
    pub authorization: Option<String>,
    /// [`crate::hash_of_bytes`] of the body.
    pub body_hash: u64,
    /// Length of the body in bytes.
    pub body_length: usize,
    /// The status of the reply; none while it is pending, and for ever if the caller of a reading request hung up before.
    pub status: Option<u16>,
}

/// The requests of one run.
#[derive(Debug)]
pub(crate) struct Journal {
    started: Instant,
    arrived: u64,
    entries: VecDeque<Entry>,
}

impl Journal {
    pub(crate) fn new() -> Self {
        Self {
            started: Instant::now(),
            arrived: 0,
            entries: VecDeque::new(),
        }
    }

    /// Writes down a request and gives its number.
    pub(crate) fn arrive(
        &mut self,
        method: &Method,
        uri: &Uri,
        route: Option<&str>,
        headers: &HeaderMap,
        body: &[u8],
    ) -> u64 {
        let header = |name: &str| {
            headers
                .get(name)
                .map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned())
        };
        self.arrived += 1;
        if self.entries.len() == KEPT {
            self.entries.pop_front();
        }
        self.entries.push_back(Entry {
            number: self.arrived,
            at: self.started.elapsed(),
            method: method.to_string(),
            path: uri
                .path_and_query()
                .map_or_else(|| uri.path().into(), ToString::to_string),
            route: route.map(Into::into),
            idempotency_key: header("idempotency-key"),
            if_match: header("if-match"),
            authorization: header("authorization"),
            body_hash: hash::of_bytes(body),
            body_length: body.len(),
            status: None,
        });
        self.arrived
    }

    /// Writes down how the request was answered.
    pub(crate) fn answer(&mut self, number: u64, status: u16) {
        // Numbers rise by one, so the place follows from the first; after `clear` it may be gone.
        let first = self.entries.front().map_or(u64::MAX, |entry| entry.number);
        let place = number
            .checked_sub(first)
            .and_then(|place| usize::try_from(place).ok());
        if let Some(entry) = place.and_then(|place| self.entries.get_mut(place)) {
            entry.status = Some(status);
        }
    }

    pub(crate) fn entries(&self) -> impl Iterator<Item = &Entry> {
        self.entries.iter()
    }

    pub(crate) fn clear(&mut self) {
        self.entries.clear();
    }
}

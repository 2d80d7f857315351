//! What arrived: for the checks, which ask here what a client or a server sent. No endpoint shows it.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

use axum::http::{HeaderMap, Method, header};

use crate::parameters::Parameters;
use crate::routes::Route;

/// So many requests are kept; older ones are forgotten.
const KEPT: usize = 100_000;

/// One request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Counts from 1.
    pub number: u64,
    /// How long after the start of the issuer it arrived.
    pub at: Duration,
    /// `GET`, `POST`, …
    pub method: String,
    /// The path as it was received, without its query.
    pub path: String,
    /// The route as in [`crate::ROUTES`]; none for a path or a method that the issuer does not have.
    pub route: Option<String>,
    /// The header of this name, as it was received.
    pub authorization: Option<String>,
    /// Names and values of the query and then of the form, decoded. Secrets are among them.
    pub parameters: Vec<(String, String)>,
    /// The status of the reply; none while it is pending, and for ever if the caller hung up before.
    pub status: Option<u16>,
}

impl Entry {
    /// The first parameter of this name.
    pub fn parameter(&self, name: &str) -> Option<&str> {
        self.parameters
            .iter()
            .find(|(known, _)| known == name)
            .map(|(_, value)| value.as_str())
    }
}

/// A request that has just arrived.
pub(crate) struct Arrival<'a> {
    pub(crate) method: &'a Method,
    pub(crate) path: &'a str,
    pub(crate) route: Option<&'a Route>,
    pub(crate) headers: &'a HeaderMap,
    pub(crate) query: &'a Parameters,
    pub(crate) form: &'a Parameters,
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
    pub(crate) fn arrive(&mut self, arrival: &Arrival<'_>) -> u64 {
        self.arrived += 1;
        if self.entries.len() == KEPT {
            self.entries.pop_front();
        }
        let authorization = arrival.headers.get(header::AUTHORIZATION);
        self.entries.push_back(Entry {
            number: self.arrived,
            at: self.started.elapsed(),
            method: arrival.method.to_string(),
            path: arrival.path.into(),
            route: arrival.route.map(Route::name),
            authorization: authorization
                .map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned()),
            parameters: [arrival.query.pairs(), arrival.form.pairs()].concat(),
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

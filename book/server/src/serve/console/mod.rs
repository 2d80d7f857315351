//! Consoles: servers of the chapters, tried by hand from a page of the book.
//!
//! A console lives as long as the page reads its stream of events. It is the client of `cargo xtask talk` with
//! another surface; the checks' own client is not linked, since it would double what the first `serve` builds.
//!
//! 1. [`program`] builds the server, again at every save,
//! 2. [`process`] runs it, [`lines`] reads it within limits, [`gate`] keeps a flood outside,
//! 3. [`client`] speaks MCP in either era, without knowing of any of that,
//! 4. [`session`] holds them together, and [`event`] is what the page is told.
//!
//! A server over HTTP is started by `checker connect`, which signs in there and passes its messages on: [`client`] and
//! [`session`] know messages only, and [`session`] where the person has to sign in.

mod client;
mod clocks;
mod event;
mod gate;
mod lines;
mod order;
mod process;
mod program;
mod session;
mod signing_in;
mod wire;

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::{Duration, Instant};

use serde::Deserialize;
use serde_json::Value;
use tokio::sync::{mpsc, oneshot};
use tokio::time::sleep;
use verdict::Era;
use xtask::manifest::Manifest;
use xtask::paths::Workbook;

pub(crate) use self::event::Event;
pub(crate) use self::program::Which;

use self::client::Client;
use self::order::{Order, Wish};
use self::process::SharedGroup;
use self::session::{Session, Setup};

/// Consoles that may be open at a time: each holds one of the six connections that a browser has.
pub(crate) const MOST: usize = 3;
/// As many again may be on their way out.
const MOST_LEAVING: usize = MOST;
/// Events that may wait for the page.
const WAITING_EVENTS: usize = 32;
/// Orders that may wait for the session.
const WAITING_ORDERS: usize = 16;
/// How long the end of the workbook waits for servers that end by themselves.
const LAST_WAIT: Duration = Duration::from_millis(700);

/// What a page wants to try.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Wanted {
    /// Such as `ch02`.
    chapter: String,
    server: Which,
    era: Era,
    /// Whether the client says that it can show forms.
    forms: bool,
}

/// Why a console cannot be had.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Refused {
    #[error("there is no chapter {0}")]
    NoChapter(String),
    #[error("{MOST} consoles are open already: close one of those pages, then start this one")]
    TooMany,
    #[error("this console is not there any more; start it again")]
    NoSession,
    #[error("{0}")]
    Not(String),
    #[error(transparent)]
    Fault(#[from] anyhow::Error),
}

/// Where the servers of later chapters find the tracker.
#[derive(Debug, Clone)]
pub(crate) struct TrackerAt {
    pub(crate) url: String,
    pub(crate) token: String,
}

/// All consoles of this run.
pub(crate) struct Consoles {
    workbook: Workbook,
    tracker: OnceLock<TrackerAt>,
    issuer: OnceLock<Vec<(String, String)>>,
    open: Arc<Mutex<Open>>,
}

#[derive(Default)]
struct Open {
    /// The number of the newest session.
    last: u64,
    sessions: BTreeMap<u64, Entry>,
    /// Nobody may begin any more.
    ended: bool,
}

struct Entry {
    /// None once the page is gone.
    orders: Option<mpsc::Sender<Order>>,
    group: Option<SharedGroup>,
}

/// A session's place among the others; given back when its last clone is dropped.
struct Place {
    session: u64,
    open: Arc<Mutex<Open>>,
}

impl Consoles {
    pub(crate) fn new(workbook: Workbook) -> Self {
        Self {
            workbook,
            tracker: OnceLock::new(),
            issuer: OnceLock::new(),
            open: Arc::default(),
        }
    }

    /// Servers that need it are told of this tracker from now on.
    pub(crate) fn tracker_is(&self, tracker: TrackerAt) {
        // There is one a run: a second would change nothing for servers that run.
        let _ = self.tracker.set(tracker);
    }

    /// Servers that need an issuer get this environment from now on.
    pub(crate) fn issuer_is(&self, environment: Vec<(String, String)>) {
        // As with the tracker.
        let _ = self.issuer.set(environment);
    }

    /// Opens a console. It goes on until the receiver is dropped.
    ///
    /// # Errors
    /// There is no such chapter, or there are too many consoles.
    pub(crate) fn open(&self, wanted: &Wanted) -> Result<mpsc::Receiver<Event>, Refused> {
        let manifest = Manifest::load(&self.workbook.root)?;
        let chapter = manifest
            .chapters
            .into_iter()
            .find(|chapter| chapter.id == wanted.chapter)
            .ok_or_else(|| Refused::NoChapter(wanted.chapter.clone()))?;
        // Who has named a tracker to the workbook has named it to the servers, which inherit it.
        let tracker = match std::env::var("TRACKER_URL") {
            _ if !chapter.tracker => None,
            Ok(url) => Some((url, Vec::new())),
            Err(_) => self.tracker.get().map(|at| {
                let url = ("TRACKER_URL".to_owned(), at.url.clone());
                let token = ("TRACKER_TOKEN".to_owned(), at.token.clone());
                (at.url.clone(), vec![url, token])
            }),
        };
        let (tracker, environment) = tracker.unzip();
        let mut environment = environment.unwrap_or_default();
        if chapter.issuer
            && std::env::var_os("ISSUER_URL").is_none()
            && let Some(told) = self.issuer.get()
        {
            environment.extend(told.iter().cloned());
        }
        let (orders, inbox) = mpsc::channel(WAITING_ORDERS);
        let (events, heard) = mpsc::channel(WAITING_EVENTS);
        let place = Arc::new(self.take_place(orders)?);
        let session = place.session;
        // There is room for the first event.
        let _ = events.try_send(Event::Session { session });
        let setup = Setup {
            workbook: self.workbook.clone(),
            client: Client::new(wanted.era, wanted.forms),
            environment,
            tracker,
            events,
            place: Arc::clone(&place),
        };
        let workbook = self.workbook.clone();
        let server = wanted.server;
        tokio::spawn(async move {
            let (builds, news) = program::follow(workbook, chapter, server, place);
            Session::new(setup).run(inbox, news).await;
            drop(builds);
        });
        Ok(heard)
    }

    fn take_place(&self, orders: mpsc::Sender<Order>) -> Result<Place, Refused> {
        let mut open = lock(&self.open);
        let here = open.sessions.values().filter(|one| one.orders.is_some());
        if open.ended || here.count() >= MOST || open.sessions.len() >= MOST + MOST_LEAVING {
            return Err(Refused::TooMany);
        }
        open.last += 1;
        let session = open.last;
        let entry = Entry {
            orders: Some(orders),
            group: None,
        };
        open.sessions.insert(session, entry);
        Ok(Place {
            session,
            open: Arc::clone(&self.open),
        })
    }

    /// Asks something. `call` is the page's number for it; the reply is an event.
    pub(crate) async fn call(
        &self,
        session: u64,
        call: u64,
        method: String,
        params: Value,
        limit: Duration,
    ) -> Result<(), Refused> {
        let wish = Wish::Call {
            call,
            method,
            params,
            limit,
        };
        self.order(session, wish).await
    }

    /// Answers a question of the server.
    pub(crate) async fn answer(
        &self,
        session: u64,
        question: u64,
        result: Value,
    ) -> Result<(), Refused> {
        self.order(session, Wish::Answer { question, result }).await
    }

    /// Takes a call back.
    pub(crate) async fn cancel(&self, session: u64, call: u64) -> Result<(), Refused> {
        self.order(session, Wish::Cancel { call }).await
    }

    /// Sends lines as they are.
    pub(crate) async fn send(&self, session: u64, text: String) -> Result<(), Refused> {
        self.order(session, Wish::Send { text }).await
    }

    /// Starts the server anew.
    pub(crate) async fn restart(&self, session: u64) -> Result<(), Refused> {
        self.order(session, Wish::Restart).await
    }

    /// Ends the server; the console stays.
    pub(crate) async fn stop(&self, session: u64) -> Result<(), Refused> {
        self.order(session, Wish::Stop).await
    }

    async fn order(&self, session: u64, wish: Wish) -> Result<(), Refused> {
        let orders = lock(&self.open)
            .sessions
            .get(&session)
            .and_then(|entry| entry.orders.clone());
        let orders = orders.ok_or(Refused::NoSession)?;
        let (answer, answered) = oneshot::channel();
        let order = Order { wish, answer };
        orders.send(order).await.map_err(|_| Refused::NoSession)?;
        match answered.await {
            Ok(done) => done.map_err(Refused::Not),
            Err(_) => Err(Refused::NoSession),
        }
    }

    /// Ends every server and every build: first politely, then for good.
    pub(crate) async fn end(&self) {
        {
            let mut open = lock(&self.open);
            open.ended = true;
            for entry in open.sessions.values_mut() {
                entry.orders = None;
            }
        }
        let began = Instant::now();
        while !lock(&self.open).sessions.is_empty() && began.elapsed() < LAST_WAIT {
            sleep(Duration::from_millis(10)).await;
        }
        let left: Vec<SharedGroup> = lock(&self.open)
            .sessions
            .values()
            .filter_map(|entry| entry.group.clone())
            .collect();
        for group in left {
            group.kill();
        }
    }
}

impl Place {
    /// The session runs this process.
    fn holds(&self, group: SharedGroup) {
        let mut open = lock(&self.open);
        // After the end of everything nothing begins.
        if open.ended {
            group.kill();
        }
        if let Some(entry) = open.sessions.get_mut(&self.session) {
            entry.group = Some(group);
        }
    }

    fn holds_nothing(&self) {
        if let Some(entry) = lock(&self.open).sessions.get_mut(&self.session) {
            entry.group = None;
        }
    }

    /// The page is gone: the place is free for the next, though a process may still have to end.
    fn leaves(&self) {
        if let Some(entry) = lock(&self.open).sessions.get_mut(&self.session) {
            entry.orders = None;
        }
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        lock(&self.open).sessions.remove(&self.session);
    }
}

fn lock(open: &Mutex<Open>) -> MutexGuard<'_, Open> {
    open.lock().unwrap_or_else(PoisonError::into_inner)
}

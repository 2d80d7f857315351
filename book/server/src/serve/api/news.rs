//! `POST /api/news`: what changes while a page is open, one JSON object a line, until the page goes away.

use std::collections::{BTreeMap, VecDeque};
use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::header;
use axum::response::IntoResponse;
use axum::routing::post;
use futures_util::stream;
use serde::{Deserialize, Serialize};
use tokio::sync::watch;
use tokio::time::timeout;

use super::Ask;
use crate::serve::App;
use crate::serve::exercises::{Now, Overview, Verdict, Work};
use crate::serve::live::Status;

/// How long the server is silent at most. A page that hears nothing for longer knows that the connection is dead.
const PULSE: Duration = Duration::from_secs(15);

pub(super) fn routes() -> Router<Arc<App>> {
    Router::new().route("/news", post(news))
}

/// Who listens.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Listener {
    /// The exercises whose cards are on the page.
    exercises: Vec<String>,
}

/// One line.
#[derive(Serialize)]
#[serde(tag = "news", rename_all = "snake_case")]
enum News<'a> {
    /// The book: at once, and after every build.
    Book(&'a Status),
    /// All exercises: at once, and when one of them is different.
    Overview(&'a Overview),
    /// The verdict on an exercise whose card is on the page.
    Verdict(&'a Verdict),
    /// What is being judged, if it is anything.
    Work(&'a Work),
    /// Nothing, and the server is still there.
    Pulse,
}

async fn news(
    State(app): State<Arc<App>>,
    Ask(Listener { exercises }): Ask<Listener>,
) -> impl IntoResponse {
    let mut book = app.book.status();
    let mut now = app.exercises.now();
    book.mark_changed();
    now.mark_changed();
    let page = Page {
        book,
        now,
        exercises,
        overview: None,
        verdicts: BTreeMap::new(),
        work: None,
        lines: VecDeque::new(),
    };
    let lines = stream::unfold(page, |mut page| async {
        let line = page.next().await?;
        Some((Ok::<_, Infallible>(line), page))
    });
    let kind = [(header::CONTENT_TYPE, "application/x-ndjson")];
    (kind, Body::from_stream(lines))
}

/// A page that listens, and what it was told last.
struct Page {
    book: watch::Receiver<Status>,
    now: watch::Receiver<Now>,
    exercises: Vec<String>,
    overview: Option<Arc<Overview>>,
    verdicts: BTreeMap<String, Arc<Verdict>>,
    work: Option<Arc<Work>>,
    lines: VecDeque<Bytes>,
}

impl Page {
    /// The next line; none when there will be no more.
    async fn next(&mut self) -> Option<Bytes> {
        loop {
            if let Some(line) = self.lines.pop_front() {
                return Some(line);
            }
            tokio::select! {
                changed = self.book.changed() => {
                    changed.ok()?;
                    let status = self.book.borrow_and_update().clone();
                    self.lines.push_back(line(&News::Book(&status)));
                }
                changed = timeout(PULSE, self.now.changed()) => match changed {
                    Ok(changed) => {
                        changed.ok()?;
                        let now = self.now.borrow_and_update().clone();
                        self.compare(now);
                    }
                    Err(_) => self.lines.push_back(line(&News::Pulse)),
                }
            }
        }
    }

    /// Keeps lines for what the page does not know. A verdict comes before the end of the work that found it.
    fn compare(&mut self, now: Now) {
        let same = |one: &Option<Arc<Overview>>, other| {
            one.as_ref().is_some_and(|one| Arc::ptr_eq(one, other))
        };
        if !same(&self.overview, &now.overview) {
            self.lines.push_back(line(&News::Overview(&now.overview)));
            self.overview = Some(now.overview);
        }
        for id in &self.exercises {
            let Some(verdict) = now.verdicts.get(id) else {
                continue;
            };
            let known = self.verdicts.get(id);
            if known.is_none_or(|known| !Arc::ptr_eq(known, verdict)) {
                self.lines.push_back(line(&News::Verdict(verdict)));
                self.verdicts.insert(id.clone(), Arc::clone(verdict));
            }
        }
        if let Some(work) = now.work
            && self
                .work
                .as_ref()
                .is_none_or(|known| !Arc::ptr_eq(known, &work))
        {
            self.lines.push_back(line(&News::Work(&work)));
            self.work = Some(work);
        }
    }
}

fn line(news: &News<'_>) -> Bytes {
    // These types have a JSON form.
    let mut line = serde_json::to_vec(news).unwrap_or_default();
    line.push(b'\n');
    line.into()
}

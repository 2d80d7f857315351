//! The tracker of one run of a check: its own, in this process, from its first use to the end of the run.

use std::ffi::OsString;
use std::net::{Ipv4Addr, TcpListener};

use tracker::{Options, Tokens, Tracker, WrongFault};

use super::finding::{Stop, Verdict};
use super::http::HttpRequest;

/// The token that a check's tracker accepts. Not the one that trackers accept unless they are told otherwise: a server that
/// does not read `TRACKER_TOKEN` is found out, and this text in a reply can come from nowhere else.
pub const TRACKER_TOKEN: &str = "token-of-this-check-5f0c7a91";

/// Starts a tracker on a free port, which accepts these tokens. Must be called inside a tokio runtime.
///
/// # Errors
/// The machine has no port to give.
pub(super) fn start(tokens: Tokens) -> Verdict<Tracker> {
    let listen = move || {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
        listener.set_nonblocking(true)?;
        let options = Options {
            tokens,
            ..Options::default()
        };
        Tracker::on(tokio::net::TcpListener::from_std(listener)?, options)
    };
    listen().map_err(|error: std::io::Error| {
        Stop::Fault(format!("cannot start a tracker for this check: {error}"))
    })
}

/// What a server must be told of it.
pub(super) fn environment(tracker: &Tracker) -> [(OsString, Option<OsString>); 2] {
    [
        ("TRACKER_URL".into(), Some(tracker.url().into())),
        ("TRACKER_TOKEN".into(), Some(TRACKER_TOKEN.into())),
    ]
}

/// How many points a project has done in a past sprint, as the tracker says. The question stands in the journal.
///
/// # Errors
/// The tracker does not say.
pub async fn average_velocity(tracker: &Tracker, project: &str) -> Verdict<u64> {
    let path = format!("/projects/{}/velocity", tracker::percent_encode(project));
    let request = HttpRequest::new("GET", &path)
        .and("Host", &tracker.address().to_string())
        .and("Authorization", &format!("Bearer {TRACKER_TOKEN}"));
    let failed = |error: String| Stop::Fault(format!("cannot ask for the velocity: {error}"));
    let reply = request.send(tracker.address()).await;
    let reply = reply.map_err(|error| failed(error.to_string()))?;
    let average = reply
        .messages()
        .first()
        .and_then(|said| said["average"].as_u64());
    average.ok_or_else(|| failed(reply.got()))
}

/// What the requests so far tell about a server that was refused.
pub(super) fn note(tracker: &Tracker) -> Option<String> {
    let expected = format!("Bearer {TRACKER_TOKEN}");
    let refused = tracker.journal().into_iter().find(|entry| {
        entry.status == Some(401) && entry.authorization.as_deref() != Some(expected.as_str())
    })?;
    let sent = match refused.authorization {
        None => "without Authorization".to_owned(),
        Some(_) => "with another token".to_owned(),
    };
    Some(format!(
        "The tracker refused {} {}, which came {sent}: every request needs `Authorization: Bearer` and the value of TRACKER_TOKEN.",
        refused.method, refused.path
    ))
}

impl From<WrongFault> for Stop {
    fn from(error: WrongFault) -> Self {
        Self::Fault(format!(
            "the check asks for a fault that cannot be: {error}"
        ))
    }
}

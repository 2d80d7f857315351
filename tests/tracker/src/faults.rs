//! Faults on demand: what goes wrong, where, from which call on, and how often.

use std::time::Duration;

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};

use crate::access;
use crate::problem::Problem;
use crate::routes::{ROUTES, Route};

/// What the body of an injected 5xx says. It must never reach the user of an MCP server.
pub const INTERNAL_DETAIL: &str =
    "connection refused: postgres://tracker:hunter2@db-3.internal:5432/tracker";

/// What goes wrong.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "effect", rename_all = "kebab-case", deny_unknown_fields)]
pub enum Effect {
    /// The reply has this status, and nothing is done. From 500 on the body is [`INTERNAL_DETAIL`], below a problem.
    Status {
        /// 400 to 599
        status: u16,
    },
    /// 429 with `Retry-After`, and nothing is done.
    TooManyRequests {
        /// The value of `Retry-After`, in seconds.
        retry_after: u64,
    },
    /// The token counts as expired: 401, and nothing is done.
    TokenExpired,
    /// The request waits before anything is done.
    Latency {
        /// Milliseconds
        millis: u64,
    },
    /// The request is done at once, and its reply comes late.
    LateReply {
        /// Milliseconds
        millis: u64,
    },
    /// The request is done, and its reply ends in the middle.
    TruncatedJson,
    /// A colleague changes the task just before the request does: its ETag is another one. Counts only requests that name a task.
    EditedMeanwhile,
    /// The cursor counts as expired: 410. Counts only requests that carry a cursor.
    CursorExpired,
}

impl Effect {
    /// The name of each effect, as `effect` in JSON and as the API page lists them.
    pub const NAMES: [&'static str; 8] = [
        "status",
        "too-many-requests",
        "token-expired",
        "latency",
        "late-reply",
        "truncated-json",
        "edited-meanwhile",
        "cursor-expired",
    ];

    /// Whether it is a reply of its own; a request gets one of these at most.
    fn replies(&self) -> bool {
        matches!(
            self,
            Self::Status { .. }
                | Self::TooManyRequests { .. }
                | Self::TokenExpired
                | Self::CursorExpired
        )
    }

    /// The reply in place of the real one, if it is such an effect.
    pub(crate) fn reply(&self) -> Option<Response> {
        match self {
            Self::Status { status } => Some(failure(*status)),
            Self::TooManyRequests { retry_after } => Some(too_many(*retry_after).into_response()),
            Self::TokenExpired => Some(access::expired_token().into_response()),
            Self::CursorExpired => Some(cursor_expired().into_response()),
            _ => None,
        }
    }

    /// Whether a request of this route can be met at all.
    fn can_meet(&self, route: &Route) -> bool {
        let has = |names: &[&str]| route.parameters.iter().any(|name| names.contains(name));
        route.is_journalled()
            && match self {
                Self::EditedMeanwhile => route.path.contains("{task}"),
                Self::CursorExpired => has(&["cursor", "after"]),
                _ => true,
            }
    }

    fn concerns(&self, request: &Features) -> bool {
        match self {
            Self::EditedMeanwhile => request.names_task,
            Self::CursorExpired => request.has_cursor,
            _ => true,
        }
    }
}

/// 410: what the cursor pointed at is no longer kept.
pub(crate) fn cursor_expired() -> Problem {
    Problem::new(
        StatusCode::GONE,
        "cursor-expired",
        "The cursor has expired. Begin again without it.",
    )
}

fn failure(status: u16) -> Response {
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    if status.is_server_error() {
        (status, INTERNAL_DETAIL).into_response()
    } else {
        Problem::new(status, "refused", "The request is refused.").into_response()
    }
}

fn too_many(retry_after: u64) -> Problem {
    let detail = format!("Too many requests. Come back in {retry_after} s.");
    Problem::new(StatusCode::TOO_MANY_REQUESTS, "too-many-requests", detail)
        .header(header::RETRY_AFTER, HeaderValue::from(retry_after))
}

/// An effect, and the requests that it meets.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fault {
    /// Method and path as in [`ROUTES`], for instance `POST /tasks`; none means every route.
    #[serde(default)]
    pub route: Option<String>,
    /// So many requests are spared first: with 2, the third one is met.
    #[serde(default)]
    pub skip: u64,
    /// So many requests are met then.
    #[serde(default = "once")]
    pub times: u64,
    /// What happens to them.
    #[serde(flatten)]
    pub effect: Effect,
}

fn once() -> u64 {
    1
}

impl Fault {
    /// The next request of this route is met.
    pub fn on(route: &str, effect: Effect) -> Self {
        Self {
            route: Some(route.into()),
            skip: 0,
            times: 1,
            effect,
        }
    }

    /// The next request is met, whatever its route.
    pub fn anywhere(effect: Effect) -> Self {
        Self {
            route: None,
            skip: 0,
            times: 1,
            effect,
        }
    }

    /// So many requests are met in place of one.
    pub fn times(self, times: u64) -> Self {
        Self { times, ..self }
    }

    /// So many requests are spared first.
    pub fn after(self, skip: u64) -> Self {
        Self { skip, ..self }
    }
}

/// A fault that would never happen, or would be none: a check with it would pass for the wrong reason.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum WrongFault {
    /// The tracker has no such route.
    #[error(
        "the tracker has no route {0:?}; the routes are those of its API page, written like \"POST /tasks\""
    )]
    UnknownRoute(String),
    /// The effect cannot meet a request of this route.
    #[error("this effect meets no request of {0:?}; the API page says which requests it counts")]
    NeverMet(String),
    /// The status is not that of an error.
    #[error("{0} is not the status of an error; take one from 400 to 599")]
    NoErrorStatus(u16),
}

/// What a fault may ask about a request.
#[derive(Debug, Default, Clone, Copy)]
pub(crate) struct Features {
    pub(crate) names_task: bool,
    pub(crate) has_cursor: bool,
}

/// The faults that are still to come.
#[derive(Debug, Default)]
pub(crate) struct Faults(Vec<Fault>);

impl Faults {
    pub(crate) fn add(&mut self, fault: Fault) -> Result<(), WrongFault> {
        if let Some(name) = &fault.route {
            let route = ROUTES.iter().find(|route| route.name() == *name);
            let route = route.ok_or_else(|| WrongFault::UnknownRoute(name.clone()))?;
            if !fault.effect.can_meet(route) {
                return Err(WrongFault::NeverMet(name.clone()));
            }
        }
        if let Effect::Status { status } = fault.effect
            && !(400..600).contains(&status)
        {
            return Err(WrongFault::NoErrorStatus(status));
        }
        self.0.push(fault);
        Ok(())
    }

    pub(crate) fn clear(&mut self) {
        self.0.clear();
    }

    pub(crate) fn pending(&self) -> &[Fault] {
        &self.0
    }

    /// What happens to a request of `route`. Replies of one route come one after the other, in the order in which they were
    /// asked for: a fault whose turn has not come does not count this request.
    pub(crate) fn meet(&mut self, route: Option<&str>, request: &Features) -> Vec<Effect> {
        let mut met: Vec<Effect> = Vec::new();
        for fault in &mut self.0 {
            let here = fault.route.is_none() || fault.route.as_deref() == route;
            let turn = !(fault.effect.replies() && met.iter().any(Effect::replies));
            if !here || !turn || !fault.effect.concerns(request) {
                continue;
            }
            if fault.skip > 0 {
                fault.skip -= 1;
            } else if fault.times > 0 {
                fault.times -= 1;
                met.push(fault.effect.clone());
            }
        }
        self.0.retain(|fault| fault.times > 0);
        met
    }
}

/// How long to wait before and after the work.
pub(crate) fn pauses(effects: &[Effect]) -> (Duration, Duration) {
    let sum = |pick: fn(&Effect) -> u64| Duration::from_millis(effects.iter().map(pick).sum());
    let before = sum(|effect| {
        if let Effect::Latency { millis } = effect {
            *millis
        } else {
            0
        }
    });
    let after = sum(|effect| {
        if let Effect::LateReply { millis } = effect {
            *millis
        } else {
            0
        }
    });
    (before, after)
}

#[cfg(test)]
mod tests {
    use super::*;

    const PLAIN: Features = Features {
        names_task: false,
        has_cursor: false,
    };

    #[test]
    fn replies_follow_one_another() {
        let mut faults = Faults::default();
        let late = Effect::LateReply { millis: 1 };
        faults
            .add(Fault::on("POST /tasks", Effect::Status { status: 503 }).times(2))
            .expect("route");
        faults
            .add(Fault::on(
                "POST /tasks",
                Effect::TooManyRequests { retry_after: 1 },
            ))
            .expect("route");
        faults
            .add(Fault::anywhere(late.clone()).after(1))
            .expect("route");
        let first = faults.meet(Some("POST /tasks"), &PLAIN);
        let second = faults.meet(Some("POST /tasks"), &PLAIN);
        let third = faults.meet(Some("POST /tasks"), &PLAIN);
        assert_eq!(first, [Effect::Status { status: 503 }]);
        assert_eq!(second, [Effect::Status { status: 503 }, late]);
        assert_eq!(third, [Effect::TooManyRequests { retry_after: 1 }]);
        assert!(faults.pending().is_empty());
    }

    #[test]
    fn only_requests_that_are_concerned_count() {
        let mut faults = Faults::default();
        faults
            .add(Fault::anywhere(Effect::CursorExpired))
            .expect("no route");
        assert!(faults.meet(Some("GET /tasks"), &PLAIN).is_empty());
        let with_cursor = Features {
            has_cursor: true,
            ..PLAIN
        };
        assert_eq!(
            faults.meet(Some("GET /tasks"), &with_cursor),
            [Effect::CursorExpired]
        );
    }

    #[test]
    fn what_could_not_happen_is_refused() {
        let route = Fault::on("PUT /tasks", Effect::TruncatedJson);
        let status = Fault::anywhere(Effect::Status { status: 200 });
        for (name, effect) in [
            ("GET /health", Effect::TruncatedJson),
            ("DELETE /admin/faults", Effect::TokenExpired),
            ("POST /tasks", Effect::EditedMeanwhile),
            ("GET /tasks/{task}", Effect::CursorExpired),
        ] {
            let never = WrongFault::NeverMet(name.into());
            assert_eq!(Faults::default().add(Fault::on(name, effect)), Err(never));
        }
        let unknown = WrongFault::UnknownRoute("PUT /tasks".into());
        assert_eq!(Faults::default().add(route), Err(unknown));
        assert_eq!(
            Faults::default().add(status),
            Err(WrongFault::NoErrorStatus(200))
        );
    }
}

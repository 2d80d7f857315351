//! What a server tells of a call before its reply, and taking a call back.
//!
//! Both are the same in both eras. Specification 2026-07-28, basic/patterns/progress and basic/patterns/cancellation.

use serde_json::{Value, json};

use super::finding::Verdict;
use super::protocol;
use super::recorder::lock;
use super::reply::Reply;
use super::server::{Pending, Server};

/// One `notifications/progress`.
#[derive(Debug, Clone)]
pub struct Progress {
    /// Its place among the requests and notifications of the server, from 0.
    place: usize,
    params: Value,
}

impl Progress {
    /// The token, which says to which call it belongs.
    pub fn token(&self) -> &Value {
        &self.params["progressToken"]
    }

    /// How far the work is, if it is a number.
    pub fn done(&self) -> Option<f64> {
        self.params["progress"].as_f64()
    }

    /// How far it goes, if that is said.
    pub fn total(&self) -> Option<f64> {
        self.params["total"].as_f64()
    }

    /// Whether it came before this reply.
    pub fn is_before(&self, reply: &Reply) -> bool {
        self.place < reply.heard_before()
    }

    /// Whether it came after this moment, which [`Server::told_so_far`] gave.
    pub fn is_since(&self, told: usize) -> bool {
        self.place >= told
    }

    /// As a person says it: `200 of 500`.
    pub fn spoken(&self) -> String {
        let done = match self.done() {
            // `200.0` on the wire is 200.
            Some(done) => done.to_string(),
            None => self.params["progress"].to_string(),
        };
        match self.total() {
            Some(total) => format!("{done} of {total}"),
            None => done,
        }
    }
}

impl Server {
    /// Calls a tool and asks to be told about its progress under `token`, without waiting for the reply.
    ///
    /// # Errors
    /// The server does not read its input.
    pub async fn begin_call_told(
        &self,
        tool: &str,
        arguments: Value,
        token: &Value,
    ) -> Verdict<Pending> {
        let meta = json!({"progressToken": token});
        let params = json!({"name": tool, "arguments": arguments, "_meta": meta});
        self.begin("tools/call", params).await
    }

    /// Every `notifications/progress` so far, oldest first.
    pub fn progress(&self) -> Vec<Progress> {
        let known = lock(&self.log().inner);
        let first = known.incoming_count - known.incoming.len();
        let all = known.incoming.iter().enumerate();
        all.filter(|(_, message)| message["method"] == "notifications/progress")
            .map(|(index, message)| Progress {
                place: first + index,
                params: message["params"].clone(),
            })
            .collect()
    }

    /// How many requests and notifications have come so far.
    pub fn told_so_far(&self) -> usize {
        lock(&self.log().inner).incoming_count
    }

    /// Takes back a call whose reply nobody waits for any more.
    ///
    /// # Errors
    /// The server does not read its input.
    pub async fn cancel(&self, call: &Pending) -> Verdict {
        let params = json!({"requestId": call.id(), "reason": "the user has stopped the call"});
        let message = protocol::notification("notifications/cancelled", params);
        self.send_line(&message.to_string()).await
    }
}

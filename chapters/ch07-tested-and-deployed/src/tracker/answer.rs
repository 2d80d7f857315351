//! One answer of the tracker, sorted: what it brings, or which error it is.

use std::time::Duration;

use reqwest::header::{AsHeaderName, HeaderMap, RETRY_AFTER};
use reqwest::{RequestBuilder, StatusCode};
use serde::de::DeserializeOwned;

use super::{Reply, TrackerError};

/// So much of a body is kept for the log.
const EXCERPT: usize = 500;

/// A reply that says yes.
pub(super) struct Answer {
    request: String,
    headers: HeaderMap,
    body: Vec<u8>,
}

impl Answer {
    /// Sends a request once and waits for the whole reply.
    pub(super) async fn to(request: RequestBuilder) -> Reply<Self> {
        let (http, request) = request.build_split();
        let request = request.map_err(|source| TrackerError::Unreachable {
            request: "a request that cannot be sent".to_owned(),
            source,
        })?;
        let name = format!("{} {}", request.method(), request.url());
        let failed = |source: reqwest::Error| match source.is_timeout() {
            true => TrackerError::TimedOut {
                request: name.clone(),
            },
            false => TrackerError::Unreachable {
                request: name.clone(),
                source,
            },
        };
        let reply = http.execute(request).await.map_err(failed)?;
        let status = reply.status();
        let headers = reply.headers().clone();
        let body = reply.bytes().await.map_err(failed)?.to_vec();
        let answer = Self {
            request: name,
            headers,
            body,
        };
        match status.is_success() {
            true => Ok(answer),
            false => Err(answer.error(status)),
        }
    }

    /// A header, if it is there and is text.
    pub(super) fn header(&self, name: impl AsHeaderName) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// The body.
    pub(super) fn json<T: DeserializeOwned>(self) -> Reply<T> {
        serde_json::from_slice(&self.body).map_err(|_| TrackerError::BrokenReply {
            body: self.excerpt(),
            request: self.request,
        })
    }

    fn error(self, status: StatusCode) -> TrackerError {
        let request = self.request.clone();
        if status == StatusCode::TOO_MANY_REQUESTS {
            let seconds = self.header(RETRY_AFTER).and_then(|text| text.parse().ok());
            let retry_after = Duration::from_secs(seconds.unwrap_or_default());
            return TrackerError::Busy {
                request,
                retry_after,
            };
        }
        let status = status.as_u16();
        match serde_json::from_slice(&self.body) {
            Ok(problem) if (400..500).contains(&status) => TrackerError::Refused {
                request,
                status,
                problem,
            },
            // Whoever answers without a problem is no tracker, or one that is broken.
            _ => TrackerError::Failed {
                request,
                status,
                body: self.excerpt(),
            },
        }
    }

    fn excerpt(&self) -> String {
        String::from_utf8_lossy(&self.body)
            .chars()
            .take(EXCERPT)
            .collect()
    }
}

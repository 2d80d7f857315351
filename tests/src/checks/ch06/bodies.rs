//! Bodies that are too long or too slow, and those that only just fit.

use std::time::Duration;

use tokio::time::{Instant, sleep};

use crate::harness::{Framing, HttpReply, Line, Remote, Verdict, ensure, spoken, wrong};

/// Length of the parts of a body that comes in many, in bytes.
const PART: usize = 100;

/// So many kinds of slow bodies there are.
pub(super) const SLOW: usize = 8;
/// How long a client pauses between the bytes that it sends now and then.
const PAUSE: Duration = Duration::from_millis(20);

/// What is due to a body.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Due {
    /// It fits: the request is served.
    Served,
    /// It does not fit.
    TooLong,
    /// It does not come. Who sees at once that it would be too long may say that.
    TooSlow,
}

/// A body, and how it is sent.
#[derive(Debug)]
pub(super) struct Body {
    /// As a person says it.
    pub(super) name: String,
    /// What is due to it.
    pub(super) due: Due,
    drips: bool,
    framing: Framing,
    parts: Vec<Vec<u8>>,
    ends: bool,
}

impl Body {
    fn new(due: Due, name: &str, framing: Framing) -> Self {
        Self {
            name: name.into(),
            due,
            drips: false,
            framing,
            parts: Vec::new(),
            ends: false,
        }
    }

    /// With these bytes at once.
    fn bytes(mut self, bytes: &[u8]) -> Self {
        self.parts = vec![bytes.to_vec()];
        self
    }

    /// With these bytes in small parts.
    fn in_parts(mut self, bytes: &[u8]) -> Self {
        self.parts = bytes.chunks(PART).map(<[u8]>::to_vec).collect();
        self
    }

    /// With an end that says so.
    fn ending(mut self) -> Self {
        self.ends = true;
        self
    }

    fn dripping(mut self) -> Self {
        self.drips = true;
        self
    }

    /// Sends a request with it, as far as it goes.
    ///
    /// # Errors
    /// There is no connection.
    pub(super) async fn send(&self, remote: &Remote) -> Verdict<Line> {
        let request = remote.post(&remote.message("tools/list", serde_json::json!({})));
        let mut line = remote.begin(&request, self.framing).await?;
        for part in &self.parts {
            match self.framing {
                Framing::Length(_) => line.write(part).await,
                Framing::Chunked => line.part(part).await,
            }
        }
        if self.ends && self.framing == Framing::Chunked {
            line.part(b"").await;
        }
        Ok(line)
    }

    /// What came of it. A client that sends a byte now and then does so until the server has said something, or `limit`
    /// is over.
    ///
    /// # Errors
    /// The server neither replies nor hangs up.
    pub(super) async fn reply(
        &self,
        mut line: Line,
        limit: Duration,
    ) -> Verdict<Option<HttpReply>> {
        let end = Instant::now() + limit;
        while self.drips && !line.is_answered() {
            ensure(Instant::now() < end, || {
                wrong("The server goes on waiting for a body that comes a byte at a time.")
                    .expected("status 408, or the end of the connection")
                    .got(format!("neither within {}", spoken(limit)))
            })?;
            match self.framing {
                Framing::Length(_) => line.write(b" ").await,
                Framing::Chunked => line.part(b" ").await,
            }
            sleep(PAUSE).await;
        }
        line.reply().await
    }
}

/// The same JSON, made longer by blanks.
fn padded(json: &str, length: usize) -> Vec<u8> {
    let blanks = length.saturating_sub(json.len());
    format!("{json}{}", " ".repeat(blanks)).into_bytes()
}

fn length(bytes: usize) -> Framing {
    Framing::Length(bytes as u64)
}

/// As long as a body may be.
pub(super) fn that_fit(message: &str, limit: usize) -> [Body; 2] {
    let whole = padded(message, limit);
    let fits = |name, framing| Body::new(Due::Served, name, framing);
    [
        fits("as many bytes as there may be", length(limit)).bytes(&whole),
        fits("as many bytes as there may be, in parts", Framing::Chunked)
            .in_parts(&whole)
            .ending(),
    ]
}

/// Longer than that, said or not.
pub(super) fn too_long(message: &str, limit: usize) -> [Body; 5] {
    let (over, long) = (padded(message, limit + 1), padded(message, 100 * limit));
    let refused = |name, framing| Body::new(Due::TooLong, name, framing);
    [
        refused("one byte too many", length(limit + 1)).bytes(&over),
        refused("a hundred times as much", length(100 * limit)).bytes(&long),
        refused("one byte too many in parts", Framing::Chunked)
            .in_parts(&over)
            .ending(),
        refused("a hundred times as much in one part", Framing::Chunked)
            .bytes(&long)
            .ending(),
        refused("too much in parts, and no end", Framing::Chunked).in_parts(&over),
    ]
}

/// Those that do not come, or not to their end.
pub(super) fn too_slow(message: &str, limit: usize) -> [Body; SLOW] {
    let half = &padded(message, limit)[..limit / 2];
    let slow = |name, framing| Body::new(Due::TooSlow, name, framing);
    [
        slow("a body announced, and none sent", length(limit)),
        slow(
            "one byte too many announced, and none sent",
            length(limit + 1),
        ),
        slow(
            "a terabyte announced, and none sent",
            Framing::Length(1 << 40),
        ),
        slow("half of the body", length(limit)).bytes(half),
        slow("no part of a body in parts", Framing::Chunked),
        slow("the first parts, and no end", Framing::Chunked).in_parts(half),
        slow("a byte now and then", length(limit)).dripping(),
        slow("a part now and then", Framing::Chunked).dripping(),
    ]
}

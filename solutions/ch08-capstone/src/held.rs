//! A reply that holds something until it has been sent.

// ANCHOR: ex-8-7-g
use std::pin::Pin;
use std::task::{Context, Poll};

use axum::body::{Body, Bytes, HttpBody};
use axum::response::Response;
use http_body::{Frame, SizeHint};

use crate::limits::Permit;

/// Keeps a place until the body of a reply has been sent or is given up: a stream goes on long after its
/// head, and ends when its client goes away.
pub fn until_sent(response: Response, permit: Permit) -> Response {
    response.map(|body| {
        Body::new(Held {
            body,
            _permit: permit,
        })
    })
}

struct Held {
    body: Body,
    _permit: Permit,
}

impl HttpBody for Held {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        Pin::new(&mut self.body).poll_frame(context)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
// ANCHOR_END: ex-8-7-g

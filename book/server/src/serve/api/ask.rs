//! The JSON object of a request.

use axum::body::Bytes;
use axum::extract::{FromRequest, Request};
use serde::de::DeserializeOwned;

use crate::serve::refusal::Refusal;

/// The body of a request, as the type that its handler wants. What does not fit is refused in the server's own form.
pub(crate) struct Ask<T>(pub(crate) T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for Ask<T> {
    type Rejection = Refusal;

    async fn from_request(request: Request, state: &S) -> Result<Self, Refusal> {
        let body = Bytes::from_request(request, state)
            .await
            .map_err(|_| Refusal::bad_request("the body cannot be read"))?;
        // A list would do for a struct, field by field; no page sends one.
        if body.trim_ascii_start().first() != Some(&b'{') {
            return Err(Refusal::bad_request("the body is no JSON object"));
        }
        serde_json::from_slice(&body)
            .map(Self)
            .map_err(|error| Refusal::bad_request(format!("the body is not understood: {error}")))
    }
}

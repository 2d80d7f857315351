//! What handlers take out of a request. Every refusal is a problem.

use axum::Json;
use axum::body::Bytes;
use axum::extract::{FromRequest, FromRequestParts, Path, Query, Request};
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode, Uri, header};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value, json};

use crate::cursor;
use crate::problem::Problem;

/// What a handler gives.
pub(crate) type Reply<T> = Result<T, Problem>;

/// Items on a page if nobody asks for another number.
const LIMIT: u64 = 20;

/// Most items on a page.
pub(crate) const MOST: u64 = 100;

/// The ids in the path, decoded.
pub(crate) struct Ids<T>(pub(crate) T);

impl<T: DeserializeOwned + Send, S: Send + Sync> FromRequestParts<S> for Ids<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let Path(ids) = Path::from_request_parts(parts, state).await.map_err(|_| {
            let detail = "The path is no percent-encoded UTF-8. Encode every segment of its own.";
            Problem::bad_request("malformed-path", detail)
        })?;
        Ok(Self(ids))
    }
}

/// The query of a request. The gate has looked whether the route knows the names.
#[derive(Debug, Clone, Default)]
pub(crate) struct Parameters(Vec<(String, String)>);

impl Parameters {
    pub(crate) fn of(uri: &Uri) -> Reply<Self> {
        Query::try_from_uri(uri)
            .map(|Query(pairs)| Self(pairs))
            .map_err(|_| {
                Problem::bad_request(
                    "malformed-query",
                    "The query cannot be read: NAME=VALUE&NAME=VALUE, encoded.",
                )
            })
    }

    /// Refuses names that are not in `known`, and names that come twice.
    pub(crate) fn check(&self, known: &[&str]) -> Reply<()> {
        for (place, (name, _)) in self.0.iter().enumerate() {
            if !known.contains(&name.as_str()) {
                let detail = format!("{name:?} is no parameter of this route.");
                return Err(Problem::bad_request("unknown-parameter", detail)
                    .field(name)
                    .allowed(known.iter().copied()));
            }
            if self.0[..place].iter().any(|(before, _)| before == name) {
                return Err(Problem::bad_request(
                    "repeated-parameter",
                    format!("{name} comes twice."),
                )
                .field(name));
            }
        }
        Ok(())
    }

    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        self.0
            .iter()
            .find(|(known, _)| known == name)
            .map(|(_, value)| value.as_str())
    }

    /// A value that must be one of a few.
    pub(crate) fn one_of<T: Copy>(&self, name: &str, all: &[(&str, T)]) -> Reply<Option<T>> {
        let Some(text) = self.get(name) else {
            return Ok(None);
        };
        let found = all.iter().find(|(known, _)| *known == text);
        found.map(|(_, value)| Some(*value)).ok_or_else(|| {
            bad(name, format!("{text:?} is no value for {name}."))
                .allowed(all.iter().map(|(known, _)| *known))
        })
    }

    /// A whole number in a range.
    pub(crate) fn number(&self, name: &str, default: u64, least: u64, most: u64) -> Reply<u64> {
        let Some(text) = self.get(name) else {
            return Ok(default);
        };
        text.parse()
            .ok()
            .filter(|number| (least..=most).contains(number))
            .ok_or_else(|| {
                bad(
                    name,
                    format!("{name} is a whole number from {least} to {most}."),
                )
            })
    }

    /// One page of a list, beginning after the cursor. Each item comes with its place, which rises.
    pub(crate) fn page<T: Serialize>(
        &self,
        list: &str,
        items: impl Iterator<Item = (u64, T)>,
    ) -> Reply<Json<Value>> {
        let limit = self.number("limit", LIMIT, 1, MOST)?;
        let list = self.question(list);
        let after = self
            .get("cursor")
            .map_or(Ok(0), |text| cursor::decode("cursor", &list, text))?;
        let mut rest = items.filter(|(place, _)| *place > after);
        let mut page = Vec::new();
        let mut last = after;
        for (place, item) in rest
            .by_ref()
            .take(usize::try_from(limit).unwrap_or(usize::MAX))
        {
            last = place;
            page.push(item);
        }
        let mut body = json!({ "items": page });
        if rest.next().is_some() {
            body["next_cursor"] = cursor::encode(&list, last).into();
        }
        Ok(Json(body))
    }

    /// The list and its filters: what a cursor belongs to.
    fn question(&self, list: &str) -> String {
        let mut filters: Vec<String> = self
            .0
            .iter()
            .filter(|(name, _)| name != "cursor" && name != "limit")
            .map(|(name, value)| format!("{name}={value:?}"))
            .collect();
        filters.sort();
        format!("{list}?{}", filters.join("&"))
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Parameters {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        Self::of(&parts.uri)
    }
}

/// 400: a parameter of the query has a wrong value.
pub(crate) fn bad(name: &str, detail: String) -> Problem {
    Problem::bad_request("invalid-parameter", detail).field(name)
}

/// A JSON object as body.
pub(crate) struct Object(pub(crate) Map<String, Value>);

impl<S: Send + Sync> FromRequest<S> for Object {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        let media_type =
            text_of(request.headers(), header::CONTENT_TYPE.as_str()).unwrap_or_default();
        if media_type.split(';').next().map(str::trim) != Some("application/json") {
            let detail = "Send the body with Content-Type: application/json.";
            return Err(Problem::new(
                StatusCode::UNSUPPORTED_MEDIA_TYPE,
                "json-expected",
                detail,
            ));
        }
        let bytes = Bytes::from_request(request, state)
            .await
            .map_err(|error| Problem::bad_request("malformed-body", error.to_string()))?;
        match serde_json::from_slice(&bytes) {
            Ok(Value::Object(object)) => Ok(Self(object)),
            Ok(_) => Err(Problem::bad_request(
                "malformed-json",
                "The body is JSON, but no object.",
            )),
            Err(error) => Err(Problem::bad_request(
                "malformed-json",
                format!("The body is no JSON: {error}."),
            )),
        }
    }
}

/// A header as text.
pub(crate) fn text_of<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name).and_then(|value| value.to_str().ok())
}

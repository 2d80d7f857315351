//! Where a client gets a token: the metadata of this server, and the challenge that points at it.
//!
//! <https://modelcontextprotocol.io/specification/2026-07-28/basic/authorization/authorization-server-discovery>

// ANCHOR: ex-8-7-h
use axum::Router;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use reqwest::Url;

use crate::scopes::Scope;

/// Where the metadata of a resource stands, before the path of that resource (RFC 9728).
pub const WELL_KNOWN: &str = "/.well-known/oauth-protected-resource";

/// What this server says about itself to somebody without a token.
#[derive(Debug, Clone)]
pub struct Announcement {
    resource: Url,
    name: String,
    issuer: Option<String>,
    address: String,
}

impl Announcement {
    /// `resource` is how clients reach this server, `issuer` whose tokens it accepts.
    pub fn new(resource: Url, issuer: Option<String>) -> Self {
        // `Url` adds a slash to a bare host. Names are compared to the letter, and are written without it.
        let bare = resource.path() == "/";
        let path = if bare { "" } else { resource.path() };
        let name = match resource.as_str().strip_suffix('/') {
            Some(name) if bare => name.to_owned(),
            _ => resource.as_str().to_owned(),
        };
        let mut address = resource.clone();
        address.set_path(&format!("{WELL_KNOWN}{path}"));
        Self {
            resource,
            name,
            issuer,
            address: address.into(),
        }
    }

    /// How clients reach this server: what their tokens have to name as the audience.
    pub fn resource(&self) -> &str {
        &self.name
    }

    /// The path of the resource, such as `/mcp`.
    pub fn path(&self) -> &str {
        self.resource.path()
    }

    /// The authorization server.
    pub fn issuer(&self) -> Option<&str> {
        self.issuer.as_deref()
    }

    /// The address of the metadata.
    pub fn address(&self) -> &str {
        &self.address
    }

    /// The metadata of this server, for everybody.
    pub fn routes(&self) -> Router {
        let metadata = axum::Json(serde_json::json!({
            "resource": self.resource(),
            "authorization_servers": self.issuer().into_iter().collect::<Vec<_>>(),
            "scopes_supported": Scope::ALL.map(Scope::name),
            "bearer_methods_supported": ["header"],
        }));
        let show = axum::routing::get(|| async { metadata });
        // First the place that belongs to this path, then the one for the whole host.
        Router::new()
            .route(&format!("{WELL_KNOWN}{}", self.path()), show.clone())
            .route(WELL_KNOWN, show)
    }

    /// 401, with the way to a token. `error` is set if there was one that does not count.
    pub fn unauthorized(&self, error: Option<&str>) -> Response {
        let (address, scope) = (self.address(), Scope::Read.name());
        let mut challenge = format!(r#"Bearer resource_metadata="{address}", scope="{scope}""#);
        if let Some(error) = error {
            challenge += &format!(r#", error="{error}""#);
        }
        let headers = [(axum::http::header::WWW_AUTHENTICATE, challenge)];
        (StatusCode::UNAUTHORIZED, headers).into_response()
    }
}
// ANCHOR_END: ex-8-7-h

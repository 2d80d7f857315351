//! The one list of routes: the router is built from it, faults name its entries, and a test compares it with the API page.

use std::sync::Arc;

use axum::Router;
use axum::http::{Method, StatusCode, Uri};
use axum::middleware;
use axum::routing::{MethodRouter, delete, get, post};

use crate::api::{admin, authorize, consent, health, jwks, metadata, token};
use crate::gate;
use crate::refusal::Refusal;
use crate::shared::Shared;

/// Where to ask whether this is an issuer.
pub(crate) const HEALTH: &str = "/health";
pub(crate) const AUTHORIZE: &str = "/authorize";
pub(crate) const CONSENT: &str = "/consent";
pub(crate) const TOKEN: &str = "/token";
pub(crate) const JWKS: &str = "/jwks";

/// What the paths of the admin routes begin with.
const ADMIN: &str = "/admin/";
const WELL_KNOWN: &str = "/.well-known/";
const OPENID: &str = "/.well-known/openid-configuration";

/// An endpoint.
#[derive(Debug, Clone, Copy)]
pub struct Route {
    /// `GET`, `POST` or `DELETE`
    pub method: &'static str,
    /// The path, for an issuer that has its port to itself.
    pub path: &'static str,
    handler: fn() -> MethodRouter<Arc<Shared>>,
}

impl Route {
    /// Method and path, as in `POST /token`.
    pub fn name(&self) -> String {
        format!("{} {}", self.method, self.path)
    }

    /// Whether pages of every site may call it: what it says is for everybody, or for whoever brings a code or a secret along.
    pub(crate) fn is_for_all_sites(&self) -> bool {
        self.path.starts_with(WELL_KNOWN) || self.path == JWKS || self.path == TOKEN
    }

    /// Whether its requests are written down and may be met by faults: those of `/health` and `/admin` are not.
    pub(crate) fn is_journalled(&self) -> bool {
        !self.is_admin() && self.path != HEALTH
    }

    pub(crate) fn is_admin(&self) -> bool {
        self.path.starts_with(ADMIN)
    }

    /// The paths where an issuer with the path `prefix` has it. RFC 8414 section 3.1 puts the prefix behind the well-known
    /// part; OpenID Connect puts it before, so its document is in both places.
    fn paths(&self, prefix: &str) -> Vec<String> {
        let path = self.path;
        if !path.starts_with(WELL_KNOWN) {
            return vec![format!("{prefix}{path}")];
        }
        let mut paths = vec![format!("{path}{prefix}")];
        if path == OPENID && !prefix.is_empty() {
            paths.push(format!("{prefix}{path}"));
        }
        paths
    }
}

/// Every endpoint, in the order of the API page.
pub const ROUTES: &[Route] = &[
    route("GET", "/.well-known/oauth-authorization-server", || {
        get(metadata::oauth)
    }),
    route("GET", OPENID, || get(metadata::openid)),
    route("GET", JWKS, || get(jwks::jwks)),
    route("GET", AUTHORIZE, || get(authorize::authorize)),
    route("POST", CONSENT, || post(consent::consent)),
    route("POST", TOKEN, || post(token::token)),
    route("GET", HEALTH, || get(health::health)),
    route("GET", "/admin/faults", || get(admin::faults)),
    route("POST", "/admin/faults", || post(admin::add_fault)),
    route("DELETE", "/admin/faults", || delete(admin::clear_faults)),
    route("POST", "/admin/keys/rotate", || post(admin::rotate_key)),
    route("DELETE", "/admin/keys/{kid}", || delete(admin::revoke_key)),
];

const fn route(
    method: &'static str,
    path: &'static str,
    handler: fn() -> MethodRouter<Arc<Shared>>,
) -> Route {
    Route {
        method,
        path,
        handler,
    }
}

/// The entry for a method and a matched path.
pub(crate) fn find(method: &Method, path: &str, prefix: &str) -> Option<&'static Route> {
    at(path, prefix).find(|route| route.method == method.as_str())
}

/// The entries for a matched path.
pub(crate) fn at(path: &str, prefix: &str) -> impl Iterator<Item = &'static Route> {
    ROUTES
        .iter()
        .filter(move |route| route.paths(prefix).iter().any(|known| known == path))
}

/// All routes behind the gate.
pub(crate) fn router(shared: &Arc<Shared>) -> Router {
    let options = &shared.options;
    ROUTES
        .iter()
        .filter(|route| options.admin || !route.is_admin())
        .flat_map(|route| {
            let paths = route.paths(&options.path).into_iter();
            paths.map(move |path| (path, route))
        })
        .fold(Router::new(), |router, (path, route)| {
            router.route(&path, (route.handler)())
        })
        .fallback(no_such_path)
        .method_not_allowed_fallback(no_such_method)
        .layer(middleware::from_fn_with_state(
            Arc::clone(shared),
            gate::pass,
        ))
        .with_state(Arc::clone(shared))
}

async fn no_such_path(uri: Uri) -> Refusal {
    let description = format!("There is no path {:?}.", uri.path());
    Refusal::new("unknown_path", description).status(StatusCode::NOT_FOUND)
}

async fn no_such_method(method: Method, uri: Uri) -> Refusal {
    let description = format!(
        "{:?} has no {method}. The header Allow lists what it has.",
        uri.path()
    );
    Refusal::new("unknown_method", description).status(StatusCode::METHOD_NOT_ALLOWED)
}

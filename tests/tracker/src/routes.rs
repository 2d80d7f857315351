//! The one list of routes: the router is built from it, faults name its entries, and a test compares it with the API page.

use std::sync::Arc;

use axum::Router;
use axum::http::{Method, StatusCode, Uri};
use axum::middleware;
use axum::routing::{MethodRouter, delete, get, patch, post};

use crate::api::{admin, attachments, changes, health, imports, members, projects, reports, tasks};
use crate::gate;
use crate::problem::Problem;
use crate::shared::Shared;

/// Where to ask whether this is a tracker; open to everybody.
pub(crate) const HEALTH: &str = "/health";

/// What the paths of the admin routes begin with.
pub(crate) const ADMIN: &str = "/admin/";

/// An endpoint.
#[derive(Debug, Clone, Copy)]
pub struct Route {
    /// `GET`, `POST`, `PATCH` or `DELETE`
    pub method: &'static str,
    /// The path, ids in braces.
    pub path: &'static str,
    /// The names that the query may have.
    pub parameters: &'static [&'static str],
    handler: fn() -> MethodRouter<Arc<Shared>>,
}

impl Route {
    /// Method and path, as in `POST /tasks`.
    pub fn name(&self) -> String {
        format!("{} {}", self.method, self.path)
    }

    /// Whether its requests are written down and may be met by faults: those of `/health` and `/admin` are not.
    pub(crate) fn is_journalled(&self) -> bool {
        !self.is_admin() && self.path != HEALTH
    }

    fn is_admin(&self) -> bool {
        self.path.starts_with(ADMIN)
    }
}

/// Every endpoint, in the order of the API page.
pub const ROUTES: &[Route] = &[
    route("GET", "/health", &[], || get(health::health)),
    route("GET", "/projects", &["archived", "cursor", "limit"], || {
        get(projects::list)
    }),
    route("GET", "/projects/{project}", &[], || get(projects::get)),
    route("POST", "/projects/{project}/archive", &[], || {
        post(projects::archive)
    }),
    route("DELETE", "/projects/{project}", &[], || {
        delete(projects::delete)
    }),
    route(
        "GET",
        "/projects/{project}/members",
        &["prefix", "cursor", "limit"],
        || get(members::list),
    ),
    route("GET", "/projects/{project}/velocity", &[], || {
        get(reports::velocity)
    }),
    route("GET", "/projects/{project}/burndown.png", &[], || {
        get(reports::burndown)
    }),
    route("GET", "/tasks", tasks::FILTERS, || get(tasks::list)),
    route("POST", "/tasks", &[], || post(tasks::create)),
    route("GET", "/tasks/{task}", &[], || get(tasks::get)),
    route("PATCH", "/tasks/{task}", &[], || patch(tasks::change)),
    route("POST", "/tasks/{task}/transitions", &[], || {
        post(tasks::transition)
    }),
    route("DELETE", "/tasks/{task}", &[], || delete(tasks::delete)),
    route(
        "GET",
        "/tasks/{task}/attachments",
        &["cursor", "limit"],
        || get(attachments::list),
    ),
    route("POST", "/tasks/{task}/attachments", &["name"], || {
        post(attachments::add)
    }),
    route("GET", "/tasks/{task}/attachments/{attachment}", &[], || {
        get(attachments::get)
    }),
    route("POST", "/imports", &[], || post(imports::start)),
    route("GET", "/imports/{import}", &[], || get(imports::get)),
    route("POST", "/imports/{import}/cancel", &[], || {
        post(imports::cancel)
    }),
    route("GET", "/changes", &["after", "wait_ms", "limit"], || {
        get(changes::list)
    }),
    route("GET", "/admin/faults", &[], || get(admin::list)),
    route("POST", "/admin/faults", &[], || post(admin::add)),
    route("DELETE", "/admin/faults", &[], || delete(admin::clear)),
];

const fn route(
    method: &'static str,
    path: &'static str,
    parameters: &'static [&'static str],
    handler: fn() -> MethodRouter<Arc<Shared>>,
) -> Route {
    Route {
        method,
        path,
        parameters,
        handler,
    }
}

/// The entry for a method and a matched path.
pub(crate) fn find(method: &Method, path: &str) -> Option<&'static Route> {
    ROUTES
        .iter()
        .find(|route| route.path == path && route.method == method.as_str())
}

/// All routes behind the gate.
pub(crate) fn router(shared: Arc<Shared>, admin: bool) -> Router {
    ROUTES
        .iter()
        .filter(|route| admin || !route.is_admin())
        .fold(Router::new(), |router, route| {
            router.route(route.path, (route.handler)())
        })
        .fallback(no_such_path)
        .method_not_allowed_fallback(no_such_method)
        .layer(middleware::from_fn_with_state(
            Arc::clone(&shared),
            gate::pass,
        ))
        .with_state(shared)
}

async fn no_such_path(uri: Uri) -> Problem {
    let detail = format!(
        "There is no path {:?}. A slash inside of an id is written %2F.",
        uri.path()
    );
    Problem::new(StatusCode::NOT_FOUND, "unknown-path", detail)
}

async fn no_such_method(method: Method, uri: Uri) -> Problem {
    let detail = format!(
        "{:?} has no {method}. The header Allow lists what it has.",
        uri.path()
    );
    Problem::new(StatusCode::METHOD_NOT_ALLOWED, "unknown-method", detail)
}

//! A client of the tracker: one method an endpoint, one attempt a request. Nothing here knows of MCP;
//! the derived schemas are for whoever shows these types.

mod answer;
mod error;
mod model;

use std::time::Duration;

use reqwest::{Client, Method, RequestBuilder, Url, redirect};

use self::answer::Answer;
pub use self::error::{Problem, TrackerError};
pub use self::model::{NewTask, Task};
use crate::secret::Secret;

/// What a request to the tracker brings.
pub type Reply<T> = Result<T, TrackerError>;

/// As many items as the tracker gives at once.
const PAGE: &str = "100";

/// The tracker. Clones share their connections.
#[derive(Clone)]
pub struct Tracker {
    http: Client,
    url: Url,
    token: Secret,
}

/// Every method that asks the tracker sends one request and fails as [`TrackerError`] says.
impl Tracker {
    /// A client of the tracker at `url`. `attempt` is the limit of each request; nothing is sent yet.
    ///
    /// # Errors
    /// The system lacks something that every HTTP client needs.
    pub fn new(url: Url, token: Secret, attempt: Duration) -> reqwest::Result<Self> {
        let http = Client::builder()
            .timeout(attempt)
            // The tracker sends nobody elsewhere, and the token is for the tracker alone.
            .redirect(redirect::Policy::none())
            // It is a neighbour: a proxy for the web does not stand between.
            .no_proxy()
            .build()?;
        Ok(Self { http, url, token })
    }

    /// Looks whether there is a tracker that answers.
    pub async fn health(&self) -> Reply<()> {
        let request = self.request(Method::GET, &["health"])?;
        Answer::to(request).await.map(drop)
    }

    /// The tasks of a project, 100 at most.
    pub async fn tasks(&self, project: &str) -> Reply<Vec<Task>> {
        let request = self.request(Method::GET, &["tasks"])?;
        let request = request.query(&[("project", project), ("limit", PAGE)]);
        let page: model::Page<Task> = Answer::to(request).await?.json()?;
        Ok(page.items)
    }

    /// One task.
    pub async fn task(&self, task: &str) -> Reply<Task> {
        let request = self.request(Method::GET, &["tasks", task])?;
        Answer::to(request).await?.json()
    }

    /// Makes a task. The tracker makes it once for all requests with the same key.
    pub async fn create_task(&self, task: &NewTask, key: &str) -> Reply<Task> {
        let request = self.request(Method::POST, &["tasks"])?.json(task);
        let request = request.header("Idempotency-Key", key);
        Answer::to(request).await?.json()
    }

    /// A request that nobody has sent yet. Each item of `path` becomes one segment, percent-encoded.
    fn request(&self, method: Method, path: &[&str]) -> Reply<RequestBuilder> {
        // A dot alone would lead to the folder above, and an empty segment to another path.
        if let Some(odd) = path.iter().find(|part| matches!(**part, "" | "." | "..")) {
            return Err(TrackerError::no_id(odd));
        }
        let mut url = self.url.clone();
        if let Ok(mut segments) = url.path_segments_mut() {
            segments.pop_if_empty().extend(path);
        }
        tracing::info!(%method, path = url.path(), "asking the tracker");
        Ok(self
            .http
            .request(method, url)
            .bearer_auth(self.token.expose()))
    }
}

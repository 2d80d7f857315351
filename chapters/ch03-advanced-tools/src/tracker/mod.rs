//! A client of the tracker: one method an endpoint, one attempt a call. Nothing here knows of MCP;
//! the derived schemas are for whoever shows these types.

mod answer;
mod error;
mod model;

use std::time::Duration;

use reqwest::header::{ETAG, IF_MATCH};
use reqwest::{Client, Method, RequestBuilder, Url, redirect};
use serde::de::DeserializeOwned;
use serde_json::json;

use self::answer::Answer;
pub use self::error::{Problem, TrackerError};
pub use self::model::{
    Import, ImportState, NewTask, Page, Project, Sprint, State, Task, TaskLine, TaskQuery,
    Velocity, Versioned,
};

/// What a request to the tracker brings.
pub type Reply<T> = Result<T, TrackerError>;

/// The header that makes the creation of a task repeatable.
const IDEMPOTENCY_KEY: &str = "Idempotency-Key";

/// The tracker. Clones share their connections.
///
/// Without `Debug`: the token is a secret.
#[derive(Clone)]
pub struct Tracker {
    http: Client,
    url: Url,
    token: String,
}

/// Every method that asks the tracker sends one request and fails as [`TrackerError`] says.
impl Tracker {
    /// A client of the tracker at `url`. `attempt` is the limit of each request; nothing is sent yet.
    ///
    /// # Errors
    /// The system lacks something that every HTTP client needs.
    pub fn new(url: Url, token: String, attempt: Duration) -> reqwest::Result<Self> {
        let http = Client::builder()
            .timeout(attempt)
            // The tracker sends nobody elsewhere, and the token is for the tracker alone.
            .redirect(redirect::Policy::none())
            // It is a neighbour: a proxy for the web does not stand between.
            .no_proxy()
            .build()?;
        Ok(Self { http, url, token })
    }

    /// Where the tracker is.
    pub fn url(&self) -> &Url {
        &self.url
    }

    /// One page of the projects.
    pub async fn projects(&self, cursor: Option<&str>) -> Reply<Page<Project>> {
        let request = self.request(Method::GET, &["projects"])?;
        self.read(request.query(&[("cursor", cursor)])).await
    }

    /// The points of a project's sprints.
    pub async fn velocity(&self, project: &str) -> Reply<Velocity> {
        let path = ["projects", project, "velocity"];
        self.read(self.request(Method::GET, &path)?).await
    }

    /// One page of the tasks that a query describes.
    pub async fn tasks(&self, query: &TaskQuery) -> Reply<Page<TaskLine>> {
        let request = self.request(Method::GET, &["tasks"])?;
        self.read(request.query(query)).await
    }

    /// One task.
    pub async fn task(&self, task: &str) -> Reply<Versioned> {
        let request = self.request(Method::GET, &["tasks", task])?;
        let answer = self.send(request).await?;
        let etag = answer.header(ETAG).map(str::to_owned);
        let task = answer.json()?;
        Ok(Versioned { task, etag })
    }

    /// Makes a task. With the same `key`, however often it is sent, the tracker makes one.
    pub async fn create_task(&self, task: &NewTask, key: Option<&str>) -> Reply<Task> {
        let mut request = self.request(Method::POST, &["tasks"])?.json(task);
        if let Some(key) = key {
            request = request.header(IDEMPOTENCY_KEY, key);
        }
        self.read(request).await
    }

    /// Moves a task to another state, if it is still the version that `etag` names.
    pub async fn transition(&self, task: &str, to: State, etag: Option<&str>) -> Reply<Task> {
        let path = ["tasks", task, "transitions"];
        let mut request = self.request(Method::POST, &path)?;
        if let Some(etag) = etag {
            request = request.header(IF_MATCH, etag);
        }
        self.read(request.json(&json!({ "to": to }))).await
    }

    /// Deletes a task for good.
    pub async fn delete_task(&self, task: &str) -> Reply<()> {
        let request = self.request(Method::DELETE, &["tasks", task])?;
        self.send(request).await.map(drop)
    }

    /// Starts an import of so many rows. It goes on by itself, even if nobody waits for the reply.
    pub async fn start_import(&self, project: &str, rows: u64) -> Reply<Import> {
        let body = json!({ "project": project, "rows": rows });
        let request = self.request(Method::POST, &["imports"])?;
        self.read(request.json(&body)).await
    }

    /// How far an import is.
    pub async fn import(&self, import: &str) -> Reply<Import> {
        let request = self.request(Method::GET, &["imports", import])?;
        self.read(request).await
    }

    /// Stops an import. A second time changes nothing.
    pub async fn cancel_import(&self, import: &str) -> Reply<Import> {
        let path = ["imports", import, "cancel"];
        self.read(self.request(Method::POST, &path)?).await
    }

    /// A request with the token. Each part of the path is a segment of its own, whatever it holds.
    fn request(&self, method: Method, path: &[&str]) -> Reply<RequestBuilder> {
        // A URL knows `.` and `..` as steps, even when they are encoded: they cannot be names.
        if let Some(step) = path
            .iter()
            .find(|segment| matches!(**segment, "" | "." | ".."))
        {
            return Err(TrackerError::no_id(step));
        }
        let mut url = self.url.clone();
        if let Ok(mut segments) = url.path_segments_mut() {
            segments.pop_if_empty().extend(path);
        }
        Ok(self.http.request(method, url).bearer_auth(&self.token))
    }

    /// Sends a request and reads the JSON of the answer.
    async fn read<T: DeserializeOwned>(&self, request: RequestBuilder) -> Reply<T> {
        self.send(request).await?.json()
    }

    async fn send(&self, request: RequestBuilder) -> Reply<Answer> {
        Answer::to(request).await
    }
}

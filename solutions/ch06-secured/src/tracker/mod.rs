//! A client of the tracker: one method an endpoint, one attempt a request. Nothing here knows of MCP;
//! the derived schemas are for whoever shows these types.

mod answer;
mod error;
mod model;

use std::time::Duration;

use reqwest::header::CONTENT_TYPE;
use reqwest::{Client, Method, RequestBuilder, Url, redirect};
use serde::de::DeserializeOwned;

use self::answer::Answer;
pub use self::error::{Problem, TrackerError};
pub use self::model::{Attachment, Changes, NewTask, Project, TaskLine};
use crate::secret::Secret;

/// What a request to the tracker brings.
pub type Reply<T> = Result<T, TrackerError>;

/// As many items as the tracker gives at once.
const PAGE: &str = "100";

/// Where the tracker is, and the connections to it. Clones share them.
#[derive(Clone)]
pub struct Connections {
    http: Client,
    url: Url,
}

impl Connections {
    /// To the tracker at `url`. `attempt` is the limit of each request; nothing is sent yet.
    ///
    /// # Errors
    /// The system lacks something that every HTTP client needs.
    pub fn new(url: Url, attempt: Duration) -> reqwest::Result<Self> {
        let http = Client::builder()
            .timeout(attempt)
            // The tracker sends nobody elsewhere, and the token is for the tracker alone.
            .redirect(redirect::Policy::none())
            // It is a neighbour: a proxy for the web does not stand between.
            .no_proxy()
            .build()?;
        Ok(Self { http, url })
    }

    /// The tracker, as somebody who has this token sees it.
    pub fn with(&self, token: Secret) -> Tracker {
        Tracker {
            connections: self.clone(),
            token,
        }
    }
}

/// The tracker, for one call of a tool.
pub struct Tracker {
    connections: Connections,
    token: Secret,
}

/// Every method fails as [`TrackerError`] says.
impl Tracker {
    /// All projects.
    pub async fn projects(&self) -> Reply<Vec<Project>> {
        self.all(&["projects"], &[]).await
    }

    /// All tasks of a project.
    pub async fn tasks(&self, project: &str) -> Reply<Vec<TaskLine>> {
        self.all(&["tasks"], &[("project", project)]).await
    }

    /// All tasks of all projects.
    pub async fn all_tasks(&self) -> Reply<Vec<TaskLine>> {
        self.all(&["tasks"], &[]).await
    }

    /// What has changed since `after`, as soon as there is something, or after `wait` at the latest.
    pub async fn changes(&self, after: Option<&str>, wait: Duration) -> Reply<Changes> {
        let wait = wait.as_millis().to_string();
        let request = self.request(Method::GET, &["changes"])?;
        let query = [("after", after), ("wait_ms", Some(wait.as_str()))];
        Answer::to(request.query(&query)).await?.json()
    }

    /// One task.
    pub async fn task(&self, task: &str) -> Reply<TaskLine> {
        let request = self.request(Method::GET, &["tasks", task])?;
        Answer::to(request).await?.json()
    }

    /// Makes a task. With the same `key`, however often it is sent, the tracker makes one.
    pub async fn create_task(&self, task: &NewTask<'_>, key: &str) -> Reply<TaskLine> {
        let request = self.request(Method::POST, &["tasks"])?.json(task);
        let request = request.header("Idempotency-Key", key);
        Answer::to(request).await?.json()
    }

    /// Deletes a task for good.
    pub async fn delete_task(&self, task: &str) -> Reply<()> {
        let request = self.request(Method::DELETE, &["tasks", task])?;
        Answer::to(request).await.map(drop)
    }

    /// Adds a file to a task.
    pub async fn attach(
        &self,
        task: &str,
        name: &str,
        media_type: &str,
        bytes: Vec<u8>,
    ) -> Reply<Attachment> {
        let request = self.request(Method::POST, &["tasks", task, "attachments"])?;
        let request = request.query(&[("name", name)]);
        let request = request.header(CONTENT_TYPE, media_type).body(bytes);
        Answer::to(request).await?.json()
    }

    /// A whole list, page by page.
    async fn all<T: DeserializeOwned>(
        &self,
        path: &[&str],
        filter: &[(&str, &str)],
    ) -> Reply<Vec<T>> {
        let mut items = Vec::new();
        let mut cursor: Option<String> = None;
        loop {
            let request = self
                .request(Method::GET, path)?
                .query(filter)
                .query(&[("limit", Some(PAGE)), ("cursor", cursor.as_deref())]);
            let page: model::Page<T> = Answer::to(request).await?.json()?;
            items.extend(page.items);
            match page.next_cursor {
                Some(next) => cursor = Some(next),
                None => return Ok(items),
            }
        }
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
        let Connections { http, url } = &self.connections;
        let mut url = url.clone();
        if let Ok(mut segments) = url.path_segments_mut() {
            segments.pop_if_empty().extend(path);
        }
        let request = http.request(method, url);
        Ok(request.bearer_auth(self.token.expose()))
    }
}

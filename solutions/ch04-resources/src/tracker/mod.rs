//! A client of the tracker: one method an endpoint, one attempt a request. Nothing here knows of MCP.

mod answer;
mod error;
mod model;

use std::time::Duration;

use reqwest::{Client, Method, RequestBuilder, Url, redirect};
use serde::de::DeserializeOwned;

use self::answer::Answer;
pub use self::error::{Problem, TrackerError};
pub use self::model::{Attachment, Change, Changes, Project, State, Task, TaskLine};

/// What a request to the tracker brings.
pub type Reply<T> = Result<T, TrackerError>;

/// As many items as the tracker gives at once.
const PAGE: &str = "100";

/// The tracker. Clones share their connections.
///
/// Without `Debug`: the token is a secret.
#[derive(Clone)]
pub struct Tracker {
    http: Client,
    url: Url,
    token: String,
    attempt: Duration,
}

/// Every method that asks the tracker fails as [`TrackerError`] says.
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
        Ok(Self {
            http,
            url,
            token,
            attempt,
        })
    }

    /// All projects.
    pub async fn projects(&self) -> Reply<Vec<Project>> {
        self.all(&["projects"], &[]).await
    }

    /// One project.
    pub async fn project(&self, project: &str) -> Reply<Project> {
        let request = self.request(Method::GET, &["projects", project])?;
        self.send(request).await?.json()
    }

    /// The current sprint of a project as a picture, in PNG.
    pub async fn burndown(&self, project: &str) -> Reply<Vec<u8>> {
        let path = ["projects", project, "burndown.png"];
        let request = self.request(Method::GET, &path)?;
        Ok(self.send(request).await?.bytes())
    }

    /// All tasks of a project.
    pub async fn tasks(&self, project: &str) -> Reply<Vec<TaskLine>> {
        self.all(&["tasks"], &[("project", project)]).await
    }

    /// One task.
    pub async fn task(&self, task: &str) -> Reply<Task> {
        let request = self.request(Method::GET, &["tasks", task])?;
        self.send(request).await?.json()
    }

    /// One task, if it is one of this project.
    pub async fn task_in(&self, project: &str, task: &str) -> Reply<Task> {
        let found = self.task(task).await?;
        match found.line.project == project {
            true => Ok(found),
            false => Err(TrackerError::no_id(task)),
        }
    }

    /// The attachments of a task, without their bytes.
    pub async fn attachments(&self, task: &str) -> Reply<Vec<Attachment>> {
        self.all(&["tasks", task, "attachments"], &[]).await
    }

    /// The bytes of an attachment.
    pub async fn attachment(&self, task: &str, attachment: &str) -> Reply<Vec<u8>> {
        let path = ["tasks", task, "attachments", attachment];
        let request = self.request(Method::GET, &path)?;
        Ok(self.send(request).await?.bytes())
    }

    /// What changed after a cursor; the cursor of this moment without one. If nothing has changed, the
    /// tracker waits so long for a change.
    pub async fn changes(&self, after: Option<&str>, wait: Duration) -> Reply<Changes> {
        let request = self.request(Method::GET, &["changes"])?;
        let request = match after {
            None => request,
            Some(cursor) => request
                .query(&[("after", cursor)])
                .query(&[("wait_ms", wait.as_millis())])
                // Waiting is what was asked for: it does not count as slowness.
                .timeout(self.attempt + wait),
        };
        self.send(request).await?.json()
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
            let page: model::Page<T> = self.send(request).await?.json()?;
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
        let url = address(&self.url, path);
        Ok(self.http.request(method, url).bearer_auth(&self.token))
    }

    async fn send(&self, request: RequestBuilder) -> Reply<Answer> {
        Answer::to(request).await
    }
}

/// The address of an endpoint: each part of the path is one segment, encoded.
fn address(tracker: &Url, path: &[&str]) -> Url {
    let mut url = tracker.clone();
    // STARTER 4.3-c: url.set_path(&path.join("/"));
    // ANCHOR: ex-4-3-c
    if let Ok(mut segments) = url.path_segments_mut() {
        segments.pop_if_empty().extend(path);
    }
    // ANCHOR_END: ex-4-3-c
    url
}

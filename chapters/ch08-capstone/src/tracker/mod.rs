//! A client of the tracker: one method an endpoint, one attempt a request. Nothing here knows of MCP;
//! the derived schemas are for whoever shows these types.

mod answer;
mod error;
mod model;

use std::time::Duration;

use reqwest::header::{ETAG, IF_MATCH};
use reqwest::{Client, Method, RequestBuilder, Url, redirect};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use self::answer::Answer;
pub use self::error::{Problem, TrackerError};
pub use self::model::{
    Attachment, Change, Changes, Import, ImportState, Member, NewTask, Page, Priority, Project,
    State, Task, TaskLine, TaskQuery, Velocity, Versioned,
};
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
    attempt: Duration,
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
        Ok(Self { http, url, attempt })
    }

    /// The tracker, as somebody who has this token sees it.
    pub fn with(&self, token: Secret) -> Tracker {
        Tracker {
            connections: self.clone(),
            token,
        }
    }
}

/// The tracker, for one call. Clones share their connections.
#[derive(Clone)]
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

    /// One page of the tasks that a query describes.
    pub async fn search(&self, query: &TaskQuery) -> Reply<Page<TaskLine>> {
        let request = self.request(Method::GET, &["tasks"])?;
        self.read(request.query(query)).await
    }

    /// One project.
    pub async fn project(&self, project: &str) -> Reply<Project> {
        self.get(&["projects", project]).await
    }

    /// All members of a project.
    pub async fn members(&self, project: &str) -> Reply<Vec<Member>> {
        self.all(&["projects", project, "members"], &[]).await
    }

    /// What a project gets done.
    pub async fn velocity(&self, project: &str) -> Reply<Velocity> {
        self.get(&["projects", project, "velocity"]).await
    }

    /// The current sprint of a project as a picture, in PNG.
    pub async fn burndown(&self, project: &str) -> Reply<Vec<u8>> {
        self.bytes(&["projects", project, "burndown.png"]).await
    }

    /// One task.
    pub async fn task(&self, task: &str) -> Reply<Versioned> {
        self.versioned(self.request(Method::GET, &["tasks", task])?)
            .await
    }

    /// One task, if it is one of this project.
    pub async fn task_in(&self, project: &str, task: &str) -> Reply<Task> {
        let found = self.task(task).await?.task;
        match found.line.project == project {
            true => Ok(found),
            false => Err(TrackerError::no_id(task)),
        }
    }

    /// Makes a task. With the same `key`, however often it is sent, the tracker makes one.
    pub async fn create_task(&self, task: &NewTask, key: &str) -> Reply<Task> {
        let request = self.request(Method::POST, &["tasks"])?.json(task);
        self.read(request.header("Idempotency-Key", key)).await
    }

    /// Moves a task to another state, if it is still the version that `etag` names.
    pub async fn transition(&self, task: &str, to: State, etag: &str) -> Reply<Versioned> {
        let request = self.request(Method::POST, &["tasks", task, "transitions"])?;
        let request = request.header(IF_MATCH, etag);
        self.versioned(request.json(&json!({ "to": to }))).await
    }

    /// Changes fields of a task, if it is still the version that `etag` names.
    pub async fn change_task(&self, task: &str, fields: &Value, etag: &str) -> Reply<Versioned> {
        let request = self.request(Method::PATCH, &["tasks", task])?;
        self.versioned(request.header(IF_MATCH, etag).json(fields))
            .await
    }

    /// Deletes a task for good.
    pub async fn delete_task(&self, task: &str) -> Reply<()> {
        let request = self.request(Method::DELETE, &["tasks", task])?;
        Answer::to(request).await.map(drop)
    }

    /// The attachments of a task, without their bytes.
    pub async fn attachments(&self, task: &str) -> Reply<Vec<Attachment>> {
        self.all(&["tasks", task, "attachments"], &[]).await
    }

    /// The bytes of an attachment.
    pub async fn attachment(&self, task: &str, attachment: &str) -> Reply<Vec<u8>> {
        self.bytes(&["tasks", task, "attachments", attachment])
            .await
    }

    /// Starts an import of so many rows. It goes on by itself, even if nobody waits for the reply.
    pub async fn start_import(&self, project: &str, rows: u64) -> Reply<Import> {
        let body = json!({ "project": project, "rows": rows });
        let request = self.request(Method::POST, &["imports"])?;
        self.read(request.json(&body)).await
    }

    /// How far an import is.
    pub async fn import(&self, import: &str) -> Reply<Import> {
        self.get(&["imports", import]).await
    }

    /// Stops an import. A second time changes nothing.
    pub async fn cancel_import(&self, import: &str) -> Reply<Import> {
        let path = ["imports", import, "cancel"];
        self.read(self.request(Method::POST, &path)?).await
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
                .timeout(self.connections.attempt + wait),
        };
        self.read(request).await
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
            let page: Page<T> = self.read(request).await?;
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
        let Connections { http, url, .. } = &self.connections;
        let mut url = url.clone();
        if let Ok(mut segments) = url.path_segments_mut() {
            segments.pop_if_empty().extend(path);
        }
        let request = http.request(method, url);
        Ok(request.bearer_auth(self.token.expose()))
    }

    async fn get<T: DeserializeOwned>(&self, path: &[&str]) -> Reply<T> {
        self.read(self.request(Method::GET, path)?).await
    }

    async fn bytes(&self, path: &[&str]) -> Reply<Vec<u8>> {
        let request = self.request(Method::GET, path)?;
        Ok(Answer::to(request).await?.bytes())
    }

    async fn versioned(&self, request: RequestBuilder) -> Reply<Versioned> {
        let answer = Answer::to(request).await?;
        let etag = answer.header(ETAG).unwrap_or_default().to_owned();
        let task = answer.json()?;
        Ok(Versioned { task, etag })
    }

    async fn read<T: DeserializeOwned>(&self, request: RequestBuilder) -> Reply<T> {
        Answer::to(request).await?.json()
    }
}

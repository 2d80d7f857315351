//! A client of the tracker: one method an endpoint, one attempt a request. Nothing here knows of MCP.

mod answer;
mod error;
mod model;

use std::time::Duration;

use reqwest::{Client, Method, RequestBuilder, Url, redirect};
use serde::de::DeserializeOwned;

use self::answer::Answer;
pub use self::error::{Problem, TrackerError};
pub use self::model::{Member, Project, Sprint, State, Task, TaskLine, Velocity};

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
        Ok(Self { http, url, token })
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

    /// All members of a project.
    pub async fn members(&self, project: &str) -> Reply<Vec<Member>> {
        self.all(&["projects", project, "members"], &[]).await
    }

    /// The points of a project's sprints.
    pub async fn velocity(&self, project: &str) -> Reply<Velocity> {
        let path = ["projects", project, "velocity"];
        let request = self.request(Method::GET, &path)?;
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
        let mut url = self.url.clone();
        if let Ok(mut segments) = url.path_segments_mut() {
            segments.pop_if_empty().extend(path);
        }
        Ok(self.http.request(method, url).bearer_auth(&self.token))
    }

    async fn send(&self, request: RequestBuilder) -> Reply<Answer> {
        Answer::to(request).await
    }
}

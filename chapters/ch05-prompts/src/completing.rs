//! Help while a user fills in the arguments of a prompt.

use rmcp::ErrorData;
use rmcp::model::{CompleteRequestParams, CompletionInfo, ServerCapabilities};

use crate::tracker::{Reply, Tracker, TrackerError};

/// What an argument could be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Candidate {
    /// What the argument would become.
    pub id: String,
    /// What people call it. They may begin to type that.
    pub name: String,
}

/// All projects.
///
/// # Errors
/// The tracker cannot answer.
pub async fn projects(tracker: &Tracker) -> Reply<Vec<Candidate>> {
    let projects = tracker.projects().await?.into_iter();
    Ok(projects
        .map(|project| Candidate {
            id: project.id,
            name: project.name,
        })
        .collect())
}

/// The members of a project; nobody if there is no such project.
///
/// # Errors
/// The tracker cannot answer.
pub async fn members(tracker: &Tracker, project: &str) -> Reply<Vec<Candidate>> {
    let members = match tracker.members(project).await {
        Err(TrackerError::Refused { status: 404, .. }) => return Ok(Vec::new()),
        members => members?.into_iter(),
    };
    Ok(members
        .map(|member| Candidate {
            id: member.id,
            name: member.name,
        })
        .collect())
}

/// What the server can do. Who can complete arguments says so.
///
/// <https://modelcontextprotocol.io/specification/2026-07-28/server/utilities/completion#capabilities>
pub fn capabilities() -> ServerCapabilities {
    let known = ServerCapabilities::builder()
        .enable_prompts()
        .enable_resources();
    // Exercise 5.5-b begins. Hint: cargo xtask hint 5.5
    known.build()
    // Exercise 5.5-b ends.
}

/// Values for the argument that a user is typing. `project` and `member` mean the same in every prompt
/// and in every address, so the name of the argument decides.
///
/// # Errors
/// The tracker cannot answer.
pub async fn complete(
    tracker: &Tracker,
    request: &CompleteRequestParams,
) -> Result<CompletionInfo, ErrorData> {
    // Exercise 5.5 begins. Hint: cargo xtask hint 5.5
    let _ = (tracker, request);
    Ok(CompletionInfo::default())
    // Exercise 5.5 ends.
}

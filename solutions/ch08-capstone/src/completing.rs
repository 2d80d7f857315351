//! Help while a user fills in the arguments of a prompt.

// ANCHOR: ex-8-6-d
use rmcp::ErrorData;
use rmcp::model::{CompleteRequestParams, CompletionInfo};

use crate::errors::Failure;
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

/// Values for the argument that a user is typing. `project` and `member` mean the same in every prompt
/// and in every address, so the name of the argument decides.
///
/// # Errors
/// The tracker cannot answer.
pub async fn complete(
    tracker: &Tracker,
    request: &CompleteRequestParams,
) -> Result<CompletionInfo, ErrorData> {
    let context = request.context.as_ref();
    let candidates = match request.argument.name.as_str() {
        "project" => projects(tracker).await.map_err(Failure::from)?,
        // What the user has chosen before comes along.
        "member" => match context.and_then(|context| context.get_argument("project")) {
            Some(project) => members(tracker, project).await.map_err(Failure::from)?,
            None => Vec::new(),
        },
        _ => Vec::new(),
    };
    let typed = request.argument.value.to_lowercase();
    let begins = |text: &str| text.to_lowercase().starts_with(&typed);
    // Names come second: what they lead to does not begin with what was typed.
    let (by_id, others): (Vec<_>, Vec<_>) = candidates
        .into_iter()
        .partition(|candidate| begins(&candidate.id));
    let by_name = others.into_iter().filter(|other| begins(&other.name));
    let mut values: Vec<String> = by_id
        .into_iter()
        .chain(by_name)
        .map(|found| found.id)
        .collect();
    let total = u32::try_from(values.len()).ok();
    let has_more = values.len() > CompletionInfo::MAX_VALUES;
    values.truncate(CompletionInfo::MAX_VALUES);
    CompletionInfo::with_pagination(values, total, has_more)
        .map_err(|problem| ErrorData::internal_error(problem, None))
}
// ANCHOR_END: ex-8-6-d

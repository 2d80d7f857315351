//! Planning milestones, and applying a plan. A plan is kept by nobody: it is its handle.

// ANCHOR: ex-8-3-d
use chrono::{Days, NaiveDate};
use rmcp::handler::server::wrapper::Parameters;
use rmcp::model::SealOptions;
use rmcp::schemars::{self, JsonSchema};
use rmcp::service::RequestContext;
use rmcp::{Json, RoleServer, tool, tool_router};
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::bounds::{self, ID};
use crate::errors::Failure;
use crate::plan;
use crate::server::TrackerServer;
use crate::tracker::{TaskLine, Tracker, TrackerError};
use crate::{audit, sealed};

/// What a handle is for.
const PURPOSE: &str = "plan";

/// For the model: the way on from a handle that does not open.
const NO_PLAN: &str =
    "This plan has expired, or it is not one of yours. Make a new one with plan_milestones.";

/// The arguments of `plan_milestones`.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(transform = crate::schema::without_number_formats)]
pub struct PlanMilestones {
    /// Id of the project, as `list_projects` tells it, such as ATLAS.
    project: String,
    /// The day of the first milestone, as YYYY-MM-DD.
    first_due: String,
    /// Days from one milestone to the next; 14 if left out.
    #[schemars(range(min = 1, max = 90))]
    every_days: Option<i64>,
    /// How many milestones; 3 if left out.
    #[schemars(range(min = 1, max = 12))]
    count: Option<i64>,
}

/// The arguments of `apply_plan`.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ApplyPlan {
    /// The handle that `plan_milestones` gave.
    plan: String,
}

/// One milestone.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(inline)]
pub struct Milestone {
    /// Its day, as YYYY-MM-DD.
    due: String,
    /// The points of its tasks.
    points: u32,
    /// Ids of its tasks, in the order of the plan.
    tasks: Vec<String>,
}

/// The result of `plan_milestones`.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(transform = crate::schema::without_number_formats)]
pub struct Planned {
    /// The handle: what `apply_plan` asks for.
    plan: String,
    /// The milestones, the earliest first.
    milestones: Vec<Milestone>,
    /// Ids of open tasks that fit nowhere.
    left: Vec<String>,
}

/// The result of `apply_plan`.
#[derive(Debug, Default, Serialize, JsonSchema)]
pub struct Applied {
    /// Ids of tasks that have a new day.
    changed: Vec<String>,
    /// Ids of tasks that had their day already.
    unchanged: Vec<String>,
    /// Ids of tasks that somebody has changed since; they stay as they are.
    conflicts: Vec<String>,
}

/// What a handle holds, signed.
#[derive(Debug, Serialize, Deserialize)]
struct Sealed {
    due: String,
    task: String,
    etag: String,
}

#[tool_router(router = plan_tools, vis = "pub(crate)")]
impl TrackerServer {
    /// Plan the open tasks of a project over milestones, as many points each as the team gets done.
    /// Nothing is changed yet. The result has a handle for apply_plan, which is good for 30 minutes, for
    /// you alone.
    #[tool(title = "Plan milestones", annotations(read_only_hint = true))]
    async fn plan_milestones(
        &self,
        Parameters(arguments): Parameters<PlanMilestones>,
        context: RequestContext<RoleServer>,
    ) -> Result<Json<Planned>, Failure> {
        bounds::characters("project", &arguments.project, ID)?;
        let every = bounds::number("every_days", arguments.every_days.unwrap_or(14), 1..=90)?;
        let count = bounds::number("count", arguments.count.unwrap_or(3), 1..=12)?;
        let days = days(&arguments.first_due, every, count)?;
        let caller = self.caller(&context)?;
        let tracker = self.tracker(&caller).await?;
        let tasks = tracker.tasks(&arguments.project).await?;
        let capacity = tracker.velocity(&arguments.project).await?.average;
        let plan = plan::plan(&tasks, count, capacity);

        let mut sealed = Vec::new();
        let mut milestones = Vec::new();
        for (due, places) in days.into_iter().zip(&plan.milestones) {
            let planned: Vec<&TaskLine> = places.iter().map(|place| &tasks[*place]).collect();
            for line in &planned {
                // Lists have no versions: each task is read for its own.
                let (due, etag) = (due.clone(), tracker.task(&line.id).await?.etag);
                let task = line.id.clone();
                sealed.push(Sealed { due, task, etag });
            }
            milestones.push(Milestone {
                due,
                points: planned.iter().map(|line| line.points).sum(),
                tasks: planned.iter().map(|line| line.id.clone()).collect(),
            });
        }
        let bound = sealed::bound_to(PURPOSE, &caller);
        let options = SealOptions::new()
            .associated_data(&bound)
            .ttl(self.handle_ttl());
        let handle = self.codec().seal_json_with(&sealed, &options);
        Ok(Json(Planned {
            plan: handle.map_err(Failure::broken)?,
            milestones,
            left: plan
                .left
                .iter()
                .map(|place| tasks[*place].id.clone())
                .collect(),
        }))
    }

    /// Give the tasks of a plan the days of their milestones. What somebody has changed since the plan was
    /// made stays as it is. A second time changes nothing more.
    #[tool(
        title = "Apply a plan",
        annotations(destructive_hint = false, idempotent_hint = true)
    )]
    async fn apply_plan(
        &self,
        Parameters(ApplyPlan { plan }): Parameters<ApplyPlan>,
        context: RequestContext<RoleServer>,
    ) -> Result<Json<Applied>, Failure> {
        bounds::characters("plan", &plan, 1..=8_000)?;
        let caller = self.caller(&context)?;
        let bound = sealed::bound_to(PURPOSE, &caller);
        let sealed: Result<Vec<Sealed>, _> = self.codec().open_json_with(&plan, &bound);
        let sealed = sealed.map_err(|_| Failure::tool(NO_PLAN))?;
        let tracker = self.tracker(&caller).await?;
        let mut applied = Applied::default();
        for one in sealed {
            let list = match apply(&tracker, &one).await? {
                Outcome::Changed => {
                    audit::change(&caller, "apply_plan", &one.task);
                    &mut applied.changed
                }
                Outcome::Unchanged => &mut applied.unchanged,
                Outcome::Conflict => &mut applied.conflicts,
            };
            list.push(one.task);
        }
        Ok(Json(applied))
    }
}

/// The days of `count` milestones.
fn days(first: &str, every: u64, count: usize) -> Result<Vec<String>, Failure> {
    let refused = || Failure::tool("first_due must be a day that exists, written YYYY-MM-DD.");
    let day = NaiveDate::parse_from_str(first, "%Y-%m-%d").ok();
    // The parser also takes a sign, and days of one digit.
    let first = day.filter(|day| day.to_string() == first);
    let first = first.ok_or_else(refused)?;
    let days = (0..count as u64).map(|number| first.checked_add_days(Days::new(number * every)));
    let days: Option<Vec<NaiveDate>> = days.collect();
    let days = days.ok_or_else(refused)?;
    Ok(days.iter().map(ToString::to_string).collect())
}

/// What became of one task.
enum Outcome {
    Changed,
    Unchanged,
    Conflict,
}

async fn apply(tracker: &Tracker, planned: &Sealed) -> Result<Outcome, TrackerError> {
    let seen = match tracker.task(&planned.task).await {
        Err(TrackerError::Refused { status: 404, .. }) => return Ok(Outcome::Conflict),
        seen => seen?,
    };
    // Looked at first: after this plan was applied, the version is another one, and the day is right.
    if seen.task.line.due.as_deref() == Some(&planned.due) {
        return Ok(Outcome::Unchanged);
    }
    if seen.etag != planned.etag {
        return Ok(Outcome::Conflict);
    }
    let fields = json!({ "due": planned.due });
    match tracker
        .change_task(&planned.task, &fields, &planned.etag)
        .await
    {
        Ok(_) => Ok(Outcome::Changed),
        // Somebody was faster, between the two requests.
        Err(TrackerError::Refused {
            status: 404 | 412, ..
        }) => Ok(Outcome::Conflict),
        Err(error) => Err(error),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_go_over_the_ends_of_months() {
        let days = days("2026-01-31", 28, 3).ok();
        let expected = ["2026-01-31", "2026-02-28", "2026-03-28"].map(String::from);
        assert_eq!(days, Some(expected.to_vec()));
    }

    #[test]
    fn what_is_no_day_is_refused() {
        for text in ["", "2026-02-30", "2026-2-3", "tomorrow", "+2026-02-03"] {
            assert!(days(text, 14, 3).is_err(), "{text}");
        }
    }
}
// ANCHOR_END: ex-8-3-d

//! `sketch_velocity`: a picture made of text. It has faults, and stays as it is: exercise 3.7 is
//! about what stands around it.

use rmcp::handler::server::wrapper::Parameters;
use rmcp::schemars::{self, JsonSchema};
use rmcp::{tool, tool_router};
use serde::Deserialize;

use crate::errors::Failure;
use crate::server::TrackerServer;
use crate::tracker::Velocity;

/// Columns on a page.
const PAGE: u64 = 120;

/// The arguments of `sketch_velocity`.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(transform = crate::schema::without_number_formats)]
pub struct SketchVelocity {
    /// Id of the project, as `list_projects` tells it, such as ATLAS.
    pub project: String,
    /// How wide the longest bar may be.
    pub columns: u64,
}

#[tool_router(router = velocity_tools, vis = "pub(crate)")]
impl TrackerServer {
    /// Draw the points of a project's sprints as bars of text.
    #[tool(title = "Sketch the velocity", annotations(read_only_hint = true))]
    async fn sketch_velocity(
        &self,
        Parameters(SketchVelocity { project, columns }): Parameters<SketchVelocity>,
    ) -> Result<String, Failure> {
        let velocity = self.tracker().velocity(&project).await?;
        // A thought of somebody who debugged this once, and a detail that is nobody's business.
        assert!(
            columns <= PAGE,
            "{columns} columns, {}",
            self.tracker().url()
        );
        Ok(sketch(&velocity, columns))
    }
}

fn sketch(velocity: &Velocity, columns: u64) -> String {
    let most = velocity.sprints.iter().map(|sprint| sprint.done).max();
    let points_per_column = most.unwrap_or_default().div_ceil(columns).max(1);
    let bar = |points: u64| {
        (0..points / points_per_column)
            .map(|_| '#')
            .collect::<String>()
    };
    let lines = velocity.sprints.iter().map(|sprint| {
        format!(
            "sprint {:>3} {} {}\n",
            sprint.number,
            bar(sprint.done),
            sprint.done
        )
    });
    lines.collect()
}

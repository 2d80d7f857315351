//! Which calls are made: everything that the specification of chapter 8 offers, rightly and wrongly.

use std::time::Duration;

use reference_tests::harness::protocol;
use serde_json::{Value, json};
use verdict::Era;

use super::outcome::Outcome;

/// After so many calls a lane begins again.
const ROUND: u64 = 25;
/// So soon a call is taken back that is meant to be.
const SOON: Duration = Duration::from_millis(10);

/// How right calls of tools end. The tracker may fail, and a tool error says so.
const TOOL: &[Outcome] = &[Outcome::Result, Outcome::ToolError];
/// How wrong calls of tools end.
const REFUSED: &[Outcome] = &[Outcome::ToolError];
/// How other right requests end, which have no result that says "error".
const ANSWERED: &[Outcome] = &[Outcome::Result, Outcome::Error(-32603)];
/// How requests end that need no tracker.
const ALWAYS: &[Outcome] = &[Outcome::Result];

/// One call.
pub(super) struct Call {
    /// Its method.
    pub(super) method: &'static str,
    /// Its parameters, without `_meta`.
    pub(super) params: Value,
    /// How it may end.
    pub(super) allowed: &'static [Outcome],
    /// When it is taken back, if it is.
    pub(super) taken_back: Option<Duration>,
}

impl Call {
    fn new(method: &'static str, params: Value, allowed: &'static [Outcome]) -> Self {
        Self {
            method,
            params,
            allowed,
            taken_back: None,
        }
    }

    fn tool(name: &str, arguments: Value, allowed: &'static [Outcome]) -> Self {
        let params = json!({"name": name, "arguments": arguments});
        Self::new("tools/call", params, allowed)
    }

    fn prompt(name: &str, arguments: Value) -> Self {
        let params = json!({"name": name, "arguments": arguments});
        Self::new("prompts/get", params, ANSWERED)
    }

    fn read(uri: &str, allowed: &'static [Outcome]) -> Self {
        Self::new("resources/read", json!({"uri": uri}), allowed)
    }

    fn soon_taken_back(mut self) -> Self {
        self.taken_back = Some(SOON);
        self
    }

    /// With a token for progress.
    fn with_progress(mut self, token: u64) -> Self {
        self.params["_meta"] = json!({"progressToken": token});
        self
    }

    /// The call, for people.
    pub(super) fn spoken(&self) -> String {
        match self.params["name"].as_str() {
            Some(name) => format!("{} {name}", self.method),
            None => self.method.to_owned(),
        }
    }

    /// An end, for people: whether the call could have succeeded at all belongs to it.
    pub(super) fn end(&self, outcome: Outcome) -> String {
        let wanted = [Outcome::Result, Outcome::Question, Outcome::TakenBack];
        match wanted.iter().any(|end| self.allowed.contains(end)) || wanted.contains(&outcome) {
            true => outcome.to_string(),
            false => format!("{outcome} for a call that is wrong"),
        }
    }

    /// The same call with what the user has said to a question.
    pub(super) fn answered(&self, question: &Value) -> Option<Self> {
        let key = question["inputRequests"].as_object()?.keys().next()?;
        let mut params = self.params.clone();
        params["requestState"] = question["requestState"].clone();
        params["inputResponses"] = json!({key: yes()});
        Some(Self::new(self.method, params, TOOL))
    }
}

/// A user who agrees.
pub(super) fn yes() -> Value {
    json!({"action": "accept", "content": {"sure": true}})
}

/// What the client of every lane can do.
pub(super) fn client() -> protocol::Client {
    protocol::Client::able_to(json!({"elicitation": {}}))
}

/// Where later calls of a worker begin: what earlier replies have told.
#[derive(Debug, Default)]
pub(super) struct Learned {
    /// A task that was made and may go.
    task: Option<String>,
    /// A plan.
    plan: Option<String>,
}

impl Learned {
    /// Takes note of what a reply tells.
    pub(super) fn learn(&mut self, call: &Call, reply: &Value) {
        let data = &reply["result"]["structuredContent"];
        let text = |key: &str| data[key].as_str().map(str::to_owned);
        match call.params["name"].as_str() {
            Some("create_task") => self.task = text("id"),
            Some("plan_milestones") => self.plan = text("plan"),
            _ => {}
        }
    }

    /// The call of this number in a lane.
    pub(super) fn next(&mut self, lane: Lane, number: u64) -> Call {
        let (round, place) = (number / ROUND, number % ROUND);
        let task = format!("ATLAS-{}", round % 30 + 1);
        match place {
            0 => Call::tool("list_projects", json!({}), TOOL),
            1 => Call::tool(
                "search_tasks",
                json!({"filter": {"project": "ATLAS", "state": "todo"}, "limit": 5}),
                TOOL,
            ),
            2 => Call::tool(
                "search_tasks",
                json!({"filter": {"colour": "red"}}),
                REFUSED,
            ),
            3 => Call::tool("get_task", json!({"task": task}), TOOL),
            4 => Call::tool("get_task", json!({"task": "BEACON-3", "from": 0}), TOOL),
            5 => Call::tool("get_task", json!({"task": "NOWHERE-1"}), REFUSED),
            6 | 7 => {
                let key = format!("soak-{}-{number}", lane.name());
                let new =
                    json!({"project": "CEDAR", "title": "Water the plants", "request_key": key});
                Call::tool("create_task", new, TOOL)
            }
            8 => {
                let to = if round.is_multiple_of(2) {
                    "doing"
                } else {
                    "todo"
                };
                Call::tool("transition_task", json!({"task": task, "to": to}), TOOL)
            }
            9 => Call::tool(
                "plan_milestones",
                json!({"project": "ATLAS", "first_due": "2026-06-01", "count": 2}),
                TOOL,
            ),
            10 => {
                let plan = self.plan.take();
                let allowed = if plan.is_some() { TOOL } else { REFUSED };
                let plan = plan.unwrap_or_else(|| "none".into());
                Call::tool("apply_plan", json!({"plan": plan}), allowed)
            }
            11 => self.deletion(lane),
            12 => Call::tool("import_tasks", json!({"project": "DELTA", "rows": 5}), TOOL)
                .with_progress(number),
            13 => Call::tool(
                "import_tasks",
                json!({"project": "DELTA", "rows": 500}),
                TOOL,
            )
            .with_progress(number)
            .soon_taken_back(),
            14 => Call::new("resources/list", json!({}), ANSWERED),
            15 => Call::read("tracker://projects/ATLAS/board", ANSWERED),
            16 => Call::read("tracker://projects/ATLAS/burndown.png", ANSWERED),
            17 => Call::read("tracker://projects/NOWHERE/board", lane.not_found()),
            18 => Call::prompt("sprint_plan", json!({"project": "ATLAS"})),
            19 => Call::prompt("triage", json!({"task": "BEACON-2"})),
            20 => Call::new("completion/complete", completion(), ANSWERED),
            21 => Call::new("tools/list", json!({}), ALWAYS),
            22 => Call::new("prompts/list", json!({}), ALWAYS),
            23 => Call::tool("drop_everything", json!({}), &[Outcome::Error(-32602)]),
            _ => lane.listening(),
        }
    }

    /// A deletion that the user agrees to, of what was made before.
    fn deletion(&mut self, lane: Lane) -> Call {
        let task = self.task.take();
        let allowed: &[Outcome] = match (lane, &task) {
            (_, None) => REFUSED,
            // Nobody can be asked there.
            (Lane::HttpLegacy, Some(_)) => REFUSED,
            (Lane::StdioLegacy, Some(_)) => TOOL,
            (Lane::StdioModern | Lane::HttpModern, Some(_)) => {
                &[Outcome::Question, Outcome::ToolError]
            }
        };
        let task = task.unwrap_or_else(|| "NOWHERE-1".into());
        Call::tool("delete_task", json!({"task": task}), allowed)
    }
}

fn completion() -> Value {
    json!({
        "ref": {"type": "ref/prompt", "name": "sprint_plan"},
        "argument": {"name": "member", "value": "a"},
        "context": {"arguments": {"project": "HARBOR"}},
    })
}

/// A way to a server, and the era that is spoken on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Lane {
    StdioModern,
    StdioLegacy,
    HttpModern,
    HttpLegacy,
}

impl Lane {
    /// All of them.
    pub(super) const ALL: [Self; 4] = [
        Self::StdioModern,
        Self::StdioLegacy,
        Self::HttpModern,
        Self::HttpLegacy,
    ];

    /// The era.
    pub(super) fn era(self) -> Era {
        match self {
            Self::StdioModern | Self::HttpModern => Era::Modern,
            Self::StdioLegacy | Self::HttpLegacy => Era::Legacy,
        }
    }

    /// Its name, of letters and hyphens.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::StdioModern => "stdio-modern",
            Self::StdioLegacy => "stdio-legacy",
            Self::HttpModern => "http-modern",
            Self::HttpLegacy => "http-legacy",
        }
    }

    fn not_found(self) -> &'static [Outcome] {
        match self.era() {
            Era::Modern => &[Outcome::Error(-32602), Outcome::Error(-32603)],
            Era::Legacy => &[Outcome::Error(-32002), Outcome::Error(-32603)],
        }
    }

    /// Listens for changes, for a moment or as a legacy client does.
    fn listening(self) -> Call {
        let board = "tracker://projects/ATLAS/board";
        match self {
            Self::StdioModern | Self::HttpModern => {
                let wanted = json!({"notifications": {"resourceSubscriptions": [board]}});
                Call::new("subscriptions/listen", wanted, ALWAYS).soon_taken_back()
            }
            Self::StdioLegacy => Call::new("resources/subscribe", json!({"uri": board}), ALWAYS),
            Self::HttpLegacy => Call::new(
                "resources/subscribe",
                json!({"uri": board}),
                &[Outcome::Error(-32600)],
            ),
        }
    }
}

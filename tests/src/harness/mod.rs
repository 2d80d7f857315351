//! Starting servers, speaking with them, and judging what they answer.
//!
//! A check is an async function over a [`Context`]. It starts a server, asks, and returns the first
//! thing that is wrong:
//!
//! ```ignore
//! async fn greets(ctx: Context) -> Verdict {
//!     let server = ctx.start().await?;
//!     let reply = server.call("greet", json!({"name": "Ada"})).await?;
//!     let greeting = reply.tool_result()?;
//!     ensure(greeting.text().contains("Ada"), || {
//!         greeting.wrong("The greeting does not name Ada.").expected("text that contains `Ada`")
//!     })?;
//!     Ok(())
//! }
//! ```

mod check;
mod context;
mod elicitation;
mod environment;
mod escapes;
mod finding;
mod form;
mod http;
mod issuer;
mod lifeline;
mod limits;
mod log;
mod notes;
mod notices;
mod output;
mod package;
mod probe;
mod process;
mod progress;
mod prompts;
mod recorder;
mod reply;
mod resources;
mod runner;
mod server;
mod tests_of_crate;
mod together;
mod tools;
mod tracker;

pub mod placement;
pub mod planted;
pub mod schema;
pub mod short;

pub use check::Check;
pub use context::{Context, Launcher, Opening, Subject};
pub use elicitation::{Answer, Asked, Question};
pub use environment::Surroundings;
pub use finding::{Stop, Verdict, Wrong, ensure, wrong};
pub use http::{
    Caller, Challenge, Events, Framing, HttpReply, HttpRequest, Incoming, Line, Proxy, Remote,
    asking,
};
pub use lifeline::Lifeline;
pub use limits::{Limits, spoken};
pub use log::{ProcessLog, StrayLine};
pub use notices::{Notice, Subscription};
pub use package::Package;
pub use probe::Refusal;
pub use process::Connection;
pub use progress::Progress;
pub use prompts::Message;
pub use recorder::Recorder;
pub use reply::{Reply, ToolResult};
pub use resources::Content;
pub use runner::{Selection, run};
pub use server::{Ending, Pending, Server};
pub use tests_of_crate::{TestEnd, TestProgram, TestRun};
pub use tools::Tool;
pub use tracker::{TRACKER_TOKEN, average_velocity};
pub use verdict::{protocol, spoken_status};

//! The tracker: a small project-tracking service, the "company API" that the workbook's servers wrap.
//!
//! It keeps everything in memory, starts from the same seed every time, counts its ids, and has a clock of its own, so two
//! runs of the same requests give the same answers. Its faults happen only where somebody asked for them.
//! `book/src/appendix/tracker.md` is its API page; the tests of this package hold the two together.
//!
//! - [`Tracker::start`] runs it in this process on a free port and gives the handle through which a check looks behind the API.
//! - [`ByHand`] runs it on a port that people know, or takes the one that runs there already.
//!
//! ```no_run
//! # async fn example() -> std::io::Result<()> {
//! use tracker::{Effect, Fault, Options, Tracker};
//!
//! let tracker = Tracker::start(Options::default()).await?;
//! tracker.fault(Fault::on("POST /tasks", Effect::Status { status: 503 }).times(2)).expect("the route exists");
//! // … start an MCP server with TRACKER_URL = tracker.url(), call its tool, then:
//! assert_eq!(tracker.requests("POST /tasks").len(), 3);
//! tracker.stop().await;
//! # Ok(())
//! # }
//! ```

mod access;
mod api;
mod by_hand;
mod clock;
mod cursor;
mod extract;
mod faults;
mod feed;
mod gate;
mod handle;
mod hash;
mod journal;
mod model;
mod options;
mod percent;
mod png;
mod problem;
mod routes;
mod seed;
mod shared;
mod store;

pub use access::{DEFAULT_TOKEN, Tokens};
pub use by_hand::{ByHand, PORT};
pub use clock::START;
pub use faults::{Effect, Fault, INTERNAL_DETAIL, WrongFault};
pub use handle::Tracker;
pub use hash::of_bytes as hash_of_bytes;
pub use journal::Entry;
pub use model::{Attachment, Change, Import, ImportState, Member, Priority, Project, State, Task};
pub use options::Options;
pub use percent::encode as percent_encode;
pub use problem::PROBLEMS;
pub use routes::{ROUTES, Route};
pub use seed::names;

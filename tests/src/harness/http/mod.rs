//! Speaking with a server over HTTP: requests as a client of either era sends them, and requests that no client should.

mod exchange;
mod incoming;
mod line;
mod remote;

pub use exchange::{HttpReply, HttpRequest};
pub use incoming::{Events, Incoming};
pub use line::{Framing, Line};
pub use remote::{Caller, Remote};

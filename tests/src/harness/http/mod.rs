//! Speaking with a server over HTTP: requests as a client of either era sends them, and requests that no client should.

pub mod asking;
mod carrying;
mod challenge;
mod exchange;
mod incoming;
mod line;
mod proxy;
mod remote;

pub use challenge::Challenge;
pub use exchange::{HttpReply, HttpRequest};
pub use incoming::{Events, Incoming};
pub use line::{Framing, Line};
pub use proxy::Proxy;
pub use remote::{Caller, Remote};

//! Speaking with a server over HTTP: requests as a client of either era sends them, and requests that no client should.

mod exchange;
mod remote;

pub use exchange::{HttpReply, HttpRequest};
pub use remote::{Caller, Remote};

//! Speaking with a server over HTTP: requests as a client of either era sends them, and requests that no client should.

pub mod asking;
mod challenge;
mod exchange;
mod line;
mod proxy;
mod remote;

pub use challenge::Challenge;
pub use exchange::{HttpReply, HttpRequest};
pub use line::{Framing, Line};
pub use proxy::Proxy;
pub use remote::{Caller, Remote};

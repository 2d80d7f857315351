//! The issuer: a small authorization server, from which clients get the tokens that the workbook's servers check from chapter 6
//! on.
//!
//! **For learning only.** It keeps everything in memory, makes its keys when it starts, lets everybody be anybody, gives out
//! wrong tokens on demand, and listens on the loopback interface and nowhere else.
//! `book/src/appendix/issuer.md` is its API page; the tests of this package hold the two together.
//!
//! - [`Issuer::start`] runs it in this process on a free port and gives the handle through which a check makes tokens, turns
//!   keys and reads what was asked.
//! - [`ByHand`] runs it on a port that people know, or takes the one that runs there already.
//!
//! ```no_run
//! # async fn example() -> std::io::Result<()> {
//! use issuer::{Effect, Fault, Issuer, Options, Signer};
//!
//! let issuer = Issuer::start(Options::default()).await?;
//! let server = "http://127.0.0.1:8080/mcp";
//! let good = issuer.token(server, "ada", "tracker:read");
//! let forged = issuer.mint(&issuer.draft(server, "ada", "tracker:read").signed_by(Signer::Stranger));
//! issuer.fault(Fault::on("GET /jwks", Effect::Status { status: 503 })).expect("the route exists");
//! // … send them to a server that trusts issuer.url(), then:
//! assert_eq!(issuer.requests("GET /jwks").len(), 1);
//! issuer.stop().await;
//! # drop((good, forged));
//! # Ok(())
//! # }
//! ```

mod api;
mod authentication;
mod base64url;
mod by_hand;
mod client;
mod document;
mod faults;
mod gate;
mod grants;
mod handle;
mod journal;
mod keys;
mod options;
mod page;
mod parameters;
mod pkce;
mod proof;
mod refusal;
mod resource;
mod response;
mod routes;
mod scope;
mod secrets;
mod shared;
mod sites;
mod token;
mod uri;

pub use by_hand::{ByHand, PORT};
pub use client::{
    Client, Grant, MACHINE_CLIENT, MACHINE_SECRET, SERVER_CLIENT, SERVER_SECRET, TALK_CLIENT,
    TALK_REDIRECT,
};
pub use document::LONGEST_DOCUMENT;
pub use faults::{Effect, Fault, WrongFault};
pub use handle::Issuer;
pub use journal::Entry;
pub use keys::ALGORITHM;
pub use options::Options;
pub use proof::{Proof, unguessable};
pub use refusal::CODES;
pub use routes::{ROUTES, Route};
pub use scope::SCOPES;
pub use token::{Draft, PublicKey, Signer, TYPE};

//! The audit trail: who has changed what, and who was refused. One line of JSON each, on standard error.
//!
//! It is no log: `RUST_LOG` does not turn it off, and no text that a caller sends can make a line of its own.

// ANCHOR: ex-8-7-j
use serde_json::{Value, json};

use crate::auth::Caller;
use crate::gate::Refusal;

/// A change was made: which tool has done it, and to what.
pub fn change(caller: &Caller, tool: &str, what: &str) {
    // Never the token, and no argument but the name of the thing: drafts and addresses can hold secrets.
    write(&json!({"audit": "change", "who": caller.subject, "tool": tool, "what": what}));
}

/// A request was refused. `who` is known if its token was good.
pub fn refusal(who: Option<&str>, refusal: &Refusal) {
    let (why, detail) = match refusal {
        Refusal::Foreign(what) => ("foreign", Some(*what)),
        Refusal::NoToken => ("no token", None),
        Refusal::BadToken(why) => ("bad token", Some(*why)),
        Refusal::Scope(needed) => ("scope", Some(needed.name())),
        Refusal::TooMany(_) => ("too many", None),
        Refusal::Body(status) => ("body", status.canonical_reason()),
        Refusal::NoKeys => ("no keys", None),
    };
    write(&json!({"audit": "refusal", "who": who, "why": why, "detail": detail}));
}

fn write(line: &Value) {
    eprintln!("{line}");
}
// ANCHOR_END: ex-8-7-j

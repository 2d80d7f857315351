//! What a server wrote on standard error while it was reached over HTTP.

use crate::harness::{Caller, Remote, TRACKER_TOKEN, Verdict, ensure, short, wrong};

/// Ends the server, and gives what it wrote since it listens: before that it may have shown its settings.
pub(super) async fn of(remote: &Remote) -> String {
    let process = remote.process();
    process.terminate();
    remote.log().settled(process.limits().request()).await;
    let log = remote.log().stderr();
    let (_, since) = log.split_once("listening on ").unwrap_or(("", &log));
    since.to_owned()
}

/// Demands that no token stands in it, and none of `others`.
pub(super) fn without_secrets(trail: &str, others: &[&str], sent: &str) -> Verdict {
    let tokens = Caller::ALL.map(Caller::token);
    let secrets = tokens.iter().chain(&[TRACKER_TOKEN]).chain(others);
    for secret in secrets {
        ensure(!trail.contains(secret), || {
            let line = trail.lines().find(|line| line.contains(secret));
            wrong("What opens a door is written on standard error.")
                .sent(sent)
                .expected("who and what, and neither a token nor the handle of a draft")
                .got(short::line(line.unwrap_or(secret)))
        })?;
    }
    Ok(())
}

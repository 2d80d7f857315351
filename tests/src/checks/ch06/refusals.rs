//! What refusals leave behind: a line each for whoever looks after the server, and nothing of what was sent.

use serde_json::Value;

use crate::harness::{HttpReply, Remote, Verdict, ensure, short, wrong};

/// Refusals of one server, as a check brings them about.
#[derive(Debug, Default)]
pub(super) struct Refusals {
    count: usize,
    /// Refusals that may come from the SDK, which writes no audit trail.
    others: usize,
    secrets: Vec<String>,
}

impl Refusals {
    /// One more, of a request with this token.
    ///
    /// # Errors
    /// The reply shows a part of the token.
    pub(super) fn add(&mut self, reply: &HttpReply, token: &str, sent: &str) -> Verdict {
        self.count += 1;
        self.hidden(reply, token, sent)
    }

    /// One more, that may as well come from the SDK and leave no line.
    ///
    /// # Errors
    /// The reply shows a part of the token.
    pub(super) fn add_other(&mut self, reply: &HttpReply, token: &str, sent: &str) -> Verdict {
        self.others += 1;
        self.hidden(reply, token, sent)
    }

    fn hidden(&mut self, reply: &HttpReply, token: &str, sent: &str) -> Verdict {
        let secrets = secrets(token);
        let shown = secrets.iter().any(|secret| reply.mentions(secret));
        ensure(!shown, || {
            wrong("The refusal shows the token.")
                .sent(sent)
                .expected("a reply without any part of it")
                .got(format!("{}, with a part of the token", reply.status))
        })?;
        self.secrets.extend(secrets);
        Ok(())
    }

    /// Ends the server and looks at what it has written: one audit line for each refusal, and nothing of the tokens.
    ///
    /// # Errors
    /// There are more lines, or fewer, or a part of a token.
    pub(super) async fn audited(self, remote: &Remote) -> Verdict {
        let log = remote.end().await;
        let all = self.count + self.others;
        let sent = format!("{all} requests that are refused");
        let line = log
            .lines()
            .find(|line| self.secrets.iter().any(|secret| line.contains(secret)));
        ensure(line.is_none(), || {
            // Quoting the line would show it once more.
            wrong("A part of a token is on standard error.")
                .sent(&sent)
                .expected("lines without tokens")
                .got("a line with a part of one")
        })?;
        let lines: Vec<&str> = log.lines().filter(|line| is_refusal(line)).collect();
        ensure((self.count..=all).contains(&lines.len()), || {
            wrong("The audit trail does not tell of each refusal once.")
                .sent(&sent)
                .expected(format!(
                    "{} lines on standard error with \"audit\":\"refusal\"",
                    self.count
                ))
                .got(match lines.last() {
                    None => "none".to_owned(),
                    Some(last) => format!("{}, the last {}", lines.len(), short::line(last)),
                })
        })?;
        Ok(())
    }
}

/// The parts of a token that nobody may see: what only its owner knows. The first part of a JWT is the same for many.
fn secrets(token: &str) -> Vec<String> {
    let parts: Vec<&str> = token.split('.').collect();
    let own = if parts.len() == 1 {
        &parts
    } else {
        &parts[1..]
    };
    own.iter()
        .filter(|part| !part.is_empty())
        .map(|part| (*part).to_owned())
        .collect()
}

fn is_refusal(line: &str) -> bool {
    serde_json::from_str::<Value>(line).is_ok_and(|line| line["audit"] == "refusal")
}

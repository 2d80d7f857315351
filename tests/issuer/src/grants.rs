//! What people have agreed to: requests that wait for an answer, codes, and the tokens that renew.

use std::collections::{HashMap, HashSet};
use std::time::{Duration, Instant};

use crate::client::Client;
use crate::pkce::Challenge;
use crate::refusal::Refusal;
use crate::secrets::Secrets;
use crate::token::Granted;

/// Somebody who has not answered by then has gone away.
const CONSENT: Duration = Duration::from_secs(600);

/// What a client asks for in the browser.
#[derive(Debug, Clone)]
pub(crate) struct Asked {
    pub(crate) client: Client,
    pub(crate) redirect_uri: String,
    pub(crate) state: Option<String>,
    pub(crate) scope: String,
    pub(crate) resource: String,
    pub(crate) challenge: Challenge,
}

/// A code that was given out.
struct Code {
    asked: Asked,
    subject: String,
    ends: Instant,
    /// The line of tokens that it led to, once it has been used.
    line: Option<u64>,
}

/// A token that renews.
#[derive(Clone)]
struct Refresh {
    granted: Granted,
    /// All tokens that go back to one consent have the same.
    line: u64,
    used: bool,
}

/// Everything of one issuer.
#[derive(Default)]
pub(crate) struct Grants {
    waiting: HashMap<String, (Asked, Instant)>,
    codes: HashMap<String, Code>,
    refresh: HashMap<String, Refresh>,
    lines: u64,
    ended: HashSet<u64>,
}

/// What a client has got, and how it may renew it.
pub(crate) struct Redeemed {
    pub(crate) granted: Granted,
    /// None if the client may not renew.
    pub(crate) refresh: Option<String>,
}

impl Grants {
    /// Keeps a request until somebody answers it, and gives the name under which the answer comes.
    pub(crate) fn ask(&mut self, asked: Asked, secrets: &mut Secrets) -> String {
        self.waiting
            .retain(|_, (_, since)| since.elapsed() < CONSENT);
        let name = secrets.text();
        self.waiting.insert(name.clone(), (asked, Instant::now()));
        name
    }

    /// The request of this name. Each is answered once.
    pub(crate) fn answer(&mut self, name: &str) -> Option<Asked> {
        let (asked, since) = self.waiting.remove(name)?;
        (since.elapsed() < CONSENT).then_some(asked)
    }

    /// A code for what `subject` has agreed to, good for `lifetime`.
    pub(crate) fn code(
        &mut self,
        asked: Asked,
        subject: &str,
        lifetime: Duration,
        secrets: &mut Secrets,
    ) -> String {
        let code = secrets.text();
        let entry = Code {
            asked,
            subject: subject.into(),
            ends: Instant::now() + lifetime,
            line: None,
        };
        self.codes.insert(code.clone(), entry);
        code
    }

    /// Changes a code into what it stands for.
    ///
    /// # Errors
    /// `invalid_grant`. A code that comes twice was seen by two, so everything that came of it ends (OAuth 2.1 section 4.1.3).
    pub(crate) fn redeem(
        &mut self,
        code: &str,
        by: &Redeeming<'_>,
        secrets: &mut Secrets,
    ) -> Result<Redeemed, Refusal> {
        let entry = self
            .codes
            .get_mut(code)
            .ok_or_else(|| invalid("There is no such code."))?;
        if let Some(line) = entry.line {
            self.ended.insert(line);
            return Err(invalid(
                "The code was used before. All that came of it has ended.",
            ));
        }
        by.matches(entry)?;
        self.lines += 1;
        entry.line = Some(self.lines);
        let granted = Granted {
            resource: entry.asked.resource.clone(),
            subject: entry.subject.clone(),
            client: entry.asked.client.id.clone(),
            scope: entry.asked.scope.clone(),
        };
        let renews = entry.asked.client.may(crate::client::Grant::RefreshToken);
        let line = self.lines;
        let refresh = renews.then(|| self.renewable(granted.clone(), line, secrets));
        Ok(Redeemed { granted, refresh })
    }

    /// Renews: the old token ends, and a new one takes its place. `asked` may want less than was granted.
    ///
    /// # Errors
    /// `invalid_grant`, also for a token that comes twice: somebody has stolen it, so the whole line ends (OAuth 2.1 section
    /// 4.3.1). What else `asked` says.
    pub(crate) fn renew(
        &mut self,
        token: &str,
        client: &str,
        asked: impl FnOnce(&Granted) -> Result<Granted, Refusal>,
        secrets: &mut Secrets,
    ) -> Result<Redeemed, Refusal> {
        let entry = self
            .refresh
            .get_mut(token)
            .ok_or_else(|| invalid("There is no such refresh token."))?;
        if entry.granted.client != client {
            return Err(invalid("The refresh token belongs to another client."));
        }
        if self.ended.contains(&entry.line) {
            return Err(invalid("What this refresh token goes back to has ended."));
        }
        if entry.used {
            self.ended.insert(entry.line);
            return Err(invalid(
                "The refresh token was used before. All that came of it has ended.",
            ));
        }
        let now = asked(&entry.granted)?;
        entry.used = true;
        let (whole, line) = (entry.granted.clone(), entry.line);
        let refresh = self.renewable(whole, line, secrets);
        Ok(Redeemed {
            granted: now,
            refresh: Some(refresh),
        })
    }

    fn renewable(&mut self, granted: Granted, line: u64, secrets: &mut Secrets) -> String {
        let token = secrets.text();
        let entry = Refresh {
            granted,
            line,
            used: false,
        };
        self.refresh.insert(token.clone(), entry);
        token
    }
}

/// What a client says when it comes with a code.
pub(crate) struct Redeeming<'a> {
    pub(crate) client: &'a str,
    pub(crate) redirect_uri: &'a str,
    pub(crate) verifier: &'a str,
    pub(crate) resource: &'a str,
}

impl Redeeming<'_> {
    fn matches(&self, code: &Code) -> Result<(), Refusal> {
        if code.ends <= Instant::now() {
            return Err(invalid("The code has expired."));
        }
        if code.asked.client.id != self.client {
            return Err(invalid("The code belongs to another client."));
        }
        if code.asked.redirect_uri != self.redirect_uri {
            return Err(invalid(
                "redirect_uri is not the one of the authorization request.",
            ));
        }
        if !code.asked.challenge.is_met_by(self.verifier) {
            return Err(invalid(
                "code_verifier does not belong to the code_challenge.",
            ));
        }
        if code.asked.resource != self.resource {
            return Err(Refusal::new(
                "invalid_target",
                "resource is not the one of the authorization request.",
            ));
        }
        Ok(())
    }
}

fn invalid(description: &str) -> Refusal {
    Refusal::new("invalid_grant", description)
}

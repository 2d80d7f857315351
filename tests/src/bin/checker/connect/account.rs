//! The token of this connection: got when it is needed, renewed when it has expired, exchanged when it allows too little.

use std::collections::BTreeSet;

use anyhow::Context as _;
use reference_tests::harness::HttpReply;
use tokio::sync::Mutex;

use super::challenge::Challenge;
use super::discovery::{self, Found};
use super::person::{self, Asking};
use super::token::{self, Client, Token};

/// In whose name tokens are asked for.
pub(super) enum Who {
    /// In that of a person at a browser.
    Person(Asking),
    /// In that of a program, which has a secret.
    Machine {
        /// Its name.
        id: String,
        /// Its secret.
        secret: String,
    },
}

/// The token of one connection.
pub(super) struct Account {
    server: String,
    who: Who,
    /// What to ask for in place of what the server names.
    wanted: Option<String>,
    /// Locked while a token is got: all who need it wait for the same.
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    found: Option<Found>,
    token: Option<Token>,
    /// Everything that was asked for so far.
    asked: BTreeSet<String>,
}

impl Account {
    pub(super) fn new(server: String, who: Who, wanted: Option<String>) -> Self {
        Self {
            server,
            who,
            wanted,
            state: Mutex::default(),
        }
    }

    /// The token as it is. One whose time is over is renewed first, if it can be.
    pub(super) async fn token(&self) -> Option<String> {
        let mut state = self.state.lock().await;
        if state.token.as_ref().is_some_and(Token::has_ended) {
            super::tell!("the token has expired");
            self.renew(&mut state).await;
        }
        state.token.as_ref().map(|token| token.access.clone())
    }

    /// Gets a better token than `sent`, which the server has refused with `reply`. False if this reply is not about tokens,
    /// or if there can be no better one.
    ///
    /// # Errors
    /// The way to a token is blocked; the text says where.
    pub(super) async fn improve(
        &self,
        sent: Option<&str>,
        reply: &HttpReply,
    ) -> anyhow::Result<bool> {
        let challenge = Challenge::read(reply.header("www-authenticate"));
        let too_little = match (reply.status, challenge.error()) {
            (401, _) => false,
            (403, Some("insufficient_scope")) => true,
            _ => return Ok(false),
        };
        let mut state = self.state.lock().await;
        let now = state.token.as_ref().map(|token| token.access.as_str());
        if now != sent {
            // Somebody else has got one in the meantime.
            return Ok(true);
        }
        super::tell!(
            "the server answers {}, WWW-Authenticate: {}",
            reply.status,
            reply.header("www-authenticate").unwrap_or("nothing")
        );
        if !too_little && self.renew(&mut state).await {
            return Ok(true);
        }
        let before = state.asked.len();
        let named = challenge.scope().unwrap_or_default();
        match &self.wanted {
            Some(wanted) if !too_little => add(&mut state.asked, wanted),
            _ => add(&mut state.asked, named),
        }
        if too_little && state.asked.len() == before {
            // It was asked for, and not granted: asking again would go round in circles.
            return Ok(false);
        }
        let found = match state.found.clone() {
            Some(found) => found,
            None => discovery::find(&self.server, &challenge).await?,
        };
        state.found = Some(found.clone());
        let scope = state.asked.iter().cloned().collect::<Vec<_>>().join(" ");
        let got = self.get(&found, &scope).await;
        // A person who said no is not asked again at once, but may be the next time.
        if got.is_err() && too_little {
            state.asked.clear();
            if let Some(token) = state.token.clone() {
                add(&mut state.asked, &token.scope);
            }
        }
        state.token = Some(got?);
        Ok(true)
    }

    async fn get(&self, found: &Found, scope: &str) -> anyhow::Result<Token> {
        match &self.who {
            Who::Person(asking) => person::sign_in(found, scope, *asking).await,
            Who::Machine { id, secret } => {
                let client = Client {
                    id: id.clone(),
                    secret: Some(secret.clone()),
                };
                let fields = vec![("grant_type", "client_credentials"), ("scope", scope)];
                let got = token::ask(found, &client, scope, fields).await;
                got.with_context(|| format!("as {id}"))
            }
        }
    }

    /// Changes a token for a new one without asking anybody. False if that is not possible.
    async fn renew(&self, state: &mut State) -> bool {
        let State { found, token, .. } = state;
        let (Some(found), Some(old)) = (found.as_ref(), token.as_ref()) else {
            return false;
        };
        let Some(refresh) = old.refresh.clone() else {
            return false;
        };
        let fields = vec![("grant_type", "refresh_token"), ("refresh_token", &refresh)];
        match token::ask(found, &person::client(), &old.scope, fields).await {
            Ok(mut new) => {
                // Whoever gives no other one goes on with the old.
                new.refresh.get_or_insert(refresh);
                *token = Some(new);
                true
            }
            Err(error) => {
                super::tell!("it cannot be renewed: {error:#}");
                // It is used up, whatever the reason was.
                if let Some(old) = token {
                    old.refresh = None;
                }
                false
            }
        }
    }
}

fn add(scopes: &mut BTreeSet<String>, named: &str) {
    scopes.extend(named.split_whitespace().map(str::to_owned));
}

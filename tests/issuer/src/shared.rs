//! What all requests of one issuer share.

use std::io;
use std::net::SocketAddr;
use std::sync::{Mutex, MutexGuard};

use serde_json::Value;
use service::{End, lock};

use crate::faults::Faults;
use crate::grants::Grants;
use crate::journal::Journal;
use crate::keys::{Key, KeyRing};
use crate::options::Options;
use crate::secrets::Secrets;
use crate::token::{Draft, Granted};

/// The name of the key that is in no set.
const STRANGERS_KEY: &str = "key-of-nobody";

/// The state of one issuer. No lock is held across an await, and that of the secrets is taken last.
pub(crate) struct Shared {
    /// The issuer identifier: what tokens say in `iss`, and what metadata says of itself.
    pub(crate) url: String,
    /// Hosts with their port that mean this issuer.
    pub(crate) authorities: [String; 2],
    pub(crate) options: Options,
    stranger: Key,
    keys: Mutex<KeyRing>,
    grants: Mutex<Grants>,
    faults: Mutex<Faults>,
    journal: Mutex<Journal>,
    secrets: Mutex<Secrets>,
    /// Ends every wait.
    pub(crate) end: End,
}

impl Shared {
    /// # Errors
    /// The system has no random numbers.
    pub(crate) fn new(address: SocketAddr, options: Options) -> io::Result<Self> {
        let mut secrets = Secrets::new()?;
        Ok(Self {
            url: format!("http://{address}{}", options.path),
            authorities: [address.to_string(), format!("localhost:{}", address.port())],
            options,
            stranger: Key::new(STRANGERS_KEY.into(), &mut secrets),
            keys: Mutex::new(KeyRing::new(&mut secrets)),
            grants: Mutex::default(),
            faults: Mutex::default(),
            journal: Mutex::new(Journal::new()),
            secrets: Mutex::new(secrets),
            end: End::default(),
        })
    }

    /// The address of an endpoint.
    pub(crate) fn at(&self, path: &str) -> String {
        format!("{}{path}", self.url)
    }

    /// A right token that is not signed yet.
    pub(crate) fn draft(&self, granted: &Granted) -> Draft {
        let id = self.secrets().text();
        Draft::new(&self.url, self.options.token_lifetime, id, granted)
    }

    pub(crate) fn mint(&self, draft: &Draft) -> String {
        draft.mint(&self.keys(), &self.stranger)
    }

    /// The public key that is in no set.
    pub(crate) fn strangers_key(&self) -> Value {
        self.stranger.jwk()
    }

    /// From now on a new key signs. Gives its name.
    pub(crate) fn rotate_key(&self) -> String {
        self.keys().rotate(&mut self.secrets())
    }

    /// Takes a key out of the set. False if it is not in it.
    pub(crate) fn revoke_key(&self, kid: &str) -> bool {
        self.keys().revoke(kid, &mut self.secrets())
    }

    pub(crate) fn keys(&self) -> MutexGuard<'_, KeyRing> {
        lock(&self.keys)
    }

    pub(crate) fn grants(&self) -> MutexGuard<'_, Grants> {
        lock(&self.grants)
    }

    pub(crate) fn faults(&self) -> MutexGuard<'_, Faults> {
        lock(&self.faults)
    }

    pub(crate) fn journal(&self) -> MutexGuard<'_, Journal> {
        lock(&self.journal)
    }

    pub(crate) fn secrets(&self) -> MutexGuard<'_, Secrets> {
        lock(&self.secrets)
    }
}

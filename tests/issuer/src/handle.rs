//! The handle on an issuer of this process: what only checks may see and do.

use std::fmt;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use serde_json::Value;
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

use crate::faults::{Fault, WrongFault};
use crate::journal::Entry;
use crate::options::Options;
use crate::routes;
use crate::shared::Shared;
use crate::token::{Draft, Granted};

/// A running issuer. It ends with [`Issuer::stop`], or at once when it is dropped.
pub struct Issuer {
    shared: Arc<Shared>,
    address: SocketAddr,
    stop: Option<oneshot::Sender<()>>,
    server: JoinHandle<io::Result<()>>,
}

impl Issuer {
    /// Starts an issuer on a free port of the loopback interface.
    ///
    /// # Errors
    /// If no port can be had, or no random numbers.
    pub async fn start(options: Options) -> io::Result<Self> {
        Self::on(TcpListener::bind(("127.0.0.1", 0)).await?, options)
    }

    /// Starts an issuer on a listener of the caller's. Must be called inside a tokio runtime.
    ///
    /// # Errors
    /// If the listener can be reached from other machines: the issuer gives a token to everybody who asks. If the path of
    /// the options is none, or there are no random numbers.
    pub fn on(listener: TcpListener, options: Options) -> io::Result<Self> {
        let address = listener.local_addr()?;
        if !address.ip().is_loopback() {
            let text =
                format!("{address} is not a loopback address, and the issuer listens on no other");
            return Err(io::Error::new(io::ErrorKind::InvalidInput, text));
        }
        if !is_path(&options.path) {
            let text = format!(
                "{:?} is no path for an issuer: it is like /team, in unreserved characters",
                options.path
            );
            return Err(io::Error::new(io::ErrorKind::InvalidInput, text));
        }
        let shared = Arc::new(Shared::new(address, options)?);
        let (stop, stopped) = oneshot::channel();
        let state = Arc::clone(&shared);
        let server = tokio::spawn(async move {
            // A dropped handle stops the issuer too.
            let until = async move { drop(stopped.await) };
            service::run(listener, routes::router(&state), &state.end, until).await
        });
        Ok(Self {
            shared,
            address,
            stop: Some(stop),
            server,
        })
    }

    /// The issuer identifier: the value for `authorization_servers` in a server's metadata, and `iss` in tokens.
    pub fn url(&self) -> String {
        self.shared.url.clone()
    }

    /// Whether it gives out a token for this resource that it has not made itself.
    pub(crate) fn gives_opaque_token(&self, resource: &str) -> bool {
        let known = &self.shared.options.opaque_tokens;
        known.contains_key(resource.trim_end_matches('/'))
    }

    /// Where its keys are.
    pub fn jwks_url(&self) -> String {
        self.shared.at(routes::JWKS)
    }

    /// Where tokens are given out.
    pub fn token_url(&self) -> String {
        self.shared.at(routes::TOKEN)
    }

    /// Its address.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Stops it: delays end, replies under way are finished, for 1 s at most.
    pub async fn stop(mut self) {
        if let Some(stop) = self.stop.take() {
            // It may have ended by itself.
            let _ = stop.send(());
        }
        if let Err(error) = (&mut self.server).await
            && error.is_panic()
        {
            std::panic::resume_unwind(error.into_panic());
        }
    }

    /// A right token for `subject` at the server `resource`, before it is signed. `scope` has a space between two names, and
    /// may hold any.
    pub fn draft(&self, resource: &str, subject: &str, scope: &str) -> Draft {
        self.shared.draft(&Granted {
            resource: resource.into(),
            subject: subject.into(),
            client: crate::TALK_CLIENT.into(),
            scope: scope.into(),
        })
    }

    /// Makes a token of a draft.
    pub fn mint(&self, draft: &Draft) -> String {
        self.shared.mint(draft)
    }

    /// A right token, as [`Issuer::draft`] and [`Issuer::mint`] make it.
    pub fn token(&self, resource: &str, subject: &str, scope: &str) -> String {
        self.mint(&self.draft(resource, subject, scope))
    }

    /// The public key behind [`crate::Signer::Stranger`], as a member of a key set: for a token that brings its own key along.
    pub fn strangers_key(&self) -> Value {
        self.shared.strangers_key()
    }

    /// The name of the key that signs at the moment.
    pub fn current_key(&self) -> String {
        self.shared.keys().current().kid.clone()
    }

    /// From now on a new key signs; the one before stays in the set. Gives the new one's name.
    pub fn rotate_key(&self) -> String {
        self.shared.rotate_key()
    }

    /// Takes a key out of the set; if it signs at the moment, a new one does from now on. False if it is not in the set.
    pub fn revoke_key(&self, kid: &str) -> bool {
        self.shared.revoke_key(kid)
    }

    /// Asks for a fault. See [`crate::Effect`].
    ///
    /// # Errors
    /// If the fault could never happen.
    pub fn fault(&self, fault: Fault) -> Result<(), WrongFault> {
        self.shared.faults().add(fault)
    }

    /// The faults that have not happened yet, with what is left of them.
    pub fn pending_faults(&self) -> Vec<Fault> {
        self.shared.faults().pending().to_vec()
    }

    /// Takes back every fault that has not happened yet.
    pub fn clear_faults(&self) {
        self.shared.faults().clear();
    }

    /// Every request so far, in the order of arrival. `/health` and `/admin` are not written down.
    pub fn journal(&self) -> Vec<Entry> {
        self.shared.journal().entries().cloned().collect()
    }

    /// The requests of one route, for instance `GET /jwks`.
    pub fn requests(&self, route: &str) -> Vec<Entry> {
        self.shared
            .journal()
            .entries()
            .filter(|entry| entry.route.as_deref() == Some(route))
            .cloned()
            .collect()
    }

    /// Forgets the requests so far; the numbers go on.
    pub fn clear_journal(&self) {
        self.shared.journal().clear();
    }

    /// Waits until `condition` holds. False if it does not within `limit`.
    pub async fn wait_until(&self, limit: Duration, condition: impl Fn(&Self) -> bool) -> bool {
        service::wait_until(limit, || condition(self)).await
    }
}

impl fmt::Debug for Issuer {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Its keys and codes are nobody's business.
        formatter
            .debug_struct("Issuer")
            .field("url", &self.shared.url)
            .finish_non_exhaustive()
    }
}

impl Drop for Issuer {
    fn drop(&mut self) {
        // Whoever did not ask for a graceful end gets a prompt one.
        self.shared.end.begin();
        self.server.abort();
    }
}

/// Whether this can be the path of an issuer: nothing, or segments that need no encoding, each behind its slash.
fn is_path(text: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
    let mut segments = text.split('/');
    segments.next() == Some("")
        && segments.all(|segment| !segment.is_empty() && segment.bytes().all(plain))
}

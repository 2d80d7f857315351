//! A proxy in front of several servers, as a balancer is: it sends each connection to the next one, and remembers nobody.

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::io::copy_bidirectional;
use tokio::net::{TcpListener, TcpStream};
use tokio::task::{JoinHandle, JoinSet};

use super::remote::Remote;
use crate::harness::finding::{Stop, Verdict};
use crate::harness::recorder::lock;

/// So many connections are served at once; others wait.
const CONNECTIONS: usize = 32;
/// No connection lasts longer.
const LONGEST: Duration = Duration::from_secs(120);

/// A proxy on this machine. Each request of these checks has a connection of its own, so what goes round here are the
/// requests. It ends when it is dropped.
#[derive(Debug)]
pub struct Proxy {
    address: SocketAddr,
    targets: Arc<Mutex<Targets>>,
    task: JoinHandle<()>,
}

/// Where requests go.
#[derive(Debug, Default)]
struct Targets {
    servers: Vec<SocketAddr>,
    /// How many requests have come.
    count: usize,
}

impl Targets {
    fn next(&mut self) -> Option<SocketAddr> {
        let number = self.count;
        self.count += 1;
        let length = self.servers.len();
        self.servers.get(number.checked_rem(length)?).copied()
    }
}

impl Proxy {
    /// Starts one that knows nobody yet.
    ///
    /// # Errors
    /// The machine has no port to give.
    pub async fn start() -> Verdict<Self> {
        let failed = |error: std::io::Error| Stop::Fault(format!("cannot start a proxy: {error}"));
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await;
        let listener = listener.map_err(failed)?;
        let address = listener.local_addr().map_err(failed)?;
        let targets = Arc::<Mutex<Targets>>::default();
        let task = tokio::spawn(serve(listener, Arc::clone(&targets)));
        Ok(Self {
            address,
            targets,
            task,
        })
    }

    /// Where clients reach it.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// From now on a server gets its share of the requests.
    pub fn add(&self, server: &Remote) {
        lock(&self.targets).servers.push(server.address());
    }

    /// From now on it gets none.
    pub fn remove(&self, server: &Remote) {
        let gone = server.address();
        lock(&self.targets).servers.retain(|own| *own != gone);
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn serve(listener: TcpListener, targets: Arc<Mutex<Targets>>) {
    let mut open = JoinSet::new();
    while let Ok((client, _)) = listener.accept().await {
        while open.len() >= CONNECTIONS {
            open.join_next().await;
        }
        // Nobody behind it: the client meets the end of its connection.
        let Some(server) = lock(&targets).next() else {
            continue;
        };
        open.spawn(tokio::time::timeout(LONGEST, pass_on(client, server)));
    }
}

/// Both directions, until one side hangs up. What goes wrong then, both sides see by themselves.
async fn pass_on(mut client: TcpStream, server: SocketAddr) {
    if let Ok(mut server) = TcpStream::connect(server).await {
        let _ = copy_bidirectional(&mut client, &mut server).await;
    }
}

#[cfg(test)]
mod tests {
    use super::Targets;

    #[test]
    fn each_request_goes_to_the_other_one_than_the_last() {
        let servers = ["127.0.0.1:1", "127.0.0.1:2"].map(|text| text.parse().expect("an address"));
        let mut targets = Targets {
            servers: servers.into(),
            count: 0,
        };
        let went: Vec<_> = (0..4).filter_map(|_| targets.next()).collect();
        assert_eq!(went, [servers[0], servers[1], servers[0], servers[1]]);
        targets.servers.clear();
        assert_eq!(targets.next(), None);
    }
}

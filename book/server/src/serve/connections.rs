//! So many connections at a time, and no more: each costs memory and a file handle.

use std::collections::VecDeque;
use std::future::Future;
use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};

use axum::serve::Listener;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::oneshot;

/// A browser keeps six to a server; this is enough for many windows, and below what a process may open.
const MOST: usize = 200;

/// Accepts connections. With too many open, one that never got an answer makes room for the newest: whoever only
/// opens connections takes places from nobody who asks something.
pub(crate) struct Connections {
    listener: TcpListener,
    places: Arc<Places>,
}

impl Connections {
    pub(crate) fn on(listener: TcpListener) -> Self {
        let places = Arc::new(Places::default());
        Self { listener, places }
    }
}

impl Listener for Connections {
    type Io = Connection;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (Connection, SocketAddr) {
        loop {
            let (stream, address) = Listener::accept(&mut self.listener).await;
            // Without this a small answer waits 40 ms for the acknowledgement of the one before.
            let _ = stream.set_nodelay(true);
            // With every place answered and still held there is none to take: the newest is closed.
            if let Some(place) = self.places.take() {
                return (Connection { stream, place }, address);
            }
        }
    }

    fn local_addr(&self) -> io::Result<SocketAddr> {
        self.listener.local_addr()
    }
}

/// The places that are taken, oldest first.
#[derive(Default)]
struct Places(Mutex<VecDeque<Holder>>);

struct Holder {
    answered: Arc<AtomicBool>,
    /// Dropped to take the place away.
    _keep: oneshot::Sender<()>,
}

impl Places {
    /// A place, if need be that of the oldest connection without an answer.
    fn take(self: &Arc<Self>) -> Option<Place> {
        let mut holders = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if holders.len() >= MOST {
            let idle = holders
                .iter()
                .position(|holder| !holder.answered.load(Ordering::Relaxed))?;
            holders.remove(idle);
        }
        let answered = Arc::new(AtomicBool::new(false));
        let (keep, taken_away) = oneshot::channel();
        holders.push_back(Holder {
            answered: Arc::clone(&answered),
            _keep: keep,
        });
        Some(Place {
            answered,
            taken_away,
            places: Arc::clone(self),
        })
    }

    fn give_back(&self, answered: &Arc<AtomicBool>) {
        let mut holders = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        holders.retain(|holder| !Arc::ptr_eq(&holder.answered, answered));
    }
}

/// The right to be open; given back when dropped.
struct Place {
    answered: Arc<AtomicBool>,
    taken_away: oneshot::Receiver<()>,
    places: Arc<Places>,
}

impl Drop for Place {
    fn drop(&mut self) {
        self.places.give_back(&self.answered);
    }
}

/// A connection that ends when its place is taken away.
pub(crate) struct Connection {
    stream: TcpStream,
    place: Place,
}

impl AsyncRead for Connection {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        if Pin::new(&mut self.place.taken_away)
            .poll(context)
            .is_ready()
        {
            return Poll::Ready(Err(io::ErrorKind::ConnectionAborted.into()));
        }
        Pin::new(&mut self.stream).poll_read(context, buffer)
    }
}

impl AsyncWrite for Connection {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        self.place.answered.store(true, Ordering::Relaxed);
        Pin::new(&mut self.stream).poll_write(context, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        slices: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        self.place.answered.store(true, Ordering::Relaxed);
        Pin::new(&mut self.stream).poll_write_vectored(context, slices)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }
}

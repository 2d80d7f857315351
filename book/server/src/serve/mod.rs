//! The book in the browser: served from memory on the loopback interface, rebuilt at every save.

mod api;
mod app;
mod connections;
mod console;
mod ending;
mod exercises;
mod guard;
mod issuer;
mod live;
mod refusal;
mod scripts;
mod site;
mod token;
mod tracker;

use std::io::{self, Write};
use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::sync::Arc;

use anyhow::{Context, Result};
use axum::Router;
use axum::routing::get;
use tokio::net::TcpListener;

use self::app::App;
use self::connections::Connections;
use self::console::TrackerAt;
use crate::Mode;

/// What `workbook serve` is told.
#[derive(Debug, Clone)]
pub struct Options {
    /// The checkout.
    pub root: PathBuf,
    /// Where the book goes.
    pub out: PathBuf,
    /// What to do about problems in the book.
    pub mode: Mode,
    /// The first port to try.
    pub port: u16,
    /// Show the book in the browser.
    pub open: bool,
    /// End when standard input ends.
    pub lifeline: bool,
}

/// Builds the book and serves it until it is told to end: by Ctrl-C, by the system, by the end of its input.
///
/// # Errors
/// No port is free. A book that cannot be built is no error: the page says what is wrong.
pub fn run(options: &Options) -> Result<()> {
    let runtime = tokio::runtime::Runtime::new().context("the server cannot start")?;
    let served = runtime.block_on(async {
        let app = App::start(options)?;
        let listener = bind(options.port).await?;
        let address = listener.local_addr()?;
        if options.port != 0 && address.port() != options.port {
            let wanted = options.port;
            eprintln!("Port {wanted} is taken, so the next free one is used.");
        }
        let url = format!("http://{address}");
        println!("workbook at {url}");
        io::stdout().flush()?;
        if options.open {
            open(&url);
        }
        let tracker = tracker::beside(&options.root).await;
        if let Some(tracker) = &tracker {
            app.consoles.tracker_is(TrackerAt {
                url: tracker.url.clone(),
                token: tracker.token.clone(),
            });
        }
        let issuer = issuer::beside(&options.root, tracker.as_ref()).await;
        if let Some(issuer) = &issuer {
            app.consoles
                .issuer_is(issuer::environment(issuer, tracker.as_ref()));
        }
        let served = tokio::select! {
            served = serve(listener, Arc::clone(&app)) => served,
            told = ending::told(options.lifeline) => told,
        };
        app.end().await;
        served
    });
    // At once: a page that waits for news, or a build that is under way, does not hold the end up.
    runtime.shutdown_background();
    served
}

/// Serves the book on `listener` until the task is dropped.
async fn serve(listener: TcpListener, app: Arc<App>) -> Result<()> {
    let application: Router = Router::new()
        .nest(api::PATH, api::routes(&app))
        .route("/live/{version}/{script}", get(scripts::script))
        .fallback(site::file)
        .with_state(app)
        .layer(axum::middleware::from_fn(guard::check));
    axum::serve(Connections::on(listener), application)
        .await
        .context("the server ended")
}

/// The wanted port, or the next free one.
async fn bind(wanted: u16) -> Result<TcpListener> {
    let mut last_error = None;
    for port in wanted..=wanted.saturating_add(50) {
        match TcpListener::bind(SocketAddr::from((Ipv4Addr::LOCALHOST, port))).await {
            Ok(listener) => return Ok(listener),
            Err(error) => last_error = Some(error),
        }
    }
    let error = last_error.context("there is no port to try")?;
    Err(error).with_context(|| format!("no port from {wanted} on is free; choose one with --port"))
}

/// Asks the desktop to show a page. That there is no desktop is no fault.
fn open(url: &str) {
    let opener = if cfg!(target_os = "macos") {
        "open"
    } else {
        "xdg-open"
    };
    let started = Command::new(opener)
        .arg(url)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn();
    if let Ok(mut child) = started {
        // The opener ends by itself once the browser has the address; somebody must wait for it.
        std::thread::spawn(move || child.wait());
    }
}

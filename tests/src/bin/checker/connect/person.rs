//! A person signs in: authorization code with PKCE, and the browser comes back to a port of this program.

use std::process::{Command, Stdio};
use std::time::Duration;

use anyhow::{Context as _, bail, ensure};
use issuer::{Proof, TALK_CLIENT, unguessable};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::time::timeout;
use verdict::signing_in::OPEN;

use super::discovery::Found;
use super::token::{self, Client, Token};

/// The path of the redirect; its port is any.
const CALLBACK: &str = "/callback";
/// The longest request that is read of a browser, in bytes.
const LONGEST: u64 = 16 * 1024;
/// How long a browser may take for its request.
const READ: Duration = Duration::from_secs(5);

/// How a person is asked.
#[derive(Debug, Clone, Copy)]
pub(super) struct Asking {
    /// Whether a browser is opened; the address is told in any case.
    pub(super) open: bool,
    /// How long the answer may take.
    pub(super) patience: Duration,
}

/// The answer of the authorization server, as the browser brings it.
struct Answer {
    code: String,
    iss: Option<String>,
}

/// The client that this program is. Nobody could keep a secret in it.
pub(super) fn client() -> Client {
    Client {
        id: TALK_CLIENT.to_owned(),
        secret: None,
    }
}

/// Lets a person sign in for `scope`.
///
/// # Errors
/// They refuse, or do not answer in time; the answer is not one to this question.
pub(super) async fn sign_in(found: &Found, scope: &str, asking: Asking) -> anyhow::Result<Token> {
    ensure!(
        found.proves,
        "{} does not say that it checks a proof (code_challenge_methods_supported with S256), so no code is asked of it",
        found.issuer
    );
    let authorize = found.authorize.as_deref();
    let authorize = authorize.context("the authorization server has no place for browsers")?;
    let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
    let redirect = format!("http://{}{CALLBACK}", listener.local_addr()?);
    let (proof, state) = (Proof::new()?, unguessable()?);
    let client = client();
    let query = form_urlencoded::Serializer::new(String::new())
        .append_pair("response_type", "code")
        .append_pair("client_id", &client.id)
        .append_pair("redirect_uri", &redirect)
        .append_pair("code_challenge", &proof.challenge)
        .append_pair("code_challenge_method", "S256")
        .append_pair("resource", &found.resource)
        .append_pair("scope", scope)
        .append_pair("state", &state)
        .finish();
    let sign = if authorize.contains('?') { '&' } else { '?' };
    let address = format!("{authorize}{sign}{query}");
    super::tell!(
        "{} asks you about {scope}. Open this address:",
        found.issuer
    );
    super::tell!("{OPEN}{address}");
    if asking.open {
        open(&address);
    }
    let seconds = asking.patience.as_secs();
    let answer = timeout(asking.patience, answer(&listener, &state)).await;
    let answer = answer.with_context(|| format!("nobody answered within {seconds} s"))??;
    // RFC 9207: otherwise another authorization server could have its code used here.
    match &answer.iss {
        Some(iss) => ensure!(
            *iss == found.issuer,
            "the answer comes from {iss} and not from {}",
            found.issuer
        ),
        None => ensure!(
            !found.says_who,
            "the answer does not say who answers (iss), though the metadata promises it"
        ),
    }
    super::tell!("the answer is there: it has our state, and iss is the issuer");
    let fields = vec![
        ("grant_type", "authorization_code"),
        ("code", &answer.code),
        ("redirect_uri", &redirect),
        ("code_verifier", &proof.verifier),
    ];
    token::ask(found, &client, scope, fields).await
}

/// Waits for the request that has our state. Others are refused: every program here can send one.
async fn answer(listener: &TcpListener, state: &str) -> anyhow::Result<Answer> {
    loop {
        let (mut stream, _) = listener.accept().await?;
        let target = timeout(READ, target(&mut stream)).await;
        let Ok(Some(target)) = target else { continue };
        let (path, query) = target.split_once('?').unwrap_or((&target, ""));
        let get = |name: &str| {
            let mut pairs = form_urlencoded::parse(query.as_bytes());
            let found = pairs.find(|(known, _)| known == name);
            found.map(|(_, value)| value.into_owned())
        };
        if path != CALLBACK || get("state").as_deref() != Some(state) {
            say(
                &mut stream,
                "404 Not Found",
                "This is no answer to a question of this program.",
            )
            .await;
            continue;
        }
        if let Some(error) = get("error") {
            say(
                &mut stream,
                "200 OK",
                "You are not signed in. You can close this page.",
            )
            .await;
            let why = get("error_description").unwrap_or_default();
            bail!("{error}: {why}");
        }
        let Some(code) = get("code") else {
            say(
                &mut stream,
                "400 Bad Request",
                "There is no code in this answer.",
            )
            .await;
            bail!("there is no code in the answer");
        };
        say(
            &mut stream,
            "200 OK",
            "You are signed in. Go back to where you came from; you can close this page.",
        )
        .await;
        return Ok(Answer {
            code,
            iss: get("iss"),
        });
    }
}

/// Path and query of a request; none if it is no GET.
async fn target(stream: &mut TcpStream) -> Option<String> {
    let mut bytes = Vec::new();
    let mut limited = stream.take(LONGEST);
    while !bytes.windows(4).any(|four| four == b"\r\n\r\n") {
        if limited.read_buf(&mut bytes).await.ok()? == 0 {
            return None;
        }
    }
    let text = String::from_utf8_lossy(&bytes);
    let mut words = text.split(' ');
    let is_get = words.next() == Some("GET");
    words.next().filter(|_| is_get).map(str::to_owned)
}

/// Shows a page. A browser that has gone misses it.
async fn say(stream: &mut TcpStream, status: &str, words: &str) {
    let page = format!(
        "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><meta name=\"color-scheme\" content=\"light dark\">\
         <title>Sign in</title><p>{words}</p></html>\n"
    );
    let reply = format!(
        "HTTP/1.1 {status}\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: {}\r\n\
         Content-Security-Policy: default-src 'none'\r\nReferrer-Policy: no-referrer\r\nCache-Control: no-store\r\n\
         Connection: close\r\n\r\n{page}",
        page.len()
    );
    let _ = timeout(READ, stream.write_all(reply.as_bytes())).await;
    let _ = timeout(READ, stream.shutdown()).await;
}

/// Asks the desktop to show a page. That there is no desktop is no fault.
fn open(url: &str) {
    let mut command = if cfg!(target_os = "macos") {
        Command::new("open")
    } else if cfg!(windows) {
        // Not tested. `start` would take the `&` in the address for the end of a command.
        let mut command = Command::new("rundll32");
        command.arg("url.dll,FileProtocolHandler");
        command
    } else {
        Command::new("xdg-open")
    };
    command
        .arg(url)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    if let Ok(mut child) = command.spawn() {
        // The opener ends by itself once the browser has the address; somebody must wait for it.
        std::thread::spawn(move || child.wait());
    }
}

//! 6.9 No way inside.

use std::time::Duration;

use serde_json::{Value, json};

use super::web::{self, Web};
use crate::harness::{Caller, Check, Context, Remote, TRACKER_TOKEN, Verdict, ensure, wrong};

const EXERCISE: &str = "6.9";
const SOURCE: &str = "specification 2026-07-28, basic/authorization/security-considerations; security best practices, SSRF";

/// What the file becomes a part of, and what it is called there.
const TASK: &str = "ATLAS-1";
const NAME: &str = "file-of-this-check.txt";
/// A name that leads to the file server of the check.
const FILES: &str = "files.example";
/// A page that sends its reader to itself.
const ROUND: &str = "/round";
/// So many redirects are more than any file needs.
const ENOUGH: usize = 20;
/// The limit of one request to another server (× the time factor).
const ATTEMPT: Duration = Duration::from_millis(500);
/// The file.
const FILE: &str = "what the check serves";

pub(super) fn checks() -> Vec<Check> {
    vec![
        Check::new("inside-fetches", EXERCISE, fetches)
            .says("A file of the web becomes an attachment, also behind a redirect.")
            .why("A tool that refuses everything is safe and of no use.", SOURCE),
        Check::new("inside-refused", EXERCISE, refused)
            .says("No address, however it is written, no name and no redirect leads to this machine or its network.")
            .why(
                "Whoever can send your server somewhere reads what it can reach: services without a password, and the \
                 metadata of a cloud, which gives out credentials.",
                SOURCE,
            ),
        Check::new("inside-same-words", EXERCISE, same_words)
            .says("Whatever is inside, or is not, the reply is the same.")
            .why(
                "Where a refusal, a closed port and an open one read differently, whoever asks often enough has a map of \
                 your network. A reply about a file that is not there also shows that the server went to look.",
                SOURCE,
            ),
        Check::new("inside-endless", EXERCISE, endless)
            .says("Redirects that lead round and round end with an error.")
            .why(
                "Each redirect costs a request. A page that sends its reader to itself would keep the server busy for ever.",
                SOURCE,
            ),
    ]
}

/// What the file server of the check answers: the file, or a redirect for `/to?URL`.
fn answer(request: &str, _: usize) -> String {
    let target = request.split(' ').nth(1).unwrap_or_default();
    let to = match target.split_once("/to?") {
        Some((_, to)) => Some(to),
        None => (target == ROUND).then_some(ROUND),
    };
    match to {
        Some(to) => {
            format!("HTTP/1.1 302 Found\r\nLocation: {to}\r\nContent-Length: 0\r\n\r\n")
        }
        None => web::ok("text/plain", FILE),
    }
}

/// A server that may go to `open`, though it is on this machine, and to nothing else there.
async fn serve(ctx: &Context, open: &Web) -> Verdict<Remote> {
    let names = format!(
        "{FILES}=127.0.0.1,meta.example=169.254.169.254,six.example=::1,home.example=10.1.2.3"
    );
    ctx.server()
        .env("FETCH_ALLOW", open.address().to_string())
        .env("FETCH_HOSTS", names)
        .env(
            "ATTEMPT_TIMEOUT_MS",
            ctx.limits().scaled(ATTEMPT).as_millis().to_string(),
        )
        .serve_http()
        .await
}

fn import(url: &str) -> Value {
    json!({"task": TASK, "url": url, "name": NAME})
}

async fn fetches(ctx: Context) -> Verdict {
    let open = Web::start(answer).await?;
    let remote = serve(&ctx, &open).await?;
    let port = open.port();
    let urls = [
        format!("http://{FILES}:{port}/file"),
        format!("http://{FILES}:{port}/to?/file"),
        format!("http://{FILES}:{port}/to?http://{FILES}:{port}/file"),
    ];
    for (before, url) in urls.iter().enumerate() {
        let reply = remote.call("import_attachment", import(url)).await?;
        reply.tool_success()?;
        let arrived = imported(&ctx)?;
        let last = arrived.last();
        let right = arrived.len() == before + 1 && last.is_some_and(|it| it == FILE.as_bytes());
        ensure(right, || {
            let got = last.map_or("no new attachment".to_owned(), |bytes| {
                format!("{:?}", String::from_utf8_lossy(bytes))
            });
            reply
                .wrong("The file does not become an attachment of the task.")
                .expected(format!("an attachment with the text {FILE:?}"))
                .got(got)
        })?;
    }
    let requests = open.requests().join("\n");
    for secret in [Caller::Ada.token(), TRACKER_TOKEN] {
        ensure(!requests.contains(secret), || {
            wrong("The server shows the web a token that is none of its business.")
                .sent("import_attachment with the address of a file server")
                .expected("a request without a token")
                .got("a token among its headers")
        })?;
    }
    Ok(())
}

/// The bytes of the attachments that a call of this check has made.
fn imported(ctx: &Context) -> Verdict<Vec<Vec<u8>>> {
    let all = ctx.tracker()?.attachments().into_iter();
    let own = all.filter(|one| one.name == NAME && one.task == TASK);
    Ok(own.map(|one| one.bytes).collect())
}

async fn refused(ctx: Context) -> Verdict {
    let (open, inside) = (Web::start(answer).await?, Web::start(answer).await?);
    let remote = serve(&ctx, &open).await?;
    for url in targets(open.port(), inside.port()) {
        let reply = remote.call("import_attachment", import(&url)).await?;
        let failed = reply.error().is_none() && reply.tool_result()?.is_error();
        let attached = imported(&ctx)?.len();
        ensure(failed && inside.visits() == 0 && attached == 0, || {
            let what = match inside.visits() {
                0 => "An address that leads inside is not refused.",
                _ => "The server went to an address on this machine.",
            };
            reply
                .wrong(what)
                .expected("result.isError = true, no request there, and no attachment")
        })?;
    }
    // Whoever was refused is served as before.
    let right = import(&format!("http://{FILES}:{}/file", open.port()));
    let reply = remote.call("import_attachment", right).await?;
    reply.tool_success()?;
    Ok(())
}

async fn same_words(ctx: Context) -> Verdict {
    let (open, inside) = (Web::start(answer).await?, Web::start(answer).await?);
    let remote = serve(&ctx, &open).await?;
    let mut first: Option<(String, String)> = None;
    for url in targets(open.port(), inside.port()) {
        let reply = remote.call("import_attachment", import(&url)).await?;
        // What the caller has sent may be repeated.
        let words = reply.tool_result()?.text().replace(&url, "URL");
        match &first {
            None => first = Some((url, words)),
            Some((before, due)) => ensure(words == *due, || {
                reply
                    .wrong("The reply tells addresses inside apart.")
                    .sent(format!("import_attachment of {before}, then of {url}"))
                    .expected(format!("the same reply to both: {due:?}"))
                    .got(format!("{words:?}"))
            })?,
        }
    }
    Ok(())
}

async fn endless(ctx: Context) -> Verdict {
    let open = Web::start(answer).await?;
    let remote = serve(&ctx, &open).await?;
    let url = format!("http://{FILES}:{}{ROUND}", open.port());
    let reply = remote.call("import_attachment", import(&url)).await?;
    let visits = open.visits();
    let failed = reply.error().is_none() && reply.tool_result()?.is_error();
    ensure(failed && visits <= ENOUGH, || {
        reply
            .wrong("Redirects without an end are followed without an end.")
            .expected(format!(
                "result.isError = true after {ENOUGH} requests at most"
            ))
            .got(format!("{visits} requests"))
    })?;
    Ok(())
}

/// Where a caller may try to send the server. What is no port of this check is the one of `discard`, which nobody serves.
/// `open` is the port of the one that is allowed, `inside` of one that is not.
fn targets(open: u16, inside: u16) -> Vec<String> {
    let hosts = [
        "127.0.0.1",
        "localhost",
        "LOCALHOST.",
        "127.1",
        "2130706433",
        "0x7f000001",
        "0177.0.0.1",
        "0x7f.1",
        "127.0.0.1.",
        "0.0.0.0",
        "0",
        "[::1]",
        "[::]",
        "[::ffff:127.0.0.1]",
        "[::ffff:7f00:1]",
        "[0:0:0:0:0:ffff:127.0.0.1]",
        "[::127.0.0.1]",
        FILES,
        "six.example",
        "127.8.9.10",
        "①②⑦.⓪.⓪.①",
        "127。0。0。1",
    ];
    let here = hosts.map(|host| format!("http://{host}:{inside}/"));
    let beside = [
        "http://169.254.169.254:9/latest/meta-data/",
        "http://meta.example:9/",
        "http://home.example:9/",
        "http://0.1.2.3:9/",
        "http://10.0.0.1:9/",
        "http://192.168.0.1:9/",
        "http://172.16.0.1:9/",
        "http://172.31.255.254:9/",
        "http://100.64.0.1:9/",
        "http://192.0.0.1:9/",
        "http://198.18.0.1:9/",
        "http://224.0.0.1:9/",
        "http://255.255.255.255:9/",
        "http://[fe80::1]:9/",
        "http://[fd00::1]:9/",
        "http://[64:ff9b::7f00:1]:9/",
        "http://[2002:7f00:1::]:9/",
    ];
    let ways = [
        format!("http://{FILES}:{open}@127.0.0.1:{inside}/"),
        format!("http://{FILES}@127.0.0.1:{inside}/"),
        format!("http://{FILES}:{open}/to?http://127.0.0.1:{inside}/"),
        format!("http://{FILES}:{open}/to?//localhost:{inside}/"),
        format!("http://{FILES}:{open}/to?http://{FILES}:{open}/to?http://[::1]:{inside}/"),
        format!("http://{FILES}:{open}/to?http://169.254.169.254:9/"),
        format!("http://{FILES}:{open}/to?file:///etc/passwd"),
        format!("http://127.0.0.1:{inside}#@{FILES}:{open}/"),
        format!("http:\\\\127.0.0.1:{inside}\\"),
        "file:///etc/passwd".to_owned(),
        format!("gopher://127.0.0.1:{inside}/"),
        format!("ftp://127.0.0.1:{inside}/"),
    ];
    here.into_iter()
        .chain(beside.map(str::to_owned))
        .chain(ways)
        .collect()
}

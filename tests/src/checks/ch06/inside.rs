//! 6.9 No way inside.

use serde_json::{Value, json};

use super::web::{self, Web};
use crate::harness::{Check, Context, Remote, Verdict, ensure};

const EXERCISE: &str = "6.9";
const SOURCE: &str = "specification 2026-07-28, basic/authorization/security-considerations; security best practices, SSRF";

/// A name that leads to the file server of the check.
const FILES: &str = "files.example";
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
    ]
}

/// What the file server of the check answers: the file, or a redirect for `/to?URL`.
fn answer(request: &str, _: usize) -> String {
    let target = request.split(' ').nth(1).unwrap_or_default();
    match target.split_once("/to?") {
        Some((_, to)) => {
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
        .serve_http()
        .await
}

fn import(url: &str) -> Value {
    json!({"task": "ATLAS-1", "url": url, "name": "file.txt"})
}

async fn fetches(ctx: Context) -> Verdict {
    let open = Web::start(answer).await?;
    let remote = serve(&ctx, &open).await?;
    let port = open.port();
    for url in [
        format!("http://{FILES}:{port}/file"),
        format!("http://{FILES}:{port}/to?/file"),
        format!("http://{FILES}:{port}/to?http://{FILES}:{port}/file"),
    ] {
        remote
            .call("import_attachment", import(&url))
            .await?
            .tool_success()?;
    }
    Ok(())
}

async fn refused(ctx: Context) -> Verdict {
    let (open, inside) = (Web::start(answer).await?, Web::start(answer).await?);
    let remote = serve(&ctx, &open).await?;
    for url in targets(open.port(), inside.port()) {
        let reply = remote.call("import_attachment", import(&url)).await?;
        let failed = reply.error().is_none() && reply.tool_result()?.is_error();
        ensure(failed && inside.visits() == 0, || {
            let what = match inside.visits() {
                0 => "An address that leads inside is not refused.",
                _ => "The server went to an address on this machine.",
            };
            reply
                .wrong(what)
                .expected("result.isError = true, and no request there")
        })?;
    }
    Ok(())
}

/// Where a caller may try to send the server. `open` is the port of the one that is allowed, `inside` of one that is not.
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
    ];
    let here = hosts.map(|host| format!("http://{host}:{inside}/"));
    let beside = [
        "http://169.254.169.254/latest/meta-data/",
        "http://meta.example/",
        "http://home.example/",
        "http://10.0.0.1/",
        "http://192.168.0.1/",
        "http://172.16.0.1/",
        "http://100.64.0.1/",
        "http://[fe80::1]/",
        "http://[fd00::1]/",
        "http://[64:ff9b::7f00:1]/",
        "http://[2002:7f00:1::]/",
    ];
    let ways = [
        format!("http://{FILES}:{open}@127.0.0.1:{inside}/"),
        format!("http://{FILES}@127.0.0.1:{inside}/"),
        format!("http://{FILES}:{open}/to?http://127.0.0.1:{inside}/"),
        format!("http://{FILES}:{open}/to?//localhost:{inside}/"),
        format!("http://{FILES}:{open}/to?http://{FILES}:{open}/to?http://[::1]:{inside}/"),
        format!("http://{FILES}:{open}/to?http://169.254.169.254/"),
        "file:///etc/passwd".to_owned(),
        format!("gopher://127.0.0.1:{inside}/"),
        format!("ftp://127.0.0.1:{inside}/"),
    ];
    here.into_iter()
        .chain(beside.map(str::to_owned))
        .chain(ways)
        .collect()
}

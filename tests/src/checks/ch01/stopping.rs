//! 1.7 Stop when told (Unix).

use std::path::PathBuf;
use std::time::Duration;

use serde_json::json;
use verdict::Era;

use super::lifecycle::journal_is_balanced;
use crate::harness::{
    Check, Connection, Context, Opening, Pending, Server, Verdict, ensure, wrong,
};

const EXERCISE: &str = "1.7";
const SOURCE: &str = "specification 2026-07-28, basic/transports/stdio, Shutdown";
const WHY: &str = "A host that wants a server gone sends SIGTERM, often with the pipe still open, and kills it \
    soon after. Until then the server can finish its work.";
const SOCKETS_BLOCK: &str = "A read from a socket cannot be given up. Over pipes the server ended: see to it that \
    the end of the runtime does not wait for that read.";
/// How long an idle server may take to end.
const IDLE_END: Duration = Duration::from_secs(1);
/// How long it may take with a call of one second in flight.
const BUSY_END: Duration = Duration::from_secs(4);
/// How long after its start a server surely handles signals.
const START: Duration = Duration::from_millis(300);
/// Pipes, and socket pairs as hosts written for Node give them. A read from a socket blocks the SDK's thread.
const CONNECTIONS: [Connection; 2] = [Connection::Pipes, Connection::Sockets];

pub(super) fn checks() -> Vec<Check> {
    let all = [
        Check::new("stop-idle", EXERCISE, idle)
            .says("An idle server ends with 0 within a second of SIGTERM, with its input still open.")
            .why(WHY, SOURCE),
        Check::new("stop-after-discover", EXERCISE, after_discover)
            .says("SIGTERM is heeded between server/discover and the first request.")
            .why(
                "The SDK's `serve` comes back only with the first request that is no probe: a handler installed after \
                 it comes too late.",
                SOURCE,
            )
            .only(Era::Modern),
        Check::new("stop-before-first", EXERCISE, before_first)
            .says("SIGTERM is heeded before the first message.")
            .why("A host may change its mind before it has said a word.", SOURCE)
            .only(Era::Modern)
            .slow(),
        Check::new("stop-busy", EXERCISE, busy)
            .says("A call in flight at SIGTERM is still answered, then the process ends with 0.")
            .why(WHY, SOURCE)
            .slow(),
    ];
    all.map(Check::unix_only).into()
}

/// How a connection is told to a person.
fn over(connection: Connection) -> &'static str {
    match connection {
        Connection::Pipes => "over pipes",
        Connection::Sockets => "over socket pairs",
    }
}

/// A journal for each kind of connection: their servers may run at the same time.
fn journal(ctx: &Context, connection: Connection) -> Verdict<PathBuf> {
    Ok(ctx.folder()?.join(format!("journal {}", over(connection))))
}

async fn start(ctx: &Context, connection: Connection, opening: Opening) -> Verdict<Server> {
    let journal = journal(ctx, connection)?;
    ctx.server()
        .env("JOURNAL", journal)
        .connected_by(connection)
        .start(opening)
        .await
}

/// Sends SIGTERM, and demands a normal end in time; `before` says what had happened until then.
async fn stops(
    ctx: &Context,
    server: &Server,
    connection: Connection,
    before: &str,
    in_flight: Option<Pending>,
) -> Verdict {
    let sent = format!(
        "{before}, then SIGTERM, {}, with the input left open",
        over(connection)
    );
    server.terminate();
    let limit = if in_flight.is_some() {
        BUSY_END
    } else {
        IDLE_END
    };
    if let Some(call) = in_flight {
        let reply = call.within(ctx.limits().scaled(limit)).reply().await;
        reply
            .map_err(|lost| lost.sent(sent.clone()))?
            .tool_success()?;
    }
    let ending = server.ending(limit, "SIGTERM").await.map_err(|late| {
        let late = late.sent(sent.clone());
        match connection {
            Connection::Pipes => late,
            Connection::Sockets => late.note(SOCKETS_BLOCK),
        }
    })?;
    ensure(ending.is_normal(), || {
        wrong("The process did not end normally when it was told to stop.")
            .sent(sent.clone())
            .expected("exit code 0")
            .got(ending.spoken())
    })?;
    journal_is_balanced(&journal(ctx, connection)?, &sent)
}

async fn idle(ctx: Context) -> Verdict {
    for connection in CONNECTIONS {
        let server = start(&ctx, connection, Opening::Usual).await?;
        server
            .call("greet", json!({"name": "Ada"}))
            .await?
            .tool_success()?;
        stops(&ctx, &server, connection, "one call of `greet`", None).await?;
    }
    Ok(())
}

async fn after_discover(ctx: Context) -> Verdict {
    for connection in CONNECTIONS {
        let server = start(&ctx, connection, Opening::None).await?;
        server
            .request("server/discover", json!({}))
            .await?
            .result()?;
        stops(&ctx, &server, connection, "server/discover", None).await?;
    }
    Ok(())
}

async fn before_first(ctx: Context) -> Verdict {
    for connection in CONNECTIONS {
        let server = start(&ctx, connection, Opening::None).await?;
        // Nothing tells that a silent server has started; a signal before its handler is nobody's fault.
        tokio::time::sleep(ctx.limits().scaled(START)).await;
        stops(&ctx, &server, connection, "nothing", None).await?;
    }
    Ok(())
}

async fn busy(ctx: Context) -> Verdict {
    let [pipes, sockets] = CONNECTIONS.map(|connection| stops_while_busy(&ctx, connection));
    let (over_pipes, over_sockets) = tokio::join!(pipes, sockets);
    over_pipes.and(over_sockets)
}

async fn stops_while_busy(ctx: &Context, connection: Connection) -> Verdict {
    let server = start(ctx, connection, Opening::Usual).await?;
    let call = server.begin_call("wait", json!({"millis": 1000})).await?;
    // Requests are read in order: once this one is answered, the other has been taken up.
    server
        .call("greet", json!({"name": "Ada"}))
        .await?
        .tool_success()?;
    stops(
        ctx,
        &server,
        connection,
        "a call of `wait` for one second",
        Some(call),
    )
    .await
}

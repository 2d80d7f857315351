//! 6.1 Keep secrets.

use std::time::Duration;

use serde_json::json;
use tracker::{Effect, Fault};
use verdict::{Era, Needs};

use crate::harness::{
    Caller, Check, Context, Launcher, Opening, ProcessLog, Reply, Stop, TRACKER_TOKEN, Verdict,
    Wrong, ensure, short, wrong,
};

const EXERCISE: &str = "6.1";
const SOURCE: &str = "specification 2026-07-28, basic/authorization: credentials of a stdio server come from its environment";

/// Where the server finds its secret.
const VARIABLE: &str = "TRACKER_TOKEN";
/// The same, as the name of a file that holds it.
const FILE: &str = "TRACKER_TOKEN_FILE";
/// What states are signed with in these checks.
const STATE_KEY: &str = "state-key-of-this-check-9b04c6e1f7a2";

/// Values that are no secrets, and what they are.
const NO_SECRETS: [(&str, &str); 5] = [
    ("", "an empty text"),
    (" \t ", "blanks"),
    (
        "${TRACKER_TOKEN}",
        "a placeholder that nobody has filled in",
    ),
    (
        "${env:TRACKER_TOKEN}",
        "a placeholder that nobody has filled in",
    ),
    (
        "${input:tracker-token}",
        "a placeholder that nobody has filled in",
    ),
];

/// A server that cannot start says so within this time.
const START: Duration = Duration::from_secs(2);

/// Building two small programs takes so long on a slow machine.
const PROBES: Duration = Duration::from_secs(60);

pub(super) fn checks() -> Vec<Check> {
    vec![
        Check::new("secret-refused", EXERCISE, refused)
            .says("Without a secret, or with what cannot be one, the server ends and names the variable, not the value.")
            .why(
                "Clients differ in what they do with `${NAME}`: some put the value there, others pass it on as it is. \
                 Found at the start, it is one sentence; found later, it is a refusal by somebody else.",
                SOURCE,
            )
            .only(Era::Modern),
        Check::new("secret-from-file", EXERCISE, from_file)
            .says("The secret may stand in a file, with a line break at its end, and is judged in the same way.")
            .why(
                "The environment of a process can be read by others of the same user, and is handed on to its children. \
                 A file has permissions.",
                SOURCE,
            )
            .only(Era::Modern),
        Check::new("secret-nowhere", EXERCISE, nowhere)
            .says("No secret is in a reply or in the log, however much the log tells.")
            .why(
                "Logs are kept, copied and sent to others. What is printed once is no secret any more.",
                SOURCE,
            ),
        Check::new("secret-unprintable", EXERCISE, unprintable)
            .says("A program that prints a secret without asking for its text does not compile.")
            .why(
                "What the compiler refuses, nobody does by mistake. The one word that gives the text away can be searched for.",
                "specification 2026-07-28, basic/authorization/security-considerations, Token Theft",
            )
            .only(Era::Modern)
            .needs(Needs::Crate)
            .slow()
            .within(PROBES),
    ]
}

async fn refused(ctx: Context) -> Verdict {
    let missing = ctx.server().without(VARIABLE);
    ends(&ctx, missing, None, &format!("{VARIABLE} not set")).await?;
    for (value, what) in NO_SECRETS {
        let launcher = ctx.server().env(VARIABLE, value);
        ends(
            &ctx,
            launcher,
            Some(value),
            &format!("{VARIABLE}={value:?}, {what}"),
        )
        .await?;
    }
    let server = ctx.server().start(Opening::Usual).await?;
    server.request("tools/list", json!({})).await?.result()?;
    Ok(())
}

/// Demands that the server ends by itself, with an error that names the variable and does not quote the value.
async fn ends(ctx: &Context, launcher: Launcher, value: Option<&str>, sent: &str) -> Verdict {
    let server = launcher.start(Opening::None).await?;
    server.close_input().await;
    let ending = server
        .ending(START, "it was started with empty input")
        .await?;
    server.log().settled(ctx.limits().request()).await;
    let told = server.log().stderr();
    let last = told
        .trim_end()
        .lines()
        .last()
        .unwrap_or("nothing on standard error");
    let failed = |what: &str| {
        wrong(what)
            .sent(sent)
            .expected(format!(
                "an exit code other than 0, and a line on standard error that names {VARIABLE}"
            ))
            .got(format!("{}; {}", ending.spoken(), short::line(last)))
    };
    ensure(!ending.is_normal(), || {
        failed("The server starts with a secret that is none.")
    })?;
    ensure(told.contains(VARIABLE), || {
        failed("The server does not say which setting is wrong.")
    })?;
    let quoted = value.filter(|value| !value.trim().is_empty());
    ensure(!quoted.is_some_and(|value| told.contains(value)), || {
        failed("The server quotes what it was given as a secret.")
    })?;
    Ok(())
}

async fn from_file(ctx: Context) -> Verdict {
    let path = ctx.folder()?.join("token");
    let write = |text: &str| {
        std::fs::write(&path, text)
            .map_err(|error| Stop::Fault(format!("cannot write {}: {error}", path.display())))
    };
    write("${TRACKER_TOKEN}\n")?;
    let launcher = ctx.server().without(VARIABLE).env(FILE, &path);
    ends(
        &ctx,
        launcher,
        None,
        &format!("{FILE} names a file that holds a placeholder"),
    )
    .await?;
    write(&format!("{TRACKER_TOKEN}\n"))?;
    let launcher = ctx.server().without(VARIABLE).env(FILE, &path);
    let server = launcher.start(Opening::Usual).await?;
    let reply = server.call("list_projects", json!({})).await?;
    reply.tool_success()?;
    let expected = format!("Bearer {TRACKER_TOKEN}");
    let journal = ctx.tracker()?.journal();
    ensure(
        journal
            .iter()
            .all(|entry| entry.authorization.as_deref() == Some(&expected)),
        || {
            wrong("The tracker was not shown the token that stands in the file.")
                .sent(format!(
                    "{FILE} names a file with the token and a line break"
                ))
                .expected("Authorization: Bearer and the token without the line break")
                .got("another value")
        },
    )?;
    Ok(())
}

async fn nowhere(ctx: Context) -> Verdict {
    let tracker = ctx.tracker()?;
    let remote = ctx
        .server()
        .env("STATE_KEY", STATE_KEY)
        .env("RUST_LOG", "trace")
        .serve_http()
        .await?;
    let listed = remote.call("list_projects", json!({})).await?;
    keeps("the reply", &listed.message().to_string(), &listed.sent())?;
    for effect in [
        Effect::TokenExpired,
        Effect::Status { status: 500 },
        Effect::TruncatedJson,
    ] {
        tracker.fault(Fault::on("GET /projects", effect))?;
        let failed: Reply = remote.call("list_projects", json!({})).await?;
        keeps("the reply", &failed.message().to_string(), &failed.sent())?;
    }
    let silent =
        |log: &ProcessLog| keeps("the log", &log.stderr(), "four calls, with RUST_LOG=trace");
    silent(remote.log())?;
    remote.process().terminate();
    remote.log().settled(ctx.limits().request()).await;
    silent(remote.log())?;
    Ok(())
}

/// Demands that no secret of these checks is in a text.
fn keeps(place: &str, text: &str, sent: &str) -> Result<(), Wrong> {
    let secrets = [
        (TRACKER_TOKEN, VARIABLE),
        (STATE_KEY, "STATE_KEY"),
        (Caller::Ada.token(), "STATIC_TOKENS, or of a header,"),
    ];
    for (secret, name) in secrets {
        let line = text.lines().find(|line| line.contains(secret));
        if let Some(line) = line {
            let around = line.replace(secret, "<the value>");
            return Err(wrong(format!("The value of {name} is in {place}."))
                .sent(sent)
                .expected("[REDACTED], or nothing, in its place")
                .got(short::line(&around)));
        }
    }
    Ok(())
}

/// Programs that print a secret, each with a twin that asks for the text first.
const PRINTING: [(&str, &str); 2] = [
    (
        r#"println!("{secret}")"#,
        r#"println!("{}", secret.expose())"#,
    ),
    (
        "let text: String = secret.to_string()",
        "let text: String = secret.expose().to_string()",
    ),
];

async fn unprintable(ctx: Context) -> Verdict {
    for (printing, twin) in PRINTING {
        let program = |statement: &str| {
            format!(
                "use CRATE::secret::Secret;\npub fn print(secret: &Secret) {{ {statement}; }}\nfn main() {{}}\n"
            )
        };
        if let Err(refusal) = ctx.compiles(&program(twin)).await? {
            return Err(
                wrong("A program that asks for the text of a secret does not compile.")
                    .sent(twin)
                    .expected("a type `secret::Secret` with the method `expose`")
                    .got(short::line(&refusal.first))
                    .into(),
            );
        }
        ensure(ctx.compiles(&program(printing)).await?.is_err(), || {
            wrong("A program that prints a secret compiles.")
                .sent(printing)
                .expected("an error of the compiler: `Secret` is no `Display`")
                .got("a program")
        })?;
    }
    Ok(())
}

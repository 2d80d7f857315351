//! 7.9: the server as it is when it was installed: a program, and nothing of its sources.

use std::time::Duration;

use serde_json::json;

use crate::harness::{Context, Opening, Stop, TRACKER_TOKEN, Verdict, ensure, short, wrong};

/// Cargo may have to wait for another cargo, and to build some crates anew.
const INSTALL: Duration = Duration::from_secs(200);

/// Installs the crate, and asks what was installed.
pub(super) async fn serves(ctx: Context) -> Verdict {
    let subject = ctx.subject();
    let (Some(folder), Some(target)) = (&subject.crate_folder, &subject.target_folder) else {
        return Err(Stop::Fault(
            "this check needs the crate and where it was built".into(),
        ));
    };
    let root = ctx.folder()?.join("installed");
    let empty = ctx.folder()?.join("empty");
    std::fs::create_dir_all(&empty)
        .map_err(|error| Stop::Fault(format!("cannot make a folder: {error}")))?;
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut launcher = ctx
        .program(cargo.as_ref(), folder)
        .env("CARGO_TERM_COLOR", "never")
        .env("CARGO_PROFILE_DEV_DEBUG", "line-tables-only");
    let arguments = [
        "install",
        "--debug",
        "--offline",
        "--locked",
        "--no-track",
        "--path",
        ".",
    ];
    for argument in arguments {
        launcher = launcher.argument(argument);
    }
    let paths = [("--root", &root), ("--target-dir", target)];
    for (option, path) in paths {
        launcher = launcher.argument(option).argument(&path.to_string_lossy());
    }
    let sent = "cargo install --debug --offline --locked --path . --root INSTALLED, in the folder of the crate";
    let cargo = launcher.start(Opening::None).await?;
    cargo.log().is_plain_program();
    cargo.close_input().await;
    let ending = cargo.ending(INSTALL, "cargo install began").await?;
    cargo.log().settled(ctx.limits().request()).await;
    ensure(ending.is_normal(), || {
        let log = cargo.log().stderr();
        let error = log.lines().find(|line| line.starts_with("error"));
        wrong("The crate cannot be installed.")
            .sent(sent)
            .expected("a program in INSTALLED/bin")
            .got(short::line(error.unwrap_or("no error that cargo names")))
    })?;
    let name = ctx.package()?.name;
    let program = root
        .join("bin")
        .join(format!("{name}{}", std::env::consts::EXE_SUFFIX));
    ensure(program.is_file(), || {
        wrong("The program has another name when it is installed.")
            .sent(sent)
            .expected(format!("INSTALLED/bin/{name}"))
            .got("no such file")
    })?;
    let server = ctx
        .program(&program, &empty)
        .env("TRACKER_URL", ctx.tracker()?.url())
        .env("TRACKER_TOKEN", TRACKER_TOKEN)
        .start(Opening::Usual)
        .await?;
    let call = server.call("list_tasks", json!({"project": "ATLAS"})).await;
    let reply = call.map_err(|stop| {
        stop.sent("the installed program in an empty folder, tools/call list_tasks")
    })?;
    reply.tool_success()?;
    Ok(())
}

//! 7.9: what others need to install and run the server.

use std::time::Duration;

use verdict::{Era, Needs};

use super::files::Packaging;
use super::{bundle, container, installed, registry, service};
use crate::harness::{Check, Context, Verdict};

const EXERCISE: &str = "7.9";

/// Cargo links the program once more, and may have to build crates without what only the tests need.
const INSTALL: Duration = Duration::from_secs(240);

pub(super) fn checks() -> Vec<Check> {
    vec![
        Check::new("bundle-fits", EXERCISE, bundled)
            .only(Era::Modern)
            .needs(Needs::Crate)
            .says("`packaging/manifest.json` describes a bundle of this server: its version, its program, its tools, its settings.")
            .why(
                "A host shows what stands there before anything runs, and starts what stands there.",
                "specification of MCPB, MANIFEST.md 0.3",
            ),
        Check::new("registry-entry-fits", EXERCISE, registered)
            .only(Era::Modern)
            .needs(Needs::Crate)
            .says("`packaging/server.json` names the server and its packages as the registry demands, all of one version.")
            .why(
                "The registry takes a version once and for ever, and proves that a package belongs to the name.",
                "specification of the MCP registry, server.json 2025-12-11",
            ),
        Check::new("container-fits", EXERCISE, contained)
            .only(Era::Modern)
            .needs(Needs::Crate)
            .says("The image holds the program and no shell, runs it as an ordinary user, and starts it directly.")
            .why(
                "What is not in the image cannot be misused. A shell in between keeps SIGTERM for itself, and nothing is drained.",
                "specification of Open Container Images, config: User and Entrypoint",
            ),
        Check::new("release-profile-fits", EXERCISE, profiled)
            .only(Era::Modern)
            .needs(Needs::Crate)
            .says("The release profile makes the program small, and a panic still costs one request only.")
            .why(
                "`panic = \"abort\"` saves some kilobytes, and turns the panic of one request into the end of all.",
                "The Cargo Book, Profiles: strip, lto, codegen-units, panic",
            ),
        Check::new("service-fits", EXERCISE, run_as_service)
            .only(Era::Modern)
            .needs(Needs::Crate)
            .says("The service starts the server over HTTP, with a token that does not stand in the unit.")
            .why(
                "Units can be read by everybody on the machine. A credential can be read by the service alone.",
                "systemd.exec(5), Credentials",
            ),
        Check::new("installed-serves", EXERCISE, installed::serves)
            .says("What `cargo install` puts there serves from an empty folder.")
            .why(
                "Whoever installs a program has neither its sources nor its folder.",
                "The Cargo Book, cargo install",
            )
            .only(Era::Modern)
            .needs(Needs::Crate)
            .slow()
            .within(INSTALL),
    ]
}

async fn bundled(ctx: Context) -> Verdict {
    let server = ctx.start().await?;
    let tools = server.tools().await?;
    let tools: Vec<&str> = tools.iter().map(|tool| tool.name()).collect();
    Ok(bundle::judge(&Packaging::of(&ctx)?, &tools)?)
}

async fn registered(ctx: Context) -> Verdict {
    Ok(registry::judge(&Packaging::of(&ctx)?)?)
}

async fn contained(ctx: Context) -> Verdict {
    Ok(container::judge(&Packaging::of(&ctx)?)?)
}

async fn profiled(ctx: Context) -> Verdict {
    Ok(container::judge_profile(&Packaging::of(&ctx)?)?)
}

async fn run_as_service(ctx: Context) -> Verdict {
    Ok(service::judge(&Packaging::of(&ctx)?)?)
}

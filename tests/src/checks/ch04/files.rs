//! 4.7 Files without escape.

use std::path::{Path, PathBuf};

use super::escape::{ABSOLUTE, HOSTILE, ODD};
use super::{encoded, uri_of};
use crate::harness::{Check, Context, Opening, Reply, Server, Stop, Verdict, ensure, short, wrong};

const EXERCISE: &str = "4.7";
const SECURITY: &str = "specification 2026-07-28, server/resources, Security Considerations";
const ERRORS: &str = "specification 2026-07-28, server/resources, Error Handling";
/// The files in the handbook: path, URI, and what is in them.
const FILES: [(&str, &str, &[u8]); 6] = [
    (
        "welcome.md",
        "handbook:///welcome.md",
        b"Come in, the kettle is on.",
    ),
    (
        "guides/on call.md",
        "handbook:///guides/on%20call.md",
        b"Who has the red telephone today.",
    ),
    (
        "guides/deep/er.md",
        "handbook:///guides/deep/er.md",
        b"Two stairs down.",
    ),
    (
        "Gr\u{fc}\u{df}e.md",
        "handbook:///Gr%C3%BC%C3%9Fe.md",
        b"How we write to customers.",
    ),
    (
        "a..b.md",
        "handbook:///a..b.md",
        b"Two dots in a name lead nowhere.",
    ),
    ("seal.bin", "handbook:///seal.bin", b"\xff\x00\xfe seal"),
];
/// What must never be read.
const SECRET: &str = "The combination of the safe.";

pub(super) fn checks() -> Vec<Check> {
    vec![
        Check::new("files-served", EXERCISE, are_served)
            .says("Every file in the handbook is listed and can be read, and everything that is listed can be read.")
            .why(
                "A guard that refuses everything is safe and of no use. And a listed URI that cannot be read is a broken promise.",
                SECURITY,
            ),
        Check::new("files-do-not-escape", EXERCISE, do_not_escape)
            .says("No URI leads out of the handbook or to anything but a file in it, however it is written.")
            .why(
                "The URI comes from outside. Decode first and look then, compare real paths and not beginnings of texts: \
                 `handbook-old` begins like `handbook`.",
                SECURITY,
            ),
        Check::new("links-do-not-lead-out", EXERCISE, links)
            .says("A link in the handbook does not lead out of it.")
            .why(
                "A path can look as if it stayed inside while a link on it leads anywhere. Only the real path tells.",
                SECURITY,
            )
            .unix_only(),
        Check::new("paths-stay-inside", EXERCISE, paths_stay_inside)
            .says("No error tells where the handbook is.")
            .why(
                "An absolute path tells a stranger the name of the user and the layout of the disk.",
                ERRORS,
            ),
    ]
}

/// The folder around the handbook of this run, with everything in it.
fn surroundings(ctx: &Context) -> Verdict<PathBuf> {
    let around = ctx.folder()?;
    let write = || {
        let around = std::fs::canonicalize(around)?;
        for (path, _, bytes) in FILES {
            let file = around.join("handbook").join(path);
            if let Some(folder) = file.parent() {
                std::fs::create_dir_all(folder)?;
            }
            std::fs::write(file, bytes)?;
        }
        let old = around.join("handbook-old");
        std::fs::create_dir_all(&old)?;
        std::fs::write(old.join("secret.md"), SECRET)?;
        std::fs::write(around.join("secret.md"), SECRET)?;
        plant_links(&around)?;
        Ok(around)
    };
    write().map_err(|error: std::io::Error| {
        Stop::Fault(format!("cannot write a handbook for a check: {error}"))
    })
}

/// Links in the handbook: to a file and to folders outside, by absolute and by relative paths, and over one another.
#[cfg(unix)]
fn plant_links(around: &Path) -> std::io::Result<()> {
    use std::os::unix::fs::symlink;

    let handbook = around.join("handbook");
    symlink("../secret.md", handbook.join("link.md"))?;
    symlink(around.join("secret.md"), handbook.join("absolute.md"))?;
    symlink("../handbook-old", handbook.join("old"))?;
    symlink("..", handbook.join("guides/up"))?;
    symlink(around, handbook.join("around"))?;
    symlink("link.md", handbook.join("twice.md"))?;
    symlink("nowhere.md", handbook.join("broken.md"))
}

/// Where there are no links to plant, there are none to follow.
#[cfg(not(unix))]
fn plant_links(_: &Path) -> std::io::Result<()> {
    Ok(())
}

/// A server that is told of the handbook by a path that is not the real one: it must find that out itself.
async fn start(ctx: &Context, around: &Path) -> Verdict<Server> {
    let folder = around.join("handbook-old").join("..").join("handbook");
    let launcher = ctx.server().env("HANDBOOK_DIR", folder);
    launcher.start(Opening::Usual).await
}

async fn are_served(ctx: Context) -> Verdict {
    let around = surroundings(&ctx)?;
    let server = start(&ctx, &around).await?;
    let listed = server.resources().await?;
    let own = |uri: &&str| !uri.starts_with("tracker:");
    for uri in listed.iter().map(uri_of).filter(own) {
        let reply = server.read(uri).await?;
        reply
            .contents()
            .map_err(|failed| failed.why("It is listed, so whoever reads it should get it."))?;
    }
    for (path, uri, bytes) in FILES {
        let reply = server.read(uri).await?;
        let expected = format!("the {} bytes of {}", bytes.len(), short::quoted(path));
        let content = reply
            .content_of(uri)
            .map_err(|wrong| wrong.expected(&expected))?;
        ensure(content.bytes().as_deref() == Some(bytes), || {
            reply
                .wrong("A file is not what is in the folder.")
                .expected(expected)
        })?;
        ensure(
            listed.iter().any(|resource| uri_of(resource) == uri),
            || {
                wrong("A file that can be read is not listed.")
                    .sent("resources/list")
                    .expected(short::quoted(uri))
                    .got(format!("{} other resources", listed.len()))
            },
        )?;
    }
    Ok(())
}

/// Demands that a URI was refused, and that nothing came along.
fn refused(reply: &Reply, kind: &str) -> Verdict {
    ensure(!reply.message().to_string().contains(SECRET), || {
        reply
            .wrong(format!("A URI with {kind} leads out of the handbook."))
            .expected("a protocol error: there is no such resource")
    })?;
    let what = match reply.error() {
        Some(_) => format!("A URI with {kind} is refused with another code."),
        None => format!("A URI with {kind} is not refused."),
    };
    reply.expect_no_resource(&what)?;
    Ok(())
}

/// Demands that what was read is a file of the handbook, whichever.
fn is_a_file(reply: &Reply) -> Verdict {
    for content in reply.contents()? {
        let bytes = content.bytes();
        let known = FILES
            .iter()
            .any(|(_, _, file)| bytes.as_deref() == Some(*file));
        ensure(known, || {
            reply
                .wrong("An odd path leads to something else than a file of the handbook.")
                .expected("a protocol error, or a file of the handbook")
        })?;
    }
    Ok(())
}

async fn do_not_escape(ctx: Context) -> Verdict {
    let around = surroundings(&ctx)?;
    let server = start(&ctx, &around).await?;
    let outside = around.to_string_lossy().into_owned();
    for (end, kind) in HOSTILE {
        let reply = server.read(&format!("handbook:///{end}")).await?;
        refused(&reply, kind)?;
    }
    for (shape, kind) in ABSOLUTE {
        let uri = shape.replace("{outside}", &outside);
        let uri = uri.replace("{encoded}", &encoded(&outside));
        refused(&server.read(&uri).await?, kind)?;
    }
    for end in ODD {
        let reply = server.read(&format!("handbook:///{end}")).await?;
        match reply.error() {
            Some(_) => refused(&reply, "an odd path")?,
            None => is_a_file(&reply)?,
        }
    }
    // After all that it still serves.
    let (_, uri, _) = FILES[0];
    server.read(uri).await?.content_of(uri)?;
    Ok(())
}

async fn links(ctx: Context) -> Verdict {
    let around = surroundings(&ctx)?;
    let server = start(&ctx, &around).await?;
    for (path, kind) in [
        ("link.md", "a link to a file outside"),
        ("absolute.md", "a link by an absolute path"),
        ("twice.md", "a link to a link"),
        ("broken.md", "a link to nothing"),
        ("old", "a link to a folder"),
        ("old/secret.md", "a link to the folder beside it"),
        ("around/secret.md", "a link to the folder around it"),
        ("around/handbook-old/secret.md", "a link and a way on"),
        (
            "guides/up/around/secret.md",
            "a link that stays inside and one that does not",
        ),
    ] {
        let reply = server.read(&format!("handbook:///{path}")).await?;
        refused(&reply, kind)?;
    }
    Ok(())
}

async fn paths_stay_inside(ctx: Context) -> Verdict {
    let around = surroundings(&ctx)?;
    let server = start(&ctx, &around).await?;
    let outside = around.to_string_lossy().into_owned();
    for end in [
        "no-such-file.md",
        "guides/no-such-file.md",
        "guides",
        "../secret.md",
        "link.md",
        "%00",
    ] {
        let reply = server.read(&format!("handbook:///{end}")).await?;
        refused(&reply, "no file behind it")?;
        ensure(!reply.message().to_string().contains(&outside), || {
            reply
                .wrong("An error tells where the handbook is.")
                .expected("an error without a path of this machine")
        })?;
    }
    Ok(())
}

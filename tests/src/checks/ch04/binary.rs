//! 4.4 Binary content.

use serde_json::Value;

use super::{encoded, uri_of};
use crate::harness::{
    Check, Content, Context, Reply, Server, Verdict, Wrong, ensure, short, wrong,
};

const EXERCISE: &str = "4.4";
const BINARY: &str = "specification 2026-07-28, server/resources, Binary Content";
const ANNOTATIONS: &str = "specification 2026-07-28, server/resources, Annotations";
const PROJECT: &str = "ATLAS";
/// Has a picture, a text, and a file with every byte value once.
const TASK: &str = "ATLAS-2";
/// What every PNG begins with.
const PNG: &[u8] = b"\x89PNG\r\n\x1a\n";

pub(super) fn checks() -> Vec<Check> {
    let all = [
        Check::new("picture-as-blob", EXERCISE, picture)
            .says("The burndown is read as a picture: a blob in base64, with the media type of PNG.")
            .why(
                "JSON holds no bytes. Base64 with the standard alphabet is what every client decodes; bytes turned into \
                 text are lost.",
                BINARY,
            ),
        Check::new("attachments-as-they-are", EXERCISE, attachments)
            .says("The files of a task come byte by byte as they were attached, each with its media type.")
            .why(
                "Standard base64 and its URL-safe sister differ in two characters: one picture decodes, the next one does not.",
                BINARY,
            ),
        Check::new("binary-described", EXERCISE, described)
            .says("The list says of what is binary how many bytes it has, how much it matters from 0 to 1, and when it was changed.")
            .why(
                "Before a host reads a resource, it decides by its size whether it fits, and by the rest whether it is worth it.",
                ANNOTATIONS,
            ),
    ];
    all.map(Check::leaves_no_trace).into()
}

/// Where a resource is: listed with an address that holds all of `words`, or made of a template.
async fn address(
    server: &Server,
    words: &[&str],
    fill: &[(&str, &str)],
) -> Verdict<Option<String>> {
    let listed = server.resources().await?;
    let holds = |uri: &&str| {
        words
            .iter()
            .all(|word| uri.split('/').any(|part| part == *word))
    };
    if let Some(uri) = listed.iter().map(uri_of).find(holds) {
        return Ok(Some(uri.to_owned()));
    }
    let templates = server
        .list("resources/templates/list", "resourceTemplates")
        .await?;
    let mut texts = templates
        .iter()
        .filter_map(|template| template["uriTemplate"].as_str());
    Ok(texts.find_map(|template| filled(template, fill)))
}

/// A template with its variables filled in; none if it has others.
fn filled(template: &str, fill: &[(&str, &str)]) -> Option<String> {
    let mut parts = template.split('{');
    let mut uri = parts.next()?.to_owned();
    let mut used = 0;
    for part in parts {
        let (variable, rest) = part.split_once('}')?;
        let (_, value) = fill.iter().find(|(name, _)| variable.contains(name))?;
        uri.push_str(&encoded(value));
        uri.push_str(rest);
        used += 1;
    }
    (used == fill.len()).then_some(uri)
}

/// The bytes of a resource, and the entry that holds them.
fn bytes_of<'a>(reply: &'a Reply, uri: &str) -> Result<(Vec<u8>, Content<'a>), Wrong> {
    let content = reply.content_of(uri)?;
    let bytes = content.bytes().ok_or_else(|| {
        reply
            .wrong("The blob is not standard base64.")
            .expected("the alphabet with + and /, and padding with =")
            .got(short::quoted(content.blob().unwrap_or_default()))
    })?;
    Ok((bytes, content))
}

async fn picture(ctx: Context) -> Verdict {
    let server = ctx.start().await?;
    let listed = server.resources().await?;
    let is_burndown = |resource: &&Value| {
        let about = resource.to_string().to_lowercase();
        about.contains("image/png") && about.contains("burndown")
    };
    let uri = match listed.iter().find(is_burndown) {
        Some(resource) => uri_of(resource).to_owned(),
        None => format!("tracker://projects/{PROJECT}/burndown.png"),
    };
    let reply = server.read(&uri).await?;
    let (bytes, content) = bytes_of(&reply, &uri)?;
    ensure(content.blob().is_some() && bytes.starts_with(PNG), || {
        reply
            .wrong("The burndown is no picture.")
            .expected("a blob that decodes to a PNG")
    })?;
    ensure(content.media_type() == "image/png", || {
        reply
            .wrong("The burndown does not say that it is a picture.")
            .expected("mimeType image/png")
    })?;
    Ok(())
}

async fn attachments(ctx: Context) -> Verdict {
    let server = ctx.start().await?;
    let attached = ctx.tracker()?.attachments().into_iter();
    for file in attached.filter(|file| file.task == TASK) {
        let fill = [
            ("project", PROJECT),
            ("task", TASK),
            ("attachment", file.id.as_str()),
        ];
        let uri = address(&server, &[TASK, &file.id], &fill).await?;
        let uri = uri.ok_or_else(|| {
            wrong("There is no way to the files of a task.")
                .sent("resources/list and resources/templates/list")
                .expected("a listed URI, or a template with project, task and attachment")
                .got("neither")
        })?;
        let reply = server.read(&uri).await?;
        let (bytes, content) = bytes_of(&reply, &uri)?;
        ensure(bytes == file.bytes, || {
            reply
                .wrong("A file is not what was attached.")
                .expected(format!(
                    "the {} bytes of {}",
                    file.bytes.len(),
                    short::quoted(&file.name)
                ))
                .got(format!("{} bytes, not the same", bytes.len()))
        })?;
        let media_type = file.media_type.split(';').next().unwrap_or_default();
        ensure(content.media_type() == media_type, || {
            reply
                .wrong("A file has another media type than the one it was attached with.")
                .expected(format!("mimeType {media_type}"))
        })?;
    }
    Ok(())
}

async fn described(ctx: Context) -> Verdict {
    let server = ctx.start().await?;
    let listed = server.resources().await?;
    let binary: Vec<&Value> = listed.iter().filter(|one| is_binary(one)).collect();
    ensure(!binary.is_empty(), || {
        wrong("Nothing binary is listed.")
            .sent("resources/list")
            .expected("the burndown or the files of a task, each with its media type")
            .got(format!("{} resources, all of them text", listed.len()))
    })?;
    let again = server.resources().await?;
    for resource in binary {
        let uri = uri_of(resource);
        let reply = server.read(uri).await?;
        let (bytes, _) = bytes_of(&reply, uri)?;
        has_size(resource, bytes.len())?;
        has_annotations(resource)?;
        let later = again.iter().find(|one| uri_of(one) == uri);
        let time = |one: &Value| one["annotations"]["lastModified"].clone();
        ensure(later.map(time) == Some(time(resource)), || {
            wrong("The time of the last change is not that of a change.")
                .sent(format!("resources/list twice: {uri}"))
                .expected("the same lastModified both times: nothing has changed")
                .got("another one")
        })?;
    }
    Ok(())
}

/// Demands the number of bytes as the size of a listed resource.
fn has_size(resource: &Value, bytes: usize) -> Result<(), Wrong> {
    ensure(resource["size"].as_u64() == Some(bytes as u64), || {
        wrong("The listed size is not that of the bytes.")
            .sent(format!("resources/list: {}", uri_of(resource)))
            .expected(format!("size {bytes}, the bytes as they are"))
            .got(format!("size {}", resource["size"]))
    })
}

/// Demands a priority and a time of the last change, in the forms that the specification gives them.
fn has_annotations(resource: &Value) -> Result<(), Wrong> {
    let annotations = &resource["annotations"];
    let odd = |what: &str, expected: &str| {
        wrong(what)
            .sent(format!("resources/list: {}", uri_of(resource)))
            .expected(expected)
            .got(format!("annotations {}", short::json(annotations)))
    };
    let priority = annotations["priority"].as_f64();
    let in_range = priority.is_some_and(|priority| (0.0..=1.0).contains(&priority));
    ensure(in_range, || {
        odd(
            "There is no priority, or one that cannot be.",
            "annotations.priority, a number from 0 to 1",
        )
    })?;
    let changed = annotations["lastModified"].as_str().unwrap_or_default();
    ensure(is_iso(changed), || {
        odd(
            "There is no time of the last change in the form of ISO 8601.",
            "annotations.lastModified such as 2026-05-04T09:00:00Z",
        )
    })
}

/// Whether a listed resource of the tracker is bytes by its media type.
fn is_binary(resource: &Value) -> bool {
    let media_type = resource["mimeType"].as_str().unwrap_or_default();
    let text = media_type.starts_with("text/") || media_type.contains("json");
    !media_type.is_empty() && !text && uri_of(resource).starts_with("tracker:")
}

/// Whether a text is a day, or a day and a time with its zone, as ISO 8601 writes them.
fn is_iso(text: &str) -> bool {
    let shape = |text: &str| -> String {
        let digit = |letter: char| if letter.is_ascii_digit() { '0' } else { letter };
        text.chars().map(digit).collect()
    };
    let Some((day, time)) = text.split_once('T') else {
        return shape(text) == "0000-00-00";
    };
    let clock = time.trim_end_matches('Z');
    let clock = clock.split(['+', '-', '.']).next().unwrap_or_default();
    let zoned = time.ends_with('Z') || time.contains(['+', '-']);
    shape(day) == "0000-00-00" && zoned && shape(clock) == "00:00:00"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn iso_times_are_known() {
        for right in [
            "2026-05-04T09:00:00Z",
            "2026-05-04T09:00:00.123+02:00",
            "2026-05-04",
        ] {
            assert!(is_iso(right), "{right}");
        }
        for odd in [
            "",
            "May 4th",
            "1777885200",
            "2026-05-04 09:00:00",
            "2026-05-04T09:00:00",
        ] {
            assert!(!is_iso(odd), "{odd}");
        }
    }

    #[test]
    fn templates_are_filled() {
        let fill = [("project", "A/B"), ("task", "A/B-1")];
        let uri = filled("tracker://projects/{project}/tasks/{task}", &fill);
        assert_eq!(
            uri.as_deref(),
            Some("tracker://projects/A%2FB/tasks/A%2FB-1")
        );
        assert_eq!(filled("tracker://projects/{project}", &fill), None);
    }
}

//! The handbook of the team: a folder whose files are resources, and nothing outside of it.

use std::path::{Path, PathBuf};

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use rmcp::ErrorData;
use rmcp::model::{Resource, ResourceContents};

use crate::{errors, text, uri};

/// What the address of a file begins with; its path in the folder follows.
pub const SCHEME: &str = "handbook:///";

/// The folder.
#[derive(Debug, Clone)]
pub struct Handbook {
    folder: PathBuf,
}

impl Handbook {
    /// The handbook in this folder. It is looked at when somebody asks.
    pub fn new(folder: PathBuf) -> Self {
        Self { folder }
    }

    /// Reads a file: as text if it is one, as bytes if not.
    ///
    /// # Errors
    /// There is no such file in the folder.
    pub async fn read(&self, uri: &str) -> Result<ResourceContents, ErrorData> {
        let file = find(&self.folder, uri).await?;
        let media_type = media_type(&file);
        // Why it cannot be read stays inside, and so does where it is.
        let bytes = tokio::fs::read(&file).await.map_err(|error| {
            tracing::warn!("{}: {error}", file.display());
            errors::not_found(uri)
        })?;
        let contents = match String::from_utf8(bytes) {
            Ok(text) => ResourceContents::text(text, uri),
            Err(no_text) => ResourceContents::blob(BASE64_STANDARD.encode(no_text.as_bytes()), uri),
        };
        Ok(contents.with_mime_type(media_type))
    }

    /// All files in the folder and below it. Links are left out, and so are names that are no text.
    pub async fn resources(&self) -> Vec<Resource> {
        let mut resources = Vec::new();
        let mut folders = vec![(self.folder.clone(), SCHEME.to_owned())];
        while let Some((folder, address)) = folders.pop() {
            let Ok(mut entries) = tokio::fs::read_dir(&folder).await else {
                tracing::warn!("{}: cannot be listed", folder.display());
                continue;
            };
            while let Ok(Some(entry)) = entries.next_entry().await {
                let (Ok(kind), Ok(name)) =
                    (entry.file_type().await, entry.file_name().into_string())
                else {
                    continue;
                };
                let address = format!("{address}{}", uri::encode(&name));
                if kind.is_dir() {
                    folders.push((entry.path(), format!("{address}/")));
                } else if kind.is_file() {
                    let resource = Resource::new(address, name);
                    resources.push(resource.with_mime_type(media_type(&entry.path())));
                }
            }
        }
        resources
    }
}

/// The file in `folder` to which a URI leads.
///
/// # Errors
/// There is none: no file, or one that is not in the folder.
async fn find(folder: &Path, uri: &str) -> Result<PathBuf, ErrorData> {
    // STARTER 4.7: Err(crate::not_yet::not_yet("4.7", (folder, uri)))
    // ANCHOR: ex-4-7
    let nothing = |_| errors::not_found(uri);
    let relative = relative(uri).ok_or_else(|| errors::not_found(uri))?;
    let folder = tokio::fs::canonicalize(folder).await.map_err(nothing)?;
    let file = folder.join(relative);
    let real = tokio::fs::canonicalize(&file).await.map_err(nothing)?;
    let found = tokio::fs::metadata(&real).await.map_err(nothing)?;
    // A link on the way, and the real path is another one. The listing shows no links either.
    match real == file && found.is_file() {
        true => Ok(real),
        false => Err(errors::not_found(uri)),
    }
    // ANCHOR_END: ex-4-7
}
// ANCHOR: ex-4-7-b

/// The path in a URI: one plain name a segment, each decoded once.
fn relative(uri: &str) -> Option<PathBuf> {
    use std::path::Component;

    let path = uri.strip_prefix(SCHEME)?;
    if path.contains(['?', '#']) {
        return None;
    }
    let mut relative = PathBuf::new();
    // Split first: an encoded slash makes no folder.
    for segment in path.split('/') {
        let name = uri::decode(segment)?;
        // What this system takes for `..`, for a root, a drive or several names is no name.
        let mut components = Path::new(&name).components();
        match (components.next(), components.next()) {
            (Some(Component::Normal(only)), None) if only == name.as_str() => relative.push(only),
            _ => return None,
        }
    }
    Some(relative)
}
// ANCHOR_END: ex-4-7-b

/// The media type of a file, by its name.
fn media_type(file: &Path) -> &'static str {
    match file.extension().and_then(|extension| extension.to_str()) {
        Some("md") => text::MARKDOWN,
        Some("json") => text::JSON,
        Some("txt") => "text/plain",
        Some("png") => crate::binary::PNG,
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shipped() -> Handbook {
        Handbook::new(concat!(env!("CARGO_MANIFEST_DIR"), "/handbook").into())
    }

    #[tokio::test]
    async fn everything_listed_can_be_read() {
        let listed = shipped().resources().await;
        assert!(listed.len() >= 3, "{listed:?}");
        for resource in listed {
            shipped().read(&resource.uri).await.expect("readable");
        }
    }

    #[tokio::test]
    async fn nothing_else_can_be_read() {
        for path in [
            "../Cargo.toml",
            "%2e%2e/Cargo.toml",
            "..%2FCargo.toml",
            "",
            "on-call",
            "%00",
        ] {
            let uri = format!("{SCHEME}{path}");
            shipped().read(&uri).await.expect_err(path);
        }
    }
}

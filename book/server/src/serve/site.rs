//! The rendered book in memory. A request can only name a file that was read when the book was built, so there is
//! no path to escape from.

use std::collections::HashMap;
use std::fmt::Write;
use std::fs;
use std::path::Path;
use std::sync::Arc;

use anyhow::{Context, Result};
use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::header::{self, HeaderMap, HeaderValue};
use axum::http::{StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use sha2::{Digest, Sha256};

use super::App;
use super::scripts;
use crate::code::files_below;
use crate::links::decoded;
use crate::{html, loading, page};

/// All files of a book.
#[derive(Debug, Default)]
pub(crate) struct Site {
    files: HashMap<String, File>,
}

#[derive(Debug)]
struct File {
    bytes: Bytes,
    kind: &'static str,
    /// What a page may load and run; none for other files.
    policy: Option<HeaderValue>,
    tag: HeaderValue,
}

impl Site {
    /// Reads a rendered book, for readers who have this token.
    pub(crate) fn read(folder: &Path, token: &str) -> Result<Self> {
        let mut files = HashMap::new();
        for path in files_below(folder) {
            let bytes =
                fs::read(folder.join(&path)).with_context(|| format!("{path} cannot be read"))?;
            let bytes = match path.ends_with(".html") {
                true => whole(folder, bytes),
                false => bytes,
            };
            files.insert(path.clone(), File::new(&path, bytes, token)?);
        }
        Ok(Self { files })
    }

    /// A site of one page that says why there is no book.
    pub(crate) fn without_book(token: &str) -> Result<Self> {
        let text = html::escape(
            "The book is not built yet. This page reloads by itself as soon as it is.",
        );
        let page = format!(
            "<!DOCTYPE html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>Workbook</title></head>\
             <body style=\"font-family: system-ui, sans-serif; margin: 3rem\"><p>{text}</p></body></html>"
        );
        let file = File::new("index.html", page.into_bytes(), token)?;
        Ok(Self {
            files: HashMap::from([("index.html".to_owned(), file)]),
        })
    }
}

impl File {
    fn new(path: &str, bytes: Vec<u8>, token: &str) -> Result<Self> {
        let kind = kind_of(path);
        let (bytes, policy) = match String::from_utf8(bytes) {
            Ok(text) if path.ends_with(".html") => {
                let text = alive(&text, token);
                let policy = HeaderValue::try_from(policy(&text))
                    .context("the policy of a page is no header")?;
                (text.into_bytes(), Some(policy))
            }
            Ok(text) => (text.into_bytes(), None),
            Err(error) => (error.into_bytes(), None),
        };
        let tag: String = Sha256::digest(&bytes)
            .iter()
            .take(8)
            .map(|byte| format!("{byte:02x}"))
            .collect();
        let tag = HeaderValue::try_from(format!("\"{tag}\""))
            .context("the tag of a file is no header")?;
        Ok(Self {
            bytes: bytes.into(),
            kind,
            policy,
            tag,
        })
    }
}

/// A page with everything in it that it is shown with.
fn whole(folder: &Path, bytes: Vec<u8>) -> Vec<u8> {
    match String::from_utf8(bytes) {
        Ok(html) => {
            let read = |path: &str| fs::read_to_string(folder.join(path)).ok();
            loading::with_everything(&html, read).into_bytes()
        }
        Err(error) => error.into_bytes(),
    }
}

/// A page with what its live parts need: the token, and their scripts. Pages on a disk or on another server have
/// neither.
fn alive(html: &str, token: &str) -> String {
    let scripts = scripts::of_page(html);
    let live = format!(
        "<meta name=\"workbook-token\" content=\"{token}\"><meta name=\"workbook-scripts\" content=\"{scripts}\"></head>"
    );
    let html = html.replacen("</head>", &live, 1);
    // On a page that is none of the book's nobody else loads them.
    let first = scripts
        .split(' ')
        .next()
        .filter(|_| !html.contains(" data-scripts="));
    match first {
        Some(first) => html.replacen(
            "</body>",
            &format!("<script type=\"module\" src=\"{first}\"></script></body>"),
            1,
        ),
        None => html,
    }
}

/// The content security policy of a page: scripts are its own files and exactly the inline scripts that it came with.
fn policy(html: &str) -> String {
    let mut scripts = String::from("'self'");
    let mut hashes: Vec<String> = page::read(html)
        .inline_scripts
        .iter()
        .map(|script| base64(&Sha256::digest(script)))
        .collect();
    hashes.sort();
    hashes.dedup();
    for hash in hashes {
        // Writing to a string cannot fail.
        let _ = write!(scripts, " 'sha256-{hash}'");
    }
    format!(
        "default-src 'none'; script-src {scripts}; style-src 'self' 'unsafe-inline'; img-src 'self' data:; \
         font-src 'self'; connect-src 'self'; frame-src 'self'; frame-ancestors 'self'; base-uri 'self'; form-action 'self'"
    )
}

fn base64(bytes: &[u8]) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::new();
    for group in bytes.chunks(3) {
        let at = |index: usize| u32::from(group.get(index).copied().unwrap_or_default());
        let bits = (at(0) << 16) | (at(1) << 8) | at(2);
        for place in 0..4 {
            let letter = LETTERS[(bits >> (18 - 6 * place)) as usize & 63];
            text.push(if place <= group.len() {
                letter as char
            } else {
                '='
            });
        }
    }
    text
}

/// Whether mdBook has put a hash of a file's bytes into its name (`book-609e4cb8.js`): then other bytes have another
/// name, and a browser need not ask again at every page.
fn is_named_by_content(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or_default();
    name.split('.').any(|part| {
        let hash = part.rsplit_once('-').map(|(_, hash)| hash);
        hash.is_some_and(|hash| {
            hash.len() == 8 && hash.bytes().all(|byte| byte.is_ascii_hexdigit())
        })
    })
}

fn kind_of(path: &str) -> &'static str {
    match path.rsplit_once('.').map(|(_, extension)| extension) {
        Some("html") => "text/html; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("json") => "application/json",
        Some("svg") => "image/svg+xml",
        Some("png") => "image/png",
        Some("woff2") => "font/woff2",
        Some("txt") => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}

/// Answers a request for a file of the book.
pub(crate) async fn file(State(app): State<Arc<App>>, uri: Uri, request: HeaderMap) -> Response {
    let site = app.book.site();
    let mut path = decoded(uri.path().trim_start_matches('/'));
    if path.is_empty() || path.ends_with('/') {
        path.push_str("index.html");
    }
    let (status, file) = match site.files.get(&path) {
        Some(file) => (StatusCode::OK, file),
        None => match site
            .files
            .get("404.html")
            .or_else(|| site.files.get("index.html"))
        {
            Some(file) => (StatusCode::NOT_FOUND, file),
            None => return StatusCode::NOT_FOUND.into_response(),
        },
    };
    let known = status == StatusCode::OK && request.get(header::IF_NONE_MATCH) == Some(&file.tag);
    let mut response = match known {
        true => StatusCode::NOT_MODIFIED.into_response(),
        false => (status, Body::from(file.bytes.clone())).into_response(),
    };
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(file.kind));
    let keep = match status == StatusCode::OK && is_named_by_content(&path) {
        true => "max-age=31536000, immutable",
        // Ask every time: the book changes under the reader's eyes.
        false => "no-cache",
    };
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(keep));
    headers.insert(header::ETAG, file.tag.clone());
    if let Some(policy) = &file.policy {
        headers.insert(header::CONTENT_SECURITY_POLICY, policy.clone());
    }
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_names_with_a_hash_may_be_kept() {
        for name in [
            "book-609e4cb8.js",
            "theme/live-d1ab13cf.css",
            "mark-09e88c2c.min.js",
        ] {
            assert!(is_named_by_content(name), "{name}");
        }
        for name in [
            "index.html",
            "ch01-hello-world/one-request.html",
            "by-hand.md",
            "-.js",
        ] {
            assert!(!is_named_by_content(name), "{name}");
        }
    }

    #[test]
    fn base64_is_padded() {
        assert_eq!(base64(b"Ada"), "QWRh");
        assert_eq!(base64(b"Ad"), "QWQ=");
        assert_eq!(base64(b"A"), "QQ==");
    }

    #[test]
    fn every_inline_script_is_allowed_by_its_hash() {
        let policy = policy("<script>alert(1)</script><script src=a.js></script>");
        assert!(
            policy.contains(
                "script-src 'self' 'sha256-bhHHL3z2vDgxUt0W3dWQOrprscmda2Y5pLsLg4GF+pI=';"
            ),
            "{policy}"
        );
    }
}

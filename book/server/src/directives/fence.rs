//! Fenced blocks of code: where they are, and what may be typed into them.

use crate::problem::Fault;

/// What a line of a page is.
#[derive(Debug, Clone, Copy)]
pub(super) enum Line<'l> {
    /// Outside of code.
    Text,
    /// The opening fence, with the language that stands behind it.
    Opens(&'l str),
    /// Inside a block of this language, or its closing fence.
    Code(&'l str),
}

/// Follows the fences of a page from line to line.
#[derive(Debug, Default)]
pub(super) struct Fences<'l> {
    open: Option<Open<'l>>,
}

#[derive(Debug, Clone, Copy)]
struct Open<'l> {
    sign: char,
    length: usize,
    language: &'l str,
}

impl<'l> Fences<'l> {
    /// What the next line is.
    pub(super) fn line(&mut self, line: &'l str) -> Line<'l> {
        let text = line.trim_start();
        let sign = text.chars().next().filter(|sign| matches!(sign, '`' | '~'));
        let fence = sign.map(|sign| {
            let rest = text.trim_start_matches(sign);
            (sign, text.len() - rest.len(), rest.trim())
        });
        match (self.open, fence) {
            // Backticks behind backticks are code inside a sentence.
            (None, Some((sign, length, language)))
                if length >= 3 && !(sign == '`' && language.contains('`')) =>
            {
                self.open = Some(Open {
                    sign,
                    length,
                    language,
                });
                Line::Opens(language)
            }
            (None, _) => Line::Text,
            (Some(open), Some((sign, length, "")))
                if sign == open.sign && length >= open.length =>
            {
                self.open = None;
                Line::Code(open.language)
            }
            (Some(open), _) => Line::Code(open.language),
        }
    }
}

/// Code and recorded messages are never typed into a page: nothing would notice when they are no longer true.
pub(super) fn typed(kind: Line<'_>, line: &str) -> Option<Fault> {
    let is = |info: &str, language: &str| {
        let mut words = info.split([',', ' ']);
        words.next() == Some(language) && !words.any(|word| word == "fragment")
    };
    match kind {
        Line::Opens(info) if is(info, "rust") => Some(Fault::new(
            "a block of Rust is typed into the page",
            "show compiled code with {{#item …}} or {{#snippet …}}; what is no program is marked ```rust,fragment",
        )),
        Line::Code(info) if is(info, "json") && line.contains("\"jsonrpc\"") => Some(Fault::new(
            "a message of the protocol is typed into the page",
            "record it (book/src/<chapter>/wire/NAME.toml) and show it with {{#exchange <chapter> NAME}}",
        )),
        _ => None,
    }
}

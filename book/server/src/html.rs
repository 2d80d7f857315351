//! Pieces of HTML. Everything that comes from a file is escaped here.
//!
//! A directive becomes one line of HTML: CommonMark ends an HTML block at the first blank line, and code has blank
//! lines. So a line break inside a piece is written as the character reference `&#10;`.

use pulldown_cmark::{Options, Parser, html as markdown};

/// Text or attribute value: escaped, on one line.
pub(crate) fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len() + text.len() / 8);
    for character in text.chars() {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            '\n' => escaped.push_str("&#10;"),
            '\r' => {}
            other => escaped.push(other),
        }
    }
    escaped
}

/// A sentence or two of Markdown, without the paragraph around it, on one line.
pub(crate) fn inline_markdown(text: &str) -> String {
    let rendered = block_markdown(text);
    match rendered
        .strip_prefix("<p>")
        .and_then(|rest| rest.strip_suffix("</p>"))
    {
        Some(inner) if !inner.contains("<p>") => inner.to_owned(),
        _ => rendered,
    }
}

/// Paragraphs of Markdown on one line.
fn block_markdown(text: &str) -> String {
    let mut rendered = String::new();
    markdown::push_html(
        &mut rendered,
        Parser::new_ext(text.trim(), Options::empty()),
    );
    rendered.trim().replace('\n', "&#10;")
}

/// A block of code, without caption. `language` is a name that the highlighter knows, or `text`.
pub(crate) fn pre(language: &str, code: &str) -> String {
    // `lang-…` and not `language-…`: mdBook hides lines of Rust that begin with `# ` in the latter.
    format!(
        "<pre><code class=\"lang-{}\">{}</code></pre>",
        escape(language),
        escape(code.trim_end_matches('\n'))
    )
}

/// A block of code under the path it comes from.
pub(crate) fn captioned(path: &str, code: &str) -> String {
    let language = language_of(path);
    format!(
        "<figure class=\"code\"><figcaption><code>{}</code></figcaption>{}</figure>",
        escape(path),
        pre(language, code)
    )
}

/// The highlighter's name for the language of a file.
fn language_of(path: &str) -> &'static str {
    match path.rsplit_once('.').map(|(_, extension)| extension) {
        Some("rs") => "rust",
        Some("toml") => "toml",
        Some("json" | "jsonl") => "json",
        Some("py") => "python",
        _ => "text",
    }
}

/// A word as part of an id: letters and digits stay, all else becomes a hyphen.
pub(crate) fn id_part(text: &str) -> String {
    let hyphenate = |character: char| match character.is_ascii_alphanumeric() {
        true => character.to_ascii_lowercase(),
        false => '-',
    };
    text.chars().map(hyphenate).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_piece_stays_on_one_line_and_holds_no_markup() {
        let block = pre("rust", "let a = b && c < d;\n\n# not hidden\n");
        assert_eq!(
            block,
            "<pre><code class=\"lang-rust\">let a = b &amp;&amp; c &lt; d;&#10;&#10;# not hidden</code></pre>"
        );
    }

    #[test]
    fn markdown_of_one_paragraph_loses_its_paragraph() {
        assert_eq!(inline_markdown("Call `greet`."), "Call <code>greet</code>.");
        assert_eq!(inline_markdown("one\n\ntwo"), "<p>one</p>&#10;<p>two</p>");
    }
}

//! What a rendered page holds: ids, links, scripts.

use std::cell::{Cell, RefCell};

use html5ever::LocalName;
use html5ever::tendril::StrTendril;
use html5ever::tokenizer::states::RawKind;
use html5ever::tokenizer::{
    BufferQueue, Tag, TagKind, Token, TokenSink, TokenSinkResult, Tokenizer, TokenizerOpts,
};

/// What the tools need to know of a page.
#[derive(Debug, Default)]
pub(crate) struct Page {
    /// Every `id` and every name of an anchor, in order, duplicates included.
    pub(crate) ids: Vec<String>,
    /// Every `href`, `src` and the like.
    pub(crate) references: Vec<String>,
    /// The text of each inline script, exactly as it stands.
    pub(crate) inline_scripts: Vec<String>,
    /// Attributes that hold script, such as `onclick`, with their element.
    pub(crate) handlers: Vec<String>,
    /// `<base href>`: what relative links start from.
    pub(crate) base: Option<String>,
    /// Names of all elements that run or embed something.
    embedded: Vec<String>,
}

/// Reads a page.
pub(crate) fn read(html: &str) -> Page {
    let sink = Sink::default();
    let tokenizer = Tokenizer::new(sink, TokenizerOpts::default());
    let input = BufferQueue::default();
    input.push_back(StrTendril::from_slice(html));
    // The sink never pauses the tokenizer, so one call reads everything.
    let _ = tokenizer.feed(&input);
    tokenizer.end();
    tokenizer.sink.page.take()
}

/// What makes a drawing more than a drawing: scripts, event handlers, anything from elsewhere.
pub(crate) fn active_content(svg: &str) -> Option<String> {
    let page = read(svg);
    if let Some(element) = page.embedded.first() {
        return Some(format!("<{element}> has no place in a drawing"));
    }
    if let Some(handler) = page.handlers.first() {
        return Some(format!("it has an event handler: {handler}"));
    }
    let elsewhere = page
        .references
        .iter()
        .find(|reference| !reference.starts_with('#'));
    if let Some(reference) = elsewhere {
        return Some(format!(
            "it refers to something outside of itself: {reference}"
        ));
    }
    (svg.contains("@import") || svg.contains("url(http"))
        .then(|| "its style loads something".to_owned())
}

#[derive(Default)]
struct Sink {
    page: RefCell<Page>,
    /// Inside `<script>` without `src`.
    in_script: Cell<bool>,
}

impl TokenSink for Sink {
    type Handle = ();

    fn process_token(&self, token: Token, _line: u64) -> TokenSinkResult<()> {
        match token {
            Token::TagToken(tag) => return self.tag(&tag),
            Token::CharacterTokens(text) if self.in_script.get() => {
                if let Some(script) = self.page.borrow_mut().inline_scripts.last_mut() {
                    script.push_str(&text);
                }
            }
            _ => {}
        }
        TokenSinkResult::Continue
    }
}

impl Sink {
    fn tag(&self, tag: &Tag) -> TokenSinkResult<()> {
        let name: &str = &tag.name;
        if tag.kind == TagKind::EndTag {
            if name == "script" {
                self.in_script.set(false);
            }
            return TokenSinkResult::Continue;
        }
        let mut page = self.page.borrow_mut();
        let mut has_source = false;
        for attribute in &tag.attrs {
            let key: &str = &attribute.name.local;
            let value = attribute.value.to_string();
            match key {
                "id" => page.ids.push(value),
                "name" if name == "a" => page.ids.push(value),
                "href" if name == "base" => page.base = Some(value),
                "href" | "xlink:href" | "src" | "poster" => {
                    has_source |= key == "src";
                    page.references.push(value);
                }
                _ if key.starts_with("on") => page.handlers.push(format!("{key} of <{name}>")),
                _ => {}
            }
        }
        if matches!(
            name,
            "script" | "iframe" | "object" | "embed" | "foreignobject" | "image"
        ) {
            page.embedded.push(name.to_owned());
        }
        if name == "script" {
            if !has_source {
                page.inline_scripts.push(String::new());
                self.in_script.set(true);
            }
            return TokenSinkResult::RawData(RawKind::ScriptData);
        }
        match raw_text(&tag.name) {
            true => TokenSinkResult::RawData(RawKind::Rawtext),
            false => TokenSinkResult::Continue,
        }
    }
}

/// Elements whose content is text to a browser, whatever it looks like.
fn raw_text(name: &LocalName) -> bool {
    matches!(&**name, "style" | "iframe")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scripts_links_and_ids_are_found() {
        let page = read(
            "<base href='/'><h1 id=top>A &amp; b</h1><script src=a.js></script>\
             <script>let a = \"<a href='no'>\";</script><a href=\"b.html#c\" onclick=x()>b</a>",
        );
        assert_eq!(page.ids, ["top"]);
        assert_eq!(page.references, ["a.js", "b.html#c"]);
        assert_eq!(page.inline_scripts, ["let a = \"<a href='no'>\";"]);
        assert_eq!(page.handlers, ["onclick of <a>"]);
        assert_eq!(page.base.as_deref(), Some("/"));
    }

    #[test]
    fn a_drawing_with_a_script_is_refused() {
        assert_eq!(
            active_content("<svg><use href='#a'/><path d='M0 0'/></svg>"),
            None
        );
        assert!(active_content("<svg><script>x</script></svg>").is_some());
        assert!(active_content("<svg onload='x'></svg>").is_some());
        assert!(active_content("<svg><a href='https://example.org'></a></svg>").is_some());
    }
}

//! `{{#diagram request-path "in words"}}`: a drawing of the page's folder, inlined so that it follows the theme.

use super::{Expander, Place};
use crate::html::{escape, id_part};
use crate::page;
use crate::problem::Fault;

/// The drawing with its text alternative, for those who cannot see it and for those who want to read it.
pub(super) fn figure(
    expander: &mut Expander<'_>,
    place: &Place<'_>,
    name: &str,
    words: &str,
) -> Result<String, Fault> {
    let file = format!("{}diagrams/{name}.svg", place.folder);
    let text = expander.library.text(&format!("book/src/{file}"))?;
    expander.shown.files.insert(file.clone());
    if words.split_whitespace().count() < 3 {
        return Err(Fault::new(
            format!("the diagram {name} has no text alternative"),
            "say in words what the picture shows: {{#diagram request-path \"transport reads a line; …\"}}",
        ));
    }
    let wrong = |what: String, next: &str| Fault::new(format!("book/src/{file}: {what}"), next);
    let (attributes, inside) = split(&text).ok_or_else(|| {
        wrong(
            "this is no SVG drawing".to_owned(),
            "the file holds one <svg>…</svg>",
        )
    })?;
    if !attributes.contains("viewBox=") {
        return Err(wrong(
            "the drawing has no viewBox".to_owned(),
            "without it the drawing does not scale",
        ));
    }
    if let Some(what) = page::active_content(&text) {
        return Err(wrong(
            what,
            "a diagram is a drawing without scripts and without anything from elsewhere",
        ));
    }
    let id = format!("diagram-{}", id_part(name));
    let title = escape(&title_of(name));
    let words = escape(words);
    let drawing = format!(
        "<svg role=\"img\" aria-labelledby=\"{id}-title {id}-words\"{}><title id=\"{id}-title\">{title}</title>\
         <desc id=\"{id}-words\">{words}</desc>{}</svg>",
        own_ids(&attributes, &id),
        own_ids(inside, &id)
    );
    Ok(format!(
        "<figure class=\"diagram\"><div class=\"drawing\">{}</div>\
         <details class=\"in-words\"><summary>The diagram in words</summary><p>{words}</p></details></figure>",
        // Outside of texts a line break is only layout; an empty line would end the block of HTML.
        drawing.lines().map(str::trim).collect::<Vec<_>>().join(" ")
    ))
}

/// The attributes of the `<svg>` element without those that are set here, and what is inside it.
fn split(text: &str) -> Option<(String, &str)> {
    let begin = text.find("<svg")? + "<svg".len();
    let open = begin + text[begin..].find('>')?;
    let close = text.rfind("</svg>")?;
    let inside = text.get(open + 1..close)?;
    let mut attributes = text[begin..open].to_owned();
    for name in ["role", "aria-labelledby", "aria-label", "aria-describedby"] {
        attributes = without_attribute(&attributes, name);
    }
    Some((attributes, inside))
}

fn without_attribute(attributes: &str, name: &str) -> String {
    let opening = format!(" {name}=\"");
    let Some((before, rest)) = attributes.split_once(&opening) else {
        return attributes.to_owned();
    };
    let after = rest.split_once('"').map_or("", |(_, after)| after);
    format!("{before}{after}")
}

/// Ids are made the diagram's own, so that two diagrams on a page may both have an arrow head called `arrow`.
fn own_ids(text: &str, id: &str) -> String {
    text.replace(" id=\"", &format!(" id=\"{id}-"))
        .replace("url(#", &format!("url(#{id}-"))
        .replace("href=\"#", &format!("href=\"#{id}-"))
}

fn title_of(name: &str) -> String {
    let words = name.replace('-', " ");
    let mut letters = words.chars();
    match letters.next() {
        Some(first) => first.to_uppercase().chain(letters).collect(),
        None => words,
    }
}

//! The last page of each chapter: its console. It is the same page everywhere, so it is made here and written nowhere.
//!
//! Its live part is an empty element that stays hidden until the workbook's server fills it. Without the server or
//! without JavaScript the page says how to do the same in a terminal.

use std::path::Path;

use mdbook_driver::book::{Book, BookItem, Chapter as Page};
use xtask::manifest::{Chapter, Manifest};

/// The name of the page, in the sidebar and in its address.
const NAME: &str = "Console";
const FILE: &str = "console.md";

/// Puts the page behind the last one of each chapter that the table of contents has. Says how many there are.
pub(crate) fn add(book: &mut Book, manifest: &Manifest) -> usize {
    let mut added = 0;
    for chapter in &manifest.chapters {
        let last = book
            .items
            .iter()
            .rposition(|item| belongs_to(item, chapter));
        if let Some(last) = last {
            let page = page(chapter, book);
            book.items.insert(last + 1, BookItem::Chapter(page));
            added += 1;
        }
    }
    added
}

fn belongs_to(item: &BookItem, chapter: &Chapter) -> bool {
    match item {
        BookItem::Chapter(page) => page
            .path
            .as_deref()
            .is_some_and(|path| path.starts_with(&chapter.name)),
        _ => false,
    }
}

fn page(chapter: &Chapter, book: &Book) -> Page {
    let path = Path::new(&chapter.name).join(FILE);
    let mut page = Page::new(NAME, content(chapter, book), path, Vec::new());
    // There is no such file.
    page.source_path = None;
    page
}

/// A link to a page of the appendix, if this book has it.
fn link(words: &str, page: &str, book: &Book) -> String {
    let path = Path::new("appendix").join(page);
    match book
        .chapters()
        .any(|own| own.path.as_deref() == Some(&path))
    {
        true => format!("[{words}](../appendix/{page})"),
        false => words.to_owned(),
    }
}

fn content(chapter: &Chapter, book: &Book) -> String {
    let Chapter { id, title, .. } = chapter;
    let tracker = match chapter.tracker {
        true => format!(
            "\n\nIts server is a client of {}, which `talk` and `serve` start beside it.",
            link("the tracker", "tracker.md", book)
        ),
        false => String::new(),
    };
    let commands = link("Commands", "commands.md", book);
    format!(
        r#"# Console

<div class="console-live" data-console="{id}" hidden></div>
<div class="console-still">

Here you call the server of this chapter, “{title}”, by hand: its tools, resources and prompts, in both eras, with every message that goes over the wire.

It takes a program to start one. When the workbook itself serves the book, with JavaScript switched on, this page does it:

```console
$ cargo xtask serve
```

In a terminal you have the same without a browser:

```console
$ cargo xtask talk {id} --wire
```

`--era legacy` opens as older clients do, and `--solution` takes the reference server in place of yours. `help` lists what you can type; {commands} has the rest.{tracker}

</div>
"#
    )
}

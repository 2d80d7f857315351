//! What would leave a gap in the book as a whole fails the build: forgotten cards, pages, recordings, dead links.

use snapbox::{assert_data_eq, str};

use crate::support::{PAGE, TestBook};

#[test]
fn exercise_without_a_card() {
    assert_data_eq!(
        TestBook::new().file(PAGE, "# Greet\n").problems(),
        str![[r#"
book/workbook.toml:7: no page shows exercise 1.1
    write {{#exercise 1.1}} on a line of its own in book/src/ch01-hello-world/greet.md
the book is not built: 1 problem

"#]]
    );
}

#[test]
fn recordings_that_no_page_uses() {
    let book = TestBook::new()
        .file(
            "book/src/ch01-hello-world/wire/unused.toml",
            "title = \"A\"\n",
        )
        .file("book/src/ch01-hello-world/wire/unused.jsonl", "{}\n")
        .file(
            "book/src/ch01-hello-world/wire/script.toml",
            "title = \"A\"\n",
        )
        .file("book/src/ch01-hello-world/wire/recording.jsonl", "{}\n")
        .file("book/src/ch01-hello-world/diagrams/unused.svg", "<svg/>")
        .file("book/src/ch01-hello-world/quiz.toml", "")
        .file("book/src/console/unused.txt", "ok\n");
    assert_data_eq!(
        book.problems(),
        str![[r#"
book/src/ch01-hello-world/diagrams/unused.svg: no page uses this diagram
    show it with {{#diagram unused "in words"}}, or delete it
book/src/ch01-hello-world/quiz.toml: no page uses this quiz
    show it with {{#quiz}}, or delete it
book/src/ch01-hello-world/wire/recording.jsonl: the recording has no script
    write recording.toml beside it, or delete it
book/src/ch01-hello-world/wire/script.toml: the script has no recording
    record it: cargo xtask wire
book/src/ch01-hello-world/wire/unused.jsonl: no page uses this recording
    show it with {{#exchange ch01-hello-world unused}}, or delete it
book/src/ch01-hello-world/wire/unused.toml: no page uses this recording
    show it with {{#exchange ch01-hello-world unused}}, or delete it
book/src/console/unused.txt: no page uses this output
    show it with {{#console unused}}, or delete it
the book is not built: 7 problems

"#]]
    );
}

#[test]
fn page_that_is_not_in_the_summary() {
    let book = TestBook::new().file("book/src/ch01-hello-world/forgotten.md", "# Forgotten\n");
    assert_data_eq!(
        book.problems(),
        str![[r#"
book/src/ch01-hello-world/forgotten.md: the page is not in SUMMARY.md
    add it there, or delete it
the book is not built: 1 problem

"#]]
    );
}

#[test]
fn page_of_the_summary_that_mdbook_passes_over() {
    let book = TestBook::new()
        .file("book/src/end.md", "# End\n")
        .with("A last page: [end](../end.md).");
    let summary = book.read("book/src/SUMMARY.md");
    let book = book.file(
        "book/src/SUMMARY.md",
        &format!("{summary}\n# Appendix\n\n[End](end.md)\n"),
    );
    assert_data_eq!(
        book.problems(),
        str![[r#"
book/src/end.md: the page is in SUMMARY.md, but below a heading outside of a list, where mdBook passes it over
    write the entry as a list item: `- [Title](page.md)`
the book is not built: 1 problem

"#]]
    );
}

#[test]
fn page_of_the_summary_that_is_absent() {
    let book = TestBook::new().without("book/src/introduction.md");
    let problems = book
        .problems()
        .replace(&format!("{}/", book.root().display()), "");
    assert_data_eq!(
        problems,
        str![[r#"
book/src/SUMMARY.md:3: there is no page book/src/introduction.md
    write it, or take the entry away
the book is not built: 1 problem

"#]]
    );
    assert!(
        !book.root().join("book/src/introduction.md").exists(),
        "no page is made up"
    );
}

#[test]
fn links_that_lead_nowhere() {
    let book = TestBook::new().with(
        "[page](gone.md) [anchor](../introduction.md#gone) [here](#gone) [out](../../secret.md)\n\
         ![picture](gone.png) [plain](http://example.org) [host](https:///path) [script](javascript:alert)\n\
         [good](https://example.org/a) [loopback](http://127.0.0.1:8080/mcp) [back](../introduction.md)",
    );
    assert_data_eq!(
        book.problems(),
        str![[r#"
book/src/ch01-hello-world/greet.md:5: the link `#gone` leads nowhere: ch01-hello-world/greet.html has no heading or element `gone`
    correct it; links between pages name the other page's .md file
book/src/ch01-hello-world/greet.md:5: the link `../../secret.html` leads nowhere: it leaves the book
    correct it; links between pages name the other page's .md file
book/src/ch01-hello-world/greet.md:5: the link `../introduction.html#gone` leads nowhere: introduction.html has no heading or element `gone`
    correct it; links between pages name the other page's .md file
book/src/ch01-hello-world/greet.md:5: the link `gone.html` leads nowhere: there is no ch01-hello-world/gone.html
    correct it; links between pages name the other page's .md file
book/src/ch01-hello-world/greet.md:6: the link `gone.png` leads nowhere: there is no ch01-hello-world/gone.png
    correct it; links between pages name the other page's .md file
book/src/ch01-hello-world/greet.md:6: the link `http://example.org` is not right
    links to other sites are https://host/path
book/src/ch01-hello-world/greet.md:6: the link `https:///path` is not right
    links to other sites are https://host/path
book/src/ch01-hello-world/greet.md:6: the link `javascript:alert` has the scheme javascript:
    use https:, mailto: or a page of the book
the book is not built: 8 problems

"#]]
    );
}

#[test]
fn id_that_is_on_the_page_twice() {
    let book = TestBook::new().with("<p id=\"a\">One</p>\n\n<p id=\"a\">Two</p>");
    assert_data_eq!(
        book.problems(),
        str![[r#"
book/src/ch01-hello-world/greet.md:5: the id `a` is on the page twice
    give one of the two headings or elements another name
the book is not built: 1 problem

"#]]
    );
}

#[test]
fn what_mdbook_only_warns_of() {
    assert_data_eq!(
        TestBook::new().with("<div>never closed").problems(),
        str![[r#"
book/src: unclosed HTML tag `<div>` found in `ch01-hello-world/greet.md`
    correct the page that it names
the book is not built: 1 problem

"#]]
    );
}

#[test]
fn a_failed_build_leaves_the_old_book_as_it_was() {
    let book = TestBook::new();
    let before = book.body().trim_end().to_owned();
    let book = book.with("{{#quiz}}");
    book.build().expect_err("there is no quiz");
    let html = book.read("target/book/ch01-hello-world/greet.html");
    assert!(html.contains(&before));
    let beside: Vec<_> = std::fs::read_dir(book.root().join("target"))
        .expect("the folder is there")
        .flatten()
        .map(|entry| entry.file_name())
        .collect();
    assert_eq!(beside, ["book"], "nothing is left beside the book");
}

#[test]
fn a_draft_shows_the_problem_in_its_place() {
    let book = TestBook::new().with("{{#console gone}}");
    let report = workbook::build(book.root(), &book.out(), workbook::Mode::Draft)
        .expect("a draft is always written");
    assert_eq!(report.problems.len(), 1);
    assert!(
        book.read("target/book/ch01-hello-world/greet.html")
            .contains("class=\"problem\"")
    );
}

#[test]
fn merge_that_was_not_finished() {
    let book = TestBook::new().with("<<<<<<< HEAD\nHello.\n=======\nGood day.\n>>>>>>> other");
    assert_data_eq!(
        book.problems(),
        str![[r#"
book/src/ch01-hello-world/greet.md:5: a merge was not finished: two versions of the text stand here
    keep one of them, and take away the lines that begin with <<<<<<<, ======= and >>>>>>>
book/src/ch01-hello-world/greet.md:9: a merge was not finished: two versions of the text stand here
    keep one of them, and take away the lines that begin with <<<<<<<, ======= and >>>>>>>
the book is not built: 2 problems

"#]]
    );
}

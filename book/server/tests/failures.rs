//! Everything that would make the book lie or leave a blank fails the build, and the message says what to do.

mod support;

use snapbox::{assert_data_eq, str};
use support::{PAGE, TestBook};

#[test]
fn unknown_directive() {
    assert_data_eq!(
        TestBook::new().with("{{#exercize 1.1}}").problems(),
        str![[r#"
book/src/ch01-hello-world/greet.md:5: there is no directive {{#exercize}}
    did you mean {{#exercise}}?
the book is not built: 1 problem

"#]]
    );
}

#[test]
fn mdbooks_own_include() {
    let book =
        TestBook::new().with("{{#include ../../../chapters/ch01-hello-world/src/server.rs}}");
    assert_data_eq!(
        book.problems(),
        str![[r#"
book/src/ch01-hello-world/greet.md:5: mdBook's own {{#include}} is not used in this book: it prints a blank where a file is missing
    show code with {{#item …}}, {{#file …}}, {{#solution …}} or {{#snippet …}}
the book is not built: 1 problem

"#]]
    );
}

#[test]
fn directive_with_the_wrong_arguments() {
    let book = TestBook::new()
        .with("{{#item ch01-hello-world}}")
        .with("{{#item a b \"c}}");
    assert_data_eq!(
        book.problems(),
        str![[r#"
book/src/ch01-hello-world/greet.md:5: {{#item}} is not written as it should be
    its form is {{#item ch01-hello-world src/server.rs "fn greet"}}
book/src/ch01-hello-world/greet.md:7: a quotation mark is not closed
    close it before }}
the book is not built: 2 problems

"#]]
    );
}

#[test]
fn directive_inside_a_line_or_a_block_of_code() {
    let book = TestBook::new()
        .with("See {{#starter 1.1}} there.")
        .with("```text\n{{#starter 1.1}}\n```");
    assert_data_eq!(
        book.problems(),
        str![[r#"
book/src/ch01-hello-world/greet.md:5: a directive must stand alone on its line
    give it a line of its own, or write /{{# to show it as it is
book/src/ch01-hello-world/greet.md:8: a directive stands inside a block of code, where it is not replaced
    a directive makes its own block: take the fence away, or write /{{# to show it as it is
the book is not built: 2 problems

"#]]
    );
}

#[test]
fn code_and_messages_that_are_typed_into_the_page() {
    let book = TestBook::new()
        .with("```rust\nfn typed() {}\n```")
        .with("```rust,fragment\nfn part_of_something() {\n```")
        .with("```json\n{\"jsonrpc\":\"2.0\",\"id\":1}\n```");
    assert_data_eq!(
        book.problems(),
        str![[r#"
book/src/ch01-hello-world/greet.md:5: a block of Rust is typed into the page
    show compiled code with {{#item …}} or {{#snippet …}}; what is no program is marked ```rust,fragment
book/src/ch01-hello-world/greet.md:14: a message of the protocol is typed into the page
    record it (book/src/<chapter>/wire/NAME.toml) and show it with {{#exchange <chapter> NAME}}
the book is not built: 2 problems

"#]]
    );
}

#[test]
fn exercise_that_is_not_in_the_manifest() {
    assert_data_eq!(
        TestBook::new().with("{{#solution 1.2}}").problems(),
        str![[r#"
book/src/ch01-hello-world/greet.md:5: there is no exercise 1.2
    did you mean 1.1?
the book is not built: 1 problem

"#]]
    );
}

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
fn exercise_with_two_cards() {
    assert_data_eq!(
        TestBook::new().with("{{#exercise 1.1}}").problems(),
        str![[r#"
book/src/ch01-hello-world/greet.md:5: exercise 1.1 has a card already
    keep one of the two
the book is not built: 1 problem

"#]]
    );
}

#[test]
fn exercise_on_another_page() {
    let book = TestBook::new().file(PAGE, "# Greet\n").file(
        "book/src/introduction.md",
        "# Introduction\n\n{{#exercise 1.1}}\n",
    );
    assert_data_eq!(
        book.problems(),
        str![[r#"
book/src/introduction.md:3: exercise 1.1 belongs on the page book/src/ch01-hello-world/greet.md
    move the card there, or change `page` of the exercise in book/workbook.toml
book/workbook.toml:7: no page shows exercise 1.1
    write {{#exercise 1.1}} on a line of its own in book/src/ch01-hello-world/greet.md
the book is not built: 2 problems

"#]]
    );
}

#[test]
fn exercise_without_region() {
    let book = TestBook::new().file(
        "solutions/ch01-hello-world/src/server.rs",
        "pub fn name() {}\n",
    );
    assert_data_eq!(
        book.problems(),
        str![[r#"
book/src/ch01-hello-world/greet.md:3: solutions/ch01-hello-world has no region of exercise 1.1
    mark its answer with `// ANCHOR: ex-1-1` and `// ANCHOR_END: ex-1-1`
the book is not built: 1 problem

"#]]
    );
}

#[test]
fn region_that_is_never_closed() {
    let book = TestBook::new().replace(
        "solutions/ch01-hello-world/src/server.rs",
        "    // ANCHOR_END: ex-1-1\n",
        "",
    );
    assert_data_eq!(
        book.problems(),
        str![[r#"
book/src/ch01-hello-world/greet.md:3: the solution of ch01-hello-world cannot be read: solutions/ch01-hello-world/src/server.rs has a wrong marker: line 9: region 1.1 is never closed
    correct that file; `cargo xtask generate --check` reads the same markers
the book is not built: 1 problem

"#]]
    );
}

#[test]
fn starter_that_is_empty() {
    let book = TestBook::new()
        .replace(
            "solutions/ch01-hello-world/src/server.rs",
            "    // STARTER 1.1: \"nobody\"\n",
            "",
        )
        .with("{{#starter 1.1}}");
    assert_data_eq!(
        book.problems(),
        str![[r#"
book/src/ch01-hello-world/greet.md:5: exercise 1.1 starts from nothing: its regions have no STARTER lines
    take the directive away
the book is not built: 1 problem

"#]]
    );
}

#[test]
fn item_that_is_absent_or_ambiguous() {
    let book = TestBook::new()
        .with("{{#item ch01-hello-world src/server.rs \"fn gone\"}}")
        .with("{{#item ch01-hello-world src/server.rs \"pub fn\"}}");
    assert_data_eq!(
        book.problems(),
        str![[r#"
book/src/ch01-hello-world/greet.md:5: solutions/ch01-hello-world/src/server.rs: no item has "fn gone" on its first line
    name words of the item's first line, such as "fn greet" or "impl Board"; what only an answer has is shown with {{#solution …}}
book/src/ch01-hello-world/greet.md:7: solutions/ch01-hello-world/src/server.rs: "pub fn" is on the first line of 2 items: pub fn name() -> &'static str { · pub fn greet(name: &str) -> String {
    add words until one item is left; what only an answer has is shown with {{#solution …}}
the book is not built: 2 problems

"#]]
    );
}

#[test]
fn chapter_or_file_that_is_absent() {
    let book = TestBook::new()
        .with("{{#file ch09-nowhere src/main.rs}}")
        .with("{{#file ch01-hello-world src/gone.rs}}");
    assert_data_eq!(
        book.problems(),
        str![[r#"
book/src/ch01-hello-world/greet.md:5: there is no chapter ch09-nowhere
    the chapters are ch01-hello-world
book/src/ch01-hello-world/greet.md:7: solutions/ch01-hello-world has no file src/gone.rs
    its files are Cargo.toml, src/server.rs
the book is not built: 2 problems

"#]]
    );
}

#[test]
fn snippet_that_is_absent_or_empty() {
    let book = TestBook::new()
        .file("book/snippets/src/empty.rs", "\n")
        .with("{{#snippet gone.rs}}")
        .with("{{#snippet empty.rs}}");
    assert_data_eq!(
        book.problems(),
        str![[r#"
book/src/ch01-hello-world/greet.md:5: there is no file book/snippets/src/gone.rs
    create the file or correct its name
book/src/ch01-hello-world/greet.md:7: book/snippets/src/empty.rs is empty
    write the file or take the directive away
the book is not built: 2 problems

"#]]
    );
}

#[test]
fn exchange_without_script_or_recording() {
    let book = TestBook::new()
        .file(
            "book/src/ch01-hello-world/wire/only-script.toml",
            "title = \"A\"\n",
        )
        .with("{{#exchange ch01-hello-world gone}}")
        .with("{{#exchange ch01-hello-world only-script}}");
    assert_data_eq!(
        book.problems(),
        str![[r#"
book/src/ch01-hello-world/greet.md:5: there is no file book/src/ch01-hello-world/wire/gone.toml
    create the file or correct its name
book/src/ch01-hello-world/greet.md:7: there is no file book/src/ch01-hello-world/wire/only-script.jsonl
    record it: cargo xtask wire
the book is not built: 2 problems

"#]]
    );
}

#[test]
fn exchange_that_is_malformed() {
    let book = TestBook::new()
        .file(
            "book/src/ch01-hello-world/wire/a.toml",
            "name = \"no title\"\n",
        )
        .file("book/src/ch01-hello-world/wire/a.jsonl", "{}\n")
        .file("book/src/ch01-hello-world/wire/b.toml", "title = \"B\"\n")
        .file(
            "book/src/ch01-hello-world/wire/b.jsonl",
            "{\"from\":\"nobody\",\"text\":\"\"}\n",
        )
        .with("{{#exchange ch01-hello-world a}}")
        .with("{{#exchange ch01-hello-world b}}");
    assert_data_eq!(
        book.problems(),
        str![[r#"
book/src/ch01-hello-world/greet.md:5: book/src/ch01-hello-world/wire/a.toml is not right: missing field `title`
    a script needs at least `title`, `server`, `era` and `[[step]]`
book/src/ch01-hello-world/greet.md:7: book/src/ch01-hello-world/wire/b.jsonl:1 is not right: unknown variant `nobody`, expected one of `client`, `server`, `stderr`, `process` at line 1 column 16
    record it again: cargo xtask wire
the book is not built: 2 problems

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
fn compile_error_without_the_compilers_text() {
    let book = TestBook::new()
        .file("tests/compile-fail/cases/case.rs", "fn main() {}\n")
        .with("{{#compile-error case}}");
    assert_data_eq!(
        book.problems(),
        str![[r#"
book/src/ch01-hello-world/greet.md:5: there is no file tests/compile-fail/cases/case.stderr
    create the file or correct its name
the book is not built: 1 problem

"#]]
    );
}

#[test]
fn console_output_that_is_absent() {
    assert_data_eq!(
        TestBook::new().with("{{#console gone}}").problems(),
        str![[r#"
book/src/ch01-hello-world/greet.md:5: there is no file book/src/console/gone.txt
    create the file or correct its name
the book is not built: 1 problem

"#]]
    );
}

#[test]
fn diagram_that_is_no_drawing() {
    let drawing = |name: &str| format!("book/src/ch01-hello-world/diagrams/{name}.svg");
    let book = TestBook::new()
        .file(
            &drawing("script"),
            "<svg viewBox=\"0 0 1 1\"><script>alert(1)</script></svg>",
        )
        .file(
            &drawing("handler"),
            "<svg viewBox=\"0 0 1 1\" onload=\"alert(1)\"></svg>",
        )
        .file(
            &drawing("elsewhere"),
            "<svg viewBox=\"0 0 1 1\"><a href=\"https://example.org\"></a></svg>",
        )
        .file(&drawing("size"), "<svg width=\"1\"></svg>")
        .file(&drawing("text"), "no drawing")
        .file(&drawing("silent"), "<svg viewBox=\"0 0 1 1\"></svg>")
        .with("{{#diagram script \"three words here\"}}")
        .with("{{#diagram handler \"three words here\"}}")
        .with("{{#diagram elsewhere \"three words here\"}}")
        .with("{{#diagram size \"three words here\"}}")
        .with("{{#diagram text \"three words here\"}}")
        .with("{{#diagram silent \"\"}}");
    assert_data_eq!(
        book.problems(),
        str![[r#"
book/src/ch01-hello-world/greet.md:5: book/src/ch01-hello-world/diagrams/script.svg: <script> has no place in a drawing
    a diagram is a drawing without scripts and without anything from elsewhere
book/src/ch01-hello-world/greet.md:7: book/src/ch01-hello-world/diagrams/handler.svg: it has an event handler: onload of <svg>
    a diagram is a drawing without scripts and without anything from elsewhere
book/src/ch01-hello-world/greet.md:9: book/src/ch01-hello-world/diagrams/elsewhere.svg: it refers to something outside of itself: https://example.org
    a diagram is a drawing without scripts and without anything from elsewhere
book/src/ch01-hello-world/greet.md:11: book/src/ch01-hello-world/diagrams/size.svg: the drawing has no viewBox
    without it the drawing does not scale
book/src/ch01-hello-world/greet.md:13: book/src/ch01-hello-world/diagrams/text.svg: this is no SVG drawing
    the file holds one <svg>…</svg>
book/src/ch01-hello-world/greet.md:15: the diagram silent has no text alternative
    say in words what the picture shows: {{#diagram request-path "transport reads a line; …"}}
the book is not built: 6 problems

"#]]
    );
}

#[test]
fn quiz_that_explains_too_little() {
    let quiz = |options: &str| format!("[[question]]\nask = \"Which?\"\n{options}");
    let problems_of = |text: &str| {
        TestBook::new()
            .file("book/src/ch01-hello-world/quiz.toml", text)
            .with("{{#quiz}}")
            .problems()
    };
    let right = "[[question.option]]\ntext = \"A\"\nright = true\nbecause = \"a\"\n";
    let wrong = "[[question.option]]\ntext = \"B\"\nbecause = \"b\"\n";
    let silent = "[[question.option]]\ntext = \"C\"\nbecause = \"\"\n";
    let unknown = "[[question.option]]\ntext = \"D\"\nwrong = true\nbecause = \"d\"\n";
    let problems = [
        problems_of(&quiz(right)),
        problems_of(&quiz(wrong)),
        problems_of(&quiz(&format!("{right}{silent}"))),
        problems_of(&quiz(&format!("{right}{wrong}{wrong}"))),
        problems_of(&quiz(unknown)),
        problems_of("# nothing"),
    ];
    assert_data_eq!(
        problems.concat(),
        str![[r#"
book/src/ch01-hello-world/greet.md:5: book/src/ch01-hello-world/quiz.toml: question 1: no option is wrong
    every question has a right and a wrong option, each with its reason
the book is not built: 1 problem
book/src/ch01-hello-world/greet.md:5: book/src/ch01-hello-world/quiz.toml: question 1: no option is right
    every question has a right and a wrong option, each with its reason
the book is not built: 1 problem
book/src/ch01-hello-world/greet.md:5: book/src/ch01-hello-world/quiz.toml: question 1: the option "C" has no reason
    every question has a right and a wrong option, each with its reason
the book is not built: 1 problem
book/src/ch01-hello-world/greet.md:5: book/src/ch01-hello-world/quiz.toml: question 1: the option "B" is there twice
    every question has a right and a wrong option, each with its reason
the book is not built: 1 problem
book/src/ch01-hello-world/greet.md:5: book/src/ch01-hello-world/quiz.toml: unknown field `wrong`, expected one of `text`, `right`, `because`
    a [[question]] has `ask` and [[question.option]]s with `text`, `because` and, where it holds, `right = true`
the book is not built: 1 problem
book/src/ch01-hello-world/greet.md:5: book/src/ch01-hello-world/quiz.toml: there is no question
    write a [[question]]
the book is not built: 1 problem

"#]]
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

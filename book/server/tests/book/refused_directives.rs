//! Directives that cannot be followed fail the build, and the message says what to do.

use snapbox::{assert_data_eq, str};

use crate::support::{PAGE, TestBook};

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
book/src/ch01-hello-world/greet.md:7: book/src/ch01-hello-world/wire/b.jsonl:1 is not right: unknown variant `nobody`, expected one of `client`, `server`, `stderr`, `process`, `tracker` at line 1 column 16
    record it again: cargo xtask wire
the book is not built: 2 problems

"#]]
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

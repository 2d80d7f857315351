//! What each directive becomes on the page.

use crate::support::{PAGE, TestBook};
use snapbox::{assert_data_eq, str};

#[test]
fn exercise() {
    assert_data_eq!(
        TestBook::new().body(),
        str![[r##"
<h1 id="greet"><a class="header" href="#greet">Greet</a></h1>
<section class="exercise" data-exercise="1.1" aria-labelledby="exercise-1-1"><header>
<p class="exercise-label">Exercise 1.1<span class="exercise-time">about 5 minutes</span></p>
<h3 id="exercise-1-1">Say who you are</h3>
</header>
<p class="exercise-goal">The server gives its own <code>name</code>.</p>
<dl class="exercise-facts">
<div>
<dt>Needs</dt>
<dd>the page before it</dd>
</div>
<div>
<dt>Edit</dt>
<dd><code>chapters/ch01-hello-world/src/server.rs</code></dd>
</div>
</dl>
<div class="exercise-live" data-live="" hidden=""></div>
<div class="exercise-commands">
<pre><code class="lang-text">cargo xtask check 1.1</code></pre>
<p>Stuck: <code>cargo xtask hint 1.1</code>. Compare: <code>cargo xtask diff 1.1</code>. Start over: <code>cargo xtask reset 1.1</code>.</p>
</div>
<details class="exercise-hint"><summary>Hint 1 of 2</summary>
<p>Look at <code>name</code>.</p>
</details><details class="exercise-hint"><summary>Hint 2 of 2</summary>
<p>It returns a string &amp; no more.</p>
</details><details class="exercise-solution"><summary>Solution</summary><figure class="code"><figcaption><code>solutions/ch01-hello-world/src/server.rs</code></figcaption>
<pre><code class="lang-rust">let name = "ada";

name</code></pre>
</figure></details></section>

"##]]
    );
}

#[test]
fn exercises_are_a_table_whose_live_parts_are_hidden() {
    let table = TestBook::new().rendered("{{#exercises}}");
    assert_data_eq!(
        table,
        str![[r#"
<div class="progress" data-progress="" hidden=""></div>
<h2 id="exercises-ch01">ch01: How an MCP server works</h2>
<div class="table-wrapper">
<table class="exercises">
<thead>
<tr><th scope="col">Exercise</th><th scope="col">Minutes</th><th scope="col" data-live-column="" hidden="">State</th></tr>
</thead>
<tbody>
<tr><td><a href="../ch01-hello-world/greet.html#exercise-1-1">1.1 Say who you are</a></td><td>5</td><td data-live-column="" data-state-of="1.1" hidden=""></td></tr>
</tbody>
</table>
</div>

"#]]
    );
}

#[test]
fn starter() {
    assert_data_eq!(
        TestBook::new().rendered("{{#starter 1.1}}"),
        str![[r#"
<figure class="code"><figcaption><code>chapters/ch01-hello-world/src/server.rs</code></figcaption>
<pre><code class="lang-rust">"nobody"</code></pre>
</figure>

"#]]
    );
}

#[test]
fn solution() {
    assert_data_eq!(
        TestBook::new().rendered("{{#solution 1.1}}"),
        str![[r#"
<figure class="code"><figcaption><code>solutions/ch01-hello-world/src/server.rs</code></figcaption>
<pre><code class="lang-rust">let name = "ada";

name</code></pre>
</figure>

"#]]
    );
}

#[test]
fn item_has_its_attributes_and_the_starter_of_the_exercise() {
    let block = TestBook::new().rendered("{{#item ch01-hello-world src/server.rs \"fn name\"}}");
    assert_data_eq!(
        block,
        str![[r#"
<figure class="code"><figcaption><code>chapters/ch01-hello-world/src/server.rs</code></figcaption>
<pre><code class="lang-rust">/// Its name.
#[must_use]
pub fn name() -&gt; &amp;'static str {
    "nobody"
}</code></pre>
</figure>

"#]]
    );
}

#[test]
fn file_has_the_names_of_the_chapter() {
    assert_data_eq!(
        TestBook::new().rendered("{{#file ch01-hello-world src/server.rs}}"),
        str![[r#"
<figure class="code"><figcaption><code>chapters/ch01-hello-world/src/server.rs</code></figcaption>
<pre><code class="lang-rust">//! The server.

use ch01_hello_world::hello;

/// Its name.
#[must_use]
pub fn name() -&gt; &amp;'static str {
    "nobody"
}

/// Greets.
pub fn greet(name: &amp;str) -&gt; String {
    format!("{}, {name} &lt;3", hello())
}</code></pre>
</figure>

"#]]
    );
}

#[test]
fn snippet() {
    let book = TestBook::new().file(
        "book/snippets/src/ownership.rs",
        "//! Ownership.\n\n/// Twice.\npub fn shared() {}\n\npub fn other() {}\n",
    );
    assert_data_eq!(
        book.rendered("{{#snippet ownership.rs \"fn shared\"}}\n\n{{#snippet ownership.rs}}"),
        str![[r#"
<figure class="code"><figcaption><code>book/snippets/src/ownership.rs</code></figcaption>
<pre><code class="lang-rust">/// Twice.
pub fn shared() {}</code></pre>
</figure>
<figure class="code"><figcaption><code>book/snippets/src/ownership.rs</code></figcaption>
<pre><code class="lang-rust">//! Ownership.

/// Twice.
pub fn shared() {}

pub fn other() {}</code></pre>
</figure>

"#]]
    );
}

#[test]
fn exchange_escapes_what_programs_said() {
    let book = TestBook::new()
        .file("book/src/ch01-hello-world/wire/greet.toml", "title = \"Ada & the server\"\nserver = \"x\"\n")
        .file(
            "book/src/ch01-hello-world/wire/greet.jsonl",
            r#"{"from":"client","text":"{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"b\",\"params\":{\"z\":1,\"a\":[]}}"}
{"from":"stderr","text":"{\"level\":\"info\"}"}
{"from":"server","text":"<script>alert(1)</script>"}
{"from":"process","text":"exit code 0"}
{"from":"tracker","text":"ATLAS-1 is done now"}
"#,
        );
    assert_data_eq!(
        book.rendered("{{#exchange ch01-hello-world greet}}"),
        str![[r#"
<figure class="exchange"><figcaption>Ada &amp; the server</figcaption>
<ol>
<li class="from-client">
<p class="direction">client → server</p>
<pre><code class="lang-json">{
  "jsonrpc": "2.0",
  "id": 1,
  "method": "b",
  "params": { "z": 1, "a": [] }
}</code></pre>
<details class="raw"><summary>As one line, as it was sent</summary>
<pre><code class="lang-text">{"jsonrpc":"2.0","id":1,"method":"b","params":{"z":1,"a":[]}}</code></pre>
</details></li>
<li class="from-stderr">
<p class="direction">standard error of the server</p>
<pre><code class="lang-text">{"level":"info"}</code></pre>
</li>
<li class="from-server">
<p class="direction">server → client</p>
<pre><code class="lang-text">&lt;script&gt;alert(1)&lt;/script&gt;</code></pre>
</li>
<li class="from-process">
<p class="direction">the server's process</p>
<pre><code class="lang-text">exit code 0</code></pre>
</li>
<li class="from-tracker">
<p class="direction">meanwhile, in the tracker</p>
<pre><code class="lang-text">ATLAS-1 is done now</code></pre>
</li>
</ol>
</figure>

"#]]
    );
}

#[test]
fn compile_error() {
    let book = TestBook::new()
        .file(
            "tests/compile-fail/cases/no-schema.rs",
            "fn main() { let a: u8 = \"\"; }\n",
        )
        .file(
            "tests/compile-fail/cases/no-schema.stderr",
            "error[E0308]: mismatched types\n",
        );
    assert_data_eq!(
        book.rendered("{{#compile-error no-schema}}"),
        str![[r#"
<div class="compile-error"><figure class="code"><figcaption><code>tests/compile-fail/cases/no-schema.rs</code></figcaption>
<pre><code class="lang-rust">fn main() { let a: u8 = ""; }</code></pre>
</figure><figure class="code compiler"><figcaption>The compiler says</figcaption>
<pre><code class="lang-text">error[E0308]: mismatched types</code></pre>
</figure></div>

"#]]
    );
}

#[test]
fn console() {
    let book = TestBook::new().file(
        "book/src/console/check.txt",
        "$ cargo xtask check\n\n  ok  1.1\n",
    );
    assert_data_eq!(
        book.rendered("{{#console check}}"),
        str![[r#"
<div class="console">
<pre><code class="lang-text">$ cargo xtask check

  ok  1.1</code></pre>
</div>

"#]]
    );
}

#[test]
fn diagram_has_its_text_alternative_and_ids_of_its_own() {
    let book = TestBook::new().file(
        "book/src/ch01-hello-world/diagrams/request-path.svg",
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 10 10\" role=\"img\">\n\
         \n  <marker id=\"arrow\"/>\n  <path d=\"M0 0\" marker-end=\"url(#arrow)\"/>\n</svg>\n",
    );
    assert_data_eq!(
        book.rendered("{{#diagram request-path \"a request goes through <three> layers\"}}"),
        str![[r#"
<figure class="diagram">
<div class="drawing"><svg role="img" aria-labelledby="diagram-request-path-title diagram-request-path-words" xmlns="http://www.w3.org/2000/svg" viewbox="0 0 10 10"><title id="diagram-request-path-title">Request path</title><desc id="diagram-request-path-words">a request goes through &lt;three&gt; layers</desc>  <marker id="diagram-request-path-arrow" /> <path d="M0 0" marker-end="url(#diagram-request-path-arrow)" /> </svg></div>
<details class="in-words"><summary>The diagram in words</summary>
<p>a request goes through &lt;three&gt; layers</p>
</details></figure>

"#]]
    );
}

#[test]
fn quiz() {
    let book = TestBook::new().file("book/src/ch01-hello-world/quiz.toml", QUIZ);
    assert_data_eq!(
        book.rendered("{{#quiz}}"),
        str![[r#"
<div class="quiz"><section class="question" data-question="520862eba678" aria-labelledby="question-520862eba678">
<p class="ask" id="question-520862eba678"><span class="question-number">Question 1</span> Which error do you return for an unknown city?</p>
<details class="option is-right"><summary>A result with <code>isError</code>.</summary>
<p><strong>Right.</strong> The model reads it.</p>
</details><details class="option is-wrong"><summary>A protocol error.</summary>
<p><strong>Not this one.</strong> The model never sees it.</p>
</details></section></div>

"#]]
    );
}

#[test]
fn an_escaped_directive_is_shown_and_one_in_a_list_stays_in_it() {
    let book = TestBook::new().file("book/src/console/check.txt", "ok\n");
    assert_data_eq!(
        book.rendered("Write `\\{{#quiz}}`.\n\n- one\n\n  {{#console check}}\n\n- two"),
        str![[r#"
<p>Write <code>{{#quiz}}</code>.</p>
<ul>
<li>
<p>one</p>
<div class="console">
<pre><code class="lang-text">ok</code></pre>
</div>

</li>
<li>
<p>two</p>
</li>
</ul>

"#]]
    );
}

#[test]
fn nothing_is_read_from_what_the_learner_edits() {
    let book = TestBook::new().file(
        "chapters/ch01-hello-world/src/server.rs",
        "this is { no Rust",
    );
    let page = book.read(PAGE);
    assert!(page.contains("{{#exercise 1.1}}"));
    book.build().expect("the book does not depend on chapters/");
}

const QUIZ: &str = r#"
[[question]]
ask = "Which error do you return for an unknown city?"
[[question.option]]
text = "A result with `isError`."
right = true
because = "The model reads it."
[[question.option]]
text = "A protocol error."
because = "The model never sees it."
"#;

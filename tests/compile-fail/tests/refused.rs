//! Every case is refused, and for the reason that its first line names.
//!
//! All cases are binaries of one scratch crate in the target folder, so one cargo call compiles them side by
//! side. That crate has the chapters' dependencies and shares the workspace's lock, profile and target folder:
//! cargo has built the dependencies for the servers already, and only the cases are left to do.

use std::fs;
use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use compile_fail::{Case, cases};
use serde_json::Value;

/// How long cargo may take, the first build of all dependencies included.
const LIMIT: Duration = Duration::from_secs(600);

/// An error of the compiler about one of the cases.
struct Refusal {
    case: String,
    code: Option<String>,
    rendered: String,
}

#[test]
fn every_case_is_refused_for_its_reason() {
    let cases = cases().expect("the cases can be read");
    assert!(!cases.is_empty(), "no case was found");
    let (refusals, stderr) = compile(&cases);
    let mut wrong = Vec::new();
    for case in &cases {
        let own: Vec<&Refusal> = refusals
            .iter()
            .filter(|refusal| refusal.case == case.name)
            .collect();
        let right = own
            .iter()
            .any(|refusal| refusal.code == case.code && refusal.rendered.contains(&case.text));
        if !right {
            let got: String = own
                .iter()
                .map(|refusal| refusal.rendered.as_str())
                .collect();
            wrong.push(format!(
                "{}: expected {} with \"{}\", got:\n{}",
                case.path.display(),
                case.code.as_deref().unwrap_or("an error without a code"),
                case.text,
                if got.is_empty() { "no error" } else { &got }
            ));
        }
    }
    assert!(
        wrong.is_empty(),
        "{}\n\ncargo said:\n{stderr}",
        wrong.join("\n\n")
    );
}

#[test]
fn every_case_has_its_recorded_text() {
    for case in cases().expect("the cases can be read") {
        let recorded = case.path.with_extension("stderr");
        let text = fs::read_to_string(&recorded).unwrap_or_default();
        assert!(
            !text.is_empty(),
            "{} is missing: record it with TRYBUILD=overwrite cargo test -p compile-fail --test exact",
            recorded.display()
        );
    }
}

#[test]
fn cases_have_the_dependencies_of_a_chapter() {
    let chapter = root().join("solutions/ch01-hello-world/Cargo.toml");
    assert_eq!(
        table(&own_manifest())["dependencies"],
        table(&chapter)["dependencies"],
        "copy the lines of {}",
        chapter.display()
    );
}

/// Compiles all cases in one call and returns what the compiler said about them, and what cargo said.
fn compile(cases: &[Case]) -> (Vec<Refusal>, String) {
    let target = target_folder();
    let scratch = target.join("compile-fail");
    write_scratch_crate(&scratch, cases);
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut child = Command::new(cargo)
        .args(["build", "--offline", "--keep-going", "--bins"])
        .args(["--message-format=json", "--target-dir"])
        .arg(&target)
        .current_dir(&scratch)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("cargo starts");
    let stdout = BufReader::new(child.stdout.take().expect("stdout is a pipe"));
    let mut stderr = child.stderr.take().expect("stderr is a pipe");
    let said = thread::spawn(move || {
        let mut text = String::new();
        // Text that is not UTF-8 ends the reading; what came before still helps.
        let _ = stderr.read_to_string(&mut text);
        text
    });
    let (sender, receiver) = mpsc::channel();
    thread::spawn(move || {
        let refusals = stdout.lines().map_while(Result::ok);
        let refusals = refusals.filter_map(|line| refusal(&line)).collect();
        // Nobody listens any more after the limit.
        let _ = sender.send(refusals);
    });
    let refusals: Option<Vec<Refusal>> = receiver.recv_timeout(LIMIT).ok();
    if refusals.is_none() {
        child.kill().expect("cargo can be ended");
    }
    child.wait().expect("cargo can be waited for");
    let refusals =
        refusals.expect("cargo needs no more than ten minutes; is another cargo holding the lock?");
    (refusals, said.join().unwrap_or_default())
}

/// The error in one line of cargo's JSON, if it is one about a case.
fn refusal(line: &str) -> Option<Refusal> {
    let line: Value = serde_json::from_str(line).ok()?;
    let message = line
        .get("message")
        .filter(|message| message["level"] == "error")?;
    Some(Refusal {
        case: line["target"]["name"].as_str()?.to_owned(),
        code: message["code"]["code"].as_str().map(str::to_owned),
        rendered: with_long_types(message["rendered"].as_str()?),
    })
}

/// The message, and the full names of types that rustc cut short and wrote to a file beside the build.
fn with_long_types(rendered: &str) -> String {
    let files = rendered
        .lines()
        .filter_map(|line| line.split_once("has been written to '"))
        .filter_map(|(_, path)| path.strip_suffix('\''))
        .filter_map(|path| fs::read_to_string(path).ok());
    files.fold(rendered.to_owned(), |text, file| text + &file)
}

/// A crate with every case as a binary. Its profile is the workspace's: another would build everything anew.
fn write_scratch_crate(scratch: &Path, cases: &[Case]) {
    let workspace = table(&root().join("Cargo.toml"));
    let mut manifest = toml::Table::new();
    manifest.insert(
        "package".into(),
        toml::toml! { name = "compile-fail-cases" edition = "2024" publish = false }.into(),
    );
    manifest.insert("workspace".into(), toml::toml! { resolver = "3" }.into());
    manifest.insert(
        "dependencies".into(),
        table(&own_manifest())["dependencies"].clone(),
    );
    if let Some(profile) = workspace.get("profile") {
        manifest.insert("profile".into(), profile.clone());
    }
    let binaries = cases.iter().map(|case| {
        let path = case.path.display().to_string();
        let fields = [("name", case.name.clone()), ("path", path)];
        toml::Table::from_iter(fields.map(|(key, value)| (key.to_owned(), value.into())))
    });
    let binaries: toml::value::Array = binaries.map(toml::Value::Table).collect();
    manifest.insert("bin".into(), binaries.into());
    fs::create_dir_all(scratch).expect("the target folder can be written");
    fs::write(scratch.join("Cargo.toml"), manifest.to_string()).expect("the manifest is written");
    fs::copy(root().join("Cargo.lock"), scratch.join("Cargo.lock")).expect("the lock is copied");
}

/// The target folder that this test was built in.
fn target_folder() -> PathBuf {
    let test = std::env::current_exe().expect("a test knows its own path");
    // <target>/debug/deps/refused-0123456789abcdef
    let target = test.ancestors().nth(3);
    target.expect("a test lies in the target folder").to_owned()
}

fn root() -> PathBuf {
    let package = Path::new(env!("CARGO_MANIFEST_DIR"));
    let root = package.ancestors().nth(2);
    root.expect("tests/compile-fail lies in the checkout")
        .to_owned()
}

fn own_manifest() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("Cargo.toml")
}

fn table(path: &Path) -> toml::Table {
    let text =
        fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    toml::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

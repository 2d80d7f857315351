//! The whole text of every refusal, as one rustc wrote it. The book shows these texts.
//!
//! `cargo test` leaves this out: trybuild builds every dependency anew in a folder of its own, and another rustc
//! words its errors differently. Record anew with `TRYBUILD=overwrite cargo test -p compile-fail --test exact`.

use std::fs;
use std::path::Path;
use std::process::Command;

#[test]
fn refusals_read_as_recorded() {
    let note = Path::new(env!("CARGO_MANIFEST_DIR")).join("recorded-with.txt");
    let here = rustc_version();
    if std::env::var_os("TRYBUILD").is_some_and(|value| value == "overwrite") {
        fs::write(&note, format!("{here}\n")).expect("the version is written");
    }
    let recorded = fs::read_to_string(&note).unwrap_or_default();
    assert_eq!(
        recorded.trim(),
        here,
        "the texts were recorded with another rustc. Look at what changes: \
         TRYBUILD=overwrite cargo test -p compile-fail --test exact, then git diff tests/compile-fail"
    );
    trybuild::TestCases::new().compile_fail("cases/*.rs");
}

/// For example `rustc 1.95.0`: date and hash of a build say nothing about its texts.
fn rustc_version() -> String {
    let rustc = std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let output = Command::new(rustc)
        .arg("--version")
        .output()
        .expect("rustc starts");
    let text = String::from_utf8_lossy(&output.stdout);
    text.split_whitespace()
        .take(2)
        .collect::<Vec<_>>()
        .join(" ")
}

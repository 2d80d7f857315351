//! 7.5: the program, as a client starts it.

// Exercise 7.5 begins. Hint: cargo xtask hint 7.5
use crate::support::{program, run};

#[tokio::test]
async fn the_program_tells_its_version() {
    let mut command = program();
    command.arg("--version");
    let ended = run(command, "").await;
    assert!(ended.stdout.contains(env!("CARGO_PKG_VERSION")));
}
// Exercise 7.5 ends.

//! `checker talk`: prompts, and what is embedded in them, with the server of chapter 5.

use std::io::Write;

use tracker::{Options, Tracker};

use crate::right_servers::solution;
use crate::support::checker;

/// Types lines, then leaves; returns what was shown.
fn talk(tracker: &Tracker, typed: &str) -> String {
    let server = solution("ch05-prompts-solution", None);
    let url = format!("TRACKER_URL={}", tracker.url());
    let server = server.to_str().expect("a path in UTF-8");
    let mut child = checker(&[
        "talk",
        "--env",
        &url,
        "--env",
        "TRACKER_TOKEN=t",
        "--",
        server,
    ])
    .spawn()
    .expect("starts");
    let mut input = child.stdin.take().expect("a pipe");
    input.write_all(typed.as_bytes()).expect("is read");
    drop(input);
    let output = child.wait_with_output().expect("ends");
    let shown = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(output.status.success(), "{shown}");
    shown
}

#[tokio::test(flavor = "multi_thread")]
async fn prompts_are_listed_filled_in_and_completed() {
    let options = Options {
        tokens: tracker::Tokens::Only(vec!["t".into()]),
        ..Options::default()
    };
    let tracker = Tracker::start(options).await.expect("a port");
    let shown = talk(
        &tracker,
        "prompts\nprompt sprint_plan project=CEDAR\ncomplete sprint_plan project=ATLAS member=BJ\n\
         complete sprint_plan project=HARBOR member=\ncomplete sprint_plan colour=b\n\
         complete sprint_plan\ncomplete\n",
    );
    for part in [
        "  weekly_status — Write the status of a project for people who were not there.\n      \
         project  Id of the project, such as ATLAS.\n      days (optional)  How many",
        "  user:\n  tracker://projects/CEDAR/board (text/markdown)\n# CEDAR: Cedar billing\n",
        "\n  bjoern\n",
        "  m-100\n100 of 150\n",
        "\nnothing to offer\n",
        "complete which argument? complete sprint_plan name=value\n",
        "which prompt? complete NAME name=value …\n",
    ] {
        assert!(shown.contains(part), "{part} is missing in {shown}");
    }
}

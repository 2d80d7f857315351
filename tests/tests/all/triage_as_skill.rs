//! The example of chapter 5 that shows the Skills extension, as a client sees it.

use std::sync::Arc;

use reference_tests::harness::protocol::LEGACY;
use reference_tests::harness::{
    Check, Context, Opening, Selection, Server, Stop, Verdict, ensure, run, wrong,
};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use verdict::{Era, Event, Outcome};

use crate::right_servers::{solution, subject};
use crate::support::LONG;

const SKILL: &str = "skill://triage-task/SKILL.md";

#[tokio::test]
async fn the_example_of_chapter_5_serves_a_skill() {
    let package = "ch05-prompts-solution";
    let subject = subject(&solution(package, Some("triage_as_skill")));
    let checks = vec![
        Check::new("declares", "0.0", declares_the_extension),
        Check::new("verifies", "0.0", every_file_is_what_the_manifest_says),
        Check::new("same", "0.0", get_and_list_agree),
        Check::new("refuses", "0.0", refuses_what_is_no_skill),
        Check::new("ends", "0.0", ends_with_its_input),
    ];
    let expected = checks.len();
    let mut passed = 0;
    run(checks, &Selection::default(), Arc::new(subject), |event| {
        if let Event::Finished(result) = event {
            assert_eq!(result.outcome, Outcome::Pass, "{}", result.check);
            passed += 1;
        }
    })
    .await;
    assert_eq!(passed, expected);
}

/// The one skill, as the list has it.
async fn listed(server: &Server) -> Verdict<Value> {
    let skills = server.list("skills/list", "skills").await?;
    match skills.as_slice() {
        [skill] => Ok(skill.clone()),
        others => Err(Stop::Fault(format!("{} skills", others.len()))),
    }
}

async fn declares_the_extension(ctx: Context) -> Verdict {
    let server = ctx.server().start(Opening::None).await?;
    let said = match ctx.era() {
        Era::Modern => server.request("server/discover", json!({})).await?,
        Era::Legacy => server.initialize(LEGACY).await?,
    };
    let capabilities = &said.result()?["capabilities"];
    let declared = &capabilities["extensions"]["io.modelcontextprotocol/skills"];
    ensure(
        declared.is_object() && capabilities["resources"].is_object(),
        || said.wrong("It does not declare the extension and the resources."),
    )?;
    Ok(())
}

async fn every_file_is_what_the_manifest_says(ctx: Context) -> Verdict {
    let server = ctx.start().await?;
    let skill = listed(&server).await?;
    let files = skill["resources"].as_array().cloned().unwrap_or_default();
    ensure(files.len() == 2, || {
        wrong(format!("Another manifest: {skill}"))
    })?;
    for file in files {
        let uri = json!({"uri": file["uri"]});
        let read = server.request("resources/read", uri).await?;
        let contents = &read.result()?["contents"][0];
        let text = contents["text"].as_str().unwrap_or_default();
        let digest: String = Sha256::digest(text)
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect();
        let fits =
            file["size"] == text.len() && file["digest"] == format!("sha256:{digest}").as_str();
        ensure(fits, || read.wrong(format!("It is no such file: {file}")))?;
        if file["uri"] == SKILL {
            tells_its_frontmatter(&skill["frontmatter"], text)?;
        }
    }
    Ok(())
}

/// A host shows the frontmatter of the list, and gives the model that of the file.
fn tells_its_frontmatter(listed: &Value, text: &str) -> Verdict {
    for field in ["name", "description", "license"] {
        let line = format!("\n{field}: {}\n", listed[field].as_str().unwrap_or("?"));
        ensure(text.contains(&line), || {
            wrong(format!("{field} is another one in the list: {listed}"))
        })?;
    }
    Ok(())
}

async fn get_and_list_agree(ctx: Context) -> Verdict {
    let server = ctx.start().await?;
    let got = server.request("skills/get", json!({"uri": SKILL})).await?;
    ensure(got.result()?["skill"] == listed(&server).await?, || {
        got.wrong("It is another one in the list.")
    })?;
    Ok(())
}

async fn refuses_what_is_no_skill(ctx: Context) -> Verdict {
    let server = ctx.start().await?;
    for uri in ["skill://other/SKILL.md", "skill://triage-task"] {
        let got = server.request("skills/get", json!({"uri": uri})).await?;
        got.expect_error(-32602, "It is a skill.")?;
    }
    Ok(())
}

async fn ends_with_its_input(ctx: Context) -> Verdict {
    let server = ctx.start().await?;
    server.close_input().await;
    let ending = server.ending(LONG, "its input was closed").await?;
    ensure(ending.is_normal(), || wrong(ending.spoken()))?;
    Ok(())
}

//! 1.3 Write the wire by hand.
//!
//! The lines that the server's `wire` command prints are fed to a server of the checks' own, and what that
//! answers is judged. In which order they stand and what their ids are is the learner's choice.

use std::collections::HashSet;
use std::time::Duration;

use serde_json::Value;
use verdict::{Era, Needs};

use crate::foreign::Foreign;
use crate::harness::protocol::{INVALID_PARAMS, METHOD_NOT_FOUND, UNSUPPORTED_VERSION};
use crate::harness::{Check, Context, Verdict, Wrong, ensure, short, wrong};

const EXERCISE: &str = "1.3";
const SOURCE: &str = "specification 2026-07-28, basic/index";
/// How many lines are asked for.
const LINES: usize = 5;

pub(super) fn checks() -> Vec<Check> {
    let all = [
        Check::new("wire-lines", EXERCISE, shape)
            .says("`wire` prints five requests, one a line, each with an id of its own.")
            .why(
                "A line is a message, and a reply finds its request by the id alone. The modern era has no \
                 handshake: any request may be the first.",
                SOURCE,
            ),
        Check::new("wire-greeting", EXERCISE, greeting)
            .says("One of the lines gets a greeting.")
            .why(
                "tools/call names the tool and its arguments, and says in `_meta` which revision it speaks and \
                 what the client can do.",
                "specification 2026-07-28, server/tools, Calling Tools",
            ),
        Check::new("wire-tool-list", EXERCISE, tool_list)
            .says("One of the lines gets the list of tools.")
            .why(
                "A client may ask for the tools at once; nothing has to come before.",
                "specification 2026-07-28, server/tools, Listing Tools",
            ),
        Check::new("wire-missing-meta", EXERCISE, missing_meta)
            .says("One of the lines is refused with -32602, since its `_meta` lacks a required key.")
            .why(
                "Every request of the modern era must carry protocolVersion and clientCapabilities in `_meta`.",
                SOURCE,
            ),
        Check::new("wire-unknown-version", EXERCISE, unknown_version)
            .says("One of the lines is refused with -32022, since it names a revision that nobody speaks.")
            .why(
                "The refusal lists the revisions that the server does speak, so that a client can choose one.",
                "specification 2026-07-28, basic/versioning",
            ),
        Check::new("wire-unknown-method", EXERCISE, unknown_method)
            .says("One of the lines is refused with -32601, since there is no such method.")
            .why(
                "`_meta` is looked at first: only a request that introduces itself in full is told about its method.",
                SOURCE,
            ),
    ];
    all.map(|check| check.only(Era::Modern).needs(Needs::Crate))
        .into()
}

/// One printed line, with the answer of the checks' own server.
struct Line {
    text: String,
    /// The message; nothing if it is not JSON.
    message: Option<Value>,
    answer: Option<Value>,
}

impl Line {
    fn is_handshake(&self) -> bool {
        self.method() == "initialize"
    }

    fn method(&self) -> &str {
        let method = self
            .message
            .as_ref()
            .and_then(|message| message["method"].as_str());
        method.unwrap_or_default()
    }

    fn error_code(&self) -> Option<i64> {
        self.answer.as_ref()?["error"]["code"].as_i64()
    }

    /// Where the arguments stand, if that is beside the parameters or beside their own place.
    fn misplaced(&self) -> &'static str {
        let Some(message) = &self.message else {
            return "";
        };
        match (&message["arguments"], &message["params"]["arguments"]) {
            (Value::Object(_), Value::Null) => {
                ", since `arguments` stands beside `params`, not in it"
            }
            (_, Value::Null) => ", since `params` has no `arguments`",
            _ => "",
        }
    }

    /// What became of the line, in few words.
    fn fate(&self) -> String {
        match &self.answer {
            None if self.message.is_none() => "not JSON".into(),
            None => "no reply, as it is not a request".into(),
            Some(answer) => match &answer["error"] {
                Value::Null if answer["result"]["isError"] == true => {
                    let text = answer["result"]["content"][0]["text"].as_str();
                    let text = short::quoted(text.unwrap_or_default());
                    format!(
                        "{}: a tool error, {text}{}",
                        self.method(),
                        self.misplaced()
                    )
                }
                Value::Null => format!("{}: a result", self.method()),
                error => format!("{}: {} {}", self.method(), error["code"], error["message"]),
            },
        }
    }
}

/// Runs the `wire` command and feeds what it prints to a fresh server.
async fn lines(ctx: &Context) -> Verdict<Vec<Line>> {
    let (output, ending) = ctx
        .server()
        .argument("wire")
        .output(Duration::from_secs(2))
        .await?;
    ensure(ending.is_normal(), || {
        wrong("The command `wire` failed.")
            .sent("the command with the argument wire")
            .expected("five lines and exit code 0")
            .got(format!(
                "{} and {}",
                short::quoted(&output),
                ending.spoken()
            ))
    })?;
    let server = Foreign::default();
    let line = |text: &str| {
        let mut line = Line {
            text: text.to_owned(),
            message: serde_json::from_str(text).ok(),
            answer: None,
        };
        // A handshake would turn the server to the legacy era, and every other line with it.
        if !line.is_handshake() {
            line.answer = server.answer(text);
        }
        line
    };
    Ok(output
        .lines()
        .filter(|text| !text.trim().is_empty())
        .map(line)
        .collect())
}

fn all_fates(lines: &[Line]) -> String {
    if lines.is_empty() {
        return "no line at all".into();
    }
    let fates = lines.iter().enumerate();
    let fates: Vec<String> = fates
        .map(|(index, line)| format!("line {}: {}", index + 1, line.fate()))
        .collect();
    fates.join("; ")
}

fn missing(what: &str, expected: &str, lines: &[Line]) -> Wrong {
    wrong(what)
        .sent("the printed lines, to a server of the modern era")
        .expected(expected)
        .got(all_fates(lines))
}

async fn shape(ctx: Context) -> Verdict {
    let lines = lines(&ctx).await?;
    let refused = |what: String, got: String| {
        wrong(what)
            .sent("the command with the argument wire")
            .expected("five JSON-RPC requests, each on a line of its own")
            .got(got)
    };
    for (index, line) in lines.iter().enumerate() {
        let number = index + 1;
        let got = short::line(&line.text);
        let Some(message) = &line.message else {
            let what = format!("Line {number} is not JSON: a message stands on one line.");
            return Err(refused(what, got).into());
        };
        ensure(!line.is_handshake(), || {
            refused(
                format!("Line {number} is the handshake of the legacy era."),
                got.clone(),
            )
        })?;
        let id = &message["id"];
        ensure(id.is_string() || id.is_i64() || id.is_u64(), || {
            refused(
                format!("Line {number} has no id, so nothing can answer it."),
                got.clone(),
            )
        })?;
        ensure(
            message["jsonrpc"] == "2.0" && message["method"].is_string(),
            || refused(format!("Line {number} is no JSON-RPC 2.0 request."), got),
        )?;
    }
    ensure(lines.len() == LINES, || {
        let got = all_fates(&lines);
        refused(
            format!("There are {} lines, and five are asked for.", lines.len()),
            got,
        )
    })?;
    let ids: Vec<String> = lines
        .iter()
        .filter_map(|line| line.message.as_ref())
        .map(|message| message["id"].to_string())
        .collect();
    let distinct: HashSet<&String> = ids.iter().collect();
    ensure(distinct.len() == ids.len(), || {
        refused(
            "Two lines have the same id.".into(),
            format!("the ids {}", short::list(ids.clone())),
        )
    })?;
    Ok(())
}

async fn greeting(ctx: Context) -> Verdict {
    let lines = lines(&ctx).await?;
    let greeted = lines.iter().any(|line| {
        let named = line
            .message
            .as_ref()
            .is_some_and(|message| message["params"]["name"] == "greet");
        let result = line.answer.as_ref().map(|answer| &answer["result"]);
        named && result.is_some_and(|result| result["isError"] == false)
    });
    ensure(greeted, || {
        missing(
            "No line gets a greeting.",
            "a tools/call of `greet` with the argument `name`, answered by a result",
            &lines,
        )
    })?;
    Ok(())
}

async fn tool_list(ctx: Context) -> Verdict {
    let lines = lines(&ctx).await?;
    let listed = lines.iter().any(|line| {
        line.answer
            .as_ref()
            .is_some_and(|answer| answer["result"]["tools"].is_array())
    });
    ensure(listed, || {
        missing(
            "No line gets the list of tools.",
            "a tools/list, answered by a result",
            &lines,
        )
    })?;
    Ok(())
}

async fn missing_meta(ctx: Context) -> Verdict {
    let lines = lines(&ctx).await?;
    let refused: Vec<&Line> = lines
        .iter()
        .filter(|line| line.error_code() == Some(INVALID_PARAMS))
        .collect();
    let for_meta = refused.iter().any(|line| {
        line.answer
            .as_ref()
            .is_some_and(|answer| !answer["error"]["data"]["missing"].is_null())
    });
    ensure(for_meta, || {
        let what = if refused.is_empty() {
            "No line is refused with -32602."
        } else {
            "The line that is refused with -32602 is refused for something else than its `_meta`."
        };
        missing(
            what,
            "-32602 for a request whose `_meta` lacks protocolVersion or clientCapabilities",
            &lines,
        )
    })?;
    Ok(())
}

async fn unknown_version(ctx: Context) -> Verdict {
    judge_code(
        &ctx,
        UNSUPPORTED_VERSION,
        "a request whose `_meta` names a revision such as 2099-01-01",
    )
    .await
}

async fn unknown_method(ctx: Context) -> Verdict {
    judge_code(
        &ctx,
        METHOD_NOT_FOUND,
        "a request with full `_meta` and a method that does not exist",
    )
    .await
}

async fn judge_code(ctx: &Context, code: i64, how: &str) -> Verdict {
    let lines = lines(ctx).await?;
    ensure(
        lines.iter().any(|line| line.error_code() == Some(code)),
        || {
            missing(
                &format!("No line is refused with {code}."),
                &format!("{code}, for {how}"),
                &lines,
            )
        },
    )?;
    Ok(())
}

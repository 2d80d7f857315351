//! Talking to a server from the terminal.

mod calling;
mod input;
mod lines;
mod remote;
mod say;
mod show;

use std::io::{IsTerminal, stdin};
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context as _;
use reference_tests::harness::{
    Context, Opening, Pending, Recorder, Reply, Server, Stop, Subject, Surroundings, Tool, protocol,
};
use serde_json::{Map, Value, json};
use verdict::{Era, From};

use self::calling::Caller;
use self::input::{Line, arguments, parse};
use self::lines::Lines;
use self::say::say;
use crate::arguments::TalkOptions;
use crate::{issuer, tracker};

/// How long a reply may take. A person can press Ctrl-C before.
const PATIENCE: Duration = Duration::from_secs(120);
/// How long the opening may take: a server that has nothing to do yet answers at once.
const OPENING: Duration = Duration::from_secs(5);
/// After this time the person is told that the server is still at it.
const STILL_WAITING: Duration = Duration::from_secs(3);
/// How long the server may take to end after the person has left.
const GOODBYE: Duration = Duration::from_secs(2);

const HELP: &str = "  TOOL name=value …      call a tool; values are JSON, or text where the schema says so
  TOOL {\"name\": …}       call a tool with arguments in JSON
  cancel                 take back the call that is open
  tools                  list the tools, with their arguments
  resources              list the resources          read URI               read one
  prompts                list the prompts            prompt NAME name=value fill one in
  complete NAME name=value …
                         what the last argument of that prompt could become; those before it are chosen
  raw {…}                send a line as it is
  help                   this list                   quit                   leave (so does the end of input)";

/// Talks until the person leaves or the server ends. Returns whether the server was there all the time.
///
/// # Errors
/// The server cannot be started.
pub(crate) async fn talk(options: TalkOptions, subject: Option<Subject>) -> anyhow::Result<bool> {
    let mut environment = Vec::new();
    let tracker = match options.tracker {
        true => tracker::beside(&mut environment).await?,
        false => None,
    };
    let issuer = match options.issuer {
        true => issuer::beside(&mut environment, tracker.as_ref()).await?,
        false => None,
    };
    let subject = match &options.http {
        Some(sign_in) => remote::subject(sign_in, subject, environment)?,
        None => {
            let mut subject = subject.context("name the server's command")?;
            subject.environment.append(&mut environment);
            subject
        }
    };
    let recorder = match (options.wire, &options.http) {
        (true, _) => Recorder::telling(show::wire_line),
        (false, Some(_)) => Recorder::telling(remote::news),
        (false, None) => Recorder::new(),
    };
    let over_http = options.http.is_some();
    let context = Context::new(
        Arc::new(subject),
        options.era,
        Surroundings::ByHand,
        Arc::new(recorder),
    );
    let talked = tokio::select! {
        talked = conversation(&context, over_http) => talked,
        _ = tokio::signal::ctrl_c() => Ok(()),
        () = say::nobody_reads() => Ok(()),
    };
    let fine = match talked {
        Ok(()) => true,
        Err(Stop::Fault(message)) => anyhow::bail!(message),
        Err(stop) => {
            say!("{stop}");
            for note in context.notes() {
                say!("  {note}");
            }
            false
        }
    };
    context.finish().await;
    if let Some(tracker) = tracker {
        tracker.stop().await;
    }
    if let Some(issuer) = issuer {
        issuer.stop().await;
    }
    Ok(fine)
}

async fn conversation(context: &Context, over_http: bool) -> Result<(), Stop> {
    let launcher = context.server().client(calling::client());
    let mut session = Session {
        server: match over_http {
            true => remote::start(launcher).await?,
            false => launcher.start(Opening::Usual).await?,
        },
        over_http,
        context: context.clone(),
        tools: Vec::new(),
        caller: Caller::new(context.clone()),
        lines: Lines::from_stdin(),
    };
    session.introduce().await?;
    loop {
        prompt();
        let line = tokio::select! {
            line = session.lines.next() => line,
            ended = session.server.ending(Duration::from_secs(u64::from(u32::MAX)), "now") => {
                say!("\nThe server ended with {}.", ended?.spoken());
                return Ok(());
            }
        };
        let Some(line) = line else { break };
        match parse(&line) {
            Ok(Line::Nothing) => {}
            Ok(Line::Quit) => break,
            Ok(line) => session.perform(line).await?,
            Err(problem) => say!("{problem}"),
        }
    }
    session.server.close_input().await;
    // A server that does not leave by itself is killed when its handle is dropped.
    let _ = session
        .server
        .ending(GOODBYE, "its standard input ended")
        .await;
    Ok(())
}

struct Session {
    server: Server,
    /// Such a server may have tools that it only shows to whoever may use them.
    over_http: bool,
    context: Context,
    tools: Vec<Tool>,
    caller: Caller,
    lines: Lines,
}

impl Session {
    async fn introduce(&mut self) -> Result<(), Stop> {
        if self.server.era() == Era::Modern {
            let opening = self.server.begin("server/discover", json!({})).await?;
            let reply = opening.within(OPENING).reply().await?;
            let info = &reply.message()["result"]["_meta"][protocol::META_SERVER];
            say!("{}", show::identity(info, self.server.era()));
        } else {
            say!("connected, legacy era");
        }
        self.tools = self.server.tools().await?;
        show::tools(&self.tools);
        say!("`help` shows what you can type.");
        Ok(())
    }

    async fn perform(&mut self, line: Line) -> Result<(), Stop> {
        match line {
            Line::Nothing | Line::Quit => {}
            Line::Cancel => say!("no call is open"),
            Line::Help => say!("{HELP}"),
            Line::Tools => {
                self.tools = self.server.tools().await?;
                show::tools(&self.tools);
            }
            Line::Resources => {
                let reply = self.request("resources/list", json!({})).await?;
                show::list(&reply, "resources", "uri", "resources");
                let reply = self.request("resources/templates/list", json!({})).await?;
                show::list(
                    &reply,
                    "resourceTemplates",
                    "uriTemplate",
                    "resource templates",
                );
            }
            Line::Read(uri) => {
                let reply = self.request("resources/read", json!({"uri": uri})).await?;
                show::contents(&reply);
            }
            Line::Prompts => {
                let reply = self.request("prompts/list", json!({})).await?;
                show::prompts(&reply);
            }
            Line::Prompt(name, given) => match arguments(&given, None) {
                Ok(arguments) => {
                    let params = json!({"name": name, "arguments": arguments});
                    let reply = self.request("prompts/get", params).await?;
                    show::messages(&reply);
                }
                Err(problem) => say!("{problem}"),
            },
            Line::Complete(name, given) => self.complete(&name, &given).await?,
            Line::Raw(text) => self.raw(&text).await?,
            Line::Call(name, given) => self.call(&name, &given, false).await?,
            Line::Insist(name, given) => self.call(&name, &given, true).await?,
        }
        Ok(())
    }

    async fn complete(&mut self, prompt: &str, given: &str) -> Result<(), Stop> {
        let mut chosen = match arguments(given, None) {
            Ok(Value::Object(chosen)) => chosen,
            Ok(_) => Map::new(),
            Err(problem) => {
                say!("{problem}");
                return Ok(());
            }
        };
        // What was typed last is what is still open.
        let Some((name, value)) = chosen
            .keys()
            .next_back()
            .cloned()
            .and_then(|name| chosen.remove_entry(&name))
        else {
            say!("complete which argument? complete {prompt} name=value");
            return Ok(());
        };
        let params = json!({
            "ref": {"type": "ref/prompt", "name": prompt},
            "argument": {"name": name, "value": value},
            "context": {"arguments": chosen},
        });
        let reply = self.request("completion/complete", params).await?;
        show::completion(&reply);
        Ok(())
    }

    async fn call(&mut self, name: &str, given: &str, insisting: bool) -> Result<(), Stop> {
        let tool = self.tools.iter().find(|tool| tool.name() == name);
        if tool.is_none() && !(insisting && self.over_http) {
            say!(
                "There is no tool and no command `{name}`. `tools` lists the tools, `help` the commands."
            );
            if self.over_http {
                say!(
                    "A tool that your token does not allow is not listed: `call {name} …` asks for it."
                );
            }
            return Ok(());
        }
        match arguments(given, tool.map(Tool::input_schema)) {
            Ok(arguments) => {
                let (server, lines) = (&self.server, &mut self.lines);
                match self.caller.call(server, lines, name, arguments).await? {
                    Some(reply) => show::tool_result(&reply),
                    None => say!("taken back; there will be no reply"),
                }
            }
            Err(problem) => say!("{problem}"),
        }
        Ok(())
    }

    async fn raw(&self, text: &str) -> Result<(), Stop> {
        let message: Value = serde_json::from_str(text).unwrap_or_default();
        if message["method"].is_string() && !message["id"].is_null() {
            let pending = self.server.expect_reply(message);
            self.server.send_line(text).await?;
            say!("{:#}", self.patiently(pending).await?.message());
        } else {
            self.server.send_line(text).await?;
            say!("sent; what is no request has no reply");
        }
        Ok(())
    }

    async fn request(&self, method: &str, params: Value) -> Result<Reply, Stop> {
        self.patiently(self.server.begin(method, params).await?)
            .await
    }

    /// Waits longer than a check would, and says so, with what is known of the server by then.
    async fn patiently(&self, pending: Pending) -> Result<Reply, Stop> {
        let reply = pending.within(PATIENCE).reply();
        tokio::pin!(reply);
        match tokio::time::timeout(STILL_WAITING, &mut reply).await {
            Ok(reply) => reply,
            Err(_) => {
                say!("waiting for the reply; Ctrl-C gives up");
                for note in self.context.notes() {
                    say!("  {note}");
                }
                reply.await
            }
        }
    }
}

fn prompt() {
    if stdin().is_terminal() {
        say::show(format_args!("> "));
    }
}

/// Marks a line of the wire for a person.
fn arrow(from: From) -> &'static str {
    match from {
        From::Client => "-->",
        From::Server => "<--",
        From::Stderr => "err",
        From::Process | From::Tracker => "  *",
    }
}

//! A skill in place of a prompt: instructions that a model finds by itself when a task fits them.
//!
//! `cargo run --example triage_as_skill` serves MCP on standard input and output. A skill is a folder with a
//! `SKILL.md`; the Skills extension lists it with the size and the digest of every file, and the files are
//! plain resources. A client that does not know the extension can still read them.
//! <https://modelcontextprotocol.io/extensions/skills/overview>

use std::borrow::Cow;

use anyhow::Context;
use ch05_prompts::{logging, serve, signals};
use rmcp::model::{
    GetSkillRequestParams, GetSkillResult, Implementation, ListResourcesResult, ListSkillsResult,
    PaginatedRequestParams, ProtocolVersion, ReadResourceRequestParams, ReadResourceResponse,
    ReadResourceResult, Resource, ResourceContents, ServerCapabilities, ServerConfig, Skill,
    SkillFrontmatter, SkillResource, SkillResources,
};
use rmcp::service::RequestContext;
use rmcp::{ErrorData, RoleServer, ServerHandler};
use serde_json::json;

/// The media type of every file.
const MARKDOWN: &str = "text/markdown";

/// One file of a skill, built into the program.
struct File {
    uri: &'static str,
    name: &'static str,
    text: &'static str,
}

/// The files of the one skill, `SKILL.md` first. Its folder is named as the skill is.
const FILES: [File; 2] = [
    File {
        uri: "skill://triage-task/SKILL.md",
        name: "SKILL.md",
        text: include_str!("../skills/triage-task/SKILL.md"),
    },
    File {
        uri: "skill://triage-task/references/severity.md",
        name: "severity.md",
        text: include_str!("../skills/triage-task/references/severity.md"),
    },
];

/// A server with one skill.
struct SkillServer {
    skill: Skill,
}

impl SkillServer {
    fn new() -> anyhow::Result<Self> {
        let [main, _] = &FILES;
        // Computed, never written down: a digest that does not fit makes a client refuse the file.
        let files = FILES.map(|file| SkillResource::from_bytes(file.uri, file.text.as_bytes()));
        let resources = SkillResources::Files(files.into());
        let skill = Skill::new(main.uri, frontmatter(main.text)?, resources);
        // The SDK would refuse to send a skill that breaks the rules. Better not to start with one.
        skill.validate()?;
        Ok(Self { skill })
    }
}

/// The lines `key: value` between the two `---` at the beginning of a `SKILL.md`.
///
/// That is all of YAML that this skill needs. Lists and nested fields need a parser.
fn frontmatter(text: &str) -> anyhow::Result<SkillFrontmatter> {
    let head = text
        .strip_prefix("---\n")
        .and_then(|rest| rest.split_once("\n---\n"))
        .context("SKILL.md does not begin with a frontmatter")?
        .0;
    let mut fields = serde_json::Map::new();
    for line in head.lines() {
        let field = line.split_once(": ");
        let (key, value) = field.with_context(|| format!("no `key: value`: {line}"))?;
        fields.insert(key.to_owned(), json!(value));
    }
    serde_json::from_value(fields.into()).context("a field is missing in the frontmatter")
}

impl ServerHandler for SkillServer {
    fn get_info(&self) -> ServerConfig {
        let identity = Implementation::new("triage_as_skill", env!("CARGO_PKG_VERSION"));
        // Skills are read as resources: one capability goes with the other.
        let capabilities = ServerCapabilities::builder()
            .enable_resources()
            .enable_skills()
            .build();
        ServerConfig::new(capabilities).with_server_info(identity)
    }

    fn supported_protocol_versions(&self) -> Cow<'static, [ProtocolVersion]> {
        const SUPPORTED: &[ProtocolVersion] =
            &[ProtocolVersion::V_2025_11_25, ProtocolVersion::V_2026_07_28];
        Cow::Borrowed(SUPPORTED)
    }

    async fn list_skills(
        &self,
        _: Option<PaginatedRequestParams>,
        _: RequestContext<RoleServer>,
    ) -> Result<ListSkillsResult, ErrorData> {
        Ok(ListSkillsResult::with_all_items(vec![self.skill.clone()]))
    }

    async fn get_skill(
        &self,
        request: GetSkillRequestParams,
        _: RequestContext<RoleServer>,
    ) -> Result<GetSkillResult, ErrorData> {
        match request.uri == self.skill.uri {
            true => Ok(GetSkillResult::new(self.skill.clone())),
            false => Err(ErrorData::invalid_params("no such skill", None)),
        }
    }

    async fn list_resources(
        &self,
        _: Option<PaginatedRequestParams>,
        _: RequestContext<RoleServer>,
    ) -> Result<ListResourcesResult, ErrorData> {
        let files = FILES.map(|file| {
            let size = file.text.len() as u64;
            let file = Resource::new(file.uri, file.name).with_mime_type(MARKDOWN);
            file.with_size(size)
        });
        Ok(ListResourcesResult::with_all_items(files.into()))
    }

    async fn read_resource(
        &self,
        request: ReadResourceRequestParams,
        _: RequestContext<RoleServer>,
    ) -> Result<ReadResourceResponse, ErrorData> {
        let file = FILES.iter().find(|file| file.uri == request.uri);
        let file = file.ok_or_else(|| ErrorData::resource_not_found("no such file", None))?;
        let contents = ResourceContents::text(file.text, file.uri).with_mime_type(MARKDOWN);
        Ok(ReadResourceResult::new(vec![contents]).into())
    }
}

fn main() -> anyhow::Result<()> {
    logging::init();
    let server = SkillServer::new()?;
    let runtime = tokio::runtime::Runtime::new()?;
    let ended = runtime.block_on(async { serve::serve(server, signals::stop_token()?).await });
    serve::end_runtime(runtime);
    Ok(ended?)
}

// The official TypeScript SDK as a client: its second version, @modelcontextprotocol/client, which speaks both eras,
// or its first, @modelcontextprotocol/sdk, which knows the legacy one alone. Reads a job as JSON from standard input,
// does it, and prints what came of it as one line of JSON.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const job = JSON.parse(readFileSync(0, 'utf8'));
const load = (file) => import(pathToFileURL(join(job.tools, 'node_modules/@modelcontextprotocol', file)));

/** What both versions call alike, and where each has it. */
async function version(number) {
  if (number === 1) {
    const { Client } = await load('sdk/dist/esm/client/index.js');
    const { StdioClientTransport } = await load('sdk/dist/esm/client/stdio.js');
    const { StreamableHTTPClientTransport } = await load('sdk/dist/esm/client/streamableHttp.js');
    const { ElicitRequestSchema } = await load('sdk/dist/esm/types.js');
    return { Client, StdioClientTransport, StreamableHTTPClientTransport, asked: ElicitRequestSchema };
  }
  const { Client, StreamableHTTPClientTransport } = await load('client/dist/index.mjs');
  const { StdioClientTransport } = await load('client/dist/stdio.mjs');
  return { Client, StdioClientTransport, StreamableHTTPClientTransport, asked: 'elicitation/create' };
}

const sdk = await version(job.version);
const mode = job.era === 'modern' ? { pin: '2026-07-28' } : 'legacy';
const client = new sdk.Client(
  { name: 'stranger', version: '1.0.0' },
  { capabilities: { elicitation: {} }, ...(job.version === 2 ? { versionNegotiation: { mode } } : {}) },
);
const questions = [];
client.setRequestHandler(sdk.asked, ({ params }) => {
  questions.push(params.message);
  return { action: 'accept', content: { sure: true } };
});

function transport() {
  if (job.stdio) return new sdk.StdioClientTransport({ ...job.stdio, stderr: 'ignore' });
  const headers = { authorization: `Bearer ${job.http.token}` };
  return new sdk.StreamableHTTPClientTransport(new URL(job.http.url), { requestInit: { headers } });
}

/** Everything in a list, page by page. */
async function all(list, items) {
  const found = [];
  let cursor;
  do {
    const page = await list(cursor ? { cursor } : {});
    found.push(...page[items]);
    cursor = page.nextCursor;
  } while (cursor);
  return found;
}

const call = async ([name, args]) => {
  const { isError, structuredContent, content } = await client.callTool({ name, arguments: args });
  return { isError: isError ?? false, data: structuredContent ?? null, text: content?.[0]?.text ?? '' };
};

const way = transport();
// The first version tells its transport alone what was agreed upon.
const tell = way.setProtocolVersion?.bind(way);
let agreed;
way.setProtocolVersion = (revision) => {
  agreed = revision;
  tell?.(revision);
};
await client.connect(way);
const found = {
  server: client.getServerVersion(),
  revision: client.getNegotiatedProtocolVersion?.() ?? agreed,
  tools: (await all((page) => client.listTools(page), 'tools')).map((tool) => tool.name),
  resources: (await all((page) => client.listResources(page), 'resources')).map((one) => one.uri),
  templates: (await all((page) => client.listResourceTemplates(page), 'resourceTemplates')).map((one) => one.uriTemplate),
  prompts: (await all((page) => client.listPrompts(page), 'prompts')).map((prompt) => prompt.name),
  searched: await call(job.search),
  created: await call(job.create),
  read: (await client.readResource({ uri: job.read })).contents,
  prompt: (await client.getPrompt({ name: job.prompt[0], arguments: job.prompt[1] })).messages,
  completed: (
    await client.complete({
      ref: { type: 'ref/prompt', name: job.prompt[0] },
      argument: { name: job.complete[0], value: job.complete[1] },
    })
  ).completion.values,
  deleted: await call(job.delete),
  questions,
};
await client.close();
console.log(JSON.stringify(found));
process.exit(0);

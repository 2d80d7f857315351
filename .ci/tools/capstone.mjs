// The server of chapter 8 in the hands of clients that others have written: the Inspector, the TypeScript SDK and the
// Python SDK, over stdio and over HTTP, in each era that they know. Each has a tracker of its own, and what it says is
// compared with SPEC.md and with what the tracker has.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { built, fail, issuer, listening, root, run, scratch, serve, soon, tokenFor, tools, tracker } from './processes.mjs';
import { recording } from './recordings.mjs';
import { inspector } from './strangers/inspector.mjs';

const SERVER = built('ch08-capstone-solution');
const VERSIONS = JSON.parse(readFileSync(join(import.meta.dirname, 'package.json'), 'utf8')).dependencies;
const MCP = /^mcp==(\S+)/m.exec(readFileSync(join(import.meta.dirname, 'strangers/requirements.in'), 'utf8'))[1];

/** What everybody does. */
const PROJECT = 'ATLAS';
const TASK = 'ATLAS-5';
const TITLE = 'Made by a stranger';
const STEPS = {
  search: ['search_tasks', { filter: { project: PROJECT, state: 'todo' }, limit: 4 }],
  create: ['create_task', { project: PROJECT, title: TITLE, due: '2026-06-01' }],
  read: `tracker://projects/${PROJECT}/board`,
  prompt: ['sprint_plan', { project: PROJECT }],
  complete: ['project', 'at'],
  delete: ['delete_task', { task: TASK }],
};

/** Who does it: how a job is handed over, and in which eras. */
const CLIENTS = [
  { name: `Inspector ${VERSIONS['@modelcontextprotocol/inspector']}`, eras: ['legacy', 'modern'], work: inspector },
  { name: `TypeScript SDK ${VERSIONS['@modelcontextprotocol/sdk']}`, eras: ['legacy'], work: typescript(1) },
  { name: `TypeScript SDK ${VERSIONS['@modelcontextprotocol/client']}`, eras: ['legacy', 'modern'], work: typescript(2) },
  { name: `Python SDK ${MCP}`, eras: ['legacy', 'modern'], work: python },
];
const REVISIONS = { legacy: '2025-11-25', modern: '2026-07-28' };

/** What SPEC.md promises: its tools, templates and prompts, each list in one line. */
function promised() {
  const text = readFileSync(join(root, 'solutions/ch08-capstone/SPEC.md'), 'utf8');
  const section = (name) => text.split(`\n## ${name}\n`)[1].split('\n## ')[0];
  const all = (name, form) => [...section(name).matchAll(form)].map((match) => match[1]).sort().join(' ');
  const heading = /^### `([^`]+)`/gm;
  return { tools: all('Tools', heading), templates: all('Resources', /^\| `([^`]+)`/gm), prompts: all('Prompts', heading) };
}

function typescript(version) {
  return (job) => program(process.execPath, [join(import.meta.dirname, 'strangers/typescript.mjs')], { ...job, version, tools });
}

function python(job) {
  return program(join(tools, 'python/bin/python'), [join(import.meta.dirname, 'strangers/python.py')], job);
}

/** Has a program do a job, and reads its one line. */
async function program(file, args, job) {
  const env = { PATH: process.env.PATH, HOME: scratch };
  const { code, stdout, both } = await run(file, args, { env, input: JSON.stringify(job), seconds: 40 });
  if (code !== 0) fail(`${args.join(' ')} has ended with ${code}\n${both}`);
  return JSON.parse(stdout);
}

/** Starts what a client needs, and says where it is. */
async function surroundings(transport, shared) {
  const upstream = await tracker();
  const env = { TRACKER_URL: upstream.url, TRACKER_TOKEN: upstream.token, RUST_LOG: 'off' };
  if (transport === 'stdio') return { upstream, way: { stdio: { command: SERVER, env } } };
  const settings = { ...env, MCP_LISTEN: '127.0.0.1:0', ISSUER_URL: shared };
  const url = await serve(SERVER, ['http'], settings, 'stderr', listening);
  return { upstream, way: { http: { url, token: await tokenFor(url, shared) } } };
}

/** Asks the tracker itself: what is there, or undefined if it is not. */
async function there({ url, token }, path) {
  const reply = await fetch(url + path, { headers: { authorization: `Bearer ${token}` }, ...soon() });
  if (reply.status === 404) return undefined;
  if (!reply.ok) fail(`the tracker answers ${path} with ${reply.status}`);
  return reply.json();
}

/** What is wrong with what a client has found; nothing if all of it is as it should be. */
async function judged(found, { era, transport }, upstream) {
  const wrong = [];
  const same = (what, got, expected) => {
    if (JSON.stringify(got) !== JSON.stringify(expected)) {
      wrong.push(`${what}: ${JSON.stringify(got)}, not ${JSON.stringify(expected)}`);
    }
  };
  const [name, version] = (await run(SERVER, ['--version'])).stdout.trim().split(' ');
  same('server', [found.server?.name, found.server?.version], [name, version]);
  same('revision', found.revision, REVISIONS[era]);
  for (const [list, words] of Object.entries(promised())) same(list, [...found[list]].sort().join(' '), words);
  const { items: projects } = await there(upstream, '/projects?limit=100');
  const uris = projects.map(({ id }) => `tracker://projects/${encodeURIComponent(id)}`);
  same('resources', found.resources, uris.sort());

  const { items: tasks } = await there(upstream, `/tasks?project=${PROJECT}&state=todo&limit=4`);
  same('search_tasks', found.searched.data?.tasks.map(({ id }) => id), tasks.map(({ id }) => id));
  const made = await there(upstream, `/tasks/${found.created.data?.id}`);
  same('create_task', [made?.title, made?.due], [TITLE, '2026-06-01']);
  const [board] = found.read;
  same('read', [found.read.length, board.uri, board.mimeType], [1, STEPS.read, 'text/markdown']);
  if (!board.text.includes(TITLE)) wrong.push(`read: the board does not have ${TITLE}`);
  const embedded = found.prompt.map(({ content }) => content.resource).filter((resource) => resource);
  same('prompt', embedded, [{ uri: board.uri, mimeType: board.mimeType, text: board.text }]);
  same('completed', found.completed, [PROJECT]);
  if (found.deleted) {
    // Nobody can be asked without a connection that stays, or a question that is a result.
    const askable = transport === 'stdio' || era === 'modern';
    same('questions', found.questions.length, askable ? 1 : 0);
    same('delete_task', [found.deleted.isError, found.deleted.data?.deleted], askable ? [false, TASK] : [true, undefined]);
    same(`${TASK} at the tracker`, (await there(upstream, `/tasks/${TASK}`))?.id, askable ? undefined : TASK);
  }
  return wrong;
}

/** What a client did, in a sentence for the book. */
function spoken(found) {
  const lists = ['tools', 'resources', 'templates', 'prompts'].map((list) => `${found[list].length} ${list}`);
  return [
    `listed ${lists.join(', ')},`,
    `found ${found.searched.data.tasks.length} tasks with search_tasks, created ${found.created.data.id},`,
    `read the board, got ${STEPS.prompt[0]} with it, completed "${STEPS.complete[1]}" to ${found.completed.join(', ')}.`,
  ].join('\n');
}

/** What became of the deletion, for which a person has to be asked. */
function deletion(found) {
  if (!found.deleted) return '';
  return found.deleted.isError ? `nobody can be asked: ${TASK} stays` : `asked, and ${TASK} is gone`;
}

const shared = await issuer();
const visits = CLIENTS.flatMap((client) =>
  client.eras.flatMap((era) => ['stdio', 'HTTP'].map((transport) => ({ client, era, transport }))),
);

async function visit({ client, era, transport }, number) {
  const { upstream, way } = await surroundings(transport, shared);
  const found = await client.work({ ...STEPS, ...way, era }, join(scratch, `visit-${number}`));
  const wrong = await judged(found, { era, transport }, upstream);
  const who = `${client.name}, ${era} over ${transport}`;
  if (wrong.length) fail(`${who}:\n${wrong.join('\n')}`);
  const line = [client.name.padEnd(24), REVISIONS[era], transport.padEnd(6), deletion(found)].join('  ');
  return { line: line.trimEnd(), sentence: spoken(found) };
}

if (!existsSync(SERVER)) fail(`${SERVER} is not there: cargo build -p ch08-capstone-solution`);
// Two at a time: most of what they do is starting.
const told = [];
const waiting = visits.entries();
const worker = async () => {
  for (const [number, one] of waiting) told[number] = await visit(one, number);
};
await Promise.all([worker(), worker()]);
const [sentence, ...others] = new Set(told.map((one) => one.sentence));
if (others.length) fail(`not everybody has seen the same:\n${[sentence, ...others].join('\n')}`);
const text = `Each client\n${sentence}\n\n${told.map((one) => one.line).join('\n')}`;
console.log(text);
recording('strangers', text);
process.exit(0);

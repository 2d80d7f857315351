// Two replicas of the server of chapter 8 behind nginx, with the configuration that readers get: requests alternate, and
// a replica ends in the middle. What went over the wire is shown in the book.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { built, fail, issuer, limit, root, scratch, soon, start, tokenFor, tracker } from './processes.mjs';
import { exchange } from './recordings.mjs';
import { Conversation } from './strangers/conversation.mjs';

const SERVER = built('ch08-capstone-solution');
const CONFIGURATION = join(root, 'solutions/ch08-capstone/packaging/nginx.conf');
/** As they stand in the configuration: nginx, and the two replicas. */
const PORTS = ['8080', '8081', '8082'];

/** Ports that are free now, in place of those. */
async function freePorts() {
  const listeners = await Promise.all(
    PORTS.map(() => new Promise((found) => {
      const listener = createServer().listen(0, '127.0.0.1', () => found(listener));
    })),
  );
  const ports = listeners.map((listener) => String(listener.address().port));
  await Promise.all(listeners.map((listener) => new Promise((closed) => listener.close(closed))));
  return ports;
}

const [front, ...behind] = await freePorts();
const upstream = await tracker();
const authority = await issuer();
const resource = `http://127.0.0.1:${front}/mcp`;
const settings = {
  TRACKER_URL: upstream.url,
  TRACKER_TOKEN: upstream.token,
  ISSUER_URL: authority,
  RESOURCE_URL: resource,
  STATE_KEY: 'only-for-trying-things-out-0123456789',
  RUST_LOG: 'off',
};

/** One of the two places at which a replica runs. */
class Replica {
  constructor(port, name) {
    this.port = port;
    this.name = name;
  }

  async begin() {
    const env = { ...settings, MCP_LISTEN: `127.0.0.1:${this.port}` };
    const listening = (line) => /^listening on (\S+)/.exec(line)?.[1];
    this.process = await start(SERVER, ['http'], env, 'stderr', listening);
  }

  /** Ends it, and says so in the recording. */
  async end(signal, lines) {
    lines.push({ from: 'process', text: `${this.name} gets ${signal}` });
    const how = await this.process.end(signal);
    if (signal !== 'SIGTERM') return;
    same('how it has ended', how, 0);
    lines.push({ from: 'process', text: `${this.name} has ended with code 0` });
  }

  async again(lines) {
    await this.begin();
    lines.push({ from: 'process', text: `at ${this.name} another process has been started` });
  }
}

/** Asks the tracker as a colleague would. */
async function colleague(method, path, body, headers = {}) {
  const reply = await fetch(upstream.url + path, {
    method,
    headers: { authorization: `Bearer ${upstream.token}`, 'content-type': 'application/json', ...headers },
    body: body && JSON.stringify(body),
    ...soon(),
  });
  if (!reply.ok) fail(`the tracker answers ${method} ${path} with ${reply.status}: ${await reply.text()}`);
  const text = await reply.text();
  return text ? JSON.parse(text) : undefined;
}

/** Waits until `look` finds something. */
async function until(what, look) {
  for (const given_up = Date.now() + limit(10); Date.now() < given_up; await setTimeout(10)) {
    const found = await look();
    if (found) return found;
  }
  return fail(`waited in vain for ${what}`);
}

const [first, second] = behind.map((port, index) => new Replica(port, `127.0.0.1:${PORTS[index + 1]}`));
await Promise.all([first.begin(), second.begin()]);
const folder = join(scratch, 'nginx');
mkdirSync(folder);
let text = readFileSync(CONFIGURATION, 'utf8');
[front, ...behind].forEach((port, index) => (text = text.replaceAll(`127.0.0.1:${PORTS[index]}`, `127.0.0.1:${port}`)));
writeFileSync(join(folder, 'nginx.conf'), text);
const worker = (line) => /start worker process \d+/.exec(line)?.[0];
const words = ['-p', folder, '-c', join(folder, 'nginx.conf')];
const nginx = await start('nginx', words, process.env, 'stderr', worker, { group: true });

const token = await tokenFor(resource, authority);
const replaced = [
  [token, '<token>'],
  ...[front, ...behind].map((port, index) => [`127.0.0.1:${port}`, `127.0.0.1:${PORTS[index]}`]),
  ['ch08-capstone-solution', 'ch08-capstone'],
  // The version of whoever stands in front belongs to another machine.
  [/nginx\/[\d.]+/g, 'nginx'],
  [/"requestState":"[^"]+"/g, '"requestState":"<state>"'],
  [/"plan":"[^"]+"/g, '"plan":"<plan>"'],
  [/\\"plan\\":\\"[^"]+\\"/g, '\\"plan\\":\\"<plan>\\"'],
  [/ursor":"[^"]+"/g, 'ursor":"<cursor>"'],
  [/ursor\\":\\"[^"]+\\"/g, 'ursor\\":\\"<cursor>\\"'],
];
const client = () => new Conversation(resource, token);
const tool = (name, args, more = {}) => ['tools/call', { name, arguments: args, ...more }];
const data = (reply) => reply.message?.result?.structuredContent ?? fail(`no result: ${JSON.stringify(reply)}`);
const same = (what, got, expected) => {
  if (JSON.stringify(got) !== JSON.stringify(expected)) fail(`${what}: ${JSON.stringify(got)}, not ${JSON.stringify(expected)}`);
};
const address = ({ port }) => `127.0.0.1:${port}`;
const by = (reply, ...replicas) => same('who has answered', reply.replica, replicas.map(address).join(', '));

/** The second page of one replica's list is read from the other. */
async function alternate() {
  const ada = client();
  const filter = { project: 'ATLAS', state: 'doing' };
  const page = await ada.ask(...tool('search_tasks', { filter, limit: 1 }));
  by(page, first);
  const next = await ada.ask(...tool('search_tasks', { filter, limit: 1, cursor: data(page).next_cursor }));
  by(next, second);
  if (data(next).tasks[0].id === data(page).tasks[0].id) fail('the second page is the first one');
  exchange('ch08-capstone', 'alternate', ada.lines, replaced);
}

/** A plan outlives both processes. */
async function plan() {
  const ada = client();
  for (const title of ['One', 'Two']) await colleague('POST', '/tasks', { project: 'EMBER', title });
  const planned = await ada.ask(...tool('plan_milestones', { project: 'EMBER', first_due: '2026-06-01', count: 1 }));
  const both = [first, second];
  for (const replica of both) await replica.end('SIGTERM', ada.lines);
  for (const replica of both) await replica.again(ada.lines);
  const applied = data(await ada.ask(...tool('apply_plan', { plan: data(planned).plan })));
  same('the plan', [applied.changed.length > 0, applied.conflicts], [true, []]);
  exchange('ch08-capstone', 'plan', ada.lines, replaced);
}

/** The process that has asked is gone when the user answers. */
async function confirmation() {
  const ada = client();
  const deletion = { task: 'ATLAS-5' };
  const asked = await ada.ask(...tool('delete_task', deletion));
  by(asked, first);
  await first.end('SIGTERM', ada.lines);
  const { requestState } = asked.message.result;
  const inputResponses = { confirm: { action: 'accept', content: { sure: true } } };
  const answered = await ada.ask(...tool('delete_task', deletion, { requestState, inputResponses }));
  by(answered, second);
  same('deleted', data(answered).deleted, 'ATLAS-5');
  // Now it would be the turn of the first one.
  const other = await ada.ask(...tool('delete_task', { task: 'NOWHERE-1' }));
  by(other, first, second);
  await first.again(ada.lines);
  exchange('ch08-capstone', 'confirmation', ada.lines, replaced);
}

/** A subscription ends with its process, and the client listens again. */
async function subscription() {
  const ada = client();
  const board = 'tracker://projects/ATLAS/board';
  const wanted = { notifications: { resourceSubscriptions: [board] } };
  const turn = async (task, to) => {
    ada.lines.push({ from: 'tracker', text: `${task} is ${to} now` });
    await colleague('POST', `/tasks/${task}/transitions`, { to });
  };
  const updated = ({ method }) => method === 'notifications/resources/updated';
  const before = await ada.listen('subscriptions/listen', wanted);
  await before.heard(({ method }) => method === 'notifications/subscriptions/acknowledged');
  // Its server has to have its place in the feed: told as soon as it has asked for what comes next.
  await setTimeout(limit(0.2));
  await turn('ATLAS-1', 'doing');
  await before.heard(updated);
  const gone = [first, second].find((replica) => address(replica) === before.replica);
  const over = before.heard(({ result }) => result);
  await gone.end('SIGTERM', ada.lines);
  await over;
  const after = await ada.listen('subscriptions/listen', wanted);
  await after.heard(({ method }) => method === 'notifications/subscriptions/acknowledged');
  await setTimeout(limit(0.2));
  await turn('ATLAS-1', 'todo');
  await after.heard(updated);
  after.close();
  await gone.again(ada.lines);
  exchange('ch08-capstone', 'subscription', ada.lines, replaced);
}

/** An import whose process is told to end is stopped, and the tracker knows how far it came. */
async function imported() {
  const ada = client();
  const before = await ada.listen(...tool('import_tasks', { project: 'DELTA', rows: 40000 }, { _meta: { progressToken: 1 } }));
  await before.heard(({ params }) => params?.progress > 0);
  const gone = [first, second].find((replica) => address(replica) === before.replica);
  const over = before.heard(({ result, error }) => result ?? error);
  await gone.end('SIGTERM', ada.lines);
  const { result } = await over;
  same('isError', result?.isError, true);
  const state = await until('the end of the import', async () => {
    const now = await colleague('GET', '/imports/imp-1');
    return now.state !== 'running' && now;
  });
  same('the import', state.state, 'cancelled');
  ada.lines.push({ from: 'tracker', text: `imp-1 is ${state.state}, after ${state.done} of ${state.total} rows` });
  await gone.again(ada.lines);
  const rows = [...replaced, [/"progress":[1-9]\d*(\.\d+)?/g, '"progress":"<rows>"'], [/[1-9]\d* of 40000 rows/g, '<rows> of 40000 rows']];
  exchange('ch08-capstone', 'import', ada.lines, rows);
}

/** Nobody can stop an import whose process is killed: it goes on where it is kept. */
async function orphan() {
  const ada = client();
  const begun = await ada.listen(...tool('import_tasks', { project: 'DELTA', rows: 500 }, { _meta: { progressToken: 1 } }));
  await begun.heard(({ params }) => params?.progress === 0);
  const gone = [first, second].find((replica) => address(replica) === begun.replica);
  await gone.end('SIGKILL', ada.lines);
  await begun.broken;
  ada.lines.push({ from: 'process', text: 'nginx breaks off the stream of the reply' });
  const state = await until('the end of the import', async () => {
    const now = await colleague('GET', '/imports/imp-2');
    return now.state !== 'running' && now;
  });
  ada.lines.push({ from: 'tracker', text: `imp-2 is ${state.state}, after ${state.done} of ${state.total} rows` });
  await gone.again(ada.lines);
  exchange('ch08-capstone', 'orphan', ada.lines, replaced);
}

/** A process that is killed with a call in flight: sent again with the same key, it makes nothing more. */
async function killed() {
  const ada = client();
  const title = 'Made once';
  const creation = tool('create_task', { project: 'CEDAR', title, request_key: 'nightly-0504' });
  const there = async () => (await colleague('GET', '/tasks?project=CEDAR&text=Made%20once')).items;
  // Made at once, and told late.
  await colleague('POST', '/admin/faults', { route: 'POST /tasks', effect: 'late-reply', millis: limit(1.5) });
  // Whoever has not answered now is the next.
  const { replica } = await client().ask('tools/list', {});
  const busy = [first, second].find((one) => address(one) !== replica);
  const lost = ada.ask(...creation);
  await until('the task', async () => (await there()).length);
  await busy.end('SIGKILL', ada.lines);
  same('status', (await lost).status, 502);
  const again = await ada.ask(...creation);
  const made = await there();
  same('tasks', made.map(({ id }) => id), [data(again).id]);
  ada.lines.push({ from: 'tracker', text: `there is ${made.length} task "${title}"` });
  await busy.again(ada.lines);
  exchange('ch08-capstone', 'killed', ada.lines, replaced);
}

for (const [what, scene] of Object.entries({ alternate, plan, confirmation, subscription, import: imported, orphan, killed })) {
  await scene();
  console.log(`two replicas behind nginx: ${what}`);
}
await nginx.end('SIGTERM');
process.exit(0);

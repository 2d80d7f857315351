// The installed server, started by a real client from each of the configurations that it prints.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fail, run, scratch, tool, tools, tracker } from './processes.mjs';
import { recording } from './recordings.mjs';

const INSPECTOR = '@modelcontextprotocol/inspector/clients/launcher/build/index.js';
const TOOLS = ['create_task', 'get_task', 'list_tasks'];

/** A file as the client would read it: with values in the place of its variables, each client in its own way. */
function filledIn(client, text, token) {
  const forms = {
    'claude-desktop': [],
    'claude-code': ['${TRACKER_TOKEN}'],
    vscode: ['${input:tracker-token}'],
    cursor: ['${env:TRACKER_TOKEN}'],
  };
  const filled = forms[client].reduce((text, form) => text.replaceAll(form, token), text);
  const { mcpServers, servers } = JSON.parse(filled);
  return client === 'vscode' ? servers : mcpServers;
}

/** Has the Inspector start the server that the file names, and do one thing. */
async function inspect(file, words) {
  const args = ['--cli', '--config', file, '--server', 'tracker', '--format', 'json', '-q'];
  return tool(INSPECTOR, [...args, ...words], { cwd: empty });
}

const { url, token } = await tracker();
const program = join(tools, 'installed/bin/ch07-tested-and-deployed-solution');
// The server is started in an empty folder, and its client knows no variable of this shell.
const empty = join(scratch, 'empty');
mkdirSync(empty);
const tokenFile = join(scratch, 'token');
writeFileSync(tokenFile, `${token}\n`, { mode: 0o600 });
const env = { HOME: scratch, TRACKER_URL: url, TRACKER_TOKEN: token, TRACKER_TOKEN_FILE: tokenFile };
const replaced = [
  [program, '/home/me/.cargo/bin/tracker-mcp'],
  [tokenFile, '/home/me/.tracker-token'],
  [url, 'http://127.0.0.1:8089'],
];

for (const client of ['claude-desktop', 'claude-code', 'vscode', 'cursor']) {
  const printed = await run(program, ['print-config', client], { env, cwd: empty });
  if (printed.code !== 0 || printed.stdout.includes(token)) fail(`print-config ${client}:\n${printed.both}`);
  recording(`print-config-${client}`, `${printed.stdout}${printed.stderr}`, replaced);
  const file = join(scratch, `${client}.json`);
  writeFileSync(file, JSON.stringify({ mcpServers: filledIn(client, printed.stdout, token) }));

  for (const era of ['legacy', 'modern']) {
    const listed = await inspect(file, ['--protocol-era', era, '--method', 'tools/list']);
    if (listed.code !== 0) fail(`${client}, ${era}: ${listed.both}`);
    const names = JSON.parse(listed.stdout).result.tools.map((tool) => tool.name).sort();
    if (names.join() !== TOOLS.join()) fail(`${client}, ${era}: the tools are ${names}`);
  }
  const call = ['--method', 'tools/call', '--tool-name', 'list_tasks', '--tool-arg', 'project=ATLAS'];
  const called = await inspect(file, call);
  if (called.code !== 0) fail(`${client}: ${called.both}`);
  const { tasks } = JSON.parse(called.stdout).result.structuredContent;
  if (!tasks.some((task) => task.id === 'ATLAS-1')) fail(`${client}: ATLAS-1 is not among ${called.stdout}`);
  console.log(`${client}: the Inspector has started it in both eras, and called list_tasks: ${tasks.length} tasks`);
}

// A file that nobody has filled in: the server says so, and does not start.
const unfilled = join(scratch, 'unfilled.json');
const { stdout } = await run(program, ['print-config', 'claude-code'], { env, cwd: empty });
writeFileSync(unfilled, stdout);
const args = ['--cli', '--config', unfilled, '--server', 'tracker', '--method', 'tools/list'];
const refused = await tool(INSPECTOR, args, { cwd: empty });
const sentence = /^TRACKER_TOKEN holds.*$/m.exec(refused.both)?.[0];
if (refused.code === 0 || !sentence) fail(`a variable that nobody has replaced was taken:\n${refused.both}`);
recording('placeholder', sentence);
process.exit(0);

// The Inspector as a client: `--cli` starts anew for each request; completion is what only its second command line has,
// `mcpdo`, which leaves a process behind that keeps the connection. It is ended here.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { fail, limit, tool } from '../processes.mjs';

const CLI = '@modelcontextprotocol/inspector/clients/launcher/build/index.js';
const MCPDO = '@modelcontextprotocol/inspector/clients/mcpdo/build/mcp-bin.js';
const NAME = 'tracker';

/** A file that names the server, as every host has one. */
function configuration(job, folder) {
  const http = job.http && { type: 'streamable-http', url: job.http.url, headers: { Authorization: `Bearer ${job.http.token}` } };
  const file = join(folder, 'servers.json');
  writeFileSync(file, JSON.stringify({ mcpServers: { [NAME]: job.stdio ?? http } }));
  return file;
}

async function complete(job, file, folder) {
  const env = { MCP_INSPECTOR_DAEMON_DIR: folder, MCP_INSPECTOR_DAEMON_TOKEN: 'only-for-this-run-0123456789abcdef' };
  const mcpdo = async (...words) => {
    const said = await tool(MCPDO, ['--format', 'json', ...words], { env });
    if (said.code !== 0) fail(`mcpdo ${words.join(' ')}\n${said.both}`);
    return said.stdout;
  };
  const lock = join(folder, 'mcpdod.lock');
  // Started by the first command, and no child of this process: whatever happens, it ends with this one.
  process.prependListener('exit', () => endOf(lock));
  await mcpdo('--config', file, 'connect', NAME, '--era', job.era);
  const [[prompt], [argument, value]] = [job.prompt, job.complete];
  const which = ['--complete-ref-type', 'ref/prompt', '--complete-ref', prompt];
  const what = ['--complete-arg-name', argument, '--complete-arg-value', value];
  const said = JSON.parse(await mcpdo('--connection', NAME, 'prompts/complete', ...which, ...what));
  await mcpdo('daemon', 'stop');
  for (const given_up = Date.now() + limit(10); existsSync(lock); await setTimeout(50)) {
    if (Date.now() > given_up) fail('mcpdo goes on after `daemon stop`');
  }
  return said;
}

/** Ends the process whose number stands in the file, if there is one. */
function endOf(lock) {
  try {
    const holder = Number.parseInt(readFileSync(lock, 'utf8'), 10);
    if (holder > 1) process.kill(holder, 'SIGKILL');
  } catch {
    // It has ended, or never begun.
  }
}

/** Does everything in a job but deleting: the Inspector waits for a person there. */
export async function inspector(job, folder) {
  mkdirSync(folder, { mode: 0o700 });
  const file = configuration(job, folder);
  const ask = async (method, ...words) => {
    const args = ['--cli', '--config', file, '--server', NAME, '--protocol-era', job.era, '--format', 'json', '-q'];
    const said = await tool(CLI, [...args, '--method', method, ...words]);
    if (said.code !== 0) fail(`the Inspector, ${method} ${words.join(' ')}\n${said.both}`);
    return JSON.parse(said.stdout).result;
  };
  const call = async ([name, args]) => {
    const { isError, structuredContent } = await ask('tools/call', '--tool-name', name, '--tool-args-json', JSON.stringify(args));
    return { isError: isError ?? false, data: structuredContent };
  };
  const begun = await ask('initialize');
  const pairs = Object.entries(job.prompt[1]).map((pair) => pair.join('='));
  return {
    server: begun.serverInfo,
    revision: begun.protocolVersion,
    tools: (await ask('tools/list')).tools.map((one) => one.name),
    resources: (await ask('resources/list')).resources.map((one) => one.uri),
    templates: (await ask('resources/templates/list')).resourceTemplates.map((one) => one.uriTemplate),
    prompts: (await ask('prompts/list')).prompts.map((one) => one.name),
    searched: await call(job.search),
    created: await call(job.create),
    read: (await ask('resources/read', '--uri', job.read)).contents,
    prompt: (await ask('prompts/get', '--prompt-name', job.prompt[0], '--prompt-args', ...pairs)).messages,
    completed: (await complete(job, file, join(folder, 'mcpdo'))).values,
  };
}

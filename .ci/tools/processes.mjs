// Programs that the tools talk to: started here, and ended with this process whatever happens.
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

/** The checkout. */
export const root = resolve(import.meta.dirname, '../..');

/** Where `npm ci` has put the tools. */
export const tools = process.env.TOOLS ?? fail('TOOLS must name the folder with node_modules');

/** A folder for this run alone, removed at its end. */
export const scratch = mkdtempSync(join(tmpdir(), 'real-tools-'));

/** So many seconds, in milliseconds. Shared machines are slow at times: their limits are multiplied. */
export const limit = (seconds) => seconds * 1000 * Number(process.env.WORKBOOK_TIME_FACTOR ?? 1);

const running = new Set();

process.on('exit', () => {
  for (const child of running) kill(child, 'SIGKILL');
  rmSync(scratch, { recursive: true, force: true });
});
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => process.exit(1));

/** Sends a signal to a program, and to those that it has started if it has a group of its own. */
function kill(child, signal) {
  try {
    process.kill(child.group ? -child.pid : child.pid, signal);
  } catch {
    // It has ended.
  }
}

/** Ends with a sentence that says what is wrong. */
export function fail(problem) {
  console.error(`\n${problem}`);
  process.exit(1);
}

/** A program of the workbook, built before. */
export function built(name) {
  return join(root, 'target/debug', name);
}

/** Starts a program that serves, and waits for the line of `stream` from which `ready` takes something. */
export async function serve(program, args, env, stream, ready) {
  return (await start(program, args, env, stream, ready)).value;
}

/**
 * The same for one that is ended before everything else: `end(signal)` says how it has ended. With `group`, what it starts
 * itself ends with it.
 */
export function start(program, args, env, stream, ready, { group = false } = {}) {
  return new Promise((found) => {
    let wanted = false;
    const child = Object.assign(spawn(program, args, { env, stdio: 'pipe', detached: group }), { group });
    running.add(child);
    const words = [];
    const give_up = (what) => fail(`${program} ${args.join(' ')} ${what}\n${words.join('\n')}`);
    const timer = setTimeout(() => give_up('has not started in time'), limit(10));
    child.on('error', (error) => give_up(`cannot be started: ${error.message}`));
    const ended = new Promise((told) => child.on('exit', (code, signal) => told(signal ?? code)));
    child.on('exit', () => running.delete(child) && !wanted && give_up('has ended'));
    const end = (signal) => {
      wanted = true;
      const late = setTimeout(() => give_up(`has not ended after ${signal}`), limit(10));
      kill(child, signal);
      return ended.finally(() => clearTimeout(late));
    };
    for (const output of ['stdout', 'stderr']) {
      createInterface(child[output]).on('line', (line) => {
        words.push(line);
        const value = output === stream ? ready(line) : undefined;
        if (value === undefined) return;
        clearTimeout(timer);
        found({ value, end });
      });
    }
  });
}

/** Runs a program to its end, at most `seconds` long: its exit code, and what it wrote. */
export function run(program, args, { env = process.env, cwd = scratch, seconds = 30, input = '' } = {}) {
  return new Promise((ended) => {
    const child = spawn(program, args, { env, cwd, stdio: 'pipe' });
    // A program that has ended reads nothing.
    child.stdin.on('error', () => {}).end(input);
    running.add(child);
    const result = { stdout: '', stderr: '', both: '' };
    for (const output of ['stdout', 'stderr']) {
      child[output].setEncoding('utf8').on('data', (text) => {
        result[output] += text;
        result.both += text;
      });
    }
    const timer = setTimeout(() => child.kill('SIGKILL'), limit(seconds));
    child.on('error', (error) => fail(`${program} cannot be started: ${error.message}`));
    child.on('close', (code, signal) => {
      running.delete(child);
      clearTimeout(timer);
      ended({ ...result, code: signal ?? code });
    });
  });
}

/** Runs one of the tools, with the Node that this script runs with and a home that holds nothing. */
export function tool(script, args, options = {}) {
  const env = { PATH: process.env.PATH, HOME: scratch, NO_COLOR: '1', ...options.env };
  return run(process.execPath, [join(tools, 'node_modules', script), ...args], { ...options, env });
}

/** A tracker of this run's own. */
export function tracker() {
  const url = (line) => JSON.parse(line);
  return serve(built('checker'), ['tracker', '--port', '0'], process.env, 'stdout', url);
}

/** An authorization server of this run's own. */
export function issuer() {
  const url = (line) => JSON.parse(line).url;
  return serve(built('checker'), ['issuer', '--port', '0'], process.env, 'stdout', url);
}

/** Every scope of the server that is tried. */
const SCOPES = 'tracker:read tracker:write tracker:admin';

/** A token of that issuer for the server at `resource`. It is good for 15 minutes. */
export async function tokenFor(resource, issuer) {
  const metadata = await fetch(`${issuer}/.well-known/oauth-authorization-server`, soon());
  // Registered with every issuer of the workbook.
  const client = Buffer.from('nightly-report:nightly-report-dev-secret').toString('base64');
  const reply = await fetch((await metadata.json()).token_endpoint, {
    method: 'POST',
    headers: { authorization: `Basic ${client}` },
    body: new URLSearchParams({ grant_type: 'client_credentials', scope: SCOPES, resource }),
    ...soon(),
  });
  const text = await reply.text();
  if (!reply.ok) fail(`the issuer gives no token for ${resource}: ${text}`);
  return JSON.parse(text).access_token;
}

/** What a request to a service on this machine may take. */
export const soon = () => ({ signal: AbortSignal.timeout(limit(10)) });

/** What a server over HTTP says once it can be reached. */
export const listening = (line) => /^listening on (\S+)/.exec(line)?.[1];

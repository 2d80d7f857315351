// The official conformance suite against the solutions that serve HTTP, in both revisions of the protocol.
// What they are not meant to pass is listed in packaging/conformance.yml of chapter 7, and in conformance/ for a
// single chapter, with a reason for each entry.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { built, fail, issuer, listening, root, scratch, serve, tokenFor, tool, tracker } from './processes.mjs';
import { recording } from './recordings.mjs';
import { withToken } from './with-token.mjs';

const SUITE = '@modelcontextprotocol/conformance/dist/index.js';
const REVISIONS = ['2025-11-25', '2026-07-28'];

/** What every server here is told. The suite is faster than any caller that the limits are made for. */
async function environment() {
  const { url, token } = await tracker();
  const limits = { RATE_LIMIT: '100000', CONCURRENCY_LIMIT: '1000' };
  return { MCP_LISTEN: '127.0.0.1:0', TRACKER_URL: url, TRACKER_TOKEN: token, ...limits };
}

/** Chapter 6 wants a token. */
async function secured() {
  const token = 't0k3n-of-ada';
  const onward = {};
  const proxy = await withToken(() => token, onward);
  const caller = { token, sub: 'ada', scope: 'tracker:read tracker:write tracker:admin' };
  const env = await environment();
  env.STATIC_TOKENS = JSON.stringify([caller]);
  // A page on the server's own address is a web page, too: it has to be named.
  env.ALLOWED_ORIGINS = proxy;
  onward.url = await serve(built('ch06-secured-solution'), ['http'], env, 'stderr', listening);
  return `${proxy}/mcp`;
}

/** Chapter 7 serves programs on the same machine. */
async function deployed() {
  const program = built('ch07-tested-and-deployed-solution');
  return serve(program, ['http'], await environment(), 'stderr', listening);
}

/** Chapter 8 wants a token, too, and of an issuer. */
async function capstone() {
  const onward = {};
  const env = await environment();
  env.ISSUER_URL = await issuer();
  const bearer = {};
  const proxy = await withToken(() => bearer.token, onward);
  env.ALLOWED_ORIGINS = proxy;
  onward.url = await serve(built('ch08-capstone-solution'), ['http'], env, 'stderr', listening);
  bearer.token = await tokenFor(onward.url, env.ISSUER_URL);
  return `${proxy}/mcp`;
}

/** What fails in every chapter, and what fails in this one. */
function expectedFailures(chapter) {
  const everywhere = join(root, 'solutions/ch07-tested-and-deployed/packaging/conformance.yml');
  const files = [everywhere, join(import.meta.dirname, 'conformance', `${chapter}.yml`)];
  const baseline = join(scratch, `${chapter}.yml`);
  writeFileSync(baseline, files.filter((file) => existsSync(file)).map((file) => readFileSync(file)).join(''));
  return baseline;
}

/** What the book shows of a summary: what passes, and the end. */
function withoutFixtures(summary) {
  const told = summary.split('\n').map((line) => (/^ +~|^✗/.test(line) ? '…' : line));
  return told.filter((line, index) => line !== '…' || told[index - 1] !== '…').join('\n');
}

async function conforms(chapter, url) {
  const baseline = expectedFailures(chapter);
  for (const revision of REVISIONS) {
    const args = ['server', '--url', url, '--suite', 'all', '--spec-version', revision];
    const { code, both } = await tool(SUITE, [...args, '--expected-failures', baseline], { seconds: 60 });
    const summary = both.slice(both.indexOf('=== SUMMARY ==='));
    if (code !== 0) fail(`${summary}\n${chapter} does not do what revision ${revision} asks for: ${code}`);
    console.log(`${chapter}, revision ${revision}: ${/Total: .*/.exec(summary)}`);
    if (chapter === 'ch07' && revision === '2026-07-28') recording('conformance', withoutFixtures(summary));
  }
}

const servers = { ch06: secured, ch07: deployed, ch08: capstone };
for (const chapter of process.argv.slice(2)) await conforms(chapter, await servers[chapter]());
process.exit(0);

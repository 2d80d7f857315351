// The workflow that readers copy: what its jobs `clients` and `release` do with other people's programs is done here.
import { spawn } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { fail, limit, root, scratch, tools } from './processes.mjs';

const { parse } = await import(pathToFileURL(join(tools, 'node_modules/yaml/dist/index.js')));
const crate = join(root, 'solutions/ch07-tested-and-deployed');
const workflow = parse(readFileSync(join(crate, 'packaging/ci.yml'), 'utf8'));

// The versions that readers get are the ones that are tried here.
const pinned = JSON.parse(readFileSync(join(import.meta.dirname, 'package.json'), 'utf8')).dependencies;
for (const name of ['INSPECTOR', 'CONFORMANCE', 'MCPB']) {
  const [, tool, version] = /^(.+)@([^@]+)$/.exec(workflow.env[name]);
  if (pinned[tool] !== version) fail(`packaging/ci.yml says ${workflow.env[name]}, .ci/tools/package.json ${pinned[tool]}`);
}

// A repository as a reader would have it, with what was built before in place of what its own steps would build.
const folder = join(scratch, 'repository');
mkdirSync(join(folder, 'target'), { recursive: true });
cpSync(join(crate, 'packaging'), join(folder, 'packaging'), { recursive: true });
for (const profile of ['debug', 'release']) symlinkSync(join(root, 'target/debug'), join(folder, 'target', profile));

// In place of npx: the same tools, which are here already.
const bin = join(scratch, 'bin');
mkdirSync(bin);
const names = { [workflow.env.INSPECTOR]: 'mcp-inspector', [workflow.env.CONFORMANCE]: 'conformance', [workflow.env.MCPB]: 'mcpb' };
const cases = Object.entries(names).map(([spec, name]) => `'${spec}') program=${name};;`);
const shim = `#!/bin/sh\ncase "$2" in\n${cases.join('\n')}\nesac\nshift 2\nexec "${tools}/node_modules/.bin/$program" "$@"\n`;
writeFileSync(join(bin, 'npx'), shim, { mode: 0o755 });

/** A port that is free now: 8080 may be somebody else's. */
function freePort() {
  return new Promise((found) => {
    const listener = createServer().listen(0, '127.0.0.1', () => {
      const { port } = listener.address();
      listener.close(() => found(String(port)));
    });
  });
}

/** Runs a step as a runner would, and ends with everything that it has left running. */
function step(words, env) {
  return new Promise((ended) => {
    const child = spawn('bash', ['-eo', 'pipefail', '-c', words], { cwd: folder, env, detached: true });
    const group = (signal) => {
      try {
        process.kill(-child.pid, signal);
      } catch {
        // Nobody is left.
      }
    };
    let said = '';
    for (const output of [child.stdout, child.stderr]) output.setEncoding('utf8').on('data', (text) => (said += text));
    const timer = setTimeout(() => group('SIGKILL'), limit(60));
    process.on('exit', () => group('SIGKILL'));
    child.on('exit', (code, signal) => {
      clearTimeout(timer);
      group('SIGKILL');
      ended({ code: signal ?? code, said });
    });
  });
}

const port = await freePort();
const env = {
  PATH: `${bin}:${process.env.PATH}`,
  HOME: scratch,
  NO_COLOR: '1',
  MCP_LISTEN: `127.0.0.1:${port}`,
  GITHUB_REF_NAME: 'v0.1.0',
  ...workflow.env,
};
for (const job of ['clients', 'release']) {
  for (const { name, run } of workflow.jobs[job].steps) {
    // What has no name builds, or speaks to the forge.
    if (!name) continue;
    const { code, said } = await step(run.replaceAll('8080', port), env);
    if (code !== 0) fail(`${said}\npackaging/ci.yml, ${job}: "${name}" has ended with ${code}`);
    console.log(`${job}: ${name}`);
  }
}
process.exit(0);

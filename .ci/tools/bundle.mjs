// The MCPB bundle: validated, packed and unpacked by its own tool; what comes out is started by a real client.
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { built, fail, root, scratch, tool, tracker } from './processes.mjs';
import { recording } from './recordings.mjs';

const INSPECTOR = '@modelcontextprotocol/inspector/clients/launcher/build/index.js';
const MCPB = '@anthropic-ai/mcpb/dist/cli/cli.js';
const packaging = join(root, 'solutions/ch07-tested-and-deployed/packaging');

async function mcpb(...args) {
  const { code, both } = await tool(MCPB, args, { seconds: 60 });
  if (code !== 0) fail(`mcpb ${args.join(' ')}\n${both}`);
  return both;
}

const folder = join(scratch, 'bundle');
const manifest = JSON.parse(readFileSync(join(packaging, 'manifest.json'), 'utf8'));
mkdirSync(join(folder, 'server'), { recursive: true });
copyFileSync(join(packaging, 'manifest.json'), join(folder, 'manifest.json'));
copyFileSync(built('ch07-tested-and-deployed-solution'), join(folder, manifest.server.entry_point));

const bundle = join(scratch, 'tracker-mcp.mcpb');
const validated = await mcpb('validate', join(folder, 'manifest.json'));
const packed = await mcpb('pack', folder, bundle);
recording('mcpb', `$ mcpb validate manifest.json\n${validated}\n$ mcpb pack . tracker-mcp.mcpb\n${packed}`, [
  [`${scratch}/`, ''],
  [/[\d.]+ ?[kM]B/g, '… MB'],
  [/shasum: [0-9a-f]+/g, 'shasum: …'],
]);

// A host unpacks the bundle, asks its user for what `user_config` names, and starts the server.
const unpacked = join(scratch, 'unpacked');
await mcpb('unpack', bundle, unpacked);
const { url, token } = await tracker();
const values = { __dirname: unpacked, 'user_config.tracker_url': url, 'user_config.tracker_token': token };
const started = JSON.stringify(manifest.server.mcp_config).replaceAll(/\$\{([^}]+)\}/g, (whole, name) => values[name] ?? whole);
const file = join(scratch, 'host.json');
writeFileSync(file, JSON.stringify({ mcpServers: { tracker: JSON.parse(started) } }));
const call = ['--method', 'tools/call', '--tool-name', 'list_tasks', '--tool-arg', 'project=ATLAS'];
const called = await tool(INSPECTOR, ['--cli', '--config', file, '--server', 'tracker', '--format', 'json', '-q', ...call]);
if (called.code !== 0) fail(`the server of the bundle: ${called.both}`);
console.log('mcpb has validated and packed the bundle; the Inspector has started its server and called list_tasks');

// What the manifest says about the tools is what the server has.
const listed = await tool(INSPECTOR, ['--cli', '--config', file, '--server', 'tracker', '--format', 'json', '-q', '--method', 'tools/list']);
const names = (tools) => tools.map((tool) => tool.name).sort().join();
if (names(JSON.parse(listed.stdout).result.tools) !== names(manifest.tools)) fail('the manifest names other tools than the server');
process.exit(0);

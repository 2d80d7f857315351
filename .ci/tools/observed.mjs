// What the server's log says about a call that belongs to a trace.
import { built, fail, run, tracker } from './processes.mjs';
import { recording } from './recordings.mjs';

const TRACE = '0af7651916cd43dd8448eb211c80319c';
const UUID = /[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g;

const _meta = {
  'io.modelcontextprotocol/protocolVersion': '2026-07-28',
  'io.modelcontextprotocol/clientInfo': { name: 'observed', version: '0.1.0' },
  'io.modelcontextprotocol/clientCapabilities': {},
  traceparent: `00-${TRACE}-b7ad6b7169203331-01`,
};
const params = { name: 'get_task', arguments: { task: 'ATLAS-1' }, _meta };
const input = `${JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/call', params })}\n`;

const { url, token } = await tracker();
const env = { TRACKER_URL: url, TRACKER_TOKEN: token, RUST_LOG: 'off,ch07_tested_and_deployed_solution=info' };
const { code, stderr } = await run(built('ch07-tested-and-deployed-solution'), [], { env, input });
if (code !== 0 || !stderr.includes(TRACE)) fail(`the log of a traced call, and exit code ${code}:\n${stderr}`);
recording('traced-log', stderr, [
  ['ch07_tested_and_deployed_solution', 'ch07_tested_and_deployed'],
  [/^\S+Z /gm, '<time> '],
  [UUID, '<request>'],
  [/millis=\d+/g, 'millis=…'],
]);
console.log('the log of a call names its trace');
process.exit(0);

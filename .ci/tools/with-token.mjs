// A proxy on loopback that adds a token to every request: the conformance suite has no option for a header.
// It changes nothing else, so that `Host` and `Origin` arrive as they were sent.
//
//     node with-token.mjs http://127.0.0.1:PORT TOKEN
//
// It prints its own address, and ends when its standard input does.
import { createServer, request } from 'node:http';

const [server, token] = process.argv.slice(2);
const { hostname, port } = new URL(server);

const proxy = createServer((asked, answered) => {
  const headers = { ...asked.headers, authorization: `Bearer ${token}` };
  const { method, url: path } = asked;
  const onward = request({ hostname, port, method, path, headers, setHost: false }, (reply) => {
    answered.writeHead(reply.statusCode, reply.headers);
    // The head of a stream goes out before its first event.
    answered.flushHeaders();
    reply.pipe(answered);
  });
  onward.on('error', () => answered.destroy());
  // Whoever hangs up here hangs up there, too: the end of a stream is how a subscription ends.
  answered.on('close', () => onward.destroy());
  asked.pipe(onward);
});

proxy.listen(0, '127.0.0.1', () => console.log(`http://127.0.0.1:${proxy.address().port}`));
process.stdin.on('close', () => process.exit()).resume();

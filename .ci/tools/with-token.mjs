// A proxy on loopback that adds a token to every request: the conformance suite has no option for a header.
// It changes nothing else, so that `Host` and `Origin` arrive as they were sent.
import { createServer, request } from 'node:http';

/**
 * Listens; `onward.url` says where the server is as soon as that is known, `token()` what is shown there. Resolves to
 * the address of the proxy.
 */
export function withToken(token, onward) {
  const proxy = createServer((asked, answered) => {
    const headers = { ...asked.headers, authorization: `Bearer ${token()}` };
    const { hostname, port } = new URL(onward.url);
    const options = { hostname, port, method: asked.method, path: asked.url, headers };
    const sent = request(options, (reply) => {
      answered.writeHead(reply.statusCode, reply.headers);
      // The head of a stream goes out before its first event.
      answered.flushHeaders();
      reply.pipe(answered);
    });
    sent.on('error', () => answered.destroy());
    // Whoever hangs up here hangs up there, too: that is how a subscription ends.
    answered.on('close', () => sent.destroy());
    asked.pipe(sent);
  });
  return new Promise((ready) => {
    proxy.listen(0, '127.0.0.1', () => ready(`http://127.0.0.1:${proxy.address().port}`));
    proxy.unref();
  });
}

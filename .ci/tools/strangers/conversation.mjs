// A client that keeps what went over the wire. It knows the modern era alone, and nothing of what it says.
import { request } from 'node:http';
import { fail, limit } from '../processes.mjs';

const REVISION = '2026-07-28';
/** Headers of replies that say nothing about the server, or differ from machine to machine. */
const LEFT_OUT = ['connection', 'content-length', 'date', 'server', 'transfer-encoding', 'keep-alive'];
const META = {
  'io.modelcontextprotocol/protocolVersion': REVISION,
  'io.modelcontextprotocol/clientCapabilities': { elicitation: {} },
  'io.modelcontextprotocol/clientInfo': { name: 'book', version: '0.1.0' },
};

export class Conversation {
  /** Who said what. */
  lines = [];
  #id = 0;

  constructor(url, token) {
    this.url = new URL(url);
    this.token = token;
  }

  /** Asks, and waits for the reply to its end: `status`, `replica` and, if it is one, the `message`. */
  async ask(method, params) {
    const reply = await this.#send(method, params);
    let body = '';
    for await (const part of reply.setEncoding('utf8')) body += part;
    this.lines.push({ from: 'server', text: `${head(reply)}\n\n${body.trimEnd()}` });
    const json = reply.headers['content-type'] === 'application/json';
    return { status: reply.statusCode, replica: replica(reply), message: json ? JSON.parse(body) : undefined };
  }

  /** Asks for a reply that comes as a stream of events. */
  async listen(method, params) {
    const reply = await this.#send(method, params);
    this.lines.push({ from: 'server', text: `${head(reply)}\n\n` });
    if (!reply.headers['content-type']?.startsWith('text/event-stream')) fail(`${method}: no stream, but ${head(reply)}`);
    return new Stream(reply, this.lines);
  }

  /** Sends a request; the reply has begun when this is done. */
  #send(method, params) {
    this.#id += 1;
    const body = { jsonrpc: '2.0', id: this.#id, method, params: { ...params, _meta: { ...META, ...params._meta } } };
    const text = JSON.stringify(body);
    const headers = {
      Host: this.url.host,
      Authorization: `Bearer ${this.token}`,
      'Content-Type': 'application/json',
      Accept: 'application/json, text/event-stream',
      'MCP-Protocol-Version': REVISION,
      'Mcp-Method': method,
      ...(params.name ? { 'Mcp-Name': params.name } : {}),
    };
    const said = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
    this.lines.push({ from: 'client', text: [`POST ${this.url.pathname} HTTP/1.1`, ...said, '', text].join('\n') });
    return new Promise((begun) => {
      const sent = request(this.url, { method: 'POST', headers, agent: false }, begun);
      sent.setTimeout(limit(10), () => fail(`${method} has no reply`));
      sent.on('error', (error) => fail(`${method}: ${error.message}`));
      sent.end(text);
    });
  }
}

/** Events, one by one. */
class Stream {
  #waiting = [];
  #unread = [];

  constructor(reply, lines) {
    this.replica = replica(reply);
    this.close = () => reply.destroy();
    /** Done when the stream has ended without having been complete. */
    this.broken = new Promise((told) => reply.on('error', told));
    let rest = '';
    reply.setEncoding('utf8').on('data', (part) => {
      const whole = (rest + part).split('\n');
      rest = whole.pop();
      for (const line of whole) this.#take(line, lines);
    });
  }

  #take(line, lines) {
    const text = /^data: ?(.+)$/.exec(line)?.[1];
    if (!text) return;
    lines.push({ from: 'server', text });
    this.#unread.push(JSON.parse(text));
    this.#look();
  }

  /** Waits for a message of which `wanted` is true. Each is heard once. */
  heard(wanted) {
    return new Promise((found) => {
      const timer = setTimeout(() => fail('waited in vain for an event'), limit(10));
      this.#waiting.push({ wanted, found: (message) => found(message, clearTimeout(timer)) });
      this.#look();
    });
  }

  #look() {
    this.#waiting = this.#waiting.filter(({ wanted, found }) => {
      const at = this.#unread.findIndex(wanted);
      if (at >= 0) found(this.#unread.splice(0, at + 1).at(-1));
      return at < 0;
    });
  }
}

/** Which replica has answered; nginx names all that it has tried. */
function replica(reply) {
  return reply.headers['x-replica'];
}

function head(reply) {
  const pairs = reply.rawHeaders.flatMap((name, index, all) => (index % 2 ? [] : [[name.toLowerCase(), all[index + 1]]]));
  const told = pairs.filter(([name]) => !LEFT_OUT.includes(name)).map((pair) => pair.join(': '));
  return [`HTTP/${reply.httpVersion} ${reply.statusCode} ${reply.statusMessage}`, ...told].join('\n');
}

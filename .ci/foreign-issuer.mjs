// The server of chapter 6 with an authorization server that is not the workbook's: npm's `oidc-provider`.
// usage: SERVER=… CHECKER=… node foreign-issuer.mjs, with oidc-provider installed beside this file. Loopback only.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { generateKeyPairSync } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:http";
import { createInterface } from "node:readline";
import { Provider } from "oidc-provider";

const { SERVER, CHECKER } = process.env;
const LIMIT = 60_000 * Number(process.env.WORKBOOK_TIME_FACTOR ?? 1);
const SCOPES = "tracker:read tracker:write";
const MACHINE = { id: "nightly-report", secret: "nightly-report-secret" };
const children = [];

// Whatever hangs, this ends.
setTimeout(() => fail(new Error(`not done within ${LIMIT / 1000} s`)), LIMIT).unref();
const end = () => children.forEach((child) => child.kill("SIGKILL"));
const fail = (error) => {
    console.error(error);
    end();
    process.exit(1);
};
const done = (what) => console.log(`ok  ${what}`);

function newKey(kid) {
    const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
    return { ...privateKey.export({ format: "jwk" }), kid, alg: "ES256", use: "sig" };
}

/** An authorization server whose tokens are JWTs for whatever resource is asked for. */
function provider(issuer, keys) {
    const client = {
        response_types: [],
        redirect_uris: [],
        grant_types: ["client_credentials"],
        id_token_signed_response_alg: "ES256",
    };
    return new Provider(issuer, {
        clients: [
            { ...client, client_id: MACHINE.id, client_secret: MACHINE.secret },
            {
                ...client,
                client_id: "workbook-talk",
                application_type: "native",
                token_endpoint_auth_method: "none",
                grant_types: ["authorization_code"],
                response_types: ["code"],
                redirect_uris: ["http://127.0.0.1/callback"],
            },
        ],
        jwks: { keys },
        cookies: { keys: ["only for this test"] },
        scopes: ["openid", ...SCOPES.split(" ")],
        pkce: { required: () => true },
        findAccount: (_, id) => ({ accountId: id, claims: () => ({ sub: id }) }),
        features: {
            clientCredentials: { enabled: true },
            resourceIndicators: {
                enabled: true,
                useGrantedResource: () => true,
                getResourceServerInfo: (_, audience) => ({
                    scope: SCOPES,
                    audience,
                    accessTokenTTL: 900,
                    accessTokenFormat: "jwt",
                    jwt: { sign: { alg: "ES256" } },
                }),
            },
        },
    });
}

async function listen(handler) {
    const server = createServer((request, response) => handler.now(request, response));
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    server.unref();
    return `http://127.0.0.1:${server.address().port}`;
}

/** Starts a program; gives its lines, as they come. */
function start(program, words, env) {
    const child = spawn(program, words, { env: { ...process.env, ...env }, stdio: ["pipe", "pipe", "pipe"] });
    children.push(child);
    const lines = [];
    for (const pipe of [child.stdout, child.stderr]) {
        createInterface({ input: pipe }).on("line", (line) => lines.push(line));
    }
    /** Waits for a line. */
    const line = async (pattern) => {
        for (;;) {
            const found = lines.map((text) => text.match(pattern)).find((match) => match);
            if (found) {
                return found;
            }
            assert.equal(child.exitCode, null, `no ${pattern} in\n${lines.join("\n")}`);
            await new Promise((resolve) => setTimeout(resolve, 10));
        }
    };
    return { child, line, lines };
}

async function token(issuer, scope, resource) {
    const { token_endpoint: url } = await (await fetch(`${issuer}/.well-known/openid-configuration`)).json();
    const authorization = `Basic ${Buffer.from(`${MACHINE.id}:${MACHINE.secret}`).toString("base64")}`;
    const body = new URLSearchParams({ grant_type: "client_credentials", scope, resource });
    const reply = await (await fetch(url, { method: "POST", headers: { authorization }, body })).json();
    assert.ok(reply.access_token, JSON.stringify(reply));
    return reply.access_token;
}

let calls = 0;

/** Drafts tasks, which needs tracker:write, or lists the tools, which any token may. */
function ask(url, bearer, method) {
    const meta = {
        "io.modelcontextprotocol/protocolVersion": "2026-07-28",
        "io.modelcontextprotocol/clientCapabilities": {},
        "io.modelcontextprotocol/clientInfo": { name: "foreign-issuer", version: "1" },
    };
    const call = { name: "draft_tasks", arguments: { project: "ATLAS", titles: ["One"] } };
    const params = { ...(method === "tools/call" ? call : {}), _meta: meta };
    return fetch(url, {
        method: "POST",
        headers: {
            ...(bearer ? { authorization: `Bearer ${bearer}` } : {}),
            "content-type": "application/json",
            accept: "application/json, text/event-stream",
            "mcp-protocol-version": "2026-07-28",
            "mcp-method": method,
            ...(method === "tools/call" ? { "mcp-name": call.name } : {}),
        },
        body: JSON.stringify({ jsonrpc: "2.0", id: (calls += 1), method, params }),
    });
}

/** A browser for oidc-provider's own pages: it keeps cookies, follows redirects and presses the button of each form. */
async function browse(url) {
    const cookies = new Map();
    let [address, form] = [url, null];
    for (let step = 0; step < 20; step += 1) {
        const reply = await fetch(address, {
            redirect: "manual",
            method: form ? "POST" : "GET",
            body: form ?? undefined,
            headers: { cookie: [...cookies].map((pair) => pair.join("=")).join("; ") },
        });
        for (const cookie of reply.headers.getSetCookie()) {
            const [pair] = cookie.split(";");
            const place = pair.indexOf("=");
            cookies.set(pair.slice(0, place), pair.slice(place + 1));
        }
        const text = await reply.text();
        const to = reply.headers.get("location");
        if (to) {
            [address, form] = [new URL(to, address).href, null];
            continue;
        }
        const action = text.match(/<form[^>]*action="([^"]+)"/)?.[1];
        if (!action) {
            return text;
        }
        const prompt = text.match(/name="prompt" value="([^"]+)"/)?.[1];
        form = new URLSearchParams({ prompt, ...(prompt === "login" ? { login: "ada", password: "any" } : {}) });
        address = new URL(action, address).href;
    }
    throw new Error("the browser goes round in circles");
}

async function main() {
    const handler = {};
    const issuer = await listen(handler);
    const first = newKey("first");
    const serve = (keys) => (handler.now = provider(issuer, keys).callback());
    serve([first]);
    const environment = { ISSUER_URL: issuer, MCP_LISTEN: "127.0.0.1:0", TRACKER_TOKEN: "unused", RUST_LOG: "warn" };
    const [, url] = await start(SERVER, ["http"], environment).line(/^listening on (\S+)/);

    const challenge = (await ask(url, null, "tools/list")).headers.get("www-authenticate");
    const { resource, authorization_servers: issuers } = await (await fetch(challenge.match(/resource_metadata="([^"]+)"/)[1])).json();
    assert.deepEqual([resource, issuers], [url, [issuer]]);
    done("the server announces it");

    const good = await token(issuer, SCOPES, resource);
    const drafted = await ask(url, good, "tools/call");
    assert.equal(drafted.status, 200);
    assert.ok((await drafted.json()).result.structuredContent.draft);
    done("a token by client credentials is accepted");

    const elsewhere = await ask(url, await token(issuer, SCOPES, "http://127.0.0.1:1/mcp"), "tools/list");
    assert.equal(elsewhere.status, 401);
    assert.match(elsewhere.headers.get("www-authenticate"), /error="invalid_token"/);
    done("a token for another server is refused");

    const reader = await token(issuer, "tracker:read", resource);
    assert.equal((await ask(url, reader, "tools/list")).status, 200);
    const refused = await ask(url, reader, "tools/call");
    assert.equal(refused.status, 403);
    assert.match(refused.headers.get("www-authenticate"), /error="insufficient_scope".*scope="tracker:write"/);
    done("a token that allows too little is refused with what is missing");

    // The server fetches keys again for a key that it does not know, but not twice in half a second.
    await new Promise((resolve) => setTimeout(resolve, 600));
    serve([newKey("second"), first]);
    assert.equal((await ask(url, await token(issuer, SCOPES, resource), "tools/call")).status, 200);
    assert.equal((await ask(url, good, "tools/call")).status, 200);
    done("a new key is found, and the one before still counts");

    const talk = start(CHECKER, ["talk", "--url", url, "--scope", SCOPES]);
    const ended = once(talk.child, "exit");
    const [, address] = await talk.line(/^sign-in: open (\S+)/);
    assert.match(await browse(address), /You are signed in/);
    talk.child.stdin.end('draft_tasks {"project":"ATLAS","titles":["One"]}\n');
    await talk.line(/"draft": "/);
    await ended;
    assert.equal(talk.child.exitCode, 0);
    done("`talk` signs in there with code and proof");
}

main().then(() => (end(), process.exit(0)), fail);

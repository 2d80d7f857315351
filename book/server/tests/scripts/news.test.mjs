// How a page follows the news when the stream dies, the laptop sleeps or nobody looks. Needs Node: node --test
// book/server/tests/scripts/. No test waits: the clock is the test's.
import assert from "node:assert/strict";
import { beforeEach, mock, test } from "node:test";

/** Longer than the server is ever silent, and the pauses between attempts, in milliseconds. */
const LIMIT = 40_000;
const PAUSES = [250, 500, 1000, 2000, 4000, 5000, 5000];

/** Every stream that the page has asked for, the newest last. */
const streams = [];
let serverIsThere = true;
let look = null;

globalThis.location = { reload: () => assert.fail("the page has no reason to reload") };
globalThis.document = {
    hidden: false,
    querySelector: () => ({ content: "a token" }),
    addEventListener: (_, listener) => (look = listener),
};
globalThis.fetch = async (address, { signal }) => {
    const stream = { address, closed: false };
    streams.push(stream);
    if (!serverIsThere) {
        throw new TypeError("Failed to fetch");
    }
    const body = new ReadableStream({
        start: (own) => {
            stream.tell = (news) => own.enqueue(new TextEncoder().encode(`${JSON.stringify(news)}\n`));
            signal.addEventListener("abort", () => {
                stream.closed = true;
                own.error(signal.reason);
            });
        },
    });
    return new Response(body);
};

mock.timers.enable({ apis: ["setTimeout"] });
const { on, start } = await import("../../src/serve/js/news.js");
const heard = [];
on("connection", (there) => heard.push(there ? "there" : "gone"));
on("work", ({ words }) => heard.push(words));

/** What was begun comes to its next wait. No timer is behind that. */
const settle = async () => {
    for (let turn = 0; turn < 20; turn += 1) {
        await new Promise((done) => setImmediate(done));
    }
};

const pass = async (millis) => {
    mock.timers.tick(millis);
    await settle();
};

const see = async (hidden) => {
    document.hidden = hidden;
    look();
    await settle();
};

let begun = false;
beforeEach(async () => {
    serverIsThere = true;
    if (begun) {
        await see(true);
        await see(false);
    } else {
        begun = true;
        start({ exercises: ["1.1"] });
        await settle();
    }
    streams.splice(0, streams.length - 1);
    heard.length = 0;
});

test("a stream that is silent for longer than the server ever is gets replaced", async () => {
    const [silent] = streams;
    silent.tell({ news: "work", words: "building" });
    await settle();
    await pass(LIMIT - 1);
    assert.equal(streams.length, 1, "it may still be alive");
    await pass(1);
    assert.ok(silent.closed, "the dead stream is not kept");
    await pass(PAUSES[0]);
    assert.equal(streams.length, 2);
    streams[1].tell({ news: "work", words: "done" });
    await settle();
    assert.deepEqual(heard, ["there", "building", "gone", "there", "done"]);
});

test("a pulse is enough to stay", async () => {
    for (let minute = 0; minute < 5; minute += 1) {
        await pass(LIMIT - 1);
        streams[0].tell({ news: "pulse" });
        await settle();
    }
    assert.equal(streams.length, 1);
    assert.ok(!streams[0].closed);
});

test("while the server is away the page asks less and less often, and goes on when it is back", async () => {
    serverIsThere = false;
    await pass(LIMIT);
    for (const [attempt, pause] of PAUSES.entries()) {
        await pass(pause - 1);
        assert.equal(streams.length, attempt + 1, `too early after ${attempt} attempts`);
        await pass(1);
        assert.equal(streams.length, attempt + 2, `no attempt after ${pause} ms`);
    }
    serverIsThere = true;
    await pass(PAUSES.at(-1));
    streams.at(-1).tell({ news: "pulse" });
    await settle();
    assert.equal(heard.at(-1), "there");
    // The next time it is as quick as the first.
    const before = streams.length;
    await pass(LIMIT);
    await pass(PAUSES[0]);
    assert.equal(streams.length, before + 1);
});

test("a page that nobody sees has no stream, and a new one as soon as it is seen", async () => {
    await see(true);
    assert.ok(streams[0].closed);
    await pass(10 * LIMIT);
    assert.equal(streams.length, 1, "it asks in its sleep");
    await see(false);
    assert.equal(streams.length, 2);
    streams[1].tell({ news: "work", words: "what was missed" });
    await settle();
    assert.deepEqual(heard, ["there", "what was missed"]);
});

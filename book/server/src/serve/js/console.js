// The console of a chapter: starts a server, shows what it offers, calls it, and puts its questions to the person.
import { listen, post } from "./api.js";
import { block, button, make, spoken } from "./console-dom.js";
import { form } from "./console-form.js";
import { show } from "./console-result.js";
import { expand, promptSchema, templateSchema } from "./console-schema.js";
import { wire } from "./console-wire.js";

/** Pages of a list: a server that never ends its list is stopped here. */
const MOST_PAGES = 50;
/** What the console can list. `key` is where the result has it; `call` is what is asked with one of them. */
const LISTS = [
    { id: "tools", words: "Tools", method: "tools/list", key: "tools", capability: "tools" },
    { id: "resources", words: "Resources", method: "resources/list", key: "resources", capability: "resources" },
    { id: "templates", words: "Templates", method: "resources/templates/list", key: "resourceTemplates", capability: "resources" },
    { id: "prompts", words: "Prompts", method: "prompts/list", key: "prompts", capability: "prompts" },
];
const KINDS = {
    tools: {
        name: (tool) => tool.name,
        schema: (tool) => tool.inputSchema ?? {},
        act: "Call",
        request: (tool, values) => ["tools/call", { name: tool.name, arguments: values }],
    },
    resources: {
        name: (resource) => resource.uri,
        schema: () => ({ type: "object", properties: {} }),
        act: "Read",
        request: (resource) => ["resources/read", { uri: resource.uri }],
    },
    templates: {
        name: (template) => template.uriTemplate,
        schema: (template) => templateSchema(template.uriTemplate ?? ""),
        act: "Read",
        request: (template, values) => ["resources/read", { uri: expand(template.uriTemplate, values) }],
    },
    prompts: {
        name: (prompt) => prompt.name,
        schema: promptSchema,
        act: "Get",
        request: (prompt, values) => ["prompts/get", { name: prompt.name, arguments: values }],
    },
};
const HINTS = [["readOnlyHint", "read-only"], ["destructiveHint", "destructive"], ["idempotentHint", "idempotent"], ["openWorldHint", "open world"]];

const place = document.querySelector("[data-console]");
const chapter = place.dataset.console;
const remembered = `workbook-console-${chapter}`;

/** One run of a console, from Start to the end of its stream. */
let session = null;
const calls = new Map();
const early = new Map();

const ask = (path, body = {}) => post(`console/${path}`, { session: session?.number ?? 0, ...body });

// How it begins: which server, which era.

function choice(legend, name, options) {
    const inputs = options.map(([value, words], at) => make("label", {},
        make("input", { type: "radio", name, value, checked: at === 0 }), ` ${words}`));
    return make("fieldset", {}, make("legend", {}, legend), ...inputs);
}

const start = make("button", { type: "submit", class: "is-main" }, "Start the server");
const stop = button("Stop", () => complainIfRefused(ask("stop")), { disabled: true });
const setup = make("form", { class: "console-setup" },
    choice("Server", "server", [["own", "yours"], ["solution", "the reference solution"]]),
    choice("Era", "era", [["modern", "modern (2026-07-28)"], ["legacy", "legacy (2025-11-25)"]]),
    make("fieldset", {}, make("legend", {}, "This client"),
        make("label", {}, make("input", { type: "checkbox", name: "forms", checked: true }), " can show forms (elicitation)")),
    make("p", { class: "console-buttons" }, start, stop));
const state = make("p", { class: "console-state", role: "status" }, "o not started");
const words = make("div", { class: "console-words" });

function wanted() {
    const data = new FormData(setup);
    return { chapter, server: data.get("server"), era: data.get("era"), forms: data.get("forms") !== null };
}

function remember() {
    try {
        sessionStorage.setItem(remembered, JSON.stringify(wanted()));
    } catch {
        // Without a store the choice is made anew.
    }
}

function recall() {
    try {
        const { server, era, forms } = JSON.parse(sessionStorage.getItem(remembered)) ?? {};
        for (const input of setup.querySelectorAll("input")) {
            input.checked = input.type === "radio" ? [server ?? "own", era ?? "modern"].includes(input.value) : forms ?? true;
        }
    } catch {
        // What cannot be read was not kept.
    }
}

function say(sign, sentence, more = null) {
    state.textContent = `${sign} ${sentence}`;
    words.replaceChildren(...(more === null ? [] : [block(more)]));
}

async function complainIfRefused(promise) {
    try {
        return await promise;
    } catch (error) {
        say("x", error.message);
        return null;
    }
}

async function open() {
    session?.stop.abort();
    remember();
    forgetCalls("The console was started anew.");
    const own = { stop: new AbortController(), number: 0, capabilities: {} };
    session = own;
    lines.clear();
    start.textContent = "Start again";
    say("…", "starting");
    let why = "The workbook is not there any more. Start it in the terminal: cargo xtask serve";
    try {
        await listen("console/open", wanted(), (event) => session === own && heard(event), own.stop.signal);
    } catch (error) {
        why = error.code === undefined ? why : error.message;
    }
    if (session === own) {
        session = null;
        forgetCalls(why);
        stop.disabled = true;
        say("x", why);
    }
}

setup.addEventListener("submit", (event) => {
    event.preventDefault();
    open();
});
setup.addEventListener("change", () => session !== null && open());

// What the server's side tells.

function heard(event) {
    switch (event.event) {
        case "session":
            session.number = event.session;
            break;
        case "building":
            say("…", event.progress ? `building: ${event.progress}` : "building");
            break;
        case "not_built":
            say("!", event.still_running ? "not rebuilt; the program of before still runs" : "there is no program to start", event.why);
            break;
        case "started":
            stop.disabled = false;
            say("…", `${event.after_save ? "saved and rebuilt: " : ""}started ${event.program}${event.tracker ? `, with the tracker at ${event.tracker}` : ""}`);
            break;
        case "opened":
            opened(event.result ?? {});
            break;
        case "not_opened":
            say("x", event.why);
            break;
        case "wire":
            lines.add(event);
            break;
        case "skipped":
            lines.skipped(event);
            break;
        case "progress":
            calls.get(event.call)?.progress(event.params);
            break;
        case "question":
            question(event);
            break;
        case "closed":
            close(event.question);
            break;
        case "reply":
            // It may be here before the number of its call is.
            calls.has(event.call) ? calls.get(event.call).end(event) : early.set(event.call, event);
            break;
        case "ended":
            stop.disabled = true;
            say(event.asked ? "o" : "x", `the server ended with ${event.status}${event.asked ? "" : ", unasked"}`);
            break;
    }
}

function opened(result) {
    const info = result.serverInfo ?? result._meta?.["io.modelcontextprotocol/serverInfo"] ?? {};
    const { era } = wanted();
    say("ok", `${info.name ?? "a server without a name"} ${info.version ?? ""} runs, ${era} era`);
    if (result.instructions) {
        words.replaceChildren(make("p", {}, make("strong", {}, "Instructions: "), result.instructions));
    }
    session.capabilities = result.capabilities ?? {};
    for (const list of LISTS) {
        const declared = list.capability in session.capabilities;
        declared ? refresh(list) : list.note.replaceChildren(`The server does not declare ${list.capability}. `,
            button("Ask for the list all the same", () => refresh(list)));
        if (!declared) {
            list.items.replaceChildren();
            list.count.textContent = "";
        }
    }
}

// Calls: one request each, however often the server asks back.

function forgetCalls(why) {
    questions.replaceChildren();
    calls.forEach((call) => call.end({ outcome: "nothing", why }));
    early.clear();
}

/** Sends a request. `listener.end` hears how it ends, `listener.progress` how far it is. */
async function call(method, params, limit, listener) {
    try {
        const { call: number } = await ask("call", { method, params, limit });
        calls.set(number, {
            progress: (told) => listener.progress?.(told),
            end: (event) => {
                calls.delete(number);
                listener.end(event);
            },
        });
        const there = early.get(number);
        if (there !== undefined) {
            early.delete(number);
            calls.get(number).end(there);
        }
        return number;
    } catch (error) {
        listener.end({ outcome: "nothing", why: error.message });
        return null;
    }
}

const request = (method, params) => new Promise((end) => call(method, params, 60, { end }));

// What the server offers.

async function refresh(list) {
    const own = session;
    list.note.textContent = "…";
    const found = [];
    let cursor;
    for (let page = 0; page < MOST_PAGES; page += 1) {
        const reply = await request(list.method, cursor === undefined ? {} : { cursor });
        if (session !== own) {
            return;
        }
        if (reply.outcome !== "result") {
            list.note.textContent = `x ${reply.why ?? `protocol error ${reply.error.code}: ${reply.error.message}`}`;
            return;
        }
        found.push(...(reply.result?.[list.key] ?? []));
        cursor = reply.result?.nextCursor;
        if (cursor === undefined || cursor === null) {
            break;
        }
    }
    list.note.textContent = found.length === 0 ? "The list is empty." : cursor ? `The list goes on after ${MOST_PAGES} pages.` : "";
    list.count.textContent = ` ${found.length}`;
    const before = new Map([...list.items.children].map((item) => [item.dataset.what, item]));
    // What has not changed stays as it is, with everything that was typed.
    list.items.replaceChildren(...found.map((one) => before.get(JSON.stringify(one)) ?? item(list, one)));
}

function item(list, one) {
    const kind = KINDS[list.id];
    const body = make("div", { class: "console-item" });
    const title = one.title && one.title !== kind.name(one) ? make("span", { class: "item-title" }, ` ${one.title}`) : null;
    const details = make("details", { name: `console-${list.id}` },
        make("summary", {}, make("code", {}, kind.name(one) ?? "without a name"), title), body);
    details.addEventListener("toggle", () => {
        if (details.open && body.childElementCount === 0) {
            body.append(...inside(list, one, kind));
        }
    });
    return make("li", { "data-what": JSON.stringify(one) }, details);
}

function inside(list, one, kind) {
    const hints = HINTS.filter(([name]) => one.annotations?.[name] !== undefined)
        .map(([name, word]) => `${one.annotations[name] ? "" : "not "}${word}`);
    const about = [one.mimeType, ...hints].filter(Boolean).join(" · ");
    const fields = form(kind.schema(one));
    const limit = make("select", {}, ...[[10, "10 s"], [60, "60 s"], [600, "10 min"]].map(([value, label]) =>
        make("option", { value, selected: value === 60 }, label)));
    const act = make("button", { type: "submit", class: "is-main" }, kind.act);
    const cancel = button("Cancel", () => running !== null && complainIfRefused(ask("cancel", { call: running })), { hidden: true });
    const waiting = make("p", { class: "console-waiting", role: "status" });
    const bar = make("progress", { hidden: true, "aria-label": "progress of the call" });
    const result = make("div", { class: "console-result" });
    let running = null;
    const run = make("form", { novalidate: true }, fields.element, make("p", { class: "console-buttons" },
        act, cancel, make("label", { class: "console-limit" }, "limit ", limit)), waiting, bar, result);

    run.addEventListener("submit", async (event) => {
        event.preventDefault();
        if (act.disabled) {
            return;
        }
        let values;
        try {
            values = fields.read();
            fields.complain("");
        } catch (error) {
            fields.complain(error.message);
            error.element?.focus();
            return;
        }
        if (session === null) {
            result.replaceChildren(make("p", {}, "The server is not running: start it above."));
            return;
        }
        const [method, params] = kind.request(one, values);
        const began = Date.now();
        const tell = () => (waiting.textContent = `… ${Math.round((Date.now() - began) / 1000)} s of ${limit.value} s${told}`);
        let told = "";
        const clock = setInterval(tell, 1000);
        act.disabled = true;
        cancel.hidden = false;
        result.replaceChildren();
        running = await call(method, params, Number(limit.value), {
            progress: ({ progress, total, message = "" }) => {
                told = ` · ${progress}${total ? ` of ${total}` : ""} ${message}`;
                bar.hidden = !total;
                bar.max = total ?? 1;
                bar.value = progress;
                tell();
            },
            end: (reply) => {
                clearInterval(clock);
                act.disabled = false;
                if (document.activeElement === cancel) {
                    act.focus();
                }
                cancel.hidden = true;
                bar.hidden = true;
                waiting.textContent = "";
                result.replaceChildren(...show(reply, method, spoken(Date.now() - began), read));
            },
        });
    });
    return [
        one.description ? make("p", {}, one.description) : null,
        about ? make("p", { class: "field-about" }, about) : null,
        run,
    ].filter(Boolean);
}

/** Reads a resource that a result has named. */
function read(uri) {
    const list = LISTS[1];
    select(list.id);
    const known = [...list.items.children].find((own) => JSON.parse(own.dataset.what).uri === uri);
    const own = known ?? item(list, { uri, name: uri });
    if (known === undefined) {
        list.items.append(own);
    }
    own.firstElementChild.open = true;
    own.querySelector("summary").focus();
    // The form is made when the fold opens, a moment later.
    setTimeout(() => own.querySelector("form").requestSubmit());
}

// Questions of the server.

const questions = make("div", { class: "console-questions" });

function question({ question: number, params = {} }) {
    const schema = params.requestedSchema ?? { type: "object", properties: {} };
    const fields = form(schema);
    const answer = async (result) => complainIfRefused(ask("answer", { question: number, result }));
    const heading = make("h3", { tabindex: -1 }, "The server asks");
    const own = make("form", { class: "console-question", novalidate: true, "data-question": number },
        heading,
        make("p", {}, params.message ?? ""),
        params.url ? make("p", {}, "It wants you to open ", make("code", {}, params.url)) : fields.element,
        make("p", { class: "console-buttons" },
            make("button", { type: "submit", class: "is-main" }, "Accept"),
            button("Decline", () => answer({ action: "decline" })),
            button("Cancel", () => answer({ action: "cancel" }))));
    own.addEventListener("submit", (event) => {
        event.preventDefault();
        try {
            answer(params.url ? { action: "accept" } : { action: "accept", content: fields.read() });
        } catch (error) {
            fields.complain(error.message);
        }
    });
    own.before = document.activeElement;
    questions.append(own);
    heading.focus();
}

function close(number) {
    const own = questions.querySelector(`[data-question="${number}"]`);
    const had = own?.contains(document.activeElement);
    own?.remove();
    if (had && own.before?.isConnected) {
        own.before.focus();
    }
}

// Lines of one's own.

const line = make("textarea", { rows: 5, spellcheck: "false", "aria-label": "A message for the server, as JSON" });
const lineNote = make("p", { class: "field-note", role: "status" });
let again = 0;

async function sendLine() {
    let text = line.value;
    try {
        // A message is one line, however it is laid out here.
        text = JSON.stringify(JSON.parse(text));
        lineNote.textContent = "Sent. A reply stands on the wire.";
    } catch {
        lineNote.textContent = "Sent as it is; it is not JSON.";
    }
    try {
        await ask("send", { text });
    } catch (error) {
        lineNote.textContent = `x ${error.message}`;
    }
}

const ownLine = make("div", { class: "console-own", hidden: true },
    make("p", { class: "field-about" }, "Whatever you write goes to the server as one line, right or wrong. The client adds nothing."),
    line, make("p", { class: "console-buttons" }, button("Send", sendLine, { class: "is-main" })), lineNote);

const lines = wire((text) => {
    select("own");
    try {
        const message = JSON.parse(text);
        if (message.method !== undefined && message.id !== undefined) {
            // Every request has an id of its own.
            message.id = `again-${(again += 1)}`;
        }
        line.value = JSON.stringify(message, null, 2);
    } catch {
        line.value = text;
    }
    line.focus();
});

// The page.

function select(id) {
    tabs.querySelector(`[value="${id}"]`).checked = true;
    showTab();
}

function showTab() {
    const { value } = tabs.querySelector(":checked");
    LISTS.forEach((list) => (list.panel.hidden = list.id !== value));
    ownLine.hidden = value !== "own";
}

for (const list of LISTS) {
    list.count = make("span");
    list.items = make("ul", { class: "console-items" });
    list.note = make("p", { class: "field-about" }, "Start the server to see them.");
    list.panel = make("div", { hidden: true }, list.note, list.items,
        make("p", { class: "console-buttons" }, button("List again", () => session !== null && refresh(list))));
}
const tabs = make("fieldset", { class: "console-tabs", onchange: showTab }, make("legend", { class: "visually-hidden" }, "Show"),
    ...LISTS.map((list, at) => make("label", {},
        make("input", { type: "radio", name: "tab", value: list.id, checked: at === 0 }), make("span", {}, list.words, list.count))),
    make("label", {}, make("input", { type: "radio", name: "tab", value: "own" }), make("span", {}, "A line of your own")));

place.append(setup, state, words, make("div", { class: "console-panes" },
    make("section", { "aria-label": "What the server offers" }, questions, tabs, ...LISTS.map((list) => list.panel), ownLine),
    make("section", { "aria-label": "The wire" }, make("div", { class: "wire-head" }, make("h2", {}, "The wire"),
        button("Clear", () => lines.clear())), lines.element)));
recall();
showTab();
place.hidden = false;
document.querySelector(".console-still").hidden = true;
document.documentElement.classList.add("has-console");

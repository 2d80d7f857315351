// The console of a chapter: starts a server, shows and calls what it offers, passes its questions on.
import { listen } from "./api.js";
import { block, button } from "./console-dom.js";
import { form } from "./console-form.js";
import { item, LISTS } from "./console-item.js";
import { ask, ended, forget, progress, request, session } from "./console-session.js";
import { wire } from "./console-wire.js";
import { make, unseen } from "./dom.js";

const MOST_PAGES = 50;
const place = document.querySelector("[data-console]");
let current = null;

// How it begins: which server, which era.

function choice(legend, name, options) {
    const inputs = options.map(([value, words], at) =>
        make("label", {}, make("input", { type: "radio", name, value, checked: at === 0 }), ` ${words}`));
    return make("fieldset", {}, make("legend", {}, legend), inputs);
}

const start = make("button", { type: "submit", class: "is-main" }, "Start the server");
const stop = button("Stop", () => ask("stop").catch((error) => say("x", error.message)), { disabled: true });
const setup = make("form", { class: "console-setup", onsubmit: submitted, onchange: () => current !== null && open() },
    choice("Server", "server", [["own", "yours"], ["solution", "the reference solution"]]),
    choice("Era", "era", [["modern", "modern (2026-07-28)"], ["legacy", "legacy (2025-11-25)"]]),
    make("fieldset", {}, make("legend", {}, "This client"),
        make("label", {}, make("input", { type: "checkbox", name: "forms", checked: true }), " can show forms (elicitation)")),
    make("p", { class: "console-buttons" }, start, stop));
const state = make("p", { class: "console-state", role: "status" }, "o not started");
const words = make("div", { class: "console-words" });

function say(sign, sentence, more = null) {
    state.textContent = `${sign} ${sentence}`;
    words.replaceChildren(...(more === null ? [] : [block(more)]));
}

function submitted(event) {
    event.preventDefault();
    open();
}

async function open() {
    current?.abort();
    const own = current = new AbortController();
    session.number = null;
    questions.replaceChildren();
    forget("The console was started anew.");
    lines.clear();
    start.textContent = "Start again";
    say("…", "starting");
    const data = new FormData(setup);
    const wanted = {
        chapter: place.dataset.console,
        server: data.get("server"),
        era: data.get("era"),
        forms: data.has("forms"),
    };
    let why = "The workbook is not there any more. Start it in the terminal: cargo xtask serve";
    try {
        await listen("console/open", wanted, (event) => current === own && hear[event.event]?.(event, wanted.era), own.signal);
    } catch (error) {
        why = error.code === undefined ? why : error.message;
    }
    if (current === own) {
        current = session.number = null;
        questions.replaceChildren();
        forget(why);
        stop.disabled = true;
        say("x", why);
    }
}

// What the server's side tells, by event.

let why = "";
const hear = {
    session: ({ session: number }) => (session.number = number),
    building: ({ progress: far }) => say("…", far ? `building: ${far}` : "building"),
    not_built: ({ why, still_running: old }) =>
        say("!", old ? "not rebuilt; the program of before still runs" : "there is no program to start", why),
    started: ({ program, after_save: saved, tracker }) => {
        stop.disabled = false;
        why = `${tracker ? `, tracker at ${tracker}` : ""}${saved ? ", rebuilt after your save" : ""}`;
        say("…", `started ${program}${why}`);
    },
    sign_in: ({ address }) => {
        say("?", "the server asks who you are");
        // A page of its own: this one goes on listening.
        words.replaceChildren(make("p", {}, make("a", { href: address, target: "_blank" }, "Sign in")));
    },
    signed_in: () => say("…", "the issuer has answered"),
    opened: ({ result }, era) => opened(result ?? {}, era),
    not_opened: ({ why }) => say("x", why),
    wire: (line) => lines.add(line),
    skipped: (outside) => lines.skipped(outside),
    progress,
    question: (asked) => question(asked),
    closed: ({ question: number }) => close(number),
    reply: ended,
    ended: ({ status, asked }) => {
        stop.disabled = true;
        say(asked ? "o" : "x", `the server ended with ${status}`);
    },
};

async function opened({ serverInfo, _meta, instructions, capabilities = {} }, era) {
    const { name = "a server without a name", version = "" } = serverInfo ?? _meta?.["io.modelcontextprotocol/serverInfo"] ?? {};
    say("ok", `${name} ${version} runs, ${era} era${why}`);
    if (instructions) {
        words.replaceChildren(make("p", {}, make("strong", {}, "Instructions: "), instructions));
    }
    const own = current;
    for (const list of LISTS) {
        if (own !== current) {
            return;
        }
        if (list.capability in capabilities) {
            await refresh(list);
        } else {
            list.items.replaceChildren();
            list.count.textContent = "";
            list.note.textContent = `The server does not declare ${list.capability}. You can ask for the list all the same.`;
        }
    }
}

// What the server offers.

async function refresh(list) {
    const own = current;
    list.note.textContent = "…";
    const found = [];
    let params = {};
    for (let page = 0; params !== null && page < MOST_PAGES; page += 1) {
        const { outcome, result, why, error } = await request(list.method, params);
        if (current !== own) {
            return;
        }
        if (outcome !== "result") {
            list.note.textContent = `x ${why ?? `protocol error ${error.code}: ${error.message}`}`;
            return;
        }
        found.push(...(result?.[list.key] ?? []));
        params = result?.nextCursor ? { cursor: result.nextCursor } : null;
    }
    list.note.textContent = params ? "The list goes on." : found.length === 0 ? "The list is empty." : "";
    list.count.textContent = ` ${found.length}`;
    const before = new Map([...list.items.children].map((one) => [one.dataset.what, one]));
    // What has not changed keeps what was typed.
    list.items.replaceChildren(...found.map((one) => before.get(JSON.stringify(one)) ?? item(list, one, read)));
}

/** Reads a resource that a result names. */
function read(uri) {
    const list = LISTS.find(({ id }) => id === "resources");
    select(list.id);
    let own = [...list.items.children].find((one) => JSON.parse(one.dataset.what).uri === uri);
    if (own === undefined) {
        own = item(list, { uri }, read);
        list.items.append(own);
    }
    own.firstElementChild.open = true;
    own.querySelector("summary").focus();
    // The form is made when the fold has opened, a moment later.
    setTimeout(() => own.querySelector("form")?.requestSubmit(), 50);
}

// Questions of the server.

const questions = make("div");

function question({ question: number, params = {} }) {
    const fields = form(params.requestedSchema ?? { type: "object", properties: {} });
    const answer = (action, content) => ask("answer", { question: number, result: { action, content } })
        .catch((error) => fields.complain(error.message));
    const accept = (event) => {
        event.preventDefault();
        try {
            answer("accept", params.url ? undefined : fields.read());
        } catch (error) {
            fields.complain(error.message);
        }
    };
    const heading = make("h2", { tabIndex: -1 }, "The server asks");
    const own = make("form", { class: "console-question", noValidate: true, "data-question": number, onsubmit: accept },
        heading,
        make("p", {}, params.message ?? ""),
        params.url ? make("p", {}, "It wants you to open ", make("code", {}, params.url)) : null,
        fields.element,
        make("p", { class: "console-buttons" },
            make("button", { type: "submit", class: "is-main" }, "Accept"),
            button("Decline", () => answer("decline")),
            button("Cancel", () => answer("cancel"))));
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

const line = make("textarea", { rows: 5, spellcheck: false, "aria-label": "A message for the server, as JSON" });
const lineNote = make("p", { class: "field-note", role: "status" });
let again = 0;

async function sendLine() {
    let text = line.value;
    let note = "Sent. A reply stands on the wire.";
    try {
        // A message is one line, however it is laid out here.
        text = JSON.stringify(JSON.parse(text));
    } catch {
        note = "Sent as it is; it is not JSON.";
    }
    await ask("send", { text }).catch((error) => (note = `x ${error.message}`));
    lineNote.textContent = note;
}

const lines = wire((message) => {
    select("own");
    // A reply has the id of its request.
    const id = message.method && "id" in message ? { id: `again-${(again += 1)}` } : {};
    line.value = JSON.stringify({ ...message, ...id }, null, 2);
    line.focus();
});

// The page.

for (const list of LISTS) {
    list.count = make("span");
    list.items = make("ul", { class: "console-items" });
    list.note = make("p", { class: "field-about" }, "Start the server to see them.");
    list.panel = make("div", {}, list.note, list.items,
        make("p", { class: "console-buttons" }, button("Ask for the list again", () => current !== null && refresh(list))));
}
const ownLine = {
    id: "own",
    words: "your own line",
    count: null,
    panel: make("div", { class: "console-own" },
        make("p", { class: "field-about" }, "It goes to the server as one line, right or wrong. The client adds nothing."),
        line, make("p", { class: "console-buttons" }, button("Send", sendLine, { class: "is-main" })), lineNote),
};
const panels = [...LISTS, ownLine];
const tabs = make("fieldset", { class: "console-tabs", onchange: (event) => select(event.target.value) },
    make("legend", {}, unseen("Show")),
    panels.map(({ id, words: name, count }) =>
        make("label", {}, make("input", { type: "radio", name: "tab", value: id }), make("span", {}, name, count))));

function select(id) {
    tabs.querySelector(`[value="${id}"]`).checked = true;
    panels.forEach((one) => (one.panel.hidden = one.id !== id));
}

select("tools");
place.append(setup, state, words, make("div", { class: "console-panes" },
    make("section", { "aria-label": "What the server offers" }, questions, tabs, ...panels.map(({ panel }) => panel)),
    make("section", { "aria-label": "The wire" }, make("h2", {}, "The wire"), lines.element)));
place.hidden = false;
document.querySelector(".console-still").hidden = true;
document.documentElement.classList.add("has-console");

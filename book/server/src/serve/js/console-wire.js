// The wire: every line in either direction, in the order of its time.
import { block, button, bytes, copyButton, make, spoken, visible } from "./console-dom.js";

/** Lines on the page. Older ones leave it. */
const MOST = 500;
/** How often the page is brought up to date. */
const PACE = 60;
const NAMES = {
    client: ["→", "client to server"],
    server: ["←", "server to client"],
    stderr: ["!", "standard error"],
    process: ["*", "the process"],
};

const parsed = (text) => {
    try {
        return JSON.parse(text);
    } catch {
        return null;
    }
};

/** What a line is, in a few words. */
function title({ kind, method, text, from }, message) {
    const name = message?.params?.name ?? message?.params?.uri;
    switch (kind) {
        case "request":
            return typeof name === "string" ? `${method} ${name}` : method;
        case "notification":
            return method;
        case "result": {
            const told = message?.result?.isError ? "tool error" : message?.result?.resultType === "input_required"
                ? "question" : "result";
            return `${told}${method ? ` of ${method}` : ""}`;
        }
        case "error":
            return `error ${message?.error?.code ?? ""}${method ? ` of ${method}` : ""}`;
        default:
            return from === "server" ? `no message of the protocol: ${text}` : text;
    }
}

/** The timeline. `resend` takes a line that is to be sent once more. */
export function wire(resend) {
    const list = make("ol", { class: "console-wire", tabindex: 0, "aria-label": "Lines of the wire, oldest first" });
    const gone = make("p", { class: "field-about", role: "status" });
    const requests = new Map();
    let waiting = [];
    let left = 0;
    let timer = null;

    function place(number) {
        const entry = list.querySelector(`[data-line="${number}"]`);
        entry?.querySelector("details")?.setAttribute("open", "");
        entry?.querySelector("summary")?.focus();
        entry?.scrollIntoView({ block: "nearest" });
    }

    function pairing(line) {
        const asked = requests.get(line.answers);
        if (line.answers === undefined) {
            return null;
        }
        const took = asked === undefined ? "" : ` after ${spoken(line.at - asked.at)}`;
        return button(`answers line ${line.answers}${took}`, () => place(line.answers), { class: "wire-pair" });
    }

    function entry(line) {
        const [arrow, who] = NAMES[line.from];
        const message = line.kind === "text" ? null : parsed(line.text);
        const cut = line.left_out ? ` (${bytes(line.left_out)} more are not shown)` : "";
        const strange = line.not_utf8 ? " (not UTF-8)" : "";
        const head = [
            make("span", { class: "wire-arrow", "aria-hidden": "true" }, arrow),
            make("span", { class: "visually-hidden" }, `${who}: `),
            make("span", { class: "wire-what" }, visible(title(line, message).slice(0, 300)) + strange + cut),
            message?.id === undefined ? null : make("span", { class: "wire-id" }, `id ${JSON.stringify(message.id)}`),
            make("span", { class: "wire-time" }, spoken(line.at)),
        ];
        const item = make("li", { class: `from-${line.from} is-${line.kind}`, "data-line": line.number });
        if (message === null && line.text.length <= 300) {
            item.append(make("p", { class: "wire-line" }, ...head.filter(Boolean)));
            return item;
        }
        const body = make("div", { class: "wire-body" });
        const details = make("details", {}, make("summary", { class: "wire-line" }, ...head.filter(Boolean)), body);
        // What nobody opens is not laid out.
        details.addEventListener("toggle", () => {
            if (details.open && body.childElementCount === 0) {
                body.append(...inside(line, message));
            }
        });
        item.append(details);
        return item;
    }

    function inside(line, message) {
        const laidOut = message === null ? line.text : JSON.stringify(message, null, 2);
        const tools = make("p", { class: "wire-tools" },
            pairing(line),
            message === null ? null : copyButton("Copy", () => laidOut),
            copyButton(message === null ? "Copy" : "Copy as one line", () => line.text),
            line.from === "client" ? button("Send again…", () => resend(line.text)) : null);
        return [tools, block(laidOut)];
    }

    function flush() {
        timer = null;
        const atEnd = list.scrollHeight - list.scrollTop - list.clientHeight < 40;
        const fresh = waiting.slice(-MOST);
        left += waiting.length - fresh.length;
        waiting = [];
        list.append(...fresh.map((one) => (one.nodeType ? one : entry(one))));
        while (list.childElementCount > MOST) {
            list.firstElementChild.remove();
            left += 1;
        }
        gone.textContent = left > 0 ? `${left} older lines have left this list.` : "";
        if (atEnd) {
            list.scrollTop = list.scrollHeight;
        }
    }

    function add(one) {
        waiting.push(one);
        if (waiting.length > 4 * MOST) {
            left += waiting.splice(0, waiting.length - MOST).length;
        }
        timer ??= setTimeout(flush, PACE);
    }

    return {
        element: make("div", {}, gone, list),
        /** A line of the wire. */
        add: (line) => {
            if (line.kind === "request") {
                requests.set(line.number, line);
                if (requests.size > MOST) {
                    requests.delete(requests.keys().next().value);
                }
            }
            add(line);
        },
        /** Lines that the server wrote and nobody sees. */
        skipped: ({ lines, bytes: count }) => add(make("li", { class: "from-process" }, make("p", { class: "wire-line" },
            `${lines} ${lines === 1 ? "line" : "lines"} (${bytes(count)}) are not shown: that is more than anybody reads. `
            + "The next call is shown again."))),
        clear: () => {
            list.replaceChildren();
            waiting = [];
            left = 0;
            gone.textContent = "";
        },
    };
}

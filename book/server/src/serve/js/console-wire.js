// The wire: every line in either direction, in the order of its time.
import { block, button, bytes, copyButton, spoken, visible } from "./console-dom.js";
import { make, unseen } from "./dom.js";

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

/** What a line is, in a few words. */
function title({ kind, method, text, from }, message) {
    const name = message?.params?.name ?? message?.params?.uri;
    switch (kind) {
        case "request":
            return typeof name === "string" ? `${method} ${name}` : method;
        case "notification":
            return method;
        case "result":
            return `${message?.result?.isError ? "tool error" : "result"} of ${method ?? "nothing that was asked"}`;
        case "error":
            return `error ${message?.error?.code} of ${method ?? "nothing that was asked"}`;
        default:
            return from === "server" ? `no message of the protocol: ${text}` : text;
    }
}

/** The timeline. `resend` takes a line that is to be sent once more. */
export function wire(resend) {
    const list = make("ol", { class: "console-wire", tabIndex: 0, "aria-label": "Lines of the wire, oldest first" });
    const note = make("p", { class: "field-about" });
    let waiting = [];

    function goTo(number) {
        const details = list.querySelector(`[data-line="${number}"] details`);
        if (details !== null) {
            details.open = true;
            details.firstElementChild.focus();
        }
    }

    function inside(line, message) {
        const laidOut = message === null ? line.text : JSON.stringify(message, null, 2);
        const { answers, took, from } = line;
        return [
            make("p", { class: "wire-tools" },
                answers ? button(`answers line ${answers} after ${spoken(took)}`, () => goTo(answers)) : null,
                message ? copyButton("Copy", () => laidOut) : null,
                copyButton(message ? "Copy as one line" : "Copy", () => line.text),
                message && from === "client" ? button("Send again…", () => resend(message)) : null),
            block(laidOut),
        ];
    }

    function entry(line) {
        const [arrow, who] = NAMES[line.from];
        // What is cut can be shown, not read.
        const message = line.kind === "text" || line.left_out ? null : JSON.parse(line.text);
        const cut = line.left_out ? ` (${bytes(line.left_out)} more are not shown)` : "";
        const strange = line.not_utf8 ? " (not UTF-8)" : "";
        const head = [
            make("span", { class: "wire-arrow", "aria-hidden": "true" }, arrow),
            unseen(`line ${line.number}, ${who}: `),
            make("span", { class: "wire-what" }, visible(title(line, message).slice(0, 300)) + strange + cut),
            message?.id === undefined ? null : make("span", { class: "wire-id" }, `id ${JSON.stringify(message.id)}`),
            make("span", { class: "wire-time" }, spoken(line.at)),
        ];
        const body = make("div", { class: "wire-body" });
        // What nobody opens is not laid out.
        const unfold = ({ target }) => {
            if (target.open && body.childElementCount === 0) {
                body.append(...inside(line, message));
            }
        };
        return make("li", { class: `from-${line.from} is-${line.kind}`, "data-line": line.number },
            message === null && line.text.length <= 300
                ? make("p", { class: "wire-line" }, head)
                : make("details", { ontoggle: unfold }, make("summary", { class: "wire-line" }, head), body));
    }

    function flush() {
        const atEnd = list.scrollHeight - list.scrollTop - list.clientHeight < 40;
        const fresh = waiting.slice(-MOST);
        const tooMany = Math.max(0, list.childElementCount + waiting.length - MOST);
        waiting = [];
        list.append(...fresh);
        while (list.childElementCount > MOST) {
            list.firstElementChild.remove();
        }
        if (tooMany > 0) {
            note.textContent = `The newest ${MOST} lines are here; older ones have left the page.`;
        }
        if (atEnd) {
            list.scrollTop = list.scrollHeight;
        }
    }

    function add(element) {
        if (waiting.push(element) === 1) {
            setTimeout(flush, PACE);
        }
    }

    return {
        element: make("div", {}, note, list),
        /** A line of the wire. */
        add: (line) => add(entry(line)),
        /** Lines that the server wrote and nobody sees. */
        skipped: ({ lines, bytes: count }) => add(make("li", { class: "from-process" }, make("p", { class: "wire-line" },
            `${lines} more ${lines === 1 ? "line" : "lines"}, ${bytes(count)}, not shown: nobody reads that much. `
            + "What follows your next call is shown again."))),
        clear: () => {
            waiting = [];
            list.replaceChildren();
            note.textContent = "";
        },
    };
}

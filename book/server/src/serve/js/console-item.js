// One tool, resource, template or prompt: its words, a form, a button, what comes back.
import { button, spoken } from "./console-dom.js";
import { form } from "./console-form.js";
import { show } from "./console-result.js";
import { expand, promptSchema, templateSchema } from "./console-schema.js";
import { ask, call, session } from "./console-session.js";
import { make } from "./dom.js";

/** How long the server may take, in seconds. */
const LIMITS = [10, 60, 600];

/** What can be listed: what each is called, what it takes, what is asked with it, and what the button says. */
export const LISTS = [
    {
        id: "tools",
        name: (tool) => tool.name,
        schema: (tool) => tool.inputSchema ?? {},
        request: ({ name }, values) => ["tools/call", { name, arguments: values }],
        act: "Call",
    },
    {
        id: "resources",
        name: (resource) => resource.uri,
        schema: () => templateSchema(""),
        request: ({ uri }) => ["resources/read", { uri }],
        act: "Read",
    },
    {
        id: "templates",
        method: "resources/templates/list",
        key: "resourceTemplates",
        capability: "resources",
        name: (template) => template.uriTemplate,
        schema: (template) => templateSchema(template.uriTemplate),
        request: ({ uriTemplate }, values) => ["resources/read", { uri: expand(uriTemplate, values) }],
        act: "Read",
    },
    {
        id: "prompts",
        name: (prompt) => prompt.name,
        schema: promptSchema,
        request: ({ name }, values) => ["prompts/get", { name, arguments: values }],
        act: "Get",
    },
].map((list) => ({ method: `${list.id}/list`, key: list.id, capability: list.id, words: list.id, ...list }));

/** A line of a list that unfolds. `read` shows a resource that a result names. */
export function item(list, one, read) {
    const body = make("div", { class: "console-item" });
    const name = list.name(one) ?? "without a name";
    const title = one.title && one.title !== name ? make("span", { class: "item-title" }, ` ${one.title}`) : null;
    const details = make("details", { name: `console-${list.id}`, ontoggle: unfold },
        make("summary", {}, make("code", {}, name), title), body);
    // What nobody opens needs no form.
    function unfold() {
        if (details.open && body.childElementCount === 0) {
            body.append(...inside(list, one, read));
        }
    }
    return make("li", { "data-what": JSON.stringify(one) }, details);
}

function inside(list, one, read) {
    const hints = Object.entries(one.annotations ?? {}).map(([name, value]) => `${name} ${JSON.stringify(value)}`);
    const fields = form(list.schema(one));
    const limit = make("select", {}, LIMITS.map((value) => make("option", { value, selected: value === 60 }, `${value} s`)));
    const act = make("button", { type: "submit", class: "is-main" }, list.act);
    const cancel = button("Cancel", () => ask("cancel", { call: running }).catch(() => {}), { hidden: true });
    const waiting = make("p", { class: "console-waiting" });
    const result = make("div", { class: "console-result", role: "status" });
    let running = null;

    function begin(method, params) {
        const began = Date.now();
        let told = "";
        const tell = () => {
            const seconds = Math.round((Date.now() - began) / 1000);
            waiting.textContent = `… ${seconds} s; the server has ${limit.value} s${told}`;
        };
        const clock = setInterval(tell, 1000);
        cancel.hidden = false;
        if (document.activeElement === act) {
            cancel.focus();
        }
        act.disabled = true;
        result.replaceChildren();
        tell();
        running = call(method, params, Number(limit.value), {
            progress: ({ progress, total, message = "" }) => {
                told = ` · ${progress}${total ? ` of ${total}` : ""} ${message}`;
                tell();
            },
            end: (reply) => {
                clearInterval(clock);
                act.disabled = false;
                if (document.activeElement === cancel) {
                    act.focus();
                }
                cancel.hidden = true;
                waiting.textContent = "";
                result.replaceChildren(...show(reply, method, spoken(Date.now() - began), read));
            },
        });
    }

    function submit(event) {
        event.preventDefault();
        try {
            const values = fields.read();
            fields.complain("");
            if (session.number === null) {
                result.textContent = "The server is not running: start it above.";
            } else if (!act.disabled) {
                begin(...list.request(one, values));
            }
        } catch (error) {
            fields.complain(error.message);
            error.element?.focus();
        }
    }

    return [
        make("p", {}, one.description ?? ""),
        make("p", { class: "field-about" }, [one.mimeType, ...hints].filter(Boolean).join(" · ")),
        make("form", { noValidate: true, onsubmit: submit }, fields.element,
            make("p", { class: "console-buttons" }, act, cancel, make("label", { class: "console-limit" }, "limit ", limit)),
            waiting, result),
    ];
}

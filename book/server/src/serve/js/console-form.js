// A form for a JSON Schema. It sends what the schema forbids, too: trying that is the point.
import { button } from "./console-dom.js";
import { complaint, describe, limits } from "./console-schema.js";
import { make } from "./dom.js";

const LEFT_OUT = "";

function parse(area, name) {
    try {
        return JSON.parse(area.value);
    } catch (error) {
        throw Object.assign(new Error(`${name} is not JSON: ${error.message}`), { element: area });
    }
}

/** A label, what there is to know, and the control. */
function labelled(name, node, required, control, note = null) {
    const about = crypto.randomUUID();
    const words = [required ? null : "optional", limits(node), node.schema.description];
    const hint = make("p", { class: "field-about", id: about }, words.filter(Boolean).join(" · "));
    control.id = crypto.randomUUID();
    control.setAttribute("aria-describedby", note ? `${about} ${note.id}` : about);
    const label = make("label", { htmlFor: control.id }, name);
    return make("div", { class: "field" }, label, control, hint, note);
}

function textField(name, node, required) {
    const numeric = node.kind !== "string";
    const note = make("p", { class: "field-note", id: crypto.randomUUID() });
    const input = make("input", {
        type: "text",
        autocomplete: "off",
        spellcheck: false,
        inputMode: numeric ? "decimal" : "text",
        oninput: () => complain(),
    });
    const read = () => {
        const text = input.value;
        if (text === "" && (!required || numeric)) {
            return node.nullable && required ? null : undefined;
        }
        return numeric && /^-?\d+(\.\d+)?([eE][+-]?\d+)?$/.test(text) ? Number(text) : text;
    };
    const complain = () => {
        const why = input.value === "" ? null : complaint(node, read());
        note.textContent = why === null ? "" : `${why}. It is sent as it is.`;
    };
    return {
        element: labelled(name, node, required, input, note),
        read,
        write: (value) => {
            input.value = value === undefined || value === null ? "" : String(value);
            complain();
        },
    };
}

function selectField(name, node, required) {
    const options = node.kind === "boolean" ? [true, false].map((value) => ({ value, about: "" })) : node.options;
    const words = ({ value, about }) => (about ? `${value} — ${about}` : String(value));
    const select = make("select", {},
        make("option", { value: LEFT_OUT }, required ? "(nothing chosen)" : "(left out)"),
        ...options.map((option, place) => make("option", { value: place }, words(option))));
    return {
        element: labelled(name, node, required, select),
        read: () => (select.value === LEFT_OUT ? undefined : options[select.value].value),
        write: (value) => {
            const place = options.findIndex((option) => option.value === value);
            select.value = place < 0 ? LEFT_OUT : place;
        },
    };
}

function jsonField(name, node, required) {
    const area = make("textarea", { rows: 3, spellcheck: false });
    return {
        element: labelled(`${name} (JSON)`, node, required, area),
        read: () => (area.value.trim() === "" ? undefined : parse(area, name)),
        write: (value) => (area.value = value === undefined ? "" : JSON.stringify(value, null, 2)),
    };
}

/** A group of fields; an optional one is sent only if its box is ticked. */
function group(name, node, required, content) {
    const box = make("input", { type: "checkbox", onchange: () => show() });
    const legend = required
        ? make("legend", {}, name)
        : make("legend", {}, make("label", {}, box, ` send ${name}`));
    const about = [limits(node), node.schema.description].filter(Boolean).join(" · ");
    const inside = make("div", { class: "field-group" });
    const element = make("fieldset", {}, legend, about ? make("p", { class: "field-about" }, about) : null, inside);
    let made = null;
    const show = () => {
        inside.hidden = !(required || box.checked);
        if (!inside.hidden && made === null) {
            made = content(inside);
        }
    };
    show();
    return {
        element,
        read: () => (inside.hidden ? undefined : made.read()),
        write: (value) => {
            box.checked = value !== undefined && value !== null;
            show();
            made?.write(value);
        },
    };
}

function objectFields(node, root, inside) {
    const fields = node.properties.map(({ name, schema, required }) => [name, field(name, schema, root, required)]);
    inside.append(...fields.map(([, own]) => own.element));
    return {
        read: () => Object.fromEntries(fields
            .map(([name, own]) => [name, own.read()])
            .filter(([, value]) => value !== undefined)),
        write: (value) => fields.forEach(([name, own]) => own.write(value?.[name])),
    };
}

function arrayFields(name, node, root, required, inside) {
    const list = make("ol", { class: "field-items" });
    const items = [];
    const add = (value) => {
        const own = field(`${name} item`, node.items, root, true);
        const item = { own };
        item.element = make("li", {}, own.element, button("Remove", () => {
            items.splice(items.indexOf(item), 1);
            item.element.remove();
            more.focus();
        }, { "aria-label": `Remove this item of ${name}` }));
        items.push(item);
        list.append(item.element);
        if (value !== undefined) {
            own.write(value);
        }
        return item.element;
    };
    const more = button(`Add to ${name}`, () => add().querySelector("input, select, textarea, button")?.focus());
    inside.append(list, more);
    return {
        read: () => items.map(({ own }) => own.read()).filter((value) => value !== undefined),
        write: (value) => {
            items.splice(0).forEach(({ element }) => element.remove());
            (Array.isArray(value) ? value : []).forEach(add);
        },
    };
}

/** Whether a branch has what a value has: what it requires, and its constants. */
function fits({ schema }, value, root) {
    const { kind, properties } = describe(schema, root);
    return kind !== "object" || properties.every(({ name, schema: own, required }) => {
        const { options } = describe(own, root);
        const there = name in Object(value);
        return there ? !options || options.some((option) => option.value === value[name]) : !required;
    });
}

function choiceFields(name, node, root, inside) {
    const place = make("div");
    let own = null;
    const show = () => {
        own = field(name, node.branches[select.value].schema, root, true);
        place.replaceChildren(own.element);
    };
    const select = make("select", { onchange: show, "aria-label": `which form ${name} has` },
        ...node.branches.map(({ label }, index) => make("option", { value: index }, label)));
    inside.append(select, place);
    show();
    return {
        read: () => own.read(),
        write: (value) => {
            if (value !== undefined) {
                select.value = Math.max(0, node.branches.findIndex((branch) => fits(branch, value, root)));
                show();
                own.write(value);
            }
        },
    };
}

/** One field: its element, what it holds (undefined: nothing to send), and how to fill it. */
function field(name, schema, root, required) {
    const node = describe(schema, root);
    const own = {
        enum: () => selectField(name, node, required),
        boolean: () => selectField(name, node, required),
        object: () => group(name, node, required, (inside) => objectFields(node, root, inside)),
        array: () => group(name, node, required, (inside) => arrayFields(name, node, root, required, inside)),
        choice: () => group(name, node, required, (inside) => choiceFields(name, node, root, inside)),
        json: () => jsonField(name, node, required),
    }[node.kind]?.() ?? textField(name, node, required);
    // Left out, an optional field has its default anyway; a required one would not.
    if (node.schema.default !== undefined && required) {
        own.write(node.schema.default);
    }
    return own;
}

/** A form for an object, with a switch to its JSON. `read()` throws what holds no JSON. */
export function form(schema) {
    const node = describe(schema);
    const fields = make("div", { class: "fields" });
    const simple = node.kind === "object" ? objectFields(node, schema, fields) : null;
    const area = make("textarea", { rows: 6, spellcheck: false, "aria-label": "Arguments as JSON" });
    const raw = make("div", { hidden: true }, area);
    const note = make("p", { class: "field-note", role: "status" });
    const read = () => (raw.hidden ? simple.read() : parse(area, "This"));
    const show = () => {
        raw.hidden = !box.checked;
        fields.hidden = box.checked;
    };
    const box = make("input", {
        type: "checkbox",
        onchange: () => {
            note.textContent = "";
            try {
                const value = read();
                if (box.checked) {
                    area.value = JSON.stringify(value, null, 2);
                } else {
                    simple.write(value);
                }
                show();
            } catch (error) {
                box.checked = !box.checked;
                note.textContent = error.message;
            }
        },
    });
    const about = node.properties?.length === 0 ? make("p", { class: "field-about" }, "It takes no arguments.") : null;
    const toggle = make("label", { class: "as-json" }, box, " as JSON");
    if (simple === null) {
        box.checked = box.disabled = true;
        area.value = "{}";
        show();
    }
    return {
        element: make("div", { class: "console-form" }, about, fields, raw, toggle, note),
        read,
        complain: (words) => (note.textContent = words),
    };
}

// Making elements, and addresses in the book. Text stays text: nothing here takes HTML.

/**
 * An element. Of `properties`, `class` and those with a hyphen are attributes, `on…` are listeners, others are set.
 * Children that are null or false are left out.
 */
export function make(name, properties = {}, ...children) {
    const element = document.createElement(name);
    for (const [key, value] of Object.entries(properties)) {
        if (key.startsWith("on")) {
            element.addEventListener(key.slice(2), value);
        } else if (key === "class" || key === "role" || key.includes("-")) {
            element.setAttribute(key, value);
        } else {
            element[key] = value;
        }
    }
    element.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
    return element;
}

/** Where the book begins: mdBook says so on each page, with a name of its own. */
export const book = new URL(typeof path_to_root === "string" && path_to_root !== "" ? path_to_root : "./", document.baseURI);

/** A fold. */
export function fold(summary, ...children) {
    return make("details", { class: "card-fold" }, make("summary", {}, summary), ...children);
}

/** A state: its sign for the eye, its words for everyone. */
export function sign(of) {
    return make("span", { class: `sign is-${of.state}`, "aria-hidden": "true" }, of.sign);
}

/** Text for screen readers alone. */
export function unseen(text) {
    return make("span", { class: "unseen" }, text);
}

/** `a.rs:12` in the checkout `root`: the plain words, and a link that opens an editor there. */
export function place(root, shown) {
    const [, path, line] = /^(.*):(\d+)$/.exec(shown) ?? [null, shown, "1"];
    const whole = `${root}/${path}`.replaceAll("\\", "/").replace(/^\/?/, "/");
    const address = whole.split("/").map(encodeURIComponent).join("/").replaceAll("%3A", ":");
    return make("span", { class: "place" },
        make("code", {}, shown), " ",
        make("a", { href: `vscode://file${address}:${line}` }, "open in VS Code", unseen(`: ${shown}`)));
}

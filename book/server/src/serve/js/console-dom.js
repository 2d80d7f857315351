// Making elements. Text is always text: nothing that a server says becomes markup.

let last = 0;

/** A new id for an element. */
export const freshId = () => `console-${(last += 1)}`;

/** An element with attributes, listeners (`onclick` and the like) and children; strings become text. */
export function make(tag, attributes = {}, ...children) {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) {
        if (name.startsWith("on")) {
            element.addEventListener(name.slice(2), value);
        } else if (value === true) {
            element.setAttribute(name, "");
        } else if (value !== false && value !== null && value !== undefined) {
            element.setAttribute(name, value);
        }
    }
    element.append(...children.filter((child) => child !== null && child !== undefined));
    return element;
}

/** A button that does not send a form. */
export const button = (words, onclick, more = {}) => make("button", { type: "button", onclick, ...more }, words);

/** Characters that would change how a text is shown, made visible: escape codes, other control characters. */
export function visible(text) {
    return text.replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f]/g, (code) =>
        String.fromCharCode(0x2400 + code.charCodeAt(0)));
}

/** Bytes as people say them. */
export function bytes(count) {
    const units = ["bytes", "kB", "MB", "GB"];
    const power = Math.min(Math.floor(Math.log10(Math.max(count, 1)) / 3), units.length - 1);
    return `${power === 0 ? count : (count / 1000 ** power).toPrecision(3)} ${units[power]}`;
}

/** A time as people say it. */
export const spoken = (millis) => (millis < 1000 ? `${millis} ms` : `${(millis / 1000).toFixed(1)} s`);

/** A block of text that can be scrolled with the keyboard. */
export const block = (text) => make("pre", { tabindex: 0 }, make("code", {}, visible(text)));

/** A button that copies what `text` returns, and says so. */
export function copyButton(words, text) {
    const own = button(words, async () => {
        let said = "Copied";
        try {
            await navigator.clipboard.writeText(text());
        } catch {
            said = "Your browser does not allow it";
        }
        own.textContent = said;
        setTimeout(() => (own.textContent = words), 1500);
    }, { "aria-live": "polite" });
    return own;
}

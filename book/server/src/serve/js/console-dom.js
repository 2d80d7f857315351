// Small pieces of the console.
import { make } from "./dom.js";

/** A button that does not send a form. */
export const button = (words, onclick, more = {}) => make("button", { type: "button", onclick, ...more }, words);

/** Text with its escape codes and other control characters made visible. */
export function visible(text) {
    return text.replace(/[\u0000-\u0008\u000b-\u001f]/g, (code) => `\\x${code.charCodeAt(0).toString(16).padStart(2, "0")}`);
}

/** Bytes as people say them. */
export function bytes(count) {
    return count < 1000 ? `${count} bytes` : count < 1e6 ? `${Math.round(count / 1e3)} kB` : `${(count / 1e6).toFixed(1)} MB`;
}

/** A time as people say it. */
export const spoken = (millis) => (millis < 1000 ? `${millis} ms` : `${(millis / 1000).toFixed(1)} s`);

/** A block of text that can be scrolled with the keyboard. */
export const block = (text) => make("pre", {}, make("code", { tabIndex: 0 }, visible(text)));

/** A button that copies what `text` returns, and says so. */
export function copyButton(words, text) {
    const own = button(words, async () => {
        const copied = navigator.clipboard.writeText(text()).then(() => "Copied", () => "Not allowed by the browser");
        own.textContent = await copied;
        setTimeout(() => (own.textContent = words), 1500);
    }, { "aria-live": "polite" });
    return own;
}

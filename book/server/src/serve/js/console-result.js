// What comes back from a server, by kind.
import { block, button, bytes } from "./console-dom.js";
import { make } from "./dom.js";

const PICTURE = /^image\/(png|jpeg|gif|webp|svg\+xml)$/;
const json = (value) => JSON.stringify(value, null, 2);
const size = (base64) => bytes(Math.floor(((base64?.length ?? 0) * 3) / 4));

function titled(words, ...parts) {
    return make("figure", { class: "result-part" }, make("figcaption", {}, words), ...parts);
}

function picture(data, kind) {
    if (!PICTURE.test(kind)) {
        return make("p", {}, `${kind ?? "no MIME type"}, ${size(data)}`);
    }
    return make("img", { src: `data:${kind};base64,${data}`, alt: `The picture that the server sent (${kind})` });
}

/** What a resource holds: text, or bytes. */
function contents({ uri, mimeType, text, blob }) {
    const kind = mimeType ?? "no MIME type";
    return titled(`resource ${uri} (${kind})`, text === undefined ? picture(blob, mimeType) : block(text));
}

/** One block of content. `read` asks for a resource. */
function content(part, read) {
    switch (part?.type) {
        case "text":
            return block(part.text ?? "");
        case "image":
        case "audio":
            return titled(part.type, picture(part.data, part.mimeType));
        case "resource":
            return contents(part.resource ?? {});
        case "resource_link":
            return titled(
                `link to the resource ${part.uri}`,
                make("p", {}, [part.title ?? part.name, part.mimeType, part.description].filter(Boolean).join(" · ")),
                button("Read it", () => read(part.uri)),
            );
        default:
            return block(json(part));
    }
}

function sameAs(data, part) {
    try {
        return part.type === "text" && JSON.stringify(JSON.parse(part.text)) === JSON.stringify(data);
    } catch {
        return false;
    }
}

function toolResult(result, read) {
    const parts = [];
    const { structuredContent: data, content: blocks = [] } = result;
    if (data !== undefined) {
        parts.push(titled("structured data", block(json(data))));
    }
    for (const one of blocks) {
        const same = data !== undefined && sameAs(data, one);
        parts.push(same ? make("p", { class: "field-about" }, "The same once more as text, for older clients.")
            : content(one, read));
    }
    return parts.length > 0 ? parts : [make("p", {}, "It has no content.")];
}

function parts(method, result, read) {
    switch (method) {
        case "tools/call":
            return result.content || result.structuredContent !== undefined
                ? toolResult(result, read) : [block(json(result))];
        case "resources/read":
            return (result.contents ?? []).map(contents);
        case "prompts/get":
            return (result.messages ?? []).map(({ role, content: part }) =>
                titled(`the ${role} says`, ...[part].flat().map((one) => content(one, read))));
        default:
            return [block(json(result))];
    }
}

/** How a call ended, with sign and word, and what it brought. */
export function show({ outcome, result, error, why }, method, took, read) {
    const said = (sign, kind, words) =>
        make("p", { class: `console-verdict ${kind}` }, make("strong", {}, `${sign} ${words}`), ` · ${took}`);
    if (outcome === "nothing") {
        return [said("x", "is-bad", "no reply"), make("p", {}, why)];
    }
    if (outcome === "error") {
        const data = error.data === undefined ? null : titled("data", block(json(error.data)));
        return [said("x", "is-bad", `protocol error ${error.code}`), block(error.message ?? ""), data].filter(Boolean);
    }
    if (result?.resultType !== undefined && result.resultType !== "complete") {
        return [said("-", "", `the result is of type ${result.resultType}`), block(json(result))];
    }
    const head = result?.isError ? said("x", "is-bad", "tool error") : said("ok", "is-good", "result");
    return [head, ...parts(method, result ?? {}, read)];
}

// Two texts beside each other: sentences with what differs marked, and lines with their signs.
import { make, unseen } from "./dom.js";

/** Longer texts are not compared: what differs there is found faster by eye than by 10^6 steps. */
const MOST = 400;
/** Texts that share less than this part of their words are about different things: nothing is marked. */
const ALIKE = 0.3;

function words(text) {
    return text.match(/[\p{L}\p{N}_]+|\s+|[^\p{L}\p{N}_\s]/gu) ?? [];
}

/** Which words of each text belong to their longest common sequence. */
function common(first, second) {
    const lengths = Array.from({ length: first.length + 1 }, () => new Uint16Array(second.length + 1));
    for (let i = first.length - 1; i >= 0; i -= 1) {
        for (let j = second.length - 1; j >= 0; j -= 1) {
            lengths[i][j] = first[i] === second[j]
                ? lengths[i + 1][j + 1] + 1
                : Math.max(lengths[i + 1][j], lengths[i][j + 1]);
        }
    }
    const [inFirst, inSecond] = [new Set(), new Set()];
    for (let i = 0, j = 0; i < first.length && j < second.length;) {
        if (first[i] === second[j]) {
            inFirst.add(i);
            inSecond.add(j);
            i += 1;
            j += 1;
        } else if (lengths[i + 1][j] >= lengths[i][j + 1]) {
            i += 1;
        } else {
            j += 1;
        }
    }
    return [inFirst, inSecond];
}

function marked(all, shared) {
    const parts = [];
    all.forEach((word, index) => {
        const differs = !shared.has(index);
        const last = parts.at(-1);
        if (last?.differs === differs) {
            last.text += word;
        } else {
            parts.push({ differs, text: word });
        }
    });
    return parts.map(({ differs, text }) =>
        (differs && text.trim() !== "" ? make("mark", {}, text) : text));
}

/** Both texts as lists of nodes. */
export function difference(first, second) {
    const [one, other] = [words(first), words(second)];
    if (one.length > MOST || other.length > MOST) {
        return [[first], [second]];
    }
    const [inOne, inOther] = common(one, other);
    const real = [...inOne].filter((index) => /[\p{L}\p{N}]/u.test(one[index])).length;
    const fewest = Math.min(one.length, other.length) / 2;
    if (real < ALIKE * fewest) {
        return [[first], [second]];
    }
    return [marked(one, inOne), marked(other, inOther)];
}

/** The lines of a comparison, each with its sign. */
export function comparison(lines, first, second) {
    const signs = { both: " ", first: "-", second: "+", gap: "…" };
    const words = { first: `${first}: `, second: `${second}: ` };
    const code = make("code", { class: "comparison", tabIndex: 0 }, lines.map(({ side, text }) =>
        make("span", { class: `line is-${side}` },
            make("span", { "aria-hidden": "true" }, `${signs[side]} `),
            words[side] ? unseen(words[side]) : null, `${text}\n`)));
    return make("pre", {}, code);
}

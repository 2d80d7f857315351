// The open console of this page, and its calls that have not ended.
import { post } from "./api.js";

/** The number that the server gave; null while there is no server to ask. */
export const session = { number: null };
const calls = new Map();
let last = 0;

export const ask = (path, body = {}) => post(`console/${path}`, { session: session.number ?? 0, ...body });

/** Begins a call and returns its number. `hear.end` is told how it ends, `hear.progress` how far it is. */
export function call(method, params, limit, hear) {
    const number = (last += 1);
    calls.set(number, hear);
    ask("call", { call: number, method, params, limit })
        .catch((error) => ended({ call: number, outcome: "nothing", why: error.message }));
    return number;
}

/** The end of a call, as the event tells it. */
export const request = (method, params) => new Promise((end) => call(method, params, 60, { end }));

export const progress = ({ call: number, params }) => calls.get(number)?.progress?.(params);

export function ended(event) {
    const hear = calls.get(event.call);
    calls.delete(event.call);
    hear?.end(event);
}

/** Nothing is heard of these calls any more. */
export const forget = (why) =>
    [...calls.keys()].forEach((number) => ended({ call: number, outcome: "nothing", why }));

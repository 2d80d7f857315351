// One stream of news for the page, open while it is seen: a browser keeps six connections to a server. It comes back
// after sleep, a network change, a new server.
import { listen } from "./api.js";

/** Longer than the server is ever silent. */
const DEAD_AFTER = 40_000;
const FIRST_PAUSE = 250;
const LONGEST_PAUSE = 5_000;

const hearers = new Map();
let current = null;
let listener = {};

/** Calls `hear` with every piece of news of this kind; `connection` tells whether the server is there. */
export function on(kind, hear) {
    hearers.set(kind, [...(hearers.get(kind) ?? []), hear]);
}

function tell(kind, news) {
    hearers.get(kind)?.forEach((hear) => hear(news));
}

async function follow(stop) {
    let pause = FIRST_PAUSE;
    while (!stop.signal.aborted) {
        const attempt = new AbortController();
        const end = () => attempt.abort();
        stop.signal.addEventListener("abort", end);
        let dead = setTimeout(end, DEAD_AFTER);
        try {
            await listen("news", listener, (news) => {
                clearTimeout(dead);
                dead = setTimeout(end, DEAD_AFTER);
                pause = FIRST_PAUSE;
                tell("connection", true);
                tell(news.news, news);
            }, attempt.signal);
        } catch {
            // Why it ended does not matter: the next attempt tells.
        }
        clearTimeout(dead);
        stop.signal.removeEventListener("abort", end);
        if (!stop.signal.aborted) {
            tell("connection", false);
            await new Promise((resolve) => setTimeout(resolve, pause));
            pause = Math.min(2 * pause, LONGEST_PAUSE);
        }
    }
}

function followWhileVisible() {
    if (document.hidden) {
        current?.abort();
        current = null;
    } else if (current === null) {
        current = new AbortController();
        follow(current);
    }
}

/** Begins to listen; `who` tells the server what is on the page. */
export function start(who) {
    listener = who;
    document.addEventListener("visibilitychange", followWhileVisible);
    followWhileVisible();
}

// Asking the server: POST with JSON and the token of this run, which the server wrote into the page.

/** The token; null on a page that no workbook server made. */
export const token = document.querySelector("meta[name=workbook-token]")?.content ?? null;

/** What the server said in place of an answer. `code` is for programs, `message` for people. */
export class Refused extends Error {
    constructor(code, message) {
        super(message);
        this.code = code;
    }
}

async function request(path, body, signal) {
    const response = await fetch(`/api/${path}`, {
        method: "POST",
        headers: { "content-type": "application/json", "x-workbook-token": token },
        body: JSON.stringify(body),
        cache: "no-store",
        signal,
    });
    if (response.ok) {
        return response;
    }
    const told = await response.json().catch(() => null);
    const { code = "fault", message = `the server answered ${response.status}` } = told?.error ?? {};
    if (code === "wrong_token") {
        // The server was started anew: the page it makes now has its token.
        location.reload();
    }
    throw new Refused(code, message);
}

/** The answer to a question. */
export async function post(path, body = {}, signal = undefined) {
    return (await request(path, body, signal)).json();
}

/** Calls `hear` with every object that the server sends, one a line, until the stream ends. */
export async function listen(path, body, hear, signal) {
    const response = await request(path, body, signal);
    const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
    let rest = "";
    for (;;) {
        const { done, value } = await reader.read();
        if (done) {
            return;
        }
        const lines = (rest + value).split("\n");
        rest = lines.pop();
        lines.filter((line) => line !== "").forEach((line) => hear(JSON.parse(line)));
    }
}

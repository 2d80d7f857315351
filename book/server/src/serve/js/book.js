// Reloads the page when there is a new book, and says when there is none, or no server.
import { make } from "./dom.js";
import { on } from "./news.js";

/** So long the server may be away before the page says so: it may just be started anew. */
const PATIENCE = 1_500;

let shownBuild = null;

function showError(text) {
    document.getElementById("build-error")?.remove();
    if (text !== null) {
        document.body.append(make("section", { id: "build-error", role: "alert" },
            make("h2", {}, "The book on disk cannot be built. This is the last good one."),
            make("pre", { tabIndex: 0 }, text)));
    }
}

on("book", (status) => {
    if (shownBuild !== null && status.build !== shownBuild) {
        location.reload();
        return;
    }
    shownBuild = status.build;
    showError(status.error);
});

const gone = make("p", { id: "server-gone", role: "status", hidden: true });
let waiting = null;
document.body.append(gone);

on("connection", (there) => {
    clearTimeout(waiting);
    if (there) {
        gone.hidden = true;
        gone.replaceChildren();
        return;
    }
    waiting = setTimeout(() => {
        gone.hidden = false;
        gone.replaceChildren("The workbook's server does not answer. ", make("code", {}, "cargo xtask serve"),
            " starts it; this page then goes on by itself.");
    }, gone.hidden ? PATIENCE : 0);
});

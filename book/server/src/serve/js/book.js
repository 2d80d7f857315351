// Reloads the page when there is a new book, and shows why there is none.
import { on } from "./news.js";

let shownBuild = null;

function showError(text) {
    let banner = document.getElementById("build-error");
    if (text === null) {
        banner?.remove();
        return;
    }
    if (!banner) {
        banner = document.createElement("section");
        banner.id = "build-error";
        banner.setAttribute("role", "alert");
        const heading = document.createElement("h2");
        heading.textContent = "The book on disk cannot be built. This is the last good one.";
        const output = document.createElement("pre");
        output.tabIndex = 0;
        banner.append(heading, output);
        document.body.append(banner);
    }
    banner.querySelector("pre").textContent = text;
}

on("book", (status) => {
    if (shownBuild !== null && status.build !== shownBuild) {
        location.reload();
        return;
    }
    shownBuild = status.build;
    showError(status.error);
});

// What mdBook's frame leaves to the mouse and to the eye: its button for the list of chapters is a label, which no key
// reaches, and its bar is no landmark for screen readers.
"use strict";
(() => {
    document.getElementById("mdbook-menu-bar")?.setAttribute("role", "banner");
    const label = document.getElementById("mdbook-sidebar-toggle");
    if (label === null) {
        return;
    }
    const button = document.createElement("button");
    button.type = "button";
    button.className = label.className;
    button.title = label.title;
    button.append(...[...label.childNodes].map((node) => node.cloneNode(true)));
    for (const name of ["aria-label", "aria-controls"]) {
        button.setAttribute(name, label.getAttribute(name));
    }
    const follow = () => button.setAttribute("aria-expanded", label.getAttribute("aria-expanded") ?? "false");
    // mdBook keeps the label up to date, however the list is opened and closed.
    new MutationObserver(follow).observe(label, { attributeFilter: ["aria-expanded"] });
    follow();
    button.addEventListener("click", () => label.click());
    label.before(button);
    label.style.display = "none";
})();

// What mdBook's frame leaves to the mouse and to the eye: a page's text comes after a hundred links, and Tab begins
// among them; its button for the list of chapters is a label, which no key reaches, its bar is no landmark, and no key
// scrolls what is too wide.
"use strict";
(() => {
    document.getElementById("mdbook-menu-bar")?.setAttribute("role", "banner");
    const main = document.querySelector("main");
    if (main !== null) {
        main.id = "text";
        main.tabIndex = -1;
        const skip = document.createElement("a");
        skip.className = "skip";
        skip.href = "#text";
        skip.textContent = "Skip to the text";
        document.body.prepend(skip);
        if (location.hash === "") {
            document.body.tabIndex = -1;
            document.body.focus();
            document.body.removeAttribute("tabindex");
        }
    }
    const wide = new ResizeObserver((all) => all.forEach(({ target }) =>
        target.toggleAttribute("tabindex", target.scrollWidth > target.clientWidth) && (target.tabIndex = 0)));
    document.querySelectorAll("pre > code, .drawing, .table-wrapper").forEach((part) => wide.observe(part));
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

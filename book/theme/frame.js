// What mdBook's frame leaves to mouse and eye: Tab begins among a hundred links, the button for the list of chapters is
// a label that no key reaches, the bar is no landmark, and no key scrolls what is too wide.
"use strict";
(() => {
    document.getElementById("mdbook-menu-bar")?.setAttribute("role", "banner");
    const main = document.querySelector("main");
    if (main !== null) {
        main.id = "text";
        main.tabIndex = -1;
        const { body } = document;
        const skip = document.createElement("a");
        body.prepend(Object.assign(skip, { className: "skip", href: "#text", textContent: "Skip to the text" }));
        if (location.hash === "") {
            body.tabIndex = -1;
            body.focus();
            body.removeAttribute("tabindex");
        }
    }
    const wide = new ResizeObserver((all) => all.forEach(({ target }) =>
        target.toggleAttribute("tabindex", target.scrollWidth > target.clientWidth) && (target.tabIndex = 0)));
    document.querySelectorAll("pre > code, .drawing, .table-wrapper").forEach((part) => wide.observe(part));
    const label = document.getElementById("mdbook-sidebar-toggle");
    if (label === null) {
        return;
    }
    const { className, title } = label;
    const button = Object.assign(document.createElement("button"), { type: "button", className, title });
    button.append(...label.cloneNode(true).childNodes);
    for (const name of ["aria-label", "aria-controls"]) {
        button.setAttribute(name, label.getAttribute(name));
    }
    const follow = () => button.setAttribute("aria-expanded", label.getAttribute("aria-expanded") ?? "false");
    // mdBook keeps the label up to date.
    new MutationObserver(follow).observe(label, { attributeFilter: ["aria-expanded"] });
    follow();
    button.addEventListener("click", () => label.click());
    label.before(button);
    label.style.display = "none";
})();

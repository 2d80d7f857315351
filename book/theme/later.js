// What a page needs only after it has been seen: the colours of its code, and the search. The build of the book puts
// this script in front of the others, and tells it where those are that it loads.
"use strict";
(() => {
    const { highlight, search } = document.currentScript.dataset;
    const load = (address) => new Promise((loaded, failed) => {
        const script = document.createElement("script");
        script.src = address;
        script.addEventListener("load", loaded);
        script.addEventListener("error", failed);
        document.head.append(script);
    });

    // mdBook's script hands every piece of code to the highlighter at once. Until that is there, this one keeps them.
    const kept = [];
    const later = { configure: (how) => (later.how = how), highlightBlock: (block) => kept.push(block) };
    window.hljs = later;
    // When everything else has come, and that has been painted.
    const seen = () => requestAnimationFrame(() => setTimeout(colour));
    async function colour() {
        const blocks = kept.filter((block) => /\blanguage-/.test(block.className));
        if (blocks.length > 0) {
            await load(highlight);
            window.hljs.configure(later.how);
            blocks.forEach((block) => window.hljs.highlightBlock(block));
        }
    }
    window.addEventListener("load", seen);

    const toggle = document.getElementById("mdbook-search-toggle");
    if (!search || toggle === null) {
        return;
    }
    let there = null;
    const bring = () => (there ??= search.split(" ").reduce((before, address) => before.then(() => load(address)), Promise.resolve()));
    const open = async () => {
        if (there === null) {
            await bring();
            toggle.click();
        }
    };
    toggle.addEventListener("click", open);
    document.addEventListener("keydown", (event) => {
        const plain = !(event.altKey || event.ctrlKey || event.metaKey || event.shiftKey);
        if (there === null && plain && ["s", "/"].includes(event.key) && !window.mdbook_something_else_has_focus(event)) {
            event.preventDefault();
            open();
        }
    });
    // An address can name words to look for, or to mark.
    if (/[?&](search|highlight)=/.test(location.search)) {
        document.addEventListener("DOMContentLoaded", bring);
    }
})();

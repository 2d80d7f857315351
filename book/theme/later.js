// A page is shown first. Then come the scripts that make it work, and what is needed later or never: the colours of
// its code, and the search. The build of the book writes this script into each page in place of all others, and tells
// it where those are.
"use strict";
(() => {
    const { scripts, highlight, search } = document.currentScript.dataset;
    const put = (name, properties) => document.head.append(Object.assign(document.createElement(name), properties));
    /** Loads scripts, which run in their order. */
    const load = (addresses) => Promise.all(addresses.split(" ").filter(Boolean).map((src) =>
        new Promise((onload, onerror) => put("script", { async: false, src, onload, onerror }))));
    // A page in a window that nobody sees is not painted.
    const seen = () => new Promise((done) => {
        requestAnimationFrame(() => setTimeout(done));
        setTimeout(done, 100);
    });

    // mdBook's script hands every piece of code to the highlighter at once. Until that is there, this one keeps them.
    const kept = [];
    const later = { configure: (how) => (later.how = how), highlightBlock: (block) => kept.push(block) };
    window.hljs = later;

    async function colour() {
        const blocks = kept.filter((block) => /\blang(uage)?-/.test(block.className));
        if (blocks.length > 0) {
            await load(highlight);
            window.hljs.configure(later.how);
            blocks.forEach((block) => window.hljs.highlightBlock(block));
        }
    }

    // The live parts, which only the workbook's own server names: all modules, the one that runs first.
    function live() {
        const modules = document.querySelector("meta[name=workbook-scripts]")?.content.split(" ") ?? [];
        modules.forEach((href) => put("link", { rel: "modulepreload", href }));
        if (modules.length > 0) {
            put("script", { type: "module", src: modules[0] });
        }
    }

    let there = null;
    const find = () => (there ??= load(search));
    function bringSearch() {
        const toggle = document.getElementById("mdbook-search-toggle");
        const open = async () => {
            if (there === null) {
                await find();
                toggle.click();
            }
        };
        toggle?.addEventListener("click", open);
        document.addEventListener("keydown", (event) => {
            const plain = !(event.altKey || event.ctrlKey || event.metaKey || event.shiftKey);
            if (toggle && there === null && plain && ["s", "/"].includes(event.key) && !window.mdbook_something_else_has_focus(event)) {
                event.preventDefault();
                open();
            }
        });
        // An address can name words to look for, or to mark.
        if (/[?&](search|highlight)=/.test(location.search)) {
            find();
        }
    }

    document.addEventListener("DOMContentLoaded", async () => {
        await seen();
        live();
        await load(scripts);
        if (search) {
            bringSearch();
        }
        await colour();
    });
})();

// The first script of a page: brings its live parts to life. Only the workbook's own server adds it.
import "./book.js";
import { start } from "./news.js";
import "./sidebar.js";

/** What a page does not have, it does not load. */
const load = (what, script) => document.querySelector(what) && import(script);

const cards = await load("section[data-exercise]", "./cards.js");
await load("[data-progress]", "./progress.js");
await load("[data-console]", "./console.js");
start({ exercises: cards?.shown ?? [] });

// The first script of a page: brings its live parts to life. Only the workbook's own server adds it.
import "./book.js";
import { shown } from "./cards.js";
import { start } from "./news.js";
import "./progress.js";
import "./sidebar.js";

start({ exercises: shown });

if (document.querySelector("[data-console]")) {
    import("./console.js");
}

// The first script of a page: brings its live parts to life. Only the workbook's own server adds it.
import "./book.js";
import { start } from "./news.js";

start();
if (document.querySelector("[data-console]")) {
    import("./console.js");
}

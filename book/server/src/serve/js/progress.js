// The page of all exercises: where each stands, what is next, what fails.
import { book, make, place, sign, unseen } from "./dom.js";
import { on } from "./news.js";

const FAILING = ["wrong", "does_not_compile"];
const summary = document.querySelector("[data-progress]");

function link(exercise) {
    const address = new URL(`${exercise.page}#exercise-${exercise.id.replace(".", "-")}`, book);
    return make("a", { href: address.href }, `${exercise.id} ${exercise.title}`);
}

function row(label, ...content) {
    return make("div", {}, make("dt", {}, label), make("dd", {}, ...content));
}

function showSummary({ root, solved, of, next, chapters, trouble }) {
    const all = chapters.flatMap((chapter) => chapter.exercises);
    const failing = all.filter((exercise) => FAILING.includes(exercise.state));
    const now = all.find((exercise) => exercise.id === next);
    const list = failing.map((exercise) => make("li", {}, sign(exercise), " ", link(exercise), `: ${exercise.beside}`));
    summary.replaceChildren(trouble
        ? make("p", { class: "fault" }, trouble)
        : make("dl", { class: "progress-facts" },
            row("done", `${solved} of ${of} exercises`, make("progress", { max: of, value: solved, "aria-hidden": "true" })),
            row("next", now ? link(now) : "Every exercise is solved.",
                now?.places.length > 0 ? make("span", { class: "place-line" }, place(root, now.places[0])) : null),
            row("failing", list.length > 0 ? make("ul", {}, list) : "nothing that was checked")));
    summary.hidden = false;
}

function showRow(exercise) {
    const cell = document.querySelector(`[data-state-of="${CSS.escape(exercise.id)}"]`);
    if (cell) {
        const solved = exercise.solved ? `solved ${exercise.solved}` : null;
        const checked = exercise.checked ? `checked ${exercise.checked}` : null;
        const state = exercise.state === "ok" ? unseen("ok") : make("span", {}, exercise.words);
        const dates = [solved, checked].filter(Boolean).join(", ");
        cell.replaceChildren(sign(exercise), " ", state, make("span", { class: "dates" }, dates));
    }
}

if (summary) {
    on("overview", (overview) => {
        showSummary(overview);
        overview.chapters.flatMap((chapter) => chapter.exercises).forEach(showRow);
        document.querySelectorAll("[data-live-column]").forEach((column) => {
            column.hidden = false;
        });
    });
}

// The states of its exercises beside each page in the list of chapters.
import { book, make, sign, unseen } from "./dom.js";
import { on } from "./news.js";

function pageOf(link) {
    return new URL(link.href).pathname.slice(book.pathname.length);
}

on("overview", ({ chapters }) => {
    const all = chapters.flatMap((chapter) => chapter.exercises);
    for (const link of document.querySelectorAll("#mdbook-sidebar .chapter a[href]:not([href*='#'])")) {
        const exercises = all.filter((exercise) => exercise.page === pageOf(link));
        link.querySelector(".page-states")?.remove();
        if (exercises.length > 0) {
            link.append(make("span", { class: "page-states" }, exercises.flatMap((exercise) => [
                make("span", { title: `${exercise.id} ${exercise.title}: ${exercise.words}` },
                    sign(exercise), unseen(`, exercise ${exercise.id} ${exercise.words}`)),
            ])));
        }
    }
});

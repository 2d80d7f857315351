// All cards of a page, kept as the server says.
import { on } from "./news.js";
import { Card } from "./card.js";

const cards = [...document.querySelectorAll("section[data-exercise]")].map((section) => new Card(section));
let lastWork = 0;

on("overview", ({ root, chapters }) => {
    const all = chapters.flatMap((chapter) => chapter.exercises.map((exercise) => ({ ...exercise, chapter: chapter.id })));
    for (const card of cards) {
        const now = all.find((exercise) => exercise.id === card.id);
        if (now) {
            card.update(now, root);
        }
    }
});

on("verdict", (verdict) => {
    const card = cards.find(({ id }) => id === verdict.exercise.id);
    // What a page hears first is what was known before; only what comes later is read aloud.
    card?.judged(verdict, lastWork > 0);
});

on("work", (work) => {
    lastWork = work.number;
    cards.forEach((card) => card.working(work));
});

/** The exercises that the server sends verdicts of. */
export const shown = cards.map(({ id }) => id);

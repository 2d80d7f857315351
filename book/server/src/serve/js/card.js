// The live part of an exercise's card.
import { Refused, post } from "./api.js";
import { comparison } from "./difference.js";
import { make, place, sign, unseen } from "./dom.js";
import { checkList, details, sentence } from "./verdict.js";

const RUNNING = ["building", "checking"];

export class Card {
    constructor(section) {
        this.section = section;
        this.id = section.dataset.exercise;
        this.hints = [...section.querySelectorAll(".exercise-hint")];
        this.solution = section.querySelector(".exercise-solution");
        this.now = null;
        this.root = "";
        this.agreed = false;
        this.build();
    }

    build() {
        this.state = make("p", { class: "card-state" });
        this.places = make("p", { class: "card-places" });
        this.check = this.button("Check", () => this.ask("check", "The check is asked for."));
        this.stop = this.button("Stop", () => this.ask("stop"));
        this.hint = this.button("", () => this.nextHint());
        this.stop.hidden = true;
        this.tools = make("div", { class: "card-tools", role: "group", "aria-label": `Exercise ${this.id}` },
            this.check, this.stop, this.hint,
            this.button("Compare", () => this.compare()),
            this.button("Start over", () => this.reset()));
        this.work = make("div", { class: "card-work", hidden: true });
        this.verdict = make("div", { class: "card-verdict" });
        this.panel = make("div", { class: "card-panel", hidden: true, tabIndex: -1 });
        this.said = make("p", { class: "unseen", role: "status" });
        const live = this.section.querySelector("[data-live]");
        live.append(this.state, this.tools, this.work, this.verdict, this.panel, this.places, this.said);
        const commands = this.section.querySelector(".exercise-commands");
        const terminal = make("details", { class: "exercise-terminal" }, make("summary", {}, "In the terminal"));
        commands.replaceWith(terminal);
        terminal.append(commands);
        this.solution.querySelector("summary").addEventListener("click", (event) => this.beforeSolution(event));
    }

    button(words, press) {
        return make("button", { type: "button", class: "card-button", onclick: press }, words);
    }

    /** Asks the server, and tells what it refuses. */
    async ask(path, said = "", more = {}) {
        try {
            this.say(said);
            return await post(path, path === "stop" ? {} : { exercise: this.id, ...more });
        } catch (error) {
            const words = error instanceof Refused ? error.message : "The server does not answer. Does cargo xtask serve still run?";
            this.show("That did not work", make("p", {}, words));
            return null;
        }
    }

    say(words) {
        this.said.textContent = words;
    }

    /** The state of the exercise, from the list of all. */
    update(now, root) {
        this.now = now;
        this.root = root;
        const beside = now.state === "ok" ? now.beside.replace(/^ok(, )?/, "") : now.beside;
        this.state.replaceChildren(sign(now), unseen(`${now.words}. `), make("span", {}, beside));
        this.section.dataset.state = now.state;
        this.places.replaceChildren("Edit ", ...now.places.flatMap((shown, index) => (index > 0 ? [", ", place(root, shown)] : [place(root, shown)])));
        this.places.hidden = now.places.length === 0;
        this.showHints(now.hints);
        this.section.querySelector("[data-live]").hidden = false;
        this.section.classList.add("is-live");
    }

    /** A verdict that was found. */
    judged(verdict, isNews) {
        this.verdict.replaceChildren();
        this.verdict.classList.toggle("is-outdated", verdict.outdated);
        if (verdict.outdated) {
            this.verdict.append(make("p", {}, "This is about the text before your last save:"));
        }
        const next = this.hint.hidden
            ? this.button("Compare with the reference", () => this.compare())
            : this.button("The next hint", () => this.nextHint());
        this.verdict.append(...details(verdict, this.root, next).filter(Boolean));
        if (isNews && !verdict.outdated) {
            this.say(sentence(verdict));
        }
    }

    /** What is being judged, if it is about this exercise. */
    working(work) {
        const concerns = work.what === this.id || work.what === work.chapter && this.now?.chapter === work.chapter;
        const running = concerns && RUNNING.includes(work.phase);
        this.stop.hidden = !running;
        this.section.toggleAttribute("data-running", running);
        this.work.hidden = !(running || concerns && ["stopped", "failed"].includes(work.phase));
        if (this.work.hidden) {
            this.work.replaceChildren();
            return;
        }
        const ended = running ? work.ended.filter((check) => check.exercise === this.id) : [];
        this.work.replaceChildren(
            make("p", { class: work.phase === "failed" ? "fault" : "card-doing" }, work.words),
            ...(ended.length > 0 ? [checkList(ended)] : []));
        if (work.phase === "failed") {
            this.say(work.words);
        }
    }

    showHints(shown) {
        this.hints.forEach((hint, index) => {
            hint.hidden = index >= shown;
        });
        const left = this.hints.length - shown;
        this.hint.hidden = left <= 0;
        this.hint.textContent = `Hint ${shown + 1} of ${this.hints.length}`;
    }

    async nextHint() {
        const answer = await this.ask("hint");
        if (answer === null || answer.shown === 0) {
            return;
        }
        this.showHints(answer.shown);
        const hint = this.hints[answer.shown - 1];
        hint.open = true;
        hint.querySelector("summary").focus();
    }

    /** The solution is there for the asking, but it asks first. */
    beforeSolution(event) {
        if (this.solution.open || this.agreed || this.now === null || this.now.solved !== null) {
            return;
        }
        event.preventDefault();
        const anyway = this.button("Show the solution", () => {
            this.agreed = true;
            this.hide();
            this.solution.open = true;
            this.solution.querySelector("summary").focus();
        });
        const hint = this.hint.hidden ? null : this.button(this.hint.textContent, () => {
            this.hide();
            this.nextHint();
        });
        this.show(`${this.id} is not solved yet, and a hint may do.`, make("div", { class: "card-tools" }, hint, anyway));
    }

    async compare() {
        const answer = await this.ask("diff");
        if (answer === null) {
            return;
        }
        const regions = answer.regions.flatMap(({ place: shown, lines }) => [
            make("p", {}, place(this.root, shown), lines.length === 0 ? ": the same as the reference" : null),
            lines.length > 0 && comparison(lines, "only yours", "only in the reference"),
        ]);
        const words = "- only yours, + only in the reference. A different answer can be right too: the checks decide.";
        const differs = answer.regions.some(({ lines }) => lines.length > 0);
        this.show("Your lines beside the reference", ...regions,
            differs && make("p", {}, words),
            answer.missing !== "" && make("pre", {}, make("code", { tabIndex: 0 }, answer.missing.trim())));
    }

    async reset() {
        const answer = await this.ask("reset", "", { agreed: false });
        if (answer === null) {
            return;
        }
        if (answer.files.length === 0) {
            this.show("This is as it came; there is nothing to put back.");
            return;
        }
        this.show("The starter comes back. Your lines are kept.",
            ...this.changes(answer.files),
            make("div", { class: "card-tools" },
                this.button("Put the starter back", () => this.resetNow()),
                this.button("Leave it", () => this.hide(true))));
    }

    changes(files) {
        return files.flatMap(({ path, beyond, lines }) => [
            make("p", {}, make("code", {}, path), beyond ? ` ${beyond}` : null),
            lines.length > 0 && comparison(lines, "goes", "comes back"),
        ]);
    }

    async resetNow() {
        const answer = await this.ask("reset", "", { agreed: true });
        if (answer === null) {
            return;
        }
        this.show(`${this.id} is as it came.`,
            answer.kept && make("p", {}, "Your lines are kept in ", make("code", {}, answer.kept), "."),
            answer.kept && make("div", { class: "card-tools" }, this.button("Undo", () => this.undo())));
    }

    async undo() {
        const answer = await this.ask("undo");
        if (answer === null) {
            return;
        }
        this.show(`${this.id} is as it was before.`,
            answer.saved && make("p", {}, "You had changed it since; that text is kept in ", make("code", {}, answer.saved), "."));
    }

    /** What somebody asked for, in the place below the verdict. */
    show(heading, ...content) {
        const close = this.button("Close", () => this.hide(true));
        this.panel.replaceChildren(make("p", { class: "card-heading" }, heading), ...content.filter(Boolean), close);
        this.panel.hidden = false;
        this.panel.focus();
    }

    hide(back = false) {
        this.panel.hidden = true;
        this.panel.replaceChildren();
        if (back) {
            this.check.focus();
        }
    }
}

// A verdict as the card shows it: the same facts, in the same order, as in the terminal.
import { difference } from "./difference.js";
import { fold, make, place } from "./dom.js";

const OUTCOMES = {
    pass: ["ok", "ok"],
    fail: ["x", "wrong"],
    left_out: ["-", "not_applicable"],
    fault: ["!", "does_not_compile"],
};
const SPEAKERS = {
    client: [">", "to the server"],
    server: ["<", "from the server"],
    stderr: ["!", "its standard error"],
    process: ["*", "the process"],
};

function code(text) {
    return make("pre", {}, make("code", { tabIndex: 0 }, text));
}

function row(label, ...content) {
    return make("div", {}, make("dt", {}, label), make("dd", {}, ...content));
}

function half(label, ...content) {
    return make("div", { class: "half" }, make("dt", {}, label), make("dd", {}, ...content));
}

/** One line for each check that has ended: sign, words, and what the check says. */
export function checkList(checks) {
    return make("ul", { class: "card-checks" }, checks.map(({ outcome, says, reason }) => {
        const [sign, state] = OUTCOMES[outcome];
        return make("li", {},
            make("span", { class: `sign is-${state}` }, sign),
            make("span", {}, says, reason ? make("em", {}, ` (left out: ${reason})`) : null));
    }));
}

function messages(wire) {
    const several = wire.some((line) => line.process > 1);
    return fold(`The messages (${wire.length})`, make("ol", { class: "card-wire" }, wire.map((line) => {
        const [sign, words] = SPEAKERS[line.from];
        const process = several ? `, process ${line.process}` : "";
        return make("li", { class: `from-${line.from}` },
            make("span", { class: "direction" }, `${sign} ${(line.micros / 1000).toFixed(1)} ms, ${words}${process}`),
            make("code", {}, line.text));
    })));
}

function places(exercise, root) {
    return [exercise.place, ...exercise.more_places].filter(Boolean)
        .flatMap((shown, index) => [index > 0 ? ", " : null, place(root, shown)]);
}

function failure({ failure: found, wire = [] }, ...more) {
    const [expected, got] = difference(found.expected, found.got);
    const era = found.era ? ` (${found.era} era)` : "";
    return make("div", { class: "card-failure" },
        make("p", { class: "what" }, found.what, era),
        make("dl", {},
            found.sent ? row("sent", make("code", {}, found.sent)) : null,
            half("expected", ...expected),
            half("got", ...got),
            row("why", found.why, found.source ? make("span", { class: "source" }, found.source) : null),
            (found.notes ?? []).map((note) => row("note", note)),
            more),
        wire.length > 0 ? messages(wire) : null);
}

function failures(exercise, root, next) {
    const failed = exercise.checks.filter((check) => check.outcome === "fail");
    const [first, ...others] = failed;
    const where = row("where", ...places(exercise, root));
    return first ? [failure(first, where, row("next", next)), ...others.map((check) => fold(`Also fails: ${check.says}`, failure(check)))] : [];
}

/** The compiler's errors: of this exercise and of nobody's in full, of other exercises by their places. */
function errors(build, id, root, next) {
    const own = build.errors.filter((error) => error.exercise === null || error.exercise === id);
    const others = build.errors.filter((error) => error.exercise !== null && error.exercise !== id);
    return [
        ...own.map((error, index) => make("div", { class: "card-failure" },
            code(error.diagnostic.rendered.trimEnd()),
            make("dl", {},
                error.place ? row("where", place(root, error.place), error.exercise ? null : ", outside every exercise") : null,
                index === 0 && error.exercise ? row("next", next) : null))),
        ...others.map((error) => make("p", {}, `Exercise ${error.exercise} does not compile, so nothing could be checked: `,
            error.place ? place(root, error.place) : null)),
    ];
}

function passed(verdict) {
    const checks = verdict.exercise.checks.map((check) => ({ outcome: check.outcome, says: check.says, reason: check.reason }));
    const count = checks.filter((check) => check.outcome === "pass").length;
    return checks.length > 0 && fold(`${count} of ${checks.length} checks pass`, checkList(checks));
}

function slowLeft({ exercise, quick }) {
    const slow = exercise.checks.filter((check) => check.slow && check.outcome === "left_out");
    return quick && slow.length > 0 && exercise.state === "not_rechecked"
        ? make("p", {}, "Everything that is quick to check passes. Checks that take longer are left: they follow, or press Check.")
        : null;
}

/** Everything below the state of a card; `next` is the button for what to do about a failure. */
export function details(verdict, root, next) {
    const { exercise, build, notes } = verdict;
    const faults = exercise.checks.filter((check) => check.outcome === "fault");
    const starting = exercise.state === "not_started";
    return [
        starting && make("p", {}, "Nothing is wrong: this exercise waits for you."),
        build?.refused ? make("div", {}, make("p", {}, "Cargo does not build this crate:"), code(build.refused)) : null,
        build && !build.ready ? errors(build, exercise.id, root, next) : null,
        starting ? null : failures(exercise, root, next),
        slowLeft(verdict),
        ...faults.map((check) => make("p", { class: "fault" }, `The check itself failed: ${check.message}`)),
        passed(verdict),
        ...(build?.warnings ?? []).map((warning) => make("p", {}, `Warning of the compiler: ${warning.message}`)),
        ...notes.map((note) => make("p", {}, note)),
    ].flat();
}

/** The verdict in a sentence, to be read aloud. */
export function sentence({ exercise, build }) {
    const first = exercise.checks.find((check) => check.outcome === "fail");
    const words = { ok: "ok", wrong: "not right yet", not_started: "not started", does_not_compile: "does not compile" };
    const state = words[exercise.state] ?? "not re-checked";
    const why = exercise.state === "wrong" && first ? `. ${first.failure.what}` : "";
    const broken = exercise.state === "not_rechecked" && build && !build.ready ? ": the chapter does not compile" : "";
    return `Exercise ${exercise.id}: ${state}${broken}${why}`;
}

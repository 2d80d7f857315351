// What the console's forms make of a schema. Needs Node: node --test book/server/tests/scripts/
import assert from "node:assert/strict";
import { test } from "node:test";
import { complaint, describe, expand, limits, promptSchema, templateSchema } from "../../src/serve/js/console-schema.js";

const kinds = (schema) => describe(schema).properties.map(({ name, schema: own, required }) => {
    const { kind, nullable } = describe(own, schema);
    return `${name}${required ? "" : "?"}: ${kind}${nullable ? " or null" : ""}`;
});

test("properties are described one by one", () => {
    const schema = {
        type: "object",
        properties: {
            title: { type: "string" },
            points: { type: ["integer", "null"] },
            done: { type: "boolean" },
            tags: { type: "array", items: { type: "string" } },
            filter: { $ref: "#/$defs/Filter" },
            priority: { enum: ["low", "high"] },
            any: {},
            either: { type: ["integer", "string"] },
        },
        required: ["title"],
        $defs: { Filter: { type: "object", properties: {} } },
    };
    assert.deepEqual(kinds(schema), [
        "title: string", "points?: integer or null", "done?: boolean", "tags?: array", "filter?: object",
        "priority?: enum", "any?: json", "either?: choice",
    ]);
});

test("what the derive macros make of an Option and of an enum", () => {
    const root = {
        $defs: {
            State: { oneOf: [{ const: "todo", type: "string", description: "not begun" }, { const: "done", type: "string" }] },
            Range: { type: "object", properties: { from: { type: "string" } } },
        },
    };
    const state = describe({ anyOf: [{ $ref: "#/$defs/State" }, { type: "null" }] }, root);
    assert.equal(state.nullable, true);
    assert.equal(state.kind, "enum");
    assert.deepEqual(state.options, [{ value: "todo", about: "not begun" }, { value: "done", about: "" }]);
    const range = describe({ description: "When.", anyOf: [{ $ref: "#/$defs/Range" }, { type: "null" }] }, root);
    assert.equal(range.kind, "object");
    assert.equal(range.schema.description, "When.");
});

test("a tagged enum is a choice between its branches, named by their constants", () => {
    const branch = (kind) => ({ type: "object", properties: { kind: { const: kind } }, required: ["kind"] });
    const node = describe({ oneOf: [branch("circle"), branch("square")] });
    assert.equal(node.kind, "choice");
    assert.deepEqual(node.branches.map(({ label }) => label), ["circle", "square"]);
});

test("allOf is put together, and a schema may contain itself", () => {
    const root = { $defs: { Tree: { type: "object", properties: { left: { $ref: "#/$defs/Tree" } } } } };
    const tree = describe({ allOf: [{ $ref: "#/$defs/Tree" }], properties: { size: { type: "integer" } } }, root);
    assert.deepEqual(tree.properties.map(({ name }) => name), ["size", "left"]);
    assert.equal(describe({ $ref: "#/$defs/Loop" }, { $defs: { Loop: { $ref: "#/$defs/Loop" } } }).kind, "json");
    assert.equal(describe({ $ref: "https://example.org/schema" }).kind, "json");
    assert.equal(describe(true).kind, "json");
});

test("names with the signs of a JSON pointer are found", () => {
    assert.equal(describe({ $ref: "#/$defs/a~1b%20c" }, { $defs: { "a/b c": { type: "boolean" } } }).kind, "boolean");
});

test("limits are told, and what they do not allow is named", () => {
    const text = describe({ type: "string", minLength: 1, maxLength: 3, format: "date", default: "x" });
    assert.equal(limits(text), 'from 1 to 3 characters, date, default "x"');
    assert.equal(complaint(text, "äöü"), null);
    assert.equal(complaint(text, "😀😀😀😀"), "The schema does not allow 4 characters");
    const number = describe({ type: "integer", minimum: 1, maximum: 5 });
    assert.equal(complaint(number, 5), null);
    assert.equal(complaint(number, 6), "The schema does not allow this");
    assert.equal(complaint(number, 1.5), "This is no integer");
    assert.equal(complaint(number, "seven"), "This is no integer");
    assert.equal(complaint(describe({ type: "number", exclusiveMinimum: 0 }), 0), "The schema does not allow this");
});

test("prompts and templates are forms of texts", () => {
    const prompt = promptSchema({ arguments: [{ name: "note", required: true }, { name: "style" }] });
    assert.deepEqual(kinds(prompt), ["note: string", "style?: string"]);
    assert.deepEqual(promptSchema({}).properties, {});
    assert.deepEqual(templateSchema("tracker://{project}/{+path}").required, ["project", "path"]);
    assert.equal(expand("tracker://{project}/{+path}", { project: "a b/c", path: "x/y" }), "tracker://a%20b%2Fc/x/y");
});

// What a JSON Schema asks of a form. No DOM in here.

const isObject = (value) => typeof value === "object" && value !== null && !Array.isArray(value);

/** What `#/$defs/Name` points at; nothing for other documents, which are never fetched. */
function lookUp(reference, root) {
    if (!reference.startsWith("#")) {
        return {};
    }
    const steps = decodeURIComponent(reference.slice(1)).split("/").slice(1);
    const found = steps.reduce((place, step) => place?.[step.replaceAll("~1", "/").replaceAll("~0", "~")], root);
    return isObject(found) ? found : {};
}

/** Both schemas as one: properties and required of both, else what `more` says. */
function merge(schema, more) {
    const merged = { ...schema, ...more };
    if (schema.properties && more.properties) {
        merged.properties = { ...schema.properties, ...more.properties };
    }
    if (schema.required && more.required) {
        merged.required = [...schema.required, ...more.required];
    }
    return merged;
}

/** A schema with `$ref` followed and `allOf` put together. */
export function resolve(schema, root, seen = []) {
    let whole = isObject(schema) ? { ...schema } : {};
    while (typeof whole.$ref === "string") {
        const { $ref, ...beside } = whole;
        if (seen.includes($ref)) {
            return beside;
        }
        seen = [...seen, $ref];
        whole = merge(lookUp($ref, root), beside);
    }
    const { allOf = [], ...rest } = whole;
    return allOf.reduce((all, part) => merge(all, resolve(part, root, seen)), rest);
}

const valuesOf = (schema) => ("const" in schema ? [schema.const] : schema.enum);

/** What people call a branch: its title, the constant that marks it, its type. */
function labelOf(schema, root, place) {
    const marks = Object.values(schema.properties ?? {}).flatMap((one) => valuesOf(resolve(one, root)) ?? []);
    return schema.title ?? marks[0] ?? schema.type ?? `form ${place + 1}`;
}

/**
 * What a field has to offer. Properties and items are described when they are shown: a schema may contain itself.
 * Kinds: `enum` (options), `choice` (branches), `object` (properties), `array` (items), `string`, `integer`,
 * `number`, `boolean`, and `json` for whatever no form can express.
 */
export function describe(schema, root = schema) {
    let whole = resolve(schema, root);
    let nullable = false;
    const branches = whole.anyOf ?? whole.oneOf;
    if (branches) {
        const { anyOf, oneOf, ...base } = whole;
        const resolved = branches.map((branch) => resolve(branch, root));
        const rest = resolved.filter((branch) => branch.type !== "null" && branch.const !== null);
        nullable = rest.length < resolved.length;
        if (rest.length > 0 && rest.every(valuesOf)) {
            const options = rest.flatMap((branch) => valuesOf(branch).map((value) => ({
                value,
                about: branch.description ?? branch.title ?? "",
            })));
            return { kind: "enum", options, nullable, schema: base };
        }
        if (rest.length !== 1) {
            const named = rest.map((branch, place) => ({
                label: labelOf(branch, root, place),
                schema: merge(base, branch),
            }));
            return { kind: "choice", branches: named, nullable, schema: base };
        }
        // Behind an optional type there may be a choice again.
        const only = describe(merge(rest[0], base), root);
        return { ...only, nullable: nullable || only.nullable };
    }
    if (Array.isArray(whole.type)) {
        const types = whole.type.filter((type) => type !== "null");
        nullable ||= types.length < whole.type.length;
        if (types.length > 1) {
            const named = types.map((type) => ({ label: type, schema: { ...whole, type } }));
            return { kind: "choice", branches: named, nullable, schema: whole };
        }
        whole = { ...whole, type: types[0] };
    }
    return { ...shape(whole), nullable, schema: whole };
}

function shape(schema) {
    const values = valuesOf(schema);
    if (values) {
        const options = values.filter((value) => value !== null).map((value) => ({ value, about: "" }));
        return { kind: "enum", options };
    }
    if (isObject(schema.properties)) {
        const required = schema.required ?? [];
        const properties = Object.entries(schema.properties).map(([name, own]) => ({
            name,
            schema: own,
            required: required.includes(name),
        }));
        return { kind: "object", properties };
    }
    if (schema.type === "array" && isObject(schema.items)) {
        return { kind: "array", items: schema.items };
    }
    const plain = ["string", "integer", "number", "boolean"].includes(schema.type);
    return { kind: plain ? schema.type : "json" };
}

/** `from 1 to 50`, `at least 1`, `at most 50`; nothing without limits. */
function between(low, high, what = "") {
    if (low === undefined && high === undefined) {
        return null;
    }
    const words = low === undefined ? `at most ${high}`
        : high === undefined ? `at least ${low}` : `from ${low} to ${high}`;
    return `${words} ${what}`.trim();
}

/** What a field may hold beyond its type, in words. */
export function limits({ kind, schema }) {
    return [
        between(schema.minLength, schema.maxLength, "characters"),
        between(schema.minItems, schema.maxItems, "items"),
        between(schema.minimum, schema.maximum),
        schema.format && kind === "string" ? schema.format : null,
        schema.pattern === undefined ? null : `matches ${schema.pattern}`,
        (schema.default ?? null) === null ? null : `default ${JSON.stringify(schema.default)}`,
    ].filter((words) => words !== null).join(", ");
}

/** Why the schema does not allow a value that was typed; nothing if it does. It can be sent all the same. */
export function complaint({ kind, schema }, value) {
    const isText = kind === "string";
    if (!isText && (typeof value !== "number" || (kind === "integer" && !Number.isInteger(value)))) {
        return `This is no ${kind}`;
    }
    const { minimum, maximum, minLength = minimum, maxLength = maximum, exclusiveMinimum, exclusiveMaximum } = schema;
    const size = isText ? [...value].length : value;
    // Nothing is less or more than a limit that is not there.
    const wrong = size < minLength || size > maxLength || size <= exclusiveMinimum || size >= exclusiveMaximum;
    return wrong ? `The schema does not allow ${isText ? `${size} characters` : "this"}` : null;
}

const VARIABLE = /\{([+]?)([^}]+)\}/g;

/** The variables of a URI template, as the schema of a form. */
export function templateSchema(template) {
    const required = [...template.matchAll(VARIABLE)].map(([, , name]) => name);
    return { type: "object", properties: Object.fromEntries(required.map((name) => [name, { type: "string" }])), required };
}

/** A URI template with its variables filled in: `{name}`, and `{+path}` which may hold slashes (RFC 6570). */
export const expand = (template, values) => template.replace(VARIABLE, (_, plus, name) =>
    (plus ? encodeURI : encodeURIComponent)(values[name] ?? ""));

/** Arguments of a prompt as the schema of a form: they are texts. */
export function promptSchema(prompt) {
    const list = prompt.arguments ?? [];
    const property = ({ name, title, description }) => [name, { type: "string", title, description }];
    return {
        type: "object",
        properties: Object.fromEntries(list.map(property)),
        required: list.filter((one) => one.required).map((one) => one.name),
    };
}

//! The words that the linter knows, and what it says. Apart from the rules, so that both can be read.

/// Types that need nothing but their name.
pub(super) const TYPES: [&str; 6] = ["string", "integer", "number", "boolean", "day", "object"];

/// Types whose values have a size.
pub(super) const SIZED: [&str; 3] = ["string", "integer", "number"];

/// What a number in a limit of texts counts.
pub(super) const UNITS: [&str; 2] = ["character", "byte"];

/// Words of a parameter that two readers take for two things.
pub(super) const VAGUE: [&str; 17] = [
    "appropriate",
    "suitable",
    "reasonable",
    "sensible",
    "valid",
    "proper",
    "various",
    "flexible",
    "some",
    "usual",
    "typical",
    "as needed",
    "if necessary",
    "free text",
    "and so on",
    "etc",
    "tbd",
];

/// Words of an outcome that two readers take for two things.
pub(super) const AMBIGUOUS: [&str; 31] = [
    "appropriate",
    "appropriately",
    "suitable",
    "reasonable",
    "sensible",
    "correct",
    "correctly",
    "proper",
    "properly",
    "gracefully",
    "quickly",
    "fast",
    "soon",
    "promptly",
    "friendly",
    "helpful",
    "meaningful",
    "as expected",
    "works",
    "handled",
    "handles",
    "if possible",
    "usually",
    "normally",
    "should",
    "might",
    "could",
    "some",
    "and so on",
    "etc",
    "tbd",
];

/// Words that say that something was refused, and not how.
pub(super) const REFUSALS: [&str; 7] = [
    "rejected", "refused", "denied", "fails", "failure", "an error", "invalid",
];

/// Forms of a refusal that somebody outside can see.
pub(super) const FORMS: [&str; 7] = [
    "tool error",
    "protocol error",
    "isError",
    "-32",
    "status",
    "exit code",
    "by the system",
];

pub(super) const NAME_A_TYPE: &str = "name a type: `string`, `integer`, `number`, `boolean`, `day` (YYYY-MM-DD), \
    `object` with a row for each field, `one of` with every value as code, or `list of` one of these";
pub(super) const LIST_THE_VALUES: &str = "write every value as code, at least two of them";
pub(super) const LIST_THE_FIELDS: &str = "give each field a row of its own, such as `filter.state`";
pub(super) const SAY_WHAT_ABSENCE_MEANS: &str =
    "write `required`, or what the server takes when it is left out";
pub(super) const SAY_WHAT_IT_IS: &str = "say in a few words what it is";
pub(super) const SAY_WHICH: &str = "say which values, in a form that a program can decide";
pub(super) const GIVE_BOTH_ENDS: &str =
    "write the smallest and the largest value, such as 1 to 100; what about none at all?";
pub(super) const GIVE_A_UNIT: &str =
    "say what the numbers count: characters, which people see, or bytes, which machines store";
pub(super) const ADD_LIMITS: &str =
    "add `## Limits` with a table: what, limit, setting, beyond it; time, size, number, rate";
pub(super) const GIVE_A_NUMBER: &str = "write a number and its unit, such as 10,000 ms";
pub(super) const SHOW_SOMETHING: &str =
    "name what somebody outside can see: a field, a code or a text as code, or a number";
pub(super) const DROP_THE_WORD: &str =
    "replace the word by what can be seen or measured, such as a value, a code or a time";
pub(super) const ONE_OUTCOME: &str = "decide for one outcome; if it depends on something, say on what in Given, \
    and write a criterion for each case";
pub(super) const NAME_THE_FORM: &str = "name the form: a tool error and what its text names, a protocol error and \
    its code, a status of HTTP, or an exit code";
pub(super) const ADD_A_TWIN: &str = "add `- **Refused**`: a request close to the one in When that must be refused, \
    how, and what must not have happened";
pub(super) const REFUSE_ONCE: &str =
    "name it as code in the Refused of a criterion, with a call that must be refused";
pub(super) const ADD_NON_GOALS: &str =
    "add `## Non-goals` with a line, `- …`, for each thing that somebody will expect and not get";

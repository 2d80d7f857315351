//! What leads out of a folder, or pretends to: the tables of exercise 4.7.

/// The end of a URI after `handbook:///`, and what is wrong with it. Read with good will, each leads somewhere.
pub(super) const HOSTILE: [(&str, &str); 31] = [
    ("../secret.md", "a step upwards"),
    ("guides/../../secret.md", "a step upwards behind a folder"),
    ("guides/deep/../../../secret.md", "three steps upwards"),
    ("..", "the folder above"),
    (".", "the folder itself"),
    ("", "the folder itself"),
    ("guides", "a folder"),
    ("guides/", "a folder"),
    ("%2e%2e/secret.md", "an encoded step upwards"),
    ("%2E%2E/secret.md", "an encoded step upwards"),
    (".%2e/secret.md", "a half encoded step upwards"),
    ("%2e./secret.md", "a half encoded step upwards"),
    (
        "%2e%2e%2fsecret.md",
        "an encoded step upwards with its slash",
    ),
    ("..%2fsecret.md", "an encoded slash"),
    ("..%2Fsecret.md", "an encoded slash"),
    ("guides%2f..%2f..%2fsecret.md", "encoded slashes"),
    (
        "%252e%252e/secret.md",
        "a step upwards that was encoded twice",
    ),
    ("..%252fsecret.md", "a slash that was encoded twice"),
    ("..\\secret.md", "a backslash"),
    ("..%5csecret.md", "an encoded backslash"),
    ("%00", "a zero byte"),
    ("welcome.md%00", "a zero byte at the end"),
    ("../secret.md%00.md", "a zero byte before the ending"),
    ("..%c0%afsecret.md", "a slash in a form that UTF-8 forbids"),
    (
        "%c0%ae%c0%ae/secret.md",
        "dots in a form that UTF-8 forbids",
    ),
    ("welcome%zz.md", "a broken escape"),
    (
        "../handbook-old/secret.md",
        "a folder whose name begins the same",
    ),
    (
        "..%2fhandbook-old%2fsecret.md",
        "a folder whose name begins the same, with encoded slashes",
    ),
    (
        "guides/../../handbook-old/secret.md",
        "a way to a folder whose name begins the same",
    ),
    ("-old/secret.md", "the rest of a name that begins the same"),
    ("../handbook", "a way out and back to the folder"),
];

/// Absolute paths, and URIs that begin in another way. `{outside}` stands for the folder around the handbook.
pub(super) const ABSOLUTE: [(&str, &str); 5] = [
    ("handbook:///{outside}/secret.md", "an absolute path"),
    (
        "handbook:///{encoded}%2Fsecret.md",
        "an encoded absolute path",
    ),
    (
        "handbook://{outside}/secret.md",
        "an absolute path behind two slashes",
    ),
    (
        "handbook:{outside}/secret.md",
        "an absolute path behind the colon",
    ),
    ("file://{outside}/secret.md", "another scheme"),
];

/// The end of a URI that is written in an odd way and stays inside. Whoever refuses it is careful; whoever serves it must serve
/// a file of the handbook.
pub(super) const ODD: [&str; 11] = [
    "guides/../welcome.md",
    "./welcome.md",
    "guides/./on%20call.md",
    "/welcome.md",
    "guides//on%20call.md",
    "welcome.md/",
    "guides%2Fon%20call.md",
    "guides\\on%20call.md",
    "welcome.md?raw",
    "welcome.md#top",
    "../handbook/welcome.md",
];

//! What leads out of a folder, or pretends to: the table of exercise 4.7.

/// The end of a URI after `handbook:///`, and what is wrong with it. All stand for files that exist, read with good will.
pub(super) const HOSTILE: [(&str, &str); 38] = [
    ("../secret.md", "a step upwards"),
    ("guides/../../secret.md", "a step upwards behind a folder"),
    ("guides/../welcome.md", "a step upwards that stays inside"),
    ("./welcome.md", "a step on the spot"),
    ("guides/./on%20call.md", "a step on the spot"),
    ("..", "the folder above"),
    (".", "the folder itself"),
    ("", "the folder itself"),
    ("guides", "a folder"),
    ("guides/", "a folder"),
    ("welcome.md/", "a file with a slash behind it"),
    ("/welcome.md", "an empty segment"),
    ("guides//on%20call.md", "an empty segment"),
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
        "guides%2Fon%20call.md",
        "an encoded slash that would stay inside",
    ),
    (
        "%252e%252e/secret.md",
        "a step upwards that was encoded twice",
    ),
    ("..%252fsecret.md", "a slash that was encoded twice"),
    ("..\\secret.md", "a backslash"),
    ("..%5csecret.md", "an encoded backslash"),
    ("guides\\on%20call.md", "a backslash"),
    ("%00", "a zero byte"),
    ("welcome.md%00", "a zero byte at the end"),
    ("../secret.md%00.md", "a zero byte before the ending"),
    ("..%c0%afsecret.md", "a slash in a form that UTF-8 forbids"),
    (
        "%c0%ae%c0%ae/secret.md",
        "dots in a form that UTF-8 forbids",
    ),
    ("welcome.md?raw", "a query"),
    ("welcome.md#top", "a fragment"),
    ("welcome%zz.md", "a broken escape"),
    (
        "../handbook-old/secret.md",
        "a folder whose name begins the same",
    ),
    (
        "..%2fhandbook-old%2fsecret.md",
        "a folder whose name begins the same, with encoded slashes",
    ),
    ("%2e%2e/handbook/welcome.md", "a way out and back in"),
];

/// Absolute paths, and URIs whose beginning is another one. `{outside}` stands for the folder around the handbook.
pub(super) const ABSOLUTE: [(&str, &str); 7] = [
    ("handbook:///{outside}/secret.md", "an absolute path"),
    (
        "handbook:///{encoded}%2Fsecret.md",
        "an encoded absolute path",
    ),
    (
        "handbook:///{encoded}%2Fhandbook%2Fwelcome.md",
        "an encoded absolute path into the folder",
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
    ("file://{outside}/handbook/welcome.md", "another scheme"),
];

//! Asking the person at the terminal, if there is one.

use std::io::{self, BufRead, IsTerminal, Write};

/// What came back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answer {
    /// `y` or `yes`.
    Yes,
    /// Anything else, the end of input included.
    No,
    /// There is nobody to ask: input or output goes through a pipe or a file.
    Nobody,
}

/// Asks a question that is answered with yes or no; no is what an empty line means.
pub fn ask(question: &str) -> Answer {
    let (input, mut output) = (io::stdin(), io::stderr());
    if !input.is_terminal() || !output.is_terminal() || !io::stdout().is_terminal() {
        return Answer::Nobody;
    }
    // If the question cannot be shown, it is not answered either.
    let shown = write!(output, "{question} [y/N] ").and_then(|()| output.flush());
    let mut line = String::new();
    if shown.is_err() || input.lock().read_line(&mut line).is_err() {
        return Answer::Nobody;
    }
    match line.trim().to_lowercase().as_str() {
        "y" | "yes" => Answer::Yes,
        _ => Answer::No,
    }
}

//! Text from outside that becomes part of a command.

use std::path::Path;
use std::process::Command;

/// Looks for words in a file. Wrong: a shell reads the words, and they may hold a command.
pub fn pasted(words: &str, file: &Path) -> Command {
    let mut command = Command::new("sh");
    let line = format!("grep -F '{words}' {}", file.display());
    command.arg("-c").arg(line);
    command
}

/// Looks for words in a file. No shell reads them, and what stands behind `--` is no option.
pub fn apart(words: &str, file: &Path) -> Command {
    let mut command = Command::new("grep");
    command.args(["-F", "--", words]).arg(file);
    command
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    const HANDBOOK: &str = "Deploy on Fridays -c\nNever on Mondays\n";

    /// What a search for these words prints.
    fn found(search: fn(&str, &Path) -> Command, words: &str) -> String {
        let name = format!("book-snippets-{}-{}.txt", std::process::id(), words.len());
        let file = std::env::temp_dir().join(name);
        std::fs::write(&file, HANDBOOK).expect("can be written");
        let output = search(words, &file).output().expect("can be started");
        std::fs::remove_file(&file).expect("is there");
        String::from_utf8(output.stdout).expect("text")
    }

    #[test]
    fn words_are_found() {
        for search in [pasted, apart] {
            assert_eq!(found(search, "Mondays"), "Never on Mondays\n");
        }
    }

    #[test]
    fn a_command_among_the_words_runs_only_where_a_shell_reads_them() {
        let words = "x' /dev/null; echo 'I run here' #";
        assert_eq!(found(pasted, words), "I run here\n");
        assert_eq!(found(apart, words), "");
    }

    #[test]
    fn an_option_among_the_words_is_one_of_the_words() {
        assert_eq!(found(apart, "-c"), "Deploy on Fridays -c\n");
    }
}

//! A criterion as a program, and the answers on which the program is tried.

/// A server as a check sees it: from outside.
pub trait Server {
    /// Calls `create_task`. A tool error is an `Err` with its text.
    fn create_task(&mut self, title: &str) -> Result<String, String>;

    /// What the tracker behind the server has, asked without the server.
    fn titles(&self) -> Vec<String>;
}

/// AC-09, hold creation to its limits: a title has 1 to 200 characters.
pub fn create_limits(server: &mut impl Server) -> Result<(), String> {
    let longest = "ä".repeat(200);
    if let Err(text) = server.create_task(&longest) {
        return Err(format!(
            "200 characters are allowed, and were refused: {text}"
        ));
    }
    if server.titles() != [longest.clone()] {
        return Err("the task is not in the tracker as it was sent".to_owned());
    }
    // The negative twin: one character more, and everything else the same.
    match server.create_task(&format!("{longest}ä")) {
        Ok(id) => return Err(format!("201 characters became task {id}")),
        Err(text) if !(text.contains("title") && text.contains("200")) => {
            return Err(format!("the text names neither field nor limit: {text}"));
        }
        Err(_) => {}
    }
    match server.titles().len() {
        1 => Ok(()),
        _ => Err("the call failed, and the task is there".to_owned()),
    }
}

/// A right answer, and wrong ones that look right.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answer {
    /// Counts characters, before anything is stored.
    Right,
    /// The same, in other words.
    RightInOtherWords,
    /// Counts bytes.
    CountsBytes,
    /// Has the limit in its schema only.
    SchemaOnly,
    /// Stores first, and looks afterwards.
    LooksLate,
    /// Refuses, and does not say what is wrong.
    SaysNothing,
}

/// A server with one of the answers.
pub struct Board {
    answer: Answer,
    titles: Vec<String>,
}

impl Board {
    /// An empty board.
    pub fn new(answer: Answer) -> Self {
        Self {
            answer,
            titles: Vec::new(),
        }
    }
}

impl Server for Board {
    fn create_task(&mut self, title: &str) -> Result<String, String> {
        let too_long = match self.answer {
            Answer::CountsBytes => title.len() > 200,
            Answer::SchemaOnly => false,
            _ => title.chars().count() > 200,
        };
        if !too_long || self.answer == Answer::LooksLate {
            self.titles.push(title.to_owned());
        }
        match (too_long, self.answer) {
            (false, _) => Ok(format!("ATLAS-{}", self.titles.len())),
            (true, Answer::SaysNothing) => Err("invalid input".to_owned()),
            (true, Answer::RightInOtherWords) => {
                Err("Please shorten the title: 200 is the most.".to_owned())
            }
            (true, _) => Err("title must have 1 to 200 characters".to_owned()),
        }
    }

    fn titles(&self) -> Vec<String> {
        self.titles.clone()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn right_answers_pass_and_wrong_ones_do_not() {
        for (answer, passes) in [
            (Answer::Right, true),
            (Answer::RightInOtherWords, true),
            (Answer::CountsBytes, false),
            (Answer::SchemaOnly, false),
            (Answer::LooksLate, false),
            (Answer::SaysNothing, false),
        ] {
            let verdict = create_limits(&mut Board::new(answer));
            assert_eq!(verdict.is_ok(), passes, "{answer:?}: {verdict:?}");
        }
    }
}

//! A trait with default methods, a type that fills it in, and code that works with any such type.

/// What a server says about itself.
/// The real one is `rmcp::ServerHandler`: many methods, each with a default.
pub trait Introduce {
    /// The name that clients show.
    fn name(&self) -> String;

    /// A hint for the model. Most servers have none.
    fn instructions(&self) -> Option<String> {
        None
    }
}

/// A server without instructions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Clock;

impl Introduce for Clock {
    fn name(&self) -> String {
        "clock".to_owned()
    }
}

/// A server with a name of its own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Board {
    /// The team that uses it.
    pub team: String,
}

impl Introduce for Board {
    fn name(&self) -> String {
        format!("board of {}", self.team)
    }

    fn instructions(&self) -> Option<String> {
        Some("Ask for the projects first.".to_owned())
    }
}

/// Works with every type that has the trait; the compiler refuses all others.
#[must_use]
pub fn introduce<S: Introduce>(server: &S) -> String {
    match server.instructions() {
        Some(instructions) => format!("{}: {instructions}", server.name()),
        None => server.name(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_default_stands_where_nothing_is_written() {
        assert_eq!(introduce(&Clock), "clock");
    }

    #[test]
    fn what_is_written_replaces_the_default() {
        let board = Board {
            team: "Atlas".to_owned(),
        };
        assert_eq!(
            introduce(&board),
            "board of Atlas: Ask for the projects first."
        );
    }

    #[test]
    fn derived_code_compares_field_by_field() {
        let board = Board {
            team: "Atlas".to_owned(),
        };
        assert_eq!(board.clone(), board);
    }
}

//! Beginnings of specifications, for `spec new`.

use std::fs::OpenOptions;
use std::io::{self, ErrorKind, Write};
use std::path::Path;

/// The file that a specification is written to.
pub const FILE: &str = "SPEC.md";

/// What a server can be for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Customers of a company, and the business with them.
    Crm,
    /// Figures of a company, asked for and never changed.
    Analytics,
    /// Projects and their tasks: the capstone of the workbook.
    Project,
}

impl Kind {
    /// All of them, in the order of the help.
    pub const ALL: [Self; 3] = [Self::Crm, Self::Analytics, Self::Project];

    /// As it is called on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Self::Crm => "crm",
            Self::Analytics => "analytics",
            Self::Project => "project",
        }
    }

    /// The kind with this name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }

    /// A specification with its first criteria, and with what only its author can know left open.
    pub fn skeleton(self) -> &'static str {
        match self {
            Self::Crm => include_str!("skeletons/crm.md"),
            Self::Analytics => include_str!("skeletons/analytics.md"),
            Self::Project => include_str!("skeletons/project.md"),
        }
    }

    /// The whole specification of the workbook, from the root of the checkout.
    pub fn example(self) -> &'static str {
        match self {
            Self::Crm => "solutions/ch08-capstone/specs/crm/SPEC.md",
            Self::Analytics => "solutions/ch08-capstone/specs/analytics/SPEC.md",
            Self::Project => "solutions/ch08-capstone/SPEC.md",
        }
    }
}

/// Writes a skeleton to `path`; its folder is made if it is not there.
///
/// # Errors
/// There is a file already, which stays as it is; or it cannot be written.
pub fn write(kind: Kind, path: &Path) -> io::Result<()> {
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder).map_err(|error| match error.kind() {
            // A file has the name of the folder: what is to be written is not there.
            ErrorKind::AlreadyExists => ErrorKind::NotADirectory.into(),
            _ => error,
        })?;
    }
    let mut file = OpenOptions::new().write(true).create_new(true).open(path)?;
    let written = file.write_all(kind.skeleton().as_bytes());
    if written.is_err() {
        // Half a specification would be in the way of the next attempt.
        let _ = std::fs::remove_file(path);
    }
    written
}

/// Whether [`write`] has failed because there is such a file.
pub fn is_there(error: &io::Error) -> bool {
    error.kind() == ErrorKind::AlreadyExists
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::spec::lint::{Fault, faults};
    use crate::spec::parse::specification;

    fn example(kind: Kind) -> String {
        let path = Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("..")
            .join(kind.example());
        std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
    }

    /// The text of a criterion, from its heading to the next.
    fn block<'a>(text: &'a str, id: &str) -> &'a str {
        let (_, rest) = text.split_once(&format!("## {id} ")).expect("it is there");
        rest.split("\n## ").next().unwrap_or(rest).trim()
    }

    #[test]
    fn a_skeleton_begins_as_the_whole_does() {
        for kind in Kind::ALL {
            let (skeleton, whole) = (kind.skeleton(), example(kind));
            let read = specification(skeleton);
            assert!(read.criteria.len() >= 3, "{}", kind.name());
            for criterion in &read.criteria {
                let id = &criterion.id;
                assert_eq!(
                    block(skeleton, id),
                    block(&whole, id),
                    "{} {id}",
                    kind.name()
                );
            }
        }
    }

    #[test]
    fn a_skeleton_lacks_what_only_its_author_knows() {
        for kind in Kind::ALL {
            let found = faults(&specification(kind.skeleton()));
            let kinds: Vec<Fault> = found.iter().map(|finding| finding.fault).collect();
            assert_eq!(
                kinds,
                [Fault::NoErrorCase, Fault::NoNonGoals],
                "{}: {found:#?}",
                kind.name()
            );
        }
    }
}

//! The parts of prompts that several of them share: one file each, so that a sentence is corrected once.

use std::io::ErrorKind;
use std::path::Path;

use anyhow::Context;

/// One part.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// Who the model is to be.
    Role,
    /// What a risk review looks at.
    Risk,
    /// What a release review looks at.
    Release,
    /// That every claim names what it rests on.
    Evidence,
    /// That the model doubts its own answer once.
    SecondLook,
    /// What the answer looks like.
    Answer,
}

impl Part {
    /// All of them.
    pub const ALL: [Self; 6] = [
        Self::Role,
        Self::Risk,
        Self::Release,
        Self::Evidence,
        Self::SecondLook,
        Self::Answer,
    ];

    /// The name of its file.
    pub fn file_name(self) -> &'static str {
        match self {
            Self::Role => "role.md",
            Self::Risk => "risk.md",
            Self::Release => "release.md",
            Self::Evidence => "evidence.md",
            Self::SecondLook => "second-look.md",
            Self::Answer => "answer.md",
        }
    }

    /// The text that is built into the program, so that it can be started from any folder.
    fn built_in(self) -> &'static str {
        match self {
            Self::Role => include_str!("../parts/role.md"),
            Self::Risk => include_str!("../parts/risk.md"),
            Self::Release => include_str!("../parts/release.md"),
            Self::Evidence => include_str!("../parts/evidence.md"),
            Self::SecondLook => include_str!("../parts/second-look.md"),
            Self::Answer => include_str!("../parts/answer.md"),
        }
    }
}

/// The text of every part.
#[derive(Debug, Clone)]
pub struct Parts {
    /// In the order of [`Part::ALL`].
    texts: [String; Part::ALL.len()],
}

impl Parts {
    /// The parts that are built in. Where `folder` has a file of that name, its text is taken instead.
    ///
    /// # Errors
    /// A file cannot be read, or is no UTF-8.
    pub fn load(folder: Option<&Path>) -> anyhow::Result<Self> {
        let mut texts = Part::ALL.map(|part| part.built_in().trim().to_owned());
        let Some(folder) = folder else {
            return Ok(Self { texts });
        };
        for (part, text) in Part::ALL.into_iter().zip(&mut texts) {
            let path = folder.join(part.file_name());
            match std::fs::read_to_string(&path) {
                Ok(own) => *text = own.trim().to_owned(),
                Err(error) if error.kind() == ErrorKind::NotFound => {}
                Err(error) => {
                    return Err(error).with_context(|| format!("{} of PARTS_DIR", path.display()));
                }
            }
        }
        Ok(Self { texts })
    }

    /// The text of a part.
    pub fn text(&self, part: Part) -> &str {
        &self.texts[part as usize]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_part_has_a_text_of_its_own() {
        let parts = Parts::load(None).expect("built in");
        for (place, part) in Part::ALL.into_iter().enumerate() {
            assert_eq!(part as usize, place);
            assert!(!parts.text(part).is_empty(), "{part:?}");
            let others = Part::ALL[..place].iter();
            assert!(
                others
                    .clone()
                    .all(|other| parts.text(*other) != parts.text(part)),
                "{part:?}"
            );
        }
    }

    #[test]
    fn a_folder_replaces_what_it_has() {
        let folder = std::env::temp_dir().join(format!("parts-{}", uuid::Uuid::new_v4()));
        std::fs::create_dir(&folder).expect("a folder");
        std::fs::write(folder.join("risk.md"), "Look twice.\n").expect("a file");
        let parts = Parts::load(Some(&folder));
        std::fs::remove_dir_all(&folder).expect("removed");
        let parts = parts.expect("read");
        assert_eq!(parts.text(Part::Risk), "Look twice.");
        assert_eq!(parts.text(Part::Role), Part::Role.built_in().trim());
    }
}

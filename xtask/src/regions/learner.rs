//! The regions of a chapter, read forgivingly: a learner may have deleted a marker.

use super::comment_of;

/// A region as it stands in a learner's file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LearnerRegion {
    /// Such as `4.2` or `4.2-b`.
    pub id: String,
    /// Line of the opening marker, counted from 1.
    pub begin: usize,
    /// Line of the closing marker, counted from 1.
    pub end: usize,
    /// The lines between the markers.
    pub body: Vec<String>,
}

impl LearnerRegion {
    /// Whether the lines are the same as `lines`, white space at line ends aside.
    pub fn equals(&self, lines: &[String]) -> bool {
        self.body.len() == lines.len()
            && self
                .body
                .iter()
                .zip(lines)
                .all(|(own, other)| own.trim_end() == other.trim_end())
    }

    /// Whether a line (counted from 1) lies inside, markers included.
    pub fn holds(&self, line: usize) -> bool {
        (self.begin..=self.end).contains(&line)
    }
}

/// What can be read of the regions in a learner's file.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Learner {
    /// The regions with both markers, in the order of the file.
    pub regions: Vec<LearnerRegion>,
}

impl Learner {
    /// Reads the markers that are there; a region that lost one of its markers is not listed.
    pub fn parse(text: &str) -> Self {
        let mut regions: Vec<LearnerRegion> = Vec::new();
        let mut open: Option<LearnerRegion> = None;
        for (index, line) in text.lines().enumerate() {
            let number = index + 1;
            let words = comment_of(line).map_or("", |(_, _, words)| words);
            let marker = words.strip_prefix("Exercise ");
            if let Some(id) = marker
                .and_then(|rest| rest.split_once(" begins."))
                .map(|(id, _)| id)
            {
                let id = id.to_owned();
                open = Some(LearnerRegion {
                    id,
                    begin: number,
                    end: number,
                    body: Vec::new(),
                });
            } else if let Some(id) = marker.and_then(|rest| rest.strip_suffix(" ends.")) {
                let closed = open.take().filter(|region| region.id == id);
                if let Some(mut region) =
                    closed.filter(|region| regions.iter().all(|known| known.id != region.id))
                {
                    region.end = number;
                    regions.push(region);
                }
            } else if let Some(region) = &mut open {
                region.body.push(line.to_owned());
            }
        }
        Self { regions }
    }

    /// The region with this id.
    pub fn region(&self, id: &str) -> Option<&LearnerRegion> {
        self.regions.iter().find(|region| region.id == id)
    }
}

use std::time::Duration;

use super::*;

const FILE: &str = "chapters/ch01-x/src/server.rs";

struct Place {
    folder: tempfile::TempDir,
    workbook: Workbook,
}

impl Place {
    fn new(text: &str) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let workbook = Workbook {
            root: folder.path().to_owned(),
            target: folder.path().join("target"),
        };
        let place = Self { folder, workbook };
        place.write(text);
        place
    }

    fn path(&self) -> PathBuf {
        self.folder.path().join(FILE)
    }

    fn write(&self, text: &str) {
        write_whole(&self.path(), text.as_bytes()).expect("it can be written");
    }

    fn text(&self) -> String {
        fs::read_to_string(self.path()).expect("it can be read")
    }

    fn replace(&self, new: &str, regions: &[&str]) -> Kept {
        let file = Replacement {
            path: FILE.into(),
            new: Some(new.into()),
            regions: regions.iter().map(|&id| id.to_owned()).collect(),
        };
        replace(&self.workbook, "1.1", &[file]).expect("it can be replaced")
    }

    fn back(&self) -> Option<TakenBack> {
        take_back(&self.workbook).expect("it can be taken back")
    }
}

fn file(outside: &str, inside: &str) -> String {
    format!(
        "{outside}\n// Exercise 1.1 begins. Hint: cargo xtask hint 1.1\n{inside}\n// Exercise 1.1 ends.\n"
    )
}

#[test]
fn steps_are_taken_back_one_after_another() {
    let place = Place::new("one");
    let next = || last(&place.workbook).expect("can be read");
    assert_eq!(next(), None);
    place.replace("two", &[]);
    place.replace("three", &[]);
    assert_eq!(next().as_deref(), Some("1.1"));
    let first = place.back().expect("a step");
    assert_eq!(
        (place.text().as_str(), first.left, first.saved),
        ("two", 1, None)
    );
    assert_eq!(place.back().expect("a step").left, 0);
    assert_eq!(place.text(), "one");
    assert_eq!(place.back(), None);
}

#[test]
fn later_lines_outside_the_region_stay() {
    let place = Place::new(&file("old", "mine"));
    place.replace(&file("old", "starter"), &["1.1"]);
    place.write(&file("new", "starter"));
    let back = place.back().expect("a step");
    assert_eq!(place.text(), file("new", "mine"));
    assert_eq!(back.saved, None, "nothing was lost, so nothing is kept");
}

#[test]
fn later_lines_inside_the_region_are_kept_first() {
    let place = Place::new(&file("old", "mine"));
    place.replace(&file("old", "starter"), &["1.1"]);
    place.write(&file("old", "second try"));
    let saved = place
        .back()
        .and_then(|back| back.saved)
        .expect("the second try is kept");
    assert_eq!(place.text(), file("old", "mine"));
    let kept = fs::read_to_string(saved.join(BEFORE).join(FILE)).expect("a copy");
    assert_eq!(kept, file("old", "second try"));
}

#[test]
fn without_markers_the_whole_file_comes_back_and_the_present_one_is_kept() {
    let place = Place::new(&file("old", "mine"));
    place.replace(&file("old", "starter"), &["1.1"]);
    place.write("no markers");
    let back = place.back().expect("a step");
    assert!(back.saved.is_some());
    assert_eq!(place.text(), file("old", "mine"));
}

#[test]
fn a_file_that_was_not_there_is_no_step() {
    let place = Place::new("x");
    fs::remove_file(place.path()).expect("it is there");
    assert_eq!(place.replace("starter", &[]).folder, None);
    assert_eq!(place.text(), "starter");
    assert_eq!(place.back(), None);
}

#[test]
fn days_become_dates() {
    let at = |days: u64| timestamp(UNIX_EPOCH + Duration::from_secs(days * 86_400 + 3661));
    assert_eq!(at(0), "1970-01-01-010101");
    assert_eq!(at(19_782), "2024-02-29-010101");
    assert_eq!(at(20_576), "2026-05-03-010101");
}

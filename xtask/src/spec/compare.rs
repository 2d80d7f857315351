//! Criteria and checks, held against each other by their names.

use std::collections::BTreeSet;

use super::Specification;

/// What is on one side only, each as a sentence: a criterion that nothing decides, a check that follows from no
/// criterion, and names that come twice.
pub fn differences<'a>(
    specification: &Specification,
    checks: impl IntoIterator<Item = &'a str>,
) -> Vec<String> {
    let mut said = Vec::new();
    let mut named = BTreeSet::new();
    for criterion in &specification.criteria {
        if !named.insert(criterion.check_name()) {
            let (id, name) = (&criterion.id, criterion.check_name());
            said.push(format!(
                "{id} has the check {name}, as another criterion does"
            ));
        }
    }
    let mut there = BTreeSet::new();
    for check in checks {
        if !there.insert(check) {
            said.push(format!("there are two checks {check}"));
        }
    }
    for criterion in &specification.criteria {
        let name = criterion.check_name();
        if !there.contains(name) {
            said.push(format!(
                "no check decides {}: {name} is missing",
                criterion.id
            ));
        }
    }
    for check in there.difference(&named) {
        said.push(format!("the check {check} follows from no criterion"));
    }
    said
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::spec::parse::specification;

    #[test]
    fn both_sides_are_looked_at() {
        let text = "## AC-01 Find\n\n- **Check** `ac-01-find`\n\n## AC-02 Add\n\n- **Check** `ac-02-add`\n";
        let read = specification(text);
        assert!(differences(&read, ["ac-02-add", "ac-01-find"]).is_empty());
        assert_eq!(
            differences(&read, ["ac-01-find", "ac-01-find", "ac-02-remove"]),
            [
                "there are two checks ac-01-find",
                "no check decides AC-02: ac-02-add is missing",
                "the check ac-02-remove follows from no criterion",
            ]
        );
    }

    #[test]
    fn one_check_decides_one_criterion() {
        let text = "## AC-01 Find\n\n- **Check** `ac-01`\n\n## AC-02 Add\n\n- **Check** `ac-01`\n";
        assert_eq!(
            differences(&specification(text), ["ac-01"]),
            ["AC-02 has the check ac-01, as another criterion does"]
        );
    }
}

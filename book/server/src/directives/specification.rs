//! `{{#specification solutions/ch08-capstone/SPEC.md}}`: a specification as a part of the page, and with an id, such
//! as `AC-20`, one of its criteria as it is written.

use xtask::spec::lint::faults;
use xtask::spec::parse::specification;

use crate::code::Library;
use crate::html;
use crate::problem::Fault;

/// The text of a specification without its title: the page has one of its own.
pub(super) fn section(library: &Library<'_>, path: &str) -> Result<String, Fault> {
    let text = sound(library, path)?;
    let body = text.split_once('\n').map_or("", |(_, body)| body);
    Ok(body.trim().to_owned())
}

/// One criterion, with its marks.
pub(super) fn criterion(library: &Library<'_>, path: &str, id: &str) -> Result<String, Fault> {
    let text = sound(library, path)?;
    let read = specification(&text);
    let found = read.criterion(id).ok_or_else(|| {
        let ids = read.criteria.iter().map(|criterion| criterion.id.as_str());
        let next = match xtask::suggest::did_you_mean(id, ids) {
            Some(near) => format!("did you mean {near}?"),
            None => format!("its criteria are AC-01 to AC-{:02}", read.criteria.len()),
        };
        Fault::new(format!("{path} has no criterion {id}"), next)
    })?;
    let mut lines = text.lines().skip(found.line - 1);
    let mut block: Vec<&str> = lines.next().into_iter().collect();
    block.extend(lines.take_while(|line| !line.starts_with("## ")));
    Ok(html::captioned(path, block.join("\n").trim_end()))
}

/// The text of a specification in which the linter finds nothing.
fn sound(library: &Library<'_>, path: &str) -> Result<String, Fault> {
    let text = library.text(path)?;
    match faults(&specification(&text)).into_iter().next() {
        None => Ok(text),
        Some(finding) => {
            let (line, fault, what) = (finding.line, finding.fault, finding.what);
            Err(Fault::new(
                format!("{path}:{line}: {fault}: {what}"),
                finding.cure,
            ))
        }
    }
}

//! `{{#specification solutions/ch08-capstone/SPEC.md}}`: a specification as a part of the page.

use xtask::spec::lint::faults;
use xtask::spec::parse::specification;

use crate::code::Library;
use crate::problem::Fault;

/// The text of a specification without its title: the page has one of its own.
pub(super) fn section(library: &Library<'_>, path: &str) -> Result<String, Fault> {
    let text = library.text(path)?;
    if let Some(finding) = faults(&specification(&text)).into_iter().next() {
        let (line, fault, what) = (finding.line, finding.fault, finding.what);
        return Err(Fault::new(
            format!("{path}:{line}: {fault}: {what}"),
            finding.cure,
        ));
    }
    let body = text.split_once('\n').map_or("", |(_, body)| body);
    Ok(body.trim().to_owned())
}

//! For which server a token is, RFC 8707.

use crate::parameters::Parameters;
use crate::refusal::Refusal;
use crate::uri::Address;

/// The one resource of a request.
///
/// # Errors
/// `invalid_target`: none, several, or one that is no absolute `http` or `https` URI without a fragment.
pub(crate) fn read(parameters: &Parameters) -> Result<String, Refusal> {
    let mut resources = parameters.all("resource");
    let resource = match (resources.next(), resources.next()) {
        (Some(resource), None) => resource,
        (None, _) => {
            return Err(wrong(
                "resource is missing: name the server that the token is for.",
            ));
        }
        (Some(_), Some(_)) => {
            return Err(wrong("resource comes twice: a token is for one server."));
        }
    };
    match Address::read(resource) {
        Some(_) => Ok(resource.into()),
        None => Err(wrong(
            "resource is no absolute http or https URI without a fragment.",
        )),
    }
}

fn wrong(description: &str) -> Refusal {
    Refusal::new("invalid_target", description)
}

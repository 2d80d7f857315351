//! The two pages that a person sees. Plain HTML, no script: everything in it that came from outside is escaped.

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{Html, IntoResponse, Response};

use crate::document;
use crate::grants::Asked;
use crate::refusal::Refusal;
use crate::scope::SCOPES;
use crate::uri::Address;

/// Nothing is loaded, and no other page may show this one in a frame and lead a click onto its buttons.
const POLICY: &str = "default-src 'none'; base-uri 'none'; frame-ancestors 'none'";

/// What the page says about a client that is an address and not a name somebody has registered.
const STRANGER: &str = "Nobody has registered this client. What is known of it is its address, and it chose its name itself.";

/// What the page says if the answer goes to a port of this machine.
const LOCAL: &str =
    "The answer goes to a program on this machine. Any program here could have asked.";

/// Asks whether the client may have what it asks for. `name` is that of the request, `subjects` are those who may answer.
pub(crate) fn consent(action: &str, name: &str, asked: &Asked, subjects: &[String]) -> Response {
    let client = &asked.client;
    let mut notes = String::new();
    if document::is_address(&client.id) {
        notes.push_str(&paragraph(STRANGER));
    }
    if Address::read(&asked.redirect_uri).is_some_and(|address| address.is_loopback()) {
        notes.push_str(&paragraph(LOCAL));
    }
    let scopes: String = SCOPES
        .iter()
        .filter(|(scope, _)| asked.scope.split(' ').any(|known| known == *scope))
        .map(|(scope, what)| {
            format!(
                "<li><code>{}</code>: {}</li>\n",
                escape(scope),
                escape(what)
            )
        })
        .collect();
    let people: String = subjects
        .iter()
        .enumerate()
        .map(|(place, subject)| {
            let (subject, checked) = (escape(subject), if place == 0 { " checked" } else { "" });
            format!("<label><input type=\"radio\" name=\"subject\" value=\"{subject}\"{checked}> {subject}</label>\n")
        })
        .collect();
    // The first button is the one that Enter presses.
    let body = format!(
        "<h1>{client_name} asks for access</h1>\n\
         <dl>\n\
         <dt>Client</dt><dd><code>{id}</code></dd>\n\
         <dt>To</dt><dd><code>{resource}</code></dd>\n\
         <dt>The answer goes to</dt><dd><code>{redirect}</code></dd>\n\
         </dl>\n\
         {notes}\
         <p>It may then:</p>\n\
         <ul>\n{scopes}</ul>\n\
         <form method=\"post\" action=\"{action}\">\n\
         <input type=\"hidden\" name=\"request\" value=\"{name}\">\n\
         <fieldset>\n<legend>You are</legend>\n{people}</fieldset>\n\
         <p><button name=\"decision\" value=\"deny\">Deny</button>\n\
         <button name=\"decision\" value=\"allow\">Allow</button></p>\n\
         </form>\n",
        client_name = escape(&client.name),
        id = escape(&client.id),
        resource = escape(&asked.resource),
        redirect = escape(&asked.redirect_uri),
        action = escape(action),
        name = escape(name),
    );
    page(StatusCode::OK, "Allow access?", &body)
}

/// Says why nobody is sent anywhere: who asked, or where the answer should go, is not known.
pub(crate) fn refused(refusal: &Refusal) -> Response {
    let body = format!(
        "<h1>This request is refused</h1>\n\
         <p>{}</p>\n\
         <p>Code: <code>{}</code></p>\n\
         <p>You are not sent back to the client, since nobody knows whether the address in the request is the client's.</p>\n",
        escape(&refusal.description),
        escape(refusal.code),
    );
    page(StatusCode::BAD_REQUEST, "Refused", &body)
}

fn page(status: StatusCode, title: &str, body: &str) -> Response {
    let html = format!(
        "<!doctype html>\n\
         <html lang=\"en\">\n\
         <head>\n\
         <meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width\">\n\
         <meta name=\"color-scheme\" content=\"light dark\">\n\
         <title>{title}</title>\n\
         </head>\n\
         <body>\n\
         <main>\n\
         {body}\
         <p><small>The workbook's issuer. For learning only: nobody signs in here, and it protects nothing.</small></p>\n\
         </main>\n\
         </body>\n\
         </html>\n"
    );
    let mut response = (status, Html(html)).into_response();
    let headers = response.headers_mut();
    for (name, value) in [
        (header::CACHE_CONTROL, "no-store"),
        (header::CONTENT_SECURITY_POLICY, POLICY),
        (header::X_FRAME_OPTIONS, "DENY"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        // The address of this page holds what the client asked for.
        (header::REFERRER_POLICY, "same-origin"),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    response
}

fn paragraph(text: &str) -> String {
    format!("<p>{}</p>\n", escape(text))
}

/// Text as HTML that shows it, in an element or between double quotes.
fn escape(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&#39;"),
            other => safe.push(other),
        }
    }
    safe
}

#[cfg(test)]
mod tests {
    use super::escape;

    #[test]
    fn nothing_from_outside_becomes_markup() {
        let hostile = "<script>alert('&')</script>\"";
        assert_eq!(
            escape(hostile),
            "&lt;script&gt;alert(&#39;&amp;&#39;)&lt;/script&gt;&quot;"
        );
    }
}

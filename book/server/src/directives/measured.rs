//! `{{#measured speed}}` and `{{#measured endurance}}`: numbers that `cargo xtask bench` has written into the page's folder, as
//! tables and a drawing.

mod endurance;

use std::fmt::Write as _;

use serde::de::DeserializeOwned;
use xtask::bench::http::{Measured, Speed};

use super::{Expander, Place};
use crate::html::escape;
use crate::problem::Fault;

/// Where bars begin and how long the longest is, in units of the drawing.
const LEFT: f64 = 270.0;
const WIDTH: f64 = 260.0;
/// Height of a bar and its distance to the next.
const BAR: usize = 22;
const STEP: usize = 36;

/// What was measured, by its name.
pub(super) fn block(
    expander: &mut Expander<'_>,
    place: &Place<'_>,
    name: &str,
) -> Result<String, Fault> {
    match name {
        "endurance" => Ok(endurance::block(&read(expander, place, name, "soak")?)),
        _ => Ok(speed(&read(expander, place, name, "http")?)),
    }
}

/// The numbers in the page's folder. `part` is what of `cargo xtask bench` writes them.
fn read<T: DeserializeOwned>(
    expander: &mut Expander<'_>,
    place: &Place<'_>,
    name: &str,
    part: &str,
) -> Result<T, Fault> {
    let file = format!("{}measured/{name}.json", place.folder);
    let text = expander.library.text(&format!("book/src/{file}"))?;
    expander.shown.files.insert(file.clone());
    serde_json::from_str(&text).map_err(|error| {
        Fault::new(
            format!("book/src/{file}: {error}"),
            format!("`cargo xtask bench --only {part}` writes it anew"),
        )
    })
}

/// The table, the drawing and what was measured on.
fn speed(speed: &Speed) -> String {
    format!(
        "{}{}<p><em>Measured by <code>{}</code>: {} s a round, on {}.</em></p>",
        table(&speed.servers),
        figure(&speed.servers),
        escape(&speed.command),
        speed.seconds,
        escape(&speed.machine),
    )
}

fn table(servers: &[Measured]) -> String {
    let mut rows = String::new();
    // The yardstick was measured beside each server; here stands the round beside the first.
    if let Some(first) = servers.first() {
        for round in &first.load.bare {
            rows += &row("bare axum that adds two numbers", round, None, None);
        }
    }
    for server in servers {
        for (round, share) in server.load.server.iter().zip(server.shares()) {
            let memory = (round.connections > 1).then_some(server.load.resident_kib);
            rows += &row(&server.name, round, Some(share), memory);
        }
    }
    format!(
        "<div class=\"table-wrapper\"><table><thead><tr><th scope=\"col\">server</th><th scope=\"col\">connections</th>\
         <th scope=\"col\">calls a second</th><th scope=\"col\">of bare axum</th><th scope=\"col\">median</th>\
         <th scope=\"col\">99 of 100 below</th><th scope=\"col\">memory</th></tr></thead><tbody>{rows}</tbody></table></div>"
    )
}

fn row(name: &str, round: &verdict::HttpRound, share: Option<f64>, memory: Option<u64>) -> String {
    let share = share.map_or_else(|| "–".to_owned(), percent);
    let memory = memory.map_or_else(String::new, |kib| format!("{:.1} MB", kib as f64 / 1024.0));
    format!(
        "<tr><td>{}</td><td>{}</td><td>{}</td><td>{share}</td><td>{}</td><td>{}</td><td>{memory}</td></tr>",
        escape(name),
        round.connections,
        thousands(round.rate()),
        millis(round.median_micros),
        millis(round.p99_micros),
    )
}

/// A bar for each server: calls a second over many connections.
fn figure(servers: &[Measured]) -> String {
    let rates: Vec<(&str, f64)> = servers
        .iter()
        .filter_map(|server| Some((server.name.as_str(), server.load.server.last()?.rate())))
        .collect();
    let most = rates.iter().map(|(_, rate)| *rate).fold(1.0, f64::max);
    let (mut bars, mut texts, mut words) = (String::new(), String::new(), String::new());
    for (at, (name, rate)) in rates.iter().enumerate() {
        let (top, width) = (14 + at * STEP, (rate / most * WIDTH).max(1.0));
        // Writing to a string cannot fail.
        let _ = write!(
            bars,
            "<rect x=\"{LEFT}\" y=\"{top}\" width=\"{width:.0}\" height=\"{BAR}\" fill=\"currentColor\" fill-opacity=\"0.35\"/>"
        );
        let (line, end) = (top + 16, LEFT + width + 8.0);
        let _ = write!(
            texts,
            "<text x=\"{}\" y=\"{line}\" text-anchor=\"end\">{}</text><text x=\"{end:.0}\" y=\"{line}\">{}</text>",
            LEFT - 10.0,
            escape(name),
            thousands(*rate),
        );
        let _ = write!(words, " {}: {}.", escape(name), thousands(*rate));
    }
    let height = 14 + rates.len() * STEP;
    let words = format!("A bar chart of calls a second over 32 connections.{words}");
    format!(
        "<figure class=\"diagram\"><div class=\"drawing\"><svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 640 {height}\" \
         width=\"640\" font-family=\"inherit\" fill=\"none\" stroke=\"currentColor\" role=\"img\" \
         aria-labelledby=\"measured-title measured-words\"><title id=\"measured-title\">Calls a second</title>\
         <desc id=\"measured-words\">{words}</desc>{bars}<g fill=\"currentColor\" stroke=\"none\" font-size=\"12\">{texts}</g></svg></div>\
         <details class=\"in-words\"><summary>The diagram in words</summary><p>{words}</p></details></figure>"
    )
}

fn percent(share: f64) -> String {
    match share {
        10.0.. => format!("{share:.0} %"),
        _ => format!("{share:.1} %"),
    }
}

/// A time in milliseconds, with as many digits as say something.
fn millis(micros: u64) -> String {
    let millis = micros as f64 / 1000.0;
    match millis {
        10.0.. => format!("{millis:.1} ms"),
        _ => format!("{millis:.2} ms"),
    }
}

/// A whole number with a comma between thousands.
fn thousands(number: f64) -> String {
    let digits = format!("{number:.0}");
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::{figure, millis, table, thousands};
    use verdict::{HttpLoad, HttpRound};
    use xtask::bench::http::Measured;

    fn server(name: &str, calls: u64) -> Measured {
        let round = |connections, calls| HttpRound {
            connections,
            calls,
            errors: 0,
            millis: 1000,
            median_micros: 44_012,
            p99_micros: 130,
        };
        let load = HttpLoad {
            bare: vec![round(1, 4000), round(32, 80_000)],
            server: vec![round(1, 1000), round(32, calls)],
            resident_kib: 10_240,
        };
        Measured {
            name: name.into(),
            load,
        }
    }

    #[test]
    fn numbers_are_written_for_people() {
        assert_eq!(thousands(1_234_567.4), "1,234,567");
        assert_eq!(thousands(756.0), "756");
        assert_eq!(millis(44_012), "44.0 ms");
        assert_eq!(millis(130), "0.13 ms");
    }

    #[test]
    fn the_table_has_the_share_and_the_drawing_its_words() {
        let servers = [server("a & b", 20_000), server("slow", 800)];
        let table = table(&servers);
        assert!(table.contains("<td>a &amp; b</td><td>32</td><td>20,000</td><td>25 %</td><td>44.0 ms</td><td>0.13 ms</td><td>10.0 MB</td>"), "{table}");
        assert!(table.contains("<td>slow</td><td>32</td><td>800</td><td>1.0 %</td>"));
        let figure = figure(&servers);
        assert!(figure.contains(
            "A bar chart of calls a second over 32 connections. a &amp; b: 20,000. slow: 800."
        ));
        assert!(figure.contains("width=\"260\"") && figure.contains("width=\"10\""));
    }
}

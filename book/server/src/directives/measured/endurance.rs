//! What became of a long load.

use xtask::bench::soak::Endured;

use super::thousands;
use crate::html::escape;

/// How the calls ended, and how much memory the processes had.
pub(super) fn block(endured: &Endured) -> String {
    let load = &endured.load;
    let ends = load.ends.iter().map(|(end, calls)| {
        format!(
            "<tr><td>{}</td><td>{}</td></tr>",
            escape(end),
            thousands(*calls as f64)
        )
    });
    let memory = load.memory.iter().map(|memory| {
        format!(
            "<tr><td>{}</td><td>{}</td><td>{}</td><td>{:.2}</td></tr>",
            escape(&memory.process),
            megabytes(memory.early_kib),
            megabytes(memory.late_kib),
            memory.ratio(),
        )
    });
    let (early, calls) = (thousands(load.early as f64), thousands(load.calls as f64));
    let after = [
        format!("memory after {early} calls"),
        format!("after {calls}"),
    ];
    format!(
        "{}{}<p>{} requests to the tracker went wrong on purpose. The longest wait was {:.1} s, for {}. Everything took {:.0} s.</p>\
         <p><em>Measured by <code>{}</code>: {calls} calls, {} at a time, on {}.</em></p>",
        table(&["how a call ended", "calls"], ends.collect()),
        table(
            &["the process", &after[0], &after[1], "ratio"],
            memory.collect()
        ),
        thousands(load.faults as f64),
        load.longest_millis as f64 / 1000.0,
        escape(&load.longest),
        load.millis as f64 / 1000.0,
        escape(&endured.command),
        load.at_once,
        escape(&endured.machine),
    )
}

fn table(heads: &[&str], rows: String) -> String {
    let heads: String = heads
        .iter()
        .map(|head| format!("<th scope=\"col\">{head}</th>"))
        .collect();
    format!(
        "<div class=\"table-wrapper\"><table><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table></div>"
    )
}

fn megabytes(kib: u64) -> String {
    format!("{:.1} MB", kib as f64 / 1024.0)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use verdict::{Endurance, MemoryOf};
    use xtask::bench::soak::Endured;

    use super::block;

    #[test]
    fn both_tables_have_their_figures() {
        let load = Endurance {
            calls: 20_000,
            at_once: 16,
            ends: BTreeMap::from([("result".into(), 12_345)]),
            faults: 8400,
            early: 2000,
            memory: vec![MemoryOf {
                process: "over <HTTP>".into(),
                early_kib: 10_240,
                late_kib: 11_264,
            }],
            longest_millis: 2042,
            longest: "tools/call create_task over http-modern".into(),
            millis: 69_192,
        };
        let shown = block(&Endured {
            machine: "2 cores".into(),
            command: "cargo xtask bench --only soak".into(),
            load,
        });
        assert!(shown.contains("<td>result</td><td>12,345</td>"), "{shown}");
        assert!(shown.contains("memory after 2,000 calls</th>"));
        assert!(
            shown.contains(
                "<td>over &lt;HTTP&gt;</td><td>10.0 MB</td><td>11.0 MB</td><td>1.10</td>"
            )
        );
        assert!(shown.contains("8,400 requests") && shown.contains("was 2.0 s, for tools/call"));
    }
}

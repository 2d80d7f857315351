//! The machine that was measured on.

use std::fmt;
use std::fs;
use std::process::{Command, Stdio};
use std::thread;

/// Above this load for each core, times say more about the other work than about the workbook.
const QUIET: f64 = 0.5;

/// What matters of a machine. What the system does not tell is left out.
#[derive(Debug, Clone)]
pub struct Machine {
    cores: usize,
    processor: Option<String>,
    gigabytes: Option<f64>,
    rustc: String,
    load: Option<f64>,
}

impl Machine {
    /// Looks at this machine as it is now.
    pub fn look() -> Self {
        Self {
            cores: thread::available_parallelism().map_or(1, usize::from),
            processor: field("/proc/cpuinfo", "model name"),
            gigabytes: field("/proc/meminfo", "MemTotal")
                .and_then(|text| text.trim_end_matches("kB").trim().parse::<f64>().ok())
                .map(|kilobytes| kilobytes / 1024.0 / 1024.0),
            rustc: rustc(),
            load: load(),
        }
    }

    /// What to say if other work was going on when the measurement began.
    pub fn warning(&self) -> Option<String> {
        let load = self.load.filter(|load| *load > QUIET * self.cores as f64)?;
        Some(format!(
            "The load was {load:.1} on {} cores before anything was measured: other work takes part of the time. \
             Measure again when the machine is quiet.",
            self.cores
        ))
    }
}

impl fmt::Display for Machine {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{} cores", self.cores)?;
        if let Some(processor) = &self.processor {
            write!(formatter, " ({processor})")?;
        }
        if let Some(gigabytes) = self.gigabytes {
            write!(formatter, ", {gigabytes:.0} GB of memory")?;
        }
        write!(formatter, ", {}", self.rustc)?;
        match self.load {
            Some(load) => write!(formatter, ", load {load:.1} at the start"),
            None => Ok(()),
        }
    }
}

/// The first value of `name` in a file of `name: value` lines. Linux only.
fn field(path: &str, name: &str) -> Option<String> {
    let text = fs::read_to_string(path).ok()?;
    text.lines().find_map(|line| {
        let (own, value) = line.split_once(':')?;
        (own.trim() == name).then(|| value.trim().to_owned())
    })
}

/// The mean number of processes that wanted to run, over the last minute. Linux only.
fn load() -> Option<f64> {
    let text = fs::read_to_string("/proc/loadavg").ok()?;
    text.split_whitespace().next()?.parse().ok()
}

fn rustc() -> String {
    let output = Command::new("rustc")
        .arg("--version")
        .stdin(Stdio::null())
        .output();
    let text = output.map(|output| String::from_utf8_lossy(&output.stdout).into_owned());
    let words = text.unwrap_or_default();
    let short: Vec<&str> = words.split_whitespace().take(2).collect();
    short.join(" ")
}

//! How much memory a process has: the one place where systems differ.

use anyhow::Context as _;

/// What of a process is in memory, in KiB.
///
/// # Errors
/// The system does not say.
#[cfg(target_os = "linux")]
pub(crate) fn resident_kib(process: u32) -> anyhow::Result<u64> {
    let path = format!("/proc/{process}/status");
    let status = std::fs::read_to_string(&path).with_context(|| format!("cannot read {path}"))?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let figure = line.and_then(|line| line.trim().strip_suffix("kB"));
    let figure = figure.with_context(|| format!("{path} has no VmRSS"))?;
    Ok(figure.trim().parse()?)
}

/// What of a process is in memory, in KiB (untested).
///
/// # Errors
/// The system does not say.
#[cfg(not(target_os = "linux"))]
pub(crate) fn resident_kib(process: u32) -> anyhow::Result<u64> {
    let process = process.to_string();
    let ps = std::process::Command::new("ps")
        .args(["-o", "rss=", "-p", &process])
        .output()
        .context("cannot run ps")?;
    let figure = String::from_utf8_lossy(&ps.stdout);
    figure.trim().parse().context("ps does not say")
}

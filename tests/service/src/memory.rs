//! How much memory a process has: the one place where systems differ.

use std::io;

/// What of a process is in memory, in KiB.
///
/// # Errors
/// The system does not say.
#[cfg(target_os = "linux")]
pub fn resident_kib(process: u32) -> io::Result<u64> {
    let path = format!("/proc/{process}/status");
    let status = std::fs::read_to_string(&path)?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let figure = line.and_then(|line| line.trim().strip_suffix("kB"));
    let kib = figure.and_then(|figure| figure.trim().parse().ok());
    kib.ok_or_else(|| io::Error::other(format!("{path} has no VmRSS")))
}

/// What of a process is in memory, in KiB (untested).
///
/// # Errors
/// The system does not say.
#[cfg(not(target_os = "linux"))]
pub fn resident_kib(process: u32) -> io::Result<u64> {
    let process = process.to_string();
    let ps = std::process::Command::new("ps")
        .args(["-o", "rss=", "-p", &process])
        .output()?;
    let figure = String::from_utf8_lossy(&ps.stdout);
    let kib = figure.trim().parse().ok();
    kib.ok_or_else(|| io::Error::other("ps does not say"))
}

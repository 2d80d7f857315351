//! A child process with everything that it starts, ended as one.

#[cfg_attr(unix, path = "group/unix.rs")]
#[cfg_attr(windows, path = "group/windows.rs")]
mod platform;

pub use platform::Group;

//! The book of the workbook: rendered with mdBook, checked, and served with live reload.
//!
//! mdBook shows a blank where an include is missing and still exits with 0. This package renders the same
//! Markdown, but everything that cannot be shown is a [`Problem`] with page, line and what to do, and fails the build:
//!
//! 1. [`directives`] replaces `{{#exercise 1.3}}` and its kin on each page,
//! 2. mdBook renders the pages,
//! 3. [`loading`] sees to it that a page is shown before it loads what can wait,
//! 4. [`coverage`] finds what exists but is shown nowhere, [`links`] follows every link of the result.
//!
//! [`serve`] does that at every save, and keeps the last good book while a build fails.

mod book;
mod code;
mod console_page;
mod coverage;
mod directives;
mod html;
mod item;
mod links;
mod loading;
mod mdbook_log;
mod page;
mod pretty_json;
mod problem;
pub mod serve;
mod summary;

pub use book::{Mode, Report, build};
pub use problem::{Problem, Problems};

//! The book and its server, tested as an author and a reader meet them.

mod console;
mod directives;
mod hostile;
#[cfg(unix)]
mod live;
mod refused_books;
mod refused_directives;
mod served;
mod server;
mod specifications;
mod support;
mod tracker;

//! The book and its server, tested as an author and a reader meet them.

mod directives;
mod refused_books;
mod refused_directives;
mod server;
mod support;
mod tracker;

//! Code that the book shows and that belongs to no chapter: refreshers of Rust, and examples of what not to do.
//! It is compiled with everything else, so the book cannot show code that does not build.

pub mod arguments;
pub mod criterion;
pub mod futures;
pub mod ownership;
pub mod traits;

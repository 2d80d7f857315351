//! 7.6: programs that must not compile. Each is a file in `cases/`, and beside it stands what the compiler says.
//!
//! `TRYBUILD=overwrite cargo test --test all impossible` writes that down. The first time takes about a minute:
//! the cases are built in a folder of their own.

// Exercise 7.6-b begins. Hint: cargo xtask hint 7.6
// Exercise 7.6-b ends.

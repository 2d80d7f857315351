//! Running the tests that a learner has written.

mod libtest;
mod program;

pub use program::{TestEnd, TestProgram, TestRun};

//! The checks, one module an exercise.

mod ch01;
mod ch02;

use crate::harness::Check;

/// All checks, in the order of the curriculum.
pub fn all() -> Vec<Check> {
    [ch01::checks(), ch02::checks()].concat()
}

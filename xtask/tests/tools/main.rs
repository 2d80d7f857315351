//! The commands around a learner's work, driven as programs in a small checkout. Only `builds` builds.

mod builds;
mod diff;
mod doctor;
mod fixture;
mod generate;
mod hint;
mod new;
mod reset;

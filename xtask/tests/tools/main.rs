//! The commands around a learner's work, driven as programs in a small checkout. Nothing is built here.

mod diff;
mod doctor;
mod fixture;
mod generate;
mod hint;
mod new;
mod reset;
mod spec;
mod whole_files;

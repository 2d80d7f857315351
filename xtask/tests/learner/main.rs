//! A learner at work: the built program in a copied tree, with everything that can go wrong there.
//!
//! All tests share one copy of the workbook and one target folder, so that cargo builds the
//! dependencies once. A test that changes `chapters/` holds the copy's lock.

#![cfg(unix)]

mod broken;
mod builds;
mod fixture;
mod hangs;
mod issuer;
mod over_http;
mod places;
mod running;
mod servers;
mod terminal;
mod tracker;
mod verdicts;
mod watching;

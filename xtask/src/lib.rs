//! What the workbook's commands are made of: the manifest, exercise regions,
//! progress, and the engine that builds a crate and judges it.

pub mod ask;
pub mod attribute;
pub mod cancel;
pub mod cargo;
pub mod caught;
pub mod checker;
pub mod client_config;
pub mod comparison;
pub mod diagnostics;
pub mod doctor;
pub mod exit;
pub mod fetch;
pub mod generate;
pub mod handover;
pub mod hash;
pub mod manifest;
pub mod near_misses;
pub mod own_copy;
pub mod paths;
pub mod process;
pub mod progress;
pub mod proofs;
pub mod regions;
pub mod reset;
pub mod rewrite;
pub mod scratch;
pub mod snapshot;
pub mod sources;
pub mod states;
pub mod style;
pub mod suggest;
pub mod undo;

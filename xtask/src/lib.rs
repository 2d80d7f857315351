//! What the workbook's commands are made of: the manifest, exercise regions,
//! progress, and the engine that builds a crate and judges it.

pub mod ask;
pub mod client_config;
pub mod comparison;
pub mod doctor;
pub mod exit;
pub mod generate;
pub mod manifest;
pub mod own_copy;
pub mod paths;
pub mod regions;
pub mod reset;
pub mod rewrite;
pub mod sources;
pub mod suggest;
pub mod undo;

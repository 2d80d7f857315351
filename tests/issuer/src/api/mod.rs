//! The endpoints, a module for each.

pub(crate) mod admin;
pub(crate) mod authorize;
pub(crate) mod consent;
pub(crate) mod health;
pub(crate) mod jwks;
pub(crate) mod metadata;
pub(crate) mod token;

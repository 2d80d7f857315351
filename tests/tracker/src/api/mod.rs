//! The handlers, one module a kind of thing, in the order of the API page.

pub(crate) mod admin;
pub(crate) mod attachments;
pub(crate) mod changes;
pub(crate) mod health;
pub(crate) mod imports;
pub(crate) mod members;
pub(crate) mod projects;
pub(crate) mod reports;
pub(crate) mod tasks;

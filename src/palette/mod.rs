//! Getting around without a mouse: the command palette, and the keys that work on every page of an organisation.

pub mod model;
pub mod view;

//! Tasks: the work of single people.

pub mod model;

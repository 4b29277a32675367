//! What an experiment is.

pub mod analysis;

//! Experiments: what was tried on some of the users, and what came of it.

//! The audit log: who did what to which thing, from where, and what it was before.

#[cfg(feature = "ssr")]
pub mod store;

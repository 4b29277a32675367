//! `/metrics`: what a Prometheus collects of this process. Only numbers, by the patterns of routes: no address that was asked
//! for, no name of a tenant, nothing that anybody wrote.

mod access;
mod page;
mod requests;
#[cfg(test)]
mod tests;
mod text;

pub use access::Readers;
pub use page::{Counted, answer};
pub use requests::count;

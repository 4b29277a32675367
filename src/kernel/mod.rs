//! The words that every slice uses, on both sides.

pub mod call;
pub mod color;
pub mod day;
pub mod entry;
pub mod error;
pub mod http;
pub mod named;
pub mod number;
pub mod page;
pub mod parts;
pub mod priority;
pub mod rank;
pub mod reference;
pub mod role;
pub mod text;
pub mod time;
pub mod version;
pub mod words;

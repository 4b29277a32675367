//! Building blocks that know no entity.

pub mod again;
mod attend;
pub mod board;
pub mod chart;
pub mod copy;
#[cfg(feature = "hydrate")]
pub mod dawn;
mod encode;
pub mod fold;
pub mod form;
pub mod icon;
pub mod item;
pub mod keys;
pub mod layout;
pub mod lazy;
pub mod left;
pub mod live;
pub mod load;
pub mod mail;
pub mod markdown;
#[cfg(test)]
#[cfg(feature = "ssr")]
mod markup_tests;
pub mod page;
pub mod pages;
pub mod reference;
pub mod rows;
pub mod score_field;
pub mod select;
pub mod unsaved;
mod unsent;
pub mod upload;

//! Building blocks that know no entity.

pub mod board;
pub mod form;
pub mod icon;
pub mod keys;
pub mod layout;
pub mod lazy;
pub mod load;
pub mod score_field;
pub mod select;
pub mod upload;

//! Cards in columns, all together or in lanes, in an order that people make by hand: by pointer, by finger, by keyboard, or by plain buttons where
//! there are no scripts. It knows no entity; a slice gives it columns and cards, and the calls that read and move them.
//!
//! A column shows only the cards near what is seen of it, so that ten thousand are as quick as ten. All cards are of one
//! height, `--card-step` in the style sheet, so the place of each is known without it being there.

mod again;
mod calls;
mod desk;
mod drag;
mod lanes;
mod model;
mod place;
mod tools;
mod view;
mod writing;

pub use calls::{Asked, Calls, Head, Tools, ask};
pub use model::{CARDS_FIRST, CARDS_MORE, Card, Column, LaneName, cell};
pub use view::{Board, ListOrBoard, Shut};

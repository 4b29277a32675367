//! The built site, inside the program. `script/build` names the table of its files in `PRODMATIC_SITE`; otherwise there are none.
//!
//! They belong to the program and not to the library, which is therefore compiled while they are still being made.

use prodmatic::server::assets::Asset;

pub static FILES: &[Asset] = include!(env!("PRODMATIC_SITE"));

//! The ways through a list that is longer than a page.

use leptos::prelude::*;

use super::layout::Pager;
use crate::kernel::page::{Cursor, Page};

/// Which rows of a list are shown, and the ways to the page before and to the one behind, by these names and the addresses of their cursors.
pub fn pages<T>(page: &Page<T>, [before, behind]: [&'static str; 2], address: impl Fn(Cursor) -> String) -> AnyView {
    let way = |cursor: &Option<Cursor>, name: &'static str| {
        cursor.clone().map(|cursor| view! { <a class="button" href=address(cursor)>{name}</a> })
    };
    let (previous, next) = (way(&page.previous, before), way(&page.next, behind));
    view! { <Pager range=page.range()>{previous}{next}</Pager> }.into_any()
}

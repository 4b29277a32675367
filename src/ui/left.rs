//! What was typed into a form and not sent when its page was left by a link or by Back: who comes to that page again finds it there.
//! It is kept in the browser's memory alone, and gone when a page is loaded anew, or when somebody signs in or out.

use std::cell::RefCell;

use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use web_sys::{Element, Event, HtmlElement};

use super::live::fields;
use super::page::{around, listen};
use super::unsent::{FORM, Unsent, address, attribute, content, mark};

/// Of these nothing is kept here: drafts of documents are kept by the server.
const KEPT_ELSEWHERE: &str = ".editor";
/// A link that gives up what is in its form.
const CANCEL: &str = "form[novalidate] .actions a";

/// Where people sign in.
const DOOR: &str = "/signin";

thread_local! {
    /// Each with the address of its page.
    static LEFT: RefCell<Vec<(String, Unsent)>> = const { RefCell::new(Vec::new()) };
}

/// Listens from now on for what is left behind.
pub fn watch() {
    listen("focusout", |event| target(event).iter().for_each(note));
    listen("popstate", |_| document().active_element().iter().for_each(note));
    listen("click", |event| {
        if target(event).is_some_and(|link| around(&link, CANCEL).is_some()) {
            forget(&address());
        }
    });
}

fn target(event: &Event) -> Option<Element> {
    event.target()?.dyn_into().ok()
}

/// Notes what is typed in the form around a field or button. A link that is followed out of it has given it up.
fn note(field: &Element) {
    let is_kept = |form: &HtmlElement| field.tag_name() != "A" && around(form, KEPT_ELSEWHERE).is_none();
    let Some(form) = around(field, FORM).filter(is_kept) else { return };
    let Ok(Some(of)) = form.query_selector("input[name=page]") else { return };
    let page = attribute(&of, "value");
    let fields = fields(&form);
    LEFT.with_borrow_mut(|left| {
        let marks: Vec<String> = fields.iter().map(mark).collect();
        left.retain(|(of, unsent)| *of != page || !marks.contains(&unsent.mark));
        let typed = fields.iter().filter_map(|field| Unsent::of(field, &page)).filter(|unsent| unsent.is_text);
        left.extend(typed.map(|unsent| (page.clone(), unsent)));
    });
}

/// Whether anything was left on this page.
pub fn is_any(page: &str) -> bool {
    LEFT.with_borrow(|left| left.iter().any(|(of, _)| of == page))
}

/// Puts back what was left on this page, into fields that hold what they did at first.
pub fn put_back(page: &str) {
    if address() != page {
        return;
    }
    let left: Vec<Unsent> = LEFT.with_borrow(|left| left.iter().filter(|(of, _)| of == page).map(|(_, unsent)| unsent.clone()).collect());
    for field in content() {
        if let Some(unsent) = left.iter().find(|unsent| unsent.mark == mark(&field)) {
            unsent.put_back(&field, page);
        }
    }
}

/// Forgets what was left on this page, which is saved now; and all of it where another person may come, who signs in or out.
pub fn after(redirect: Option<&str>) {
    let page = address();
    if page.starts_with(DOOR) || redirect.is_some_and(|to| to == "/" || to.starts_with(DOOR)) {
        LEFT.with_borrow_mut(Vec::clear);
    }
    forget(&page);
}

fn forget(page: &str) {
    LEFT.with_borrow_mut(|left| left.retain(|(of, _)| of != page));
}

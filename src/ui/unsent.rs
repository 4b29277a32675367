//! What somebody is writing while the page reads its data anew. Most of it stays where it is. Where its field is made anew it is put
//! back, and where the field has gone it is told, so that it can be copied.

use std::time::Duration;

use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use web_sys::js_sys::Reflect;
use web_sys::{Element, HtmlElement};

use super::form::{Homeless, Returned, put};
use super::live::{fields, is_changed};
use super::page::around;
use crate::kernel::error::AppError;

/// The forms with what is to be kept, which are those of `ui::form`; one that was accepted has it saved.
const FORM: &str = "form[novalidate]:not([data-sent])";

/// A field that something is typed in, ticked or chosen, and not sent.
struct Unsent {
    /// Tells it from all others of the page, and stays the same however often it is made.
    key: String,
    name: String,
    value: String,
    is_text: bool,
    has_focus: bool,
    version: Option<String>,
}

/// Looks after what is not sent yet; to be called just before a part of the page is drawn anew.
pub fn keep() {
    if cfg!(feature = "ssr") {
        return;
    }
    let Some(Homeless(told)) = use_context::<Homeless>() else { return };
    let page = address();
    let unsent: Vec<Unsent> = content().iter().filter_map(|field| Unsent::of(field, &page)).collect();
    if !unsent.is_empty() {
        set_timeout(move || restore(unsent, &page, told), Duration::ZERO);
    }
}

/// The path and query of the page that is shown.
fn address() -> String {
    let location = window().location();
    format!("{}{}", location.pathname().unwrap_or_default(), location.search().unwrap_or_default())
}

/// The fields of what is shown.
fn content() -> Vec<Element> {
    document().get_element_by_id("content").map(|content| fields(&content)).unwrap_or_default()
}

/// The form that the field stands in, and what it is about, in one word with its own name; a box is one of many of its name. `None`
/// where the form is of another page, which is about to be left.
fn key(field: &Element, page: &str) -> Option<String> {
    let form = around(field, FORM)?;
    let hidden = form.query_selector_all("input[type=hidden]").ok()?;
    let mut key = form.get_attribute("action")?;
    let mut of_page = false;
    for input in (0..hidden.length()).filter_map(|at| hidden.item(at)?.dyn_into::<Element>().ok()) {
        let (name, value) = (attribute(&input, "name"), attribute(&input, "value"));
        match name.as_str() {
            "page" => of_page = value == page,
            "version" => {}
            // These are filled while somebody writes.
            _ if name.starts_with("form[") => {}
            _ => key = format!("{key} {value}"),
        }
    }
    let own = if is_box(field) { attribute(field, "value") } else { String::new() };
    of_page.then(|| format!("{key} {} {own}", attribute(field, "name")))
}

fn attribute(of: &Element, name: &str) -> String {
    of.get_attribute(name).unwrap_or_default()
}

/// The field of the form's version.
fn version(field: &Element) -> Option<Element> {
    around(field, FORM)?.query_selector("input[name=version]").ok()?
}

fn is_box(field: &Element) -> bool {
    field.get_attribute("type").as_deref() == Some("checkbox")
}

/// What the field holds, as `put` takes it.
fn held(field: &Element) -> String {
    let of = |name: &str| Reflect::get(field, &name.into()).unwrap_or_default();
    match is_box(field) {
        true if of("checked").is_truthy() => "on".to_owned(),
        true => String::new(),
        false => of("value").as_string().unwrap_or_default(),
    }
}

impl Unsent {
    /// Nothing for a field that holds what it did at first, for a password, and for one of several of which one is chosen.
    fn of(field: &Element, page: &str) -> Option<Unsent> {
        if !is_changed(field) || matches!(attribute(field, "type").as_str(), "password" | "radio") {
            return None;
        }
        let key = key(field, page)?;
        Some(Unsent {
            key,
            name: attribute(field, "name").trim_start_matches("form[").trim_end_matches(']').to_owned(),
            value: held(field),
            is_text: !is_box(field) && field.tag_name() != "SELECT",
            has_focus: document().active_element().is_some_and(|at| at == *field),
            version: version(field).map(|version| attribute(&version, "value")),
        })
    }

    /// Sees to it that the field still holds it, and that it goes with the version that it was typed over: somebody else may have
    /// changed the same meanwhile, and has to be told of.
    fn put_back(&self, field: &Element) {
        if !is_changed(field) && held(field) != self.value {
            let _ = put(field, &self.value);
            if let Some(field) = field.dyn_ref::<HtmlElement>().filter(|_| self.has_focus) {
                let _ = field.focus();
            }
        }
        if let Some((typed_over, version)) = self.version.as_ref().zip(version(field))
            && is_changed(field)
            && attribute(&version, "value") != *typed_over
        {
            let _ = put(&version, typed_over);
        }
    }
}

/// Puts back what the page does not hold any more, and tells what it has no place for.
fn restore(unsent: Vec<Unsent>, page: &str, told: RwSignal<Option<Returned>>) {
    let now = address();
    if now != page && !now.starts_with("/signin?") {
        return;
    }
    let fields: Vec<(String, Element)> = content().into_iter().filter_map(|field| Some((key(&field, page)?, field))).collect();
    let mut values = Vec::new();
    for one in unsent {
        match fields.iter().find(|(key, _)| *key == one.key) {
            Some((_, field)) => one.put_back(field),
            None if one.is_text => values.push((one.name, one.value)),
            None => {}
        }
    }
    if !values.is_empty() {
        let error = AppError::Conflict("The form that you were writing in has gone from the page.".into());
        let (function, page) = (String::new(), page.to_owned());
        let _ = told.try_set(Some(Returned { function, page, values, error, homeless: true, told: Default::default() }));
    }
}

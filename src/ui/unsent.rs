//! What somebody is in the middle of while the page reads its data anew: what is written and not sent, and where the focus is. Most
//! of it stays where it is. What is made anew gets it back; and what was typed in a form that has gone is told, to be copied.

use leptos::prelude::*;
use leptos::task::{spawn_local, tick};
use leptos::wasm_bindgen::{JsCast, JsValue};
use web_sys::js_sys::Reflect;
use web_sys::{Element, HtmlElement};

use super::form::{Homeless, IN_BROWSER, Returned, put};
use super::left;
use super::live::{fields, is_changed};
use super::page::{all, around};
use super::rows::focus_quietly;
use crate::kernel::error::AppError;

/// The forms with what is to be kept, which are those of `ui::form`; one that was accepted has it saved.
pub(super) const FORM: &str = "form[novalidate]:not([data-sent])";

/// By then the part is drawn, which takes a few turns after its data are there. They all belong to one task of the browser, so no key
/// that is pressed comes between and finds the focus nowhere, or a field without what was typed in it.
const TURNS: usize = 16;

/// Looks after it; to be called just before a part of the page is drawn anew.
pub fn keep() {
    let Some(Homeless(told)) = use_context::<Homeless>().filter(|_| IN_BROWSER) else { return };
    let page = address();
    let unsent: Vec<Unsent> = content().iter().filter_map(|field| Unsent::of(field, &page)).collect();
    let (files, focused) = (chosen_files(), Focused::now());
    if unsent.is_empty() && files.is_empty() && focused.is_none() && !left::is_any(&page) {
        return;
    }
    spawn_local(async move {
        for _ in 0..TURNS {
            tick().await;
        }
        restore(unsent, &page, told);
        left::put_back(&page);
        give_files_back(&files);
        if let Some(focused) = focused {
            focused.give_back();
        }
    });
}

/// The path and query of the page that is shown.
pub(super) fn address() -> String {
    let location = window().location();
    format!("{}{}", location.pathname().unwrap_or_default(), location.search().unwrap_or_default())
}

/// The fields of what is shown.
pub(super) fn content() -> Vec<Element> {
    document().get_element_by_id("content").map(|content| fields(&content)).unwrap_or_default()
}

pub(super) fn attribute(of: &Element, name: &str) -> String {
    of.get_attribute(name).unwrap_or_default()
}

fn is_box(field: &Element) -> bool {
    attribute(field, "type") == "checkbox"
}

/// What tells a field, button or link from others of the page, and stays the same however often it is made: what it does, and what
/// the form around it is about.
pub(super) fn mark(of: &Element) -> String {
    let mut mark = ["name", "href", "form"].map(|name| attribute(of, name)).join(" ");
    if is_box(of) || of.tag_name() == "BUTTON" {
        mark = format!("{mark} {}", attribute(of, "value"));
    }
    // A link is the same in a form and beside it.
    let Some(form) = around(of, "form").filter(|_| of.tag_name() != "A") else { return mark };
    mark = format!("{mark} {}", attribute(&form, "action"));
    let Ok(hidden) = form.query_selector_all("input[type=hidden]") else { return mark };
    for input in (0..hidden.length()).filter_map(|at| hidden.item(at)?.dyn_into::<Element>().ok()) {
        let name = attribute(&input, "name");
        // Other fields of the form may be filled while somebody writes.
        if !matches!(name.as_str(), "page" | "version") && !name.starts_with("form[") {
            mark = format!("{mark} {}", attribute(&input, "value"));
        }
    }
    mark
}

/// A part of the form that a field stands in: if the form is of the page with this address, and not of one that is being left.
fn part(field: &Element, selector: &str, page: &str) -> Option<Element> {
    let form = around(field, FORM)?;
    let of = form.query_selector("input[name=page]").ok()??;
    if attribute(&of, "value") == page { form.query_selector(selector).ok()? } else { None }
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

/// A field that something is typed in, ticked or chosen, and not sent.
#[derive(Clone)]
pub(super) struct Unsent {
    pub mark: String,
    name: String,
    value: String,
    pub is_text: bool,
    version: Option<String>,
}

impl Unsent {
    /// Nothing for a field that holds what it did at first, for a password, and for one of several of which one is chosen.
    pub fn of(field: &Element, page: &str) -> Option<Unsent> {
        if !is_changed(field) || matches!(attribute(field, "type").as_str(), "password" | "radio") {
            return None;
        }
        part(field, "input", page)?;
        Some(Unsent {
            mark: mark(field),
            name: attribute(field, "name").trim_start_matches("form[").trim_end_matches(']').to_owned(),
            value: held(field),
            is_text: !is_box(field) && field.tag_name() != "SELECT",
            version: part(field, "input[name=version]", page).map(|version| attribute(&version, "value")),
        })
    }

    /// Sees to it that the field still holds it, and that it goes with the version that it was typed over: somebody else may have
    /// changed the same meanwhile, and has to be told of.
    pub fn put_back(&self, field: &Element, page: &str) {
        if !is_changed(field) && held(field) != self.value {
            let _ = put(field, &self.value);
        }
        if let Some((typed_over, version)) = self.version.as_ref().zip(part(field, "input[name=version]", page))
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
    if unsent.is_empty() || (now != page && !now.starts_with("/signin?")) {
        return;
    }
    let fields: Vec<(String, Element)> = content().into_iter().map(|field| (mark(&field), field)).collect();
    let mut values = Vec::new();
    for one in unsent {
        match fields.iter().find(|(mark, field)| *mark == one.mark && part(field, "input", page).is_some()) {
            Some((_, field)) => one.put_back(field, page),
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

/// The fields for files, each with the files that are chosen in it.
fn file_fields() -> Vec<(HtmlElement, JsValue)> {
    let files = |field: &HtmlElement| Reflect::get(field, &"files".into()).unwrap_or_default();
    let with_files = |field: HtmlElement| {
        let files = files(&field);
        (field, files)
    };
    all("#content input[type=file]").into_iter().map(with_files).collect()
}

fn is_any(files: &JsValue) -> bool {
    Reflect::get(files, &"length".into()).is_ok_and(|length| length.is_truthy())
}

/// Files that are chosen and not sent, by the marks of their fields.
fn chosen_files() -> Vec<(String, JsValue)> {
    file_fields().into_iter().filter(|(_, files)| is_any(files)).map(|(field, files)| (mark(&field), files)).collect()
}

/// Puts files back into fields that were made anew.
fn give_files_back(chosen: &[(String, JsValue)]) {
    for (field, _) in file_fields().into_iter().filter(|(_, files)| !is_any(files)) {
        if let Some((_, files)) = chosen.iter().find(|(wanted, _)| *wanted == mark(&field)) {
            let _ = Reflect::set(&field, &"files".into(), files);
        }
    }
}

/// What has the focus.
struct Focused {
    element: HtmlElement,
    mark: String,
    href: String,
    /// Which one it is of those with its mark.
    place: usize,
}

impl Focused {
    /// Nothing outside of what is drawn anew, which is within the page's content; and no button that is one of several alike.
    fn now() -> Option<Focused> {
        let element: HtmlElement = document().active_element()?.dyn_into().ok()?;
        if !element.matches("#content :is(a, button, input, textarea, select)").unwrap_or_default() {
            return None;
        }
        let mark = mark(&element);
        let alike = alike(&element, &mark);
        let place = alike.iter().position(|one| *one == element)?;
        let href = attribute(&element, "href");
        (alike.len() == 1 || element.tag_name() != "BUTTON").then_some(Focused { element, mark, href, place })
    }

    /// Leads back to it if it was made anew, or stands for something else now, and the person has not gone on meanwhile, as by following
    /// the very link. What was made anew and has gone is not replaced by its neighbour, which a second press of a key would hit.
    fn give_back(self) {
        let at = document().active_element();
        let is_lost = at.as_ref().is_none_or(|at| at.tag_name() == "BODY") && !self.element.is_connected();
        let stays = at.is_some_and(|at| at.is_same_node(Some(&self.element))) && self.href != address();
        let is_another = stays && mark(&self.element) != self.mark;
        if (is_lost || is_another)
            && let Some(again) = alike(&self.element, &self.mark).get(self.place)
        {
            focus_quietly(again);
        }
    }
}

/// The elements of this kind with this mark, in the order of the page.
fn alike(element: &Element, wanted: &str) -> Vec<HtmlElement> {
    let kind = format!("#content {}", element.tag_name().to_ascii_lowercase());
    all(&kind).into_iter().filter(|one| mark(one) == wanted).collect()
}

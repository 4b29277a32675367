//! What the palette can lead to or do: taken from the page as it stands, so that it offers what the person could press, and no more.

use leptos::prelude::*;
use web_sys::HtmlElement;

use super::{Place, memory};
use crate::org::model::ProductLink;
use crate::palette::model::{Group, reference};
use crate::search::model::{Hit, Kind, SearchQuery, pieces};
use crate::ui::icon::Icon;
use crate::ui::page::{all, around, is_visible, name};

/// What can be pressed on a page.
const ACTIONS: &str = "#content :is(a.button, button, summary.button, .tabs a)";
/// What is chosen already, cannot be pressed now, or works on what is shown beside it alone.
const IDLE: &str = "[aria-pressed=true], [aria-current], [aria-disabled=true], :disabled, .grip, [aria-haspopup]";
/// Around an element, what tells which of several it is.
const PARTS: &str = "nav[aria-label], form[aria-label], section[aria-label], [role=group][aria-label]";

/// What an entry does once it is chosen.
#[derive(Clone)]
pub enum Act {
    /// Goes to a page of the application.
    Go(String),
    /// Loads a page that is perhaps none of it.
    Load(String),
    /// Presses what stands on the page.
    Press(HtmlElement),
    /// Leads to what should not be pressed by mistake.
    Show(HtmlElement),
    /// Shows the list of keys.
    Keys,
}

/// A line of the palette.
#[derive(Clone)]
pub struct Entry {
    pub group: Group,
    pub icon: Icon,
    /// Its text; of what was found, marked as `pieces` reads it.
    pub text: String,
    /// What stands beside the text.
    pub hint: String,
    pub act: Act,
}

impl Entry {
    fn new(group: Group, icon: Icon, text: String, hint: String, act: Act) -> Entry {
        Entry { group, icon, text, hint, act }
    }

    /// Its text without marks.
    pub fn plain(&self) -> String {
        pieces(&self.text).into_iter().map(|(piece, _)| piece).collect()
    }

    pub fn is_like(&self, other: &Entry) -> bool {
        (self.group, &self.text, &self.hint) == (other.group, &other.text, &other.hint)
    }

    /// Where it leads.
    pub fn path(&self) -> Option<&str> {
        match &self.act {
            Act::Go(path) => Some(path),
            _ => None,
        }
    }
}

/// All that there is without asking the server.
pub fn entries(place: &Place) -> Vec<Entry> {
    let places = places();
    let mut entries = recents(place, &places);
    entries.extend(actions());
    entries.extend(places);
    entries.extend(of_the_account());
    entries
}

/// Pages that were opened before this one, with where they are.
fn recents(place: &Place, places: &[Entry]) -> Vec<Entry> {
    let here = window().location().pathname().unwrap_or_default();
    let part_of = |path: &str| {
        let around =
            places.iter().filter(|entry| entry.path().is_some_and(|to| path.strip_prefix(to).is_some_and(|rest| rest.starts_with('/'))));
        around.max_by_key(|entry| entry.path().map_or(0, str::len)).map(|entry| match entry.hint.as_str() {
            "" | PRODUCT => entry.text.clone(),
            product => format!("{} · {product}", entry.text),
        })
    };
    memory::opened(place)
        .into_iter()
        .filter(|opened| opened.path != here)
        .map(|opened| {
            let hint = part_of(&opened.path).unwrap_or_default();
            Entry::new(Group::Recent, Icon::History, opened.title, hint, Act::Go(opened.path))
        })
        .collect()
}

/// What stands beside a product's own page.
const PRODUCT: &str = "Product";

/// Every link of the navigation.
fn places() -> Vec<Entry> {
    let product_of = |link: &HtmlElement| {
        let list = around(link, ".sections")?.parent_element()?.query_selector("a.product").ok()??;
        Some(name(&list))
    };
    let place = |link: HtmlElement| {
        let hint = if link.class_list().contains("product") { Some(PRODUCT.to_owned()) } else { product_of(&link) };
        let href = link.get_attribute("href")?;
        Some(Entry::new(Group::Places, Icon::Arrow, name(&link), hint.unwrap_or_default(), Act::Go(href)))
    };
    all("#navigation nav a[href]").into_iter().filter_map(place).collect()
}

/// Other organisations, the person's own pages, the theme, and the end of the session.
fn of_the_account() -> Vec<Entry> {
    let orgs = all("#organisations a[href]:not([aria-current], [target])").into_iter().map(|link| {
        let hint = if link.get_attribute("rel").is_some() { "Organisation" } else { "" };
        Entry::new(Group::Places, Icon::Arrow, name(&link), hint.into(), Act::Press(link))
    });
    let theme = |button: &HtmlElement| around(button, "[role=group]").map(|group| name(&group)).unwrap_or_default();
    let own = all("#navigation .sidebar-foot :is(a, button:not([aria-pressed=true]))").into_iter().map(|element| {
        let icon = if element.has_attribute("href") { Icon::Arrow } else { Icon::Bolt };
        Entry::new(Group::Places, icon, name(&element), theme(&element), Act::Press(element))
    });
    let keys = Entry::new(Group::Places, Icon::Bolt, "Keyboard shortcuts".into(), "Help".into(), Act::Keys);
    orgs.chain(own).chain([keys]).collect()
}

/// What can be done on the page, that of its head first. Where two things cannot be told apart by name, neither is offered.
pub fn actions() -> Vec<Entry> {
    let action = |element: HtmlElement| {
        if !is_visible(&element) || element.matches(IDLE).unwrap_or_default() {
            return None;
        }
        let (text, hint) = (name(&element), part(&element));
        let act = if element.class_list().contains("danger") { Act::Show(element) } else { Act::Press(element) };
        (!text.is_empty()).then(|| Entry::new(Group::Page, Icon::Bolt, text, hint, act))
    };
    let all: Vec<Entry> = all(ACTIONS).into_iter().filter_map(action).collect();
    // Two links to one page are one, and the first stands for both.
    let clashes = |(at, entry): (usize, &Entry)| {
        all.iter().enumerate().any(|(beside, other)| at != beside && other.is_like(entry) && !(at < beside && leads_alike(entry, other)))
    };
    all.iter().enumerate().filter(|entry| !clashes(*entry)).map(|(_, entry)| entry.clone()).collect()
}

fn leads_alike(one: &Entry, other: &Entry) -> bool {
    let href = |entry: &Entry| match &entry.act {
        Act::Press(element) => element.get_attribute("href"),
        _ => None,
    };
    href(one).is_some_and(|to| href(other) == Some(to))
}

/// What an action belongs to: its row, its group or its section.
fn part(element: &HtmlElement) -> String {
    let row = around(element, "#content :is(tbody tr, li:not(nav *), article)").and_then(|row| row.query_selector("a").ok().flatten());
    if let Some(link) = row.filter(|link| !link.is_same_node(Some(element))) {
        return name(&link);
    }
    let legend = around(element, "fieldset").and_then(|set| set.query_selector("legend").ok().flatten());
    let labelled = || {
        let section = around(element, "#content [aria-labelledby]")?;
        document().get_element_by_id(&section.get_attribute("aria-labelledby")?)
    };
    match (legend, around(element, PARTS)) {
        (Some(legend), _) => name(&legend),
        (None, Some(part)) => name(&part),
        (None, None) => labelled().map(|heading| name(&heading)).unwrap_or_default(),
    }
}

/// The item that the words name, if they look like a reference to one.
pub fn referred(words: &str) -> Option<Entry> {
    let name = reference(words)?;
    let act = Act::Load(format!("/r/{name}"));
    Some(Entry::new(Group::Reference, Icon::Arrow, format!("Go to {name}"), String::new(), act))
}

/// The page with all that is found.
pub fn searched(words: &str, org: &str) -> Option<Entry> {
    let words = words.trim();
    let query = SearchQuery { words: words.to_owned(), ..Default::default() };
    let act = Act::Go(format!("/orgs/{org}/search{}", query.params()));
    (!words.is_empty()).then(|| Entry::new(Group::Search, Icon::Lens, format!("Search for “{words}”"), String::new(), act))
}

/// An item that the server has found.
pub fn found(hit: Hit, org: &str) -> Entry {
    let (href, reference) = (hit.href(org), hit.reference());
    let kind = Kind::parse(&hit.kind);
    let whose = hit.product_name.unwrap_or_else(|| "Organisation".to_owned());
    let parts = reference.into_iter().chain(kind.map(|kind| kind.singular().to_owned())).chain([whose]);
    let hint = parts.collect::<Vec<_>>().join(" · ");
    Entry::new(Group::Found, kind.map_or(Icon::Page, icon), hit.title, hint, Act::Go(href))
}

fn icon(kind: Kind) -> Icon {
    match kind {
        Kind::Idea => Icon::Bulb,
        Kind::Epic => Icon::Flag,
        Kind::Feature => Icon::Layers,
        Kind::Task => Icon::Check,
        Kind::Feedback => Icon::Inbox,
        Kind::Release => Icon::Rocket,
        Kind::Okr => Icon::Target,
        Kind::Kpi => Icon::Chart,
        Kind::Experiment => Icon::Flask,
        Kind::Person => Icon::People,
        Kind::Team => Icon::Team,
        _ => Icon::Page,
    }
}

/// A product; the navigation does not have all of them.
pub fn product(product: ProductLink, org: &str) -> Entry {
    let href = format!("/orgs/{org}/products/{}", product.key);
    Entry::new(Group::Places, Icon::Arrow, product.name, PRODUCT.into(), Act::Go(href))
}

/// What stands on the page now in place of what stood there when the list was made.
pub fn still_there(entry: &Entry, element: &HtmlElement) -> Option<HtmlElement> {
    if element.is_connected() {
        return Some(element.clone());
    }
    actions().into_iter().find(|now| now.is_like(entry)).and_then(|now| match now.act {
        Act::Press(element) | Act::Show(element) => Some(element),
        _ => None,
    })
}

/// Goes to an element once the dialog over it is gone, and presses it.
pub fn use_when_shut(element: HtmlElement, press: bool) {
    request_animation_frame(move || {
        let _ = element.focus();
        if press {
            element.click();
        }
    });
}

//! Long texts: headings with anchors and a table of contents, footnotes, task lists, links that know what they lead to, people
//! who are named, and passages that are marked.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::ops::Range;
use std::sync::LazyLock;

use ammonia::{Builder, UrlRelative};
use pulldown_cmark::{CowStr, Event, Options, Parser, Tag, TagEnd, TextMergeStream, html};

use super::writer::Writer;
use super::{TAGS, not_too_deep, plain};
use crate::ui::markdown::Html;

/// The longest text that is shown, in bytes.
pub const SHOWN_MAX: usize = 1_100_000;
/// Words, cells, lines and the like of a text that is shown: a short text may have a table of millions of cells.
const PARTS_MAX: usize = 400_000;
/// Headings of a table of contents.
pub(super) const STEPS_MAX: usize = 200;

/// What a link of ours leads to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Target {
    pub title: String,
    /// Where it stands, in words; nothing for what has no status.
    pub state: String,
    /// The path of its page, where a short reference leads to it.
    pub href: String,
}

/// A heading: its level on the page, its anchor and its words.
pub type Step = (u8, String, String);

/// Says which pieces of a text name somebody.
pub type Names<'a> = &'a dyn Fn(&str) -> Vec<(String, bool)>;

/// What is known of the text from elsewhere.
pub struct Known<'a> {
    /// The installation's own address, by which links of ours are known too.
    pub url: &'a str,
    /// By the path or the short reference that leads there.
    pub targets: &'a HashMap<String, Target>,
    pub names: Names<'a>,
    /// Passages to mark, each by its place in the plain text and its name.
    pub marks: &'a [(Range<usize>, String)],
}

/// A long text as it is shown.
#[derive(Debug, Default)]
pub struct Document {
    pub html: Html,
    pub steps: Vec<Step>,
    /// How many more headings there are.
    pub more: usize,
}

static SANITISER: LazyLock<Builder<'static>> = LazyLock::new(|| {
    let mut builder = Builder::empty();
    builder
        .tags(TAGS.into_iter().chain(["ul", "h2", "h3", "sup", "div", "span", "mark"]).collect())
        .clean_content_tags(HashSet::from(["script", "style"]))
        .add_tag_attributes("a", ["href", "title"])
        .add_tag_attributes("ol", ["start"])
        .add_allowed_classes("span", ["item-state"])
        .add_allowed_classes("div", ["footnote"])
        .add_allowed_classes("mark", ["mention", "passage"])
        .url_schemes(HashSet::from(["http", "https", "mailto"]))
        .url_relative(UrlRelative::Custom(Box::new(ours)))
        .link_rel(Some("noopener noreferrer nofollow"));
    for tag in ["h2", "h3", "h4", "h5", "h6", "div", "sup", "mark"] {
        builder.add_tag_attributes(tag, ["id"]);
    }
    builder
});

/// Of addresses without a site only anchors and pages of organisations are followed.
fn ours(url: &str) -> Option<Cow<'_, str>> {
    let page = url.starts_with("/orgs/") && !["//", "..", "\\"].iter().any(|odd| url.contains(odd));
    (url.starts_with('#') || page).then_some(Cow::Borrowed(url))
}

/// What the text says, event by event: markup as text, nothing too deep.
fn events(text: &str) -> impl Iterator<Item = Event<'_>> {
    let options = Options::ENABLE_STRIKETHROUGH | Options::ENABLE_TABLES | Options::ENABLE_TASKLISTS | Options::ENABLE_FOOTNOTES;
    let as_text = |event| match event {
        Event::Html(text) | Event::InlineHtml(text) => Some(Event::Text(text)),
        Event::TaskListMarker(done) => Some(Event::Text(CowStr::Borrowed(if done { "☑ " } else { "☐ " }))),
        // Headings keep their own levels here.
        event @ (Event::Start(Tag::Heading { .. }) | Event::End(TagEnd::Heading(_))) => Some(event),
        event => plain(event),
    };
    TextMergeStream::new(Parser::new_ext(text, options).filter(not_too_deep()).filter_map(as_text))
}

/// Reads a text as its plain one: each run of white space is one space.
#[derive(Clone, Copy)]
pub(super) struct Flow {
    pub at: usize,
    spaced: bool,
}

impl Flow {
    pub fn new() -> Flow {
        Flow { at: 0, spaced: true }
    }

    /// Goes on by a character; what it is in the plain text, if anything.
    pub fn step(&mut self, c: char) -> Option<char> {
        let c = if c.is_whitespace() { ' ' } else { c };
        if c == ' ' && self.spaced {
            return None;
        }
        self.spaced = c == ' ';
        self.at += c.len_utf8();
        Some(c)
    }
}

/// Whether what is behind this is apart from what is before it.
pub(super) fn parts_words(event: &Event<'_>) -> bool {
    match event {
        Event::SoftBreak | Event::HardBreak | Event::Rule => true,
        Event::End(end) => !matches!(end, TagEnd::Emphasis | TagEnd::Strong | TagEnd::Strikethrough | TagEnd::Link | TagEnd::Image),
        _ => false,
    }
}

/// The text without its marks.
pub fn plain_text(text: &str) -> String {
    let (mut flow, mut told) = (Flow::new(), String::with_capacity(text.len()));
    for event in events(text) {
        match &event {
            Event::Text(text) | Event::Code(text) => told.extend(text.chars().filter_map(|c| flow.step(c))),
            event if parts_words(event) => told.extend(flow.step(' ')),
            _ => {}
        }
    }
    told.truncate(told.trim_end().len());
    told
}

/// The text as HTML, with what is known of it.
///
/// # Errors
/// Why it is not shown, in words.
pub fn document(text: &str, known: &Known<'_>) -> Result<Document, String> {
    if text.len() > SHOWN_MAX {
        let megabytes = text.len() as f64 / 1e6;
        return Err(format!("This document is {megabytes:.1} MB long. Up to {:.1} MB can be shown.", SHOWN_MAX as f64 / 1e6));
    }
    let level = |event: Event<'_>| match event {
        Event::Start(Tag::Heading { level, .. }) => Some(level as u8),
        _ => None,
    };
    let highest = events(text).take(PARTS_MAX).filter_map(level).min().unwrap_or(1);
    let mut writer = Writer::new(known, highest);
    for (count, event) in events(text).enumerate() {
        if count > PARTS_MAX {
            return Err("This document has too many parts to be shown, such as the cells of a very large table.".to_owned());
        }
        writer.take(event);
    }
    let mut rendered = String::with_capacity(text.len() * 3 / 2);
    html::push_html(&mut rendered, writer.out.into_iter());
    let more = writer.headings.saturating_sub(STEPS_MAX);
    Ok(Document { html: Html::sanitised(SANITISER.clean(&rendered).to_string()), steps: writer.steps, more })
}

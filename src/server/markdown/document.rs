//! Long texts: headings with anchors and a table of contents, footnotes, task lists, links that know what they lead to, people
//! who are named, and passages that are marked.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::ops::Range;
use std::sync::LazyLock;

use ammonia::{Builder, UrlRelative};
use pulldown_cmark::{CowStr, Event, Options, Parser, Tag, TagEnd, TextMergeStream, html};

use super::links::{Piece, own_path, pieces};
use super::{TAGS, not_too_deep, plain};
use crate::ui::markdown::Html;

/// The longest text that is shown, in bytes.
pub const SHOWN_MAX: usize = 1_100_000;
/// Headings of a table of contents.
const STEPS_MAX: usize = 200;

/// What a link of ours leads to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Target {
    pub title: String,
    /// Where it stands, in words; nothing for what has no status.
    pub state: String,
}

/// A heading: its level on the page, its anchor and its words.
pub type Step = (u8, String, String);

/// Says which pieces of a text name somebody.
pub type Names<'a> = &'a dyn Fn(&str) -> Vec<(String, bool)>;

/// What is known of the text from elsewhere.
pub struct Known<'a> {
    /// The installation's own address, by which links of ours are known too.
    pub url: &'a str,
    /// By the path that leads there.
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
struct Flow {
    at: usize,
    spaced: bool,
}

impl Flow {
    fn new() -> Flow {
        Flow { at: 0, spaced: true }
    }

    /// Goes on by a character; what it is in the plain text, if anything.
    fn step(&mut self, c: char) -> Option<char> {
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
fn parts_words(event: &Event<'_>) -> bool {
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
    let mut writer = Writer::new(known);
    for event in events(text) {
        writer.take(event);
    }
    let mut rendered = String::with_capacity(text.len() * 3 / 2);
    html::push_html(&mut rendered, writer.out.into_iter());
    let more = writer.headings.saturating_sub(STEPS_MAX);
    Ok(Document { html: Html::sanitised(SANITISER.clean(&rendered).to_string()), steps: writer.steps, more })
}

/// Turns what a text says into what is shown.
struct Writer<'a, 'b> {
    known: &'b Known<'b>,
    out: Vec<Event<'a>>,
    flow: Flow,
    /// The marks that are still to come or stand open, by where they begin.
    marks: Vec<(Range<usize>, &'b str, bool)>,
    /// Those that lie here, as the place of the first and behind the last of them, and where that changes.
    covered: (usize, usize),
    edge: usize,
    /// Where a heading began, and its words so far.
    heading: Option<(usize, String)>,
    anchors: HashMap<String, usize>,
    steps: Vec<Step>,
    headings: usize,
    /// Links that stand open: where to, and whether what they say is their address.
    link: Option<(Option<Target>, String)>,
    code: bool,
    notes: HashMap<String, usize>,
    referred: HashSet<usize>,
}

fn raw<'a>(html: String) -> Event<'a> {
    Event::InlineHtml(html.into())
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

impl<'a, 'b> Writer<'a, 'b> {
    fn new(known: &'b Known<'b>) -> Self {
        let mut marks: Vec<_> = known.marks.iter().map(|(range, name)| (range.clone(), name.as_str(), false)).collect();
        marks.sort_by_key(|(range, ..)| range.start);
        Writer {
            known,
            out: Vec::new(),
            flow: Flow::new(),
            edge: if marks.is_empty() { usize::MAX } else { 0 },
            covered: (0, 0),
            marks,
            heading: None,
            anchors: HashMap::new(),
            steps: Vec::new(),
            headings: 0,
            link: None,
            code: false,
            notes: HashMap::new(),
            referred: HashSet::new(),
        }
    }

    fn take(&mut self, event: Event<'a>) {
        let apart = parts_words(&event);
        match event {
            Event::Start(Tag::Heading { level, .. }) => {
                self.heading = Some((self.out.len(), String::new()));
                self.out.push(Event::Start(Tag::Heading { level, id: None, classes: Vec::new(), attrs: Vec::new() }));
            }
            Event::End(TagEnd::Heading(level)) => self.end_heading(level),
            Event::Start(Tag::Link { link_type, dest_url, title, id }) => {
                let target = own_path(&dest_url, self.known.url).and_then(|path| self.known.targets.get(path)).cloned();
                self.link = Some((target.clone(), dest_url.to_string()));
                let title = match target {
                    Some(target) if title.is_empty() => target.title.into(),
                    _ => title,
                };
                self.out.push(Event::Start(Tag::Link { link_type, dest_url, title, id }));
            }
            Event::End(TagEnd::Link) => {
                self.out.push(Event::End(TagEnd::Link));
                if let Some((Some(target), _)) = self.link.take() {
                    self.state(&target);
                }
            }
            Event::Start(Tag::CodeBlock(kind)) => {
                self.code = true;
                self.out.push(Event::Start(Tag::CodeBlock(kind)));
            }
            Event::End(TagEnd::CodeBlock) => {
                self.code = false;
                self.out.push(Event::End(TagEnd::CodeBlock));
            }
            Event::Text(text) => self.text(&text),
            Event::Code(text) => self.inline_code(text),
            Event::FootnoteReference(name) => self.refer(&name),
            Event::Start(Tag::FootnoteDefinition(name)) => self.note(&name),
            Event::End(TagEnd::FootnoteDefinition) => self.out.push(raw("</div>\n".into())),
            event => self.out.push(event),
        }
        if apart {
            self.flow.step(' ');
        }
    }

    fn text(&mut self, text: &str) {
        if let Some((_, words)) = &mut self.heading {
            *words += text;
        }
        if self.code {
            return self.words(text);
        }
        if let Some((target, address)) = &self.link {
            // A bare address says what it leads to instead.
            if let Some(target) = target.clone().filter(|_| own_path(text, self.known.url) == own_path(address, self.known.url)) {
                self.pass(text);
                return self.out.push(Event::Text(target.title.into()));
            }
            return self.words(text);
        }
        for piece in pieces(text) {
            match piece {
                Piece::Text(text) => self.named(text),
                Piece::Address(address) => self.address(address),
            }
        }
    }

    /// An address in the middle of the text.
    fn address(&mut self, address: &str) {
        let path = own_path(address, self.known.url);
        let target = path.and_then(|path| self.known.targets.get(path)).cloned();
        if target.is_none() && address.starts_with('/') {
            return self.words(address);
        }
        self.out.push(raw(format!("<a href=\"{}\">", escaped(address))));
        match &target {
            Some(target) => {
                self.pass(address);
                self.out.push(Event::Text(target.title.clone().into()));
            }
            None => self.words(address),
        }
        self.out.push(raw("</a>".into()));
        if let Some(target) = target {
            self.state(&target);
        }
    }

    fn state(&mut self, target: &Target) {
        if !target.state.is_empty() {
            self.out.push(raw(format!(" <span class=\"item-state\">{}</span>", escaped(&target.state))));
        }
    }

    fn named(&mut self, text: &str) {
        if !text.contains('@') {
            return self.words(text);
        }
        for (piece, mention) in (self.known.names)(text) {
            if mention {
                self.out.push(raw("<mark class=\"mention\">".into()));
            }
            self.words(&piece);
            if mention {
                self.out.push(raw("</mark>".into()));
            }
        }
    }

    /// Goes past words that are not shown as they are.
    fn pass(&mut self, text: &str) {
        for c in text.chars() {
            self.flow.step(c);
        }
    }

    fn inline_code(&mut self, text: CowStr<'a>) {
        if let Some((_, words)) = &mut self.heading {
            *words += &text;
        }
        let start = self.flow.at;
        self.pass(&text);
        let end = self.flow.at;
        let open = self.open(start.saturating_sub(1)..end);
        self.out.push(Event::Code(text));
        self.close(open);
    }

    /// Words as they are, with the marks that lie on them.
    fn words(&mut self, text: &str) {
        let mut from = 0;
        let mut covered = self.covering();
        for (at, c) in text.char_indices() {
            let now = self.covering();
            if now != covered {
                self.marked(text.get(from..at).unwrap_or_default(), covered);
                (from, covered) = (at, now);
            }
            self.flow.step(c);
        }
        self.marked(text.get(from..).unwrap_or_default(), covered);
    }

    /// The marks on the character that comes next.
    fn covering(&mut self) -> (usize, usize) {
        let at = self.flow.at;
        if at >= self.edge {
            let on = |(range, ..): &(Range<usize>, &str, bool)| range.contains(&at);
            let ends = self.marks.iter().position(on).zip(self.marks.iter().rposition(on));
            self.covered = ends.map_or((0, 0), |(first, last)| (first, last + 1));
            let edges = self.marks.iter().flat_map(|(range, ..)| [range.start, range.end]);
            self.edge = edges.filter(|edge| *edge > at).min().unwrap_or(usize::MAX);
        }
        self.covered
    }

    fn marked(&mut self, text: &str, (first, behind): (usize, usize)) {
        if text.is_empty() {
            return;
        }
        let names: Vec<String> = self.marks.get_mut(first..behind).unwrap_or_default().iter_mut().map(begin).collect();
        let count = names.len();
        names.into_iter().for_each(|mark| self.out.push(raw(mark)));
        self.out.push(Event::Text(text.to_owned().into()));
        self.close(count);
    }

    fn open(&mut self, range: Range<usize>) -> usize {
        let touched = self.marks.iter_mut().filter(|(mark, ..)| mark.start < range.end && range.start < mark.end);
        let names: Vec<String> = touched.map(begin).collect();
        let count = names.len();
        names.into_iter().for_each(|mark| self.out.push(raw(mark)));
        count
    }

    fn close(&mut self, count: usize) {
        (0..count).for_each(|_| self.out.push(raw("</mark>".into())));
    }

    fn end_heading(&mut self, level: pulldown_cmark::HeadingLevel) {
        // One below the page's own heading.
        let level = match level as u8 {
            level @ 1..=5 => level + 1,
            _ => 6,
        };
        let Some((at, words)) = self.heading.take() else { return };
        let words: String = words.split_whitespace().collect::<Vec<_>>().join(" ");
        let id = self.anchor(&words);
        let levels = pulldown_cmark::HeadingLevel::try_from(level as usize).unwrap_or(pulldown_cmark::HeadingLevel::H6);
        let start = Event::Start(Tag::Heading { level: levels, id: Some(id.clone().into()), classes: Vec::new(), attrs: Vec::new() });
        if let Some(place) = self.out.get_mut(at) {
            *place = start;
        }
        self.out.push(Event::End(TagEnd::Heading(levels)));
        self.headings += 1;
        if self.steps.len() < STEPS_MAX && !words.is_empty() {
            self.steps.push((level, id, words));
        }
    }

    /// A name for a heading that no other has; led by `h-`, so that it is none of the page's own.
    fn anchor(&mut self, words: &str) -> String {
        let mut name = String::from("h-");
        for c in words.to_lowercase().chars().take(60) {
            match c.is_alphanumeric() {
                true => name.push(c),
                false if !name.ends_with('-') => name.push('-'),
                false => {}
            }
        }
        let name = name.trim_end_matches('-').to_owned();
        let count = self.anchors.entry(name.clone()).or_insert(0);
        *count += 1;
        // A dot is in no name by itself.
        if *count == 1 { name } else { format!("{name}.{count}") }
    }

    fn number(&mut self, name: &str) -> usize {
        let next = self.notes.len() + 1;
        *self.notes.entry(name.to_owned()).or_insert(next)
    }

    fn refer(&mut self, name: &str) {
        let number = self.number(name);
        let id = if self.referred.insert(number) { format!(" id=\"fnref-{number}\"") } else { String::new() };
        self.out.push(raw(format!("<sup{id}><a href=\"#fn-{number}\">{number}</a></sup>")));
    }

    fn note(&mut self, name: &str) {
        let number = self.number(name);
        self.out.push(raw(format!("<div class=\"footnote\" id=\"fn-{number}\"><sup><a href=\"#fnref-{number}\">{number}</a></sup>\n")));
    }
}

/// The tag that begins a mark; the first one has its name.
fn begin((_, name, begun): &mut (Range<usize>, &str, bool)) -> String {
    match std::mem::replace(begun, true) {
        true => "<mark class=\"passage\">".to_owned(),
        false => format!("<mark class=\"passage\" id=\"{}\">", escaped(name)),
    }
}

//! What a long text says, event by event, turned into what is shown.

use std::collections::{HashMap, HashSet};
use std::ops::Range;

use pulldown_cmark::{CowStr, Event, HeadingLevel, Tag, TagEnd};

use super::document::{Flow, Known, STEPS_MAX, Step, Target, parts_words};
use super::links::{Piece, own_path, pieces};
use crate::kernel::reference;

/// Turns what a text says into what is shown.
pub struct Writer<'a, 'b> {
    known: &'b Known<'b>,
    pub out: Vec<Event<'a>>,
    flow: Flow,
    /// The marks that are still to come or stand open, by where they begin.
    marks: Vec<(Range<usize>, &'b str, bool)>,
    /// Those that lie here, as the place of the first and behind the last of them, and where that changes.
    covered: (usize, usize),
    edge: usize,
    /// Where a heading began, and its words so far.
    heading: Option<(usize, String)>,
    anchors: HashMap<String, usize>,
    pub steps: Vec<Step>,
    pub headings: usize,
    /// The level of the text's highest heading.
    highest: u8,
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
    pub fn new(known: &'b Known<'b>, highest: u8) -> Self {
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
            highest,
            link: None,
            code: false,
            notes: HashMap::new(),
            referred: HashSet::new(),
        }
    }

    pub fn take(&mut self, event: Event<'a>) {
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
            return self.referring(text);
        }
        for (piece, mention) in (self.known.names)(text) {
            if !mention {
                self.referring(&piece);
                continue;
            }
            self.out.push(raw("<mark class=\"mention\">".into()));
            self.words(&piece);
            self.out.push(raw("</mark>".into()));
        }
    }

    /// Words, of which short references lead to what they are of.
    fn referring(&mut self, text: &str) {
        let mut from = 0;
        let mut at = 0;
        for (piece, reference) in reference::pieces(text) {
            let end = at + piece.len();
            if let Some(target) = reference.and_then(|_| self.known.targets.get(piece)).cloned() {
                self.words(text.get(from..at).unwrap_or_default());
                self.out.push(raw(format!("<a href=\"{}\" title=\"{}\">", escaped(&target.href), escaped(&target.title))));
                self.words(piece);
                self.out.push(raw("</a>".into()));
                self.state(&target);
                from = end;
            }
            at = end;
        }
        self.words(text.get(from..).unwrap_or_default());
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
        let open = self.open(start..end);
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

    fn end_heading(&mut self, level: HeadingLevel) {
        // The text's highest headings are right below the page's own.
        let level = (level as u8 + 2).saturating_sub(self.highest).clamp(2, 6);
        let Some((at, words)) = self.heading.take() else { return };
        let words: String = words.split_whitespace().collect::<Vec<_>>().join(" ");
        let id = self.anchor(&words);
        let levels = HeadingLevel::try_from(level as usize).unwrap_or(HeadingLevel::H6);
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

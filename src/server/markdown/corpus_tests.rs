//! Scripts that people have tried to get through: every sample of the OWASP cheat sheet on evading filters, the inputs of
//! ammonia's own tests, and more. None of them becomes more than text, wherever it is written.

use std::cell::RefCell;
use std::collections::{BTreeMap, HashMap};

use html5ever::tendril::StrTendril;
use html5ever::tokenizer::{
    BufferQueue, CharacterTokens, NullCharacterToken, ParseError, StartTag, TagToken, Token, TokenSink, TokenSinkResult, Tokenizer,
    TokenizerOpts,
};
use serde::Deserialize;

use super::document::{Document, Known, Target, document, plain_text};
use super::render;

/// Samples of one source.
#[derive(Deserialize)]
struct Samples {
    source: String,
    samples: Vec<String>,
}

/// All samples. Pages and mails are tested with them too, and a browser test writes some of them into pages.
pub fn samples() -> Vec<String> {
    let sources: BTreeMap<String, Samples> = serde_json::from_str(include_str!("xss.json")).unwrap();
    assert!(sources.values().all(|of| !of.source.is_empty() && of.samples.len() > 50));
    sources.into_values().flat_map(|of| of.samples).collect()
}

const TAGS: [&str; 28] = [
    "a",
    "blockquote",
    "br",
    "code",
    "del",
    "div",
    "em",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "hr",
    "li",
    "mark",
    "ol",
    "p",
    "pre",
    "span",
    "strong",
    "sup",
    "table",
    "tbody",
    "td",
    "th",
    "thead",
    "tr",
    "ul",
];

/// HTML as a browser reads it: the elements with their attributes, and the text. None of the elements that change how the rest
/// is read, such as `style` and `textarea`, is among those that may be there.
#[derive(Default)]
struct Read {
    elements: RefCell<Vec<Element>>,
    text: RefCell<String>,
    odd: RefCell<Option<String>>,
}

impl TokenSink for Read {
    type Handle = ();

    fn process_token(&self, token: Token, _line: u64) -> TokenSinkResult<()> {
        match token {
            TagToken(tag) if tag.kind == StartTag => {
                let attributes = tag.attrs.iter().map(|attr| (attr.name.local.to_string(), attr.value.to_string()));
                self.elements.borrow_mut().push((tag.name.to_string(), attributes.collect()));
            }
            TagToken(tag) if TAGS.contains(&&*tag.name) => {}
            CharacterTokens(text) => self.text.borrow_mut().push_str(&text),
            // The parser's own remarks are of no interest, such as that a character is unusual.
            ParseError(_) | NullCharacterToken | Token::EOFToken => {}
            token => *self.odd.borrow_mut() = Some(format!("{token:?}")),
        }
        TokenSinkResult::Continue
    }
}

fn read(html: &str) -> Read {
    let input = BufferQueue::default();
    input.push_back(StrTendril::from(html));
    let tokenizer = Tokenizer::new(Read::default(), TokenizerOpts::default());
    let _ = tokenizer.feed(&input);
    tokenizer.end();
    tokenizer.sink
}

/// An element's name and its attributes.
pub type Element = (String, Vec<(String, String)>);

/// The elements of a page or a mail, in order.
pub fn elements(html: &str) -> Vec<Element> {
    read(html).elements.into_inner()
}

/// Whether an address leads to what people may be led to, as a browser reads it on a page of ours.
fn leads_well(address: &str) -> bool {
    let page = url::Url::parse("https://pm.example/orgs/acme/documents/1").unwrap();
    match page.join(address) {
        Ok(to) if to.host_str() == Some("pm.example") => to.path().starts_with("/orgs/"),
        Ok(to) => matches!(to.scheme(), "http" | "https" | "mailto"),
        Err(_) => address.starts_with("http"),
    }
}

/// What is wrong with HTML that should hold nothing but ours.
fn wrong(html: &str) -> Option<String> {
    let Read { elements, odd, .. } = read(html);
    if let Some(odd) = odd.into_inner() {
        return Some(odd);
    }
    for (tag, attributes) in elements.into_inner() {
        if !TAGS.contains(&tag.as_str()) {
            return Some(format!("the tag {tag}"));
        }
        for (name, value) in attributes {
            let good = match (tag.as_str(), name.as_str()) {
                ("a", "href") => leads_well(&value),
                ("a", "rel") => value == "noopener noreferrer nofollow",
                ("a", "title") => true,
                ("ol", "start") => value.bytes().all(|byte| byte.is_ascii_digit()),
                ("span" | "div" | "mark", "class") => ["item-state", "footnote", "mention", "passage"].contains(&value.as_str()),
                ("h2" | "h3" | "h4" | "h5" | "h6", "id") => value == "h" || value.starts_with("h-"),
                ("div" | "sup", "id") => value.starts_with("fn"),
                ("mark", "id") => value.starts_with("passage-"),
                _ => false,
            };
            if !good {
                return Some(format!("{name}={value:?} of {tag}"));
            }
        }
    }
    None
}

fn known<R>(act: impl FnOnce(&Known<'_>) -> R) -> R {
    let target =
        |title: &str, state: &str| Target { title: title.into(), state: state.into(), href: "/orgs/acme/products/p/ideas/1".into() };
    let targets = HashMap::from([
        ("/orgs/acme/products/p/ideas/1".to_owned(), target("Mobile <App>", "Under review")),
        ("/orgs/acme/products/p/ideas/2".to_owned(), target("<script>alert(1)</script>", "\"><script>")),
        ("ROCKET-1".to_owned(), target("Mobile <App>", "Under review")),
        ("ROCKET-2".to_owned(), target("\"><script>alert(1)</script>", "\"><script>")),
    ]);
    let names =
        |text: &str| -> Vec<(String, bool)> { text.split_inclusive(' ').map(|word| (word.to_owned(), word.starts_with('@'))).collect() };
    act(&Known { url: "https://pm.example", targets: &targets, names: &names, marks: &[] })
}

fn shown(text: &str) -> Document {
    known(|known| document(text, known)).unwrap()
}

fn html(text: &str) -> String {
    shown(text).html.as_str().trim().to_owned()
}

/// Every way in which somebody can write a sample into a text.
fn around(sample: &str) -> [String; 13] {
    [
        sample.to_owned(),
        format!("# {sample}"),
        format!("[{sample}](https://a.example)"),
        format!("[x]({sample})"),
        format!("[x](<{sample}>)"),
        format!("[x](https://a.example \"{sample}\")"),
        format!("![{sample}]({sample})"),
        format!("> - *{sample}*\n"),
        format!("| {sample} | x |\n|---|---|\n| y | {sample} |"),
        format!("x[^1]\n\n[^1]: {sample}"),
        format!("@{sample} https://a.example/{sample} /orgs/acme/{sample}"),
        format!("```{sample}\n{sample}\n```"),
        format!("<{sample}> [x]: {sample}\n\n[x]"),
    ]
}

#[test]
fn no_sample_is_more_than_text() {
    for sample in samples() {
        for text in around(&sample) {
            for html in [html(&text), render(&text).as_str().to_owned()] {
                assert_eq!(wrong(&html), None, "{text}\n{html}");
            }
        }
    }
}

#[test]
fn no_name_or_title_is_more_than_text() {
    let url = "https://pm.example";
    for sample in samples() {
        let targets = HashMap::from([(
            "/orgs/acme/documents/1".to_owned(),
            Target { title: sample.clone(), state: sample.clone(), href: String::new() },
        )]);
        let names = |text: &str| vec![(format!("@{sample}"), true), (text.to_owned(), false)];
        let marks = [(0..4, format!("passage-{sample}"))];
        let known = Known { url, targets: &targets, names: &names, marks: &marks };
        let html = document("some words of @it, /orgs/acme/documents/1 and [x](/orgs/acme/documents/1)", &known).unwrap().html;
        assert_eq!(wrong(html.as_str()), None, "{sample}\n{html:?}");
        let text = seen(html.as_str());
        assert!(text.contains(&format!("@{}", without_nul(&sample))), "{sample}\n{text}");
    }
}

/// A text without runs of white space.
fn collapsed(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// No form takes a NUL, and what parsers make of one differs.
pub fn without_nul(text: &str) -> String {
    text.replace(['\0', '\u{FFFD}'], "")
}

/// The text that somebody sees.
pub fn seen(html: &str) -> String {
    without_nul(&read(html).text.into_inner())
}

#[test]
fn what_is_no_markdown_is_shown_as_it_was_written() {
    let means_something = |sample: &str| {
        let links = ["<http", "<javascript:", "<data:"].iter().any(|link| sample.contains(link));
        links || sample.starts_with(['>', '-']) || sample.contains(['&', '\\', '`', '*', '_', '~', '[', '|', '#'])
    };
    let mut count = 0;
    for sample in samples() {
        let written = without_nul(&sample);
        assert_eq!(seen(render(&format!("````\n{sample}\n````")).as_str()).trim(), written.trim());
        if means_something(&sample) {
            continue;
        }
        count += 1;
        for html in [html(&sample), render(&sample).as_str().to_owned()] {
            assert_eq!(collapsed(&seen(&html)), collapsed(&written), "{html}");
        }
    }
    assert!(count > 150, "{count}");
}

/// What finds faults has to find them.
#[test]
fn faults_are_found() {
    for faulty in [
        "<script>x</script>",
        "<p onclick=x>",
        "<p/onclick=x>",
        "<a href=\"java&#10;script:x\" rel=\"noopener noreferrer nofollow\">",
        "<a href=\"/api/x\">",
        "<a href=\"//evil.example\" rel=\"opener\">",
        "<h2 id=\"content\">",
        "<span class=\"button\">",
        "<p style=\"x\">",
        "<!-- x -->",
        "<!doctype html>",
        "</textarea>",
        "<td><iframe>",
    ] {
        assert!(wrong(faulty).is_some(), "{faulty}");
    }
    assert_eq!(wrong("<p>x <a href=\"https://a.example\" rel=\"noopener noreferrer nofollow\">y</a></p>"), None);
}

#[test]
fn a_document_looks_as_it_is_meant() {
    let text = "# Plan\n\n## Plan\n\nDone[^a].\n\n- [x] one\n- [ ] two\n\n[^a]: Really.\n\n~~old~~ `code`\n\n| a |\n|---|\n| b |";
    let Document { html, steps, .. } = shown(text);
    let html = html.as_str();
    for part in [
        "<h2 id=\"h-plan\">Plan</h2>",
        "<h3 id=\"h-plan.2\">Plan</h3>",
        "<sup id=\"fnref-1\"><a href=\"#fn-1\"",
        "<div class=\"footnote\" id=\"fn-1\">",
        "☑ one",
        "☐ two",
        "<del>old</del>",
        "<td>b</td>",
    ] {
        assert!(html.contains(part), "{part}: {html}");
    }
    assert_eq!(steps, [(2, "h-plan".to_owned(), "Plan".to_owned()), (3, "h-plan.2".to_owned(), "Plan".to_owned())]);
}

#[test]
fn links_say_what_they_lead_to() {
    for text in [
        "/orgs/acme/products/p/ideas/1",
        "<https://pm.example/orgs/acme/products/p/ideas/1>",
        "https://pm.example/orgs/acme/products/p/ideas/1",
    ] {
        let html = html(&format!("See {text}."));
        assert!(html.contains(">Mobile &lt;App&gt;</a> <span class=\"item-state\">Under review</span>"), "{html}");
    }
    let html = html(
        "[this one](/orgs/acme/products/p/ideas/1) and /orgs/acme/products/p/ideas/9 and [x](/orgs/acme/members), https://a.example/x_y",
    );
    assert!(html.contains("title=\"Mobile <App>\"") || html.contains("title=\"Mobile &lt;App&gt;\""), "{html}");
    assert!(html.contains(">this one</a> <span class=\"item-state\">") && !html.contains("ideas/9\""), "{html}");
    assert!(html.contains("href=\"/orgs/acme/members\"") && html.contains("href=\"https://a.example/x_y\""), "{html}");
    assert_eq!(wrong(&self::html("/orgs/acme/products/p/ideas/2 [x](/orgs/acme/products/p/ideas/2)")), None);
    assert!(self::html("hello @ada you").contains("<mark class=\"mention\">@ada </mark>"));
}

#[test]
fn short_references_lead_to_what_they_are_of() {
    let link = html("See ROCKET-1.");
    assert!(link.contains("<a href=\"/orgs/acme/products/p/ideas/1\" title=\"Mobile "), "{link}");
    assert!(link.contains(">ROCKET-1</a> <span class=\"item-state\">Under review</span>."), "{link}");
    for text in ["`ROCKET-1`", "```\nROCKET-1\n```", "    ROCKET-1", "ROCKET-9", "rocket-1", "/r/ROCKET-1", "UTF-8"] {
        assert!(!html(text).contains("<a "), "{text}: {}", html(text));
    }
    assert_eq!(html("[ROCKET-1](https://a.example)").matches("<a ").count(), 1, "a link of one's own stays one");
    assert_eq!(html("# ROCKET-1\n\n**ROCKET-1** | @ROCKET-1").matches("<a ").count(), 2);
    assert_eq!(wrong(&html("ROCKET-2")), None);
}

#[test]
fn passages_are_marked_where_they_are() {
    let text = "One **two\nthree** four.\n\nFive `six` seven";
    let plain = plain_text(text);
    assert_eq!(plain, "One two three four. Five six seven");
    let at = |words: &str| plain.find(words).map(|at| at..at + words.len()).unwrap();
    let marks =
        [(at("two three four"), "passage-a".to_owned()), (at("six"), "passage-b".to_owned()), (at("three"), "passage-c".to_owned())];
    let targets = HashMap::new();
    let names = |text: &str| vec![(text.to_owned(), false)];
    let known = Known { url: "", targets: &targets, names: &names, marks: &marks };
    let html = document(text, &known).unwrap().html.as_str().replace('\n', " ");
    for part in [
        "One <strong><mark class=\"passage\" id=\"passage-a\">two</mark>",
        "id=\"passage-c\">three</mark></mark></strong><mark class=\"passage\"> four</mark>.",
        "<mark class=\"passage\" id=\"passage-b\"><code>six</code></mark> seven",
    ] {
        assert!(html.contains(part), "{part}: {html}");
    }
    assert_eq!(wrong(&html), None);
}

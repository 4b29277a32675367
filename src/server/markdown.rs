//! Markdown, made HTML that is safe to show to anybody.
//!
//! Two walls: HTML in the text is taken as text, and what the renderer gives goes through a sanitiser that knows a few tags
//! and no others. There are no pictures, since each would tell a stranger's server who reads the page.

#[cfg(test)]
mod bounds_tests;
#[cfg(test)]
pub mod corpus_tests;
pub mod document;
pub mod links;
mod writer;

use std::collections::HashSet;
use std::sync::LazyLock;

use ammonia::{Builder, UrlRelative};
use pulldown_cmark::{Event, HeadingLevel, Options, Parser, Tag, TagEnd, html};

use crate::ui::markdown::Html;

/// How deep quotations, lists and emphasis may lie in each other.
const DEPTH: usize = 50;

/// What may stand in a text.
const TAGS: [&str; 21] = [
    "a",
    "blockquote",
    "br",
    "code",
    "del",
    "em",
    "h4",
    "h5",
    "h6",
    "hr",
    "li",
    "ol",
    "p",
    "pre",
    "strong",
    "table",
    "tbody",
    "td",
    "th",
    "thead",
    "tr",
];

static SANITISER: LazyLock<Builder<'static>> = LazyLock::new(|| {
    let mut builder = Builder::empty();
    builder
        .tags(TAGS.into_iter().chain(["ul"]).collect())
        .clean_content_tags(HashSet::from(["script", "style"]))
        .add_tag_attributes("a", ["href", "title"])
        .add_tag_attributes("ol", ["start"])
        .url_schemes(HashSet::from(["http", "https", "mailto"]))
        .url_relative(UrlRelative::Deny)
        .link_rel(Some("noopener noreferrer nofollow"));
    builder
});

/// The text as HTML.
pub fn render(markdown: &str) -> Html {
    let parser = Parser::new_ext(markdown, Options::ENABLE_STRIKETHROUGH | Options::ENABLE_TABLES);
    let mut rendered = String::with_capacity(markdown.len() * 3 / 2);
    html::push_html(&mut rendered, parser.filter(not_too_deep()).filter_map(plain));
    Html::sanitised(SANITISER.clean(&rendered).to_string())
}

/// Leaves out what opens and ends deeper than `DEPTH`: the sanitiser's time grows with the square of it. The text stays.
fn not_too_deep<'a>() -> impl FnMut(&Event<'a>) -> bool {
    let mut depth = 0;
    move |event| match event {
        Event::Start(_) => {
            depth += 1;
            depth <= DEPTH
        }
        Event::End(_) => {
            depth -= 1;
            depth < DEPTH
        }
        _ => true,
    }
}

/// Markup as text, no pictures, and headings below those of the page.
fn plain(event: Event<'_>) -> Option<Event<'_>> {
    Some(match event {
        Event::Html(text) | Event::InlineHtml(text) => Event::Text(text),
        Event::Start(Tag::Image { .. }) | Event::End(TagEnd::Image) => return None,
        Event::Start(Tag::Heading { level, classes: _, attrs: _, id: _ }) => {
            Event::Start(Tag::Heading { level: below(level), id: None, classes: Vec::new(), attrs: Vec::new() })
        }
        Event::End(TagEnd::Heading(level)) => Event::End(TagEnd::Heading(below(level))),
        event => event,
    })
}

fn below(level: HeadingLevel) -> HeadingLevel {
    match level {
        HeadingLevel::H1 => HeadingLevel::H4,
        HeadingLevel::H2 => HeadingLevel::H5,
        _ => HeadingLevel::H6,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn html(markdown: &str) -> String {
        render(markdown).as_str().to_owned()
    }

    #[test]
    fn what_people_write_looks_as_they_mean_it() {
        assert_eq!(html("Now **bold** and `a < b`").trim(), "<p>Now <strong>bold</strong> and <code>a &lt; b</code></p>");
        assert_eq!(html("# New\n\n- one\n- two").replace('\n', ""), "<h4>New</h4><ul><li>one</li><li>two</li></ul>");
        let link = html("[docs](https://example.com/a?b=1&c=2 \"More\")");
        assert!(link.contains(r#"href="https://example.com/a?b=1&amp;c=2""#) && link.contains("noopener"), "{link}");
        assert!(html("| a |\n|---|\n| b |").contains("<td>b</td>"));
        assert!(html("~~gone~~").contains("<del>gone</del>"));
        assert_eq!(html("line\nbreak").trim(), "<p>line\nbreak</p>");
        assert_eq!(html(""), "");
    }

    #[test]
    fn no_script_gets_through() {
        for evil in [
            "<script>alert(1)</script>",
            "<img src=x onerror=alert(1)>",
            "<svg/onload=alert(1)>",
            "<a href=\"javascript:alert(1)\">x</a>",
            "[x](javascript:alert(1))",
            "[x](JaVaScRiPt:alert(1))",
            "[x](java\tscript:alert(1))",
            "[x](&#106;avascript:alert(1))",
            "[x](data:text/html;base64,PHNjcmlwdD4=)",
            "[x](vbscript:msgbox(1))",
            "[x](//evil.example/)",
            "[x](/orgs/demo)",
            "<javascript:alert(1)>",
            "![x](https://evil.example/pixel.png)",
            "![x](javascript:alert(1))",
            "<<script>script>alert(1)<</script>/script>",
            "<scr<script>ipt>alert(1)</scr</script>ipt>",
            "<div style=\"position:fixed\">x</div>",
            "<iframe src=https://evil.example></iframe>",
            "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>",
            "<noscript><p title=\"</noscript><img src=x onerror=alert(1)>\">",
            "> - `</code><img src=x onerror=alert(1)>`\n> - <b onmouseover=alert(1)>x</b>",
            "[x]: javascript:alert(1)\n\n[x]",
            "[x](https://a.example \"\" onmouseover=\"alert(1)\")",
            "# x {onclick=alert(1)}",
            "```\"><script>alert(1)</script>\nx\n```",
        ] {
            let html = html(evil);
            let tags: Vec<&str> = html.split('<').skip(1).filter_map(|rest| rest.split('>').next()).collect();
            for tag in tags {
                let name = tag.trim_start_matches('/').split([' ', '/']).next().unwrap_or_default();
                assert!(TAGS.contains(&name) || name == "ul", "{evil}: {html}");
                // Whatever looks like an attribute is one of ours.
                let inside = tag.to_lowercase();
                assert!(!inside.contains(" on") && !inside.contains("script:") && !inside.contains("data:"), "{evil}: {html}");
            }
            assert!(!html.contains("href=\"/"), "{evil}: {html}");
        }
    }

    #[test]
    fn deep_nesting_is_harmless() {
        for one in ["> ", "- ", "[", "*a ", "<b>", "`", "![", "(("] {
            let html = html(&format!("{}\n\ndeep", one.repeat(5_000)));
            assert!(html.contains("deep"), "{one}");
            for tag in ["<blockquote>", "<ul>", "<em>"] {
                assert!(html.matches(tag).count() <= DEPTH, "{one}");
            }
        }
    }

    proptest! {
        #[test]
        fn no_text_becomes_a_tag_of_its_own(text in "[<>a-z/ =\"'`*_()\\[\\]:#\n-]{0,60}") {
            let html = html(&text);
            for tag in html.split('<').skip(1).filter_map(|rest| rest.split('>').next()) {
                let name = tag.trim_start_matches('/').split([' ', '/']).next().unwrap_or_default();
                prop_assert!(TAGS.contains(&name) || name == "ul", "{}", html);
            }
        }
    }
}

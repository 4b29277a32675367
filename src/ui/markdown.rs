//! Text that was written in Markdown.

use leptos::prelude::*;
use serde::{Deserialize, Serialize};

/// HTML that is safe to show. Only `server/markdown.rs` makes any.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Html(String);

impl Html {
    /// Takes what the sanitiser gave.
    pub fn sanitised(html: String) -> Html {
        Html(html)
    }

    /// The HTML as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The same in stretches of some blocks each, which end before a heading where there is one: whoever writes changes one of
    /// them, and the browser need not make the others anew.
    pub fn stretches(&self) -> Vec<String> {
        let Html(html) = self;
        let (mut stretches, mut start, mut blocks, mut depth, mut at) = (Vec::new(), 0, 0, 0_usize, 0);
        while let Some(found) = html.get(at..).and_then(|rest| rest.find('<')) {
            let open = at + found;
            let rest = html.get(open..).unwrap_or_default();
            if depth == 0 && (blocks >= MOST || (blocks >= FEWEST && is_heading(rest))) {
                stretches.extend(html.get(start..open).map(str::to_owned));
                (start, blocks) = (open, 0);
            }
            blocks += usize::from(depth == 0);
            match rest {
                _ if rest.starts_with("</") => depth = depth.saturating_sub(1),
                _ if rest.starts_with("<br") || rest.starts_with("<hr") => {}
                _ => depth += 1,
            }
            at = open + tag_length(rest);
        }
        stretches.extend(html.get(start..).filter(|rest| !rest.is_empty()).map(str::to_owned));
        stretches
    }
}

/// So many blocks a stretch has where it ends before a heading, and at most.
const FEWEST: usize = 20;
const MOST: usize = 60;

fn is_heading(tag: &str) -> bool {
    tag.starts_with("<h") && tag.as_bytes().get(2).is_some_and(u8::is_ascii_digit)
}

/// How long the tag is that the text begins with. The sanitiser leaves brackets as they are in attributes, which it always quotes.
fn tag_length(text: &str) -> usize {
    let mut quoted = false;
    let end = text.bytes().position(|byte| {
        quoted ^= byte == b'"';
        byte == b'>' && !quoted
    });
    end.map_or(text.len(), |end| end + 1)
}

/// Shows what the server has made of Markdown; nothing for nothing.
#[component]
pub fn Markdown(html: Html) -> impl IntoView {
    let Html(html) = html;
    (!html.is_empty()).then(|| {
        view! {
            <div class="markdown" dir="auto" inner_html=html></div> // sanitised by server/markdown.rs
        }
    })
}

/// As `Markdown`, for a text that is shown again and again while it changes: only what has changed is made anew.
#[component]
pub fn ChangingMarkdown(html: Signal<Html>) -> impl IntoView {
    let stretches = Memo::new(move |_| html.with(Html::stretches));
    let count = Memo::new(move |_| stretches.with(Vec::len));
    let stretch = move |at: usize| {
        let now = Memo::new(move |_| stretches.with(|all| all.get(at).cloned().unwrap_or_default()));
        view! {
            <div class="stretch" inner_html=move || now.get()></div> // sanitised by server/markdown.rs
        }
    };
    view! { <div class="markdown" dir="auto">{move || (0..count.get()).map(stretch).collect_view()}</div> }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stretches(html: &str) -> Vec<String> {
        let stretches = Html::sanitised(html.to_owned()).stretches();
        assert_eq!(stretches.concat(), html);
        stretches
    }

    #[test]
    fn a_text_is_parted_between_blocks_and_before_headings() {
        assert!(stretches("").is_empty());
        assert_eq!(stretches("<p>a</p>\n<hr>\n<p>b<br>c</p>").len(), 1);
        let section = |name: &str| format!("<h2 id=\"h-{name}\">{name}</h2>\n{}", "<p>x</p>\n".repeat(30));
        let three = stretches(&["a", "b", "c"].map(section).concat());
        assert_eq!(three.len(), 3);
        assert!(three.iter().all(|stretch| stretch.starts_with("<h2 ")));
        assert_eq!(stretches(&"<p>x</p>\n".repeat(150)).len(), 3);
        let deep = format!("<ul>{}</ul>", "<li><h2>x</h2><p title=\"</ul><p>\">y</p></li>".repeat(100));
        assert_eq!(stretches(&deep), std::slice::from_ref(&deep), "what lies in a block stays in it");
    }

    #[test]
    fn a_change_is_in_one_stretch() {
        let text = |changed: usize| -> String {
            let section = |n: usize| format!("<h2>{n}</h2>{}", "<p>x</p>".repeat(if n == changed { 31 } else { 30 }));
            (0..50).map(section).collect()
        };
        let (before, after) = (stretches(&text(usize::MAX)), stretches(&text(7)));
        let changed = before.iter().zip(&after).filter(|(before, after)| before != after).count();
        assert_eq!((before.len(), after.len(), changed), (50, 50, 1));
    }
}

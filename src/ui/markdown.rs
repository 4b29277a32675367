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

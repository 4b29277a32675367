//! Whatever people write stands on a page as text: as a title, as what tells about something, and in fields.

use leptos::prelude::*;

use super::form::{TextArea, TextField};
use crate::server::markdown::corpus_tests::{elements, samples, seen, without_nul};

fn page(written: &str) -> String {
    let written = || written.to_owned();
    Owner::new().with(|| {
        view! {
            <h1>{written()}</h1>
            <a href="/orgs/acme" title=written() aria-label=written()>{written()}</a>
            <TextField name="title" label="Title" value=written() />
            <TextArea name="body" label="Body" value=written() />
        }
        .to_html()
    })
}

fn names(html: &str) -> Vec<String> {
    elements(html).into_iter().map(|(name, _)| name).collect()
}

#[test]
fn no_sample_is_more_than_text_on_a_page() {
    let harmless = names(&page("x"));
    for sample in samples() {
        let html = page(&sample);
        assert_eq!(names(&html), harmless, "{html}");
        let written = without_nul(&sample);
        let valued = |wanted: &str| {
            let attributes = elements(&html).into_iter().flat_map(|(_, attributes)| attributes);
            attributes.filter(|(name, value)| name == wanted && without_nul(value) == written).count()
        };
        assert_eq!((valued("title"), valued("aria-label"), valued("value")), (1, 1, 1), "{html}");
        assert_eq!(seen(&html).matches(&written).count(), 3, "{html}");
    }
}

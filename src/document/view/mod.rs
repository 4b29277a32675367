//! Pages of documents: those of the organisation and those of a product are the same pages at two addresses.

mod autosave;
mod change;
mod comments;
mod detail;
mod edit;
mod list;
mod merge;
mod new;
mod review;
mod versions;

use leptos::prelude::*;

use detail::DocumentPageView;
use edit::EditDocumentPage;
use list::DocumentListPage;
use merge::MergeDocumentPage;
use new::NewDocumentPage;
use versions::DocumentVersionsPage;

use super::model::{DocumentStatus, DocumentType, base};
use crate::org::view::param;
use crate::product::model::ProductName;
use crate::ui::layout::Crumb;

crate::lazy_pages!(
    document: DocumentList = DocumentListPage,
    NewDocument = NewDocumentPage,
    DocumentDetail = DocumentPageView,
    EditDocument = EditDocumentPage,
    DocumentVersions = DocumentVersionsPage,
    MergeDocument = MergeDocumentPage,
);

/// A status as a small label.
#[component]
pub fn DocumentBadge(status: DocumentStatus) -> impl IntoView {
    view! { <span class="badge" data-status=status.word()>{status.label()}</span> }
}

/// A type as a small label.
#[component]
pub fn TypeTag(kind: DocumentType) -> impl IntoView {
    view! { <span class="tag">{kind.label()}</span> }
}

/// The organisation, the product and the document of the page's address; outside of products the second is empty.
fn address() -> (Signal<String>, Signal<String>, Signal<String>) {
    (param("org"), param("key"), param("id"))
}

/// The way to the documents of a product, or of the organisation itself.
fn crumbs(org: &str, product: Option<&ProductName>) -> Vec<Crumb> {
    let documents = Crumb::new("Documents", base(org, product.map(|product| product.key.as_str())));
    match product {
        Some(product) => vec![
            Crumb::new("Portfolio", format!("/orgs/{org}/products")),
            Crumb::new(product.name.clone(), format!("/orgs/{org}/products/{}", product.key)),
            documents,
        ],
        None => vec![documents],
    }
}

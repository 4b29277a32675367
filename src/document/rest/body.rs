//! What is said of documents, and how a list names them.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use utoipa::ToSchema;

use crate::document::model::{Document, DocumentForm, DocumentStatus, DocumentType};
use crate::kernel::time::Timestamp;
use crate::server::rest::Body;

/// What is said of a document.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DocumentBody {
    #[serde(default, rename = "type")]
    #[schema(inline)]
    kind: DocumentType,
    #[schema(min_length = 1, max_length = 200)]
    title: String,
    /// Markdown, at most 300 kB.
    #[serde(default)]
    #[schema(max_length = 300000)]
    content: String,
    /// What has changed, for the list of versions.
    #[serde(default)]
    #[schema(max_length = 200)]
    note: String,
}

impl Body for DocumentBody {
    const NAMES: &'static [(&'static str, &'static str)] = &[("kind", "type")];

    fn example() -> Value {
        json!({
            "type": "PRD", "title": "Offline mode", "content": "## Problem\n\nPeople plan on trains.\n",
            "note": "The problem in the words of our customers",
        })
    }
}

impl From<&Document> for DocumentBody {
    fn from(document: &Document) -> Self {
        let Document { kind, title, content, .. } = document.clone();
        DocumentBody { kind, title, content, note: String::new() }
    }
}

impl From<DocumentBody> for DocumentForm {
    fn from(body: DocumentBody) -> Self {
        let DocumentBody { kind, title, content, note } = body;
        DocumentForm { kind, title, content, note, ..Default::default() }
    }
}

/// A document without its text.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct DocumentEntry {
    id: String,
    #[serde(rename = "type")]
    kind: DocumentType,
    title: String,
    status: DocumentStatus,
    version: i32,
    /// Nothing for one of the organisation itself, as the next.
    product_id: Option<String>,
    product_key: Option<String>,
    /// Its number among the items of its product, of which `KEY-123` is made.
    number: Option<i32>,
    author_id: String,
    author_name: Option<String>,
    /// Who was asked for a review last.
    reviewer_id: Option<String>,
    /// The newest version that was approved, and the newest that was published, whatever became of them.
    approved_version: Option<i32>,
    published_version: Option<i32>,
    created_at: Timestamp,
    updated_at: Timestamp,
    deleted_at: Option<Timestamp>,
}

impl From<Document> for DocumentEntry {
    fn from(document: Document) -> Self {
        DocumentEntry {
            id: document.id,
            kind: document.kind,
            title: document.title,
            status: document.status,
            version: document.version,
            product_id: document.product_id,
            product_key: document.product_key,
            number: document.number,
            author_id: document.author_id,
            author_name: document.author_name,
            reviewer_id: document.reviewer_id,
            approved_version: document.approved_version,
            published_version: document.published_version,
            created_at: document.created_at,
            updated_at: document.updated_at,
            deleted_at: document.deleted_at,
        }
    }
}

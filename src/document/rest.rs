//! The REST API of documents: those of products and the organisation's own, which are read and written alike.

mod body;
mod comment;
mod review;
mod version;

use serde::Deserialize;
use utoipa::ToSchema;

use super::model::{Document, DocumentFields, DocumentForm, DocumentQuery, DocumentStatus, DocumentType};
use super::store;
use crate::kernel::role::Perm;
use crate::kernel::version::Edited;
use crate::product::model::ProductName;
use crate::server::rest::query::Even;
use crate::server::rest::{Answered, Api, Call, Filter, Listed, Patch, Problem, Resource, living};
use body::{DocumentBody, DocumentEntry};

/// The routes of documents below one address.
macro_rules! documents {
    ($api:expr, $all:literal, $listed:ident) => {{
        let api = $api
            .list($all, Perm::Read, $listed, list)
            .create($all, Perm::WorkWrite, "Writes a document. Whoever is named in it behind an @ is told by mail.", create)
            .get(concat!($all, "/{id}"), Perm::Read, "One document with its text.", get)
            .change(
                concat!($all, "/{id}"),
                Perm::WorkWrite,
                "Changes a document; a new title or text makes a version. What is approved is changed by those who may publish, and is a \
                 draft again; what is published stays so in the version that was.",
                change,
            )
            .delete(concat!($all, "/{id}"), Perm::WorkWrite, "Deletes a document so that it can be restored.", delete)
            .verb(concat!($all, "/{id}/restore"), Perm::WorkWrite, "Brings a deleted document back.", restore);
        let api = api
            .act(
                concat!($all, "/{id}/review"),
                Perm::WorkWrite,
                "Asks for a review of a draft, of somebody or of whoever comes first.",
                review::request,
            )
            .verb(concat!($all, "/{id}/withdraw"), Perm::WorkWrite, "Takes a document back that waits for a review.", review::withdraw)
            .act(
                concat!($all, "/{id}/changes"),
                Perm::Publish,
                "Makes the document a draft again, and says what has to change.",
                review::ask,
            )
            .act(
                concat!($all, "/{id}/status"),
                Perm::Publish,
                "Approves, publishes or archives a document, or brings it back as a draft. Nobody approves what they have written; what is \
                 published and was not approved says so.\n\nWhat may follow what:\n\n\
                 - `DRAFT`: `REVIEW`, `PUBLISHED`\n\
                 - `REVIEW`: `APPROVED`, `PUBLISHED`, `DRAFT`\n\
                 - `APPROVED`: `PUBLISHED`, `DRAFT`\n\
                 - `PUBLISHED` with a newer text: `REVIEW`, `PUBLISHED`, `ARCHIVED`, `DRAFT`\n\
                 - `PUBLISHED` without one: `ARCHIVED`, `DRAFT`\n\
                 - `ARCHIVED`: `DRAFT`",
                review::set_status,
            )
            .list(concat!($all, "/{id}/reviews"), Perm::Read, "The last steps of the document's reviews, the newest first.", review::list);
        let api = api
            .list(
                concat!($all, "/{id}/versions"),
                Perm::Read,
                "The document's versions without their texts, the newest first.",
                version::list,
            )
            .get(concat!($all, "/{id}/versions/{number}"), Perm::Read, "One version with its text.", version::get)
            .verb(
                concat!($all, "/{id}/versions/{number}/restore"),
                Perm::WorkWrite,
                "Makes an old version the newest one, as a version of its own; the document is answered.",
                version::restore,
            );
        api.list(concat!($all, "/{id}/comments"), Perm::Read, "What is said of the document, the newest first.", comment::list)
            .create(
                concat!($all, "/{id}/comments"),
                Perm::IdeaDiscuss,
                "Says something of the document or of a passage of it.",
                comment::create,
            )
            .get(concat!($all, "/{id}/comments/{comment}"), Perm::Read, "One comment.", comment::get)
            .delete(
                concat!($all, "/{id}/comments/{comment}"),
                Perm::IdeaDiscuss,
                "Takes a comment away for good: one's own, or as somebody who may publish any.",
                comment::delete,
            )
            .put(concat!($all, "/{id}/comments/{comment}/resolved"), Perm::WorkWrite, "Marks a comment as dealt with.", comment::resolve)
            .delete(concat!($all, "/{id}/comments/{comment}/resolved"), Perm::WorkWrite, "Opens a comment again.", comment::reopen)
    }};
}

pub fn routes(api: Api) -> Api {
    let api = api.tag("Documents", "What is written down of a product in Markdown, with its versions, reviews and comments.");
    let of_product = "The product's documents without their texts, what was changed last first.";
    let api = documents!(api, "/orgs/{org}/products/{key}/documents", of_product);
    let about = "What is written down of no product. The list alone has the products' documents too. Not for tokens for some products.";
    let of_all = "The documents of the organisation and of all its products without their texts, what was changed last first. One with a \
                  `productKey` is read and changed below its product; with `own=true` there are none of those.";
    documents!(api.again("Documents of the organisation", about, "of_organization"), "/orgs/{org}/documents", of_all)
}

impl Resource for Document {
    fn key(&self) -> String {
        self.id.clone()
    }

    fn is_deleted(&self) -> bool {
        self.deleted_at.is_some()
    }

    fn version(&self) -> Option<String> {
        Some(DocumentFields::from(self).version())
    }
}

/// What documents are narrowed to.
#[derive(Default, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
struct DocumentFilter {
    status: Option<DocumentStatus>,
    #[serde(rename = "type")]
    kind: Option<DocumentType>,
    /// Of the organisation itself alone, without those of products; refused in a product, whose documents never are.
    own: bool,
    /// Those deleted last instead; in the organisation's list also those of its products, unless these are deleted.
    deleted: bool,
}

impl Filter for DocumentFilter {}

/// The product of the address; nothing where it is the organisation's own.
async fn place(call: &mut Call) -> Result<Option<ProductName>, Problem> {
    let key = call.at("key");
    if key.is_empty() {
        call.whole()?;
    }
    Ok(store::place(&mut call.scope, &key).await?)
}

/// The document of the address.
async fn read(call: &mut Call) -> Result<Document, Problem> {
    let id = call.at("id");
    read_one(call, &id).await
}

async fn read_one(call: &mut Call, id: &str) -> Result<Document, Problem> {
    let product = place(call).await?;
    Ok(store::get(&mut call.scope, product.as_ref(), id).await?)
}

/// The same if it has not been deleted, for what hangs on it.
async fn live(call: &mut Call) -> Result<Document, Problem> {
    living(read(call).await?)
}

async fn list(mut call: Call, filter: DocumentFilter) -> Answered<Listed<DocumentEntry>> {
    let DocumentFilter { status, kind, own, deleted } = filter;
    let query = DocumentQuery { status, kind, own, deleted, cursor: call.cursor_unless(deleted)? };
    let product = place(&mut call).await?;
    if query.own && product.is_some() {
        return Err(Problem::parameter("own", "A product's documents are never the organisation's own. Leave this out."));
    }
    let page = store::list(&mut call.scope, product.as_ref(), &query).await?;
    call.done(Listed::page(page, deleted).map(DocumentEntry::from))
}

async fn get(mut call: Call, _: Even) -> Answered<Document> {
    let document = read(&mut call).await?;
    call.done(document)
}

async fn create(mut call: Call, body: DocumentBody) -> Answered<Document> {
    let fields = DocumentForm::from(body).validate()?;
    let product = place(&mut call).await?;
    let made = store::create(&mut call.scope, &call.settings, product, fields).await?;
    let document = read_one(&mut call, &made.id).await?;
    call.done(document)
}

async fn change(mut call: Call, patch: Patch<DocumentBody>) -> Answered<Document> {
    let mut seen = call.seen();
    loop {
        let document = live(&mut call).await?;
        let version = seen.version(&document)?;
        let fields = DocumentForm::from(patch.over(&document)?).validate()?;
        if seen.is_settled(store::revise(&mut call.scope, &call.settings, &document.id, &version, fields).await)? {
            break;
        }
    }
    let document = read(&mut call).await?;
    call.done(document)
}

async fn delete(mut call: Call) -> Answered<()> {
    let document = read(&mut call).await?;
    store::set_deleted(&mut call.scope, &document.id, true).await?;
    call.done(())
}

async fn restore(mut call: Call) -> Answered<Document> {
    let document = read(&mut call).await?;
    store::set_deleted(&mut call.scope, &document.id, false).await?;
    let document = read(&mut call).await?;
    call.done(document)
}

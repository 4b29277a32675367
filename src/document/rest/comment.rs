//! The REST API of comments on documents.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use utoipa::ToSchema;

use super::live;
use crate::document::model::{CommentForm, Document, Found, Remark};
use crate::document::store::talk::{Row, places};
use crate::document::store::{Seen, said, talk};
use crate::kernel::error::AppError;
use crate::kernel::page::Page;
use crate::kernel::time::Timestamp;
use crate::server::rest::query::Whole;
use crate::server::rest::{Answered, Body, Call, Listed, Problem, Resource};

/// A comment on a document.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct DocumentComment {
    id: String,
    author_id: Option<String>,
    author_name: Option<String>,
    body: String,
    /// The words that it is about, as they stood; nothing for the whole document.
    passage: Option<String>,
    /// The same as they stand now; nothing if they are gone.
    passage_now: Option<String>,
    /// The version that was commented on.
    version: i32,
    created_at: Timestamp,
    resolved_at: Option<Timestamp>,
    /// Who has marked it as dealt with, by name.
    resolved_by: Option<String>,
}

impl From<Remark> for DocumentComment {
    fn from(remark: Remark) -> Self {
        let Remark { id, author_id, author_name, parts, passage, version, created_at, resolved_at, resolved_by } = remark;
        let body = parts.into_iter().map(|part| part.text).collect();
        let passage_now = passage.as_ref().and_then(|(quote, found)| match found {
            Found::There => Some(quote.clone()),
            Found::Changed(now) => Some(now.clone()),
            Found::Gone => None,
        });
        let passage = passage.map(|(quote, _)| quote);
        DocumentComment { id, author_id, author_name, body, passage, passage_now, version, created_at, resolved_at, resolved_by }
    }
}

impl Resource for DocumentComment {
    fn key(&self) -> String {
        self.id.clone()
    }
}

/// What is said of a document.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DocumentCommentBody {
    /// Whoever is named in it behind an @ is told by mail.
    #[schema(min_length = 1, max_length = 5000)]
    body: String,
    /// The words that it is about, as they are read; nothing for the whole document.
    #[schema(max_length = 1000)]
    passage: Option<String>,
    /// What is read before these words, to tell which of several it is; with a passage alone.
    before: Option<String>,
}

impl Body for DocumentCommentBody {
    const NAMES: &'static [(&'static str, &'static str)] = &[("comment", "body")];

    fn example() -> Value {
        json!({ "body": "How many of them do?", "passage": "People plan on trains." })
    }
}

impl From<DocumentCommentBody> for CommentForm {
    fn from(body: DocumentCommentBody) -> Self {
        let DocumentCommentBody { body, passage, before } = body;
        CommentForm { comment: body, passage: passage.unwrap_or_default(), before: before.unwrap_or_default() }
    }
}

/// The comments as they are answered, in their order.
async fn shown(rows: Vec<Row>, document: &Document) -> Result<Vec<DocumentComment>, Problem> {
    Ok(places(rows, &document.content, &Seen::default()).await?.remarks.into_iter().map(DocumentComment::from).collect())
}

/// A comment on the live document of the address.
async fn read_one(call: &mut Call, id: &str) -> Result<DocumentComment, Problem> {
    let document = live(call).await?;
    let row = said::get(&mut call.scope, &document.id, id).await?;
    // As many come back as were given.
    shown(vec![row], &document).await?.pop().ok_or_else(|| AppError::NotFound.into())
}

async fn read(call: &mut Call) -> Result<DocumentComment, Problem> {
    let id = call.at("comment");
    read_one(call, &id).await
}

pub async fn list(mut call: Call, _: Whole) -> Answered<Listed<DocumentComment>> {
    let (document, cursor) = (live(&mut call).await?, call.cursor()?);
    let Page { rows, first_place, previous, next } = said::page(&mut call.scope, &document.id, cursor.as_ref()).await?;
    let rows = shown(rows, &document).await?;
    call.done(Page { rows, first_place, previous, next }.into())
}

pub async fn get(mut call: Call, _: Whole) -> Answered<DocumentComment> {
    let comment = read(&mut call).await?;
    call.done(comment)
}

pub async fn create(mut call: Call, body: DocumentCommentBody) -> Answered<DocumentComment> {
    if body.before.is_some() && body.passage.is_none() {
        return Err(Problem::at("#/before", "This tells which of several passages is meant: name the passage as well."));
    }
    let fields = CommentForm::from(body).validate()?;
    let document = live(&mut call).await?;
    let id = talk::add(&mut call.scope, &call.settings, &document.id, fields).await?;
    let comment = read_one(&mut call, &id).await?;
    call.done(comment)
}

pub async fn resolve(mut call: Call) -> Answered<()> {
    let comment = read(&mut call).await?;
    talk::resolve(&mut call.scope, &comment.id, true).await?;
    call.done(())
}

pub async fn reopen(mut call: Call) -> Answered<()> {
    let comment = read(&mut call).await?;
    talk::resolve(&mut call.scope, &comment.id, false).await?;
    call.done(())
}

pub async fn delete(mut call: Call) -> Answered<()> {
    let comment = read(&mut call).await?;
    talk::delete(&mut call.scope, &comment.id).await?;
    call.done(())
}

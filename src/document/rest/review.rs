//! The REST API of the way from a draft to what is published.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use utoipa::ToSchema;

use super::{live, read};
use crate::document::model::{Document, DocumentStatus, MoveForm, ReviewForm, ReviewRow};
use crate::document::store::review as store;
use crate::server::rest::query::Whole;
use crate::server::rest::{Answered, Body, Call, Listed, may_follow};

/// Who is asked for a review.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ReviewRequest {
    /// Somebody who may publish, by the id of the person, who is told by mail; nobody for whoever comes first.
    reviewer_id: Option<String>,
}

impl Body for ReviewRequest {
    const NAMES: &'static [(&'static str, &'static str)] = &[("reviewer", "reviewerId")];

    fn example() -> Value {
        json!({ "reviewerId": "cmig3k2p40001qw8h5x7y2z9a" })
    }
}

/// What has to change.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ChangeRequest {
    #[schema(min_length = 1, max_length = 5000)]
    reason: String,
}

impl Body for ChangeRequest {
    fn example() -> Value {
        json!({ "reason": "Say how we will know that it worked." })
    }
}

/// Where a document is to stand.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DocumentMove {
    status: DocumentStatus,
    /// The version that was read: if there is a newer one, it is neither approved nor published.
    version: Option<i32>,
}

impl Body for DocumentMove {
    fn example() -> Value {
        json!({ "status": "APPROVED", "version": 3 })
    }
}

pub async fn request(mut call: Call, body: ReviewRequest) -> Answered<Document> {
    let document = live(&mut call).await?;
    let reviewer = ReviewForm { reviewer: body.reviewer_id.unwrap_or_default() }.chosen();
    store::request(&mut call.scope, &call.settings, &document.id, reviewer).await?;
    let document = read(&mut call).await?;
    call.done(document)
}

pub async fn withdraw(mut call: Call) -> Answered<Document> {
    let document = live(&mut call).await?;
    store::withdraw(&mut call.scope, &document.id).await?;
    let document = read(&mut call).await?;
    call.done(document)
}

pub async fn ask(mut call: Call, body: ChangeRequest) -> Answered<Document> {
    let reason = MoveForm { reason: body.reason }.validate()?;
    let document = live(&mut call).await?;
    store::set_status(&mut call.scope, &call.settings, &document.id, DocumentStatus::Draft, &reason, None).await?;
    let document = read(&mut call).await?;
    call.done(document)
}

pub async fn set_status(mut call: Call, body: DocumentMove) -> Answered<Document> {
    let document = live(&mut call).await?;
    may_follow(document.status.may_become(document.is_newer(), body.status), document.next(), DocumentStatus::word)?;
    store::set_status(&mut call.scope, &call.settings, &document.id, body.status, "", body.version).await?;
    let document = read(&mut call).await?;
    call.done(document)
}

pub async fn list(mut call: Call, _: Whole) -> Answered<Listed<ReviewRow>> {
    let document = live(&mut call).await?;
    let steps = store::all(&mut call.scope, &document.id).await?;
    call.done(Listed::all(steps))
}

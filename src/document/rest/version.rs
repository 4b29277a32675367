//! The REST API of the versions of documents.

use serde::Serialize;
use utoipa::ToSchema;

use super::{live, read};
use crate::document::model::{Document, VersionQuery, VersionRow};
use crate::document::store::version as store;
use crate::kernel::error::AppError;
use crate::server::rest::query::Whole;
use crate::server::rest::{Answered, Call, Listed, Problem, Resource};

/// A version with its text.
#[derive(Serialize, ToSchema)]
pub struct WholeVersion {
    #[serde(flatten)]
    version: VersionRow,
    content: String,
}

impl Resource for WholeVersion {
    fn key(&self) -> String {
        self.version.number.to_string()
    }
}

/// The number of the address; what is none is the number of nothing.
fn number(call: &Call) -> Result<i32, Problem> {
    Ok(call.at("number").parse().map_err(|_| AppError::NotFound)?)
}

pub async fn list(mut call: Call, _: Whole) -> Answered<Listed<VersionRow>> {
    let (document, query) = (live(&mut call).await?, VersionQuery { cursor: call.cursor()?, ..VersionQuery::default() });
    let page = store::list(&mut call.scope, &document.id, &query).await?;
    call.done(page.into())
}

pub async fn get(mut call: Call, _: Whole) -> Answered<WholeVersion> {
    let (document, number) = (live(&mut call).await?, number(&call)?);
    let (version, content) = store::one(&mut call.scope, &document.id, number).await?;
    call.done(WholeVersion { version, content })
}

pub async fn restore(mut call: Call) -> Answered<Document> {
    let (document, number) = (live(&mut call).await?, number(&call)?);
    store::restore(&mut call.scope, &call.settings, &document.id, number).await?;
    let document = read(&mut call).await?;
    call.done(document)
}

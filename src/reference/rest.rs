//! The REST API of short references.

use serde::Serialize;
use utoipa::ToSchema;

use super::store::{self, Item};
use crate::kernel::error::AppError;
use crate::kernel::reference::Reference;
use crate::kernel::role::Perm;
use crate::search::model::Kind;
use crate::server::rest::query::Even;
use crate::server::rest::spec::BASE;
use crate::server::rest::{Answered, Api, Call, Resource};

pub fn routes(api: Api) -> Api {
    api.tag("References", "The short names of a product's items, such as `DEMO-123`.").get(
        "/orgs/{org}/references/{reference}",
        Perm::Read,
        "What a reference stands for, and where that is.",
        get,
    )
}

/// What a reference stands for.
#[derive(Serialize, ToSchema)]
#[schema(as = Reference)]
#[serde(rename_all = "camelCase")]
struct Referred {
    /// In capitals.
    reference: String,
    /// As the search calls it.
    kind: String,
    id: String,
    product_key: Option<String>,
    title: String,
    /// By its word, of what has one.
    status: Option<String>,
    deleted: bool,
    /// The address of its page.
    url: String,
    /// Its path in this API.
    path: String,
}

impl Resource for Referred {
    fn key(&self) -> String {
        self.reference.clone()
    }

    fn is_deleted(&self) -> bool {
        self.deleted
    }
}

impl Referred {
    fn of(call: &Call, reference: &Reference, item: Item) -> Referred {
        let page = item.href(&call.scope.organization().slug);
        let kind = Kind::ALL.into_iter().find(|kind| kind.has_numbers() && kind.path() == item.section);
        Referred {
            reference: reference.to_string(),
            kind: kind.map(Kind::word).unwrap_or_default().to_owned(),
            url: format!("{}{page}", call.settings.url),
            path: format!("{BASE}{page}"),
            id: item.id,
            product_key: item.key,
            title: item.title,
            status: Some(item.state).filter(|state| !state.is_empty()),
            deleted: item.deleted,
        }
    }
}

async fn get(mut call: Call, _: Even) -> Answered<Referred> {
    let reference = Reference::parse(&call.at("reference")).ok_or(AppError::NotFound)?;
    let item = store::item(&mut call.scope, &reference).await?;
    let referred = Referred::of(&call, &reference, item);
    call.done(referred)
}

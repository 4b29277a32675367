//! The REST API of the search.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::model::{Hit, Kind, SearchQuery, pieces};
use super::store;
use crate::feature::store as features;
use crate::kernel::role::Perm;
use crate::server::rest::{Answered, Api, Call, Filter, Listed, Problem};

pub fn routes(api: Api) -> Api {
    api.tag("Search", "Full text, in everything that has words.").list(
        "/orgs/{org}/search",
        Perm::Read,
        "What the organisation has of these words, best first; without a kind the first few of each.",
        find,
    )
}

/// What is looked for, and where.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct SearchFilter {
    /// Each word may be the beginning of one; what stands in quotes is found as it stands. Filters may stand among them, as
    /// `type:task status:done assignee:me product:rocket`; of several values of one filter either will do.
    #[schema(min_length = 1, max_length = 200, pattern = "^[^\\x00]+$")]
    q: String,
    kind: Option<Kind>,
    /// A product's key. A token for some products has to name one of them.
    #[schema(pattern = "^[A-Za-z0-9_-]{1,100}$")]
    product: Option<String>,
    /// The page of one kind, from 0.
    #[schema(minimum = 0, maximum = 50)]
    page: Option<i32>,
}

impl Filter for SearchFilter {}

/// Something that was found.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct Find {
    kind: String,
    id: String,
    /// Nothing for what is the organisation's own.
    product_key: Option<String>,
    product_name: Option<String>,
    /// By its word, of what has one; of a product its stage.
    status: Option<String>,
    title: String,
    /// Some of the text around the words.
    snippet: String,
    /// Its number among the items of its product; nothing for what is the organisation's own.
    number: Option<i32>,
}

impl From<Hit> for Find {
    fn from(hit: Hit) -> Self {
        let plain = |marked: &str| pieces(marked).into_iter().map(|(text, _)| text).collect();
        Find {
            title: plain(&hit.title),
            snippet: plain(&hit.snippet),
            kind: hit.kind,
            status: hit.status,
            id: hit.id,
            product_key: hit.product_key,
            product_name: hit.product_name,
            number: hit.number,
        }
    }
}

async fn find(mut call: Call, filter: SearchFilter) -> Answered<Listed<Find>> {
    let SearchFilter { q, kind, product, page } = filter;
    if q.is_empty() || q.contains('\0') || q.chars().count() > 200 {
        return Err(Problem::parameter("q", "Enter 1 to 200 characters."));
    }
    if page.is_some_and(|page| !(0..=50).contains(&page)) {
        return Err(Problem::parameter("page", "Enter a whole number from 0 to 50."));
    }
    match &product {
        // The search's entries are read past the wall that keeps such a token to its products.
        None => call.whole()?,
        Some(key) => {
            features::product(&mut call.scope, key).await?;
        }
    }
    let query = SearchQuery { words: q, kind, product, page: page.unwrap_or_default() }.bounded();
    let found = store::find(&mut call.scope, &query).await?;
    if let Some(unknown) = found.unknown.first() {
        return Err(Problem::parameter("q", unknown.told()));
    }
    let hits: Vec<Find> = found.groups.into_iter().flat_map(|group| group.hits).map(Find::from).collect();
    call.done(Listed::all(hits))
}

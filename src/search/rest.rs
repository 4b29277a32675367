//! The REST API of the search.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::model::{Filter as By, Group, Hit, Kind, SearchQuery, Typed, pieces};
use super::store;
use crate::feature::store as features;
use crate::kernel::role::Perm;
use crate::server::rest::spec::BASE;
use crate::server::rest::{Answered, Api, Call, Filter, Listed, Problem, Wrong, named};

pub fn routes(api: Api) -> Api {
    api.tag("Search", "Full text, in everything that has words.").list(
        "/orgs/{org}/search",
        Perm::Read,
        "What the organisation has of these words, best first; without a kind the first few of each. Where nothing has them, in quotes or \
         not, it is what has words that are like them, and each find says so by `near`.",
        find,
    )
}

/// What is looked for, and where.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct SearchFilter {
    /// Each word may be the beginning of one; what stands in quotes is found as it stands. Filters may stand among them, as
    /// `type:task status:done assignee:me product:rocket`; of several values of one filter either will do.
    /// The first eight words or phrases count, and of a phrase its first eight words.
    #[schema(min_length = 1, max_length = 200, pattern = "^[^\\x00]+$")]
    q: String,
    /// One kind of thing, as the finds tell theirs; without it there are the first few of each.
    kind: Option<Kind>,
    /// A product's key. A token for some products has to name one of them.
    #[schema(pattern = "^[A-Za-z0-9_-]{1,100}$")]
    product: Option<String>,
    /// The page of one kind, from 0; with one kind alone.
    #[schema(minimum = 0, maximum = 50)]
    page: Option<i32>,
}

impl Filter for SearchFilter {}

/// Something that was found.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct Find {
    kind: Kind,
    id: String,
    /// Its path in this API.
    path: String,
    /// Nothing for what is the organisation's own.
    product_key: Option<String>,
    product_name: Option<String>,
    /// By its word, of what has one; of a product its stage.
    status: Option<String>,
    title: String,
    /// Some of the text around the words.
    snippet: String,
    /// Whether it has words that are like those of `q`, and not these very words: those nothing has.
    near: bool,
    /// Its number among the items of its product; nothing for what is the organisation's own.
    number: Option<i32>,
}

impl Find {
    fn of(org: &str, kind: Kind, hit: Hit) -> Find {
        let plain = |marked: &str| pieces(marked).into_iter().map(|(text, _)| text).collect();
        Find {
            kind,
            path: path(org, kind, &hit),
            title: plain(&hit.title),
            snippet: plain(&hit.snippet),
            status: hit.status,
            id: hit.id,
            product_key: hit.product_key,
            product_name: hit.product_name,
            near: hit.near,
            number: hit.number,
        }
    }
}

/// Where a find is in the API: where its page is, but for what has no page of its own or is called otherwise there.
fn path(org: &str, kind: Kind, hit: &Hit) -> String {
    let (page, id) = (hit.href(org), &hit.id);
    let path = match kind {
        Kind::Objective => format!("/orgs/{org}/objectives/{id}"),
        Kind::Person => format!("/orgs/{org}/members/{id}"),
        Kind::Comment => format!("{page}/comments/{id}"),
        Kind::KeyResult => {
            let okr = page.strip_suffix(&format!("/results/{id}")).unwrap_or(&page);
            format!("{okr}/key-results/{id}")
        }
        _ => page,
    };
    format!("{BASE}{path}")
}

/// # Errors
/// Of a parameter whose filter stands among the words as well: that would be passed over.
fn twice(q: &str, parameters: [(&str, By, bool); 2]) -> Result<(), Problem> {
    let typed = Typed::read(q);
    let wrong = |(name, filter, is_given): (&str, By, bool)| {
        let is_twice = is_given && typed.of(filter).next().is_some();
        is_twice.then(|| Wrong::parameter(name, format!("`q` says this already, by `{}:`. Leave one of the two out.", filter.word())))
    };
    let wrong: Vec<Wrong> = parameters.into_iter().filter_map(wrong).collect();
    if wrong.is_empty() { Ok(()) } else { Err(Problem::of(wrong)) }
}

async fn find(mut call: Call, filter: SearchFilter) -> Answered<Listed<Find>> {
    let SearchFilter { q, kind, product, page } = filter;
    if q.is_empty() || q.contains('\0') || q.chars().count() > 200 {
        return Err(Problem::parameter("q", "Enter 1 to 200 characters."));
    }
    if page.is_some_and(|page| !(0..=50).contains(&page)) {
        return Err(Problem::parameter("page", "Enter a whole number from 0 to 50."));
    }
    twice(&q, [("kind", By::Type, kind.is_some()), ("product", By::Product, product.is_some())])?;
    match &product {
        // The search's entries are read past the wall that keeps such a token to its products.
        None if !call.scope.is_whole() => {
            let detail = "This token is for some products alone. Name one of them by its key, as product=KEY.";
            return Err(Problem { detail: detail.into(), ..Problem::narrow() });
        }
        None => {}
        Some(key) => {
            let wrong = Wrong::parameter("product", "Name a product of the organisation, by its key.");
            named(features::product(&mut call.scope, key).await, wrong)?;
        }
    }
    let query = SearchQuery { words: q, kind, product, page: page.unwrap_or_default() };
    if query.page > 0 && query.one().is_none() {
        return Err(Problem::parameter("page", "Only one kind has further pages: name it as well."));
    }
    let query = query.bounded();
    let found = store::find(&mut call.scope, &query).await?;
    if let Some(unknown) = found.unknown.first() {
        return Err(Problem::parameter("q", unknown.told()));
    }
    let org = call.scope.organization().slug.clone();
    let finds = |group: Group| group.hits.into_iter().map(|hit| Find::of(&org, group.kind, hit)).collect::<Vec<_>>();
    let hits: Vec<Find> = found.groups.into_iter().flat_map(finds).collect();
    call.done(Listed::all(hits))
}

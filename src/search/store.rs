//! SQL for the search. The entries themselves can only be read through the database's own function.

use super::model::{Asked, Filter, Found, Group, Hit, Kind, ME, NOBODY, SearchQuery, Unknown, plain};
use crate::kernel::error::AppError;
use crate::kernel::reference::Reference;
use crate::org::model::ProductLink;
use crate::reference::store::{self as references, Item};
use crate::server::scope::Scope;

/// Products and members that a search can be narrowed to by choosing. Whatever is typed is looked up among all.
const CHOICES_MAX: i64 = 100;
/// Possible values that are told of a wrong one.
const POSSIBLE_MAX: usize = 30;

/// What the organisation has of these words and filters, by kind.
pub async fn find(scope: &mut Scope, query: &SearchQuery) -> Result<Found, AppError> {
    let mut asked = query.asked();
    let kinds: Vec<Kind> = Kind::ALL.into_iter().filter(|kind| scope.can(kind.perm())).collect();
    let mut unknown = std::mem::take(&mut asked.unknown);
    keep_to(&kinds, &mut asked, &mut unknown);
    let people = people(scope, &asked.assignees).await?;
    let products = products(scope, &asked.products).await?;
    let assignees = assignees(scope, &asked.assignees, &people, &mut unknown);
    let keys = keys(&asked.products, &products, &mut unknown);
    let hits = match unknown.is_empty() && !asked.is_empty() {
        true => {
            let kinds = if asked.kinds.is_empty() { kinds.clone() } else { asked.kinds.clone() };
            hits(scope, query, &asked, &kinds, assignees, keys).await?
        }
        false => Vec::new(),
    };
    let near = hits.iter().any(|hit| hit.near);
    let mut people: Vec<String> = people.into_iter().filter_map(|person| person.name).collect();
    people.sort_by_key(|name| name.to_lowercase());
    people.dedup();
    let mut found = Found { groups: groups(hits, query.shown() as usize), near, unknown, kinds, products, people };
    refer(scope, query, &asked, &mut found).await?;
    Ok(found)
}

/// Puts the item whose short reference was typed before all others, and tells everything's number.
async fn refer(scope: &mut Scope, query: &SearchQuery, asked: &Asked, found: &mut Found) -> Result<(), AppError> {
    let typed = Reference::parse(asked.words.trim()).filter(|_| query.page == 0);
    let typed = typed.filter(|reference| asked.products.is_empty() || asked.products.contains(&reference.key));
    let item = match typed {
        Some(reference) => references::find(scope, &reference).await?,
        None => None,
    };
    let kind = item.as_ref().and_then(|item| Kind::ALL.into_iter().find(|kind| kind.has_numbers() && kind.path() == item.section));
    if let (Some(item), Some(kind)) = (item, kind.filter(|kind| asked.kinds.is_empty() || asked.kinds.contains(kind))) {
        let about = about(scope, kind, item).await?;
        found.put_first(kind, about);
    }
    let ids: Vec<&str> = found.groups.iter().flat_map(|group| &group.hits).map(|hit| hit.id.as_str()).collect();
    let numbers = references::numbers(scope, &ids).await?;
    for hit in found.groups.iter_mut().flat_map(|group| &mut group.hits) {
        hit.number = numbers.get(&hit.id).copied();
    }
    Ok(())
}

/// An item that the words did not find, told as if they had.
async fn about(scope: &mut Scope, kind: Kind, item: Item) -> Result<Hit, AppError> {
    let entry: Option<(Option<String>, String)> = sqlx::query_as("SELECT status, snippet FROM search_entry($1, $2)")
        .bind(kind.word())
        .bind(&item.id)
        .fetch_optional(scope.db())
        .await?;
    let (status, snippet) = entry.unwrap_or_default();
    let Item { id, key: product_key, product_name, title, number, .. } = item;
    let hit = Hit { kind: kind.word().into(), id, product_key, product_name, path: None, status, title, snippet, near: false, number };
    Ok(hit.named())
}

/// Takes out the kinds that are not for the caller, as if there were none.
fn keep_to(kinds: &[Kind], asked: &mut Asked, unknown: &mut Vec<Unknown>) {
    let possible: Vec<String> = kinds.iter().map(|kind| kind.value()).collect();
    unknown.iter_mut().filter(|wrong| wrong.filter == Filter::Type).for_each(|wrong| wrong.possible.clone_from(&possible));
    for kind in asked.kinds.iter().filter(|kind| !kinds.contains(kind)) {
        unknown.push(Unknown { filter: Filter::Type, value: kind.value(), possible: possible.clone() });
    }
}

/// The finds, the kind with the best first. Filters that are not given are NULL.
async fn hits(
    scope: &mut Scope,
    query: &SearchQuery,
    asked: &Asked,
    kinds: &[Kind],
    assignees: Vec<String>,
    keys: Vec<String>,
) -> Result<Vec<Hit>, AppError> {
    let given = |values: Vec<String>, typed: &[String]| Some(values).filter(|_| !typed.is_empty());
    let kinds: Vec<&str> = kinds.iter().map(|kind| kind.word()).collect();
    let shown = query.shown();
    // Whatever somebody types, and whatever the texts hold.
    sqlx::query("SET LOCAL statement_timeout = '5s'").execute(scope.db()).await?;
    Ok(sqlx::query_as("SELECT * FROM search($1, $2, $3, $4, $5, $6, $7)")
        .bind(&asked.words)
        .bind(kinds)
        .bind(given(asked.statuses.clone(), &asked.statuses))
        .bind(given(assignees, &asked.assignees))
        .bind(given(keys, &asked.products))
        .bind(shown + 1)
        .bind(query.page * shown)
        .fetch_all(scope.db())
        .await?)
}

/// The finds by kind, in the order in which the kinds come.
fn groups(hits: Vec<Hit>, shown: usize) -> Vec<Group> {
    let mut groups: Vec<Group> = Vec::new();
    for hit in hits {
        let Some(kind) = Kind::parse(&hit.kind) else { continue };
        match groups.iter_mut().find(|group| group.kind == kind) {
            Some(group) if group.hits.len() == shown => group.more = true,
            Some(group) => group.hits.push(hit),
            None => groups.push(Group { kind, hits: vec![hit], more: false }),
        }
    }
    groups
}

/// A member as an assignee.
#[derive(sqlx::FromRow)]
struct Person {
    id: String,
    name: Option<String>,
}

impl Person {
    /// Whether the name or the first name is meant.
    fn is_called(&self, value: &str) -> bool {
        let name = self.name.as_deref().unwrap_or_default();
        let first = name.split_whitespace().next().unwrap_or_default();
        [name, first].iter().any(|name| name.to_lowercase() == value.to_lowercase())
    }
}

/// The members by name, those first that may be meant.
async fn people(scope: &mut Scope, meant: &[String]) -> Result<Vec<Person>, AppError> {
    let org = scope.organization().id.clone();
    let meant: Vec<String> = meant.iter().map(|name| name.to_lowercase()).collect();
    Ok(sqlx::query_as(
        r#"SELECT u.id, u.name FROM "Membership" m JOIN "User" u ON u.id = m."userId" WHERE m."organizationId" = $1
           ORDER BY lower(u.name) = ANY ($2) OR lower(split_part(u.name, ' ', 1)) = ANY ($2) DESC NULLS LAST, lower(u.name), u.id LIMIT $3"#,
    )
    .bind(org)
    .bind(meant)
    .bind(CHOICES_MAX)
    .fetch_all(scope.db())
    .await?)
}

/// The products by name, those first that may be meant.
async fn products(scope: &mut Scope, meant: &[String]) -> Result<Vec<ProductLink>, AppError> {
    let org = scope.organization().id.clone();
    let meant: Vec<String> = meant.iter().map(|name| name.to_lowercase()).collect();
    Ok(sqlx::query_as(
        r#"SELECT name, key FROM "Product" WHERE "organizationId" = $1 AND "deletedAt" IS NULL
           ORDER BY key = ANY ($2) OR lower(name) = ANY ($2) DESC, name, id LIMIT $3"#,
    )
    .bind(org)
    .bind(meant)
    .bind(CHOICES_MAX)
    .fetch_all(scope.db())
    .await?)
}

/// The ids of the assignees that were typed.
fn assignees(scope: &Scope, typed: &[String], people: &[Person], unknown: &mut Vec<Unknown>) -> Vec<String> {
    let mut ids = Vec::new();
    for value in typed {
        let called: Vec<String> = match plain(value).as_str() {
            ME => vec![scope.user().id.clone()],
            NOBODY => vec![NOBODY.to_owned()],
            _ => people.iter().filter(|person| person.is_called(value)).map(|person| person.id.clone()).collect(),
        };
        if called.is_empty() {
            let names = people.iter().filter_map(|person| person.name.clone());
            let possible = [ME.to_owned(), NOBODY.to_owned()].into_iter().chain(names).take(POSSIBLE_MAX + 1).collect();
            unknown.push(Unknown { filter: Filter::Assignee, value: value.clone(), possible });
        }
        ids.extend(called);
    }
    ids
}

/// The keys of the products that were typed, by key or name.
fn keys(typed: &[String], products: &[ProductLink], unknown: &mut Vec<Unknown>) -> Vec<String> {
    let mut keys = Vec::new();
    for value in typed {
        let lower = value.to_lowercase();
        let named = products.iter().filter(|product| product.key == lower || product.name.to_lowercase() == lower);
        let named: Vec<String> = named.map(|product| product.key.clone()).collect();
        if named.is_empty() {
            let possible = products.iter().map(|product| product.key.clone()).take(POSSIBLE_MAX + 1).collect();
            unknown.push(Unknown { filter: Filter::Product, value: value.clone(), possible });
        }
        keys.extend(named);
    }
    keys
}

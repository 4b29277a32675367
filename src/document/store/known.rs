//! What a text names: items, with where they stand, and people.

use std::collections::HashMap;
use std::ops::Range;

use crate::discuss::model::{Handle, MENTIONS_MAX, parts};
use crate::document::model::{Contents, Shown, Step};
use crate::kernel::error::AppError;
use crate::kernel::reference::Linked;
use crate::kernel::text::NAME_MAX;
use crate::reference::store as references;
use crate::server::db::internal;
use crate::server::markdown::document::{Document, Known, Target, document};
use crate::server::markdown::links::own_paths;
use crate::server::scope::Scope;

/// Items that one text names at most; whatever comes after them is a link like any other.
const ITEMS_MAX: usize = 200;
/// Places of a text that are compared with people's names.
const PLACES_MAX: usize = 200;

/// What was found of what a text names, and what comments on it name.
#[derive(Default, Clone)]
pub struct Seen {
    targets: HashMap<String, Target>,
    handles: Vec<Handle>,
    links: Vec<Linked>,
}

impl Seen {
    /// What references lead to.
    pub fn links(&self) -> &[Linked] {
        &self.links
    }

    /// The ways in which members who are named can be written.
    pub fn handles(&self) -> &[Handle] {
        &self.handles
    }
}

/// The part of a product or organisation and the id that a path of ours leads to.
fn item<'a>(path: &'a str, org: &str) -> Option<(&'a str, &'a str)> {
    let steps: Vec<&str> = path.strip_prefix("/orgs/")?.strip_prefix(org)?.strip_prefix('/')?.split('/').collect();
    match steps.as_slice() {
        ["products", _, section, id, ..] => Some((section, id)),
        ["documents", id, ..] => Some(("documents", id)),
        ["okrs", id, ..] => Some(("objectives", id)),
        _ => None,
    }
}

/// What stands behind each `@` of a text, as much as a name or an address can be long.
pub fn places(text: &str) -> String {
    let behind = text.match_indices('@').take(PLACES_MAX);
    behind
        .map(|(at, _)| text.get(at..).unwrap_or_default().chars().take(NAME_MAX * 2).collect::<String>().replace('\n', " ") + "\n")
        .collect()
}

/// Looks for the items that a text names, and for the people and short references that it and these further texts name.
pub async fn look(scope: &mut Scope, url: &str, text: &str, further: &[&str]) -> Result<Seen, AppError> {
    let named: String = places(text) + &further.iter().map(|text| places(text)).collect::<String>();
    let mut targets = targets(scope, url, text).await?;
    let links = references::links(scope, std::iter::once(text).chain(further.iter().copied())).await?;
    targets.extend(links.iter().map(|Linked { reference, href, title, state }| {
        (reference.to_string(), Target { title: title.clone(), state: state.clone(), href: href.clone() })
    }));
    Ok(Seen { targets, handles: handles(scope, &named).await?, links })
}

/// The members' names and addresses that a text may hold.
pub async fn handles(scope: &mut Scope, text: &str) -> Result<Vec<Handle>, AppError> {
    if !text.contains('@') {
        return Ok(Vec::new());
    }
    let org = scope.organization().id.clone();
    Ok(sqlx::query_as(
        r#"SELECT u.id AS "userId", way.handle
             FROM "Membership" m JOIN "User" u ON u.id = m."userId" CROSS JOIN LATERAL (VALUES (u.name), (u.email)) way (handle)
            WHERE m."organizationId" = $1 AND position('@' || lower(way.handle) IN lower($2)) > 0
            ORDER BY u.id, way.handle LIMIT $3"#,
    )
    .bind(org)
    .bind(text)
    .bind(MENTIONS_MAX)
    .fetch_all(scope.db())
    .await?)
}

async fn targets(scope: &mut Scope, url: &str, text: &str) -> Result<HashMap<String, Target>, AppError> {
    let slug = scope.organization().slug.clone();
    let paths = own_paths(text, url, ITEMS_MAX);
    let items: Vec<(String, String, String)> = paths
        .into_iter()
        .filter_map(|path| {
            item(&path, &slug).map(|(section, id)| (section.to_owned(), id.to_owned())).map(|(section, id)| (path, section, id))
        })
        .collect();
    let ids: Vec<&str> = items.iter().map(|(_, _, id)| id.as_str()).collect();
    let found = references::by_ids(scope, &ids).await?;
    let there: HashMap<(String, String), Target> = found
        .into_iter()
        .map(|item| {
            let target = Target { state: item.state(), title: item.title, href: String::new() };
            ((item.section, item.id), target)
        })
        .collect();
    Ok(items.into_iter().filter_map(|(path, section, id)| there.get(&(section, id)).map(|target| (path, target.clone()))).collect())
}

/// Makes a text a page, with these passages marked. It may take a while, so it is done beside what answers requests.
pub async fn render(text: String, url: &str, seen: Seen, marks: Vec<(Range<usize>, String)>) -> Result<Shown, AppError> {
    let url = url.to_owned();
    let work = move || {
        let Seen { targets, handles, .. } = seen;
        let names = |text: &str| parts(text, &handles, &[]).into_iter().map(|part| (part.text, part.mention)).collect();
        document(&text, &Known { url: &url, targets: &targets, names: &names, marks: &marks })
    };
    Ok(match tokio::task::spawn_blocking(work).await.map_err(internal)? {
        Ok(Document { html, steps, more }) => {
            let steps = steps.into_iter().map(|(level, id, text)| Step { level, id, text }).collect();
            Shown::Page(html, Contents { steps, more: more as i64 })
        }
        Err(told) => Shown::Refused(told),
    })
}

/// A text as it would be shown.
pub async fn shown(scope: &mut Scope, url: &str, text: String) -> Result<Shown, AppError> {
    let seen = look(scope, url, &text, &[]).await?;
    render(text, url, seen, Vec::new()).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn items_are_known_by_their_paths() {
        assert_eq!(item("/orgs/acme/products/p/ideas/1/edit", "acme"), Some(("ideas", "1")));
        assert_eq!(item("/orgs/acme/documents/2", "acme"), Some(("documents", "2")));
        for other in ["/orgs/acme", "/orgs/acme/members/1", "/orgs/acmes/documents/2", "/orgs/other/products/p/ideas/1"] {
            assert_eq!(item(other, "acme"), None, "{other}");
        }
        assert_eq!(item("/orgs/acme/okrs/3", "acme"), Some(("objectives", "3")));
        assert_eq!(places("a @b\nc @d"), "@b c @d\n@d\n");
    }
}

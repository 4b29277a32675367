//! Every page, opened by everybody.

use std::collections::BTreeSet;

use http::StatusCode;
use leptos_axum::generate_route_list;
use sqlx::PgPool;

use super::world::{ROLES, World};
use super::{Who, get};
use crate::app::App;
use crate::kernel::role::Perm;
use crate::server::serve::router;
use crate::testing::TestDb;

/// Each page's address as in the route table, whom it is for, and its address in a world; `None` where a page needs more
/// than a world has, with a test of its own.
const PAGES: &[(&str, Who, &str)] = &[
    ("/", Who::Anybody, "/"),
    ("/signup", Who::Anybody, "/signup"),
    ("/signin", Who::Anybody, "/signin"),
    ("/orgs/new", Who::Anybody, "/orgs/new"),
    ("/orgs/{org}", Who::Member(Perm::Read), "/orgs/$org"),
    ("/orgs/{org}/settings", Who::Member(Perm::OrgManage), "/orgs/$org/settings"),
    ("/orgs/{org}/settings/features", Who::Member(Perm::OrgManage), "/orgs/$org/settings/features"),
    ("/orgs/{org}/settings/roles", Who::Member(Perm::Read), "/orgs/$org/settings/roles"),
    ("/orgs/{org}/products", Who::Member(Perm::Read), "/orgs/$org/products"),
    ("/orgs/{org}/products/new", Who::Member(Perm::ProductWrite), "/orgs/$org/products/new"),
    ("/orgs/{org}/products/{key}", Who::Member(Perm::Read), "/orgs/$org/products/$product"),
    ("/orgs/{org}/products/{key}/settings", Who::Member(Perm::ProductWrite), "/orgs/$org/products/$product/settings"),
    ("/orgs/{org}/products/{key}/ideas", Who::Member(Perm::Read), "/orgs/$org/products/$product/ideas"),
    ("/orgs/{org}/products/{key}/ideas/new", Who::Member(Perm::IdeaWrite), "/orgs/$org/products/$product/ideas/new"),
    ("/orgs/{org}/products/{key}/ideas/board", Who::Member(Perm::Read), "/orgs/$org/products/$product/ideas/board"),
    ("/orgs/{org}/products/{key}/ideas/{id}", Who::Member(Perm::Read), "/orgs/$org/products/$product/ideas/$idea"),
    ("/orgs/{org}/products/{key}/ideas/{id}/edit", Who::Member(Perm::IdeaReview), "/orgs/$org/products/$product/ideas/$idea/edit"),
];

/// Redirects away, to sign in or to where the page really is.
fn leads_on(status: StatusCode) -> bool {
    status.is_redirection()
}

#[test]
fn every_page_is_listed() {
    let listed: BTreeSet<String> = PAGES.iter().map(|(path, ..)| (*path).to_owned()).collect();
    let there: BTreeSet<String> = generate_route_list(App)
        .iter()
        .map(|route| route.path().to_owned())
        .filter(|path| !path.starts_with("/api/"))
        .collect();
    assert_eq!(there, listed, "say in src/walk/pages.rs who may see each page");
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn each_page_is_shown_to_those_it_is_for(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    let (ours, theirs) = (World::new(&db, "acme").await, World::new(&db, "other").await);
    let app = router(db.state());
    let mut wrong = Vec::new();
    for (pattern, who, address) in PAGES {
        let (here, there) = (ours.fill(address), theirs.fill(address));
        let nobody = get(&app, None, &here).await;
        if matches!(who, Who::Member(_)) != leads_on(nobody) && *pattern != "/" && *pattern != "/orgs/new" {
            wrong.push(format!("nobody {pattern}: {nobody}"));
        }
        for role in ROLES {
            let user = Some(ours.member(role));
            let (own, foreign) = (get(&app, user, &here).await, get(&app, user, &there).await);
            let right = if who.includes(role) { own.is_success() || leads_on(own) } else { own == StatusCode::FORBIDDEN };
            if !right {
                wrong.push(format!("{role:?} {pattern}: {own}"));
            }
            if matches!(who, Who::Member(_)) && foreign != StatusCode::NOT_FOUND && *pattern != "/orgs/{org}" {
                wrong.push(format!("{role:?} {pattern} of another organisation: {foreign}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

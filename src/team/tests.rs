use std::collections::BTreeSet;

use sqlx::PgPool;

use super::model::{TeamFields, TeamForm};
use super::store;
use crate::kernel::error::AppError;
use crate::kernel::role::{Perm, Role};
use crate::kernel::version::ANY;
use crate::server::scope::Scope;
use crate::testing::{TestDb, TestUser};

fn fields(name: &str, slug: &str) -> TeamFields {
    TeamForm { name: name.into(), slug: slug.into(), ..Default::default() }.validate().unwrap()
}

/// An organisation with a product and a team `mobile`.
async fn workshop(db: &TestDb, slug: &str, product: &str) -> (TestUser, Scope) {
    let admin = db.org(slug).await;
    db.product(slug, &admin, product).await;
    let mut scope = db.scope(slug, &admin, Perm::OrgManage).await.unwrap();
    store::create(&mut scope, fields("Mobile", "mobile")).await.unwrap();
    scope.commit(()).await.unwrap();
    let scope = db.scope(slug, &admin, Perm::OrgManage).await.unwrap();
    (admin, scope)
}

async fn text(pool: &PgPool, sql: &'static str) -> String {
    sqlx::query_scalar(sql).fetch_one(pool).await.unwrap()
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn a_team_is_made_changed_deleted_and_restored(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    let (_, mut scope) = workshop(&db, "acme", "rocket").await;
    assert_eq!(store::update(&mut scope, "mobile", ANY, fields("Mobile & Web", "mobile-web")).await.unwrap(), "mobile-web");
    assert_eq!(store::get(&mut scope, "mobile-web").await.unwrap().name, "Mobile & Web");
    assert_eq!(store::get(&mut scope, "mobile").await, Err(AppError::NotFound));
    for _ in 0..2 {
        store::set_deleted(&mut scope, "mobile-web", true).await.unwrap();
    }
    assert_eq!(store::get(&mut scope, "mobile-web").await, Err(AppError::NotFound));
    assert_eq!(store::update(&mut scope, "mobile-web", ANY, fields("X", "xx")).await, Err(AppError::NotFound));
    assert_eq!((store::list(&mut scope, false).await.unwrap().len(), store::list(&mut scope, true).await.unwrap().len()), (0, 1));
    store::set_deleted(&mut scope, "mobile-web", false).await.unwrap();
    assert_eq!(store::list(&mut scope, false).await.unwrap()[0].team.slug, "mobile-web");
    assert_eq!(store::set_deleted(&mut scope, "nothing", true).await, Err(AppError::NotFound));
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn a_slug_is_taken_by_a_deleted_team_too_but_only_in_its_organisation(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    let (admin, mut scope) = workshop(&db, "acme", "rocket").await;
    store::set_deleted(&mut scope, "mobile", true).await.unwrap();
    scope.commit(()).await.unwrap();
    let mut scope = db.scope("acme", &admin, Perm::OrgManage).await.unwrap();
    let taken = store::create(&mut scope, fields("Mobile", "mobile")).await.unwrap_err();
    assert!(taken.of_field("slug").unwrap().contains("deleted"), "{taken:?}");
    workshop(&db, "other", "comet").await;
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn a_member_is_in_one_team(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    let (_, mut scope) = workshop(&db, "acme", "rocket").await;
    db.member("acme", Role::Developer).await;
    store::create(&mut scope, fields("Growth", "growth")).await.unwrap();
    let page = store::page(&mut scope, "mobile").await.unwrap();
    assert_eq!((page.members.len(), page.other_members.len()), (0, 2));
    let id = page.other_members.iter().find(|member| member.role == Role::Developer).unwrap().id.clone();

    store::add_member(&mut scope, "mobile", &id).await.unwrap();
    let page = store::page(&mut scope, "growth").await.unwrap();
    assert!(page.other_members.iter().any(|member| member.id == id && member.choice().ends_with("(now in Mobile)")));
    store::add_member(&mut scope, "growth", &id).await.unwrap();
    let counts: Vec<_> = store::list(&mut scope, false).await.unwrap().into_iter().map(|t| (t.team.slug, t.members)).collect();
    assert_eq!(counts, [("growth".into(), 1), ("mobile".into(), 0)]);
    assert_eq!(store::remove_member(&mut scope, "mobile", &id).await, Err(AppError::NotFound), "they are in another");
    store::remove_member(&mut scope, "growth", &id).await.unwrap();
    assert_eq!(store::page(&mut scope, "growth").await.unwrap().members, []);
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn a_team_works_on_products(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    let (_, mut scope) = workshop(&db, "acme", "rocket").await;
    let id = store::page(&mut scope, "mobile").await.unwrap().other_products[0].id.clone();
    for _ in 0..2 {
        store::add_product(&mut scope, "mobile", &id).await.unwrap();
    }
    let page = store::page(&mut scope, "mobile").await.unwrap();
    assert_eq!((page.products[0].key.as_str(), page.other_products.len()), ("rocket", 0));
    assert_eq!(store::list(&mut scope, false).await.unwrap()[0].products, 1);
    store::remove_product(&mut scope, "mobile", &id).await.unwrap();
    assert_eq!(store::remove_product(&mut scope, "mobile", &id).await, Err(AppError::NotFound));

    crate::product::store::set_deleted(&mut scope, "rocket", true).await.unwrap();
    assert_eq!(store::add_product(&mut scope, "mobile", &id).await, Err(AppError::NotFound), "it has been deleted");
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn others_see_the_team_without_addresses_and_choices(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    let (admin, mut scope) = workshop(&db, "acme", "rocket").await;
    let all = store::page(&mut scope, "mobile").await.unwrap();
    store::add_member(&mut scope, "mobile", &all.other_members[0].id).await.unwrap();
    let inside = store::page(&mut scope, "mobile").await.unwrap().members;
    assert!(inside[0].email.is_some());
    assert_eq!((&inside[0].id, &inside[0].user_id), (&all.other_members[0].id, &admin.id), "by the membership and by the person");
    scope.commit(()).await.unwrap();
    let stakeholder = db.member("acme", Role::Stakeholder).await;
    let mut scope = db.scope("acme", &stakeholder, Perm::Read).await.unwrap();
    let page = store::page(&mut scope, "mobile").await.unwrap();
    assert_eq!((page.members.len(), &page.members[0].email), (1, &None));
    assert!(page.other_members.is_empty() && page.other_products.is_empty());
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn what_is_anothers_is_not_there(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    let (_, mut theirs) = workshop(&db, "other", "comet").await;
    store::create(&mut theirs, fields("Secret", "secret")).await.unwrap();
    let page = store::page(&mut theirs, "mobile").await.unwrap();
    let (member, product) = (page.other_members[0].id.clone(), page.other_products[0].id.clone());
    store::add_member(&mut theirs, "secret", &member).await.unwrap();
    store::add_product(&mut theirs, "secret", &product).await.unwrap();
    theirs.commit(()).await.unwrap();
    let holdings = r#"SELECT string_agg(x, ' ' ORDER BY x) FROM (
        SELECT t::text x FROM "Team" t JOIN "Organization" o ON o.id = t."organizationId" AND o.slug = 'other'
        UNION ALL SELECT m::text FROM "Membership" m JOIN "Organization" o ON o.id = m."organizationId" AND o.slug = 'other'
        UNION ALL SELECT j::text FROM "_ProductToTeam" j) rows"#;
    let before = text(&pool, holdings).await;

    let (_, mut scope) = workshop(&db, "acme", "rocket").await;
    assert_eq!(store::page(&mut scope, "secret").await.err(), Some(AppError::NotFound));
    assert_eq!(store::update(&mut scope, "secret", ANY, fields("Mine", "mine")).await, Err(AppError::NotFound));
    assert_eq!(store::set_deleted(&mut scope, "secret", true).await, Err(AppError::NotFound));
    for team in ["mobile", "secret"] {
        assert_eq!(store::add_member(&mut scope, team, &member).await, Err(AppError::NotFound), "{team}");
        assert_eq!(store::remove_member(&mut scope, team, &member).await, Err(AppError::NotFound), "{team}");
        assert_eq!(store::add_product(&mut scope, team, &product).await, Err(AppError::NotFound), "{team}");
        assert_eq!(store::remove_product(&mut scope, team, &product).await, Err(AppError::NotFound), "{team}");
    }
    scope.commit(()).await.unwrap();
    assert_eq!(text(&pool, holdings).await, before);
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn an_address_that_nobody_chose_is_a_free_one(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    let (_, mut scope) = workshop(&db, "acme", "rocket").await;
    for slug in ["team", "team-2", "team-3"] {
        assert_eq!(store::create(&mut scope, fields("日本", "")).await, Ok(slug.into()));
    }
    assert_eq!(store::create(&mut scope, fields("Mobile", "")).await, Ok("mobile-2".into()));
    assert!(store::create(&mut scope, fields("Mobile", "mobile")).await.unwrap_err().of_field("slug").is_some());
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn of_several_at_once_each_gets_an_address_of_its_own(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    let admin = db.org("acme").await;
    let create = async || {
        let mut scope = db.scope("acme", &admin, Perm::OrgManage).await.unwrap();
        let slug = store::create(&mut scope, fields("Squad", "")).await.unwrap();
        scope.commit(slug).await.unwrap()
    };
    let (one, two, three) = tokio::join!(create(), create(), create());
    assert_eq!(BTreeSet::from([one, two, three]), BTreeSet::from(["squad".into(), "squad-2".into(), "squad-3".into()]));
}

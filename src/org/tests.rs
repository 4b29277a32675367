use sqlx::PgPool;

use super::model::{ConfirmForm, OrgForm, Switch, domain_only, primary_color, switched_on};
use super::store;
use crate::kernel::error::AppError;
use crate::kernel::role::{Perm, Role};
use crate::server::scope::{Person, System};
use crate::testing::TestDb;

fn form(name: &str, slug: &str, color: &str) -> super::model::OrgFields {
    OrgForm { name: name.into(), slug: slug.into(), primary_color: color.into(), ..Default::default() }.validate().unwrap()
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn its_creator_administers_it_and_sees_it_in_the_frame(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    let admin = db.org("acme").await;
    db.product("acme", &admin, "rocket").await;
    let mut scope = db.scope("acme", &admin, Perm::OrgManage).await.unwrap();
    let frame = store::frame(&mut scope).await.unwrap();
    assert_eq!((frame.role, frame.current.slug.as_str(), frame.organizations.len()), (Role::Admin, "acme", 1));
    assert_eq!(frame.products[0].key, "rocket");
    assert!(frame.shortcuts, "single keys are on until they are switched off");
    scope.commit(()).await.unwrap();
    let person = Person::open(&db.app, &admin.caller).await.unwrap();
    crate::account::store::profile::set_shortcuts(person, false).await.unwrap();
    let mut scope = db.scope("acme", &admin, Perm::Read).await.unwrap();
    assert!(!store::frame(&mut scope).await.unwrap().shortcuts);
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn a_slug_is_taken_once_two_at_once_included(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    let (ada, bob) = (db.sign_up("ada@example.com").await, db.sign_up("bob@example.com").await);
    let attempt = async |user| {
        let mut person = Person::open(&db.app, user).await.unwrap();
        store::create(&mut person, form("Acme", "acme", "")).await?;
        person.commit(()).await
    };
    let (one, other) = tokio::join!(attempt(&ada.caller), attempt(&bob.caller));
    assert!(one.is_ok() != other.is_ok());
    assert!(one.and(other).unwrap_err().of_field("slug").is_some());
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn a_change_to_a_slug_that_is_taken_is_refused_beside_it(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    let admin = db.org("acme").await;
    db.org("other").await;
    let mut scope = db.scope("acme", &admin, Perm::OrgManage).await.unwrap();
    let error = store::update(&mut scope, "*", form("Acme", "other", "")).await.unwrap_err();
    assert!(error.of_field("slug").is_some(), "{error:?}");
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn a_change_keeps_the_settings_that_it_does_not_name(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    let admin = db.org("acme").await;
    sqlx::query(r#"UPDATE "Organization" SET settings = '{"features": ["analytics"], "branding": {"logo": "x"}}'"#)
        .execute(&pool)
        .await
        .unwrap();
    let mut scope = db.scope("acme", &admin, Perm::OrgManage).await.unwrap();
    store::update(&mut scope, "*", form("Acme Labs", "acme-labs", "#3b82f6")).await.unwrap();
    let org = store::get(&mut scope).await.unwrap();
    assert_eq!((org.name.as_str(), org.slug.as_str()), ("Acme Labs", "acme-labs"));
    let settings = org.settings.unwrap();
    assert_eq!(primary_color(Some(&settings)), Some("#3b82f6"));
    assert_eq!((&settings["features"][0], &settings["branding"]["logo"]), (&"analytics".into(), &"x".into()));
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn another_organization_is_as_good_as_none(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    let (ada, _) = (db.org("acme").await, db.org("other").await);
    for slug in ["other", "nowhere", "", "acme\u{1F680}"] {
        assert_eq!(db.scope(slug, &ada, Perm::Read).await.err(), Some(AppError::NotFound), "{slug}");
    }
    sqlx::query(r#"UPDATE "Organization" SET "deletedAt" = now() WHERE slug = 'acme'"#).execute(&pool).await.unwrap();
    assert_eq!(db.scope("acme", &ada, Perm::Read).await.err(), Some(AppError::NotFound));
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn a_role_is_asked_for_its_permission(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    db.org("acme").await;
    let member = db.member("acme", Role::Stakeholder).await;
    assert!(db.scope("acme", &member, Perm::Read).await.is_ok());
    assert_eq!(db.scope("acme", &member, Perm::IdeaWrite).await.err(), Some(AppError::Forbidden));
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn the_command_line_makes_an_administrator(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    db.org("acme").await;
    let user = db.sign_up("late@example.com").await;
    let mut system = System::open(&db.app).await.unwrap();
    store::add_admin(&mut system, "acme", &user.id).await.unwrap();
    assert_eq!(store::add_admin(&mut system, "nowhere", &user.id).await, Err(AppError::NotFound));
    system.commit(()).await.unwrap();
    assert_eq!(db.scope("acme", &user, Perm::OrgManage).await.unwrap().role(), Role::Admin);
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn profile_and_switches_are_kept_beside_each_other(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    let admin = db.org("acme").await;
    let mut scope = db.scope("acme", &admin, Perm::OrgManage).await.unwrap();
    store::set_switch(&mut scope, Switch::Wsjf, false).await.unwrap();
    let form = OrgForm {
        name: "Acme".into(),
        slug: "acme".into(),
        website: "https://acme.example".into(),
        domain: "acme.example".into(),
        domain_only: "on".into(),
        ..Default::default()
    };
    store::update(&mut scope, "*", form.validate().unwrap()).await.unwrap();
    store::set_switch(&mut scope, Switch::Teams, false).await.unwrap();
    store::set_switch(&mut scope, Switch::Teams, true).await.unwrap();
    let org = store::get(&mut scope).await.unwrap();
    assert_eq!((org.website.as_deref(), org.domain.as_deref()), (Some("https://acme.example"), Some("acme.example")));
    assert_eq!(switched_on(org.settings.as_ref()), vec![Switch::Analytics, Switch::Teams]);
    assert!(domain_only(org.settings.as_ref()));
    let frame = store::frame(&mut scope).await.unwrap();
    assert_eq!(frame.about.website.as_deref(), Some("https://acme.example"));
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn a_deleted_organisation_comes_back_within_thirty_days_by_an_administrator(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    let admin = db.org("acme").await;
    let (manager, stranger) = (db.member("acme", Role::ProductManager).await, db.org("other").await);
    let mut scope = db.scope("acme", &admin, Perm::OrgManage).await.unwrap();
    store::delete(&mut scope).await.unwrap();
    scope.commit(()).await.unwrap();
    assert_eq!(db.scope("acme", &admin, Perm::Read).await.err(), Some(AppError::NotFound));
    for caller in [&manager.caller, &stranger.caller] {
        let mut person = Person::open(&db.app, caller).await.unwrap();
        assert_eq!(store::restore(&mut person, "acme").await, Err(AppError::NotFound));
        assert_eq!(store::deleted(&mut person).await.unwrap(), vec![]);
    }
    let mut person = Person::open(&db.app, &admin.caller).await.unwrap();
    assert_eq!(store::deleted(&mut person).await.unwrap()[0].slug, "acme");
    store::restore(&mut person, "acme").await.unwrap();
    assert_eq!(store::restore(&mut person, "acme").await, Err(AppError::NotFound), "it is not deleted any more");
    person.commit(()).await.unwrap();
    assert!(db.scope("acme", &admin, Perm::Read).await.is_ok());

    sqlx::query(r#"UPDATE "Organization" SET "deletedAt" = now() - interval '31 days' WHERE slug = 'acme'"#).execute(&pool).await.unwrap();
    let mut person = Person::open(&db.app, &admin.caller).await.unwrap();
    assert_eq!(store::deleted(&mut person).await.unwrap(), vec![]);
    assert_eq!(store::restore(&mut person, "acme").await, Err(AppError::NotFound));
}

#[test]
fn deleting_is_confirmed_by_the_address() {
    let form = |confirm: &str| ConfirmForm { confirm: confirm.into() }.validate("acme");
    assert_eq!(form(" acme "), Ok(()));
    assert!(form("Acme").unwrap_err().of_field("confirm").is_some());
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn an_address_that_nobody_chose_is_a_free_one(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    let ada = db.sign_up("ada@example.com").await;
    for slug in ["organisation", "organisation-2"] {
        let mut person = Person::open(&db.app, &ada.caller).await.unwrap();
        assert_eq!(store::create(&mut person, form("株式会社", "", "")).await, Ok(slug.into()));
        person.commit(()).await.unwrap();
    }
}

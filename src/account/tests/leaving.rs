//! The end of an account.

use sqlx::PgPool;

use super::links::{actions, mails};
use crate::account::model::{FORMER_MEMBER, User};
use crate::account::store::leaving;
use crate::idea::model::IdeaForm;
use crate::kernel::error::AppError;
use crate::kernel::role::{Perm, Role};
use crate::org;
use crate::server::scope::Person;
use crate::testing::{TestDb, TestUser};

async fn person(db: &TestDb, user: &TestUser) -> Person {
    Person::open(&db.app, &user.caller).await.unwrap()
}

async fn delete(db: &TestDb, user: &TestUser) -> Result<(), AppError> {
    leaving::delete(person(db, user).await).await
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn what_was_made_stays_and_its_maker_is_unknown(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    let admin = db.org("acme").await;
    db.product("acme", &admin, "rocket").await;
    let dev = db.member("acme", Role::Developer).await;
    let mut scope = db.scope("acme", &dev, Perm::IdeaWrite).await.unwrap();
    let idea = IdeaForm { title: "Kept".into(), ..Default::default() }.validate().unwrap();
    let id = crate::idea::store::create(&mut scope, "rocket", idea).await.unwrap();
    scope.commit(()).await.unwrap();
    sqlx::query(r#"INSERT INTO "UserProfile" (id, "userId", bio) VALUES ('p', $1, 'me')"#).bind(&dev.id).execute(&pool).await.unwrap();

    delete(&db, &dev).await.unwrap();
    assert_eq!(Person::open(&db.app, &dev.caller).await.err(), Some(AppError::Unauthorized));
    let mut scope = db.scope("acme", &admin, Perm::Read).await.unwrap();
    let product = crate::idea::store::product(&mut scope, "rocket").await.unwrap().id;
    let kept = crate::idea::store::get(&mut scope, &product, &id).await.unwrap();
    assert_eq!((kept.creator_id, kept.creator_name), (dev.id.clone(), None));
    let user: User = sqlx::query_as(r#"SELECT * FROM "User" WHERE id = $1"#).bind(&dev.id).fetch_one(&pool).await.unwrap();
    assert_eq!((user.shown(), user.name.as_deref(), user.image.as_deref()), (FORMER_MEMBER, None, None));
    assert!(crate::kernel::text::email(&user.email).is_err(), "nobody can type the address that stands for theirs");
    let left: i64 = sqlx::query_scalar(
        r#"SELECT (SELECT count(*) FROM "Session" WHERE "userId" = $1) + (SELECT count(*) FROM "UserProfile" WHERE "userId" = $1)
                + (SELECT count(*) FROM "AccountToken" WHERE "userId" = $1) + (SELECT count(*) FROM "Membership" WHERE "userId" = $1)
                + (SELECT count(*) FROM "KnownAddress" WHERE "userId" = $1)"#,
    )
    .bind(&dev.id)
    .fetch_one(&pool)
    .await
    .unwrap();
    assert_eq!(left, 0);
    assert_eq!(actions(&db).await, ["user.deleted"]);
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn an_address_is_free_again(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    for _ in 0..2 {
        let ada = db.sign_up("ada@example.com").await;
        delete(&db, &ada).await.unwrap();
    }
    assert_eq!(mails(&db).await.len(), 2);
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn the_only_administrator_is_needed_while_others_are_there(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    let admin = db.org("acme").await;
    assert!(leaving::get(&mut person(&db, &admin).await).await.unwrap().needed_by.is_empty(), "alone, nobody needs them");
    let dev = db.member("acme", Role::Developer).await;
    assert_eq!(leaving::get(&mut person(&db, &admin).await).await.unwrap().needed_by, ["ACME"]);
    assert!(matches!(delete(&db, &admin).await, Err(AppError::Conflict(told)) if told.contains("ACME")));
    assert!(Person::open(&db.app, &admin.caller).await.is_ok() && actions(&db).await.is_empty(), "nothing was done");
    delete(&db, &dev).await.unwrap();
    delete(&db, &admin).await.unwrap();
    let binned: bool = sqlx::query_scalar(r#"SELECT "deletedAt" IS NOT NULL FROM "Organization""#).fetch_one(&pool).await.unwrap();
    assert!(binned, "an organisation that is left empty goes into the bin");
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn of_two_administrators_who_leave_at_once_one_stays(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    for round in 0..5 {
        let slug = format!("org-{round}");
        let one = db.org(&slug).await;
        let other = db.member(&slug, Role::Admin).await;
        db.member(&slug, Role::Stakeholder).await;
        let (first, second) = tokio::join!(delete(&db, &one), delete(&db, &other));
        assert!(first.is_ok() != second.is_ok(), "{first:?} {second:?}");
    }
    let without: i64 = sqlx::query_scalar(
        r#"SELECT count(*) FROM "Organization" o
           WHERE NOT EXISTS (SELECT FROM "Membership" m WHERE m."organizationId" = o.id AND m.role = 'ADMIN')"#,
    )
    .fetch_one(&pool)
    .await
    .unwrap();
    assert_eq!(without, 0);
}

/// A moment in which the other one of two gets as far as it can.
async fn a_moment() {
    tokio::time::sleep(std::time::Duration::from_millis(150)).await;
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn an_organisation_that_comes_back_has_an_administrator(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    for slug in ["restored-first", "left-first"] {
        let admin = db.org(slug).await;
        db.member(slug, Role::Stakeholder).await;
        sqlx::query(r#"UPDATE "Organization" SET "deletedAt" = now() WHERE slug = $1"#).bind(slug).execute(&pool).await.unwrap();
        let restore = async |before: u32, after: u32| {
            let mut person = person(&db, &admin).await;
            for _ in 0..before {
                a_moment().await;
            }
            org::store::restore(&mut person, slug).await?;
            for _ in 0..after {
                a_moment().await;
            }
            person.commit(()).await
        };
        if slug == "restored-first" {
            let leaving = async {
                a_moment().await;
                delete(&db, &admin).await
            };
            let (restored, left) = tokio::join!(restore(0, 2), leaving);
            assert!(restored.is_ok() && matches!(left, Err(AppError::Conflict(_))), "{restored:?} {left:?}");
        } else {
            let leaving = async {
                let mut person = person(&db, &admin).await;
                let left: bool = sqlx::query_scalar("SELECT leave_all_organizations()").fetch_one(person.db()).await.unwrap();
                a_moment().await;
                a_moment().await;
                person.commit(left).await
            };
            let (restored, left) = tokio::join!(restore(1, 0), leaving);
            assert_eq!((restored, left), (Err(AppError::NotFound), Ok(true)));
        }
    }
    let without: Vec<String> = sqlx::query_scalar(
        r#"SELECT slug FROM "Organization" o WHERE "deletedAt" IS NULL
           AND NOT EXISTS (SELECT FROM "Membership" m WHERE m."organizationId" = o.id AND m.role = 'ADMIN')"#,
    )
    .fetch_all(&pool)
    .await
    .unwrap();
    assert_eq!(without, Vec::<String>::new());
}

/// Past the application, as another client would write.
#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn whoever_takes_the_last_administrator_away_waits_for_a_restoration(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    let admin = db.org("acme").await;
    sqlx::query(r#"UPDATE "Organization" SET "deletedAt" = now()"#).execute(&pool).await.unwrap();
    let mut restoring = person(&db, &admin).await;
    org::store::restore(&mut restoring, "acme").await.unwrap();
    let removing = sqlx::query(r#"DELETE FROM "Membership""#).execute(&pool);
    let committing = async {
        a_moment().await;
        restoring.commit(()).await
    };
    let (removed, restored) = tokio::join!(removing, committing);
    assert!(removed.is_err() && restored.is_ok(), "{removed:?} {restored:?}");
}

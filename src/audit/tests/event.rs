//! What no row tells of.

use serde_json::json;
use sqlx::PgPool;

use super::{actions, at, told, workshop};
use crate::account::model::SignInForm;
use crate::account::store;
use crate::kernel::error::AppError;
use crate::kernel::role::{Perm, Role};
use crate::server::request::Caller;
use crate::server::scope::{Person, Public, Scope};
use crate::testing::TestDb;

async fn sign_in(db: &TestDb, email: &str, password: &str) -> Result<String, AppError> {
    let caller = Caller { ip_address: "192.0.2.7".into(), user_agent: "curl/8".into(), ..Default::default() };
    let form = SignInForm { email: email.into(), password: password.into(), next: String::new() };
    store::sign_in(Public::open(&db.app, caller).await.unwrap(), form).await
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn signing_in_and_out_is_told_in_each_live_organisation(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    let admin = db.org("acme").await;
    for slug in ["other", "gone", "foreign"] {
        db.org(slug).await;
    }
    sqlx::query(
        r#"INSERT INTO "Membership" (id, "userId", "organizationId") SELECT 'm' || slug, $1, id FROM "Organization" WHERE slug IN ('other', 'gone')"#,
    )
    .bind(&admin.id)
    .execute(&pool)
    .await
    .unwrap();
    sqlx::query(r#"UPDATE "Organization" SET "deletedAt" = now() WHERE slug = 'gone'"#).execute(&pool).await.unwrap();
    let token = sign_in(&db, "admin@acme.test", "a long enough password").await.unwrap();
    let caller = Caller { token: Some(token), ..Default::default() };
    store::sign_out(Person::open(&db.app, &caller).await.unwrap()).await.unwrap();

    type Told = (String, String, Option<String>, Option<String>, Option<String>);
    let told: Vec<Told> = sqlx::query_as(
        r#"SELECT l.action, o.slug, l."userId", l."ipAddress", l."userAgent" FROM "AuditLog" l JOIN "Organization" o ON o.id = l."organizationId"
           WHERE l.action LIKE 'user.%' ORDER BY l.action, o.slug"#,
    )
    .fetch_all(&pool)
    .await
    .unwrap();
    let seen: Vec<_> = told.iter().map(|entry| (entry.0.as_str(), entry.1.as_str())).collect();
    let expected = [("user.signed_in", "acme"), ("user.signed_in", "other"), ("user.signed_out", "acme"), ("user.signed_out", "other")];
    assert_eq!(seen, expected);
    assert!(told.iter().all(|entry| entry.2.as_deref() == Some(&admin.id)));
    assert_eq!((told[0].3.as_deref(), told[0].4.as_deref()), (Some("192.0.2.7"), Some("curl/8")));
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn failures_are_told_as_long_as_they_count(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    db.org("acme").await;
    for _ in 0..14 {
        sign_in(&db, "admin@acme.test", "not the password").await.unwrap_err();
        sign_in(&db, "nobody@acme.test", "not the password").await.unwrap_err();
    }
    let failures = told(&pool, "user.%").await;
    assert_eq!(failures.len(), 10, "what is turned away unread does not flood the log");
    assert!(failures.iter().all(|entry| entry.0 == "user.sign_in_failed" && entry.4 == Some(json!({}))));
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn a_refusal_is_told_with_what_was_refused(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    workshop(&db).await;
    let member = db.member("acme", Role::Stakeholder).await;
    let stranger = db.org("other").await;
    assert_eq!(Scope::open(&db.app, &at(&member), "acme", Perm::OrgManage).await.err(), Some(AppError::Forbidden));
    assert_eq!(db.scope("acme", &stranger, Perm::OrgManage).await.err(), Some(AppError::NotFound));
    assert!(db.scope("acme", &member, Perm::Read).await.is_ok());
    let told = told(&pool, "access.%").await;
    assert_eq!(told.len(), 1);
    assert_eq!(
        (told[0].0.as_str(), told[0].3.as_ref(), &told[0].4),
        ("access.refused", Some(&member.id), &Some(json!({"permission": "OrgManage"})))
    );
    assert_eq!(actions(&pool, "user.%").await.len(), 0, "signing up is nothing that an organisation is told of");
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn a_refusal_that_depends_on_the_thing_is_told_and_nothing_else_stays(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    workshop(&db).await;
    let member = db.member("acme", Role::Developer).await;
    let mut scope = db.scope("acme", &member, Perm::IdeaWrite).await.unwrap();
    sqlx::query(
        r#"INSERT INTO "Team" (id, name, slug, "organizationId") VALUES ('t', 'Gone', 'gone', current_setting('app.organization_id'))"#,
    )
    .execute(scope.db())
    .await
    .unwrap();
    let refused: Result<(), AppError> = scope.finish(Err(AppError::Forbidden), Perm::IdeaReview).await;
    assert_eq!(refused, Err(AppError::Forbidden));
    let told = told(&pool, "access.%").await;
    assert_eq!((told.len(), &told[0].4), (1, &Some(json!({"permission": "IdeaReview"}))));
    let gone: i64 = sqlx::query_scalar(r#"SELECT count(*) FROM "Team" WHERE name = 'Gone'"#).fetch_one(&pool).await.unwrap();
    assert_eq!(gone, 0);
    let scope = db.scope("acme", &member, Perm::IdeaWrite).await.unwrap();
    assert_eq!(scope.finish(Ok(1), Perm::IdeaReview).await, Ok(1));
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn whoever_asks_again_and_again_is_told_of_once_a_minute(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    workshop(&db).await;
    let (one, other) = (db.member("acme", Role::Stakeholder).await, db.member("acme", Role::Stakeholder).await);
    for _ in 0..5 {
        for (user, perm) in [(&one, Perm::OrgManage), (&one, Perm::IdeaReview), (&other, Perm::OrgManage)] {
            assert_eq!(db.scope("acme", user, perm).await.err(), Some(AppError::Forbidden));
        }
    }
    assert_eq!(actions(&pool, "access.%").await.len(), 3, "each person and permission");
    sqlx::query(r#"UPDATE "AuditLog" SET "createdAt" = now() - interval '2 minutes'"#).execute(&pool).await.unwrap();
    assert_eq!(db.scope("acme", &one, Perm::OrgManage).await.err(), Some(AppError::Forbidden));
    assert_eq!(actions(&pool, "access.%").await.len(), 4);
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn an_event_cannot_pass_for_a_change(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    let (admin, _) = workshop(&db).await;
    for statement in [
        "SELECT audit_event('idea.deleted', 'Idea', 'x', '{}')",
        "SELECT audit_event(NULL, 'Idea', 'x', '{}')",
        "SELECT audit_person(current_setting('app.user_id'), 'member.removed', '{}')",
    ] {
        let mut scope = db.scope("acme", &admin, Perm::OrgManage).await.unwrap();
        assert!(sqlx::query(statement).execute(scope.db()).await.is_err(), "{statement}");
    }
}

mod change;
mod event;
mod export;
mod page;

use serde_json::Value;
use sqlx::PgPool;

use crate::kernel::role::Perm;
use crate::server::request::Caller;
use crate::server::scope::Scope;
use crate::testing::{TestDb, TestUser};

/// What the log holds: action, type, id, person, metadata, in the order in which it was written.
type Told = (String, String, String, Option<String>, Option<Value>);

/// What the log holds beyond what was there before, by action.
async fn told(pool: &PgPool, actions_like: &str) -> Vec<Told> {
    sqlx::query_as(
        r#"SELECT action, "entityType", "entityId", "userId", metadata FROM "AuditLog" WHERE action LIKE $1 ORDER BY "createdAt", id"#,
    )
    .bind(actions_like)
    .fetch_all(pool)
    .await
    .unwrap()
}

async fn actions(pool: &PgPool, like: &str) -> Vec<String> {
    told(pool, like).await.into_iter().map(|entry| entry.0).collect()
}

async fn run(pool: &PgPool, sql: &'static str) {
    sqlx::raw_sql(sql).execute(pool).await.unwrap_or_else(|error| panic!("{sql}: {error}"));
}

/// The caller at an address and with a browser.
fn at(user: &TestUser) -> Caller {
    Caller {
        ip_address: "192.0.2.7".into(),
        user_agent: "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Firefox/145.0".into(),
        ..user.caller.clone()
    }
}

/// An organisation with a product and an idea.
async fn workshop(db: &TestDb) -> (TestUser, String) {
    let admin = db.org("acme").await;
    db.product("acme", &admin, "rocket").await;
    let mut scope = db.scope("acme", &admin, Perm::IdeaWrite).await.unwrap();
    let form = crate::idea::model::IdeaForm { title: "Mobile App".into(), ..Default::default() };
    let idea = crate::idea::store::create(&mut scope, "rocket", form.validate().unwrap()).await.unwrap();
    scope.commit(()).await.unwrap();
    (admin, idea)
}

async fn managing(db: &TestDb, slug: &str, admin: &TestUser) -> Scope {
    db.scope(slug, admin, Perm::OrgManage).await.unwrap()
}

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod hub;
mod stream;
mod tail;

use sqlx::PgPool;

use crate::idea::model::IdeaForm;
use crate::idea::store as ideas;
use crate::kernel::role::Perm;
use crate::testing::{TestDb, TestUser};

const NEW_IDEA: &str = r#"INSERT INTO "Idea" (id, title, description, "productId", "creatorId")
    SELECT $1, $1, '', p.id, u.id FROM "Product" p, "User" u WHERE p.key = $2 AND u.email = 'admin@acme.test'"#;

async fn workshop(pool: &PgPool) -> (TestDb, TestUser) {
    let db = TestDb::new(pool).await;
    let admin = db.org("acme").await;
    for product in ["rocket", "balloon", "glider"] {
        db.product("acme", &admin, product).await;
    }
    (db, admin)
}

async fn add_idea(db: &TestDb, by: &TestUser, title: &str) -> String {
    let mut scope = db.scope("acme", by, Perm::IdeaWrite).await.unwrap();
    let fields = IdeaForm { title: title.into(), ..Default::default() }.validate().unwrap();
    let id = ideas::create(&mut scope, "rocket", fields).await.unwrap();
    scope.commit(id).await.unwrap()
}

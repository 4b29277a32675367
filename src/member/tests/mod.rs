mod accept;
mod invitations;
mod members;

use std::sync::Arc;

use sqlx::PgPool;

use super::model::{InviteFields, InviteForm};
use super::store;
use crate::kernel::role::{Perm, Role};
use crate::server::id::hash;
use crate::server::request::Settings;
use crate::server::scope::Scope;
use crate::testing::{TestDb, TestUser};

/// An organisation `acme`, and what inviting needs.
struct House {
    db: TestDb,
    admin: TestUser,
    settings: Arc<Settings>,
}

impl House {
    async fn new(pool: &PgPool) -> House {
        let db = TestDb::new(pool).await;
        let admin = db.org("acme").await;
        let settings = db.state().settings;
        House { db, admin, settings }
    }

    async fn scope(&self) -> Scope {
        self.db.scope("acme", &self.admin, Perm::OrgManage).await.unwrap()
    }

    /// Invites this address as a developer; gives the invitation's id and the token to pass on.
    async fn invite(&self, email: &str) -> (String, String) {
        let mut scope = self.scope().await;
        let id = store::invite(&mut scope, &self.settings, fields(email)).await.unwrap();
        scope.commit(()).await.unwrap();
        let token = self.token(&id).await;
        (id, token)
    }

    /// The token that the inviter is shown.
    async fn token(&self, id: &str) -> String {
        let mut scope = self.scope().await;
        let all = store::invitations(&mut scope, &self.settings).await.unwrap();
        let link = all.into_iter().find(|invitation| invitation.id == id).unwrap().link.unwrap();
        link.strip_prefix("http://pm.example/invitations/").unwrap().to_owned()
    }

    /// Changes the invitation past the application, as time or another client would.
    async fn change(&self, sql: &'static str) {
        sqlx::query(sql).execute(&self.db.owner).await.unwrap();
    }

    async fn count(&self, sql: &'static str) -> i64 {
        sqlx::query_scalar(sql).fetch_one(&self.db.owner).await.unwrap()
    }
}

/// Lets this word be the token that went by mail.
async fn mailed(house: &House, id: &str, token: &str) {
    sqlx::query(r#"UPDATE "Invitation" SET "mailedTokenHash" = $2 WHERE id = $1"#)
        .bind(id)
        .bind(hash(token))
        .execute(&house.db.owner)
        .await
        .unwrap();
}

fn fields(email: &str) -> InviteFields {
    InviteForm { email: email.into(), role: Role::Developer, team: String::new(), message: "Welcome".into() }.validate().unwrap()
}

const EXPIRE: &str = r#"UPDATE "Invitation" SET "expiresAt" = now() - interval '1 minute'"#;
const MEMBERS: &str = r#"SELECT count(*) FROM "Membership""#;

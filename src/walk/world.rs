//! An organisation with one of everything that a call can name.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::kernel::role::Role;
use crate::testing::{TestDb, TestUser};

pub const ROLES: [Role; 5] = [Role::Admin, Role::ProductManager, Role::Developer, Role::Designer, Role::Stakeholder];

pub struct World {
    /// What `$word` stands for, by word.
    names: BTreeMap<&'static str, String>,
    pub admin: TestUser,
    /// A member for each role, in the order of `ROLES`.
    pub members: Vec<TestUser>,
}

impl World {
    pub async fn new(db: &TestDb, slug: &str) -> World {
        let admin = db.org(slug).await;
        let mut members = Vec::new();
        for role in ROLES {
            members.push(db.member(slug, role).await);
        }
        let mut world = World { names: BTreeMap::new(), admin, members };
        world.names.insert("$org", slug.to_owned());
        world.furnish(db).await;
        world
    }

    /// Makes anew whatever an earlier call may have changed or removed.
    pub async fn furnish(&mut self, db: &TestDb) {
        let slug = self.names["$org"].clone();
        for (word, id) in super::furnish::furnish(db, &slug, &self.admin).await {
            self.names.insert(word, id);
        }
        for (word, id) in super::documents::furnish(db, &self.names["$idea"], &self.admin).await {
            self.names.insert(word, id);
        }
        for (word, id) in super::tasks::furnish(db, &self.names["$feature"], &self.admin).await {
            self.names.insert(word, id);
        }
    }

    /// The words that stand for something of this organisation.
    pub fn words(&self) -> impl Iterator<Item = (&'static str, &str)> {
        self.names.iter().map(|(word, name)| (*word, name.as_str()))
    }

    /// The text with its words filled in from this world.
    pub fn fill(&self, text: &str) -> String {
        // Longer words first, lest `$idea` be found in `$ideas`.
        let mut names: Vec<_> = self.names.iter().collect();
        names.sort_by_key(|(word, _)| std::cmp::Reverse(word.len()));
        names.into_iter().fold(text.to_owned(), |text, (word, name)| text.replace(word, name))
    }

    /// The arguments with their words filled in, one word from elsewhere.
    pub fn arguments(&self, arguments: &Value, elsewhere: Option<(&str, &str)>) -> Value {
        let mut text = arguments.to_string();
        if let Some((word, name)) = elsewhere {
            text = text.replace(&format!("\"{word}\""), &format!("\"{name}\""));
        }
        serde_json::from_str(&self.fill(&text)).unwrap()
    }

    pub fn member(&self, role: Role) -> &TestUser {
        &self.members[ROLES.iter().position(|r| *r == role).unwrap()]
    }
}

/// Everything that the organisation has, row by row, to be compared byte by byte.
pub async fn dump(db: &TestDb, slug: &str) -> String {
    let organization: String =
        sqlx::query_scalar(r#"SELECT id FROM "Organization" WHERE slug = $1"#).bind(slug).fetch_one(&db.owner).await.unwrap();
    let tables: Vec<String> = sqlx::query_scalar(
        "SELECT table_name::text FROM information_schema.columns
         WHERE table_schema = 'public' AND column_name = 'organizationId' ORDER BY table_name",
    )
    .fetch_all(&db.owner)
    .await
    .unwrap();
    let mut all = String::new();
    for table in tables {
        let rows: Vec<String> = sqlx::query_scalar(sqlx::AssertSqlSafe(format!(
            r#"SELECT to_jsonb(t)::text FROM "{table}" t WHERE "organizationId" = $1 ORDER BY 1"#
        )))
        .bind(&organization)
        .fetch_all(&db.owner)
        .await
        .unwrap();
        all += &format!("{table}\n{}\n", rows.join("\n"));
    }
    let own: String = sqlx::query_scalar(r#"SELECT to_jsonb(o)::text FROM "Organization" o WHERE id = $1"#)
        .bind(&organization)
        .fetch_one(&db.owner)
        .await
        .unwrap();
    all + &own
}

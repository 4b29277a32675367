//! What goes out as a table.

use chrono::SecondsFormat;
use sqlx::FromRow;

use crate::kernel::error::AppError;
use crate::kernel::time::Timestamp;
use crate::server::scope::Scope;
use crate::transfer::model::{Kind, join_tags};

/// The rows of a product that are not deleted, in the order in which they were made. The cells are the kind's fields but for
/// the tags and the time of making, which have columns of their own.
///
/// Parameters: tenant, product, time and id of the row before, rows.
macro_rules! rows {
    ($tags:literal, $cells:literal, $from:literal) => {
        concat!(
            r#"SELECT x.id, x."createdAt", "#,
            $tags,
            " AS tags, ARRAY[",
            $cells,
            "]::text[] AS cells FROM ",
            $from,
            r#" WHERE x."organizationId" = $1 AND x."productId" = $2 AND x."deletedAt" IS NULL AND (x."createdAt", x.id) > ($3, $4)
                ORDER BY x."createdAt", x.id LIMIT $5"#
        )
    };
}

fn statement(kind: Kind) -> &'static str {
    match kind {
        Kind::Ideas => rows!(
            "x.tags",
            r#"x.title, x.description, x.status::text, x.priority::text, x.effort::text, x.impact::text, x.confidence::text, x.reach::text,
               x."businessValue"::text, x."timeCriticality"::text, x."riskReduction"::text, x."jobSize"::text,
               x."riceScore"::text, x."iceScore"::text, x."wsjfScore"::text"#,
            r#""Idea" x"#
        ),
        Kind::Feedback => rows!(
            "'{}'::text[]",
            r#"x.title, x.description, x.type::text, x.status::text, x.priority::text, x.source, x."userEmail""#,
            r#""Feedback" x"#
        ),
        Kind::Features => rows!(
            "'{}'::text[]",
            r#"x.title, x.description, x.status::text, x.priority::text, x."storyPoints"::text, x."acceptanceCriteria""#,
            r#""Feature" x"#
        ),
        Kind::Tasks => rows!(
            "'{}'::text[]",
            r#"x.title, x.description, x.status::text, x.priority::text,
               to_char(x."dueDate" AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'), u.email"#,
            r#""Task" x LEFT JOIN "Membership" m ON m."organizationId" = $1 AND m."userId" = x."assigneeId"
                        LEFT JOIN "User" u ON u.id = m."userId""#
        ),
    }
}

/// A row on its way out.
#[derive(Debug, FromRow)]
pub struct Exported {
    pub id: String,
    #[sqlx(rename = "createdAt")]
    pub created_at: Timestamp,
    tags: Vec<String>,
    cells: Vec<Option<String>>,
}

impl Exported {
    /// The cells in the order of the kind's fields and of what is derived from them.
    pub fn cells(self, kind: Kind) -> Vec<String> {
        let mut others = self.cells.into_iter().map(Option::unwrap_or_default);
        let (created, tags) = (self.created_at.to_rfc3339_opts(SecondsFormat::Millis, true), join_tags(&self.tags));
        let cell = |name: &str| match name {
            "createdAt" => created.clone(),
            "tags" => tags.clone(),
            _ => others.next().unwrap_or_default(),
        };
        kind.fields().iter().map(|field| field.name).chain(kind.derived().iter().copied()).map(cell).collect()
    }
}

/// The product's next rows behind the one that was made at this time and has this id.
pub async fn rows(
    scope: &mut Scope,
    kind: Kind,
    product_id: &str,
    after: (Timestamp, &str),
    limit: i64,
) -> Result<Vec<Exported>, AppError> {
    let org = scope.organization().id.clone();
    Ok(sqlx::query_as(statement(kind)).bind(org).bind(product_id).bind(after.0).bind(after.1).bind(limit).fetch_all(scope.db()).await?)
}

//! The reader of the log's tail.

use std::collections::HashSet;

use sqlx::postgres::PgConnectOptions;
use sqlx::{Connection, PgConnection};

use super::change::Change;
use crate::audit::model::{DOORS, LIVE};

/// Changes of one transaction to things of one kind that are told one by one. An import is one event for each kind.
pub const ONE_BY_ONE: i64 = 50;
/// Changes that are read at once; past them everybody is told to read anew.
const AT_ONCE: i64 = 5_000;

/// A connection of the system's role that knows what it has seen.
pub struct Tail {
    connection: PgConnection,
    /// The snapshot of the last look.
    seen: String,
}

/// What a look has found.
#[derive(Debug, Default)]
pub struct Found {
    /// What members may hear of, in the order of the log.
    pub changes: Vec<Change>,
    /// Whether somebody's way in may have ended.
    pub doors: bool,
    /// Whether there was more than was read.
    pub too_much: bool,
}

/// A row of `READ`: the look's snapshot, and nothing else if nothing is new.
#[derive(sqlx::FromRow)]
struct Row {
    now: String,
    id: Option<String>,
    organization: Option<String>,
    entity: Option<String>,
    item: Option<String>,
    action: Option<String>,
    person: Option<String>,
    many: Option<bool>,
}

/// What is visible now and was not in the snapshot `$1`: the rows of transactions at or above its xmax, and of those that were
/// under way. A transaction's rows become visible all at once, so none is skipped however late it commits, none comes twice, and
/// none has to be looked at again while another transaction takes its time. A snapshot is of one statement, so this is one.
const READ: &str = r#"
SELECT s.now, r.id, r.organization, r.entity, r.item, r.action, r.person, r.many
  FROM (SELECT pg_current_snapshot()::text AS now) s
  LEFT JOIN (
    SELECT id, organization, entity, CASE WHEN total <= $3 THEN item END AS item, action, person, total > $3 AS many
      FROM (
        SELECT f.*, count(*) OVER (PARTITION BY xid, organization, entity) AS total,
               row_number() OVER (PARTITION BY xid, organization, entity ORDER BY id DESC NULLS LAST) AS nth
          FROM (
            SELECT id, xid, "organizationId" AS organization, "entityType" AS entity, "entityId" AS item, action, "userId" AS person
              FROM "AuditLog"
             WHERE (xid >= pg_snapshot_xmax($1::text::pg_snapshot)
                    OR xid = ANY (ARRAY(SELECT pg_snapshot_xip($1::text::pg_snapshot))))
               AND "entityType" = ANY ($2::text[])
            UNION ALL
            SELECT NULL, xid, "organizationId", "entityType", "entityId", 'reordered', "userId"
              FROM "Reordered"
             WHERE (xid >= pg_snapshot_xmax($1::text::pg_snapshot)
                    OR xid = ANY (ARRAY(SELECT pg_snapshot_xip($1::text::pg_snapshot))))
               AND "entityType" = ANY ($2::text[])
          ) f
      ) g
     WHERE total <= $3 OR nth = 1
     ORDER BY id NULLS LAST
     LIMIT $4
  ) r ON true
 ORDER BY r.id NULLS LAST"#;

/// Of pairs of a session and an organisation, those between which there is no way any more.
const GONE: &str = r#"
SELECT l.session, l.organization
  FROM unnest($1::text[], $2::text[]) AS l (session, organization)
 WHERE NOT EXISTS (
   SELECT FROM "Session" s
     JOIN "Membership" m ON m."userId" = s."userId" AND m."organizationId" = l.organization
     JOIN "Organization" o ON o.id = m."organizationId"
    WHERE s.id = l.session AND s.expires > now() AND o."deletedAt" IS NULL)"#;

impl Tail {
    /// Begins at the present.
    pub async fn open(options: &PgConnectOptions) -> Result<Tail, sqlx::Error> {
        let mut connection = PgConnection::connect_with(options).await?;
        // Estimates are no help with ranges that begin behind the last row that statistics know: the index is always right.
        sqlx::raw_sql("SET ROLE prodmatic_system; SET enable_seqscan = off").execute(&mut connection).await?;
        let seen = sqlx::query_scalar("SELECT pg_current_snapshot()::text").fetch_one(&mut connection).await?;
        Ok(Tail { connection, seen })
    }

    /// What has been committed since the last look.
    pub async fn read(&mut self) -> Result<Found, sqlx::Error> {
        let kinds: Vec<&str> = LIVE.iter().chain(DOORS).copied().collect();
        let rows: Vec<Row> =
            sqlx::query_as(READ).bind(&self.seen).bind(kinds).bind(ONE_BY_ONE).bind(AT_ONCE).fetch_all(&mut self.connection).await?;
        if let Some(row) = rows.first() {
            self.seen.clone_from(&row.now);
        }
        let mut found = Found { too_much: rows.len() as i64 >= AT_ONCE, ..Found::default() };
        for change in rows.into_iter().filter_map(Row::change) {
            found.doors |= DOORS.contains(&change.entity.as_str());
            if LIVE.contains(&change.entity.as_str()) {
                found.changes.push(change);
            }
        }
        Ok(found)
    }

    /// Of these sessions, each with its organisation, those that may hear no more.
    pub async fn gone(&mut self, sessions: HashSet<(String, String)>) -> Result<Vec<(String, String)>, sqlx::Error> {
        if sessions.is_empty() {
            return Ok(Vec::new());
        }
        let (sessions, organizations): (Vec<_>, Vec<_>) = sessions.into_iter().unzip();
        sqlx::query_as(GONE).bind(sessions).bind(organizations).fetch_all(&mut self.connection).await
    }

    /// Tells other processes that there may be something to read. In a transaction of its own, since notifying ones queue.
    pub async fn hint(&mut self, process: &str) -> Result<(), sqlx::Error> {
        sqlx::query("SELECT pg_notify($1, $2)").bind(super::hints::CHANNEL).bind(process).execute(&mut self.connection).await.map(drop)
    }

    /// Removes what every process has read by now.
    pub async fn sweep(&mut self) -> Result<(), sqlx::Error> {
        let old = r#"DELETE FROM "Reordered" WHERE "createdAt" < now() - interval '10 minutes'"#;
        sqlx::query(old).execute(&mut self.connection).await.map(drop)
    }
}

impl Row {
    fn change(self) -> Option<Change> {
        Some(Change {
            id: self.id,
            organization: self.organization?,
            entity: self.entity?,
            item: self.item,
            action: self.action?,
            person: self.person,
            many: self.many?,
        })
    }
}

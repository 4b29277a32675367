//! What a listener has missed, from the log itself.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use axum::body::Bytes;
use chrono::DateTime;

use super::change::{Change, reset, written};
use crate::audit::model::LIVE;
use crate::kernel::error::AppError;
use crate::kernel::time::Timestamp;
use crate::server::scope::Scope;

/// Changes that are told one by one; past them everything is to be read anew.
pub const AT_MOST: usize = 500;
/// Changes become visible in another order than they are written in, so what was written so shortly before is told once more.
const SLACK: Duration = Duration::from_secs(5);
/// As much further back the transaction of a row that is told may have begun.
const LONG: Duration = Duration::from_secs(60);
/// A page that is older than this is told to read anew.
const OLDEST_PAGE: Duration = Duration::from_secs(600);

/// From where on somebody has missed what happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Since {
    /// They have missed nothing.
    Now,
    /// They have heard of what happened until then: time since 1970.
    Heard(Duration),
    /// Their page was made then: time since 1970.
    Loaded(Duration),
    /// Nobody can say.
    Unknown,
}

impl Since {
    /// After the log's row with this id.
    pub fn id(id: &str) -> Since {
        let micros = id.strip_prefix('c').and_then(|rest| rest.get(..14)).and_then(|hex| u64::from_str_radix(hex, 16).ok());
        micros.map_or(Since::Unknown, |micros| Since::Heard(Duration::from_micros(micros)))
    }

    /// After what a page was made of that is so old.
    pub fn age(age: Duration) -> Since {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        if age > OLDEST_PAGE { Since::Unknown } else { Since::Loaded(now.saturating_sub(age)) }
    }
}

/// What happened since then in the scope's organisation, as it goes out. It may hold what was heard of already, but for what people
/// did themselves before their page was made: it is on the page, unless another of their tabs was still waiting for its answer.
pub async fn catch_up(scope: &mut Scope, since: Since) -> Result<Option<Bytes>, AppError> {
    let (time_heard, slack_for_own) = match since {
        Since::Now => return Ok(None),
        Since::Unknown => return Ok(Some(reset())),
        Since::Heard(time) => (time, SLACK),
        Since::Loaded(time) => (time, Duration::ZERO),
    };
    let (since, own) = (time_heard.saturating_sub(SLACK), time_heard.saturating_sub(slack_for_own));
    let Some(begun) = time(since.saturating_sub(LONG)) else { return Ok(Some(reset())) };
    let (organization, person) = (scope.organization().id.clone(), scope.user().id.clone());
    let mut changes: Vec<Change> = sqlx::query_as(
        r#"SELECT id, "organizationId" AS organization, "entityType" AS entity, "entityId" AS item, action, "userId" AS person,
                  false AS many
             FROM "AuditLog"
            WHERE "organizationId" = $1 AND "createdAt" >= $2 AND id > $3 AND "entityType" = ANY ($4::text[])
              AND (id > $6 OR "userId" IS DISTINCT FROM $7)
            ORDER BY "createdAt", id LIMIT $5"#,
    )
    .bind(organization)
    .bind(begun)
    .bind(id_at(since))
    .bind(LIVE.to_vec())
    .bind(AT_MOST as i64 + 1)
    .bind(id_at(own))
    .bind(person)
    .fetch_all(scope.db())
    .await?;
    if changes.len() > AT_MOST {
        return Ok(Some(reset()));
    }
    changes.sort_by(|one, other| one.id.cmp(&other.id));
    Ok((!changes.is_empty()).then(|| written(&changes)))
}

/// Below the ids of what is written from then on.
fn id_at(time: Duration) -> String {
    format!("c{:014x}", time.as_micros())
}

fn time(since: Duration) -> Option<Timestamp> {
    DateTime::from_timestamp_micros(i64::try_from(since.as_micros()).ok()?)
}

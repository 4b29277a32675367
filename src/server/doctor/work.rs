//! What waits to be done, and whether it is stuck; and whether the key opens what was sealed.

use std::path::Path;

use sqlx::PgConnection;

use super::Finding;
use super::database::{Looked, said};
use crate::server::config::KeyOption;
use crate::server::seal::{Key, file_in};
use crate::server::sealed::Sealed;

pub async fn look(connection: &mut PgConnection, key: &KeyOption, data: &Path) -> Vec<Finding> {
    // The role that sees every tenant.
    if let Err(error) = sqlx::raw_sql("SET ROLE prodmatic_system").execute(&mut *connection).await {
        return vec![said(Err(("work", error)))];
    }
    let mut findings = vec![said(mails(connection).await), said(deliveries(connection).await), said(imports(connection).await)];
    // One that cannot be read is told of among the settings.
    if let Ok(key) = Key::find(key, data) {
        findings.push(said(sealed(connection, key.as_ref(), data).await));
    }
    findings
}

async fn mails(connection: &mut PgConnection) -> Looked {
    let what = "mails";
    let asked = r#"SELECT count(*), count(*) FILTER (WHERE attempts > 1),
                          count(*) FILTER (WHERE "nextTryAt" < now() - interval '10 minutes') FROM "Mail""#;
    let found: (i64, i64, i64) = sqlx::query_as(asked).fetch_one(connection).await.map_err(|error| (what, error))?;
    Ok(match found {
        (_, _, overdue @ 1..) => Finding::wrong(what, format!("{overdue} are overdue: is a server running?")),
        (_, refused @ 1.., _) => Finding::note(what, format!("{refused} were refused and are tried again: the server's log says why")),
        (waiting, ..) => Finding::good(what, format!("{waiting} wait")),
    })
}

async fn deliveries(connection: &mut PgConnection) -> Looked {
    let what = "webhooks";
    // What an endpoint that fails or has asked for a pause makes wait is no fault of ours, nor is what a deleted organisation does.
    let asked = r#"SELECT count(*) FILTER (WHERE d.status IN ('PENDING', 'RETRYING')),
                          count(*) FILTER (WHERE d.status IN ('PENDING', 'RETRYING') AND d."nextAttemptAt" < now() - interval '1 hour' AND w.active
                            AND w."failingSince" IS NULL AND coalesce(w."pausedUntil" <= now(), true) AND o."deletedAt" IS NULL),
                          count(*) FILTER (WHERE d.status = 'FAILED' AND d."attemptedAt" > now() - interval '1 day')
                     FROM "WebhookDelivery" d JOIN "Webhook" w ON w.id = d."webhookId" JOIN "Organization" o ON o.id = w."organizationId""#;
    let found: (i64, i64, i64) = sqlx::query_as(asked).fetch_one(connection).await.map_err(|error| (what, error))?;
    Ok(match found {
        (_, stuck @ 1.., _) => Finding::wrong(what, format!("{stuck} deliveries are overdue by more than an hour: is a server running?")),
        (_, _, failed @ 1..) => Finding::note(what, format!("{failed} deliveries of the last day were given up: see the webhooks' logs")),
        (waiting, ..) => Finding::good(what, format!("{waiting} deliveries wait")),
    })
}

async fn imports(connection: &mut PgConnection) -> Looked {
    let what = "imports";
    let asked = r#"SELECT count(*) FILTER (WHERE status = 'RUNNING'),
                          count(*) FILTER (WHERE status = 'RUNNING' AND coalesce("heartbeatAt", "createdAt") < now() - interval '15 minutes')
                     FROM "Import""#;
    let found: (i64, i64) = sqlx::query_as(asked).fetch_one(connection).await.map_err(|error| (what, error))?;
    Ok(match found {
        (_, stuck @ 1..) => Finding::wrong(what, format!("{stuck} have stood still for a quarter of an hour: is a server running?")),
        (running, _) => Finding::good(what, format!("{running} run")),
    })
}

/// Without a key at all the next start would make one, which opens nothing of what is there.
async fn sealed(connection: &mut PgConnection, key: Option<&Key>, data: &Path) -> Looked {
    let what = "sealed";
    let Sealed { all, closed } = Sealed::look(connection, key).await.map_err(|error| (what, error))?;
    Ok(match (closed, key) {
        (0, _) if all == 0 => Finding::good(what, "nothing is sealed in the database yet"),
        (0, _) => Finding::good(what, "the key opens what is sealed in the database"),
        (_, None) => Finding::wrong(
            what,
            format!(
                "the database holds secrets, and their key is not here: bring it along as {} or in PRODMATIC_SECRET_KEY before the next start",
                file_in(data).display()
            ),
        ),
        (_, Some(_)) => Finding::wrong(
            what,
            format!(
                "the key is not the one that {closed} of {all} secrets in the database are sealed under: set that in PRODMATIC_SECRET_KEY"
            ),
        ),
    })
}

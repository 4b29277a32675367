//! What waits to be done, and whether it is stuck; and whether the key opens what was sealed.

use std::path::Path;

use sqlx::PgConnection;

use super::Finding;
use super::database::{Looked, said};
use crate::server::config::KeyOption;
use crate::server::seal::Key;

pub async fn look(connection: &mut PgConnection, key: &KeyOption, data: &Path) -> Vec<Finding> {
    // The role that sees every tenant.
    if let Err(error) = sqlx::raw_sql("SET ROLE prodmatic_system").execute(&mut *connection).await {
        return vec![said(Err(("work", error)))];
    }
    let mut findings = vec![said(mails(connection).await), said(deliveries(connection).await), said(imports(connection).await)];
    if let Ok(Some(key)) = Key::find(key, data) {
        findings.push(said(sealed(connection, &key).await));
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
    // The longest wait between two tries is ten hours.
    let asked = r#"SELECT count(*) FILTER (WHERE d.status IN ('PENDING', 'RETRYING')),
                          count(*) FILTER (WHERE d.status = 'PENDING' AND d."createdAt" < now() - interval '1 hour' AND w.active),
                          count(*) FILTER (WHERE d.status = 'FAILED' AND d."createdAt" > now() - interval '1 day')
                     FROM "WebhookDelivery" d JOIN "Webhook" w ON w.id = d."webhookId""#;
    let found: (i64, i64, i64) = sqlx::query_as(asked).fetch_one(connection).await.map_err(|error| (what, error))?;
    Ok(match found {
        (_, stuck @ 1.., _) => Finding::wrong(what, format!("{stuck} deliveries wait for over an hour: is a server running?")),
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

/// What was sealed last, of what a server may have to open again.
async fn sealed(connection: &mut PgConnection, key: &Key) -> Looked {
    let what = "sealed";
    let asked = r#"(SELECT sealed FROM "Mail" ORDER BY "createdAt" DESC LIMIT 1)
                   UNION ALL (SELECT "sealedToken" FROM "Invitation" WHERE "sealedToken" IS NOT NULL ORDER BY "createdAt" DESC LIMIT 1)"#;
    let found: Vec<String> = sqlx::query_scalar(asked).fetch_all(connection).await.map_err(|error| (what, error))?;
    Ok(match found.iter().all(|sealed| key.opens(sealed)) {
        true => Finding::good(what, "the key opens what was sealed last"),
        false => {
            Finding::wrong(what, "the key is not the one that secrets in the database are sealed under: set that in PRODMATIC_SECRET_KEY")
        }
    })
}

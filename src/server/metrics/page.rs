//! The page, and what it asks of the database and the operating system.

use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::Extension;
use axum::extract::{Request, State};
use axum::response::{IntoResponse, Response};
use http::StatusCode;
use http::header::CONTENT_TYPE;
use sqlx::PgPool;
use tokio::sync::Mutex;
use tokio::time::timeout;

use super::requests;
use super::text::{MEDIA_TYPE, Text};
use crate::kernel::error::AppError;
use crate::server::forms::Web;
use crate::server::request::AppState;
use crate::server::scope::System;

/// How long what was counted in the database is passed on: several may collect, and no rate stands before them.
const KEPT: Duration = Duration::from_secs(5);
/// How long the database may take.
const PATIENCE: Duration = Duration::from_secs(3);

/// What waits in the database, across tenants.
#[derive(Debug, Clone, Copy, sqlx::FromRow)]
struct Waiting {
    mails: i64,
    pending: i64,
    retrying: i64,
    imports: i64,
}

const WAITING: &str = r#"
SELECT (SELECT count(*) FROM "Mail") AS mails,
       (SELECT count(*) FROM "WebhookDelivery" WHERE status = 'PENDING') AS pending,
       (SELECT count(*) FROM "WebhookDelivery" WHERE status = 'RETRYING') AS retrying,
       (SELECT count(*) FROM "Import" WHERE status = 'RUNNING') AS imports"#;

/// What was counted in the database last, and when; nothing if it did not answer.
#[derive(Default)]
pub struct Counted(Mutex<Option<(Instant, Option<Waiting>)>>);

impl Counted {
    async fn waiting(&self, pool: &PgPool) -> Option<Waiting> {
        let mut last = self.0.lock().await;
        if let Some((at, waiting)) = *last
            && at.elapsed() < KEPT
        {
            return waiting;
        }
        let waiting = match timeout(PATIENCE, ask(pool)).await {
            Ok(Ok(waiting)) => Some(waiting),
            _ => None,
        };
        *last = Some((Instant::now(), waiting));
        waiting
    }
}

async fn ask(pool: &PgPool) -> Result<Waiting, AppError> {
    let mut system = System::open(pool).await?;
    let waiting = sqlx::query_as(WAITING).fetch_one(system.db()).await?;
    system.commit(waiting).await
}

/// Answers `/metrics`.
pub async fn answer(State(web): State<Web>, Extension(counted): Extension<Arc<Counted>>, request: Request) -> Response {
    let (parts, _) = request.into_parts();
    if !web.state.settings.guard.metrics.include(&parts) {
        return (StatusCode::FORBIDDEN, "These numbers are for this machine alone, or for whom PRODMATIC_METRICS names.\n").into_response();
    }
    let mut text = Text::default();
    requests::write(&mut text);
    of_database(&mut text, &web.state, counted.waiting(&web.state.pool).await);
    of_process(&mut text);
    ([(CONTENT_TYPE, MEDIA_TYPE)], text.finish()).into_response()
}

fn of_database(text: &mut Text, state: &AppState, waiting: Option<Waiting>) {
    let (all, idle) = (state.pool.size() as usize, state.pool.num_idle());
    let name = "prodmatic_database_connections";
    text.family(name, "gauge", "Connections of this process to the database.");
    text.line(name, &[("state", "busy")], all.saturating_sub(idle));
    text.line(name, &[("state", "idle")], idle);
    text.gauge("prodmatic_database_connections_max", "How many there may be.", state.pool.options().get_max_connections());
    text.gauge("prodmatic_database_up", "Whether the database answers.", u8::from(waiting.is_some()));
    text.gauge("prodmatic_live_listeners", "Pages that listen for changes at this process.", state.live.count());
    let Some(waiting) = waiting else { return };
    let name = "prodmatic_webhook_deliveries";
    text.family(name, "gauge", "Deliveries that wait, in the whole database.");
    text.line(name, &[("status", "PENDING")], waiting.pending);
    text.line(name, &[("status", "RETRYING")], waiting.retrying);
    text.gauge("prodmatic_mails", "Mails that wait, in the whole database.", waiting.mails);
    text.gauge("prodmatic_imports", "Imports that run, in the whole database.", waiting.imports);
}

fn of_process(text: &mut Text) {
    let name = "prodmatic_build_info";
    text.family(name, "gauge", "What runs.");
    text.line(name, &[("version", env!("CARGO_PKG_VERSION"))], 1);
    if let Some(bytes) = resident_bytes() {
        text.gauge("process_resident_memory_bytes", "Memory that the process has.", bytes);
    }
    if let Ok(files) = std::fs::read_dir("/proc/self/fd") {
        text.gauge("process_open_fds", "Files and connections that the process has open.", files.count());
    }
}

/// Where the operating system tells it, as Linux does.
fn resident_bytes() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    line.trim().strip_suffix(" kB")?.parse::<u64>().ok()?.checked_mul(1_024)
}

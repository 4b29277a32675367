//! `/readyz`: whether the database answers. No rate stands before it, so it asks the database once a second at most.

use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::Extension;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::StatusCode;
use sqlx::PgPool;
use tokio::sync::Mutex;

use super::forms::Web;

/// How long an answer is passed on.
const KEPT: Duration = Duration::from_secs(1);

/// When the database was asked, and whether it answered. Whoever asks meanwhile waits for that answer.
#[derive(Default)]
pub struct Answered(Mutex<Option<(Instant, bool)>>);

impl Answered {
    async fn is_ready(&self, pool: &PgPool) -> bool {
        let mut last = self.0.lock().await;
        if let Some((at, answered)) = *last
            && at.elapsed() < KEPT
        {
            return answered;
        }
        let answered = sqlx::query("SELECT 1").execute(pool).await.is_ok();
        *last = Some((Instant::now(), answered));
        answered
    }
}

/// Says to whoever looks after the server whether it can do its work.
pub async fn answer(State(web): State<Web>, Extension(answered): Extension<Arc<Answered>>) -> Response {
    match answered.is_ready(&web.state.pool).await {
        true => "ready".into_response(),
        false => (StatusCode::SERVICE_UNAVAILABLE, "The database does not answer.").into_response(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
    async fn the_database_is_asked_once_a_second(pool: PgPool) {
        let answered = Answered::default();
        assert!(answered.is_ready(&pool).await);
        let begin = Instant::now();
        pool.close().await;
        // Were closing slow, the answer might be asked for anew already.
        assert!(answered.is_ready(&pool).await || begin.elapsed() >= KEPT);
        tokio::time::sleep(KEPT).await;
        assert!(!answered.is_ready(&pool).await);
    }
}

//! Hints from other processes that there may be something to read. Nothing depends on them: they only spare a wait.

use std::sync::Arc;
use std::time::Duration;

use sqlx::postgres::{PgConnectOptions, PgListener, PgPoolOptions};
use tokio::sync::Notify;

use super::watch::Pause;

/// Where processes of one database hint at changes. The payload is the process that does.
pub const CHANNEL: &str = "prodmatic_live";

/// Passes hints on until the process ends, on a connection of its own.
pub async fn listen(options: Arc<PgConnectOptions>, process: &str, hinted: &Notify) {
    let mut pause = Pause::new();
    loop {
        if let Err(error) = pass_on(&options, process, hinted, &mut pause).await {
            tracing::debug!(%error, "no hints of other processes' changes come; they are found within a second all the same");
        }
        pause.wait().await;
    }
}

async fn pass_on(options: &PgConnectOptions, process: &str, hinted: &Notify, pause: &mut Pause) -> Result<(), sqlx::Error> {
    let own = PgPoolOptions::new()
        .max_connections(1)
        .max_lifetime(None)
        .idle_timeout(None)
        .acquire_timeout(Duration::from_secs(10))
        .connect_with(options.clone())
        .await?;
    let mut listener = PgListener::connect_with(&own).await?;
    listener.listen(CHANNEL).await?;
    pause.reset();
    loop {
        if listener.recv().await?.payload() != process {
            hinted.notify_one();
        }
    }
}

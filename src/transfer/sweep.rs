//! Throws away, every hour, the files that nobody needs any more.

use std::time::Duration;

use sqlx::PgPool;

use super::store;
use crate::kernel::error::AppError;
use crate::server::scope::System;

const PAUSE: Duration = Duration::from_secs(3_600);

/// Sweeps until it is ended.
pub async fn run(pool: PgPool) {
    loop {
        if let Err(error) = once(&pool).await {
            tracing::warn!(%error, "old files of imports could not be deleted");
        }
        tokio::time::sleep(PAUSE).await;
    }
}

async fn once(pool: &PgPool) -> Result<(), AppError> {
    let mut system = System::open(pool).await?;
    store::sweep(&mut system).await?;
    system.commit(()).await
}

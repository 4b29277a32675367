//! A private Postgres for whoever has not set `DATABASE_URL`.
//!
//! The system's own `initdb` and `postgres` run in the data folder and listen on a Unix socket only:
//!
//! ```text
//! DIR/postgres/socket        0700, so `trust` is enough: psql -h DIR/postgres/socket -U postgres prodmatic
//! DIR/postgres/data          PGDATA
//! DIR/postgres/postgres.log
//! DIR/postgres/start.lock    held while a process starts Postgres
//! DIR/postgres/in-use.lock   shared by every process that uses it; the last one out stops Postgres
//! ```
//!
//! Postgres outlives a killed program on purpose: the next start adopts it.

mod account;
mod binaries;
mod cluster;
mod error;
mod lock;
mod postmaster;
mod server;
mod wire;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use tokio::sync::oneshot;
use tokio::task::JoinHandle;

use cluster::Cluster;
pub use error::EmbeddedError;
use lock::Lock;
use server::Server;

/// A running private Postgres, restarted when it dies.
///
/// Dropping this without [`stop`](Embedded::stop) leaves Postgres running for the next start.
#[derive(Debug)]
pub struct Embedded {
    cluster: Arc<Cluster>,
    in_use: Lock,
    supervisor: JoinHandle<Server>,
    end_supervisor: oneshot::Sender<()>,
}

impl Embedded {
    /// Makes the cluster in `data` if there is none, starts it or adopts a running one, waits until
    /// it answers and has a database `prodmatic`.
    ///
    /// Waits for crash recovery as long as Postgres reports it, and for another process that is
    /// starting or stopping the same cluster.
    ///
    /// # Errors
    /// See [`EmbeddedError`]. A cluster of another major version is left untouched.
    pub async fn start(data: &Path) -> Result<Embedded, EmbeddedError> {
        let cluster = Arc::new(Cluster::locate(data).await?);
        cluster.prepare_folders()?;
        let starting = cluster.lock_start().await?;
        let in_use = cluster.lock_in_use().await?;
        cluster.own_data()?;
        if !cluster.exists() {
            cluster.initialise(&starting).await?;
        }
        let mut server = Server::new(cluster.clone());
        server.bring_up().await?;
        cluster.ensure_database().await?;

        let (end_supervisor, ended) = oneshot::channel();
        let supervisor = tokio::spawn(server.supervise(ended));
        Ok(Embedded { cluster, in_use, supervisor, end_supervisor })
    }

    /// Whether there is a cluster in `data`.
    pub fn exists(data: &Path) -> bool {
        data.join("postgres/data/PG_VERSION").exists()
    }

    /// The absolute folder of the Unix socket: the `host` of a connection.
    pub fn socket_dir(&self) -> &Path {
        self.cluster.socket_dir()
    }

    /// Stops Postgres and waits for it (fast shutdown: open transactions are rolled back), unless
    /// another process still uses it.
    pub async fn stop(self) {
        drop(self.end_supervisor);
        let Ok(server) = self.supervisor.await else {
            return;
        };
        match self.in_use.into_exclusive() {
            Some(_last_one_out) => server.shut_down().await,
            None => tracing::info!("another process uses the private Postgres: left running"),
        }
    }
}

/// `path` made absolute without resolving links, so a short link can stand for a long path.
fn absolute(path: &Path) -> Result<PathBuf, EmbeddedError> {
    std::path::absolute(path).map_err(EmbeddedError::io(path))
}

#[cfg(test)]
mod tests;

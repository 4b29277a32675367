//! The process: brought up, kept up, shut down.

use std::sync::Arc;
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process};
use tokio::process::Child;
use tokio::sync::oneshot;
use tokio::time::{Instant, sleep};

use super::EmbeddedError;
use super::cluster::Cluster;
use super::wire::{Refusal, Session};

const POLL: Duration = Duration::from_millis(10);
/// Each refusal during a long recovery is a line in Postgres' log.
const LONGEST_POLL: Duration = Duration::from_millis(500);
/// How often we look after a Postgres that is not our child.
const WATCH: Duration = Duration::from_secs(1);
/// A live Postgres that neither answers nor says why is given up after this.
const PATIENCE: Duration = Duration::from_secs(60);
/// How long the children of a killed Postgres may take to notice.
const LINGER: Duration = Duration::from_secs(15);
const LINGER_POLL: Duration = Duration::from_millis(200);
const SHORTEST_PAUSE: Duration = Duration::from_millis(100);
const LONGEST_PAUSE: Duration = Duration::from_secs(30);

/// What Postgres logs when it finds a predecessor's processes still there.
const LINGERING: [&str; 2] = ["pre-existing shared memory block", "lock file \"postmaster.pid\" already exists"];

/// A Postgres, our child or adopted.
#[derive(Debug)]
pub(super) struct Server {
    cluster: Arc<Cluster>,
    /// `None` while it is adopted or down.
    child: Option<Launched>,
}

#[derive(Debug)]
struct Launched {
    process: Child,
    log_start: u64,
}

impl Server {
    pub(super) fn new(cluster: Arc<Cluster>) -> Server {
        Server { cluster, child: None }
    }

    /// Waits until Postgres answers, starting it if none runs. The caller holds the start lock.
    ///
    /// Dropping this future leaves `self` aware of what it started.
    pub(super) async fn bring_up(&mut self) -> Result<(), EmbeddedError> {
        let linger_until = Instant::now() + LINGER;
        let mut give_up = Instant::now() + PATIENCE;
        let mut next_word = Instant::now() + WATCH;
        let mut pause = POLL;
        loop {
            match Session::open(&self.cluster.socket()).await {
                Ok(_) => return Ok(()),
                Err(Refusal::Error(reason)) => return Err(EmbeddedError::Refused(reason)),
                Err(Refusal::NotNow(reason)) => {
                    give_up = Instant::now() + PATIENCE;
                    pause = LONGEST_POLL.min(pause * 3 / 2);
                    if next_word < Instant::now() {
                        next_word += PATIENCE;
                        tracing::info!(reason, "waiting for Postgres");
                    }
                }
                Err(Refusal::Silent) => {}
                Err(Refusal::NobodyListens) => self.launch_if_down(linger_until).await?,
            }
            if give_up < Instant::now() {
                return Err(self.cluster.not_answering());
            }
            sleep(pause).await;
        }
    }

    async fn launch_if_down(&mut self, linger_until: Instant) -> Result<(), EmbeddedError> {
        if let Some(reason) = self.failure()? {
            if !LINGERING.iter().any(|text| reason.contains(text)) || linger_until < Instant::now() {
                return Err(EmbeddedError::NotStarted { log: self.cluster.log(), reason });
            }
            sleep(LINGER_POLL).await;
        }
        if self.child.is_none() && self.cluster.live_pid().is_none() {
            self.cluster.rotate_log()?;
            let log_start = self.cluster.log_len();
            let process = self.cluster.launch()?;
            self.child = Some(Launched { process, log_start });
        }
        Ok(())
    }

    /// Why our child ended, if it did.
    fn failure(&mut self) -> Result<Option<String>, EmbeddedError> {
        let Some(child) = &mut self.child else {
            return Ok(None);
        };
        if child.process.try_wait().map_err(EmbeddedError::io(self.cluster.data()))?.is_none() {
            return Ok(None);
        }
        let reason = self.cluster.log_reason(child.log_start);
        self.child = None;
        Ok(Some(reason))
    }

    /// Restarts Postgres whenever it dies, until `ended` resolves or its sender is dropped.
    pub(super) async fn supervise(mut self, ended: oneshot::Receiver<()>) -> Server {
        tokio::select! {
            _ = ended => {}
            () = self.keep_up() => {}
        }
        self
    }

    async fn keep_up(&mut self) {
        let mut pause = SHORTEST_PAUSE;
        loop {
            let watched_since = Instant::now();
            self.gone(WATCH).await;
            if watched_since.elapsed() > PATIENCE {
                pause = SHORTEST_PAUSE;
            }
            tracing::warn!("Postgres has died: starting it again");
            self.restart(&mut pause).await;
        }
    }

    async fn restart(&mut self, pause: &mut Duration) {
        loop {
            sleep(*pause).await;
            *pause = LONGEST_PAUSE.min(*pause * 2);
            match self.bring_up_alone().await {
                Ok(()) => return tracing::info!("Postgres answers again"),
                Err(error) => tracing::error!(%error, "Postgres could not be started again"),
            }
        }
    }

    async fn bring_up_alone(&mut self) -> Result<(), EmbeddedError> {
        let _starting = self.cluster.lock_start().await?;
        self.bring_up().await
    }

    /// Resolves when Postgres has ended; one that is not our child is looked after every `poll`.
    async fn gone(&mut self, poll: Duration) {
        if let Some(child) = &mut self.child {
            if let Err(error) = child.process.wait().await {
                tracing::warn!(%error, "lost sight of Postgres");
            }
            self.child = None;
            return;
        }
        while self.cluster.live_pid().is_some() {
            sleep(poll).await;
        }
    }

    /// Asks for a fast shutdown and waits for it.
    pub(super) async fn shut_down(mut self) {
        let Some(pid) = self.pid() else { return };
        if let Err(error) = kill_process(pid, Signal::INT) {
            return tracing::warn!(%error, "Postgres could not be told to stop");
        }
        tokio::select! {
            () = self.gone(POLL) => tracing::info!("Postgres has stopped"),
            () = sleep(PATIENCE) => tracing::warn!("Postgres is still writing its last checkpoint: it ends by itself"),
        }
    }

    fn pid(&self) -> Option<Pid> {
        let child = self.child.as_ref().and_then(|child| child.process.id());
        child.and_then(|id| Pid::from_raw(id.cast_signed())).or_else(|| self.cluster.live_pid())
    }
}

//! Delivers what is in the outbox. Any number of processes may do so on one database.
//!
//! A process takes what is due under a lease, so one that is killed loses nothing: what it had is due again half a minute later.
//! Nothing is lost therefore, and in such a case something comes twice, with the same `webhook-id`. All that goes to the database
//! goes over one connection at a time, in a few statements for many deliveries.

mod attempt;
pub mod schedule;

use std::collections::HashMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, LazyLock};
use std::time::{Duration, Instant};

use sqlx::PgPool;
use tokio::sync::watch::{Receiver, Sender};
use tokio::task::{Id, JoinSet};
use tokio::time::{sleep, timeout};

use super::store::outbox::{Outcome, claim, record, sweep};
use super::store::{self};
use crate::kernel::error::AppError;
use crate::kernel::role::Perm;
use crate::server::live::commits;
use crate::server::request::Settings;
use crate::server::scope::{Scope, System};

/// Deliveries that this process is at, to one endpoint and in all. A slow endpoint keeps its own places busy and no others.
const OF_EACH: i32 = 4;
const IN_ALL: usize = 256;
/// How often the outbox is looked at when nobody says that there is something: foreign clients and other processes fill it, too.
const POLL: Duration = Duration::from_secs(1);
/// The least time from one look to the next: what happens meanwhile is dealt with together.
const GAP: Duration = Duration::from_millis(20);
/// The wait after the database could not be asked.
const TROUBLE: Duration = Duration::from_secs(5);
const SWEEP: Duration = Duration::from_secs(600);
const SWEPT_AT_ONCE: i64 = 10_000;
/// How long somebody who sends a test waits to see what comes of it.
const WATCHED: Duration = Duration::from_secs(5);

/// How many couriers this process has.
static COURIERS: AtomicUsize = AtomicUsize::new(0);
/// Rises whenever outcomes have been noted.
static NOTED: LazyLock<Sender<u64>> = LazyLock::new(|| Sender::new(0));

/// Delivers until told to stop; then takes nothing more, and notes what comes of what is under way.
pub async fn run(pool: PgPool, settings: Arc<Settings>, mut stop: Receiver<bool>) {
    COURIERS.fetch_add(1, Ordering::Relaxed);
    let mut courier = Courier::new(pool, settings);
    tokio::select! {
        () = courier.work() => {}
        // Also when nobody is there any more to tell.
        _ = stop.wait_for(|stop| *stop) => {}
    }
    COURIERS.fetch_sub(1, Ordering::Relaxed);
    courier.finish().await;
}

/// Takes, sends and notes.
pub struct Courier {
    pool: PgPool,
    settings: Arc<Settings>,
    under_way: JoinSet<Outcome>,
    /// Where each of these goes.
    places: HashMap<Id, String>,
    /// What has come of some and is not noted yet.
    done: Vec<Outcome>,
    swept: Instant,
}

impl Courier {
    pub fn new(pool: PgPool, settings: Arc<Settings>) -> Courier {
        Courier { pool, settings, under_way: JoinSet::new(), places: HashMap::new(), done: Vec::new(), swept: Instant::now() }
    }

    async fn work(&mut self) {
        let mut own = commits();
        loop {
            if let Err(error) = self.round().await {
                tracing::warn!(%error, "the outbox of webhooks cannot be read");
                sleep(TROUBLE).await;
                continue;
            }
            tokio::select! {
                () = self.one() => {}
                _ = own.changed() => {}
                () = sleep(POLL) => {}
            }
            sleep(GAP).await;
        }
    }

    /// Notes what is done, takes what is due and sends it off; says how many that are.
    pub async fn round(&mut self) -> Result<usize, AppError> {
        while let Some(ended) = self.under_way.try_join_next_with_id() {
            self.take_in(ended);
        }
        let room = IN_ALL.saturating_sub(self.places.len());
        let mut busy: HashMap<&String, i32> = HashMap::new();
        self.places.values().for_each(|webhook| *busy.entry(webhook).or_default() += 1);
        let busy: Vec<(String, i32)> = busy.into_iter().map(|(webhook, places)| (webhook.clone(), places)).collect();
        let mut system = System::open(&self.pool).await?;
        let told = !self.done.is_empty();
        if told {
            record(&mut system, &self.settings, &self.done).await?;
        }
        let claimed = if room > 0 { claim(&mut system, &busy, OF_EACH, room as i64).await? } else { Vec::new() };
        if self.swept.elapsed() >= SWEEP {
            sweep(&mut system, SWEPT_AT_ONCE).await?;
            self.swept = Instant::now();
        }
        system.commit(()).await?;
        self.done.clear();
        if told {
            NOTED.send_modify(|count| *count = count.wrapping_add(1));
        }
        let count = claimed.len();
        for delivery in claimed {
            let (webhook, settings) = (delivery.webhook_id.clone(), self.settings.clone());
            let task = self.under_way.spawn(async move { attempt::attempt(&settings, delivery).await });
            self.places.insert(task.id(), webhook);
        }
        Ok(count)
    }

    /// Waits until one of those that are under way has come to its end; for ever if there is none.
    pub async fn one(&mut self) {
        match self.under_way.join_next_with_id().await {
            Some(ended) => self.take_in(ended),
            None => std::future::pending().await,
        }
    }

    fn take_in(&mut self, ended: Result<(Id, Outcome), tokio::task::JoinError>) {
        match ended {
            Ok((id, outcome)) => {
                self.places.remove(&id);
                self.done.push(outcome);
            }
            // It is due again when its lease is over.
            Err(error) => {
                tracing::error!(%error, "a delivery came to no end");
                self.places.remove(&error.id());
            }
        }
    }

    /// Whether nothing is under way and nothing has to be noted.
    pub fn is_idle(&self) -> bool {
        self.places.is_empty() && self.done.is_empty()
    }

    /// Notes what is done and what comes to its end soon.
    async fn finish(mut self) {
        let soon = async {
            while let Some(ended) = self.under_way.join_next_with_id().await {
                self.take_in(ended);
            }
        };
        let _ = timeout(Duration::from_secs(3), soon).await;
        if self.done.is_empty() {
            return;
        }
        let noted = async {
            let mut system = System::open(&self.pool).await?;
            record(&mut system, &self.settings, &self.done).await?;
            system.commit(()).await
        };
        if let Err(error) = noted.await {
            tracing::warn!(%error, "deliveries that went out are not noted, and will go out once more");
        }
    }
}

/// Waits until a delivery that has just been queued was tried, so that whoever has queued it sees what came of it; not for long,
/// and not at all where this process does not deliver.
///
/// # Errors
/// As those of `Scope::require`.
pub async fn until_tried(org: &str, delivery: &str) -> Result<(), AppError> {
    if COURIERS.load(Ordering::Relaxed) == 0 {
        return Ok(());
    }
    let mut noted = NOTED.subscribe();
    let tried = async {
        loop {
            let mut scope = Scope::require(org, Perm::OrgManage).await?;
            if store::is_tried(&mut scope, delivery).await? {
                return Ok(());
            }
            drop(scope);
            if noted.changed().await.is_err() {
                return Ok(());
            }
        }
    };
    timeout(WATCHED, tried).await.unwrap_or(Ok(()))
}

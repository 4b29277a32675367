//! When the log's tail is looked at, and who is told.

use std::collections::BTreeMap;
use std::convert::Infallible;
use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::body::Bytes;
use sqlx::PgPool;
use sqlx::postgres::PgConnectOptions;
use tokio::sync::Notify;
use tokio::time::{sleep, timeout};

use super::change::{Change, beat, reset, written};
use super::hub::Live;
use super::tail::{Found, Tail};
use super::{commits, hints};
use crate::server::id::new_id;

/// How often the tail is looked at when nobody says that there is something.
const POLL: Duration = Duration::from_secs(1);
/// The least time from one look to the next: what is committed meanwhile goes out together.
const GAP: Duration = Duration::from_millis(25);
/// How often it is checked who may still hear, when nothing points to a change of that. With a poll's length it has to stay below
/// the five seconds after which nobody hears who may not.
const CHECK: Duration = Duration::from_millis(2_500);
/// How often a quiet stream shows that it is open.
const BEAT: Duration = Duration::from_secs(15);
/// How often moves on boards are swept.
const SWEEP: Duration = Duration::from_secs(60);
/// How long the database may take.
const PATIENCE: Duration = Duration::from_secs(10);

/// Follows the log and tells whoever listens, until the process ends.
pub async fn run(pool: PgPool, live: Live) {
    let (options, process, hinted) = (pool.connect_options(), new_id(), Notify::new());
    tokio::join!(follow(options.clone(), &process, &hinted, &live), hints::listen(options, &process, &hinted), beats(&live));
}

/// Shows every listener, and what is between them and us, that the line is open; and finds those who are gone.
async fn beats(live: &Live) {
    loop {
        sleep(BEAT).await;
        live.tell_all(&beat());
    }
}

async fn follow(options: Arc<PgConnectOptions>, process: &str, hinted: &Notify, live: &Live) {
    let mut pause = Pause::new();
    loop {
        let Err(error) = follow_once(&options, process, hinted, live, &mut pause).await;
        tracing::warn!(error, "live changes cannot be read");
        pause.wait().await;
    }
}

/// Why the tail is looked at.
#[derive(PartialEq)]
enum Cause {
    Own,
    Other,
}

async fn follow_once(
    options: &PgConnectOptions,
    process: &str,
    hinted: &Notify,
    live: &Live,
    pause: &mut Pause,
) -> Result<Infallible, String> {
    let mut own = commits();
    let mut tail = in_time(Tail::open(options)).await?;
    // What happened until now nobody has been told; whoever may not hear any more has to go first.
    check(&mut tail, live).await?;
    live.tell_all(&reset());
    pause.reset();
    let (mut checked, mut swept) = (Instant::now(), Instant::now());
    loop {
        let cause = tokio::select! {
            _ = own.changed() => Cause::Own,
            () = hinted.notified() => Cause::Other,
            () = sleep(POLL) => Cause::Other,
        };
        let found = in_time(tail.read()).await?;
        if found.doors || checked.elapsed() >= CHECK {
            check(&mut tail, live).await?;
            checked = Instant::now();
        }
        let news = !found.changes.is_empty();
        tell(live, &found);
        if news && cause == Cause::Own {
            in_time(tail.hint(process)).await?;
        }
        if swept.elapsed() >= SWEEP {
            in_time(tail.sweep()).await?;
            swept = Instant::now();
        }
        sleep(GAP).await;
    }
}

/// Ends the streams of those who may hear no more.
async fn check(tail: &mut Tail, live: &Live) -> Result<(), String> {
    for (session, organization) in in_time(tail.gone(live.sessions())).await? {
        live.end(&session, &organization);
    }
    Ok(())
}

/// Each organisation's changes go to its own listeners, in one piece.
pub fn tell(live: &Live, found: &Found) {
    if found.too_much {
        live.tell_all(&reset());
        return;
    }
    let mut pieces: BTreeMap<&str, Vec<&Change>> = BTreeMap::new();
    for change in &found.changes {
        pieces.entry(&change.organization).or_default().push(change);
    }
    for (organization, changes) in pieces {
        let said: Bytes = written(changes);
        live.tell(organization, &said);
    }
}

async fn in_time<T>(asked: impl Future<Output = Result<T, sqlx::Error>>) -> Result<T, String> {
    match timeout(PATIENCE, asked).await {
        Ok(answer) => answer.map_err(|error| error.to_string()),
        Err(_) => Err("the database does not answer".into()),
    }
}

/// A wait that doubles from time to time, until what was tried has worked again.
pub struct Pause(Duration);

impl Pause {
    const FIRST: Duration = Duration::from_millis(500);
    const LONGEST: Duration = Duration::from_secs(30);

    pub fn new() -> Pause {
        Pause(Pause::FIRST)
    }

    pub fn reset(&mut self) {
        self.0 = Pause::FIRST;
    }

    pub async fn wait(&mut self) {
        sleep(self.0).await;
        self.0 = (self.0 * 2).min(Pause::LONGEST);
    }
}

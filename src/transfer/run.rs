//! An import at work: all or nothing, in one transaction, beside which another connection tells how far it is.

use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use serde_json::json;
use sqlx::PgPool;
use tokio::sync::Semaphore;

use super::model::{Import, Report, TransferPage};
use super::reading::{Pieces, Plan};
use super::store::{self, Head, Incoming};
use super::upload::PIECE;
use crate::audit::store as audit;
use crate::kernel::error::AppError;
use crate::kernel::role::Perm;
use crate::product::model::ProductName;
use crate::server::csv::Row;
use crate::server::db::internal;
use crate::server::request::Caller;
use crate::server::scope::Scope;

/// Imports that one process works at, at one time; each holds a connection for as long as it takes.
static PLACES: Semaphore = Semaphore::const_new(2);

/// How often a run says how far it is; after thirty seconds without a word it is given up for dead.
const BEAT: Duration = Duration::from_secs(1);

/// A run of an import, begun by `store::start`.
pub struct Job {
    pub pool: PgPool,
    pub caller: Caller,
    pub org: String,
    pub id: String,
    /// The number of the run.
    pub run: i32,
    /// Whether it only checks.
    pub dry: bool,
}

impl Job {
    /// Works until the end, and notes how it went. What cannot even be noted leaves a run that is given up for dead.
    pub async fn work(self) {
        let done = AtomicI64::new(0);
        let outcome = tokio::select! {
            outcome = self.in_turn(&done) => outcome,
            never = self.beat(&done) => match never {},
        };
        let noted = match outcome {
            Ok(None) => Ok(()),
            Ok(Some(report)) => self.note(report).await,
            Err(error) => self.note(Report { failure: Some(error.to_string()), ..Report::default() }).await,
        };
        if let Err(error) = noted {
            tracing::warn!(import = %self.id, %error, "how an import went could not be noted");
        }
    }

    async fn beat(&self, done: &AtomicI64) -> std::convert::Infallible {
        loop {
            tokio::time::sleep(BEAT).await;
            // One that fails is followed by another.
            let _ = self.tell(done.load(Ordering::Relaxed)).await;
        }
    }

    async fn tell(&self, rows_done: i64) -> Result<(), AppError> {
        let mut scope = self.open(Perm::Read).await?;
        store::beat(&mut scope, &self.id, self.run, rows_done).await?;
        scope.commit(()).await
    }

    async fn open(&self, perm: Perm) -> Result<Scope, AppError> {
        Scope::open(&self.pool, &self.caller, &self.org, perm).await
    }

    /// Gives what is still to be noted.
    async fn in_turn(&self, done: &AtomicI64) -> Result<Option<Report>, AppError> {
        let _place = PLACES.acquire().await.map_err(internal)?;
        // The role is asked for anew.
        let mut scope = self.open(TransferPage::PERM).await?;
        let (import, product) = store::get(&mut scope, &self.id, None).await?;
        if self.dry {
            return read(&mut scope, &import, None, None, done).await.map(Some);
        }
        self.take_in(scope, &import, &product, done).await
    }

    /// Takes everything in, or nothing where anything is wrong.
    async fn take_in(
        &self,
        mut scope: Scope,
        import: &Import,
        product: &ProductName,
        done: &AtomicI64,
    ) -> Result<Option<Report>, AppError> {
        let incoming = Incoming::open(&mut scope, import.kind).await?;
        let mut into = Sink { job: Some(self), incoming, product: &product.id, taken: Vec::new() };
        let report = read(&mut scope, import, None, Some(&mut into), done).await;
        if !report.as_ref().is_ok_and(|report| report.wrong == 0) {
            drop(scope);
            // Numbers that are lost leave a gap, and that is all.
            let _ = self.give_back(&product.id, &into.taken).await;
            return report.map(Some);
        }
        taken_in(&mut scope, import, product, self.run, &report?).await?;
        scope.commit(None).await
    }

    /// Takes numbers for so many rows, at once and for good: nobody else waits for them until the import ends. Gives the last.
    async fn take_numbers(&self, product: &str, rows: usize) -> Result<i32, AppError> {
        let mut scope = self.open(TransferPage::PERM).await?;
        let last = store::take_numbers(&mut scope, product, rows).await?;
        scope.commit(last).await
    }

    /// Gives numbers back, the latest first, as far as nobody has taken any behind them.
    async fn give_back(&self, product: &str, taken: &[(i32, i32)]) -> Result<(), AppError> {
        if taken.is_empty() {
            return Ok(());
        }
        let mut scope = self.open(TransferPage::PERM).await?;
        for (before, last) in taken.iter().rev() {
            store::give_back_numbers(&mut scope, product, *before, *last).await?;
        }
        scope.commit(()).await
    }

    async fn note(&self, report: Report) -> Result<(), AppError> {
        let mut scope = self.open(Perm::Read).await?;
        match self.dry {
            true => store::checked(&mut scope, &self.id, self.run, &report).await?,
            false => store::fail(&mut scope, &self.id, self.run, &report).await?,
        }
        scope.commit(()).await
    }
}

/// Notes that everything is in.
async fn taken_in(scope: &mut Scope, import: &Import, product: &ProductName, run: i32, report: &Report) -> Result<(), AppError> {
    let facts = json!({ "kind": import.kind.label(), "rows": report.good, "file": import.file_name });
    audit::event(scope.db(), "product.imported", ("Product", &product.id), facts).await?;
    store::done(scope, &import.id, run, report).await
}

/// Checks a file that came whole and, unless that is all that is wanted, takes it in as part of the caller's transaction: all of
/// it, or nothing where anything is wrong. Gives the import's id, if it was taken in.
pub async fn at_once(
    scope: &mut Scope,
    product: &ProductName,
    mut import: Import,
    file: &[u8],
) -> Result<(Option<String>, Report), AppError> {
    let done = AtomicI64::new(0);
    let checked = read(scope, &import, Some(file), None, &done).await?;
    if import.dry || checked.wrong > 0 {
        return Ok((None, checked));
    }
    import.id = store::begin(scope, &product.key, import.kind, &import.file_name).await?;
    for (n, piece) in (0..).zip(file.chunks(PIECE)) {
        store::add_part(scope, &import.id, n, piece).await?;
    }
    store::finish(scope, &import.id, Head::of(&import)).await?;
    if import.defaults {
        store::map(scope, &import, import.mapping.clone(), true).await?;
    }
    let run = store::start(scope, &import.id, false).await?;
    let incoming = Incoming::open(scope, import.kind).await?;
    let mut into = Sink { job: None, incoming, product: &product.id, taken: Vec::new() };
    let report = read(scope, &import, Some(file), Some(&mut into), &done).await?;
    taken_in(scope, &import, product, run, &report).await?;
    Ok((Some(import.id), report))
}

/// Where rows go.
struct Sink<'a> {
    /// What works at them by itself; none in a caller's own transaction, which is over too soon for anybody to wait for it.
    job: Option<&'a Job>,
    incoming: Incoming,
    product: &'a str,
    /// The numbers that were taken for them: the one before the first, and the last.
    taken: Vec<(i32, i32)>,
}

impl Sink<'_> {
    /// Takes in the rows that wait; gives how many that were.
    async fn flush(&mut self, scope: &mut Scope) -> Result<i64, AppError> {
        let rows = self.incoming.waiting();
        if rows == 0 {
            return Ok(0);
        }
        let last = match self.job {
            Some(job) => job.take_numbers(self.product, rows).await?,
            None => store::take_numbers(scope, self.product, rows).await?,
        };
        self.taken.push((last - rows as i32, last));
        self.incoming.flush(scope, self.product, last).await
    }
}

/// Reads the whole file, kept or given; takes its rows in where there is a place for them and for as long as none is wrong.
async fn read(
    scope: &mut Scope,
    import: &Import,
    file: Option<&[u8]>,
    mut into: Option<&mut Sink<'_>>,
    done: &AtomicI64,
) -> Result<Report, AppError> {
    let members = store::members(scope).await?;
    let (plan, mut pieces, mut report) = (Plan::new(import, &members), Pieces::new(import, file), Report::default());
    let mut more = true;
    while more {
        let mut each = |row: &Row| match plan.values(row) {
            Err(errors) => report.note(errors),
            Ok(values) => {
                report.right();
                if let Some(into) = into.as_mut().filter(|_| report.wrong == 0) {
                    into.incoming.add(&values);
                }
            }
        };
        more = pieces.read(scope, &mut each).await?;
        match into.as_mut().filter(|_| report.wrong == 0) {
            Some(into) => {
                if into.incoming.is_full() || !more {
                    let taken = into.flush(scope).await?;
                    done.fetch_add(taken, Ordering::Relaxed);
                }
            }
            None => done.store(report.rows(), Ordering::Relaxed),
        }
    }
    Ok(report)
}

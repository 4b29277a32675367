//! An import at work: all or nothing, in one transaction, beside which another connection tells how far it is.

use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use serde_json::json;
use sqlx::PgPool;
use tokio::sync::Semaphore;

use super::model::{Import, Report, TransferPage};
use super::reading::{Pieces, Plan};
use super::store::{self, Incoming};
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
            return read(&mut scope, &import, None, done).await.map(Some);
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
        let mut incoming = Incoming::open(&mut scope, import.kind).await?;
        let report = read(&mut scope, import, Some((&mut incoming, &product.id)), done).await?;
        if report.wrong > 0 {
            return Ok(Some(report));
        }
        let facts = json!({ "kind": import.kind.label(), "rows": report.good, "file": import.file_name });
        audit::event(scope.db(), "product.imported", ("Product", &product.id), facts).await?;
        store::done(&mut scope, &self.id, self.run, &report).await?;
        scope.commit(None).await
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

/// Reads the whole file; takes its rows in where there is a place for them and for as long as none is wrong.
async fn read(scope: &mut Scope, import: &Import, mut into: Option<(&mut Incoming, &str)>, done: &AtomicI64) -> Result<Report, AppError> {
    let members = store::members(scope).await?;
    let (plan, mut pieces, mut report) = (Plan::new(import, &members), Pieces::new(import), Report::default());
    let mut more = true;
    while more {
        let mut each = |row: &Row| match plan.values(row) {
            Err(errors) => report.note(errors),
            Ok(values) => {
                report.right();
                if let Some((incoming, _)) = into.as_mut().filter(|_| report.wrong == 0) {
                    incoming.add(&values);
                }
            }
        };
        more = pieces.read(scope, &mut each).await?;
        match into.as_mut().filter(|_| report.wrong == 0) {
            Some((incoming, product_id)) => {
                if incoming.is_full() || !more {
                    let taken = incoming.flush(scope, product_id).await?;
                    done.fetch_add(taken, Ordering::Relaxed);
                }
            }
            None => done.store(report.rows(), Ordering::Relaxed),
        }
    }
    Ok(report)
}

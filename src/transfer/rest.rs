//! The REST API of tables: what a product has as CSV, and CSV that is taken in.

mod body;

use axum::response::Response;

use super::model::{ImportLine, Kind, TransferPage};
use super::{export, run, store};
use crate::kernel::error::AppError;
use crate::kernel::role::Perm;
use crate::server::rest::problem::{Code, Problem};
use crate::server::rest::query::Whole;
use crate::server::rest::{Answered, Api, Call, Listed, Way, Wrong};
use body::{ImportBody, ImportOutcome, ImportRow};

pub fn routes(api: Api) -> Api {
    let all = "/orgs/{org}/products/{key}/imports";
    let one = "/orgs/{org}/products/{key}/imports/{id}";
    let tables = exports(api.tag("Import and export", "Ideas, feedback, features and tasks as tables, in CSV."));
    tables
        .list(all, TransferPage::PERM, "The product's newest imports of the kinds that the token's owner may take in.", list)
        .act(
            all,
            TransferPage::PERM,
            "Takes in a table of up to 10,000 rows and 16 MB, all of them or, where anything is wrong, none; what is wrong is told by line and column. With `dryRun` it is checked alone.",
            take_in,
        )
        .get(one, TransferPage::PERM, "One import, with what was found in its file.", get)
}

fn exports(api: Api) -> Api {
    let begin = |kind: Kind| export::head(kind).map(|head| String::from_utf8_lossy(&head).into_owned()).unwrap_or_default();
    let perm = Perm::ProductWrite;
    api.table(
        "/orgs/{org}/products/{key}/export/ideas.csv",
        perm,
        "The product's ideas, in the order in which they were made.",
        &begin(Kind::Ideas),
        ideas,
    )
    .table(
        "/orgs/{org}/products/{key}/export/feedback.csv",
        perm,
        "The product's feedback, in the order in which it came in.",
        &begin(Kind::Feedback),
        feedback,
    )
    .table(
        "/orgs/{org}/products/{key}/export/features.csv",
        perm,
        "The product's features, in the order in which they were made.",
        &begin(Kind::Features),
        features,
    )
    .table(
        "/orgs/{org}/products/{key}/export/tasks.csv",
        perm,
        "The product's tasks, in the order in which they were made.",
        &begin(Kind::Tasks),
        tasks,
    )
}

async fn exported(way: Way, kind: Kind) -> Result<Response, AppError> {
    let (org, key) = (way.at("org"), way.at("key"));
    export::begin(way.web, way.caller, org, key, Some(kind)).await
}

async fn ideas(way: Way) -> Result<Response, AppError> {
    exported(way, Kind::Ideas).await
}

async fn feedback(way: Way) -> Result<Response, AppError> {
    exported(way, Kind::Feedback).await
}

async fn features(way: Way) -> Result<Response, AppError> {
    exported(way, Kind::Features).await
}

async fn tasks(way: Way) -> Result<Response, AppError> {
    exported(way, Kind::Tasks).await
}

async fn list(mut call: Call, _: Whole) -> Answered<Listed<ImportLine>> {
    let key = call.at("key");
    let product = store::product(&mut call.scope, &key).await?;
    let imports = store::list(&mut call.scope, &product.id).await?;
    call.done(Listed::all(imports))
}

async fn get(mut call: Call, _: Whole) -> Answered<ImportRow> {
    let (key, id) = (call.at("key"), call.at("id"));
    let (import, _) = store::get(&mut call.scope, &id, Some(&key)).await?;
    call.done(import.into())
}

async fn take_in(mut call: Call, body: ImportBody) -> Answered<ImportOutcome> {
    let key = call.at("key");
    let product = store::product(&mut call.scope, &key).await?;
    if !call.scope.can(body.kind.perm()) {
        return Err(AppError::Forbidden.into());
    }
    let import = body.read().await?;
    let (dry, mut outcome) = (import.dry, ImportOutcome::of(&import));
    let (id, report) = run::at_once(&mut call.scope, &product, import, body.csv.as_bytes()).await?;
    if report.wrong > 0 && !dry {
        let told = format!("{} of {} rows are wrong, so nothing was taken in.", report.bad, report.rows());
        let errors = report.errors.iter().map(|wrong| Wrong::at("#/csv", wrong.told())).collect();
        return Err(Problem { errors, ..Problem::new(Code::ValidationError, told) });
    }
    (outcome.id, outcome.report) = (id, report);
    call.done(outcome)
}

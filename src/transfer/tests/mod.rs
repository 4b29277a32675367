mod bad_input;
mod export;
mod run;
mod store;
mod upload;

use axum::body::{Body, to_bytes};
use http::header::{ACCEPT, CONTENT_TYPE, COOKIE, HOST, LOCATION, ORIGIN};
use http::{Request, Response, StatusCode};
use tower::ServiceExt;

use super::model::{Import, Kind, Mapping, Report, Source, TransferPage};
use super::run::Job;
use super::store as stored;
use crate::kernel::error::AppError;
use crate::server::scope::Scope;
use crate::server::serve::router;
use crate::server::session;
use crate::testing::{TestDb, TestUser};

const BOUNDARY: &str = "-----a-boundary";

/// An organisation with a product.
async fn workshop(db: &TestDb) -> TestUser {
    let admin = db.org("acme").await;
    db.product("acme", &admin, "rocket").await;
    admin
}

async fn scope(db: &TestDb, user: &TestUser) -> Scope {
    db.scope("acme", user, TransferPage::PERM).await.unwrap()
}

/// A form with a file, as a browser sends it.
fn form(kind: &str, source: &str, file: &[u8]) -> Vec<u8> {
    let field = |name: &str, value: &str| {
        format!("--{BOUNDARY}\r\ncontent-disposition: form-data; name=\"form[{name}]\"\r\n\r\n{value}\r\n").into_bytes()
    };
    let head =
        format!("--{BOUNDARY}\r\ncontent-disposition: form-data; name=\"file\"; filename=\"my.csv\"\r\ncontent-type: text/csv\r\n\r\n");
    [field("kind", kind), field("source", source), head.into_bytes(), file.to_vec(), format!("\r\n--{BOUNDARY}--\r\n").into_bytes()]
        .concat()
}

fn request(user: &TestUser, builder: http::request::Builder, body: Vec<u8>) -> Request<Body> {
    let token = user.caller.token.clone().unwrap_or_default();
    let builder = builder.header(COOKIE, format!("{}={token}", session::COOKIE)).header(HOST, "pm.example");
    builder.header(ORIGIN, "http://pm.example").header(ACCEPT, "text/html").body(Body::from(body)).unwrap()
}

async fn post(db: &TestDb, user: &TestUser, product: &str, body: Vec<u8>) -> Response<Body> {
    let builder = Request::post(format!("/orgs/acme/products/{product}/transfer/upload"));
    let builder = builder.header(CONTENT_TYPE, format!("multipart/form-data; boundary={BOUNDARY}"));
    router(db.state()).oneshot(request(user, builder, body)).await.unwrap()
}

async fn get(db: &TestDb, user: &TestUser, path: &str) -> Response<Body> {
    router(db.state()).oneshot(request(user, Request::get(path), Vec::new())).await.unwrap()
}

async fn text(response: Response<Body>) -> String {
    String::from_utf8(to_bytes(response.into_body(), usize::MAX).await.unwrap().to_vec()).unwrap()
}

/// Sends a file; gives the import's id.
async fn send_to(db: &TestDb, user: &TestUser, product: &str, kind: Kind, source: Option<Source>, file: &[u8]) -> String {
    let response = post(db, user, product, form(kind.word(), source.map(Source::word).unwrap_or_default(), file)).await;
    let location = response.headers().get(LOCATION).map(|to| to.to_str().unwrap().to_owned());
    let Some(location) = location.filter(|_| response.status() == StatusCode::SEE_OTHER) else {
        panic!("{}: {}", response.status(), text(response).await);
    };
    location.rsplit('/').next().unwrap().to_owned()
}

async fn send(db: &TestDb, user: &TestUser, kind: Kind, file: &str) -> String {
    send_to(db, user, "rocket", kind, None, file.as_bytes()).await
}

/// Sends a file that is refused; gives what is said of it.
async fn refused(db: &TestDb, user: &TestUser, file: &[u8]) -> String {
    let response = post(db, user, "rocket", form("IDEAS", "", file)).await;
    assert_eq!(response.status(), StatusCode::UNPROCESSABLE_ENTITY);
    let page = text(response).await;
    let told = page.split("id=\"field-file-error\"").nth(1).and_then(|rest| rest.split_once('>')).unwrap_or_else(|| panic!("{page}")).1;
    told.split("</p>").next().unwrap_or_default().replace("<!>", "").replace("<!---->", "")
}

async fn import(db: &TestDb, user: &TestUser, id: &str) -> Import {
    stored::get(&mut scope(db, user).await, id, None).await.unwrap().0
}

async fn begin(db: &TestDb, user: &TestUser, id: &str, dry: bool) -> Result<Job, AppError> {
    let mut scope = scope(db, user).await;
    let run = stored::start(&mut scope, id, dry).await?;
    scope.commit(()).await?;
    Ok(Job { pool: db.app.clone(), caller: user.caller.clone(), org: "acme".into(), id: id.into(), run, dry })
}

/// Checks or takes in a file to the end; gives what has become of it.
async fn work(db: &TestDb, user: &TestUser, id: &str, dry: bool) -> (Import, Report) {
    begin(db, user, id, dry).await.unwrap().work().await;
    let import = import(db, user, id).await;
    let report = import.report.clone().unwrap();
    (import, report)
}

async fn count(db: &TestDb, table: &str) -> i64 {
    let sql = format!(r#"SELECT count(*) FROM "{table}""#);
    sqlx::query_scalar(sqlx::AssertSqlSafe(sql)).fetch_one(&db.owner).await.unwrap()
}

/// The mapping of a file by its own headings.
fn mapping(kind: Kind, headings: &[&str]) -> Mapping {
    Mapping::of(Source::Other, kind, &headings.iter().map(|heading| (*heading).to_owned()).collect::<Vec<_>>())
}

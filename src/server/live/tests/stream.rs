use std::time::{Duration, Instant};

use axum::body::Body;
use axum::response::Response;
use http::{Method, Request, StatusCode};
use http_body_util::BodyExt;
use sqlx::PgPool;
use tokio::task::JoinHandle;
use tokio::time::timeout;
use tower::ServiceExt;

use super::{NEW_IDEA, add_idea, workshop};
use crate::kernel::role::Role;
use crate::server::live::run;
use crate::server::request::AppState;
use crate::server::serve::router;
use crate::testing::{TestDb, TestUser};

async fn ask(state: &AppState, user: Option<&TestUser>, query: &str, last: Option<&str>) -> Response {
    let mut request = Request::builder().method(Method::GET).uri(format!("/events?{query}"));
    if let Some(token) = user.and_then(|user| user.caller.token.as_ref()) {
        request = request.header("cookie", format!("{}={token}", crate::server::session::COOKIE));
    }
    if let Some(last) = last {
        request = request.header("last-event-id", last);
    }
    router(state.clone()).oneshot(request.body(Body::empty()).unwrap()).await.unwrap()
}

/// A stream, and what has come of it and was not looked for yet.
struct Stream {
    body: Body,
    heard: String,
}

impl Stream {
    async fn open(state: &AppState, user: &TestUser, query: &str, last: Option<&str>) -> Stream {
        let response = ask(state, Some(user), query, last).await;
        assert_eq!(response.status(), StatusCode::OK);
        let header = |name: &str| response.headers().get(name).unwrap().to_str().unwrap().to_owned();
        assert_eq!([header("content-type"), header("cache-control"), header("x-accel-buffering")], ["text/event-stream", "no-store", "no"]);
        assert!(response.headers().get("content-encoding").is_none());
        Stream { body: response.into_body(), heard: String::new() }
    }

    /// The next piece; nothing at the stream's end.
    async fn piece(&mut self) -> Option<String> {
        let frame = timeout(Duration::from_secs(8), self.body.frame()).await.expect("something comes")?;
        Some(String::from_utf8(frame.unwrap().into_data().unwrap().to_vec()).unwrap())
    }

    /// Waits until this was said.
    async fn hear(&mut self, what: &str) {
        while !self.heard.contains(what) {
            let piece = self.piece().await.unwrap_or_else(|| panic!("ended without {what}: {}", self.heard));
            self.heard.push_str(&piece);
        }
    }

    /// All that comes until the end.
    async fn rest(mut self) -> String {
        while let Some(piece) = self.piece().await {
            self.heard.push_str(&piece);
        }
        self.heard
    }
}

/// A process at work on this database.
struct Process {
    state: AppState,
    task: JoinHandle<()>,
}

impl Drop for Process {
    fn drop(&mut self) {
        self.task.abort();
    }
}

fn start(db: &TestDb) -> Process {
    let state = db.state();
    Process { task: tokio::spawn(run(state.pool.clone(), state.live.clone())), state }
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn members_alone_hear_and_of_their_own_organisation_alone(pool: PgPool) {
    let (db, admin) = workshop(&pool).await;
    let other = db.org("other").await;
    let process = start(&db);
    let state = &process.state;
    assert_eq!(ask(state, None, "org=acme", None).await.status(), StatusCode::UNAUTHORIZED);
    assert_eq!(ask(state, Some(&other), "org=acme", None).await.status(), StatusCode::NOT_FOUND);
    assert_eq!(ask(state, Some(&other), "org=no%00where", None).await.status(), StatusCode::NOT_FOUND);
    assert_eq!(ask(state, Some(&admin), "", None).await.status(), StatusCode::BAD_REQUEST);
    let member = db.member("acme", Role::Stakeholder).await;
    let mut theirs = Stream::open(state, &other, "org=other", None).await;
    let mut ours = Stream::open(state, &member, "org=acme", None).await;
    ours.hear("event: hello").await;
    theirs.hear("event: hello").await;
    // The reader may begin only now, and what it has not seen it makes good for.
    tokio::time::sleep(Duration::from_millis(300)).await;
    let begin = Instant::now();
    let id = add_idea(&db, &admin, "Secret title").await;
    ours.hear(&format!(r#""id":"{id}""#)).await;
    assert!(begin.elapsed() < Duration::from_millis(900), "not by the poll: {:?}", begin.elapsed());
    assert!(ours.heard.contains(r#"data: {"entity":"Idea""#) && ours.heard.contains(r#""action":"idea.created""#), "{}", ours.heard);
    assert!(!ours.heard.contains("Secret"), "never what is in the row");
    state.live.close();
    assert!(!theirs.rest().await.contains("Idea"));
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn what_foreign_clients_and_other_processes_write_is_heard_of(pool: PgPool) {
    let (db, admin) = workshop(&pool).await;
    let (one, two) = (start(&db), start(&db));
    let mut first = Stream::open(&one.state, &admin, "org=acme", None).await;
    let mut second = Stream::open(&two.state, &admin, "org=acme", None).await;
    first.hear("hello").await;
    second.hear("hello").await;
    sqlx::query(NEW_IDEA).bind("foreign").bind("rocket").execute(&pool).await.unwrap();
    first.hear(r#""id":"foreign""#).await;
    second.hear(r#""id":"foreign""#).await;
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn whoever_comes_back_is_told_what_they_missed(pool: PgPool) {
    let (db, admin) = workshop(&pool).await;
    let state = db.state();
    let long_ago = "c00000000000001aaaaaaaaaa";
    let known = add_idea(&db, &admin, "Known").await;
    let last: String = sqlx::query_scalar(r#"SELECT max(id) FROM "AuditLog""#).fetch_one(&pool).await.unwrap();
    let (first, second) = (add_idea(&db, &admin, "First").await, add_idea(&db, &admin, "Second").await);
    for query in [format!("org=acme&last={last}"), "org=acme&ago=60000".into(), "org=acme".into()] {
        let header = (query == "org=acme").then_some(last.as_str());
        let mut stream = Stream::open(&state, &admin, &query, header).await;
        stream.hear(&second).await;
        let (at_first, at_second) = (stream.heard.find(&first).unwrap(), stream.heard.find(&second).unwrap());
        assert!(at_first < at_second, "in their order");
        assert!(stream.heard.contains(&known) || query.contains("last"), "what was just before may come again");
    }
    sqlx::query(r#"UPDATE "AuditLog" SET "createdAt" = "createdAt" - interval '1 hour', id = 'c0' || substr(id, 3)"#)
        .execute(&pool)
        .await
        .unwrap();
    let mut stream = Stream::open(&state, &admin, "org=acme&ago=1", None).await;
    stream.hear("hello").await;
    assert!(!stream.heard.contains("entity"), "nothing was missed: {}", stream.heard);
    for query in ["org=acme&last=nonsense", "org=acme&last=c%C3%A4%C3%A4%C3%A4%C3%A4%C3%A4%C3%A4%C3%A4%C3%A4", "org=acme&ago=99999999999"] {
        Stream::open(&state, &admin, query, None).await.hear("event: reset").await;
    }
    sqlx::query(
        r#"INSERT INTO "AuditLog" (id, action, "entityType", "entityId", "organizationId")
           SELECT new_audit_id(), 'idea.updated', 'Idea', 'i', id FROM "Organization", generate_series(1, 501)"#,
    )
    .execute(&pool)
    .await
    .unwrap();
    let mut stream = Stream::open(&state, &admin, &format!("org=acme&last={long_ago}"), None).await;
    stream.hear("event: reset").await;
    assert!(!stream.heard.contains("entity"));
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn what_a_person_did_before_the_page_was_made_is_no_news_to_them(pool: PgPool) {
    let (db, admin) = workshop(&pool).await;
    let state = db.state();
    let other = db.member("acme", Role::ProductManager).await;
    let (mine, theirs) = (add_idea(&db, &admin, "Mine").await, add_idea(&db, &other, "Theirs").await);
    let mut stream = Stream::open(&state, &admin, "org=acme&ago=0", None).await;
    stream.hear(&theirs).await;
    assert!(!stream.heard.contains(&mine), "{}", stream.heard);
    let mut stream = Stream::open(&state, &admin, "org=acme&ago=60000", None).await;
    stream.hear(&theirs).await;
    assert!(stream.heard.contains(&mine), "another tab may have done it since: {}", stream.heard);
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn whoever_may_hear_no_more_is_cut_off_at_once(pool: PgPool) {
    let (db, admin) = workshop(&pool).await;
    let process = start(&db);
    let state = &process.state;
    let (removed, ended, stays) =
        (db.member("acme", Role::Developer).await, db.member("acme", Role::Developer).await, db.member("acme", Role::Developer).await);
    let mut streams = Vec::new();
    for user in [&removed, &ended, &stays] {
        let mut stream = Stream::open(state, user, "org=acme", None).await;
        stream.hear("hello").await;
        streams.push(stream);
    }
    tokio::time::sleep(Duration::from_millis(300)).await;
    let [first, second, mut third] = streams.try_into().ok().unwrap();
    let begin = Instant::now();
    // Not even what comes in the same transaction is heard.
    let mut tx = pool.begin().await.unwrap();
    sqlx::query(r#"DELETE FROM "Membership" WHERE "userId" = $1"#).bind(&removed.id).execute(&mut *tx).await.unwrap();
    sqlx::query(NEW_IDEA).bind("afterwards").bind("rocket").execute(&mut *tx).await.unwrap();
    tx.commit().await.unwrap();
    let heard = first.rest().await;
    assert!(heard.ends_with("event: end\ndata: {}\n\n") && !heard.contains("afterwards"), "{heard}");
    assert!(begin.elapsed() < Duration::from_secs(2), "{:?}", begin.elapsed());
    sqlx::query(r#"DELETE FROM "Session" WHERE "userId" = $1"#).bind(&ended.id).execute(&pool).await.unwrap();
    let begin = Instant::now();
    assert!(second.rest().await.contains("event: end"));
    assert!(begin.elapsed() < Duration::from_secs(5), "{:?}", begin.elapsed());
    third.hear("afterwards").await;
    assert_eq!(state.live.count(), 1);
    sqlx::query(r#"UPDATE "Organization" SET "deletedAt" = now()"#).execute(&pool).await.unwrap();
    assert!(third.rest().await.contains("event: end"));
    drop(admin);
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn a_page_is_noted_for_the_streams_own_session(pool: PgPool) {
    let (db, admin) = workshop(&pool).await;
    let state = db.state();
    let member = db.member("acme", Role::Developer).await;
    let mut ours = Stream::open(&state, &admin, "org=acme&at=/page", None).await;
    let mut theirs = Stream::open(&state, &member, "org=acme", None).await;
    ours.hear("hello").await;
    theirs.hear("hello").await;
    let stream: u64 = theirs.heard.split_once(r#""stream":"#).unwrap().1.split('}').next().unwrap().parse().unwrap();
    for (user, at, status) in [(None, "/page", 401), (Some(&admin), "/elsewhere", 204), (Some(&member), "/page", 204)] {
        let mut request = Request::builder().method(Method::POST).uri("/events/at").header("content-type", "application/json");
        request = request.header("sec-fetch-site", "same-origin");
        if let Some(token) = user.and_then(|user| user.caller.token.as_ref()) {
            request = request.header("cookie", format!("{}={token}", crate::server::session::COOKIE));
        }
        let body = Body::from(format!(r#"{{"stream":{stream},"at":"{at}"}}"#));
        let response = router(state.clone()).oneshot(request.body(body).unwrap()).await.unwrap();
        assert_eq!(response.status(), status);
    }
    ours.hear(r#"["Test Person"]"#).await;
    theirs.hear(r#"["Test Person"]"#).await;
}

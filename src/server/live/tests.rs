#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::time::{Duration, Instant};

use axum::body::{Body, Bytes};
use axum::response::Response;
use http::{Method, Request, StatusCode};
use http_body_util::BodyExt;
use sqlx::PgPool;
use tokio::time::timeout;
use tower::ServiceExt;

use super::change::Change;
use super::hub::{Live, PER_PERSON, Who};
use super::tail::{ONE_BY_ONE, Tail};
use super::watch::run;
use crate::idea::model::IdeaForm;
use crate::idea::store as ideas;
use crate::kernel::role::{Perm, Role};
use crate::server::id::hash;
use crate::server::request::AppState;
use crate::server::serve::router;
use crate::testing::{TestDb, TestUser};

const NEW_IDEA: &str = r#"INSERT INTO "Idea" (id, title, description, "productId", "creatorId")
    SELECT $1, $1, '', p.id, u.id FROM "Product" p, "User" u WHERE p.key = 'rocket' AND u.email = 'admin@acme.test'"#;

async fn workshop(pool: &PgPool) -> (TestDb, TestUser) {
    let db = TestDb::new(pool).await;
    let admin = db.org("acme").await;
    db.product("acme", &admin, "rocket").await;
    (db, admin)
}

async fn add_idea(db: &TestDb, by: &TestUser, title: &str) -> String {
    let mut scope = db.scope("acme", by, Perm::IdeaWrite).await.unwrap();
    let fields = IdeaForm { title: title.into(), ..Default::default() }.validate().unwrap();
    let id = ideas::create(&mut scope, "rocket", fields).await.unwrap();
    scope.commit(id).await.unwrap()
}

async fn tail(pool: &PgPool) -> Tail {
    Tail::open(&pool.connect_options()).await.unwrap()
}

async fn items(tail: &mut Tail) -> Vec<String> {
    tail.read().await.unwrap().changes.into_iter().map(|change| change.item.unwrap_or_else(|| format!("many {}", change.entity))).collect()
}

// ---- The tail

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn a_change_is_found_once_and_with_what_it_was(pool: PgPool) {
    let (db, admin) = workshop(&pool).await;
    let mut tail = tail(&db.app).await;
    assert_eq!(items(&mut tail).await, Vec::<String>::new(), "what was there before is no news");
    let id = add_idea(&db, &admin, "New").await;
    let found = tail.read().await.unwrap();
    let [change] = found.changes.as_slice() else { panic!("{found:?}") };
    assert_eq!((change.entity.as_str(), change.action.as_str(), change.item.as_deref()), ("Idea", "idea.created", Some(id.as_str())));
    assert_eq!((change.person.as_ref(), change.many, found.doors), (Some(&admin.id), false, false));
    assert!(change.id.is_some());
    assert_eq!(items(&mut tail).await, Vec::<String>::new());
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn a_late_commit_is_not_skipped_and_delays_nobody(pool: PgPool) {
    let (db, admin) = workshop(&pool).await;
    let mut tail = tail(&db.app).await;
    let (mut early, mut long) = (pool.begin().await.unwrap(), pool.begin().await.unwrap());
    sqlx::query(NEW_IDEA).bind("early").execute(&mut *early).await.unwrap();
    sqlx::query(NEW_IDEA).bind("long").execute(&mut *long).await.unwrap();
    let quick = add_idea(&db, &admin, "Quick").await;
    assert_eq!(items(&mut tail).await, [quick], "while others take their time");
    let second = add_idea(&db, &admin, "Second").await;
    early.commit().await.unwrap();
    let mut found = items(&mut tail).await;
    found.sort();
    let mut expected = [second, "early".to_owned()];
    expected.sort();
    assert_eq!(found, expected);
    assert_eq!(items(&mut tail).await, Vec::<String>::new());
    sqlx::query(NEW_IDEA).bind("longer").execute(&mut *long).await.unwrap();
    long.commit().await.unwrap();
    assert_eq!(items(&mut tail).await, ["long", "longer"]);
    let mut undone = pool.begin().await.unwrap();
    sqlx::query(NEW_IDEA).bind("undone").execute(&mut *undone).await.unwrap();
    assert_eq!(items(&mut tail).await, Vec::<String>::new());
    undone.rollback().await.unwrap();
    assert_eq!(items(&mut tail).await, Vec::<String>::new());
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn many_changes_of_one_transaction_are_one(pool: PgPool) {
    let (db, admin) = workshop(&pool).await;
    let mut tail = tail(&db.app).await;
    let mut import = pool.begin().await.unwrap();
    sqlx::query(
        r#"INSERT INTO "Idea" (id, title, description, "productId", "creatorId")
           SELECT 'i' || n, 'I', '', p.id, $2 FROM "Product" p, generate_series(1, $1) n"#,
    )
    .bind(20_000_i32)
    .bind(&admin.id)
    .execute(&mut *import)
    .await
    .unwrap();
    import.commit().await.unwrap();
    let single = add_idea(&db, &admin, "Single").await;
    let found = tail.read().await.unwrap();
    assert!(!found.too_much);
    let [many, one] = found.changes.as_slice() else { panic!("{} changes", found.changes.len()) };
    assert_eq!((many.many, many.item.as_ref(), one.item.as_ref()), (true, None, Some(&single)));
    let last: String = sqlx::query_scalar(r#"SELECT max(id) FROM "AuditLog" WHERE "entityId" LIKE 'i%' AND "entityId" <> $1"#)
        .bind(&single)
        .fetch_one(&pool)
        .await
        .unwrap();
    assert!(many.id.as_deref() >= Some(last.as_str()), "whoever goes on from it has heard of all");

    for n in 0..ONE_BY_ONE + 1 {
        sqlx::query(NEW_IDEA).bind(format!("own{n}")).execute(&pool).await.unwrap();
    }
    assert_eq!(items(&mut tail).await.len() as i64, ONE_BY_ONE + 1, "each in a transaction of its own");
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn another_place_on_a_board_is_told_though_it_is_not_logged(pool: PgPool) {
    let (db, admin) = workshop(&pool).await;
    let id = add_idea(&db, &admin, "Card").await;
    let mut tail = tail(&db.app).await;
    sqlx::query(r#"UPDATE "Idea" SET rank = '1'"#).execute(&pool).await.unwrap();
    let found = tail.read().await.unwrap();
    let [change] = found.changes.as_slice() else { panic!("{found:?}") };
    assert_eq!((change.id.as_ref(), change.item.as_ref(), change.action.as_str()), (None, Some(&id), "reordered"));
    sqlx::query(r#"UPDATE "Reordered" SET "createdAt" = now() - interval '1 hour'"#).execute(&pool).await.unwrap();
    tail.sweep().await.unwrap();
    let left: i64 = sqlx::query_scalar(r#"SELECT count(*) FROM "Reordered""#).fetch_one(&pool).await.unwrap();
    assert_eq!(left, 0);
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn only_what_everybody_may_read_is_told(pool: PgPool) {
    let (db, admin) = workshop(&pool).await;
    let mut tail = tail(&db.app).await;
    let organization: String = sqlx::query_scalar(r#"SELECT id FROM "Organization""#).fetch_one(&pool).await.unwrap();
    for sql in [
        r#"INSERT INTO "SavedView" (id, "productId", "authorId", name, query) SELECT 'v', id, $1, 'Mine', '' FROM "Product" WHERE $2 <> ''"#,
        r#"INSERT INTO "Webhook" (id, "organizationId", url, events, secret, "createdBy") SELECT 'w', $2, 'https://x.test', '{}', 's', $1"#,
        r#"UPDATE "Organization" SET name = 'Renamed' WHERE id = $2 AND $1 <> ''"#,
    ] {
        let _ = sqlx::query(sql).bind(&admin.id).bind(&organization).execute(&pool).await;
    }
    let written: i64 = sqlx::query_scalar(r#"SELECT count(*) FROM "AuditLog" WHERE "entityType" IN ('SavedView', 'Organization')"#)
        .fetch_one(&pool)
        .await
        .unwrap();
    assert!(written >= 2, "the log has them");
    let found = tail.read().await.unwrap();
    assert_eq!(found.changes, Vec::<Change>::new());
    assert!(found.doors);
    for secret in ["Session", "User", "Invitation", "SavedView", "Webhook", "ApiToken", "Account"] {
        assert!(!crate::audit::model::LIVE.contains(&secret), "{secret}");
    }
}

/// However long the log is and however long a transaction takes, a look reads what is new by the index alone.
#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn a_look_is_a_short_range_of_the_index(pool: PgPool) {
    let (db, admin) = workshop(&pool).await;
    let mut connection = db.app.acquire().await.unwrap();
    sqlx::raw_sql("SET ROLE prodmatic_system").execute(&mut *connection).await.unwrap();
    sqlx::query(
        r#"INSERT INTO "AuditLog" (id, action, "entityType", "entityId", "userId", "organizationId", xid)
           SELECT 'x' || n, 'idea.updated', 'Idea', 'i', $1, o.id, n::text::xid8 FROM "Organization" o, generate_series(1, 20000) n"#,
    )
    .bind(&admin.id)
    .execute(&pool)
    .await
    .unwrap();
    sqlx::raw_sql(r#"ANALYZE "AuditLog""#).execute(&pool).await.unwrap();
    let now: String = sqlx::query_scalar("SELECT pg_current_snapshot()::text").fetch_one(&pool).await.unwrap();
    let plan: serde_json::Value = sqlx::query_scalar(
        r#"EXPLAIN (FORMAT JSON) SELECT id FROM "AuditLog" WHERE xid >= pg_snapshot_xmax($1::text::pg_snapshot)
           OR xid = ANY (ARRAY(SELECT pg_snapshot_xip($1::text::pg_snapshot)))"#,
    )
    .bind(now)
    .fetch_one(&mut *connection)
    .await
    .unwrap();
    let plan = plan.to_string();
    assert!(plan.contains("AuditLog_xid_idx") && !plan.contains("Seq Scan"), "{plan}");
}

// ---- Those who listen

fn who(organization: &str, user: &str) -> Who {
    Who {
        organization: organization.into(),
        session: format!("session-{user}"),
        user: user.into(),
        name: user.to_uppercase(),
        token: hash(user),
    }
}

fn next(from: &mut tokio::sync::mpsc::Receiver<Bytes>) -> Option<String> {
    from.try_recv().ok().map(|said| String::from_utf8_lossy(&said).into_owned())
}

#[tokio::test]
async fn only_listeners_of_the_organisation_hear_and_a_slow_one_is_dropped() {
    let live = Live::default();
    let (_one, mut acme) = live.join(who("acme", "ann"), String::new()).unwrap();
    let (_two, mut other) = live.join(who("other", "bob"), String::new()).unwrap();
    let (_three, mut slow) = live.join(who("acme", "sid"), String::new()).unwrap();
    for n in 0..200 {
        live.tell("acme", &format!("{n}").into());
        assert_eq!(next(&mut acme), Some(n.to_string()));
    }
    assert_eq!((next(&mut other), live.count()), (None, 2));
    let mut kept = 0;
    while let Some(said) = slow.recv().await {
        assert_eq!(said, Bytes::from(kept.to_string()));
        kept += 1;
    }
    assert_eq!(kept, 64, "then the stream ends");
    drop(_two);
    assert_eq!(live.count(), 1);
    assert_eq!(other.recv().await, None);
    live.close();
    assert_eq!((live.count(), acme.recv().await), (0, None));
    assert!(live.join(who("acme", "ann"), String::new()).is_err());
}

#[tokio::test]
async fn a_person_has_so_many_streams() {
    let live = Live::default();
    let mut seats: Vec<_> = (0..PER_PERSON).map(|_| live.join(who("acme", "ann"), String::new()).unwrap()).collect();
    assert!(live.join(who("other", "ann"), String::new()).is_err());
    assert!(live.join(who("acme", "bob"), String::new()).is_ok());
    seats.pop();
    assert!(live.join(who("acme", "ann"), String::new()).is_ok());
}

#[tokio::test]
async fn those_at_one_page_learn_of_each_other() {
    let live = Live::default();
    let (ann, mut to_ann) = live.join(who("acme", "ann"), "/one".into()).unwrap();
    assert_eq!(next(&mut to_ann).unwrap(), "event: here\ndata: []\n\n");
    let (bob, mut to_bob) = live.join(who("acme", "bob"), "/two".into()).unwrap();
    let _again = live.join(who("acme", "ann"), "/one".into()).unwrap();
    let _elsewhere = live.join(who("other", "eve"), "/one".into()).unwrap();
    while next(&mut to_ann).is_some() {}
    while next(&mut to_bob).is_some() {}
    assert!(!live.moved(bob.key, &hash("ann"), "/one".into()), "with another session");
    assert_eq!(next(&mut to_ann), None);
    assert!(live.moved(bob.key, &hash("bob"), "/one".into()));
    assert_eq!(next(&mut to_ann).unwrap(), "event: here\ndata: [\"BOB\"]\n\n");
    assert_eq!(next(&mut to_bob).unwrap(), "event: here\ndata: [\"ANN\"]\n\n");
    drop(bob);
    assert_eq!(next(&mut to_ann).unwrap(), "event: here\ndata: []\n\n");
    assert!(!live.moved(ann.key + 100, &hash("ann"), String::new()));
}

// ---- The stream

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
fn start(db: &TestDb) -> AppState {
    let state = db.state();
    tokio::spawn(run(state.pool.clone(), state.live.clone()));
    state
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn members_alone_hear_and_of_their_own_organisation_alone(pool: PgPool) {
    let (db, admin) = workshop(&pool).await;
    let other = db.org("other").await;
    let state = start(&db);
    assert_eq!(ask(&state, None, "org=acme", None).await.status(), StatusCode::UNAUTHORIZED);
    assert_eq!(ask(&state, Some(&other), "org=acme", None).await.status(), StatusCode::NOT_FOUND);
    assert_eq!(ask(&state, Some(&other), "org=no%00where", None).await.status(), StatusCode::NOT_FOUND);
    assert_eq!(ask(&state, Some(&admin), "", None).await.status(), StatusCode::BAD_REQUEST);
    let member = db.member("acme", Role::Stakeholder).await;
    let mut theirs = Stream::open(&state, &other, "org=other", None).await;
    let mut ours = Stream::open(&state, &member, "org=acme", None).await;
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
    let mut first = Stream::open(&one, &admin, "org=acme", None).await;
    let mut second = Stream::open(&two, &admin, "org=acme", None).await;
    first.hear("hello").await;
    second.hear("hello").await;
    sqlx::query(NEW_IDEA).bind("foreign").execute(&pool).await.unwrap();
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
    for query in [format!("org=acme&last={last}"), "org=acme&ago=2000".into(), "org=acme".into()] {
        let header = (query == "org=acme").then_some(last.as_str());
        let mut stream = Stream::open(&state, &admin, &query, header).await;
        stream.hear(&second).await;
        let (at_first, at_second) = (stream.heard.find(&first).unwrap(), stream.heard.find(&second).unwrap());
        assert!(at_first < at_second, "in their order");
        assert!(stream.heard.contains(&known) || query.contains("last"), "what was just before may come again");
    }
    sqlx::query(r#"UPDATE "AuditLog" SET "createdAt" = "createdAt" - interval '1 hour', id = 'c0' || substr(id, 3)"#).execute(&pool).await.unwrap();
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
async fn whoever_may_hear_no_more_is_cut_off_at_once(pool: PgPool) {
    let (db, admin) = workshop(&pool).await;
    let state = start(&db);
    let (removed, ended, stays) =
        (db.member("acme", Role::Developer).await, db.member("acme", Role::Developer).await, db.member("acme", Role::Developer).await);
    let mut streams = Vec::new();
    for user in [&removed, &ended, &stays] {
        let mut stream = Stream::open(&state, user, "org=acme", None).await;
        stream.hear("hello").await;
        streams.push(stream);
    }
    tokio::time::sleep(Duration::from_millis(300)).await;
    let [first, second, mut third] = streams.try_into().ok().unwrap();
    let begin = Instant::now();
    // Not even what comes in the same transaction is heard.
    let mut tx = pool.begin().await.unwrap();
    sqlx::query(r#"DELETE FROM "Membership" WHERE "userId" = $1"#).bind(&removed.id).execute(&mut *tx).await.unwrap();
    sqlx::query(NEW_IDEA).bind("afterwards").execute(&mut *tx).await.unwrap();
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
    for (user, status) in [(None, 401), (Some(&admin), 404), (Some(&member), 204)] {
        let mut request = Request::builder().method(Method::POST).uri("/events/at").header("content-type", "application/json");
        request = request.header("sec-fetch-site", "same-origin");
        if let Some(token) = user.and_then(|user| user.caller.token.as_ref()) {
            request = request.header("cookie", format!("{}={token}", crate::server::session::COOKIE));
        }
        let body = Body::from(format!(r#"{{"stream":{stream},"at":"/page"}}"#));
        let response = router(state.clone()).oneshot(request.body(body).unwrap()).await.unwrap();
        assert_eq!(response.status(), status);
    }
    ours.hear(r#"["Test Person"]"#).await;
    theirs.hear(r#"["Test Person"]"#).await;
}

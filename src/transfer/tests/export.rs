//! A table that goes out, and comes back as it was.

use http::StatusCode;
use http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use sqlx::{AssertSqlSafe, PgPool};

use super::{get, import, send_to, text, work, workshop};
use crate::kernel::role::Role;
use crate::testing::{TestDb, TestUser};
use crate::transfer::model::{ImportStatus, Kind, Source};

/// Texts that a table has trouble with.
const HOSTILE: [&str; 17] = [
    "plain",
    "a \"quoted\" word, and a comma",
    "=HYPERLINK(\"http://evil.example\")",
    "'=already neutral",
    "''-twice",
    "@SUM(A1)",
    "+1",
    "-1",
    "'",
    "'quoted'",
    "x;=1+1;'-2",
    "🚀 emoji",
    "שלום וברכה",
    "e\u{301}",
    "  edges  ",
    "semi;colon",
    "\\N \\. \\t",
];

/// And such as only a text of several lines can hold.
const LINES: [&str; 5] = ["two\nlines", "two\r\nlines", "\ttab", "", "trailing \n\n"];

async fn exported(db: &TestDb, user: &TestUser, product: &str, kind: Kind) -> String {
    let response = get(db, user, &format!("/orgs/acme/products/{product}/export/{}.csv", kind.path())).await;
    assert_eq!(response.status(), StatusCode::OK);
    assert_eq!(response.headers()[CONTENT_TYPE], "text/csv; charset=utf-8");
    let name = format!("attachment; filename=\"{product}-{}.csv\"", kind.path());
    assert_eq!(response.headers()[CONTENT_DISPOSITION], name.as_str());
    text(response).await
}

/// Fills a product with things of every kind whose texts are hostile, made at times that differ in milliseconds or not at all.
async fn fill(pool: &PgPool, admin: &TestUser) {
    let mut n = 0;
    for title in HOSTILE {
        for body in LINES.iter().chain(HOSTILE.iter()) {
            n += 1;
            for sql in [
                r#"INSERT INTO "Idea" (id, title, description, "productId", "creatorId", tags, effort, "businessValue", "jobSize", "createdAt", status)
                   SELECT $1, $2, $3, p.id, $5, CASE WHEN $3 = '' THEN '{}' ELSE ARRAY[left($2, 40), 'b, "c"'] END, nullif($4 % 11, 0), $4 % 100,
                          nullif($4 % 3, 0), '2026-01-01T00:00:00.001Z'::timestamptz + make_interval(secs => ($4 / 2) * 0.007), 'UNDER_REVIEW'
                     FROM "Product" p WHERE key = 'rocket'"#,
                r#"INSERT INTO "Feedback" (id, title, description, "productId", source, "userEmail", "createdAt")
                   SELECT $1, $2, $3, p.id, nullif($2, 'plain'), CASE WHEN $4 % 2 = 0 AND $5 <> '' THEN 'ada@example.test' END,
                          '2026-01-01'::timestamptz + make_interval(secs => $4 / 3) FROM "Product" p WHERE key = 'rocket'"#,
                r#"INSERT INTO "Feature" (id, title, description, "productId", "acceptanceCriteria", "storyPoints", "createdAt")
                   SELECT $1, $2, $3, p.id, nullif($3, ''), CASE WHEN $5 <> '' THEN nullif($4 % 8, 0) END,
                          '2026-01-01'::timestamptz + make_interval(secs => $4 / 3) FROM "Product" p WHERE key = 'rocket'"#,
                r#"INSERT INTO "Task" (id, title, description, "productId", "assigneeId", "dueDate", "createdAt")
                   SELECT $1, $2, nullif($3, ''), p.id, CASE WHEN $4 % 2 = 0 THEN $5 END,
                          CASE WHEN $4 % 3 = 0 THEN '2026-03-01T12:00:00.5Z'::timestamptz END,
                          '2026-01-01'::timestamptz + make_interval(secs => $4 / 3) FROM "Product" p WHERE key = 'rocket'"#,
            ] {
                let query = sqlx::query(AssertSqlSafe(sql)).bind(format!("x{n:05}")).bind(title).bind(*body).bind(n).bind(&admin.id);
                query.execute(pool).await.unwrap();
            }
        }
    }
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn what_goes_out_comes_back_to_the_byte(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    let admin = workshop(&db).await;
    db.product("acme", &admin, "glider").await;
    fill(&pool, &admin).await;
    for kind in Kind::ALL {
        let out = exported(&db, &admin, "rocket", kind).await;
        let id = send_to(&db, &admin, "glider", kind, None, out.as_bytes()).await;
        assert_eq!(import(&db, &admin, &id).await.source, Source::Prodmatic, "known by its headings");
        let (done, report) = work(&db, &admin, &id, false).await;
        assert_eq!((done.status, report.good), (ImportStatus::Done, (HOSTILE.len() * (HOSTILE.len() + LINES.len())) as i64), "{report:?}");
        let again = exported(&db, &admin, "glider", kind).await;
        let differs = out.lines().zip(again.lines()).find(|(one, two)| one != two);
        assert_eq!(differs, None, "{kind:?}");
        assert_eq!(out, again, "{kind:?}");
    }
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn a_table_is_whole_harmless_and_told_of(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    let admin = workshop(&db).await;
    // More than one part, many of one time; and one that is deleted.
    sqlx::query(
        r#"INSERT INTO "Idea" (id, title, description, "productId", "creatorId", "createdAt", "deletedAt")
           SELECT 'i' || n, '=' || n, '', p.id, $1, '2026-01-01', CASE WHEN n = 7 THEN now() END FROM "Product" p, generate_series(1, 2500) n"#,
    )
    .bind(&admin.id)
    .execute(&pool)
    .await
    .unwrap();
    let file = exported(&db, &admin, "rocket", Kind::Ideas).await;
    let mut reader = csv::Reader::from_reader(file.as_bytes());
    assert_eq!(reader.headers().unwrap().iter().next_back(), Some("wsjf"));
    let titles: std::collections::BTreeSet<String> = reader.records().map(|row| row.unwrap()[0].to_owned()).collect();
    assert_eq!(titles.len(), 2_499, "each once");
    assert!(titles.iter().all(|title| title.starts_with("'=")) && !titles.contains("'=7"));
    let told: Vec<(Option<String>, serde_json::Value)> =
        sqlx::query_as(r#"SELECT "userId", metadata FROM "AuditLog" WHERE action = 'product.exported'"#).fetch_all(&pool).await.unwrap();
    assert_eq!(told, [(Some(admin.id.clone()), serde_json::json!({ "kind": "Ideas" }))]);
    assert_eq!(exported(&db, &admin, "rocket", Kind::Tasks).await.lines().count(), 1);
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn an_export_is_for_those_who_manage_the_product(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    let admin = workshop(&db).await;
    let (stranger, developer) = (db.org("other").await, db.member("acme", Role::Developer).await);
    let manager = db.member("acme", Role::ProductManager).await;
    for (user, path, status) in [
        (&admin, "rocket/export/ideas.csv", StatusCode::OK),
        (&manager, "rocket/export/feedback.csv", StatusCode::OK),
        (&developer, "rocket/export/ideas.csv", StatusCode::FORBIDDEN),
        (&stranger, "rocket/export/ideas.csv", StatusCode::NOT_FOUND),
        (&admin, "nothing/export/ideas.csv", StatusCode::NOT_FOUND),
        (&admin, "rock%00et/export/ideas.csv", StatusCode::NOT_FOUND),
        (&admin, "rocket/export/releases.csv", StatusCode::NOT_FOUND),
        (&admin, "rocket/export/ideas", StatusCode::NOT_FOUND),
    ] {
        assert_eq!(get(&db, user, &format!("/orgs/acme/products/{path}")).await.status(), status, "{path}");
    }
}

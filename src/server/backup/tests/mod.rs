mod pieces;
mod webhooks;

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use chrono::Utc;
use sqlx::postgres::PgPoolOptions;
use sqlx::{AssertSqlSafe, Connection, Executor, PgConnection, PgPool};

use super::format::{Applied, Head, Reader, Table, Tail, Writer};
use super::{How, check, save};
use crate::seed;
use crate::server::db::{APPLICATION, MIGRATIONS, as_app};
use crate::server::id::new_id;
use crate::testing::Beside;

/// A folder that goes away.
struct Folder(PathBuf);

impl Folder {
    fn new() -> Folder {
        let folder = std::env::temp_dir().join(new_id());
        fs::create_dir_all(&folder).unwrap();
        Folder(folder)
    }

    fn file(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// The demo, and a row in every table.
async fn fill(pool: &PgPool) {
    let app = as_app(pool.connect_options().as_ref().clone());
    let app = PgPoolOptions::new().max_connections(2).connect_with(app).await.unwrap();
    seed::run(&app, None).await.unwrap();
    app.close().await;
    crate::schema::populate_beside(pool, &["aa", "bb"]).await;
    for sql in [
        r#"INSERT INTO "Image" (id, bytes, "contentType") VALUES (repeat('0a', 32), '\x00ff5c0a0d', 'image/webp')"#,
        r#"UPDATE "Idea" SET description = E'tab\t, line\nfeed, \\ and \\N, \\. 🚀', tags = '{"a, b","\"quoted\""}' WHERE id = 'idea-aa'"#,
        r#"INSERT INTO "SignInFailure" ("emailHash", "ipAddress") VALUES ('a', ''), ('b', '')"#,
        r#"UPDATE "Idea" SET "mergedIntoId" = (SELECT min(id) FROM "Idea" WHERE title = 'Mobile App')
            WHERE id = (SELECT max(id) FROM "Idea" WHERE "organizationId" NOT IN ('aa', 'bb'))"#,
    ] {
        pool.execute(sql).await.unwrap();
    }
}

/// Every row of every table as text, less the numbers of transactions, which are each server's own.
async fn contents(connection: &mut PgConnection) -> BTreeMap<String, Vec<String>> {
    let tables: Vec<(String, String)> = sqlx::query_as(
        r#"SELECT c.relname::text, string_agg(quote_ident(a.attname), ', ' ORDER BY a.attnum)
             FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
            WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace AND a.atttypid <> 'xid8'::regtype
              AND (c.relname <> '_sqlx_migrations' OR a.attname IN ('version', 'checksum', 'success'))
            GROUP BY c.relname ORDER BY 1"#,
    )
    .fetch_all(&mut *connection)
    .await
    .unwrap();
    let mut contents = BTreeMap::new();
    for (table, columns) in tables {
        let sql = format!(r#"SELECT (t.*)::text FROM (SELECT {columns} FROM "{table}") t ORDER BY 1"#);
        contents.insert(table, sqlx::query_scalar(AssertSqlSafe(sql)).fetch_all(&mut *connection).await.unwrap());
    }
    contents
}

/// What stands around the rows: keys, triggers, walls, rights, indexes and functions.
async fn surroundings(connection: &mut PgConnection) -> Vec<String> {
    sqlx::query_scalar(
        r#"SELECT concat_ws(' ', conrelid::regclass, conname, pg_get_constraintdef(oid), convalidated) FROM pg_constraint
            WHERE connamespace = 'public'::regnamespace
           UNION ALL SELECT concat_ws(' ', tgrelid::regclass, tgname, tgenabled) FROM pg_trigger WHERE NOT tgisinternal
           UNION ALL SELECT concat_ws(' ', relname, relkind, relrowsecurity, relforcerowsecurity, relacl)
             FROM pg_class WHERE relnamespace = 'public'::regnamespace
           UNION ALL SELECT concat_ws(' ', proname, proowner::regrole, proacl, md5(prosrc))
             FROM pg_proc WHERE pronamespace = 'public'::regnamespace
           UNION ALL SELECT concat_ws(' ', polrelid::regclass, polname, polroles) FROM pg_policy
           ORDER BY 1"#,
    )
    .fetch_all(connection)
    .await
    .unwrap()
}

async fn backed_up(pool: &PgPool, file: &Path) {
    save(&mut pool.acquire().await.unwrap(), file, Some("fingerprint".into())).await.unwrap();
}

async fn restore(connection: &mut PgConnection, file: &Path, force: bool) -> Result<(Head, Tail), String> {
    super::restore(connection, file, How { force, ..How::default() }).await
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn what_was_backed_up_comes_back_row_for_row(pool: PgPool) {
    fill(&pool).await;
    let (folder, beside) = (Folder::new(), Beside::new(&pool).await);
    let file = folder.file("one.backup");
    backed_up(&pool, &file).await;
    assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
    assert_eq!(fs::read_dir(&folder.0).unwrap().count(), 1, "and nothing beside it");
    let (head, tail) = check(&file).unwrap();
    assert_eq!((head.key.as_deref(), head.migrations.len()), (Some("fingerprint"), MIGRATIONS.iter().count()));
    let mut source = pool.acquire().await.unwrap();
    let before = contents(&mut source).await;
    for sum in &tail.tables {
        assert_eq!(before[&sum.name].len() as u64, sum.rows, "{}", sum.name);
    }
    assert_eq!(tail.tables.len() + 1, before.len(), "but for the list of migrations");
    let mut target = beside.connect().await;
    restore(&mut target, &file, false).await.unwrap();
    let after = contents(&mut target).await;
    for (table, rows) in &before {
        assert_eq!(Some(rows), after.get(table), "{table}");
    }
    assert_eq!(before.len(), after.len());
    assert_eq!(surroundings(&mut source).await, surroundings(&mut target).await);
    // Numbers go on behind those that are there, and changes are recorded again.
    let failure = r#"INSERT INTO "SignInFailure" ("emailHash", "ipAddress") VALUES ('c', '')"#;
    target.execute(failure).await.unwrap();
    target.execute(r#"UPDATE "Idea" SET title = 'Changed' WHERE id = 'idea-aa'"#).await.unwrap();
    let told = r#"SELECT count(*) FROM "AuditLog" WHERE "entityId" = 'idea-aa' AND action = 'idea.updated' AND xid = pg_current_xact_id()"#;
    let after: i64 = sqlx::query_scalar(told).fetch_one(&mut target).await.unwrap();
    assert_eq!(after, 0, "in a transaction of its own");
    let yet_to_come = r#"SELECT count(*) FROM "AuditLog" WHERE xid >= pg_snapshot_xmax(pg_current_snapshot())"#;
    assert_eq!(sqlx::query_scalar::<_, i64>(yet_to_come).fetch_one(&mut target).await.unwrap(), 0);
    target.close().await.unwrap();
    beside.drop().await;
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn what_is_there_is_replaced_only_by_force(pool: PgPool) {
    let (folder, beside) = (Folder::new(), Beside::new(&pool).await);
    let file = folder.file("empty.backup");
    backed_up(&pool, &file).await;
    let mut target = beside.connect().await;
    // A schema without a row is as good as nothing.
    MIGRATIONS.run(&mut target).await.unwrap();
    restore(&mut target, &file, false).await.unwrap();
    target.execute(r#"INSERT INTO "User" (id, email) VALUES ('u', 'ada@example.com')"#).await.unwrap();
    let kept = contents(&mut target).await;
    let refused = restore(&mut target, &file, false).await.unwrap_err();
    assert!(refused.contains("there is something in User") && refused.contains("--force"), "{refused}");
    assert_eq!(contents(&mut target).await, kept);
    // A server at work is not pulled the ground from under, even by force.
    let server = PgConnection::connect_with(&beside.options.clone().application_name(APPLICATION)).await.unwrap();
    let refused = restore(&mut target, &file, true).await.unwrap_err();
    assert!(refused.contains("stop it first"), "{refused}");
    assert_eq!(contents(&mut target).await, kept);
    server.close().await.unwrap();
    let mut forced = Err("not tried".to_owned());
    for _ in 0..50 {
        // The other connection's process ends in its own time.
        forced = restore(&mut target, &file, true).await.map(drop);
        if forced.is_ok() {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    forced.unwrap();
    assert!(contents(&mut target).await["User"].is_empty());
    // Tables that are not ours, in a database that is not either.
    target.close().await.unwrap();
    let other = Beside::new(&pool).await;
    let mut target = other.connect().await;
    target.execute("CREATE TABLE precious (id int)").await.unwrap();
    assert!(restore(&mut target, &file, false).await.unwrap_err().contains("something in precious"));
    let again = save(&mut target, &folder.file("none.backup"), None).await.unwrap_err();
    assert!(again.contains("nothing of ProdMatic"), "{again}");
    target.close().await.unwrap();
    assert!(save(&mut pool.acquire().await.unwrap(), &file, None).await.unwrap_err().contains("exists already"));
    assert_eq!(fs::read_dir(&folder.0).unwrap().count(), 1);
    other.drop().await;
    beside.drop().await;
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn a_damaged_cut_off_or_foreign_file_changes_nothing(pool: PgPool) {
    crate::schema::populate(&pool, &["aa"]).await;
    let (folder, beside) = (Folder::new(), Beside::new(&pool).await);
    let file = folder.file("whole.backup");
    backed_up(&pool, &file).await;
    let mut target = beside.connect().await;
    MIGRATIONS.run(&mut target).await.unwrap();
    target.execute(r#"INSERT INTO "User" (id, email) VALUES ('u', 'ada@example.com')"#).await.unwrap();
    let kept = contents(&mut target).await;
    let whole = fs::read(&file).unwrap();
    let (bad, last) = (folder.file("bad.backup"), whole.len() - 1);
    let mut variants = vec![(String::from("empty"), Vec::new()), ("text".into(), b"-- PostgreSQL database dump\n".to_vec())];
    for at in [0, 18, 20, 25, 200, last / 4, last / 2, last * 3 / 4, last - 40, last - 31, last] {
        let mut damaged = whole.clone();
        damaged[at] ^= 0x01;
        variants.push((format!("another byte at {at}"), damaged));
        variants.push((format!("cut off at {at}"), whole[..at].to_vec()));
    }
    variants.push(("something behind it".into(), [&whole[..], b"\n"].concat()));
    variants.push(("a piece left out".into(), [&whole[..last / 2], &whole[last / 2 + 10..]].concat()));
    let newer = [b"ProdMatic backup 2\n".as_slice(), &whole[19..]].concat();
    for (what, bytes) in variants {
        fs::write(&bad, bytes).unwrap();
        let refused = restore(&mut target, &bad, true).await.expect_err(&what);
        assert!(refused.contains("Nothing was changed") && !refused.contains('\n'), "{what}: {refused}");
    }
    fs::write(&bad, newer).unwrap();
    assert!(restore(&mut target, &bad, true).await.unwrap_err().contains("newer version"));
    assert!(restore(&mut target, &folder.file("nowhere"), true).await.is_err());
    assert_eq!(contents(&mut target).await, kept);
    target.close().await.unwrap();
    beside.drop().await;
}

/// A backup that is whole, and says what a backup does not say.
fn forged(file: &Path, change: impl FnOnce(&mut Head)) {
    let migrations = MIGRATIONS.iter().map(|one| Applied { version: one.version, checksum: super::hex(&one.checksum) }).collect();
    let tables = vec![Table { name: "User".into(), columns: vec!["id".into()] }];
    let mut head = Head { program: "9.9".into(), created_at: Utc::now(), postgres: 150_000, migrations, key: None, tables };
    change(&mut head);
    let mut writer = Writer::new(fs::File::create(file).unwrap(), &head).unwrap();
    for _ in &head.tables {
        writer.add(b"x\n").unwrap();
        writer.end_table().unwrap();
    }
    writer.finish().unwrap();
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn a_backup_of_another_schema_changes_nothing(pool: PgPool) {
    let folder = Folder::new();
    let file = folder.file("forged.backup");
    let mut target = pool.acquire().await.unwrap();
    let kept = contents(&mut target).await;
    forged(&file, |head| head.migrations.push(Applied { version: 9_999, checksum: "00".into() }));
    let newer = restore(&mut target, &file, true).await.unwrap_err();
    assert!(newer.contains("9.9") && newer.contains("9999"), "{newer}");
    forged(&file, |head| head.migrations[0].checksum = "00".into());
    assert!(restore(&mut target, &file, true).await.unwrap_err().contains("does not know"));
    forged(&file, |head| drop(head.migrations.remove(0)));
    assert!(restore(&mut target, &file, true).await.unwrap_err().contains("never was"));
    forged(&file, |_| {});
    let other = restore(&mut target, &file, true).await.unwrap_err();
    assert!(other.contains("is not that of ProdMatic"), "{other}");
    assert_eq!(contents(&mut target).await, kept);
    // Rows that break a rule, which only a file that was made so holds.
    backed_up(&pool, &folder.file("whole.backup")).await;
    let whole = Reader::open(fs::File::open(folder.file("whole.backup")).unwrap()).unwrap();
    forged(&file, |head| head.tables = whole.head().tables.clone());
    let broken = restore(&mut target, &file, true).await.unwrap_err();
    assert!(broken.contains("The database took nothing of it"), "{broken}");
    assert_eq!(contents(&mut target).await, kept);
}

/// An older program's backup has an older schema.
#[sqlx::test(migrations = false)]
async fn a_backup_of_an_older_schema_is_brought_up_to_date(pool: PgPool) {
    let (folder, source, beside) = (Folder::new(), Beside::new(&pool).await, Beside::new(&pool).await);
    let (file, mut old) = (folder.file("older.backup"), source.connect().await);
    let older = MIGRATIONS.iter().map(|migration| migration.version).rev().nth(2).unwrap();
    MIGRATIONS.run_to(older, &mut old).await.unwrap();
    old.execute(r#"INSERT INTO "User" (id, email) VALUES ('u', 'ada@example.com')"#).await.unwrap();
    save(&mut old, &file, None).await.unwrap();
    old.close().await.unwrap();
    source.drop().await;
    assert_eq!(check(&file).unwrap().0.migrations.last().unwrap().version, older);
    let mut target = beside.connect().await;
    MIGRATIONS.run(&mut target).await.unwrap();
    restore(&mut target, &file, false).await.unwrap();
    let contents = contents(&mut target).await;
    assert_eq!((contents["User"].len(), contents["_sqlx_migrations"].len()), (1, MIGRATIONS.iter().count()));
    target.close().await.unwrap();
    beside.drop().await;
}

/// The owner of a hosted database is no superuser, and row security binds it too.
#[sqlx::test(migrations = false)]
async fn an_owner_whom_row_security_binds_backs_up_and_restores_all(pool: PgPool) {
    let (folder, beside, role) = (Folder::new(), Beside::new(&pool).await, format!("owner_{}", new_id()));
    for sql in [
        format!("CREATE ROLE {role} LOGIN"),
        "DO $$ BEGIN CREATE ROLE prodmatic_app NOLOGIN; EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$".into(),
        "DO $$ BEGIN CREATE ROLE prodmatic_system NOLOGIN; EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$".into(),
        format!("GRANT prodmatic_app, prodmatic_system TO {role}"),
        format!("ALTER DATABASE {} OWNER TO {role}", beside.name),
    ] {
        pool.execute(AssertSqlSafe(sql)).await.unwrap();
    }
    let mut owner = PgConnection::connect_with(&beside.options.clone().username(&role)).await.unwrap();
    MIGRATIONS.run(&mut owner).await.unwrap();
    // The superuser fills it and reads it.
    let superuser = PgPoolOptions::new().max_connections(2).connect_with(beside.options.clone()).await.unwrap();
    crate::schema::populate(&superuser, &["aa", "bb"]).await;
    let file = folder.file("owner.backup");
    save(&mut owner, &file, None).await.unwrap();
    let before = contents(&mut superuser.acquire().await.unwrap()).await;
    superuser.execute(r#"DELETE FROM "Organization""#).await.unwrap();
    superuser.execute(r#"INSERT INTO "User" (id, email) VALUES ('later', 'later@example.com')"#).await.unwrap();
    assert!(restore(&mut owner, &file, false).await.unwrap_err().contains("not empty"));
    restore(&mut owner, &file, true).await.unwrap();
    let after = contents(&mut superuser.acquire().await.unwrap()).await;
    assert!(!before["Idea"].is_empty());
    for (table, rows) in &before {
        assert_eq!(Some(rows), after.get(table), "{table}");
    }
    let forced = "SELECT count(*) FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relrowsecurity AND NOT relforcerowsecurity";
    assert_eq!(sqlx::query_scalar::<_, i64>(forced).fetch_one(&superuser).await.unwrap(), 0);
    // A wall that hides rows from everybody is told of, and not read past.
    superuser.execute(r#"DROP POLICY system ON "Idea""#).await.unwrap();
    let hidden = save(&mut owner, &folder.file("hidden.backup"), None).await.unwrap_err();
    assert!(hidden.contains("hides rows of Idea"), "{hidden}");
    owner.close().await.unwrap();
    superuser.close().await;
    beside.drop().await;
    pool.execute(AssertSqlSafe(format!("DROP ROLE {role}"))).await.unwrap();
}

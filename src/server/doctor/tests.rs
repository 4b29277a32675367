use clap::Parser;
use sqlx::{Connection, Executor, PgConnection, PgPool};

use super::database::examine;
use super::{Finding, Verdict, settings};
use crate::server::config::{Cli, Command};
use crate::server::id::new_id;
use crate::server::seal::Key;
use crate::testing::Beside;

/// The findings of `doctor` with these arguments about this database.
async fn found(pool: &PgPool, arguments: &[&str]) -> Vec<Finding> {
    let mut connection = PgConnection::connect_with(&pool.connect_options()).await.unwrap();
    let findings = found_by(&mut connection, arguments).await;
    connection.close().await.unwrap();
    findings
}

async fn found_by(connection: &mut PgConnection, arguments: &[&str]) -> Vec<Finding> {
    let line = ["prodmatic", "doctor", "--data", "/nowhere"].iter().chain(arguments);
    let Command::Doctor { addr, options, database } = Cli::parse_from(line).command else { panic!("another command") };
    let mut findings = settings::look(&options, addr, &database.data);
    findings.extend(settings::mail(&options).await);
    findings.extend(examine(connection, &options, &database).await);
    findings
}

fn wrong(findings: &[Finding]) -> Vec<&'static str> {
    findings.iter().filter(|finding| finding.verdict == Verdict::Wrong).map(|finding| finding.what).collect()
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn a_healthy_database_has_nothing_wrong(pool: PgPool) {
    let findings = found(&pool, &[]).await;
    assert_eq!(wrong(&findings), Vec::<&str>::new(), "{findings:?}");
    for what in ["database", "clock", "roles", "schema", "row security", "mails", "webhooks", "imports"] {
        assert!(findings.iter().any(|finding| finding.what == what && finding.verdict == Verdict::Good), "{what}: {findings:?}");
    }
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn what_is_wrong_is_told(pool: PgPool) {
    crate::schema::populate(&pool, &["aa"]).await;
    for sql in [
        r#"ALTER TABLE "Idea" NO FORCE ROW LEVEL SECURITY"#,
        r#"INSERT INTO "Mail" (id, sealed, "nextTryAt") VALUES ('m', 'sealed under another', now() - interval '1 hour')"#,
        r#"UPDATE "WebhookDelivery" SET status = 'PENDING', "nextAttemptAt" = now() - interval '2 hours'"#,
        r#"UPDATE "Import" SET status = 'RUNNING', "heartbeatAt" = now() - interval '1 hour'"#,
    ] {
        pool.execute(sql).await.unwrap();
    }
    let key = format!("--secret-key={}", "A".repeat(43));
    let findings = found(
        &pool,
        &[
            &key,
            "--url=pm.example",
            "--trusted-proxies=nonsense",
            "--smtp-url=smtp://127.0.0.1:1",
            "--mail-from=a@b.example",
            "--oidc-providers=/nowhere.json",
            "--webhook-networks=nonsense",
        ],
    )
    .await;
    let expected = ["address", "protection", "sign-in", "receivers", "mail", "row security", "mails", "webhooks", "imports", "sealed"];
    assert_eq!(wrong(&findings), expected, "{findings:?}");
    assert!(findings.iter().all(|finding| !finding.told.contains('\n')), "{findings:?}");
    pool.execute("REVOKE ALL ON ALL TABLES IN SCHEMA public FROM prodmatic_app").await.unwrap();
    let bare = found(&pool, &[]).await;
    assert!(bare.iter().any(|finding| finding.told.contains("its rights are lost")), "{bare:?}");
    sqlx::query("UPDATE _sqlx_migrations SET checksum = '\\x00' WHERE version = 1").execute(&pool).await.unwrap();
    assert_eq!(wrong(&found(&pool, &[]).await), ["schema"]);
}

/// What stands still by somebody else's doing is no sign that no server runs.
#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn only_what_a_server_would_have_sent_is_overdue(pool: PgPool) {
    crate::schema::populate(&pool, &["aa"]).await;
    let is_stuck = async || wrong(&found(&pool, &[]).await).contains(&"webhooks");
    let overdue = r#"UPDATE "WebhookDelivery" SET status = 'PENDING', "nextAttemptAt" = now() - interval '2 hours'"#;
    pool.execute(overdue).await.unwrap();
    assert!(is_stuck().await);
    for (waits, goes_on) in [
        (r#"UPDATE "Webhook" SET "pausedUntil" = now() + interval '1 hour'"#, r#"UPDATE "Webhook" SET "pausedUntil" = NULL"#),
        (r#"UPDATE "Webhook" SET "failingSince" = now()"#, r#"UPDATE "Webhook" SET "failingSince" = NULL"#),
        (r#"UPDATE "Webhook" SET active = false"#, r#"UPDATE "Webhook" SET active = true"#),
        (r#"UPDATE "Organization" SET "deletedAt" = now()"#, r#"UPDATE "Organization" SET "deletedAt" = NULL"#),
        // Sent once more just now.
        (r#"UPDATE "WebhookDelivery" SET "createdAt" = now() - interval '9 days', "nextAttemptAt" = now()"#, overdue),
    ] {
        pool.execute(waits).await.unwrap();
        assert!(!is_stuck().await, "{waits}");
        pool.execute(goes_on).await.unwrap();
        assert!(is_stuck().await, "{goes_on}");
    }
}

/// Webhooks are often all that is sealed.
#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn a_restored_database_wants_its_key(pool: PgPool) {
    async fn told(pool: &PgPool, arguments: &[&str]) -> Finding {
        found(pool, arguments).await.into_iter().find(|finding| finding.what == "sealed").unwrap()
    }
    crate::schema::populate(&pool, &["aa"]).await;
    pool.execute(r#"UPDATE "Invitation" SET "sealedToken" = NULL"#).await.unwrap();
    pool.execute(r#"DELETE FROM "Mail""#).await.unwrap();
    pool.execute(r#"UPDATE "Webhook" SET secret = 'whsec_plain'"#).await.unwrap();
    assert_eq!(told(&pool, &[]).await.verdict, Verdict::Good, "nothing is sealed");
    let (ours, other) = ("A".repeat(43), "E".repeat(43));
    let stored = crate::webhook::secret::seal(&Key::parse(&ours).unwrap(), &["whsec_sealed"]).unwrap();
    sqlx::query(r#"UPDATE "Webhook" SET secret = $1"#).bind(stored).execute(&pool).await.unwrap();
    assert_eq!(told(&pool, &["--secret-key", &ours]).await.verdict, Verdict::Good);
    let another = told(&pool, &["--secret-key", &other]).await;
    assert!(another.verdict == Verdict::Wrong && another.told.contains("1 of 1 secrets"), "{another}");
    let missing = told(&pool, &[]).await;
    assert!(missing.verdict == Verdict::Wrong && missing.told.contains("/nowhere/secret.key"), "{missing}");
}

#[sqlx::test(migrations = false)]
async fn a_database_without_a_schema_is_not_wrong(pool: PgPool) {
    let beside = Beside::new(&pool).await;
    let mut connection = beside.connect().await;
    assert_eq!(wrong(&found_by(&mut connection, &[]).await), Vec::<&str>::new());
    connection.execute("CREATE TABLE \"Idea\" (id text)").await.unwrap();
    assert_eq!(wrong(&found_by(&mut connection, &[]).await), Vec::<&str>::new());
    connection.close().await.unwrap();
    beside.drop().await;
}

#[test]
fn a_key_that_others_may_read_is_wrong_and_none_is_made() {
    use std::os::unix::fs::PermissionsExt;
    let data = std::env::temp_dir().join(new_id());
    let line = ["prodmatic", "doctor", "--data", data.to_str().unwrap()];
    let Command::Doctor { addr, options, .. } = Cli::parse_from(line).command else { panic!("another command") };
    let key = || settings::look(&options, addr, &data).into_iter().find(|finding| finding.what == "secret key").unwrap();
    assert_eq!(key().verdict, Verdict::Note);
    assert!(!data.exists());
    Key::of_folder(&data).unwrap();
    assert_eq!(key().verdict, Verdict::Good);
    let file = crate::server::seal::file_in(&data);
    std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o644)).unwrap();
    assert_eq!(key().verdict, Verdict::Wrong);
    std::fs::write(&file, "short").unwrap();
    assert_eq!(key().verdict, Verdict::Wrong);
    std::fs::remove_dir_all(data).unwrap();
}

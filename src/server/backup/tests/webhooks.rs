//! A copy to try things on tells nobody of what happens there.

use sqlx::{Connection, Executor, PgPool};

use super::{Folder, backed_up, fill, surroundings};
use crate::server::backup::{How, restore};
use crate::testing::Beside;

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn webhooks_are_switched_off_if_that_is_asked_for_and_what_waits_is_kept(pool: PgPool) {
    fill(&pool).await;
    pool.execute(r#"UPDATE "Webhook" SET active = true"#).await.unwrap();
    let (folder, beside) = (Folder::new(), Beside::new(&pool).await);
    let file = folder.file("one.backup");
    backed_up(&pool, &file).await;
    let (mut source, mut target) = (pool.acquire().await.unwrap(), beside.connect().await);
    restore(&mut target, &file, How { webhooks_off: true, ..How::default() }).await.unwrap();
    let tally = r#"SELECT (SELECT count(*) FROM "Webhook" WHERE active), (SELECT count(*) FROM "Webhook"), (SELECT count(*) FROM "WebhookDelivery"),
                          (SELECT count(*) FROM "AuditLog")"#;
    let (on, hooks, waiting, told): (i64, i64, i64, i64) = sqlx::query_as(tally).fetch_one(&mut *source).await.unwrap();
    assert!(on == hooks && hooks > 0 && waiting > 0, "{on} of {hooks}, {waiting}");
    let after: (i64, i64, i64, i64) = sqlx::query_as(tally).fetch_one(&mut target).await.unwrap();
    assert_eq!(after, (0, hooks, waiting, told));
    assert_eq!(surroundings(&mut source).await, surroundings(&mut target).await);
    target.close().await.unwrap();
    beside.drop().await;
}

//! When an endpoint is left alone, for a while or for good, and who is told.

use sqlx::PgPool;

use super::{Desk, Receiver, Reply};
use crate::kernel::role::Role;
use crate::server::scope::System;
use crate::webhook::model::{DeliveryStatus, Disabled};
use crate::webhook::store as hooks;
use crate::webhook::store::outbox::sweep;

const MAILS: &str = r#"SELECT count(*) FROM "Mail""#;

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn an_endpoint_that_is_gone_is_switched_off_and_administrators_are_told(pool: PgPool) {
    let desk = Desk::new(&pool).await;
    desk.db.member("acme", Role::Admin).await;
    desk.db.member("acme", Role::Developer).await;
    let receiver = Receiver::new(|_, before| Reply::status(if before == 0 { 410 } else { 200 })).await;
    let id = desk.webhook(&receiver.url, "idea.*").await;
    let before = desk.count(MAILS).await;
    desk.ideas(1).await;
    desk.deliver().await;
    let webhook = hooks::get(&mut desk.scope().await, &id).await.unwrap();
    assert_eq!((webhook.active, webhook.disabled_reason, webhook.standing().0), (false, Some(Disabled::Gone), "DISABLED"));
    assert_eq!((desk.log(&id).await[0].status, desk.count(MAILS).await - before), (DeliveryStatus::Failed, 2));
    desk.ideas(1).await;
    assert_eq!(desk.log(&id).await.len(), 1, "nothing is queued for it any more");

    let mut scope = desk.scope().await;
    hooks::switch(&mut scope, &id, true).await.unwrap();
    hooks::switch(&mut scope, &id, true).await.unwrap();
    assert_eq!(hooks::redeliver_failed(&mut scope, &id).await.unwrap(), 1);
    scope.commit(()).await.unwrap();
    desk.deliver().await;
    let webhook = hooks::get(&mut desk.scope().await, &id).await.unwrap();
    assert_eq!((webhook.active, webhook.disabled_reason, webhook.failing_since), (true, None, None));
    assert_eq!(desk.log(&id).await[0].status, DeliveryStatus::Success);
    assert_eq!(receiver.got()[0].id, receiver.got()[1].id);
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn an_endpoint_that_fails_for_five_days_is_switched_off(pool: PgPool) {
    let desk = Desk::new(&pool).await;
    let receiver = Receiver::new(|_, before| Reply::status(if before == 1 { 200 } else { 500 })).await;
    let id = desk.webhook(&receiver.url, "idea.*").await;
    let before = desk.count(MAILS).await;
    let webhook = async || hooks::get(&mut desk.scope().await, &id).await.unwrap();
    desk.ideas(1).await;
    desk.deliver().await;
    assert!(webhook().await.failing_since.is_some() && webhook().await.standing().0 == "FAILING");
    // It is not well until it has been given up.
    let listed = hooks::list(&mut desk.scope().await).await.unwrap().remove(0).tally;
    let health = hooks::health(&mut desk.scope().await, &id).await.unwrap().tally();
    assert_eq!((listed.rate().as_deref(), health.rate().as_deref(), health.failed), (Some("0 %"), Some("0 %"), 1));
    desk.sql(r#"UPDATE "Webhook" SET "failingSince" = now() - interval '6 days'"#).await;
    desk.time_goes_by().await;
    desk.deliver().await;
    assert!(webhook().await.failing_since.is_none(), "a success ends it");
    for (age, active) in [
        ("", true),
        (r#"UPDATE "Webhook" SET "failingSince" = now() - interval '119 hours'"#, true),
        (r#"UPDATE "Webhook" SET "failingSince" = now() - interval '121 hours'"#, false),
    ] {
        desk.sql(age).await;
        desk.ideas(1).await;
        desk.deliver().await;
        assert_eq!(webhook().await.active, active, "{age}");
    }
    assert_eq!((webhook().await.disabled_reason, desk.count(MAILS).await - before), (Some(Disabled::Failing), 1));
    let waiting = desk.log(&id).await.iter().filter(|one| one.status == DeliveryStatus::Retrying).count();
    assert_eq!(waiting, 3, "what waits for it is kept");
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn an_endpoint_that_asks_to_be_left_alone_is(pool: PgPool) {
    let desk = Desk::new(&pool).await;
    let receiver = Receiver::new(|_, before| match before {
        0 => Reply(429, vec![("retry-after", "600")], String::new(), Default::default()),
        // It says so with a status that does not mean it.
        1 => Reply(500, vec![("retry-after", "600")], String::new(), Default::default()),
        _ => Reply::status(200),
    })
    .await;
    let id = desk.webhook(&receiver.url, "idea.*").await;
    desk.ideas(1).await;
    desk.deliver().await;
    let waits = async || (desk.log(&id).await[0].next_attempt_at.unwrap() - chrono::Utc::now()).num_seconds();
    assert!((590..=601).contains(&waits().await));
    desk.ideas(1).await;
    desk.deliver().await;
    assert_eq!(receiver.got().len(), 1, "nor does anything else come");
    desk.sql(r#"UPDATE "Webhook" SET "pausedUntil" = now() - interval '1 second'"#).await;
    desk.deliver().await;
    assert!(receiver.got().len() == 2 && waits().await < 10);
    desk.time_goes_by().await;
    desk.deliver().await;
    assert_eq!(desk.count(r#"SELECT count(*) FROM "WebhookDelivery" WHERE status = 'SUCCESS'"#).await, 2);
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn a_test_is_tried_once_and_harms_nobody(pool: PgPool) {
    let desk = Desk::new(&pool).await;
    let receiver = Receiver::new(|_, before| Reply::status([410, 500, 200][before])).await;
    let id = desk.webhook(&receiver.url, "idea.*").await;
    let test = async || {
        let mut scope = desk.scope().await;
        let delivery = hooks::send_test(&mut scope, &id).await.unwrap();
        assert!(!hooks::is_tried(&mut scope, &delivery).await.unwrap());
        scope.commit(()).await.unwrap();
        desk.deliver().await;
        assert!(hooks::is_tried(&mut desk.scope().await, &delivery).await.unwrap());
        hooks::attempt(&mut desk.scope().await, &id, &delivery).await.unwrap().delivery.status
    };
    assert_eq!((test().await, test().await), (DeliveryStatus::Failed, DeliveryStatus::Failed));
    let webhook = hooks::get(&mut desk.scope().await, &id).await.unwrap();
    assert_eq!((webhook.active, webhook.failing_since, webhook.disabled_reason), (true, None, None));
    let mut scope = desk.scope().await;
    hooks::switch(&mut scope, &id, false).await.unwrap();
    scope.commit(()).await.unwrap();
    assert_eq!(test().await, DeliveryStatus::Success, "also for one that is switched off");
    assert!(receiver.got()[2].body.contains("webhook.test"));
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn the_log_is_kept_for_thirty_days(pool: PgPool) {
    let desk = Desk::new(&pool).await;
    let receiver = Receiver::kind().await;
    let id = desk.webhook(&receiver.url, "idea.*").await;
    desk.ideas(3).await;
    desk.deliver().await;
    desk.ideas(1).await;
    desk.sql(
        r#"UPDATE "WebhookDelivery" SET "createdAt" = now() - interval '31 days';
           UPDATE "WebhookDelivery" SET "attemptedAt" = now() - interval '31 days' WHERE id <> (SELECT min(id) FROM "WebhookDelivery")"#,
    )
    .await;
    let mut system = System::open(&desk.db.app).await.unwrap();
    assert_eq!((sweep(&mut system, 1).await.unwrap(), sweep(&mut system, 10).await.unwrap()), (1, 1));
    system.commit(()).await.unwrap();
    let log = desk.log(&id).await;
    assert_eq!(
        log.iter().map(|one| one.status).collect::<Vec<_>>(),
        [DeliveryStatus::Pending, DeliveryStatus::Success],
        "what waits is kept, and what has come to its end of late"
    );
}

//! Deliveries arrive: signed, once, in spite of failures, and past slow endpoints.

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use sqlx::PgPool;

use super::{Desk, Receiver, Reply, drain, is_ok};
use crate::webhook::model::DeliveryStatus;
use crate::webhook::store as hooks;

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn what_happened_arrives_signed(pool: PgPool) {
    let desk = Desk::new(&pool).await;
    let receiver = Receiver::new(|_, _| Reply(201, vec![("x-seen", "yes")], "x".repeat(70_000) + "\0", Duration::ZERO)).await;
    let id = desk.webhook(&format!("{}/hook?x=1", receiver.url), "idea.*").await;
    desk.ideas(1).await;
    desk.deliver().await;

    let got = receiver.got();
    assert_eq!((got.len(), got[0].path.as_str()), (1, "/hook"));
    assert!(got[0].is_signed_with(&desk.secret(&id).await) && got[0].signatures.len() == 1, "{got:?}");
    assert!(!got[0].is_signed_with("whsec_AAAA") && (got[0].time - chrono::Utc::now().timestamp()).abs() < 60);
    let body: serde_json::Value = serde_json::from_str(&got[0].body).unwrap();
    assert_eq!((&body["type"], &body["data"]["changes"]["after"]["title"]), (&"idea.created".into(), &"Idea 0".into()));

    let log = desk.log(&id).await;
    assert_eq!((log.len(), log[0].status, log[0].attempts, log[0].response_status), (1, DeliveryStatus::Success, 1, Some(201)));
    assert!(log[0].id == got[0].id && log[0].latency.is_some() && log[0].next_attempt_at.is_none() && log[0].attempted_at.is_some());
    let attempt = hooks::attempt(&mut desk.scope().await, &id, &got[0].id).await.unwrap();
    assert_eq!(attempt.response.unwrap().len(), 64 * 1024);
    let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
    assert!(attempt.request_headers.unwrap().contains(&pair("webhook-signature", &got[0].signatures[0])));
    assert!(attempt.response_headers.unwrap().contains(&pair("x-seen", "yes")));
    desk.deliver().await;
    assert_eq!(receiver.got().len(), 1, "what was taken does not come again");
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn what_fails_is_tried_eight_times_and_comes_with_the_same_id(pool: PgPool) {
    let desk = Desk::new(&pool).await;
    let receiver = Receiver::new(|_, before| Reply::status([500, 404, 301, 304, 418, 503, 400, 502][before % 8])).await;
    let id = desk.webhook(&receiver.url, "idea.*").await;
    desk.ideas(1).await;
    for (attempt, seconds) in (1..).zip([5.0, 300.0, 1_800.0, 7_200.0, 18_000.0, 36_000.0, 36_000.0]) {
        desk.deliver().await;
        let delivery = desk.log(&id).await.remove(0);
        assert_eq!((delivery.status, delivery.attempts), (DeliveryStatus::Retrying, attempt), "{delivery:?}");
        let waits = (delivery.next_attempt_at.unwrap() - chrono::Utc::now()).num_milliseconds() as f64 / 1_000.0;
        assert!((seconds * 0.89 - 2.0..seconds * 1.11 + 2.0).contains(&waits), "{attempt}: {waits}");
        desk.deliver().await;
        assert_eq!(receiver.got().len(), attempt as usize, "it waits");
        desk.time_goes_by().await;
    }
    desk.deliver().await;
    let delivery = desk.log(&id).await.remove(0);
    assert_eq!((delivery.status, delivery.attempts, delivery.next_attempt_at), (DeliveryStatus::Failed, 8, None));
    let got = receiver.got();
    assert_eq!((got.len(), got.iter().map(|one| &one.id).collect::<BTreeSet<_>>().len()), (8, 1));
    assert!(got.iter().all(|one| one.body == got[0].body && one.path == "/"), "the same text, and no redirect is followed");
    desk.time_goes_by().await;
    desk.deliver().await;
    assert_eq!(receiver.got().len(), 8);
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn several_processes_deliver_each_thing_once(pool: PgPool) {
    let desk = Desk::new(&pool).await;
    let receiver = Receiver::new(|_, _| Reply::status(200).after(5)).await;
    for n in 0..5 {
        desk.webhook(&format!("{}/{n}", receiver.url), "idea.*").await;
    }
    desk.ideas(20).await;
    let (mut one, mut two, mut three) = (desk.courier(), desk.courier(), desk.courier());
    tokio::join!(drain(&mut one), drain(&mut two), drain(&mut three));
    let got = receiver.got();
    assert_eq!((got.len(), got.iter().map(|one| &one.id).collect::<BTreeSet<_>>().len()), (100, 100));
    assert_eq!(desk.count(r#"SELECT count(*) FROM "WebhookDelivery" WHERE status = 'SUCCESS' AND attempts = 1"#).await, 100);
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn a_process_that_dies_loses_nothing(pool: PgPool) {
    let desk = Desk::new(&pool).await;
    // Half of them it takes and does not answer.
    let receiver = Receiver::new(|_, before| Reply::status(200).after(if before < 2 { 60_000 } else { 0 })).await;
    let id = desk.webhook(&receiver.url, "idea.*").await;
    desk.ideas(6).await;
    let mut doomed = desk.courier();
    assert_eq!(doomed.round().await.unwrap(), 4, "an endpoint has four places");
    tokio::time::timeout(Duration::from_secs(5), async {
        doomed.one().await;
        doomed.one().await
    })
    .await
    .unwrap();
    drop(doomed);
    desk.deliver().await;
    let statuses = |log: Vec<crate::webhook::model::Delivery>| log.iter().filter(|one| one.status == DeliveryStatus::Success).count();
    assert_eq!(statuses(desk.log(&id).await), 2, "what it had in its hands is its own until the lease is over");
    desk.time_goes_by().await;
    desk.deliver().await;
    assert_eq!(statuses(desk.log(&id).await), 6);
    assert_eq!(receiver.got().iter().map(|one| one.id.clone()).collect::<BTreeSet<_>>().len(), 6);
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn who_comes_too_late_does_not_tell_how_it_went(pool: PgPool) {
    let desk = Desk::new(&pool).await;
    let receiver = Receiver::new(|_, before| if before == 0 { Reply::status(500).after(400) } else { Reply::status(200) }).await;
    let id = desk.webhook(&receiver.url, "idea.*").await;
    desk.ideas(1).await;
    let mut slow = desk.courier();
    slow.round().await.unwrap();
    while receiver.got().is_empty() {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    desk.time_goes_by().await;
    desk.deliver().await;
    drain(&mut slow).await;
    let delivery = desk.log(&id).await.remove(0);
    assert_eq!((delivery.status, delivery.attempts, delivery.response_status), (DeliveryStatus::Success, 1, Some(200)));
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn a_slow_endpoint_delays_no_other(pool: PgPool) {
    let desk = Desk::new(&pool).await;
    let receiver = Receiver::new(|got, _| Reply::status(200).after(if got.path == "/slow" { 60_000 } else { 0 })).await;
    let slow = desk.webhook(&format!("{}/slow", receiver.url), "idea.*").await;
    let quick = desk.webhook(&format!("{}/quick", receiver.url), "idea.*").await;
    desk.ideas(20).await;
    let (mut courier, begun) = (desk.courier(), Instant::now());
    while receiver.got().iter().filter(|one| one.path == "/quick").count() < 20 {
        courier.round().await.unwrap();
        courier.one().await;
    }
    while !desk.log(&quick).await.iter().all(|one| is_ok(one.response_status)) && begun.elapsed() < Duration::from_secs(10) {
        courier.round().await.unwrap();
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    assert!(begun.elapsed() < Duration::from_secs(10));
    assert!(desk.log(&quick).await.iter().all(|one| is_ok(one.response_status)));
    assert!(desk.log(&slow).await.iter().all(|one| one.status == DeliveryStatus::Pending));
    assert_eq!(receiver.got().iter().filter(|one| one.path == "/slow").count(), 4);
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn a_webhook_of_a_foreign_client_works_with_its_plain_secret_or_none(pool: PgPool) {
    let desk = Desk::new(&pool).await;
    let receiver = Receiver::kind().await;
    sqlx::query(
        r#"INSERT INTO "Webhook" (id, name, url, "organizationId", events, secret)
           SELECT v.id, 'Foreign', $1 || v.id, o.id, '{idea.created}', v.secret
             FROM "Organization" o, (VALUES ('spec', 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'), ('word', 'my word'), ('none', NULL)) v (id, secret)"#,
    )
    .bind(format!("{}/", receiver.url))
    .execute(&pool)
    .await
    .unwrap();
    desk.ideas(1).await;
    // A delivery that such a client makes itself goes out, too.
    desk.sql(r#"INSERT INTO "WebhookDelivery" (id, "webhookId", event, payload) VALUES ('theirs', 'word', 'custom.event', '{"a": 1}')"#)
        .await;
    desk.deliver().await;
    let got = receiver.got();
    let of = |path: &str| got.iter().find(|one| one.path == path && one.id != "theirs").unwrap();
    assert!(of("/spec").is_signed_with("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw") && of("/word").is_signed_with("my word"));
    assert_eq!(of("/none").signatures, [""]);
    assert!(got.iter().any(|one| one.id == "theirs" && one.body == r#"{"a": 1}"#));
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn what_must_not_be_reached_is_not(pool: PgPool) {
    let desk = Desk::new(&pool).await;
    let receiver = Receiver::kind().await;
    // By a foreign client, since our forms refuse most of these at once.
    sqlx::query(
        r#"INSERT INTO "Webhook" (id, name, url, "organizationId", events, secret)
           SELECT 'w' || n, 'Foreign', url, o.id, '{idea.created}', CASE n WHEN 4 THEN 'sealed:bm90IG91cnM' END
             FROM "Organization" o, unnest($1::text[]) WITH ORDINALITY AS v (url, n)"#,
    )
    .bind(["http://127.0.0.2:1/", "http://10.0.0.1/", "https://[::1]/", &receiver.url])
    .execute(&pool)
    .await
    .unwrap();
    desk.ideas(1).await;
    desk.deliver().await;
    assert_eq!(receiver.got(), []);
    for webhook in ["w1", "w2", "w3", "w4"] {
        let delivery = desk.log(webhook).await.remove(0);
        assert_eq!((delivery.status, delivery.response_status), (DeliveryStatus::Retrying, None));
        let told = delivery.failure.unwrap();
        let expected = if webhook == "w4" { "cannot be read" } else { "Use a name instead of a number" };
        assert!(told.contains(expected), "{told}");
    }
}

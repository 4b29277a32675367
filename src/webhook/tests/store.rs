//! What administrators do with webhooks.

use sqlx::PgPool;

use super::{Desk, Receiver};
use crate::kernel::error::AppError;
use crate::kernel::role::Perm;
use crate::kernel::version::Edited;
use crate::webhook::model::{DeliveryQuery, DeliveryStatus, WebhookFields, WebhookForm};
use crate::webhook::store as hooks;

fn fields(name: &str) -> WebhookFields {
    let form =
        WebhookForm { name: name.into(), url: "https://example.com/hook".into(), groups: vec!["idea.*".into()], events: String::new() };
    form.validate().unwrap()
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn a_webhook_is_made_changed_and_deleted(pool: PgPool) {
    let desk = Desk::new(&pool).await;
    let mut scope = desk.scope().await;
    let key = &desk.settings.key;
    let id = hooks::create(&mut scope, key, fields("One")).await.unwrap();
    let made = hooks::get(&mut scope, &id).await.unwrap();
    assert_eq!((made.name.as_str(), made.active, made.has_secret, made.standing().0), ("One", true, true, "ACTIVE"));
    let stored: String = sqlx::query_scalar(r#"SELECT secret FROM "Webhook""#).fetch_one(scope.db()).await.unwrap();
    let secret = hooks::secret(&mut scope, key, &id).await.unwrap().unwrap();
    assert!(secret.starts_with("whsec_") && !stored.contains("whsec") && !stored.contains(&secret[6..]));
    let seen = WebhookFields::from(&made).version();
    hooks::update(&mut scope, &id, &seen, fields("Two")).await.unwrap();
    assert!(matches!(hooks::update(&mut scope, &id, &seen, fields("Three")).await, Err(AppError::Stale(_))));
    hooks::switch(&mut scope, &id, false).await.unwrap();
    let list = hooks::list(&mut scope).await.unwrap();
    assert_eq!((list.len(), list[0].name.as_str(), list[0].standing().0), (1, "Two", "OFF"));
    hooks::delete(&mut scope, &id).await.unwrap();
    assert_eq!(hooks::delete(&mut scope, &id).await, Err(AppError::NotFound));
    for n in 0..100 {
        hooks::create(&mut scope, key, fields(&format!("{n}"))).await.unwrap();
    }
    assert!(matches!(hooks::create(&mut scope, key, fields("One too many")).await, Err(AppError::Conflict(_))));
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn another_organisations_webhooks_are_not_there(pool: PgPool) {
    let desk = Desk::new(&pool).await;
    let id = desk.webhook("https://example.com/", "idea.*").await;
    desk.ideas(1).await;
    let delivery = desk.log(&id).await.remove(0).id;
    let stranger = desk.db.org("other").await;
    let mut scope = desk.db.scope("other", &stranger, Perm::OrgManage).await.unwrap();
    let (scope, key, none) = (&mut scope, &desk.settings.key, AppError::NotFound);
    assert_eq!(hooks::get(scope, &id).await, Err(none.clone()));
    assert_eq!(hooks::update(scope, &id, "*", fields("X")).await, Err(none.clone()));
    assert_eq!(hooks::switch(scope, &id, false).await, Err(none.clone()));
    assert_eq!(hooks::rotate(scope, key, &id).await, Err(none.clone()));
    assert_eq!(hooks::secret(scope, key, &id).await, Err(none.clone()));
    assert_eq!(hooks::delete(scope, &id).await, Err(none.clone()));
    assert_eq!(hooks::send_test(scope, &id).await, Err(none.clone()));
    assert_eq!(hooks::attempt(scope, &id, &delivery).await, Err(none.clone()));
    assert_eq!(hooks::redeliver(scope, &delivery).await, Err(none.clone()));
    assert_eq!(hooks::redeliver_failed(scope, &id).await, Err(none));
    assert!(hooks::list(scope).await.unwrap().is_empty() && hooks::events(scope, &id).await.unwrap().is_empty());
    assert!(hooks::deliveries(scope, &id, &DeliveryQuery::default()).await.unwrap().rows.is_empty());
    let health = hooks::health(scope, &id).await.unwrap();
    assert_eq!((health.days.len(), health.tally().rate()), (14, None));
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn the_secrets_before_sign_for_a_day(pool: PgPool) {
    let desk = Desk::new(&pool).await;
    let receiver = Receiver::kind().await;
    let id = desk.webhook(&receiver.url, "idea.*").await;
    let first = desk.secret(&id).await;
    let rotate = async || {
        let mut scope = desk.scope().await;
        hooks::rotate(&mut scope, &desk.settings.key, &id).await.unwrap();
        scope.commit(()).await.unwrap();
        desk.ideas(1).await;
        desk.deliver().await;
        (desk.secret(&id).await, receiver.got().pop().unwrap())
    };
    let (second, got) = rotate().await;
    assert!(second != first && got.signatures.len() == 2 && got.is_signed_with(&first) && got.is_signed_with(&second));
    // Changed again before the receiver has changed over: it may be on any of them still.
    let (third, got) = rotate().await;
    assert!(got.signatures.len() == 3 && [&first, &second, &third].iter().all(|secret| got.is_signed_with(secret)));
    for _ in 0..2 {
        rotate().await;
    }
    let (third, got) = rotate().await;
    assert!(got.signatures.len() == 5 && !got.is_signed_with(&first) && got.is_signed_with(&third), "five at most");
    desk.sql(r#"UPDATE "Webhook" SET "rotatedAt" = now() - interval '25 hours'"#).await;
    desk.ideas(1).await;
    desk.deliver().await;
    let got = receiver.got().pop().unwrap();
    assert!(got.signatures.len() == 1 && got.is_signed_with(&third));
    desk.sql(r#"UPDATE "Webhook" SET secret = 'a plain one'"#).await;
    let (_, got) = rotate().await;
    assert!(got.signatures.len() == 2 && got.is_signed_with("a plain one"), "whoever had a plain one changes over, too");
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn the_log_is_paged_filtered_and_sent_again(pool: PgPool) {
    let desk = Desk::new(&pool).await;
    let receiver = Receiver::kind().await;
    let id = desk.webhook(&receiver.url, "idea.*, product.*").await;
    desk.ideas(24).await;
    desk.db.product("acme", &desk.admin, "shuttle").await;
    desk.sql(
        r#"UPDATE "WebhookDelivery" SET status = 'FAILED', attempts = 8, latency = 40, "nextAttemptAt" = NULL WHERE event = 'product.created';
           UPDATE "WebhookDelivery" SET status = 'SUCCESS', attempts = 1, latency = 20, "nextAttemptAt" = NULL WHERE event = 'idea.created'"#,
    )
    .await;
    let mut scope = desk.scope().await;
    let first = hooks::deliveries(&mut scope, &id, &DeliveryQuery::default()).await.unwrap();
    assert_eq!((first.rows.len(), first.rows[0].event.as_str()), (20, "product.created"));
    let second = hooks::deliveries(&mut scope, &id, &DeliveryQuery { cursor: first.next, ..Default::default() }).await.unwrap();
    let back = hooks::deliveries(&mut scope, &id, &DeliveryQuery { cursor: second.previous.clone(), ..Default::default() }).await.unwrap();
    assert_eq!((second.rows.len(), second.first_place, &back.rows[0]), (5, 21, &first.rows[0]));
    let failed = DeliveryQuery { status: Some(DeliveryStatus::Failed), ..Default::default() };
    let failed = hooks::deliveries(&mut scope, &id, &failed).await.unwrap().rows;
    let products = DeliveryQuery { event: Some("product.created".into()), ..Default::default() };
    assert_eq!((failed.len(), &hooks::deliveries(&mut scope, &id, &products).await.unwrap().rows), (1, &failed));
    assert_eq!(hooks::events(&mut scope, &id).await.unwrap(), ["idea.created", "product.created"]);
    assert_eq!(hooks::list(&mut scope).await.unwrap()[0].tally.rate().as_deref(), Some("96 %"));
    let health = hooks::health(&mut scope, &id).await.unwrap();
    assert_eq!((health.tally().succeeded, health.tally().failed, health.latency().map(|both| both.0)), (24, 1, Some(20.0)));

    assert_eq!(hooks::redeliver(&mut scope, &first.rows[1].id).await.unwrap(), id);
    assert_eq!(hooks::redeliver_failed(&mut scope, &id).await.unwrap(), 1);
    scope.commit(()).await.unwrap();
    desk.deliver().await;
    let got: Vec<String> = receiver.got().into_iter().map(|one| one.id).collect();
    assert!(got.len() == 2 && got.contains(&failed[0].id) && got.contains(&first.rows[1].id), "{got:?}");
    assert!(desk.log(&id).await.iter().all(|one| one.status == DeliveryStatus::Success));
}

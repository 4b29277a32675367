//! Changes become deliveries.

use serde_json::{Value, json};
use sqlx::PgPool;

use super::Desk;
use crate::kernel::role::Perm;

/// The events that are queued for the webhook with this name, in order.
async fn queued(desk: &Desk, name: &str) -> Vec<String> {
    sqlx::query_scalar(r#"SELECT event FROM "WebhookDelivery" d JOIN "Webhook" w ON w.id = d."webhookId" WHERE w.name = $1 ORDER BY d.id"#)
        .bind(name)
        .fetch_all(&desk.db.owner)
        .await
        .unwrap()
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn a_change_is_queued_for_whoever_listens_for_it(pool: PgPool) {
    let desk = Desk::new(&pool).await;
    desk.db.org("other").await;
    desk.sql(
        r#"INSERT INTO "Webhook" (id, name, url, "organizationId", events, active)
           SELECT o.slug || v.name, v.name, 'https://x.test', o.id, v.events, v.active
             FROM "Organization" o, (VALUES ('exact', '{idea.created}'::text[], true), ('group', '{idea.*}', true), ('all', '{*}', true),
                  ('deaf', '{}', true), ('elsewhere', '{kpi.*,product.created}', true), ('off', '{*}', false)) v (name, events, active)
            WHERE o.slug = 'acme' OR v.name = 'all'"#,
    )
    .await;
    // What the making of these is told as, and what others hear.
    desk.sql(r#"DELETE FROM "WebhookDelivery""#).await;
    desk.ideas(2).await;
    let mut scope = desk.db.scope("acme", &desk.admin, Perm::IdeaReview).await.unwrap();
    sqlx::query(r#"UPDATE "Idea" SET title = 'Undone'"#).execute(scope.db()).await.unwrap();
    drop(scope);
    // A client of the published schema.
    desk.sql(r#"UPDATE "Idea" SET status = 'UNDER_REVIEW' WHERE title = 'Idea 0'"#).await;
    desk.sql(r#"INSERT INTO "IdeaVote" (id, "ideaId", "userId") SELECT 'v', i.id, u.id FROM "Idea" i, "User" u WHERE i.title = 'Idea 0' LIMIT 1"#).await;

    assert_eq!(queued(&desk, "exact").await, ["idea.created", "idea.created"]);
    let heard = ["idea.created", "idea.created", "idea.status_changed", "vote.created"];
    assert_eq!(
        (queued(&desk, "group").await, queued(&desk, "all").await),
        (heard.map(str::to_owned).to_vec(), heard.map(str::to_owned).to_vec())
    );
    for name in ["deaf", "elsewhere", "off"] {
        assert_eq!(queued(&desk, name).await, Vec::<String>::new(), "{name}");
    }

    let payload: Value = sqlx::query_scalar(r#"SELECT payload FROM "WebhookDelivery" WHERE event = 'idea.status_changed' LIMIT 1"#)
        .fetch_one(&pool)
        .await
        .unwrap();
    let (idea, org): (String, String) =
        sqlx::query_as(r#"SELECT id, "organizationId" FROM "Idea" WHERE title = 'Idea 0'"#).fetch_one(&pool).await.unwrap();
    assert_eq!(payload["type"], "idea.status_changed");
    assert!(chrono::DateTime::parse_from_rfc3339(payload["timestamp"].as_str().unwrap()).is_ok(), "{payload}");
    let changes = json!({ "before": { "status": "SUBMITTED" }, "after": { "status": "UNDER_REVIEW" } });
    assert_eq!(payload["data"], json!({ "id": idea, "entity": "Idea", "organizationId": org, "userId": null, "changes": changes }));
    let created: Value =
        sqlx::query_scalar(r#"SELECT payload FROM "WebhookDelivery" WHERE event = 'idea.created' LIMIT 1"#).fetch_one(&pool).await.unwrap();
    assert_eq!((&created["data"]["userId"], &created["data"]["changes"]["after"]["title"]), (&json!(desk.admin.id), &json!("Idea 0")));
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn no_secret_and_no_address_of_a_person_goes_out(pool: PgPool) {
    let desk = Desk::new(&pool).await;
    desk.webhook("http://127.0.0.1:9/", "*").await;
    desk.sql(
        r#"SELECT set_config('app.ip_address', '192.0.2.77', false), set_config('app.user_agent', 'S3CRET-browser', false);
           UPDATE "Webhook" SET secret = 'S3CRET-a';
           INSERT INTO "Invitation" (id, "organizationId", email, "tokenHash", "expiresAt") SELECT 'i1', id, 'a@b.test', 'S3CRET-b', now() FROM "Organization""#,
    )
    .await;
    let told: Vec<String> =
        sqlx::query_scalar(r#"SELECT payload::text FROM "WebhookDelivery" ORDER BY id"#).fetch_all(&pool).await.unwrap();
    assert!(
        told.iter().any(|payload| payload.contains("invitation.created")) && told.iter().any(|payload| payload.contains("webhook.updated"))
    );
    assert!(!told.concat().contains("S3CRET") && !told.concat().contains("192.0.2.77") && !told.concat().contains("sealed:"), "{told:?}");
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn what_belongs_to_a_thing_is_in_its_group(pool: PgPool) {
    let groups: Vec<String> = sqlx::query_scalar(
        "SELECT webhook_group(entity, 'some_thing.created')
           FROM unnest(ARRAY['Idea', 'IdeaVote', 'IdeaComment', 'TaskComment', 'Changelog', 'LaunchChecklistItem', 'KeyResult', 'KPIDataPoint',
                             'Invitation', 'Membership', 'Product', 'BoardLimit']) entity",
    )
    .fetch_all(&pool)
    .await
    .unwrap();
    let expected = ["idea", "idea", "idea", "task", "release", "release", "okr", "kpi", "member", "member", "product", "some_thing"];
    assert_eq!(groups, expected);
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn how_an_endpoint_does_is_no_news_and_that_it_is_switched_off_is(pool: PgPool) {
    let desk = Desk::new(&pool).await;
    desk.webhook("http://127.0.0.1:9/", "webhook.*").await;
    desk.sql(r#"DELETE FROM "WebhookDelivery"; UPDATE "Webhook" SET "failingSince" = now(); UPDATE "Webhook" SET "pausedUntil" = now()"#)
        .await;
    assert_eq!(desk.count(r#"SELECT count(*) FROM "AuditLog" WHERE action = 'webhook.updated'"#).await, 0);
    desk.sql(r#"UPDATE "Webhook" SET active = false, "disabledReason" = 'GONE'"#).await;
    assert_eq!(desk.count(r#"SELECT count(*) FROM "AuditLog" WHERE action = 'webhook.updated'"#).await, 1);
    assert_eq!(desk.count(r#"SELECT count(*) FROM "WebhookDelivery""#).await, 0, "it is off");
}

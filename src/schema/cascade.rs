use sqlx::PgPool;

use super::rows::{Ids, populate, rows};
use super::{execute, holdings, refusal, strings, tenant_tables};

async fn holders(pool: &PgPool, tenant: &str) -> Vec<String> {
    let mut holders = Vec::new();
    for table in tenant_tables(pool).await {
        let sql = format!(r#"SELECT '{table}' FROM "{table}" WHERE "organizationId" = '{tenant}' LIMIT 1"#);
        holders.extend(strings(pool, sql).await);
    }
    holders
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn nothing_is_left_of_a_removed_organisation(pool: PgPool) {
    populate(&pool, &["aa", "bb", "cc"]).await;
    let bystander = holdings(&pool, "cc").await;
    assert_eq!(execute(&pool, r#"DELETE FROM "Organization" WHERE id = 'aa'"#).await.unwrap().rows_affected(), 1);
    assert_eq!(holders(&pool, "aa").await, Vec::<String>::new());

    // The role whose job it is has no more rights than row security leaves it.
    let mut system = pool.begin().await.unwrap();
    execute(&mut *system, "SET LOCAL ROLE prodmatic_system").await.unwrap();
    assert_eq!(execute(&mut *system, r#"DELETE FROM "Organization" WHERE id = 'bb'"#).await.unwrap().rows_affected(), 1);
    system.commit().await.unwrap();
    assert_eq!(holders(&pool, "bb").await, Vec::<String>::new());

    assert_eq!(holdings(&pool, "cc").await, bystander);
    let users = strings(&pool, r#"SELECT id FROM "User" ORDER BY id"#).await;
    assert_eq!(users, ["user-aa", "user-bb", "user-cc"], "a person is no part of an organisation");
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn a_removed_product_takes_its_work_along(pool: PgPool) {
    populate(&pool, &["aa", "bb"]).await;
    let bystander = holdings(&pool, "bb").await;
    execute(&pool, r#"DELETE FROM "Product" WHERE id = 'product-aa'"#).await.unwrap();
    let left = holders(&pool, "aa").await;
    for table in [
        "Product",
        "Idea",
        "Epic",
        "Feature",
        "Release",
        "Changelog",
        "LaunchChecklistItem",
        "Task",
        "OKR",
        "KeyResult",
        "KeyResultCheckIn",
        "KPI",
        "KPIDataPoint",
        "KPIDay",
        "KPIAlert",
        "KPINotice",
        "KPINoticeRead",
        "Experiment",
        "ExperimentVariant",
        "ExperimentMetric",
        "ExperimentResult",
        "Feedback",
        "IdeaFeedback",
        "_IdeaToFeature",
        "_FeatureToRelease",
        "FeatureDependency",
        "_ProductToTeam",
        "IdeaVote",
        "IdeaComment",
        "CommentMention",
        "FeatureComment",
        "FeatureCommentMention",
        "TaskComment",
        "TaskCommentMention",
        "BulkEdit",
        "SavedView",
        "Import",
        "ImportPart",
        "ProductNumber",
    ] {
        assert!(!left.iter().any(|holder| holder == table), "{table}");
    }
    for table in ["Document", "SearchEntry", "Team", "Membership", "Invitation", "Webhook", "WebhookDelivery", "AuditLog"] {
        assert!(left.iter().any(|holder| holder == table), "{table}");
    }
    let kept = r#"SELECT DISTINCT kind FROM "SearchEntry" WHERE "organizationId" = 'aa' AND "productId" IS NULL ORDER BY 1"#;
    assert_eq!(strings(&pool, kept).await, ["Comment", "Document", "Objective", "Person", "Team", "Webhook"]);
    let gone = strings(&pool, r#"SELECT kind FROM "SearchEntry" WHERE "organizationId" = 'aa' AND "productId" IS NOT NULL"#).await;
    assert_eq!(gone, Vec::<String>::new());
    let document = strings(&pool, r#"SELECT id FROM "Document" WHERE "productId" IS NULL AND "organizationId" = 'aa'"#).await;
    assert_eq!(document, ["document-aa"]);
    assert_eq!(holdings(&pool, "bb").await, bystander);
}

/// Only the one column is emptied: the tenant, which shares the key with it, stays.
#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn an_optional_parent_can_be_removed(pool: PgPool) {
    populate(&pool, &["aa"]).await;
    for (parent, id, table, column) in [
        ("Epic", "epic-aa", "Feature", "epicId"),
        ("Team", "team-aa", "Membership", "teamId"),
        ("Feature", "feature-aa", "Task", "featureId"),
    ] {
        let child = format!(r#"SELECT DISTINCT "organizationId" || ' ' || coalesce("{column}", 'none') FROM "{table}""#);
        assert_eq!(strings(&pool, child.as_str()).await, [format!("aa {id}")], "{table}");
        execute(&pool, format!(r#"DELETE FROM "{parent}" WHERE id = '{id}'"#)).await.unwrap();
        assert_eq!(strings(&pool, child).await, ["aa none"], "{table}");
    }
    assert_eq!(strings(&pool, r#"SELECT "organizationId" FROM "Invitation" WHERE "teamId" IS NULL"#).await, ["aa"]);
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn a_person_can_be_removed_only_when_nothing_is_theirs(pool: PgPool) {
    populate(&pool, &["aa"]).await;
    let person =
        |table: &str, id| rows().into_iter().find(|row| row.table == table).unwrap().insert(Ids { id, tenant: "aa", parent: "zoe" });
    execute(&pool, person("User", "zoe")).await.unwrap();
    execute(&pool, person("UserProfile", "zoe")).await.unwrap();
    execute(&pool, person("Account", "zoe")).await.unwrap();
    execute(&pool, person("Session", "zoe")).await.unwrap();
    execute(&pool, r#"INSERT INTO "Membership" (id, "userId", "organizationId") VALUES ('zoe', 'user-zoe', 'aa')"#).await.unwrap();
    execute(&pool, r#"UPDATE "Idea" SET "creatorId" = 'user-zoe'"#).await.unwrap();
    execute(&pool, r#"UPDATE "Task" SET "assigneeId" = 'user-zoe'"#).await.unwrap();
    execute(&pool, r#"UPDATE "AuditLog" SET "userId" = 'user-zoe' WHERE id = 'audit-aa'"#).await.unwrap();

    let remove = r#"DELETE FROM "User" WHERE id = 'user-zoe'"#;
    assert_eq!(refusal(execute(&pool, remove).await, "the creator of an idea").1.as_deref(), Some("Idea_creatorId_fkey"));
    for table in ["UserProfile", "Account", "Session", "Membership"] {
        let sql = format!(r#"SELECT id FROM "{table}" WHERE "userId" = 'user-zoe'"#);
        assert_eq!(strings(&pool, sql).await.len(), 1, "{table}: a refused deletion changes nothing");
    }

    execute(&pool, r#"DELETE FROM "Idea""#).await.unwrap();
    execute(&pool, remove).await.unwrap();
    for table in ["UserProfile", "Account", "Session", "Membership"] {
        let sql = format!(r#"SELECT id FROM "{table}" WHERE "userId" = 'user-zoe'"#);
        assert_eq!(strings(&pool, sql).await, Vec::<String>::new(), "{table}");
    }
    assert_eq!(strings(&pool, r#"SELECT id FROM "Task" WHERE "assigneeId" IS NULL"#).await, ["task-aa"]);
    let record = strings(&pool, r#"SELECT id FROM "AuditLog" WHERE id = 'audit-aa' AND "userId" IS NULL"#).await;
    assert_eq!(record, ["audit-aa"], "the record outlives the person");
}

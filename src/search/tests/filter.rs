//! What can be found, by whom, and what narrows it.

use sqlx::PgPool;

use super::{found, idea, page, titles, workshop};
use crate::kernel::role::{Perm, Role};
use crate::search::model::{Filter, Kind};
use crate::testing::TestDb;

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn everything_can_be_found_and_leads_to_its_page(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    let (admin, mut scope) = workshop(&db, "acme").await;
    let idea = idea(&mut scope, "Zephyr idea", "").await;
    scope.commit(()).await.unwrap();
    for sql in [
        r#"INSERT INTO "Epic" (id, title, description, "productId") SELECT 'x-epic', 'Zephyr', '', id FROM "Product""#,
        r#"INSERT INTO "Feature" (id, title, description, "productId") SELECT 'x-feature', 'Zephyr', '', id FROM "Product""#,
        r#"INSERT INTO "Task" (id, title, "productId") SELECT 'x-task', 'Zephyr', id FROM "Product""#,
        r#"INSERT INTO "Feedback" (id, title, description, "productId") SELECT 'x-feedback', 'Zephyr', '', id FROM "Product""#,
        r#"INSERT INTO "Release" (id, name, version, "productId") SELECT 'x-release', 'Zephyr', '1.0.0', id FROM "Product""#,
        r#"INSERT INTO "OKR" (id, title, "productId", "ownerId", quarter) SELECT 'x-okr', 'Zephyr', p.id, u.id, '2026-Q4' FROM "Product" p, "User" u"#,
        r#"INSERT INTO "KeyResult" (id, "okrId", title, "targetValue", unit) VALUES ('x-result', 'x-okr', 'Zephyr', 1, 'x')"#,
        r#"INSERT INTO "KPI" (id, name, "productId", "ownerId", "targetValue", unit) SELECT 'x-kpi', 'Zephyr', p.id, u.id, 1, 'x' FROM "Product" p, "User" u"#,
        r#"INSERT INTO "Experiment" (id, name, hypothesis, "productId", "ownerId") SELECT 'x-experiment', 'Zephyr', '', p.id, u.id FROM "Product" p, "User" u"#,
        r#"INSERT INTO "Document" (id, title, content, "organizationId", "authorId") SELECT 'x-document', 'Zephyr', '', o.id, u.id FROM "Organization" o, "User" u"#,
        r#"INSERT INTO "DocumentComment" (id, "documentId", body, version) VALUES ('x-remark', 'x-document', 'A zephyr', 1)"#,
        r#"INSERT INTO "IdeaComment" (id, "ideaId", body) SELECT 'x-comment', id, 'A zephyr' FROM "Idea""#,
        r#"INSERT INTO "OrganizationObjective" (id, title, "organizationId", "ownerId", quarter) SELECT 'x-objective', 'Zephyr', o.id, u.id, '2026-Q4' FROM "Organization" o, "User" u"#,
        r#"INSERT INTO "Team" (id, name, slug, "organizationId") SELECT 'x-team', 'Zephyr', 'zephyr', id FROM "Organization""#,
        r#"INSERT INTO "Webhook" (id, name, url, "organizationId") SELECT 'x-webhook', 'Zephyr', 'https://example.test/hook', id FROM "Organization""#,
        r#"UPDATE "User" SET name = 'Zephyr Novak'"#,
        r#"UPDATE "Product" SET name = 'Zephyr rocket'"#,
    ] {
        sqlx::query(sql).execute(&pool).await.unwrap_or_else(|error| panic!("{sql}: {error}"));
    }
    let mut scope = db.scope("acme", &admin, Perm::Read).await.unwrap();
    let groups = page(&mut scope, "zephyr").await.groups;
    let missing: Vec<Kind> = Kind::ALL.into_iter().filter(|kind| !groups.iter().any(|group| group.kind == *kind)).collect();
    assert_eq!(missing, []);
    let href = |kind: Kind| groups.iter().find(|group| group.kind == kind).unwrap().hits[0].href("acme");
    let rocket = "/orgs/acme/products/acme-rocket";
    assert_eq!(href(Kind::Product), rocket);
    assert_eq!(href(Kind::Idea), format!("{rocket}/ideas/{idea}"));
    assert_eq!(href(Kind::KeyResult), format!("{rocket}/okrs/x-okr/results/x-result"));
    assert_eq!(href(Kind::Objective), "/orgs/acme/okrs/x-objective");
    assert_eq!(href(Kind::Team), "/orgs/acme/teams/zephyr");
    assert_eq!(href(Kind::Person), "/orgs/acme/members?find=Zephyr%20Novak");
    let mut comments: Vec<String> =
        groups.iter().find(|group| group.kind == Kind::Comment).unwrap().hits.iter().map(|hit| hit.href("acme")).collect();
    comments.sort();
    assert_eq!(comments, ["/orgs/acme/documents/x-document".to_owned(), format!("{rocket}/ideas/{idea}")]);
    assert_eq!(
        titles(&page(&mut scope, "type:comment product:acme-rocket zephyr").await.groups[0].hits),
        ["Zephyr idea"],
        "as what it is on"
    );
    // What hangs on something rests with it.
    sqlx::query(r#"UPDATE "OKR" SET "deletedAt" = now()"#).execute(scope.db()).await.unwrap();
    sqlx::query(r#"UPDATE "Idea" SET "deletedAt" = now()"#).execute(scope.db()).await.unwrap();
    assert!(page(&mut scope, "type:key-result zephyr").await.groups.is_empty());
    assert_eq!(page(&mut scope, "type:comment zephyr").await.groups[0].hits.len(), 1);
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn who_may_not_see_it_does_not_find_it(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    let (admin, scope) = workshop(&db, "acme").await;
    scope.commit(()).await.unwrap();
    sqlx::query(
        r#"INSERT INTO "Webhook" (id, name, url, "organizationId") SELECT 'w1', 'Zephyr', 'https://example.test/hook', id FROM "Organization""#,
    )
    .execute(&pool)
    .await
    .unwrap();
    let stakeholder = db.member("acme", Role::Stakeholder).await;
    let mut scope = db.scope("acme", &admin, Perm::Read).await.unwrap();
    assert_eq!(titles(&found(&mut scope, "zephyr").await), ["Zephyr"]);
    drop(scope);
    let mut scope = db.scope("acme", &stakeholder, Perm::Read).await.unwrap();
    for words in ["zephyr", "type:webhook", "type:webhook zephyr"] {
        let found = page(&mut scope, words).await;
        assert!(found.groups.is_empty(), "{words}");
        assert!(!found.kinds.contains(&Kind::Webhook));
        assert!(found.unknown.iter().all(|wrong| !wrong.possible.contains(&"webhook".to_owned())));
    }
    // The database shows a token for some products nothing of others.
    sqlx::query("SELECT set_config('app.product_ids', 'none', true)").execute(scope.db()).await.unwrap();
    assert!(found(&mut scope, "status:ideation").await.is_empty());
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn filters_narrow_and_either_of_several_will_do(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    let (admin, scope) = workshop(&db, "acme").await;
    scope.commit(()).await.unwrap();
    db.product("acme", &admin, "shuttle").await;
    let other = db.member("acme", Role::Developer).await;
    for (id, name) in [(&admin.id, "Ann Lee"), (&other.id, "Bo Ek")] {
        sqlx::query(r#"UPDATE "User" SET name = $2 WHERE id = $1"#).bind(id).bind(name).execute(&pool).await.unwrap();
    }
    sqlx::query(
        r#"INSERT INTO "Task" (id, title, "productId", status, "assigneeId")
           SELECT id, title, (SELECT p.id FROM "Product" p WHERE p.key = v.key), status::"TaskStatus", nullif(who, '')
             FROM (VALUES ('t1', 'Paint one', 'acme-rocket', 'TODO', $1), ('t2', 'Paint two', 'acme-rocket', 'IN_PROGRESS', $2),
                          ('t3', 'Paint three', 'shuttle', 'DONE', ''), ('t4', 'Wash four', 'shuttle', 'IN_PROGRESS', $1)) v (id, title, key, status, who)"#,
    )
    .bind(&admin.id)
    .bind(&other.id)
    .execute(&pool)
    .await
    .unwrap();
    let mut scope = db.scope("acme", &admin, Perm::IdeaWrite).await.unwrap();
    idea(&mut scope, "Paint an idea", "").await;
    for (typed, expected) in [
        ("type:task paint", vec!["t1", "t2", "t3"]),
        ("type:task status:in-progress", vec!["t2", "t4"]),
        ("type:task status:\"To do\" status:done paint", vec!["t1", "t3"]),
        ("assignee:me", vec!["t1", "t4"]),
        ("assignee:bo paint", vec!["t2"]),
        ("assignee:\"Ann Lee\" assignee:\"bo ek\" paint", vec!["t1", "t2"]),
        ("assignee:nobody", vec!["t3"]),
        ("type:task product:SHUTTLE", vec!["t3", "t4"]),
        ("type:task product:shuttle product:acme-rocket assignee:me", vec!["t1", "t4"]),
        ("status:in-progress assignee:me product:acme-rocket", vec![]),
    ] {
        let mut ids: Vec<String> = found(&mut scope, typed).await.into_iter().map(|hit| hit.id).collect();
        ids.sort();
        assert_eq!(ids, expected, "{typed}");
    }
    assert_eq!(titles(&found(&mut scope, "type:task type:idea paint").await).len(), 4);
    // A task is found as it is now.
    sqlx::query(r#"UPDATE "Task" SET status = 'DONE', "assigneeId" = NULL WHERE id = 't4'"#).execute(scope.db()).await.unwrap();
    assert_eq!(found(&mut scope, "type:task status:done assignee:nobody").await.len(), 2);
    assert_eq!(found(&mut scope, "type:task wash").await[0].status.as_deref(), Some("DONE"));
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn a_wrong_value_is_told_with_the_possible_ones(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    let (_, mut scope) = workshop(&db, "acme").await;
    idea(&mut scope, "Mobile App", "").await;
    for (typed, filter, possible) in [
        ("type:tusk mob", Filter::Type, "task"),
        ("status:odd mob", Filter::Status, "in-progress"),
        ("assignee:stranger mob", Filter::Assignee, "me"),
        ("product:unknown mob", Filter::Product, "acme-rocket"),
    ] {
        let found = page(&mut scope, typed).await;
        assert!(found.groups.is_empty(), "{typed}");
        assert_eq!(found.unknown.iter().map(|wrong| wrong.filter).collect::<Vec<_>>(), [filter], "{typed}");
        assert!(found.unknown[0].possible.contains(&possible.to_owned()), "{typed}");
    }
}

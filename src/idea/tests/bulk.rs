use sqlx::PgPool;

use super::{fields, product_id, workshop};
use crate::idea::model::{BulkForm, Idea, IdeaQuery, IdeaStatus};
use crate::idea::store::{self, bulk};
use crate::kernel::entry::Entry;
use crate::kernel::error::AppError;
use crate::kernel::role::{Perm, Role};
use crate::server::scope::Scope;
use crate::testing::{TestDb, TestUser, counted};

fn form(action: &str, ids: &[String]) -> BulkForm {
    BulkForm { ids: ids.to_vec(), action: action.into(), status: "UNDER_REVIEW".into(), tag: "Urgent".into(), ..Default::default() }
}

async fn change(scope: &mut Scope, product: &str, form: BulkForm) -> Result<String, AppError> {
    bulk::change(scope, product, &IdeaQuery::default(), form.validate()?).await
}

async fn ideas(scope: &mut Scope, product: &str, ids: &[String]) -> Vec<Idea> {
    let mut ideas = Vec::new();
    for id in ids {
        ideas.push(store::get(scope, product, id).await.unwrap());
    }
    ideas
}

/// Ideas with these tags; the scope's transaction is made last, so that later ones have a later time.
async fn some(db: &TestDb, tags: &[&str]) -> (TestUser, String, Vec<String>) {
    let (admin, mut scope) = workshop(db).await;
    let product = product_id(&mut scope).await;
    let mut ids = Vec::new();
    for (n, tags) in tags.iter().enumerate() {
        ids.push(store::create(&mut scope, "rocket", fields(&format!("Idea {n}"), tags)).await.unwrap());
    }
    scope.commit(()).await.unwrap();
    later().await;
    (admin, product, ids)
}

/// Times in the database are kept to the millisecond.
async fn later() {
    tokio::time::sleep(std::time::Duration::from_millis(5)).await;
}

async fn review(db: &TestDb, admin: &TestUser) -> Scope {
    db.scope("acme", admin, Perm::IdeaReview).await.unwrap()
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn each_change_reaches_all_and_is_undone(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    let (admin, product, ids) = some(&db, &["a, b", "urgent, a", ""]).await;
    let mut scope = review(&db, &admin).await;
    let before = ideas(&mut scope, &product, &ids).await;
    scope.commit(()).await.unwrap();
    for action in ["status", "add_tag", "remove_tag", "priority", "delete"] {
        let mut scope = review(&db, &admin).await;
        let edit = change(&mut scope, &product, BulkForm { priority: Entry("70".into()), ..form(action, &ids) }).await.unwrap();
        let told = bulk::notice(&mut scope, &edit).await.unwrap().unwrap();
        let after = ideas(&mut scope, &product, &ids).await;
        let (first, second) = (&after[0], &after[1]);
        match action {
            "status" => assert!(after.iter().all(|idea| idea.status == IdeaStatus::UnderReview)),
            "add_tag" => assert_eq!((first.tags.join(" "), second.tags.join(" ")), ("a b Urgent".into(), "urgent a".into())),
            "remove_tag" => assert_eq!((first.tags.join(" "), second.tags.join(" ")), ("a b".into(), "a".into())),
            "priority" => assert!(after.iter().all(|idea| idea.priority == Some(70))),
            _ => assert!(after.iter().all(|idea| idea.deleted_at.is_some())),
        }
        let expected = match action {
            "add_tag" => 2,
            "remove_tag" => 1,
            _ => 3,
        };
        assert_eq!((told.changed, told.open, told.restored), (expected, true, None), "{action}: {}", told.summary);
        scope.commit(()).await.unwrap();
        later().await;

        let mut scope = review(&db, &admin).await;
        assert_eq!(bulk::undo(&mut scope, &edit).await.unwrap(), expected, "{action}");
        let again = ideas(&mut scope, &product, &ids).await;
        for (was, is) in before.iter().zip(&again) {
            assert_eq!(
                (&was.tags, was.status, was.priority, was.deleted_at),
                (&is.tags, is.status, is.priority, is.deleted_at),
                "{action}"
            );
        }
        assert!(matches!(bulk::undo(&mut scope, &edit).await, Err(AppError::Conflict(_))), "once is enough");
        let told = bulk::notice(&mut scope, &edit).await.unwrap().unwrap();
        assert_eq!((told.open, told.restored), (false, Some(expected)));
        scope.commit(()).await.unwrap();
        later().await;
    }
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn what_may_not_move_stays_and_is_named(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    let (admin, product, ids) = some(&db, &["", ""]).await;
    let mut scope = review(&db, &admin).await;
    store::set_status(&mut scope, &ids[0], IdeaStatus::UnderReview).await.unwrap();
    let approve = |ids: &[String]| BulkForm { status: "APPROVED".into(), ..form("status", ids) };
    let edit = change(&mut scope, &product, approve(&ids)).await.unwrap();
    let told = bulk::notice(&mut scope, &edit).await.unwrap().unwrap();
    assert!(told.summary.contains("“Idea 1” (submitted)"), "{}", told.summary);
    let statuses: Vec<_> = ideas(&mut scope, &product, &ids).await.iter().map(|idea| idea.status).collect();
    assert_eq!(statuses, [IdeaStatus::Approved, IdeaStatus::Submitted]);
    // When none may be changed there is nothing to undo.
    assert!(matches!(change(&mut scope, &product, approve(&ids[1..])).await, Err(AppError::Conflict(_))));
    let kept: i64 = sqlx::query_scalar(r#"SELECT count(*) FROM "BulkEdit""#).fetch_one(scope.db()).await.unwrap();
    assert_eq!(kept, 1);
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn an_undo_leaves_what_has_changed_since(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    let (admin, product, ids) = some(&db, &["", "", ""]).await;
    let mut scope = review(&db, &admin).await;
    let edit = change(&mut scope, &product, form("add_tag", &ids)).await.unwrap();
    scope.commit(()).await.unwrap();
    later().await;
    let mut scope = review(&db, &admin).await;
    store::update(&mut scope, &ids[0], "*", fields("Rewritten", "mine")).await.unwrap();
    // A vote is no change of the idea.
    crate::discuss::store::vote(&mut scope, &ids[1], true).await.unwrap();
    scope.commit(()).await.unwrap();
    let mut scope = review(&db, &admin).await;
    assert_eq!(bulk::undo(&mut scope, &edit).await.unwrap(), 2);
    let after = ideas(&mut scope, &product, &ids).await;
    assert_eq!(after.iter().map(|idea| idea.tags.join(" ")).collect::<Vec<_>>(), ["mine", "", ""]);
    assert_eq!(after[1].votes, 1);
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn an_undo_is_its_authors_for_an_hour(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    let (admin, product, ids) = some(&db, &[""]).await;
    let mut scope = review(&db, &admin).await;
    let edit = change(&mut scope, &product, form("add_tag", &ids)).await.unwrap();
    scope.commit(()).await.unwrap();
    let manager = db.member("acme", Role::ProductManager).await;
    let mut scope = review(&db, &manager).await;
    assert_eq!(bulk::notice(&mut scope, &edit).await.unwrap(), None);
    assert_eq!(bulk::undo(&mut scope, &edit).await, Err(AppError::NotFound));
    scope.commit(()).await.unwrap();
    let bob = db.org("other").await;
    let mut scope = db.scope("other", &bob, Perm::IdeaReview).await.unwrap();
    assert_eq!(bulk::undo(&mut scope, &edit).await, Err(AppError::NotFound));
    assert_eq!(change(&mut scope, &product, form("delete", &ids)).await, Err(AppError::NotFound));
    scope.commit(()).await.unwrap();
    sqlx::query(r#"UPDATE "BulkEdit" SET "createdAt" = now() - interval '61 minutes'"#).execute(&pool).await.unwrap();
    let mut scope = review(&db, &admin).await;
    assert!(matches!(bulk::undo(&mut scope, &edit).await, Err(AppError::Conflict(_))));
    // The next change sweeps it out.
    change(&mut scope, &product, BulkForm { priority: Entry("9".into()), ..form("priority", &ids) }).await.unwrap();
    assert_eq!(bulk::notice(&mut scope, &edit).await.unwrap(), None);
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn a_thousand_ideas_of_a_view_are_changed_and_no_more(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    let (admin, product, _) = some(&db, &[]).await;
    let insert = |from: i32, to: i32| {
        let (pool, product, admin) = (pool.clone(), product.clone(), admin.id.clone());
        async move {
            sqlx::query(
                r#"INSERT INTO "Idea" (id, title, description, "productId", "creatorId", tags)
                   SELECT 'i' || n, 'Idea', '', $1, $2, ARRAY['many'] FROM generate_series($3, $4) n"#,
            )
            .bind(product)
            .bind(admin)
            .bind(from)
            .bind(to)
            .execute(&pool)
            .await
            .unwrap();
        }
    };
    insert(1, 1000).await;
    let view = IdeaQuery { tag: Some("many".into()), ..Default::default() };
    let all = |action: &str| BulkForm { all: "on".into(), ..form(action, &[]) }.validate().unwrap();
    let mut scope = review(&db, &admin).await;
    let edit = bulk::change(&mut scope, &product, &view, all("status")).await.unwrap();
    assert_eq!(bulk::notice(&mut scope, &edit).await.unwrap().unwrap().changed, 1000);
    scope.commit(()).await.unwrap();
    let mut scope = review(&db, &admin).await;
    assert_eq!(bulk::undo(&mut scope, &edit).await.unwrap(), 1000);
    scope.commit(()).await.unwrap();
    insert(1001, 1001).await;
    let mut scope = review(&db, &admin).await;
    assert!(matches!(bulk::change(&mut scope, &product, &view, all("delete")).await, Err(AppError::Validation(_))));
    let other = IdeaQuery { tag: Some("none".into()), ..Default::default() };
    assert_eq!(bulk::change(&mut scope, &product, &other, all("delete")).await, Err(AppError::NotFound));
}

/// A thousand ideas take as many statements as one does.
#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn the_statements_do_not_grow_with_the_ideas(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    let (admin, product, one) = some(&db, &["one"]).await;
    sqlx::query(
        r#"INSERT INTO "Idea" (id, title, description, "productId", "creatorId") SELECT 'i' || n, 'Idea', '', $1, $2 FROM generate_series(1, 1000) n"#,
    )
    .bind(&product)
    .bind(&admin.id)
    .execute(&pool)
    .await
    .unwrap();
    let many: Vec<String> = (1..=1000).map(|n| format!("i{n}")).collect();
    for action in ["status", "add_tag", "remove_tag", "priority", "delete"] {
        let mut sent = Vec::new();
        for ids in [&one, &many] {
            let mut scope = review(&db, &admin).await;
            let tag = if action == "remove_tag" { "urgent" } else { "Urgent" };
            let form = BulkForm { priority: Entry("70".into()), tag: tag.into(), ..form(action, ids) };
            let (edit, changed) = counted(change(&mut scope, &product, form)).await;
            scope.commit(()).await.unwrap();
            let mut scope = review(&db, &admin).await;
            let (undone, back) = counted(bulk::undo(&mut scope, &edit.unwrap())).await;
            assert_eq!(undone, Ok(ids.len() as i32));
            sent.push((changed, back));
            scope.commit(()).await.unwrap();
        }
        if action == "add_tag" {
            // So that there is something to take away.
            for ids in [&one, &many] {
                let mut scope = review(&db, &admin).await;
                change(&mut scope, &product, BulkForm { tag: "urgent".into(), ..form("add_tag", ids) }).await.unwrap();
                scope.commit(()).await.unwrap();
            }
        }
        // Four and three, and one more where sqlx asks for an enum's type, as it does once on each connection.
        assert!(sent.iter().all(|(changed, back)| (1..=5).contains(changed) && (1..=4).contains(back)), "{action}: {sent:?}");
    }
}

/// Two people change the same ideas at the same moment: the second waits, finds them as the first left them, and neither
/// change is lost.
#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn two_changes_at_once_both_count(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    let (admin, product, ids) = some(&db, &["", ""]).await;
    let run = |tag: &'static str| {
        let (db, admin, product, ids) = (&db, &admin, product.clone(), ids.clone());
        async move {
            let mut scope = review(db, admin).await;
            let edit = change(&mut scope, &product, BulkForm { tag: tag.into(), ..form("add_tag", &ids) }).await.unwrap();
            scope.commit(edit).await.unwrap()
        }
    };
    tokio::join!(run("one"), run("two"));
    let mut scope = review(&db, &admin).await;
    for idea in ideas(&mut scope, &product, &ids).await {
        let mut tags = idea.tags;
        tags.sort();
        assert_eq!(tags, ["one", "two"]);
    }
}

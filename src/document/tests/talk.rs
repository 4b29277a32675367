use sqlx::PgPool;

use super::{html, rocket, scope, settings, update, workshop, written};
use crate::document::model::{Found, Remark};
use crate::document::store;
use crate::kernel::error::AppError;
use crate::kernel::role::{Perm, Role};
use crate::server::scope::Scope;
use crate::testing::TestDb;

const TEXT: &str = "# Plan\n\nWe raise the **price** in May, if nobody leaves.\n\nSupport knows.";

async fn remarks(scope: &mut Scope, id: &str) -> Vec<Remark> {
    let product = rocket(scope).await;
    store::page(scope, super::URL, product, id, None).await.unwrap().remarks
}

async fn found(scope: &mut Scope, id: &str) -> Found {
    remarks(scope, id).await.remove(0).passage.unwrap().1
}

fn said(comment: &str, passage: &str) -> (String, String, String) {
    (comment.into(), passage.into(), String::new())
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn a_comment_stays_with_its_passage(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    let (_, mut scope) = workshop(&db).await;
    let id = written(&db, &mut scope, "Plan", TEXT).await.id;
    let nowhere = store::talk::add(&mut scope, &settings(&db), &id, said("C", "words that are not there")).await.unwrap_err();
    assert!(nowhere.of_field("passage").is_some());
    let comment = store::talk::add(&mut scope, &settings(&db), &id, said("Why May?", "raise the price in May")).await.unwrap();
    store::talk::add(&mut scope, &settings(&db), &id, said("On the whole", "")).await.unwrap();
    let all = remarks(&mut scope, &id).await;
    assert_eq!((all[0].passage.clone(), all[1].passage.clone()), (Some(("raise the price in May".into(), Found::There)), None));
    assert!(html(&mut scope, &id).await.contains(&format!("<mark class=\"passage\" id=\"passage-{comment}\">raise the </mark>")));

    let moved = format!("A new beginning.\n\n{TEXT}");
    update(&db, &mut scope, &id, "1", &moved).await;
    assert_eq!(found(&mut scope, &id).await, Found::There);
    let changed = moved.replace("in May", "slowly in June");
    update(&db, &mut scope, &id, "2", &changed).await;
    assert!(matches!(found(&mut scope, &id).await, Found::Changed(now) if now.contains("raise the price")), "it reads differently now");
    update(&db, &mut scope, &id, "3", "# Plan\n\nAll of that is off.").await;
    assert_eq!(found(&mut scope, &id).await, Found::Gone);
    assert!(!html(&mut scope, &id).await.contains("<mark"));
    store::version::restore(&mut scope, &settings(&db), &id, 3).await.unwrap();
    assert!(matches!(found(&mut scope, &id).await, Found::Changed(_)), "and it is back with the text");
    // Written by somebody who knows of no comments.
    let foreign = changed.replace("A new beginning.", "Another beginning, which is longer.");
    sqlx::query(r#"UPDATE "Document" SET content = $1"#).bind(foreign).execute(scope.db()).await.unwrap();
    assert!(matches!(found(&mut scope, &id).await, Found::Changed(_)));

    store::talk::resolve(&mut scope, &comment, true).await.unwrap();
    assert!(remarks(&mut scope, &id).await[0].resolved_by.is_some() && !html(&mut scope, &id).await.contains("<mark"));
    store::talk::resolve(&mut scope, &comment, false).await.unwrap();
    assert_eq!(remarks(&mut scope, &id).await[0].resolved_at, None);
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn a_comment_is_its_authors_and_those_who_are_named_are_told(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    let (admin, mut ours) = workshop(&db).await;
    let id = written(&db, &mut ours, "Plan", TEXT).await.id;
    let of_admin = store::talk::add(&mut ours, &settings(&db), &id, said("Said", "")).await.unwrap();
    ours.commit(()).await.unwrap();
    let ada = db.member("acme", Role::Stakeholder).await;
    sqlx::query(r#"UPDATE "User" SET name = 'Ada Lovelace', email = 'ada@acme.test' WHERE id = $1"#)
        .bind(&ada.id)
        .execute(&pool)
        .await
        .unwrap();
    let mut hers = db.scope("acme", &ada, Perm::IdeaDiscuss).await.unwrap();
    let own = store::talk::add(&mut hers, &settings(&db), &id, said("Mine", "")).await.unwrap();
    assert_eq!(store::talk::delete(&mut hers, &of_admin).await, Err(AppError::Forbidden));
    store::talk::delete(&mut hers, &own).await.unwrap();
    drop(hers);
    let mut ours = scope(&db, &admin).await;
    let document = super::now(&mut ours, &id).await;
    let told = async |scope: &mut Scope, comment: Option<&str>, body: &str| {
        store::talk::mention(scope, &settings(&db), &document, comment, body).await.unwrap()
    };
    assert_eq!(told(&mut ours, Some(&of_admin), "@ada lovelace, and @Nobody").await, ["ada@acme.test"]);
    assert!(told(&mut ours, Some(&of_admin), "@ada@acme.test again").await.is_empty(), "once for a comment");
    assert_eq!(told(&mut ours, None, "Owner: @Ada Lovelace").await, ["ada@acme.test"], "and once for the text");
    let body = remarks(&mut ours, &id).await.remove(0).parts;
    assert!(!body.iter().any(|part| part.mention));
    let mut mails = 0;
    for _ in 0..70 {
        let comment = store::talk::add(&mut ours, &settings(&db), &id, said("Said", "")).await.unwrap();
        mails += told(&mut ours, Some(&comment), "@Ada Lovelace").await.len();
    }
    assert_eq!(mails, 58, "sixty an hour of one person");
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn programs_read_comments_in_parts_and_one_by_one(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    let (_, mut scope) = workshop(&db).await;
    let (id, other) = (written(&db, &mut scope, "Plan", TEXT).await.id, written(&db, &mut scope, "Other", TEXT).await.id);
    let mut ids = Vec::new();
    for text in ["One", "Two", "Three"] {
        ids.push(store::talk::add(&mut scope, &settings(&db), &id, said(text, "")).await.unwrap());
    }
    scope.show(2);
    let bodies = |rows: &[store::talk::Row]| rows.iter().map(|row| row.body.clone()).collect::<Vec<_>>();
    let first = store::said::page(&mut scope, &id, None).await.unwrap();
    assert_eq!((bodies(&first.rows), first.previous.is_none()), (vec!["Three".to_owned(), "Two".into()], true));
    let second = store::said::page(&mut scope, &id, first.next.as_ref()).await.unwrap();
    assert_eq!((bodies(&second.rows), second.next.is_none()), (vec!["One".to_owned()], true));
    let back = store::said::page(&mut scope, &id, second.previous.as_ref()).await.unwrap();
    assert_eq!(bodies(&back.rows), bodies(&first.rows));
    assert_eq!(store::said::get(&mut scope, &id, &ids[0]).await.unwrap().body, "One");
    assert!(matches!(store::said::get(&mut scope, &other, &ids[0]).await, Err(AppError::NotFound)), "of that document alone");
}

use sqlx::PgPool;

use super::{fields, now, rocket, scope, settings, update, workshop, written};
use crate::document::model::{DraftForm, MergePiece, resolved};
use crate::document::store::{self, Outcome};
use crate::kernel::role::Role;
use crate::server::scope::Scope;
use crate::testing::TestDb;

fn form(title: &str, content: &str, version: Option<i32>) -> DraftForm {
    DraftForm { title: title.into(), content: content.into(), version, ..Default::default() }
}

async fn draft(scope: &mut Scope, id: &str) -> Option<(String, Option<i32>)> {
    store::draft::of(scope, Some(id), None).await.unwrap().map(|draft| (draft.content, draft.base_version))
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn a_draft_is_ones_own_until_it_is_saved(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    let (admin, mut ours) = workshop(&db).await;
    let id = written(&db, &mut ours, "Plan", "one").await.id;
    let document = now(&mut ours, &id).await;
    for content in ["one t", "one two"] {
        assert!(store::draft::keep(&mut ours, Some(&document), None, form("Plan", content, Some(1))).await.unwrap().is_some());
    }
    ours.commit(()).await.unwrap();
    let ada = db.member("acme", Role::Developer).await;
    let mut hers = scope(&db, &ada).await;
    assert_eq!(draft(&mut hers, &id).await, None, "nobody sees another's");
    drop(hers);
    let mut ours = scope(&db, &admin).await;
    assert_eq!(draft(&mut ours, &id).await, Some(("one two".into(), Some(1))), "it outlives what wrote it");
    let product = rocket(&mut ours).await;
    let page = store::editor(&mut ours, super::URL, product, Some(&id), None, false).await.unwrap();
    assert!(page.draft.is_some());
    update(&db, &mut ours, &id, "1", "one two").await;
    assert_eq!(draft(&mut ours, &id).await, None, "saved, it is a draft no more");
    let document = now(&mut ours, &id).await;
    assert!(store::draft::keep(&mut ours, Some(&document), None, form("Plan", "one two", Some(1))).await.unwrap().is_none());
    assert_eq!(draft(&mut ours, &id).await, None, "what comes late says what is saved");
    store::draft::keep_of(&mut ours, &id, form("Plan", "three", Some(2))).await.unwrap();
    store::draft::discard(&mut ours, Some(&id), None).await.unwrap();
    assert_eq!(draft(&mut ours, &id).await, None);
    let told: i64 =
        sqlx::query_scalar(r#"SELECT count(*) FROM "AuditLog" WHERE metadata::text LIKE '%one t"%'"#).fetch_one(&pool).await.unwrap();
    assert_eq!(told, 0, "no log tells of what was not saved");
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn a_new_document_has_a_draft_in_each_place(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    let (admin, mut scope) = workshop(&db).await;
    let product = rocket(&mut scope).await;
    let place = product.as_ref().map(|product| product.id.clone());
    store::draft::keep(&mut scope, None, product.as_ref(), form("", "of the product", None)).await.unwrap();
    store::draft::keep(&mut scope, None, None, form("", "of the organisation", None)).await.unwrap();
    let content =
        async |scope: &mut Scope, place: Option<&str>| store::draft::of(scope, None, place).await.unwrap().map(|draft| draft.content);
    assert_eq!(content(&mut scope, place.as_deref()).await.as_deref(), Some("of the product"));
    assert_eq!(content(&mut scope, None).await.as_deref(), Some("of the organisation"));
    let untouched = DraftForm { content: crate::document::model::template(Default::default()).into(), ..Default::default() };
    assert!(store::draft::keep(&mut scope, None, None, untouched).await.unwrap().is_none(), "a template alone is nothing written");
    assert_eq!(content(&mut scope, None).await, None);
    store::create(&mut scope, &settings(&db), product.clone(), fields("Plan", "of the product")).await.unwrap();
    assert_eq!(content(&mut scope, place.as_deref()).await, None);
    assert!(store::draft::keep(&mut scope, None, product.as_ref(), form("Plan", "of the product", None)).await.unwrap().is_none());
    store::draft::keep(&mut scope, None, None, form("", "left behind", None)).await.unwrap();
    scope.commit(()).await.unwrap();
    let ada = db.member("acme", Role::Admin).await;
    let mut hers = super::scope(&db, &ada).await;
    sqlx::query(r#"DELETE FROM "Membership" WHERE "userId" = $1"#).bind(&admin.id).execute(hers.db()).await.unwrap();
    hers.commit(()).await.unwrap();
    let left: i64 = sqlx::query_scalar(r#"SELECT count(*) FROM "DocumentDraft""#).fetch_one(&pool).await.unwrap();
    assert_eq!(left, 0, "whoever leaves takes it along");
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn what_two_people_write_is_merged_or_kept(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    let (admin, mut ours) = workshop(&db).await;
    let id = written(&db, &mut ours, "Plan", "one\ntwo\nthree").await.id;
    assert!(matches!(update(&db, &mut ours, &id, "1", "One\ntwo\nthree").await, Outcome::Saved(_)));
    ours.commit(()).await.unwrap();
    let ada = db.member("acme", Role::Developer).await;
    let mut hers = scope(&db, &ada).await;
    assert!(matches!(update(&db, &mut hers, &id, "1", "one\ntwo\nThree").await, Outcome::Merged(_)));
    let document = now(&mut hers, &id).await;
    assert_eq!((document.version, document.content.as_str()), (3, "One\ntwo\nThree"));

    // She changes what he has changed.
    assert!(matches!(update(&db, &mut hers, &id, "1", "uno\ntwo\nthree").await, Outcome::Conflict(_)));
    assert_eq!(now(&mut hers, &id).await.content, "One\ntwo\nThree", "nothing is written over");
    assert_eq!(draft(&mut hers, &id).await, Some(("uno\ntwo\nthree".into(), Some(1))), "and nothing typed is lost");
    let page = store::draft::merging(&mut hers, None, document).await.unwrap();
    let conflicts: Vec<_> = page.pieces.iter().filter(|piece| matches!(piece, MergePiece::Conflict(_))).collect();
    assert_eq!((page.base, page.title, conflicts.len()), (Some(1), None, 1));
    let merged = resolved(&page.pieces, &Default::default());
    assert_eq!(merged, "One\nuno\ntwo\nThree");
    let document = now(&mut hers, &id).await;
    store::draft::put_merged(&mut hers, &document, "Plan".into(), merged.clone()).await.unwrap();
    assert_eq!(draft(&mut hers, &id).await, Some((merged.clone(), Some(3))));
    assert!(matches!(update(&db, &mut hers, &id, "3", &merged).await, Outcome::Saved(_)));
    let document = now(&mut hers, &id).await;
    let nothing = store::draft::merging(&mut hers, None, document).await.unwrap();
    assert_eq!((nothing.base, nothing.pieces.len()), (None, 0));
    hers.commit(()).await.unwrap();

    // Two at the same moment: the second sees what the first has done.
    let (mut one, mut other) = (scope(&db, &admin).await, scope(&db, &ada).await);
    let (first, second) = tokio::join!(
        async {
            let outcome = update(&db, &mut one, &id, "4", "ONE\nuno\ntwo\nThree").await;
            one.commit(()).await.unwrap();
            outcome
        },
        async {
            let outcome = update(&db, &mut other, &id, "4", "One\nuno\ntwo\nTHREE").await;
            other.commit(()).await.unwrap();
            outcome
        }
    );
    assert!(
        matches!((&first, &second), (Outcome::Saved(_), Outcome::Merged(_)) | (Outcome::Merged(_), Outcome::Saved(_))),
        "{first:?} {second:?}"
    );
    let mut scope = scope(&db, &admin).await;
    assert_eq!(now(&mut scope, &id).await.content, "ONE\nuno\ntwo\nTHREE");
    // A version that never was is no base.
    assert!(matches!(update(&db, &mut scope, &id, "99", "other").await, Outcome::Conflict(_)));
    assert!(matches!(update(&db, &mut scope, &id, "nonsense", "other").await, Outcome::Conflict(_)));
    store::set_deleted(&mut scope, &id, true).await.unwrap();
    let late = store::update(&mut scope, &settings(&db), &id, "5", fields("Plan", "x")).await;
    assert!(matches!(late, Ok(Outcome::Kept(_))));
    assert_eq!(draft(&mut scope, &id).await, Some(("x".into(), Some(5))));
}

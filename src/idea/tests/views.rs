use sqlx::PgPool;

use super::{product_id, workshop};
use crate::idea::model::{IdeaQuery, IdeaSort, ViewFields, ViewForm};
use crate::idea::store::views;
use crate::kernel::error::AppError;
use crate::kernel::role::{Perm, Role};
use crate::kernel::version::{ANY, Edited};
use crate::testing::TestDb;

fn view(name: &str, shared: bool) -> ViewFields {
    let list = IdeaQuery { sort: IdeaSort::Ice, tag: Some("ios & web".into()), ..Default::default() };
    ViewForm { name: name.into(), shared: if shared { "on".into() } else { String::new() } }.validate(&list).unwrap()
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn a_view_is_its_authors_unless_it_is_shared(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    let (admin, mut scope) = workshop(&db).await;
    let product = product_id(&mut scope).await;
    views::save(&mut scope, &product, view("Mine", false)).await.unwrap();
    views::save(&mut scope, &product, view("Ours", true)).await.unwrap();
    let all = views::list(&mut scope, &product).await.unwrap();
    assert_eq!(all.iter().map(|v| (v.name.as_str(), v.shared, v.own)).collect::<Vec<_>>(), [("Mine", false, true), ("Ours", true, true)]);
    assert_eq!(all[0].query, "?sort=ice&tag=ios%20%26%20web");
    scope.commit(()).await.unwrap();

    let developer = db.member("acme", Role::Developer).await;
    let mut scope = db.scope("acme", &developer, Perm::IdeaDiscuss).await.unwrap();
    let seen = views::list(&mut scope, &product).await.unwrap();
    assert_eq!(seen.iter().map(|v| (v.name.as_str(), v.own)).collect::<Vec<_>>(), [("Ours", false)]);
    assert_eq!(views::delete(&mut scope, &all[0].id).await, Err(AppError::NotFound));
    assert_eq!(views::delete(&mut scope, &all[1].id).await, Err(AppError::Forbidden));
    scope.commit(()).await.unwrap();

    let manager = db.member("acme", Role::ProductManager).await;
    let mut scope = db.scope("acme", &manager, Perm::IdeaDiscuss).await.unwrap();
    assert_eq!(views::delete(&mut scope, &all[0].id).await, Err(AppError::NotFound), "not even a reviewer sees a private view");
    views::delete(&mut scope, &all[1].id).await.unwrap();
    scope.commit(()).await.unwrap();

    let bob = db.org("other").await;
    let mut scope = db.scope("other", &bob, Perm::IdeaReview).await.unwrap();
    assert!(views::list(&mut scope, &product).await.unwrap().is_empty());
    assert_eq!(views::delete(&mut scope, &all[0].id).await, Err(AppError::NotFound));
    assert_eq!(views::save(&mut scope, &product, view("Planted", true)).await, Err(AppError::NotFound));

    let mut scope = db.scope("acme", &admin, Perm::IdeaDiscuss).await.unwrap();
    views::delete(&mut scope, &all[0].id).await.unwrap();
    assert!(views::list(&mut scope, &product).await.unwrap().is_empty());
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn names_are_used_once_and_views_are_not_endless(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    let (admin, mut scope) = workshop(&db).await;
    let product = product_id(&mut scope).await;
    for n in 0..50 {
        views::save(&mut scope, &product, view(&format!("View {n}"), false)).await.unwrap();
    }
    assert!(matches!(views::save(&mut scope, &product, view("One more", false)).await, Err(AppError::Conflict(_))));
    // However many others share.
    sqlx::query(
        r#"INSERT INTO "SavedView" (id, "productId", "authorId", name, query, shared)
           SELECT 'v' || n, $1, $2, '!' || n, '', true FROM generate_series(1, 250) n"#,
    )
    .bind(&product)
    .bind(&db.member("acme", crate::kernel::role::Role::Developer).await.id)
    .execute(scope.db())
    .await
    .unwrap();
    let shown = views::list(&mut scope, &product).await.unwrap();
    assert_eq!((shown.len(), shown.iter().filter(|view| view.own).count()), (200, 50));
    let first = views::list(&mut scope, &product).await.unwrap().remove(0);
    views::delete(&mut scope, &first.id).await.unwrap();
    scope.commit(()).await.unwrap();
    let scope = db.scope("acme", &admin, Perm::IdeaDiscuss).await.unwrap();
    scope.commit(()).await.unwrap();
    let save = async |n: usize| {
        let mut scope = db.scope("acme", &admin, Perm::IdeaDiscuss).await.unwrap();
        views::save(&mut scope, &product, view(&format!("At once {n}"), false)).await?;
        scope.commit(()).await
    };
    let (one, two) = tokio::join!(save(1), save(2));
    assert!(one.is_ok() != two.is_ok(), "there was room for one");
    let mut scope = db.scope("acme", &admin, Perm::IdeaDiscuss).await.unwrap();
    let spare = views::list(&mut scope, &product).await.unwrap().remove(0);
    views::delete(&mut scope, &spare.id).await.unwrap();
    let again = views::save(&mut scope, &product, view("View 7", false)).await;
    assert!(again.unwrap_err().of_field("name").is_some());
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn a_view_is_changed_by_whoever_may_forget_it(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    let (_, mut scope) = workshop(&db).await;
    let product = product_id(&mut scope).await;
    let id = views::save(&mut scope, &product, view("Ours", true)).await.unwrap();
    let seen = views::get(&mut scope, &product, &id).await.unwrap();
    assert_eq!((seen.name.as_str(), seen.own, seen.author_name.as_deref()), ("Ours", true, Some("Test Person")));
    assert_eq!(views::get(&mut scope, "another", &id).await, Err(AppError::NotFound));
    let version = ViewFields::from(&seen).version();
    views::update(&mut scope, &id, &version, view("Renamed", true)).await.unwrap();
    assert!(matches!(views::update(&mut scope, &id, &version, view("Late", true)).await, Err(AppError::Stale(_))));
    scope.commit(()).await.unwrap();

    let developer = db.member("acme", Role::Developer).await;
    let mut scope = db.scope("acme", &developer, Perm::IdeaDiscuss).await.unwrap();
    assert_eq!(views::get(&mut scope, &product, &id).await.unwrap().name, "Renamed");
    assert_eq!(views::update(&mut scope, &id, ANY, view("Mine", true)).await, Err(AppError::Forbidden));
    drop(scope);
    let manager = db.member("acme", Role::ProductManager).await;
    let mut scope = db.scope("acme", &manager, Perm::IdeaDiscuss).await.unwrap();
    views::update(&mut scope, &id, ANY, view("Reviewed", false)).await.unwrap();
    assert_eq!(views::get(&mut scope, &product, &id).await, Err(AppError::NotFound), "it is its author's alone now");
    assert_eq!(views::update(&mut scope, &id, ANY, view("Again", true)).await, Err(AppError::NotFound));
}

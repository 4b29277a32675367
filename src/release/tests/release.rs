use sqlx::PgPool;

use super::{advance, feature, product_id, status, version, workshop};
use crate::feature::model::FeatureStatus;
use crate::kernel::error::AppError;
use crate::kernel::page::PAGE_SIZE;
use crate::kernel::role::Perm;
use crate::release::model::{ReleaseForm, ReleaseQuery, ReleaseStatus, ReleaseType, Show};
use crate::release::store;
use crate::testing::TestDb;

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn a_release_is_written_and_changed(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    let (_, mut scope) = workshop(&db).await;
    let id = store::create(&mut scope, "rocket", version("1.0.0")).await.unwrap();
    let form = ReleaseForm {
        name: "Spring".into(),
        version: "1.1.0-rc.1".into(),
        kind: "PATCH".into(),
        description: "d".into(),
        target_date: "2027-03-01".into(),
        release_date: "2027-03-02".into(),
    };
    assert_eq!(store::update(&mut scope, &id, "*", form.clone().validate().unwrap()).await.unwrap(), "rocket");
    let release = store::page(&mut scope, "rocket", &id, "").await.unwrap().summary.release;
    assert_eq!((release.name.as_str(), release.version.as_str(), release.kind), ("Spring", "1.1.0-rc.1", ReleaseType::Patch));
    assert!(release.target_date.is_some() && release.release_date.is_none(), "it is not out yet");
    advance(&mut scope, &id, ReleaseStatus::Released).await;
    store::update(&mut scope, &id, "*", form.validate().unwrap()).await.unwrap();
    let release = store::page(&mut scope, "rocket", &id, "").await.unwrap().summary.release;
    assert!(release.release_date > release.target_date, "the day it went out was put right");
    assert_eq!(store::create(&mut scope, "nowhere", version("1.0.0")).await, Err(AppError::NotFound));
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn a_version_is_one_live_releases_alone(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    let (admin, mut scope) = workshop(&db).await;
    let first = store::create(&mut scope, "rocket", version("1.0.0")).await.unwrap();
    store::set_deleted(&mut scope, &first, true).await.unwrap();
    store::create(&mut scope, "rocket", version("1.0.0")).await.unwrap();
    scope.commit(()).await.unwrap();
    let mut scope = db.scope("acme", &admin, Perm::PlanWrite).await.unwrap();
    let refused = store::create(&mut scope, "rocket", version("1.0.0")).await.unwrap_err();
    assert!(refused.of_field("version").is_some(), "{refused:?}");
    let mut scope = db.scope("acme", &admin, Perm::PlanWrite).await.unwrap();
    assert!(matches!(store::set_deleted(&mut scope, &first, false).await, Err(AppError::Conflict(_))), "its version is taken");
    db.product("acme", &admin, "lander").await;
    let mut scope = db.scope("acme", &admin, Perm::PlanWrite).await.unwrap();
    store::create(&mut scope, "lander", version("1.0.0")).await.expect("another product's versions are its own");
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn the_next_version_counts_what_is_planned_and_not_what_was_dropped(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    let (_, mut scope) = workshop(&db).await;
    let product = product_id(&mut scope).await;
    for number in ["1.0.0", "1.2.0", "3.0.0", "2.0.0"] {
        let id = store::create(&mut scope, "rocket", version(number)).await.unwrap();
        match number {
            "3.0.0" => store::set_status(&mut scope, &id, ReleaseStatus::Cancelled).await.unwrap(),
            "2.0.0" => store::set_deleted(&mut scope, &id, true).await.map(|_| ()).unwrap(),
            _ => {}
        }
    }
    assert_eq!(store::versions(&mut scope, &product).await.unwrap(), ["1.2.0", "1.0.0"]);
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn steps_are_taken_one_at_a_time_and_the_day_is_stamped_once(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    let (_, mut scope) = workshop(&db).await;
    let id = store::create(&mut scope, "rocket", version("1.0.0")).await.unwrap();
    for wrong in [ReleaseStatus::Testing, ReleaseStatus::Ready, ReleaseStatus::Released] {
        assert!(matches!(store::set_status(&mut scope, &id, wrong).await, Err(AppError::Conflict(_))), "{wrong:?}");
    }
    advance(&mut scope, &id, ReleaseStatus::Testing).await;
    store::set_status(&mut scope, &id, ReleaseStatus::InProgress).await.expect("one step back");
    store::set_status(&mut scope, &id, ReleaseStatus::Cancelled).await.unwrap();
    store::set_status(&mut scope, &id, ReleaseStatus::Planning).await.expect("taken up again");
    advance(&mut scope, &id, ReleaseStatus::Released).await;
    let stamped = store::page(&mut scope, "rocket", &id, "").await.unwrap().summary.release.release_date;
    assert!(stamped.is_some());
    store::set_status(&mut scope, &id, ReleaseStatus::Released).await.expect("twice is as good as once");
    for wrong in [ReleaseStatus::Ready, ReleaseStatus::Cancelled, ReleaseStatus::Planning] {
        assert!(matches!(store::set_status(&mut scope, &id, wrong).await, Err(AppError::Conflict(_))), "what is out stays out");
    }
    sqlx::query(r#"UPDATE "Release" SET "releaseDate" = NULL"#).execute(scope.db()).await.unwrap();
    assert_eq!(store::page(&mut scope, "rocket", &id, "").await.unwrap().summary.release.release_date, stamped);
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn a_deleted_release_rests_until_it_is_restored(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    let (_, mut scope) = workshop(&db).await;
    let product = product_id(&mut scope).await;
    let id = store::create(&mut scope, "rocket", version("1.0.0")).await.unwrap();
    assert_eq!(store::set_deleted(&mut scope, &id, true).await.unwrap(), "rocket");
    assert!(store::list(&mut scope, &product, &ReleaseQuery::default()).await.unwrap().rows.is_empty());
    let deleted = ReleaseQuery { show: Show::Deleted, ..Default::default() };
    assert_eq!(store::list(&mut scope, &product, &deleted).await.unwrap().rows.len(), 1);
    assert!(matches!(store::update(&mut scope, &id, "*", version("2.0.0")).await, Err(AppError::Conflict(_))));
    assert!(matches!(store::set_status(&mut scope, &id, ReleaseStatus::InProgress).await, Err(AppError::Conflict(_))));
    store::set_deleted(&mut scope, &id, false).await.unwrap();
    assert_eq!(status(&mut scope, &id).await, ReleaseStatus::Planning);
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn releases_are_listed_by_their_day_and_paged_through(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    let (_, mut scope) = workshop(&db).await;
    let product = product_id(&mut scope).await;
    for n in 0..25 {
        let day = if n % 5 == 0 { String::new() } else { format!("2027-01-{:02}", 28 - n) };
        let form = ReleaseForm { version: format!("1.{n}.0"), target_date: day, ..Default::default() };
        store::create(&mut scope, "rocket", form.validate().unwrap()).await.unwrap();
    }
    let upcoming = ReleaseQuery::default();
    let first = store::list(&mut scope, &product, &upcoming).await.unwrap();
    let second = store::list(&mut scope, &product, &ReleaseQuery { cursor: first.next.clone(), ..upcoming.clone() }).await.unwrap();
    assert_eq!((first.rows.len() as i64, second.rows.len(), second.first_place), (PAGE_SIZE, 5, 21));
    let days: Vec<_> = first.rows.iter().chain(&second.rows).map(|row| row.release.target_date).collect();
    let (dated, undated) = days.split_at(20);
    assert!(dated.is_sorted() && dated.iter().all(Option::is_some) && undated.iter().all(Option::is_none), "{days:?}");
    let back = store::list(&mut scope, &product, &ReleaseQuery { cursor: second.previous, ..upcoming }).await.unwrap();
    assert_eq!(back.rows, first.rows);
    let major = ReleaseQuery { kind: Some(ReleaseType::Major), ..Default::default() };
    assert!(store::list(&mut scope, &product, &major).await.unwrap().rows.is_empty());
    advance(&mut scope, &first.rows[0].release.id, ReleaseStatus::Released).await;
    store::set_status(&mut scope, &first.rows[1].release.id, ReleaseStatus::Cancelled).await.unwrap();
    for show in [Show::Released, Show::Cancelled] {
        let rows = store::list(&mut scope, &product, &ReleaseQuery { show, ..Default::default() }).await.unwrap().rows;
        assert_eq!(rows.len(), 1, "{show:?}");
    }
    // All of them are as many as a product's number of releases says.
    let all = ReleaseQuery { show: Show::All, ..Default::default() };
    let first = store::list(&mut scope, &product, &all).await.unwrap();
    let second = store::list(&mut scope, &product, &ReleaseQuery { cursor: first.next.clone(), ..all.clone() }).await.unwrap();
    let counted = crate::product::store::get(&mut scope, "rocket").await.unwrap().releases;
    assert_eq!((first.rows.len() + second.rows.len()) as i64, counted);
    let back = store::list(&mut scope, &product, &ReleaseQuery { cursor: second.previous, ..all }).await.unwrap();
    assert_eq!(back.rows, first.rows);
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn features_go_out_with_a_release_and_are_counted(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    let (admin, mut scope) = workshop(&db).await;
    let id = store::create(&mut scope, "rocket", version("1.0.0")).await.unwrap();
    let done = feature(&mut scope, "Dark theme", FeatureStatus::Done).await;
    let open = feature(&mut scope, "Dark mode for print", FeatureStatus::InProgress).await;
    let dropped = feature(&mut scope, "Gantt", FeatureStatus::Cancelled).await;
    let found = store::page(&mut scope, "rocket", &id, "DARK").await.unwrap().found;
    assert_eq!(found.len(), 2);
    for feature in [&done, &open, &dropped, &done] {
        store::add_feature(&mut scope, &id, feature).await.unwrap();
    }
    let page = store::page(&mut scope, "rocket", &id, "dark").await.unwrap();
    assert_eq!((page.features.len(), page.found.len()), (3, 0), "what is in it is not offered");
    assert_eq!((page.summary.features_done, page.summary.features), (1, 2), "what was cancelled does not count");
    store::remove_feature(&mut scope, &id, &open).await.unwrap();
    assert_eq!(store::remove_feature(&mut scope, &id, &open).await, Err(AppError::NotFound));
    crate::feature::store::set_deleted(&mut scope, &done, true).await.unwrap();
    assert_eq!(store::add_feature(&mut scope, &id, &done).await, Err(AppError::NotFound), "a deleted one");
    assert_eq!(store::page(&mut scope, "rocket", &id, "").await.unwrap().features.len(), 1);
    scope.commit(()).await.unwrap();
    db.product("acme", &admin, "lander").await;
    let mut scope = db.scope("acme", &admin, Perm::PlanWrite).await.unwrap();
    let other = store::create(&mut scope, "lander", version("1.0.0")).await.unwrap();
    assert_eq!(store::add_feature(&mut scope, &other, &open).await, Err(AppError::NotFound), "another product's");
}

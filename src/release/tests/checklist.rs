use sqlx::PgPool;

use super::{advance, item, status, version, workshop};
use crate::kernel::entry::Entry;
use crate::kernel::error::AppError;
use crate::kernel::role::Perm;
use crate::release::model::{ItemForm, ReleaseForm, ReleaseStatus, TemplateItemForm};
use crate::release::store::{self, checklist, template};
use crate::testing::TestDb;

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn ready_waits_for_every_required_item_and_says_for_which(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    let (admin, mut scope) = workshop(&db).await;
    let id = store::create(&mut scope, "rocket", version("1.0.0")).await.unwrap();
    let (notes, support) = (item(&mut scope, &id, "Notes", true).await, item(&mut scope, &id, "Support", true).await);
    item(&mut scope, &id, "Cake", false).await;
    advance(&mut scope, &id, ReleaseStatus::Testing).await;
    checklist::tick(&mut scope, &notes, true).await.unwrap();
    let Err(AppError::Conflict(told)) = store::set_status(&mut scope, &id, ReleaseStatus::Ready).await else { panic!("not refused") };
    assert!(told.contains("Support") && !told.contains("Notes") && !told.contains("Cake"), "{told}");
    checklist::tick(&mut scope, &support, true).await.unwrap();
    store::set_status(&mut scope, &id, ReleaseStatus::Ready).await.unwrap();
    let items = checklist::list(&mut scope, &id).await.unwrap();
    assert_eq!(items.iter().map(|item| item.completed).collect::<Vec<_>>(), [true, true, false]);
    assert_eq!(items[0].completed_by.as_deref(), Some("Test Person"));
    assert!(items[0].completed_at.is_some());
    assert!(!admin.id.is_empty());

    checklist::tick(&mut scope, &notes, false).await.unwrap();
    assert_eq!(status(&mut scope, &id).await, ReleaseStatus::Testing, "it is ready no more");
    let items = checklist::list(&mut scope, &id).await.unwrap();
    assert_eq!((items[0].completed_at, items[0].completed_by.as_deref()), (None, None));
    checklist::tick(&mut scope, &notes, true).await.unwrap();
    store::set_status(&mut scope, &id, ReleaseStatus::Ready).await.unwrap();
    item(&mut scope, &id, "More cake", false).await;
    assert_eq!(status(&mut scope, &id).await, ReleaseStatus::Ready);
    item(&mut scope, &id, "Late wish", true).await;
    assert_eq!(status(&mut scope, &id).await, ReleaseStatus::Testing);
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn the_checklist_of_a_release_that_is_out_stays_as_it_was(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    let (_, mut scope) = workshop(&db).await;
    let id = store::create(&mut scope, "rocket", version("1.0.0")).await.unwrap();
    let (notes, cake) = (item(&mut scope, &id, "Notes", true).await, item(&mut scope, &id, "Cake", false).await);
    let launch = template::create(&mut scope, "Launch").await.unwrap();
    let form = TemplateItemForm { item: "On call".into(), ..Default::default() };
    template::add_item(&mut scope, &launch, form.validate().unwrap()).await.unwrap();
    checklist::tick(&mut scope, &notes, true).await.unwrap();
    advance(&mut scope, &id, ReleaseStatus::Released).await;
    assert_eq!(checklist::frozen(&mut scope, &id).await, Ok(true));
    let before = checklist::list(&mut scope, &id).await.unwrap();

    let fields = ItemForm { item: "Other".into(), ..Default::default() }.validate().unwrap();
    let outcomes = [
        checklist::add(&mut scope, &id, fields.clone()).await.map(|_| ()),
        checklist::update(&mut scope, &notes, "*", fields).await.map(|_| ()),
        checklist::tick(&mut scope, &cake, true).await,
        checklist::tick(&mut scope, &notes, false).await,
        checklist::remove(&mut scope, &cake).await,
        template::apply(&mut scope, &id, &launch).await,
    ];
    let told = AppError::Conflict("This release is out. Its checklist stays as it was when it went out.".into());
    for (at, outcome) in outcomes.into_iter().enumerate() {
        assert_eq!(outcome, Err(told.clone()), "{at}");
    }
    assert_eq!(checklist::list(&mut scope, &id).await.unwrap(), before);

    // One that was called off can still be planned anew.
    let off = store::create(&mut scope, "rocket", version("1.1.0")).await.unwrap();
    store::set_status(&mut scope, &off, ReleaseStatus::Cancelled).await.unwrap();
    item(&mut scope, &off, "Notes", true).await;
}

/// Whoever writes the database past the application.
#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn the_database_itself_keeps_a_release_from_being_ready(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    let (_, mut scope) = workshop(&db).await;
    let id = store::create(&mut scope, "rocket", version("1.0.0")).await.unwrap();
    let open = item(&mut scope, &id, "Notes", true).await;
    scope.commit(()).await.unwrap();
    let ready = async || sqlx::query(r#"UPDATE "Release" SET status = 'READY'"#).execute(&pool).await;
    let refused = ready().await.unwrap_err();
    assert_eq!(refused.as_database_error().and_then(|error| error.constraint()), Some("release_ready_checklist"));
    sqlx::query(r#"UPDATE "LaunchChecklistItem" SET completed = true"#).execute(&pool).await.unwrap();
    ready().await.unwrap();
    sqlx::query(r#"UPDATE "LaunchChecklistItem" SET completed = false WHERE id = $1"#).bind(&open).execute(&pool).await.unwrap();
    let now: String = sqlx::query_scalar(r#"SELECT status::text FROM "Release""#).fetch_one(&pool).await.unwrap();
    assert_eq!(now, "TESTING");
}

/// On two connections, many times: whichever comes first, no release is ready with an open item.
#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn taking_a_tick_away_while_it_becomes_ready_ends_in_a_true_state(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    let (admin, mut scope) = workshop(&db).await;
    let id = store::create(&mut scope, "rocket", version("1.0.0")).await.unwrap();
    let notes = item(&mut scope, &id, "Notes", true).await;
    checklist::tick(&mut scope, &notes, true).await.unwrap();
    advance(&mut scope, &id, ReleaseStatus::Testing).await;
    scope.commit(()).await.unwrap();
    for round in 0..20 {
        let ready = async {
            let mut scope = db.scope("acme", &admin, Perm::PlanWrite).await.unwrap();
            let outcome = store::set_status(&mut scope, &id, ReleaseStatus::Ready).await;
            if outcome.is_ok() { scope.commit(()).await } else { outcome }
        };
        let untick = async {
            let mut scope = db.scope("acme", &admin, Perm::WorkWrite).await.unwrap();
            checklist::tick(&mut scope, &notes, false).await.unwrap();
            scope.commit(()).await
        };
        // A client that knows nothing of the application's order.
        let foreign = async {
            sqlx::query(r#"UPDATE "LaunchChecklistItem" SET completed = false WHERE id = $1"#).bind(&notes).execute(&pool).await.map(|_| ())
        };
        let outcome = if round % 2 == 0 { tokio::join!(ready, untick).0 } else { tokio::join!(ready, foreign).0 };
        assert!(matches!(outcome, Ok(()) | Err(AppError::Conflict(_))), "{outcome:?}");
        let (status, done): (String, bool) =
            sqlx::query_as(r#"SELECT r.status::text, i.completed FROM "Release" r JOIN "LaunchChecklistItem" i ON i."releaseId" = r.id"#)
                .fetch_one(&pool)
                .await
                .unwrap();
        assert_eq!((status.as_str(), done), ("TESTING", false), "round {round}: {outcome:?}");
        sqlx::query(r#"UPDATE "LaunchChecklistItem" SET completed = true"#).execute(&pool).await.unwrap();
    }
}

/// The two orders that matter, one held open while the other waits.
#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn the_second_sees_what_the_first_has_done(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    let (admin, mut scope) = workshop(&db).await;
    let id = store::create(&mut scope, "rocket", version("1.0.0")).await.unwrap();
    let notes = item(&mut scope, &id, "Notes", true).await;
    checklist::tick(&mut scope, &notes, true).await.unwrap();
    advance(&mut scope, &id, ReleaseStatus::Testing).await;
    scope.commit(()).await.unwrap();
    // A foreign client opens the item first, and is slow to commit.
    let mut first = pool.begin().await.unwrap();
    sqlx::query(r#"UPDATE "LaunchChecklistItem" SET completed = false"#).execute(&mut *first).await.unwrap();
    let mut second = db.scope("acme", &admin, Perm::PlanWrite).await.unwrap();
    let commit = async {
        tokio::time::sleep(std::time::Duration::from_millis(200)).await;
        first.commit().await.unwrap();
    };
    let (outcome, ()) = tokio::join!(store::set_status(&mut second, &id, ReleaseStatus::Ready), commit);
    assert!(matches!(outcome, Err(AppError::Conflict(_))), "{outcome:?}");
    drop(second);
    sqlx::query(r#"UPDATE "LaunchChecklistItem" SET completed = true"#).execute(&pool).await.unwrap();
    // It becomes ready first, and the item is opened while that is not committed yet.
    let mut first = db.scope("acme", &admin, Perm::PlanWrite).await.unwrap();
    store::set_status(&mut first, &id, ReleaseStatus::Ready).await.unwrap();
    let open = sqlx::query(r#"UPDATE "LaunchChecklistItem" SET completed = false"#).execute(&pool);
    let commit = async {
        tokio::time::sleep(std::time::Duration::from_millis(200)).await;
        first.commit(()).await.unwrap();
    };
    let (opened, ()) = tokio::join!(open, commit);
    opened.unwrap();
    let now: String = sqlx::query_scalar(r#"SELECT status::text FROM "Release""#).fetch_one(&pool).await.unwrap();
    assert_eq!(now, "TESTING");
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn an_item_has_an_owner_who_is_a_member_and_a_day(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    let (admin, mut scope) = workshop(&db).await;
    let stranger = db.sign_up("stranger@example.com").await;
    let id = store::create(&mut scope, "rocket", version("1.0.0")).await.unwrap();
    let notes = item(&mut scope, &id, "Notes", true).await;
    let form = |owner: &str| ItemForm { item: "Release notes".into(), owner: owner.into(), due: "2027-01-02".into(), ..Default::default() };
    let of = checklist::update(&mut scope, &notes, "*", form(&admin.id).validate().unwrap()).await.unwrap();
    assert_eq!(of, ("rocket".to_owned(), id.clone()));
    let product = super::product_id(&mut scope).await;
    let item = checklist::get(&mut scope, &product, &id, &notes).await.unwrap();
    assert_eq!((item.title.as_str(), item.required, item.assignee.as_deref()), ("Release notes", false, Some("Test Person")));
    assert!(item.due_date.is_some());
    assert_eq!(checklist::people(&mut scope).await.unwrap().len(), 1);
    assert_eq!(checklist::frozen(&mut scope, &id).await, Ok(false));
    let refused = checklist::update(&mut scope, &notes, "*", form(&stranger.id).validate().unwrap()).await;
    assert!(refused.unwrap_err().of_field("owner").is_some(), "no member");
    checklist::remove(&mut scope, &notes).await.unwrap();
    assert_eq!(checklist::tick(&mut scope, &notes, true).await, Err(AppError::NotFound));
    assert!(checklist::list(&mut scope, &id).await.unwrap().is_empty());
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn a_template_gives_what_is_not_there_yet_with_its_days(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    let (_, mut scope) = workshop(&db).await;
    let launch = template::create(&mut scope, "Launch").await.unwrap();
    for (title, days) in [("Notes", "7"), ("On call", "0"), ("Load test", "14")] {
        let form = TemplateItemForm { item: title.into(), required: "on".into(), days_before: Entry(days.into()) };
        template::add_item(&mut scope, &launch, form.validate().unwrap()).await.unwrap();
    }
    let page = template::page(&mut scope, &launch).await.unwrap();
    let titles: Vec<&str> = page.items.iter().map(|item| item.title.as_str()).collect();
    assert_eq!((titles, page.template.items), (vec!["Load test", "Notes", "On call"], 3));
    let form = ReleaseForm { version: "1.0.0".into(), target_date: "2027-03-15".into(), ..Default::default() };
    let id = store::create(&mut scope, "rocket", form.validate().unwrap()).await.unwrap();
    item(&mut scope, &id, "NOTES", false).await;
    template::apply(&mut scope, &id, &launch).await.unwrap();
    template::apply(&mut scope, &id, &launch).await.expect("twice adds nothing");
    let shown: Vec<(String, String)> = checklist::list(&mut scope, &id)
        .await
        .unwrap()
        .into_iter()
        .map(|item| (item.title, crate::kernel::day::typed(item.due_date)))
        .collect();
    let expected = [("NOTES", ""), ("Load test", "2027-03-01"), ("On call", "2027-03-15")];
    assert_eq!(shown, expected.map(|(title, day)| (title.to_owned(), day.to_owned())));
    template::remove_item(&mut scope, &page.items[0].id).await.unwrap();
    template::delete(&mut scope, &launch).await.unwrap();
    assert_eq!(template::page(&mut scope, &launch).await, Err(AppError::NotFound));
    assert_eq!(checklist::list(&mut scope, &id).await.unwrap().len(), 3, "what was made of it stays");
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn two_templates_have_two_names(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    let (_, mut scope) = workshop(&db).await;
    template::create(&mut scope, "Launch").await.unwrap();
    assert_eq!(template::list(&mut scope).await.unwrap().len(), 1);
    assert!(template::create(&mut scope, "Launch").await.unwrap_err().of_field("name").is_some());
}

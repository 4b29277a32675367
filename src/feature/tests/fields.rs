use sqlx::PgPool;

use super::{form, product_id, workshop};
use crate::feature::model::{Feature, FeatureForm, FeatureQuery, FeatureSort, Met, NONE};
use crate::feature::store;
use crate::kernel::day::typed;
use crate::kernel::entry::Entry;
use crate::kernel::error::AppError;
use crate::kernel::role::{Perm, Role};
use crate::server::scope::Scope;
use crate::testing::TestDb;

async fn add(scope: &mut Scope, form: FeatureForm) -> String {
    store::create(scope, "rocket", form.validate().unwrap()).await.unwrap()
}

async fn listed(scope: &mut Scope, query: FeatureQuery) -> Vec<Feature> {
    let product = product_id(scope).await;
    store::list(scope, &product, &query).await.unwrap().rows
}

fn titles(rows: &[Feature]) -> String {
    rows.iter().map(|feature| feature.title.as_str()).collect()
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn who_builds_it_and_when_is_kept(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    let (_, scope) = workshop(&db).await;
    scope.commit(()).await.unwrap();
    let (dev, stranger) = (db.member("acme", Role::Developer).await, db.org("other").await);
    let mut scope = db.scope("acme", &dev, Perm::FeatureWrite).await.unwrap();
    let product = product_id(&mut scope).await;
    let with = |person: &str| FeatureForm {
        title: "Export".into(),
        assignee: person.into(),
        start_date: "2026-11-02".into(),
        due_date: "2026-11-30".into(),
        ..Default::default()
    };
    let refused = store::create(&mut scope, "rocket", with(&stranger.id).validate().unwrap()).await;
    assert!(refused.unwrap_err().of_field("assignee").is_some());
    let id = add(&mut scope, with(&dev.id)).await;
    let feature = store::get(&mut scope, &product, &id).await.unwrap();
    assert_eq!((feature.assignee_name.as_deref(), typed(feature.start_date)), (Some("Test Person"), "2026-11-02".into()));
    assert_eq!(typed(feature.due_date), "2026-11-30");
    let refused = store::update(&mut scope, &id, "*", with(&stranger.id).validate().unwrap()).await;
    assert!(refused.unwrap_err().of_field("assignee").is_some());
    assert_eq!(store::choices(&mut scope, &product).await.unwrap().people.len(), 2);
    scope.commit(()).await.unwrap();
    sqlx::query(r#"DELETE FROM "Membership" WHERE "userId" = $1"#).bind(&dev.id).execute(&pool).await.unwrap();
    let admin = db.member("acme", Role::Admin).await;
    let mut scope = db.scope("acme", &admin, Perm::FeatureWrite).await.unwrap();
    store::update(&mut scope, &id, "*", with(&dev.id).validate().unwrap())
        .await
        .expect("whoever has left stays until somebody else is chosen");
    let mut wrong = with("").validate().unwrap();
    std::mem::swap(&mut wrong.start_date, &mut wrong.due_date);
    let error = store::update(&mut scope, &id, "*", wrong).await.unwrap_err();
    assert!(error.of_field("due_date").is_some(), "{error:?}");
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn criteria_are_ticked_as_they_were_read(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    let (_, mut scope) = workshop(&db).await;
    let product = product_id(&mut scope).await;
    let text = "Needed:\n- [ ] One\n- [x] Two";
    let id = add(&mut scope, FeatureForm { title: "T".into(), acceptance_criteria: text.into(), ..Default::default() }).await;
    store::tick(&mut scope, &id, 1, "- [ ] One").await.unwrap();
    let stored = store::get(&mut scope, &product, &id).await.unwrap().acceptance_criteria.unwrap();
    assert_eq!(stored, "Needed:\n- [x] One\n- [x] Two");
    for (number, read) in [(1, "- [ ] One"), (2, "- [x] One"), (0, "Needed:"), (9, "- [ ] One")] {
        assert!(matches!(store::tick(&mut scope, &id, number, read).await, Err(AppError::Conflict(_))), "{number} {read}");
    }
    let row = listed(&mut scope, FeatureQuery::default()).await.remove(0);
    assert_eq!((row.met, row.acceptance_criteria), (Met { met: 2, all: 2 }, None), "a list counts and leaves the text out");
    store::set_deleted(&mut scope, &id, true).await.unwrap();
    assert!(matches!(store::tick(&mut scope, &id, 1, "- [x] One").await, Err(AppError::Conflict(_))));
}

/// Two who tick the same box at once tick it once.
#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn a_line_is_ticked_once(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    let (admin, mut scope) = workshop(&db).await;
    let id = add(&mut scope, FeatureForm { title: "T".into(), acceptance_criteria: "- [ ] One".into(), ..Default::default() }).await;
    scope.commit(()).await.unwrap();
    let tick = async || {
        let mut scope = db.scope("acme", &admin, Perm::FeatureWrite).await?;
        store::tick(&mut scope, &id, 0, "- [ ] One").await?;
        scope.commit(()).await
    };
    let (one, two) = tokio::join!(tick(), tick());
    assert!(one.is_ok() != two.is_ok(), "{one:?} {two:?}");
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn the_list_is_narrowed_and_ordered(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    let (admin, mut scope) = workshop(&db).await;
    let dated = |title: &str, priority: &str, points: &str, due: &str, person: &str| FeatureForm {
        title: title.into(),
        priority: priority.into(),
        story_points: Entry(points.into()),
        due_date: due.into(),
        assignee: person.into(),
        ..Default::default()
    };
    for form in [
        dated("a", "LOW", "3", "2026-12-01", &admin.id),
        dated("b", "CRITICAL", "", "", ""),
        dated("c", "HIGH", "8", "2026-11-01", &admin.id),
        dated("d", "MEDIUM", "0", "1970-01-01", ""),
    ] {
        add(&mut scope, form).await;
        // The order of what is made in one moment is that of chance; here it shall be that of time.
        scope.commit(()).await.unwrap();
        scope = db.scope("acme", &admin, Perm::FeatureWrite).await.unwrap();
    }
    for (sort, expected) in
        [(FeatureSort::Newest, "dcba"), (FeatureSort::Priority, "bcda"), (FeatureSort::Points, "cadb"), (FeatureSort::Due, "dcab")]
    {
        assert_eq!(titles(&listed(&mut scope, FeatureQuery { sort, ..Default::default() }).await), expected, "{sort:?}");
    }
    let by = |change: fn(&mut FeatureQuery)| FeatureQuery::default().with(change);
    let mine = FeatureQuery { assignee: Some(admin.id.clone()), ..Default::default() };
    assert_eq!(titles(&listed(&mut scope, mine).await), "ca");
    assert_eq!(titles(&listed(&mut scope, by(|q| q.assignee = Some(NONE.into()))).await), "db");
    assert_eq!(titles(&listed(&mut scope, by(|q| q.find = Some("C".into()))).await), "c");
    assert!(listed(&mut scope, by(|q| q.find = Some("%".into()))).await.is_empty());
    assert_eq!(listed(&mut scope, by(|q| q.epic = Some(NONE.into()))).await.len(), 4);
    assert!(listed(&mut scope, by(|q| q.epic = Some("cnone".into()))).await.is_empty());
}

/// Every order pages through all rows once, onward and back, however many keys are equal.
#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn every_order_has_every_row_once(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    let (_, mut scope) = workshop(&db).await;
    let product = product_id(&mut scope).await;
    store::create(&mut scope, "rocket", form("x")).await.unwrap();
    sqlx::query(
        r#"INSERT INTO "Feature" (id, title, description, "productId", priority, "storyPoints", "dueDate", "createdAt")
           SELECT 'c' || n, 'F', '', $1, (enum_range(NULL::"Priority"))[1 + n % 4], nullif(n % 5, 0),
                  CASE WHEN n % 3 > 0 THEN timestamptz '2026-11-01 10:00:00.123Z' + make_interval(days => n % 7) END,
                  now() - make_interval(secs => (n % 11) * 0.001) FROM generate_series(1, 49) n"#,
    )
    .bind(&product)
    .execute(scope.db())
    .await
    .unwrap();
    for sort in FeatureSort::ALL {
        let mut query = FeatureQuery { sort, ..Default::default() };
        let (mut seen, mut firsts) = (Vec::new(), Vec::new());
        loop {
            let page = store::list(&mut scope, &product, &query).await.unwrap();
            assert!(page.rows.windows(2).all(|pair| pair[0].key(sort) >= pair[1].key(sort)), "{sort:?}");
            firsts.push(page.rows[0].id.clone());
            seen.extend(page.rows.into_iter().map(|feature| feature.id));
            match page.next {
                Some(next) => query.cursor = Some(next),
                None => {
                    query.cursor = page.previous;
                    break;
                }
            }
        }
        let count = seen.len();
        seen.sort();
        seen.dedup();
        assert_eq!((count, seen.len(), firsts.len()), (50, 50, 3), "{sort:?}");
        let back = store::list(&mut scope, &product, &query).await.unwrap();
        assert_eq!((back.rows.len(), &back.rows[0].id), (20, &firsts[1]), "{sort:?}");
    }
}

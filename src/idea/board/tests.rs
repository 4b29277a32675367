use sqlx::PgPool;

use super::model::Spot;
use super::store::{self, EXPLAIN_CARDS, EXPLAIN_GAP};
use crate::idea::model::{IdeaForm, IdeaStatus};
use crate::idea::store as ideas;
use crate::kernel::error::AppError;
use crate::kernel::role::Perm;
use crate::server::scope::Scope;
use crate::testing::{TestDb, TestUser, counted};
use crate::ui::board::{CARDS_FIRST, CARDS_MORE, Column};

/// An organisation with a product whose column of submitted ideas has these, and a scope of its administrator.
async fn board(db: &TestDb, titles: &[&str]) -> (TestUser, Scope) {
    let admin = db.org("acme").await;
    db.product("acme", &admin, "rocket").await;
    let mut scope = db.scope("acme", &admin, Perm::IdeaReview).await.unwrap();
    for title in titles {
        let fields = IdeaForm { title: (*title).into(), tags: title.to_lowercase(), ..Default::default() }.validate().unwrap();
        ideas::create(&mut scope, "rocket", fields).await.unwrap();
    }
    (admin, scope)
}

async fn again(db: &TestDb, user: &TestUser) -> Scope {
    db.scope("acme", user, Perm::IdeaReview).await.unwrap()
}

async fn product(scope: &mut Scope) -> String {
    ideas::product(scope, "rocket").await.unwrap().id
}

async fn columns(scope: &mut Scope, tag: Option<&str>) -> Vec<Column> {
    let product = product(scope).await;
    store::columns(scope, &product, tag).await.unwrap()
}

/// The titles of a column, from its top.
async fn titles(scope: &mut Scope, status: IdeaStatus) -> String {
    let columns = columns(scope, None).await;
    let column = columns.into_iter().find(|column| column.key == status.word()).unwrap();
    assert_eq!(column.count, column.cards.len() as i64);
    column.cards.into_iter().map(|card| card.title).collect()
}

async fn id(scope: &mut Scope, title: &str) -> String {
    sqlx::query_scalar(r#"SELECT id FROM "Idea" WHERE title = $1"#).bind(title).fetch_one(scope.db()).await.unwrap()
}

/// Puts a card below one and above another, which are named by their titles; `-` is nobody.
async fn put(scope: &mut Scope, title: &str, to: Option<IdeaStatus>, after: &str, before: &str) -> Result<bool, AppError> {
    let mut ids = Vec::new();
    for title in [title, after, before] {
        ids.push(match title {
            "-" => None,
            title => Some(id(scope, title).await),
        });
    }
    let spot = Spot { to, before: ids.pop().unwrap(), after: ids.pop().unwrap() };
    store::put(scope, "rocket", &ids.pop().unwrap().unwrap(), &spot).await
}

const SUBMITTED: IdeaStatus = IdeaStatus::Submitted;
const REVIEW: IdeaStatus = IdeaStatus::UnderReview;

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn cards_stand_where_they_are_put(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    let (_, mut scope) = board(&db, &["A", "B", "C", "D"]).await;
    assert_eq!(titles(&mut scope, SUBMITTED).await, "ABCD", "new ideas come last");
    for (card, after, before, order) in
        [("D", "A", "B", "ADBC"), ("A", "C", "-", "DBCA"), ("C", "-", "D", "CDBA"), ("C", "C", "D", "CDBA"), ("D", "-", "A", "CBDA")]
    {
        assert_eq!(put(&mut scope, card, None, after, before).await, Ok(true));
        assert_eq!(titles(&mut scope, SUBMITTED).await, order);
    }
    assert_eq!(put(&mut scope, "D", Some(REVIEW), "-", "-").await, Ok(true));
    assert_eq!(put(&mut scope, "A", Some(REVIEW), "-", "D").await, Ok(true));
    assert_eq!(put(&mut scope, "B", Some(REVIEW), "A", "D").await, Ok(true));
    assert_eq!((titles(&mut scope, SUBMITTED).await.as_str(), titles(&mut scope, REVIEW).await.as_str()), ("C", "ABD"));
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn a_move_sent_twice_is_as_good_as_once_and_writes_one_row(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    let (admin, scope) = board(&db, &["A", "B", "C"]).await;
    scope.commit(()).await.unwrap();
    let versions = || async {
        let rows: Vec<(String, String, String)> =
            sqlx::query_as(r#"SELECT title, xmin::text, rank FROM "Idea" ORDER BY title"#).fetch_all(&db.owner).await.unwrap();
        rows
    };
    let before = versions().await;
    let mut scope = again(&db, &admin).await;
    assert_eq!(put(&mut scope, "C", Some(SUBMITTED), "A", "B").await, Ok(true));
    scope.commit(()).await.unwrap();
    let once = versions().await;
    assert_eq!(before.iter().zip(&once).filter(|(before, once)| before != once).count(), 1);
    let mut scope = again(&db, &admin).await;
    assert_eq!(put(&mut scope, "C", Some(SUBMITTED), "A", "B").await, Ok(true));
    scope.commit(()).await.unwrap();
    assert_eq!(once, versions().await, "the second time nothing is written");
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn a_move_is_at_most_three_statements(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    let (_, mut scope) = board(&db, &["A", "B", "C"]).await;
    let ids = [id(&mut scope, "A").await, id(&mut scope, "B").await, id(&mut scope, "C").await];
    // The first time on a connection sqlx asks for the enum's type.
    put(&mut scope, "B", Some(REVIEW), "-", "-").await.unwrap();
    for to in [None, Some(REVIEW)] {
        let spot = Spot { to, after: Some(ids[0].clone()), before: Some(ids[1].clone()) };
        let (moved, sent) = counted(store::put(&mut scope, "rocket", &ids[2], &spot)).await;
        moved.unwrap();
        assert!((1..=3).contains(&sent), "{sent} statements");
    }
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn only_moves_that_the_flow_allows_are_made(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    let (_, mut scope) = board(&db, &["A", "B"]).await;
    let refused = put(&mut scope, "A", Some(IdeaStatus::Implemented), "-", "-").await;
    assert_eq!(refused, Err(AppError::Conflict("An idea cannot go from “Submitted” to “Implemented”.".into())));
    assert_eq!(titles(&mut scope, SUBMITTED).await, "AB");
    assert!(super::model::column("NOWHERE").is_err());

    let a = id(&mut scope, "A").await;
    ideas::set_deleted(&mut scope, &a, true).await.unwrap();
    assert!(matches!(put(&mut scope, "A", Some(REVIEW), "-", "-").await, Err(AppError::Conflict(_))));
    assert_eq!(store::put(&mut scope, "rocket", "nothing", &Spot::default()).await, Err(AppError::NotFound));
    sqlx::query(r#"UPDATE "Product" SET "deletedAt" = now()"#).execute(scope.db()).await.unwrap();
    assert_eq!(put(&mut scope, "B", Some(REVIEW), "-", "-").await, Err(AppError::NotFound));
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn a_neighbour_that_has_gone_does_not_stop_a_move(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    let (_, mut scope) = board(&db, &["A", "B", "C", "D"]).await;
    let b = id(&mut scope, "B").await;
    ideas::set_deleted(&mut scope, &b, true).await.unwrap();
    assert_eq!(put(&mut scope, "A", None, "B", "D").await, Ok(true), "the card below is still there");
    assert_eq!(titles(&mut scope, SUBMITTED).await, "CAD");
    let c = id(&mut scope, "C").await;
    ideas::set_status(&mut scope, &c, REVIEW).await.unwrap();
    assert_eq!(put(&mut scope, "D", None, "B", "C").await, Ok(false), "none of them is there, so the board is old");
    assert_eq!(titles(&mut scope, SUBMITTED).await, "DA");
    assert_eq!(put(&mut scope, "A", Some(REVIEW), "-", "-").await, Ok(false), "the column was not empty");
    assert_eq!(titles(&mut scope, REVIEW).await, "AC");
    assert_eq!(put(&mut scope, "C", Some(REVIEW), "C", "C").await, Ok(false), "a card is no neighbour of itself");
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn where_there_is_no_room_it_is_made(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    let (_, mut scope) = board(&db, &["A", "B", "C", "D"]).await;
    for same in ["00000000000001", "no rank at all", "zzzzzzzzzzzzzz"] {
        sqlx::query(r#"UPDATE "Idea" SET rank = $1"#).bind(same).execute(scope.db()).await.unwrap();
        let order = titles(&mut scope, SUBMITTED).await;
        let [first, second, third, last] = [0, 1, 2, 3].map(|at| &order[at..=at]);
        assert_eq!(put(&mut scope, last, None, first, second).await, Ok(true));
        assert_eq!(titles(&mut scope, SUBMITTED).await, format!("{first}{last}{second}{third}"), "{same}");
        assert_eq!(put(&mut scope, third, None, "-", first).await, Ok(true));
        assert_eq!(titles(&mut scope, SUBMITTED).await, format!("{third}{first}{last}{second}"), "{same}");
    }
}

/// Two people who see the same board move different cards into the same gap, again and again.
#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn moves_at_the_same_moment_both_count(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    let (admin, mut scope) = board(&db, &["A", "B", "C", "D"]).await;
    let [a, b, c, d] = [id(&mut scope, "A").await, id(&mut scope, "B").await, id(&mut scope, "C").await, id(&mut scope, "D").await];
    scope.commit(()).await.unwrap();
    let shift = |card: String, after: String, before: String| {
        let (db, admin) = (&db, &admin);
        async move {
            let mut scope = again(db, admin).await;
            let spot = Spot { to: None, after: Some(after), before: Some(before) };
            let as_seen = store::put(&mut scope, "rocket", &card, &spot).await;
            scope.commit(()).await.unwrap();
            as_seen
        }
    };
    for round in 0..20 {
        // Both go between A and B; and then all at once somewhere else.
        let (one, two) = tokio::join!(shift(c.clone(), a.clone(), b.clone()), shift(d.clone(), a.clone(), b.clone()));
        assert_eq!((one, two), (Ok(true), Ok(true)));
        let mut scope = again(&db, &admin).await;
        let order = titles(&mut scope, SUBMITTED).await;
        assert!(order == "ACDB" || order == "ADCB", "{order} in round {round}");
        let (equal,): (bool,) =
            sqlx::query_as(r#"SELECT count(DISTINCT rank) < count(*) FROM "Idea""#).fetch_one(scope.db()).await.unwrap();
        assert!(!equal, "no two ranks are equal");
        drop(scope);
        let (one, two, three) = tokio::join!(
            shift(c.clone(), b.clone(), a.clone()),
            shift(a.clone(), d.clone(), c.clone()),
            shift(d.clone(), b.clone(), b.clone())
        );
        assert!(one.is_ok() && two.is_ok() && three.is_ok());
        let mut scope = again(&db, &admin).await;
        assert_eq!(titles(&mut scope, SUBMITTED).await.len(), 4);
        drop(scope);
        for (card, after) in [(&b, &a), (&c, &b), (&d, &c)] {
            shift(card.clone(), after.clone(), after.clone()).await.unwrap();
        }
    }
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn a_tag_narrows_the_board_and_keeps_the_order(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    let (_, mut scope) = board(&db, &["A", "B", "C"]).await;
    sqlx::query(r#"UPDATE "Idea" SET tags = '{x}' WHERE title <> 'B'"#).execute(scope.db()).await.unwrap();
    put(&mut scope, "C", None, "-", "A").await.unwrap();
    let columns = columns(&mut scope, Some("x")).await;
    let titles: String = columns[0].cards.iter().map(|card| card.title.as_str()).collect();
    assert_eq!((columns[0].count, titles.as_str(), columns[1].count, columns.len()), (2, "CA", 0, 6));
    let product = product(&mut scope).await;
    let rest = store::cards(&mut scope, &product, Some("x"), SUBMITTED, 1).await.unwrap();
    assert_eq!(rest.iter().map(|card| card.title.as_str()).collect::<String>(), "A");
    assert!(store::cards(&mut scope, &product, None, SUBMITTED, -5).await.unwrap().len() == 3);
    assert!(store::cards(&mut scope, &product, None, SUBMITTED, i64::MAX).await.unwrap().is_empty());
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn another_tenants_cards_are_neither_moved_nor_leaned_on(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    let (_, mut scope) = board(&db, &["A", "B"]).await;
    let (theirs, their_product) = (id(&mut scope, "A").await, product(&mut scope).await);
    scope.commit(()).await.unwrap();
    let bob = db.org("other").await;
    db.product("other", &bob, "balloon").await;
    let mut scope = db.scope("other", &bob, Perm::IdeaReview).await.unwrap();
    let fields = IdeaForm { title: "Own".into(), ..Default::default() }.validate().unwrap();
    let own = ideas::create(&mut scope, "balloon", fields).await.unwrap();
    let spot = Spot { after: Some(theirs.clone()), ..Default::default() };
    assert_eq!(store::put(&mut scope, "balloon", &own, &spot).await, Ok(false));
    assert_eq!(store::put(&mut scope, "balloon", &theirs, &Spot::default()).await, Err(AppError::NotFound));
    assert!(store::columns(&mut scope, &their_product, None).await.unwrap().iter().all(|column| column.count == 0));
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn a_foreign_client_need_not_know_of_the_board(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    let (admin, mut scope) = board(&db, &["A"]).await;
    let product = product(&mut scope).await;
    sqlx::query(
        r#"INSERT INTO "Idea" (id, title, description, "productId", "creatorId", status) VALUES ('i', 'I', '', $1, $2, 'APPROVED')"#,
    )
    .bind(product)
    .bind(&admin.id)
    .execute(scope.db())
    .await
    .unwrap();
    assert_eq!(titles(&mut scope, IdeaStatus::Approved).await, "I");
    sqlx::query(r#"UPDATE "Idea" SET status = 'SUBMITTED', "boardColumn" = 'elsewhere' WHERE id = 'i'"#).execute(scope.db()).await.unwrap();
    assert_eq!(titles(&mut scope, SUBMITTED).await, "AI");
}

/// As the application's role, the first cards of a column of ten thousand are read from the index, and no others.
#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn a_long_column_shows_its_first_cards_at_once(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    let (admin, mut scope) = board(&db, &[]).await;
    let (org, product) = (scope.organization().id.clone(), product(&mut scope).await);
    sqlx::query(
        r#"INSERT INTO "Idea" (id, title, description, "organizationId", "productId", "creatorId", status)
           SELECT 'i' || n, 'Idea ' || n, '', $3, $1, $2, CASE WHEN n % 100 = 0 THEN 'APPROVED' ELSE 'SUBMITTED' END::"IdeaStatus"
           FROM generate_series(1, 10000) n"#,
    )
    .bind(&product)
    .bind(&admin.id)
    .bind(&org)
    .execute(scope.db())
    .await
    .unwrap();
    scope.commit(()).await.unwrap();
    sqlx::query(r#"ANALYZE "Idea""#).execute(&pool).await.unwrap();

    let mut scope = again(&db, &admin).await;
    for (from, at_most) in [(0_i64, CARDS_FIRST * 6), (0, CARDS_FIRST * 6), (500, 600 * 6)] {
        let plan: serde_json::Value = sqlx::query_scalar(EXPLAIN_CARDS)
            .bind(&org)
            .bind(&product)
            .bind(IdeaStatus::ALL.map(IdeaStatus::word).as_slice())
            .bind(None::<String>)
            .bind(from)
            .bind(CARDS_FIRST as i64)
            .fetch_one(scope.db())
            .await
            .unwrap();
        let read = rows_of_ideas(&plan[0]["Plan"]);
        assert!(read > 0.0 && read <= at_most as f64, "{read} rows: {plan:#}");
    }
    for (after, before) in [(Some("i9998"), Some("i9999")), (None, Some("i9999")), (None, None)] {
        let plan: serde_json::Value = sqlx::query_scalar(EXPLAIN_GAP)
            .bind(&org)
            .bind(&product)
            .bind(SUBMITTED.word())
            .bind("i1")
            .bind(after)
            .bind(before)
            .fetch_one(scope.db())
            .await
            .unwrap();
        let read = rows_of_ideas(&plan[0]["Plan"]);
        assert!(read <= 8.0, "{read} rows: {plan:#}");
    }
    let columns = columns(&mut scope, None).await;
    assert_eq!((columns[0].count, columns[0].cards.len(), columns[2].count), (9900, CARDS_FIRST, 100));
    let last = store::cards(&mut scope, &product, None, SUBMITTED, 9880).await.unwrap();
    assert_eq!((last.len(), last[19].title.as_str()), (20, "Idea 9999"));
    assert_eq!(store::cards(&mut scope, &product, None, SUBMITTED, 5000).await.unwrap().len(), CARDS_MORE);
}

/// How many rows of ideas the plan has read; an endless number if it has done so without an index's order.
fn rows_of_ideas(node: &serde_json::Value) -> f64 {
    let own = match node["Relation Name"].as_str() {
        Some("Idea") if node["Node Type"].as_str().is_some_and(|kind| kind.starts_with("Index")) => {
            let rows = node["Actual Rows"].as_f64().unwrap() + node["Rows Removed by Filter"].as_f64().unwrap_or(0.0);
            rows * node["Actual Loops"].as_f64().unwrap()
        }
        Some("Idea") => f64::INFINITY,
        _ => 0.0,
    };
    own + node["Plans"].as_array().into_iter().flatten().map(rows_of_ideas).sum::<f64>()
}

mod long;
mod refused;

use sqlx::PgPool;

use super::model::{BoardKind, BoardPage, CardForm, LANES_MAX, Lanes, LimitsForm, ManyForm, QuickForm};
use super::store;
use crate::kernel::error::AppError;
use crate::kernel::role::Perm;
use crate::kernel::version::{ANY, Edited};
use crate::server::board::Spot;
use crate::server::scope::Scope;
use crate::testing::{TestDb, TestUser};
use crate::ui::board::Card;

const KINDS: [BoardKind; 2] = [BoardKind::Features, BoardKind::Tasks];

/// An organisation with a product, and a scope of its administrator.
async fn workshop(db: &TestDb) -> (TestUser, Scope) {
    let admin = db.org("acme").await;
    db.product("acme", &admin, "rocket").await;
    let scope = again(db, &admin).await;
    (admin, scope)
}

async fn again(db: &TestDb, user: &TestUser) -> Scope {
    db.scope("acme", user, Perm::FeatureWrite).await.unwrap()
}

/// The name of a board's first column.
fn first(kind: BoardKind) -> &'static str {
    kind.columns()[0].0
}

async fn add_in(scope: &mut Scope, kind: BoardKind, title: &str, column: &str, lane: &str) -> Result<Card, AppError> {
    let form = QuickForm { title: title.into(), column: column.into(), lane: lane.into() };
    store::add(scope, "rocket", kind, form.validate(kind)?).await
}

/// Adds a card to the first column; gives its id.
async fn add(scope: &mut Scope, kind: BoardKind, title: &str) -> String {
    add_in(scope, kind, title, first(kind), "").await.unwrap().id
}

async fn page(scope: &mut Scope, kind: BoardKind, lanes: Option<Lanes>) -> BoardPage {
    store::page(scope, "rocket", kind, lanes).await.unwrap()
}

/// The titles of a column, or of a column's part in a lane, from its top.
async fn titles(scope: &mut Scope, kind: BoardKind, lanes: Option<Lanes>, cell: &str) -> String {
    let page = page(scope, kind, lanes).await;
    let column = page.columns.into_iter().find(|column| column.key == cell).unwrap();
    assert_eq!(column.count, column.cards.len() as i64);
    column.cards.into_iter().map(|card| card.title).collect()
}

async fn put(scope: &mut Scope, kind: BoardKind, id: &str, to: &str, after: Option<&str>, before: Option<&str>) -> Result<bool, AppError> {
    store::put(scope, "rocket", kind, id, Spot { to: Some(to), after, before, ..Default::default() }).await
}

/// A row that the application has no screen for here; gives its id.
async fn row(scope: &mut Scope, sql: &'static str, id: &str) -> String {
    sqlx::query_scalar(sql).bind(id).fetch_one(scope.db()).await.unwrap()
}

const EPIC: &str =
    r#"INSERT INTO "Epic" (id, title, description, "productId") SELECT $1, $1, '', id FROM "Product" WHERE key = 'rocket' RETURNING id"#;

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn cards_stand_where_they_are_put(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    let (_, mut scope) = workshop(&db).await;
    for kind in KINDS {
        let (to, mut ids) = (first(kind), Vec::new());
        for title in ["A", "B", "C", "D"] {
            ids.push(add(&mut scope, kind, title).await);
        }
        let [a, b, c, d] = [&ids[0], &ids[1], &ids[2], &ids[3]].map(String::as_str);
        assert_eq!(titles(&mut scope, kind, None, to).await, "ABCD", "what is added comes last");
        assert_eq!(put(&mut scope, kind, d, to, Some(a), Some(b)).await, Ok(true));
        assert_eq!(titles(&mut scope, kind, None, to).await, "ADBC");
        assert_eq!(put(&mut scope, kind, c, "IN_REVIEW", None, None).await, Ok(true));
        assert_eq!(put(&mut scope, kind, a, "IN_REVIEW", Some(c), None).await, Ok(true), "any column may follow any");
        assert_eq!(titles(&mut scope, kind, None, "IN_REVIEW").await, "CA");
        assert_eq!(put(&mut scope, kind, b, "IN_REVIEW", Some(d), Some(d)).await, Ok(false), "the board was old");
        assert_eq!(put(&mut scope, kind, c, "DONE", None, None).await, Ok(true));
        assert_eq!(put(&mut scope, kind, c, to, None, None).await, Ok(false), "the column was not empty");
        let rest = store::cards(&mut scope, "rocket", kind, to, None, 1).await.unwrap();
        assert_eq!(rest.iter().map(|card| card.title.as_str()).collect::<String>(), "D");
        assert!(store::cards(&mut scope, "rocket", kind, "NOWHERE", None, 0).await.is_err());
    }
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn a_move_sent_twice_is_as_good_as_once(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    let (admin, mut scope) = workshop(&db).await;
    let ids = [add(&mut scope, BoardKind::Tasks, "A").await, add(&mut scope, BoardKind::Tasks, "B").await];
    scope.commit(()).await.unwrap();
    let changes = || async {
        let (count,): (i64,) = sqlx::query_as(r#"SELECT count(*) FROM "AuditLog" WHERE action LIKE 'task.%' AND action <> 'task.created'"#)
            .fetch_one(&db.owner)
            .await
            .unwrap();
        count
    };
    // At the same moment, again and again: each time the task is done once.
    for round in 1..=10 {
        let done = || async {
            let mut scope = again(&db, &admin).await;
            let moved = put(&mut scope, BoardKind::Tasks, &ids[0], "DONE", None, None).await;
            scope.commit(()).await.unwrap();
            moved
        };
        let (one, two) = tokio::join!(done(), done());
        assert_eq!((one, two), (Ok(true), Ok(true)));
        assert_eq!(changes().await, 2 * round - 1);
        let mut scope = again(&db, &admin).await;
        put(&mut scope, BoardKind::Tasks, &ids[0], "TODO", Some(&ids[1]), None).await.unwrap();
        scope.commit(()).await.unwrap();
    }
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn what_is_gone_is_not_moved(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    let (_, mut scope) = workshop(&db).await;
    for kind in KINDS {
        let (a, b) = (add(&mut scope, kind, "A").await, add(&mut scope, kind, "B").await);
        let delete = match kind {
            BoardKind::Features => r#"UPDATE "Feature" SET "deletedAt" = now() WHERE id = $1 RETURNING id"#,
            BoardKind::Tasks => r#"UPDATE "Task" SET "deletedAt" = now() WHERE id = $1 RETURNING id"#,
        };
        row(&mut scope, delete, &a).await;
        let refused = put(&mut scope, kind, &a, "DONE", None, None).await;
        assert_eq!(refused, Err(AppError::Conflict(format!("This {} has been deleted. Restore it to move it.", kind.noun()))));
        assert_eq!(put(&mut scope, kind, &b, "DONE", Some(&a), None).await, Ok(false), "nor is it leant on");
        assert_eq!(put(&mut scope, kind, "nothing", "DONE", None, None).await, Err(AppError::NotFound));
        let fields = CardForm { title: "New".into(), priority: "LOW".into() }.validate().unwrap();
        assert!(matches!(store::change(&mut scope, "rocket", kind, &a, ANY, fields.clone()).await, Err(AppError::Conflict(_))));
        assert_eq!(store::change(&mut scope, "rocket", kind, "nothing", ANY, fields).await, Err(AppError::NotFound));
        let many =
            |ids: &[&str]| ManyForm { ids: ids.iter().map(|id| (*id).into()).collect(), action: "to:DONE".into() }.validate(kind).unwrap();
        assert!(matches!(store::change_many(&mut scope, "rocket", kind, many(&[&a, &b])).await, Err(AppError::Conflict(_))));
        assert_eq!(store::change_many(&mut scope, "rocket", kind, many(&[&b, "nothing"])).await, Err(AppError::NotFound));
    }
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn another_tenants_cards_and_lanes_are_out_of_reach(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    let (_, mut scope) = workshop(&db).await;
    let epic = row(&mut scope, EPIC, "e1").await;
    let mut theirs = Vec::new();
    for kind in KINDS {
        theirs.push(add(&mut scope, kind, "A").await);
    }
    scope.commit(()).await.unwrap();
    let bob = db.org("other").await;
    db.product("other", &bob, "balloon").await;
    let mut scope = db.scope("other", &bob, Perm::FeatureWrite).await.unwrap();
    for (kind, theirs) in KINDS.into_iter().zip(&theirs) {
        let done = Spot { to: Some("DONE"), ..Default::default() };
        assert_eq!(store::put(&mut scope, "balloon", kind, theirs, done).await, Err(AppError::NotFound));
        let own = QuickForm { title: "Own".into(), column: "DONE".into(), lane: String::new() }.validate(kind).unwrap();
        let own = store::add(&mut scope, "balloon", kind, own).await.unwrap().id;
        let beside = Spot { after: Some(theirs), ..done };
        assert_eq!(store::put(&mut scope, "balloon", kind, &own, beside).await, Ok(false));
        assert_eq!(add_in(&mut scope, kind, "X", "DONE", "").await, Err(AppError::NotFound), "their product");
        let page = store::page(&mut scope, "balloon", kind, None).await.unwrap();
        assert_eq!(page.columns.iter().map(|column| column.count).sum::<i64>(), 1);
    }
    let lane = Lanes::Epic.key(&epic);
    let fields =
        |lane: &str| QuickForm { title: "Own".into(), column: "DONE".into(), lane: lane.into() }.validate(BoardKind::Features).unwrap();
    let own = store::add(&mut scope, "balloon", BoardKind::Features, fields("")).await.unwrap().id;
    let spot = Spot { lane: Some(&lane), ..Default::default() };
    assert_eq!(store::put(&mut scope, "balloon", BoardKind::Features, &own, spot).await, Err(AppError::NotFound));
    assert_eq!(store::add(&mut scope, "balloon", BoardKind::Features, fields(&lane)).await, Err(AppError::NotFound));
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn features_change_their_epic_and_priority_with_the_lane(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    let (admin, mut scope) = workshop(&db).await;
    let kind = BoardKind::Features;
    let (one, two) = (row(&mut scope, EPIC, "e1").await, row(&mut scope, EPIC, "e2").await);
    let (a, b) = (add(&mut scope, kind, "A").await, add(&mut scope, kind, "B").await);
    let (in_one, in_two) = (Lanes::Epic.key(&one), Lanes::Epic.key(&two));
    for (id, lane) in [(&a, &in_one), (&b, &in_two)] {
        assert_eq!(store::put(&mut scope, "rocket", kind, id, Spot { lane: Some(lane), ..Default::default() }).await, Ok(true));
    }
    let found = page(&mut scope, kind, Some(Lanes::Epic)).await;
    assert_eq!((found.lanes.len(), found.columns.len(), found.lanes_cut), (3, 18, false), "two epics and none");
    assert_eq!(found.lanes[2].label, "No epic");
    assert_eq!(titles(&mut scope, kind, Some(Lanes::Epic), "BACKLOG epic:e1").await, "A");
    assert_eq!(add_in(&mut scope, kind, "C", "BACKLOG", "epic:e1").await.unwrap().tags, ["e1"]);
    assert_eq!(titles(&mut scope, kind, Some(Lanes::Epic), "BACKLOG epic:e1").await, "AC");
    // Column and lane in one move, next to a card that is there.
    let spot = Spot { to: Some("BACKLOG"), lane: Some("epic:e1"), before: Some(&a), after: None };
    assert_eq!(store::put(&mut scope, "rocket", kind, &b, spot).await, Ok(true));
    assert_eq!(titles(&mut scope, kind, Some(Lanes::Epic), "BACKLOG epic:e1").await, "BAC");
    assert_eq!(store::cards(&mut scope, "rocket", kind, "BACKLOG", Some("epic:e1"), 1).await.unwrap().len(), 2);
    // Where ranks have to be spread, the lane is that of the moved card alone.
    sqlx::query(r#"UPDATE "Feature" SET rank = 'no rank'"#).execute(scope.db()).await.unwrap();
    assert_eq!(store::put(&mut scope, "rocket", kind, &a, Spot { lane: Some("epic:"), ..Default::default() }).await, Ok(true));
    assert_eq!(titles(&mut scope, kind, Some(Lanes::Epic), "BACKLOG epic:").await, "A");
    assert_eq!(titles(&mut scope, kind, Some(Lanes::Epic), "BACKLOG epic:e1").await.len(), 2);
    // Features of a deleted epic have none.
    row(&mut scope, r#"UPDATE "Epic" SET "deletedAt" = now() WHERE id = $1 RETURNING id"#, "e1").await;
    assert_eq!(titles(&mut scope, kind, Some(Lanes::Epic), "BACKLOG epic:").await.len(), 3);
    assert_eq!(
        store::put(&mut scope, "rocket", kind, &a, Spot { lane: Some("epic:e1"), ..Default::default() }).await,
        Err(AppError::NotFound)
    );

    assert_eq!(store::put(&mut scope, "rocket", kind, &a, Spot { lane: Some("priority:CRITICAL"), ..Default::default() }).await, Ok(true));
    assert_eq!(titles(&mut scope, kind, Some(Lanes::Priority), "BACKLOG priority:CRITICAL").await, "A");
    for wrong in ["priority:URGENT", "assignee:nobody-here", "nonsense", "epic:nothing"] {
        let spot = Spot { lane: Some(wrong), ..Default::default() };
        assert_eq!(store::put(&mut scope, "rocket", kind, &a, spot).await, Err(AppError::NotFound), "{wrong}");
    }
    let mine = Lanes::Assignee.key(&admin.id);
    assert_eq!(store::put(&mut scope, "rocket", kind, &a, Spot { lane: Some(&mine), ..Default::default() }).await, Ok(true));
    assert_eq!(titles(&mut scope, kind, Some(Lanes::Assignee), &format!("BACKLOG {mine}")).await, "A");
    assert!(page(&mut scope, kind, Some(Lanes::Feature)).await.lanes.is_empty(), "features have no such lanes");
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn tasks_change_hands_with_the_lane(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    let (admin, mut scope) = workshop(&db).await;
    let kind = BoardKind::Tasks;
    let feature = add(&mut scope, BoardKind::Features, "Feature").await;
    let a = add(&mut scope, kind, "A").await;
    let mine = Lanes::Assignee.key(&admin.id);
    let spot = Spot { to: Some("DONE"), lane: Some(&mine), ..Default::default() };
    assert_eq!(store::put(&mut scope, "rocket", kind, &a, spot).await, Ok(true));
    assert_eq!(titles(&mut scope, kind, Some(Lanes::Assignee), &format!("DONE {mine}")).await, "A");
    assert_eq!(page(&mut scope, kind, None).await.columns[3].cards[0].tags, ["Test Person"]);
    let under = Lanes::Feature.key(&feature);
    assert_eq!(store::put(&mut scope, "rocket", kind, &a, Spot { lane: Some(&under), ..Default::default() }).await, Ok(true));
    assert_eq!(titles(&mut scope, kind, Some(Lanes::Feature), &format!("DONE {under}")).await, "A");
    assert_eq!(titles(&mut scope, kind, Some(Lanes::Assignee), &format!("DONE {mine}")).await, "A", "it is still mine");
    for lane in [&mine, &under, "priority:LOW"] {
        assert!(add_in(&mut scope, kind, "B", "TODO", lane).await.is_ok(), "{lane}");
    }
    assert_eq!(titles(&mut scope, kind, Some(Lanes::Priority), "TODO priority:LOW").await, "B");
    assert_eq!(add_in(&mut scope, kind, "X", "TODO", "assignee:nobody-here").await, Err(AppError::NotFound));
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn only_so_many_lanes_are_shown(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    let (_, mut scope) = workshop(&db).await;
    for n in 0..=LANES_MAX {
        row(&mut scope, EPIC, &format!("e{n}")).await;
    }
    let last = Lanes::Epic.key(&format!("e{LANES_MAX}"));
    add_in(&mut scope, BoardKind::Features, "A", "TESTING", &last).await.unwrap();
    let page = page(&mut scope, BoardKind::Features, Some(Lanes::Epic)).await;
    assert_eq!((page.lanes.len(), page.lanes_cut, page.lanes[0].key.as_str()), (LANES_MAX + 1, true, last.as_str()));
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn limits_are_set_and_lifted(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    let (_, mut scope) = workshop(&db).await;
    let form = |json: &str| serde_json::from_str::<LimitsForm>(json).unwrap().validate(BoardKind::Tasks).unwrap();
    store::set_limits(&mut scope, "rocket", BoardKind::Tasks, ANY, &form(r#"{"TODO":"9","IN_REVIEW":"2"}"#)).await.unwrap();
    let limits = page(&mut scope, BoardKind::Tasks, None).await.limits;
    assert_eq!(limits, [("IN_REVIEW".into(), 2), ("TODO".into(), 9)]);
    assert!(page(&mut scope, BoardKind::Features, None).await.limits.is_empty(), "each board has its own");
    store::set_limits(&mut scope, "rocket", BoardKind::Tasks, ANY, &form(r#"{"TODO":"","IN_REVIEW":"3"}"#)).await.unwrap();
    assert_eq!(page(&mut scope, BoardKind::Tasks, None).await.limits, [("IN_REVIEW".into(), 3)]);
    let late = store::set_limits(&mut scope, "rocket", BoardKind::Tasks, "", &form(r#"{"TODO":"7"}"#)).await;
    assert!(matches!(late, Err(AppError::Stale(_))), "{late:?}");
    assert_eq!(page(&mut scope, BoardKind::Tasks, None).await.limits, [("IN_REVIEW".into(), 3)]);
    // More are let in.
    for title in ["A", "B", "C", "D"] {
        add_in(&mut scope, BoardKind::Tasks, title, "IN_REVIEW", "").await.unwrap();
    }
    assert_eq!(titles(&mut scope, BoardKind::Tasks, None, "IN_REVIEW").await, "ABCD");
    assert_eq!(store::set_limits(&mut scope, "elsewhere", BoardKind::Tasks, ANY, &[]).await, Err(AppError::NotFound));
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn cards_are_changed_one_by_one_and_many_at_once(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    let (_, mut scope) = workshop(&db).await;
    for kind in KINDS {
        let mut ids = Vec::new();
        for title in ["A", "B", "C"] {
            ids.push(add(&mut scope, kind, title).await);
        }
        add_in(&mut scope, kind, "Z", "DONE", "").await.unwrap();
        let fields = CardForm { title: " N ".into(), priority: "HIGH".into() }.validate().unwrap();
        let card = store::change(&mut scope, "rocket", kind, &ids[0], ANY, fields).await.unwrap();
        assert_eq!((card.title.as_str(), card.note.as_str(), card.priority.as_str()), ("N", "High", "HIGH"));
        put(&mut scope, kind, &ids[2], first(kind), None, Some(&ids[0])).await.unwrap();
        let many = |action: &str| ManyForm { ids: ids.clone(), action: action.into() }.validate(kind).unwrap();
        store::change_many(&mut scope, "rocket", kind, many("to:DONE")).await.unwrap();
        assert_eq!(titles(&mut scope, kind, None, "DONE").await, "ZCNB", "behind what is there, in their own order");
        store::change_many(&mut scope, "rocket", kind, many("to:DONE")).await.unwrap();
        assert_eq!(titles(&mut scope, kind, None, "DONE").await, "ZCNB");
        store::change_many(&mut scope, "rocket", kind, many("priority:LOW")).await.unwrap();
        assert_eq!(titles(&mut scope, kind, Some(Lanes::Priority), "DONE priority:LOW").await, "CNB");
    }
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn a_card_that_somebody_has_changed_meanwhile_is_not_written_over(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    let (_, mut scope) = workshop(&db).await;
    for kind in KINDS {
        let seen = add_in(&mut scope, kind, "A", first(kind), "").await.unwrap();
        let fields = |title: &str| CardForm { title: title.into(), priority: "MEDIUM".into() }.validate().unwrap();
        store::change(&mut scope, "rocket", kind, &seen.id, &seen.version(), fields("Ada's")).await.unwrap();
        let outcome = store::change(&mut scope, "rocket", kind, &seen.id, &seen.version(), fields("Bob's")).await;
        let Err(AppError::Stale(stale)) = outcome else { panic!("{outcome:?}") };
        assert_eq!((stale.saved("title"), stale.saved("priority")), (Some("Ada's"), None));
        let card = store::change(&mut scope, "rocket", kind, &seen.id, &stale.version, fields("Both")).await.unwrap();
        assert_eq!(card.title, "Both", "whoever has seen both may write");
    }
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn a_foreign_client_need_not_know_of_the_board(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    let (_, mut scope) = workshop(&db).await;
    let feature = r#"INSERT INTO "Feature" (id, title, description, "productId", status) SELECT $1, 'F', '', id, 'TESTING' FROM "Product" RETURNING id"#;
    let task = r#"INSERT INTO "Task" (id, title, "productId", status) SELECT $1, 'T', id, 'IN_REVIEW' FROM "Product" RETURNING id"#;
    row(&mut scope, feature, "f").await;
    row(&mut scope, task, "t").await;
    assert_eq!(titles(&mut scope, BoardKind::Features, None, "TESTING").await, "F");
    assert_eq!(titles(&mut scope, BoardKind::Tasks, None, "IN_REVIEW").await, "T");
    row(&mut scope, r#"UPDATE "Feature" SET status = 'DONE', "boardColumn" = 'elsewhere' WHERE id = $1 RETURNING id"#, "f").await;
    assert_eq!(titles(&mut scope, BoardKind::Features, None, "DONE").await, "F");
}

//! What a board refuses: cards of other products, and forms that come back as a page with what was typed.

use http::StatusCode;
use server_fn::ServerFn;
use sqlx::PgPool;

use super::{EPIC, KINDS, add, again, put, row, titles, workshop};
use crate::board::api::{ChangeCard, ChangeCards, PlaceCard, QuickAdd};
use crate::board::model::{BoardKind, CardForm, ManyForm};
use crate::board::store;
use crate::kernel::error::AppError;
use crate::kernel::role::Role;
use crate::kernel::version::ANY;
use crate::server::board::Spot;
use crate::server::tests::{Client, FORM, text};
use crate::testing::{TestDb, TestUser};

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn cards_of_another_product_are_not_there(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    let (admin, scope) = workshop(&db).await;
    drop(scope);
    db.product("acme", &admin, "balloon").await;
    let mut scope = again(&db, &admin).await;
    for kind in KINDS {
        let (a, b) = (add(&mut scope, kind, "A").await, add(&mut scope, kind, "B").await);
        let spot = Spot { to: Some("DONE"), ..Default::default() };
        assert_eq!(store::put(&mut scope, "balloon", kind, &a, spot).await, Err(AppError::NotFound));
        let fields = CardForm { title: "New".into(), priority: "LOW".into() }.validate().unwrap();
        assert_eq!(store::change(&mut scope, "balloon", kind, &a, ANY, fields).await, Err(AppError::NotFound));
        let many = ManyForm { ids: vec![a.clone(), b], action: "to:DONE".into() }.validate(kind).unwrap();
        assert_eq!(store::change_many(&mut scope, "balloon", kind, many).await, Err(AppError::NotFound));
        assert_eq!(titles(&mut scope, kind, None, super::first(kind)).await, "AB", "nothing is moved or changed");
        assert_eq!(put(&mut scope, kind, &a, "DONE", None, None).await, Ok(true));
    }
}

/// The same answer over HTTP, whether a card is another product's or nobody's.
#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn every_call_of_a_board_is_for_its_own_product(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    let (admin, mut scope) = workshop(&db).await;
    let card = add(&mut scope, BoardKind::Tasks, "A").await;
    scope.commit(()).await.unwrap();
    db.product("acme", &admin, "balloon").await;
    let client = Client::of(db.state(), Some(&admin));
    for (path, rest) in [
        (PlaceCard::PATH, "id=$&to=DONE"),
        (ChangeCard::PATH, "id=$&version=*&form[title]=New&form[priority]=LOW"),
        (ChangeCards::PATH, "form[ids][]=$&form[action]=to:DONE"),
    ] {
        let mut told = Vec::new();
        for (product, id) in [("balloon", card.as_str()), ("rocket", "nothing"), ("nowhere", &card)] {
            let body = format!("org=acme&product={product}&kind=TASKS&{}", rest.replace('$', id));
            let answer = client.call(path, FORM, &body).await;
            assert_eq!(answer.status(), StatusCode::NOT_FOUND, "{path} {product}");
            told.push(text(answer).await);
        }
        assert!(told.iter().all(|one| *one == told[0]), "{told:?}");
        let body = format!("org=acme&product=rocket&kind=TASKS&{}", rest.replace('$', &card));
        assert_eq!(client.call(path, FORM, &body).await.status(), StatusCode::OK, "{path}");
    }
}

/// Adds a card as a browser without scripts does, from this page of the board; gives the status and the page that comes back.
async fn quick_add(db: &TestDb, user: &TestUser, query: &str, fields: &str) -> (StatusCode, String) {
    let page = format!("/orgs/acme/products/rocket/features/board{query}");
    let body = format!("org=acme&product=rocket&kind=FEATURES&page={}&{fields}", crate::kernel::text::query_value(&page));
    let answer = Client::of(db.state(), Some(user)).submit(&page, QuickAdd::PATH, &body).await;
    (answer.status(), text(answer).await)
}

/// What stands in the form with this name, up to its end.
fn form<'a>(page: &'a str, name: &str) -> &'a str {
    let at = page.find(name).unwrap_or_else(|| panic!("no {name} in {page}"));
    page[at..].split("</form>").next().unwrap()
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn a_refused_card_comes_back_with_its_title(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    let (admin, mut scope) = workshop(&db).await;
    row(&mut scope, EPIC, "e1").await;
    scope.commit(()).await.unwrap();

    // Its column and lane are there: in the form that it came from.
    let long = "x".repeat(201);
    let (status, page) = quick_add(&db, &admin, "?lanes=epic", &format!("form[title]={long}&form[column]=DONE&form[lane]=epic:e1")).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(form(&page, "Add a feature to Done, e1").contains(&format!("value=\"{long}\"")), "{page}");
    assert!(form(&page, "Add a feature to Done, e1").contains("the limit is 200"), "{page}");
    assert!(!page.contains("Add the feature again") && !page.contains("This was not done"));

    // Its lane, its column, or the whole way to look at it is gone: at the board's head.
    for (query, fields, status, why) in [
        ("?lanes=epic", "form[column]=DONE&form[lane]=epic:gone", StatusCode::NOT_FOUND, "Its lane is not there any more."),
        ("", "form[column]=NOWHERE&form[lane]=", StatusCode::CONFLICT, "This board has no such column."),
        ("", "form[column]=DONE&form[lane]=epic:gone", StatusCode::NOT_FOUND, "Its lane is not there any more."),
    ] {
        let (was, page) = quick_add(&db, &admin, query, &format!("form[title]=Kept+title&{fields}")).await;
        assert_eq!(was, status, "{fields}");
        let again = form(&page, "Add the feature again");
        assert!(again.contains("value=\"Kept title\"") && again.contains(&format!("The feature was not added. {why}")), "{again}");
        assert_eq!(again.contains("form[lane]"), !query.is_empty(), "{again}");
        assert!(!page.contains("This was not done"), "it is told once");
    }
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn who_may_not_is_told_at_the_head_of_the_page(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    let (_, mut scope) = workshop(&db).await;
    let card = add(&mut scope, BoardKind::Features, "A").await;
    scope.commit(()).await.unwrap();
    let stakeholder = db.member("acme", Role::Stakeholder).await;
    let why = "This was not done: Your role in this organisation does not allow that.";
    let (status, page) = quick_add(&db, &stakeholder, "", "form[title]=Kept+title&form[column]=DONE&form[lane]=").await;
    assert_eq!(status, StatusCode::FORBIDDEN);
    assert!(page.contains(why) && page.contains("Kept title"), "{page}");
    let client = Client::of(db.state(), Some(&stakeholder));
    let own = "org=acme&product=rocket&kind=FEATURES&page=%2Forgs%2Facme%2Fproducts%2Frocket%2Ffeatures%2Fboard";
    for (path, rest) in [
        (PlaceCard::PATH, "id=$&to=DONE"),
        (ChangeCard::PATH, "id=$&version=*&form[card]=$&form[title]=Kept+title&form[priority]=LOW"),
        (ChangeCards::PATH, "form[ids][]=$&form[action]=to:DONE"),
    ] {
        let answer = client.submit("/", path, &format!("{own}&{}", rest.replace('$', &card))).await;
        assert_eq!(answer.status(), StatusCode::FORBIDDEN);
        let page = text(answer).await;
        assert_eq!(page.contains("Kept title"), rest.contains("Kept"), "{path}");
        // What is wrong with a move, a board says itself.
        let head = if path == PlaceCard::PATH { why.trim_start_matches("This was not done: ") } else { why };
        assert!(page.contains(head), "{path}: {page}");
    }
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn a_changed_title_is_not_lost_with_its_card(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    let (admin, mut scope) = workshop(&db).await;
    let card = add(&mut scope, BoardKind::Features, "A").await;
    row(&mut scope, r#"UPDATE "Feature" SET "deletedAt" = now() WHERE id = $1 RETURNING id"#, &card).await;
    scope.commit(()).await.unwrap();
    let body =
        format!("org=acme&product=rocket&kind=FEATURES&id={card}&version=*&form[card]={card}&form[title]=Kept+title&form[priority]=LOW");
    let answer = Client::of(db.state(), Some(&admin)).submit("/orgs/acme/products/rocket/features/board", ChangeCard::PATH, &body).await;
    assert_eq!(answer.status(), StatusCode::CONFLICT);
    let page = text(answer).await;
    assert!(page.contains("This was not done: This feature has been deleted.") && page.contains("Kept title"), "{page}");
}

use sqlx::PgPool;

use super::model::{COMMENTS_SHOWN, Comment, Subject};
use super::store;
use crate::idea::model::IdeaForm;
use crate::kernel::error::AppError;
use crate::kernel::page::Cursor;
use crate::kernel::role::{Perm, Role};
use crate::kernel::version::ANY;
use crate::server::scope::Scope;
use crate::testing::{TestDb, TestUser};

/// Where a talk goes on behind a comment.
fn behind(comment: &Comment) -> Cursor {
    Cursor::decode(&super::model::behind(comment.created_at, &comment.id)).unwrap()
}

/// The settings that a mail is written and sealed with.
fn settings(db: &TestDb) -> std::sync::Arc<crate::server::request::Settings> {
    db.state().settings
}

/// An organisation with an idea, and a scope of its administrator.
async fn workshop(db: &TestDb) -> (TestUser, Scope, String) {
    let admin = db.org("acme").await;
    db.product("acme", &admin, "rocket").await;
    let mut scope = discuss(db, &admin).await;
    let fields = IdeaForm { title: "Discussed".into(), ..Default::default() }.validate().unwrap();
    let idea = crate::idea::store::create(&mut scope, "rocket", fields).await.unwrap();
    scope.commit(()).await.unwrap();
    let scope = discuss(db, &admin).await;
    (admin, scope, idea)
}

async fn discuss(db: &TestDb, user: &TestUser) -> Scope {
    db.scope("acme", user, Perm::IdeaDiscuss).await.unwrap()
}

/// Votes as counted on the idea, and as rows.
async fn votes(pool: &PgPool, idea: &str) -> (i32, i64) {
    sqlx::query_as(r#"SELECT votes, (SELECT count(*) FROM "IdeaVote" WHERE "ideaId" = i.id) FROM "Idea" i WHERE id = $1"#)
        .bind(idea)
        .fetch_one(pool)
        .await
        .unwrap()
}

async fn rename(pool: &PgPool, user: &TestUser, name: &str, email: &str) {
    let named = sqlx::query(r#"UPDATE "User" SET name = $2, email = $3 WHERE id = $1"#).bind(&user.id).bind(name).bind(email);
    named.execute(pool).await.unwrap();
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn a_person_has_one_vote_and_may_take_it_back(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    let (_, mut scope, idea) = workshop(&db).await;
    store::vote(&mut scope, &idea, true).await.unwrap();
    store::vote(&mut scope, &idea, true).await.unwrap();
    scope.commit(()).await.unwrap();
    let stakeholder = db.member("acme", Role::Stakeholder).await;
    let mut scope = discuss(&db, &stakeholder).await;
    store::vote(&mut scope, &idea, true).await.unwrap();
    scope.commit(()).await.unwrap();
    assert_eq!(votes(&pool, &idea).await, (2, 2));
    let mut scope = discuss(&db, &stakeholder).await;
    store::vote(&mut scope, &idea, false).await.unwrap();
    store::vote(&mut scope, &idea, false).await.unwrap();
    scope.commit(()).await.unwrap();
    assert_eq!(votes(&pool, &idea).await, (1, 1));
    let changed: bool =
        sqlx::query_scalar(r#"SELECT "updatedAt" > "createdAt" FROM "Idea" WHERE id = $1"#).bind(&idea).fetch_one(&pool).await.unwrap();
    assert!(!changed, "a vote does not make an idea look edited");
}

/// Everybody votes at once, and twice: each counts once. With the person goes the vote.
#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn votes_at_once_are_all_counted(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    let (_, scope, idea) = workshop(&db).await;
    scope.commit(()).await.unwrap();
    let mut people = Vec::new();
    for _ in 0..3 {
        people.push(db.member("acme", Role::Stakeholder).await);
    }
    let vote = |user: &TestUser| {
        let (app, caller, idea) = (db.app.clone(), user.caller.clone(), idea.clone());
        async move {
            let mut scope = Scope::open(&app, &caller, "acme", Perm::IdeaDiscuss).await.unwrap();
            store::vote(&mut scope, &idea, true).await.unwrap();
            scope.commit(()).await.unwrap();
        }
    };
    tokio::join!(vote(&people[0]), vote(&people[1]), vote(&people[2]), vote(&people[0]), vote(&people[1]), vote(&people[2]));
    assert_eq!(votes(&pool, &idea).await, (3, 3));
    sqlx::query(r#"DELETE FROM "User" WHERE id = $1"#).bind(&people[0].id).execute(&pool).await.unwrap();
    assert_eq!(votes(&pool, &idea).await, (2, 2));
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn a_comment_is_its_authors(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    let (admin, mut scope, idea) = workshop(&db).await;
    store::add(&mut scope, &settings(&db), Subject::Idea, &idea, "First\n<b>line</b>".into()).await.unwrap();
    scope.commit(()).await.unwrap();
    let developer = db.member("acme", Role::Developer).await;
    let mut scope = discuss(&db, &developer).await;
    store::add(&mut scope, &settings(&db), Subject::Idea, &idea, "Second".into()).await.unwrap();
    scope.commit(()).await.unwrap();
    let mut scope = discuss(&db, &developer).await;
    let talk = store::talk(&mut scope, Subject::Idea, &idea, None).await.unwrap();
    let texts: Vec<_> = talk.comments.iter().map(|comment| comment.text()).collect();
    assert_eq!((texts, talk.open, talk.next), (vec!["First\n<b>line</b>".into(), "Second".to_owned()], true, None));
    let (first, second) = (talk.comments[0].id.clone(), talk.comments[1].id.clone());
    assert_eq!(store::change(&mut scope, &settings(&db), Subject::Idea, &first, ANY, "Taken over".into()).await, Err(AppError::Forbidden));
    assert_eq!(store::delete(&mut scope, Subject::Idea, &first).await, Err(AppError::Forbidden));
    let place = store::change(&mut scope, &settings(&db), Subject::Idea, &second, ANY, "Better".into()).await.unwrap();
    assert_eq!(place, format!("/orgs/acme/products/rocket/ideas/{idea}#comment-{second}"));
    scope.commit(()).await.unwrap();
    let mut scope = discuss(&db, &admin).await;
    let second_now = store::talk(&mut scope, Subject::Idea, &idea, Some(&behind(&talk.comments[0]))).await.unwrap().comments.remove(0);
    assert_eq!((second_now.text(), second_now.edited_at.is_some()), ("Better".to_owned(), true));
    assert_eq!(store::change(&mut scope, &settings(&db), Subject::Idea, &second, ANY, "Reviewed".into()).await, Err(AppError::Forbidden));
    store::delete(&mut scope, Subject::Idea, &second).await.unwrap();
    store::delete(&mut scope, Subject::Idea, &first).await.unwrap();
    assert!(store::talk(&mut scope, Subject::Idea, &idea, None).await.unwrap().comments.is_empty());
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn whoever_is_named_is_told_once(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    let (admin, scope, idea) = workshop(&db).await;
    scope.commit(()).await.unwrap();
    let (ada, bob) = (db.member("acme", Role::Developer).await, db.member("acme", Role::Stakeholder).await);
    rename(&pool, &admin, "Ann Admin", "ann@acme.test").await;
    rename(&pool, &ada, "Ada Lovelace", "ada@acme.test").await;
    rename(&pool, &bob, "Bob", "bob@acme.test").await;
    let stranger = db.org("other").await;
    rename(&pool, &stranger, "Eve", "eve@other.test").await;

    let mut scope = discuss(&db, &admin).await;
    let body = "@ada lovelace, @Bob: what do @Eve, @eve@other.test and @Ann Admin say? @Ada Lovelace?";
    let told = store::add(&mut scope, &settings(&db), Subject::Idea, &idea, body.into()).await.unwrap();
    assert_eq!(told, ["ada@acme.test", "bob@acme.test"], "members, once each, and not the author");
    let comment = store::talk(&mut scope, Subject::Idea, &idea, None).await.unwrap().comments.remove(0);
    let named: Vec<_> = comment.parts.iter().filter(|part| part.mention).map(|part| part.text.as_str()).collect();
    assert_eq!(named, ["@ada lovelace", "@Bob", "@Ann Admin", "@Ada Lovelace"]);
    store::change(&mut scope, &settings(&db), Subject::Idea, &comment.id, ANY, "Only @Bob now".into()).await.unwrap();
    store::change(&mut scope, &settings(&db), Subject::Idea, &comment.id, ANY, "@bob@acme.test and @Ada Lovelace again".into())
        .await
        .unwrap();
    let rows: i64 = sqlx::query_scalar(r#"SELECT count(*) FROM "CommentMention""#).fetch_one(scope.db()).await.unwrap();
    assert_eq!(rows, 3, "nobody is told a second time");
    let mut mails = 0;
    for _ in 0..40 {
        mails += store::add(&mut scope, &settings(&db), Subject::Idea, &idea, "@Bob and @Ada Lovelace!".into()).await.unwrap().len();
    }
    assert_eq!(mails, 58, "sixty an hour of one person");
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn long_discussions_come_in_pages(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    let (_, mut scope, idea) = workshop(&db).await;
    for n in 0..COMMENTS_SHOWN + 5 {
        store::add(&mut scope, &settings(&db), Subject::Idea, &idea, format!("Comment {n}")).await.unwrap();
    }
    let first = store::talk(&mut scope, Subject::Idea, &idea, None).await.unwrap();
    assert_eq!(first.comments.len() as i64, COMMENTS_SHOWN);
    let after = first.next.as_deref().and_then(Cursor::decode).unwrap();
    let rest = store::talk(&mut scope, Subject::Idea, &idea, Some(&after)).await.unwrap();
    assert_eq!((rest.comments.len(), rest.next), (5, None));
    let last = &first.comments.last().unwrap().id;
    store::delete(&mut scope, Subject::Idea, last).await.unwrap();
    let same = store::talk(&mut scope, Subject::Idea, &idea, Some(&after)).await.unwrap();
    assert_eq!(same.comments, rest.comments, "behind one that was deleted meanwhile");
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn a_deleted_idea_is_not_discussed(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    let (_, mut scope, idea) = workshop(&db).await;
    store::add(&mut scope, &settings(&db), Subject::Idea, &idea, "Before".into()).await.unwrap();
    let comment = store::talk(&mut scope, Subject::Idea, &idea, None).await.unwrap().comments.remove(0).id;
    crate::idea::store::set_deleted(&mut scope, &idea, true).await.unwrap();
    assert!(!store::talk(&mut scope, Subject::Idea, &idea, None).await.unwrap().open);
    assert!(matches!(store::vote(&mut scope, &idea, true).await, Err(AppError::Conflict(_))));
    assert!(matches!(store::add(&mut scope, &settings(&db), Subject::Idea, &idea, "After".into()).await, Err(AppError::Conflict(_))));
    assert!(matches!(
        store::change(&mut scope, &settings(&db), Subject::Idea, &comment, ANY, "After".into()).await,
        Err(AppError::Conflict(_))
    ));
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn another_tenants_discussion_cannot_be_touched(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    let (_, mut scope, idea) = workshop(&db).await;
    store::add(&mut scope, &settings(&db), Subject::Idea, &idea, "Secret".into()).await.unwrap();
    let comment = store::talk(&mut scope, Subject::Idea, &idea, None).await.unwrap().comments.remove(0).id;
    scope.commit(()).await.unwrap();
    let eve = db.org("other").await;
    let mut scope = db.scope("other", &eve, Perm::IdeaReview).await.unwrap();
    assert_eq!(store::talk(&mut scope, Subject::Idea, &idea, None).await, Err(AppError::NotFound));
    assert_eq!(store::vote(&mut scope, &idea, true).await, Err(AppError::NotFound));
    assert_eq!(store::add(&mut scope, &settings(&db), Subject::Idea, &idea, "Planted".into()).await, Err(AppError::NotFound));
    assert_eq!(store::change(&mut scope, &settings(&db), Subject::Idea, &comment, ANY, "Planted".into()).await, Err(AppError::NotFound));
    assert_eq!(store::delete(&mut scope, Subject::Idea, &comment).await, Err(AppError::NotFound));
}

/// A feature and a task of the product.
async fn others(scope: &mut Scope) -> [(Subject, String); 2] {
    let form = crate::feature::model::FeatureForm { title: "Export".into(), ..Default::default() };
    let feature = crate::feature::store::create(scope, "rocket", form.validate().unwrap()).await.unwrap();
    let form = crate::task::model::TaskForm { title: "Write".into(), feature: feature.clone(), ..Default::default() };
    let task = crate::task::store::create(scope, "rocket", form.validate().unwrap()).await.unwrap();
    [(Subject::Feature, feature), (Subject::Task, task)]
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn features_and_tasks_are_discussed_like_ideas(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    let (admin, mut scope, idea) = workshop(&db).await;
    let things = others(&mut scope).await;
    scope.commit(()).await.unwrap();
    let (ada, stakeholder) = (db.member("acme", Role::Developer).await, db.member("acme", Role::Stakeholder).await);
    rename(&pool, &ada, "Ada Lovelace", "ada@acme.test").await;
    for (subject, id) in &things {
        let subject = *subject;
        let mut scope = discuss(&db, &stakeholder).await;
        let told = store::add(&mut scope, &settings(&db), subject, id, "@Ada Lovelace, look".into()).await.unwrap();
        assert_eq!(told, ["ada@acme.test"], "{subject:?}");
        let talk = store::talk(&mut scope, subject, id, None).await.unwrap();
        let comment = talk.comments[0].id.clone();
        assert_eq!((talk.open, talk.comments[0].text().as_str(), talk.comments[0].parts[0].mention), (true, "@Ada Lovelace, look", true));
        let place = store::change(&mut scope, &settings(&db), subject, &comment, ANY, "@Ada Lovelace, look again".into()).await.unwrap();
        assert_eq!(place, format!("/orgs/acme/products/rocket/{}/{id}#comment-{comment}", subject.path()));
        // What is said of one is nothing of the others.
        for other in [Subject::Idea, Subject::Feature, Subject::Task].into_iter().filter(|other| *other != subject) {
            assert_eq!(store::talk(&mut scope, other, id, None).await, Err(AppError::NotFound));
            assert_eq!(store::add(&mut scope, &settings(&db), other, id, "Astray".into()).await, Err(AppError::NotFound));
            assert_eq!(store::delete(&mut scope, other, &comment).await, Err(AppError::NotFound));
        }
        scope.commit(()).await.unwrap();
        let mut scope = discuss(&db, &ada).await;
        assert_eq!(store::change(&mut scope, &settings(&db), subject, &comment, ANY, "Mine".into()).await, Err(AppError::Forbidden));
        assert_eq!(store::delete(&mut scope, subject, &comment).await, Err(AppError::Forbidden));
        drop(scope);
        let mut scope = discuss(&db, &admin).await;
        store::delete(&mut scope, subject, &comment).await.unwrap();
        assert!(store::talk(&mut scope, subject, id, None).await.unwrap().comments.is_empty());
        scope.commit(()).await.unwrap();
    }
    let mut scope = discuss(&db, &stakeholder).await;
    let mut mails = 0;
    for _ in 0..25 {
        for (subject, id) in things.iter().cloned().chain([(Subject::Idea, idea.clone())]) {
            mails += store::add(&mut scope, &settings(&db), subject, &id, "@Ada Lovelace!".into()).await.unwrap().len();
        }
    }
    assert_eq!(mails, 60, "sixty an hour of one person, whatever they are about");
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn what_is_deleted_or_anothers_is_not_discussed(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    let (_, mut scope, _) = workshop(&db).await;
    let things = others(&mut scope).await;
    let mut comments = Vec::new();
    for (subject, id) in &things {
        store::add(&mut scope, &settings(&db), *subject, id, "Before".into()).await.unwrap();
        comments.push(store::talk(&mut scope, *subject, id, None).await.unwrap().comments.remove(0).id);
    }
    crate::feature::store::set_deleted(&mut scope, &things[0].1, true).await.unwrap();
    crate::task::store::set_deleted(&mut scope, &things[1].1, true).await.unwrap();
    for ((subject, id), comment) in things.iter().zip(&comments) {
        assert!(!store::talk(&mut scope, *subject, id, None).await.unwrap().open);
        let told = store::add(&mut scope, &settings(&db), *subject, id, "After".into()).await;
        assert_eq!(told, Err(AppError::Conflict(format!("This {} has been deleted. Restore it to discuss it.", subject.word()))));
        assert!(matches!(
            store::change(&mut scope, &settings(&db), *subject, comment, ANY, "After".into()).await,
            Err(AppError::Conflict(_))
        ));
    }
    scope.commit(()).await.unwrap();
    let eve = db.org("other").await;
    let mut scope = db.scope("other", &eve, Perm::IdeaReview).await.unwrap();
    for ((subject, id), comment) in things.iter().zip(&comments) {
        assert_eq!(store::talk(&mut scope, *subject, id, None).await, Err(AppError::NotFound));
        assert_eq!(store::add(&mut scope, &settings(&db), *subject, id, "Planted".into()).await, Err(AppError::NotFound));
        assert_eq!(store::change(&mut scope, &settings(&db), *subject, comment, ANY, "Planted".into()).await, Err(AppError::NotFound));
        assert_eq!(store::delete(&mut scope, *subject, comment).await, Err(AppError::NotFound));
    }
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn short_references_in_a_comment_lead_to_their_items(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    let (_, mut scope, idea) = workshop(&db).await;
    let text = "As ROCKET-1, not ROCKET-2 or UTF-8";
    store::add(&mut scope, &settings(&db), Subject::Idea, &idea, text.into()).await.unwrap();
    let comment = store::talk(&mut scope, Subject::Idea, &idea, None).await.unwrap().comments.remove(0);
    assert_eq!(comment.text(), text);
    let links: Vec<_> = comment.parts.iter().filter_map(|part| part.link.as_ref().map(|link| (part.text.as_str(), link))).collect();
    assert_eq!(links.len(), 1);
    let (said, link) = links[0];
    assert_eq!((said, link.title.as_str(), link.state.as_str()), ("ROCKET-1", "Discussed", "Submitted"));
    assert_eq!(link.href, format!("/orgs/acme/products/rocket/ideas/{idea}"));
}

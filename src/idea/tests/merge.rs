use sqlx::PgPool;

use super::{fields, product_id, workshop};
use crate::discuss::model::Subject;
use crate::discuss::store as discuss;
use crate::idea::model::{Idea, IdeaQuery, IdeaSort};
use crate::idea::store::{self, merge};
use crate::kernel::error::AppError;
use crate::kernel::role::{Perm, Role};
use crate::server::scope::Scope;
use crate::testing::TestDb;

async fn idea(scope: &mut Scope, id: &str) -> Idea {
    let product = product_id(scope).await;
    store::get(scope, &product, id).await.unwrap()
}

async fn create(scope: &mut Scope, title: &str) -> String {
    store::create(scope, "rocket", fields(title, "")).await.unwrap()
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn votes_and_comments_move_along_and_the_page_leads_on(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    let (admin, mut scope) = workshop(&db).await;
    let (one, two, three) = (create(&mut scope, "One").await, create(&mut scope, "Two").await, create(&mut scope, "Three").await);
    discuss::vote(&mut scope, &one, true).await.unwrap();
    discuss::vote(&mut scope, &two, true).await.unwrap();
    discuss::add(&mut scope, &db.state().settings, Subject::Idea, &one, "Said of one".into()).await.unwrap();
    scope.commit(()).await.unwrap();
    let developer = db.member("acme", Role::Developer).await;
    let mut scope = db.scope("acme", &developer, Perm::IdeaDiscuss).await.unwrap();
    discuss::vote(&mut scope, &one, true).await.unwrap();
    scope.commit(()).await.unwrap();

    let mut scope = db.scope("acme", &admin, Perm::IdeaReview).await.unwrap();
    assert_eq!(merge::merge(&mut scope, &one, &two).await.unwrap(), "rocket");
    let (merged, whole) = (idea(&mut scope, &one).await, idea(&mut scope, &two).await);
    assert_eq!((merged.votes, whole.votes, whole.voted), (0, 2, true), "one vote for each person");
    assert!(merged.deleted_at.is_some());
    assert_eq!((merged.merged_into_id.as_deref(), merged.merged_into_title.as_deref()), (Some(two.as_str()), Some("Two")));
    assert_eq!(discuss::talk(&mut scope, Subject::Idea, &two, None).await.unwrap().comments.len(), 1);
    assert!(discuss::talk(&mut scope, Subject::Idea, &one, None).await.unwrap().comments.is_empty());
    assert!(matches!(discuss::vote(&mut scope, &one, true).await, Err(AppError::Conflict(_))));

    // What was merged before leads on to where its idea goes.
    merge::merge(&mut scope, &two, &three).await.unwrap();
    assert_eq!(idea(&mut scope, &one).await.merged_into_id.as_deref(), Some(three.as_str()));
    let order = store::list(&mut scope, &merged.product_id, &IdeaQuery { sort: IdeaSort::Votes, ..Default::default() }).await.unwrap();
    assert_eq!(order.rows.iter().map(|idea| (idea.title.as_str(), idea.votes)).collect::<Vec<_>>(), [("Three", 2)]);

    store::set_deleted(&mut scope, &one, false).await.unwrap();
    let back = idea(&mut scope, &one).await;
    assert_eq!((back.deleted_at, back.merged_into_id, back.votes), (None, None, 0));
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn only_live_ideas_of_one_product_are_merged(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    let (admin, mut scope) = workshop(&db).await;
    let (one, two) = (create(&mut scope, "One").await, create(&mut scope, "Two").await);
    assert!(matches!(merge::merge(&mut scope, &one, &one).await, Err(AppError::Conflict(_))));
    assert_eq!(merge::merge(&mut scope, &one, "nowhere").await, Err(AppError::NotFound));
    merge::merge(&mut scope, &one, &two).await.unwrap();
    assert!(matches!(merge::merge(&mut scope, &one, &two).await, Err(AppError::Conflict(_))), "done already");
    assert!(matches!(merge::merge(&mut scope, &two, &one).await, Err(AppError::Conflict(_))), "no circle");
    scope.commit(()).await.unwrap();
    db.product("acme", &admin, "shuttle").await;
    let mut scope = db.scope("acme", &admin, Perm::IdeaReview).await.unwrap();
    let elsewhere = store::create(&mut scope, "shuttle", fields("Elsewhere", "")).await.unwrap();
    assert_eq!(merge::merge(&mut scope, &two, &elsewhere).await, Err(AppError::NotFound));
    scope.commit(()).await.unwrap();

    let bob = db.org("other").await;
    db.product("other", &bob, "theirs").await;
    let mut scope = db.scope("other", &bob, Perm::IdeaReview).await.unwrap();
    let planted = store::create(&mut scope, "theirs", fields("Planted", "")).await.unwrap();
    for (from, into) in [(&two, &planted), (&planted, &two), (&two, &elsewhere)] {
        assert_eq!(merge::merge(&mut scope, from, into).await, Err(AppError::NotFound));
    }
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn the_other_idea_is_found_by_its_words(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    let (_, mut scope) = workshop(&db).await;
    let product = store::product(&mut scope, "rocket").await.unwrap();
    let (one, two) = (create(&mut scope, "Mobile app").await, create(&mut scope, "Native mobile client").await);
    let gone = create(&mut scope, "Mobile, deleted").await;
    store::set_deleted(&mut scope, &gone, true).await.unwrap();
    let found = merge::targets(&mut scope, &product, &one, "mob").await.unwrap();
    assert_eq!(found.iter().map(|target| target.id.as_str()).collect::<Vec<_>>(), [two.as_str()]);
    assert!(merge::targets(&mut scope, &product, &one, " \0 ").await.unwrap().is_empty());
}

/// Somebody votes and comments while the idea is being merged: either it moves along, or they are told.
#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn nothing_is_lost_between_a_merge_and_a_vote(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    let (admin, mut scope) = workshop(&db).await;
    let mut pairs = Vec::new();
    for n in 0..10 {
        pairs.push((create(&mut scope, &format!("From {n}")).await, create(&mut scope, &format!("Into {n}")).await));
    }
    scope.commit(()).await.unwrap();
    let developer = db.member("acme", Role::Developer).await;
    for (from, into) in &pairs {
        let merging = async {
            let mut scope = db.scope("acme", &admin, Perm::IdeaReview).await.unwrap();
            merge::merge(&mut scope, from, into).await.unwrap();
            scope.commit(()).await.unwrap();
        };
        let speaking = async {
            let mut scope = db.scope("acme", &developer, Perm::IdeaDiscuss).await.unwrap();
            discuss::vote(&mut scope, from, true).await?;
            discuss::add(&mut scope, &db.state().settings, Subject::Idea, from, "Said".into()).await?;
            scope.commit(()).await
        };
        let ((), spoken) = tokio::join!(merging, speaking);
        let mut scope = db.scope("acme", &admin, Perm::IdeaReview).await.unwrap();
        let whole = idea(&mut scope, into).await;
        let said = discuss::talk(&mut scope, Subject::Idea, into, None).await.unwrap().comments.len();
        let expected = if spoken.is_ok() { (1, 1) } else { (0, 0) };
        assert_eq!((whole.votes, said), expected, "{spoken:?}");
        assert_eq!(idea(&mut scope, from).await.votes, 0);
    }
}

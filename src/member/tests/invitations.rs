use sqlx::PgPool;

use super::{EXPIRE, House, fields};
use crate::kernel::error::AppError;
use crate::kernel::role::{Perm, Role};
use crate::member::model::{InvitationState, InviteFields, MAILS_TO_ADDRESS, MAILS_UNCONFIRMED};
use crate::member::store;
use crate::server::id::hash;
use crate::server::scope::Public;
use crate::team::model::TeamForm;

/// What has become of the one invitation, and whether its link is shown.
async fn state(house: &House) -> (InvitationState, bool) {
    let mut scope = house.scope().await;
    let all = store::invitations(&mut scope, &house.settings).await.unwrap();
    assert_eq!(all.len(), 1, "{all:?}");
    (all[0].state, all[0].link.is_some())
}

/// What the holder of a token is told.
async fn told(house: &House, token: &str) -> Option<InvitationState> {
    let mut public = Public::open(&house.db.app, Default::default()).await.unwrap();
    store::by_token(&mut public, token).await.unwrap().map(|invited| invited.state)
}

async fn leads_somewhere(house: &House, token: &str) -> bool {
    let mut public = Public::open(&house.db.app, Default::default()).await.unwrap();
    store::by_token(&mut public, token).await.unwrap().is_some()
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn an_invitation_is_for_seven_days_and_its_tokens_are_not_stored(pool: PgPool) {
    let house = House::new(&pool).await;
    let (_, token) = house.invite("New@Example.com").await;
    let (stored, mailed, row, days): (String, String, String, i32) = sqlx::query_as(
        r#"SELECT "tokenHash", "mailedTokenHash", i::text, round(extract(epoch FROM "expiresAt" - now()) / 86400)::integer FROM "Invitation" i"#,
    )
    .fetch_one(&pool)
    .await
    .unwrap();
    assert_eq!((stored.as_str(), days), (hash(&token).as_str(), 7));
    assert_ne!(stored, mailed);
    assert!(!row.contains(&token));
    assert_eq!(state(&house).await, (InvitationState::Pending, true));

    let mut public = Public::open(&house.db.app, Default::default()).await.unwrap();
    let invited = store::by_token(&mut public, &token).await.unwrap().unwrap();
    assert_eq!((invited.email.as_str(), invited.organization_name.as_str(), invited.role), ("new@example.com", "ACME", Role::Developer));
    assert_eq!(
        (invited.message.as_deref(), invited.inviter_name.as_deref(), invited.has_account),
        (Some("Welcome"), Some("Test Person"), false)
    );
    assert_eq!(store::by_token(&mut public, "nonsense\0").await.unwrap(), None);
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn an_address_is_invited_once_two_at_once_included(pool: PgPool) {
    let house = House::new(&pool).await;
    let attempt = async |email: &str| {
        let mut scope = house.scope().await;
        store::invite(&mut scope, &house.settings, fields(email)).await?;
        scope.commit(()).await
    };
    let (one, other) = tokio::join!(attempt("new@example.com"), attempt("New@example.com"));
    assert!(one.is_ok() != other.is_ok());
    let refused = one.and(other).unwrap_err().of_field("email").unwrap();
    assert!(refused.contains("pending invitation"), "{refused}");
    let member = attempt("ADMIN@acme.test").await.unwrap_err().of_field("email").unwrap();
    assert!(member.contains("member already"), "{member}");
    house.db.org("other").await;
    let mut scope = house.scope().await;
    store::invite(&mut scope, &house.settings, fields("admin@other.test")).await.unwrap();
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn one_that_has_run_out_is_renewed(pool: PgPool) {
    let house = House::new(&pool).await;
    let (id, old) = house.invite("new@example.com").await;
    let (other, _) = house.invite("other@example.com").await;
    house.change(EXPIRE).await;
    assert!(store::open_for(&mut Public::open(&house.db.app, Default::default()).await.unwrap(), &old).await.is_err());
    let (again, new) = house.invite("new@example.com").await;
    assert_eq!(id, again);
    assert_eq!((told(&house, &old).await, told(&house, &new).await), (Some(InvitationState::Replaced), Some(InvitationState::Pending)));
    let kept: bool = sqlx::query_scalar(r#"SELECT "sealedToken" IS NOT NULL FROM "Invitation" WHERE id = $1"#)
        .bind(other)
        .fetch_one(&pool)
        .await
        .unwrap();
    assert!(!kept, "links that have run out are forgotten");
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn resending_makes_a_new_link(pool: PgPool) {
    let house = House::new(&pool).await;
    let (id, old) = house.invite("new@example.com").await;
    house.change(EXPIRE).await;
    assert_eq!(state(&house).await, (InvitationState::Expired, false));
    let mut scope = house.scope().await;
    store::resend(&mut scope, &house.settings, &id).await.unwrap();
    scope.commit(()).await.unwrap();
    assert_eq!(state(&house).await, (InvitationState::Pending, true));
    assert_eq!(told(&house, &old).await, Some(InvitationState::Replaced));
    let new = house.token(&id).await;
    assert_eq!(told(&house, &new).await, Some(InvitationState::Pending));
    // Neither the second link nor that by mail is told to be none, and one that was revoked says that first.
    let mut scope = house.scope().await;
    store::resend(&mut scope, &house.settings, &id).await.unwrap();
    scope.commit(()).await.unwrap();
    for replaced in [&old, &new] {
        assert_eq!(told(&house, replaced).await, Some(InvitationState::Replaced));
        let refused = store::open_for(&mut Public::open(&house.db.app, Default::default()).await.unwrap(), replaced).await;
        assert_eq!(refused, Err(AppError::Conflict(InvitationState::Replaced.reason().into())));
    }
    assert_eq!(house.count(r#"SELECT cardinality("replacedTokenHashes")::bigint FROM "Invitation""#).await, 4);
    let mut scope = house.scope().await;
    store::revoke(&mut scope, &id).await.unwrap();
    scope.commit(()).await.unwrap();
    assert_eq!(told(&house, &old).await, Some(InvitationState::Revoked));
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn a_revoked_invitation_is_over(pool: PgPool) {
    let house = House::new(&pool).await;
    let (id, token) = house.invite("new@example.com").await;
    let mut scope = house.scope().await;
    store::revoke(&mut scope, &id).await.unwrap();
    assert!(matches!(store::revoke(&mut scope, &id).await, Err(AppError::Conflict(_))));
    assert!(matches!(store::resend(&mut scope, &house.settings, &id).await, Err(AppError::Conflict(_))));
    scope.commit(()).await.unwrap();
    assert_eq!(state(&house).await, (InvitationState::Revoked, false));
    let refused = store::open_for(&mut Public::open(&house.db.app, Default::default()).await.unwrap(), &token).await;
    assert_eq!(refused, Err(AppError::Conflict(InvitationState::Revoked.reason().into())));
    house.invite("new@example.com").await;
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn what_is_anothers_is_not_there(pool: PgPool) {
    let house = House::new(&pool).await;
    let (id, token) = house.invite("new@example.com").await;
    let before: String = sqlx::query_scalar(r#"SELECT i::text FROM "Invitation" i"#).fetch_one(&pool).await.unwrap();
    let other = house.db.org("other").await;
    let mut scope = house.scope().await;
    let team = TeamForm { name: "Ours".into(), slug: "ours".into(), ..Default::default() }.validate().unwrap();
    crate::team::store::create(&mut scope, team).await.unwrap();
    let team = store::team_choices(&mut scope).await.unwrap().remove(0).id;
    scope.commit(()).await.unwrap();

    let mut scope = house.db.scope("other", &other, Perm::OrgManage).await.unwrap();
    assert_eq!(store::invitations(&mut scope, &house.settings).await.unwrap(), []);
    assert_eq!(store::resend(&mut scope, &house.settings, &id).await, Err(AppError::NotFound));
    assert_eq!(store::revoke(&mut scope, &id).await, Err(AppError::NotFound));
    let into_ours = InviteFields { team: Some(team), ..fields("else@example.com") };
    assert_eq!(store::invite(&mut scope, &house.settings, into_ours).await, Err(AppError::NotFound));
    scope.commit(()).await.unwrap();
    let after: String = sqlx::query_scalar(r#"SELECT i::text FROM "Invitation" i"#).fetch_one(&pool).await.unwrap();
    assert_eq!(before, after);
    assert!(leads_somewhere(&house, &token).await);
}

/// Anybody can make an account and an organisation: what a stranger is mailed for them has an end.
#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn a_stranger_is_mailed_few_invitations_within_a_day(pool: PgPool) {
    let house = House::new(&pool).await;
    let other = house.db.org("other").await;
    let attempt = async |slug: &str, user, email: &str| {
        let mut scope = house.db.scope(slug, user, Perm::OrgManage).await?;
        let id = store::invite(&mut scope, &house.settings, fields(email)).await?;
        store::revoke(&mut scope, &id).await?;
        scope.commit(()).await
    };
    for _ in 1..MAILS_TO_ADDRESS {
        attempt("acme", &house.admin, "new@example.com").await.unwrap();
    }
    attempt("other", &other, "New@example.com").await.unwrap();
    for (slug, user) in [("acme", &house.admin), ("other", &other)] {
        let refused = attempt(slug, user, "new@example.com").await.unwrap_err().of_field("").unwrap();
        assert!(refused.contains("try again tomorrow"), "{refused}");
    }
    let mails = house.count(r#"SELECT count(*) FROM "Mail""#).await;

    for number in MAILS_TO_ADDRESS - 1..MAILS_UNCONFIRMED {
        attempt("acme", &house.admin, &format!("new{number}@example.com")).await.unwrap();
    }
    let refused = attempt("acme", &house.admin, "more@example.com").await.unwrap_err().of_field("").unwrap();
    assert!(refused.contains("Until you have confirmed your own e-mail address"), "{refused}");
    let mailed = i64::from(MAILS_UNCONFIRMED - MAILS_TO_ADDRESS + 1);
    assert_eq!(house.count(r#"SELECT count(*) FROM "Mail""#).await, mails + mailed);
    house.change(r#"UPDATE "User" SET "emailVerified" = now()"#).await;
    attempt("acme", &house.admin, "more@example.com").await.unwrap();
    assert!(attempt("acme", &house.admin, "new@example.com").await.is_err(), "to whom enough was sent, by anybody");

    house.change(r#"UPDATE "InvitationMail" SET "createdAt" = now() - interval '25 hours'"#).await;
    let (id, _) = house.invite("new@example.com").await;
    assert_eq!(house.count(r#"SELECT count(*) FROM "InvitationMail""#).await, 1, "what was yesterday is forgotten");
    for counted in 2..=MAILS_TO_ADDRESS + 1 {
        let mut scope = house.scope().await;
        let sent = store::resend(&mut scope, &house.settings, &id).await;
        assert_eq!(sent.is_ok(), counted <= MAILS_TO_ADDRESS, "{counted}");
        if sent.is_ok() {
            scope.commit(()).await.unwrap();
        }
    }
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn what_the_inviter_writes_is_marked_as_theirs(pool: PgPool) {
    let house = House::new(&pool).await;
    let mut scope = house.scope().await;
    let message = Some("Your account is locked.\nGo to https://evil.example".into());
    let to = InviteFields { message, ..fields("new@example.com") };
    store::invite(&mut scope, &house.settings, to).await.unwrap();
    scope.commit(()).await.unwrap();
    let sealed: String =
        sqlx::query_scalar(r#"SELECT sealed FROM "Mail" ORDER BY "createdAt" DESC, id DESC LIMIT 1"#).fetch_one(&pool).await.unwrap();
    let mail: crate::server::mail::Message = serde_json::from_str(&house.settings.key.open(&sealed).unwrap()).unwrap();
    let quoted = "Test Person writes:\n> Your account is locked.\n> Go to https://evil.example";
    assert!(mail.paragraphs.contains(&quoted.to_owned()), "{:?}", mail.paragraphs);
    assert_eq!(mail.subject, "Test Person invites you to join “ACME”");
}

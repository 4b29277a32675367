use axum::body::{Body, to_bytes};
use http::header::{COOKIE, HOST};
use http::{Request, StatusCode};
use sqlx::PgPool;
use tower::ServiceExt;

use super::{EXPIRE, House, MEMBERS, mailed};
use crate::account::store::NewPerson;
use crate::kernel::error::AppError;
use crate::kernel::role::{Perm, Role};
use crate::member::model::{InvitationState, JoinForm};
use crate::member::store;
use crate::server::request::Caller;
use crate::server::scope::{Person, Public};
use crate::server::serve::router;
use crate::server::session;
use crate::team::model::TeamForm;
use crate::testing::TestUser;

impl House {
    async fn accept(&self, user: &TestUser, token: &str) -> Result<String, AppError> {
        let mut person = Person::open(&self.db.app, &user.caller).await?;
        let slug = store::accept(&mut person, token).await?;
        person.commit(slug).await
    }

    async fn join(&self, token: &str) -> Result<(String, String), AppError> {
        let email = store::open_for(&mut Public::open(&self.db.app, Caller::default()).await?, token).await?;
        let form = JoinForm { name: "New Person".into(), password: "a long enough password".into() };
        let person = NewPerson::of(form.validate(email)?).await?;
        store::join(Public::open(&self.db.app, Caller::default()).await?, token, person).await
    }

    /// Status and text of the invitation's page, as this person sees it.
    async fn page(&self, token: &str, user: Option<&TestUser>) -> (StatusCode, String) {
        let cookie = user.and_then(|user| user.caller.token.as_ref()).map(|token| format!("{}={token}", session::COOKIE));
        let request = Request::get(format!("/invitations/{token}")).header(HOST, "pm.example").header(COOKIE, cookie.unwrap_or_default());
        let response = router(self.db.state()).oneshot(request.body(Body::empty()).unwrap()).await.unwrap();
        let status = response.status();
        (status, String::from_utf8(to_bytes(response.into_body(), usize::MAX).await.unwrap().to_vec()).unwrap())
    }
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn the_person_who_was_invited_becomes_a_member(pool: PgPool) {
    let house = House::new(&pool).await;
    let mut scope = house.scope().await;
    let team = TeamForm { name: "Mobile".into(), slug: "mobile".into(), ..Default::default() }.validate().unwrap();
    crate::team::store::create(&mut scope, team).await.unwrap();
    let team = store::team_choices(&mut scope).await.unwrap().remove(0).id;
    let fields = crate::member::model::InviteFields { team: Some(team), ..super::fields("ADA@example.com") };
    let id = store::invite(&mut scope, &house.settings, fields).await.unwrap();
    scope.commit(()).await.unwrap();
    let (ada, token) = (house.db.sign_up("ada@example.com").await, house.token(&id).await);
    assert!(house.page(&token, Some(&ada)).await.1.contains("Accept invitation"));
    assert_eq!(house.accept(&ada, &token).await, Ok("acme".into()));

    let mut scope = house.db.scope("acme", &ada, Perm::Read).await.unwrap();
    assert_eq!(scope.role(), Role::Developer);
    let (members, _) = store::list(&mut scope, None, "").await.unwrap();
    assert!(members.iter().any(|member| member.user_id == ada.id && member.team_slug.as_deref() == Some("mobile")));
    drop(scope);
    let used = AppError::Conflict(InvitationState::Accepted.reason().into());
    assert_eq!(house.accept(&ada, &token).await, Err(used.clone()));
    let mut scope = house.scope().await;
    assert_eq!(store::revoke(&mut scope, &id).await, Err(used.clone()));
    assert_eq!(store::resend(&mut scope, &house.settings, &id).await, Err(used));
    let (verified, sealed): (bool, bool) = sqlx::query_as(
        r#"SELECT (SELECT "emailVerified" IS NOT NULL FROM "User" WHERE id = $1), (SELECT "sealedToken" IS NOT NULL FROM "Invitation")"#,
    )
    .bind(ada.id)
    .fetch_one(&pool)
    .await
    .unwrap();
    assert_eq!((verified, sealed), (false, false), "a link passed on by hand proves no address");
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn another_person_does_not(pool: PgPool) {
    let house = House::new(&pool).await;
    let (_, token) = house.invite("ada@example.com").await;
    let bob = house.db.sign_up("bob@example.com").await;
    let (status, page) = house.page(&token, Some(&bob)).await;
    assert!(status == StatusCode::OK && page.contains("You are signed in as bob@example.com") && !page.contains("Accept invitation"));
    assert!(matches!(house.accept(&bob, &token).await, Err(AppError::Conflict(_))));
    assert_eq!(house.accept(&bob, "unknown").await, Err(AppError::NotFound));
    assert_eq!((house.count(MEMBERS).await, house.db.scope("acme", &bob, Perm::Read).await.err()), (1, Some(AppError::NotFound)));
    let nobody = TestUser { caller: Caller::default(), id: String::new() };
    assert_eq!(house.accept(&nobody, &token).await, Err(AppError::Unauthorized));
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn each_state_of_a_token_says_so(pool: PgPool) {
    let house = House::new(&pool).await;
    let (id, token) = house.invite("ada@example.com").await;
    let (status, page) = house.page(&token, None).await;
    assert!(status == StatusCode::OK && page.contains("Create account and accept") && page.contains("ACME"), "{page}");
    let ada = house.db.sign_up("ada@example.com").await;
    let (_, shown) = house.page(&token, None).await;
    assert!(shown.contains("Create account and accept") && !shown.contains("Sign in to accept"), "no word of who has an account");
    mailed(&house, &id, "mailed").await;
    assert!(house.page("mailed", None).await.1.contains("Sign in to accept"));

    for (change, state) in [
        (EXPIRE, InvitationState::Expired),
        (r#"UPDATE "Organization" SET "deletedAt" = now()"#, InvitationState::Closed),
        (r#"UPDATE "Invitation" SET "revokedAt" = now(), "sealedToken" = NULL"#, InvitationState::Revoked),
        (r#"UPDATE "Invitation" SET "acceptedAt" = now()"#, InvitationState::Accepted),
    ] {
        house.change(change).await;
        let (status, page) = house.page(&token, Some(&ada)).await;
        assert_eq!(status, StatusCode::GONE, "{state:?}");
        assert!(page.contains(state.reason()) && !page.contains("Accept invitation"), "{state:?}");
        let refused = AppError::Conflict(state.reason().into());
        assert_eq!(house.accept(&ada, &token).await, Err(refused.clone()));
        assert_eq!(house.join(&token).await.err(), Some(refused));
    }
    let (status, page) = house.page("unknown", None).await;
    assert!(status == StatusCode::NOT_FOUND && page.contains("No invitation has this link"));
    assert_eq!(house.join("unknown").await.err(), Some(AppError::NotFound));
    assert_eq!(house.count(MEMBERS).await, 1);
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn a_new_person_signs_up_and_joins_at_once(pool: PgPool) {
    let house = House::new(&pool).await;
    for (email, by_mail) in [("ada@example.com", true), ("bob@example.com", false)] {
        let (id, mut token) = house.invite(email).await;
        if by_mail {
            token = "mailed".into();
            mailed(&house, &id, &token).await;
        }
        let (session, slug) = house.join(&token).await.unwrap();
        let user = TestUser { caller: Caller { token: Some(session), ..Default::default() }, id: String::new() };
        assert_eq!(house.db.scope(&slug, &user, Perm::Read).await.unwrap().role(), Role::Developer);
        let verified: bool = sqlx::query_scalar(r#"SELECT "emailVerified" IS NOT NULL FROM "User" WHERE email = $1"#)
            .bind(email)
            .fetch_one(&pool)
            .await
            .unwrap();
        assert_eq!(verified, by_mail, "only what went by mail proves that somebody reads it");
    }
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn a_join_that_comes_too_late_leaves_nothing(pool: PgPool) {
    let house = House::new(&pool).await;
    let (_, token) = house.invite("ada@example.com").await;
    let form = JoinForm { name: "Ada".into(), password: "a long enough password".into() };
    let person = NewPerson::of(form.validate("ada@example.com".into()).unwrap()).await.unwrap();
    house.change(EXPIRE).await;
    let late = store::join(Public::open(&house.db.app, Caller::default()).await.unwrap(), &token, person).await;
    assert_eq!(late.err(), Some(AppError::Conflict(InvitationState::Expired.reason().into())));
    assert_eq!(house.count(r#"SELECT count(*) FROM "User""#).await, 1);
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn a_known_address_does_not_sign_up_again(pool: PgPool) {
    let house = House::new(&pool).await;
    let (_, token) = house.invite("ada@example.com").await;
    house.db.sign_up("ada@example.com").await;
    let refused = house.join(&token).await.unwrap_err();
    assert!(refused.of_field("").is_some_and(|message| message.contains("Sign in")), "{refused:?}");
    assert_eq!(house.count(MEMBERS).await, 1);
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn acceptances_at_once_make_one_membership(pool: PgPool) {
    let house = House::new(&pool).await;
    let (_, token) = house.invite("ada@example.com").await;
    let ada = house.db.sign_up("ada@example.com").await;
    let attempt = async || {
        let mut person = Person::open(&house.db.app, &ada.caller).await?;
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        let slug = store::accept(&mut person, &token).await?;
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        person.commit(slug).await
    };
    let (one, other) = tokio::join!(attempt(), attempt());
    assert!(one.is_ok() != other.is_ok(), "{one:?} {other:?}");
    assert_eq!(one.and(other).unwrap_err(), AppError::Conflict(InvitationState::Accepted.reason().into()));
    assert_eq!(house.count(MEMBERS).await, 2);
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn two_who_sign_up_at_once_with_one_invitation_are_one_person(pool: PgPool) {
    let house = House::new(&pool).await;
    let (_, token) = house.invite("ada@example.com").await;
    let (one, other) = tokio::join!(house.join(&token), house.join(&token));
    assert!(one.is_ok() != other.is_ok(), "{one:?} {other:?}");
    assert_eq!((house.count(MEMBERS).await, house.count(r#"SELECT count(*) FROM "User""#).await), (2, 2));
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn a_member_keeps_the_role_that_they_have(pool: PgPool) {
    let house = House::new(&pool).await;
    let (_, token) = house.invite("ada@example.com").await;
    let ada = house.db.member("acme", Role::Stakeholder).await;
    house.change(r#"UPDATE "User" SET email = 'ada@example.com' WHERE email LIKE 'c%@acme.test'"#).await;
    assert_eq!(house.accept(&ada, &token).await, Ok("acme".into()));
    assert_eq!(house.db.scope("acme", &ada, Perm::Read).await.unwrap().role(), Role::Stakeholder);
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn what_waits_for_a_confirmed_address_is_accepted_without_a_link(pool: PgPool) {
    let house = House::new(&pool).await;
    let (id, token) = house.invite("ADA@example.com").await;
    let (ada, bob) = (house.db.sign_up("ada@example.com").await, house.db.sign_up("bob@example.com").await);
    let open = async |user: &TestUser| Person::open(&house.db.app, &user.caller).await.unwrap();
    let arrival = store::arrival(&mut open(&ada).await).await.unwrap();
    assert_eq!((arrival.confirmed, arrival.waiting), (false, Vec::new()), "nobody has shown yet that the address is theirs");
    assert_eq!(store::accept_own(&mut open(&ada).await, &id).await, Err(AppError::NotFound));

    house.change(r#"UPDATE "User" SET "emailVerified" = now()"#).await;
    let arrival = store::arrival(&mut open(&ada).await).await.unwrap();
    let waiting: Vec<_> = arrival.waiting.iter().map(|one| (one.id.as_str(), one.organization_name.as_str(), one.role)).collect();
    assert_eq!((arrival.confirmed, waiting), (true, vec![(id.as_str(), "ACME", Role::Developer)]));
    assert_eq!(store::arrival(&mut open(&bob).await).await.unwrap().waiting, Vec::new());
    assert_eq!(store::accept_own(&mut open(&bob).await, &id).await, Err(AppError::NotFound));

    let mut person = open(&ada).await;
    assert_eq!(store::accept_own(&mut person, &id).await, Ok("acme".into()));
    person.commit(()).await.unwrap();
    assert_eq!(house.db.scope("acme", &ada, Perm::Read).await.unwrap().role(), Role::Developer);
    assert_eq!(store::accept_own(&mut open(&ada).await, &id).await, Err(AppError::NotFound), "only once");
    assert_eq!(house.accept(&ada, &token).await, Err(AppError::Conflict(InvitationState::Accepted.reason().into())));
    let told: i64 = sqlx::query_scalar(r#"SELECT count(*) FROM "AuditLog" WHERE action = 'member.joined' AND "userId" = $1"#)
        .bind(ada.id)
        .fetch_one(&pool)
        .await
        .unwrap();
    assert_eq!(told, 1);
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn what_is_over_waits_for_nobody(pool: PgPool) {
    let house = House::new(&pool).await;
    let (id, _) = house.invite("ada@example.com").await;
    let ada = house.db.sign_up("ada@example.com").await;
    house.change(r#"UPDATE "User" SET "emailVerified" = now()"#).await;
    house.change(EXPIRE).await;
    let mut person = Person::open(&house.db.app, &ada.caller).await.unwrap();
    assert_eq!(store::arrival(&mut person).await.unwrap().waiting, Vec::new());
    assert_eq!(store::accept_own(&mut person, &id).await, Err(AppError::NotFound));
    assert_eq!(house.count(MEMBERS).await, 1);
}

use http::StatusCode;
use sqlx::PgPool;

use super::model::{MadeToken, TokenFields, TokenForm};
use super::store;
use crate::account::store::leaving;
use crate::kernel::error::AppError;
use crate::kernel::role::{Perm, Role, TokenScope};
use crate::kernel::version::ANY;
use crate::member::model::MemberForm;
use crate::server::request::Caller;
use crate::server::scope::{Person, Scope, System};
use crate::testing::{TestDb, TestUser};
use crate::{member, org};

fn fields(scope: TokenScope, products: &[String]) -> TokenFields {
    TokenFields { name: "CI".into(), scope, products: products.to_vec(), days: Some(90) }
}

async fn make(db: &TestDb, admin: &TestUser, fields: TokenFields) -> (String, MadeToken) {
    let mut scope = db.scope("acme", admin, Perm::OrgManage).await.unwrap();
    let made = store::create(&mut scope, fields).await.unwrap();
    scope.commit(made).await.unwrap()
}

fn by(secret: &str) -> Caller {
    Caller { bearer: Some(secret.into()), ..Default::default() }
}

async fn enters(db: &TestDb, secret: &str, perm: Perm) -> Result<(), AppError> {
    Scope::open(&db.app, &by(secret), "acme", perm).await?.commit(()).await
}

async fn run(db: &TestDb, sql: &'static str, id: &str) {
    sqlx::query(sql).bind(id).execute(&db.owner).await.unwrap();
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn a_token_is_shown_once_and_ends(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    let admin = db.org("acme").await;
    let (id, made) = make(&db, &admin, fields(TokenScope::Write, &[])).await;
    assert!(made.secret.starts_with("pm_") && made.secret.len() > 40);
    let stored: String = sqlx::query_scalar(r#"SELECT t::text FROM "ApiToken" t"#).fetch_one(&pool).await.unwrap();
    assert!(!stored.contains(&made.secret[12..]), "{stored}");
    let logged: String = sqlx::query_scalar(r#"SELECT string_agg(metadata::text, ' ') FROM "AuditLog" WHERE action = 'api_token.created'"#)
        .fetch_one(&pool)
        .await
        .unwrap();
    assert!(logged.contains("\"CI\"") && !logged.contains("tokenHash"), "{logged}");
    assert_eq!(enters(&db, &made.secret, Perm::IdeaReview).await, Ok(()));
    assert_eq!(enters(&db, &made.secret, Perm::OrgManage).await, Err(AppError::Forbidden), "past its scope");
    for wrong in ["", "pm_", &made.secret[..20], &format!("{}x", made.secret)] {
        assert_eq!(enters(&db, wrong, Perm::Read).await, Err(AppError::Unauthorized), "{wrong}");
    }
    let mut scope = db.scope("acme", &admin, Perm::OrgManage).await.unwrap();
    let listed = store::list(&mut scope).await.unwrap().remove(0);
    assert_eq!((listed.state().0, listed.last_used_at.is_some(), listed.beginning.as_str()), ("ACTIVE", true, &made.secret[..9]));
    drop(scope);
    run(&db, r#"UPDATE "ApiToken" SET "expiresAt" = now() WHERE id = $1"#, &id).await;
    assert_eq!(enters(&db, &made.secret, Perm::Read).await, Err(AppError::Unauthorized), "expired");
    run(&db, r#"UPDATE "ApiToken" SET "expiresAt" = NULL WHERE id = $1"#, &id).await;
    assert_eq!(enters(&db, &made.secret, Perm::Read).await, Ok(()));
    let mut scope = db.scope("acme", &admin, Perm::OrgManage).await.unwrap();
    store::revoke(&mut scope, &id).await.unwrap();
    store::revoke(&mut scope, &id).await.unwrap();
    scope.commit(()).await.unwrap();
    assert_eq!(enters(&db, &made.secret, Perm::Read).await, Err(AppError::Unauthorized), "revoked");
    let used: i64 =
        sqlx::query_scalar(r#"SELECT count(*) FROM "AuditLog" WHERE "entityType" = 'ApiToken' AND action = 'api_token.updated'"#)
            .fetch_one(&pool)
            .await
            .unwrap();
    assert_eq!(used, 2, "the two changes of its end, and not that it was used");
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn a_token_never_exceeds_its_owner_and_ends_with_their_membership(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    let admin = db.org("acme").await;
    db.member("acme", Role::Admin).await;
    let (_, made) = make(&db, &admin, fields(TokenScope::Admin, &[])).await;
    assert_eq!(enters(&db, &made.secret, Perm::OrgManage).await, Ok(()));
    run(&db, r#"UPDATE "Membership" SET role = 'STAKEHOLDER' WHERE "userId" = $1"#, &admin.id).await;
    assert_eq!(enters(&db, &made.secret, Perm::OrgManage).await, Err(AppError::Forbidden));
    assert_eq!(enters(&db, &made.secret, Perm::IdeaDiscuss).await, Ok(()));
    run(&db, r#"DELETE FROM "Membership" WHERE "userId" = $1"#, &admin.id).await;
    assert_eq!(enters(&db, &made.secret, Perm::Read).await, Err(AppError::Unauthorized));
    sqlx::query(r#"INSERT INTO "Membership" (id, "userId", "organizationId", role) SELECT 'again', $1, id, 'ADMIN' FROM "Organization""#)
        .bind(&admin.id)
        .execute(&pool)
        .await
        .unwrap();
    assert_eq!(enters(&db, &made.secret, Perm::Read).await, Err(AppError::Unauthorized), "it does not come alive again");
}

/// What another administrator does on the page of members holds for the next request of a token.
#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn a_token_falls_with_its_owners_role_at_once(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    let admin = db.org("acme").await;
    let owner = db.member("acme", Role::Admin).await;
    let (_, made) = make(&db, &owner, fields(TokenScope::Admin, &[])).await;
    let membership: String =
        sqlx::query_scalar(r#"SELECT id FROM "Membership" WHERE "userId" = $1"#).bind(&owner.id).fetch_one(&pool).await.unwrap();
    for role in Role::ALL {
        let mut scope = db.scope("acme", &admin, Perm::OrgManage).await.unwrap();
        member::store::update(&mut scope, &membership, ANY, MemberForm { role, team: String::new() }).await.unwrap();
        scope.commit(()).await.unwrap();
        for perm in Perm::ALL {
            let expected = if role.can(perm) { Ok(()) } else { Err(AppError::Forbidden) };
            assert_eq!(enters(&db, &made.secret, perm).await, expected, "{role:?} {perm:?}");
        }
    }
    let mut scope = db.scope("acme", &admin, Perm::OrgManage).await.unwrap();
    member::store::remove(&mut scope, &membership).await.unwrap();
    scope.commit(()).await.unwrap();
    assert_eq!(enters(&db, &made.secret, Perm::Read).await, Err(AppError::Unauthorized), "removed");
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn a_token_ends_with_its_owners_account_and_rests_with_its_organisation(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    let admin = db.org("acme").await;
    let leaver = db.member("acme", Role::Admin).await;
    let (_, stays) = make(&db, &admin, fields(TokenScope::Admin, &[])).await;
    let (_, goes) = make(&db, &leaver, fields(TokenScope::Admin, &[])).await;
    assert_eq!(enters(&db, &goes.secret, Perm::OrgManage).await, Ok(()));
    leaving::delete(Person::open(&db.app, &leaver.caller).await.unwrap()).await.unwrap();
    assert_eq!(enters(&db, &goes.secret, Perm::Read).await, Err(AppError::Unauthorized), "the account is gone");
    assert_eq!(enters(&db, &stays.secret, Perm::OrgManage).await, Ok(()));
    let mut scope = db.scope("acme", &admin, Perm::OrgManage).await.unwrap();
    org::store::delete(&mut scope).await.unwrap();
    scope.commit(()).await.unwrap();
    assert_eq!(enters(&db, &stays.secret, Perm::Read).await, Err(AppError::NotFound), "the organisation is in the bin");
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn a_token_for_some_products_sees_no_other(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    let admin = db.org("acme").await;
    for key in ["rocket", "shuttle"] {
        db.product("acme", &admin, key).await;
    }
    let rocket: String = sqlx::query_scalar(r#"SELECT id FROM "Product" WHERE key = 'rocket'"#).fetch_one(&pool).await.unwrap();
    let (_, made) = make(&db, &admin, fields(TokenScope::Write, &[rocket])).await;
    let mut scope = Scope::open(&db.app, &by(&made.secret), "acme", Perm::PlanWrite).await.unwrap();
    assert!(!scope.can(Perm::OrgManage));
    assert!(crate::feature::store::product(&mut scope, "rocket").await.is_ok());
    assert_eq!(crate::feature::store::product(&mut scope, "shuttle").await, Err(AppError::NotFound));
    let seen = crate::product::store::list(&mut scope, false).await.unwrap();
    assert_eq!(seen.iter().map(|row| row.product.key.as_str()).collect::<Vec<_>>(), ["rocket"]);
    drop(scope);
    let mut scope = db.scope("acme", &admin, Perm::OrgManage).await.unwrap();
    assert_eq!(crate::product::store::list(&mut scope, false).await.unwrap().len(), 2, "a session on the same connection sees all");
    let gone = store::create(&mut scope, fields(TokenScope::Read, &["nothing".into()])).await;
    assert!(gone.unwrap_err().of_field("products").is_some());
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn the_command_line_makes_one_for_a_member(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    let admin = db.org("acme").await;
    db.product("acme", &admin, "rocket").await;
    let fields = || TokenForm { name: "CI".into(), scope: "READ".into(), expires: "30".into(), ..Default::default() }.validate().unwrap();
    let mut system = System::open(&db.app).await.unwrap();
    let secret = store::create_for(&mut system, "Admin@acme.test", "acme", &["rocket".into()], fields()).await.unwrap();
    system.commit(()).await.unwrap();
    assert_eq!(enters(&db, &secret, Perm::Read).await, Ok(()));
    let mut system = System::open(&db.app).await.unwrap();
    assert_eq!(store::create_for(&mut system, "nobody@acme.test", "acme", &[], fields()).await, Err(AppError::NotFound));
    assert_eq!(store::create_for(&mut system, "admin@acme.test", "other", &[], fields()).await, Err(AppError::NotFound));
    assert!(store::create_for(&mut system, "admin@acme.test", "acme", &["x".into()], fields()).await.is_err());
    // Nobody gets a token that says more than they may.
    let manager = db.member("acme", Role::ProductManager).await;
    let email: String = sqlx::query_scalar(r#"SELECT email FROM "User" WHERE id = $1"#).bind(&manager.id).fetch_one(&pool).await.unwrap();
    let of = |scope| TokenFields { scope, ..fields() };
    assert!(store::create_for(&mut system, &email, "acme", &[], of(TokenScope::Write)).await.is_ok());
    let refused = store::create_for(&mut system, &email, "acme", &[], of(TokenScope::Admin)).await;
    assert!(refused.unwrap_err().of_field("scope").is_some());
    assert!(store::create_for(&mut system, "admin@acme.test", "acme", &[], of(TokenScope::Admin)).await.is_ok());
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn a_new_token_is_on_the_next_page_and_on_none_after_it(pool: PgPool) {
    use super::api::{CreateToken, ListTokens};
    use crate::server::tests::{Client, header, text};
    use http::header::{LOCATION, SET_COOKIE};
    use server_fn::ServerFn;

    let db = TestDb::new(&pool).await;
    let admin = db.org("acme").await;
    let client = Client::of(db.state(), Some(&admin));
    let body = "org=acme&form[name]=CI&form[scope]=READ&form[expires]=90";
    let made = client.submit("/orgs/acme/tokens", CreateToken::PATH, body).await;
    assert_eq!(made.status(), StatusCode::SEE_OTHER);
    let (to, cookie) = (header(&made, LOCATION), header(&made, SET_COOKIE));
    assert!(to.starts_with("/orgs/acme/tokens?made=") && cookie.contains("HttpOnly"), "{to} {cookie}");
    assert!(!to.contains("pm_") && !cookie.contains("pm_"), "{cookie}");
    let shown = Client::with_cookie(db.state(), &admin, cookie.split(';').next().unwrap()).get(&to).await;
    assert!(header(&shown, SET_COOKIE).contains("Max-Age=0"));
    let page = text(shown).await;
    let secret = page.split("pm_").find_map(|rest| rest.split('"').next().filter(|rest| rest.len() == 43)).expect("the token");
    assert_eq!(enters(&db, &format!("pm_{secret}"), Perm::Read).await, Ok(()));
    assert!(!text(client.get(&to).await).await.contains(secret), "not a second time");
    let listed = client.call(ListTokens::PATH, "application/json", r#"{"org":"acme"}"#).await;
    assert!(!text(listed).await.contains(secret));
    let wrong = client
        .submit("/orgs/acme/tokens", CreateToken::PATH, "org=acme&form[name]=&form[scope]=ADMIN&form[products][]=x&form[expires]=9")
        .await;
    assert_eq!((wrong.status(), header(&wrong, SET_COOKIE)), (StatusCode::UNPROCESSABLE_ENTITY, String::new()));
}

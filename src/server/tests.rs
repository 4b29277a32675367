//! The server as a browser meets it, without a browser.

use axum::Router;
use axum::body::{Body, to_bytes};
use http::header::{ACCEPT, CONTENT_TYPE, COOKIE, HOST, LOCATION, ORIGIN, REFERER, SET_COOKIE};
use http::{Request, Response, StatusCode};
use server_fn::ServerFn;
use sqlx::PgPool;
use tower::ServiceExt;

use super::db::{self, RECENT, as_app};
use super::request::AppState;
use super::serve::router;
use crate::account::api::{SetTheme, SignIn, SignUp};
use crate::idea::api::{CreateIdea, GetIdea};
use crate::kernel::role::Role;
use crate::testing::{TestDb, TestUser};

pub const FORM: &str = "application/x-www-form-urlencoded";

pub struct Client {
    app: Router,
    cookie: String,
}

impl Client {
    fn new(db: &TestDb, user: Option<&TestUser>) -> Client {
        Client::of(db.state(), user)
    }

    pub fn of(state: AppState, user: Option<&TestUser>) -> Client {
        let token = user.and_then(|user| user.caller.token.clone());
        let cookie = token.map(|token| format!("{}={token}", super::session::COOKIE)).unwrap_or_default();
        Client { app: router(state), cookie }
    }

    /// With one more cookie.
    pub fn with_cookie(state: AppState, user: &TestUser, cookie: &str) -> Client {
        let client = Client::of(state, Some(user));
        Client { cookie: format!("{}; {cookie}", client.cookie), ..client }
    }

    /// As a browser without scripts sends a form from this page.
    pub async fn submit(&self, page: &str, path: &str, body: &str) -> Response<Body> {
        let request = Request::post(path)
            .header(ACCEPT, "text/html,application/xhtml+xml")
            .header(CONTENT_TYPE, FORM)
            .header(REFERER, format!("http://pm.example{page}"));
        self.send(request, body).await
    }

    /// As our script sends it.
    pub async fn call(&self, path: &str, kind: &str, body: &str) -> Response<Body> {
        self.send(Request::post(path).header(ACCEPT, "application/json").header(CONTENT_TYPE, kind), body).await
    }

    pub async fn get(&self, path: &str) -> Response<Body> {
        self.send(Request::get(path).header(ACCEPT, "text/html"), "").await
    }

    pub async fn send(&self, request: http::request::Builder, body: &str) -> Response<Body> {
        let request = request.header(HOST, "pm.example").header(COOKIE, &self.cookie).header(ORIGIN, "http://pm.example");
        let request = request.body(Body::from(body.to_owned())).unwrap();
        self.app.clone().oneshot(request).await.unwrap()
    }
}

pub async fn text(response: Response<Body>) -> String {
    String::from_utf8(to_bytes(response.into_body(), usize::MAX).await.unwrap().to_vec()).unwrap()
}

pub fn header(response: &Response<Body>, name: http::HeaderName) -> String {
    response.headers().get(name).map(|value| value.to_str().unwrap().to_owned()).unwrap_or_default()
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn a_refused_plain_form_comes_back_with_what_was_typed(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    let body = "form[name]=Ada+%3Cb%3E&form[email]=nonsense&form[password]=secret-but-typed";
    let response = Client::new(&db, None).submit("/signup", SignUp::PATH, body).await;
    assert_eq!(response.status(), StatusCode::UNPROCESSABLE_ENTITY);
    let page = text(response).await;
    assert!(page.contains("Enter an e-mail address") && page.contains("Ada &lt;b&gt;"), "{page}");
    assert!(!page.contains("secret-but-typed"), "a password is never written into a page");
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn a_form_refused_twice_is_still_on_its_page(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    let body = "page=%2Fsignup&form[name]=Ada&form[email]=nonsense";
    let again = Client::new(&db, None).submit(SignUp::PATH, SignUp::PATH, body).await;
    assert_eq!(again.status(), StatusCode::UNPROCESSABLE_ENTITY);
    let page = text(again).await;
    assert!(page.contains("Create your account") && page.contains("value=\"Ada\""), "{page}");
    let followed = Client::new(&db, None).get(SignUp::PATH).await;
    assert_eq!(followed.status(), StatusCode::NOT_FOUND);
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn a_title_is_text_in_the_documents_head_too(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    let admin = db.org("acme").await;
    db.product("acme", &admin, "rocket").await;
    let client = Client::new(&db, Some(&admin));
    let body = "org=acme&product=rocket&form[title]=%3C%2Ftitle%3E%3Cscript%3Ealert(5)%3C%2Fscript%3E";
    let idea = header(&client.submit("/", CreateIdea::PATH, body).await, LOCATION);
    let page = text(client.get(&idea).await).await;
    assert!(page.contains("alert(5)") && !page.contains("<script>alert(5)"), "{page}");
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn a_refused_call_has_its_own_status(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    let client = Client::new(&db, None);
    let response = client.call(SignUp::PATH, FORM, "form[name]=Ada").await;
    assert_eq!(response.status(), StatusCode::UNPROCESSABLE_ENTITY);
    assert!(text(response).await.contains("VALIDATION_ERROR"));
    let signed_out = client.call(CreateIdea::PATH, FORM, "org=acme&product=rocket&form[title]=T").await;
    assert_eq!(signed_out.status(), StatusCode::UNAUTHORIZED);
    let nonsense = client.call(CreateIdea::PATH, FORM, "%ff=%00&[[[").await;
    assert_eq!(nonsense.status(), StatusCode::UNPROCESSABLE_ENTITY);
}

/// As after an update, when pages are still open that came before it.
#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn a_form_for_a_function_that_is_gone_says_so_and_gives_back_what_was_typed(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    let admin = db.org("acme").await;
    db.product("acme", &admin, "rocket").await;
    let client = Client::new(&db, Some(&admin));
    let body = "org=acme&product=rocket&form[title]=An+hour+of+thought";
    let response = client.submit("/orgs/acme/products/rocket/ideas/new", "/api/create_idea1", body).await;
    assert_eq!(response.status(), StatusCode::CONFLICT);
    let page = text(response).await;
    assert!(page.contains("An hour of thought") && page.contains("was updated while the page was open"), "{page}");
    let told = client.call("/api/create_idea1", FORM, body).await;
    assert_eq!(told.status(), StatusCode::CONFLICT);
    assert!(text(told).await.contains("was updated while the page was open"));
}

#[test]
fn functions_have_the_same_addresses_wherever_they_are_compiled() {
    assert_eq!(SignUp::PATH, "/api/sign_up15725790122090305815");
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn an_accepted_plain_form_leads_on(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    db.sign_up("ada@example.com").await;
    let form = |next: &str| format!("form[email]=ada@example.com&form[password]=a+long+enough+password&form[next]={next}");
    let client = Client::new(&db, None);
    let response = client.submit("/signin", SignIn::PATH, &form("/orgs/acme?x=%C3%A9")).await;
    assert_eq!((response.status(), header(&response, LOCATION)), (StatusCode::SEE_OTHER, "/orgs/acme?x=%C3%A9".into()));
    let cookie = header(&response, SET_COOKIE);
    assert!(cookie.contains("HttpOnly") && cookie.contains("Secure") && cookie.contains("SameSite=Lax"), "{cookie}");
    let elsewhere = client.submit("/signin", SignIn::PATH, &form("https://evil.example")).await;
    assert_eq!(header(&elsewhere, LOCATION), "/");
    let theme = client.submit("/signin?next=x", SetTheme::PATH, "theme=dark").await;
    assert_eq!(header(&theme, LOCATION), "/signin?next=x");
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn what_is_typed_after_the_session_ended_is_shown(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    let body = "org=acme&product=rocket&form[title]=An+hour+of+thought";
    let response = Client::new(&db, None).submit("/orgs/acme/products/rocket/ideas/new", CreateIdea::PATH, body).await;
    assert_eq!(response.status(), StatusCode::UNAUTHORIZED);
    let page = text(response).await;
    assert!(page.contains("An hour of thought") && page.contains("this was not saved"), "{page}");
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn pages_have_the_status_of_what_they_show(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    let admin = db.org("acme").await;
    db.org("other").await;
    db.product("acme", &admin, "rocket").await;
    let client = Client::new(&db, Some(&admin));
    for (path, status) in [
        ("/orgs/acme/products", StatusCode::OK),
        ("/orgs/acme/products/rocket/ideas", StatusCode::OK),
        ("/orgs/other/products", StatusCode::NOT_FOUND),
        ("/orgs/nowhere/products", StatusCode::NOT_FOUND),
        ("/orgs/acme%00/products", StatusCode::NOT_FOUND),
        ("/orgs/acme/products/nothing", StatusCode::NOT_FOUND),
        ("/orgs/acme/products/rocket/ideas/nothing", StatusCode::NOT_FOUND),
        ("/nowhere", StatusCode::NOT_FOUND),
        ("/readyz", StatusCode::OK),
    ] {
        assert_eq!(client.get(path).await.status(), status, "{path}");
    }
    let (of_another, unknown) = (client.get("/orgs/other/products").await, client.get("/orgs/nowhere/products").await);
    let anonymous = |page: String| page.replace("other", "X").replace("nowhere", "X");
    let nonceless = |page: String| {
        let mut parts = page.split("nonce=\"");
        let first = parts.next().unwrap_or_default().to_owned();
        parts.fold(first, |page, part| page + part.split_once('"').unwrap_or_default().1)
    };
    assert_eq!(nonceless(anonymous(text(of_another).await)), nonceless(anonymous(text(unknown).await)));
    let signed_out = Client::new(&db, None).get("/orgs/acme/products?x=1").await;
    assert_eq!(
        (signed_out.status(), header(&signed_out, LOCATION)),
        (StatusCode::FOUND, "/signin?next=%2Forgs%2Facme%2Fproducts%3Fx%3D1".into())
    );
    for odd in ["%0d%0ax", "%7f", "%00", "%F0%9F%9A%80"] {
        assert_eq!(client.get(&format!("/orgs/{odd}")).await.status(), StatusCode::NOT_FOUND, "{odd}");
    }
    let stakeholder = db.member("acme", Role::Stakeholder).await;
    let refused = Client::new(&db, Some(&stakeholder)).get("/orgs/acme/products/rocket/ideas/new").await;
    assert_eq!(refused.status(), StatusCode::FORBIDDEN);
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn large_foreign_and_odd_requests_are_refused(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    let admin = db.org("acme").await;
    db.product("acme", &admin, "rocket").await;
    let client = Client::new(&db, Some(&admin));
    let large = format!("org=acme&product=rocket&form[title]=T&form[description]={}", "x".repeat(1_000_001));
    assert_eq!(client.call(CreateIdea::PATH, FORM, &large).await.status(), StatusCode::PAYLOAD_TOO_LARGE);
    let foreign = Request::post(CreateIdea::PATH).header(CONTENT_TYPE, FORM).header(ORIGIN, "https://evil.example");
    assert_eq!(client.send(foreign, "org=acme&product=rocket&form[title]=T").await.status(), StatusCode::FORBIDDEN);
    for product in ["rocket%00", "rocket%0d%0aX-Injected:+1", "%F0%9F%9A%80"] {
        let body = format!("org=acme&product={product}&form[title]=T");
        let status = client.call(CreateIdea::PATH, FORM, &body).await.status();
        assert!(status == StatusCode::NOT_FOUND || status == StatusCode::UNPROCESSABLE_ENTITY, "{product}: {status}");
    }
    let odd = client.call(GetIdea::PATH, "application/json", r#"{"org":"acme","product":"rocket","id":"a\u0000b"}"#).await;
    assert!(odd.status().is_client_error());
    let ideas: i64 = sqlx::query_scalar(r#"SELECT count(*) FROM "Idea""#).fetch_one(&pool).await.unwrap();
    assert_eq!(ideas, 0);
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn without_an_smtp_server_no_page_claims_that_mail_is_sent(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    let admin = db.org("acme").await;
    let client = Client::new(&db, Some(&admin));
    for path in ["/forgot", "/forgot?sent=1", "/orgs/acme/members/invite", "/account", "/orgs/new?welcome=1"] {
        let page = text(client.get(path).await).await;
        assert!(page.contains("ail is not set up on this server"), "{path}: {page}");
        assert!(!page.contains("on its way") && !page.contains("have sent a"), "{path}: {page}");
    }
}

/// As when the database was restarted meanwhile.
#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn a_connection_that_died_at_rest_is_not_handed_out(pool: PgPool) {
    let options = as_app(pool.connect_options().as_ref().clone());
    let app = db::pool().max_connections(1).connect_with(options).await.unwrap();
    let process = || sqlx::query_scalar::<_, i32>("SELECT pg_backend_pid()").fetch_one(&app);
    let first = process().await.unwrap();
    assert_eq!(process().await.unwrap(), first);
    sqlx::query("SELECT pg_terminate_backend($1)").bind(first).execute(&pool).await.unwrap();
    tokio::time::sleep(RECENT * 2).await;
    assert_ne!(process().await.unwrap(), first);
}

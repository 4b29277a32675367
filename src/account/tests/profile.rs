//! What people tell of themselves, and their pictures.

use axum::body::{Body, to_bytes};
use http::header::{ACCEPT, CACHE_CONTROL, CONTENT_TYPE, COOKIE, HOST, LOCATION, ORIGIN};
use http::{Request, Response, StatusCode};
use image::{DynamicImage, ImageFormat};
use sqlx::PgPool;
use std::io::Cursor;
use tower::ServiceExt;

use crate::account::model::profile::ProfileForm;
use crate::account::store::profile;
use crate::kernel::error::AppError;
use crate::server::images::Picture;
use crate::server::scope::Person;
use crate::server::serve::router;
use crate::testing::{TestDb, TestUser};

async fn person(db: &TestDb, user: &TestUser) -> Person {
    Person::open(&db.app, &user.caller).await.unwrap()
}

fn form(timezone: &str) -> ProfileForm {
    let (name, title, bio) = ("Ada King".into(), "Analyst".into(), "Numbers & <b>engines</b>".into());
    ProfileForm { name, title, bio, timezone: timezone.into(), locale: "en".into() }
}

async fn save(db: &TestDb, user: &TestUser, form: ProfileForm) -> Result<(), AppError> {
    profile::update(person(db, user).await, "*", form.validate().unwrap()).await
}

fn png(shade: u8) -> Vec<u8> {
    let mut bytes = Vec::new();
    let pixels = image::RgbImage::from_pixel(300, 200, image::Rgb([shade, 0, 0]));
    DynamicImage::from(pixels).write_to(&mut Cursor::new(&mut bytes), ImageFormat::Png).unwrap();
    bytes
}

async fn pictures(db: &TestDb) -> i64 {
    sqlx::query_scalar(r#"SELECT count(*) FROM "Image""#).fetch_one(&db.owner).await.unwrap()
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn a_profile_is_written_and_read(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    let ada = db.sign_up("ada@example.com").await;
    let before = profile::get(&mut person(&db, &ada).await).await.unwrap();
    assert_eq!((before.verified, before.title.as_str(), before.locale.as_str(), before.timezone.as_str()), (false, "", "en", ""));
    for zone in ["Europe/Berlin", "America/Indiana/Knox", ""] {
        save(&db, &ada, form(zone)).await.unwrap();
        let after = profile::get(&mut person(&db, &ada).await).await.unwrap();
        assert_eq!((after.user.name.as_deref(), after.title.as_str(), after.timezone.as_str()), (Some("Ada King"), "Analyst", zone));
        assert!(zone.is_empty() || after.zones.iter().any(|known| known == zone));
    }
    let error = save(&db, &ada, form("Mars/Olympus")).await.unwrap_err();
    assert!(error.of_field("timezone").is_some());
    let zones = profile::get(&mut person(&db, &ada).await).await.unwrap().zones;
    let known: Vec<String> = sqlx::query_scalar("SELECT name FROM pg_timezone_names").fetch_all(&pool).await.unwrap();
    assert!(zones.iter().all(|zone| known.contains(zone)), "every zone that is offered exists");
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn single_keys_are_on_until_they_are_switched_off(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    let (ada, bob) = (db.sign_up("ada@example.com").await, db.sign_up("bob@example.com").await);
    let on = async |user: &TestUser| profile::get(&mut person(&db, user).await).await.unwrap().shortcuts;
    assert!(on(&ada).await);
    profile::set_shortcuts(person(&db, &ada).await, false).await.unwrap();
    assert!(!on(&ada).await);
    assert!(on(&bob).await, "another person's keys are their own");
    save(&db, &ada, form("")).await.unwrap();
    assert!(!on(&ada).await, "the rest of the profile leaves it alone");
    profile::set_shortcuts(person(&db, &ada).await, true).await.unwrap();
    assert!(on(&ada).await);
    let after = profile::get(&mut person(&db, &ada).await).await.unwrap();
    assert_eq!(after.title, "Analyst", "and it leaves the rest alone");
}

async fn drawn(shade: u8) -> Picture {
    Picture::of(png(shade), "somebody", &Default::default()).await.unwrap()
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn a_picture_is_kept_as_long_as_somebody_shows_it(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    let (ada, bob) = (db.sign_up("ada@example.com").await, db.sign_up("bob@example.com").await);
    for user in [&ada, &bob] {
        let picture = drawn(200).await;
        profile::set_picture(person(&db, user).await, Some(picture)).await.unwrap();
    }
    assert_eq!(pictures(&db).await, 1, "the same picture is kept once");
    let path = person(&db, &ada).await.user().image.clone().unwrap();
    assert!(path.starts_with("/images/") && path.len() == "/images/".len() + 64);
    profile::set_picture(person(&db, &ada).await, None).await.unwrap();
    assert_eq!((pictures(&db).await, person(&db, &ada).await.user().image.clone()), (1, None));
    profile::set_picture(person(&db, &bob).await, Some(drawn(90).await)).await.unwrap();
    assert_eq!(pictures(&db).await, 1);
    let kept = person(&db, &bob).await.user().image.clone().unwrap();
    assert_ne!(kept, path, "the one that nobody shows is gone");
}

/// As a browser without scripts sends it.
async fn send(db: &TestDb, user: Option<&TestUser>, file: &[u8]) -> Response<Body> {
    send_for(db, user, file, "text/html").await
}

async fn send_for(db: &TestDb, user: Option<&TestUser>, file: &[u8], accept: &str) -> Response<Body> {
    let head = b"--B\r\nContent-Disposition: form-data; name=\"picture\"; filename=\"a.png\"\r\nContent-Type: image/png\r\n\r\n";
    let body = [&head[..], file, b"\r\n--B--\r\n"].concat();
    let cookie = user.and_then(|user| user.caller.token.clone()).map(|token| format!("{}={token}", crate::server::session::COOKIE));
    let request = Request::post("/account/image")
        .header(HOST, "pm.example")
        .header(ORIGIN, "http://pm.example")
        .header(ACCEPT, accept)
        .header(COOKIE, cookie.unwrap_or_default())
        .header(CONTENT_TYPE, "multipart/form-data; boundary=B")
        .body(Body::from(body))
        .unwrap();
    router(db.state()).oneshot(request).await.unwrap()
}

async fn text(response: Response<Body>) -> String {
    String::from_utf8(to_bytes(response.into_body(), usize::MAX).await.unwrap().to_vec()).unwrap()
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn a_picture_is_sent_by_a_plain_form_and_served_for_good(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    let ada = db.sign_up("ada@example.com").await;
    let sent = send(&db, Some(&ada), &png(10)).await;
    assert_eq!((sent.status(), sent.headers()[LOCATION].to_str().unwrap()), (StatusCode::SEE_OTHER, "/account?saved=picture"));
    let path = person(&db, &ada).await.user().image.clone().unwrap();
    let get = |path: String| router(db.state()).oneshot(Request::get(path).body(Body::empty()).unwrap());
    let served = get(path.clone()).await.unwrap();
    assert_eq!((served.status(), served.headers()[CONTENT_TYPE].to_str().unwrap()), (StatusCode::OK, "image/webp"));
    assert!(served.headers()[CACHE_CONTROL].to_str().unwrap().contains("immutable"));
    assert_eq!(served.headers()["x-content-type-options"], "nosniff");
    assert_eq!(&to_bytes(served.into_body(), usize::MAX).await.unwrap()[8..12], b"WEBP");
    for unknown in ["/images/nothing", "/images/%00", "/images/.."] {
        assert_eq!(get(unknown.into()).await.unwrap().status(), StatusCode::NOT_FOUND, "{unknown}");
    }
    assert_eq!(get("/account/image".into()).await.unwrap().status(), StatusCode::SEE_OTHER);
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn a_file_that_is_no_picture_is_told_beside_the_field(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    let ada = db.sign_up("ada@example.com").await;
    for (file, message) in [
        (b"<svg onload=alert(1)>".to_vec(), "cannot be read"),
        (vec![0; 1_000_001], "larger than 1 MB"),
        (vec![0; 3_000_000], "larger than 1 MB"),
        (Vec::new(), "choose a file"),
    ] {
        let refused = send(&db, Some(&ada), &file).await;
        assert_eq!(refused.status(), StatusCode::UNPROCESSABLE_ENTITY);
        let page = text(refused).await;
        assert!(page.contains(message) && page.contains("Picture file"), "{page}");
        assert!(page.split("<input").any(|field| field.contains("type=\"file\"") && field.contains("autofocus")), "{page}");
    }
    assert_eq!(pictures(&db).await, 0);
    assert_eq!(send(&db, None, &png(1)).await.status(), StatusCode::UNAUTHORIZED);
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn our_script_is_told_of_a_picture_in_few_words(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    let ada = db.sign_up("ada@example.com").await;
    let taken = send_for(&db, Some(&ada), &png(10), "application/json").await;
    assert_eq!((taken.status(), taken.headers()[LOCATION].to_str().unwrap()), (StatusCode::OK, "/account?saved=picture"));
    assert!(taken.headers().contains_key(server_fn::redirect::REDIRECT_HEADER));
    let refused = send_for(&db, Some(&ada), b"<svg>", "application/json").await;
    assert_eq!(refused.status(), StatusCode::UNPROCESSABLE_ENTITY);
    let error: crate::kernel::error::AppError = serde_json::from_str(&text(refused).await).unwrap();
    assert!(error.of_field("picture").is_some_and(|message| message.contains("cannot be read")));
}

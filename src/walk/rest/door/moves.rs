//! A move that a status does not allow tells those that it does, as a program spells them.

use serde_json::json;
use sqlx::PgPool;

use super::Door;

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn a_refused_move_names_those_that_are_allowed(pool: PgPool) {
    let door = Door::new(&pool).await;
    for (things, made, to, next) in [
        ("ideas", json!({ "title": "T" }), "IMPLEMENTED", "`UNDER_REVIEW`, `REJECTED`"),
        ("epics", json!({ "title": "T" }), "COMPLETED", "`IN_PROGRESS`, `CANCELLED`"),
        ("releases", json!({ "name": "R", "version": "1.0.0" }), "RELEASED", "`IN_PROGRESS`, `CANCELLED`"),
        ("okrs", json!({ "title": "T", "quarter": "2026-Q4" }), "COMPLETED", "`ACTIVE`, `CANCELLED`"),
        ("experiments", json!({ "name": "E", "hypothesis": "H" }), "COMPLETED", "`RUNNING`, `CANCELLED`"),
        ("documents", json!({ "title": "T" }), "APPROVED", "`REVIEW`, `PUBLISHED`"),
    ] {
        let made = door.send("POST", &format!("/{things}"), &[], &made.to_string()).await;
        let path = format!("/{things}/{}/status", made.body["id"].as_str().unwrap_or_else(|| panic!("{things}: {}", made.body)));
        let refused = door.send("POST", &path, &[], &json!({ "status": to }).to_string()).await;
        assert_eq!(refused.status.as_u16(), 409, "{things}: {}", refused.body);
        let told = refused.body["detail"].as_str().unwrap();
        assert!(told.ends_with(&format!(" What may follow: {next}.")), "{things}: {told}");
        let kept = door.send("GET", path.trim_end_matches("/status"), &[], "").await;
        assert_eq!(kept.body["status"], made.body["status"], "{things}");
    }
}

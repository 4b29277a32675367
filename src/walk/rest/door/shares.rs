//! What the API says of shares, which pages have in per cent.

use serde_json::{Value, json};
use sqlx::PgPool;

use super::Door;

/// A page has per cent, a program sends parts of one: what is wrong is told in what was sent.
#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn shares_of_an_experiment_are_told_as_parts_of_one(pool: PgPool) {
    let door = Door::new(&pool).await;
    let does = async |method: &str, path: &str, body: Value| {
        let answer = door.send(method, path, &[], &body.to_string()).await;
        assert!(answer.status.is_success(), "{method} {path}: {} {}", answer.status, answer.body);
        answer.body
    };
    let id = |body: Value| body["id"].as_str().unwrap().to_owned();
    let one = format!("/experiments/{}", id(does("POST", "/experiments", json!({ "name": "E", "hypothesis": "h" })).await));
    let two = |weight: f64| json!({ "variants": [{ "name": "A", "weight": 0.5, "control": true }, { "name": "B", "weight": weight }] });
    let guard = |margin: f64| json!({ "name": "Errors", "role": "GUARDRAIL", "margin": margin });
    let (metrics, variants) = (format!("{one}/metrics"), format!("{one}/variants"));
    let metric = format!("{metrics}/{}", id(does("POST", &metrics, guard(0.02)).await));
    for (method, path, body, at, told) in [
        ("POST", &metrics, guard(2.0), "#/margin", "Enter a number from 0 to 1."),
        ("PATCH", &metric, json!({ "margin": -0.1 }), "#/margin", "Enter a number from 0 to 1."),
        ("PATCH", &variants, two(50.0), "#/variants/1/weight", "Enter a number from 0 to 1."),
        ("PATCH", &variants, two(0.4), "#/variants", "The shares sum to 0.9; they have to sum to 1."),
        ("PATCH", &one, json!({ "priorMean": 20, "priorVariance": 0.01 }), "#/priorMean", "Enter a number from -10 to 10."),
    ] {
        let refused = door.send(method, path, &[], &body.to_string()).await;
        assert_eq!(
            (refused.status.as_u16(), &refused.body["errors"]),
            (422, &json!([{ "pointer": at, "detail": told }])),
            "{method} {path} {body}"
        );
    }
    assert_eq!(does("PATCH", &metric, json!({ "margin": 1 })).await["margin"].as_f64(), Some(1.0));
    assert_eq!(does("PATCH", &variants, two(0.5)).await["variants"][1]["weight"].as_f64(), Some(0.5));
}

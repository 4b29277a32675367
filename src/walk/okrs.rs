//! The calls of objectives, and what they name.

use serde_json::{Value, json};
use server_fn::ServerFn;
use sqlx::PgPool;

use super::calls::{read, write};
use super::furnish::row;
use super::stale::{Form, TEXTS, two_people};
use super::{Call, Who};
use crate::goal::okr::api;
use crate::kernel::role::Perm;
use crate::testing::{TestDb, TestUser};

/// What the words of the calls stand for, in the product of this idea.
pub async fn furnish(db: &TestDb, slug: &str, idea: &str, admin: &TestUser) -> Vec<(&'static str, String)> {
    let objective = row(db, OBJECTIVE, slug, &admin.id).await;
    let (okr, draft) = (row(db, OKR, idea, &admin.id).await, row(db, DRAFT, idea, &admin.id).await);
    let result = row(db, RESULT, &okr, "").await;
    vec![("$objective", objective), ("$okr", okr), ("$draftOkr", draft), ("$keyResult", result)]
}

const OBJECTIVE: &str = r#"INSERT INTO "OrganizationObjective" (id, title, quarter, "ownerId", "organizationId")
    SELECT $1, 'T', '2026-Q4', $3, id FROM "Organization" WHERE slug = $2 RETURNING id"#;
const OKR: &str = r#"INSERT INTO "OKR" (id, title, quarter, status, "ownerId", "productId")
    SELECT $1, 'T', '2026-Q4', 'ACTIVE', $3, "productId" FROM "Idea" WHERE id = $2 RETURNING id"#;
const DRAFT: &str = r#"INSERT INTO "OKR" (id, title, quarter, "ownerId", "productId")
    SELECT $1, 'T', '2026-Q4', $3, "productId" FROM "Idea" WHERE id = $2 RETURNING id"#;
const RESULT: &str = r#"INSERT INTO "KeyResult" (id, "okrId", title, "targetValue", unit)
    SELECT $1, id, 'T', 10, '%' FROM "OKR" WHERE id = $2 AND $3 = '' RETURNING id"#;

pub fn calls() -> Vec<Call> {
    let (reader, plan, worker) = (Who::Member(Perm::Read), Who::Member(Perm::PlanWrite), Who::Member(Perm::WorkWrite));
    let objective = json!({ "title": "T", "quarter": "2026-Q4", "owner": "$person" });
    let okr = json!({ "title": "T", "quarter": "2026-Q4", "owner": "$person", "serves": "$objective" });
    let below = json!({ "title": "T", "quarter": "2026-Q4", "owner": "$person", "serves": "$okr" });
    let result = json!({ "title": "T", "direction": "DECREASE", "start": "9", "target": "3" });
    vec![
        read::<api::ListOkrs>(reader, json!({ "org": "$org", "product": "$product", "query": {} })),
        read::<api::GetOkr>(reader, json!({ "org": "$org", "product": "$product", "id": "$okr" })),
        read::<api::GetOkrForm>(plan, json!({ "org": "$org", "product": "$product", "id": "$okr" })),
        write::<api::CreateOkr>(plan, json!({ "org": "$org", "product": "$product", "form": below })),
        write::<api::UpdateOkr>(plan, json!({ "org": "$org", "version": "*", "id": "$okr", "form": okr })),
        write::<api::MoveOkr>(plan, json!({ "org": "$org", "id": "$draftOkr", "status": "ACTIVE" })),
        write::<api::DeleteOkr>(plan, json!({ "org": "$org", "id": "$okr" })),
        write::<api::RestoreOkr>(plan, json!({ "org": "$org", "id": "$okr" })),
        read::<api::result::GetKeyResult>(
            reader,
            json!({ "org": "$org", "product": "$product", "okr": "$okr", "id": "$keyResult", "at": null }),
        ),
        write::<api::result::AddKeyResult>(plan, json!({ "org": "$org", "id": "$okr", "form": result })),
        write::<api::result::UpdateKeyResult>(plan, json!({ "org": "$org", "version": "*", "id": "$keyResult", "form": result })),
        write::<api::result::CheckIn>(worker, json!({ "org": "$org", "id": "$keyResult", "form": { "value": "4", "confidence": "7" } })),
        write::<api::result::RemoveKeyResult>(plan, json!({ "org": "$org", "id": "$keyResult" })),
        read::<api::close::GetClosing>(plan, json!({ "org": "$org", "product": "$product", "quarter": "2026-Q4" })),
        write::<api::close::CloseQuarter>(
            plan,
            json!({ "org": "$org", "product": "$product", "quarter": "2026-Q4", "form": { "begin": "DRAFT", "$okr": "COMPLETE_CARRY" } }),
        ),
        read::<api::objective::GetObjectives>(reader, json!({ "org": "$org", "quarter": null })),
        read::<api::objective::GetObjective>(reader, json!({ "org": "$org", "id": "$objective" })),
        read::<api::objective::GetObjectiveForm>(plan, json!({ "org": "$org", "id": "$objective" })),
        write::<api::objective::CreateObjective>(plan, json!({ "org": "$org", "form": objective })),
        write::<api::objective::UpdateObjective>(plan, json!({ "org": "$org", "version": "*", "id": "$objective", "form": objective })),
        write::<api::objective::MoveObjective>(plan, json!({ "org": "$org", "id": "$objective", "status": "ACTIVE" })),
        write::<api::objective::DeleteObjective>(plan, json!({ "org": "$org", "id": "$objective" })),
        write::<api::objective::RestoreObjective>(plan, json!({ "org": "$org", "id": "$objective" })),
    ]
}

fn objective(text: &str) -> Value {
    json!({ "title": "T", "description": text, "quarter": "2026-Q4", "owner": "$person" })
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn an_objective_open_in_two_places(pool: PgPool) {
    let form = Form {
        page: "/orgs/$org/products/$product/okrs/$okr/edit",
        path: api::UpdateOkr::PATH,
        ids: json!({ "org": "$org", "id": "$okr" }),
        field: "description",
        fields: objective,
        values: TEXTS,
    };
    two_people(&pool, form).await;
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn an_objective_of_the_organisation_open_in_two_places(pool: PgPool) {
    let form = Form {
        page: "/orgs/$org/okrs/$objective/edit",
        path: api::objective::UpdateObjective::PATH,
        ids: json!({ "org": "$org", "id": "$objective" }),
        field: "description",
        fields: objective,
        values: TEXTS,
    };
    two_people(&pool, form).await;
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn a_key_result_open_in_two_places(pool: PgPool) {
    let form = Form {
        page: "/orgs/$org/products/$product/okrs/$okr/results/$keyResult/edit",
        path: api::result::UpdateKeyResult::PATH,
        ids: json!({ "org": "$org", "id": "$keyResult" }),
        field: "target",
        fields: |target| json!({ "title": "T", "direction": "INCREASE", "start": "0", "target": target, "unit": "%" }),
        values: ["201", "302", "250.5", "777", "888"],
    };
    two_people(&pool, form).await;
}

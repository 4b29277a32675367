//! Who may call what belongs to tasks, and to what is said of them and of features.

use http::StatusCode;
use serde_json::json;
use server_fn::ServerFn;
use sqlx::PgPool;

use super::calls::{read, write};
use super::furnish::row;
use super::stale::{Form, two_people};
use super::{Call, Who};
use crate::kernel::role::Perm;
use crate::testing::{TestDb, TestUser};
use crate::{board, discuss, task};

/// A task of this feature, what is said of both, and somebody who can be given one.
pub async fn furnish(db: &TestDb, feature: &str, admin: &TestUser) -> Vec<(&'static str, String)> {
    let task = row(
        db,
        r#"INSERT INTO "Task" (id, title, "productId", "featureId") SELECT $1, 'T', "productId", id FROM "Feature" WHERE id = $2 AND $1 <> $3 RETURNING id"#,
        feature,
        &admin.id,
    )
    .await;
    let of_feature = r#"INSERT INTO "FeatureComment" (id, "featureId", "authorId", body) VALUES ($1, $2, $3, 'Said') RETURNING id"#;
    let of_task = r#"INSERT INTO "TaskComment" (id, "taskId", "authorId", body) VALUES ($1, $2, $3, 'Said') RETURNING id"#;
    let (of_feature, of_task) = (row(db, of_feature, feature, &admin.id).await, row(db, of_task, &task, &admin.id).await);
    vec![("$task", task), ("$ofFeature", of_feature), ("$saidOfTask", of_task), ("$person", admin.id.clone())]
}

pub fn calls() -> Vec<Call> {
    let (reader, worker) = (Who::Member(Perm::Read), Who::Member(Perm::WorkWrite));
    let form = json!({ "title": "T", "feature": "$feature", "assignee": "$person", "due": "2026-11-23" });
    let mut calls = vec![
        read::<task::api::ListTasks>(reader, json!({ "org": "$org", "product": "$product", "query": {} })),
        read::<task::api::GetTask>(reader, json!({ "org": "$org", "product": "$product", "id": "$task" })),
        read::<task::api::GetTaskForm>(worker, json!({ "org": "$org", "product": "$product", "id": "$task" })),
        read::<task::api::TasksOfFeature>(reader, json!({ "org": "$org", "feature": "$feature" })),
        read::<task::api::GetMyWork>(reader, json!({ "org": "$org" })),
        write::<task::api::CreateTask>(worker, json!({ "org": "$org", "product": "$product", "form": form })),
        write::<task::api::UpdateTask>(worker, json!({ "org": "$org", "version": "*", "id": "$task", "form": form })),
        write::<task::api::MoveTask>(worker, json!({ "org": "$org", "id": "$task", "status": "IN_REVIEW" })),
        write::<task::api::FinishTask>(worker, json!({ "org": "$org", "id": "$task" })),
        write::<task::api::TakeTask>(worker, json!({ "org": "$org", "id": "$task", "wanted": true })),
        write::<task::api::DeleteTask>(worker, json!({ "org": "$org", "id": "$task" })),
        write::<task::api::RestoreTask>(worker, json!({ "org": "$org", "id": "$task" })),
    ];
    for (subject, thing, comment) in [("Feature", "$feature", "$ofFeature"), ("Task", "$task", "$saidOfTask")] {
        let discuss = Who::Member(Perm::IdeaDiscuss);
        calls.extend([
            read::<discuss::api::GetTalk>(reader, json!({ "org": "$org", "subject": subject, "id": thing, "after": null })),
            write::<discuss::api::AddComment>(
                discuss,
                json!({ "org": "$org", "subject": subject, "id": thing, "form": { "comment": "C" } }),
            ),
            // The comment is somebody else's.
            write::<discuss::api::ChangeComment>(
                discuss,
                json!({ "org": "$org", "subject": subject, "id": comment, "form": { "changed": "C" } }),
            )
            .gives(StatusCode::FORBIDDEN),
            write::<discuss::api::DeleteComment>(
                Who::Member(Perm::IdeaReview),
                json!({ "org": "$org", "subject": subject, "id": comment }),
            ),
        ]);
    }
    calls
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn the_limits_of_a_board_open_in_two_places(pool: PgPool) {
    let form = Form {
        page: "/orgs/$org/products/$product/features/board",
        path: board::api::SetBoardLimits::PATH,
        ids: json!({ "org": "$org", "product": "$product", "kind": "FEATURES" }),
        field: "TESTING",
        fields: |limit| json!({ "BACKLOG": "20", "TESTING": limit }),
        values: ["301", "302", "303", "304", "305"],
    };
    two_people(&pool, form).await;
}

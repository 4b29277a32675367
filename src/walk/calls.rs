//! Who may call which server function, with what. In the order of the slices.

use http::StatusCode;
use serde::Serialize;
use serde_json::{Value, json};
use server_fn::ServerFn;
use sqlx::AssertSqlSafe;

use super::{Call, Who};
use crate::kernel::role::Perm;
use crate::testing::{TestDb, TestUser};
use crate::{account, idea, org, product};

fn read<F: ServerFn + Serialize>(who: Who, arguments: Value) -> Call {
    Call { path: F::PATH, who, json: true, arguments, done: StatusCode::OK }
}

fn write<F: ServerFn>(who: Who, arguments: Value) -> Call {
    Call { path: F::PATH, who, json: false, arguments, done: StatusCode::OK }
}

/// What the words of the calls stand for, made for an organisation that has nothing yet, or made anew.
pub async fn furnish(db: &TestDb, slug: &str, admin: &TestUser) -> Vec<(&'static str, String)> {
    let product = format!("{slug}-{}", &crate::server::id::new_id()[9..]);
    db.product(slug, admin, &product).await;
    let idea = row(
        db,
        r#"INSERT INTO "Idea" (id, title, description, "productId", "creatorId") SELECT $1, 'T', '', id, $3 FROM "Product" WHERE key = $2 RETURNING id"#,
        &product,
        &admin.id,
    )
    .await;
    let bin = format!("{product}-bin");
    db.product(slug, admin, &bin).await;
    row(db, r#"UPDATE "Product" SET "deletedAt" = now() WHERE key = $2 AND $1 <> $3 RETURNING id"#, &bin, &admin.id).await;
    vec![("$product", product), ("$bin", bin), ("$idea", idea)]
}

/// The id of a row that is made past the application; `$1` is a new id.
async fn row(db: &TestDb, sql: &str, two: &str, three: &str) -> String {
    sqlx::query_scalar(AssertSqlSafe(sql.to_owned()))
        .bind(crate::server::id::new_id())
        .bind(two)
        .bind(three)
        .fetch_one(&db.owner)
        .await
        .unwrap()
}

pub fn calls() -> Vec<Call> {
    use Who::{Anybody, Member, SignedIn};
    let scores = json!({ "priority": 1, "reach": 1, "impact": 1, "confidence": 1, "effort": 1 });
    let idea_text = json!({ "title": "T", "description": "", "tags": "" });
    vec![
        write::<account::api::SignUp>(Anybody, json!({ "form": {} })),
        write::<account::api::SignIn>(Anybody, json!({ "form": {} })),
        write::<account::api::SignOut>(Anybody, json!({})),
        write::<account::api::SetTheme>(Anybody, json!({ "theme": "dark" })),
        read::<org::api::StartPage>(Anybody, json!({})),
        write::<org::api::CreateOrg>(SignedIn, json!({ "form": { "name": "New" } })),
        read::<org::api::GetFrame>(Member(Perm::Read), json!({ "org": "$org" })),
        read::<org::api::GetOrg>(Member(Perm::OrgManage), json!({ "org": "$org" })),
        write::<org::api::UpdateOrg>(Member(Perm::OrgManage), json!({ "org": "$org", "form": { "name": "Same", "slug": "$org" } })),
        write::<org::api::SetSwitch>(Member(Perm::OrgManage), json!({ "org": "$org", "switch": "Teams", "to": "on" })),
        // It would end the walk; so the address that confirms it is left out.
        write::<org::api::DeleteOrg>(Member(Perm::OrgManage), json!({ "org": "$org", "form": { "confirm": "" } })).told_more(),
        read::<org::api::DeletedOrgs>(SignedIn, json!({})),
        write::<org::api::RestoreOrg>(SignedIn, json!({ "slug": "$org" })),
        read::<product::api::ListProducts>(Member(Perm::Read), json!({ "org": "$org", "deleted": false })),
        read::<product::api::GetProduct>(Member(Perm::Read), json!({ "org": "$org", "key": "$product" })),
        write::<product::api::CreateProduct>(
            Member(Perm::ProductWrite),
            json!({ "org": "$org", "form": { "name": "New", "key": format!("new-{}", crate::server::id::new_id()) } }),
        ),
        write::<product::api::UpdateProduct>(
            Member(Perm::ProductWrite),
            json!({ "org": "$org", "key": "$product", "form": { "name": "Same", "key": "$product" } }),
        ),
        write::<product::api::MoveProduct>(
            Member(Perm::ProductWrite),
            json!({ "org": "$org", "key": "$product", "stage": "DISCOVERY" }),
        ),
        write::<product::api::DeleteProduct>(Member(Perm::ProductWrite), json!({ "org": "$org", "key": "$product" })),
        write::<product::api::RestoreProduct>(Member(Perm::ProductWrite), json!({ "org": "$org", "key": "$bin" })),
        read::<idea::api::ListIdeas>(Member(Perm::Read), json!({ "org": "$org", "product": "$product", "query": {} })),
        read::<idea::api::GetIdea>(Member(Perm::Read), json!({ "org": "$org", "product": "$product", "id": "$idea" })),
        write::<idea::api::CreateIdea>(Member(Perm::IdeaWrite), json!({ "org": "$org", "product": "$product", "form": idea_text })),
        // The idea is somebody else's: to change one's own needs less.
        write::<idea::api::UpdateIdea>(Member(Perm::IdeaReview), json!({ "org": "$org", "id": "$idea", "form": idea_text })),
        write::<idea::api::ScoreIdea>(Member(Perm::IdeaReview), json!({ "org": "$org", "id": "$idea", "form": scores })),
        write::<idea::api::MoveIdea>(Member(Perm::IdeaReview), json!({ "org": "$org", "id": "$idea", "status": "UNDER_REVIEW" })),
        read::<idea::board::api::IdeaBoard>(Member(Perm::Read), json!({ "org": "$org", "product": "$product", "tag": null })),
        read::<idea::board::api::IdeaCards>(
            Member(Perm::Read),
            json!({ "org": "$org", "product": "$product", "tag": null, "column": "SUBMITTED", "from": 0 }),
        ),
        write::<idea::board::api::MoveCard>(Member(Perm::IdeaReview), json!({ "org": "$org", "id": "$idea", "to": "UNDER_REVIEW" })),
        write::<idea::api::DeleteIdea>(Member(Perm::IdeaReview), json!({ "org": "$org", "id": "$idea" })),
        write::<idea::api::RestoreIdea>(Member(Perm::IdeaReview), json!({ "org": "$org", "id": "$idea" })),
    ]
}

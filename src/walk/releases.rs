//! The calls of releases, and what they name.

use serde_json::json;

use super::calls::{read, write};
use super::furnish::row;
use super::{Call, Who};
use crate::kernel::role::Perm;
use crate::release;
use crate::testing::TestDb;

/// What the words of the calls stand for, in the product of this idea.
pub async fn furnish(db: &TestDb, slug: &str, idea: &str, feature: &str) -> Vec<(&'static str, String)> {
    let release = row(db, RELEASE, idea, "").await;
    let of_release = async |sql: &'static str| row(db, sql, &release, feature).await;
    let (item, change, linked) = (of_release(CHECK_ITEM).await, of_release(CHANGE).await, of_release(LINKED).await);
    let template = row(db, TEMPLATE, slug, "").await;
    let template_item = row(db, TEMPLATE_ITEM, &template, "").await;
    vec![
        ("$outRelease", row(db, OUT, idea, "").await),
        ("$release", release),
        ("$checkitem", item),
        ("$change", change),
        ("$linked", linked),
        ("$template", template),
        ("$tplitem", template_item),
    ]
}

/// A release of the idea's product, whose changelog everybody may read.
const RELEASE: &str = r#"WITH public AS (UPDATE "Product" p SET "publicChangelog" = true FROM "Idea" i WHERE i.id = $2 AND p.id = i."productId" AND $3 = '' RETURNING p.id)
    INSERT INTO "Release" (id, name, version, "productId") SELECT $1, 'R', '1.0.0', id FROM public RETURNING id"#;
const OUT: &str = r#"INSERT INTO "Release" (id, name, version, "productId", "deletedAt")
    SELECT $1, 'R', '2.0.0', "productId", now() FROM "Idea" WHERE id = $2 AND $3 = '' RETURNING id"#;
const CHECK_ITEM: &str = r#"INSERT INTO "LaunchChecklistItem" (id, "releaseId", title, required)
    SELECT $1, id, 'T', false FROM "Release" WHERE id = $2 AND $3 <> '' RETURNING id"#;
const CHANGE: &str = r#"INSERT INTO "Changelog" (id, "releaseId", kind, title) SELECT $1, id, 'ADDED', 'T' FROM "Release" WHERE id = $2 AND $3 <> '' RETURNING id"#;
/// A further feature, which goes out with the release.
const LINKED: &str = r#"WITH twin AS (INSERT INTO "Feature" (id, title, description, "productId") SELECT $1, 'T', '', "productId" FROM "Feature" WHERE id = $3 RETURNING id, "organizationId")
    INSERT INTO "_FeatureToRelease" ("A", "B", "organizationId") SELECT id, $2, "organizationId" FROM twin RETURNING "A""#;
const TEMPLATE: &str = r#"INSERT INTO "ChecklistTemplate" (id, name, "organizationId") SELECT $1, $1, id FROM "Organization" WHERE slug = $2 AND $3 = '' RETURNING id"#;
const TEMPLATE_ITEM: &str = r#"INSERT INTO "ChecklistTemplateItem" (id, "templateId", title) SELECT $1, id, 'T' FROM "ChecklistTemplate" WHERE id = $2 AND $3 = '' RETURNING id"#;

pub fn calls() -> Vec<Call> {
    use Who::{Anybody, Member};
    let plan = Member(Perm::PlanWrite);
    vec![
        read::<release::api::ListReleases>(Member(Perm::Read), json!({ "org": "$org", "product": "$product", "query": {} })),
        read::<release::api::GetRelease>(
            Member(Perm::Read),
            json!({ "org": "$org", "product": "$product", "id": "$release", "find": "t" }),
        ),
        read::<release::api::GetNewRelease>(plan, json!({ "org": "$org", "product": "$product" })),
        write::<release::api::CreateRelease>(
            plan,
            json!({ "org": "$org", "product": "$product", "form": { "version": format!("3.0.0-{}", crate::server::id::new_id()) } }),
        ),
        write::<release::api::UpdateRelease>(
            plan,
            json!({ "org": "$org", "version": "*", "id": "$release", "form": { "version": "1.0.1" } }),
        ),
        write::<release::api::MoveRelease>(plan, json!({ "org": "$org", "id": "$release", "status": "IN_PROGRESS" })),
        write::<release::api::DeleteRelease>(plan, json!({ "org": "$org", "id": "$release" })),
        write::<release::api::RestoreRelease>(plan, json!({ "org": "$org", "id": "$outRelease" })),
        write::<release::api::AddReleaseFeature>(plan, json!({ "org": "$org", "id": "$release", "feature": "$feature" })),
        write::<release::api::RemoveReleaseFeature>(plan, json!({ "org": "$org", "id": "$release", "feature": "$linked" })),
        read::<release::api::checklist::GetChecklistItem>(
            plan,
            json!({ "org": "$org", "product": "$product", "release": "$release", "id": "$checkitem" }),
        ),
        write::<release::api::checklist::AddChecklistItem>(plan, json!({ "org": "$org", "id": "$release", "form": { "item": "T" } })),
        write::<release::api::checklist::UpdateChecklistItem>(
            plan,
            json!({ "org": "$org", "version": "*", "id": "$checkitem", "form": { "item": "T" } }),
        ),
        write::<release::api::checklist::RemoveChecklistItem>(plan, json!({ "org": "$org", "id": "$checkitem" })),
        write::<release::api::checklist::TickChecklistItem>(Member(Perm::WorkWrite), json!({ "org": "$org", "tick": "$checkitem" })),
        write::<release::api::checklist::ApplyTemplate>(
            plan,
            json!({ "org": "$org", "id": "$release", "form": { "template": "$template" } }),
        ),
        read::<release::api::template::ListTemplates>(plan, json!({ "org": "$org" })),
        read::<release::api::template::GetTemplate>(plan, json!({ "org": "$org", "id": "$template" })),
        // No two templates have one name.
        write::<release::api::template::CreateTemplate>(plan, json!({ "org": "$org", "form": { "name": "T $tplitem" } })),
        write::<release::api::template::DeleteTemplate>(plan, json!({ "org": "$org", "id": "$template" })),
        write::<release::api::template::AddTemplateItem>(plan, json!({ "org": "$org", "id": "$template", "form": { "item": "T" } })),
        write::<release::api::template::RemoveTemplateItem>(plan, json!({ "org": "$org", "id": "$tplitem" })),
        read::<release::api::changelog::GetChange>(
            plan,
            json!({ "org": "$org", "product": "$product", "release": "$release", "id": "$change" }),
        ),
        write::<release::api::changelog::AddChange>(plan, json!({ "org": "$org", "id": "$release", "form": { "entry": "T" } })),
        write::<release::api::changelog::UpdateChange>(
            plan,
            json!({ "org": "$org", "version": "*", "id": "$change", "form": { "entry": "T" } }),
        ),
        write::<release::api::changelog::PublishChange>(plan, json!({ "org": "$org", "publish": "$change" })),
        write::<release::api::changelog::RemoveChange>(plan, json!({ "org": "$org", "id": "$change" })),
        write::<release::api::changelog::DraftChangelog>(plan, json!({ "org": "$org", "id": "$release" })),
        write::<release::api::changelog::SetPublicChangelog>(
            Member(Perm::ProductWrite),
            json!({ "org": "$org", "product": "$product", "wanted": true }),
        ),
        read::<release::api::changelog::ReadChangelog>(Anybody, json!({ "org": "$org", "product": "$product" })),
    ]
}

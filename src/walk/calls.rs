//! Who may call which server function, with what. In the order of the slices.

use http::StatusCode;
use serde::Serialize;
use serde_json::{Value, json};
use server_fn::ServerFn;
use sqlx::AssertSqlSafe;

use super::{Call, Who};
use crate::kernel::role::Perm;
use crate::testing::{TestDb, TestUser};
use crate::{account, audit, board, discuss, feature, feedback, idea, member, org, product, search, team, transfer};
use crate::{account, audit, discuss, feature, feedback, idea, member, org, product, roadmap, search, team, transfer};

pub fn read<F: ServerFn + Serialize>(who: Who, arguments: Value) -> Call {
    Call { path: F::PATH, who, json: true, arguments, done: StatusCode::OK }
}

pub fn write<F: ServerFn>(who: Who, arguments: Value) -> Call {
pub(super) fn read<F: ServerFn + Serialize>(who: Who, arguments: Value) -> Call {
    Call { path: F::PATH, who, json: true, arguments, done: StatusCode::OK }
}

pub(super) fn write<F: ServerFn>(who: Who, arguments: Value) -> Call {
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
    let approved = row(
        db,
        r#"INSERT INTO "Idea" (id, title, description, "productId", "creatorId", status)
           SELECT $1, 'T', '', id, $3, 'APPROVED' FROM "Product" WHERE key = $2 RETURNING id"#,
        &product,
        &admin.id,
    )
    .await;
    let feedback = row(
        db,
        r#"INSERT INTO "Feedback" (id, title, description, "productId", "userEmail") SELECT $1, 'T', '', id, $3 FROM "Product" WHERE key = $2 RETURNING id"#,
        &product,
        "customer@example.test",
    )
    .await;
    let feature = row(
        db,
        r#"INSERT INTO "Feature" (id, title, description, "productId", "acceptanceCriteria")
           SELECT $1, 'T', '', id, '- [ ] T' FROM "Product" WHERE key = $2 AND $1 <> $3 RETURNING id"#,
        &product,
        &admin.id,
    )
    .await;
    let (epic, in_epic) = (row(db, EPIC, &product, "").await, row(db, OTHER_FEATURE, &feature, "").await);
    let blocker = row(db, OTHER_FEATURE, &feature, "").await;
    row(db, WAITS, &blocker, &feature).await;
    let card = row(db, CARD, &product, &admin.id).await;
    let bin = format!("{product}-bin");
    db.product(slug, admin, &bin).await;
    row(db, r#"UPDATE "Product" SET "deletedAt" = now() WHERE key = $2 AND $1 <> $3 RETURNING id"#, &bin, &admin.id).await;
    let (comment, twin) = (of_idea(db, COMMENT, &idea, admin).await, of_idea(db, TWIN, &idea, admin).await);
    let (view, bulk) = (of_idea(db, VIEW, &idea, admin).await, of_idea(db, BULK, &idea, admin).await);
    let member = row(
        db,
        r#"WITH person AS (INSERT INTO "User" (id, name, email) VALUES ($1, 'Spare', $1 || $3 || '@spare.test') RETURNING id)
           INSERT INTO "Membership" (id, "userId", "organizationId", role)
           SELECT $1, person.id, o.id, 'DEVELOPER' FROM person, "Organization" o WHERE o.slug = $2 RETURNING id"#,
        slug,
        "",
    )
    .await;
    let new_team = r#"INSERT INTO "Team" (id, name, slug, "organizationId", "deletedAt")
        SELECT $1, 'T', $1, id, CASE WHEN $3 = 'deleted' THEN now() END FROM "Organization" WHERE slug = $2 RETURNING slug"#;
    let (team, dead_team) = (row(db, new_team, slug, "").await, row(db, new_team, slug, "deleted").await);
    let in_team = row(
        db,
        r#"WITH person AS (INSERT INTO "User" (id, name, email) VALUES ($1, 'Spare', $1 || '@team.test') RETURNING id)
           INSERT INTO "Membership" (id, "userId", "organizationId", "teamId", role)
           SELECT $1, person.id, o.id, t.id, 'DEVELOPER' FROM person, "Organization" o JOIN "Team" t ON t."organizationId" = o.id
           WHERE o.slug = $2 AND t.slug = $3 RETURNING id"#,
        slug,
        &team,
    )
    .await;
    let product_id = row(db, r#"SELECT id FROM "Product" WHERE key = $2 AND $1 <> $3"#, &product, "").await;
    let of_team = row(
        db,
        r#"INSERT INTO "_ProductToTeam" ("A", "B") SELECT p.id, t.id FROM "Product" p, "Team" t WHERE p.id = $2 AND t.slug = $3 AND $1 <> ''
           RETURNING "A""#,
        &product_id,
        &team,
    )
    .await;
    db.product(slug, admin, &format!("{product}-b")).await;
    let free_product = row(db, r#"SELECT id FROM "Product" WHERE key = $2 AND $1 <> $3"#, &format!("{product}-b"), "").await;
    let invitation = row(
        db,
        r#"INSERT INTO "Invitation" (id, email, "organizationId", "tokenHash", "expiresAt")
           SELECT $1, $1 || $3 || '@invited.test', id, $1, now() + interval '1 day' FROM "Organization" WHERE slug = $2 RETURNING id"#,
        slug,
        "",
    )
    .await;
    let import = of_idea(db, IMPORT, &idea, admin).await;
    let release = of_idea(db, RELEASE, &idea, admin).await;
    vec![
        ("$release", release),
    let releases = super::releases::furnish(db, slug, &idea, &feature).await;
    let mut words = vec![
        ("$import", import),
        ("$product", product),
        ("$bin", bin),
        ("$idea", idea),
        ("$approved", approved),
        ("$feedback", feedback),
        ("$feature", feature),
        ("$epic", epic),
        ("$inEpic", in_epic),
        ("$blocker", blocker),
        ("$person", admin.id.clone()),
        ("$card", card),
        ("$member", member),
        ("$team", team),
        ("$deadTeam", dead_team),
        ("$inTeam", in_team),
        ("$ofTeam", of_team),
        ("$freeProduct", free_product),
        ("$invitation", invitation),
        ("$comment", comment),
        ("$twin", twin),
        ("$view", view),
        ("$bulk", bulk),
    ];
    words.extend(releases);
    words
}

const EPIC: &str =
    r#"INSERT INTO "Epic" (id, title, description, "productId") SELECT $1, 'T' || $3, '', id FROM "Product" WHERE key = $2 RETURNING id"#;
const OTHER_FEATURE: &str = r#"INSERT INTO "Feature" (id, title, description, "productId")
    SELECT $1, 'T' || $3, '', "productId" FROM "Feature" WHERE id = $2 RETURNING id"#;
const WAITS: &str = r#"INSERT INTO "FeatureDependency" ("blockerId", "blockedId") SELECT $2, $3 WHERE $1 <> '' RETURNING "blockerId""#;
const COMMENT: &str = r#"INSERT INTO "IdeaComment" (id, "ideaId", "authorId", body) VALUES ($1, $2, $3, 'Said') RETURNING id"#;
const TWIN: &str = r#"INSERT INTO "Idea" (id, title, description, "productId", "creatorId")
    SELECT $1, 'T', '', "productId", $3 FROM "Idea" WHERE id = $2 RETURNING id"#;
const VIEW: &str = r#"INSERT INTO "SavedView" (id, "productId", "authorId", name, query, shared)
    SELECT $1, "productId", $3, 'V', '', true FROM "Idea" WHERE id = $2 RETURNING id"#;
const BULK: &str = r#"INSERT INTO "BulkEdit" (id, "productId", "authorId", summary, rows)
    SELECT $1, "productId", $3, 'Done.', '[{}]' FROM "Idea" WHERE id = $2 RETURNING id"#;

/// A task on its board.
const CARD: &str =
    r#"INSERT INTO "Task" (id, title, "productId") SELECT $1, 'T', id FROM "Product" WHERE key = $2 AND $1 <> $3 RETURNING id"#;
const RELEASE: &str = r#"INSERT INTO "Release" (id, name, version, "productId")
    SELECT $1, 'T', '1.0.0', "productId" FROM "Idea" WHERE id = $2 AND $3 <> '' RETURNING id"#;

/// With a file whose rows are ideas.
const IMPORT: &str = r#"WITH import AS (INSERT INTO "Import" (id, "productId", "authorId", kind, source, "fileName", headings, rows, status)
        SELECT $1, "productId", $3, 'IDEAS', 'OTHER', 'ideas.csv', '{title}', 1, 'READY' FROM "Idea" WHERE id = $2 RETURNING *),
    part AS (INSERT INTO "ImportPart" ("organizationId", "importId", n, bytes) SELECT "organizationId", id, 0, convert_to(E'title\nT', 'UTF8') FROM import)
    SELECT id FROM import"#;

/// The id of something that hangs on an idea.
async fn of_idea(db: &TestDb, sql: &str, idea: &str, admin: &TestUser) -> String {
    row(db, sql, idea, &admin.id).await
}

/// The id of a row that is made past the application; `$1` is a new id.
pub async fn row(db: &TestDb, sql: &str, two: &str, three: &str) -> String {
pub(super) async fn row(db: &TestDb, sql: &str, two: &str, three: &str) -> String {
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
    let manage = Member(Perm::OrgManage);
    let mut calls = super::tasks::calls();
    calls.extend([
    let mut calls = vec![
        write::<account::api::SignUp>(Anybody, json!({ "form": {} })),
        write::<account::api::SignIn>(Anybody, json!({ "form": {} })),
        write::<account::api::SignOut>(Anybody, json!({})),
        write::<account::api::SetTheme>(Anybody, json!({ "theme": "dark" })),
        write::<account::api::links::ForgotPassword>(Anybody, json!({ "form": {} })),
        read::<account::api::links::GetLink>(Anybody, json!({ "kind": "Reset", "token": "x" })),
        write::<account::api::links::ConfirmEmail>(Anybody, json!({ "token": "x" })),
        write::<account::api::links::ResetPassword>(Anybody, json!({ "token": "x", "form": {} })),
        read::<account::api::profile::GetProfile>(SignedIn, json!({})),
        write::<account::api::profile::UpdateProfile>(SignedIn, json!({ "version": "*", "form": { "name": "N" } })),
        write::<account::api::profile::RemovePicture>(SignedIn, json!({})),
        write::<account::api::profile::ResendVerification>(SignedIn, json!({})),
        read::<account::api::security::GetSecurity>(SignedIn, json!({})),
        write::<account::api::security::ChangePassword>(SignedIn, json!({ "form": { "new_password": "x" } })),
        write::<account::api::security::ChangeEmail>(SignedIn, json!({ "form": { "email": "x" } })),
        write::<account::api::security::CancelEmailChange>(SignedIn, json!({})),
        write::<account::api::security::RevokeSession>(SignedIn, json!({ "id": "x" })),
        write::<account::api::security::RevokeOtherSessions>(SignedIn, json!({})),
        read::<account::api::security::GetLeaving>(SignedIn, json!({})),
        write::<account::api::security::DeleteAccount>(SignedIn, json!({ "form": { "current_password": "x" } })),
        read::<account::oidc::api::OfferedProviders>(Anybody, json!({})),
        read::<account::oidc::api::MyProviders>(SignedIn, json!({})),
        write::<account::oidc::api::UnlinkProvider>(SignedIn, json!({ "issuer": "x" })),
        read::<member::api::ListMembers>(Member(Perm::Read), json!({ "org": "$org", "after": null })),
        read::<member::api::GetMember>(manage, json!({ "org": "$org", "id": "$member" })),
        write::<member::api::UpdateMember>(
            manage,
            json!({ "version": "*", "org": "$org", "id": "$member", "form": { "role": "DESIGNER", "team": "" } }),
        ),
        write::<member::api::RemoveMember>(manage, json!({ "org": "$org", "id": "$member" })),
        read::<member::api::ListTeamChoices>(manage, json!({ "org": "$org" })),
        write::<member::api::InviteMember>(
            manage,
            json!({ "org": "$org", "form": { "email": format!("{}@new.test", crate::server::id::new_id()), "role": "DESIGNER" } }),
        ),
        write::<member::api::ResendInvitation>(manage, json!({ "org": "$org", "id": "$invitation" })),
        write::<member::api::RevokeInvitation>(manage, json!({ "org": "$org", "id": "$invitation" })),
        read::<member::api::GetInvitation>(Anybody, json!({ "token": "x" })),
        write::<member::api::AcceptInvitation>(SignedIn, json!({ "token": "x" })),
        read::<member::api::GetArrival>(SignedIn, json!({})),
        // Whom it is for has the address; nobody here does.
        write::<member::api::AcceptOwnInvitation>(SignedIn, json!({ "id": "$invitation" })),
        write::<member::api::JoinOrg>(Anybody, json!({ "token": "x", "form": {} })),
        write::<member::api::ChangeInvitee>(Anybody, json!({ "token": "x" })),
        read::<team::api::ListTeams>(Member(Perm::Read), json!({ "org": "$org", "deleted": false })),
        read::<team::api::GetTeam>(Member(Perm::Read), json!({ "org": "$org", "team": "$team" })),
        write::<team::api::CreateTeam>(manage, json!({ "org": "$org", "form": { "name": format!("T {}", crate::server::id::new_id()) } })),
        write::<team::api::UpdateTeam>(
            manage,
            json!({ "version": "*", "org": "$org", "team": "$team", "form": { "name": "Same", "slug": "$team" } }),
        ),
        write::<team::api::DeleteTeam>(manage, json!({ "org": "$org", "team": "$team" })),
        write::<team::api::RestoreTeam>(manage, json!({ "org": "$org", "team": "$deadTeam" })),
        write::<team::api::AddTeamMember>(manage, json!({ "org": "$org", "team": "$team", "form": { "member": "$member" } })),
        write::<team::api::RemoveTeamMember>(manage, json!({ "org": "$org", "team": "$team", "id": "$inTeam" })),
        write::<team::api::AddTeamProduct>(manage, json!({ "org": "$org", "team": "$team", "form": { "product": "$freeProduct" } })),
        write::<team::api::RemoveTeamProduct>(manage, json!({ "org": "$org", "team": "$team", "id": "$ofTeam" })),
        read::<audit::api::ListAudit>(manage, json!({ "org": "$org", "query": {} })),
        read::<audit::api::ItemHistory>(Member(Perm::Read), json!({ "org": "$org", "entity": "Idea", "item": "$idea" })),
        read::<org::api::StartPage>(Anybody, json!({})),
        write::<org::api::CreateOrg>(SignedIn, json!({ "form": { "name": "New" } })),
        read::<org::api::GetFrame>(Member(Perm::Read), json!({ "org": "$org" })),
        read::<org::api::GetOrg>(Member(Perm::OrgManage), json!({ "org": "$org" })),
        write::<org::api::UpdateOrg>(
            Member(Perm::OrgManage),
            json!({ "version": "*", "org": "$org", "form": { "name": "Same", "slug": "$org" } }),
        ),
        write::<org::api::SetSwitch>(Member(Perm::OrgManage), json!({ "org": "$org", "switch": "Teams", "to": "on" })),
        write::<org::api::RemoveLogo>(Member(Perm::OrgManage), json!({ "org": "$org" })),
        // It would end the walk; so the address that confirms it is left out.
        write::<org::api::DeleteOrg>(Member(Perm::OrgManage), json!({ "org": "$org", "form": { "confirm": "" } })).told_more(),
        read::<org::api::DeletedOrgs>(SignedIn, json!({})),
        write::<org::api::RestoreOrg>(SignedIn, json!({ "slug": "$org" })),
        read::<product::api::ListProducts>(Member(Perm::Read), json!({ "org": "$org", "deleted": false })),
        read::<product::api::GetProduct>(Member(Perm::Read), json!({ "org": "$org", "key": "$product" })),
        write::<product::api::CreateProduct>(
            Member(Perm::ProductWrite),
            json!({ "org": "$org", "form": { "name": "Brand new", "key": "" } }),
        ),
        write::<product::api::UpdateProduct>(
            Member(Perm::ProductWrite),
            json!({ "version": "*", "org": "$org", "key": "$product", "form": { "name": "Same", "key": "$product" } }),
        ),
        write::<product::lifecycle::api::MoveProduct>(
            Member(Perm::ProductWrite),
            json!({ "org": "$org", "key": "$product", "stage": "DISCOVERY", "form": { "confirmed": "on", "reason": "R" } }),
        ),
        read::<product::lifecycle::api::LifecycleBoard>(Member(Perm::Read), json!({ "org": "$org" })),
        write::<product::lifecycle::api::MoveProductCard>(
            Member(Perm::ProductWrite),
            json!({ "org": "$org", "id": "$product", "to": "IDEATION" }),
        ),
        write::<product::lifecycle::api::TickCriterion>(
            Member(Perm::ProductWrite),
            json!({ "org": "$org", "key": "$product", "tick": product::model::Lifecycle::Ideation.default_criteria()[0] }),
        ),
        read::<product::lifecycle::api::ListCriteria>(Member(Perm::Read), json!({ "org": "$org" })),
        write::<product::lifecycle::api::UpdateCriteria>(
            Member(Perm::ProductWrite),
            json!({ "version": "*", "org": "$org", "stage": "GROWTH", "form": { "criteria": "One" } }),
        ),
        write::<product::api::DeleteProduct>(Member(Perm::ProductWrite), json!({ "org": "$org", "key": "$product" })),
        write::<product::api::RestoreProduct>(Member(Perm::ProductWrite), json!({ "org": "$org", "key": "$bin" })),
        read::<idea::api::ListIdeas>(Member(Perm::Read), json!({ "org": "$org", "product": "$product", "query": {} })),
        read::<idea::api::GetIdea>(Member(Perm::Read), json!({ "org": "$org", "product": "$product", "id": "$idea" })),
        write::<idea::api::CreateIdea>(Member(Perm::IdeaWrite), json!({ "org": "$org", "product": "$product", "form": idea_text })),
        // The idea is somebody else's: to change one's own needs less.
        write::<idea::api::UpdateIdea>(
            Member(Perm::IdeaReview),
            json!({ "version": "*", "org": "$org", "id": "$idea", "form": idea_text }),
        ),
        write::<idea::api::ScoreIdea>(Member(Perm::IdeaReview), json!({ "version": "*", "org": "$org", "id": "$idea", "form": scores })),
        write::<idea::api::MoveIdea>(Member(Perm::IdeaReview), json!({ "org": "$org", "id": "$idea", "status": "UNDER_REVIEW" })),
        read::<idea::board::api::IdeaBoard>(Member(Perm::Read), json!({ "org": "$org", "product": "$product", "tag": null })),
        read::<idea::board::api::IdeaCards>(
            Member(Perm::Read),
            json!({ "org": "$org", "product": "$product", "tag": null, "column": "SUBMITTED", "from": 0 }),
        ),
        write::<idea::board::api::MoveCard>(Member(Perm::IdeaReview), json!({ "org": "$org", "id": "$idea", "to": "UNDER_REVIEW" })),
        write::<idea::api::DeleteIdea>(Member(Perm::IdeaReview), json!({ "org": "$org", "id": "$idea" })),
        write::<idea::api::RestoreIdea>(Member(Perm::IdeaReview), json!({ "org": "$org", "id": "$idea" })),
        read::<feature::api::ListFeatures>(Member(Perm::Read), json!({ "org": "$org", "product": "$product", "query": {} })),
        read::<feature::api::GetFeature>(
            Member(Perm::Read),
            json!({ "org": "$org", "product": "$product", "id": "$feature", "find": "t" }),
        ),
        read::<feature::api::GetFeatureForm>(Member(Perm::FeatureWrite), json!({ "org": "$org", "product": "$product", "id": "$feature" })),
        read::<feature::api::BuiltFor>(Member(Perm::Read), json!({ "org": "$org", "idea": "$idea" })),
        write::<feature::api::CreateFeature>(
            Member(Perm::FeatureWrite),
            json!({ "org": "$org", "product": "$product", "form": { "title": "T" } }),
        ),
        write::<feature::api::UpdateFeature>(
            Member(Perm::FeatureWrite),
            json!({ "version": "*", "org": "$org", "id": "$feature", "form": { "title": "T" } }),
        ),
        write::<feature::api::MoveFeature>(Member(Perm::FeatureWrite), json!({ "org": "$org", "id": "$feature", "status": "DONE" })),
        write::<feature::api::TickCriterion>(Member(Perm::FeatureWrite), json!({ "org": "$org", "id": "$feature", "line": "0 - [ ] T" })),
        read::<feature::api::depend::FindFeatures>(
            Member(Perm::FeatureWrite),
            json!({ "org": "$org", "product": "$product", "find": "t", "but": null, "outside": null }),
        ),
        write::<feature::api::depend::LinkFeature>(
            Member(Perm::FeatureWrite),
            json!({ "org": "$org", "id": "$feature", "blocker": "$inEpic" }),
        ),
        write::<feature::api::depend::LinkFeature>(
            Member(Perm::FeatureWrite),
            json!({ "org": "$org", "id": "$feature", "blocked": "$inEpic" }),
        ),
        write::<feature::api::depend::UnlinkFeature>(
            Member(Perm::FeatureWrite),
            json!({ "org": "$org", "id": "$feature", "blocker": "$blocker" }),
        ),
        write::<feature::api::UpdateFeature>(
            Member(Perm::FeatureWrite),
            json!({ "org": "$org", "id": "$feature", "form": { "title": "T", "epic": "$epic", "assignee": "$person" } }),
        ),
        read::<feature::epic::api::ListEpics>(Member(Perm::Read), json!({ "org": "$org", "product": "$product", "query": {} })),
        read::<feature::epic::api::GetEpic>(
            Member(Perm::Read),
            json!({ "org": "$org", "product": "$product", "id": "$epic", "at": null, "find": "t" }),
        ),
        write::<feature::epic::api::CreateEpic>(
            Member(Perm::PlanWrite),
            json!({ "org": "$org", "product": "$product", "form": { "title": "T" } }),
        ),
        write::<feature::epic::api::UpdateEpic>(Member(Perm::PlanWrite), json!({ "org": "$org", "id": "$epic", "form": { "title": "T" } })),
        write::<feature::epic::api::MoveEpic>(Member(Perm::PlanWrite), json!({ "org": "$org", "id": "$epic", "status": "IN_PROGRESS" })),
        write::<feature::epic::api::AddToEpic>(Member(Perm::FeatureWrite), json!({ "org": "$org", "id": "$epic", "feature": "$inEpic" })),
        write::<feature::epic::api::TakeFromEpic>(
            Member(Perm::FeatureWrite),
            json!({ "org": "$org", "id": "$epic", "feature": "$inEpic" }),
        ),
        write::<feature::epic::api::DeleteEpic>(Member(Perm::PlanWrite), json!({ "org": "$org", "id": "$epic" })),
        write::<feature::epic::api::RestoreEpic>(Member(Perm::PlanWrite), json!({ "org": "$org", "id": "$epic" })),
        write::<feature::api::DeleteFeature>(Member(Perm::FeatureWrite), json!({ "org": "$org", "id": "$feature" })),
        write::<feature::api::RestoreFeature>(Member(Perm::FeatureWrite), json!({ "org": "$org", "id": "$feature" })),
        write::<feature::api::ConvertIdea>(
            Member(Perm::IdeaReview),
            json!({ "org": "$org", "idea": "$approved", "form": { "titles": "T" } }),
        ),
        read::<board::api::DeliveryBoard>(
            Member(Perm::Read),
            json!({ "org": "$org", "product": "$product", "kind": "FEATURES", "lanes": "epic" }),
        ),
        read::<board::api::DeliveryBoard>(
            Member(Perm::Read),
            json!({ "org": "$org", "product": "$product", "kind": "TASKS", "lanes": null }),
        ),
        read::<board::api::DeliveryCards>(
            Member(Perm::Read),
            json!({ "org": "$org", "product": "$product", "kind": "TASKS", "column": "TODO", "lane": null, "from": 0 }),
        ),
        write::<board::api::PlaceCard>(
            Member(Perm::FeatureWrite),
            json!({ "org": "$org", "kind": "FEATURES", "id": "$feature", "to": "DONE" }),
        ),
        write::<board::api::PlaceCard>(Member(Perm::WorkWrite), json!({ "org": "$org", "kind": "TASKS", "id": "$card", "to": "DONE" })),
        write::<board::api::QuickAdd>(
            Member(Perm::FeatureWrite),
            json!({ "org": "$org", "product": "$product", "kind": "FEATURES", "form": { "title": "T", "column": "TESTING" } }),
        ),
        write::<board::api::QuickAdd>(
            Member(Perm::WorkWrite),
            json!({ "org": "$org", "product": "$product", "kind": "TASKS", "form": { "title": "T", "column": "TODO" } }),
        ),
        write::<board::api::ChangeCard>(
            Member(Perm::FeatureWrite),
            json!({ "org": "$org", "kind": "FEATURES", "id": "$feature", "form": { "title": "T", "priority": "LOW" } }),
        ),
        write::<board::api::ChangeCards>(
            Member(Perm::WorkWrite),
            json!({ "org": "$org", "kind": "TASKS", "form": { "ids": ["$card"], "action": "to:DONE" } }),
        ),
        write::<board::api::SetBoardLimits>(
            Member(Perm::ProductWrite),
            json!({ "org": "$org", "product": "$product", "kind": "FEATURES", "form": { "TESTING": "3" } }),
        ),
        read::<feedback::api::ListFeedback>(Member(Perm::Read), json!({ "org": "$org", "product": "$product", "query": {} })),
        read::<feedback::api::GetFeedback>(
            Member(Perm::Read),
            json!({ "org": "$org", "product": "$product", "id": "$feedback", "find": "" }),
        ),
        read::<feedback::api::FindIdeas>(Member(Perm::Publish), json!({ "org": "$org", "product": "$product", "find": "t" })),
        read::<feedback::api::AskedFor>(Member(Perm::Read), json!({ "org": "$org", "idea": "$idea" })),
        write::<feedback::api::SubmitFeedback>(
            Member(Perm::FeedbackSubmit),
            json!({ "org": "$org", "product": "$product", "form": { "title": "T" } }),
        ),
        write::<feedback::api::TriageFeedback>(Member(Perm::Publish), json!({ "org": "$org", "id": "$feedback", "status": "PLANNED" })),
        write::<feedback::api::LinkFeedback>(Member(Perm::Publish), json!({ "org": "$org", "id": "$feedback", "idea": "$idea" })),
        write::<feedback::api::UnlinkFeedback>(Member(Perm::Publish), json!({ "org": "$org", "id": "$feedback" })),
        write::<feedback::api::MakeIdea>(Member(Perm::IdeaWrite), json!({ "org": "$org", "id": "$feedback" })),
        write::<feedback::api::DeleteFeedback>(Member(Perm::Publish), json!({ "org": "$org", "id": "$feedback" })),
        write::<feedback::api::RestoreFeedback>(Member(Perm::Publish), json!({ "org": "$org", "id": "$feedback" })),
        write::<idea::api::bulk::BulkIdeas>(
            Member(Perm::IdeaReview),
            json!({ "org": "$org", "product": "$product", "view": { "sort": "rice" }, "form": { "ids": ["$idea"], "action": "add_tag", "tag": "t" } }),
        ),
        // Made by somebody else, which nobody can undo.
        write::<idea::api::bulk::UndoBulk>(Member(Perm::IdeaReview), json!({ "org": "$org", "id": "$bulk" })).gives(StatusCode::NOT_FOUND),
        write::<idea::api::views::SaveView>(
            Member(Perm::IdeaDiscuss),
            json!({ "org": "$org", "product": "$product", "view": { "sort": "ice" }, "form": { "name": "Mine" } }),
        ),
        write::<idea::api::views::DeleteView>(Member(Perm::IdeaReview), json!({ "org": "$org", "id": "$view" })),
        read::<idea::api::merge::GetMerge>(
            Member(Perm::IdeaReview),
            json!({ "org": "$org", "product": "$product", "id": "$idea", "words": "t" }),
        ),
        write::<idea::api::merge::MergeIdea>(Member(Perm::IdeaReview), json!({ "org": "$org", "id": "$idea", "into": "$twin" })),
        write::<discuss::api::VoteIdea>(Member(Perm::IdeaDiscuss), json!({ "org": "$org", "id": "$idea", "wanted": true })),
        read::<discuss::api::GetTalk>(Member(Perm::Read), json!({ "org": "$org", "subject": "Idea", "id": "$idea", "after": null })),
        write::<discuss::api::AddComment>(
            Member(Perm::IdeaDiscuss),
            json!({ "org": "$org", "subject": "Idea", "id": "$idea", "form": { "comment": "C" } }),
        ),
        // The comment is somebody else's: only its author may change it, and a reviewer take it away.
        write::<discuss::api::ChangeComment>(
            Member(Perm::IdeaDiscuss),
            json!({ "version": "*", "org": "$org", "id": "$comment", "form": { "changed": "C" } }),
            json!({ "org": "$org", "subject": "Idea", "id": "$comment", "form": { "changed": "C" } }),
        )
        .gives(StatusCode::FORBIDDEN),
        write::<discuss::api::DeleteComment>(Member(Perm::IdeaReview), json!({ "org": "$org", "subject": "Idea", "id": "$comment" })),
        write::<discuss::api::DeleteComment>(Member(Perm::IdeaReview), json!({ "org": "$org", "id": "$comment" })),
        read::<roadmap::api::GetRoadmap>(Member(Perm::Read), json!({ "org": "$org", "product": "$product", "query": {} })),
        write::<roadmap::api::PlaceItem>(
            Member(Perm::FeatureWrite),
            json!({ "org": "$org", "kind": "feature", "id": "$feature", "form": { "start": "2026-11-02", "end": "2026-11-23" } }),
        ),
        write::<roadmap::api::PlaceItem>(
            Member(Perm::PlanWrite),
            json!({ "org": "$org", "kind": "epic", "id": "$epic", "form": { "start": "2026-11-02", "end": "" } }),
        ),
        write::<roadmap::api::PlaceItem>(
            Member(Perm::PlanWrite),
            json!({ "org": "$org", "kind": "release", "id": "$release", "form": { "start": "", "end": "2026-11-23" } }),
        ),
        read::<search::api::FindEntries>(Member(Perm::Read), json!({ "org": "$org", "query": { "words": "t" } })),
        read::<transfer::api::GetTransfer>(Member(Perm::WorkWrite), json!({ "org": "$org", "product": "$product" })),
        read::<transfer::api::GetImport>(Member(Perm::IdeaReview), json!({ "org": "$org", "product": "$product", "id": "$import" })),
        write::<transfer::api::MapImport>(Member(Perm::IdeaReview), json!({ "org": "$org", "id": "$import", "form": { "title": "0" } })),
        // Whoever has left is not there for a further call.
        write::<member::api::LeaveOrg>(Member(Perm::Read), json!({ "org": "$org" })),
    ]);
    ];
    calls.extend(super::releases::calls());
    // Whoever has left is not there for a further call.
    calls.push(write::<member::api::LeaveOrg>(Member(Perm::Read), json!({ "org": "$org" })));
    calls
}

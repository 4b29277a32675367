//! What the calls are made on: one of everything, in each organisation.

use sqlx::AssertSqlSafe;

use crate::testing::{TestDb, TestUser};

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
    let asking = row(
        db,
        r#"WITH item AS (INSERT INTO "Feedback" (id, title, description, "productId")
                         SELECT $1, 'T', '', "productId" FROM "Idea" WHERE id = $2 AND $1 <> $3 RETURNING id, "organizationId")
           INSERT INTO "IdeaFeedback" ("organizationId", "feedbackId", "ideaId") SELECT "organizationId", id, $2 FROM item RETURNING "feedbackId""#,
        &idea,
        &admin.id,
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
    let (import, reference) = (of_idea(db, IMPORT, &idea, admin).await, of_idea(db, REFERENCE, &idea, admin).await);
    let token = row(db, TOKEN, slug, &admin.id).await;
    let releases = super::releases::furnish(db, slug, &idea, &feature).await;
    let idea_of_okrs = idea.clone();
    let kpis = super::kpis::furnish(db, &idea, admin).await;
    let experiments = super::experiments::furnish(db, &product, &admin.id).await;
    let mut words = vec![
        ("$import", import),
        ("$reference", reference),
        ("$token", token),
        ("$product", product),
        ("$bin", bin),
        ("$idea", idea),
        ("$approved", approved),
        ("$feedback", feedback),
        ("$asking", asking),
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
    words.extend(super::okrs::furnish(db, slug, &idea_of_okrs, admin).await);
    words.extend(kpis);
    words.extend(experiments);
    words.extend(super::webhooks::furnish(db, slug).await);
    words
}

const TOKEN: &str = r#"INSERT INTO "ApiToken" (id, name, "tokenHash", beginning, "userId", "organizationId")
    SELECT $1, 'T', $1, 'pm_', $3, id FROM "Organization" WHERE slug = $2 RETURNING id"#;
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

/// What an idea is called in texts.
const REFERENCE: &str = r#"SELECT upper(p.key) || '-' || i.number FROM "Idea" i JOIN "Product" p ON p.id = i."productId"
    WHERE i.id = $2 AND $1 <> $3"#;

/// A task on its board.
const CARD: &str =
    r#"INSERT INTO "Task" (id, title, "productId") SELECT $1, 'T', id FROM "Product" WHERE key = $2 AND $1 <> $3 RETURNING id"#;

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
    sqlx::query_scalar(AssertSqlSafe(sql.to_owned()))
        .bind(crate::server::id::new_id())
        .bind(two)
        .bind(three)
        .fetch_one(&db.owner)
        .await
        .unwrap()
}

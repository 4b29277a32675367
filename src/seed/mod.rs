//! The demo organisation, for trying the program out, and large data for measuring it.

mod demo;
mod discovery;
mod documents;
mod experiments;
mod kpis;
mod lifecycle;
mod okrs;
mod plan;
mod releases;
mod tasks;
#[cfg(test)]
mod tests;
mod webhooks;

use serde_json::json;
use sqlx::PgPool;

use crate::kernel::error::AppError;
use crate::server::db::internal;
use crate::server::id::{hash, new_id, new_token};
use crate::server::password;
use crate::server::scope::System;

/// The password of every person of the demo.
pub const DEMO_PASSWORD: &str = "prodmatic-demo";

/// Loads the demo into an empty database, and a large product if a number of ideas is given; says what was done.
pub async fn run(pool: &PgPool, ideas: Option<u32>) -> Result<String, AppError> {
    let mut system = System::open(pool).await?;
    let mut told = if exists(&mut system, "demo").await? {
        "The demo organisation is there already.".to_owned()
    } else if any(&mut system).await? {
        // Its people have a password that everybody knows.
        return Ok("This database is in use; the demo is only loaded into an empty one.".into());
    } else {
        demo(&mut system).await?;
        format!("The demo organisation is loaded. Sign in as admin@demo.test with the password {DEMO_PASSWORD}.")
    };
    if let Some(count) = ideas {
        large(&mut system, count).await?;
        told += &format!(" The product large-product has {count} ideas.");
    }
    system.commit(told).await
}

async fn exists(system: &mut System, slug: &str) -> Result<bool, AppError> {
    Ok(sqlx::query_scalar(r#"SELECT EXISTS (SELECT 1 FROM "Organization" WHERE slug = $1)"#).bind(slug).fetch_one(system.db()).await?)
}

async fn any(system: &mut System) -> Result<bool, AppError> {
    Ok(sqlx::query_scalar(r#"SELECT EXISTS (SELECT 1 FROM "Organization") OR EXISTS (SELECT 1 FROM "User")"#)
        .fetch_one(system.db())
        .await?)
}

async fn demo(system: &mut System) -> Result<(), AppError> {
    let org = new_id();
    let settings = json!({ "features": ["analytics", "integrations"], "branding": { "primaryColor": "#3B82F6" } });
    sqlx::query(r#"INSERT INTO "Organization" (id, name, slug, description, settings) VALUES ($1, 'Demo Company', 'demo', 'Demo organization for testing', $2)"#)
        .bind(&org)
        .bind(settings)
        .execute(system.db())
        .await?;
    let people = people(system, &org).await?;
    // What follows is the administrator's doing.
    sqlx::query("SELECT set_config('app.user_id', $1, true)").bind(people.first()).execute(system.db()).await?;
    for product in demo::PRODUCTS {
        let id = add_product(system, &org, product).await?;
        add_work(system, &org, &id, product).await?;
        if product.key == "demo-product" {
            add_ideas(system, &org, &id, &people).await?;
            discovery::add(system, &org, &id).await?;
            plan::add(system, &org, &id).await?;
            add_talk(system, &id).await?;
            releases::add(system, &org, &id).await?;
            kpis::add(system, &org, &id).await?;
            experiments::add(system, &id).await?;
            documents::add(system, &org, &id).await?;
        }
    }
    lifecycle::add(system, &org).await?;
    webhooks::add(system, &org).await?;
    tasks::add(system, &org).await?;
    okrs::add(system, &org).await?;
    for team in &demo::TEAMS {
        add_team(system, &org, team).await?;
    }
    invite(system, &org).await?;
    // Each idea is in the log as of the day and the person it is by.
    sqlx::query(
        r#"UPDATE "AuditLog" a SET "createdAt" = i."createdAt", "userId" = i."creatorId"
           FROM "Idea" i WHERE i.id = a."entityId" AND a.action = 'idea.created' AND a."organizationId" = $1"#,
    )
    .bind(&org)
    .execute(system.db())
    .await?;
    Ok(())
}

/// A team with its members and products, which are there already.
async fn add_team(system: &mut System, org: &str, team: &demo::DemoTeam) -> Result<(), AppError> {
    let id = new_id();
    sqlx::query(r#"INSERT INTO "Team" (id, "organizationId", name, slug, description) VALUES ($1, $2, $3, $4, $5)"#)
        .bind(&id)
        .bind(org)
        .bind(team.name)
        .bind(team.slug)
        .bind(team.description)
        .execute(system.db())
        .await?;
    sqlx::query(
        r#"UPDATE "Membership" m SET "teamId" = $1 FROM "User" u WHERE m."organizationId" = $2 AND u.id = m."userId" AND u.email = ANY ($3)"#,
    )
    .bind(&id)
    .bind(org)
    .bind(team.people)
    .execute(system.db())
    .await?;
    sqlx::query(
        r#"INSERT INTO "_ProductToTeam" ("A", "B", "organizationId")
           SELECT id, $1, $2 FROM "Product" WHERE "organizationId" = $2 AND key = ANY ($3)"#,
    )
    .bind(&id)
    .bind(org)
    .bind(team.products)
    .execute(system.db())
    .await?;
    Ok(())
}

/// A pending invitation into the second team. Nobody has its link; resending makes one.
async fn invite(system: &mut System, org: &str) -> Result<(), AppError> {
    sqlx::query(
        r#"INSERT INTO "Invitation" (id, "organizationId", email, role, "teamId", "invitedById", message, "tokenHash", "expiresAt")
           SELECT $1, $2, $3, 'DESIGNER', t.id, u.id, 'We would love to have you on the team.', $4, now() + interval '7 days'
           FROM "Team" t, "User" u WHERE t."organizationId" = $2 AND t.slug = $5 AND u.email = $6"#,
    )
    .bind(new_id())
    .bind(org)
    .bind(demo::INVITED)
    .bind(hash(&new_token()?))
    .bind(demo::TEAMS[1].slug)
    .bind(demo::PEOPLE[0].0)
    .execute(system.db())
    .await?;
    Ok(())
}

/// One person for each role; gives their ids in the order of the roles.
async fn people(system: &mut System, org: &str) -> Result<Vec<String>, AppError> {
    let stored = password::hash(DEMO_PASSWORD.to_owned()).await?;
    let mut ids = Vec::new();
    for (email, name, role) in demo::PEOPLE {
        let id = new_id();
        sqlx::query(r#"INSERT INTO "User" (id, name, email, password, "emailVerified") VALUES ($1, $2, $3, $4, now())"#)
            .bind(&id)
            .bind(name)
            .bind(email)
            .bind(&stored)
            .execute(system.db())
            .await?;
        sqlx::query(r#"INSERT INTO "Membership" (id, "userId", "organizationId", role) VALUES ($1, $2, $3, $4)"#)
            .bind(new_id())
            .bind(&id)
            .bind(org)
            .bind(role)
            .execute(system.db())
            .await?;
        ids.push(id);
    }
    Ok(ids)
}

async fn add_product(system: &mut System, org: &str, product: &demo::DemoProduct) -> Result<String, AppError> {
    let id = new_id();
    sqlx::query(
        r#"INSERT INTO "Product" (id, "organizationId", name, key, description, vision, lifecycle) VALUES ($1, $2, $3, $4, $5, $6, $7)"#,
    )
    .bind(&id)
    .bind(org)
    .bind(product.name)
    .bind(product.key)
    .bind(product.description)
    .bind(product.vision)
    .bind(product.lifecycle)
    .execute(system.db())
    .await?;
    Ok(id)
}

/// The features and releases that the portfolio counts.
async fn add_work(system: &mut System, org: &str, product: &str, demo: &demo::DemoProduct) -> Result<(), AppError> {
    for (title, status) in demo.features {
        sqlx::query(
            r#"INSERT INTO "Feature" (id, "organizationId", "productId", title, description, status)
               VALUES ($1, $2, $3, $4, '', $5::text::"FeatureStatus")"#,
        )
        .bind(new_id())
        .bind(org)
        .bind(product)
        .bind(title)
        .bind(status)
        .execute(system.db())
        .await?;
    }
    for (version, status) in demo.releases {
        sqlx::query(
            r#"INSERT INTO "Release" (id, "organizationId", "productId", name, version, status)
               VALUES ($1, $2, $3, 'Release ' || $4, $4, $5::text::"ReleaseStatus")"#,
        )
        .bind(new_id())
        .bind(org)
        .bind(product)
        .bind(version)
        .bind(status)
        .execute(system.db())
        .await?;
    }
    Ok(())
}

async fn add_ideas(system: &mut System, org: &str, product: &str, people: &[String]) -> Result<(), AppError> {
    for (number, idea) in demo::ideas().map_err(internal)?.into_iter().enumerate() {
        let [reach, impact, confidence, effort] = idea.rice;
        let wsjf = idea.wsjf.map(|parts| parts.map(Some)).unwrap_or_default();
        sqlx::query(
            r#"INSERT INTO "Idea" (id, "organizationId", "productId", "creatorId", title, description, status, priority, tags,
                   reach, impact, confidence, effort, "businessValue", "timeCriticality", "riskReduction", "jobSize", "createdAt")
               VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, now() - make_interval(days => $18))"#,
        )
        .bind(new_id())
        .bind(org)
        .bind(product)
        .bind(people.get(number % people.len().max(1)))
        .bind(idea.title)
        .bind(idea.description)
        .bind(idea.status)
        .bind(idea.priority)
        .bind(idea.tags)
        .bind(reach)
        .bind(impact)
        .bind(confidence)
        .bind(effort)
        .bind(wsjf[0])
        .bind(wsjf[1])
        .bind(wsjf[2])
        .bind(wsjf[3])
        .bind((number as i32 * 37) % 120)
        .execute(system.db())
        .await?;
    }
    Ok(())
}

/// Votes on the product's ideas, the same each time, what is said of the best one, and a view that everybody sees.
async fn add_talk(system: &mut System, product: &str) -> Result<(), AppError> {
    sqlx::query(
        r#"INSERT INTO "IdeaVote" (id, "organizationId", "ideaId", "userId")
           SELECT 'cvote' || md5(i.title || u.email), i."organizationId", i.id, u.id FROM "Idea" i, "User" u
            WHERE i."productId" = $1 AND get_byte(decode(md5(i.title || u.email), 'hex'), 0) < 90"#,
    )
    .bind(product)
    .execute(system.db())
    .await?;
    for (email, days, body) in demo::COMMENTS {
        sqlx::query(
            r#"INSERT INTO "IdeaComment" (id, "organizationId", "ideaId", "authorId", body, "createdAt")
               SELECT $1, i."organizationId", i.id, u.id, $4, now() - make_interval(days => $5) FROM "Idea" i, "User" u
                WHERE i."productId" = $2 AND i.title = 'Mobile App' AND u.email = $3"#,
        )
        .bind(new_id())
        .bind(product)
        .bind(email)
        .bind(body)
        .bind(days)
        .execute(system.db())
        .await?;
    }
    sqlx::query(
        r#"INSERT INTO "CommentMention" (id, "organizationId", "commentId", "userId")
           SELECT 'cmention' || md5(c.id || u.id), c."organizationId", c.id, u.id
             FROM "IdeaComment" c JOIN "Idea" i ON i.id = c."ideaId" AND i."productId" = $1
             JOIN "User" u ON position('@' || u.name IN c.body) > 0"#,
    )
    .bind(product)
    .execute(system.db())
    .await?;
    sqlx::query(
        r#"INSERT INTO "SavedView" (id, "organizationId", "productId", "authorId", name, query, shared)
           SELECT $1, p."organizationId", p.id, u.id, 'Wanted and not begun', '?sort=votes&status=APPROVED', true
             FROM "Product" p, "User" u WHERE p.id = $2 AND u.email = 'pm@demo.test'"#,
    )
    .bind(new_id())
    .bind(product)
    .execute(system.db())
    .await?;
    Ok(())
}

/// A product with `count` ideas whose scores are spread evenly and are the same each time.
async fn large(system: &mut System, count: u32) -> Result<(), AppError> {
    sqlx::query(r#"DELETE FROM "Product" WHERE key = 'large-product'"#).execute(system.db()).await?;
    let id = new_id();
    sqlx::query(
        r#"INSERT INTO "Product" (id, "organizationId", name, key, description, lifecycle)
           SELECT $1, id, 'Large Product', 'large-product', 'A large data set for measuring', 'GROWTH' FROM "Organization" WHERE slug = 'demo'"#,
    )
    .bind(&id)
    .execute(system.db())
    .await?;
    sqlx::query(
        r#"INSERT INTO "Idea" (id, "organizationId", "productId", "creatorId", title, description, status, priority, tags,
               reach, impact, confidence, effort, "businessValue", "timeCriticality", "riskReduction", "jobSize")
           SELECT 'clarge' || lpad(n::text, 12, '0'), p."organizationId", p.id, u.id, 'Measured idea ' || n,
               'Made for measuring: ' || concat_ws(' ', w[1 + n % 40], w[1 + n / 40 % 40], w[1 + n / 1600 % 40], w[1 + n * 7 % 40], w[1 + n % 3]) || '.',
               (enum_range(NULL::"IdeaStatus"))[1 + n % 6], n % 101, ARRAY['batch' || n % 50],
               (n * 7919) % 10000, n % 11, (n / 11) % 11, 1 + (n / 3) % 10, n % 101, (n / 2) % 101, (n / 5) % 101, 1 + n % 20
           FROM generate_series(1, $2) n, "Product" p, "User" u, string_to_array($3, ' ') w WHERE p.id = $1 AND u.email = 'pm@demo.test'"#,
    )
    .bind(&id)
    .bind(i32::try_from(count).unwrap_or(i32::MAX))
    .bind(demo::WORDS)
    .execute(system.db())
    .await?;
    sqlx::query(r#"ANALYZE "Idea""#).execute(system.db()).await.map(|_| ()).or(Ok(()))
}

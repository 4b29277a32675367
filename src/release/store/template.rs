//! SQL for templates of checklists.

use super::checklist::before_launch;
use crate::kernel::error::AppError;
use crate::release::model::{Template, TemplateItem, TemplateItemFields, TemplatePage};
use crate::server::id::new_id;
use crate::server::scope::Scope;

/// Templates and items that a page shows at most.
const SHOWN: i64 = 200;

macro_rules! templates {
    ($rest:literal) => {
        concat!(
            r#"SELECT t.id, t.name, (SELECT count(*) FROM "ChecklistTemplateItem" i
                 WHERE i."organizationId" = $1 AND i."templateId" = t.id) AS items
               FROM "ChecklistTemplate" t WHERE t."organizationId" = $1 AND "#,
            $rest
        )
    };
}

/// The organisation's templates by name.
pub async fn list(scope: &mut Scope) -> Result<Vec<Template>, AppError> {
    let org = scope.organization().id.clone();
    Ok(sqlx::query_as(templates!("true ORDER BY lower(t.name), t.id LIMIT $2")).bind(org).bind(SHOWN).fetch_all(scope.db()).await?)
}

/// One template with its items, the earliest due first.
pub async fn page(scope: &mut Scope, id: &str) -> Result<TemplatePage, AppError> {
    let org = scope.organization().id.clone();
    let template = sqlx::query_as(templates!("t.id = $2")).bind(&org).bind(id).fetch_one(scope.db()).await?;
    let items: Vec<TemplateItem> = sqlx::query_as(
        r#"SELECT id, title, required, "daysBefore" FROM "ChecklistTemplateItem"
           WHERE "organizationId" = $1 AND "templateId" = $2 ORDER BY "daysBefore" DESC, position, id LIMIT $3"#,
    )
    .bind(org)
    .bind(id)
    .bind(SHOWN)
    .fetch_all(scope.db())
    .await?;
    Ok(TemplatePage { template, items })
}

/// Makes an empty template; gives its id.
pub async fn create(scope: &mut Scope, name: &str) -> Result<String, AppError> {
    let (org, id) = (scope.organization().id.clone(), new_id());
    sqlx::query(r#"INSERT INTO "ChecklistTemplate" (id, "organizationId", name) VALUES ($1, $2, $3)"#)
        .bind(&id)
        .bind(org)
        .bind(name)
        .execute(scope.db())
        .await?;
    Ok(id)
}

/// Removes a template.
pub async fn delete(scope: &mut Scope, id: &str) -> Result<(), AppError> {
    let org = scope.organization().id.clone();
    sqlx::query_scalar::<_, String>(r#"DELETE FROM "ChecklistTemplate" WHERE "organizationId" = $1 AND id = $2 RETURNING id"#)
        .bind(org)
        .bind(id)
        .fetch_one(scope.db())
        .await?;
    Ok(())
}

/// Adds an item to a template.
pub async fn add_item(scope: &mut Scope, template: &str, fields: TemplateItemFields) -> Result<(), AppError> {
    let org = scope.organization().id.clone();
    sqlx::query_scalar::<_, String>(r#"SELECT id FROM "ChecklistTemplate" WHERE "organizationId" = $1 AND id = $2 FOR UPDATE"#)
        .bind(&org)
        .bind(template)
        .fetch_one(scope.db())
        .await?;
    sqlx::query(
        r#"INSERT INTO "ChecklistTemplateItem" (id, "organizationId", "templateId", title, required, "daysBefore", position)
           SELECT $1, $2, $3, $4, $5, $6, coalesce(max(position), 0) + 1
             FROM "ChecklistTemplateItem" WHERE "organizationId" = $2 AND "templateId" = $3"#,
    )
    .bind(new_id())
    .bind(org)
    .bind(template)
    .bind(fields.title)
    .bind(fields.required)
    .bind(fields.days_before)
    .execute(scope.db())
    .await?;
    Ok(())
}

/// Removes an item from its template.
pub async fn remove_item(scope: &mut Scope, id: &str) -> Result<(), AppError> {
    let org = scope.organization().id.clone();
    sqlx::query_scalar::<_, String>(r#"DELETE FROM "ChecklistTemplateItem" WHERE "organizationId" = $1 AND id = $2 RETURNING id"#)
        .bind(org)
        .bind(id)
        .fetch_one(scope.db())
        .await?;
    Ok(())
}

/// Copies the items of a template to the end of a release's checklist, but for those whose title is there already.
/// They are due so many days before its target date, if it has one.
///
/// # Errors
/// `Conflict` for a release that is out.
pub async fn apply(scope: &mut Scope, release: &str, template: &str) -> Result<(), AppError> {
    before_launch(scope, release).await?;
    let items = page(scope, template).await?.items;
    let org = scope.organization().id.clone();
    let ids: Vec<String> = items.iter().map(|_| new_id()).collect();
    let (titles, required): (Vec<String>, Vec<bool>) = items.iter().map(|item| (item.title.clone(), item.required)).unzip();
    let days: Vec<i32> = items.iter().map(|item| item.days_before).collect();
    sqlx::query(
        r#"INSERT INTO "LaunchChecklistItem" (id, "organizationId", "releaseId", title, required, "dueDate", position)
           SELECT made.id, $1, $2, made.title, made.required,
                  ((SELECT r."targetDate" FROM "Release" r WHERE r."organizationId" = $1 AND r.id = $2) AT TIME ZONE 'UTC'
                    - make_interval(days => made.days)) AT TIME ZONE 'UTC',
                  made.place + (SELECT coalesce(max(i.position), 0) FROM "LaunchChecklistItem" i
                                WHERE i."organizationId" = $1 AND i."releaseId" = $2)
             FROM unnest($3::text[], $4::text[], $5::boolean[], $6::integer[]) WITH ORDINALITY AS made (id, title, required, days, place)
            WHERE NOT EXISTS (SELECT FROM "LaunchChecklistItem" i
                               WHERE i."organizationId" = $1 AND i."releaseId" = $2 AND lower(i.title) = lower(made.title))"#,
    )
    .bind(org)
    .bind(release)
    .bind(ids)
    .bind(titles)
    .bind(required)
    .bind(days)
    .execute(scope.db())
    .await?;
    Ok(())
}

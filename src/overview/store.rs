//! SQL of overviews. Each takes as many statements for one product as for all of them.

use super::model::{Alarm, IDEAS_MAX, ITEMS_MAX, Item, Mine, MineHere, Missed, Overview, Pictures, ProductLine};
use crate::goal::okr::model::Limits;
use crate::kernel::error::AppError;
use crate::server::scope::Scope;
use crate::server::zone::Days;

/// Products in an overview at most.
const PRODUCTS_MAX: i64 = 200;
/// What is at risk is counted up to here.
const RISKS_MAX: i64 = 500;
/// Days that an overview looks ahead.
const AHEAD: i64 = 14;

/// Live products, all of them or the one with this key. Parameters: tenant, key.
macro_rules! products {
    () => {
        r#"WITH here AS (SELECT p.id, p.key, p.name, p.lifecycle FROM "Product" p
            WHERE p."organizationId" = $1 AND p."deletedAt" IS NULL AND ($2::text IS NULL OR p.key = $2)) "#
    };
}

/// Parameters: tenant, key, rows.
const LINES: &str = concat!(
    products!(),
    r#"SELECT here.id, here.key, here.name, here.lifecycle,
          (SELECT count(*) FROM "Idea" i WHERE i."organizationId" = $1 AND i."productId" = here.id AND i."deletedAt" IS NULL
              AND i.status = 'SUBMITTED') AS ideas,
          (SELECT count(*) FROM "Feedback" f WHERE f."organizationId" = $1 AND f."productId" = here.id AND f."deletedAt" IS NULL
              AND f.status = 'SUBMITTED') AS feedback,
          f.features, f."allFeatures", f."doneFeatures", o.okrs, o."okrProgress",
          (SELECT count(*) FROM "KPI" k WHERE k."organizationId" = $1 AND k."productId" = here.id AND k."deletedAt" IS NULL) AS kpis,
          (SELECT count(*) FROM "KPI" k CROSS JOIN LATERAL kpi_standing($1, k.id, kpi_day(now())) s
            WHERE k."organizationId" = $1 AND k."productId" = here.id AND k."deletedAt" IS NULL AND s.status = 'OFF_TARGET') AS "kpisOffTarget",
          (SELECT count(*) FROM "Experiment" e WHERE e."organizationId" = $1 AND e."productId" = here.id AND e."deletedAt" IS NULL
              AND e.status = 'RUNNING') AS experiments,
          r.id AS "releaseId", r.name AS "releaseName", r.number AS "releaseNumber", r."targetDate" AS "releaseDate"
     FROM here
     CROSS JOIN LATERAL (
          SELECT count(*) FILTER (WHERE f.status = 'IN_PROGRESS') AS features, count(*) FILTER (WHERE f.status <> 'CANCELLED') AS "allFeatures",
                 count(*) FILTER (WHERE f.status = 'DONE') AS "doneFeatures"
            FROM "Feature" f WHERE f."organizationId" = $1 AND f."productId" = here.id AND f."deletedAt" IS NULL) f
     CROSS JOIN LATERAL (
          SELECT count(*) AS okrs, avg(o.progress) AS "okrProgress"
            FROM "OKR" o WHERE o."organizationId" = $1 AND o."productId" = here.id AND o."deletedAt" IS NULL AND o.status = 'ACTIVE') o
     LEFT JOIN LATERAL (
          SELECT r.id, r.name, r.number, r."targetDate" FROM "Release" r
           WHERE r."organizationId" = $1 AND r."productId" = here.id AND r."deletedAt" IS NULL AND r.status NOT IN ('RELEASED', 'CANCELLED')
           ORDER BY r."targetDate", r.id LIMIT 1) r ON true
    ORDER BY lower(here.name), here.key LIMIT $3"#
);

/// What is dated, with the day that matters, as long as it is not over.
macro_rules! dated {
    ($where:literal, $rest:literal) => {
        concat!(
            r#"(SELECT 'Release' AS kind, r.id, r.name AS title, r.number, r."productId", r."targetDate" AS date, NULL::text AS before, NULL::text AS after
                  FROM "Release" r WHERE r."organizationId" = $1 AND r."deletedAt" IS NULL AND r.status NOT IN ('RELEASED', 'CANCELLED')
                UNION ALL
                SELECT 'Epic', e.id, e.title, e.number, e."productId", e."endDate", NULL, NULL
                  FROM "Epic" e WHERE e."organizationId" = $1 AND e."deletedAt" IS NULL AND e.status IN ('PLANNING', 'IN_PROGRESS')
                UNION ALL
                SELECT 'Feature', f.id, f.title, f.number, f."productId", f."dueDate", NULL, NULL
                  FROM "Feature" f WHERE f."organizationId" = $1 AND f."deletedAt" IS NULL AND f.status NOT IN ('DONE', 'CANCELLED')
                "#,
            $rest,
            ") x WHERE ",
            $where
        )
    };
}

/// Parameters: tenant, key, rows, today, the quarter of that day, the progress below which an objective of it is at risk, and that of
/// earlier ones, and the share of the quarter that is gone.
const RISKS: &str = concat!(
    products!(),
    r#"SELECT x.kind, x.id, x.title, x.number, here.key AS "productKey", here.name AS "productName", x.date, x.before, x.after
         FROM here JOIN LATERAL (SELECT x.* FROM "#,
    dated!(
        r#"x."productId" = here.id AND (x.kind = 'OKR' OR x.date < $4)"#,
        r#"UNION ALL
                SELECT 'OKR', o.id, o.title, o.number, o."productId", NULL, o.progress::text,
                       CASE WHEN o.quarter < $5 THEN '100' ELSE round($8::float8)::bigint::text END
                  FROM "OKR" o WHERE o."organizationId" = $1 AND o."deletedAt" IS NULL AND o.status = 'ACTIVE'
                   AND (o.quarter < $5 AND o.progress < $7 OR o.quarter = $5 AND o.progress < $6)"#
    ),
    r#") x ON true ORDER BY x.date NULLS FIRST, x.id LIMIT $3"#
);

/// KPIs that miss their targets. Parameters: tenant, key, rows.
const MISSED: &str = concat!(
    products!(),
    r#"SELECT k.id, k.name AS title, k.number, here.key AS "productKey", here.name AS "productName", s.value, k."targetValue" AS target, k.unit
         FROM here JOIN "KPI" k ON k."organizationId" = $1 AND k."productId" = here.id AND k."deletedAt" IS NULL
         CROSS JOIN LATERAL kpi_standing($1, k.id, kpi_day(now())) s
        WHERE s.status = 'OFF_TARGET' ORDER BY k.id LIMIT $3"#
);

/// What KPIs' rules have told lately. Parameters: tenant, key, rows, person.
const ALARMS: &str = concat!(
    products!(),
    r#"SELECT n.*, true AS unread, k.name AS title, k.number, k.unit, k.frequency, here.key AS "productKey", here.name AS "productName"
         FROM here JOIN "KPI" k ON k."organizationId" = $1 AND k."productId" = here.id AND k."deletedAt" IS NULL
         JOIN "KPINotice" n ON n."organizationId" = $1 AND n."kpiId" = k.id
        WHERE n."createdAt" > now() - interval '30 days' AND n."withdrawnAt" IS NULL
          AND NOT EXISTS (SELECT FROM "KPINoticeRead" r WHERE r."organizationId" = $1 AND r."noticeId" = n.id AND r."userId" = $4)
        ORDER BY n."createdAt" DESC, n.id DESC LIMIT $3"#
);

/// Parameters: tenant, key, rows, today, the day behind the last.
const UPCOMING: &str = concat!(
    products!(),
    r#"SELECT x.kind, x.id, x.title, x.number, here.key AS "productKey", here.name AS "productName", x.date, x.before, x.after
         FROM here JOIN LATERAL (SELECT x.* FROM "#,
    dated!(r#"x."productId" = here.id AND x.date >= $4 AND x.date < $5"#, ""),
    r#") x ON true ORDER BY x.date, x.id LIMIT $3"#
);

/// What reached another status lately, each thing once, as the audit log has it. Parameters: tenant, key, rows.
const MOVED: &str = concat!(
    products!(),
    r#", latest AS (SELECT DISTINCT ON (l."entityType", l."entityId") l."entityType", l."entityId", l."createdAt",
             l.metadata -> 'before' ->> 'status' AS before, l.metadata -> 'after' ->> 'status' AS after
        FROM (SELECT * FROM "AuditLog" l WHERE l."organizationId" = $1 AND l."createdAt" > now() - interval '7 days'
                 AND l.action = ANY (ARRAY['idea.status_changed', 'epic.status_changed', 'feature.status_changed', 'release.status_changed',
                                           'okr.status_changed', 'experiment.status_changed'])
               ORDER BY l."createdAt" DESC, l.id DESC LIMIT 1000) l
       ORDER BY l."entityType", l."entityId", l."createdAt" DESC, l.id DESC)
    SELECT l."entityType" AS kind, x.id, x.title, x.number, here.key AS "productKey", here.name AS "productName", l."createdAt" AS date, l.before, l.after
      FROM latest l
      JOIN LATERAL (
           SELECT id, title, number, "productId" FROM "Idea" WHERE l."entityType" = 'Idea' AND "organizationId" = $1 AND id = l."entityId" AND "deletedAt" IS NULL
           UNION ALL
           SELECT id, title, number, "productId" FROM "Epic" WHERE l."entityType" = 'Epic' AND "organizationId" = $1 AND id = l."entityId" AND "deletedAt" IS NULL
           UNION ALL
           SELECT id, title, number, "productId" FROM "Feature" WHERE l."entityType" = 'Feature' AND "organizationId" = $1 AND id = l."entityId" AND "deletedAt" IS NULL
           UNION ALL
           SELECT id, name, number, "productId" FROM "Release" WHERE l."entityType" = 'Release' AND "organizationId" = $1 AND id = l."entityId" AND "deletedAt" IS NULL
           UNION ALL
           SELECT id, title, number, "productId" FROM "OKR" WHERE l."entityType" = 'OKR' AND "organizationId" = $1 AND id = l."entityId" AND "deletedAt" IS NULL
           UNION ALL
           SELECT id, name, number, "productId" FROM "Experiment" WHERE l."entityType" = 'Experiment' AND "organizationId" = $1 AND id = l."entityId" AND "deletedAt" IS NULL
      ) x ON true
      JOIN here ON here.id = x."productId"
     ORDER BY l."createdAt" DESC, x.id LIMIT $3"#
);

/// Parameters: tenant, person, today, the Monday that comes.
const MINE: &str = r#"SELECT t.*, (SELECT count(*) FROM "Feature" f
            JOIN "Product" p ON p."organizationId" = $1 AND p.id = f."productId" AND p."deletedAt" IS NULL
           WHERE f."organizationId" = $1 AND f."assigneeId" = $2 AND f."deletedAt" IS NULL AND f.status NOT IN ('DONE', 'CANCELLED')) AS features
     FROM (SELECT count(*) AS open, count(*) FILTER (WHERE t."dueDate" < $3) AS overdue,
                  count(*) FILTER (WHERE t."dueDate" >= $3 AND t."dueDate" < $4) AS week
             FROM "Task" t JOIN "Product" p ON p."organizationId" = $1 AND p.id = t."productId" AND p."deletedAt" IS NULL
            WHERE t."organizationId" = $1 AND t."assigneeId" = $2 AND t."deletedAt" IS NULL
              AND t.status IN ('TODO', 'IN_PROGRESS', 'IN_REVIEW')) t"#;

/// Parameters: tenant, key, person, today.
const MINE_HERE: &str = concat!(
    products!(),
    r#"SELECT count(*) FILTER (WHERE t.status = 'TODO') AS todo, count(*) FILTER (WHERE t.status = 'IN_PROGRESS') AS "inProgress",
          count(*) FILTER (WHERE t.status = 'IN_REVIEW') AS "inReview",
          count(*) FILTER (WHERE t."dueDate" < $4 AND t.status IN ('TODO', 'IN_PROGRESS', 'IN_REVIEW')) AS overdue
     FROM here JOIN "Task" t ON t."organizationId" = $1 AND t."productId" = here.id AND t."assigneeId" = $3 AND t."deletedAt" IS NULL"#
);

/// Of all products or the one with this key. Parameters: tenant, key, person, the Monday that comes, rows.
const MY_TASKS: &str = r#"SELECT 'Task' AS kind, t.id, t.title, t.number, p.key AS "productKey", p.name AS "productName", t."dueDate" AS date,
          NULL::text AS before, NULL::text AS after
     FROM "Task" t JOIN "Product" p ON p."organizationId" = $1 AND p.id = t."productId" AND p."deletedAt" IS NULL
    WHERE t."organizationId" = $1 AND t."assigneeId" = $3 AND t."deletedAt" IS NULL AND t.status IN ('TODO', 'IN_PROGRESS', 'IN_REVIEW')
      AND ($2::text IS NULL OR p.key = $2) AND t."dueDate" < $4
    ORDER BY t."dueDate", t.priority, t.id LIMIT $5"#;

/// The reader's tasks that are overdue or due until Sunday.
async fn my_tasks(scope: &mut Scope, product: Option<&str>, days: Days) -> Result<Vec<Item>, AppError> {
    let (org, user) = (scope.organization().id.clone(), scope.user().id.clone());
    let tasks = sqlx::query_as(MY_TASKS).bind(org).bind(product).bind(user).bind(days.next_week).bind(ITEMS_MAX);
    Ok(tasks.fetch_all(scope.db()).await?)
}

/// What the reader has to do, over all products.
async fn mine(scope: &mut Scope, days: Days) -> Result<Mine, AppError> {
    let (org, user) = (scope.organization().id.clone(), scope.user().id.clone());
    let mine: Mine = sqlx::query_as(MINE).bind(org).bind(user).bind(days.today).bind(days.next_week).fetch_one(scope.db()).await?;
    Ok(Mine { tasks: my_tasks(scope, None, days).await?, ..mine })
}

/// What the reader has to do in the product with this key.
async fn mine_here(scope: &mut Scope, product: &str, days: Days) -> Result<MineHere, AppError> {
    let (org, user) = (scope.organization().id.clone(), scope.user().id.clone());
    let here: MineHere = sqlx::query_as(MINE_HERE).bind(org).bind(product).bind(user).bind(days.today).fetch_one(scope.db()).await?;
    Ok(MineHere { tasks: my_tasks(scope, Some(product), days).await?, ..here })
}

/// Parameters: tenant, key.
const FEATURES: &str = concat!(
    products!(),
    r#"SELECT f.status, count(*) FROM here
         JOIN "Feature" f ON f."organizationId" = $1 AND f."productId" = here.id AND f."deletedAt" IS NULL
        GROUP BY f.status ORDER BY f.status"#
);

/// Parameters: tenant, key, rows.
const IDEAS: &str = concat!(
    products!(),
    r#"SELECT i.* FROM here CROSS JOIN LATERAL (
           SELECT i.title, i.effort::float8 AS effort, i.impact::float8 AS impact FROM "Idea" i
            WHERE i."organizationId" = $1 AND i."productId" = here.id AND i."deletedAt" IS NULL AND i."riceScore" > 0
              AND i.effort IS NOT NULL AND i.impact IS NOT NULL AND i.status NOT IN ('IMPLEMENTED', 'REJECTED')
            ORDER BY i."riceScore" DESC, i.id DESC LIMIT $3) i"#
);

/// What is drawn of a product.
async fn pictures(scope: &mut Scope, product: &str) -> Result<Pictures, AppError> {
    let org = scope.organization().id.clone();
    let features = sqlx::query_as(FEATURES).bind(&org).bind(product).fetch_all(scope.db()).await?;
    let ideas = sqlx::query_as(IDEAS).bind(org).bind(product).bind(IDEAS_MAX).fetch_all(scope.db()).await?;
    Ok(Pictures { features, ideas })
}

/// What KPIs' rules have told lately and the reader has not seen.
async fn alerts(scope: &mut Scope, product: Option<&str>) -> Result<Vec<Item>, AppError> {
    let (org, user) = (scope.organization().id.clone(), scope.user().id.clone());
    let alarms: Vec<Alarm> = sqlx::query_as(ALARMS).bind(org).bind(product).bind(RISKS_MAX).bind(user).fetch_all(scope.db()).await?;
    Ok(alarms.into_iter().map(Item::from).collect())
}

/// The overview of the organisation, or of the live product with this key.
pub async fn overview(scope: &mut Scope, product: Option<&str>, days: Days) -> Result<Overview, AppError> {
    let org = scope.organization().id.clone();
    let products: Vec<ProductLine> = sqlx::query_as(LINES).bind(&org).bind(product).bind(PRODUCTS_MAX).fetch_all(scope.db()).await?;
    if product.is_some() && products.is_empty() {
        return Err(AppError::NotFound);
    }
    let limits = Limits::on(days.today);
    let mut risks: Vec<Item> = sqlx::query_as(RISKS)
        .bind(&org)
        .bind(product)
        .bind(RISKS_MAX)
        .bind(days.today)
        .bind(&limits.now)
        .bind(limits.in_it)
        .bind(limits.over)
        .bind(limits.gone)
        .fetch_all(scope.db())
        .await?;
    let missed: Vec<Missed> = sqlx::query_as(MISSED).bind(&org).bind(product).bind(RISKS_MAX).fetch_all(scope.db()).await?;
    risks.extend(missed.into_iter().map(Item::from));
    let alerts = alerts(scope, product).await?;
    let upcoming: Vec<Item> = sqlx::query_as(UPCOMING)
        .bind(&org)
        .bind(product)
        .bind(ITEMS_MAX)
        .bind(days.today)
        .bind(days.today + chrono::TimeDelta::days(AHEAD))
        .fetch_all(scope.db())
        .await?;
    let moved: Vec<Item> = sqlx::query_as(MOVED).bind(&org).bind(product).bind(ITEMS_MAX).fetch_all(scope.db()).await?;
    let (mine, mine_here, pictures) = match product {
        None => (Some(mine(scope, days).await?), None, None),
        Some(product) => (None, Some(mine_here(scope, product, days).await?), Some(pictures(scope, product).await?)),
    };
    Ok(Overview { role: scope.role(), products, risks, alerts, upcoming, moved, mine, mine_here, pictures })
}

//! What is read of KPIs. Nothing here reads the points but the page of them: all figures come from their days.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::{alert, point};
use crate::goal::kpi::model::{
    ChartQuery, Event, Frequency, Kpi, KpiEditing, KpiPage, KpiQuery, KpiSummary, Show, ShownChart, Status, filled,
};
use crate::kernel::error::AppError;
use crate::kernel::named::Named;
use crate::kernel::page::{Cursor, Page, TIME_BOUNDS};
use crate::product::model::ProductName;
use crate::reference::store as references;
use crate::server::scope::Scope;

/// Members that can be chosen from.
const PEOPLE_MAX: i64 = 500;
/// Events that a chart names.
const EVENTS_MAX: i64 = 30;

/// The value of several days `d` of the KPI `k`.
macro_rules! value {
    () => {
        r#"CASE k.aggregation WHEN 'SUM' THEN sum(d.sum) WHEN 'MEAN' THEN sum(d.sum) / sum(d.count)
               ELSE (array_agg(d.last ORDER BY d.day DESC))[1] END"#
    };
}

/// KPIs `k` with the values of their last periods, as many as a sparkline shows and one more, and how many notices the person has
/// not seen.
///
/// Parameters: tenant, person.
macro_rules! summaries {
    ($from:expr, $rest:expr) => {
        concat!(
            r#"SELECT k.*, coalesce(nullif(trim(u.name), ''), 'Unnamed member') AS owner, s.starts, s."values", n.unread FROM "#,
            $from,
            r#" k JOIN "User" u ON u.id = k."ownerId"
            CROSS JOIN LATERAL (
                SELECT coalesce(array_agg(v.start ORDER BY v.start), '{}') AS starts,
                       coalesce(array_agg(v.value ORDER BY v.start), '{}') AS "values"
                  FROM (SELECT kpi_period(k.frequency, d.day) AS start, "#,
            value!(),
            r#" AS value FROM "KPIDay" d
                         WHERE d."organizationId" = $1 AND d."kpiId" = k.id
                           AND d.day >= kpi_period_after(k.frequency, kpi_period(k.frequency,
                             (SELECT max(l.day) FROM "KPIDay" l WHERE l."organizationId" = $1 AND l."kpiId" = k.id)), -12)
                         GROUP BY 1) v) s
            CROSS JOIN LATERAL (
                SELECT count(*) AS unread FROM "KPINotice" n
                 WHERE n."organizationId" = $1 AND n."kpiId" = k.id AND n."withdrawnAt" IS NULL
                   AND NOT EXISTS (SELECT FROM "KPINoticeRead" r
                                    WHERE r."organizationId" = $1 AND r."noticeId" = n.id AND r."userId" = $2)) n "#,
            $rest
        )
    };
}

/// A page of KPIs by the time they were made; only the page's rows are added up, and if a status is asked for how each stands.
///
/// Further parameters: product, time and id of the cursor, rows, frequency, status.
macro_rules! page {
    ($compare:literal, $way:literal) => {
        summaries!(
            concat!(
                r#"(SELECT * FROM "KPI" WHERE "organizationId" = $1 AND "productId" = $3 AND "deletedAt" IS NULL AND ("createdAt", id) "#,
                $compare,
                r#" (to_timestamp($4::float8 / 1000)::timestamptz(3), $5) AND ($7::"Frequency" IS NULL OR frequency = $7)
                      AND ($8::text IS NULL OR (SELECT s.status FROM kpi_standing($1, "KPI".id, kpi_day(now())) s) = $8)
                    ORDER BY "createdAt" "#,
                $way,
                ", id ",
                $way,
                " LIMIT $6)"
            ),
            concat!(r#"ORDER BY k."createdAt" "#, $way, ", k.id ", $way)
        )
    };
}

/// The live product with this key.
pub async fn product(scope: &mut Scope, key: &str) -> Result<ProductName, AppError> {
    let org = scope.organization().id.clone();
    Ok(sqlx::query_as(r#"SELECT id, name, key FROM "Product" WHERE "organizationId" = $1 AND key = $2 AND "deletedAt" IS NULL"#)
        .bind(org)
        .bind(key)
        .fetch_one(scope.db())
        .await?)
}

/// The present day in UTC, by the database's clock, which is the one that alerts go by.
pub async fn today(scope: &mut Scope) -> Result<NaiveDate, AppError> {
    Ok(sqlx::query_scalar("SELECT kpi_day(now())").fetch_one(scope.db()).await?)
}

/// A page of the product's KPIs, the newest first.
pub async fn list(scope: &mut Scope, product_id: &str, query: &KpiQuery) -> Result<Page<KpiSummary>, AppError> {
    if query.show == Show::Deleted {
        return deleted(scope, product_id).await;
    }
    let (org, person) = (scope.organization().id.clone(), scope.user().id.clone());
    let ((earliest, latest), size) = (TIME_BOUNDS, scope.rows());
    let cursor = query.cursor.as_ref();
    let rows: Vec<KpiSummary> = sqlx::query_as(if cursor.is_some_and(|c| c.back) { page!(">", "ASC") } else { page!("<", "DESC") })
        .bind(org)
        .bind(person)
        .bind(product_id)
        .bind(cursor.map_or(latest, |cursor| cursor.key.clamp(earliest, latest)))
        .bind(cursor.map_or("", |cursor| &cursor.id))
        .bind(size + 1)
        .bind(query.frequency)
        .bind(query.status.map(Status::word))
        .fetch_all(scope.db())
        .await?;
    Ok(Page::sized(rows, size, cursor, |row| (row.kpi.created_at.timestamp_millis() as f64, row.kpi.id.clone())))
}

/// The product's KPIs deleted last.
async fn deleted(scope: &mut Scope, product_id: &str) -> Result<Page<KpiSummary>, AppError> {
    let (org, person) = (scope.organization().id.clone(), scope.user().id.clone());
    let rows: Vec<KpiSummary> = sqlx::query_as(summaries!(
        r#""KPI""#,
        r#"WHERE k."organizationId" = $1 AND k."productId" = $3 AND k."deletedAt" IS NOT NULL ORDER BY k."deletedAt" DESC, k.id LIMIT 100"#
    ))
    .bind(org)
    .bind(person)
    .bind(product_id)
    .fetch_all(scope.db())
    .await?;
    Ok(Page { rows, first_place: 1, previous: None, next: None })
}

/// One KPI of the product, deleted or not.
pub async fn summary(scope: &mut Scope, product_id: &str, id: &str) -> Result<KpiSummary, AppError> {
    let (org, person) = (scope.organization().id.clone(), scope.user().id.clone());
    Ok(sqlx::query_as(summaries!(r#""KPI""#, r#"WHERE k."organizationId" = $1 AND k."productId" = $3 AND k.id = $4"#))
        .bind(org)
        .bind(person)
        .bind(product_id)
        .bind(id)
        .fetch_one(scope.db())
        .await?)
}

/// A KPI's own page: its chart, a page of its points, its rules and what they have told.
pub async fn page(scope: &mut Scope, product_key: &str, id: &str, chart: ChartQuery, at: Option<&Cursor>) -> Result<KpiPage, AppError> {
    let product = product(scope, product_key).await?;
    let summary = summary(scope, &product.id, id).await?;
    let today = today(scope).await?;
    let chart = drawn(scope, &summary.kpi, chart, today).await?;
    let points = point::list(scope, id, point::Span::default(), at).await?;
    let alerts = alert::list(scope, id).await?;
    let notices = alert::notices(scope, id).await?;
    let named = references::links(scope, [summary.kpi.description.as_deref().unwrap_or_default()]).await?;
    Ok(KpiPage { role: scope.role(), product, summary, today, chart, points, alerts, notices, named })
}

/// The chart's figures: at most one row for each period that is shown, however many points there are.
async fn drawn(scope: &mut Scope, kpi: &Kpi, query: ChartQuery, today: NaiveDate) -> Result<ShownChart, AppError> {
    let org = scope.organization().id.clone();
    let ends: (Option<NaiveDate>, Option<NaiveDate>) = sqlx::query_as(
        r#"SELECT min(day), max(day) FROM "KPIDay" WHERE "organizationId" = $1 AND "kpiId" = $2 AND ($3::date IS NULL OR day >= $3)"#,
    )
    .bind(&org)
    .bind(&kpi.id)
    .bind(query.range.first(today))
    .fetch_one(scope.db())
    .await?;
    let (Some(first), Some(last)) = ends else {
        return Ok(ShownChart { query, by: query.gathered(kpi.frequency, today, today), points: Vec::new(), events: Vec::new() });
    };
    let by = query.gathered(kpi.frequency, first, last);
    let rows: Vec<(NaiveDate, f64)> = sqlx::query_as(concat!(
        r#"SELECT kpi_period($3, d.day) AS start, "#,
        value!(),
        r#" AS value FROM "KPI" k JOIN "KPIDay" d ON d."organizationId" = $1 AND d."kpiId" = $2 AND d.day >= $4
             WHERE k."organizationId" = $1 AND k.id = $2 GROUP BY 1, k.aggregation ORDER BY 1 DESC LIMIT 2000"#
    ))
    .bind(&org)
    .bind(&kpi.id)
    .bind(by)
    // All of the first period, of which the range may have cut off some.
    .bind(by.start(first))
    .fetch_all(scope.db())
    .await?;
    let points = filled(&rows.into_iter().collect::<BTreeMap<_, _>>(), by, today);
    let events = events(scope, kpi, by, &points).await?;
    Ok(ShownChart { query, by, points, events })
}

/// What happened to the product while the chart goes on: releases that went out, experiments that began or ended.
async fn events(scope: &mut Scope, kpi: &Kpi, by: Frequency, points: &[(NaiveDate, Option<f64>)]) -> Result<Vec<Event>, AppError> {
    let (Some((first, _)), Some((last, _))) = (points.first(), points.last()) else { return Ok(Vec::new()) };
    let org = scope.organization().id.clone();
    let mut events: Vec<Event> = sqlx::query_as(
        r#"SELECT * FROM (
             SELECT kpi_day(r."releaseDate") AS day, 'releases/' || r.id AS path,
                    'Release ' || r.version || CASE WHEN r.name = 'Release ' || r.version THEN '' ELSE ' · ' || r.name END AS label
               FROM "Release" r
              WHERE r."organizationId" = $1 AND r."productId" = $2 AND r."deletedAt" IS NULL AND r.status = 'RELEASED'
             UNION ALL
             SELECT kpi_day(e."startDate"), 'experiments/' || e.id, 'Experiment began: ' || e.name
               FROM "Experiment" e
              WHERE e."organizationId" = $1 AND e."productId" = $2 AND e."deletedAt" IS NULL AND e.status <> 'DRAFT'
             UNION ALL
             SELECT kpi_day(e."endDate"), 'experiments/' || e.id, 'Experiment ended: ' || e.name
               FROM "Experiment" e
              WHERE e."organizationId" = $1 AND e."productId" = $2 AND e."deletedAt" IS NULL AND e.status IN ('COMPLETED', 'CANCELLED')
           ) happened
           WHERE day >= $3 AND day < $4 AND day <= kpi_day(now()) ORDER BY day DESC, path LIMIT $5"#,
    )
    .bind(org)
    .bind(&kpi.product_id)
    .bind(first)
    .bind(by.step(*last, 1))
    .bind(EVENTS_MAX)
    .fetch_all(scope.db())
    .await?;
    events.reverse();
    Ok(events)
}

/// What the form of a KPI begins with; of a new one without an id.
pub async fn editing(scope: &mut Scope, product_key: &str, id: Option<&str>) -> Result<KpiEditing, AppError> {
    let product = product(scope, product_key).await?;
    let kpi = match id {
        Some(id) => Some(summary(scope, &product.id, id).await?.kpi),
        None => None,
    };
    let (org, me) = (scope.organization().id.clone(), scope.user().id.clone());
    let people: Vec<Named> = sqlx::query_as(
        r#"SELECT u.id, coalesce(nullif(trim(u.name), ''), 'Unnamed member') AS name
           FROM "Membership" m JOIN "User" u ON u.id = m."userId"
           WHERE m."organizationId" = $1 ORDER BY lower(coalesce(u.name, '')), u.id LIMIT $2"#,
    )
    .bind(org)
    .bind(PEOPLE_MAX)
    .fetch_all(scope.db())
    .await?;
    Ok(KpiEditing { role: scope.role(), product, kpi, people, me })
}

//! SQL for the values of KPIs.

use std::collections::BTreeMap;

use super::{live, product};
use crate::goal::kpi::model::{DataPoint, Kpi, NewPoint, PointFields, PointPage, Recorded};
use crate::kernel::error::AppError;
use crate::kernel::page::{Cursor, Page, TIME_BOUNDS};
use crate::kernel::time::Timestamp;
use crate::kernel::version;
use crate::server::id::new_id;
use crate::server::scope::Scope;

/// The part of a KPI's life that is asked for; all of it by default.
#[derive(Debug, Clone, Copy, Default)]
pub struct Span {
    /// The first moment.
    pub from: Option<Timestamp>,
    /// The first moment behind it.
    pub until: Option<Timestamp>,
}

/// A page of a KPI's points.
macro_rules! page {
    ($compare:literal, $way:literal) => {
        concat!(
            r#"SELECT * FROM "KPIDataPoint" WHERE "organizationId" = $1 AND "kpiId" = $2 AND (date, id) "#,
            $compare,
            r#" (to_timestamp($3::float8 / 1000)::timestamptz(3), $4)
                AND date >= coalesce($6::timestamptz, '-infinity') AND date < coalesce($7::timestamptz, 'infinity')
                ORDER BY date "#,
            $way,
            ", id ",
            $way,
            " LIMIT $5"
        )
    };
}

/// A page of a KPI's points of this time, the latest first.
pub async fn list(scope: &mut Scope, kpi: &str, span: Span, cursor: Option<&Cursor>) -> Result<Page<DataPoint>, AppError> {
    let org = scope.organization().id.clone();
    let ((earliest, latest), size) = (TIME_BOUNDS, scope.rows());
    let rows: Vec<DataPoint> = sqlx::query_as(if cursor.is_some_and(|c| c.back) { page!(">", "ASC") } else { page!("<", "DESC") })
        .bind(org)
        .bind(kpi)
        .bind(cursor.map_or(latest, |cursor| cursor.key.clamp(earliest, latest)))
        .bind(cursor.map_or("", |cursor| &cursor.id))
        .bind(size + 1)
        .bind(span.from)
        .bind(span.until)
        .fetch_all(scope.db())
        .await?;
    Ok(Page::sized(rows, size, cursor, |point| (point.date.timestamp_millis() as f64, point.id.clone())))
}

/// Writes values of a live KPI. A moment that has a value gets this one instead, so that the same call twice is as good as once; of
/// several for one moment the last counts. All or nothing.
pub async fn record(scope: &mut Scope, kpi: &str, points: &[NewPoint]) -> Result<Recorded, AppError> {
    live(scope, kpi).await?;
    let org = scope.organization().id.clone();
    let by_moment: BTreeMap<Timestamp, f64> = points.iter().map(|point| (point.date, point.value)).collect();
    let (dates, values): (Vec<Timestamp>, Vec<f64>) = by_moment.into_iter().unzip();
    // Another client may have left several of one moment; the newest of them is the one that is put right.
    sqlx::query(
        r#"DELETE FROM "KPIDataPoint" p USING unnest($3::timestamptz[]) given (date)
           WHERE p."organizationId" = $1 AND p."kpiId" = $2 AND p.date = given.date::timestamptz(3)
             AND EXISTS (SELECT FROM "KPIDataPoint" newer
                          WHERE newer."organizationId" = $1 AND newer."kpiId" = $2 AND newer.date = p.date
                            AND (newer."createdAt", newer.id) > (p."createdAt", p.id))"#,
    )
    .bind(&org)
    .bind(kpi)
    .bind(&dates)
    .execute(scope.db())
    .await?;
    let changed = sqlx::query(
        r#"UPDATE "KPIDataPoint" p SET value = given.value FROM unnest($3::timestamptz[], $4::float8[]) given (date, value)
           WHERE p."organizationId" = $1 AND p."kpiId" = $2 AND p.date = given.date::timestamptz(3) AND p.value <> given.value"#,
    )
    .bind(&org)
    .bind(kpi)
    .bind(&dates)
    .bind(&values)
    .execute(scope.db())
    .await?
    .rows_affected();
    let ids: Vec<String> = dates.iter().map(|_| new_id()).collect();
    let added = sqlx::query(
        r#"INSERT INTO "KPIDataPoint" (id, "organizationId", "kpiId", date, value)
           SELECT given.id, $1, $2, given.date, given.value
             FROM unnest($3::timestamptz[], $4::float8[], $5::text[]) given (date, value, id)
            WHERE NOT EXISTS (SELECT FROM "KPIDataPoint" p
                               WHERE p."organizationId" = $1 AND p."kpiId" = $2 AND p.date = given.date::timestamptz(3))"#,
    )
    .bind(org)
    .bind(kpi)
    .bind(dates)
    .bind(values)
    .bind(ids)
    .execute(scope.db())
    .await?
    .rows_affected();
    Ok(Recorded { added, changed })
}

/// Writes the value that a person enters for a day of a live KPI.
///
/// # Errors
/// A field error for a day that has a value: what another has entered is not written over unseen.
pub async fn enter(scope: &mut Scope, kpi: &str, point: NewPoint) -> Result<(), AppError> {
    live(scope, kpi).await?;
    let org = scope.organization().id.clone();
    let taken: bool = sqlx::query_scalar(
        r#"SELECT EXISTS (SELECT FROM "KPIDataPoint"
                           WHERE "organizationId" = $1 AND "kpiId" = $2 AND date >= $3 AND date < $3 + interval '24 hours')"#,
    )
    .bind(org)
    .bind(kpi)
    .bind(point.date)
    .fetch_one(scope.db())
    .await?;
    if taken {
        return Err(AppError::field("date", "There is a value of this day already. Change that one."));
    }
    record(scope, kpi, &[point]).await?;
    Ok(())
}

/// The value that a KPI has for a moment.
pub async fn at(scope: &mut Scope, kpi: &str, date: Timestamp) -> Result<DataPoint, AppError> {
    let org = scope.organization().id.clone();
    Ok(sqlx::query_as(
        r#"SELECT * FROM "KPIDataPoint" WHERE "organizationId" = $1 AND "kpiId" = $2 AND date = $3 ORDER BY "createdAt" DESC, id DESC LIMIT 1"#,
    )
    .bind(org)
    .bind(kpi)
    .bind(date)
    .fetch_one(scope.db())
    .await?)
}

/// One value of a KPI of the product, for putting it right.
pub async fn get(scope: &mut Scope, product_key: &str, kpi: &str, id: &str) -> Result<PointPage, AppError> {
    let org = scope.organization().id.clone();
    let product = product(scope, product_key).await?;
    let kpi: Kpi = sqlx::query_as(r#"SELECT * FROM "KPI" WHERE "organizationId" = $1 AND "productId" = $2 AND id = $3"#)
        .bind(&org)
        .bind(&product.id)
        .bind(kpi)
        .fetch_one(scope.db())
        .await?;
    let point = sqlx::query_as(r#"SELECT * FROM "KPIDataPoint" WHERE "organizationId" = $1 AND "kpiId" = $2 AND id = $3"#)
        .bind(org)
        .bind(&kpi.id)
        .bind(id)
        .fetch_one(scope.db())
        .await?;
    Ok(PointPage { role: scope.role(), product, kpi, point })
}

/// The live KPI that a value is of, locked; gives its product's key, its id, and the value as it is under the lock.
async fn of_live(scope: &mut Scope, id: &str) -> Result<(String, String, DataPoint), AppError> {
    let org = scope.organization().id.clone();
    let kpi: String = sqlx::query_scalar(r#"SELECT "kpiId" FROM "KPIDataPoint" WHERE "organizationId" = $1 AND id = $2"#)
        .bind(&org)
        .bind(id)
        .fetch_one(scope.db())
        .await?;
    let product = live(scope, &kpi).await?.product;
    let point = sqlx::query_as(r#"SELECT * FROM "KPIDataPoint" WHERE "organizationId" = $1 AND id = $2 FOR UPDATE"#)
        .bind(org)
        .bind(id)
        .fetch_one(scope.db())
        .await?;
    Ok((product, kpi, point))
}

/// Puts a value of a live KPI right that the person saw in this version; gives the product's key and the KPI's id.
///
/// # Errors
/// `Stale` when somebody has changed it meanwhile; a field error for a day that has another value.
pub async fn update(scope: &mut Scope, id: &str, version: &str, fields: PointFields) -> Result<(String, String), AppError> {
    let (product, kpi, stored) = of_live(scope, id).await?;
    let shown = PointFields::from(&stored);
    version::check(version, &shown, &fields)?;
    // A form tells the day alone; a value of another client keeps its time of day.
    let date = if fields.date.date_naive() == stored.date.date_naive() { stored.date } else { fields.date };
    let org = scope.organization().id.clone();
    let taken: bool = sqlx::query_scalar(
        r#"SELECT EXISTS (SELECT FROM "KPIDataPoint" WHERE "organizationId" = $1 AND "kpiId" = $2 AND date = $3 AND id <> $4)"#,
    )
    .bind(org)
    .bind(&kpi)
    .bind(date)
    .bind(id)
    .fetch_one(scope.db())
    .await?;
    if taken && date != stored.date {
        return Err(AppError::field("date", "This day has a value already. Change that one instead."));
    }
    sqlx::query(r#"UPDATE "KPIDataPoint" SET date = $2, value = $3 WHERE id = $1"#)
        .bind(id)
        .bind(date)
        .bind(fields.value)
        .execute(scope.db())
        .await?;
    Ok((product, kpi))
}

/// Removes a value of a live KPI.
pub async fn remove(scope: &mut Scope, id: &str) -> Result<(), AppError> {
    of_live(scope, id).await?;
    sqlx::query(r#"DELETE FROM "KPIDataPoint" WHERE id = $1"#).bind(id).execute(scope.db()).await?;
    Ok(())
}

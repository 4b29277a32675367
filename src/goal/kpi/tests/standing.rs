//! The database tells the same standing as the model, and the list is narrowed by it.

use std::collections::BTreeMap;

use sqlx::PgPool;

use super::{fields, point, workshop};
use crate::goal::kpi::model::{Aggregation, Direction, Frequency, KpiFields, KpiQuery, KpiSummary, Status};
use crate::goal::kpi::store::{self, point as points};
use crate::server::scope::Scope;
use crate::testing::TestDb;

/// Periods before the present one in which there is a value, with the value; the target is 40. One comes from another client, of a
/// period that has not begun.
const HISTORIES: [&[(i32, f64)]; 7] = [
    &[],
    &[(0, 39.0)],
    &[(1, 40.0), (0, 1.0)],
    &[(2, 41.0), (1, 30.0)],
    &[(3, 50.0), (2, 40.0)],
    &[(20, 50.0), (0, 41.0)],
    &[(14, 20.0), (2, 41.0), (-1, 39.0)],
];

/// All KPIs that the query asks for, page by page.
async fn all(scope: &mut Scope, product: &str, query: KpiQuery) -> Vec<KpiSummary> {
    let (mut rows, mut query) = (Vec::new(), query);
    loop {
        let page = store::list(scope, product, &query).await.unwrap();
        rows.extend(page.rows);
        query.cursor = page.next;
        if query.cursor.is_none() {
            return rows;
        }
    }
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn the_list_is_narrowed_by_how_kpis_stand(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    let (_, mut scope) = workshop(&db).await;
    let product = store::product(&mut scope, "rocket").await.unwrap().id;
    let today = store::today(&mut scope).await.unwrap();
    for frequency in Frequency::ALL {
        for (aggregation, direction) in Aggregation::ALL.into_iter().flat_map(|one| Direction::ALL.map(|direction| (one, direction))) {
            for history in HISTORIES {
                let kpi = KpiFields { direction, ..fields("K", frequency.word(), aggregation.word()) };
                let id = store::create(&mut scope, "rocket", kpi).await.unwrap();
                let date = |back: i32| frequency.step(frequency.start(today), -back).to_string();
                let given: Vec<_> = history.iter().map(|(back, value)| point(&date(*back), *value)).collect();
                points::record(&mut scope, &id, &given).await.unwrap();
            }
        }
    }
    let rows = all(&mut scope, &product, KpiQuery::default()).await;
    let stand: BTreeMap<&str, Status> = rows.iter().map(|row| (row.kpi.id.as_str(), row.standing(today).status)).collect();
    assert_eq!(stand.len(), 4 * 3 * 2 * HISTORIES.len());
    for row in &rows {
        let told: (String, Option<chrono::NaiveDate>, Option<f64>) =
            sqlx::query_as(r#"SELECT status, period, value FROM kpi_standing($1, $2, $3)"#)
                .bind(scope.organization().id.clone())
                .bind(&row.kpi.id)
                .bind(today)
                .fetch_one(scope.db())
                .await
                .unwrap();
        let standing = row.standing(today);
        assert_eq!(told, (standing.status.word().to_owned(), standing.period.map(|at| at.0), standing.period.map(|at| at.1)), "{row:?}");
    }
    for status in Status::ALL {
        let of = all(&mut scope, &product, KpiQuery { status: Some(status), ..Default::default() }).await;
        let expected = stand.values().filter(|one| **one == status).count();
        assert!(expected > 0 && of.len() == expected, "{status:?}: {} and not {expected}", of.len());
        assert!(of.iter().all(|row| stand[row.kpi.id.as_str()] == status), "{status:?}");
    }
    let daily = KpiQuery { status: Some(Status::Empty), frequency: Some(Frequency::Daily), ..Default::default() };
    assert_eq!(all(&mut scope, &product, daily).await.len(), 3 * 2);
}

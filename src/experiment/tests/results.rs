use super::*;
use crate::experiment::model::{MeasuredRow, ResultQuery};
use crate::experiment::store::update_metric;
use crate::kernel::page::Cursor;

async fn rows(scope: &mut Scope, id: &str) -> Vec<MeasuredRow> {
    stored::all(scope, id).await.unwrap()
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn results_are_taken_in_all_or_none_and_twice_is_as_good_as_once(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    let (_, mut scope) = workshop(&db).await;
    let id = running(&mut scope, "Green").await;
    let wrong = [
        result("2026-02-01", "Control", "100", "10"),
        result("2026-01-31", "Control", "100", "10"),
        result("2999-01-01", "Control", "100", "10"),
        result("2026-02-02", "Nobody", "0", "NaN"),
        result("2026-02-02", "Control", "10", "11"),
        result("2026-02-01", "control", "100", "12"),
    ];
    let errors = stored::record(&mut scope, &id, &wrong).await.unwrap().unwrap_err();
    let told: Vec<(i64, &str)> = errors.iter().map(|error| (error.row, error.field.as_str())).collect();
    assert_eq!(told, [(1, "day"), (2, "day"), (3, "variant"), (3, "n"), (3, "sum"), (4, "sum"), (5, "day")]);
    assert!(rows(&mut scope, &id).await.is_empty());

    let first = stored::record(&mut scope, &id, &clear()).await.unwrap().unwrap();
    let mut again = clear();
    again[0].sum = "1001".into();
    again.push(result("2026-02-03", "Treatment", "5", "0"));
    let second = stored::record(&mut scope, &id, &again).await.unwrap().unwrap();
    assert_eq!((first.added, second.added, second.changed, second.same), (4, 1, 1, 3));
    assert_eq!((rows(&mut scope, &id).await.len(), rows(&mut scope, &id).await[0].sums.sum_squares), (5, 1001.0));
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn one_result_is_entered_changed_and_taken_away(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    let (_, mut scope) = workshop(&db).await;
    let id = running(&mut scope, "Green").await;
    let (control, metric) = {
        let page = page(&mut scope, &id).await;
        (page.variants[0].id.clone(), page.metrics[0].id.clone())
    };
    let by_id = |n: &str, sum: &str| ResultForm { variant: control.clone(), metric: metric.clone(), ..result("2026-02-01", "", n, sum) };
    stored::add(&mut scope, &id, &by_id("1", "1")).await.unwrap();
    assert!(stored::add(&mut scope, &id, &by_id("2", "1")).await.unwrap_err().of_field("day").is_some(), "there is one of that day");
    assert!(stored::add(&mut scope, &id, &ResultForm::default()).await.unwrap_err().of_field("variant").is_some());
    assert_eq!(stored::add(&mut scope, &id, &result("2026-02-02", "Control", "1", "1")).await, Err(AppError::NotFound), "no id");
    let said = page(&mut scope, &id).await.analysis.unwrap();
    assert!(said.metrics[0].comparisons[0].relative.is_err(), "of one unit nothing can be computed, and it says why");

    let only = rows(&mut scope, &id).await.remove(0);
    assert_eq!(stored::result(&mut scope, "rocket", &id, &only.id).await.unwrap().result, only);
    assert!(stored::update(&mut scope, &only.id, "*", &by_id("1", "2")).await.unwrap_err().of_field("sum").is_some());
    stored::update(&mut scope, &only.id, "*", &by_id("200", "20")).await.unwrap();
    let changed = rows(&mut scope, &id).await.remove(0);
    assert_eq!((changed.id, changed.sums.n, changed.sums.sum_squares), (only.id.clone(), 200, 20.0));
    store::set_status(&mut scope, &id, ExperimentStatus::Cancelled).await.unwrap();
    assert!(matches!(stored::remove(&mut scope, &only.id).await, Err(AppError::Conflict(_))));
    store::set_status(&mut scope, &id, ExperimentStatus::Running).await.unwrap();
    stored::remove(&mut scope, &only.id).await.unwrap();
    assert!(rows(&mut scope, &id).await.is_empty());
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn means_and_ratios_have_sums_of_their_own(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    let (_, mut scope) = workshop(&db).await;
    let id = store::create(&mut scope, "rocket", form("Green")).await.unwrap();
    add_metric(&mut scope, &id, "Revenue", MetricKind::Mean).await;
    add_metric(&mut scope, &id, "Per visit", MetricKind::Ratio).await;
    store::set_status(&mut scope, &id, ExperimentStatus::Running).await.unwrap();
    let day = chrono::Utc::now().date_naive().to_string();
    let of = |metric: &str, variant: &str, sum: &str, squares: &str| ResultForm {
        metric: metric.into(),
        sum_squares: squares.into(),
        ..result(&day, variant, "100", sum)
    };
    let ratio = |variant: &str, sum: &str| ResultForm {
        denominator_sum: "300".into(),
        denominator_squares: "1000".into(),
        denominator_cross: "650".into(),
        ..of("Per visit", variant, sum, "520")
    };
    let impossible = stored::record(&mut scope, &id, &[of("Revenue", "Control", "100", "99")]).await.unwrap().unwrap_err();
    assert_eq!(impossible[0].field, "sum_squares", "Σ² below (Σ)²/n cannot be");
    let known = ResultForm {
        covariate_sum: "90".into(),
        covariate_squares: "200".into(),
        covariate_cross: "150".into(),
        ..of("Revenue", "Treatment", "120", "300")
    };
    let forms = [of("Revenue", "Control", "100", "300"), known, ratio("Control", "200"), ratio("Treatment", "205")];
    assert_eq!(stored::record(&mut scope, &id, &forms).await.unwrap().unwrap().added, 4);
    let said = page(&mut scope, &id).await.analysis.unwrap();
    assert_eq!(said.metrics.iter().filter_map(|metric| metric.control.mean.clone().ok()).collect::<Vec<_>>().len(), 2);
    let kept = rows(&mut scope, &id).await;
    assert_eq!(kept.iter().filter(|row| row.sums.denominator_cross == Some(650.0)).count(), 2);
    assert_eq!(kept.iter().filter(|row| row.sums.covariate_cross == Some(150.0)).count(), 1);
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn results_are_paged_by_day(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    let (_, mut scope) = workshop(&db).await;
    let id = running(&mut scope, "Green").await;
    let all: Vec<ResultForm> = (1..=25).map(|day| result(&format!("2026-02-{day:02}"), "Control", "10", "1")).collect();
    stored::record(&mut scope, &id, &all).await.unwrap().unwrap();
    let metric = page(&mut scope, &id).await.metrics[0].id.clone();
    let mut of = async |metric: Option<String>, cursor: Option<Cursor>| {
        stored::page(&mut scope, "rocket", &id, &ResultQuery { metric, cursor }).await.unwrap().page
    };
    let first = of(Some(metric), None).await;
    let second = of(None, first.next.clone()).await;
    let days = |rows: &[MeasuredRow]| (rows.len(), rows[0].day.to_string());
    assert_eq!((days(&first.rows), days(&second.rows)), ((20, "2026-02-25".into()), (5, "2026-02-05".into())));
    assert_eq!(of(None, second.previous).await.rows, first.rows);
    assert!(of(Some("none".into()), None).await.rows.is_empty());
}

/// Whoever sends results waits for whoever ends the experiment, and is told that it is over.
#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn nothing_comes_in_once_it_was_decided(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    let (admin, mut scope) = workshop(&db).await;
    let id = running(&mut scope, "Green").await;
    scope.commit(()).await.unwrap();
    let mut deciding = db.scope("acme", &admin, Perm::PlanWrite).await.unwrap();
    let mut sending = db.scope("acme", &admin, Perm::WorkWrite).await.unwrap();
    let decision = DecisionForm { decision: "INCONCLUSIVE".into(), ..Default::default() }.validate().unwrap();
    store::complete(&mut deciding, &id, decision).await.unwrap();
    let forms = clear();
    let (sent, ()) = tokio::join!(stored::record(&mut sending, &id, &forms), async {
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
        deciding.commit(()).await.unwrap();
    });
    assert!(matches!(sent, Err(AppError::Conflict(_))), "{sent:?}");
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn a_metric_that_is_renamed_keeps_its_results(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    let (_, mut scope) = workshop(&db).await;
    let id = running(&mut scope, "Green").await;
    stored::record(&mut scope, &id, &clear()).await.unwrap().unwrap();
    let metric = page(&mut scope, &id).await.metrics[0].clone();
    let renamed = MetricForm { name: "Buys".into(), kind: "MEAN".into(), direction: "DECREASE".into(), ..Default::default() };
    update_metric(&mut scope, &metric.id, "*", renamed.validate().unwrap()).await.unwrap();
    let after = page(&mut scope, &id).await;
    assert_eq!(
        (after.metrics[0].name.as_str(), after.metrics[0].kind, after.metrics[0].direction),
        ("Buys", metric.kind, metric.direction)
    );
    assert_eq!((after.experiment.metrics, after.results), (vec!["Buys".to_owned()], 4), "named for other clients too");
}

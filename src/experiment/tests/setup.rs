use super::*;
use crate::search::model::{Kind, SearchQuery};

fn variants(fields: &[(&str, &str)]) -> VariantsForm {
    VariantsForm(fields.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect())
}

async fn names(scope: &mut Scope, id: &str) -> Vec<(String, f64, bool)> {
    page(scope, id).await.variants.into_iter().map(|one| (one.name, one.weight, one.control)).collect()
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn variants_are_changed_together(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    let (_, mut scope) = workshop(&db).await;
    let id = store::create(&mut scope, "rocket", form("Green")).await.unwrap();
    let (control, treatment) = (0, 1);
    let ids: Vec<String> = page(&mut scope, &id).await.variants.into_iter().map(|one| one.id).collect();
    // The two swap their names and a third comes in.
    let three = variants(&[
        ("id_1", &ids[control]),
        ("name_1", "Treatment"),
        ("share_1", "20"),
        ("id_2", &ids[treatment]),
        ("name_2", "control"),
        ("share_2", "50"),
        ("name_3", "Blue"),
        ("share_3", "30"),
        ("about_3", "As the sky"),
        ("control", "2"),
    ]);
    store::update_variants(&mut scope, &id, "*", three.validate().unwrap()).await.unwrap();
    let expected = [("control", 0.5, true), ("Treatment", 0.2, false), ("Blue", 0.3, false)];
    assert_eq!(names(&mut scope, &id).await, expected.map(|(name, weight, control)| (name.to_owned(), weight, control)));
    add_metric(&mut scope, &id, "M", MetricKind::Proportion).await;
    store::set_status(&mut scope, &id, ExperimentStatus::Running).await.unwrap();
    let one = variants(&[("id_1", &ids[control]), ("name_1", "Only"), ("share_1", "100"), ("control", "1")]);
    let refused = store::update_variants(&mut scope, &id, "*", one.validate().unwrap()).await;
    assert!(matches!(refused, Err(AppError::Conflict(_))), "none can go once it has started");
    let blue = page(&mut scope, &id).await.variants[2].id.clone();
    let renamed = variants(&[
        ("id_1", &ids[treatment]),
        ("name_1", "Old"),
        ("id_2", &ids[control]),
        ("name_2", "New"),
        ("id_3", &blue),
        ("name_3", "Sky"),
    ]);
    store::update_variants(&mut scope, &id, "*", renamed.validate().unwrap()).await.unwrap();
    let expected = [("Old", 0.5, true), ("New", 0.2, false), ("Sky", 0.3, false)];
    assert_eq!(names(&mut scope, &id).await, expected.map(|(name, weight, control)| (name.to_owned(), weight, control)));
}

/// Past the form, the database itself refuses weights that do not sum to one and a second control.
#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn weights_sum_to_one_whoever_writes(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    let (admin, mut scope) = workshop(&db).await;
    let id = store::create(&mut scope, "rocket", form("Green")).await.unwrap();
    scope.commit(()).await.unwrap();
    for (change, rule) in [("weight = 0.4", "experiment_variant_weights"), ("control = true", "experiment_variant_control")] {
        let sql = sqlx::AssertSqlSafe(format!(r#"UPDATE "ExperimentVariant" SET {change} WHERE "experimentId" = '{id}' AND NOT control"#));
        let Err(sqlx::Error::Database(refusal)) = sqlx::query(sql).execute(&pool).await else { panic!("{change}") };
        assert_eq!(refusal.constraint(), Some(rule));
    }
    let mut scope = db.scope("acme", &admin, Perm::PlanWrite).await.unwrap();
    sqlx::query(r#"UPDATE "ExperimentVariant" SET weight = 0.4 WHERE NOT control"#).execute(scope.db()).await.unwrap();
    assert!(scope.commit(()).await.unwrap_err().of_field("").unwrap().contains("100 %"));
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn metrics_come_and_go_in_a_draft_alone(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    let (_, mut scope) = workshop(&db).await;
    let id = store::create(&mut scope, "rocket", form("Green")).await.unwrap();
    let first = add_metric(&mut scope, &id, "Conversion", MetricKind::Proportion).await;
    let second = add_metric(&mut scope, &id, "Revenue", MetricKind::Mean).await;
    assert_eq!(page(&mut scope, &id).await.experiment.metrics, ["Conversion", "Revenue"]);
    let named = |name: &str| MetricForm { name: name.into(), ..Default::default() }.validate().unwrap();
    store::remove_metric(&mut scope, &second).await.unwrap();
    assert_eq!(page(&mut scope, &id).await.experiment.metrics, ["Conversion"]);
    store::set_status(&mut scope, &id, ExperimentStatus::Running).await.unwrap();
    assert!(matches!(store::add_metric(&mut scope, &id, named("Late")).await, Err(AppError::Conflict(_))));
    assert!(matches!(store::remove_metric(&mut scope, &first).await, Err(AppError::Conflict(_))));
    let draft = store::create(&mut scope, "rocket", form("Other")).await.unwrap();
    for number in 0..20 {
        add_metric(&mut scope, &draft, &format!("M {number}"), MetricKind::Mean).await;
    }
    assert!(matches!(store::add_metric(&mut scope, &draft, named("Too many")).await, Err(AppError::Conflict(_))));
    assert_eq!(store::metric(&mut scope, "rocket", &draft, &first).await.map(|_| ()), Err(AppError::NotFound), "of another experiment");
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn two_metrics_have_two_names(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    let (_, mut scope) = workshop(&db).await;
    let id = store::create(&mut scope, "rocket", form("Green")).await.unwrap();
    add_metric(&mut scope, &id, "Conversion", MetricKind::Proportion).await;
    let twin = MetricForm { name: "CONVERSION".into(), ..Default::default() }.validate().unwrap();
    assert!(store::add_metric(&mut scope, &id, twin).await.unwrap_err().of_field("name").is_some());
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn an_experiment_is_found_by_its_words(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    let (_, mut scope) = workshop(&db).await;
    let id = store::create(&mut scope, "rocket", form("Green button")).await.unwrap();
    for words in ["gree", "believe"] {
        let query = SearchQuery { words: words.into(), kind: Some(Kind::Experiment), ..Default::default() };
        let hits = crate::search::store::find(&mut scope, &query).await.unwrap().groups.remove(0).hits;
        assert_eq!((hits.len(), hits[0].id.as_str()), (1, id.as_str()), "{words}");
    }
}

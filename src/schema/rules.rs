use std::collections::BTreeSet;

use sqlx::PgPool;

use super::rows::populate;
use super::{execute, lines, refusal, strings};

/// The fields of a line, between `|`.
fn fields<const N: usize>(line: &'static str) -> [&'static str; N] {
    line.splitn(N, " | ").map(str::trim).collect::<Vec<_>>().try_into().unwrap()
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn every_rule_refuses_under_its_own_name(pool: PgPool) {
    populate(&pool, &["aa"]).await;
    let mut tried = BTreeSet::new();
    for line in lines(include_str!("refused.txt")) {
        let [rule, table, change] = fields(line);
        let (code, constraint) = refusal(execute(&pool, format!(r#"UPDATE "{table}" SET {change}"#)).await, line);
        assert_eq!((code.as_str(), constraint.as_deref()), ("23514", Some(rule)), "{line}");
        tried.insert(rule.to_owned());
    }
    let rules = "SELECT conname::text FROM pg_constraint WHERE contype = 'c' AND connamespace = 'public'::regnamespace";
    let rules: BTreeSet<String> = strings(&pool, rules).await.into_iter().collect();
    assert_eq!(rules.difference(&tried).collect::<Vec<_>>(), Vec::<&String>::new(), "give it a line in refused.txt");
}

/// The widest values that the forms promise.
#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn what_is_just_within_the_rules_is_taken(pool: PgPool) {
    populate(&pool, &["aa"]).await;
    for line in lines(include_str!("accepted.txt")) {
        let [table, change] = fields(line);
        let mut tx = pool.begin().await.unwrap();
        let changed = execute(&mut *tx, format!(r#"UPDATE "{table}" SET {change}"#)).await;
        assert!(changed.unwrap_or_else(|error| panic!("{line}: {error}")).rows_affected() > 0, "{line}");
    }
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn addresses_that_differ_in_case_are_one_account(pool: PgPool) {
    populate(&pool, &["aa"]).await;
    let result = execute(&pool, r#"INSERT INTO "User" (id, email) VALUES ('u', 'AA@Example.test')"#).await;
    assert_eq!(refusal(result, "e-mail").1.as_deref(), Some("User_email_lower_key"));
}

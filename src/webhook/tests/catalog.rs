//! The events that there are: what the database tells of, what can be listened for, and what the documentation lists.

use std::collections::BTreeSet;

use sqlx::PgPool;

use crate::webhook::model::{GROUPS, OTHERS, Thing};

/// A group, less its `.*`, and an event in it.
type Sorted = BTreeSet<(String, String)>;

/// What `audit_row` and `audit_added` say of each table that they are triggers of, by the columns that it has.
const OF_ROWS: &str = r#"
    SELECT webhook_group(coalesce(args[2], c.relname), args[1] || '.' || verb), args[1] || '.' || verb
      FROM pg_trigger t
      JOIN pg_class c ON c.oid = t.tgrelid
     CROSS JOIN LATERAL (SELECT array_remove(string_to_array(encode(t.tgargs, 'escape'), '\000'), '') AS args) a
     CROSS JOIN LATERAL (
       SELECT unnest(CASE
         WHEN t.tgfoid = 'audit_added'::regproc THEN '{created}'::text[]
         WHEN args[4] IS NOT NULL THEN ARRAY[args[4] || '_added', args[4] || '_changed', args[4] || '_removed']
         WHEN args[1] = 'member' THEN '{added,joined,left,removed,updated}'
         ELSE '{created,updated,deleted}' END) AS verb
       UNION
       SELECT v.verb
         FROM (VALUES ('deletedAt', 'restored'), ('acceptedAt', 'accepted'), ('revokedAt', 'revoked'), ('tokenHash', 'resent'),
                      ('status', 'status_changed'), ('lifecycle', 'lifecycle_changed'), ('role', 'role_changed'),
                      ('teamId', 'team_changed')) v (name, verb)
         JOIN pg_attribute column_of ON column_of.attrelid = c.oid AND column_of.attname = v.name AND NOT column_of.attisdropped
        WHERE t.tgfoid = 'audit_row'::regproc AND args[4] IS NULL AND t.tgtype & 16 <> 0
          AND (t.tgattr = ''::int2vector OR column_of.attnum = ANY (t.tgattr))
     ) v
     WHERE t.tgfoid IN ('audit_row'::regproc, 'audit_added'::regproc)"#;

/// What the functions name that write into the log what no row tells of.
const OF_NO_ROW: &str = r#"
    SELECT webhook_group('', event), event
      FROM (SELECT (regexp_matches(prosrc, '''([a-z_]+\.[a-z_]+)''', 'g'))[1] AS event FROM pg_proc WHERE prosrc LIKE '%INTO "AuditLog"%') f
     WHERE event NOT LIKE 'app.%'"#;

/// Where people are told of; `audit_person` takes any word for it.
const OF_PEOPLE: [&str; 5] = [
    include_str!("../../account/store/mod.rs"),
    include_str!("../../account/store/leaving.rs"),
    include_str!("../../account/store/links.rs"),
    include_str!("../../account/store/security.rs"),
    include_str!("../../account/oidc/store.rs"),
];

fn sorted(group: &str, things: &[Thing]) -> Sorted {
    things.iter().flat_map(|thing| thing.events()).map(|event| (group.to_owned(), event)).collect()
}

fn in_the_model() -> Sorted {
    let grouped = GROUPS.iter().flat_map(|group| sorted(group.word.trim_end_matches(".*"), group.things));
    grouped.chain(OTHERS.iter().flat_map(|thing| sorted(thing.word, &[*thing]))).collect()
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn what_can_be_listened_for_is_what_the_database_tells_of(pool: PgPool) {
    let mut told = Sorted::new();
    for statement in [OF_ROWS, OF_NO_ROW] {
        let rows: Vec<(String, String)> = sqlx::query_as(statement).fetch_all(&pool).await.unwrap();
        assert!(!rows.is_empty(), "{statement}");
        told.extend(rows);
    }
    let is_word = |text: &&str| text.starts_with("user.") && text.bytes().all(|byte| byte.is_ascii_lowercase() || b"._".contains(&byte));
    told.extend(OF_PEOPLE.iter().flat_map(|text| text.split('"')).filter(is_word).map(|event| ("user".to_owned(), event.to_owned())));
    let known = in_the_model();
    let (unknown, never): (Vec<_>, Vec<_>) = (told.difference(&known).collect(), known.difference(&told).collect());
    assert!(unknown.is_empty() && never.is_empty(), "not in the model: {unknown:?}; told by nothing: {never:?}");
}

/// What is said of the REST API is there.
#[test]
fn the_documentation_names_no_route_that_is_not_there() {
    let document: serde_json::Value = serde_json::from_str(&crate::server::rest::PUBLISHED.json).unwrap();
    let routes: Vec<&String> = document["paths"].as_object().unwrap().keys().collect();
    let mut named = 0;
    for text in [include_str!("../../../docs/WEBHOOKS.md"), include_str!("../../../README.md")] {
        for (at, _) in text.match_indices("/api/v1/orgs/") {
            let path = text[at..].split(['`', '"', '?', ' ', ')', '\n']).next().unwrap();
            let fits = |route: &str| {
                let is_one = |(asked, known): (&str, &str)| asked == known || known.starts_with('{') && !asked.is_empty();
                route.split('/').count() == path.split('/').count() && path.split('/').zip(route.split('/')).all(is_one)
            };
            assert!(routes.iter().any(|route| fits(route)), "{path}");
            named += 1;
        }
    }
    assert!(named > 5, "{named}");
}

#[test]
fn the_documentation_lists_every_event() {
    let text = include_str!("../../../docs/WEBHOOKS.md");
    let words = |cell: &str| cell.split('`').skip(1).step_by(2).map(str::to_owned).collect::<Vec<_>>();
    let listed: Vec<(Vec<String>, BTreeSet<String>)> = text
        .lines()
        .filter(|line| line.starts_with("| `") && line.contains(".created`") || line.starts_with("| in no group"))
        .filter_map(|line| line.trim_start_matches("| ").split_once(" | "))
        .map(|(group, events)| (words(group), words(events).into_iter().collect()))
        .collect();
    let events = |things: &[Thing]| things.iter().flat_map(|thing| thing.events()).collect::<BTreeSet<_>>();
    let grouped = GROUPS.iter().map(|group| (vec![group.word.to_owned()], events(group.things)));
    let expected: Vec<_> = grouped.chain([(Vec::new(), events(&OTHERS))]).collect();
    assert_eq!(listed, expected);
}

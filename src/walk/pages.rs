//! Every page, opened by everybody.

use std::collections::BTreeSet;

use http::StatusCode;
use leptos_axum::generate_route_list;
use sqlx::PgPool;

use super::world::{ROLES, World};
use super::{Who, get};
use crate::app::App;
use crate::kernel::role::Perm;
use crate::server::serve::router;
use crate::testing::TestDb;

/// Each page's address as in the route table, whom it is for, and its address in a world; `None` where a page needs more
/// than a world has, with a test of its own.
const PAGES: &[(&str, Who, &str)] = &[
    ("/", Who::Anybody, "/"),
    ("/signup", Who::Anybody, "/signup"),
    ("/signin", Who::Anybody, "/signin"),
    ("/forgot", Who::Anybody, "/forgot"),
    ("/reset/{token}", Who::Anybody, "/reset/x"),
    ("/verify/{token}", Who::Anybody, "/verify/x"),
    ("/verified", Who::Anybody, "/verified"),
    ("/deleted", Who::Anybody, "/deleted"),
    ("/account", Who::SignedIn, "/account"),
    ("/account/security", Who::SignedIn, "/account/security"),
    ("/account/delete", Who::SignedIn, "/account/delete"),
    ("/invitations/{token}", Who::Anybody, "/invitations/x"),
    ("/orgs/new", Who::SignedIn, "/orgs/new"),
    ("/orgs/{org}", Who::Member(Perm::Read), "/orgs/$org"),
    ("/orgs/{org}/settings", Who::Member(Perm::OrgManage), "/orgs/$org/settings"),
    ("/orgs/{org}/settings/features", Who::Member(Perm::OrgManage), "/orgs/$org/settings/features"),
    ("/orgs/{org}/settings/roles", Who::Member(Perm::Read), "/orgs/$org/settings/roles"),
    ("/orgs/{org}/audit", Who::Member(Perm::OrgManage), "/orgs/$org/audit"),
    ("/orgs/{org}/webhooks", Who::Member(Perm::OrgManage), "/orgs/$org/webhooks"),
    ("/orgs/{org}/webhooks/new", Who::Member(Perm::OrgManage), "/orgs/$org/webhooks/new"),
    ("/orgs/{org}/webhooks/{id}", Who::Member(Perm::OrgManage), "/orgs/$org/webhooks/$webhook"),
    ("/orgs/{org}/webhooks/{id}/deliveries/{delivery}", Who::Member(Perm::OrgManage), "/orgs/$org/webhooks/$webhook/deliveries/$delivery"),
    ("/orgs/{org}/tokens", Who::Member(Perm::OrgManage), "/orgs/$org/tokens"),
    ("/orgs/{org}/members", Who::Member(Perm::Read), "/orgs/$org/members"),
    ("/orgs/{org}/members/invite", Who::Member(Perm::OrgManage), "/orgs/$org/members/invite"),
    ("/orgs/{org}/members/{id}", Who::Member(Perm::OrgManage), "/orgs/$org/members/$member"),
    ("/orgs/{org}/teams", Who::Member(Perm::Read), "/orgs/$org/teams"),
    ("/orgs/{org}/teams/new", Who::Member(Perm::OrgManage), "/orgs/$org/teams/new"),
    ("/orgs/{org}/teams/{team}", Who::Member(Perm::Read), "/orgs/$org/teams/$team"),
    ("/orgs/{org}/teams/{team}/settings", Who::Member(Perm::OrgManage), "/orgs/$org/teams/$team/settings"),
    ("/orgs/{org}/products", Who::Member(Perm::Read), "/orgs/$org/products"),
    ("/orgs/{org}/products/new", Who::Member(Perm::ProductWrite), "/orgs/$org/products/new"),
    ("/orgs/{org}/products/{key}", Who::Member(Perm::Read), "/orgs/$org/products/$product"),
    ("/orgs/{org}/products/{key}/settings", Who::Member(Perm::ProductWrite), "/orgs/$org/products/$product/settings"),
    ("/orgs/{org}/lifecycle", Who::Member(Perm::Read), "/orgs/$org/lifecycle"),
    ("/orgs/{org}/lifecycle/criteria", Who::Member(Perm::Read), "/orgs/$org/lifecycle/criteria?stage=DISCOVERY"),
    ("/orgs/{org}/products/{key}/lifecycle", Who::Member(Perm::ProductWrite), "/orgs/$org/products/$product/lifecycle?to=SUNSET"),
    ("/orgs/{org}/products/{key}/ideas", Who::Member(Perm::Read), "/orgs/$org/products/$product/ideas"),
    ("/orgs/{org}/products/{key}/ideas/new", Who::Member(Perm::IdeaWrite), "/orgs/$org/products/$product/ideas/new"),
    ("/orgs/{org}/products/{key}/ideas/board", Who::Member(Perm::Read), "/orgs/$org/products/$product/ideas/board"),
    ("/orgs/{org}/products/{key}/ideas/{id}", Who::Member(Perm::Read), "/orgs/$org/products/$product/ideas/$idea"),
    ("/orgs/{org}/products/{key}/ideas/{id}/edit", Who::Member(Perm::IdeaReview), "/orgs/$org/products/$product/ideas/$idea/edit"),
    (
        "/orgs/{org}/products/{key}/ideas/{id}/convert",
        Who::Member(Perm::IdeaReview),
        "/orgs/$org/products/$product/ideas/$approved/convert",
    ),
    ("/orgs/{org}/products/{key}/epics", Who::Member(Perm::Read), "/orgs/$org/products/$product/epics"),
    ("/orgs/{org}/products/{key}/epics/new", Who::Member(Perm::PlanWrite), "/orgs/$org/products/$product/epics/new"),
    ("/orgs/{org}/products/{key}/epics/{id}", Who::Member(Perm::Read), "/orgs/$org/products/$product/epics/$epic"),
    ("/orgs/{org}/products/{key}/epics/{id}/edit", Who::Member(Perm::PlanWrite), "/orgs/$org/products/$product/epics/$epic/edit"),
    ("/orgs/{org}/products/{key}/features", Who::Member(Perm::Read), "/orgs/$org/products/$product/features"),
    ("/orgs/{org}/products/{key}/features/new", Who::Member(Perm::FeatureWrite), "/orgs/$org/products/$product/features/new"),
    ("/orgs/{org}/products/{key}/features/board", Who::Member(Perm::Read), "/orgs/$org/products/$product/features/board?lanes=epic"),
    ("/orgs/{org}/products/{key}/tasks/board", Who::Member(Perm::Read), "/orgs/$org/products/$product/tasks/board"),
    ("/orgs/{org}/products/{key}/features/{id}", Who::Member(Perm::Read), "/orgs/$org/products/$product/features/$feature"),
    (
        "/orgs/{org}/products/{key}/features/{id}/edit",
        Who::Member(Perm::FeatureWrite),
        "/orgs/$org/products/$product/features/$feature/edit",
    ),
    ("/orgs/{org}/my-work", Who::Member(Perm::Read), "/orgs/$org/my-work"),
    ("/orgs/{org}/products/{key}/tasks", Who::Member(Perm::Read), "/orgs/$org/products/$product/tasks"),
    ("/orgs/{org}/products/{key}/tasks/new", Who::Member(Perm::WorkWrite), "/orgs/$org/products/$product/tasks/new"),
    ("/orgs/{org}/products/{key}/tasks/{id}", Who::Member(Perm::Read), "/orgs/$org/products/$product/tasks/$task"),
    ("/orgs/{org}/products/{key}/tasks/{id}/edit", Who::Member(Perm::WorkWrite), "/orgs/$org/products/$product/tasks/$task/edit"),
    ("/orgs/{org}/products/{key}/roadmap", Who::Member(Perm::Read), "/orgs/$org/products/$product/roadmap"),
    ("/orgs/{org}/products/{key}/feedback", Who::Member(Perm::Read), "/orgs/$org/products/$product/feedback"),
    ("/orgs/{org}/products/{key}/feedback/new", Who::Member(Perm::FeedbackSubmit), "/orgs/$org/products/$product/feedback/new"),
    ("/orgs/{org}/products/{key}/feedback/{id}", Who::Member(Perm::Read), "/orgs/$org/products/$product/feedback/$feedback"),
    ("/orgs/{org}/products/{key}/ideas/{id}/merge", Who::Member(Perm::IdeaReview), "/orgs/$org/products/$product/ideas/$idea/merge"),
    ("/orgs/{org}/products/{key}/transfer", Who::Member(Perm::WorkWrite), "/orgs/$org/products/$product/transfer"),
    ("/orgs/{org}/products/{key}/transfer/{id}", Who::Member(Perm::IdeaReview), "/orgs/$org/products/$product/transfer/$import"),
    ("/r/{reference}", Who::SignedIn, "/r/$product-1"),
    ("/p/{org}/{key}/changelog", Who::Anybody, "/p/$org/$product/changelog"),
    ("/orgs/{org}/settings/checklists", Who::Member(Perm::PlanWrite), "/orgs/$org/settings/checklists"),
    ("/orgs/{org}/settings/checklists/{id}", Who::Member(Perm::PlanWrite), "/orgs/$org/settings/checklists/$template"),
    ("/orgs/{org}/products/{key}/releases", Who::Member(Perm::Read), "/orgs/$org/products/$product/releases"),
    ("/orgs/{org}/products/{key}/releases/new", Who::Member(Perm::PlanWrite), "/orgs/$org/products/$product/releases/new"),
    ("/orgs/{org}/products/{key}/releases/{id}", Who::Member(Perm::Read), "/orgs/$org/products/$product/releases/$release"),
    ("/orgs/{org}/products/{key}/releases/{id}/edit", Who::Member(Perm::PlanWrite), "/orgs/$org/products/$product/releases/$release/edit"),
    (
        "/orgs/{org}/products/{key}/releases/{id}/checklist/{item}",
        Who::Member(Perm::PlanWrite),
        "/orgs/$org/products/$product/releases/$release/checklist/$checkitem",
    ),
    (
        "/orgs/{org}/products/{key}/releases/{id}/changelog/{item}",
        Who::Member(Perm::PlanWrite),
        "/orgs/$org/products/$product/releases/$release/changelog/$change",
    ),
    ("/orgs/{org}/okrs", Who::Member(Perm::Read), "/orgs/$org/okrs?quarter=2026-Q4"),
    ("/orgs/{org}/okrs/new", Who::Member(Perm::PlanWrite), "/orgs/$org/okrs/new"),
    ("/orgs/{org}/okrs/{id}", Who::Member(Perm::Read), "/orgs/$org/okrs/$objective"),
    ("/orgs/{org}/okrs/{id}/edit", Who::Member(Perm::PlanWrite), "/orgs/$org/okrs/$objective/edit"),
    ("/orgs/{org}/products/{key}/okrs", Who::Member(Perm::Read), "/orgs/$org/products/$product/okrs"),
    ("/orgs/{org}/products/{key}/okrs/new", Who::Member(Perm::PlanWrite), "/orgs/$org/products/$product/okrs/new"),
    ("/orgs/{org}/products/{key}/okrs/close", Who::Member(Perm::PlanWrite), "/orgs/$org/products/$product/okrs/close?quarter=2026-Q4"),
    ("/orgs/{org}/products/{key}/okrs/{id}", Who::Member(Perm::Read), "/orgs/$org/products/$product/okrs/$okr"),
    ("/orgs/{org}/products/{key}/okrs/{id}/edit", Who::Member(Perm::PlanWrite), "/orgs/$org/products/$product/okrs/$okr/edit"),
    (
        "/orgs/{org}/products/{key}/okrs/{id}/results/{result}",
        Who::Member(Perm::Read),
        "/orgs/$org/products/$product/okrs/$okr/results/$keyResult",
    ),
    (
        "/orgs/{org}/products/{key}/okrs/{id}/results/{result}/edit",
        Who::Member(Perm::PlanWrite),
        "/orgs/$org/products/$product/okrs/$okr/results/$keyResult/edit",
    ),
    ("/orgs/{org}/products/{key}/kpis", Who::Member(Perm::Read), "/orgs/$org/products/$product/kpis"),
    ("/orgs/{org}/products/{key}/kpis/new", Who::Member(Perm::PlanWrite), "/orgs/$org/products/$product/kpis/new"),
    ("/orgs/{org}/products/{key}/kpis/{id}", Who::Member(Perm::Read), "/orgs/$org/products/$product/kpis/$kpi?by=quarter&range=all"),
    ("/orgs/{org}/products/{key}/kpis/{id}/edit", Who::Member(Perm::PlanWrite), "/orgs/$org/products/$product/kpis/$kpi/edit"),
    (
        "/orgs/{org}/products/{key}/kpis/{id}/points/{point}",
        Who::Member(Perm::WorkWrite),
        "/orgs/$org/products/$product/kpis/$kpi/points/$kpiPoint",
    ),
    ("/orgs/{org}/products/{key}/experiments", Who::Member(Perm::Read), "/orgs/$org/products/$product/experiments"),
    ("/orgs/{org}/products/{key}/experiments/new", Who::Member(Perm::PlanWrite), "/orgs/$org/products/$product/experiments/new"),
    (
        "/orgs/{org}/products/{key}/experiments/power",
        Who::Member(Perm::Read),
        "/orgs/$org/products/$product/experiments/power?solve=units&mean=10",
    ),
    ("/orgs/{org}/products/{key}/experiments/{id}", Who::Member(Perm::Read), "/orgs/$org/products/$product/experiments/$trial"),
    (
        "/orgs/{org}/products/{key}/experiments/{id}/edit",
        Who::Member(Perm::PlanWrite),
        "/orgs/$org/products/$product/experiments/$draftTrial/edit",
    ),
    (
        "/orgs/{org}/products/{key}/experiments/{id}/variants",
        Who::Member(Perm::PlanWrite),
        "/orgs/$org/products/$product/experiments/$draftTrial/variants",
    ),
    (
        "/orgs/{org}/products/{key}/experiments/{id}/metrics/{metric}",
        Who::Member(Perm::PlanWrite),
        "/orgs/$org/products/$product/experiments/$draftTrial/metrics/$draftMetric",
    ),
    (
        "/orgs/{org}/products/{key}/experiments/{id}/results",
        Who::Member(Perm::Read),
        "/orgs/$org/products/$product/experiments/$trial/results",
    ),
    (
        "/orgs/{org}/products/{key}/experiments/{id}/results/{result}",
        Who::Member(Perm::WorkWrite),
        "/orgs/$org/products/$product/experiments/$trial/results/$measured",
    ),
    ("/orgs/{org}/search", Who::Member(Perm::Read), "/orgs/$org/search?q=t"),
];

/// These, and those of slices that list their own.
pub fn all() -> impl Iterator<Item = &'static (&'static str, Who, &'static str)> {
    PAGES.iter().chain(super::documents::PAGES)
}

/// Redirects away, to sign in or to where the page really is.
fn leads_on(status: StatusCode) -> bool {
    status.is_redirection()
}

#[test]
fn every_page_is_listed() {
    let listed: BTreeSet<String> = all().map(|(path, ..)| (*path).to_owned()).collect();
    let there: BTreeSet<String> =
        generate_route_list(App).iter().map(|route| route.path().to_owned()).filter(|path| !path.starts_with("/api/")).collect();
    assert_eq!(there, listed, "say in src/walk/pages.rs who may see each page");
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn each_page_is_shown_to_those_it_is_for(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    let (ours, theirs) = (World::new(&db, "acme").await, World::new(&db, "other").await);
    let app = router(db.state());
    let mut wrong = Vec::new();
    for (pattern, who, address) in all() {
        let (here, there) = (ours.fill(address), theirs.fill(address));
        let nobody = get(&app, None, &here).await;
        if (*who != Who::Anybody) != leads_on(nobody) {
            wrong.push(format!("nobody {pattern}: {nobody}"));
        }
        for role in ROLES {
            let user = Some(ours.member(role));
            let (own, foreign) = (get(&app, user, &here).await, get(&app, user, &there).await);
            // A link that nobody was sent is said to be none.
            let told = own.is_success() || leads_on(own) || (pattern.contains("{token}") && own == StatusCode::NOT_FOUND);
            let right = if who.includes(role) { told } else { own == StatusCode::FORBIDDEN };
            if !right {
                wrong.push(format!("{role:?} {pattern}: {own}"));
            }
            if matches!(who, Who::Member(_)) && foreign != StatusCode::NOT_FOUND {
                wrong.push(format!("{role:?} {pattern} of another organisation: {foreign}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Addresses that are neither pages nor server functions, with whom they are for.
const ROUTES: &[(&str, Who)] = &[
    ("/healthz", Who::Anybody),
    ("/readyz", Who::Anybody),
    // Whom it lets in, its own tests say.
    ("/metrics", Who::Anybody),
    ("/api/{*function}", Who::Anybody),
    ("/api/v1/openapi.json", Who::Anybody),
    ("/api/docs", Who::Anybody),
    // Where there is nothing; the routes of the API are walked in `rest`.
    ("/api/v1", Who::Anybody),
    ("/api/v1/{*rest}", Who::Anybody),
    // Whom they let in, their own tests say.
    ("/events", Who::Anybody),
    ("/events/at", Who::Anybody),
    ("/oidc/start", Who::Anybody),
    ("/oidc/callback", Who::Anybody),
    ("/images/{id}", Who::Anybody),
    ("/accent/{colour}", Who::Anybody),
    ("/account/image", Who::SignedIn),
    ("/orgs/{org}/settings/image", Who::Anybody),
    ("/orgs/{org}/products/{key}/transfer/upload", Who::Anybody),
    ("/orgs/{org}/products/{key}/kpis/{id}/points", Who::Anybody),
    ("/orgs/{org}/products/{key}/experiments/{id}/results/upload", Who::Anybody),
    ("/orgs/{org}/products/{key}/export/{file}", Who::Member(Perm::ProductWrite)),
    ("/p/{org}/{key}/changelog.atom", Who::Anybody),
    ("/orgs/{org}/audit/export.csv", Who::Member(Perm::OrgManage)),
    ("/orgs/{org}/audit/export.jsonl", Who::Member(Perm::OrgManage)),
];

#[test]
fn every_route_is_listed() {
    let sources = [
        include_str!("../server/serve.rs"),
        include_str!("../server/images.rs"),
        include_str!("../account/picture.rs"),
        include_str!("../org/logo.rs"),
        include_str!("../transfer/upload.rs"),
        include_str!("../goal/kpi/upload.rs"),
        include_str!("../experiment/upload.rs"),
        include_str!("../server/rest/mod.rs"),
    ];
    let routed = sources.iter().flat_map(|source| source.split(".route(\"").skip(1)).filter_map(|rest| rest.split('"').next());
    let there: BTreeSet<&str> = routed.collect();
    let listed: BTreeSet<&str> = ROUTES.iter().map(|(path, _)| *path).collect();
    assert_eq!(there.difference(&listed).collect::<Vec<_>>(), Vec::<&&str>::new(), "say in src/walk/pages.rs whom these are for");
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn each_route_of_an_organisation_is_for_those_it_is_for(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    let (ours, theirs) = (World::new(&db, "acme").await, World::new(&db, "other").await);
    let app = router(db.state());
    for (pattern, who) in ROUTES.iter().filter(|(_, who)| matches!(who, Who::Member(_))) {
        let address =
            |world: &World| world.fill(&pattern.replace("{org}", "$org").replace("{key}", "$product").replace("{file}", "ideas.csv"));
        let nobody = get(&app, None, &address(&ours)).await;
        assert!(nobody == StatusCode::UNAUTHORIZED || leads_on(nobody), "nobody {pattern}: {nobody}");
        for role in ROLES {
            let user = Some(ours.member(role));
            let expected = if who.includes(role) { StatusCode::OK } else { StatusCode::FORBIDDEN };
            assert_eq!(get(&app, user, &address(&ours)).await, expected, "{role:?} {pattern}");
            assert_eq!(get(&app, user, &address(&theirs)).await, StatusCode::NOT_FOUND, "{role:?} {pattern} of another organisation");
        }
    }
}

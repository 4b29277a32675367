//! Every form that changes something, open in two places at once.

use axum::Router;
use http::header::{ACCEPT, CONTENT_TYPE};
use http::{Request, StatusCode};
use serde_json::{Value, json};
use server_fn::ServerFn;
use sqlx::PgPool;

use super::world::World;
use super::{answer, body};
use crate::kernel::error::AppError;
use crate::kernel::version::Stale;
use crate::server::serve::router;
use crate::testing::{TestDb, TestUser};
use crate::{account, discuss, feature, goal, idea, member, org, product, release, task, team, webhook};

/// A form for changing something.
pub struct Form {
    /// The address of its page, in words of a world.
    pub page: &'static str,
    pub path: &'static str,
    /// What goes with it beside its fields.
    pub ids: Value,
    /// The field that everybody changes.
    pub field: &'static str,
    /// All fields, with this in that one.
    pub fields: fn(&str) -> Value,
    /// What the first person writes, the second, both together, and two more at the same moment.
    pub values: [&'static str; 5],
}

pub const TEXTS: [&str; 5] = ["As Ada has it", "As Bob has it", "As both have it", "As Cleo has it", "As Dan has it"];

/// The form in a world, as one person sees it.
struct Desk<'a> {
    app: Router,
    world: &'a World,
    form: Form,
}

impl Desk<'_> {
    fn user(&self) -> Option<&TestUser> {
        Some(&self.world.admin)
    }

    /// The page with the form.
    async fn page(&self) -> String {
        let request = Request::get(self.world.fill(self.form.page)).header(ACCEPT, "text/html");
        let (status, html) = answer(&self.app, self.user(), request, String::new()).await;
        assert_eq!(status, StatusCode::OK, "{}", self.form.page);
        html
    }

    /// The version that the form on the page goes with.
    fn version(&self, html: &str) -> String {
        let form = html.split(&format!("action=\"{}\"", self.form.path)).nth(1).expect("the page has the form");
        let form = form.split("</form>").next().unwrap();
        let version = form.split("name=\"version\" value=\"").nth(1).expect("the form has a version");
        version.split('"').next().unwrap().to_owned()
    }

    async fn seen(&self) -> String {
        self.version(&self.page().await)
    }

    /// Sends the form as a script would, or as a browser does by itself.
    async fn send(&self, version: &str, value: &str, accept: &str) -> (StatusCode, String) {
        let mut arguments = self.form.ids.clone();
        arguments["version"] = json!(version);
        arguments["form"] = (self.form.fields)(value);
        arguments["page"] = json!(self.form.page);
        let (kind, body) = body(false, &self.world.arguments(&arguments, None));
        let request = Request::post(self.form.path).header(ACCEPT, accept).header(CONTENT_TYPE, kind);
        answer(&self.app, self.user(), request, body).await
    }

    async fn save(&self, version: &str, value: &str) -> Result<(), Stale> {
        let (status, told) = self.send(version, value, "application/json").await;
        if status == StatusCode::CONFLICT
            && let Ok(AppError::Stale(stale)) = serde_json::from_str(&told)
        {
            return Err(stale);
        }
        assert!(status.is_success() || status.is_redirection(), "{}: {status} {told}", self.form.path);
        Ok(())
    }
}

/// Two people have read the same; the second to save is shown what the first has saved, loses nothing, and merges.
pub async fn two_people(pool: &PgPool, form: Form) {
    let db = TestDb::new(pool).await;
    let world = World::new(&db, "acme").await;
    let desk = Desk { app: router(db.state()), world: &world, form };
    let (field, [first, second, merged, third, fourth]) = (desk.form.field, desk.form.values);

    let seen = desk.seen().await;
    desk.save(&seen, first).await.unwrap();
    let stale = desk.save(&seen, second).await.unwrap_err();
    assert_eq!(stale.saved(field), Some(first), "{}", desk.form.path);
    assert_eq!(desk.save("", second).await.unwrap_err(), stale, "nor does a form that does not say what it was filled from");
    assert_eq!(desk.seen().await, stale.version, "what the first has saved is still there");

    // Without scripts the form comes back as it was typed, beside what is saved, and with the new version.
    let (status, html) = desk.send(&seen, second, "text/html").await;
    assert_eq!(status, StatusCode::CONFLICT, "{}", desk.form.path);
    assert!(html.contains("Saved now:") && html.contains(first) && html.contains(second), "{}: {html}", desk.form.path);
    assert_eq!(desk.version(&html), stale.version);

    desk.save(&stale.version, merged).await.unwrap();
    let merged_in = desk.seen().await;
    assert_ne!(merged_in, stale.version);
    desk.save(&seen, merged).await.unwrap();
    assert_eq!(desk.seen().await, merged_in, "what is saved already is saved again in peace");

    // Two at the same moment, each on a connection of its own.
    let (one, other) = tokio::join!(desk.save(&merged_in, third), desk.save(&merged_in, fourth));
    let (loser, winner) = match (one, other) {
        (Ok(()), Err(stale)) => (stale, third),
        (Err(stale), Ok(())) => (stale, fourth),
        both => panic!("{}: one of them wins: {both:?}", desk.form.path),
    };
    assert_eq!(loser.saved(field), Some(winner), "{}", desk.form.path);
}

fn named(name: &str) -> Value {
    json!({ "name": name, "slug": "$org", "locale": "en" })
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn an_idea(pool: PgPool) {
    let form = Form {
        page: "/orgs/$org/products/$product/ideas/$idea/edit",
        path: idea::api::UpdateIdea::PATH,
        ids: json!({ "org": "$org", "id": "$idea" }),
        field: "description",
        fields: |text| json!({ "title": "T", "description": text, "tags": "ios, web" }),
        values: ["Line one\nof Ada", "Line one\nof Bob", "Lines\n\nof both", "Of Cleo", "Of Dan"],
    };
    two_people(&pool, form).await;
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn an_ideas_tags(pool: PgPool) {
    let form = Form {
        page: "/orgs/$org/products/$product/ideas/$idea/edit",
        path: idea::api::UpdateIdea::PATH,
        ids: json!({ "org": "$org", "id": "$idea" }),
        field: "tags",
        fields: |tags| json!({ "title": "T", "description": "", "tags": tags }),
        values: ["ios, ada", "ios, bob", "ios, ada, bob", "cleo", "dan"],
    };
    two_people(&pool, form).await;
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn an_ideas_scores(pool: PgPool) {
    let form = Form {
        page: "/orgs/$org/products/$product/ideas/$idea",
        path: idea::api::ScoreIdea::PATH,
        ids: json!({ "org": "$org", "id": "$idea" }),
        field: "reach",
        fields: |reach| json!({ "priority": 1, "reach": reach, "impact": 1, "confidence": 1, "effort": 1 }),
        values: ["1201", "1302", "1250", "77", "88"],
    };
    two_people(&pool, form).await;
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn a_comment(pool: PgPool) {
    let form = Form {
        page: "/orgs/$org/products/$product/ideas/$idea?change=$comment",
        path: discuss::api::ChangeComment::PATH,
        ids: json!({ "org": "$org", "subject": "Idea", "id": "$comment" }),
        field: "changed",
        fields: |text| json!({ "changed": text }),
        values: TEXTS,
    };
    two_people(&pool, form).await;
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn a_feature(pool: PgPool) {
    let form = Form {
        page: "/orgs/$org/products/$product/features/$feature/edit",
        path: feature::api::UpdateFeature::PATH,
        ids: json!({ "org": "$org", "id": "$feature" }),
        field: "acceptance_criteria",
        fields: |criteria| json!({ "title": "T", "acceptance_criteria": criteria, "priority": "HIGH", "story_points": "5" }),
        values: TEXTS,
    };
    two_people(&pool, form).await;
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn a_product(pool: PgPool) {
    let form = Form {
        page: "/orgs/$org/products/$product/settings",
        path: product::api::UpdateProduct::PATH,
        ids: json!({ "org": "$org", "key": "$product" }),
        field: "vision",
        fields: |vision| json!({ "name": "Rocket", "key": "$product", "vision": vision }),
        values: TEXTS,
    };
    two_people(&pool, form).await;
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn the_exit_criteria_of_a_stage(pool: PgPool) {
    let form = Form {
        page: "/orgs/$org/lifecycle/criteria?stage=GROWTH",
        path: product::lifecycle::api::UpdateCriteria::PATH,
        ids: json!({ "org": "$org", "stage": "GROWTH" }),
        field: "criteria",
        fields: |criteria| json!({ "criteria": criteria }),
        values: TEXTS,
    };
    two_people(&pool, form).await;
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn the_end_of_a_product(pool: PgPool) {
    let form = Form {
        page: "/orgs/$org/products/$product/lifecycle?to=SUNSET",
        path: product::lifecycle::api::MoveProduct::PATH,
        ids: json!({ "org": "$org", "key": "$product", "stage": "SUNSET" }),
        field: "sunset_plan",
        fields: |plan| json!({ "confirmed": "on", "reason": "R", "end_of_life": "2027-03-31", "sunset_plan": plan }),
        values: TEXTS,
    };
    two_people(&pool, form).await;
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn a_team(pool: PgPool) {
    let form = Form {
        page: "/orgs/$org/teams/$team/settings",
        path: team::api::UpdateTeam::PATH,
        ids: json!({ "org": "$org", "team": "$team" }),
        field: "name",
        fields: |name| json!({ "name": name, "slug": "$team" }),
        values: TEXTS,
    };
    two_people(&pool, form).await;
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn a_member(pool: PgPool) {
    let form = Form {
        page: "/orgs/$org/members/$member",
        path: member::api::UpdateMember::PATH,
        ids: json!({ "org": "$org", "id": "$member" }),
        field: "role",
        fields: |role| json!({ "role": role, "team": "" }),
        values: ["DESIGNER", "STAKEHOLDER", "PRODUCT_MANAGER", "DEVELOPER", "ADMIN"],
    };
    two_people(&pool, form).await;
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn an_organisation(pool: PgPool) {
    let form = Form {
        page: "/orgs/$org/settings",
        path: org::api::UpdateOrg::PATH,
        ids: json!({ "org": "$org" }),
        field: "name",
        fields: named,
        values: TEXTS,
    };
    two_people(&pool, form).await;
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn ones_own_profile(pool: PgPool) {
    let form = Form {
        page: "/account",
        path: account::api::profile::UpdateProfile::PATH,
        ids: json!({}),
        field: "name",
        fields: named,
        values: TEXTS,
    };
    two_people(&pool, form).await;
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn an_epic(pool: PgPool) {
    let form = Form {
        page: "/orgs/$org/products/$product/epics/$epic/edit",
        path: feature::epic::api::UpdateEpic::PATH,
        ids: json!({ "org": "$org", "id": "$epic" }),
        field: "description",
        fields: |text| json!({ "title": "T", "description": text, "start_date": "2026-11-02", "end_date": "" }),
        values: TEXTS,
    };
    two_people(&pool, form).await;
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn a_task(pool: PgPool) {
    let form = Form {
        page: "/orgs/$org/products/$product/tasks/$task/edit",
        path: task::api::UpdateTask::PATH,
        ids: json!({ "org": "$org", "id": "$task" }),
        field: "title",
        fields: |text| json!({ "title": text, "feature": "$feature", "priority": "LOW", "due": "2026-11-23" }),
        values: TEXTS,
    };
    two_people(&pool, form).await;
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn a_release(pool: PgPool) {
    let form = Form {
        page: "/orgs/$org/products/$product/releases/$release/edit",
        path: release::api::UpdateRelease::PATH,
        ids: json!({ "org": "$org", "id": "$release" }),
        field: "name",
        fields: |text| json!({ "name": text, "version": "7.0.0", "kind": "MAJOR", "target_date": "2026-11-23" }),
        values: TEXTS,
    };
    two_people(&pool, form).await;
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn a_kpi(pool: PgPool) {
    let form = Form {
        page: "/orgs/$org/products/$product/kpis/$kpi/edit",
        path: goal::kpi::api::UpdateKpi::PATH,
        ids: json!({ "org": "$org", "id": "$kpi" }),
        field: "description",
        fields: |text| json!({ "name": "K", "target": "40.5", "unit": "%", "frequency": "WEEKLY", "description": text }),
        values: TEXTS,
    };
    two_people(&pool, form).await;
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn a_value_of_a_kpi(pool: PgPool) {
    let form = Form {
        page: "/orgs/$org/products/$product/kpis/$kpi/points/$kpiPoint",
        path: goal::kpi::api::point::UpdateKpiPoint::PATH,
        ids: json!({ "org": "$org", "id": "$kpiPoint" }),
        field: "value",
        fields: |value| json!({ "date": "2026-01-01", "value": value }),
        values: ["1201.5", "1302.5", "1250.5", "77.5", "88.5"],
    };
    two_people(&pool, form).await;
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn an_item_of_a_launch_checklist(pool: PgPool) {
    let form = Form {
        page: "/orgs/$org/products/$product/releases/$release/checklist/$checkitem",
        path: release::api::checklist::UpdateChecklistItem::PATH,
        ids: json!({ "org": "$org", "id": "$checkitem" }),
        field: "item",
        fields: |text| json!({ "item": text, "required": "on" }),
        values: TEXTS,
    };
    two_people(&pool, form).await;
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn an_entry_of_a_changelog(pool: PgPool) {
    let form = Form {
        page: "/orgs/$org/products/$product/releases/$release/changelog/$change",
        path: release::api::changelog::UpdateChange::PATH,
        ids: json!({ "org": "$org", "id": "$change" }),
        field: "text",
        fields: |text| json!({ "entry": "T", "text": text, "kind": "FIXED", "published": "on" }),
        values: TEXTS,
    };
    two_people(&pool, form).await;
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn a_webhook(pool: PgPool) {
    let form = Form {
        page: "/orgs/$org/webhooks/$webhook",
        path: webhook::api::UpdateWebhook::PATH,
        ids: json!({ "org": "$org", "id": "$webhook" }),
        field: "name",
        fields: |text| json!({ "name": text, "url": "https://example.test/hook", "groups": ["idea.*"], "events": "product.created" }),
        values: TEXTS,
    };
    two_people(&pool, form).await;
}

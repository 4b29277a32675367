//! Whom each route of the API is for, and what is sent to it. In the order of the slices.

mod boards;
mod measures;
mod writing;

use http::StatusCode;
use serde_json::{Value, json};

use crate::kernel::role::Perm;
use crate::server::id::new_id;
use crate::walk::world::World;

/// One route. Words such as `$idea` stand for what a world has there.
pub struct Route {
    pub method: &'static str,
    /// Below `/api/v1`.
    pub path: &'static str,
    /// The names of its parts.
    parts: &'static [&'static str],
    pub perm: Perm,
    pub body: Value,
    /// What those get who may.
    pub done: StatusCode,
    /// Whether only its author may do it.
    pub own: bool,
}

impl Route {
    /// Its address in the specification.
    pub fn pattern(&self) -> String {
        let mut names = self.parts.iter();
        // What begins with a digit stands for itself, a quarter or the number of a version; and so does a word in capitals, a stage.
        let named = |step: &str| step.starts_with(|c: char| c == '$' || c.is_ascii_digit() || c.is_ascii_uppercase());
        let part = |step: &str| if named(step) { format!("{{{}}}", names.next().unwrap()) } else { step.to_owned() };
        let steps: Vec<String> = self.path.split('?').next().unwrap().split('/').map(part).collect();
        format!("/api/v1{}", steps.join("/"))
    }

    /// Whether it names this word.
    pub fn names(&self, word: &str) -> bool {
        let path = self.path.split(['/', '?']).any(|step| step == word);
        path || self.body.to_string().contains(&format!("\"{word}\""))
    }

    /// The way to this word in its body, as in `outcomes/0/okrId`.
    pub fn field(&self, word: &str) -> Option<String> {
        way(&self.body, word)
    }

    /// Its address and its body in a world, with one word from elsewhere.
    pub fn filled(&self, world: &World, elsewhere: Option<(&str, &str)>) -> (String, String) {
        let mut path = format!("/api/v1{}", self.path);
        let mut body = if self.body.is_null() { String::new() } else { self.body.to_string() };
        if let Some((word, name)) = elsewhere {
            path = path.split('/').map(|step| if step == word { name } else { step }).collect::<Vec<_>>().join("/");
            body = body.replace(&format!("\"{word}\""), &format!("\"{name}\""));
        }
        (world.fill(&path), world.fill(&body))
    }

    fn gives(self, done: StatusCode) -> Route {
        Route { done, ..self }
    }

    fn by_its_author(self) -> Route {
        Route { own: true, ..self }
    }
}

fn way(value: &Value, word: &str) -> Option<String> {
    let below = |(step, value): (String, &Value)| match value == word {
        true => Some(step),
        false => way(value, word).map(|rest| format!("{step}/{rest}")),
    };
    match value {
        Value::Object(fields) => fields.iter().map(|(name, value)| (name.clone(), value)).find_map(below),
        Value::Array(items) => items.iter().enumerate().map(|(at, value)| (at.to_string(), value)).find_map(below),
        _ => None,
    }
}

fn route(method: &'static str, path: &'static str, parts: &'static [&'static str], perm: Perm, body: Value) -> Route {
    let done = match method {
        "PUT" | "DELETE" => StatusCode::NO_CONTENT,
        _ => StatusCode::OK,
    };
    Route { method, path, parts, perm, body, done, own: false }
}

fn get(path: &'static str, parts: &'static [&'static str], perm: Perm) -> Route {
    route("GET", path, parts, perm, Value::Null)
}

fn create(path: &'static str, parts: &'static [&'static str], perm: Perm, body: Value) -> Route {
    route("POST", path, parts, perm, body).gives(StatusCode::CREATED)
}

fn post(path: &'static str, parts: &'static [&'static str], perm: Perm, body: Value) -> Route {
    route("POST", path, parts, perm, body)
}

fn patch(path: &'static str, parts: &'static [&'static str], perm: Perm, body: Value) -> Route {
    route("PATCH", path, parts, perm, body)
}

fn put(path: &'static str, parts: &'static [&'static str], perm: Perm) -> Route {
    route("PUT", path, parts, perm, Value::Null)
}

fn delete(path: &'static str, parts: &'static [&'static str], perm: Perm) -> Route {
    route("DELETE", path, parts, perm, Value::Null)
}

const O: &[&str] = &["org"];
const OI: &[&str] = &["org", "id"];
const OT: &[&str] = &["org", "team"];
const OS: &[&str] = &["org", "stage"];
const OK: &[&str] = &["org", "key"];
const OKI: &[&str] = &["org", "key", "id"];

pub fn routes() -> Vec<Route> {
    let mut routes = org();
    routes.extend(ideas());
    routes.extend(work());
    routes.extend(boards::routes());
    routes.extend(releases());
    routes.extend(measures::routes());
    routes.extend(writing::routes());
    routes
}

fn org() -> Vec<Route> {
    use Perm::{OrgManage, ProductWrite, Read};
    let email = format!("{}@new.test", new_id());
    vec![
        get("/me", &[], Read),
        get("/orgs/$org/tokens", O, OrgManage),
        get("/orgs/$org/tokens/$token", OI, OrgManage),
        delete("/orgs/$org/tokens/$token", OI, OrgManage),
        get("/orgs/$org", O, OrgManage),
        patch("/orgs/$org", O, OrgManage, json!({ "description": "D", "wsjf": true })),
        get("/orgs/$org/members", O, Read),
        get("/orgs/$org/members/$member", OI, Read),
        patch("/orgs/$org/members/$member", OI, OrgManage, json!({ "role": "DESIGNER" })),
        delete("/orgs/$org/members/$member", OI, OrgManage),
        get("/orgs/$org/invitations", O, OrgManage),
        create("/orgs/$org/invitations", O, OrgManage, json!({ "email": email, "role": "DESIGNER" })),
        post("/orgs/$org/invitations/$invitation/resend", OI, OrgManage, Value::Null),
        delete("/orgs/$org/invitations/$invitation", OI, OrgManage),
        get("/orgs/$org/teams", O, Read),
        create("/orgs/$org/teams", O, OrgManage, json!({ "name": format!("T {}", new_id()) })),
        get("/orgs/$org/teams/$team", OT, Read),
        patch("/orgs/$org/teams/$team", OT, OrgManage, json!({ "description": "D" })),
        delete("/orgs/$org/teams/$team", OT, OrgManage),
        post("/orgs/$org/teams/$deadTeam/restore", OT, OrgManage, Value::Null),
        put("/orgs/$org/teams/$team/members/$member", &["org", "team", "member"], OrgManage),
        delete("/orgs/$org/teams/$team/members/$inTeam", &["org", "team", "member"], OrgManage),
        put("/orgs/$org/teams/$team/products/$freeProduct", &["org", "team", "product"], OrgManage),
        delete("/orgs/$org/teams/$team/products/$ofTeam", &["org", "team", "product"], OrgManage),
        get("/orgs/$org/products", O, Read),
        create("/orgs/$org/products", O, ProductWrite, json!({ "name": "Brand new" })),
        get("/orgs/$org/products/$product", OK, Read),
        patch("/orgs/$org/products/$product", OK, ProductWrite, json!({ "vision": "V" })),
        delete("/orgs/$org/products/$product", OK, ProductWrite),
        post("/orgs/$org/products/$bin/restore", OK, ProductWrite, Value::Null),
        post("/orgs/$org/products/$product/lifecycle", OK, ProductWrite, json!({ "stage": "DISCOVERY", "reason": "R" })),
        get("/orgs/$org/products/$product/criteria", OK, Read),
        post(
            "/orgs/$org/products/$product/criteria",
            OK,
            ProductWrite,
            json!({ "criterion": crate::product::model::Lifecycle::Ideation.default_criteria()[0], "met": true }),
        ),
        get("/orgs/$org/lifecycle-criteria", O, Read),
        get("/orgs/$org/lifecycle-criteria/GROWTH", OS, Read),
        patch("/orgs/$org/lifecycle-criteria/GROWTH", OS, ProductWrite, json!({ "criteria": ["C"] })),
        get("/orgs/$org/search?q=t", O, Read),
        get("/orgs/$org/audit-log", O, OrgManage),
        get("/orgs/$org/my-work", O, Read),
    ]
}

fn ideas() -> Vec<Route> {
    use Perm::{FeedbackSubmit, IdeaDiscuss, IdeaReview, IdeaWrite, Publish, Read};
    vec![
        get("/orgs/$org/products/$product/ideas", OK, Read),
        create("/orgs/$org/products/$product/ideas", OK, IdeaWrite, json!({ "title": "T" })),
        get("/orgs/$org/products/$product/ideas/$idea", OKI, Read),
        // The idea is somebody else's: to change one's own needs less.
        patch("/orgs/$org/products/$product/ideas/$idea", OKI, IdeaWrite, json!({ "title": "U" })).by_its_author(),
        delete("/orgs/$org/products/$product/ideas/$idea", OKI, IdeaWrite).by_its_author(),
        post("/orgs/$org/products/$product/ideas/$idea/restore", OKI, IdeaWrite, Value::Null).by_its_author(),
        post("/orgs/$org/products/$product/ideas/$idea/status", OKI, IdeaReview, json!({ "status": "UNDER_REVIEW" })),
        post("/orgs/$org/products/$product/ideas/$idea/merge", OKI, IdeaReview, json!({ "intoId": "$twin" })),
        post("/orgs/$org/products/$product/ideas/bulk", OK, IdeaReview, json!({ "ids": ["$idea"], "action": "add_tag", "tag": "t" })),
        // Made by somebody else, which nobody can undo.
        post("/orgs/$org/products/$product/ideas/bulk/$bulk/undo", &["org", "key", "bulk"], IdeaReview, Value::Null)
            .gives(StatusCode::NOT_FOUND),
        get("/orgs/$org/products/$product/saved-views", OK, Read),
        create("/orgs/$org/products/$product/saved-views", OK, IdeaDiscuss, json!({ "name": format!("V {}", new_id()), "sort": "votes" })),
        get("/orgs/$org/products/$product/saved-views/$view", OKI, Read),
        // The view is shared and somebody else's: a reviewer may change it.
        patch("/orgs/$org/products/$product/saved-views/$view", OKI, IdeaDiscuss, json!({ "tag": "t" })).by_its_author(),
        delete("/orgs/$org/products/$product/saved-views/$view", OKI, IdeaDiscuss).by_its_author(),
        put("/orgs/$org/products/$product/ideas/$idea/vote", OKI, IdeaDiscuss),
        delete("/orgs/$org/products/$product/ideas/$idea/vote", OKI, IdeaDiscuss),
        get("/orgs/$org/products/$product/ideas/$idea/comments", OKI, Read),
        create("/orgs/$org/products/$product/ideas/$idea/comments", OKI, IdeaDiscuss, json!({ "body": "C" })),
        get("/orgs/$org/products/$product/ideas/$idea/comments/$comment", OKC, Read),
        patch("/orgs/$org/products/$product/ideas/$idea/comments/$comment", OKC, IdeaDiscuss, json!({ "body": "D" }))
            .gives(StatusCode::FORBIDDEN),
        delete("/orgs/$org/products/$product/ideas/$idea/comments/$comment", OKC, IdeaDiscuss).by_its_author(),
        get("/orgs/$org/products/$product/features/$feature/comments", OKI, Read),
        create("/orgs/$org/products/$product/features/$feature/comments", OKI, IdeaDiscuss, json!({ "body": "C" })),
        get("/orgs/$org/products/$product/features/$feature/comments/$ofFeature", OKC, Read),
        patch("/orgs/$org/products/$product/features/$feature/comments/$ofFeature", OKC, IdeaDiscuss, json!({ "body": "D" }))
            .gives(StatusCode::FORBIDDEN),
        delete("/orgs/$org/products/$product/features/$feature/comments/$ofFeature", OKC, IdeaDiscuss).by_its_author(),
        get("/orgs/$org/products/$product/tasks/$task/comments", OKI, Read),
        create("/orgs/$org/products/$product/tasks/$task/comments", OKI, IdeaDiscuss, json!({ "body": "C" })),
        get("/orgs/$org/products/$product/tasks/$task/comments/$saidOfTask", OKC, Read),
        patch("/orgs/$org/products/$product/tasks/$task/comments/$saidOfTask", OKC, IdeaDiscuss, json!({ "body": "D" }))
            .gives(StatusCode::FORBIDDEN),
        delete("/orgs/$org/products/$product/tasks/$task/comments/$saidOfTask", OKC, IdeaDiscuss).by_its_author(),
        get("/orgs/$org/products/$product/feedback", OK, Read),
        create("/orgs/$org/products/$product/feedback", OK, FeedbackSubmit, json!({ "title": "T", "userEmail": "a@b.test" })),
        get("/orgs/$org/products/$product/feedback/$feedback", OKI, Read),
        patch("/orgs/$org/products/$product/feedback/$feedback", OKI, Publish, json!({ "status": "PLANNED" })),
        delete("/orgs/$org/products/$product/feedback/$feedback", OKI, Publish),
        post("/orgs/$org/products/$product/feedback/$feedback/restore", OKI, Publish, Value::Null),
        put("/orgs/$org/products/$product/feedback/$feedback/ideas/$idea", &["org", "key", "id", "idea"], Publish),
        delete("/orgs/$org/products/$product/feedback/$asking/ideas/$idea", &["org", "key", "id", "idea"], Publish),
        post("/orgs/$org/products/$product/feedback/$feedback/ideas", OKI, IdeaWrite, Value::Null),
        get("/orgs/$org/products/$product/ideas/$idea/feedback", OKI, Read),
    ]
}

const OKC: &[&str] = &["org", "key", "id", "comment"];
const OKF: &[&str] = &["org", "key", "id", "feature"];
const OKB: &[&str] = &["org", "key", "id", "blocker"];

fn work() -> Vec<Route> {
    use Perm::{FeatureWrite, IdeaReview, PlanWrite, Read, WorkWrite};
    let feature = json!({ "title": "T", "epicId": "$epic", "assigneeId": "$person" });
    let task = json!({ "title": "T", "featureId": "$feature", "assigneeId": "$person", "dueDate": "2026-11-23" });
    vec![
        get("/orgs/$org/products/$product/epics", OK, Read),
        create("/orgs/$org/products/$product/epics", OK, PlanWrite, json!({ "title": "T" })),
        get("/orgs/$org/products/$product/epics/$epic", OKI, Read),
        patch("/orgs/$org/products/$product/epics/$epic", OKI, PlanWrite, json!({ "title": "U" })),
        delete("/orgs/$org/products/$product/epics/$epic", OKI, PlanWrite),
        post("/orgs/$org/products/$product/epics/$epic/restore", OKI, PlanWrite, Value::Null),
        post("/orgs/$org/products/$product/epics/$epic/status", OKI, PlanWrite, json!({ "status": "IN_PROGRESS" })),
        put("/orgs/$org/products/$product/epics/$epic/features/$feature", OKF, FeatureWrite),
        delete("/orgs/$org/products/$product/epics/$epic/features/$feature", OKF, FeatureWrite),
        get("/orgs/$org/products/$product/features", OK, Read),
        create("/orgs/$org/products/$product/features", OK, FeatureWrite, feature.clone()),
        get("/orgs/$org/products/$product/features/$feature", OKI, Read),
        patch("/orgs/$org/products/$product/features/$feature", OKI, FeatureWrite, feature),
        delete("/orgs/$org/products/$product/features/$feature", OKI, FeatureWrite),
        post("/orgs/$org/products/$product/features/$feature/restore", OKI, FeatureWrite, Value::Null),
        post("/orgs/$org/products/$product/features/$feature/status", OKI, FeatureWrite, json!({ "status": "DONE" })),
        post("/orgs/$org/products/$product/features/$feature/criteria", OKI, FeatureWrite, json!({ "line": 0, "ticked": true })),
        get("/orgs/$org/products/$product/features/$feature/ideas", OKI, Read),
        get("/orgs/$org/products/$product/features/$feature/dependencies", OKI, Read),
        put("/orgs/$org/products/$product/features/$feature/blockers/$inEpic", OKB, FeatureWrite),
        delete("/orgs/$org/products/$product/features/$feature/blockers/$blocker", OKB, FeatureWrite),
        post("/orgs/$org/products/$product/ideas/$approved/convert", OKI, IdeaReview, json!({ "titles": ["T", "U"] })),
        get("/orgs/$org/products/$product/ideas/$idea/features", OKI, Read),
        get("/orgs/$org/products/$product/tasks", OK, Read),
        create("/orgs/$org/products/$product/tasks", OK, WorkWrite, task.clone()),
        get("/orgs/$org/products/$product/tasks/$task", OKI, Read),
        patch("/orgs/$org/products/$product/tasks/$task", OKI, WorkWrite, task),
        delete("/orgs/$org/products/$product/tasks/$task", OKI, WorkWrite),
        post("/orgs/$org/products/$product/tasks/$task/restore", OKI, WorkWrite, Value::Null),
        post("/orgs/$org/products/$product/tasks/$task/status", OKI, WorkWrite, json!({ "status": "IN_REVIEW" })),
        post("/orgs/$org/products/$product/features/bulk", OK, FeatureWrite, json!({ "ids": ["$feature"], "status": "TESTING" })),
        post("/orgs/$org/products/$product/tasks/bulk", OK, WorkWrite, json!({ "ids": ["$task"], "priority": "LOW" })),
    ]
}

const OKT: &[&str] = &["org", "key", "id", "item"];
const OKE: &[&str] = &["org", "key", "id", "entry"];

fn releases() -> Vec<Route> {
    use Perm::{PlanWrite, ProductWrite, Read, WorkWrite};
    let version = format!("3.0.0-{}", new_id());
    let template = json!({ "name": "T $tplitem", "items": [{ "title": "T", "daysBefore": 3 }] });
    vec![
        get("/orgs/$org/products/$product/releases", OK, Read),
        create("/orgs/$org/products/$product/releases", OK, PlanWrite, json!({ "version": version })),
        get("/orgs/$org/products/$product/releases/$release", OKI, Read),
        patch("/orgs/$org/products/$product/releases/$release", OKI, PlanWrite, json!({ "version": "1.0.1" })),
        delete("/orgs/$org/products/$product/releases/$release", OKI, PlanWrite),
        post("/orgs/$org/products/$product/releases/$outRelease/restore", OKI, PlanWrite, Value::Null),
        post("/orgs/$org/products/$product/releases/$release/status", OKI, PlanWrite, json!({ "status": "IN_PROGRESS" })),
        get("/orgs/$org/products/$product/releases/$release/features", OKI, Read),
        put("/orgs/$org/products/$product/releases/$release/features/$feature", OKF, PlanWrite),
        delete("/orgs/$org/products/$product/releases/$release/features/$linked", OKF, PlanWrite),
        get("/orgs/$org/products/$product/releases/$release/checklist", OKI, Read),
        create(
            "/orgs/$org/products/$product/releases/$release/checklist",
            OKI,
            PlanWrite,
            json!({ "title": "T", "assigneeId": "$person" }),
        ),
        get("/orgs/$org/products/$product/releases/$release/checklist/$checkitem", OKT, Read),
        patch("/orgs/$org/products/$product/releases/$release/checklist/$checkitem", OKT, PlanWrite, json!({ "title": "U" })),
        delete("/orgs/$org/products/$product/releases/$release/checklist/$checkitem", OKT, PlanWrite),
        put("/orgs/$org/products/$product/releases/$release/checklist/$checkitem/tick", OKT, WorkWrite),
        delete("/orgs/$org/products/$product/releases/$release/checklist/$checkitem/tick", OKT, WorkWrite),
        post("/orgs/$org/products/$product/releases/$release/checklist/apply", OKI, PlanWrite, json!({ "templateId": "$template" })),
        get("/orgs/$org/checklist-templates", O, Read),
        create("/orgs/$org/checklist-templates", O, PlanWrite, template),
        get("/orgs/$org/checklist-templates/$template", OI, Read),
        delete("/orgs/$org/checklist-templates/$template", OI, PlanWrite),
        post("/orgs/$org/checklist-templates/$template/items", OI, PlanWrite, json!({ "title": "U" })),
        delete("/orgs/$org/checklist-templates/$template/items/$tplitem", &["org", "id", "item"], PlanWrite),
        get("/orgs/$org/products/$product/releases/$release/changelog", OKI, Read),
        create("/orgs/$org/products/$product/releases/$release/changelog", OKI, PlanWrite, json!({ "title": "T" })),
        get("/orgs/$org/products/$product/releases/$release/changelog/$change", OKE, Read),
        patch("/orgs/$org/products/$product/releases/$release/changelog/$change", OKE, PlanWrite, json!({ "published": true })),
        delete("/orgs/$org/products/$product/releases/$release/changelog/$change", OKE, PlanWrite),
        post("/orgs/$org/products/$product/releases/$release/changelog/draft", OKI, PlanWrite, Value::Null),
        put("/orgs/$org/products/$product/public-changelog", OK, ProductWrite),
        delete("/orgs/$org/products/$product/public-changelog", OK, ProductWrite),
    ]
}

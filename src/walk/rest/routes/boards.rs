//! Boards, tables, references, and what is asked of them and of plans.

use serde_json::json;

use super::{O, OK, OKI, Route, get, patch, post};
use crate::kernel::role::Perm::{FeatureWrite, IdeaReview, ProductWrite, Read, WorkWrite};

pub fn routes() -> Vec<Route> {
    let table = json!({ "kind": "TASKS", "csv": "Name\nT\n", "mapping": { "title": "Name" } });
    let power = json!({ "kind": "PROPORTION", "mean": 0.1, "effect": 0.1, "power": 0.8 });
    vec![
        post("/orgs/$org/products/$product/ideas/$idea/place", OKI, IdeaReview, json!({ "beforeId": "$twin" })),
        post("/orgs/$org/products/$product/features/$feature/place", OKI, FeatureWrite, json!({ "afterId": "$inEpic" })),
        post("/orgs/$org/products/$product/tasks/$task/place", OKI, WorkWrite, json!({ "status": "TODO", "afterId": "$card" })),
        get("/orgs/$org/products/$product/boards/ideas", OK, Read),
        get("/orgs/$org/products/$product/boards/ideas/cards?status=SUBMITTED", OK, Read),
        get("/orgs/$org/products/$product/boards/features", OK, Read),
        get("/orgs/$org/products/$product/boards/features/cards?status=BACKLOG", OK, Read),
        get("/orgs/$org/products/$product/boards/features/limits", OK, Read),
        patch("/orgs/$org/products/$product/boards/features/limits", OK, ProductWrite, json!({ "TESTING": 3 })),
        get("/orgs/$org/products/$product/boards/tasks", OK, Read),
        get("/orgs/$org/products/$product/boards/tasks/cards?status=TODO", OK, Read),
        get("/orgs/$org/products/$product/boards/tasks/limits", OK, Read),
        patch("/orgs/$org/products/$product/boards/tasks/limits", OK, ProductWrite, json!({ "TODO": 3 })),
        get("/orgs/$org/products/$product/export/ideas.csv", OK, ProductWrite),
        get("/orgs/$org/products/$product/export/feedback.csv", OK, ProductWrite),
        get("/orgs/$org/products/$product/export/features.csv", OK, ProductWrite),
        get("/orgs/$org/products/$product/export/tasks.csv", OK, ProductWrite),
        get("/orgs/$org/products/$product/imports", OK, WorkWrite),
        post("/orgs/$org/products/$product/imports", OK, WorkWrite, table),
        // It is of ideas, for which more is needed.
        get("/orgs/$org/products/$product/imports/$import", OKI, WorkWrite).by_its_author(),
        get("/orgs/$org/references/$reference", &["org", "reference"], Read),
        get("/orgs/$org/history?entityType=Idea&entityId=$idea", O, Read),
        get("/orgs/$org/products/$product/public-changelog", OK, Read),
        post("/orgs/$org/products/$product/experiments/power", OK, Read, power),
    ]
}

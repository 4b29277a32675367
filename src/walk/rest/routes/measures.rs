//! Objectives, KPIs and experiments.

use serde_json::{Value, json};

use super::{O, OI, OK, OKI, Route, create, delete, get, patch, post};
use crate::kernel::role::Perm::{PlanWrite, Read, WorkWrite};

const OKR: &[&str] = &["org", "key", "id", "result"];
const OKQ: &[&str] = &["org", "key", "quarter"];
const OKP: &[&str] = &["org", "key", "id", "point"];
const OKA: &[&str] = &["org", "key", "id", "alert"];
const OKM: &[&str] = &["org", "key", "id", "metric"];

pub fn routes() -> Vec<Route> {
    let mut routes = okrs();
    routes.extend(kpis());
    routes.extend(experiments());
    routes
}

fn okrs() -> Vec<Route> {
    let okr = json!({ "title": "T", "quarter": "2026-Q4", "ownerId": "$person", "servesId": "$objective" });
    let objective = json!({ "title": "T", "quarter": "2026-Q4", "ownerId": "$person" });
    let result = json!({ "title": "T", "direction": "MAINTAIN", "lowerBound": 3, "upperBound": 9 });
    let closed = json!({ "outcomes": [{ "okrId": "$okr", "outcome": "COMPLETE_CARRY" }], "begin": "ACTIVE" });
    vec![
        get("/orgs/$org/products/$product/okrs?atRisk=true&owner=me", OK, Read),
        create("/orgs/$org/products/$product/okrs", OK, PlanWrite, okr),
        get("/orgs/$org/products/$product/okrs/$okr", OKI, Read),
        patch("/orgs/$org/products/$product/okrs/$okr", OKI, PlanWrite, json!({ "servesId": "$draftOkr" })),
        delete("/orgs/$org/products/$product/okrs/$okr", OKI, PlanWrite),
        post("/orgs/$org/products/$product/okrs/$okr/restore", OKI, PlanWrite, Value::Null),
        post("/orgs/$org/products/$product/okrs/$draftOkr/status", OKI, PlanWrite, json!({ "status": "ACTIVE" })),
        get("/orgs/$org/products/$product/okrs/$okr/links", OKI, Read),
        get("/orgs/$org/products/$product/okrs/$okr/key-results", OKI, Read),
        create("/orgs/$org/products/$product/okrs/$okr/key-results", OKI, PlanWrite, result),
        get("/orgs/$org/products/$product/okrs/$okr/key-results/$keyResult", OKR, Read),
        patch("/orgs/$org/products/$product/okrs/$okr/key-results/$keyResult", OKR, PlanWrite, json!({ "targetValue": 12 })),
        delete("/orgs/$org/products/$product/okrs/$okr/key-results/$keyResult", OKR, PlanWrite),
        get("/orgs/$org/products/$product/okrs/$okr/key-results/$keyResult/check-ins", OKR, Read),
        post(
            "/orgs/$org/products/$product/okrs/$okr/key-results/$keyResult/check-ins",
            OKR,
            WorkWrite,
            json!({ "value": 4, "confidence": 7 }),
        ),
        get("/orgs/$org/products/$product/quarters/2026-Q4/open-okrs", OKQ, PlanWrite),
        post("/orgs/$org/products/$product/quarters/2026-Q4/close", OKQ, PlanWrite, closed),
        get("/orgs/$org/objectives?quarter=2026-Q4", O, Read),
        create("/orgs/$org/objectives", O, PlanWrite, objective),
        get("/orgs/$org/objectives/$objective", OI, Read),
        patch("/orgs/$org/objectives/$objective", OI, PlanWrite, json!({ "description": "D", "ownerId": "$person" })),
        delete("/orgs/$org/objectives/$objective", OI, PlanWrite),
        post("/orgs/$org/objectives/$objective/restore", OI, PlanWrite, Value::Null),
        post("/orgs/$org/objectives/$objective/status", OI, PlanWrite, json!({ "status": "ACTIVE" })),
        get("/orgs/$org/objectives/$objective/okrs", OI, Read),
    ]
}

fn kpis() -> Vec<Route> {
    let point = json!({ "date": "2026-01-02", "value": 42 });
    let points = json!({ "points": [{ "date": "2026-01-02", "value": 42 }, { "date": "2026-01-03", "value": 43.5 }] });
    vec![
        get("/orgs/$org/products/$product/kpis?frequency=MONTHLY", OK, Read),
        create("/orgs/$org/products/$product/kpis", OK, PlanWrite, json!({ "name": "K", "targetValue": 40, "unit": "%" })),
        get("/orgs/$org/products/$product/kpis/$kpi", OKI, Read),
        patch("/orgs/$org/products/$product/kpis/$kpi", OKI, PlanWrite, json!({ "direction": "LOWER" })),
        delete("/orgs/$org/products/$product/kpis/$kpi", OKI, PlanWrite),
        post("/orgs/$org/products/$product/kpis/$kpi/restore", OKI, PlanWrite, Value::Null),
        get("/orgs/$org/products/$product/kpis/$kpi/points", OKI, Read),
        post("/orgs/$org/products/$product/kpis/$kpi/points", OKI, WorkWrite, point),
        post("/orgs/$org/products/$product/kpis/$kpi/points/bulk", OKI, WorkWrite, points),
        get("/orgs/$org/products/$product/kpis/$kpi/points/$kpiPoint", OKP, Read),
        patch("/orgs/$org/products/$product/kpis/$kpi/points/$kpiPoint", OKP, WorkWrite, json!({ "value": 43 })),
        delete("/orgs/$org/products/$product/kpis/$kpi/points/$kpiPoint", OKP, WorkWrite),
        get("/orgs/$org/products/$product/kpis/$kpi/periods?by=QUARTERLY&range=all", OKI, Read),
        get("/orgs/$org/products/$product/kpis/$kpi/alerts", OKI, Read),
        create("/orgs/$org/products/$product/kpis/$kpi/alerts", OKI, PlanWrite, json!({ "kind": "BELOW", "threshold": 3 })),
        get("/orgs/$org/products/$product/kpis/$kpi/alerts/$kpiRule", OKA, Read),
        delete("/orgs/$org/products/$product/kpis/$kpi/alerts/$kpiRule", OKA, PlanWrite),
        get("/orgs/$org/products/$product/kpis/$kpi/notices", OKI, Read),
    ]
}

fn experiments() -> Vec<Route> {
    let experiment = json!({ "name": "E", "hypothesis": "h", "ownerId": "$person", "priorMean": 0, "priorVariance": 0.0025 });
    let variants = json!({ "variants": [
        { "id": "$draftControl", "name": "Control", "weight": 0.4, "control": true },
        { "id": "$draftArm", "name": "Arm", "weight": 0.6 },
    ] });
    // By their names: an id from elsewhere is as good as a name that nothing bears.
    let result = json!({ "day": "2026-02-02", "variant": "Arm", "metric": "M", "n": 100, "sum": 10 });
    let results = json!({ "results": [result] });
    vec![
        get("/orgs/$org/products/$product/experiments?status=RUNNING", OK, Read),
        create("/orgs/$org/products/$product/experiments", OK, PlanWrite, experiment),
        get("/orgs/$org/products/$product/experiments/$trial", OKI, Read),
        patch("/orgs/$org/products/$product/experiments/$trial", OKI, PlanWrite, json!({ "name": "F" })),
        delete("/orgs/$org/products/$product/experiments/$trial", OKI, PlanWrite),
        post("/orgs/$org/products/$product/experiments/$goneTrial/restore", OKI, PlanWrite, Value::Null),
        post("/orgs/$org/products/$product/experiments/$draftTrial/status", OKI, PlanWrite, json!({ "status": "RUNNING" })),
        post(
            "/orgs/$org/products/$product/experiments/$trial/decision",
            OKI,
            PlanWrite,
            json!({ "decision": "SHIP", "variantId": "$arm", "note": "n" }),
        ),
        get("/orgs/$org/products/$product/experiments/$trial/variants", OKI, Read),
        patch("/orgs/$org/products/$product/experiments/$draftTrial/variants", OKI, PlanWrite, variants),
        get("/orgs/$org/products/$product/experiments/$trial/metrics", OKI, Read),
        create("/orgs/$org/products/$product/experiments/$draftTrial/metrics", OKI, PlanWrite, json!({ "name": "New", "kind": "MEAN" })),
        get("/orgs/$org/products/$product/experiments/$trial/metrics/$trialMetric", OKM, Read),
        patch("/orgs/$org/products/$product/experiments/$trial/metrics/$trialMetric", OKM, PlanWrite, json!({ "name": "Other" })),
        delete("/orgs/$org/products/$product/experiments/$draftTrial/metrics/$draftMetric", OKM, PlanWrite),
        get("/orgs/$org/products/$product/experiments/$trial/results", OKI, Read),
        post("/orgs/$org/products/$product/experiments/$trial/results", OKI, WorkWrite, result),
        post("/orgs/$org/products/$product/experiments/$trial/results/bulk", OKI, WorkWrite, results),
        get("/orgs/$org/products/$product/experiments/$trial/results/$measured", OKR, Read),
        patch("/orgs/$org/products/$product/experiments/$trial/results/$measured", OKR, WorkWrite, json!({ "sum": 11 })),
        delete("/orgs/$org/products/$product/experiments/$trial/results/$measured", OKR, WorkWrite),
        get("/orgs/$org/products/$product/experiments/$trial/analysis", OKI, Read),
    ]
}

//! The calls of KPIs, and what they name.

use serde_json::json;

use super::calls::{read, write};
use super::furnish::row;
use super::{Call, Who};
use crate::goal::kpi::api::{self, alert, point};
use crate::kernel::role::Perm;
use crate::testing::{TestDb, TestUser};

/// A KPI of the idea's product with a value, and a rule, which that value breaks.
pub async fn furnish(db: &TestDb, idea: &str, admin: &TestUser) -> Vec<(&'static str, String)> {
    let kpi = row(db, KPI, idea, &admin.id).await;
    let rule = row(db, RULE, &kpi, "").await;
    let point = row(db, POINT, &kpi, "").await;
    vec![("$kpiRule", rule), ("$kpiPoint", point), ("$kpi", kpi)]
}

const KPI: &str = r#"INSERT INTO "KPI" (id, name, "productId", "ownerId", "targetValue", unit)
    SELECT $1, 'K', "productId", $3, 40, '%' FROM "Idea" WHERE id = $2 RETURNING id"#;
const RULE: &str =
    r#"INSERT INTO "KPIAlert" (id, "kpiId", kind, threshold) SELECT $1, id, 'ABOVE', 1 FROM "KPI" WHERE id = $2 AND $3 = '' RETURNING id"#;
const POINT: &str = r#"INSERT INTO "KPIDataPoint" (id, "kpiId", value, date)
    SELECT $1, id, 41, '2026-01-01' FROM "KPI" WHERE id = $2 AND $3 = '' RETURNING id"#;

pub fn calls() -> Vec<Call> {
    let (reader, worker, plan) = (Who::Member(Perm::Read), Who::Member(Perm::WorkWrite), Who::Member(Perm::PlanWrite));
    let form = json!({ "name": "K", "target": "40" });
    vec![
        read::<api::ListKpis>(reader, json!({ "org": "$org", "product": "$product", "query": {} })),
        read::<api::GetKpi>(reader, json!({ "org": "$org", "product": "$product", "id": "$kpi", "chart": {}, "at": null })),
        read::<api::GetKpiForm>(plan, json!({ "org": "$org", "product": "$product", "id": "$kpi" })),
        write::<api::CreateKpi>(plan, json!({ "org": "$org", "product": "$product", "form": form })),
        write::<api::UpdateKpi>(plan, json!({ "org": "$org", "version": "*", "id": "$kpi", "form": form })),
        write::<api::DeleteKpi>(plan, json!({ "org": "$org", "id": "$kpi" })),
        write::<api::RestoreKpi>(plan, json!({ "org": "$org", "id": "$kpi" })),
        write::<point::RecordKpiPoint>(worker, json!({ "org": "$org", "id": "$kpi", "form": { "date": "2026-01-02", "value": "42" } })),
        read::<point::GetKpiPoint>(worker, json!({ "org": "$org", "product": "$product", "kpi": "$kpi", "id": "$kpiPoint" })),
        write::<point::UpdateKpiPoint>(
            worker,
            json!({ "org": "$org", "version": "*", "id": "$kpiPoint", "form": { "date": "2026-01-01", "value": "43" } }),
        ),
        write::<point::RemoveKpiPoint>(worker, json!({ "org": "$org", "id": "$kpiPoint" })),
        write::<alert::AddKpiAlert>(plan, json!({ "org": "$org", "id": "$kpi", "form": { "kind": "BELOW", "threshold": "3" } })),
        write::<alert::RemoveKpiAlert>(plan, json!({ "org": "$org", "id": "$kpiRule" })),
        write::<alert::ReadKpiNotices>(reader, json!({ "org": "$org", "id": "$kpi" })),
    ]
}

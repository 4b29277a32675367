//! Documents, and the webhooks by which other programs hear of all this.

use serde_json::{Value, json};

use super::{O, OI, OK, OKC, OKI, Route, create, delete, get, patch, post, put};
use crate::kernel::role::Perm::{IdeaDiscuss, OrgManage, Publish, Read, WorkWrite};

const OKN: &[&str] = &["org", "key", "id", "number"];
const OIN: &[&str] = &["org", "id", "number"];
const OIC: &[&str] = &["org", "id", "comment"];
const OID: &[&str] = &["org", "id", "delivery"];

pub fn routes() -> Vec<Route> {
    let mut routes = documents();
    routes.extend(own_documents());
    routes.extend(webhooks());
    routes
}

fn documents() -> Vec<Route> {
    vec![
        get("/orgs/$org/products/$product/documents?type=GENERAL", OK, Read),
        create("/orgs/$org/products/$product/documents", OK, WorkWrite, json!({ "title": "T", "type": "RFC", "content": "C" })),
        get("/orgs/$org/products/$product/documents/$document", OKI, Read),
        patch("/orgs/$org/products/$product/documents/$document", OKI, WorkWrite, json!({ "content": "Third" })),
        delete("/orgs/$org/products/$product/documents/$document", OKI, WorkWrite),
        post("/orgs/$org/products/$product/documents/$goneDocument/restore", OKI, WorkWrite, Value::Null),
        post("/orgs/$org/products/$product/documents/$document/review", OKI, WorkWrite, json!({})),
        post("/orgs/$org/products/$product/documents/$waiting/withdraw", OKI, WorkWrite, Value::Null),
        post("/orgs/$org/products/$product/documents/$waiting/changes", OKI, Publish, json!({ "reason": "R" })),
        post("/orgs/$org/products/$product/documents/$waiting/status", OKI, Publish, json!({ "status": "APPROVED" })),
        get("/orgs/$org/products/$product/documents/$document/reviews", OKI, Read),
        get("/orgs/$org/products/$product/documents/$document/versions", OKI, Read),
        get("/orgs/$org/products/$product/documents/$document/versions/1", OKN, Read),
        post("/orgs/$org/products/$product/documents/$document/versions/1/restore", OKN, WorkWrite, Value::Null),
        get("/orgs/$org/products/$product/documents/$document/comments", OKI, Read),
        create("/orgs/$org/products/$product/documents/$document/comments", OKI, IdeaDiscuss, json!({ "body": "C", "passage": "Second" })),
        get("/orgs/$org/products/$product/documents/$document/comments/$remark", OKC, Read),
        delete("/orgs/$org/products/$product/documents/$document/comments/$remark", OKC, IdeaDiscuss).by_its_author(),
        put("/orgs/$org/products/$product/documents/$document/comments/$remark/resolved", OKC, WorkWrite),
        delete("/orgs/$org/products/$product/documents/$document/comments/$remark/resolved", OKC, WorkWrite),
    ]
}

fn own_documents() -> Vec<Route> {
    vec![
        get("/orgs/$org/documents?own=true", O, Read),
        create("/orgs/$org/documents", O, WorkWrite, json!({ "title": "T" })),
        get("/orgs/$org/documents/$ownDocument", OI, Read),
        patch("/orgs/$org/documents/$ownDocument", OI, WorkWrite, json!({ "type": "POLICY" })),
        delete("/orgs/$org/documents/$ownDocument", OI, WorkWrite),
        post("/orgs/$org/documents/$ownDocument/restore", OI, WorkWrite, Value::Null),
        post("/orgs/$org/documents/$ownDocument/review", OI, WorkWrite, json!({})),
        post("/orgs/$org/documents/$ownWaiting/withdraw", OI, WorkWrite, Value::Null),
        post("/orgs/$org/documents/$ownWaiting/changes", OI, Publish, json!({ "reason": "R" })),
        post("/orgs/$org/documents/$ownWaiting/status", OI, Publish, json!({ "status": "APPROVED" })),
        get("/orgs/$org/documents/$ownDocument/reviews", OI, Read),
        get("/orgs/$org/documents/$ownDocument/versions", OI, Read),
        get("/orgs/$org/documents/$ownDocument/versions/2", OIN, Read),
        post("/orgs/$org/documents/$ownDocument/versions/1/restore", OIN, WorkWrite, Value::Null),
        get("/orgs/$org/documents/$ownDocument/comments", OI, Read),
        create("/orgs/$org/documents/$ownDocument/comments", OI, IdeaDiscuss, json!({ "body": "C" })),
        get("/orgs/$org/documents/$ownDocument/comments/$ownRemark", OIC, Read),
        delete("/orgs/$org/documents/$ownDocument/comments/$ownRemark", OIC, IdeaDiscuss).by_its_author(),
        put("/orgs/$org/documents/$ownDocument/comments/$ownRemark/resolved", OIC, WorkWrite),
        delete("/orgs/$org/documents/$ownDocument/comments/$ownRemark/resolved", OIC, WorkWrite),
    ]
}

fn webhooks() -> Vec<Route> {
    let webhook = json!({ "name": "W", "url": "https://example.test/hook", "events": ["idea.*", "product.created"] });
    vec![
        get("/orgs/$org/webhooks", O, OrgManage),
        create("/orgs/$org/webhooks", O, OrgManage, webhook),
        get("/orgs/$org/webhooks/$webhook", OI, OrgManage),
        patch("/orgs/$org/webhooks/$webhook", OI, OrgManage, json!({ "events": ["*"] })),
        delete("/orgs/$org/webhooks/$webhook", OI, OrgManage),
        put("/orgs/$org/webhooks/$webhook/active", OI, OrgManage),
        delete("/orgs/$org/webhooks/$webhook/active", OI, OrgManage),
        post("/orgs/$org/webhooks/$webhook/rotate-secret", OI, OrgManage, Value::Null),
        get("/orgs/$org/webhooks/$webhook/health", OI, OrgManage),
        post("/orgs/$org/webhooks/$webhook/test", OI, OrgManage, Value::Null),
        get("/orgs/$org/webhooks/$webhook/deliveries?status=FAILED&event=idea.created", OI, OrgManage),
        get("/orgs/$org/webhooks/$webhook/deliveries/$delivery", OID, OrgManage),
        post("/orgs/$org/webhooks/$webhook/deliveries/$delivery/redeliver", OID, OrgManage, Value::Null),
        post("/orgs/$org/webhooks/$webhook/redeliver-failed", OI, OrgManage, Value::Null),
    ]
}

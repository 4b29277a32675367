//! The REST API of the log of deliveries, and of what is sent again.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use super::read as webhook;
use crate::kernel::role::Perm;
use crate::server::rest::query::Whole;
use crate::server::rest::{Answered, Api, Call, Filter, Listed, Problem, Resource};
use crate::webhook::model::{Attempt, Delivery, DeliveryQuery, DeliveryStatus};
use crate::webhook::store;

pub fn routes(api: Api) -> Api {
    let tested = "/orgs/{org}/webhooks/{id}/test";
    let failed = "/orgs/{org}/webhooks/{id}/redeliver-failed";
    let all = "/orgs/{org}/webhooks/{id}/deliveries";
    let one = "/orgs/{org}/webhooks/{id}/deliveries/{delivery}";
    let again = "/orgs/{org}/webhooks/{id}/deliveries/{delivery}/redeliver";
    api.tag("Webhook deliveries", "What was sent to an endpoint and what came back, for 30 days after it was finished.")
        .verb(tested, Perm::OrgManage, "Queues an event that tries the endpoint; what comes of it is read in the log.", test)
        .list(all, Perm::OrgManage, "The webhook's deliveries, the newest first.", list)
        .get(one, Perm::OrgManage, "One delivery, with what was sent and what came back at the last attempt.", get)
        .verb(again, Perm::OrgManage, "Queues a delivery once more, under the same id.", redeliver)
        .verb(failed, Perm::OrgManage, "Queues all deliveries once more that have failed for good.", redeliver_failed)
}

impl Resource for Delivery {
    fn key(&self) -> String {
        self.id.clone()
    }
}

/// A header of a request or an answer.
#[derive(Serialize, ToSchema)]
#[schema(as = WebhookHeader)]
struct Header {
    name: String,
    value: String,
}

fn headers(of: Option<Vec<(String, String)>>) -> Option<Vec<Header>> {
    of.map(|headers| headers.into_iter().map(|(name, value)| Header { name, value }).collect())
}

/// A delivery with what was sent and what came back at the last attempt.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct WholeDelivery {
    #[serde(flatten)]
    delivery: Delivery,
    /// What is sent.
    #[schema(value_type = Object)]
    payload: Value,
    request_headers: Option<Vec<Header>>,
    response_headers: Option<Vec<Header>>,
    /// The first 64 kB of what came back.
    response: Option<String>,
}

impl From<Attempt> for WholeDelivery {
    fn from(attempt: Attempt) -> Self {
        let Attempt { delivery, body, request_headers, response_headers, response } = attempt;
        WholeDelivery {
            delivery,
            payload: serde_json::from_str(&body).unwrap_or_default(),
            request_headers: headers(request_headers),
            response_headers: headers(response_headers),
            response,
        }
    }
}

impl Resource for WholeDelivery {
    fn key(&self) -> String {
        self.delivery.id.clone()
    }
}

/// How many deliveries were queued.
#[derive(Serialize, ToSchema)]
struct Queued {
    queued: i64,
}

impl Resource for Queued {
    fn key(&self) -> String {
        String::new()
    }
}

/// What deliveries are narrowed to.
#[derive(Default, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
struct DeliveryFilter {
    status: Option<DeliveryStatus>,
    /// One event, such as `idea.created`.
    #[schema(pattern = "^[a-z0-9_.]{1,100}$")]
    event: Option<String>,
}

impl Filter for DeliveryFilter {}

/// A delivery of the webhook of the address.
async fn read(call: &mut Call, id: &str) -> Result<WholeDelivery, Problem> {
    let webhook = call.at("id");
    Ok(store::attempt(&mut call.scope, &webhook, id).await?.into())
}

async fn list(mut call: Call, filter: DeliveryFilter) -> Answered<Listed<Delivery>> {
    let word = |event: &String| {
        (1..=100).contains(&event.len()) && event.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'.' || b == b'_')
    };
    if filter.event.as_ref().is_some_and(|event| !word(event)) {
        return Err(Problem::parameter("event", "Enter an event, such as idea.created."));
    }
    let query = DeliveryQuery { status: filter.status, event: filter.event, cursor: call.cursor()? };
    let webhook = webhook(&mut call).await?;
    let page = store::deliveries(&mut call.scope, &webhook.id, &query).await?;
    call.done(page.into())
}

async fn get(mut call: Call, _: Whole) -> Answered<WholeDelivery> {
    let id = call.at("delivery");
    let delivery = read(&mut call, &id).await?;
    call.done(delivery)
}

async fn test(mut call: Call) -> Answered<Delivery> {
    let webhook = call.at("id");
    let id = store::send_test(&mut call.scope, &webhook).await?;
    let delivery = read(&mut call, &id).await?.delivery;
    call.done(delivery)
}

async fn redeliver(mut call: Call) -> Answered<Delivery> {
    let id = call.at("delivery");
    read(&mut call, &id).await?;
    store::redeliver(&mut call.scope, &id).await?;
    let delivery = read(&mut call, &id).await?.delivery;
    call.done(delivery)
}

async fn redeliver_failed(mut call: Call) -> Answered<Queued> {
    let webhook = call.at("id");
    let queued = store::redeliver_failed(&mut call.scope, &webhook).await?;
    call.done(Queued { queued: i64::try_from(queued).unwrap_or(i64::MAX) })
}

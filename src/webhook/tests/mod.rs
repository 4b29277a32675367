mod catalog;
mod deliver;
mod ending;
mod outbox;
mod store;

use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::body::Bytes;
use axum::extract::Request;
use http::{HeaderMap, Response, StatusCode, Uri};
use sqlx::PgPool;

use super::deliver::Courier;
use super::model::{Delivery, DeliveryQuery, WebhookForm};
use super::{secret, store as hooks};
use crate::kernel::role::Perm;
use crate::server::request::Settings;
use crate::server::scope::Scope;
use crate::testing::{TestDb, TestUser};

/// A request that a receiver got.
#[derive(Debug, Clone, PartialEq)]
struct Got {
    path: String,
    id: String,
    time: i64,
    signatures: Vec<String>,
    body: String,
}

impl Got {
    fn is_signed_with(&self, secret: &str) -> bool {
        self.signatures.contains(&secret::sign(secret, &self.id, self.time, &self.body).unwrap())
    }
}

/// What a receiver answers: status, headers, text, and how long it takes.
#[derive(Clone)]
struct Reply(u16, Vec<(&'static str, &'static str)>, String, Duration);

impl Reply {
    fn status(status: u16) -> Reply {
        Reply(status, Vec::new(), "noted".into(), Duration::ZERO)
    }

    fn after(self, milliseconds: u64) -> Reply {
        Reply(self.0, self.1, self.2, Duration::from_millis(milliseconds))
    }
}

/// Another program, which listens on this machine.
struct Receiver {
    /// Its address, without a slash at the end.
    url: String,
    got: Arc<Mutex<Vec<Got>>>,
}

impl Receiver {
    /// One that answers so, by what it got and how much it had got before.
    async fn new(answer: impl Fn(&Got, usize) -> Reply + Send + Sync + 'static) -> Receiver {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let (got, answer) = (Arc::new(Mutex::new(Vec::new())), Arc::new(answer));
        let kept = got.clone();
        let handle = move |request: Request| {
            let (kept, answer) = (kept.clone(), answer.clone());
            async move {
                let (parts, body) = request.into_parts();
                let body = axum::body::to_bytes(body, usize::MAX).await.unwrap();
                let reply = {
                    let one = read(&parts.uri, &parts.headers, &body);
                    let mut all = kept.lock().unwrap();
                    let reply = answer(&one, all.len());
                    all.push(one);
                    reply
                };
                tokio::time::sleep(reply.3).await;
                let response = reply.1.iter().fold(Response::builder().status(reply.0), |head, (name, value)| head.header(*name, *value));
                response.body(axum::body::Body::from(reply.2)).unwrap()
            }
        };
        tokio::spawn(async move { axum::serve(listener, Router::new().fallback(handle)).await });
        Receiver { url, got }
    }

    /// One that takes everything.
    async fn kind() -> Receiver {
        Receiver::new(|_, _| Reply::status(204)).await
    }

    fn got(&self) -> Vec<Got> {
        self.got.lock().unwrap().clone()
    }
}

fn read(uri: &Uri, headers: &HeaderMap, body: &Bytes) -> Got {
    let header = |name: &str| headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default().to_owned();
    assert_eq!(header("content-type"), "application/json");
    Got {
        path: uri.path().to_owned(),
        id: header("webhook-id"),
        time: header("webhook-timestamp").parse().unwrap(),
        signatures: header("webhook-signature").split(' ').map(str::to_owned).collect(),
        body: String::from_utf8(body.to_vec()).unwrap(),
    }
}

/// An organisation with a product, and those who deliver for it.
struct Desk {
    db: TestDb,
    admin: TestUser,
    settings: Arc<Settings>,
}

impl Desk {
    async fn new(pool: &PgPool) -> Desk {
        let db = TestDb::new(pool).await;
        let admin = db.org("acme").await;
        db.product("acme", &admin, "rocket").await;
        Desk { settings: db.state().settings, db, admin }
    }

    async fn scope(&self) -> Scope {
        self.db.scope("acme", &self.admin, Perm::OrgManage).await.unwrap()
    }

    /// A webhook for this; gives its id.
    async fn webhook(&self, url: &str, events: &str) -> String {
        let form = WebhookForm { name: "Hook".into(), url: url.into(), groups: Vec::new(), events: events.into() };
        let mut scope = self.scope().await;
        let id = hooks::create(&mut scope, &self.settings.key, form.validate().unwrap()).await.unwrap();
        scope.commit(id).await.unwrap()
    }

    async fn secret(&self, id: &str) -> String {
        hooks::secret(&mut self.scope().await, &self.settings.key, id).await.unwrap().unwrap()
    }

    /// Adds so many ideas, as a request does; an event for each.
    async fn ideas(&self, count: usize) {
        let mut scope = self.db.scope("acme", &self.admin, Perm::IdeaWrite).await.unwrap();
        for n in 0..count {
            let form = crate::idea::model::IdeaForm { title: format!("Idea {n}"), ..Default::default() };
            crate::idea::store::create(&mut scope, "rocket", form.validate().unwrap()).await.unwrap();
        }
        scope.commit(()).await.unwrap();
    }

    fn courier(&self) -> Courier {
        Courier::new(self.db.app.clone(), self.settings.clone())
    }

    /// Delivers what is due.
    async fn deliver(&self) {
        drain(&mut self.courier()).await;
    }

    async fn log(&self, webhook: &str) -> Vec<Delivery> {
        hooks::deliveries(&mut self.scope().await, webhook, &DeliveryQuery::default()).await.unwrap().rows
    }

    /// Does something past the application.
    async fn sql(&self, sql: &'static str) {
        sqlx::raw_sql(sql).execute(&self.db.owner).await.unwrap_or_else(|error| panic!("{sql}: {error}"));
    }

    async fn count(&self, sql: &'static str) -> i64 {
        sqlx::query_scalar(sql).fetch_one(&self.db.owner).await.unwrap()
    }

    /// As if the time had come for whatever waits.
    async fn time_goes_by(&self) {
        self.sql(
            r#"UPDATE "WebhookDelivery" SET "nextAttemptAt" = now() - interval '1 second' WHERE status IN ('PENDING', 'RETRYING');
               UPDATE "Webhook" SET "pausedUntil" = NULL"#,
        )
        .await;
    }
}

/// Goes on until nothing is due or under way.
async fn drain(courier: &mut Courier) {
    loop {
        let taken = courier.round().await.unwrap();
        if taken == 0 && courier.is_idle() {
            return;
        }
        courier.one().await;
    }
}

fn is_ok(status: Option<i32>) -> bool {
    status.and_then(|status| StatusCode::from_u16(status as u16).ok()).is_some_and(|status| status.is_success())
}

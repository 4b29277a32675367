//! The way out: how the server asks another one, and how little it lets come of it.

use std::error::Error;
use std::time::Duration;

use openidconnect::reqwest::{self, Client, redirect};

/// The largest answer that is read, in bytes.
const ANSWER_MAX: usize = 256 * 1024;
const CONNECT: Duration = Duration::from_secs(5);
const WHOLE: Duration = Duration::from_secs(10);

/// Asks other servers: over https, following no redirect, in bounded time, for bounded answers.
#[derive(Clone)]
pub struct HttpClient {
    client: Client,
    /// Whether plain http will do, for a provider whose own address is plain.
    plain: bool,
}

/// Why there was no answer.
#[derive(Debug, thiserror::Error)]
pub enum HttpError {
    #[error("{0} is not an https address")]
    NotHttps(String),
    #[error("the answer is larger than {ANSWER_MAX} bytes")]
    TooLarge,
    #[error("{}", causes(.0))]
    Failed(#[from] reqwest::Error),
    #[error(transparent)]
    Shape(#[from] http::Error),
}

impl HttpClient {
    /// # Errors
    /// One sentence for the person at the command line.
    pub fn new(plain: bool) -> Result<HttpClient, String> {
        let client = Client::builder()
            // A redirect could lead inside the network that the server stands in.
            .redirect(redirect::Policy::none())
            .connect_timeout(CONNECT)
            .timeout(WHOLE)
            .user_agent(concat!("prodmatic/", env!("CARGO_PKG_VERSION")))
            .build()
            .map_err(|error| format!("No outgoing request is possible: {}", causes(&error)))?;
        Ok(HttpClient { client, plain })
    }

    /// Whether the address may be asked or led to.
    pub fn allows(&self, url: &url::Url) -> bool {
        url.scheme() == "https" || (self.plain && url.scheme() == "http")
    }

    /// Sends the request and reads the whole answer.
    pub async fn send(&self, request: http::Request<Vec<u8>>) -> Result<http::Response<Vec<u8>>, HttpError> {
        let request = reqwest::Request::try_from(request)?;
        if !self.allows(request.url()) {
            return Err(HttpError::NotHttps(request.url().to_string()));
        }
        let mut answer = self.client.execute(request).await?;
        let mut head = http::Response::builder().status(answer.status());
        for (name, value) in answer.headers() {
            head = head.header(name, value);
        }
        let mut body = Vec::new();
        while let Some(chunk) = answer.chunk().await? {
            if body.len() + chunk.len() > ANSWER_MAX {
                return Err(HttpError::TooLarge);
            }
            body.extend_from_slice(&chunk);
        }
        Ok(head.body(body)?)
    }
}

/// The error and what caused it, for the log.
pub fn causes(error: &dyn Error) -> String {
    let mut told = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        told = format!("{told}: {error}");
        cause = error.source();
    }
    told
}

#[cfg(test)]
mod tests {
    use std::net::SocketAddr;

    use axum::Router;
    use axum::response::Redirect;
    use axum::routing::get;
    use http::{Request, StatusCode};

    use super::*;

    async fn site() -> SocketAddr {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let addr = listener.local_addr().unwrap();
        let router = Router::new()
            .route("/away", get(|| async { Redirect::temporary("/here") }))
            .route("/here", get(|| async { "here" }))
            .route("/large", get(|| async { "x".repeat(ANSWER_MAX + 1) }));
        tokio::spawn(async move { axum::serve(listener, router).await });
        addr
    }

    fn ask(url: &str) -> Request<Vec<u8>> {
        Request::get(url).body(Vec::new()).unwrap()
    }

    #[tokio::test]
    async fn a_redirect_is_not_followed_and_a_large_answer_is_not_read() {
        let (addr, client) = (site().await, HttpClient::new(true).unwrap());
        let here = client.send(ask(&format!("http://{addr}/here"))).await.unwrap();
        assert_eq!((here.status(), here.body().as_slice()), (StatusCode::OK, "here".as_bytes()));
        assert_eq!(client.send(ask(&format!("http://{addr}/away"))).await.unwrap().status(), StatusCode::TEMPORARY_REDIRECT);
        let large = client.send(ask(&format!("http://{addr}/large"))).await;
        assert!(matches!(large, Err(HttpError::TooLarge)));
    }

    #[tokio::test]
    async fn only_https_is_asked_unless_plain_will_do() {
        let (addr, client) = (site().await, HttpClient::new(false).unwrap());
        let plain = client.send(ask(&format!("http://{addr}/here"))).await;
        assert!(matches!(plain, Err(HttpError::NotHttps(_))));
        for url in ["file:///etc/passwd", "ftp://id.example", "javascript:alert(1)"] {
            assert!(!HttpClient::new(true).unwrap().allows(&url.parse().unwrap()), "{url}");
        }
    }
}

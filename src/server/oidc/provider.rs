//! One provider: where it can be reached, and what it says about a person, checked.

use std::pin::Pin;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use http::HeaderValue;
use openidconnect::core::{
    CoreAuthenticationFlow, CoreClient, CoreClientAuthMethod, CoreGenderClaim, CoreIdToken, CoreIdTokenClaims, CoreJwsSigningAlgorithm,
    CoreProviderMetadata, CoreTokenResponse, CoreUserInfoClaims,
};
use openidconnect::{
    AuthType, AuthorizationCode, ClaimsVerificationError, ClientId, ClientSecret, CsrfToken, EndpointMaybeSet, EndpointNotSet, EndpointSet,
    IssuerUrl, Nonce, OAuth2TokenResponse, PkceCodeChallenge, PkceCodeVerifier, RedirectUrl, RequestTokenError, Scope,
    SignatureVerificationError, StandardClaims, TokenResponse, UserInfoError,
};
use tokio::sync::Mutex;
use url::Url;

use super::settings::Written;
use crate::kernel::error::AppError;
use crate::server::http_client::{HttpClient, HttpError, causes};
use crate::server::id::new_token;

/// How long what a provider tells about itself is believed.
const KEPT: Duration = Duration::from_secs(600);
/// How long after a failure, or for the sake of an unknown key, it is not asked again.
const SPARED: Duration = Duration::from_secs(5);

/// Signatures by a key that the provider alone has; neither `none` nor those made with the secret that we share.
const SIGNATURES: [CoreJwsSigningAlgorithm; 9] = [
    CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha256,
    CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha384,
    CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha512,
    CoreJwsSigningAlgorithm::RsaSsaPssSha256,
    CoreJwsSigningAlgorithm::RsaSsaPssSha384,
    CoreJwsSigningAlgorithm::RsaSsaPssSha512,
    CoreJwsSigningAlgorithm::EcdsaP256Sha256,
    CoreJwsSigningAlgorithm::EcdsaP384Sha384,
    CoreJwsSigningAlgorithm::EdDsa,
];

type Client = CoreClient<EndpointSet, EndpointNotSet, EndpointNotSet, EndpointNotSet, EndpointMaybeSet, EndpointMaybeSet>;
type Answer = Result<http::Response<Vec<u8>>, HttpError>;

/// Why a provider did not tell who somebody is. The reason in detail is in the log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OidcError {
    /// It did not answer, or not with what a provider answers.
    Unreachable,
    /// Its answer does not hold: not for us, not for this request, not in time, or not signed by it.
    Untrusted,
    /// Our own fault.
    Internal,
}

impl From<AppError> for OidcError {
    fn from(_: AppError) -> Self {
        OidcError::Internal
    }
}

/// What has to be remembered between sending somebody to the provider and their return.
pub struct Secrets {
    /// Comes back with the person.
    pub state: String,
    /// Comes back in the ID token.
    pub nonce: String,
    /// Proves that whoever redeems the code is the one who asked for it.
    pub verifier: String,
}

/// A person as the provider knows them.
#[derive(Debug, Clone)]
pub struct Identity {
    pub issuer: String,
    pub subject: String,
    /// As the provider writes it.
    pub email: Option<String>,
    pub email_verified: bool,
    pub name: Option<String>,
    pub tokens: Tokens,
}

/// What the provider gave along.
#[derive(Debug, Clone, Default)]
pub struct Tokens {
    pub access: String,
    pub refresh: Option<String>,
    pub id: String,
    /// When the access token runs out, in seconds since 1970.
    pub expires_at: Option<i32>,
    pub kind: String,
    pub scope: Option<String>,
}

/// What the provider said about itself the last time that it was asked; nothing if that failed.
struct Known {
    at: Instant,
    metadata: Option<CoreProviderMetadata>,
}

/// An OpenID Connect provider. It is first asked when somebody wants to sign in by it.
pub struct Provider {
    pub name: String,
    pub issuer: String,
    client_id: String,
    client_secret: Option<String>,
    callback: String,
    http: HttpClient,
    known: Mutex<Option<Known>>,
}

impl Provider {
    /// The provider as written, for a server that people reach at `url`.
    pub fn new(written: Written, plain: bool, url: &str) -> Result<Provider, String> {
        let host = || Url::parse(&written.issuer).ok().and_then(|url| url.host_str().map(str::to_owned));
        Ok(Provider {
            name: written.name.clone().filter(|name| !name.trim().is_empty()).or_else(host).unwrap_or_default(),
            client_id: written.client_id,
            client_secret: written.client_secret.filter(|secret| !secret.is_empty()),
            callback: format!("{url}/oidc/callback"),
            http: HttpClient::new(plain)?,
            known: Mutex::new(None),
            issuer: written.issuer,
        })
    }

    /// Where to send a person who wants to sign in, and what to remember meanwhile.
    pub async fn start(&self) -> Result<(String, Secrets), OidcError> {
        let client = self.client(self.metadata(KEPT).await?)?;
        let secrets = Secrets { state: new_token()?, nonce: new_token()?, verifier: new_token()? };
        let (state, nonce) = (CsrfToken::new(secrets.state.clone()), Nonce::new(secrets.nonce.clone()));
        let challenge = PkceCodeChallenge::from_code_verifier_sha256(&PkceCodeVerifier::new(secrets.verifier.clone()));
        let (url, ..) = client
            .authorize_url(CoreAuthenticationFlow::AuthorizationCode, || state, || nonce)
            .add_scope(Scope::new("email".to_owned()))
            .add_scope(Scope::new("profile".to_owned()))
            .set_pkce_challenge(challenge)
            .url();
        if !self.http.allows(&url) {
            return Err(self.refused(OidcError::Unreachable, "its authorization endpoint is not at an https address"));
        }
        Ok((url.to_string(), secrets))
    }

    /// Redeems the code that a person came back with; gives who they are.
    pub async fn finish(&self, code: String, nonce: &str, verifier: String) -> Result<Identity, OidcError> {
        let client = self.client(self.metadata(KEPT).await?)?;
        let request = client.exchange_code(AuthorizationCode::new(code)).map_err(|error| self.untrusted(&error))?;
        let request = request.set_pkce_verifier(PkceCodeVerifier::new(verifier));
        let answer: CoreTokenResponse = request.request_async(&self.sender()).await.map_err(|error| match error {
            RequestTokenError::Request(error) => self.refused(OidcError::Unreachable, &causes(&error)),
            error => self.untrusted(&error),
        })?;
        let id_token = answer.id_token().ok_or_else(|| self.refused(OidcError::Untrusted, "it gave no ID token"))?;
        let nonce = Nonce::new(nonce.to_owned());
        let claims = match verified(&client, id_token, &nonce) {
            Err(ClaimsVerificationError::SignatureVerification(SignatureVerificationError::NoMatchingKey)) => {
                // It may have changed its keys since it was last asked.
                verified(&self.client(self.metadata(SPARED).await?)?, id_token, &nonce)
            }
            outcome => outcome,
        }
        .map_err(|error| self.untrusted(&error))?;
        let told = match claims.email() {
            Some(_) => None,
            None => self.user_info(&client, &answer, &claims).await?,
        };
        let (email, email_verified, name) = match &told {
            Some(info) => about(info.standard_claims()),
            None => (claims.email().map(|email| email.to_string()), claims.email_verified() == Some(true), name_in(&claims)),
        };
        Ok(Identity {
            issuer: self.issuer.clone(),
            subject: claims.subject().to_string(),
            email,
            email_verified,
            name: name.or_else(|| name_in(&claims)),
            tokens: tokens(&answer, id_token),
        })
    }

    /// Many providers keep the e-mail address out of the ID token.
    async fn user_info(
        &self,
        client: &Client,
        answer: &CoreTokenResponse,
        claims: &CoreIdTokenClaims,
    ) -> Result<Option<CoreUserInfoClaims>, OidcError> {
        if client.user_info_url().is_none() {
            return Ok(None);
        }
        // The library gives up on a token that fits no header.
        HeaderValue::from_str(answer.access_token().secret()).map_err(|error| self.untrusted(&error))?;
        let request =
            client.user_info(answer.access_token().clone(), Some(claims.subject().clone())).map_err(|error| self.untrusted(&error))?;
        let info = request.request_async(&self.sender()).await.map_err(|error| match error {
            UserInfoError::Request(error) => self.refused(OidcError::Unreachable, &causes(&error)),
            error => self.untrusted(&error),
        })?;
        Ok(Some(info))
    }

    /// What the provider says about itself, asked again when that is older than `kept`. One request at a time asks.
    async fn metadata(&self, kept: Duration) -> Result<CoreProviderMetadata, OidcError> {
        let mut known = self.known.lock().await;
        let fresh = known.as_ref().filter(|known| known.at.elapsed() < if known.metadata.is_some() { kept } else { SPARED });
        if let Some(known) = fresh {
            return known.metadata.clone().ok_or(OidcError::Unreachable);
        }
        let asked = match IssuerUrl::new(self.issuer.clone()) {
            Ok(issuer) => CoreProviderMetadata::discover_async(issuer, &self.sender()).await.map_err(|error| causes(&error)),
            Err(error) => Err(error.to_string()),
        };
        let metadata = asked.map_err(|why| self.refused(OidcError::Unreachable, &why));
        *known = Some(Known { at: Instant::now(), metadata: metadata.clone().ok() });
        metadata
    }

    fn client(&self, metadata: CoreProviderMetadata) -> Result<Client, OidcError> {
        let offered = metadata.token_endpoint_auth_methods_supported().cloned().unwrap_or_default();
        let in_body =
            offered.contains(&CoreClientAuthMethod::ClientSecretPost) && !offered.contains(&CoreClientAuthMethod::ClientSecretBasic);
        let callback = RedirectUrl::new(self.callback.clone()).map_err(|error| self.refused(OidcError::Internal, &error.to_string()))?;
        let secret = self.client_secret.clone().map(ClientSecret::new);
        let client = CoreClient::from_provider_metadata(metadata, ClientId::new(self.client_id.clone()), secret);
        let client = client.set_redirect_uri(callback);
        Ok(if in_body { client.set_auth_type(AuthType::RequestBody) } else { client })
    }

    fn sender(&self) -> impl Fn(http::Request<Vec<u8>>) -> Pin<Box<dyn Future<Output = Answer> + Send>> + Send + Sync + use<> {
        let http = self.http.clone();
        move |request| {
            let http = http.clone();
            Box::pin(async move { http.send(request).await })
        }
    }

    fn untrusted(&self, error: &dyn std::error::Error) -> OidcError {
        self.refused(OidcError::Untrusted, &causes(error))
    }

    fn refused(&self, what: OidcError, why: &str) -> OidcError {
        tracing::warn!(provider = %self.issuer, ?what, why, "sign-in by identity provider failed");
        what
    }
}

/// The claims of the ID token, if it is from this provider, for us, for this request, in time and signed.
fn verified(client: &Client, token: &CoreIdToken, nonce: &Nonce) -> Result<CoreIdTokenClaims, ClaimsVerificationError> {
    // The library would take whatever the provider says that it signs with.
    let verifier = client.id_token_verifier().set_allowed_algs(SIGNATURES);
    token.claims(&verifier, nonce).cloned()
}

fn about(claims: &StandardClaims<CoreGenderClaim>) -> (Option<String>, bool, Option<String>) {
    let name = claims.name().and_then(|name| name.get(None)).map(|name| name.to_string());
    (claims.email().map(|email| email.to_string()), claims.email_verified() == Some(true), name)
}

fn name_in(claims: &CoreIdTokenClaims) -> Option<String> {
    claims.name().and_then(|name| name.get(None)).map(|name| name.to_string())
}

fn tokens(answer: &CoreTokenResponse, id_token: &CoreIdToken) -> Tokens {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    let scopes = answer.scopes().map(|scopes| scopes.iter().map(|scope| scope.to_string()).collect::<Vec<_>>().join(" "));
    Tokens {
        access: answer.access_token().secret().clone(),
        refresh: answer.refresh_token().map(|token| token.secret().clone()),
        id: id_token.to_string(),
        expires_at: answer.expires_in().and_then(|left| i32::try_from(now.saturating_add(left).as_secs()).ok()),
        kind: answer.token_type().as_ref().to_owned(),
        scope: scopes,
    }
}

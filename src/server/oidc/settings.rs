//! The providers that the person who runs the server has settled on.

use std::path::{Path, PathBuf};

use clap::Args;
use serde::Deserialize;
use url::{Host, Url};

use super::provider::Provider;

/// Sign-in by an identity provider.
#[derive(Debug, Clone, Default, Args)]
#[group(id = "oidc")] // by default the struct's name, which is not the only one of its kind
pub struct Options {
    /// Issuer address of an OpenID Connect provider: the part before `/.well-known/openid-configuration`. People sign in by it.
    #[arg(long, env = "PRODMATIC_OIDC_ISSUER", value_name = "URL")]
    pub oidc_issuer: Option<String>,
    /// The name by which the provider knows this server. Its callback address is the server's own with `/oidc/callback` after it.
    #[arg(long, env = "PRODMATIC_OIDC_CLIENT_ID", value_name = "ID")]
    pub oidc_client_id: Option<String>,
    /// The secret shared with the provider; none for a public client.
    #[arg(long, env = "PRODMATIC_OIDC_CLIENT_SECRET", hide_env_values = true, value_name = "SECRET")]
    pub oidc_client_secret: Option<String>,
    /// What the provider is called on the sign-in page; by default its host.
    #[arg(long, env = "PRODMATIC_OIDC_NAME", value_name = "NAME")]
    pub oidc_name: Option<String>,
    /// A JSON file with a list of further providers: `[{"name", "issuer", "client_id", "client_secret"}]`.
    #[arg(long, env = "PRODMATIC_OIDC_PROVIDERS", value_name = "FILE")]
    pub oidc_providers: Option<PathBuf>,
    /// Allow providers at plain http addresses, where anybody on the way can sign in as anybody. Loopback addresses are always allowed.
    #[arg(long, env = "PRODMATIC_OIDC_ALLOW_HTTP")]
    pub oidc_allow_http: bool,
}

/// One provider as it is written down.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Written {
    pub issuer: String,
    pub client_id: String,
    #[serde(default)]
    pub client_secret: Option<String>,
    #[serde(default)]
    pub name: Option<String>,
}

/// The providers by which people can sign in.
#[derive(Default)]
pub struct Providers(Vec<Provider>);

impl Providers {
    /// The providers of these options, for a server that people reach at `url`. None of them is asked anything yet.
    ///
    /// # Errors
    /// One sentence for the person at the command line.
    pub fn of(options: &Options, url: &str) -> Result<Providers, String> {
        let mut providers: Vec<Provider> = Vec::new();
        for written in written(options)? {
            let plain = plain(&written.issuer, options.oidc_allow_http)?;
            if providers.iter().any(|known| known.issuer == written.issuer) {
                return Err(format!("The OpenID Connect provider {} is set twice.", written.issuer));
            }
            providers.push(Provider::new(written, plain, url)?);
        }
        Ok(Providers(providers))
    }

    /// The provider with this issuer address.
    pub fn by_issuer(&self, issuer: &str) -> Option<&Provider> {
        self.0.iter().find(|provider| provider.issuer == issuer)
    }

    pub fn iter(&self) -> impl Iterator<Item = &Provider> {
        self.0.iter()
    }
}

fn written(options: &Options) -> Result<Vec<Written>, String> {
    let given = |option: &Option<String>| option.clone().filter(|text| !text.is_empty());
    let mut all = Vec::new();
    if let Some(issuer) = given(&options.oidc_issuer) {
        let client_id = given(&options.oidc_client_id).ok_or("PRODMATIC_OIDC_ISSUER needs PRODMATIC_OIDC_CLIENT_ID beside it.")?;
        all.push(Written { issuer, client_id, client_secret: given(&options.oidc_client_secret), name: given(&options.oidc_name) });
    }
    if let Some(file) = options.oidc_providers.as_deref().filter(|path| !path.as_os_str().is_empty()) {
        all.extend(read(file)?);
    }
    Ok(all)
}

fn read(file: &Path) -> Result<Vec<Written>, String> {
    let told = |error: &dyn std::fmt::Display| format!("The list of OpenID Connect providers {} cannot be used: {error}", file.display());
    let text = std::fs::read_to_string(file).map_err(|error| told(&error))?;
    serde_json::from_str(&text).map_err(|error| told(&error))
}

/// Whether the provider is asked over plain http.
fn plain(issuer: &str, allowed: bool) -> Result<bool, String> {
    let url = Url::parse(issuer).map_err(|_| format!("{issuer} is not the address of an OpenID Connect provider."))?;
    match (url.scheme(), is_loopback(&url) || allowed) {
        ("https", _) => Ok(false),
        ("http", true) => Ok(true),
        _ => Err(format!("The OpenID Connect provider {issuer} has to be at an https address (or set PRODMATIC_OIDC_ALLOW_HTTP).")),
    }
}

fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn one(issuer: &str) -> Options {
        Options { oidc_issuer: Some(issuer.into()), oidc_client_id: Some("prodmatic".into()), ..Default::default() }
    }

    fn refusal(options: &Options) -> String {
        Providers::of(options, "http://pm.example").err().unwrap_or_default()
    }

    #[test]
    fn plain_http_is_for_loopback_unless_it_is_allowed() {
        for issuer in ["https://id.example", "http://127.0.0.1:9000", "http://localhost:9000/realm", "http://[::1]:9000"] {
            assert_eq!(refusal(&one(issuer)), "", "{issuer}");
        }
        for issuer in ["http://id.example", "http://127.0.0.1.evil.example", "ftp://id.example", "id.example", "file:///etc/passwd"] {
            assert_ne!(refusal(&one(issuer)), "", "{issuer}");
        }
        let allowed = Options { oidc_allow_http: true, ..one("http://id.example") };
        assert_eq!(refusal(&allowed), "");
    }

    #[test]
    fn the_name_is_the_host_unless_there_is_one() {
        let name = |options: &Options| Providers::of(options, "http://pm.example").unwrap().iter().next().unwrap().name.clone();
        assert_eq!(name(&one("https://id.example/realms/a")), "id.example");
        assert_eq!(name(&Options { oidc_name: Some("Acme".into()), ..one("https://id.example") }), "Acme");
    }

    #[test]
    fn nothing_set_is_no_provider_and_half_set_is_told() {
        let empty = Options { oidc_issuer: Some(String::new()), oidc_providers: Some(PathBuf::new()), ..Default::default() };
        assert_eq!(Providers::of(&empty, "http://pm.example").unwrap().iter().count(), 0);
        let half = Options { oidc_client_id: None, ..one("https://id.example") };
        assert!(refusal(&half).contains("PRODMATIC_OIDC_CLIENT_ID"));
    }

    #[test]
    fn a_file_lists_several_each_once() {
        let file = std::env::temp_dir().join(crate::server::id::new_id());
        let options = Options { oidc_providers: Some(file.clone()), ..one("https://id.example") };
        std::fs::write(&file, r#"[{"issuer": "https://other.example", "client_id": "x", "client_secret": "y", "name": "Other"}]"#).unwrap();
        let both = Providers::of(&options, "http://pm.example").unwrap();
        assert_eq!(both.by_issuer("https://other.example").map(|provider| provider.name.as_str()), Some("Other"));
        assert_eq!(both.iter().count(), 2);
        std::fs::write(&file, r#"[{"issuer": "https://id.example", "client_id": "x"}]"#).unwrap();
        assert!(refusal(&options).contains("twice"));
        std::fs::write(&file, r#"[{"issuer": "https://id.example", "client": "x"}]"#).unwrap();
        assert!(refusal(&options).contains("client"));
        std::fs::remove_file(file).unwrap();
    }
}

//! The REST API of organisations.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use utoipa::ToSchema;

use super::model::{OrgFields, OrgForm, Organization, Switch};
use super::store;
use crate::kernel::error::AppError;
use crate::kernel::role::Perm;
use crate::kernel::version::Edited;
use crate::server::rest::query::Whole;
use crate::server::rest::{Answered, Api, Body, Call, Patch, Resource};

pub fn routes(api: Api) -> Api {
    api.tag("Organisations", "The token's own organisation. It is deleted, and brought back, on its page alone.")
        .get("/orgs/{org}", Perm::OrgManage, "The organisation with its settings.", get)
        .change("/orgs/{org}", Perm::OrgManage, "Changes the organisation. With another slug it has another address.", change)
}

impl Resource for Organization {
    fn key(&self) -> String {
        self.slug.clone()
    }

    fn version(&self) -> Option<String> {
        let switches: String = Switch::ALL.iter().map(|switch| if switch.is_on(self.settings.as_ref()) { '1' } else { '0' }).collect();
        Some(format!("{}-{switches}", OrgFields::from(self).version()))
    }
}

/// What is said of an organisation. It is written flat, and read back within `settings` where a field says so.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct OrgBody {
    #[schema(min_length = 1, max_length = 120)]
    name: String,
    /// The word by which the addresses of its pages and of this API name it.
    #[schema(pattern = "^(?!new$)(?=.{2,48}$)[a-z0-9]+(-[a-z0-9]+)*$")]
    slug: String,
    #[schema(max_length = 2000)]
    description: Option<String>,
    #[schema(max_length = 200)]
    website: Option<String>,
    /// The domain of its people's e-mail addresses.
    domain: Option<String>,
    /// Whether only people with an address at that domain are invited; read back as `settings.invitations.domainOnly`.
    domain_only: bool,
    /// `#rrggbb`; read back as `settings.branding.primaryColor`.
    #[schema(pattern = "^#[0-9A-Fa-f]{6}$")]
    primary_color: Option<String>,
    /// Whether products' overviews show how many ideas stand where; read back as `settings.switches.analytics`.
    analytics: bool,
    /// Whether the navigation leads to teams; read back as `settings.switches.teams`.
    teams: bool,
    /// Whether ideas have a WSJF score; read back as `settings.switches.wsjf`.
    wsjf: bool,
}

impl Body for OrgBody {
    fn example() -> Value {
        json!({ "name": "Demo Company", "website": "https://www.example.com" })
    }
}

impl From<&Organization> for OrgBody {
    fn from(org: &Organization) -> Self {
        let OrgFields { name, slug, description, website, domain, domain_only, primary_color, .. } = OrgFields::from(org);
        let on = |switch: Switch| switch.is_on(org.settings.as_ref());
        let (analytics, teams, wsjf) = (on(Switch::Analytics), on(Switch::Teams), on(Switch::Wsjf));
        OrgBody { name, slug, description, website, domain, domain_only, primary_color, analytics, teams, wsjf }
    }
}

impl OrgBody {
    fn form(self) -> OrgForm {
        OrgForm {
            name: self.name,
            slug: self.slug,
            description: self.description.unwrap_or_default(),
            website: self.website.unwrap_or_default(),
            domain: self.domain.unwrap_or_default(),
            domain_only: if self.domain_only { "on".into() } else { String::new() },
            primary_color: self.primary_color.unwrap_or_default(),
        }
    }
}

async fn get(mut call: Call, _: Whole) -> Answered<Organization> {
    let org = store::get(&mut call.scope).await?;
    call.done(org)
}

async fn change(mut call: Call, patch: Patch<OrgBody>) -> Answered<Organization> {
    let mut seen = call.seen();
    loop {
        let org = store::get(&mut call.scope).await?;
        seen.version(&org)?;
        let version = OrgFields::from(&org).version();
        let body = patch.over(&org)?;
        if body.slug.trim().is_empty() {
            return Err(AppError::field("slug", "Enter an address, or leave it out.").into());
        }
        let switches = [(Switch::Analytics, body.analytics), (Switch::Teams, body.teams), (Switch::Wsjf, body.wsjf)];
        let mut fields = body.form().validate()?;
        // A slug that was given is never counted on.
        fields.slug_chosen = true;
        if seen.is_settled(store::update(&mut call.scope, &version, fields).await)? {
            for (switch, on) in switches.into_iter().filter(|(switch, _)| patch.names(&[switch.word()])) {
                store::set_switch(&mut call.scope, switch, on).await?;
            }
            break;
        }
    }
    let org = store::get(&mut call.scope).await?;
    call.done(org)
}

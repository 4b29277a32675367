//! What an organisation is.

use serde::{Deserialize, Serialize};

use crate::account::model::User;
use crate::kernel::error::{AppError, Checks};
use crate::kernel::role::Role;
use crate::kernel::text::{self, NAME_MAX};
use crate::kernel::time::{Timestamp, day};
use crate::kernel::version::{Edited, Shown, shown};

/// Characters that an organisation's slug has at most.
pub const SLUG_MAX: usize = 48;

/// A tenant: nothing of one organisation is ever seen in another.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(sqlx::FromRow, utoipa::ToSchema), sqlx(rename_all = "camelCase"))]
#[serde(rename_all = "camelCase")]
pub struct Organization {
    pub id: String,
    pub name: String,
    pub slug: String,
    pub description: Option<String>,
    pub domain: Option<String>,
    pub logo: Option<String>,
    pub website: Option<String>,
    /// `branding.primaryColor`, `invitations.domainOnly`, and `switches.analytics`, `switches.teams` and `switches.wsjf`. A switch
    /// that was never set is not there, and is on. A `PATCH` sets them by the last part of these names, without `settings`.
    #[cfg_attr(feature = "ssr", schema(value_type = Option<Object>))]
    pub settings: Option<serde_json::Value>,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

/// `settings.branding.primaryColor`, whatever else the settings hold.
pub fn primary_color(settings: Option<&serde_json::Value>) -> Option<&str> {
    settings?.get("branding")?.get("primaryColor")?.as_str()
}

/// A part of the product that an organisation may do without.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Switch {
    /// How many ideas stand where, on each product's overview.
    Analytics,
    /// Teams, in the navigation.
    Teams,
    /// The WSJF score, for those who rank by RICE and ICE alone.
    Wsjf,
}

impl Switch {
    pub const ALL: [Switch; 3] = [Switch::Analytics, Switch::Teams, Switch::Wsjf];

    /// Its name in `settings`, and as the form's field.
    pub fn word(self) -> &'static str {
        match self {
            Switch::Analytics => "analytics",
            Switch::Teams => "teams",
            Switch::Wsjf => "wsjf",
        }
    }

    /// What it is called, and what it shows.
    pub fn texts(self) -> (&'static str, &'static str) {
        match self {
            Switch::Analytics => ("Analytics", "Each product's overview shows how many ideas stand where."),
            Switch::Teams => ("Teams", "The navigation leads to teams: who works with whom, and on which products."),
            Switch::Wsjf => ("WSJF", "Ideas have a third score, of value, urgency, risk and size."),
        }
    }

    /// Whether the organisation uses it. It does until it says otherwise: `settings.switches.NAME` is `false`.
    pub fn is_on(self, settings: Option<&serde_json::Value>) -> bool {
        settings.and_then(|settings| settings.get("switches")?.get(self.word())?.as_bool()).unwrap_or(true)
    }
}

/// The switches that an organisation has on.
pub fn switched_on(settings: Option<&serde_json::Value>) -> Vec<Switch> {
    Switch::ALL.into_iter().filter(|switch| switch.is_on(settings)).collect()
}

/// Whether only people of the organisation's domain may be invited: `settings.invitations.domainOnly`.
pub fn domain_only(settings: Option<&serde_json::Value>) -> bool {
    settings.and_then(|settings| settings.get("invitations")?.get("domainOnly")?.as_bool()).unwrap_or(false)
}

/// A deleted organisation that an administrator of it may bring back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(sqlx::FromRow), sqlx(rename_all = "camelCase"))]
pub struct DeletedOrg {
    pub name: String,
    pub slug: String,
    pub deleted_at: Timestamp,
}

impl DeletedOrg {
    /// The last day on which it can be brought back.
    pub fn until(&self) -> String {
        day(self.deleted_at + chrono::Days::new(RESTORE_DAYS as u64))
    }
}

/// Days within which a deleted organisation can be brought back.
pub const RESTORE_DAYS: i32 = 30;

/// An organisation as an entry in the switch between them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(sqlx::FromRow), sqlx(rename_all = "camelCase"))]
pub struct OrgLink {
    pub name: String,
    pub slug: String,
}

/// A product as an entry in the navigation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(sqlx::FromRow), sqlx(rename_all = "camelCase"))]
pub struct ProductLink {
    pub name: String,
    pub key: String,
}

/// Overdue tasks that the frame counts at most.
pub const OVERDUE_MAX: i64 = 100;

/// What the frame around every page of an organisation shows.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct OrgFrame {
    pub current: OrgLink,
    pub role: Role,
    pub user: User,
    pub organizations: Vec<OrgLink>,
    pub products: Vec<ProductLink>,
    /// The organisation's own accent colour.
    pub primary_color: Option<String>,
    pub about: OrgAbout,
    pub switches: Vec<Switch>,
    /// How many open tasks of the person are overdue; counted up to `OVERDUE_MAX`.
    pub overdue: i64,
    /// Whether single keys are shortcuts for the person.
    pub shortcuts: bool,
}

/// What an organisation says of itself to its members.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(sqlx::FromRow), sqlx(rename_all = "camelCase"))]
pub struct OrgAbout {
    pub description: Option<String>,
    pub logo: Option<String>,
    pub website: Option<String>,
}

/// What is filled in to create or change an organisation.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct OrgForm {
    pub name: String,
    pub slug: String,
    pub description: String,
    pub website: String,
    pub domain: String,
    /// A checkbox: anything but nothing is yes.
    pub domain_only: String,
    pub primary_color: String,
}

/// What is typed to say that deleting is meant.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct ConfirmForm {
    pub confirm: String,
}

impl ConfirmForm {
    /// # Errors
    /// A field error unless the organisation's address was typed.
    pub fn validate(self, slug: &str) -> Result<(), AppError> {
        match self.confirm.trim() == slug {
            true => Ok(()),
            false => Err(AppError::field("confirm", format!("Type {slug} to say that you mean it."))),
        }
    }
}

/// An organisation's fields, checked.
#[derive(Debug, Clone, Default)]
pub struct OrgFields {
    pub name: String,
    pub slug: String,
    /// Whether somebody typed the address; one that was made from the name may give way to a free one.
    pub slug_chosen: bool,
    pub description: Option<String>,
    pub website: Option<String>,
    pub domain: Option<String>,
    pub domain_only: bool,
    pub primary_color: Option<String>,
}

impl From<&Organization> for OrgFields {
    fn from(org: &Organization) -> Self {
        OrgFields {
            name: org.name.clone(),
            slug: org.slug.clone(),
            slug_chosen: true,
            description: org.description.clone(),
            website: org.website.clone(),
            domain: org.domain.clone(),
            domain_only: domain_only(org.settings.as_ref()),
            primary_color: primary_color(org.settings.as_ref()).map(str::to_owned),
        }
    }
}

impl Edited for OrgFields {
    fn shown(&self) -> Vec<Shown> {
        let optional = |field, label, value: &Option<String>| shown(field, label, value.as_deref().unwrap_or_default());
        vec![
            shown("name", "Name", self.name.as_str()),
            shown("slug", "Address", self.slug.as_str()),
            optional("description", "Description", &self.description),
            optional("website", "Website", &self.website),
            optional("domain", "E-mail domain", &self.domain),
            shown("domain_only", "Invite only people with an address at this domain", if self.domain_only { "on" } else { "" }),
            optional("primary_color", "Accent colour", &self.primary_color),
        ]
    }
}

impl OrgForm {
    /// The fields in stored shape, or what is wrong with the form.
    pub fn validate(self) -> Result<OrgFields, AppError> {
        let mut checks = Checks::default();
        let slug_chosen = !self.slug.trim().is_empty();
        let slug = if slug_chosen { self.slug } else { text::suggested(&self.name, "organisation") };
        let fields = OrgFields {
            slug_chosen,
            name: checks.take("name", text::line(&self.name, "a name", NAME_MAX)),
            slug: checks.take("slug", text::slug(&slug, SLUG_MAX)),
            description: checks.take("description", text::optional(&self.description, 2000)),
            website: checks.take("website", website(&self.website)),
            domain: checks.take("domain", domain(&self.domain)),
            domain_only: !self.domain_only.is_empty(),
            primary_color: checks.take("primary_color", color(&self.primary_color)),
        };
        if fields.domain_only && self.domain.trim().is_empty() {
            checks.take::<()>("domain", Err("Enter the domain that invitations are to be kept to.".into()));
        }
        checks.finish(fields)
    }
}

/// The address of a site, which becomes a link: nothing but http and https may stand before it.
fn website(address: &str) -> Result<Option<String>, String> {
    let address = text::optional(address.trim(), 200)?;
    let is_web = |a: &String| ["https://", "http://"].iter().any(|scheme| a.strip_prefix(scheme).is_some_and(|rest| rest.contains('.')));
    match address {
        Some(address) if !is_web(&address) || address.contains(char::is_whitespace) => {
            Err("Enter an address such as https://www.example.com.".into())
        }
        address => Ok(address),
    }
}

/// A domain as it stands behind the @ of an address.
fn domain(domain: &str) -> Result<Option<String>, String> {
    let domain = domain.trim().trim_start_matches('@').to_lowercase();
    let label = |label: &str| !label.is_empty() && !label.starts_with('-') && label.chars().all(|c| c.is_alphanumeric() || c == '-');
    match domain.as_str() {
        "" => Ok(None),
        domain if domain.len() <= 253 && domain.contains('.') && domain.split('.').all(label) => Ok(Some(domain.to_owned())),
        _ => Err("Enter a domain such as example.com.".into()),
    }
}

/// Any colour: each page makes it as dark or as light as it needs. Nothing typed means the product's own.
fn color(hex: &str) -> Result<Option<String>, String> {
    let hex = hex.trim();
    if hex.is_empty() {
        return Ok(None);
    }
    match crate::kernel::color::Color::parse(hex) {
        Some(_) => Ok(Some(hex.to_owned())),
        None => Err("Use a colour such as #3b82f6: # and six digits from 0 to f.".into()),
    }
}

#[cfg(test)]
mod rules {
    use super::*;

    #[test]
    fn the_slug_follows_the_name_when_none_is_typed() {
        let fields = OrgForm { name: "Acme Labs!".into(), ..Default::default() }.validate().unwrap();
        assert_eq!(fields.slug, "acme-labs");
        let fields = OrgForm { name: "日本".into(), ..Default::default() }.validate().unwrap();
        assert_eq!((fields.slug.as_str(), fields.slug_chosen), ("organisation", false));
    }

    #[test]
    fn a_website_is_a_website_and_a_domain_a_domain() {
        let form = |website: &str, domain: &str| {
            OrgForm { name: "Acme".into(), website: website.into(), domain: domain.into(), ..Default::default() }.validate()
        };
        let fields = form(" https://www.example.com/a ", "@Example.COM").unwrap();
        assert_eq!((fields.website.as_deref(), fields.domain.as_deref()), (Some("https://www.example.com/a"), Some("example.com")));
        for website in ["javascript:alert(1)//.", "www.example.com", "https://", "https://a b.example", "ftp://example.com"] {
            assert!(form(website, "").unwrap_err().of_field("website").is_some(), "{website}");
        }
        for domain in ["example", "a..b", "-a.b", "a b.c", "@"] {
            assert!(form("", domain).is_ok_and(|fields| fields.domain.is_none()) == (domain == "@"), "{domain}");
        }
        let kept = OrgForm { name: "Acme".into(), domain_only: "on".into(), ..Default::default() }.validate();
        assert!(kept.unwrap_err().of_field("domain").is_some());
    }

    #[test]
    fn a_switch_is_on_until_it_is_switched_off() {
        let settings = serde_json::json!({ "switches": { "wsjf": false, "teams": true, "analytics": "odd" } });
        assert_eq!(switched_on(Some(&settings)), vec![Switch::Analytics, Switch::Teams]);
        assert_eq!(switched_on(None), Switch::ALL.to_vec());
    }

    #[test]
    fn settings_of_any_shape_are_read() {
        let settings = serde_json::json!({"branding": {"primaryColor": "#3B82F6"}});
        assert_eq!(primary_color(Some(&settings)), Some("#3B82F6"));
        for odd in [serde_json::json!(null), serde_json::json!([1]), serde_json::json!({"branding": "red"})] {
            assert_eq!(primary_color(Some(&odd)), None);
        }
    }
}

//! What a release is.

mod changelog;
mod checklist;
mod list;
mod status;
mod version;

pub use changelog::{Change, ChangeFields, ChangeForm, ChangeKind, ChangePage, PublicChange, PublicChangelog, PublicRelease, by_kind};
pub use checklist::{
    ApplyForm, ChecklistItem, DAYS_MAX, ItemFields, ItemForm, ItemPage, Template, TemplateForm, TemplateItem, TemplateItemFields,
    TemplateItemForm, TemplatePage, not_ready,
};
pub use list::{ReleaseList, ReleaseQuery, Show};
pub use status::ReleaseStatus;
pub use version::Version;

use serde::{Deserialize, Serialize};

use crate::feature::model::FeatureLink;
use crate::kernel::day;
use crate::kernel::error::{AppError, Checks};
use crate::kernel::named::Named;
use crate::kernel::reference::Linked;
use crate::kernel::role::Role;
use crate::kernel::text::{self, DESCRIPTION_MAX, TITLE_MAX};
use crate::kernel::time::Timestamp;
use crate::kernel::version::{Edited, Shown, shown};
use crate::product::model::ProductName;

/// Characters that a version has at most.
const VERSION_MAX: usize = 64;

/// How large a step a release is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[cfg_attr(feature = "ssr", derive(sqlx::Type, utoipa::ToSchema), sqlx(type_name = "\"ReleaseType\"", rename_all = "SCREAMING_SNAKE_CASE"))]
pub enum ReleaseType {
    Major,
    #[default]
    Minor,
    Patch,
    Hotfix,
}

crate::words!(ReleaseType {
    Major: "MAJOR", "Major";
    Minor: "MINOR", "Minor";
    Patch: "PATCH", "Patch";
    Hotfix: "HOTFIX", "Hotfix";
});

/// A version of a product that goes out as one.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(sqlx::FromRow, utoipa::ToSchema), sqlx(rename_all = "camelCase"))]
#[serde(rename_all = "camelCase")]
pub struct Release {
    pub id: String,
    pub name: String,
    pub version: String,
    pub product_id: String,
    /// Its number among the items of its product, of which `KEY-123` is made.
    pub number: Option<i32>,
    pub description: Option<String>,
    pub status: ReleaseStatus,
    #[cfg_attr(feature = "ssr", sqlx(rename = "type"))]
    #[serde(rename = "type")]
    pub kind: ReleaseType,
    /// The day it is to go out.
    pub target_date: Option<Timestamp>,
    /// The day it went out.
    pub release_date: Option<Timestamp>,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
    pub deleted_at: Option<Timestamp>,
}

/// A release with how far it is: features that are neither deleted nor cancelled, and items of its checklist.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(sqlx::FromRow), sqlx(rename_all = "camelCase"))]
#[serde(rename_all = "camelCase")]
pub struct ReleaseSummary {
    #[cfg_attr(feature = "ssr", sqlx(flatten))]
    pub release: Release,
    pub features_done: i64,
    pub features: i64,
    pub items_done: i64,
    pub items: i64,
}

/// A release's own page. What is there to choose from is empty for those who may not change it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ReleasePage {
    pub role: Role,
    pub product: ProductName,
    pub summary: ReleaseSummary,
    /// The live features that go out with it.
    pub features: Vec<FeatureLink>,
    pub checklist: Vec<ChecklistItem>,
    pub changes: Vec<Change>,
    pub people: Vec<Named>,
    pub templates: Vec<Template>,
    /// Features that were looked for by title.
    pub found: Vec<FeatureLink>,
    /// What the references in its text lead to.
    pub named: Vec<Linked>,
}

/// What the form of a new release begins with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewRelease {
    pub role: Role,
    pub product: ProductName,
    /// The next version for each type, in the order of the types.
    pub next: Vec<(ReleaseType, String)>,
}

/// The next version for each type after these versions.
pub fn next_versions(versions: &[String]) -> Vec<(ReleaseType, String)> {
    let highest = Version::highest(versions.iter().map(String::as_str));
    ReleaseType::ALL.map(|kind| (kind, Version::next(highest.as_ref(), kind).to_string())).to_vec()
}

/// What is filled in to create or change a release.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct ReleaseForm {
    pub name: String,
    pub version: String,
    /// The word of a `ReleaseType`; nothing means minor.
    pub kind: String,
    pub description: String,
    pub target_date: String,
    /// Of a release that is out: the day it went out. Nothing leaves it as it is.
    pub release_date: String,
}

/// A release's fields, checked.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct ReleaseFields {
    pub name: String,
    pub version: String,
    pub kind: ReleaseType,
    pub description: Option<String>,
    pub target_date: Option<Timestamp>,
    pub release_date: Option<Timestamp>,
}

impl From<&Release> for ReleaseFields {
    fn from(release: &Release) -> Self {
        ReleaseFields {
            name: release.name.clone(),
            version: release.version.clone(),
            kind: release.kind,
            description: release.description.clone(),
            target_date: release.target_date,
            release_date: release.release_date.filter(|_| release.status == ReleaseStatus::Released),
        }
    }
}

impl Edited for ReleaseFields {
    fn shown(&self) -> Vec<Shown> {
        vec![
            shown("kind", "Type", self.kind.word()),
            shown("version", "Version", self.version.as_str()),
            shown("name", "Name", self.name.as_str()),
            shown("target_date", "Target date", day::typed(self.target_date)),
            shown("release_date", "Released on", day::typed(self.release_date)),
            shown("description", "Description", self.description.as_deref().unwrap_or_default()),
        ]
    }
}

impl ReleaseForm {
    /// The fields in stored shape, or what is wrong with the form. Without a name the version is one.
    pub fn validate(self) -> Result<ReleaseFields, AppError> {
        let mut checks = Checks::default();
        let version = self.version.trim();
        let name = if self.name.trim().is_empty() { format!("Release {version}") } else { self.name };
        let kind = match self.kind.as_str() {
            "" => Ok(ReleaseType::default()),
            word => ReleaseType::parse(word).ok_or_else(|| "Choose one of the types.".to_owned()),
        };
        let fields = ReleaseFields {
            name: checks.take("name", text::line(&name, "a name", TITLE_MAX)),
            version: checks.take("version", checked(version)),
            kind: checks.take("kind", kind),
            description: checks.take("description", text::optional(&self.description, DESCRIPTION_MAX)),
            target_date: checks.take("target_date", day::parse(&self.target_date)),
            release_date: checks.take("release_date", day::parse(&self.release_date)),
        };
        checks.finish(fields)
    }
}

fn checked(version: &str) -> Result<String, String> {
    match Version::parse(version) {
        _ if version.is_empty() => Err("Enter a version, such as 1.4.0.".into()),
        Some(_) if version.len() > VERSION_MAX => Err(format!("A version has at most {VERSION_MAX} characters.")),
        Some(_) => Ok(version.to_owned()),
        None => Err("Enter a version of three numbers, such as 1.4.0 or 2.0.0-beta.1 (semver.org).".into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_release_needs_a_true_version() {
        let form = |version: &str| ReleaseForm { version: version.into(), target_date: "2026-12-24".into(), ..Default::default() };
        let fields = form(" 1.4.0-rc.1 ").validate().unwrap();
        assert_eq!((fields.name.as_str(), fields.version.as_str(), fields.kind), ("Release 1.4.0-rc.1", "1.4.0-rc.1", ReleaseType::Minor));
        let long = format!("1.0.0-{}", "a".repeat(64));
        for wrong in ["", "1.4", "v1.4.0", "soon", "01.0.0", long.as_str()] {
            assert!(form(wrong).validate().unwrap_err().of_field("version").is_some(), "{wrong}");
        }
        let wrong = ReleaseForm { kind: "HUGE".into(), target_date: "soon".into(), release_date: "x".into(), ..form("1.0.0") };
        let error = wrong.validate().unwrap_err();
        assert!(["kind", "target_date", "release_date"].iter().all(|field| error.of_field(field).is_some()));
    }

    #[test]
    fn each_type_has_its_next_version() {
        let next = next_versions(&["1.2.0".into(), "what".into(), "1.10.1".into()]);
        let texts: Vec<&str> = next.iter().map(|(_, version)| version.as_str()).collect();
        assert_eq!(texts, ["2.0.0", "1.11.0", "1.10.2", "1.10.2"]);
    }
}

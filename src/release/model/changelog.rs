//! What a release changes, for those who use the product.

use serde::{Deserialize, Serialize};

use crate::kernel::error::{AppError, Checks};
use crate::kernel::role::Role;
use crate::kernel::text::{self, DESCRIPTION_MAX, TITLE_MAX};
use crate::kernel::time::Timestamp;
use crate::kernel::version::{Edited, Shown, shown};
use crate::product::model::ProductName;
use crate::ui::markdown::Html;

/// A kind of change, in the order of keepachangelog.com 1.1.0.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[cfg_attr(
    feature = "ssr",
    derive(sqlx::Type, utoipa::ToSchema),
    sqlx(type_name = "\"ChangelogKind\"", rename_all = "SCREAMING_SNAKE_CASE")
)]
pub enum ChangeKind {
    #[default]
    Added,
    Changed,
    Deprecated,
    Removed,
    Fixed,
    Security,
}

crate::words!(ChangeKind {
    Added: "ADDED", "Added";
    Changed: "CHANGED", "Changed";
    Deprecated: "DEPRECATED", "Deprecated";
    Removed: "REMOVED", "Removed";
    Fixed: "FIXED", "Fixed";
    Security: "SECURITY", "Security";
});

/// An entry of a changelog.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(sqlx::FromRow), sqlx(rename_all = "camelCase"))]
#[serde(rename_all = "camelCase")]
pub struct Change {
    pub id: String,
    pub kind: ChangeKind,
    pub title: String,
    /// Markdown.
    pub description: Option<String>,
    /// Whether it may be told to the world; else it is for the organisation alone.
    pub published: bool,
    /// The same as `description`, made safe on the server.
    #[cfg_attr(feature = "ssr", sqlx(skip))]
    pub html: Html,
}

/// The page of one entry.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ChangePage {
    pub role: Role,
    pub product: ProductName,
    pub change: Change,
}

/// What is filled in to add or change an entry.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct ChangeForm {
    /// The word of a `ChangeKind`; nothing means added.
    pub kind: String,
    pub entry: String,
    pub text: String,
    /// `on` when it is ticked.
    pub published: String,
}

/// An entry's fields, checked.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ChangeFields {
    pub kind: ChangeKind,
    pub title: String,
    pub description: Option<String>,
    pub published: bool,
}

impl From<&Change> for ChangeFields {
    fn from(change: &Change) -> Self {
        ChangeFields {
            kind: change.kind,
            title: change.title.clone(),
            description: change.description.clone(),
            published: change.published,
        }
    }
}

impl Edited for ChangeFields {
    fn shown(&self) -> Vec<Shown> {
        vec![
            shown("kind", "Kind", self.kind.word()),
            shown("entry", "What has changed", self.title.as_str()),
            shown("text", "Text", self.description.as_deref().unwrap_or_default()),
            shown("published", "Published", if self.published { "on" } else { "" }),
        ]
    }
}

impl ChangeForm {
    /// The fields in stored shape, or what is wrong with the form.
    pub fn validate(self) -> Result<ChangeFields, AppError> {
        let mut checks = Checks::default();
        let kind = match self.kind.as_str() {
            "" => Ok(ChangeKind::default()),
            word => ChangeKind::parse(word).ok_or_else(|| "Choose one of the kinds.".to_owned()),
        };
        let fields = ChangeFields {
            kind: checks.take("kind", kind),
            title: checks.take("entry", text::line(&self.entry, "what has changed", TITLE_MAX)),
            description: checks.take("text", text::optional(&self.text, DESCRIPTION_MAX)),
            published: !self.published.is_empty(),
        };
        checks.finish(fields)
    }
}

/// The published changelog of a product, as everybody may read it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PublicChangelog {
    pub organization: String,
    pub product: String,
    /// When anything of it changed last.
    pub updated: Timestamp,
    /// The latest first.
    pub releases: Vec<PublicRelease>,
}

/// What is told of a release.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PublicRelease {
    pub id: String,
    pub version: String,
    pub released: Timestamp,
    pub updated: Timestamp,
    /// By kind.
    pub changes: Vec<PublicChange>,
}

/// What is told of a change.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PublicChange {
    pub kind: ChangeKind,
    pub title: String,
    pub html: Html,
}

/// The changes of each kind that there are any of, in the order of the kinds.
pub fn by_kind<T>(changes: Vec<T>, kind: impl Fn(&T) -> ChangeKind) -> Vec<(ChangeKind, Vec<T>)> {
    let mut groups = ChangeKind::ALL.map(|kind| (kind, Vec::new()));
    for change in changes {
        let of = kind(&change);
        if let Some((_, group)) = groups.iter_mut().find(|(kind, _)| *kind == of) {
            group.push(change);
        }
    }
    groups.into_iter().filter(|(_, group)| !group.is_empty()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_entry_needs_a_title_and_a_known_kind() {
        let form = ChangeForm { entry: "Dark theme".into(), kind: "FIXED".into(), published: "on".into(), ..Default::default() };
        let fields = form.validate().unwrap();
        assert_eq!((fields.kind, fields.published, fields.description), (ChangeKind::Fixed, true, None));
        let error = ChangeForm { kind: "BROKEN".into(), ..Default::default() }.validate().unwrap_err();
        assert!(error.of_field("kind").is_some() && error.of_field("entry").is_some());
    }

    #[test]
    fn changes_are_told_by_kind() {
        use ChangeKind::{Added, Fixed, Security};
        let groups = by_kind(vec![(Security, 1), (Added, 2), (Fixed, 3), (Added, 4)], |change| change.0);
        assert_eq!(groups, [(Added, vec![(Added, 2), (Added, 4)]), (Fixed, vec![(Fixed, 3)]), (Security, vec![(Security, 1)])]);
    }
}

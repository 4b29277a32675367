//! What a team is.

use serde::{Deserialize, Serialize};

use crate::account::model::own_picture;
use crate::kernel::error::{AppError, Checks};
use crate::kernel::role::Role;
use crate::kernel::text::{self, DESCRIPTION_MAX, NAME_MAX};
use crate::kernel::time::Timestamp;
use crate::kernel::version::{Edited, Shown, shown};

/// Characters that a team's slug has at most.
pub const SLUG_MAX: usize = 48;
/// What somebody is told whose team's address is another's.
pub const SLUG_TAKEN: &str =
    "This address is taken, if not by a team that you see then by a deleted one. Choose another, or restore that team.";

/// A team of an organisation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(sqlx::FromRow, utoipa::ToSchema), sqlx(rename_all = "camelCase"))]
#[serde(rename_all = "camelCase")]
pub struct Team {
    pub id: String,
    pub name: String,
    pub slug: String,
    pub description: Option<String>,
    pub deleted_at: Option<Timestamp>,
}

/// A team with the number of its members and of its live products.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(sqlx::FromRow), sqlx(rename_all = "camelCase"))]
pub struct TeamSummary {
    #[cfg_attr(feature = "ssr", sqlx(flatten))]
    pub team: Team,
    pub members: i64,
    pub products: i64,
}

/// The list of teams.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TeamList {
    pub role: Role,
    pub teams: Vec<TeamSummary>,
}

/// A team to choose.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(sqlx::FromRow), sqlx(rename_all = "camelCase"))]
pub struct TeamChoice {
    pub id: String,
    pub name: String,
}

/// Somebody who is in the team or could be.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(sqlx::FromRow, utoipa::ToSchema), sqlx(rename_all = "camelCase"))]
#[serde(rename_all = "camelCase")]
pub struct TeamMember {
    /// The membership's id, not the person's.
    pub id: String,
    pub user_id: String,
    pub name: Option<String>,
    /// What they do, in their own words.
    pub title: Option<String>,
    /// Path of their picture.
    pub image: Option<String>,
    /// Only for those who manage the organisation.
    pub email: Option<String>,
    pub role: Role,
    /// The live team that they are in.
    pub team_name: Option<String>,
}

impl TeamMember {
    /// The name to show.
    pub fn shown(&self) -> &str {
        let name = self.name.as_deref().filter(|name| !name.trim().is_empty());
        name.or(self.email.as_deref()).unwrap_or("Unnamed member")
    }

    /// The picture to show.
    pub fn picture(&self) -> Option<String> {
        own_picture(self.image.as_deref())
    }

    /// The name as one of many to choose from, where two may be called the same.
    pub fn choice(&self) -> String {
        let email = self.email.as_deref().filter(|email| *email != self.shown());
        let email = email.map(|email| format!(", {email}")).unwrap_or_default();
        let team = self.team_name.as_ref().map(|team| format!(" (now in {team})")).unwrap_or_default();
        format!("{}{email}{team}", self.shown())
    }
}

/// A product that the team works on or could.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(sqlx::FromRow, utoipa::ToSchema), sqlx(rename_all = "camelCase"))]
#[serde(rename_all = "camelCase")]
pub struct TeamProduct {
    pub id: String,
    pub name: String,
    pub key: String,
}

/// A team's own page. The choices are empty for those who may not change it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TeamPage {
    pub role: Role,
    pub team: Team,
    pub members: Vec<TeamMember>,
    pub products: Vec<TeamProduct>,
    pub other_members: Vec<TeamMember>,
    pub other_products: Vec<TeamProduct>,
}

/// What is filled in to create or change a team.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct TeamForm {
    pub name: String,
    pub slug: String,
    pub description: String,
}

/// A team's fields, checked.
#[derive(Debug, Clone, Default)]
pub struct TeamFields {
    pub name: String,
    pub slug: String,
    /// Whether somebody typed the address; one that was made from the name may give way to a free one.
    pub slug_chosen: bool,
    pub description: Option<String>,
}

impl From<&Team> for TeamFields {
    fn from(team: &Team) -> Self {
        TeamFields { name: team.name.clone(), slug: team.slug.clone(), slug_chosen: true, description: team.description.clone() }
    }
}

impl Edited for TeamFields {
    fn shown(&self) -> Vec<Shown> {
        vec![
            shown("name", "Name", self.name.as_str()),
            shown("slug", "Address", self.slug.as_str()),
            shown("description", "Description", self.description.as_deref().unwrap_or_default()),
        ]
    }
}

impl TeamForm {
    /// The fields in stored shape, or what is wrong with the form.
    pub fn validate(self) -> Result<TeamFields, AppError> {
        let mut checks = Checks::default();
        let slug_chosen = !self.slug.trim().is_empty();
        let slug = if slug_chosen { self.slug } else { text::suggested(&self.name, "team") };
        let fields = TeamFields {
            slug_chosen,
            name: checks.take("name", text::line(&self.name, "a name", NAME_MAX)),
            slug: checks.take("slug", text::slug(&slug, SLUG_MAX)),
            description: checks.take("description", text::optional(&self.description, DESCRIPTION_MAX)),
        };
        checks.finish(fields)
    }
}

/// Who or what is to be added to a team, by id.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct AddForm {
    pub member: String,
    pub product: String,
}

impl AddForm {
    /// The member's id, or that none was chosen.
    pub fn member(self) -> Result<String, AppError> {
        if self.member.is_empty() { Err(AppError::field("member", "Choose a member.")) } else { Ok(self.member) }
    }

    /// The product's id, or that none was chosen.
    pub fn product(self) -> Result<String, AppError> {
        if self.product.is_empty() { Err(AppError::field("product", "Choose a product.")) } else { Ok(self.product) }
    }
}

#[cfg(test)]
mod rules {
    use super::*;

    #[test]
    fn the_slug_follows_the_name_when_none_is_typed() {
        let fields = TeamForm { name: "Mobile & Web".into(), ..Default::default() }.validate().unwrap();
        assert_eq!((fields.slug.as_str(), fields.description), ("mobile-web", None));
        let error = TeamForm { name: " ".into(), slug: "No".into(), ..Default::default() }.validate().unwrap_err();
        assert!(error.of_field("name").is_some() && error.of_field("slug").is_some());
        assert!(TeamForm { name: "New".into(), ..Default::default() }.validate().is_err(), "the page of new teams has that address");
    }

    #[test]
    fn members_of_one_name_are_told_apart() {
        let ada = TeamMember {
            id: "a".into(),
            user_id: "u".into(),
            name: Some("Ada".into()),
            title: None,
            image: None,
            email: Some("ada@example.com".into()),
            role: Role::Designer,
            team_name: Some("Growth".into()),
        };
        assert_eq!(ada.choice(), "Ada, ada@example.com (now in Growth)");
        assert_eq!(TeamMember { name: None, team_name: None, ..ada }.choice(), "ada@example.com");
    }

    #[test]
    fn nothing_chosen_is_told_beside_the_field() {
        assert!(AddForm::default().member().unwrap_err().of_field("member").is_some());
        assert!(AddForm::default().product().unwrap_err().of_field("product").is_some());
    }
}

//! The REST API of teams.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use utoipa::ToSchema;

use super::model::{Team, TeamFields, TeamForm, TeamMember, TeamPage, TeamProduct, TeamSummary};
use super::store;
use crate::kernel::role::Perm;
use crate::kernel::version::Edited;
use crate::server::rest::query::{Bin, Even};
use crate::server::rest::{Answered, Api, Body, Call, Listed, Patch, Place, Problem, Resource, both};

/// What is below a deleted team is gone with it.
pub static PLACE: Place = Place { part: "team", noun: "team", is_deleted: |scope, slug| Box::pin(store::is_deleted(scope, slug)) };

pub fn routes(api: Api) -> Api {
    let one = "/orgs/{org}/teams/{team}";
    let (member, product) = ("/orgs/{org}/teams/{team}/members/{member}", "/orgs/{org}/teams/{team}/products/{product}");
    let about = "Who works with whom, and on which products. A team is addressed by its slug, which can be changed; its members by the ids \
                 of their memberships, and its products by their ids.";
    api.tag("Teams", about)
        .list("/orgs/{org}/teams", Perm::Read, "The teams by name.", list)
        .create("/orgs/{org}/teams", Perm::OrgManage, "Creates a team.", create)
        .get(one, Perm::Read, "One team with its members and products.", get)
        .change(one, Perm::OrgManage, "Changes a team. With another slug it has another address.", change)
        .delete(one, Perm::OrgManage, "Deletes a team so that it can be restored.", delete)
        .verb("/orgs/{org}/teams/{team}/restore", Perm::OrgManage, "Brings a deleted team back.", restore)
        .put(
            member,
            Perm::OrgManage,
            "Puts a member, by the id of the membership, into the team, out of the one that they were in.",
            add_member,
        )
        .delete(member, Perm::OrgManage, "Takes a member, by the id of the membership, out of the team.", remove_member)
        .put(product, Perm::OrgManage, "Gives the team a product, by its id, to work on.", add_product)
        .delete(product, Perm::OrgManage, "Takes a product, by its id, away from the team.", remove_product)
}

/// A team with the number of its members and live products.
#[derive(Serialize, ToSchema)]
struct TeamRow {
    #[serde(flatten)]
    team: Team,
    members: i64,
    products: i64,
}

impl From<TeamSummary> for TeamRow {
    fn from(summary: TeamSummary) -> Self {
        let TeamSummary { team, members, products } = summary;
        TeamRow { team, members, products }
    }
}

/// A team with those who are in it, of either at most 500.
#[derive(Serialize, ToSchema)]
struct WholeTeam {
    #[serde(flatten)]
    team: Team,
    members: Vec<TeamMember>,
    products: Vec<TeamProduct>,
}

impl From<TeamPage> for WholeTeam {
    fn from(page: TeamPage) -> Self {
        let TeamPage { team, members, products, .. } = page;
        WholeTeam { team, members, products }
    }
}

impl Resource for WholeTeam {
    fn key(&self) -> String {
        self.team.slug.clone()
    }

    fn is_deleted(&self) -> bool {
        self.team.deleted_at.is_some()
    }

    fn version(&self) -> Option<String> {
        Some(TeamFields::from(&self.team).version())
    }
}

/// What is said of a team.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct TeamBody {
    #[schema(min_length = 1, max_length = 120)]
    name: String,
    /// Lower-case letters, digits and single hyphens; made of the name if it is left out.
    #[schema(pattern = "^(?!new$)(?=.{2,48}$)[a-z0-9]+(-[a-z0-9]+)*$")]
    slug: Option<String>,
    #[schema(max_length = 20000)]
    description: Option<String>,
}

impl Body for TeamBody {
    fn example() -> Value {
        json!({ "name": "Mobile", "slug": "mobile" })
    }
}

impl From<&WholeTeam> for TeamBody {
    fn from(whole: &WholeTeam) -> Self {
        let Team { name, slug, description, .. } = whole.team.clone();
        TeamBody { name, slug: Some(slug), description }
    }
}

impl TeamBody {
    /// The team, checked. A slug is there or left out.
    fn checked(self) -> Result<TeamFields, Problem> {
        let slug = match self.slug.as_ref().is_some_and(|slug| slug.trim().is_empty()) {
            true => Err(Problem::at("#/slug", "Enter a slug, or leave it out.")),
            false => Ok(()),
        };
        let form = TeamForm { name: self.name, slug: self.slug.unwrap_or_default(), description: self.description.unwrap_or_default() };
        let (fields, ()) = both(form.validate(), slug)?;
        Ok(fields)
    }
}

/// The live team of the address.
async fn read(call: &mut Call) -> Result<WholeTeam, Problem> {
    let team = call.at("team");
    Ok(store::page(&mut call.scope, &team).await?.into())
}

async fn list(mut call: Call, bin: Bin) -> Answered<Listed<TeamRow>> {
    let teams = store::list(&mut call.scope, bin.deleted).await?;
    call.done(Listed::all(teams).map(TeamRow::from))
}

async fn get(mut call: Call, _: Even) -> Answered<WholeTeam> {
    let team = call.at("team");
    let team = store::even(&mut call.scope, &team).await?;
    call.done(team.into())
}

async fn create(mut call: Call, body: TeamBody) -> Answered<WholeTeam> {
    let fields = body.checked()?;
    let slug = store::create(&mut call.scope, fields).await?;
    let team = store::page(&mut call.scope, &slug).await?;
    call.done(team.into())
}

async fn change(mut call: Call, patch: Patch<TeamBody>) -> Answered<WholeTeam> {
    let mut seen = call.seen();
    loop {
        let whole = read(&mut call).await?;
        let version = seen.version(&whole)?;
        let fields = patch.over(&whole)?.checked()?;
        let slug = fields.slug.clone();
        if seen.is_settled(store::update(&mut call.scope, &whole.team.slug, &version, fields).await)? {
            let team = store::page(&mut call.scope, &slug).await?;
            return call.done(team.into());
        }
    }
}

async fn delete(mut call: Call) -> Answered<()> {
    let team = call.at("team");
    store::set_deleted(&mut call.scope, &team, true).await?;
    call.done(())
}

async fn restore(mut call: Call) -> Answered<WholeTeam> {
    let team = call.at("team");
    store::set_deleted(&mut call.scope, &team, false).await?;
    let team = read(&mut call).await?;
    call.done(team)
}

async fn add_member(mut call: Call) -> Answered<()> {
    let (team, member) = (call.at("team"), call.at("member"));
    store::add_member(&mut call.scope, &team, &member).await?;
    call.done(())
}

async fn remove_member(mut call: Call) -> Answered<()> {
    let (team, member) = (call.at("team"), call.at("member"));
    store::remove_member(&mut call.scope, &team, &member).await?;
    call.done(())
}

async fn add_product(mut call: Call) -> Answered<()> {
    let (team, product) = (call.at("team"), call.at("product"));
    store::add_product(&mut call.scope, &team, &product).await?;
    call.done(())
}

async fn remove_product(mut call: Call) -> Answered<()> {
    let (team, product) = (call.at("team"), call.at("product"));
    store::remove_product(&mut call.scope, &team, &product).await?;
    call.done(())
}

//! The REST API of members and invitations.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use utoipa::ToSchema;

use super::model::{After, Invitation, InviteForm, Member, MemberForm};
use super::store;
use crate::kernel::error::AppError;
use crate::kernel::role::{Perm, Role};
use crate::kernel::version::Edited;
use crate::server::rest::query::Whole;
use crate::server::rest::{Answered, Api, Body, Call, Listed, Patch, Problem, Resource, Wrong, named};

pub fn routes(api: Api) -> Api {
    let (members, member) = ("/orgs/{org}/members", "/orgs/{org}/members/{id}");
    let (invitations, invitation) = ("/orgs/{org}/invitations", "/orgs/{org}/invitations/{id}");
    api.tag("Members", "Who belongs to an organisation, and who is invited. E-mail addresses are told to those alone who manage it.")
        .list(members, Perm::Read, "The members by name.", list)
        .get(member, Perm::Read, "One member, by the id of the membership.", get)
        .change(member, Perm::OrgManage, "Gives a member, by the id of the membership, a role and a team.", change)
        .delete(
            member,
            Perm::OrgManage,
            "Takes a member, by the id of the membership, out of the organisation; their tokens end with that.",
            remove,
        )
        .list(invitations, Perm::OrgManage, "The invitations made last, the open ones first.", list_invitations)
        .create(invitations, Perm::OrgManage, "Invites somebody by e-mail.", invite)
        .verb("/orgs/{org}/invitations/{id}/resend", Perm::OrgManage, "Sends an open invitation again under a new link.", resend)
        .delete(invitation, Perm::OrgManage, "Revokes an open invitation.", revoke)
}

impl Resource for Member {
    fn key(&self) -> String {
        self.id.clone()
    }

    fn version(&self) -> Option<String> {
        Some(MemberForm::from(self).version())
    }
}

impl Resource for Invitation {
    fn key(&self) -> String {
        self.id.clone()
    }
}

/// What is chosen for a member.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct MemberBody {
    role: Role,
    /// A team, by its id and not its slug; `null` for none.
    team_id: Option<String>,
}

impl Body for MemberBody {
    const NAMES: &'static [(&'static str, &'static str)] = &[("team", "teamId")];

    fn example() -> Value {
        json!({ "role": "DEVELOPER" })
    }
}

impl From<&Member> for MemberBody {
    fn from(member: &Member) -> Self {
        MemberBody { role: member.role, team_id: member.team_id.clone() }
    }
}

/// Who is invited.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct InviteBody {
    #[schema(max_length = 254)]
    email: String,
    role: Role,
    /// The team that they come into, by its id and not its slug.
    team_id: Option<String>,
    /// What the mail says besides.
    #[schema(max_length = 2000)]
    message: Option<String>,
}

impl Body for InviteBody {
    const NAMES: &'static [(&'static str, &'static str)] = &[("team", "teamId")];

    fn example() -> Value {
        json!({ "email": "ada@example.com", "role": "DEVELOPER" })
    }
}

/// What is told of a team that is not there.
fn no_team() -> Wrong {
    Wrong::at("#/teamId", "Choose a team of the organisation.")
}

async fn list(mut call: Call, _: Whole) -> Answered<Listed<Member>> {
    let read = |word: String| After::decode(&word).ok_or_else(|| Problem::parameter("cursor", "This is no cursor of this list."));
    let after = call.after().map(read).transpose()?;
    let (rows, next) = store::list(&mut call.scope, after.as_ref(), "").await?;
    let part = call.ahead(rows, next, |member| After::of(member).encode());
    call.done(part)
}

/// The member of the address.
async fn read(call: &mut Call) -> Result<Member, Problem> {
    let id = call.at("id");
    Ok(store::get(&mut call.scope, &id).await?)
}

async fn get(mut call: Call, _: Whole) -> Answered<Member> {
    let member = read(&mut call).await?;
    call.done(member)
}

async fn change(mut call: Call, patch: Patch<MemberBody>) -> Answered<Member> {
    let mut seen = call.seen();
    loop {
        let member = read(&mut call).await?;
        let version = seen.version(&member)?;
        let MemberBody { role, team_id } = patch.over(&member)?;
        let form = MemberForm { role, team: team_id.unwrap_or_default() };
        if named(seen.is_settled(store::update(&mut call.scope, &member.id, &version, form).await), no_team())? {
            break;
        }
    }
    let member = read(&mut call).await?;
    call.done(member)
}

async fn remove(mut call: Call) -> Answered<()> {
    let member = read(&mut call).await?;
    store::remove(&mut call.scope, &member.id).await?;
    call.done(())
}

async fn list_invitations(mut call: Call, _: Whole) -> Answered<Listed<Invitation>> {
    let invitations = store::invitations(&mut call.scope, &call.settings).await?;
    call.done(Listed::all(invitations))
}

/// An invitation among those made last.
async fn invitation(call: &mut Call, id: &str) -> Result<Invitation, Problem> {
    let invitations = store::invitations(&mut call.scope, &call.settings).await?;
    Ok(invitations.into_iter().find(|invitation| invitation.id == id).ok_or(AppError::NotFound)?)
}

async fn invite(mut call: Call, body: InviteBody) -> Answered<Invitation> {
    let InviteBody { email, role, team_id, message } = body;
    let form = InviteForm { email, role, team: team_id.unwrap_or_default(), message: message.unwrap_or_default() };
    let fields = form.validate()?;
    call.spend_mail()?;
    let id = named(store::invite(&mut call.scope, &call.settings, fields).await, no_team())?;
    let invited = invitation(&mut call, &id).await?;
    call.done(invited)
}

async fn resend(mut call: Call) -> Answered<Invitation> {
    let id = call.at("id");
    call.spend_mail()?;
    store::resend(&mut call.scope, &call.settings, &id).await?;
    let invited = invitation(&mut call, &id).await?;
    call.done(invited)
}

async fn revoke(mut call: Call) -> Answered<()> {
    let id = call.at("id");
    store::revoke(&mut call.scope, &id).await?;
    call.done(())
}

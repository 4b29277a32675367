//! Pages of members and invitations.

mod accept;
mod arrived;
mod edit;
mod invitations;
mod invite;
mod list;

pub use arrived::Arrived;

use accept::InvitationPageView;
use edit::EditMemberPage;
use invite::InvitePage;
use list::MemberListPage;

use crate::kernel::role::Role;
use crate::team::model::TeamChoice;
use crate::ui::layout::Crumb;

crate::lazy_pages!(door: Invitation = InvitationPageView);
crate::lazy_pages!(admin: MemberList = MemberListPage, EditMember = EditMemberPage, Invite = InvitePage);

/// The roles to choose from.
fn role_options() -> Vec<(String, String)> {
    Role::ALL.map(|role| (role.word().to_owned(), role.label().to_owned())).to_vec()
}

/// The teams to choose from, and none.
fn team_options(teams: Vec<TeamChoice>) -> Vec<(String, String)> {
    let none = (String::new(), "No team".to_owned());
    [none].into_iter().chain(teams.into_iter().map(|team| (team.id, team.name))).collect()
}

/// The way from the members to a page below.
fn crumbs(org: &str) -> Vec<Crumb> {
    vec![Crumb::new("Members", format!("/orgs/{org}/members"))]
}

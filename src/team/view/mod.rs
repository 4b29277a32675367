//! Pages of teams.

mod edit;
mod list;
mod page;

use edit::{NewTeamPage, TeamSettingsPage};
use list::TeamListPage;
use page::TeamPageView;

use crate::ui::layout::Crumb;

crate::lazy_pages!(admin: TeamList = TeamListPage, NewTeam = NewTeamPage, TeamDetail = TeamPageView, TeamSettings = TeamSettingsPage);

/// The way from the teams to a page below.
fn crumbs(org: &str) -> Vec<Crumb> {
    vec![Crumb::new("Teams", format!("/orgs/{org}/teams"))]
}

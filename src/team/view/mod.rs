//! Pages of teams.

mod edit;
mod list;
mod page;

pub use edit::{NewTeamPage, TeamSettingsPage};
pub use list::TeamListPage;
pub use page::TeamPageView;

use crate::ui::layout::Crumb;

/// The way from the teams to a page below.
fn crumbs(org: &str) -> Vec<Crumb> {
    vec![Crumb::new("Teams", format!("/orgs/{org}/teams"))]
}

//! Pages of an organisation, and the frame around all of them.

mod frame;
mod home;
mod roles;
mod settings;

pub use frame::{Frame, SignOutButton};
pub use home::Home;

use leptos::prelude::*;
use leptos_router::hooks::use_params_map;

use home::NewOrgPage;
use roles::RolesPage;
use settings::{FeaturesPage, OrgSettingsPage};

crate::lazy_pages!(admin: NewOrg = NewOrgPage, OrgSettings = OrgSettingsPage, Features = FeaturesPage, Roles = RolesPage);

/// A parameter of the page's address, such as `org` or `key`. Postgres takes no NUL byte, not even to say that nothing has that name.
pub fn param(name: &'static str) -> Signal<String> {
    let params = use_params_map();
    Signal::derive(move || params.with(|params| params.get(name)).unwrap_or_default().replace('\0', "\u{FFFD}"))
}

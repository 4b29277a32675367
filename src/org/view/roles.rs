//! Who may do what, as a table.

use leptos::prelude::*;

use super::param;
use super::settings::SettingsTabs;
use crate::kernel::role::{Perm, Role};
use crate::org::api::GetFrame;
use crate::org::model::OrgFrame;
use crate::ui::layout::{Crumb, PageHead};
use crate::ui::load::{Load, data};

/// `/orgs/{org}/settings/roles`: every member may read who may do what.
#[component]
pub fn RolesPage() -> impl IntoView {
    let org = param("org");
    let frame = data(move || GetFrame { org: org.get() });
    view! { <Load of=frame view=|frame: OrgFrame| view! { <Roles frame /> }.into_any() /> }
}

#[component]
fn Roles(frame: OrgFrame) -> impl IntoView {
    let slug = frame.current.slug;
    let tabs = frame.role.can(Perm::OrgManage).then(|| view! { <SettingsTabs org=slug.clone() current="/roles" /> });
    let heads = Role::ALL.map(|role| view! { <th scope="col" class="mark">{role.label()}</th> }).collect_view();
    let row = |perm: Perm| {
        let mark = |role: Role| match role.can(perm) {
            true => view! { <td class="mark yes">"Yes"</td> }.into_any(),
            false => view! { <td class="mark"><span class="muted">"No"</span></td> }.into_any(),
        };
        view! { <tr><th scope="row">{perm.label()}</th>{Role::ALL.map(mark).collect_view()}</tr> }
    };
    view! {
        <PageHead title="Roles" crumbs=vec![Crumb::new(frame.current.name, format!("/orgs/{slug}/products"))] />
        {tabs}
        <p class="muted lead">{format!("You are here as {}. Nobody can raise their own role, and there is always an administrator.", frame.role.label().to_lowercase())}</p>
        <p class="muted lead narrow-only">"The table goes on at the right: scroll it sideways to see every role."</p>
        <div class="table-scroll" tabindex="0" role="region" aria-label="Who may do what">
            <table class="table roles">
                <caption class="visually-hidden">"Who may do what"</caption>
                <thead><tr><th scope="col">"To"</th>{heads}</tr></thead>
                <tbody>{Perm::ALL.map(row).collect_view()}</tbody>
            </table>
        </div>
    }
}

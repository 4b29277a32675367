//! A team's own page.

use leptos::prelude::*;
use server_fn::ServerFn;

use super::crumbs;
use crate::account::model::initials;
use crate::kernel::role::Perm;
use crate::org::view::param;
use crate::team::api::{AddTeamMember, AddTeamProduct, GetTeam, RemoveTeamMember, RemoveTeamProduct};
use crate::team::model::{TeamMember, TeamPage, TeamProduct};
use crate::ui::form::{Sent, ServerForm, Submit};
use crate::ui::icon::{Icon, IconView};
use crate::ui::layout::{Avatar, PageHead, Prose};
use crate::ui::load::{Load, data};
use crate::ui::rows::{anew, then_focus};
use crate::ui::select::SelectField;

/// The forms of the page, which outlive a new look at its data.
#[derive(Clone, Copy)]
struct Forms {
    member_added: Sent,
    member_removed: Sent,
    product_added: Sent,
    product_removed: Sent,
}

/// `/orgs/{org}/teams/{team}`
#[component]
pub fn TeamPageView() -> impl IntoView {
    let (org, team) = (param("org"), param("team"));
    let forms = Forms { member_added: Sent::new(), member_removed: Sent::new(), product_added: Sent::new(), product_removed: Sent::new() };
    let page = data(move || GetTeam { org: org.get(), team: team.get() })
        .live(&["Team", "Membership", "Product"])
        .after(forms.member_added)
        .after(forms.member_removed)
        .after(forms.product_added)
        .after(forms.product_removed);
    forget_after(forms);
    then_focus(forms.member_removed, "team-members");
    then_focus(forms.product_removed, "team-products");
    let view = move |data: TeamPage| view! { <TeamView data org=org.get_untracked() forms /> }.into_any();
    view! { <Load of=page view /> }
}

/// What was wrong with one form is of no interest any more once another has been accepted.
fn forget_after(forms: Forms) {
    let all = [forms.member_added, forms.member_removed, forms.product_added, forms.product_removed];
    for sent in all {
        Effect::new(move || {
            if sent.times() > 0 {
                all.into_iter().for_each(Sent::forget);
            }
        });
    }
}

/// Members at the left, products at the right.
#[component]
fn TeamView(data: TeamPage, org: String, forms: Forms) -> impl IntoView {
    let TeamPage { role, team, members, products, other_members, other_products } = data;
    let manages = role.can(Perm::OrgManage);
    let edit = manages.then(|| {
        view! { <a class="button" href=format!("/orgs/{org}/teams/{}/settings", team.slug)><IconView icon=Icon::Edit />"Edit"</a> }
    });
    let about = team.description.map(|text| view! { <section class="card" aria-label="Description"><Prose text empty="" /></section> });
    let (at, slug) = (org.clone(), team.slug.clone());
    view! {
        <PageHead title=team.name crumbs=crumbs(&org)>{edit}</PageHead>
        {about}
        <div class="columns">
            <Members members others=other_members manages org=at slug forms />
            <Products products others=other_products manages org slug=team.slug forms />
        </div>
    }
}

/// The hidden fields that say which team a form is about.
#[component]
fn Which(org: String, slug: String) -> impl IntoView {
    view! {
        <input type="hidden" name="org" value=org />
        <input type="hidden" name="team" value=slug />
    }
}

/// A button that takes one entry out of a list, by the form before the list.
fn take_out(form: &'static str, id: String, label: String) -> impl IntoView {
    anew(move || {
        let (id, label) = (id.clone(), label.clone());
        view! { <button type="submit" class="button quiet small" form=form name="id" value=id aria-label=label>"Remove"</button> }
    })
}

/// What there is to choose from, and nothing chosen at first.
fn choices(none: &str, others: impl Iterator<Item = (String, String)>) -> Vec<(String, String)> {
    [(String::new(), none.to_owned())].into_iter().chain(others).collect()
}

/// The team's members; for those who may, with ways in and out.
#[component]
fn Members(members: Vec<TeamMember>, others: Vec<TeamMember>, manages: bool, org: String, slug: String, forms: Forms) -> impl IntoView {
    let none = members.is_empty().then(|| view! { <p class="muted">"Nobody is in this team yet."</p> });
    let entry = |member: TeamMember| {
        let name = member.shown().to_owned();
        let about = member.title.iter().map(String::as_str).chain([member.role.label()]).collect::<Vec<_>>().join(" · ");
        let remove = manages.then(|| take_out("remove-member", member.id.clone(), format!("Remove {name}")));
        view! {
            <li>
                <Avatar initials=initials(&name) src=member.picture() />
                <span class="who">
                    <span class="name" dir="auto">{name}</span>
                    <span class="muted" dir="auto">{about}</span>
                </span>
                {remove}
            </li>
        }
    };
    let choices = choices("Choose a member", others.into_iter().map(|member| (member.id.clone(), member.choice())));
    let (same_org, same_slug) = (org.clone(), slug.clone());
    let changes = manages.then(move || {
        view! {
            <ServerForm id="remove-member" to=RemoveTeamMember::PATH sent=forms.member_removed><Which org slug /></ServerForm>
            <ServerForm to=AddTeamMember::PATH sent=forms.member_added class="add-row">
                <Which org=same_org slug=same_slug />
                <SelectField name="member" label="Add a member" options=choices />
                <Submit label="Add member" class="" />
            </ServerForm>
        }
    });
    view! {
        <section class="card stack" aria-labelledby="team-members">
            <h2 id="team-members" tabindex="-1">"Members"</h2>
            {none}
            <ul class="people" aria-labelledby="team-members">{members.into_iter().map(entry).collect_view()}</ul>
            {changes}
        </section>
    }
}

/// The team's products; for those who may, with ways in and out.
#[component]
fn Products(products: Vec<TeamProduct>, others: Vec<TeamProduct>, manages: bool, org: String, slug: String, forms: Forms) -> impl IntoView {
    let none = products.is_empty().then(|| view! { <p class="muted">"This team has no products yet."</p> });
    let base = format!("/orgs/{org}/products");
    let entry = |product: TeamProduct| {
        let remove = manages.then(|| take_out("remove-product", product.id.clone(), format!("Remove {}", product.name)));
        view! {
            <li>
                <a class="who" href=format!("{base}/{}", product.key)><span class="name" dir="auto">{product.name}</span></a>
                {remove}
            </li>
        }
    };
    let choices = choices("Choose a product", others.into_iter().map(|product| (product.id, product.name)));
    let (same_org, same_slug) = (org.clone(), slug.clone());
    let changes = manages.then(move || {
        view! {
            <ServerForm id="remove-product" to=RemoveTeamProduct::PATH sent=forms.product_removed><Which org slug /></ServerForm>
            <ServerForm to=AddTeamProduct::PATH sent=forms.product_added class="add-row">
                <Which org=same_org slug=same_slug />
                <SelectField name="product" label="Add a product" options=choices />
                <Submit label="Add product" class="" />
            </ServerForm>
        }
    });
    view! {
        <section class="card stack" aria-labelledby="team-products">
            <h2 id="team-products" tabindex="-1">"Products"</h2>
            {none}
            <ul class="people" aria-labelledby="team-products">{products.into_iter().map(entry).collect_view()}</ul>
            {changes}
        </section>
    }
}

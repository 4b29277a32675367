//! The start page, and the beginning of an organisation.

use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::components::Redirect;
use leptos_router::hooks::use_query_map;
use server_fn::ServerFn;

use super::frame::SignOutButton;
use crate::account::view::{Doorway, Logo, ThemeSwitch};
use crate::kernel::error::AppError;
use crate::kernel::time::day;
use crate::member::view::Arrived;
use crate::org::api::{CreateOrg, DeletedOrgs, RestoreOrg, StartPage};
use crate::org::model::DeletedOrg;
use crate::ui::form::{ServerForm, Submit, TextArea, TextField};
use crate::ui::icon::{Icon, IconView};
use crate::ui::layout::Notice;
use crate::ui::load::{Failure, Load, data};

/// `/`: the landing page, or the way to the first organisation of whoever is signed in.
#[component]
pub fn Home() -> impl IntoView {
    let target = data(|| StartPage {});
    let view = |target: Option<String>| match target {
        Some(path) => view! { <Redirect path /> }.into_any(),
        None => view! { <Landing /> }.into_any(),
    };
    view! { <Load of=target view /> }
}

/// What the product is, for somebody who has just opened it.
#[component]
fn Landing() -> impl IntoView {
    let point = |(icon, title, text): (Icon, &'static str, &'static str)| {
        view! {
            <li class="card">
                <span class="point-icon"><IconView icon /></span>
                <h2>{title}</h2>
                <p>{text}</p>
            </li>
        }
    };
    let points = [
        (
            Icon::Bulb,
            "Ideas that rank themselves",
            "Score with RICE, ICE and WSJF side by side, see them move as you type, and work down the list.",
        ),
        (Icon::Layers, "Eight stages, one picture", "Follow every product from ideation to sunset, and see at a glance what it holds."),
        (Icon::Rocket, "Yours to run", "One program and a Postgres. No outside service is called, and nothing leaves your machine."),
    ];
    view! {
        <Title text="" />
        <main class="landing" id="content">
            <header>
                <span class="brand"><Logo />"ProdMatic"</span>
                <nav aria-label="Account">
                    <a class="button quiet" href="/signin">"Sign in"</a>
                </nav>
            </header>
            <section class="hero">
                <h1>"From idea to measured outcome"</h1>
                <p>"Product management that you run yourself: what to build next, why, and what came of it."</p>
                <a class="button primary large" href="/signup">"Create your account"<IconView icon=Icon::Arrow /></a>
            </section>
            <ul class="points">{points.map(point).collect_view()}</ul>
            <footer><ThemeSwitch /></footer>
        </main>
    }
}

/// `/orgs/new`
#[component]
pub fn NewOrgPage() -> impl IntoView {
    let signed_in = data(|| StartPage {});
    let signed_out = |path: Option<String>| path.is_none().then(|| view! { <Failure error=AppError::Unauthorized /> }).into_any();
    view! {
        <Load of=signed_in view=signed_out />
        <Doorway title="Create an organisation" lead="Products, people and their work live in an organisation. Nobody outside it sees them.">
            <Bin />
            <Arrived />
            <ServerForm to=CreateOrg::PATH class="stack">
                <TextField name="name" label="Name" autocomplete="organization" required=true placeholder="Acme Labs" />
                <TextField name="slug" label="Address" hint="Part of every link, such as acme-labs. Made from the name if you leave it empty." />
                <TextArea name="description" label="Description (optional)" rows=3 />
                <Submit label="Create organisation" class="primary wide" />
            </ServerForm>
            <p class="aside"><a href="/account">"Your account"</a></p>
            <SignOutButton />
        </Doorway>
    }
}

/// The deleted organisations that the person may bring back, if there are any. The address names one that was deleted just now.
#[component]
fn Bin() -> impl IntoView {
    let deleted = data(|| DeletedOrgs {});
    let query = use_query_map();
    let just_now = move || query.with_untracked(|query| query.get("deleted"));
    let row = |org: DeletedOrg| {
        let until = format!("deleted {}, can be restored until {}", day(org.deleted_at), org.until());
        view! {
            <li>
                <span class="who"><span class="name" dir="auto">{org.name.clone()}</span><span class="muted">{until}</span></span>
                <ServerForm to=RestoreOrg::PATH>
                    <input type="hidden" name="slug" value=org.slug />
                    <button type="submit" class="button small" aria-label=format!("Restore {}", org.name)>"Restore"</button>
                </ServerForm>
            </li>
        }
    };
    let told = |org: &DeletedOrg| {
        let text = format!("{} is deleted. Until {} you can restore it.", org.name, org.until());
        view! { <Notice><p dir="auto">{text}</p></Notice> }
    };
    view! {
        <Transition fallback=|| ()>{move || Suspend::new(async move {
            let deleted = deleted.get().await.unwrap_or_default();
            let gone = deleted.iter().find(|org| Some(&org.slug) == just_now().as_ref()).map(told);
            (!deleted.is_empty()).then(|| view! {
                <section class="waiting" aria-labelledby="deleted-organisations">
                    {gone}
                    <h2 id="deleted-organisations">"Deleted organisations"</h2>
                    <ul>{deleted.into_iter().map(row).collect_view()}</ul>
                </section>
            })
        })}</Transition>
    }
}

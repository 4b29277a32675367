//! What stands around every page of an organisation: where one is, and where one can go.

use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use leptos_router::components::Outlet;
use leptos_router::hooks::use_location;
use server_fn::ServerFn;

use super::param;
use crate::account::api::SignOut;
use crate::account::model::initials;
use crate::account::view::{Logo, ThemeSwitch};
use crate::kernel::color::accent_path;
use crate::kernel::role::{Perm, Role};
use crate::org::api::GetFrame;
use crate::org::model::{OVERDUE_MAX, OrgAbout, OrgFrame, OrgLink, ProductLink, Switch};
use crate::palette::view::{Palette, PaletteButton, PaletteOverlay};
use crate::search::view::SearchField;
use crate::transfer::model::TransferPage;
use crate::ui::form::{Accepted, Sent, ServerForm, Submit};
use crate::ui::icon::{Icon, IconView};
use crate::ui::layout::Avatar;
use crate::ui::live::{Live, LiveTold};
use crate::ui::load::data;

/// The sections of a product: address, name, the key that follows `g`, icon, and what one has to be allowed to see them.
const SECTIONS: [Section; 14] = [
    ("", "Overview", "o", Icon::Compass, Perm::Read),
    ("/ideas", "Ideas", "i", Icon::Bulb, Perm::Read),
    ("/epics", "Epics", "e", Icon::Flag, Perm::Read),
    ("/features", "Features", "f", Icon::Layers, Perm::Read),
    ("/tasks", "Tasks", "t", Icon::Check, Perm::Read),
    ("/roadmap", "Roadmap", "m", Icon::Roadmap, Perm::Read),
    ("/releases", "Releases", "r", Icon::Rocket, Perm::Read),
    ("/okrs", "OKRs", "q", Icon::Target, Perm::Read),
    ("/kpis", "KPIs", "k", Icon::Chart, Perm::Read),
    ("/experiments", "Experiments", "a", Icon::Flask, Perm::Read),
    ("/feedback", "Feedback", "b", Icon::Inbox, Perm::Read),
    ("/documents", "Documents", "c", Icon::Page, Perm::Read),
    ("/transfer", "Import and export", "y", Icon::Transfer, TransferPage::PERM),
    ("/settings", "Settings", "s", Icon::Settings, Perm::ProductWrite),
];

type Section = (&'static str, &'static str, &'static str, Icon, Perm);

/// Whether a link leads to the page that is shown.
fn current(path: Signal<String>, href: String, exact: bool) -> impl Fn() -> Option<&'static str> + Send + Sync + Clone + 'static {
    move || {
        let path = path.get();
        let here = path == href || (!exact && path.strip_prefix(href.as_str()).is_some_and(|rest| rest.starts_with('/')));
        here.then_some("page")
    }
}

/// The frame around an organisation's pages.
#[component]
pub fn Frame() -> impl IntoView {
    let org = param("org");
    let path = use_location().pathname;
    let path = Signal::derive(move || path.get());
    let frame = data(move || GetFrame { org: org.get() }).live(&["Product"]);
    let palette = expect_context::<Palette>();
    expect_context::<Live>().listen(org, path);
    // A page inside may have changed what the frame shows.
    on_navigation(path, move || {
        palette.close();
        frame.refetch();
        focus_content();
    });
    expect_context::<Accepted>().then(move || frame.refetch());
    view! {
        <div class="frame">
            <header class="topbar">
                <button class="button quiet icon-only" popovertarget="navigation" aria-label="Menu"><IconView icon=Icon::Menu /></button>
                <a class="brand" href="/"><Logo />"ProdMatic"</a>
                <PaletteButton org small=true />
            </header>
            <aside id="navigation" class="sidebar" popover="auto" aria-label="Organisation and account">
                <Transition fallback=|| ()>
                    {move || Suspend::new(async move { frame.get().await.ok().map(|frame| view! { <Head frame /> }) })}
                </Transition>
                // Outside of what is drawn anew with the frame's data: what is being typed stays, and so does the focus.
                <SearchField org />
                <PaletteButton org />
                <Transition fallback=|| ()>
                    {move || Suspend::new(async move { frame.get().await.ok().map(|frame| view! { <Navigation frame path /> }) })}
                </Transition>
            </aside>
            <main id="content" class="content" tabindex="-1">
                <Outlet />
            </main>
            <LiveTold />
            <PaletteOverlay />
        </div>
    }
}

/// The head of the sidebar: which organisation this is, in its colour.
#[component]
fn Head(frame: OrgFrame) -> impl IntoView {
    // A file of its own: the pages' content security policy lets no style into the page itself.
    let accent = frame.primary_color.as_deref().map(accent_path);
    view! {
        {accent.map(|path| view! { <link rel="stylesheet" href=path /> })}
        <OrgSwitch current=frame.current about=frame.about organizations=frame.organizations />
    }
}

/// Where one can go, and who one is.
#[component]
fn Navigation(frame: OrgFrame, path: Signal<String>) -> impl IntoView {
    expect_context::<Palette>().follow(&frame);
    let base = format!("/orgs/{}", frame.current.slug);
    let portfolio = format!("{base}/products");
    let (members, teams) = (format!("{base}/members"), format!("{base}/teams"));
    let settings = format!("{base}/settings");
    let has_teams = frame.switches.contains(&Switch::Teams);
    let webhooks = format!("{base}/webhooks");
    let (audit, tokens) = (format!("{base}/audit"), format!("{base}/tokens"));
    let my_work = format!("{base}/my-work");
    let objectives = format!("{base}/okrs");
    let documents = format!("{base}/documents");
    let overdue = (frame.overdue > 0).then(|| view! { <Overdue count=frame.overdue /> });
    let (user, picture) = (frame.user.shown().to_owned(), frame.user.picture());
    let role = frame.role;
    let products = frame.products.into_iter().map(|product| view! { <ProductEntry product base=base.clone() path role /> }).collect_view();
    on_navigation(path, close_sidebar);
    view! {
        <nav aria-label="Organisation" class="nav">
            <ul>
                <li>
                    <a href=base.clone() data-go="d" aria-current=current(path, base.clone(), true)><IconView icon=Icon::Home />"Overview"</a>
                </li>
                <li>
                    <a href=my_work.clone() data-go="w" aria-current=current(path, my_work, false)><IconView icon=Icon::Check />"My work"{overdue}</a>
                </li>
                <li>
                    <a href=portfolio.clone() data-go="p" aria-current=current(path, portfolio, true)><IconView icon=Icon::Grid />"Portfolio"</a>
                </li>
                <li>
                    <a href=objectives.clone() data-go="j" aria-current=current(path, objectives, false)><IconView icon=Icon::Target />"Objectives"</a>
                </li>
                <li>
                    <a href=documents.clone() data-go="l" aria-current=current(path, documents, false)><IconView icon=Icon::Page />"Documents"</a>
                </li>
                <li>
                    <a href=members.clone() data-go="u" aria-current=current(path, members, false)><IconView icon=Icon::People />"Members"</a>
                </li>
                {has_teams.then(|| view! { <li>
                    <a href=teams.clone() aria-current=current(path, teams, false)><IconView icon=Icon::Team />"Teams"</a>
                </li> })}
                {role
                    .can(Perm::OrgManage)
                    .then(|| {
                        view! {
                            <li>
                                <a href=settings.clone() aria-current=current(path, settings, false)><IconView icon=Icon::Settings />"Settings"</a>
                            </li>
                            <li>
                                <a href=audit.clone() aria-current=current(path, audit, false)><IconView icon=Icon::History />"Audit log"</a>
                            </li>
                            <li>
                                <a href=webhooks.clone() aria-current=current(path, webhooks, false)><IconView icon=Icon::Hook />"Webhooks"</a>
                            </li>
                            <li>
                                <a href=tokens.clone() aria-current=current(path, tokens, false)><IconView icon=Icon::Key />"Tokens"</a>
                            </li>
                        }
                    })}
            </ul>
            <h2>"Products"</h2>
            <ul>{products}</ul>
        </nav>
        <div class="sidebar-foot">
            <ThemeSwitch />
            <div class="whoami">
                <Avatar initials=initials(&user) src=picture />
                <div class="who">
                    <a class="name" href="/account"><span class="visually-hidden">"Your account: "</span>{user}</a>
                    <span class="muted">{role.label()}</span>
                </div>
                <SignOutButton />
            </div>
        </div>
    }
}

/// How many of the reader's tasks are overdue.
#[component]
fn Overdue(count: i64) -> impl IntoView {
    let shown = if count < OVERDUE_MAX { count.to_string() } else { format!("{}+", OVERDUE_MAX - 1) };
    view! { <span class="count">{format!(" {shown}")}<span class="visually-hidden">" overdue"</span></span> }
}

/// No page of an organisation, though its address looks like one.
const NEW_ORG: &str = "/orgs/new";

/// Does something each time another page of an organisation is shown, in the browser. Whoever leaves for another page,
/// as by signing out, leaves the frame too, and it has nothing to ask for any more.
fn on_navigation(path: Signal<String>, act: impl Fn() + 'static) {
    Effect::new(move |before: Option<String>| {
        let now = path.get();
        if before.is_some_and(|before| before != now) && now.starts_with("/orgs/") && now != NEW_ORG {
            act();
        }
        now
    });
}

/// Where a whole new page would begin to be read.
fn focus_content() {
    let content = document().get_element_by_id("content").and_then(|content| content.dyn_into::<web_sys::HtmlElement>().ok());
    if let Some(content) = content {
        let _ = content.focus();
    }
}

/// What lies over the page would stay there after a link in it was followed: a small screen's navigation.
fn close_sidebar() {
    let sidebar = document().get_element_by_id("navigation").and_then(|sidebar| sidebar.dyn_into::<web_sys::HtmlElement>().ok());
    if let Some(sidebar) = sidebar {
        let _ = sidebar.hide_popover();
    }
}

/// A product in the navigation, with its sections while one is in it.
#[component]
fn ProductEntry(product: ProductLink, base: String, path: Signal<String>, role: Role) -> impl IntoView {
    let href = format!("{base}/products/{}", product.key);
    let inside = current(path, href.clone(), false);
    let sections = {
        let href = href.clone();
        move || {
            inside().map(|_| {
                let entry = |(tail, name, key, icon, _): Section| {
                    let href = format!("{href}{tail}");
                    let here = current(path, href.clone(), tail.is_empty());
                    view! { <li><a href=href aria-current=here data-go=key><IconView icon />{name}</a></li> }
                };
                view! { <ul class="sections">{SECTIONS.into_iter().filter(|section| role.can(section.4)).map(entry).collect_view()}</ul> }
            })
        }
    };
    view! {
        <li>
            <a class="product" href=href><span class="dot" aria-hidden="true"></span><span class="clip" dir="auto">{product.name}</span></a>
            {sections}
        </li>
    }
}

/// Changes to another organisation, or begins a new one.
#[component]
fn OrgSwitch(current: OrgLink, about: OrgAbout, organizations: Vec<OrgLink>) -> impl IntoView {
    let others = organizations
        .into_iter()
        .map(|org| {
            let here = (org.slug == current.slug).then_some("true");
            // A whole new page, so that nothing of one organisation is left beside another's.
            view! { <li><a href=format!("/orgs/{}/products", org.slug) rel="external" aria-current=here><span class="clip" dir="auto">{org.name}</span></a></li> }
        })
        .collect_view();
    let label = format!("Organisation {}, change", current.name);
    let mark = match about.logo.clone() {
        Some(logo) => view! { <img class="org-mark" src=logo alt="" /> }.into_any(),
        None => view! { <span class="org-mark" aria-hidden="true">{initials(&current.name)}</span> }.into_any(),
    };
    view! {
        <div class="org-switch">
            <button type="button" popovertarget="organisations" aria-label=label>
                {mark}
                <span class="clip" dir="auto">{current.name}</span>
                <IconView icon=Icon::Chevron />
            </button>
            <ul class="menu" id="organisations" popover="auto">
                <About about />
                {others}
                <li class="apart"><a href="/orgs/new"><IconView icon=Icon::Plus />"New organisation"</a></li>
            </ul>
        </div>
    }
}

/// What the organisation says of itself, at the head of its menu.
#[component]
fn About(about: OrgAbout) -> impl IntoView {
    let OrgAbout { description, website, .. } = about;
    let said = description.is_some() || website.is_some();
    let description = description.map(|text| view! { <p class="muted clip" dir="auto">{text}</p> });
    let website = website.map(|address| {
        let shown = address.split_once("://").map_or(address.clone(), |(_, rest)| rest.trim_end_matches('/').to_owned());
        view! { <a href=address target="_blank" rel="noopener noreferrer">{shown}</a> }
    });
    said.then(|| view! { <li class="about">{description}{website}</li> })
}

/// Ends the session, and with it what the page asks for by itself.
#[component]
pub fn SignOutButton() -> impl IntoView {
    let (sent, live) = (Sent::new(), use_context::<Live>());
    Effect::new(move || {
        if let Some(live) = live.filter(|_| sent.is_pending()) {
            live.leave();
        }
    });
    view! {
        <ServerForm to=SignOut::PATH sent>
            <Submit label="Sign out" class="quiet small" />
        </ServerForm>
    }
}

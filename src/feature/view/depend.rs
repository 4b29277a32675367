//! What a feature waits for, and what waits for it.

use leptos::prelude::*;
use server_fn::ServerFn;

use super::FeatureBadge;
use super::find::{FindForm, Finder, Found};
use crate::feature::api::depend::{LinkFeature, UnlinkFeature};
use crate::feature::model::{Dependencies, FeatureLink, FoundFeature};
use crate::ui::form::{Sent, ServerForm};
use crate::ui::reference::Reference;
use crate::ui::rows::anew;

/// The heading that takes the focus from a row that went away.
pub const HEADING: &str = "dependencies";

/// The forms of the panel, which outlive a new look at the feature, and the search for another one.
#[derive(Clone, Copy)]
pub struct Depending {
    pub linked: Sent,
    pub unlinked: Sent,
    pub finder: Finder,
}

/// Both lists, and the way to a further entry.
#[component]
pub fn DependencyPanel(
    org: String,
    /// The address of the product's features.
    base: String,
    id: String,
    dependencies: Dependencies,
    may_write: bool,
    depending: Depending,
) -> impl IntoView {
    let Dependencies { blockers, blocked } = dependencies;
    let action = format!("{base}/{id}");
    let (same_org, same_id) = (org.clone(), id.clone());
    let change = may_write.then(move || {
        view! {
            <FindForm finder=depending.finder action />
            <ServerForm to=LinkFeature::PATH sent=depending.linked>
                <input type="hidden" name="org" value=same_org />
                <input type="hidden" name="id" value=same_id />
                <Found finder=depending.finder buttons=choose />
            </ServerForm>
        }
    });
    let remove = may_write.then(move || {
        view! {
            <ServerForm id="unlink" to=UnlinkFeature::PATH sent=depending.unlinked>
                <input type="hidden" name="org" value=org />
                <input type="hidden" name="id" value=id />
            </ServerForm>
        }
    });
    view! {
        <section class="card stack" aria-labelledby=HEADING>
            <h2 id=HEADING tabindex="-1">"Dependencies"</h2>
            {remove}
            <Ends label="Blocked by" none="It waits for nothing." name="blocker" links=blockers base=base.clone() may_write />
            <Ends label="Blocks" none="Nothing waits for it." name="blocked" links=blocked base may_write />
            {change}
        </section>
    }
}

/// The two ways in which a found feature can depend on this one.
fn choose(feature: &FoundFeature) -> AnyView {
    let (id, title) = (feature.id.clone(), feature.title.clone());
    view! {
        <button type="submit" class="button small" name="blocker" value=id.clone() aria-label=format!("Blocked by {title}")>"Blocked by it"</button>
        <button type="submit" class="button small" name="blocked" value=id aria-label=format!("Blocks {title}")>"Blocks it"</button>
    }
    .into_any()
}

/// The features in one direction.
#[component]
fn Ends(
    label: &'static str,
    none: &'static str,
    name: &'static str,
    links: Vec<FeatureLink>,
    base: String,
    may_write: bool,
) -> impl IntoView {
    let none = links.is_empty().then(|| view! { <p class="muted">{none}</p> });
    let row = |link: FeatureLink| {
        let (href, title, id) = (format!("{base}/{}", link.id), link.title.clone(), link.id);
        let remove = may_write.then(|| {
            anew(move || {
                let (id, label) = (id.clone(), format!("Remove {title}"));
                view! { <button type="submit" class="button quiet small" form="unlink" name=name value=id aria-label=label>"Remove"</button> }
            })
        });
        view! { <li class="actions"><a href=href dir="auto">{link.title}</a><Reference number=link.number /><FeatureBadge status=link.status />{remove}</li> }
    };
    view! {
        <div>
            <h3>{label}</h3>
            {none}
            <ul class="askers" aria-label=label>{links.into_iter().map(row).collect_view()}</ul>
        </div>
    }
}

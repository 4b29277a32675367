//! The products, in numbers that lead to the lists they count.

use leptos::prelude::*;

use crate::kernel::time::day;
use crate::overview::model::{Health, Overview, ProductLine};
use crate::product::view::StageMeter;
use crate::ui::reference::Reference;

/// A number that leads to the list it counts.
fn figure(count: i64, href: String, what: &str) -> AnyView {
    view! { <a href=href aria-label=format!("{count} {what}")>{count}</a> }.into_any()
}

/// The products, a line each.
#[component]
pub(super) fn ProductTable(overview: Overview, org: String) -> impl IntoView {
    let row = |line: &ProductLine| {
        let (base, health) = (format!("/orgs/{org}/products/{}", line.key), overview.health(&line.key));
        let name = &line.name;
        view! {
            <tr>
                <th scope="row"><a class="idea-title" href=base.clone() dir="auto">{name.clone()}</a></th>
                <td class="whole"><span class="stage-cell"><StageMeter stage=line.lifecycle /><span class="muted">{line.lifecycle.label()}</span></span></td>
                <td class="corner"><HealthBadge health href=format!("{base}#at-risk") /></td>
                <td class="wide-only"><Done line=line.clone() base=base.clone() /></td>
                <td class="number" data-label="New ideas">{figure(line.ideas, format!("{base}/ideas?status=SUBMITTED"), &format!("new ideas of {name}"))}</td>
                <td class="number" data-label="New feedback">{figure(line.feedback, format!("{base}/feedback?status=SUBMITTED"), &format!("new feedback of {name}"))}</td>
                <td class="number" data-label="In progress">
                    {figure(line.features, format!("{base}/features?status=IN_PROGRESS"), &format!("features of {name} in progress"))}
                </td>
                <td class="number wide-only">{figure(line.okrs, format!("{base}/okrs?status=ACTIVE"), &format!("active objectives of {name}"))}</td>
                <td class="number wide-only"><Kpis line=line.clone() base=base.clone() /></td>
                <td class="number wide-only">
                    {figure(line.experiments, format!("{base}/experiments?status=RUNNING"), &format!("running experiments of {name}"))}
                </td>
                <td class="wide-only"><NextRelease line=line.clone() base /></td>
            </tr>
        }
    };
    let rows = overview.products.iter().map(row).collect_view();
    view! {
        <div class="table-scroll" tabindex="0" role="region" aria-label="Products">
            <table class="table overview-table stacked">
                <thead>
                    <tr>
                        <th scope="col">"Product"</th>
                        <th scope="col">"Stage"</th>
                        <th scope="col">"Health"</th>
                        <th scope="col" class="wide-only">"Features done"</th>
                        <th scope="col" class="number">"New ideas"</th>
                        <th scope="col" class="number">"New feedback"</th>
                        <th scope="col" class="number">"In progress"</th>
                        <th scope="col" class="number wide-only">"Objectives"</th>
                        <th scope="col" class="number wide-only">"KPIs"</th>
                        <th scope="col" class="number wide-only">"Experiments"</th>
                        <th scope="col" class="wide-only">"Next release"</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
    }
}

/// How many KPIs there are, and how many of them miss their targets.
#[component]
fn Kpis(line: ProductLine, base: String) -> impl IntoView {
    let ProductLine { kpis, kpis_off_target: missed, name, .. } = line;
    let off = (missed > 0).then(|| {
        let href = format!("{base}/kpis?status=OFF_TARGET");
        view! { <a class="off-target" href=href aria-label=format!("{missed} KPIs of {name} off target")>{format!("{missed} off target")}</a> }
    });
    view! { <span class="of-kpis">{figure(kpis, format!("{base}/kpis"), &format!("KPIs of {name}"))}{off}</span> }
}

/// Whether anything is at risk, leading to what it is.
#[component]
pub(super) fn HealthBadge(health: Health, href: String) -> impl IntoView {
    match health {
        Health::OnTrack => view! { <span class="badge" data-health=health.word()>{health.label()}</span> }.into_any(),
        Health::AtRisk(_) => view! { <a class="badge" data-health=health.word() href=href>{health.label()}</a> }.into_any(),
    }
}

/// How many features are done, and what share that is of those that count.
#[component]
pub(super) fn Done(line: ProductLine, base: String) -> impl IntoView {
    let ProductLine { all_features: all, done_features: done, name, .. } = line;
    let share = (all > 0).then(|| {
        let percent = format!("{:.0} %", 100.0 * done as f64 / all as f64);
        view! {
            <progress aria-label="Features done" value=done.to_string() max=all.to_string()></progress>
            <span class="muted">{percent}</span>
        }
    });
    view! { <span class="done-share">{figure(done, format!("{base}/features?status=DONE"), &format!("features of {name} done"))}{share}</span> }
}

/// The release that comes next.
#[component]
pub(super) fn NextRelease(line: ProductLine, base: String) -> impl IntoView {
    let ProductLine { key, release_id, release_name, release_number, release_date, .. } = line;
    let Some((id, name)) = release_id.zip(release_name) else { return view! { <span class="muted">"None"</span> }.into_any() };
    let date = release_date.map_or_else(|| "no date".to_owned(), day);
    view! {
        <span class="named">
            <a href=format!("{base}/releases/{id}") dir="auto">{name}</a>
            <Reference number=release_number product=key />
            <span class="muted">{date}</span>
        </span>
    }
    .into_any()
}

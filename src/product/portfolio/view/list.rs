//! The products as rows of a table.

use leptos::prelude::*;

use super::Place;
use super::grid::{Figures, NameLink, RestoreButton};
use crate::kernel::time::day;
use crate::product::portfolio::model::{ProductRow, Sort};
use crate::product::view::StageMeter;
use crate::ui::reference::Reference;

/// A row for each product, sorted by any column.
#[component]
pub fn List(products: Vec<ProductRow>, place: Place, may_write: bool) -> impl IntoView {
    let head = |sort: Sort, class: &'static str| {
        let to = place.to(&place.query.sorted(sort));
        view! { <th scope="col" class=class aria-sort=place.query.way(sort)><a href=to>{sort.label()}</a></th> }
    };
    let rows = products.into_iter().map(|row| view! { <ListRow row place=place.clone() may_write /> }).collect_view();
    view! {
        <div class="table-scroll" tabindex="0" role="region" aria-label="Products">
            <table class="table overview-table stacked">
                <caption class="visually-hidden">"Products"</caption>
                <thead>
                    <tr>
                        {head(Sort::Name, "")}
                        {head(Sort::Stage, "")}
                        {head(Sort::Ideas, "number")}
                        {head(Sort::Features, "number")}
                        {head(Sort::Releases, "number")}
                        {head(Sort::Progress, "wide-only")}
                        {head(Sort::Next, "wide-only")}
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
    }
}

#[component]
fn ListRow(row: ProductRow, place: Place, may_write: bool) -> impl IntoView {
    let product = row.summary.product.clone();
    let (base, deleted) = (format!("{}/{}", place.base, product.key), product.deleted_at.is_some());
    let restore = (deleted && may_write).then(|| view! { <RestoreButton org=place.org key=product.key.clone() /> });
    let figures = Figures { base: base.clone(), name: product.name.clone(), deleted };
    let ideas = figures.figure(row.summary.ideas, "ideas", "ideas");
    let features = figures.figure(row.summary.features, "features", "features");
    let releases = figures.figure(row.summary.releases, "releases", "releases?show=all");
    let done = figures.figure(row.done_features, "done features", "features?status=DONE");
    view! {
        <tr>
            <th scope="row">
                <div class="idea-cell">
                    <NameLink name=product.name href=base.clone() deleted />
                    {restore}
                </div>
            </th>
            <td class="whole"><span class="stage-cell"><StageMeter stage=product.lifecycle /><span class="muted">{product.lifecycle.label()}</span></span></td>
            <td class="number" data-label="Ideas">{ideas}</td>
            <td class="number" data-label="Features">{features}</td>
            <td class="number" data-label="Releases">{releases}</td>
            <td class="wide-only"><Progress row=row.clone() done /></td>
            <td class="wide-only"><Next row base deleted /></td>
        </tr>
    }
}

/// How many features are done, as a figure and as a share.
#[component]
fn Progress(row: ProductRow, done: AnyView) -> impl IntoView {
    let Some(share) = row.progress() else { return view! { <span class="muted">"No features"</span> }.into_any() };
    view! {
        <span class="done-share">
            {done}
            <progress aria-label="Features done" value=row.done_features.to_string() max=row.all_features.to_string()></progress>
            <span class="muted">{format!("{share:.0} %")}</span>
        </span>
    }
    .into_any()
}

/// The release that comes next.
#[component]
fn Next(row: ProductRow, base: String, deleted: bool) -> impl IntoView {
    let Some((id, name)) = row.release_id.zip(row.release_name) else { return view! { <span class="muted">"None"</span> }.into_any() };
    let date = row.release_date.map_or_else(|| "no date".to_owned(), day);
    view! {
        <span class="named">
            <NameLink name href=format!("{base}/releases/{id}") deleted />
            <Reference number=row.release_number product=row.summary.product.key />
            <span class="muted">{format!("· {date}")}</span>
        </span>
    }
    .into_any()
}

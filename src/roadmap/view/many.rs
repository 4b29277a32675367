//! The timeline of several products, to be looked at: dates are changed on the roadmap of each.

use std::sync::Arc;

use leptos::html::Div;
use leptos::prelude::*;

use super::super::model::{Day, Item, Kind, Month, Row, Window, in_table, rows};
use super::ItemBadge;
use super::chart::Chart;
use super::drag::{Bar, Hand, Told};
use super::timeline::{To, Ways, name, show_today};
use crate::ui::reference::Reference;

/// What stands together under a name, as the items of a product do.
#[derive(Clone)]
pub struct Group {
    pub name: String,
    /// The product's key.
    pub key: String,
    /// The address of its pages; nothing where it has none to go to.
    pub product: Option<String>,
    pub items: Vec<Item>,
}

impl Group {
    /// The page of one of its items.
    fn href(&self, item: &Item) -> Option<String> {
        self.product.as_ref().map(|product| item.href(product))
    }
}

/// The part of time that the window shows, each group led by its name; below it all that is dated, in a table.
#[component]
pub fn ManyTimeline(groups: Vec<Group>, window: Window, from: Option<Month>, today: Day, org: String, to: To) -> impl IntoView {
    let (mut bars, mut names, mut earlier, mut later) = (Vec::new(), Vec::new(), 0, 0);
    for group in &groups {
        let shown = rows(&group.items, window);
        (earlier, later) = (earlier + shown.earlier, later + shown.later);
        if shown.rows.is_empty() {
            continue;
        }
        bars.push(bar(heading(&group.name)));
        names.push(view! { <GroupName group=group.clone() /> }.into_any());
        for Row { item, inside } in shown.rows {
            let bar = bar(item.clone());
            names.push(name(&bar, inside, Vec::new(), group.href(item), &group.key));
            bars.push(bar);
        }
    }
    let bars: Arc<[Arc<Bar>]> = bars.into();
    // Nothing here can be moved, so there is no product to move it in.
    let hand = Hand::new(window, org, String::new(), bars.clone(), Told::new());
    let picture = NodeRef::<Div>::new();
    show_today(picture, window, today);
    let body = if names.is_empty() {
        view! { <p class="muted">"Nothing lies in this part of time. Go to an earlier or a later one."</p> }.into_any()
    } else {
        view! {
            <div class="timeline">
                <ol class="timeline-names" aria-label="On the timeline">{names}</ol>
                <div class="timeline-chart" role="region" aria-label="Picture of the timeline" tabindex="0" node_ref=picture>
                    <Chart window today bars links=Vec::new() hand />
                </div>
            </div>
        }
        .into_any()
    };
    view! {
        <Ways to window from earlier later />
        {body}
        <Table groups />
    }
}

/// A bar that stays where it is.
fn bar(item: Item) -> Arc<Bar> {
    Arc::new(Bar { span: RwSignal::new(item.span()), movable: false, item })
}

/// The row of a group's name. It has no dates, so nothing is drawn in it.
fn heading(name: &str) -> Item {
    Item {
        kind: Kind::Epic,
        id: String::new(),
        title: name.to_owned(),
        number: None,
        status: String::new(),
        fixed: true,
        start: None,
        end: None,
        epic_id: None,
        release_id: None,
    }
}

/// The name of a group, which leads to its roadmap.
#[component]
fn GroupName(group: Group) -> impl IntoView {
    let name = match group.product {
        Some(product) => {
            let told = format!("Roadmap of {}", group.name);
            view! { <a class="clip" href=format!("{product}/roadmap") aria-label=told dir="auto">{group.name}</a> }.into_any()
        }
        None => view! { <span class="clip" dir="auto">{group.name}</span> }.into_any(),
    };
    view! { <li class="timeline-name group">{name}</li> }
}

/// All that is dated, whatever part of time is shown.
#[component]
fn Table(groups: Vec<Group>) -> impl IntoView {
    let row = |group: &Group, row: Row| {
        let item = row.item.clone();
        let title = match group.href(&item) {
            Some(href) => view! { <a href=href dir="auto">{item.title.clone()}</a> }.into_any(),
            None => view! { <span dir="auto">{item.title.clone()}</span> }.into_any(),
        };
        view! {
            <tr>
                <th scope="row" class="roadmap-item" class:inside=row.inside>
                    {title}
                    <Reference number=item.number product=group.key.clone() />
                </th>
                <td dir="auto">{group.name.clone()}</td>
                <td class="wide-only">{item.kind.label()}</td>
                <td class="wide-only"><ItemBadge item=item.clone() /></td>
                <td>{item.when()}</td>
            </tr>
        }
        .into_any()
    };
    let rows: Vec<AnyView> =
        groups.iter().flat_map(|group| in_table(&group.items).into_iter().map(move |of_it| row(group, of_it))).collect();
    view! {
        <details class="chart-table">
            <summary>"Show as table"</summary>
            <div class="table-scroll" tabindex="0" role="region" aria-label="All dates">
                <table class="table">
                    <caption class="visually-hidden">"All dates"</caption>
                    <thead>
                        <tr>
                            <th scope="col">"Item"</th>
                            <th scope="col">"Product"</th>
                            <th scope="col" class="wide-only">"Kind"</th>
                            <th scope="col" class="wide-only">"Status"</th>
                            <th scope="col">"Dates"</th>
                        </tr>
                    </thead>
                    <tbody>{rows}</tbody>
                </table>
            </div>
        </details>
    }
}

//! What narrows a search: the kinds, filters to add, and those that are there.

use leptos::prelude::*;

use crate::org::model::ProductLink;
use crate::search::model::{Filter, Kind, ME, NOBODY, SearchQuery, Typed, kind_options, status_options, written};
use crate::ui::select::FilterSelect;

/// What a search can be narrowed to.
#[component]
pub fn Narrow(kinds: Vec<Kind>, products: Vec<ProductLink>, people: Vec<String>, query: SearchQuery, base: String) -> impl IntoView {
    view! {
        <div class="filters search-filters">
            <Kinds kinds=kinds.clone() query=query.clone() base=base.clone() />
            <AddFilter kinds products people words=query.words.clone() base=base.clone() />
            <Given query base />
        </div>
    }
}

/// One kind alone, or all.
#[component]
fn Kinds(kinds: Vec<Kind>, query: SearchQuery, base: String) -> impl IntoView {
    let asked = query.asked().kinds;
    let tab = |label: &'static str, kind: Option<Kind>, here: bool| {
        view! { <li><a href=format!("{base}{}", query.of_kind(kind).params()) aria-current=here.then_some("page")>{label}</a></li> }
    };
    let all = tab("All", None, asked.is_empty());
    let each = kinds.into_iter().map(|kind| tab(kind.label(), Some(kind), asked == [kind])).collect_view();
    view! { <nav aria-label="Filter by kind"><ul class="tabs">{all}{each}</ul></nav> }
}

/// Adds filters to what was typed. What is chosen comes in by parameters of its own and is put among the words.
#[component]
fn AddFilter(kinds: Vec<Kind>, products: Vec<ProductLink>, people: Vec<String>, words: String, base: String) -> impl IntoView {
    let fixed = [(ME, "Me"), (NOBODY, "Nobody")].map(|(value, label)| (value.to_owned(), label.to_owned()));
    let people = fixed.into_iter().chain(people.into_iter().map(|name| (name.clone(), name))).collect::<Vec<_>>();
    let products = products.into_iter().map(|product| (product.key, product.name)).collect::<Vec<_>>();
    view! {
        <form method="get" action=base class="tag-filter" role="search" aria-label="Add filters">
            <input type="hidden" name="q" value=words />
            <FilterSelect name="type" label="Type" all="Type…" options=kind_options(&kinds) value="" />
            <FilterSelect name="status" label="Status" all="Status…" options=status_options() value="" />
            <FilterSelect name="assignee" label="Assignee" all="Assignee…" options=people value="" />
            <FilterSelect name="product" label="Product" all="Product…" options=products value="" />
            <button class="button small">"Add filter"</button>
        </form>
    }
}

/// The filters that are there, each a way to the search without it.
#[component]
fn Given(query: SearchQuery, base: String) -> impl IntoView {
    let filters = Typed::read(&query.words).filters;
    if filters.is_empty() {
        return None;
    }
    let item = |(filter, value): &(Filter, String)| {
        let href = format!("{base}{}", query.without(*filter, value).params());
        let what = written(*filter, value);
        view! {
            <li>
                <a class="button small" href=href aria-label=format!("Remove {what}")>
                    <span dir="auto">{what.clone()}</span>
                    <span aria-hidden="true">"×"</span>
                </a>
            </li>
        }
    };
    let items = filters.iter().map(item).collect_view();
    let clear = (filters.len() > 1).then(|| {
        view! { <li><a class="button quiet small" href=format!("{base}{}", query.unfiltered().params())>"Clear filters"</a></li> }
    });
    Some(view! { <ul class="search-given" aria-label="Filters">{items}{clear}</ul> })
}

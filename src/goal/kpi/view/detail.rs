//! A KPI's own page.

use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
use server_fn::ServerFn;

use super::alerts::AlertPanel;
use super::chart::ChartPanel;
use super::points::PointPanel;
use super::{StatusBadge, change_view, crumbs};
use crate::audit::view::History;
use crate::goal::kpi::api::{DeleteKpi, GetKpi, RestoreKpi};
use crate::goal::kpi::model::{ChartQuery, KpiPage, KpiSummary, Standing};
use crate::kernel::number::with_unit;
use crate::kernel::page::Cursor;
use crate::kernel::reference::reference;
use crate::kernel::role::Perm;
use crate::org::view::param;
use crate::ui::form::Sent;
use crate::ui::icon::{Icon, IconView};
use crate::ui::item::{DeleteButton, RestoreButton};
use crate::ui::layout::{Notice, PageHead};
use crate::ui::load::{Load, data};
use crate::ui::reference::LinkedProse;
use crate::ui::rows::then_focus;

/// The forms of the page, which outlive a new look at its data.
#[derive(Clone, Copy)]
pub struct Forms {
    restored: Sent,
    pub recorded: Sent,
    pub uploaded: Sent,
    pub removed: Sent,
    pub rule_added: Sent,
    pub rule_removed: Sent,
    pub seen: Sent,
}

impl Forms {
    fn new() -> Forms {
        let [restored, recorded, uploaded, removed, rule_added, rule_removed, seen] = std::array::from_fn(|_| Sent::new());
        Forms { restored, recorded, uploaded, removed, rule_added, rule_removed, seen }
    }

    fn all(self) -> [Sent; 7] {
        [self.restored, self.recorded, self.uploaded, self.removed, self.rule_added, self.rule_removed, self.seen]
    }
}

/// `/orgs/{org}/products/{key}/kpis/{id}`, with `?by=` and `?range=` for the chart and `?at=` for the page of values.
#[component]
pub fn KpiDetailPage() -> impl IntoView {
    let (org, key, id) = (param("org"), param("key"), param("id"));
    let params = use_query_map();
    let chart = Memo::new(move |_| params.with(|params| ChartQuery::of_params(|name| params.get(name))));
    let at = Memo::new(move |_| params.with(|params| params.get("at")).and_then(|word| Cursor::decode(&word)));
    let saved = Signal::derive(move || params.with(|params| params.get("saved").as_deref() == Some("points")));
    let forms = Forms::new();
    let kpi = data(move || GetKpi { org: org.get(), product: key.get(), id: id.get(), chart: chart.get(), at: at.get() })
        .live_item(&["KPI", "KPIDataPoint", "Release", "Experiment"], id);
    let kpi = forms.all().into_iter().fold(kpi, |kpi, sent| kpi.after(sent));
    then_focus(forms.removed, "values");
    then_focus(forms.rule_removed, "alerts");
    then_focus(forms.seen, "alerts");
    let view = move |data: KpiPage| view! { <KpiView data org=org.get_untracked() saved=saved.get_untracked() forms /> }.into_any();
    view! {
        <div class="item-page">
            <Load of=kpi view />
            <History org entity="KPI" item=id after=forms.all().to_vec() />
        </div>
    }
}

/// Chart and values at the left; facts and alerts at the right.
#[component]
fn KpiView(data: KpiPage, org: String, saved: bool, forms: Forms) -> impl IntoView {
    let KpiPage { role, product, summary, today, chart, points, alerts, notices, named } = data;
    let (kpi, standing) = (summary.kpi.clone(), summary.standing(today));
    let base = format!("/orgs/{org}/products/{}", product.key);
    let page = format!("{base}/kpis/{}", kpi.id);
    let (live, may_plan) = (kpi.deleted_at.is_none(), role.can(Perm::PlanWrite));
    let (plans, works) = (live && may_plan, live && role.can(Perm::WorkWrite));
    let restore = (!live && may_plan)
        .then(|| view! { <RestoreButton to=RestoreKpi::PATH org=org.clone() id=kpi.id.clone() label="Restore" sent=forms.restored /> });
    let deleted = (!live).then(|| view! { <Notice>"This KPI is deleted. "{restore}</Notice> });
    let done = saved.then(|| view! { <Notice>"The values of the file are saved."</Notice> });
    let actions = plans.then(|| {
        let (org, id) = (org.clone(), kpi.id.clone());
        view! {
            <a class="button" href=format!("{page}/edit")><IconView icon=Icon::Edit />"Edit"</a>
            <DeleteButton to=DeleteKpi::PATH org id />
        }
    });
    let description = kpi.description.clone().unwrap_or_default();
    let way = page.clone() + &chart.query.params();
    view! {
        <div class="item-head">
            <PageHead title=kpi.name.clone() reference=reference(&product.key, kpi.number) crumbs=crumbs(&org, &product)>{actions}</PageHead>
            {deleted}
            {done}
        </div>
        <div class="columns">
            <div class="stack">
                <ChartPanel kpi=kpi.clone() chart page=page.clone() product=base />
                <PointPanel points kpi=kpi.clone() org=org.clone() page way works today forms />
            </div>
            <div class="stack">
                <Facts summary standing />
                <AlertPanel alerts notices kpi org plans forms />
                <section class="card" aria-label="Description"><LinkedProse text=description links=named empty="No description yet." /></section>
            </div>
        </div>
    }
}

/// The value that counts, and how it stands.
#[component]
fn Facts(summary: KpiSummary, standing: Standing) -> impl IntoView {
    let (kpi, owner) = (summary.kpi, summary.owner);
    let value = standing.period.map_or_else(|| "No value yet".to_owned(), |(_, value)| with_unit(value, &kpi.unit));
    let period = standing.period.map(|(start, _)| view! { <div><dt>"Period"</dt><dd>{kpi.frequency.name(start)}</dd></div> });
    let latest = standing
        .period
        .filter(|(_, value)| *value != kpi.current_value)
        .map(|_| view! { <div><dt>"Latest value"</dt><dd>{with_unit(kpi.current_value, &kpi.unit)}</dd></div> });
    view! {
        <section class="card" aria-labelledby="standing">
            <div class="card-head">
                <h2 id="standing">"Standing"</h2>
                <StatusBadge status=standing.status />
            </div>
            <p class="kpi-value">{value}</p>
            <dl class="facts">
                {period}
                {latest}
                <div><dt>"Target"</dt><dd>{with_unit(kpi.target_value, &kpi.unit)}</dd></div>
                <div><dt>{format!("Against the {} before", kpi.frequency.noun())}</dt><dd>{change_view(standing.change, &kpi.unit)}</dd></div>
                <div><dt>"Direction"</dt><dd>{kpi.direction.label()}</dd></div>
                <div><dt>"Measured"</dt><dd>{kpi.frequency.label()}</dd></div>
                <div><dt>"More than one value in a period"</dt><dd>{kpi.aggregation.label()}</dd></div>
                <div><dt>"Owner"</dt><dd dir="auto">{owner}</dd></div>
            </dl>
        </section>
    }
}

//! A KPI's rules, and what they have told.

use leptos::prelude::*;
use server_fn::ServerFn;

use super::detail::Forms;
use crate::goal::kpi::api::alert::{AddKpiAlert, ReadKpiNotices, RemoveKpiAlert};
use crate::goal::kpi::model::{Alert, AlertKind, AlertRule, Kpi, Notice};
use crate::kernel::time::moment;
use crate::ui::form::{ServerForm, Submit, TextField};
use crate::ui::rows::anew;
use crate::ui::select::SelectField;

/// What the rules have told, with what is new marked; and the rules, which those who plan can change.
#[component]
pub fn AlertPanel(alerts: Vec<Alert>, notices: Vec<Notice>, kpi: Kpi, org: String, plans: bool, forms: Forms) -> impl IntoView {
    let unread = notices.iter().filter(|notice| notice.unread).count();
    let mark = (unread > 0).then(|| view! { <span class="badge" data-status="ALERT">{format!("{unread} new")}</span> });
    let none = notices.is_empty().then(|| view! { <p class="muted">"No alerts."</p> });
    let told = |notice: Notice| {
        let new = notice.unread.then(|| view! { <span class="badge" data-status="ALERT">"New"</span> });
        let words = notice.words(&kpi.unit, kpi.frequency);
        let when = match notice.withdrawn_at {
            Some(withdrawn) => format!("{}, taken back {}", moment(notice.created_at), moment(withdrawn)),
            None => moment(notice.created_at),
        };
        let said = match notice.withdrawn(&kpi.unit) {
            Some(why) => view! { <p><s>{words}</s></p><p>{why}</p> }.into_any(),
            None => view! { <p>{words}" "{new}</p> }.into_any(),
        };
        view! { <li>{said}<p class="hint">{when}</p></li> }
    };
    let list = notices.into_iter().map(told).collect_view();
    let seen = (unread > 0).then(|| {
        let (org, id) = (org.clone(), kpi.id.clone());
        view! {
            <ServerForm to=ReadKpiNotices::PATH sent=forms.seen>
                <input type="hidden" name="org" value=org />
                <input type="hidden" name="id" value=id />
                <Submit label="Mark as read" class="small" />
            </ServerForm>
        }
    });
    view! {
        <section class="card stack kpi-alerts" aria-labelledby="alerts">
            <div class="card-head">
                <h2 id="alerts" tabindex="-1">"Alerts"</h2>
                {mark}
            </div>
            {none}
            <ul class="kpi-notices" aria-labelledby="alerts">{list}</ul>
            {seen}
            <Rules alerts kpi org plans forms />
        </section>
    }
}

/// When the KPI raises the alarm.
#[component]
fn Rules(alerts: Vec<Alert>, kpi: Kpi, org: String, plans: bool, forms: Forms) -> impl IntoView {
    let none = alerts.is_empty().then(|| view! { <p class="muted">"No rules."</p> });
    let rule = |alert: Alert| {
        let words = AlertRule { kind: alert.kind, threshold: alert.threshold }.words(&kpi.unit, kpi.frequency);
        let (id, label) = (alert.id, format!("Remove the rule: {words}"));
        let remove = plans.then(|| {
            anew(move || {
                let (id, label) = (id.clone(), label.clone());
                view! { <button type="submit" class="button quiet small" form="remove-rule" name="id" value=id aria-label=label>"Remove"</button> }
            })
        });
        view! { <li><span>{words}</span>{remove}</li> }
    };
    let list = alerts.into_iter().map(rule).collect_view();
    let changes = plans.then(|| {
        let (of_remove, id) = (org.clone(), kpi.id.clone());
        view! {
            <ServerForm id="remove-rule" to=RemoveKpiAlert::PATH sent=forms.rule_removed>
                <input type="hidden" name="org" value=of_remove />
            </ServerForm>
            <ServerForm to=AddKpiAlert::PATH class="stack" sent=forms.rule_added emptied=true>
                <input type="hidden" name="org" value=org />
                <input type="hidden" name="id" value=id />
                <SelectField name="kind" label="Tell when" options=AlertKind::options() />
                <TextField name="threshold" label="Threshold" required=true hint="For a change, in percent of the period before." />
                <div class="actions"><Submit label="Add rule" class="" /></div>
            </ServerForm>
        }
    });
    view! {
        <h3 id="rules">"Rules"</h3>
        {none}
        <ul class="kpi-rules" aria-labelledby="rules">{list}</ul>
        {changes}
    }
}

//! The document, the route table and the start page.

use leptos::prelude::*;
use leptos_meta::{MetaTags, Title, provide_meta_context};
use leptos_router::components::{ParentRoute, Route, Router, Routes};
use leptos_router::{Lazy, SsrMode, path};

use crate::account::model::Theme;
use crate::account::view::{DeleteAccount, Deleted, Forgot, Profile, Reset, Security, SignInRoute, SignUpRoute, Verified, Verify};
use crate::audit::view::AuditLog;
use crate::board::view::{FeatureBoard, TaskBoard};
use crate::document::view::{DocumentDetail, DocumentList, DocumentVersions, EditDocument, MergeDocument, NewDocument};
use crate::experiment::view::{
    EditExperiment, EditMetric, EditResult, EditVariants, ExperimentDetail, ExperimentList, NewExperiment, PowerCalculator, ResultList,
};
use crate::feature::epic::view::{EditEpic, EpicDetail, EpicList, NewEpic};
use crate::feature::view::{ConvertIdea, EditFeature, FeatureDetail, FeatureList, NewFeature};
use crate::feedback::view::{FeedbackInbox, FeedbackItem, NewFeedback};
use crate::goal::kpi::view::{EditKpi, EditKpiPoint, KpiDetail, KpiListRoute, NewKpi};
use crate::goal::okr::view::{
    CloseQuarter, EditKeyResult, EditObjective, EditOkr, KeyResultDetail, NewObjective, NewOkr, ObjectiveDetail, Objectives, OkrDetail,
    OkrList,
};
use crate::idea::board::view::IdeaBoardRoute;
use crate::idea::view::{EditIdea, IdeaDetail, IdeaList, MergeIdea, NewIdea};
use crate::member::view::{EditMember, Invitation, Invite, MemberList};
use crate::org::view::{Features, Frame, Home, NewOrg, OrgSettings, Roles};
use crate::overview::view::OrgOverview;
use crate::palette::view::provide_palette;
use crate::product::lifecycle::view::{ExitCriteria, MoveStage};
use crate::product::portfolio::view::{LifecycleBoardRoute, Portfolio};
use crate::product::view::{NewProduct, Overview, ProductSettings};
use crate::reference::view::Follow;
use crate::release::view::{
    Changelog, ChecklistTemplate, ChecklistTemplates, EditChange, EditChecklistItem, EditRelease, NewRelease, ReleaseDetail, ReleaseList,
};
use crate::roadmap::view::RoadmapRoute;
use crate::search::view::Search;
use crate::task::view::{EditTask, MyWork, NewTask, TaskDetail, TaskList};
use crate::team::view::{NewTeam, TeamDetail, TeamList, TeamSettings};
use crate::token::view::Tokens;
use crate::transfer::view::{ImportDetail, Transfer};
use crate::ui::fold::provide_folds;
use crate::ui::form::{escaped_on_server, provide_forms, returned_page};
use crate::ui::live::provide_live;
use crate::ui::load::NotFound;
use crate::ui::mail::provide_mail;
use crate::ui::unsaved::NotDone;
use crate::webhook::view::{NewWebhook, WebhookDelivery, WebhookDetail, WebhookList};

/// The addresses of script, WASM and style sheet, which change with their content.
#[derive(Debug, Clone)]
pub struct SitePaths {
    pub script: String,
    pub wasm: String,
    pub style: String,
}

/// The document around the application; rendered on the server only.
pub fn shell(paths: SitePaths) -> impl IntoView {
    let theme = use_context::<Theme>().unwrap_or_default();
    let start =
        format!("import start, {{ hydrate }} from '{}'; await start({{ module_or_path: '{}' }}); hydrate();", paths.script, paths.wasm);
    // A refused form was answered at the form's own address; scripts and reloads want the page's.
    let restore = returned_page().map(|page| format!("history.replaceState(null, '', {});", script_text(&page)));
    view! {
        <!DOCTYPE html>
        <html lang="en" data-theme=theme.word()>
            <head>
                <meta charset="utf-8" />
                <meta name="viewport" content="width=device-width, initial-scale=1" />
                <meta name="color-scheme" content="light dark" />
                <link rel="icon" href="/icon.svg" type="image/svg+xml" />
                <link rel="stylesheet" href=paths.style />
                <link rel="modulepreload" href=paths.script />
                <link rel="preload" href=paths.wasm r#as="fetch" r#type="application/wasm" crossorigin="" />
                {restore.map(|script| view! { <script nonce=use_nonce()>{script}</script> })}
                <script type="module" nonce=use_nonce()>{start}</script>
                <MetaTags />
            </head>
            <body>
                <App />
            </body>
        </html>
    }
}

/// A text as a literal inside a script element.
fn script_text(text: &str) -> String {
    serde_json::Value::from(text).to_string().replace('<', "\\u003c")
}

/// The page's name in the browser's tab. leptos_meta 0.8 does not escape it on the server, so it is done here.
fn document_title(title: String) -> String {
    match title.is_empty() {
        true => "ProdMatic".to_owned(),
        false => format!("{} · ProdMatic", escaped_on_server(&title)),
    }
}

/// The application: every page by its address.
#[component]
pub fn App() -> impl IntoView {
    provide_meta_context();
    provide_forms();
    provide_folds();
    provide_mail();
    provide_live();
    provide_palette();
    let theme = SharedValue::new(|| use_context::<Theme>().unwrap_or_default()).into_inner();
    provide_context(RwSignal::new(theme));
    let mode = SsrMode::Async;
    view! {
        <Title formatter=document_title />
        <Router>
            <a class="skip" href="#content">"Skip to the content"</a>
            <NotDone />
            <Routes fallback=NotFound>
                <Route path=path!("/") view=Home ssr=mode.clone() />
                <Route path=path!("/signup") view={Lazy::<SignUpRoute>::new()} ssr=mode.clone() />
                <Route path=path!("/signin") view={Lazy::<SignInRoute>::new()} ssr=mode.clone() />
                <Route path=path!("/forgot") view={Lazy::<Forgot>::new()} ssr=mode.clone() />
                <Route path=path!("/reset/:token") view={Lazy::<Reset>::new()} ssr=mode.clone() />
                <Route path=path!("/verify/:token") view={Lazy::<Verify>::new()} ssr=mode.clone() />
                <Route path=path!("/verified") view={Lazy::<Verified>::new()} ssr=mode.clone() />
                <Route path=path!("/account") view={Lazy::<Profile>::new()} ssr=mode.clone() />
                <Route path=path!("/account/security") view={Lazy::<Security>::new()} ssr=mode.clone() />
                <Route path=path!("/account/delete") view={Lazy::<DeleteAccount>::new()} ssr=mode.clone() />
                <Route path=path!("/deleted") view={Lazy::<Deleted>::new()} ssr=mode.clone() />
                <Route path=path!("/invitations/:token") view={Lazy::<Invitation>::new()} ssr=mode.clone() />
                <Route path=path!("/r/:reference") view={Lazy::<Follow>::new()} ssr=mode.clone() />
                <Route path=path!("/p/:org/:key/changelog") view={Lazy::<Changelog>::new()} ssr=mode.clone() />
                <Route path=path!("/orgs/new") view={Lazy::<NewOrg>::new()} ssr=mode.clone() />
                <ParentRoute path=path!("/orgs/:org") view=Frame ssr=mode.clone()>
                    <Route path=path!("/") view={Lazy::<OrgOverview>::new()} ssr=mode.clone() />
                    <Route path=path!("/settings") view={Lazy::<OrgSettings>::new()} ssr=mode.clone() />
                    <Route path=path!("/settings/features") view={Lazy::<Features>::new()} ssr=mode.clone() />
                    <Route path=path!("/settings/roles") view={Lazy::<Roles>::new()} ssr=mode.clone() />
                    <Route path=path!("/members") view={Lazy::<MemberList>::new()} ssr=mode.clone() />
                    <Route path=path!("/members/invite") view={Lazy::<Invite>::new()} ssr=mode.clone() />
                    <Route path=path!("/members/:id") view={Lazy::<EditMember>::new()} ssr=mode.clone() />
                    <Route path=path!("/teams") view={Lazy::<TeamList>::new()} ssr=mode.clone() />
                    <Route path=path!("/teams/new") view={Lazy::<NewTeam>::new()} ssr=mode.clone() />
                    <Route path=path!("/teams/:team") view={Lazy::<TeamDetail>::new()} ssr=mode.clone() />
                    <Route path=path!("/teams/:team/settings") view={Lazy::<TeamSettings>::new()} ssr=mode.clone() />
                    <Route path=path!("/audit") view={Lazy::<AuditLog>::new()} ssr=mode.clone() />
                    <Route path=path!("/webhooks") view={Lazy::<WebhookList>::new()} ssr=mode.clone() />
                    <Route path=path!("/webhooks/new") view={Lazy::<NewWebhook>::new()} ssr=mode.clone() />
                    <Route path=path!("/webhooks/:id") view={Lazy::<WebhookDetail>::new()} ssr=mode.clone() />
                    <Route path=path!("/webhooks/:id/deliveries/:delivery") view={Lazy::<WebhookDelivery>::new()} ssr=mode.clone() />
                    <Route path=path!("/tokens") view={Lazy::<Tokens>::new()} ssr=mode.clone() />
                    <Route path=path!("/products") view={Lazy::<Portfolio>::new()} ssr=mode.clone() />
                    <Route path=path!("/products/new") view={Lazy::<NewProduct>::new()} ssr=mode.clone() />
                    <Route path=path!("/products/:key") view={Lazy::<Overview>::new()} ssr=mode.clone() />
                    <Route path=path!("/products/:key/settings") view={Lazy::<ProductSettings>::new()} ssr=mode.clone() />
                    <Route path=path!("/products/:key/lifecycle") view={Lazy::<MoveStage>::new()} ssr=mode.clone() />
                    <Route path=path!("/lifecycle") view={Lazy::<LifecycleBoardRoute>::new()} ssr=mode.clone() />
                    <Route path=path!("/lifecycle/criteria") view={Lazy::<ExitCriteria>::new()} ssr=mode.clone() />
                    <Route path=path!("/products/:key/ideas") view={Lazy::<IdeaList>::new()} ssr=mode.clone() />
                    <Route path=path!("/products/:key/ideas/new") view={Lazy::<NewIdea>::new()} ssr=mode.clone() />
                    <Route path=path!("/products/:key/ideas/board") view={Lazy::<IdeaBoardRoute>::new()} ssr=mode.clone() />
                    <Route path=path!("/products/:key/ideas/:id") view={Lazy::<IdeaDetail>::new()} ssr=mode.clone() />
                    <Route path=path!("/products/:key/ideas/:id/edit") view={Lazy::<EditIdea>::new()} ssr=mode.clone() />
                    <Route path=path!("/products/:key/ideas/:id/convert") view={Lazy::<ConvertIdea>::new()} ssr=mode.clone() />
                    <Route path=path!("/products/:key/epics") view={Lazy::<EpicList>::new()} ssr=mode.clone() />
                    <Route path=path!("/products/:key/epics/new") view={Lazy::<NewEpic>::new()} ssr=mode.clone() />
                    <Route path=path!("/products/:key/epics/:id") view={Lazy::<EpicDetail>::new()} ssr=mode.clone() />
                    <Route path=path!("/products/:key/epics/:id/edit") view={Lazy::<EditEpic>::new()} ssr=mode.clone() />
                    <Route path=path!("/products/:key/features") view={Lazy::<FeatureList>::new()} ssr=mode.clone() />
                    <Route path=path!("/products/:key/features/new") view={Lazy::<NewFeature>::new()} ssr=mode.clone() />
                    <Route path=path!("/products/:key/features/board") view={Lazy::<FeatureBoard>::new()} ssr=mode.clone() />
                    <Route path=path!("/products/:key/tasks/board") view={Lazy::<TaskBoard>::new()} ssr=mode.clone() />
                    <Route path=path!("/products/:key/features/:id") view={Lazy::<FeatureDetail>::new()} ssr=mode.clone() />
                    <Route path=path!("/products/:key/features/:id/edit") view={Lazy::<EditFeature>::new()} ssr=mode.clone() />
                    <Route path=path!("/products/:key/tasks") view={Lazy::<TaskList>::new()} ssr=mode.clone() />
                    <Route path=path!("/products/:key/tasks/new") view={Lazy::<NewTask>::new()} ssr=mode.clone() />
                    <Route path=path!("/products/:key/tasks/:id") view={Lazy::<TaskDetail>::new()} ssr=mode.clone() />
                    <Route path=path!("/products/:key/tasks/:id/edit") view={Lazy::<EditTask>::new()} ssr=mode.clone() />
                    <Route path=path!("/my-work") view={Lazy::<MyWork>::new()} ssr=mode.clone() />
                    <Route path=path!("/products/:key/roadmap") view={Lazy::<RoadmapRoute>::new()} ssr=mode.clone() />
                    <Route path=path!("/products/:key/feedback") view={Lazy::<FeedbackInbox>::new()} ssr=mode.clone() />
                    <Route path=path!("/products/:key/feedback/new") view={Lazy::<NewFeedback>::new()} ssr=mode.clone() />
                    <Route path=path!("/products/:key/feedback/:id") view={Lazy::<FeedbackItem>::new()} ssr=mode.clone() />
                    <Route path=path!("/products/:key/ideas/:id/merge") view={Lazy::<MergeIdea>::new()} ssr=mode.clone() />
                    <Route path=path!("/products/:key/transfer") view={Lazy::<Transfer>::new()} ssr=mode.clone() />
                    <Route path=path!("/products/:key/transfer/:id") view={Lazy::<ImportDetail>::new()} ssr=mode.clone() />
                    <Route path=path!("/settings/checklists") view={Lazy::<ChecklistTemplates>::new()} ssr=mode.clone() />
                    <Route path=path!("/settings/checklists/:id") view={Lazy::<ChecklistTemplate>::new()} ssr=mode.clone() />
                    <Route path=path!("/products/:key/releases") view={Lazy::<ReleaseList>::new()} ssr=mode.clone() />
                    <Route path=path!("/products/:key/releases/new") view={Lazy::<NewRelease>::new()} ssr=mode.clone() />
                    <Route path=path!("/products/:key/releases/:id") view={Lazy::<ReleaseDetail>::new()} ssr=mode.clone() />
                    <Route path=path!("/products/:key/releases/:id/edit") view={Lazy::<EditRelease>::new()} ssr=mode.clone() />
                    <Route path=path!("/products/:key/releases/:id/checklist/:item") view={Lazy::<EditChecklistItem>::new()} ssr=mode.clone() />
                    <Route path=path!("/products/:key/releases/:id/changelog/:item") view={Lazy::<EditChange>::new()} ssr=mode.clone() />
                    <Route path=path!("/okrs") view={Lazy::<Objectives>::new()} ssr=mode.clone() />
                    <Route path=path!("/okrs/new") view={Lazy::<NewObjective>::new()} ssr=mode.clone() />
                    <Route path=path!("/okrs/:id") view={Lazy::<ObjectiveDetail>::new()} ssr=mode.clone() />
                    <Route path=path!("/okrs/:id/edit") view={Lazy::<EditObjective>::new()} ssr=mode.clone() />
                    <Route path=path!("/products/:key/okrs") view={Lazy::<OkrList>::new()} ssr=mode.clone() />
                    <Route path=path!("/products/:key/okrs/new") view={Lazy::<NewOkr>::new()} ssr=mode.clone() />
                    <Route path=path!("/products/:key/okrs/close") view={Lazy::<CloseQuarter>::new()} ssr=mode.clone() />
                    <Route path=path!("/products/:key/okrs/:id") view={Lazy::<OkrDetail>::new()} ssr=mode.clone() />
                    <Route path=path!("/products/:key/okrs/:id/edit") view={Lazy::<EditOkr>::new()} ssr=mode.clone() />
                    <Route path=path!("/products/:key/okrs/:id/results/:result") view={Lazy::<KeyResultDetail>::new()} ssr=mode.clone() />
                    <Route path=path!("/products/:key/okrs/:id/results/:result/edit") view={Lazy::<EditKeyResult>::new()} ssr=mode.clone() />
                    <Route path=path!("/products/:key/kpis") view={Lazy::<KpiListRoute>::new()} ssr=mode.clone() />
                    <Route path=path!("/products/:key/kpis/new") view={Lazy::<NewKpi>::new()} ssr=mode.clone() />
                    <Route path=path!("/products/:key/kpis/:id") view={Lazy::<KpiDetail>::new()} ssr=mode.clone() />
                    <Route path=path!("/products/:key/kpis/:id/edit") view={Lazy::<EditKpi>::new()} ssr=mode.clone() />
                    <Route path=path!("/products/:key/kpis/:id/points/:point") view={Lazy::<EditKpiPoint>::new()} ssr=mode.clone() />
                    <Route path=path!("/products/:key/experiments") view={Lazy::<ExperimentList>::new()} ssr=mode.clone() />
                    <Route path=path!("/products/:key/experiments/new") view={Lazy::<NewExperiment>::new()} ssr=mode.clone() />
                    <Route path=path!("/products/:key/experiments/power") view={Lazy::<PowerCalculator>::new()} ssr=mode.clone() />
                    <Route path=path!("/products/:key/experiments/:id") view={Lazy::<ExperimentDetail>::new()} ssr=mode.clone() />
                    <Route path=path!("/products/:key/experiments/:id/edit") view={Lazy::<EditExperiment>::new()} ssr=mode.clone() />
                    <Route path=path!("/products/:key/experiments/:id/variants") view={Lazy::<EditVariants>::new()} ssr=mode.clone() />
                    <Route path=path!("/products/:key/experiments/:id/metrics/:metric") view={Lazy::<EditMetric>::new()} ssr=mode.clone() />
                    <Route path=path!("/products/:key/experiments/:id/results") view={Lazy::<ResultList>::new()} ssr=mode.clone() />
                    <Route path=path!("/products/:key/experiments/:id/results/:result") view={Lazy::<EditResult>::new()} ssr=mode.clone() />
                    <Route path=path!("/documents") view={Lazy::<DocumentList>::new()} ssr=mode.clone() />
                    <Route path=path!("/documents/new") view={Lazy::<NewDocument>::new()} ssr=mode.clone() />
                    <Route path=path!("/documents/:id") view={Lazy::<DocumentDetail>::new()} ssr=mode.clone() />
                    <Route path=path!("/documents/:id/edit") view={Lazy::<EditDocument>::new()} ssr=mode.clone() />
                    <Route path=path!("/documents/:id/versions") view={Lazy::<DocumentVersions>::new()} ssr=mode.clone() />
                    <Route path=path!("/documents/:id/merge") view={Lazy::<MergeDocument>::new()} ssr=mode.clone() />
                    <Route path=path!("/products/:key/documents") view={Lazy::<DocumentList>::new()} ssr=mode.clone() />
                    <Route path=path!("/products/:key/documents/new") view={Lazy::<NewDocument>::new()} ssr=mode.clone() />
                    <Route path=path!("/products/:key/documents/:id") view={Lazy::<DocumentDetail>::new()} ssr=mode.clone() />
                    <Route path=path!("/products/:key/documents/:id/edit") view={Lazy::<EditDocument>::new()} ssr=mode.clone() />
                    <Route path=path!("/products/:key/documents/:id/versions") view={Lazy::<DocumentVersions>::new()} ssr=mode.clone() />
                    <Route path=path!("/products/:key/documents/:id/merge") view={Lazy::<MergeDocument>::new()} ssr=mode.clone() />
                    <Route path=path!("/search") view={Lazy::<Search>::new()} ssr=mode.clone() />
                </ParentRoute>
            </Routes>
        </Router>
    }
}

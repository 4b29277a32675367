//! The page from which a product's tables come and go.

use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

use super::{StatusBadge, TITLE, crumbs};
use crate::kernel::role::Perm;
use crate::kernel::text::grouped;
use crate::kernel::time::moment;
use crate::org::view::param;
use crate::transfer::api::GetTransfer;
use crate::transfer::model::{ImportLine, Kind, Source, TransferPage};
use crate::ui::form::Sent;
use crate::ui::layout::PageHead;
use crate::ui::load::{Load, data};
use crate::ui::select::SelectField;
use crate::ui::upload::UploadForm;

/// `/orgs/{org}/products/{key}/transfer`
#[component]
pub fn TransferPageView() -> impl IntoView {
    let (org, key) = (param("org"), param("key"));
    let params = use_query_map();
    let chosen = Signal::derive(move || params.with(|params| params.get("kind")).unwrap_or_default());
    let transfer = data(move || GetTransfer { org: org.get(), product: key.get() });
    let view = move |data: TransferPage| view! { <Transfers data org=org.get_untracked() chosen=chosen.get_untracked() /> }.into_any();
    view! { <Load of=transfer view /> }
}

/// The form for a file, the files to take along, and what came before.
#[component]
fn Transfers(data: TransferPage, org: String, chosen: String) -> impl IntoView {
    let product = format!("/orgs/{org}/products/{}", data.product.key);
    let kinds = Kind::of_role(data.role);
    let export = data.role.can(Perm::ProductWrite).then(|| view! { <Exports product=product.clone() /> });
    let imports = (!data.imports.is_empty()).then(|| view! { <Imports imports=data.imports base=format!("{product}/transfer") /> });
    view! {
        <PageHead title=TITLE crumbs=crumbs(&org, &data.product) />
        <div class="columns">
            <section class="card" aria-labelledby="import">
                <h2 id="import">"Import"</h2>
                <p class="muted">"Nothing is imported yet: next you match the columns and see the first rows as they would become."</p>
                <ImportForm to=format!("{product}/transfer/upload") kinds chosen />
            </section>
            {export}
        </div>
        {imports}
    }
}

#[component]
fn ImportForm(to: String, kinds: Vec<Kind>, chosen: String) -> impl IntoView {
    let kinds: Vec<_> = kinds.into_iter().map(|kind| (kind.word().to_owned(), kind.label().to_owned())).collect();
    let known = Source::ALL.map(|source| (source.word().to_owned(), source.label().to_owned()));
    let sources: Vec<_> = std::iter::once((String::new(), "Recognise it by its headings".to_owned())).chain(known).collect();
    view! {
        <UploadForm
            to
            sent=Sent::new()
            name="file"
            label="File"
            hint="CSV in UTF-8 with headings in its first line, separated by commas, semicolons or tabs. At most 64 MB."
            accept=".csv,.tsv,.txt,text/csv"
            submit="Send file"
        >
            <SelectField name="kind" label="What the rows are" options=kinds value=chosen />
            <SelectField
                name="source"
                label="Where the file is from"
                options=sources
                hint="For these programs the columns are known, and what their statuses and priorities mean here."
            />
        </UploadForm>
    }
}

/// A file of each kind to take along.
#[component]
fn Exports(product: String) -> impl IntoView {
    let file = |kind: Kind| {
        let href = format!("{product}/export/{}.csv", kind.path());
        // A file and no page: the browser fetches it by itself.
        view! { <li><a class="button" href=href rel="external" download="">{format!("Export {}", kind.path())}</a></li> }
    };
    view! {
        <section class="card" aria-labelledby="export">
            <h2 id="export">"Export"</h2>
            <p class="muted">"A CSV file of all that is not deleted, the oldest first. It can be imported again without changes."</p>
            <ul class="plain-list">{Kind::ALL.map(file).collect_view()}</ul>
        </section>
    }
}

/// What came before, the newest first.
#[component]
fn Imports(imports: Vec<ImportLine>, base: String) -> impl IntoView {
    let row = |import: ImportLine| {
        view! {
            <tr>
                <th scope="row"><a class="idea-title" href=format!("{base}/{}", import.id) dir="auto">{import.file_name}</a></th>
                <td>{import.kind.label()}</td>
                <td><StatusBadge status=import.status /></td>
                <td class="number wide-only">{grouped(import.rows)}</td>
                <td class="wide-only" dir="auto">{import.author.unwrap_or_else(|| "–".into())}</td>
                <td class="number wide-only muted">{moment(import.created_at)}</td>
            </tr>
        }
    };
    view! {
        <h2>"Imports"</h2>
        <div class="table-scroll" tabindex="0" role="region" aria-label="Imports">
            <table class="table">
                <thead>
                    <tr>
                        <th scope="col">"File"</th>
                        <th scope="col">"Kind"</th>
                        <th scope="col">"Status"</th>
                        <th scope="col" class="number wide-only">"Rows"</th>
                        <th scope="col" class="wide-only">"Sent by"</th>
                        <th scope="col" class="number wide-only">"Sent"</th>
                    </tr>
                </thead>
                <tbody>{imports.into_iter().map(row).collect_view()}</tbody>
            </table>
        </div>
    }
}

//! What two people wrote at once, to be made one text by hand.

use leptos::prelude::*;
use server_fn::ServerFn;

use super::{address, crumbs};
use crate::document::api::draft::{GetMerge, ResolveMerge};
use crate::document::model::{Choice, Conflict, MergePage, MergePiece, VersionQuery};
use crate::kernel::text::grouped;
use crate::ui::form::{ServerForm, Submit};
use crate::ui::icon::Icon;
use crate::ui::layout::{Crumb, Empty, PageHead};
use crate::ui::load::{Load, data};

/// `/orgs/{org}/documents/{id}/merge` and the same of a product
#[component]
pub fn MergeDocumentPage() -> impl IntoView {
    let (org, key, id) = address();
    let merge = data(move || GetMerge { org: org.get(), product: key.get(), id: id.get() });
    let view = move |data: MergePage| view! { <MergeView data org=org.get_untracked() /> }.into_any();
    view! { <Load of=merge view /> }
}

#[component]
fn MergeView(data: MergePage, org: String) -> impl IntoView {
    let MergePage { product, document, by, base, title, pieces, .. } = data;
    let href = document.href(&org);
    let mut crumbs = crumbs(&org, product.as_ref());
    crumbs.push(Crumb::new(document.title.clone(), href.clone()));
    let Some(base) = base else {
        let text = "What you wrote is saved, or nobody has saved anything else since you began.";
        return view! {
            <PageHead title="Merge" crumbs />
            <Empty icon=Icon::Check title="Nothing to merge" text>
                <a class="button" href=format!("{href}/edit")>"To the editor"</a>
            </Empty>
        }
        .into_any();
    };
    let who = by.unwrap_or_else(|| "Somebody".to_owned());
    let conflicts = pieces.iter().filter(|piece| matches!(piece, MergePiece::Conflict(_))).count() + usize::from(title.is_some());
    let places = if conflicts == 1 { "one place".to_owned() } else { format!("{conflicts} places") };
    let told = format!(
        "You began from version {base}; {who} has saved version {} since. Where only one of you changed the text it is merged \
         already. In {places} you both did: choose what is to stand there. Nothing is lost, whatever you choose: your text is \
         kept as a draft until you save, and theirs as a version.",
        document.version
    );
    let theirs = format!("{href}/versions{}", VersionQuery::pair(base, document.version, Default::default()));
    let heading = title.map(|(mine, theirs)| {
        let conflict = Conflict { base: String::new(), mine, theirs };
        view! { <ConflictView conflict name="form[title]".into() legend="Title".into() who=who.clone() base=None /> }
    });
    let mut place = 0;
    let shown: Vec<AnyView> = pieces
        .into_iter()
        .map(|piece| match piece {
            MergePiece::Merged(text) => view! { <Merged text /> }.into_any(),
            MergePiece::Conflict(conflict) => {
                place += 1;
                let (name, legend) = (format!("form[choices][{}]", place - 1), format!("Conflict {place}"));
                view! { <ConflictView conflict name legend who=who.clone() base=Some(base) /> }.into_any()
            }
        })
        .collect();
    let version = document.version.to_string();
    view! {
        <PageHead title="Merge" crumbs />
        <p class="lead">{told}" "<a href=theirs>"See what they changed"</a></p>
        <ServerForm to=ResolveMerge::PATH class="stack merge">
            <input type="hidden" name="org" value=org />
            <input type="hidden" name="product" value=product.map(|product| product.key) />
            <input type="hidden" name="id" value=document.id />
            <input type="hidden" name="version" value=version autocomplete="off" />
            {heading}
            {shown}
            <div class="actions">
                <Submit label="Merge and look it over" />
                <a class="button" href=format!("{href}/edit?draft=1")>"Back to my text"</a>
            </div>
        </ServerForm>
    }
    .into_any()
}

/// What is merged already, folded when it is long.
#[component]
fn Merged(text: String) -> impl IntoView {
    let lines = text.lines().count() as i64;
    if lines <= 4 {
        return view! { <p class="prose muted" dir="auto">{text}</p> }.into_any();
    }
    view! {
        <details class="adding">
            <summary>{format!("{} lines without a conflict", grouped(lines))}</summary>
            <p class="prose muted" dir="auto">{text}</p>
        </details>
    }
    .into_any()
}

/// Both texts, to choose from, beside what stood there in the version that both began from, if it is of the text.
#[component]
fn ConflictView(conflict: Conflict, name: String, legend: String, who: String, base: Option<i32>) -> impl IntoView {
    let (Conflict { base: before, mine, theirs }, both) = (conflict, base.is_some());
    let side = |heading: String, text: String| {
        let text = if text.is_empty() {
            view! { <p class="muted">"Nothing."</p> }.into_any()
        } else {
            view! { <p class="prose" dir="auto" tabindex="0">{text}</p> }.into_any()
        };
        view! { <div><p class="strong" dir="auto">{heading}</p>{text}</div> }
    };
    let first = if both { Choice::Both } else { Choice::Mine };
    let choice = |choice: Choice| {
        let id = format!("{}-{}", legend.to_lowercase().replace(' ', "-"), choice.word());
        view! {
            <div class="check">
                <input type="radio" id=id.clone() name=name.clone() value=choice.word() checked=choice == first />
                <label for=id>{choice.label()}</label>
            </div>
        }
    };
    let choices = Choice::ALL.into_iter().filter(|choice| both || *choice != Choice::Both).map(choice).collect_view();
    view! {
        <fieldset class="card conflict">
            <legend>{legend.clone()}</legend>
            <div class="sides">
                {base.map(|base| side(format!("Before, in version {base}"), before))}
                {side("Mine".to_owned(), mine)}
                {side(format!("Theirs, by {who}"), theirs)}
            </div>
            <div class="actions">{choices}</div>
        </fieldset>
    }
}

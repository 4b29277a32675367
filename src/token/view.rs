//! The page of an organisation's tokens.

use leptos::prelude::*;
use server_fn::ServerFn;

use super::api::{CreateToken, ListTokens, RevokeToken};
use super::model::{LIVES, MadeToken, Token, TokenPage};
use crate::kernel::named::Named;
use crate::kernel::role::TokenScope;
use crate::kernel::time::{day, moment};
use crate::org::view::param;
use crate::ui::copy::LinkField;
use crate::ui::form::{Sent, ServerForm, Submit, TextField, field_error, was_ticked};
use crate::ui::layout::{Notice, PageHead};
use crate::ui::load::{Load, data};
use crate::ui::rows::{anew, then_focus};
use crate::ui::select::SelectField;

crate::lazy_pages!(admin: Tokens = TokensPage);

/// `/orgs/{org}/tokens`
#[component]
pub fn TokensPage() -> impl IntoView {
    let org = param("org");
    let (made, revoked) = (Sent::new(), Sent::new());
    let page = data(move || ListTokens { org: org.get() }).after(made).after(revoked);
    then_focus(revoked, "tokens");
    let view = move |page: TokenPage| view! { <TokensView page org=org.get_untracked() sent=made revoked /> }.into_any();
    view! { <Load of=page view /> }
}

#[component]
fn TokensView(page: TokenPage, org: String, sent: Sent, revoked: Sent) -> impl IntoView {
    let TokenPage { tokens, products, made } = page;
    view! {
        <PageHead title="Tokens">
            <a class="button quiet" href="/api/docs" rel="external">"REST API"</a>
        </PageHead>
        <p class="muted">"A token lets a program do what its owner may do, within its scope. It ends with its owner's membership."</p>
        {made.map(|made| view! { <Made made /> })}
        <TokenTable tokens org=org.clone() revoked />
        <NewToken products org sent />
    }
}

/// The token that was just made. It is never shown again.
#[component]
fn Made(made: MadeToken) -> impl IntoView {
    let MadeToken { name, secret } = made;
    view! {
        <Notice>
            <p>"This is the token “"{name.clone()}"”. Copy it now: it is not shown again."</p>
            <LinkField label=format!("Token {name}") link=secret />
        </Notice>
    }
}

/// The tokens. The rows' buttons belong to one form before the table, so that what goes wrong is told once.
#[component]
fn TokenTable(tokens: Vec<Token>, org: String, revoked: Sent) -> impl IntoView {
    if tokens.is_empty() {
        return view! { <p id="tokens" tabindex="-1">"There are no tokens yet."</p> }.into_any();
    }
    let row = |token: Token| anew(move || view! { <TokenRow token=token.clone() /> });
    let rows = tokens.into_iter().map(row).collect_view();
    view! {
        <section aria-labelledby="tokens">
            <h2 id="tokens" class="visually-hidden" tabindex="-1">"Tokens of this organisation"</h2>
            <ServerForm id="revoke" to=RevokeToken::PATH sent=revoked><input type="hidden" name="org" value=org /></ServerForm>
            <div class="table-scroll" tabindex="0" role="region" aria-label="Table of tokens">
                <table class="table">
                    <caption class="visually-hidden">"Tokens"</caption>
                    <thead>
                        <tr>
                            <th scope="col">"Token"</th>
                            <th scope="col" class="wide-only">"Scope"</th>
                            <th scope="col">"State"</th>
                            <th scope="col" class="wide-only">"Last used"</th>
                            <th scope="col" class="wide-only">"Until"</th>
                            <th scope="col"><span class="visually-hidden">"Change"</span></th>
                        </tr>
                    </thead>
                    <tbody>{rows}</tbody>
                </table>
            </div>
        </section>
    }
    .into_any()
}

#[component]
fn TokenRow(token: Token) -> impl IntoView {
    let ((state, word), open) = (token.state(), token.is_open());
    let products = match (token.limited, token.products.is_empty()) {
        (false, _) => "All products".to_owned(),
        (true, true) => "Products that are gone".to_owned(),
        (true, false) => token.products.join(", "),
    };
    let used = token.last_used_at.map_or_else(|| "Never".to_owned(), moment);
    let until = token.expires_at.map_or_else(|| "No end".to_owned(), day);
    let by = token.user_name.unwrap_or_else(|| "somebody without a name".to_owned());
    let narrow = format!("{} · until {until}", token.scope.label());
    let revoke = open.then(|| {
        view! {
            <button type="submit" class="button small danger" form="revoke" name="id" value=token.id aria-label=format!("Revoke {}", token.name)>
                "Revoke"
            </button>
        }
    });
    view! {
        <tr>
            <th scope="row">
                <span class="who">
                    <span class="name" dir="auto">{token.name}</span>
                    <span class="muted"><code>{token.beginning}"…"</code>" by "{by}</span>
                    <span class="muted" dir="auto">{products}</span>
                    <span class="muted narrow-only">{narrow}</span>
                </span>
            </th>
            <td class="wide-only">{token.scope.label()}</td>
            <td><span class="badge" data-state=state>{word}</span></td>
            <td class="wide-only muted">{used}</td>
            <td class="wide-only muted">{until}</td>
            <td class="number">{revoke}</td>
        </tr>
    }
}

#[component]
fn NewToken(products: Vec<Named>, org: String, sent: Sent) -> impl IntoView {
    let lives = LIVES.map(|(word, label)| (word.to_owned(), label.to_owned())).to_vec();
    view! {
        <section class="card stack form apart-section" aria-labelledby="new-token">
            <h2 id="new-token">"New token"</h2>
            <ServerForm to=CreateToken::PATH class="stack" sent emptied=true>
                <input type="hidden" name="org" value=org />
                <TextField name="name" label="Name" required=true placeholder="Build server" hint="What it is for, so that you know it later." />
                <div class="field-pair">
                    <SelectField name="scope" label="Scope" options=TokenScope::options() value=TokenScope::Read.word() hint="It never exceeds your own role." />
                    <SelectField name="expires" label="Ends after" options=lives value=LIVES[0].0 />
                </div>
                {(!products.is_empty()).then(|| view! { <ProductBoxes products /> })}
                <div class="actions"><Submit label="Make token" /></div>
            </ServerForm>
        </section>
    }
}

/// The products that the token is kept to.
#[component]
fn ProductBoxes(products: Vec<Named>) -> impl IntoView {
    let error = field_error("products");
    let boxes = products
        .into_iter()
        .map(|product| {
            let checked = was_ticked("products", &product.id);
            view! {
                <label class="check">
                    <input type="checkbox" name="form[products][]" value=product.id checked=checked />
                    <span dir="auto">{product.name}</span>
                </label>
            }
        })
        .collect_view();
    view! {
        <fieldset class="stack">
            <legend>"Only these products"</legend>
            <p class="muted">"None ticked means all of them."</p>
            {boxes}
            {move || error.get().map(|message| view! { <p class="field-error" role="alert">{message}</p> })}
        </fieldset>
    }
}

//! Server functions for imports. The file itself comes by `upload`, and a table goes out by `export`.

use std::collections::BTreeMap;

use leptos::prelude::*;
use server_fn::codec::Json;

use super::model::{ImportPage, TransferPage};
use crate::kernel::error::AppError;

/// The page from which a product's tables come and go.
#[server(input = Json)]
pub async fn get_transfer(org: String, product: String) -> Result<TransferPage, AppError> {
    use crate::server::scope::Scope;
    use crate::transfer::store;

    let mut scope = Scope::require(&org, TransferPage::PERM).await?;
    let product = store::product(&mut scope, &product).await?;
    let imports = store::list(&mut scope, &product.id).await?;
    Ok(TransferPage { role: scope.role(), product, imports })
}

/// One import, with its first rows as they would become.
#[server(input = Json)]
pub async fn get_import(org: String, product: String, id: String) -> Result<ImportPage, AppError> {
    use crate::server::scope::Scope;
    use crate::transfer::{model::Preview, reading, store};

    let mut scope = Scope::require(&org, TransferPage::PERM).await?;
    let (import, product) = store::get(&mut scope, &id, Some(&product)).await?;
    let preview = if import.can_begin() { reading::preview(&mut scope, &import).await? } else { Preview::default() };
    Ok(ImportPage { product, import, preview })
}

/// Keeps which column is what: `form` holds the column's place by the field's name, `defaults`, and in `then` what is to
/// follow: `check` or `import`, else nothing.
#[server]
pub async fn map_import(org: String, id: String, #[server(default)] form: BTreeMap<String, String>) -> Result<(), AppError> {
    use crate::server::request::{caller, pool};
    use crate::server::scope::Scope;
    use crate::transfer::model::Mapping;
    use crate::transfer::{run::Job, store};

    let mut scope = Scope::require(&org, TransferPage::PERM).await?;
    let (import, product) = store::get(&mut scope, &id, None).await?;
    let mapping = Mapping::of_form(import.kind, &form, &import.headings)?;
    store::map(&mut scope, &import, mapping, form.contains_key("defaults")).await?;
    let then = form.get("then").map(String::as_str).unwrap_or_default();
    let dry = then == "check";
    let run = if dry || then == "import" { Some(store::start(&mut scope, &id, dry).await?) } else { None };
    scope.commit(()).await?;
    if let Some(run) = run {
        let job = Job { pool: pool()?, caller: caller()?, org: org.clone(), id: id.clone(), run, dry };
        tokio::spawn(job.work());
    }
    leptos_axum::redirect(&format!("/orgs/{org}/products/{}/transfer/{id}", product.key));
    Ok(())
}

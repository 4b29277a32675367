//! The REST API of what hangs on releases: launch checklists and changelogs.

mod changelog;
mod checklist;

use super::rest::ReleaseRow;
use super::store;
use crate::kernel::role::Perm;
use crate::server::rest::{Api, Call, Problem, living};

pub fn routes(api: Api) -> Api {
    let items = "/orgs/{org}/products/{key}/releases/{id}/checklist";
    let item = "/orgs/{org}/products/{key}/releases/{id}/checklist/{item}";
    let ticked = "/orgs/{org}/products/{key}/releases/{id}/checklist/{item}/tick";
    let applied = "/orgs/{org}/products/{key}/releases/{id}/checklist/apply";
    let entries = "/orgs/{org}/products/{key}/releases/{id}/changelog";
    let entry = "/orgs/{org}/products/{key}/releases/{id}/changelog/{entry}";
    let drafted = "/orgs/{org}/products/{key}/releases/{id}/changelog/draft";
    let public = "/orgs/{org}/products/{key}/public-changelog";
    api.tag("Launch checklists", "What has to be done before a release goes out, and templates to begin with.")
        .list(items, Perm::Read, "The release's checklist, in its order.", checklist::list)
        .create(items, Perm::PlanWrite, "Adds an item at the end of the checklist.", checklist::create)
        .get(item, Perm::Read, "One item.", checklist::get)
        .change(item, Perm::PlanWrite, "Changes an item.", checklist::change)
        .delete(item, Perm::PlanWrite, "Takes an item off the checklist.", checklist::delete)
        .put(ticked, Perm::WorkWrite, "Ticks an item.", checklist::tick)
        .delete(ticked, Perm::WorkWrite, "Takes the tick away from an item.", checklist::untick)
        .act(applied, Perm::PlanWrite, "Adds the items of a template; the release's whole checklist is answered.", checklist::apply)
        .list("/orgs/{org}/checklist-templates", Perm::Read, "The organisation's templates.", checklist::templates)
        .create(
            "/orgs/{org}/checklist-templates",
            Perm::PlanWrite,
            "Makes a template with its items; not for tokens for some products.",
            checklist::create_template,
        )
        .get("/orgs/{org}/checklist-templates/{id}", Perm::Read, "One template with its items.", checklist::template)
        .delete("/orgs/{org}/checklist-templates/{id}", Perm::PlanWrite, "Deletes a template for good.", checklist::delete_template)
        .act("/orgs/{org}/checklist-templates/{id}/items", Perm::PlanWrite, "Adds an item to a template.", checklist::add_to_template)
        .delete(
            "/orgs/{org}/checklist-templates/{id}/items/{item}",
            Perm::PlanWrite,
            "Removes an item from its template.",
            checklist::take_from_template,
        )
        .tag("Changelogs", "What a release changes, for those who use the product.")
        .list(entries, Perm::Read, "The release's changelog, by kind.", changelog::list)
        .create(entries, Perm::PlanWrite, "Adds an entry.", changelog::create)
        .get(entry, Perm::Read, "One entry.", changelog::get)
        .change(entry, Perm::PlanWrite, "Changes an entry; publishes it, or takes it back.", changelog::change)
        .delete(entry, Perm::PlanWrite, "Removes an entry for good.", changelog::delete)
        .verb(
            drafted,
            Perm::PlanWrite,
            "Makes an entry of each feature of the release that is done and has none; all entries are answered.",
            changelog::draft,
        )
        .get(public, Perm::Read, "Whether everybody may read what is published of the product's changelogs, and where.", changelog::is_open)
        .put(public, Perm::ProductWrite, "Lets everybody read what is published of the product's changelogs.", changelog::open)
        .delete(public, Perm::ProductWrite, "Lets nobody outside read the product's changelogs.", changelog::shut)
}

/// The ids of the product and of the live release of the address, which is of that product.
async fn release(call: &mut Call) -> Result<(String, String), Problem> {
    let (key, id) = (call.at("key"), call.at("id"));
    let product = store::product(&mut call.scope, &key).await?;
    living(ReleaseRow::from(store::get(&mut call.scope, &product.id, &id).await?))?;
    Ok((product.id, id))
}

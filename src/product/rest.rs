//! The REST API of products.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use utoipa::ToSchema;

use super::lifecycle::model::{Criterion, MoveForm, SunsetFields};
use super::lifecycle::store as lifecycle;
use super::model::{Lifecycle, Product, ProductFields, ProductForm, ProductSummary};
use super::store;
use crate::kernel::role::Perm;
use crate::kernel::version::Edited;
use crate::server::rest::problem::Code;
use crate::server::rest::query::{Bin, Even, Whole};
use crate::server::rest::{Answered, Api, Body, Call, Listed, Patch, Place, Problem, Resource, Wrong, both};

/// What is below a deleted product is gone with it.
pub static PLACE: Place = Place { part: "key", noun: "product", is_deleted: |scope, key| Box::pin(store::is_deleted(scope, key)) };

pub fn routes(api: Api) -> Api {
    let one = "/orgs/{org}/products/{key}";
    api.tag("Products", "What an organisation makes. A product is addressed by its key, which can be changed.")
        .list("/orgs/{org}/products", Perm::Read, "The organisation's products, by name.", list)
        .create("/orgs/{org}/products", Perm::ProductWrite, "Creates a product; a token for some products makes no other.", create)
        .get(one, Perm::Read, "One product.", get)
        .change(one, Perm::ProductWrite, "Changes a product. With another key it has another address.", change)
        .delete(one, Perm::ProductWrite, "Deletes a product so that it can be restored.", delete)
        .verb("/orgs/{org}/products/{key}/restore", Perm::ProductWrite, "Brings a deleted product back.", restore)
        .act("/orgs/{org}/products/{key}/lifecycle", Perm::ProductWrite, "Moves a product to a stage of its life.", go)
        .list(
            "/orgs/{org}/products/{key}/criteria",
            Perm::Read,
            "The exit criteria of the product's stage, and which of them hold.",
            criteria,
        )
        .act("/orgs/{org}/products/{key}/criteria", Perm::ProductWrite, "Says of a criterion whether it holds.", tick)
}

/// A product with the number of its live items.
#[derive(Serialize, ToSchema)]
struct ProductRow {
    #[serde(flatten)]
    product: Product,
    ideas: i64,
    features: i64,
    releases: i64,
}

impl From<ProductSummary> for ProductRow {
    fn from(summary: ProductSummary) -> Self {
        let ProductSummary { product, ideas, features, releases } = summary;
        ProductRow { product, ideas, features, releases }
    }
}

impl Resource for ProductRow {
    fn key(&self) -> String {
        self.product.key.clone()
    }

    fn is_deleted(&self) -> bool {
        self.product.deleted_at.is_some()
    }

    fn version(&self) -> Option<String> {
        Some(ProductFields::from(&self.product).version())
    }
}

/// What is said of a product.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ProductBody {
    #[schema(min_length = 1, max_length = 120)]
    name: String,
    /// Lower-case letters, digits and single hyphens; made of the name if it is left out.
    #[schema(pattern = "^(?!new$)(?=.{2,64}$)[a-z0-9]+(-[a-z0-9]+)*$")]
    key: Option<String>,
    /// Markdown.
    #[schema(max_length = 20000)]
    description: Option<String>,
    #[schema(max_length = 20000)]
    vision: Option<String>,
}

impl Body for ProductBody {
    fn example() -> Value {
        json!({ "name": "Demo Product", "key": "demo-product", "vision": "Every team knows why it builds what it builds." })
    }
}

impl From<&ProductRow> for ProductBody {
    fn from(row: &ProductRow) -> Self {
        let Product { name, key, description, vision, .. } = row.product.clone();
        ProductBody { name, key: Some(key), description, vision }
    }
}

impl ProductBody {
    /// The product, checked. A key is there or left out.
    fn checked(self) -> Result<ProductFields, Problem> {
        let key = match self.key.as_ref().is_some_and(|key| key.trim().is_empty()) {
            true => Err(Problem::at("#/key", "Enter a key, or leave it out.")),
            false => Ok(()),
        };
        let form = ProductForm {
            name: self.name,
            key: self.key.unwrap_or_default(),
            description: self.description.unwrap_or_default(),
            vision: self.vision.unwrap_or_default(),
        };
        let (fields, ()) = both(form.validate(), key)?;
        Ok(fields)
    }
}

/// The stage that a product moves to, and what that needs.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct LifecycleMove {
    stage: Lifecycle,
    /// Why it moves on although exit criteria are open; saying so means it. It is kept where there are such alone.
    #[schema(max_length = 2000)]
    reason: Option<String>,
    /// For the last stage: the product's last day.
    end_of_life: Option<NaiveDate>,
    /// For the last stage: what happens until then.
    #[schema(max_length = 20000)]
    sunset_plan: Option<String>,
}

impl LifecycleMove {
    /// # Errors
    /// Of what belongs to the last stage alone, where it would be passed over.
    fn has_its_fields(&self) -> Result<(), Problem> {
        let told = "Only the last stage, SUNSET, has this.";
        let given = [("endOfLife", self.end_of_life.is_some()), ("sunsetPlan", self.sunset_plan.is_some())];
        let passed_over = given.into_iter().filter(|(_, is_given)| *is_given && self.stage != Lifecycle::Sunset);
        let wrong: Vec<Wrong> = passed_over.map(|(name, _)| Wrong::at(format!("#/{name}"), told)).collect();
        if wrong.is_empty() { Ok(()) } else { Err(Problem::of(wrong)) }
    }
}

impl Body for LifecycleMove {
    fn example() -> Value {
        json!({ "stage": "DISCOVERY" })
    }
}

/// Whether a criterion holds.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct CriterionMet {
    /// The criterion in its own words.
    criterion: String,
    met: bool,
}

impl Body for CriterionMet {
    fn example() -> Value {
        json!({ "criterion": "The problem is written down.", "met": true })
    }
}

/// The criteria of a product's stage.
#[derive(Serialize, ToSchema)]
struct Criteria {
    stage: Lifecycle,
    criteria: Vec<Criterion>,
}

impl Resource for Criteria {
    fn key(&self) -> String {
        String::new()
    }
}

/// The live product of the address.
async fn read(call: &mut Call) -> Result<ProductRow, Problem> {
    let key = call.at("key");
    Ok(store::get(&mut call.scope, &key).await?.into())
}

async fn list(mut call: Call, bin: Bin) -> Answered<Listed<ProductRow>> {
    let products = store::list(&mut call.scope, bin.deleted).await?;
    call.done(Listed::all(products).map(ProductRow::from))
}

async fn get(mut call: Call, _: Even) -> Answered<ProductRow> {
    let key = call.at("key");
    let product = store::even(&mut call.scope, &key).await?;
    call.done(product.into())
}

async fn create(mut call: Call, body: ProductBody) -> Answered<ProductRow> {
    call.whole()?;
    let fields = body.checked()?;
    let key = store::create(&mut call.scope, fields).await?;
    let product = store::get(&mut call.scope, &key).await?;
    call.done(product.into())
}

async fn change(mut call: Call, patch: Patch<ProductBody>) -> Answered<ProductRow> {
    let mut seen = call.seen();
    loop {
        let row = read(&mut call).await?;
        let version = seen.version(&row)?;
        let fields = patch.over(&row)?.checked()?;
        let key = fields.key.clone();
        if seen.is_settled(store::update(&mut call.scope, &row.product.key, &version, fields).await)? {
            let product = store::get(&mut call.scope, &key).await?;
            return call.done(product.into());
        }
    }
}

async fn delete(mut call: Call) -> Answered<()> {
    let key = call.at("key");
    store::set_deleted(&mut call.scope, &key, true).await?;
    call.done(())
}

async fn restore(mut call: Call) -> Answered<ProductRow> {
    let key = call.at("key");
    store::set_deleted(&mut call.scope, &key, false).await?;
    let product = read(&mut call).await?;
    call.done(product)
}

/// What is wrong with a move, without what the form alone has: the tick by which a person means it, and the way back to its page.
fn for_programs(problem: Problem) -> Problem {
    match problem.code {
        Code::ValidationError => {
            let of_form = |wrong: &Wrong| matches!(wrong.field.as_deref(), Some("confirmed" | ""));
            Problem::of(problem.errors.into_iter().filter(|wrong| !of_form(wrong)).collect())
        }
        _ => problem,
    }
}

async fn go(mut call: Call, body: LifecycleMove) -> Answered<ProductRow> {
    body.has_its_fields()?;
    let row = read(&mut call).await?;
    let form = MoveForm {
        confirmed: if body.reason.is_some() { "on".into() } else { String::new() },
        reason: body.reason.unwrap_or_default(),
        end_of_life: body.end_of_life.map(|day| day.to_string()).unwrap_or_default(),
        sunset_plan: body.sunset_plan.unwrap_or_default(),
    };
    let version = SunsetFields::from(&row.product).version();
    lifecycle::go(&mut call.scope, &row.product.key, body.stage, &version, form).await.map_err(|error| for_programs(error.into()))?;
    let product = read(&mut call).await?;
    call.done(product)
}

async fn criteria(mut call: Call, _: Whole) -> Answered<Listed<Criterion>> {
    let row = read(&mut call).await?;
    let criteria = lifecycle::criteria(&mut call.scope, &row.product).await?;
    call.done(Listed::all(criteria))
}

async fn tick(mut call: Call, body: CriterionMet) -> Answered<Criteria> {
    let row = read(&mut call).await?;
    let criteria = lifecycle::criteria(&mut call.scope, &row.product).await?;
    if criteria.iter().all(|known| known.criterion != body.criterion) {
        return Err(Problem::at("#/criterion", "Name one of the criteria of the product's stage, in its own words."));
    }
    lifecycle::tick(&mut call.scope, &row.product.key, &body.criterion, body.met).await?;
    let criteria = lifecycle::criteria(&mut call.scope, &row.product).await?;
    call.done(Criteria { stage: row.product.lifecycle, criteria })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_move_is_told_by_the_fields_of_its_body() {
        let refused = MoveForm::default().validate(Lifecycle::Ideation, Lifecycle::Discovery, 1).unwrap_err();
        let problem = for_programs(refused.into()).located(LifecycleMove::NAMES);
        let pointers: Vec<_> = problem.errors.iter().filter_map(|wrong| wrong.pointer.as_deref()).collect();
        assert_eq!(pointers, ["#/reason"]);
        assert!(!problem.detail.contains("Tick") && !problem.detail.contains("choose the stage"), "{}", problem.detail);
    }
}

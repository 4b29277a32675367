//! SQL for the items of products, whatever their kind.

use std::collections::HashMap;

use super::stated::stated;
use crate::kernel::error::AppError;
use crate::kernel::reference::{Linked, Reference, named};
use crate::server::scope::{Person, Scope};

/// References that are looked up at once; whatever comes after them in a text stays text.
const LINKS_MAX: usize = 200;

/// The items `x` of one kind for which this holds. Parameter: tenant.
macro_rules! kind {
    ($section:literal, $table:literal, $title:literal, $state:literal, $holds:literal) => {
        concat!(
            "(SELECT '",
            $section,
            r#"' AS section, x.id, x."productId", x.number, "#,
            $title,
            " AS title, ",
            $state,
            r#" AS state, x."deletedAt" IS NOT NULL AS deleted FROM "#,
            $table,
            r#" x WHERE x."organizationId" = $1 AND "#,
            $holds,
            ")"
        )
    };
}

/// The items of all kinds for which this holds, between the rest of a statement. A further kind is a line here.
macro_rules! items {
    ($before:literal, $holds:literal, $after:literal) => {
        concat!(
            $before,
            kind!("ideas", r#""Idea""#, "x.title", "x.status::text", $holds),
            " UNION ALL ",
            kind!("epics", r#""Epic""#, "x.title", "x.status::text", $holds),
            " UNION ALL ",
            kind!("features", r#""Feature""#, "x.title", "x.status::text", $holds),
            " UNION ALL ",
            kind!("tasks", r#""Task""#, "x.title", "x.status::text", $holds),
            " UNION ALL ",
            kind!("releases", r#""Release""#, "x.name || ' ' || x.version", "x.status::text", $holds),
            " UNION ALL ",
            kind!("feedback", r#""Feedback""#, "x.title", "x.status::text", $holds),
            " UNION ALL ",
            kind!("okrs", r#""OKR""#, "x.title", "x.status::text", $holds),
            " UNION ALL ",
            kind!("kpis", r#""KPI""#, "x.name", "''", $holds),
            " UNION ALL ",
            kind!("experiments", r#""Experiment""#, "x.name", "x.status::text", $holds),
            " UNION ALL ",
            kind!("documents", r#""Document""#, "x.title", "x.status::text", $holds),
            $after
        )
    };
}

/// Live items by their ids, and the organisation's own objectives. Parameters: tenant, ids.
const BY_IDS: &str = items!(
    r#"SELECT item.*, p.key, p.name AS product_name FROM (
       (SELECT 'objectives' AS section, x.id, NULL::text AS "productId", NULL::integer AS number, x.title, x.status::text AS state,
               x."deletedAt" IS NOT NULL AS deleted
          FROM "OrganizationObjective" x WHERE x."organizationId" = $1 AND x.id = ANY($2) AND x."deletedAt" IS NULL) UNION ALL "#,
    r#"x.id = ANY($2) AND x."deletedAt" IS NULL"#,
    r#") item LEFT JOIN "Product" p ON p."organizationId" = $1 AND p.id = item."productId""#
);

/// Items of live products by their references, deleted or not. Each is one look into an index of each kind, however many items
/// there are. Parameters: tenant, keys, numbers.
const BY_REFERENCES: &str = items!(
    r#"WITH named AS MATERIALIZED (
           SELECT p.id, p.key, p.name, n.number FROM unnest($2::text[], $3::integer[]) n (key, number)
             JOIN "Product" p ON p."organizationId" = $1 AND p.key = n.key AND p."deletedAt" IS NULL)
       SELECT item.*, named.key, named.name AS product_name FROM named CROSS JOIN LATERAL ("#,
    r#"x."productId" = named.id AND x.number = named.number LIMIT 1"#,
    ") item"
);

/// An item, as it is named elsewhere.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Item {
    /// Where the pages of its kind are, below a product's or the organisation's.
    pub section: String,
    pub id: String,
    /// The product's key; nothing for a document of the organisation itself.
    pub key: Option<String>,
    pub product_name: Option<String>,
    pub number: Option<i32>,
    pub title: String,
    /// The word of its status; nothing for what has none.
    pub(super) state: String,
    pub(super) deleted: bool,
}

impl Item {
    /// The path of its page.
    pub(super) fn href(&self, org: &str) -> String {
        let product = self.key.as_ref().map(|key| format!("/products/{key}")).unwrap_or_default();
        format!("/orgs/{org}{product}/{}/{}", self.section, self.id)
    }

    /// Where it stands, in the words of its own pages.
    pub fn state(&self) -> String {
        stated(&self.section, &self.state)
    }

    fn linked(&self, org: &str) -> Option<Linked> {
        let reference = Reference { key: self.key.clone()?, number: self.number? };
        Some(Linked { reference, href: self.href(org), title: self.title.clone(), state: self.state() })
    }
}

/// The live items with these ids.
pub async fn by_ids(scope: &mut Scope, ids: &[&str]) -> Result<Vec<Item>, AppError> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let org = scope.organization().id.clone();
    Ok(sqlx::query_as(BY_IDS).bind(org).bind(ids).fetch_all(scope.db()).await?)
}

/// The items of live products with these references, deleted or not.
async fn by_references(scope: &mut Scope, references: &[Reference]) -> Result<Vec<Item>, AppError> {
    if references.is_empty() {
        return Ok(Vec::new());
    }
    let org = scope.organization().id.clone();
    let (keys, numbers): (Vec<&str>, Vec<i32>) = references.iter().map(|reference| (reference.key.as_str(), reference.number)).unzip();
    Ok(sqlx::query_as(BY_REFERENCES).bind(org).bind(keys).bind(numbers).fetch_all(scope.db()).await?)
}

/// What these references lead to: live items of the organisation.
pub async fn look(scope: &mut Scope, references: &[Reference]) -> Result<Vec<Linked>, AppError> {
    let items = by_references(scope, references).await?;
    let org = &scope.organization().slug;
    Ok(items.iter().filter(|item| !item.deleted).filter_map(|item| item.linked(org)).collect())
}

/// What the references in these texts lead to.
pub async fn links<'a>(scope: &mut Scope, texts: impl IntoIterator<Item = &'a str>) -> Result<Vec<Linked>, AppError> {
    let references = named(texts, LINKS_MAX);
    look(scope, &references).await
}

/// By id, the numbers of live items.
pub async fn numbers(scope: &mut Scope, ids: &[&str]) -> Result<HashMap<String, i32>, AppError> {
    let items = by_ids(scope, ids).await?;
    Ok(items.into_iter().filter_map(|item| Some((item.id, item.number?))).collect())
}

/// The live item of a reference, with the name of its section.
pub async fn find(scope: &mut Scope, reference: &Reference) -> Result<Option<Item>, AppError> {
    let items = by_references(scope, std::slice::from_ref(reference)).await?;
    Ok(items.into_iter().find(|item| !item.deleted))
}

/// The slug of the person's organisation that has the product of a reference.
pub async fn home(person: &mut Person, reference: &Reference) -> Result<String, AppError> {
    let slug: Option<String> = sqlx::query_scalar("SELECT home_of_product($1)").bind(&reference.key).fetch_one(person.db()).await?;
    slug.ok_or(AppError::NotFound)
}

/// The item of a reference, deleted or not.
pub async fn item(scope: &mut Scope, reference: &Reference) -> Result<Item, AppError> {
    let items = by_references(scope, std::slice::from_ref(reference)).await?;
    items.into_iter().next().ok_or(AppError::NotFound)
}

/// The path of the page of an item, deleted or not: a deleted one can be brought back there.
pub async fn page(scope: &mut Scope, reference: &Reference) -> Result<String, AppError> {
    Ok(item(scope, reference).await?.href(&scope.organization().slug))
}

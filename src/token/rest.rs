//! The REST API's own tokens, and who somebody is by theirs.

use serde::Serialize;
use utoipa::ToSchema;

use super::model::Token;
use super::store;
use crate::kernel::role::{Perm, Role, TokenScope};
use crate::server::rest::query::{Even, Whole};
use crate::server::rest::{Answered, Api, Call, Listed, Resource};

pub fn routes(api: Api) -> Api {
    api.tag("Tokens", "Whom a token acts for, and the tokens that there are. New ones are made on the page Tokens or on the command line.")
        .get("/me", Perm::Read, "Whom this token acts for, and what it may do.", me)
        .list("/orgs/{org}/tokens", Perm::OrgManage, "The organisation's tokens, the newest first.", list)
        .get("/orgs/{org}/tokens/{id}", Perm::OrgManage, "One token.", get)
        .delete("/orgs/{org}/tokens/{id}", Perm::OrgManage, "Revokes a token for good.", revoke)
}

impl Resource for Token {
    fn key(&self) -> String {
        self.id.clone()
    }

    fn is_deleted(&self) -> bool {
        self.revoked_at.is_some()
    }

    fn why_gone(&self) -> &'static str {
        "This token has been revoked, for good. Ask with deleted=true to read it."
    }
}

/// Whom a token acts for.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct Me {
    user_id: String,
    email: String,
    name: Option<String>,
    organization_id: String,
    organization_slug: String,
    organization_name: String,
    role: Role,
    scope: TokenScope,
    /// The ids of the products that the token is for; none for all of them. The list of tokens has their names instead, and the command
    /// line takes their keys.
    product_ids: Vec<String>,
}

impl Resource for Me {
    fn key(&self) -> String {
        self.user_id.clone()
    }
}

async fn me(call: Call, _: Whole) -> Answered<Me> {
    let (user, organization, grant) = (call.scope.user().clone(), call.scope.organization().clone(), call.scope.grant().cloned());
    let me = Me {
        user_id: user.id,
        email: user.email,
        name: user.name,
        organization_id: organization.id,
        organization_slug: organization.slug,
        organization_name: organization.name,
        role: call.scope.role(),
        scope: grant.as_ref().map(|grant| grant.scope).unwrap_or_default(),
        product_ids: grant.map(|grant| grant.products).unwrap_or_default(),
    };
    call.done(me)
}

async fn list(mut call: Call, _: Whole) -> Answered<Listed<Token>> {
    let tokens = store::list(&mut call.scope).await?;
    call.done(Listed::all(tokens))
}

async fn get(mut call: Call, _: Even) -> Answered<Token> {
    let id = call.at("id");
    let token = store::get(&mut call.scope, &id).await?;
    call.done(token)
}

async fn revoke(mut call: Call) -> Answered<()> {
    let id = call.at("id");
    store::revoke(&mut call.scope, &id).await?;
    call.done(())
}

//! Server functions for members and invitations.

use leptos::prelude::*;
use server_fn::codec::Json;

use super::model::{Arrival, InvitationPage, InviteForm, JoinForm, MemberForm, MemberList, MemberPage};
use crate::kernel::error::AppError;
use crate::team::model::TeamChoice;

/// A page of the members by name, of those who have these words; with the invitations for those who manage them.
#[server(input = Json)]
pub async fn list_members(org: String, after: Option<String>, #[server(default)] find: String) -> Result<MemberList, AppError> {
    use crate::kernel::role::Perm;
    use crate::member::model::After;
    use crate::member::store;
    use crate::server::{request::settings, scope::Scope};

    let mut scope = Scope::require(&org, Perm::Read).await?;
    let after = after.and_then(|word| After::decode(&word));
    let (members, next) = store::list(&mut scope, after.as_ref(), &find).await?;
    let manages = scope.can(Perm::OrgManage);
    let invitations = if manages { store::invitations(&mut scope, settings()?.as_ref()).await? } else { Vec::new() };
    Ok(MemberList { role: scope.role(), members, next, invitations })
}

/// One member, and the teams to choose from.
#[server(input = Json)]
pub async fn get_member(org: String, id: String) -> Result<MemberPage, AppError> {
    use crate::kernel::role::Perm;
    use crate::member::store;
    use crate::server::scope::Scope;

    let mut scope = Scope::require(&org, Perm::OrgManage).await?;
    let member = store::get(&mut scope, &id).await?;
    let own = member.user_id == scope.user().id;
    Ok(MemberPage { teams: store::team_choices(&mut scope).await?, member, own })
}

/// Gives a member a role and a team.
#[server]
pub async fn update_member(org: String, id: String, #[server(default)] version: String, form: MemberForm) -> Result<(), AppError> {
    use crate::kernel::role::Perm;
    use crate::member::store;
    use crate::server::scope::Scope;

    let mut scope = Scope::require(&org, Perm::OrgManage).await?;
    store::update(&mut scope, &id, &version, form).await?;
    scope.commit(()).await?;
    leptos_axum::redirect(&format!("/orgs/{org}/members?done=saved"));
    Ok(())
}

/// Takes a member out of the organisation.
#[server]
pub async fn remove_member(org: String, id: String) -> Result<(), AppError> {
    use crate::kernel::role::Perm;
    use crate::member::store;
    use crate::server::scope::Scope;

    let mut scope = Scope::require(&org, Perm::OrgManage).await?;
    let own = store::remove(&mut scope, &id).await?;
    scope.commit(()).await?;
    leptos_axum::redirect(&if own { "/".to_owned() } else { format!("/orgs/{org}/members?done=removed") });
    Ok(())
}

/// Takes the caller out of the organisation.
#[server]
pub async fn leave_org(org: String) -> Result<(), AppError> {
    use crate::kernel::role::Perm;
    use crate::member::store;
    use crate::server::scope::Scope;

    let mut scope = Scope::require(&org, Perm::Read).await?;
    store::leave(&mut scope).await?;
    scope.commit(()).await?;
    leptos_axum::redirect("/");
    Ok(())
}

/// The teams that somebody can be invited into.
#[server(input = Json)]
pub async fn list_team_choices(org: String) -> Result<Vec<TeamChoice>, AppError> {
    use crate::kernel::role::Perm;
    use crate::member::store;
    use crate::server::scope::Scope;

    let mut scope = Scope::require(&org, Perm::OrgManage).await?;
    store::team_choices(&mut scope).await
}

/// Invites somebody by e-mail.
#[server]
pub async fn invite_member(org: String, form: InviteForm) -> Result<(), AppError> {
    use crate::kernel::role::Perm;
    use crate::member::store;
    use crate::server::guard::rate::{Costly, spend};
    use crate::server::{request::settings, scope::Scope};

    let fields = form.validate()?;
    let mut scope = Scope::require(&org, Perm::OrgManage).await?;
    spend(Costly::Mail)?;
    let id = store::invite(&mut scope, settings()?.as_ref(), fields).await?;
    scope.commit(()).await?;
    leptos_axum::redirect(&format!("/orgs/{org}/members?invited={id}"));
    Ok(())
}

/// Sends an invitation again, under a new link.
#[server]
pub async fn resend_invitation(org: String, id: String) -> Result<(), AppError> {
    use crate::kernel::role::Perm;
    use crate::member::store;
    use crate::server::guard::rate::{Costly, spend};
    use crate::server::{request::settings, scope::Scope};

    let mut scope = Scope::require(&org, Perm::OrgManage).await?;
    spend(Costly::Mail)?;
    store::resend(&mut scope, settings()?.as_ref(), &id).await?;
    scope.commit(()).await?;
    leptos_axum::redirect(&format!("/orgs/{org}/members?invited={id}"));
    Ok(())
}

/// Makes an invitation's links stop working.
#[server]
pub async fn revoke_invitation(org: String, id: String) -> Result<(), AppError> {
    use crate::kernel::role::Perm;
    use crate::member::store;
    use crate::server::scope::Scope;

    let mut scope = Scope::require(&org, Perm::OrgManage).await?;
    store::revoke(&mut scope, &id).await?;
    scope.commit(()).await?;
    leptos_axum::redirect(&format!("/orgs/{org}/members?done=revoked"));
    Ok(())
}

/// What the holder of an invitation's token is told, and as whom they are signed in.
#[server(input = Json)]
pub async fn get_invitation(token: String) -> Result<InvitationPage, AppError> {
    use crate::member::store;
    use crate::server::scope::{Public, Scope};

    let viewer = match Scope::signed_in().await {
        Err(AppError::Unauthorized) => None,
        person => Some(person?.user().email.clone()),
    };
    let invited = store::by_token(&mut Public::enter().await?, &token).await?;
    Ok(InvitationPage { invited, viewer })
}

/// Accepts an invitation as the person who is signed in, and leads into the organisation.
#[server]
pub async fn accept_invitation(token: String) -> Result<(), AppError> {
    use crate::member::store;
    use crate::server::scope::Scope;

    let mut person = Scope::signed_in().await?;
    let slug = store::accept(&mut person, &token).await?;
    person.commit(()).await?;
    leptos_axum::redirect(&format!("/orgs/{slug}/products"));
    Ok(())
}

/// What somebody can do who has no organisation yet.
#[server(input = Json)]
pub async fn get_arrival() -> Result<Arrival, AppError> {
    use crate::member::store;
    use crate::server::scope::Scope;

    store::arrival(&mut Scope::signed_in().await?).await
}

/// Accepts an invitation that waits for the caller's confirmed address, and leads into the organisation.
#[server]
pub async fn accept_own_invitation(id: String) -> Result<(), AppError> {
    use crate::member::store;
    use crate::server::scope::Scope;

    let mut person = Scope::signed_in().await?;
    let slug = store::accept_own(&mut person, &id).await?;
    person.commit(()).await?;
    leptos_axum::redirect(&format!("/orgs/{slug}/products"));
    Ok(())
}

/// Creates an account for the invited address and accepts with it.
#[server]
pub async fn join_org(token: String, form: JoinForm) -> Result<(), AppError> {
    use crate::account::store::NewPerson;
    use crate::member::store;
    use crate::server::guard::rate::{Costly, spend};
    use crate::server::{scope::Public, session};

    let email = store::open_for(&mut Public::enter().await?, &token).await?;
    let form = form.validate(email)?;
    spend(Costly::SignUp)?;
    spend(Costly::Password)?;
    // Hashing is slow and holds no connection.
    let person = NewPerson::of(form).await?;
    let (session, slug) = store::join(Public::enter().await?, &token, person).await?;
    session::start(&session)?;
    leptos_axum::redirect(&format!("/orgs/{slug}/products"));
    Ok(())
}

/// Ends this session and leads back to the invitation, for somebody else to accept it.
#[server]
pub async fn change_invitee(token: String) -> Result<(), AppError> {
    use crate::account::store;
    use crate::kernel::text::query_value;
    use crate::server::{scope::Scope, session};

    if let Ok(person) = Scope::signed_in().await {
        store::sign_out(person).await?;
    }
    session::end()?;
    leptos_axum::redirect(&format!("/invitations/{}", query_value(&token)));
    Ok(())
}

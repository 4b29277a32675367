//! SQL for invitations.

use sqlx::PgConnection;

use super::live_team;
use crate::account::store::{self as account, NewPerson};
use crate::kernel::error::AppError;
use crate::kernel::role::{Perm, Role};
use crate::member::model::{
    Arrival, INVITATION_DAYS, INVITATIONS_SHOWN, Invitation, InvitationState, InviteFields, Invited, MAILS_TO_ADDRESS, MAILS_UNCONFIRMED,
};
use crate::org::model::domain_only;
use crate::server::id::{hash, new_id, new_token};
use crate::server::mail::{Message, queue_under};
use crate::server::request::Settings;
use crate::server::scope::{Person, Public, Scope};

/// The two tokens of an invitation: what goes by mail proves the address, what is passed on by hand does not.
struct Tokens {
    mailed: String,
    shown: String,
}

impl Tokens {
    fn new() -> Result<Tokens, AppError> {
        Ok(Tokens { mailed: new_token()?, shown: new_token()? })
    }
}

fn link(settings: &Settings, token: &str) -> String {
    format!("{}/invitations/{token}", settings.url)
}

/// The invitations made last, the open ones first.
pub async fn invitations(scope: &mut Scope, settings: &Settings) -> Result<Vec<Invitation>, AppError> {
    let org = scope.organization().id.clone();
    let mut rows: Vec<Invitation> = sqlx::query_as(
        r#"SELECT i.id, i.email, i.role, i."expiresAt", t.name AS "teamName", u.name AS "inviterName",
                  invitation_state(i) AS state, CASE WHEN invitation_state(i) = 'PENDING' THEN i."sealedToken" END AS link
           FROM "Invitation" i
           LEFT JOIN "Team" t ON t.id = i."teamId" AND t."deletedAt" IS NULL
           LEFT JOIN "User" u ON u.id = i."invitedById"
           WHERE i."organizationId" = $1
           ORDER BY i."acceptedAt" IS NULL AND i."revokedAt" IS NULL DESC, i."createdAt" DESC, i.id LIMIT $2"#,
    )
    .bind(org)
    .bind(INVITATIONS_SHOWN)
    .fetch_all(scope.db())
    .await?;
    for row in &mut rows {
        // A token that was sealed under another key cannot be shown any more; resending makes a new one.
        row.link = row.link.take().and_then(|sealed| settings.key.open(&sealed).ok()).map(|token| link(settings, &token));
    }
    Ok(rows)
}

/// Invites somebody; gives the invitation's id. One that has run out for the same address is renewed.
///
/// # Errors
/// A field error for a member's address and for one with a pending invitation, an error of the whole form when the day's mails
/// are used up; `Forbidden` when the caller has stopped being an administrator since the request came in.
pub async fn invite(scope: &mut Scope, settings: &Settings, fields: InviteFields) -> Result<String, AppError> {
    still_manages(scope).await?;
    let (org, user, tokens) = (scope.organization().id.clone(), scope.user().id.clone(), Tokens::new()?);
    if let Some(domain) = only_domain(scope).await?
        && !fields.email.ends_with(&format!("@{domain}"))
    {
        return Err(AppError::field("email", format!("This organisation invites only people with an address at {domain}.")));
    }
    if is_member(scope, &fields.email).await? {
        return Err(AppError::field("email", "This person is a member already."));
    }
    let team = live_team(scope, fields.team).await?;
    let id: Option<String> = sqlx::query_scalar(
        r#"INSERT INTO "Invitation" (id, "organizationId", email, role, "teamId", "invitedById", message,
                                     "tokenHash", "mailedTokenHash", "sealedToken", "expiresAt")
           VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, now() + make_interval(days => $11))
           ON CONFLICT ("organizationId", lower(email)) WHERE "acceptedAt" IS NULL AND "revokedAt" IS NULL
           DO UPDATE SET role = excluded.role, "teamId" = excluded."teamId", "invitedById" = excluded."invitedById",
                         message = excluded.message, "tokenHash" = excluded."tokenHash", "mailedTokenHash" = excluded."mailedTokenHash",
                         "sealedToken" = excluded."sealedToken", "expiresAt" = excluded."expiresAt", "createdAt" = now(),
                         "replacedTokenHashes" = replaced_tokens("Invitation")
           WHERE "Invitation"."expiresAt" <= now() RETURNING id"#,
    )
    .bind(new_id())
    .bind(org)
    .bind(&fields.email)
    .bind(fields.role)
    .bind(team)
    .bind(user)
    .bind(&fields.message)
    .bind(hash(&tokens.shown))
    .bind(hash(&tokens.mailed))
    .bind(settings.key.seal(&tokens.shown)?)
    .bind(INVITATION_DAYS)
    .fetch_optional(scope.db())
    .await?;
    let Some(id) = id else {
        return Err(AppError::field("email", "This address has a pending invitation. Resend or revoke that one."));
    };
    forget_expired(scope).await?;
    send(scope, settings, fields.email, fields.role, fields.message, &tokens.mailed).await?;
    Ok(id)
}

/// Holds on to the caller's role until the transaction ends: whoever takes it away finds this invitation and revokes it.
async fn still_manages(scope: &mut Scope) -> Result<(), AppError> {
    let (org, user) = (scope.organization().id.clone(), scope.user().id.clone());
    let role: Option<Role> = sqlx::query_scalar(r#"SELECT role FROM "Membership" WHERE "organizationId" = $1 AND "userId" = $2 FOR SHARE"#)
        .bind(org)
        .bind(user)
        .fetch_optional(scope.db())
        .await?;
    role.filter(|role| role.can(Perm::OrgManage)).map(|_| ()).ok_or(AppError::Forbidden)
}

/// The domain that invitations are kept to, if they are.
async fn only_domain(scope: &mut Scope) -> Result<Option<String>, AppError> {
    let org = scope.organization().clone();
    if !domain_only(Some(&org.settings)) {
        return Ok(None);
    }
    Ok(sqlx::query_scalar(r#"SELECT domain FROM "Organization" WHERE id = $1"#).bind(org.id).fetch_one(scope.db()).await?)
}

async fn is_member(scope: &mut Scope, email: &str) -> Result<bool, AppError> {
    let org = scope.organization().id.clone();
    Ok(sqlx::query_scalar(
        r#"SELECT EXISTS (SELECT FROM "Membership" m JOIN "User" u ON u.id = m."userId"
                          WHERE m."organizationId" = $1 AND lower(u.email) = $2)"#,
    )
    .bind(org)
    .bind(email)
    .fetch_one(scope.db())
    .await?)
}

/// Links that have run out are not kept; they have not been shown since.
async fn forget_expired(scope: &mut Scope) -> Result<(), AppError> {
    let org = scope.organization().id.clone();
    sqlx::query(
        r#"UPDATE "Invitation" SET "sealedToken" = NULL
           WHERE "organizationId" = $1 AND "sealedToken" IS NOT NULL AND "expiresAt" <= now()"#,
    )
    .bind(org)
    .execute(scope.db())
    .await?;
    Ok(())
}

/// Counts a mail against the day's: anybody can make an account and an organisation, and have us write to a stranger by them.
async fn count_mail(scope: &mut Scope, to: &str) -> Result<(), AppError> {
    let counted: String = sqlx::query_scalar("SELECT count_invitation_mail($1, $2, $3)")
        .bind(to)
        .bind(MAILS_TO_ADDRESS)
        .bind(MAILS_UNCONFIRMED)
        .fetch_one(scope.db())
        .await?;
    let told = match counted.as_str() {
        "FREE" => return Ok(()),
        "ADDRESS" => "This address has been sent enough invitations for a day. Please try again tomorrow.".to_owned(),
        _ => format!(
            "Until you have confirmed your own e-mail address, you can send {MAILS_UNCONFIRMED} invitations a day. The mail with the \
             link to confirm it can be sent again from the page of your account."
        ),
    };
    Err(AppError::field("", told))
}

/// The inviter's own words, marked as theirs: the mail bears our name, and what they write is not ours.
fn quoted(inviter: &str, message: &str) -> String {
    let lines: Vec<String> = message.lines().map(|line| format!("> {line}")).collect();
    format!("{inviter} writes:\n{}", lines.join("\n"))
}

async fn send(
    scope: &mut Scope,
    settings: &Settings,
    to: String,
    role: Role,
    message: Option<String>,
    token: &str,
) -> Result<(), AppError> {
    count_mail(scope, &to).await?;
    let inviter = scope.user().name.clone().unwrap_or_else(|| scope.user().email.clone());
    let organization = scope.organization().name.clone();
    let mut paragraphs = vec![format!("{inviter} invites you to join “{organization}” on ProdMatic. Your role there: {}.", role.label())];
    paragraphs.extend(message.map(|message| quoted(&inviter, &message)));
    paragraphs.push(format!("The link works once, for {INVITATION_DAYS} days. If you did not expect this, you need not do anything."));
    let mail = Message {
        to,
        subject: format!("{inviter} invites you to join “{organization}”"),
        paragraphs,
        button: Some(("Open the invitation".into(), link(settings, token))),
    };
    queue_under(scope.db(), &settings.key, mail).await
}

/// What a change of an invitation needs to know of it.
#[derive(sqlx::FromRow)]
struct Known {
    email: String,
    role: Role,
    message: Option<String>,
    state: InvitationState,
}

/// The invitation, locked until the transaction ends, if it is still open.
///
/// # Errors
/// `Conflict` for one that has been accepted or revoked.
async fn open(scope: &mut Scope, id: &str) -> Result<Known, AppError> {
    let org = scope.organization().id.clone();
    let known: Known = sqlx::query_as(
        r#"SELECT i.email, i.role, i.message, invitation_state(i) AS state FROM "Invitation" i
           WHERE i."organizationId" = $1 AND i.id = $2 FOR UPDATE"#,
    )
    .bind(org)
    .bind(id)
    .fetch_one(scope.db())
    .await?;
    if known.state.is_open() { Ok(known) } else { Err(AppError::Conflict(known.state.reason().into())) }
}

/// Sends the invitation again under new tokens, for another seven days; the earlier links stop working.
pub async fn resend(scope: &mut Scope, settings: &Settings, id: &str) -> Result<(), AppError> {
    let known = open(scope, id).await?;
    let tokens = Tokens::new()?;
    let org = scope.organization().id.clone();
    sqlx::query(
        r#"UPDATE "Invitation" SET "tokenHash" = $3, "mailedTokenHash" = $4, "sealedToken" = $5, "expiresAt" = now() + make_interval(days => $6),
                  "replacedTokenHashes" = replaced_tokens("Invitation")
           WHERE "organizationId" = $1 AND id = $2"#,
    )
    .bind(org)
    .bind(id)
    .bind(hash(&tokens.shown))
    .bind(hash(&tokens.mailed))
    .bind(settings.key.seal(&tokens.shown)?)
    .bind(INVITATION_DAYS)
    .execute(scope.db())
    .await?;
    send(scope, settings, known.email, known.role, known.message, &tokens.mailed).await
}

/// Makes the invitation's links stop working for good.
pub async fn revoke(scope: &mut Scope, id: &str) -> Result<(), AppError> {
    open(scope, id).await?;
    let org = scope.organization().id.clone();
    sqlx::query(r#"UPDATE "Invitation" SET "revokedAt" = now(), "sealedToken" = NULL WHERE "organizationId" = $1 AND id = $2"#)
        .bind(org)
        .bind(id)
        .execute(scope.db())
        .await?;
    Ok(())
}

/// The invitation that a token leads to, whatever has become of it.
pub async fn by_token(public: &mut Public, token: &str) -> Result<Option<Invited>, AppError> {
    Ok(sqlx::query_as("SELECT * FROM invitation_by_token($1)").bind(hash(token)).fetch_optional(public.db()).await?)
}

/// The address that may sign up with this token.
///
/// # Errors
/// `NotFound` for an unknown token, `Conflict` for an invitation that cannot be accepted any more.
pub async fn open_for(public: &mut Public, token: &str) -> Result<String, AppError> {
    let invited = by_token(public, token).await?.ok_or(AppError::NotFound)?;
    match invited.state {
        InvitationState::Pending => Ok(invited.email),
        state => Err(AppError::Conflict(state.reason().into())),
    }
}

/// Makes the person a member; gives the organisation's slug.
///
/// # Errors
/// `NotFound` for an unknown token; `Conflict` for one that cannot be accepted any more, or not by this person.
pub async fn accept(person: &mut Person, token: &str) -> Result<String, AppError> {
    let user = person.user().id.clone();
    accepted_by(person.db(), token, &user).await
}

async fn accepted_by(db: &mut PgConnection, token: &str, user: &str) -> Result<String, AppError> {
    let (state, slug): (InvitationState, Option<String>) =
        sqlx::query_as("SELECT * FROM accept_invitation($1, $2, $3)").bind(hash(token)).bind(user).bind(new_id()).fetch_one(db).await?;
    slug.ok_or_else(|| match state {
        InvitationState::Pending => AppError::Conflict("This invitation is for another e-mail address than yours.".into()),
        state => AppError::Conflict(state.reason().into()),
    })
}

/// Creates the person, makes them a member and signs them in, all or nothing; gives the session's token and the
/// organisation's slug.
///
/// # Errors
/// As for `accept`, and an error of the whole form when the address has an account by now.
pub async fn join(mut public: Public, token: &str, person: NewPerson) -> Result<(String, String), AppError> {
    let caller = public.caller.clone();
    sqlx::query("SELECT set_config('app.ip_address', $1, true), set_config('app.user_agent', $2, true)")
        .bind(caller.ip_address)
        .bind(caller.user_agent)
        .execute(public.db())
        .await?;
    let user = account::create(public.db(), person).await.map_err(|error| match error.of_field("email") {
        Some(message) => AppError::field("", message),
        None => error,
    })?;
    let slug = accepted_by(public.db(), token, &user).await?;
    let session = account::start_session(&mut public, &user).await?;
    public.commit((session, slug)).await
}

/// What somebody who has no organisation yet can do: their address, whether it is confirmed, and what waits for it.
pub async fn arrival(person: &mut Person) -> Result<Arrival, AppError> {
    let user = person.user().id.clone();
    let (email, confirmed): (String, bool) =
        sqlx::query_as(r#"SELECT email, "emailVerified" IS NOT NULL FROM "User" WHERE id = $1"#).bind(user).fetch_one(person.db()).await?;
    let waiting = sqlx::query_as("SELECT * FROM own_invitations()").fetch_all(person.db()).await?;
    Ok(Arrival { email, confirmed, waiting })
}

/// Accepts an invitation that waits for the person's confirmed address; gives the organisation's slug.
///
/// # Errors
/// `NotFound` for one that is not theirs, or not open any more.
pub async fn accept_own(person: &mut Person, id: &str) -> Result<String, AppError> {
    let slug: Option<String> =
        sqlx::query_scalar("SELECT accept_own_invitation($1, $2)").bind(id).bind(new_id()).fetch_one(person.db()).await?;
    slug.ok_or(AppError::NotFound)
}

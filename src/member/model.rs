//! What a member and an invitation are.

use serde::{Deserialize, Serialize};

use crate::account::model::{SignUpForm, own_picture};
use crate::kernel::error::{AppError, Checks};
use crate::kernel::role::Role;
use crate::kernel::text;
use crate::kernel::time::Timestamp;
use crate::kernel::version::{Edited, Shown, shown};
use crate::team::model::TeamChoice;

/// Members on a page of the list.
pub const MEMBERS_SHOWN: i64 = 100;
/// Invitations that the list shows: those made last, the open ones first.
pub const INVITATIONS_SHOWN: i64 = 100;
/// Days for which an invitation can be accepted.
pub const INVITATION_DAYS: i32 = 7;
/// Invitations that are mailed to one address within a day, by whichever organisations.
pub const MAILS_TO_ADDRESS: i32 = 3;
/// Invitations that somebody mails within a day who has not confirmed their own address.
pub const MAILS_UNCONFIRMED: i32 = 5;
/// Characters that an invitation's message has at most.
pub const MESSAGE_MAX: usize = 2000;

/// A person's place in an organisation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(sqlx::FromRow, utoipa::ToSchema), sqlx(rename_all = "camelCase"))]
#[serde(rename_all = "camelCase")]
pub struct Member {
    /// The membership's id, not the person's.
    pub id: String,
    pub user_id: String,
    pub name: Option<String>,
    /// What they do, in their own words.
    pub title: Option<String>,
    /// Path of their picture.
    pub image: Option<String>,
    /// Only for those who manage the organisation.
    pub email: Option<String>,
    pub role: Role,
    pub team_id: Option<String>,
    pub team_name: Option<String>,
    pub team_slug: Option<String>,
    pub created_at: Timestamp,
}

/// A member behind whom a page starts: the membership's id, and how the name began, should it have ended meanwhile.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct After {
    pub id: String,
    pub name: String,
}

impl After {
    /// Bytes of a name that are kept; the word has to fit into a cursor.
    const BYTES: usize = 24;

    /// Behind this member.
    pub fn of(member: &Member) -> After {
        let name = member.name.as_deref().unwrap_or_default().to_lowercase();
        let end = (0..=Self::BYTES.min(name.len())).rev().find(|end| name.is_char_boundary(*end)).unwrap_or_default();
        After { id: member.id.clone(), name: name[..end].to_owned() }
    }

    /// As one word for an address.
    pub fn encode(&self) -> String {
        let hex: String = self.name.bytes().map(|byte| format!("{byte:02x}")).collect();
        format!("{}_{hex}", self.id)
    }

    /// Reads what `encode` wrote; anything else is none.
    pub fn decode(word: &str) -> Option<After> {
        let (id, hex) = word.split_once('_')?;
        if id.is_empty() || !id.chars().all(|c| c.is_ascii_alphanumeric()) || hex.len() % 2 != 0 {
            return None;
        }
        let pair = |pair: &[u8]| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok();
        let bytes: Vec<u8> = hex.as_bytes().chunks(2).map(pair).collect::<Option<_>>()?;
        let name = String::from_utf8(bytes).ok().filter(|name| !name.contains('\0'))?;
        Some(After { id: id.to_owned(), name })
    }
}

impl Member {
    /// The name to show.
    pub fn shown(&self) -> &str {
        let name = self.name.as_deref().filter(|name| !name.trim().is_empty());
        name.or(self.email.as_deref()).unwrap_or("Unnamed member")
    }

    /// The picture to show.
    pub fn picture(&self) -> Option<String> {
        own_picture(self.image.as_deref())
    }
}

/// The list of members, with the invitations for those who manage them.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct MemberList {
    pub role: Role,
    pub members: Vec<Member>,
    /// The member behind whom the next page starts, if there is one, as a word for an address.
    pub next: Option<String>,
    pub invitations: Vec<Invitation>,
}

/// What is needed to change one member.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct MemberPage {
    pub member: Member,
    pub teams: Vec<TeamChoice>,
    /// Whether the member is the one who looks.
    pub own: bool,
}

/// What is chosen for a member.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct MemberForm {
    pub role: Role,
    /// The team's id; empty for none.
    #[serde(default)]
    pub team: String,
}

impl From<&Member> for MemberForm {
    fn from(member: &Member) -> Self {
        MemberForm { role: member.role, team: member.team_id.clone().unwrap_or_default() }
    }
}

impl Edited for MemberForm {
    fn shown(&self) -> Vec<Shown> {
        vec![shown("role", "Role", self.role.word()), shown("team", "Team", self.team.as_str())]
    }
}

/// What has become of an invitation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[cfg_attr(
    feature = "ssr",
    derive(sqlx::Type, utoipa::ToSchema),
    sqlx(type_name = "\"InvitationState\"", rename_all = "SCREAMING_SNAKE_CASE")
)]
pub enum InvitationState {
    Pending,
    Expired,
    Accepted,
    Revoked,
    /// The organisation has been deleted.
    Closed,
    /// Of a link: a newer one has been sent.
    Replaced,
}

impl InvitationState {
    /// The state's name on the screen.
    pub fn label(self) -> &'static str {
        self.texts().1
    }

    /// The state's name in the database and on the wire.
    pub fn word(self) -> &'static str {
        self.texts().0
    }

    /// Why the invitation leads nowhere, to its holder; empty while it can be accepted.
    pub fn reason(self) -> &'static str {
        self.texts().2
    }

    /// Whether a new link may be sent.
    pub fn is_open(self) -> bool {
        matches!(self, InvitationState::Pending | InvitationState::Expired)
    }

    fn texts(self) -> (&'static str, &'static str, &'static str) {
        match self {
            InvitationState::Pending => ("PENDING", "Pending", ""),
            InvitationState::Expired => ("EXPIRED", "Expired", "This invitation has expired. Ask for a new one."),
            InvitationState::Accepted => ("ACCEPTED", "Accepted", "This invitation has been used. It works only once."),
            InvitationState::Revoked => ("REVOKED", "Revoked", "This invitation has been revoked."),
            InvitationState::Replaced => {
                ("REPLACED", "Replaced", "A newer link has taken the place of this one. Look for the latest mail, or ask for the new link.")
            }
            InvitationState::Closed => ("CLOSED", "Closed", "The organisation that sent this invitation is no longer there."),
        }
    }
}

/// An invitation as those see it who manage the organisation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(sqlx::FromRow, utoipa::ToSchema), sqlx(rename_all = "camelCase"))]
#[serde(rename_all = "camelCase")]
pub struct Invitation {
    pub id: String,
    pub email: String,
    pub role: Role,
    pub team_name: Option<String>,
    pub inviter_name: Option<String>,
    pub state: InvitationState,
    pub expires_at: Timestamp,
    /// The address to pass on by hand, while the invitation can be accepted.
    pub link: Option<String>,
}

/// What is filled in to invite somebody.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct InviteForm {
    #[serde(default)]
    pub email: String,
    pub role: Role,
    /// The team's id; empty for none.
    #[serde(default)]
    pub team: String,
    #[serde(default)]
    pub message: String,
}

/// An invitation's fields, checked.
#[derive(Debug, Clone)]
pub struct InviteFields {
    pub email: String,
    pub role: Role,
    pub team: Option<String>,
    pub message: Option<String>,
}

/// The id in a field of a form; empty for none.
pub fn chosen(id: String) -> Option<String> {
    (!id.is_empty()).then_some(id)
}

impl InviteForm {
    /// The fields in stored shape, or what is wrong with the form.
    pub fn validate(self) -> Result<InviteFields, AppError> {
        let mut checks = Checks::default();
        let fields = InviteFields {
            email: checks.take("email", text::email(&self.email)),
            role: self.role,
            team: chosen(self.team),
            message: checks.take("message", text::optional(&self.message, MESSAGE_MAX)),
        };
        checks.finish(fields)
    }
}

/// An invitation as the holder of its token sees it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(sqlx::FromRow))]
pub struct Invited {
    pub email: String,
    pub role: Role,
    pub message: Option<String>,
    pub state: InvitationState,
    pub organization_name: String,
    pub team_name: Option<String>,
    pub inviter_name: Option<String>,
    /// Whether somebody has an account with this address; told to the holder of the mailed token alone.
    pub has_account: bool,
}

/// The page of an invitation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct InvitationPage {
    /// Nothing for a token that belongs to no invitation.
    pub invited: Option<Invited>,
    /// The e-mail address of whoever is signed in.
    pub viewer: Option<String>,
}

/// An invitation to whoever is signed in, by their address.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(sqlx::FromRow))]
pub struct Waiting {
    pub id: String,
    pub organization_name: String,
    pub inviter_name: Option<String>,
    pub role: Role,
}

/// What somebody can do who has no organisation yet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Arrival {
    pub email: String,
    /// Whether they have shown that the address is theirs. Until then nothing is said of what waits for it.
    pub confirmed: bool,
    pub waiting: Vec<Waiting>,
}

/// Whether two e-mail addresses are the same but for case.
pub fn same_address(one: &str, other: &str) -> bool {
    one.to_lowercase() == other.to_lowercase()
}

/// What a new person fills in to accept an invitation; the address is the invitation's.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct JoinForm {
    pub name: String,
    pub password: String,
}

impl JoinForm {
    /// The form of a new person with the address that was invited, or what is wrong with it.
    pub fn validate(self, email: String) -> Result<SignUpForm, AppError> {
        SignUpForm { name: self.name, email, password: self.password }.validate()
    }
}

#[cfg(test)]
mod rules {
    use super::*;

    fn form(email: &str, message: &str) -> InviteForm {
        InviteForm { email: email.into(), role: Role::Designer, team: String::new(), message: message.into() }
    }

    #[test]
    fn an_invitation_is_for_an_address() {
        let fields = form(" New@Example.com ", " ").validate().unwrap();
        assert_eq!((fields.email.as_str(), fields.team, fields.message), ("new@example.com", None, None));
        let error = form("nobody", &"x".repeat(MESSAGE_MAX + 1)).validate().unwrap_err();
        assert!(error.of_field("email").is_some() && error.of_field("message").is_some());
    }

    #[test]
    fn addresses_are_compared_without_case() {
        assert!(same_address("Ada@Example.com", "ada@example.COM"));
        assert!(!same_address("ada@example.com", "adam@example.com"));
    }

    #[test]
    fn a_member_without_a_name_has_no_address_for_everybody() {
        let mut member = Member {
            id: "m".into(),
            user_id: "u".into(),
            name: Some(" ".into()),
            title: None,
            image: Some("https://tracker.example/a.png".into()),
            email: Some("ada@example.com".into()),
            role: Role::Admin,
            team_id: None,
            team_name: None,
            team_slug: None,
            created_at: Timestamp::default(),
        };
        assert_eq!(member.shown(), "ada@example.com");
        member.email = None;
        assert_eq!((member.shown(), member.picture()), ("Unnamed member", None));
    }

    #[test]
    fn only_what_cannot_be_accepted_has_a_reason() {
        for state in [
            InvitationState::Expired,
            InvitationState::Accepted,
            InvitationState::Revoked,
            InvitationState::Closed,
            InvitationState::Replaced,
        ] {
            assert!(!state.reason().is_empty(), "{}", state.word());
        }
        assert!(InvitationState::Pending.reason().is_empty() && InvitationState::Pending.is_open());
    }
}

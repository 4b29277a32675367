//! What a token is.

use serde::{Deserialize, Serialize};

use crate::kernel::error::{AppError, Checks};
use crate::kernel::named::Named;
use crate::kernel::role::TokenScope;
use crate::kernel::text;
use crate::kernel::time::Timestamp;

/// Characters that a token's name has at most.
pub const NAME_MAX: usize = 60;
/// Products that a token names at most; past them it is one for all.
pub const PRODUCTS_MAX: usize = 50;
/// What every token begins with, so that one that got out is recognised.
pub const PREFIX: &str = "pm_";
/// Characters by which a token is told from others once it is no longer shown, the prefix among them.
pub const BEGINNING: usize = 9;

/// For how many days a token can be made; none is for good.
pub const LIVES: [(&str, &str); 4] = [("90", "90 days"), ("30", "30 days"), ("365", "A year"), ("never", "No end")];

/// A key by which a program does what its owner may do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(sqlx::FromRow, utoipa::ToSchema), sqlx(rename_all = "camelCase"))]
#[serde(rename_all = "camelCase")]
pub struct Token {
    pub id: String,
    pub name: String,
    /// How it begins. The whole of it is shown once and stored nowhere.
    pub beginning: String,
    pub scope: TokenScope,
    /// The names of the live products that it is for, in their order; `productIds` of `/me` are ids, and the command line takes keys.
    pub products: Vec<String>,
    /// Whether it is for those products alone.
    pub limited: bool,
    pub user_id: String,
    pub user_name: Option<String>,
    pub expires_at: Option<Timestamp>,
    /// Whether that time is over.
    pub expired: bool,
    /// To the minute.
    pub last_used_at: Option<Timestamp>,
    pub revoked_at: Option<Timestamp>,
    pub created_at: Timestamp,
}

impl Token {
    /// Whether it opens anything.
    pub fn is_open(&self) -> bool {
        !self.expired && self.revoked_at.is_none()
    }

    /// What has become of it: a word for styles, and one for people.
    pub fn state(&self) -> (&'static str, &'static str) {
        match (self.revoked_at, self.expired) {
            (Some(_), _) => ("REVOKED", "Revoked"),
            (None, true) => ("EXPIRED", "Expired"),
            (None, false) => ("ACTIVE", "Active"),
        }
    }
}

/// What is filled in to make a token.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct TokenForm {
    pub name: String,
    /// The word of a `TokenScope`.
    pub scope: String,
    /// Products by id; none for all.
    pub products: Vec<String>,
    /// One of `LIVES`.
    pub expires: String,
}

/// A token's fields, checked.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TokenFields {
    pub name: String,
    pub scope: TokenScope,
    pub products: Vec<String>,
    /// Days until it ends.
    pub days: Option<i32>,
}

impl TokenForm {
    /// The fields in stored shape, or what is wrong with the form.
    pub fn validate(mut self) -> Result<TokenFields, AppError> {
        let mut checks = Checks::default();
        self.products.retain(|id| !id.is_empty());
        self.products.sort();
        self.products.dedup();
        let many = match self.products.len() > PRODUCTS_MAX {
            true => Err(format!("Choose at most {PRODUCTS_MAX} products, or none for all of them.")),
            false => Ok(()),
        };
        checks.take("products", many);
        let scope = TokenScope::parse(&self.scope).ok_or_else(|| "Choose what the token may do: read, write or admin.".to_owned());
        if scope == Ok(TokenScope::Admin) && !self.products.is_empty() {
            checks.take::<()>("scope", Err("A token for some products cannot administer the organisation.".into()));
        }
        let life = match LIVES.iter().find(|(word, _)| *word == self.expires) {
            Some((word, _)) => Ok(word.parse().ok()),
            None => Err("Choose in how many days the token ends: 30, 90, 365 or never.".to_owned()),
        };
        let fields = TokenFields {
            name: checks.take("name", text::line(&self.name, "a name", NAME_MAX)),
            scope: checks.take("scope", scope),
            products: self.products,
            days: checks.take("expires", life),
        };
        checks.finish(fields)
    }
}

/// A token that has just been made: its name, and itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MadeToken {
    pub name: String,
    pub secret: String,
}

/// The page of an organisation's tokens.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TokenPage {
    /// The newest first.
    pub tokens: Vec<Token>,
    /// The live products that a token can be kept to.
    pub products: Vec<Named>,
    /// The one that was just made, to be shown this once.
    pub made: Option<MadeToken>,
}

#[cfg(test)]
mod rules {
    use super::*;

    fn form(scope: &str, products: &[&str], expires: &str) -> TokenForm {
        let products = products.iter().map(|id| (*id).to_owned()).collect();
        TokenForm { name: " CI ".into(), scope: scope.into(), products, expires: expires.into() }
    }

    #[test]
    fn a_token_has_a_name_a_scope_and_an_end() {
        let fields = form("WRITE", &["b", "a", "b", ""], "90").validate().unwrap();
        assert_eq!((fields.name.as_str(), fields.scope, fields.days), ("CI", TokenScope::Write, Some(90)));
        assert_eq!(fields.products, ["a", "b"]);
        assert_eq!(form("READ", &[], "never").validate().unwrap().days, None);
        let error = TokenForm::default().validate().unwrap_err();
        for field in ["name", "scope", "expires"] {
            assert!(error.of_field(field).is_some(), "{field}");
        }
        assert!(form("ADMIN", &["a"], "30").validate().unwrap_err().of_field("scope").is_some());
        let unknown = form("EVERYTHING", &[], "31").validate().unwrap_err();
        for (word, _) in LIVES {
            assert!(unknown.of_field("expires").unwrap().contains(word), "{word}");
        }
        for scope in TokenScope::ALL {
            assert!(unknown.of_field("scope").unwrap().contains(&scope.word().to_lowercase()), "{scope:?}");
        }
    }
}

//! An import: a file that was sent, and what has become of it.

use serde::{Deserialize, Serialize};

use super::{Kind, Mapping, Report, Source};
use crate::kernel::role::{Perm, Role};
use crate::kernel::time::Timestamp;
use crate::product::model::ProductName;

/// Where an import stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[cfg_attr(
    feature = "ssr",
    derive(sqlx::Type, utoipa::ToSchema),
    sqlx(type_name = "\"ImportStatus\"", rename_all = "SCREAMING_SNAKE_CASE")
)]
pub enum ImportStatus {
    /// Its file has not arrived whole.
    Uploading,
    /// Its file is there; nothing has been taken in.
    Ready,
    /// It is being read.
    Running,
    Done,
    /// It was tried, and nothing was taken in.
    Failed,
}

impl ImportStatus {
    /// Its name on the screen.
    pub fn label(self) -> &'static str {
        match self {
            ImportStatus::Uploading => "Not sent whole",
            ImportStatus::Ready => "Not begun",
            ImportStatus::Running => "Under way",
            ImportStatus::Done => "Done",
            ImportStatus::Failed => "Nothing imported",
        }
    }

    /// Its name in the database and on the wire.
    pub fn word(self) -> &'static str {
        match self {
            ImportStatus::Uploading => "UPLOADING",
            ImportStatus::Ready => "READY",
            ImportStatus::Running => "RUNNING",
            ImportStatus::Done => "DONE",
            ImportStatus::Failed => "FAILED",
        }
    }
}

/// An import.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(sqlx::FromRow), sqlx(rename_all = "camelCase"))]
#[serde(rename_all = "camelCase")]
pub struct Import {
    pub id: String,
    pub kind: Kind,
    pub source: Source,
    pub file_name: String,
    /// What separates the cells: a comma, a semicolon or a tab.
    pub delimiter: String,
    pub headings: Vec<String>,
    #[cfg_attr(feature = "ssr", sqlx(json))]
    pub mapping: Mapping,
    /// Whether a status, type or priority that is not known becomes the default.
    pub defaults: bool,
    /// The file's size.
    pub bytes: i64,
    /// Its rows without the headings.
    pub rows: i64,
    pub status: ImportStatus,
    /// Whether it is, or was last, only being checked.
    pub dry: bool,
    /// How often it was begun; what is done under an earlier number does not count.
    pub run: i32,
    /// Rows that the run is done with.
    pub rows_done: i64,
    #[cfg_attr(feature = "ssr", sqlx(json(nullable)))]
    pub report: Option<Report>,
    pub created_at: Timestamp,
    /// Whether the process that reads it has said so lately.
    pub alive: bool,
    /// Whether its file is still kept.
    pub kept: bool,
}

impl Import {
    /// Whether its process has ended half-way.
    pub fn is_dead(&self) -> bool {
        self.status == ImportStatus::Running && !self.alive
    }

    /// Whether it can be mapped, checked and begun.
    pub fn can_begin(&self) -> bool {
        self.kept && (matches!(self.status, ImportStatus::Ready | ImportStatus::Failed) || self.is_dead())
    }
}

/// An import in a list.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(sqlx::FromRow, utoipa::ToSchema), sqlx(rename_all = "camelCase"))]
#[serde(rename_all = "camelCase")]
pub struct ImportLine {
    pub id: String,
    pub kind: Kind,
    pub file_name: String,
    pub rows: i64,
    pub status: ImportStatus,
    pub created_at: Timestamp,
    /// Who sent it, if they are still here.
    pub author: Option<String>,
}

/// The page from which tables come and go.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TransferPage {
    pub role: Role,
    pub product: ProductName,
    /// The newest imports of the kinds that the caller may take in.
    pub imports: Vec<ImportLine>,
}

impl TransferPage {
    /// What one has to be allowed to see it: the least that any kind needs.
    pub const PERM: Perm = Perm::WorkWrite;
}

/// The page of one import.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ImportPage {
    pub product: ProductName,
    pub import: Import,
    pub preview: Preview,
}

/// The first rows as they would become.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Preview {
    /// The labels of the fields that have a column.
    pub fields: Vec<String>,
    pub rows: Vec<PreviewRow>,
}

/// A row as it would become.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PreviewRow {
    pub line: i64,
    pub cells: Vec<PreviewCell>,
    /// What is wrong with the row as a whole.
    pub wrong: Option<String>,
}

/// A value as it would become, or what is wrong with it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PreviewCell {
    pub text: String,
    pub wrong: bool,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whoever_may_take_anything_in_sees_the_page() {
        for role in Role::ALL {
            assert_eq!(role.can(TransferPage::PERM), !Kind::of_role(role).is_empty(), "{role:?}");
            assert!(!role.can(Perm::ProductWrite) || role.can(TransferPage::PERM), "{role:?} may export");
        }
    }
}

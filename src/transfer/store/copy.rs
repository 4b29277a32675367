//! Many rows at once: by COPY into a table of the transaction's own, since Postgres takes no COPY straight into one with row
//! security, and from there by INSERT, which asks every rule and tells every trigger.

use crate::kernel::error::AppError;
use crate::server::id::new_id;
use crate::server::scope::Scope;
use crate::transfer::model::{Kind, Value};

/// Rows, and bytes, that are taken in at a time.
const ROWS: usize = 5_000;
const BYTES: usize = 4 << 20;

const COPY: &str = "COPY pg_temp.incoming FROM STDIN";

/// The statements of a kind: the columns are those of `Kind::fields`, in their order. What a trigger would work out row by row
/// is given where it is known.
struct Statements {
    create: &'static str,
    /// Parameters: tenant, product, person, and what added to a row's `n` is its number.
    insert: &'static str,
}

fn statements(kind: Kind) -> Statements {
    match kind {
        Kind::Ideas => Statements {
            create: r#"CREATE TEMPORARY TABLE incoming (n bigint, id text, title text, description text, status "IdeaStatus", tags text[],
                priority integer, effort integer, impact integer, confidence integer, reach integer, "businessValue" integer,
                "timeCriticality" integer, "riskReduction" integer, "jobSize" integer, "createdAt" timestamptz) ON COMMIT DROP"#,
            insert: r#"INSERT INTO "Idea" (id, "organizationId", "productId", "creatorId", title, description, status, tags, priority, effort,
                    impact, confidence, reach, "businessValue", "timeCriticality", "riskReduction", "jobSize", "createdAt", "boardColumn", number)
                SELECT id, $1, $2, $3, title, description, status, tags, priority, effort, impact, confidence, reach, "businessValue",
                    "timeCriticality", "riskReduction", "jobSize", coalesce("createdAt", now()), status::text, $4 + n FROM pg_temp.incoming ORDER BY n"#,
        },
        Kind::Feedback => Statements {
            create: r#"CREATE TEMPORARY TABLE incoming (n bigint, id text, title text, description text, type "FeedbackType",
                status "FeedbackStatus", priority "Priority", source text, "userEmail" text, "createdAt" timestamptz) ON COMMIT DROP"#,
            insert: r#"INSERT INTO "Feedback" (id, "organizationId", "productId", title, description, type, status, priority, source,
                    "userEmail", "createdAt", number)
                SELECT id, $1, $2, title, description, type, status, priority, source, "userEmail", coalesce("createdAt", now()), $4 + n
                  FROM pg_temp.incoming WHERE $3::text IS NOT NULL ORDER BY n"#,
        },
        Kind::Features => Statements {
            create: r#"CREATE TEMPORARY TABLE incoming (n bigint, id text, title text, description text, status "FeatureStatus",
                priority "Priority", "storyPoints" integer, "acceptanceCriteria" text, "createdAt" timestamptz) ON COMMIT DROP"#,
            insert: r#"INSERT INTO "Feature" (id, "organizationId", "productId", title, description, status, priority, "storyPoints",
                    "acceptanceCriteria", "createdAt", "boardColumn", number)
                SELECT id, $1, $2, title, description, status, priority, "storyPoints", "acceptanceCriteria", coalesce("createdAt", now()),
                    status::text, $4 + n
                  FROM pg_temp.incoming WHERE $3::text IS NOT NULL ORDER BY n"#,
        },
        Kind::Tasks => Statements {
            create: r#"CREATE TEMPORARY TABLE incoming (n bigint, id text, title text, description text, status "TaskStatus",
                priority "Priority", "dueDate" timestamptz, "assigneeId" text, "createdAt" timestamptz) ON COMMIT DROP"#,
            insert: r#"INSERT INTO "Task" (id, "organizationId", "productId", title, description, status, priority, "dueDate", "assigneeId",
                    "createdAt", "boardColumn", number)
                SELECT id, $1, $2, title, description, status, priority, "dueDate", "assigneeId", coalesce("createdAt", now()), status::text,
                    $4 + n
                  FROM pg_temp.incoming WHERE $3::text IS NOT NULL ORDER BY n"#,
        },
    }
}

/// Rows on their way in.
pub struct Incoming {
    kind: Kind,
    /// The rows as COPY reads them.
    lines: Vec<u8>,
    waiting: usize,
    /// The number of the last row.
    last: u64,
    /// What the new ids begin with: the time at which this began.
    stem: String,
}

impl Incoming {
    /// Makes room for rows of a kind, until the transaction ends.
    pub async fn open(scope: &mut Scope, kind: Kind) -> Result<Incoming, AppError> {
        // Its name may have meant another table before.
        sqlx::query(statements(kind).create).persistent(false).execute(scope.db()).await?;
        let stem = new_id().chars().take(9).collect();
        Ok(Incoming { kind, lines: Vec::new(), waiting: 0, last: 0, stem })
    }

    /// Adds a row, with a value for each field of its kind.
    pub fn add(&mut self, values: &[Value]) {
        self.last += 1;
        self.waiting += 1;
        let id = self.id();
        self.lines.extend_from_slice(self.last.to_string().as_bytes());
        self.lines.push(b'\t');
        self.lines.extend_from_slice(id.as_bytes());
        for value in values {
            self.lines.push(b'\t');
            write(&mut self.lines, value);
        }
        self.lines.push(b'\n');
    }

    /// An id in the shape of the others whose order is that of the rows: time, number in base 36, chance.
    fn id(&self) -> String {
        let (mut digits, mut rest) = ([b'0'; 8], self.last);
        for digit in digits.iter_mut().rev() {
            let value = (rest % 36) as u8;
            *digit = if value < 10 { b'0' + value } else { b'a' + value - 10 };
            rest /= 36;
        }
        let number: String = digits.into_iter().map(char::from).collect();
        let chance: String = new_id().chars().skip(17).collect();
        format!("{}{number}{chance}", self.stem)
    }

    /// Whether so many rows wait that they are worth taking in.
    pub fn is_full(&self) -> bool {
        self.waiting >= ROWS || self.lines.len() >= BYTES
    }

    /// How many rows wait.
    pub fn waiting(&self) -> usize {
        self.waiting
    }

    /// Takes in what waits, the last of it with this number; gives how many rows that were.
    pub async fn flush(&mut self, scope: &mut Scope, product_id: &str, number: i32) -> Result<i64, AppError> {
        let waiting = std::mem::take(&mut self.waiting);
        if waiting == 0 {
            return Ok(0);
        }
        let (org, user) = (scope.organization().id.clone(), scope.user().id.clone());
        let mut copy = scope.db().copy_in_raw(COPY).await?;
        copy.send(self.lines.as_slice()).await?;
        copy.finish().await?;
        self.lines.clear();
        sqlx::query("SELECT set_config('app.numbers_given', 'on', true)").execute(scope.db()).await?;
        let insert = sqlx::query(statements(self.kind).insert).persistent(false).bind(org).bind(product_id).bind(user);
        insert.bind(i64::from(number) - self.last as i64).execute(scope.db()).await?;
        sqlx::query("TRUNCATE pg_temp.incoming").persistent(false).execute(scope.db()).await?;
        Ok(waiting as i64)
    }
}

/// A value in COPY's text format.
fn write(line: &mut Vec<u8>, value: &Value) {
    match value {
        Value::Nothing => line.extend_from_slice(b"\\N"),
        Value::Text(text) => escape(line, text),
        Value::At(at) => line.extend_from_slice(at.to_rfc3339().as_bytes()),
        Value::List(items) => {
            let items: Vec<String> = items.iter().map(|item| format!("\"{}\"", item.replace('\\', "\\\\").replace('"', "\\\""))).collect();
            escape(line, &format!("{{{}}}", items.join(",")));
        }
    }
}

fn escape(line: &mut Vec<u8>, text: &str) {
    for byte in text.bytes() {
        match byte {
            b'\\' => line.extend_from_slice(b"\\\\"),
            b'\n' => line.extend_from_slice(b"\\n"),
            b'\r' => line.extend_from_slice(b"\\r"),
            b'\t' => line.extend_from_slice(b"\\t"),
            byte => line.push(byte),
        }
    }
}

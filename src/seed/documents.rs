//! The demo's documents: one in each status and of each type, with their versions, reviews and comments.

use crate::kernel::error::AppError;
use crate::server::id::new_id;
use crate::server::scope::System;

/// A document of the demo. Each earlier version is the text with something else in it: what stood there, what stands there
/// now, and the note on the change.
struct DemoDocument {
    title: &'static str,
    kind: &'static str,
    /// Of the demo product, or of the organisation itself.
    of_product: bool,
    author: &'static str,
    content: &'static str,
    changes: &'static [(&'static str, &'static str, &'static str)],
    /// Each step of its review: where it went, by whom, and why.
    reviews: &'static [(&'static str, &'static str, &'static str)],
}

const PM: &str = "pm@demo.test";
const DEV: &str = "dev@demo.test";
const ADMIN: &str = "admin@demo.test";
const DESIGNER: &str = "designer@demo.test";

const DOCUMENTS: [DemoDocument; 6] = [
    DemoDocument {
        title: "Working on a phone",
        kind: "PRD",
        of_product: true,
        author: PM,
        content: include_str!("documents/prd.md"),
        changes: &[
            ("one hand", "a phone", "First draft"),
            ("**from 12 % to 30 %** within a quarter", "**twice as many** within a year", "Numbers from analytics"),
            (
                "- [x] Does scoring work with a slider? Yes, tried with five people.",
                "- [ ] Does scoring work with a slider?",
                "After the tests",
            ),
        ],
        reviews: &[
            ("REVIEW", PM, ""),
            ("DRAFT", ADMIN, "The target needs a number and a date. How many people use a phone today?"),
            ("REVIEW", PM, ""),
        ],
    },
    DemoDocument {
        title: "Webhooks that are tried again",
        kind: "RFC",
        of_product: true,
        author: DEV,
        content: include_str!("documents/rfc.md"),
        changes: &[("after 1, 5 and 30 minutes, then hourly for a day", "every minute for an hour", "As Priya suggested")],
        reviews: &[],
    },
    DemoDocument {
        title: "Columns of an import",
        kind: "SPEC",
        of_product: true,
        author: DEV,
        content: include_str!("documents/spec.md"),
        changes: &[("**nothing** is imported", "the row is left out", "Nothing by halves")],
        reviews: &[("REVIEW", DEV, ""), ("APPROVED", PM, "")],
    },
    DemoDocument {
        title: "Writing a changelog",
        kind: "GUIDE",
        of_product: true,
        author: DESIGNER,
        content: include_str!("documents/guide.md"),
        changes: &[("It takes a quarter of an hour.", "It takes a while.", "Timed it")],
        reviews: &[("REVIEW", DESIGNER, ""), ("APPROVED", PM, ""), ("PUBLISHED", PM, "")],
    },
    DemoDocument {
        title: "What we keep, and for how long",
        kind: "POLICY",
        of_product: false,
        author: ADMIN,
        content: include_str!("documents/policy.md"),
        changes: &[("for **two years**", "for as long as it is useful", "Two years, as counsel advised"), ("the same day", "soon", "")],
        reviews: &[("REVIEW", ADMIN, ""), ("APPROVED", PM, ""), ("PUBLISHED", ADMIN, "")],
    },
    DemoDocument {
        title: "Why we do not print",
        kind: "GENERAL",
        of_product: true,
        author: PM,
        content: include_str!("documents/notes.md"),
        changes: &[],
        reviews: &[("REVIEW", PM, ""), ("APPROVED", ADMIN, ""), ("PUBLISHED", PM, ""), ("ARCHIVED", PM, "")],
    },
];

/// What is said of "Working on a phone": by whom, of which words, with what around them, and what. The last is of words that
/// an earlier version had.
const COMMENTS: [(&str, &str, &str, &str, &str); 3] = [
    (DEV, "Works while the tunnel lasts", "", "", "This is most of the work. Can it come second?"),
    (DESIGNER, "", "", "", "@Priya Nair, the sketches for the score form are ready."),
    (ADMIN, "twice as many people within a year of the launch", "", "", "Twice of what?"),
];

/// Adds the documents. Items that a text names by `ITEM:` and their title become their addresses.
pub async fn add(system: &mut System, org: &str, product: &str) -> Result<(), AppError> {
    let items: Vec<(String, String)> = sqlx::query_as(
        r#"SELECT title, '/orgs/demo/products/demo-product/ideas/' || id FROM "Idea" WHERE "organizationId" = $1 AND "productId" = $2
           UNION ALL
           SELECT title, '/orgs/demo/products/demo-product/features/' || id FROM "Feature" WHERE "organizationId" = $1 AND "productId" = $2"#,
    )
    .bind(org)
    .bind(product)
    .fetch_all(system.db())
    .await?;
    for document in &DOCUMENTS {
        let text =
            items.iter().fold(document.content.trim().to_owned(), |text, (title, address)| text.replace(&format!("ITEM:{title}"), address));
        let id = new_id();
        write(system, org, product, &id, document, &text).await?;
        review(system, org, &id, document).await?;
    }
    talk(system, org).await
}

/// The document from its first version to its last, each by its author and a day after the one before.
async fn write(system: &mut System, org: &str, product: &str, id: &str, document: &DemoDocument, text: &str) -> Result<(), AppError> {
    let mut versions = vec![(text.to_owned(), "")];
    for (now, before, note) in document.changes.iter().rev() {
        if let Some((text, of)) = versions.last_mut() {
            *of = note;
            let earlier = text.replace(now, before);
            versions.push((earlier, ""));
        }
    }
    sqlx::query("SELECT set_config('app.document_note', '', true)").execute(system.db()).await?;
    for (place, (text, note)) in versions.iter().rev().enumerate() {
        let statement = match place {
            0 => {
                r#"INSERT INTO "Document" (id, "organizationId", "productId", "authorId", title, content, type, "createdAt")
                   SELECT $1, $2, CASE WHEN $3 THEN $4 END, u.id, $5, $6, $7::text::"DocumentType", now() - interval '20 days'
                     FROM "User" u, set_config('app.document_note', $9, true) WHERE u.email = $8"#
            }
            _ => {
                r#"WITH noted AS (SELECT set_config('app.document_note', $9, true))
                   UPDATE "Document" SET content = $6 FROM noted
                    WHERE id = $1 AND "organizationId" = $2 AND $3 IS NOT NULL AND $4 <> '' AND $5 <> '' AND $7 <> '' AND $8 <> ''"#
            }
        };
        sqlx::query(statement)
            .bind(id)
            .bind(org)
            .bind(document.of_product)
            .bind(product)
            .bind(document.title)
            .bind(text)
            .bind(document.kind)
            .bind(document.author)
            .bind(note)
            .execute(system.db())
            .await?;
    }
    sqlx::query(
        r#"UPDATE "DocumentVersion" v SET "authorId" = d."authorId", "createdAt" = now() - interval '20 days' + make_interval(days => v.number)
           FROM "Document" d WHERE d.id = v."documentId" AND v."documentId" = $1 AND v."organizationId" = $2"#,
    )
    .bind(id)
    .bind(org)
    .execute(system.db())
    .await?;
    Ok(())
}

/// Where its review has led it.
async fn review(system: &mut System, org: &str, id: &str, document: &DemoDocument) -> Result<(), AppError> {
    for (place, (status, by, reason)) in (1..).zip(document.reviews) {
        sqlx::query(
            r#"WITH moved AS (UPDATE "Document" SET status = $4::text::"DocumentStatus",
                   "reviewerId" = CASE WHEN $4 = 'REVIEW' THEN (SELECT id FROM "User" WHERE email = 'admin@demo.test') ELSE "reviewerId" END
                 WHERE id = $3 AND "organizationId" = $2 RETURNING version)
               INSERT INTO "DocumentReview" (id, "organizationId", "documentId", status, version, reason, "byId", "reviewerId", "createdAt")
               SELECT $1, $2, $3, $4::text::"DocumentStatus", moved.version, $5, u.id,
                      CASE WHEN $4 = 'REVIEW' THEN (SELECT id FROM "User" WHERE email = 'admin@demo.test') END,
                      now() - interval '10 days' + make_interval(days => $7)
                 FROM moved, "User" u WHERE u.email = $6"#,
        )
        .bind(new_id())
        .bind(org)
        .bind(id)
        .bind(status)
        .bind(reason)
        .bind(by)
        .bind(place)
        .execute(system.db())
        .await?;
    }
    Ok(())
}

async fn talk(system: &mut System, org: &str) -> Result<(), AppError> {
    for (place, (by, quote, prefix, suffix, body)) in (1..).zip(COMMENTS) {
        sqlx::query(
            r#"INSERT INTO "DocumentComment" (id, "organizationId", "documentId", "authorId", body, quote, prefix, suffix, version, "createdAt")
               SELECT $1, $2, d.id, u.id, $7, nullif($4, ''), $5, $6, d.version, now() - interval '5 days' + make_interval(hours => $8)
                 FROM "Document" d, "User" u WHERE d."organizationId" = $2 AND d.title = 'Working on a phone' AND u.email = $3"#,
        )
        .bind(new_id())
        .bind(org)
        .bind(by)
        .bind(quote)
        .bind(prefix)
        .bind(suffix)
        .bind(body)
        .bind(place)
        .execute(system.db())
        .await?;
    }
    Ok(())
}

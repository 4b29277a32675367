//! The demo's tasks, and what is said of some of its work.

use crate::kernel::error::AppError;
use crate::kernel::priority::Priority::{self, Critical, High, Low, Medium};
use crate::server::id::new_id;
use crate::server::scope::System;
use crate::task::model::TaskStatus::{self, Cancelled, Done, InProgress, InReview, Todo};

const ALEX: Option<&str> = Some("admin@demo.test");
const PRIYA: Option<&str> = Some("pm@demo.test");
const DENIZ: Option<&str> = Some("dev@demo.test");
const DANA: Option<&str> = Some("designer@demo.test");
const NOBODY: Option<&str> = None;

/// When a task is due, as seen from the day on which the demo is loaded.
enum Due {
    Never,
    /// In so many days; before that day if negative.
    In(i32),
    /// At the end of the week.
    Sunday,
}
use Due::{In, Never, Sunday};

/// A task of the demo.
struct DemoTask {
    /// The product's key and, if it is a part of one, the feature's title.
    of: (&'static str, Option<&'static str>),
    title: &'static str,
    description: Option<&'static str>,
    assignee: Option<&'static str>,
    status: TaskStatus,
    priority: Priority,
    due: Due,
}

const fn task(
    of: (&'static str, Option<&'static str>),
    title: &'static str,
    assignee: Option<&'static str>,
    status: TaskStatus,
    priority: Priority,
    due: Due,
) -> DemoTask {
    DemoTask { of, title, description: None, assignee, status, priority, due }
}

const VIEWS: (&str, Option<&str>) = ("demo-product", Some("Saved views"));
const SAML: (&str, Option<&str>) = ("demo-product", Some("SAML sign-in"));
const HOOKS: (&str, Option<&str>) = ("demo-product", Some("Webhook deliveries with retries"));
const INDEX: (&str, Option<&str>) = ("demo-product", Some("Search index per organisation"));
const CSV: (&str, Option<&str>) = ("demo-product", Some("CSV import"));
const DEMO: (&str, Option<&str>) = ("demo-product", None);
const PORTAL: (&str, Option<&str>) = ("customer-portal", None);
const DOMAIN: (&str, Option<&str>) = ("customer-portal", Some("Own domain"));
const INSIGHTS: (&str, Option<&str>) = ("insights", Some("Funnel prototype"));
const DESKTOP: (&str, Option<&str>) = ("classic-desktop", None);

const TASKS: &[DemoTask] = &[
    DemoTask {
        description: Some("Name, filters, order and columns.\nA view of somebody who has left stays with the team."),
        ..task(VIEWS, "Keep a view's filters and order", DENIZ, Done, High, In(-9))
    },
    task(VIEWS, "Share a view with the team", DENIZ, InProgress, High, Sunday),
    task(VIEWS, "Draw the menu of views for small screens", DANA, InReview, Medium, In(-1)),
    task(VIEWS, "Say in the help what a shared view is", PRIYA, Todo, Low, In(12)),
    task(VIEWS, "Import views from spreadsheets", NOBODY, Cancelled, Low, Never),
    DemoTask {
        description: Some("Northwind has given us a test account at their provider; ask Priya for the address."),
        ..task(SAML, "Try the sign-in with a customer's provider", DENIZ, Todo, Critical, In(-3))
    },
    task(SAML, "Refuse answers that are older than five minutes", DENIZ, InReview, Critical, In(0)),
    task(SAML, "Write the page for administrators", PRIYA, InProgress, High, In(-2)),
    task(SAML, "Have the sign-in looked at by the security firm", ALEX, Todo, Critical, In(9)),
    task(HOOKS, "Pause an endpoint after a day of failures", DENIZ, InReview, High, Sunday),
    task(HOOKS, "Show the last deliveries with their answers", DANA, Done, Medium, In(-6)),
    task(INDEX, "Measure searches with a million entries", DENIZ, InProgress, High, In(4)),
    task(INDEX, "Move the old entries", ALEX, Done, Critical, In(-14)),
    task(CSV, "Tell of every wrong line at once", DENIZ, Done, Medium, In(-30)),
    task(DEMO, "Renew the certificate of the test server", ALEX, Todo, High, In(-1)),
    task(DEMO, "Ask five customers how they plan a quarter", PRIYA, InProgress, Medium, Sunday),
    task(DEMO, "Choose a colour-blind safe set for charts", DANA, Todo, Medium, In(0)),
    task(DEMO, "Sort the icons that nobody uses any more", NOBODY, Todo, Low, Never),
    task(PORTAL, "Answer the ten oldest questions", PRIYA, Todo, High, In(-5)),
    task(PORTAL, "New pictures for the landing page", DANA, InProgress, Low, In(15)),
    task(DOMAIN, "Find out how certificates are renewed", DENIZ, Todo, Medium, Never),
    task(INSIGHTS, "Sketch the funnel with real numbers", DANA, Todo, High, Sunday),
    task(INSIGHTS, "Talk to two teams that gave up on charts", PRIYA, Todo, Medium, In(20)),
    task(DESKTOP, "Write to the last three customers", PRIYA, InReview, High, In(2)),
];

/// What is said of a feature or a task: the title of the thing, by whom, how many days ago, and what.
const SAID: &[(bool, &str, &str, i32, &str)] = &[
    (false, "SAML sign-in", "pm@demo.test", 6, "Northwind signs as soon as this works with their provider. What is missing, @Deniz Kaya?"),
    (false, "SAML sign-in", "dev@demo.test", 5, "The answers are checked; their provider sends one more field than the others. Two days."),
    (
        true,
        "Draw the menu of views for small screens",
        "designer@demo.test",
        2,
        "@Deniz Kaya, the drafts are in the description of the feature. Is a sheet from below fine?",
    ),
    (true, "Draw the menu of views for small screens", "dev@demo.test", 1, "It is, and it closes by itself already."),
];

/// Adds the tasks to the products and features, which are there already.
pub async fn add(system: &mut System, org: &str) -> Result<(), AppError> {
    for task in TASKS {
        let (sunday, days) = match task.due {
            Never => (false, None),
            In(days) => (false, Some(days)),
            Sunday => (true, Some(6)),
        };
        sqlx::query(
            r#"INSERT INTO "Task" (id, "organizationId", "productId", "featureId", title, description, "assigneeId", status, priority, "dueDate", "createdAt")
               SELECT $1, $2, p.id, f.id, $5, $6, u.id, $8, $9,
                      date_trunc(CASE WHEN $10 THEN 'week' ELSE 'day' END, now() AT TIME ZONE 'UTC') AT TIME ZONE 'UTC' + make_interval(days => $11),
                      now() - interval '16 days'
                 FROM "Product" p LEFT JOIN "Feature" f ON f."productId" = p.id AND f.title = $4 LEFT JOIN "User" u ON u.email = $7
                WHERE p."organizationId" = $2 AND p.key = $3"#,
        )
        .bind(new_id())
        .bind(org)
        .bind(task.of.0)
        .bind(task.of.1)
        .bind(task.title)
        .bind(task.description)
        .bind(task.assignee)
        .bind(task.status)
        .bind(task.priority)
        .bind(sunday)
        .bind(days)
        .execute(system.db())
        .await?;
    }
    for said in SAID {
        comment(system, org, *said).await?;
    }
    Ok(())
}

async fn comment(
    system: &mut System,
    org: &str,
    (of_task, title, email, days, body): (bool, &str, &str, i32, &str),
) -> Result<(), AppError> {
    let (said, named) = match of_task {
        true => (
            r#"INSERT INTO "TaskComment" (id, "organizationId", "taskId", "authorId", body, "createdAt")
               SELECT $1, $2, t.id, u.id, $5, now() - make_interval(days => $6) FROM "Task" t, "User" u
                WHERE t."organizationId" = $2 AND t.title = $3 AND u.email = $4"#,
            r#"INSERT INTO "TaskCommentMention" (id, "organizationId", "commentId", "userId")
               SELECT 'cmention' || md5($1 || u.id), $2, $1, u.id FROM "User" u WHERE position('@' || u.name IN $3) > 0"#,
        ),
        false => (
            r#"INSERT INTO "FeatureComment" (id, "organizationId", "featureId", "authorId", body, "createdAt")
               SELECT $1, $2, f.id, u.id, $5, now() - make_interval(days => $6) FROM "Feature" f, "User" u
                WHERE f."organizationId" = $2 AND f.title = $3 AND u.email = $4"#,
            r#"INSERT INTO "FeatureCommentMention" (id, "organizationId", "commentId", "userId")
               SELECT 'cmention' || md5($1 || u.id), $2, $1, u.id FROM "User" u WHERE position('@' || u.name IN $3) > 0"#,
        ),
    };
    let id = new_id();
    sqlx::query(said).bind(&id).bind(org).bind(title).bind(email).bind(body).bind(days).execute(system.db()).await?;
    sqlx::query(named).bind(id).bind(org).bind(body).execute(system.db()).await?;
    Ok(())
}

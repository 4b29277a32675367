//! What the statements of the two boards are made of; `x` stands for the row. A lane is named as `Lanes::key` in the model
//! does it; for lanes of another kind each of the macros below gets a line.

/// What has to do with an assignee, who is a member: the name, the lane of theirs, and whether lane `$3` is that of one.
macro_rules! assignee {
    (name) => {
        r#"(SELECT coalesce(u.name, u.email) FROM "Membership" m JOIN "User" u ON u.id = m."userId"
            WHERE m."organizationId" = $1 AND m."userId" = x."assigneeId")"#
    };
    (lane) => {
        r#" WHEN 'assignee' THEN 'assignee:' || coalesce((SELECT m."userId" FROM "Membership" m
            WHERE m."organizationId" = $1 AND m."userId" = x."assigneeId"), '')"#
    };
    (exists) => {
        r#" WHEN 'assignee' THEN split_part($3, ':', 2) = '' OR EXISTS (SELECT FROM "Membership" m
            WHERE m."organizationId" = $1 AND m."userId" = split_part($3, ':', 2))"#
    };
}

/// What a feature's card shows beside its title. Parameter: the tenant first.
macro_rules! feature_shows {
    () => {
        r#"array_remove(ARRAY[(SELECT e.title FROM "Epic" e
                WHERE e."organizationId" = $1 AND e.id = x."epicId" AND e."deletedAt" IS NULL)], NULL) AS tags,
            x."storyPoints"::float8 AS number, x.priority::text AS priority"#
    };
}

/// The same of a task's.
macro_rules! task_shows {
    () => {
        concat!("array_remove(ARRAY[", assignee!(name), "], NULL) AS tags, NULL::float8 AS number, x.priority::text AS priority")
    };
}

/// The lane that a feature is in, when lanes are of this kind.
macro_rules! feature_lane {
    ($of:literal) => {
        concat!(
            "(CASE ",
            $of,
            assignee!(lane),
            r#" WHEN 'epic' THEN 'epic:' || coalesce((SELECT e.id FROM "Epic" e
                    WHERE e."organizationId" = $1 AND e.id = x."epicId" AND e."deletedAt" IS NULL), '')
                WHEN 'priority' THEN 'priority:' || x.priority::text END)"#
        )
    };
}

/// The same of a task.
macro_rules! task_lane {
    ($of:literal) => {
        concat!(
            "(CASE ",
            $of,
            assignee!(lane),
            r#" WHEN 'feature' THEN 'feature:' || coalesce((SELECT f.id FROM "Feature" f
                    WHERE f."organizationId" = $1 AND f.id = x."featureId" AND f."deletedAt" IS NULL), '')
                WHEN 'priority' THEN 'priority:' || x.priority::text END)"#
        )
    };
}

/// Whether lane `$3` is one of the board of features of this product.
macro_rules! feature_lane_exists {
    ($product:literal) => {
        concat!(
            "(CASE split_part($3, ':', 1)",
            assignee!(exists),
            r#" WHEN 'epic' THEN split_part($3, ':', 2) = '' OR EXISTS (SELECT FROM "Epic" e WHERE e."organizationId" = $1
                    AND e."productId" = "#,
            $product,
            r#" AND e.id = split_part($3, ':', 2) AND e."deletedAt" IS NULL)
                WHEN 'priority' THEN split_part($3, ':', 2) IN ('CRITICAL', 'HIGH', 'MEDIUM', 'LOW') ELSE false END)"#
        )
    };
}

/// Whether lane `$3` is one of the board of tasks of this product.
macro_rules! task_lane_exists {
    ($product:literal) => {
        concat!(
            "(CASE split_part($3, ':', 1)",
            assignee!(exists),
            r#" WHEN 'feature' THEN split_part($3, ':', 2) = '' OR EXISTS (SELECT FROM "Feature" f WHERE f."organizationId" = $1
                    AND f."productId" = "#,
            $product,
            r#" AND f.id = split_part($3, ':', 2) AND f."deletedAt" IS NULL)
                WHEN 'priority' THEN split_part($3, ':', 2) IN ('CRITICAL', 'HIGH', 'MEDIUM', 'LOW') ELSE false END)"#
        )
    };
}

/// The value of a field for which a lane stands, else another.
macro_rules! of_lane {
    ($lane:literal, "priority", $else:literal) => {
        concat!(
            "CASE split_part(",
            $lane,
            ", ':', 1) WHEN 'priority' THEN split_part(",
            $lane,
            r#", ':', 2)::"Priority" ELSE "#,
            $else,
            " END"
        )
    };
    ($lane:literal, $of:literal, $else:literal) => {
        concat!(
            "CASE split_part(",
            $lane,
            ", ':', 1) WHEN '",
            $of,
            "' THEN nullif(split_part(",
            $lane,
            ", ':', 2), '') ELSE ",
            $else,
            " END"
        )
    };
}

/// What a feature takes on with a lane.
macro_rules! feature_sets {
    ($lane:literal) => {
        concat!(
            r#", "epicId" = "#,
            of_lane!($lane, "epic", r#"x."epicId""#),
            r#", "assigneeId" = "#,
            of_lane!($lane, "assignee", r#"x."assigneeId""#),
            ", priority = ",
            of_lane!($lane, "priority", "x.priority")
        )
    };
}

/// What a task takes on with a lane.
macro_rules! task_sets {
    ($lane:literal) => {
        concat!(
            r#", "assigneeId" = "#,
            of_lane!($lane, "assignee", r#"x."assigneeId""#),
            r#", "featureId" = "#,
            of_lane!($lane, "feature", r#"x."featureId""#),
            ", priority = ",
            of_lane!($lane, "priority", "x.priority")
        )
    };
}

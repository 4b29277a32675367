use sqlx::PgPool;

use super::{House, fields};
use crate::account::store::leaving;
use crate::kernel::error::AppError;
use crate::kernel::role::{Perm, Role};
use crate::kernel::version::ANY;
use crate::member::model::{After, InvitationState, MEMBERS_SHOWN, MemberForm};
use crate::member::store;
use crate::server::scope::{Person, Scope};
use crate::team::model::TeamForm;

fn to(role: Role) -> MemberForm {
    MemberForm { role, team: String::new() }
}

/// The membership's id of the person.
async fn membership(house: &House, user: &str) -> String {
    sqlx::query_scalar(r#"SELECT id FROM "Membership" WHERE "userId" = $1"#).bind(user).fetch_one(&house.db.owner).await.unwrap()
}

const ADMINS: &str = r#"SELECT count(*) FROM "Membership" WHERE role = 'ADMIN'"#;

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn every_member_reads_the_list_and_administrators_the_addresses(pool: PgPool) {
    let house = House::new(&pool).await;
    let stakeholder = house.db.member("acme", Role::Stakeholder).await;
    let mut scope = house.scope().await;
    let (all, next) = store::list(&mut scope, None, "").await.unwrap();
    assert_eq!((all.len(), next), (2, None));
    assert!(all.iter().all(|member| member.email.is_some()));
    drop(scope);
    let mut scope = house.db.scope("acme", &stakeholder, Perm::Read).await.unwrap();
    let (all, _) = store::list(&mut scope, None, "").await.unwrap();
    assert!(all.len() == 2 && all.iter().all(|member| member.email.is_none() && member.name.is_some()));
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn members_are_shown_with_picture_and_title(pool: PgPool) {
    let house = House::new(&pool).await;
    house.change(r#"UPDATE "User" SET image = '/images/abc'"#).await;
    house.change(r#"INSERT INTO "UserProfile" (id, "userId", title) SELECT 'p', id, 'Head of Rockets' FROM "User""#).await;
    let mut scope = house.scope().await;
    let (all, _) = store::list(&mut scope, None, "").await.unwrap();
    assert_eq!((all[0].picture().as_deref(), all[0].title.as_deref()), (Some("/images/abc"), Some("Head of Rockets")));
    let team = TeamForm { name: "Ours".into(), slug: "ours".into(), ..Default::default() }.validate().unwrap();
    crate::team::store::create(&mut scope, team).await.unwrap();
    crate::team::store::add_member(&mut scope, "ours", &all[0].id).await.unwrap();
    let page = crate::team::store::page(&mut scope, "ours").await.unwrap();
    assert_eq!((page.members[0].picture().as_deref(), page.members[0].title.as_deref()), (Some("/images/abc"), Some("Head of Rockets")));
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn members_are_found_by_what_is_shown_of_them(pool: PgPool) {
    let house = House::new(&pool).await;
    let ada = house.db.member("acme", Role::Developer).await;
    house.change(r#"UPDATE "User" SET name = 'Ada 100% Lovelace', email = 'countess@example.test' WHERE email NOT LIKE 'admin%'"#).await;
    house
        .change(r#"INSERT INTO "UserProfile" (id, "userId", title) SELECT 'p', id, 'Head of Rockets' FROM "User" WHERE name LIKE 'Ada%'"#)
        .await;
    let found = async |scope: &mut Scope, words: &str| -> Vec<String> {
        let (rows, _) = store::list(scope, None, words).await.unwrap();
        rows.into_iter().map(|member| member.user_id).collect()
    };
    let mut scope = house.scope().await;
    for words in ["lovelace", "ADA", "100% l", "of rock", "countess@"] {
        assert_eq!(found(&mut scope, words).await, [ada.id.as_str()], "{words}");
    }
    assert_eq!((found(&mut scope, "").await.len(), found(&mut scope, "nobody has this").await.len()), (2, 0));
    assert_eq!(found(&mut scope, "_").await, Vec::<String>::new(), "a sign is what it is");
    drop(scope);
    let mut scope = house.db.scope("acme", &ada, Perm::Read).await.unwrap();
    assert_eq!(found(&mut scope, "countess@").await, Vec::<String>::new(), "an address that is not shown is not found");
    assert_eq!(found(&mut scope, "lovelace").await.len(), 1);
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn a_long_list_has_pages_that_miss_and_repeat_nobody(pool: PgPool) {
    let house = House::new(&pool).await;
    house
        .change(
            r#"WITH people AS (INSERT INTO "User" (id, name, email)
                   SELECT 'u' || n, CASE WHEN n % 7 > 0 THEN 'Person ' || n % 20 END, n || '@example.test' FROM generate_series(1, 250) n RETURNING id)
               INSERT INTO "Membership" (id, "userId", "organizationId") SELECT 'm' || p.id, p.id, o.id FROM people p, "Organization" o"#,
        )
        .await;
    let mut scope = house.scope().await;
    let (mut seen, mut after) = (Vec::new(), None);
    loop {
        let (page, next) = store::list(&mut scope, after.as_ref(), "").await.unwrap();
        assert!(page.len() as i64 <= MEMBERS_SHOWN);
        seen.extend(page.into_iter().map(|member| (member.name.unwrap_or_default().to_lowercase(), member.id)));
        match next {
            Some(word) => after = After::decode(&word),
            None => break,
        }
    }
    assert_eq!(seen.len(), 251);
    assert!(seen.windows(2).all(|pair| pair[0] < pair[1]));
    for wrong in ["nobody", "_", "m1_0", "m1_zz", "m1_00", "m-1_", "m1_é"] {
        assert_eq!(After::decode(wrong), None, "{wrong}");
    }
    let (first, next) = store::list(&mut scope, None, "").await.unwrap();
    let after = next.as_deref().and_then(After::decode).unwrap();
    let (second, _) = store::list(&mut scope, Some(&after), "").await.unwrap();
    let end = sqlx::query(r#"DELETE FROM "Membership" WHERE id = $1"#).bind(&first.last().unwrap().id);
    end.execute(scope.db()).await.unwrap();
    assert_eq!(store::list(&mut scope, Some(&after), "").await.unwrap().0, second, "behind one who has left meanwhile");
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn a_member_gets_a_role_and_a_team(pool: PgPool) {
    let house = House::new(&pool).await;
    let dev = house.db.member("acme", Role::Developer).await;
    let id = membership(&house, &dev.id).await;
    let mut scope = house.scope().await;
    for slug in ["mobile", "gone"] {
        let team = TeamForm { name: slug.into(), slug: slug.into(), ..Default::default() }.validate().unwrap();
        crate::team::store::create(&mut scope, team).await.unwrap();
    }
    let choices = store::team_choices(&mut scope).await.unwrap();
    let team = |name: &str| choices.iter().find(|team| team.name == name).unwrap().id.clone();
    crate::team::store::set_deleted(&mut scope, "gone", true).await.unwrap();
    store::update(&mut scope, &id, ANY, MemberForm { role: Role::ProductManager, team: team("mobile") }).await.unwrap();
    let member = store::get(&mut scope, &id).await.unwrap();
    assert_eq!((member.role, member.team_slug.as_deref()), (Role::ProductManager, Some("mobile")));
    let refused = store::update(&mut scope, &id, ANY, MemberForm { role: Role::Designer, team: team("gone") }).await.unwrap_err();
    assert!(refused.of_field("team").is_some());
    assert_eq!(store::get(&mut scope, &id).await.unwrap(), member);
    store::update(&mut scope, &id, ANY, to(Role::Designer)).await.unwrap();
    assert_eq!(store::get(&mut scope, &id).await.unwrap().team_id, None);
    assert!(!store::remove(&mut scope, &id).await.unwrap());
    assert_eq!(store::get(&mut scope, &id).await.err(), Some(AppError::NotFound));
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn members_and_teams_of_another_organisation_are_not_there(pool: PgPool) {
    let house = House::new(&pool).await;
    let other = house.db.org("other").await;
    let theirs = membership(&house, &other.id).await;
    let mut scope = house.db.scope("other", &other, Perm::OrgManage).await.unwrap();
    let team = TeamForm { name: "Theirs".into(), slug: "theirs".into(), ..Default::default() }.validate().unwrap();
    crate::team::store::create(&mut scope, team).await.unwrap();
    let team = store::team_choices(&mut scope).await.unwrap().remove(0).id;
    scope.commit(()).await.unwrap();
    let before: String =
        sqlx::query_scalar(r#"SELECT m::text FROM "Membership" m WHERE id = $1"#).bind(&theirs).fetch_one(&pool).await.unwrap();

    let own = membership(&house, &house.admin.id).await;
    let mut scope = house.scope().await;
    assert_eq!(store::get(&mut scope, &theirs).await.err(), Some(AppError::NotFound));
    assert_eq!(store::update(&mut scope, &theirs, ANY, to(Role::Stakeholder)).await, Err(AppError::NotFound));
    assert_eq!(store::remove(&mut scope, &theirs).await, Err(AppError::NotFound));
    assert_eq!(store::update(&mut scope, &own, ANY, MemberForm { role: Role::Admin, team }).await, Err(AppError::NotFound));
    let after = After { id: theirs.clone(), name: "zzz".into() };
    assert_eq!(store::list(&mut scope, Some(&after), "").await.unwrap().0, []);
    scope.commit(()).await.unwrap();
    let after: String =
        sqlx::query_scalar(r#"SELECT m::text FROM "Membership" m WHERE id = $1"#).bind(&theirs).fetch_one(&pool).await.unwrap();
    assert_eq!(before, after);
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn the_last_administrator_stays(pool: PgPool) {
    let house = House::new(&pool).await;
    let own = membership(&house, &house.admin.id).await;
    for attempt in 0..3 {
        let mut scope = house.scope().await;
        let refused = match attempt {
            0 => store::update(&mut scope, &own, ANY, to(Role::Developer)).await,
            1 => store::remove(&mut scope, &own).await.map(|_| ()),
            _ => store::leave(&mut scope).await,
        };
        assert!(matches!(refused, Err(AppError::Conflict(_))), "{attempt}: {refused:?}");
    }
    let every = sqlx::query(r#"UPDATE "Membership" SET role = 'DESIGNER'"#).execute(&pool).await;
    assert!(every.is_err(), "whoever writes");
    house.db.member("acme", Role::Admin).await;
    assert!(sqlx::query(r#"DELETE FROM "Membership""#).execute(&pool).await.is_err(), "nor all at once");
    let mut scope = house.scope().await;
    store::update(&mut scope, &own, ANY, to(Role::Developer)).await.unwrap();
    store::leave(&mut scope).await.unwrap();
    scope.commit(()).await.unwrap();
    assert_eq!(house.count(ADMINS).await, 1);
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn of_two_administrators_who_go_at_once_one_stays(pool: PgPool) {
    let house = House::new(&pool).await;
    for how in 0..4 {
        house.change(r#"UPDATE "Membership" SET role = 'ADMIN'"#).await;
        let second = house.db.member("acme", Role::Admin).await;
        let (one, two) = (membership(&house, &house.admin.id).await, membership(&house, &second.id).await);
        let act = async |user, own: &str, their: &str| {
            let mut scope = house.db.scope("acme", user, Perm::OrgManage).await?;
            // Both are in before either acts.
            tokio::time::sleep(std::time::Duration::from_millis(50)).await;
            match how {
                0 => store::update(&mut scope, own, ANY, to(Role::Developer)).await?,
                1 => store::update(&mut scope, their, ANY, to(Role::Developer)).await?,
                2 => store::leave(&mut scope).await?,
                _ => store::remove(&mut scope, their).await.map(|_| ())?,
            }
            tokio::time::sleep(std::time::Duration::from_millis(50)).await;
            scope.commit(()).await
        };
        let (first, other) = tokio::join!(act(&house.admin, &one, &two), act(&second, &two, &one));
        assert!(first.is_ok() != other.is_ok(), "{how}: {first:?} {other:?}");
        assert_eq!(house.count(ADMINS).await, 1, "{how}");
        house
            .change(
                r#"INSERT INTO "Membership" (id, "userId", "organizationId", role) SELECT 'x' || u.id, u.id, o.id, 'ADMIN'
            FROM "User" u, "Organization" o WHERE u.email = 'admin@acme.test' ON CONFLICT DO NOTHING"#,
            )
            .await;
        house.change(r#"UPDATE "Membership" SET role = 'ADMIN'"#).await;
        house.change(r#"DELETE FROM "Membership" m USING "User" u WHERE u.id = m."userId" AND u.email <> 'admin@acme.test'"#).await;
    }
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn nobody_raises_themselves(pool: PgPool) {
    let house = House::new(&pool).await;
    let second = house.db.member("acme", Role::Admin).await;
    let own = membership(&house, &second.id).await;
    // A request that came in while they were an administrator, and acts when they are none.
    let mut late = house.db.scope("acme", &second, Perm::OrgManage).await.unwrap();
    let mut scope = house.scope().await;
    store::update(&mut scope, &own, ANY, to(Role::Stakeholder)).await.unwrap();
    scope.commit(()).await.unwrap();
    assert_eq!(store::update(&mut late, &own, ANY, to(Role::Admin)).await, Err(AppError::Forbidden));
    assert_eq!(house.db.scope("acme", &second, Perm::OrgManage).await.err(), Some(AppError::Forbidden));
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn what_is_removed_whole_takes_its_administrators_along(pool: PgPool) {
    let house = House::new(&pool).await;
    house.db.org("other").await;
    house.change(r#"DELETE FROM "User" WHERE email = 'admin@acme.test'"#).await;
    house.change(r#"DELETE FROM "Organization" WHERE slug = 'other'"#).await;
    assert_eq!(house.count(ADMINS).await, 0);
    house.db.member("acme", Role::Admin).await;
    house.change(r#"UPDATE "Organization" SET "deletedAt" = now()"#).await;
    house.change(r#"DELETE FROM "Membership""#).await;
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn whoever_is_an_administrator_no_more_has_no_open_invitation(pool: PgPool) {
    let house = House::new(&pool).await;
    house.invite("stays@example.com").await;
    for how in 0..4 {
        let second = house.db.member("acme", Role::Admin).await;
        let own = membership(&house, &second.id).await;
        let mut theirs = house.db.scope("acme", &second, Perm::OrgManage).await.unwrap();
        let id = store::invite(&mut theirs, &house.settings, fields(&format!("new{how}@example.com"))).await.unwrap();
        theirs.commit(()).await.unwrap();
        let mut scope = house.scope().await;
        match how {
            0 => store::update(&mut scope, &own, ANY, to(Role::ProductManager)).await.unwrap(),
            1 => assert!(!store::remove(&mut scope, &own).await.unwrap()),
            2 => {
                let mut theirs = house.db.scope("acme", &second, Perm::OrgManage).await.unwrap();
                store::leave(&mut theirs).await.unwrap();
                theirs.commit(()).await.unwrap();
            }
            _ => leaving::delete(Person::open(&house.db.app, &second.caller).await.unwrap()).await.unwrap(),
        }
        scope.commit(()).await.unwrap();
        let all = store::invitations(&mut house.scope().await, &house.settings).await.unwrap();
        let of = |id: &str| all.iter().find(|invitation| invitation.id == id).unwrap();
        assert_eq!((of(&id).state, of(&id).link.as_ref()), (InvitationState::Revoked, None), "{how}");
        assert_eq!(all.iter().filter(|invitation| invitation.state == InvitationState::Pending).count(), 1, "{how}: others' stay");
        let told = r#"SELECT count(*) FROM "AuditLog" WHERE action = 'invitation.revoked'"#;
        assert_eq!(house.count(told).await, how + 1, "{how}: it is told");
    }
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn an_invitation_at_the_moment_of_a_demotion_is_revoked_or_never_made(pool: PgPool) {
    let house = House::new(&pool).await;
    let second = house.db.member("acme", Role::Admin).await;
    let own = membership(&house, &second.id).await;
    let mut inviting = house.db.scope("acme", &second, Perm::OrgManage).await.unwrap();
    let mut late = house.db.scope("acme", &second, Perm::OrgManage).await.unwrap();
    store::invite(&mut inviting, &house.settings, fields("new@example.com")).await.unwrap();
    let demoting = async {
        let mut scope = house.scope().await;
        store::update(&mut scope, &own, ANY, to(Role::Developer)).await?;
        scope.commit(()).await
    };
    let committing = async {
        tokio::time::sleep(std::time::Duration::from_millis(150)).await;
        inviting.commit(()).await
    };
    let (demoted, invited) = tokio::join!(demoting, committing);
    assert!(demoted.is_ok() && invited.is_ok());
    assert_eq!(store::invite(&mut late, &house.settings, fields("late@example.com")).await, Err(AppError::Forbidden));
    assert_eq!(house.count(r#"SELECT count(*) FROM "Invitation" WHERE "revokedAt" IS NULL"#).await, 0);
}

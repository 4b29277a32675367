//! Who may call which server function, with what. In the order of the slices.

use http::StatusCode;
use serde::Serialize;
use serde_json::{Value, json};
use server_fn::ServerFn;

use super::{Call, Who};
use crate::kernel::role::Perm;
use crate::{
    account, audit, board, discuss, feature, feedback, idea, member, org, overview, product, reference, roadmap, search, team, token,
    transfer,
};

pub fn read<F: ServerFn + Serialize>(who: Who, arguments: Value) -> Call {
    Call { path: F::PATH, who, json: true, arguments, done: StatusCode::OK }
}

pub fn write<F: ServerFn>(who: Who, arguments: Value) -> Call {
    Call { path: F::PATH, who, json: false, arguments, done: StatusCode::OK }
}

pub fn calls() -> Vec<Call> {
    use Who::{Anybody, Member, SignedIn};
    let scores = json!({ "priority": 1, "reach": 1, "impact": 1, "confidence": 1, "effort": 1 });
    let idea_text = json!({ "title": "T", "description": "", "tags": "" });
    let manage = Member(Perm::OrgManage);
    let mut calls = super::tasks::calls();
    calls.extend(super::documents::calls());
    calls.extend([
        write::<account::api::SignUp>(Anybody, json!({ "form": {} })),
        write::<account::api::SignIn>(Anybody, json!({ "form": {} })),
        write::<account::api::SignOut>(Anybody, json!({})),
        write::<account::api::SetTheme>(Anybody, json!({ "theme": "dark" })),
        write::<account::api::links::ForgotPassword>(Anybody, json!({ "form": {} })),
        read::<account::api::links::GetLink>(Anybody, json!({ "kind": "Reset", "token": "x" })),
        write::<account::api::links::ConfirmEmail>(Anybody, json!({ "token": "x" })),
        write::<account::api::links::ResetPassword>(Anybody, json!({ "token": "x", "form": {} })),
        read::<account::api::profile::GetProfile>(SignedIn, json!({})),
        write::<account::api::profile::UpdateProfile>(SignedIn, json!({ "version": "*", "form": { "name": "N" } })),
        write::<account::api::profile::SetShortcuts>(SignedIn, json!({ "to": "on" })),
        write::<account::api::profile::RemovePicture>(SignedIn, json!({})),
        write::<account::api::profile::ResendVerification>(SignedIn, json!({})),
        read::<account::api::security::GetSecurity>(SignedIn, json!({})),
        write::<account::api::security::ChangePassword>(SignedIn, json!({ "form": { "new_password": "x" } })),
        write::<account::api::security::ChangeEmail>(SignedIn, json!({ "form": { "email": "x" } })),
        write::<account::api::security::CancelEmailChange>(SignedIn, json!({})),
        write::<account::api::security::RevokeSession>(SignedIn, json!({ "id": "x" })),
        write::<account::api::security::RevokeOtherSessions>(SignedIn, json!({})),
        read::<account::api::security::GetLeaving>(SignedIn, json!({})),
        write::<account::api::security::DeleteAccount>(SignedIn, json!({ "form": { "current_password": "x" } })),
        read::<account::oidc::api::OfferedProviders>(Anybody, json!({})),
        read::<account::oidc::api::MyProviders>(SignedIn, json!({})),
        write::<account::oidc::api::UnlinkProvider>(SignedIn, json!({ "issuer": "x" })),
        read::<member::api::ListMembers>(Member(Perm::Read), json!({ "org": "$org", "after": null, "find": "" })),
        read::<member::api::GetMember>(manage, json!({ "org": "$org", "id": "$member" })),
        write::<member::api::UpdateMember>(
            manage,
            json!({ "version": "*", "org": "$org", "id": "$member", "form": { "role": "DESIGNER", "team": "" } }),
        ),
        write::<member::api::RemoveMember>(manage, json!({ "org": "$org", "id": "$member" })),
        read::<member::api::ListTeamChoices>(manage, json!({ "org": "$org" })),
        write::<member::api::InviteMember>(
            manage,
            json!({ "org": "$org", "form": { "email": format!("{}@new.test", crate::server::id::new_id()), "role": "DESIGNER" } }),
        ),
        write::<member::api::ResendInvitation>(manage, json!({ "org": "$org", "id": "$invitation" })),
        write::<member::api::RevokeInvitation>(manage, json!({ "org": "$org", "id": "$invitation" })),
        read::<member::api::GetInvitation>(Anybody, json!({ "token": "x" })),
        write::<member::api::AcceptInvitation>(SignedIn, json!({ "token": "x" })),
        read::<member::api::GetArrival>(SignedIn, json!({})),
        // Whom it is for has the address; nobody here does.
        write::<member::api::AcceptOwnInvitation>(SignedIn, json!({ "id": "$invitation" })),
        write::<member::api::JoinOrg>(Anybody, json!({ "token": "x", "form": {} })),
        write::<member::api::ChangeInvitee>(Anybody, json!({ "token": "x" })),
        read::<team::api::ListTeams>(Member(Perm::Read), json!({ "org": "$org", "deleted": false })),
        read::<team::api::GetTeam>(Member(Perm::Read), json!({ "org": "$org", "team": "$team" })),
        write::<team::api::CreateTeam>(manage, json!({ "org": "$org", "form": { "name": format!("T {}", crate::server::id::new_id()) } })),
        write::<team::api::UpdateTeam>(
            manage,
            json!({ "version": "*", "org": "$org", "team": "$team", "form": { "name": "Same", "slug": "$team" } }),
        ),
        write::<team::api::DeleteTeam>(manage, json!({ "org": "$org", "team": "$team" })),
        write::<team::api::RestoreTeam>(manage, json!({ "org": "$org", "team": "$deadTeam" })),
        write::<team::api::AddTeamMember>(manage, json!({ "org": "$org", "team": "$team", "form": { "member": "$member" } })),
        write::<team::api::RemoveTeamMember>(manage, json!({ "org": "$org", "team": "$team", "id": "$inTeam" })),
        write::<team::api::AddTeamProduct>(manage, json!({ "org": "$org", "team": "$team", "form": { "product": "$freeProduct" } })),
        write::<team::api::RemoveTeamProduct>(manage, json!({ "org": "$org", "team": "$team", "id": "$ofTeam" })),
        read::<audit::api::ListAudit>(manage, json!({ "org": "$org", "query": {} })),
        read::<audit::api::ItemHistory>(Member(Perm::Read), json!({ "org": "$org", "entity": "Idea", "item": "$idea" })),
        read::<org::api::StartPage>(Anybody, json!({})),
        write::<org::api::CreateOrg>(SignedIn, json!({ "form": { "name": "New" } })),
        read::<org::api::GetFrame>(Member(Perm::Read), json!({ "org": "$org" })),
        read::<org::api::GetOrg>(Member(Perm::OrgManage), json!({ "org": "$org" })),
        write::<org::api::UpdateOrg>(
            Member(Perm::OrgManage),
            json!({ "version": "*", "org": "$org", "form": { "name": "Same", "slug": "$org" } }),
        ),
        write::<org::api::SetSwitch>(Member(Perm::OrgManage), json!({ "org": "$org", "switch": "Teams", "to": "on" })),
        write::<org::api::RemoveLogo>(Member(Perm::OrgManage), json!({ "org": "$org" })),
        // It would end the walk; so the address that confirms it is left out.
        write::<org::api::DeleteOrg>(Member(Perm::OrgManage), json!({ "org": "$org", "form": { "confirm": "" } })).told_more(),
        read::<org::api::DeletedOrgs>(SignedIn, json!({})),
        write::<org::api::RestoreOrg>(SignedIn, json!({ "slug": "$org" })),
        read::<product::portfolio::api::ListProducts>(Member(Perm::Read), json!({ "org": "$org", "query": {} })),
        read::<product::portfolio::api::GetPortfolioTimeline>(Member(Perm::Read), json!({ "org": "$org", "query": {} })),
        read::<product::api::GetProduct>(Member(Perm::Read), json!({ "org": "$org", "key": "$product" })),
        write::<product::api::CreateProduct>(
            Member(Perm::ProductWrite),
            json!({ "org": "$org", "form": { "name": "Brand new", "key": "" } }),
        ),
        write::<product::api::UpdateProduct>(
            Member(Perm::ProductWrite),
            json!({ "version": "*", "org": "$org", "key": "$product", "form": { "name": "Same", "key": "$product" } }),
        ),
        write::<product::lifecycle::api::MoveProduct>(
            Member(Perm::ProductWrite),
            json!({ "org": "$org", "key": "$product", "stage": "DISCOVERY", "form": { "confirmed": "on", "reason": "R" } }),
        ),
        read::<product::lifecycle::api::LifecycleBoard>(Member(Perm::Read), json!({ "org": "$org", "query": {} })),
        write::<product::lifecycle::api::MoveProductCard>(
            Member(Perm::ProductWrite),
            json!({ "org": "$org", "id": "$product", "to": "IDEATION" }),
        ),
        write::<product::lifecycle::api::TickCriterion>(
            Member(Perm::ProductWrite),
            json!({ "org": "$org", "key": "$product", "tick": product::model::Lifecycle::Ideation.default_criteria()[0] }),
        ),
        read::<product::lifecycle::api::ListCriteria>(Member(Perm::Read), json!({ "org": "$org" })),
        write::<product::lifecycle::api::UpdateCriteria>(
            Member(Perm::ProductWrite),
            json!({ "version": "*", "org": "$org", "stage": "GROWTH", "form": { "criteria": "One" } }),
        ),
        write::<product::api::DeleteProduct>(Member(Perm::ProductWrite), json!({ "org": "$org", "key": "$product" })),
        write::<product::api::RestoreProduct>(Member(Perm::ProductWrite), json!({ "org": "$org", "key": "$bin" })),
        read::<idea::api::ListIdeas>(Member(Perm::Read), json!({ "org": "$org", "product": "$product", "query": {} })),
        read::<idea::api::GetIdea>(Member(Perm::Read), json!({ "org": "$org", "product": "$product", "id": "$idea" })),
        write::<idea::api::CreateIdea>(Member(Perm::IdeaWrite), json!({ "org": "$org", "product": "$product", "form": idea_text })),
        // The idea is somebody else's: to change one's own needs less.
        write::<idea::api::UpdateIdea>(
            Member(Perm::IdeaReview),
            json!({ "version": "*", "org": "$org", "id": "$idea", "form": idea_text }),
        ),
        write::<idea::api::ScoreIdea>(Member(Perm::IdeaReview), json!({ "version": "*", "org": "$org", "id": "$idea", "form": scores })),
        write::<idea::api::MoveIdea>(Member(Perm::IdeaReview), json!({ "org": "$org", "id": "$idea", "status": "UNDER_REVIEW" })),
        read::<idea::board::api::IdeaBoard>(Member(Perm::Read), json!({ "org": "$org", "product": "$product", "tag": null })),
        read::<idea::board::api::IdeaCards>(
            Member(Perm::Read),
            json!({ "org": "$org", "product": "$product", "tag": null, "column": "SUBMITTED", "from": 0 }),
        ),
        write::<idea::board::api::MoveCard>(
            Member(Perm::IdeaReview),
            json!({ "org": "$org", "product": "$product", "id": "$idea", "to": "UNDER_REVIEW" }),
        ),
        write::<idea::api::DeleteIdea>(Member(Perm::IdeaReview), json!({ "org": "$org", "id": "$idea" })),
        write::<idea::api::RestoreIdea>(Member(Perm::IdeaReview), json!({ "org": "$org", "id": "$idea" })),
        read::<feature::api::ListFeatures>(Member(Perm::Read), json!({ "org": "$org", "product": "$product", "query": {} })),
        read::<feature::api::GetFeature>(
            Member(Perm::Read),
            json!({ "org": "$org", "product": "$product", "id": "$feature", "find": "t" }),
        ),
        read::<feature::api::GetFeatureForm>(Member(Perm::FeatureWrite), json!({ "org": "$org", "product": "$product", "id": "$feature" })),
        read::<feature::api::BuiltFor>(Member(Perm::Read), json!({ "org": "$org", "idea": "$idea" })),
        write::<feature::api::CreateFeature>(
            Member(Perm::FeatureWrite),
            json!({ "org": "$org", "product": "$product", "form": { "title": "T" } }),
        ),
        write::<feature::api::MoveFeature>(Member(Perm::FeatureWrite), json!({ "org": "$org", "id": "$feature", "status": "DONE" })),
        write::<feature::api::TickCriterion>(Member(Perm::FeatureWrite), json!({ "org": "$org", "id": "$feature", "line": "0 - [ ] T" })),
        read::<feature::api::depend::FindFeatures>(
            Member(Perm::FeatureWrite),
            json!({ "org": "$org", "product": "$product", "find": "t", "but": null, "outside": null }),
        ),
        write::<feature::api::depend::LinkFeature>(
            Member(Perm::FeatureWrite),
            json!({ "org": "$org", "id": "$feature", "blocker": "$inEpic" }),
        ),
        write::<feature::api::depend::LinkFeature>(
            Member(Perm::FeatureWrite),
            json!({ "org": "$org", "id": "$feature", "blocked": "$inEpic" }),
        ),
        write::<feature::api::depend::UnlinkFeature>(
            Member(Perm::FeatureWrite),
            json!({ "org": "$org", "id": "$feature", "blocker": "$blocker" }),
        ),
        write::<feature::api::UpdateFeature>(
            Member(Perm::FeatureWrite),
            json!({ "version": "*", "org": "$org", "id": "$feature", "form": { "title": "T", "epic": "$epic", "assignee": "$person" } }),
        ),
        read::<feature::epic::api::ListEpics>(Member(Perm::Read), json!({ "org": "$org", "product": "$product", "query": {} })),
        read::<feature::epic::api::GetEpic>(
            Member(Perm::Read),
            json!({ "org": "$org", "product": "$product", "id": "$epic", "at": null, "find": "t" }),
        ),
        write::<feature::epic::api::CreateEpic>(
            Member(Perm::PlanWrite),
            json!({ "org": "$org", "product": "$product", "form": { "title": "T" } }),
        ),
        write::<feature::epic::api::UpdateEpic>(Member(Perm::PlanWrite), json!({ "org": "$org", "version": "*", "id": "$epic", "form": { "title": "T" } })),
        write::<feature::epic::api::MoveEpic>(Member(Perm::PlanWrite), json!({ "org": "$org", "id": "$epic", "status": "IN_PROGRESS" })),
        write::<feature::epic::api::AddToEpic>(Member(Perm::FeatureWrite), json!({ "org": "$org", "id": "$epic", "feature": "$inEpic" })),
        write::<feature::epic::api::TakeFromEpic>(
            Member(Perm::FeatureWrite),
            json!({ "org": "$org", "id": "$epic", "feature": "$inEpic" }),
        ),
        write::<feature::epic::api::DeleteEpic>(Member(Perm::PlanWrite), json!({ "org": "$org", "id": "$epic" })),
        write::<feature::epic::api::RestoreEpic>(Member(Perm::PlanWrite), json!({ "org": "$org", "id": "$epic" })),
        write::<feature::api::DeleteFeature>(Member(Perm::FeatureWrite), json!({ "org": "$org", "id": "$feature" })),
        write::<feature::api::RestoreFeature>(Member(Perm::FeatureWrite), json!({ "org": "$org", "id": "$feature" })),
        write::<feature::api::ConvertIdea>(
            Member(Perm::IdeaReview),
            json!({ "org": "$org", "idea": "$approved", "form": { "titles": "T" } }),
        ),
        read::<board::api::DeliveryBoard>(
            Member(Perm::Read),
            json!({ "org": "$org", "product": "$product", "kind": "FEATURES", "lanes": "epic" }),
        ),
        read::<board::api::DeliveryBoard>(
            Member(Perm::Read),
            json!({ "org": "$org", "product": "$product", "kind": "TASKS", "lanes": null }),
        ),
        read::<board::api::DeliveryCards>(
            Member(Perm::Read),
            json!({ "org": "$org", "product": "$product", "kind": "TASKS", "column": "TODO", "lane": null, "from": 0 }),
        ),
        write::<board::api::PlaceCard>(
            Member(Perm::FeatureWrite),
            json!({ "org": "$org", "product": "$product", "kind": "FEATURES", "id": "$feature", "to": "DONE" }),
        ),
        write::<board::api::PlaceCard>(
            Member(Perm::WorkWrite),
            json!({ "org": "$org", "product": "$product", "kind": "TASKS", "id": "$card", "to": "DONE" }),
        ),
        write::<board::api::QuickAdd>(
            Member(Perm::FeatureWrite),
            json!({ "org": "$org", "product": "$product", "kind": "FEATURES", "form": { "title": "T", "column": "TESTING" } }),
        ),
        write::<board::api::QuickAdd>(
            Member(Perm::WorkWrite),
            json!({ "org": "$org", "product": "$product", "kind": "TASKS", "form": { "title": "T", "column": "TODO" } }),
        ),
        write::<board::api::ChangeCard>(
            Member(Perm::FeatureWrite),
            json!({ "version": "*", "org": "$org", "product": "$product", "kind": "FEATURES", "id": "$feature", "form": { "title": "T", "priority": "LOW" } }),
        ),
        write::<board::api::ChangeCards>(
            Member(Perm::WorkWrite),
            json!({ "org": "$org", "product": "$product", "kind": "TASKS", "form": { "ids": ["$card"], "action": "to:DONE" } }),
        ),
        write::<board::api::SetBoardLimits>(
            Member(Perm::ProductWrite),
            json!({ "version": "*", "org": "$org", "product": "$product", "kind": "FEATURES", "form": { "TESTING": "3" } }),
        ),
        read::<feedback::api::ListFeedback>(Member(Perm::Read), json!({ "org": "$org", "product": "$product", "query": {} })),
        read::<feedback::api::GetFeedback>(
            Member(Perm::Read),
            json!({ "org": "$org", "product": "$product", "id": "$feedback", "find": "" }),
        ),
        read::<feedback::api::FindIdeas>(Member(Perm::Publish), json!({ "org": "$org", "product": "$product", "find": "t" })),
        read::<feedback::api::AskedFor>(Member(Perm::Read), json!({ "org": "$org", "idea": "$idea" })),
        write::<feedback::api::SubmitFeedback>(
            Member(Perm::FeedbackSubmit),
            json!({ "org": "$org", "product": "$product", "form": { "title": "T" } }),
        ),
        write::<feedback::api::TriageFeedback>(Member(Perm::Publish), json!({ "org": "$org", "id": "$feedback", "status": "PLANNED" })),
        write::<feedback::api::LinkFeedback>(Member(Perm::Publish), json!({ "org": "$org", "id": "$feedback", "idea": "$idea" })),
        write::<feedback::api::UnlinkFeedback>(Member(Perm::Publish), json!({ "org": "$org", "id": "$feedback" })),
        write::<feedback::api::MakeIdea>(Member(Perm::IdeaWrite), json!({ "org": "$org", "id": "$feedback" })),
        write::<feedback::api::DeleteFeedback>(Member(Perm::Publish), json!({ "org": "$org", "id": "$feedback" })),
        write::<feedback::api::RestoreFeedback>(Member(Perm::Publish), json!({ "org": "$org", "id": "$feedback" })),
        write::<idea::api::bulk::BulkIdeas>(
            Member(Perm::IdeaReview),
            json!({ "org": "$org", "product": "$product", "view": { "sort": "rice" }, "form": { "ids": ["$idea"], "action": "add_tag", "tag": "t" } }),
        ),
        // Made by somebody else, which nobody can undo.
        write::<idea::api::bulk::UndoBulk>(Member(Perm::IdeaReview), json!({ "org": "$org", "id": "$bulk" })).gives(StatusCode::NOT_FOUND),
        write::<idea::api::views::SaveView>(
            Member(Perm::IdeaDiscuss),
            json!({ "org": "$org", "product": "$product", "view": { "sort": "ice" }, "form": { "name": "Mine" } }),
        ),
        write::<idea::api::views::DeleteView>(Member(Perm::IdeaReview), json!({ "org": "$org", "id": "$view" })),
        read::<idea::api::merge::GetMerge>(
            Member(Perm::IdeaReview),
            json!({ "org": "$org", "product": "$product", "id": "$idea", "words": "t" }),
        ),
        write::<idea::api::merge::MergeIdea>(Member(Perm::IdeaReview), json!({ "org": "$org", "id": "$idea", "into": "$twin" })),
        write::<discuss::api::VoteIdea>(Member(Perm::IdeaDiscuss), json!({ "org": "$org", "id": "$idea", "wanted": true })),
        read::<discuss::api::GetTalk>(Member(Perm::Read), json!({ "org": "$org", "subject": "Idea", "id": "$idea", "after": null })),
        write::<discuss::api::AddComment>(
            Member(Perm::IdeaDiscuss),
            json!({ "org": "$org", "subject": "Idea", "id": "$idea", "form": { "comment": "C" } }),
        ),
        // The comment is somebody else's: only its author may change it, and a reviewer take it away.
        write::<discuss::api::ChangeComment>(
            Member(Perm::IdeaDiscuss),
            json!({ "version": "*", "org": "$org", "subject": "Idea", "id": "$comment", "form": { "changed": "C" } }),
        )
        .gives(StatusCode::FORBIDDEN),
        write::<discuss::api::DeleteComment>(Member(Perm::IdeaReview), json!({ "org": "$org", "subject": "Idea", "id": "$comment" })),
        read::<roadmap::api::GetRoadmap>(Member(Perm::Read), json!({ "org": "$org", "product": "$product", "query": {} })),
        write::<roadmap::api::PlaceItem>(
            Member(Perm::FeatureWrite),
            json!({ "version": "*", "org": "$org", "product": "$product", "kind": "feature", "id": "$feature", "form": { "start": "2026-11-02", "end": "2026-11-23" } }),
        ),
        write::<roadmap::api::PlaceItem>(
            Member(Perm::PlanWrite),
            json!({ "version": "*", "org": "$org", "product": "$product", "kind": "epic", "id": "$epic", "form": { "start": "2026-11-02", "end": "" } }),
        ),
        write::<roadmap::api::PlaceItem>(
            Member(Perm::PlanWrite),
            json!({ "version": "*", "org": "$org", "product": "$product", "kind": "release", "id": "$release", "form": { "start": "", "end": "2026-11-23" } }),
        ),
        read::<overview::api::GetOverview>(Member(Perm::Read), json!({ "org": "$org", "product": null })),
        read::<overview::api::GetOverview>(Member(Perm::Read), json!({ "org": "$org", "product": "$product" })),
        read::<reference::api::FollowReference>(SignedIn, json!({ "reference": "$product-1" })),
        read::<search::api::FindEntries>(Member(Perm::Read), json!({ "org": "$org", "query": { "words": "t" } })),
        read::<token::api::ListTokens>(manage, json!({ "org": "$org" })),
        write::<token::api::CreateToken>(manage, json!({ "org": "$org", "form": { "name": "T", "scope": "READ", "expires": "30" } })),
        write::<token::api::RevokeToken>(manage, json!({ "org": "$org", "id": "$token" })),
        read::<transfer::api::GetTransfer>(Member(Perm::WorkWrite), json!({ "org": "$org", "product": "$product" })),
        read::<transfer::api::GetImport>(Member(Perm::IdeaReview), json!({ "org": "$org", "product": "$product", "id": "$import" })),
        write::<transfer::api::MapImport>(Member(Perm::IdeaReview), json!({ "org": "$org", "id": "$import", "form": { "title": "0" } })),
    ]);
    calls.extend(super::releases::calls());
    calls.extend(super::okrs::calls());
    calls.extend(super::kpis::calls());
    calls.extend(super::experiments::calls());
    calls.extend(super::webhooks::calls());
    // Whoever has left is not there for a further call.
    calls.push(write::<member::api::LeaveOrg>(Member(Perm::Read), json!({ "org": "$org" })));
    calls
}

//! Who may do what: one table `role x act x tie`, default deny.
//!
//! It is asked on every call. An account may do what any one of its roles may. A sealed case is seen
//! by its readers only, whatever the role; that is decided here too, before the table.

use std::collections::BTreeSet;

use crate::domain::act::Act;
use crate::domain::case::Case;
use crate::domain::choice::Role;
use crate::domain::entry::Entry;
use crate::domain::ids::{ClerkId, OfficerId, UnitId};
use crate::domain::office::Clerk;
use crate::domain::procedure;

/// What an account is to the thing on which it acts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Link {
    /// The ledger as a whole: no single thing.
    Whole,
    /// A thing with which it has no tie.
    Other,
    /// A thing of its own village.
    Village,
    /// A case that its officer leads.
    Lead,
    /// A case that its officer handles or registered.
    Handler,
}

impl Link {
    /// All ties, in the order of the table.
    pub const ALL: [Self; 5] = [Self::Whole, Self::Other, Self::Village, Self::Lead, Self::Handler];
}

/// The answer of the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// It may.
    Allow,
    /// It may not, though it may read the thing; the act is named as refused.
    Deny,
    /// It may not even know that the thing is there.
    Hidden,
}

/// How much of a person an asker sees.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sight {
    /// Names as they are, numbers masked until they are revealed.
    Clear,
    /// As in a meeting: no person's name or number, and nothing that is sealed.
    Masked,
}

/// Who asks, as policy and scans need to know it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asker {
    /// The account.
    pub clerk: ClerkId,
    /// Its officer.
    pub officer: Option<OfficerId>,
    /// Its roles.
    pub roles: BTreeSet<Role>,
    /// Its village, if it is a village clerk's.
    pub village: Option<UnitId>,
    /// For whom its officer stands in today.
    pub stands_in: BTreeSet<OfficerId>,
    /// How much of persons it sees.
    pub sight: Sight,
}

impl Asker {
    /// Who asks, from the account.
    pub fn of(clerk: &Clerk) -> Self {
        Self {
            clerk: clerk.id,
            officer: clerk.officer,
            roles: clerk.roles.clone(),
            village: clerk.unit,
            stands_in: BTreeSet::new(),
            sight: sight_of(&clerk.roles),
        }
    }

    /// Whether the account sees cases and persons of the whole town.
    pub fn sees_town(&self) -> bool {
        self.roles
            .iter()
            .any(|role| matches!(role, Role::Director | Role::Clerk | Role::Leader | Role::Viewer))
    }
}

impl Asker {
    /// Whether the account is told what counts every change of the ledger, whatever it is about: to
    /// anybody else a number that moves would tell of what is outside their reach.
    pub fn is_told_counts(&self) -> bool {
        let keeps = |role: &Role| matches!(role, Role::Admin | Role::Auditor);
        self.sees_town() || self.roles.iter().any(keeps)
    }
}

/// Who sees cases only because of the role of a viewer sees them as in a meeting, always.
fn sight_of(roles: &BTreeSet<Role>) -> Sight {
    let is_at_work =
        roles.iter().any(|role| matches!(role, Role::Director | Role::Clerk | Role::Leader));
    if roles.contains(&Role::Viewer) && !is_at_work { Sight::Masked } else { Sight::Clear }
}

/// The facts of a thing that decide who sees it; also stands in index rows, so that a scan can
/// test it before it counts.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Scope {
    /// The village.
    pub village: Option<UnitId>,
    /// The leader.
    pub lead: Option<OfficerId>,
    /// Who handles it, or registered it while nobody handles it.
    pub handler: Option<OfficerId>,
    /// Whether it is sealed.
    pub sealed: bool,
}

impl Scope {
    /// The scope of a case.
    pub fn of(case: &Case) -> Self {
        Self {
            village: case.village_that_sees(),
            lead: case.lead,
            handler: case.handler.or(case.registrar),
            sealed: case.readers.is_some(),
        }
    }

    /// The scope of an entry of the roster; its case is asked besides.
    pub fn of_entry(entry: &Entry) -> Self {
        Self {
            village: entry.village,
            lead: Some(entry.lead),
            handler: Some(entry.officer),
            sealed: false,
        }
    }
}

/// The tie of an asker to a thing; the closest one if there are several.
pub fn link(asker: &Asker, scope: &Scope) -> Link {
    // Whoever stands in is to a thing what the one who is away is to it.
    let is_own = |officer: Option<OfficerId>| {
        officer.is_some_and(|id| asker.officer == Some(id) || asker.stands_in.contains(&id))
    };
    if is_own(scope.handler) {
        Link::Handler
    } else if is_own(scope.lead) {
        Link::Lead
    } else if asker.village.is_some() && scope.village == asker.village {
        Link::Village
    } else {
        Link::Other
    }
}

/// Whether an asker may know that a thing is there. `readers` are those of a sealed case.
pub fn sees(asker: &Asker, scope: &Scope, readers: Option<&BTreeSet<ClerkId>>) -> bool {
    if scope.sealed || readers.is_some() {
        return readers.is_some() && reads(asker, readers);
    }
    let link = link(asker, scope);
    asker.roles.iter().any(|role| cell(*role, Act::ReadCase, link) == Verdict::Allow)
}

/// Whether a seal, if there is one, lets an asker through; in a meeting none does.
pub fn reads(asker: &Asker, readers: Option<&BTreeSet<ClerkId>>) -> bool {
    readers.is_none_or(|readers| asker.sight == Sight::Clear && readers.contains(&asker.clerk))
}

/// Whether an act belongs to a meeting: looking, putting matters on its list, and deciding.
pub fn is_for_meetings(act: Act) -> bool {
    let looks = matches!(act, Act::ReadAgenda | Act::ListCases | Act::ReadCase | Act::Find);
    // Who corrects a text must see it whole.
    let changes = is_meeting(act) && act != Act::EditDecision;
    looks || is_common(act) || is_campaign(act) || is_minutes(act) || changes
}

/// Acts that read what a meeting works with.
const fn is_minutes(act: Act) -> bool {
    matches!(act, Act::ReadMeeting | Act::ReadDecisions)
}

/// Acts that change what a meeting works with.
const fn is_meeting(act: Act) -> bool {
    matches!(
        act,
        Act::Table
            | Act::TableMany
            | Act::TakeOff
            | Act::Decide
            | Act::FinishDecision
            | Act::EditDecision
    )
}

/// Whether an asker's own village keeps a case from them that they would see otherwise: the petition
/// is about the village itself, and its account sees neither text nor contact.
pub fn is_withheld(asker: &Asker, case: &Case) -> bool {
    let is_about = asker.village.is_some() && asker.village == case.about_unit;
    is_about && !sees(asker, &Scope::of(case), case.readers.as_ref())
}

/// The village of an asker that was asked to help with a case about itself, and sees only what it
/// was asked.
pub fn asked_village(asker: &Asker, case: &Case) -> Option<UnitId> {
    let village = asker.village.filter(|_| is_withheld(asker, case) && case.readers.is_none())?;
    let may = may(asker, Act::Answer, Link::Village) == Verdict::Allow;
    (may && case.asks_of(village).next().is_some()).then_some(village)
}

/// Whether an asker may know of a task.
pub fn sees_task(asker: &Asker, scope: &Scope) -> bool {
    may(asker, Act::ReadTask, link(asker, scope)) == Verdict::Allow
}

/// Whether an asker may know of recurring work.
pub fn sees_duty(asker: &Asker, scope: &Scope) -> bool {
    may(asker, Act::ReadDuty, link(asker, scope)) == Verdict::Allow
}

/// Whether an asker may do an act on a thing with that tie.
pub fn may(asker: &Asker, act: Act, link: Link) -> Verdict {
    let verdicts = || asker.roles.iter().map(|role| cell(*role, act, link));
    if verdicts().any(|verdict| verdict == Verdict::Allow) {
        Verdict::Allow
    } else if verdicts().any(|verdict| verdict == Verdict::Deny) {
        Verdict::Deny
    } else {
        Verdict::Hidden
    }
}

/// One cell of the table.
pub fn cell(role: Role, act: Act, link: Link) -> Verdict {
    let readable = match role {
        Role::Director | Role::Clerk | Role::Leader | Role::Viewer => true,
        Role::Village => matches!(link, Link::Whole | Link::Village),
        Role::Admin | Role::Auditor => link == Link::Whole || !is_of_a_case(act),
    };
    if !readable {
        return Verdict::Hidden;
    }
    let allowed = match role {
        Role::Director => !matches!(act, Act::AddClerk | Act::EditClerk | Act::EditOffice),
        // What an export reads is judged besides: of an administrator, units and officers.
        Role::Admin => {
            is_administration(act) || is_common(act) || is_taking_back(act) || act == Act::Export
        }
        Role::Clerk => {
            is_common(act)
                || is_taking_back(act)
                || is_look_up(act)
                || is_handling(act)
                || is_minutes(act)
                || is_meeting(act)
                || is_intake(act)
                || matches!(act, Act::ReadJournal | Act::ReadPapers)
                || is_campaign(act)
                || act == Act::ReadFigures
                || is_task_work(act)
                || is_task_care(act)
                // A clerk corrects the steps of cases that are their own.
                || (act == Act::CorrectStep && matches!(link, Link::Lead | Link::Handler))
                || is_giving(act)
                || (is_saving(act) && matches!(link, Link::Whole | Link::Handler))
        }
        Role::Village => {
            is_common(act)
                || is_taking_back(act)
                || is_saving(act)
                || is_look_up(act)
                || is_campaign(act)
                || (act == Act::TickTasks && link == Link::Whole)
                || ((matches!(act, Act::Record | Act::Answer | Act::ContactEntry | Act::Attach)
                    || is_task_work(act))
                    && link == Link::Village)
        }
        Role::Leader => {
            is_common(act)
                || is_taking_back(act)
                || is_look_up(act)
                || is_minutes(act)
                || matches!(act, Act::ReadJournal | Act::ReadFigures | Act::ReadPapers)
                || is_campaign(act)
                || (matches!(act, Act::TickTasks | Act::AssignMany | Act::TableMany) && link == Link::Whole)
                || (is_saving(act) && matches!(link, Link::Whole | Link::Handler))
                || ((is_handling(act) || is_task_work(act) || is_tabling(act))
                    && matches!(link, Link::Lead | Link::Handler))
                // Who answers for a decision says what came of it.
                || (act == Act::FinishDecision && link == Link::Handler)
        }
        Role::Viewer => is_for_meetings(act) && !is_meeting(act) || act == Act::ReadFigures,
        Role::Auditor => is_common(act) || is_audit(act),
    };
    if allowed { Verdict::Allow } else { Verdict::Deny }
}

/// Acts that take changes back; each is asked besides whether it may still be made.
const fn is_taking_back(act: Act) -> bool {
    matches!(act, Act::TryUndo | Act::Undo | Act::Redo)
}

/// Acts that bring a matter before a meeting, or back from it.
const fn is_tabling(act: Act) -> bool {
    matches!(act, Act::Table | Act::TakeOff)
}

/// Acts that give much from hand to hand at once; each thing is asked for besides.
const fn is_giving(act: Act) -> bool {
    matches!(act, Act::Handover | Act::AssignMany)
}

/// Acts on saved filters of lists; whoever saved one has the tie of a handler to it.
const fn is_saving(act: Act) -> bool {
    matches!(act, Act::ListViews | Act::SaveView | Act::EditView | Act::RemoveView)
}

/// Acts that show what others did.
const fn is_audit(act: Act) -> bool {
    matches!(act, Act::Check | Act::ReadJournal | Act::ReadAccesses | Act::ReadClerks)
}

/// Acts that every account may do.
const fn is_common(act: Act) -> bool {
    matches!(act, Act::Greet | Act::KeepOwn | Act::ReadLaw | Act::ReadOffice | Act::ReadStatus)
}

/// Acts that read cases and persons, and take rows of them out.
const fn is_look_up(act: Act) -> bool {
    matches!(
        act,
        Act::ReadAgenda
            | Act::ListCases
            | Act::ReadCase
            | Act::ReadPerson
            | Act::Reveal
            | Act::ListPersons
            | Act::ListRoster
            | Act::ReadEntry
            | Act::ReadUnit
            | Act::Find
            | Act::Export
            | Act::Dossier
            | Act::ReadAttachment
    )
}

/// Acts that read a campaign.
const fn is_campaign(act: Act) -> bool {
    matches!(act, Act::ReadPlan | Act::ReadTask | Act::ReadDuty)
}

/// Acts by which the office keeps tasks, recurring work, indicators and the records of units.
const fn is_task_care(act: Act) -> bool {
    matches!(
        act,
        Act::SendBackTask
            | Act::EditTask
            | Act::SendBackDuty
            | Act::EditDuty
            | Act::TakeReturn
            | Act::EnterFigure
            | Act::GiveFigure
            | Act::NoteUnit
            | Act::CorrectNote
    )
}

/// Acts by which a task goes on.
const fn is_task_work(act: Act) -> bool {
    matches!(
        act,
        Act::StartTask | Act::FinishTask | Act::AddEvidence | Act::TickTasks | Act::ReportDuty
    )
}

/// Acts on one case or person.
fn is_handling(act: Act) -> bool {
    let is_step = procedure::of(act).is_some() && !is_directing(act);
    is_step
        || matches!(
            act,
            Act::Join
                | Act::Route
                | Act::Split
                | Act::MergeInto
                | Act::Repeat
                | Act::Unrepeat
                | Act::Readers
                | Act::Part
                | Act::Notify
                | Act::Object
                | Act::Accept
                | Act::Extend
                | Act::AssignLead
                | Act::Allot
                | Act::HandTo
                | Act::Record
                | Act::WritePaper
                | Act::VoidPaper
                | Act::Attach
                | Act::Detach
                | Act::EditClaim
                | Act::EditCase
                | Act::EditReceipt
                | Act::EditPerson
                | Act::ProposeEntry
                | Act::ApproveEntry
                | Act::ContactEntry
                | Act::RenewEntry
                | Act::EndEntry
                | Act::EditEntry
        )
}

/// Acts on a case that only the director decides.
const fn is_directing(act: Act) -> bool {
    matches!(act, Act::ConfirmDelivery | Act::CorrectStep | Act::Release)
}

/// Acts that bring cases in or tell persons apart.
const fn is_intake(act: Act) -> bool {
    matches!(
        act,
        Act::Register
            | Act::Import
            | Act::MergePersons
            | Act::UnmergePersons
            | Act::AskErasure
            | Act::WithdrawErasure
    )
}

/// Acts that belong to the administrator.
const fn is_administration(act: Act) -> bool {
    matches!(
        act,
        Act::AddClerk
            | Act::EditClerk
            | Act::ReadClerks
            | Act::EditOffice
            | Act::Check
            | Act::Backup
            | Act::MoveToday
            | Act::LoadLaw
            | Act::DropLaw
            | Act::LoadCalendar
            | Act::LoadPaper
            | Act::DropPaper
            | Act::SkipNumbers
            | Act::ReadPapers
            | Act::AddUnit
            | Act::EditUnit
            | Act::AddOfficer
            | Act::EditOfficer
            | Act::Substitute
    )
}

/// Whether an act is about the content of cases or persons.
fn is_of_a_case(act: Act) -> bool {
    is_look_up(act)
        || is_handling(act)
        || is_directing(act)
        || is_intake(act)
        || is_minutes(act)
        || is_meeting(act)
        || is_campaign(act)
        || is_task_work(act)
        || is_task_care(act)
        || is_giving(act)
        || matches!(act, Act::ExcuseTask | Act::ReadFigures | Act::Erase)
}

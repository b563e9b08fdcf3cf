//! What a case owes on which day: its running clocks, and the hint that half the time is gone.
//!
//! `law` says when clocks end; this boils them down to lines for the index. A row of the agenda asks
//! the other way round, which clock a line stands for, so both are here.

use chrono::{Days, NaiveDate};

use crate::api::reply::DeadlineView;
use crate::domain::ahead::ALARM_ARTICLE;
use crate::domain::case::{Case, Stage};
use crate::domain::choice::Route;
use crate::domain::closing;
use crate::domain::ids::UnitId;
use crate::domain::line::{HINT_DAYS_MAX, Line, LineKind, Manner};
use crate::domain::slip::Lacks;
use crate::domain::standing::Standing;
use crate::domain::step::Deed;
use crate::law::count::{Length, Unit, count};
use crate::law::deadline::{AGREED, ASSIGNED, Deadline, State};
use crate::law::rule::Effect;
use crate::service::rules::Rules;
use crate::service::view::Eye;
use crate::service::{Core, clocks};
use crate::store::tables::Due;

/// The limits for the notice and for the conclusion.
const NOTICE: &str = "notice_direct";
const CONCLUDE: &str = "conclude";

/// The lines of a case: the next one, and all others.
pub fn of_case(core: &Core, case: &Case) -> Due {
    let filed = filing(&core.rules(), case).into_iter().chain(awaited(case)).chain(alarm(case));
    if !case.stage().is_open() {
        let others = of_ended(core, case).into_iter().chain(filed).collect();
        return Due { next: None, others };
    }
    let deadlines = clocks::of(core, case);
    let mut lines = in_order(deadlines.iter().filter_map(line_of)).into_iter();
    let next = lines.next();
    let undecided = next_lawful(&deadlines).is_none().then(|| undecided(core, case)).flatten();
    let undecided = undecided.and_then(|it| {
        let until = it.since.checked_add_days(Days::new(HINT_DAYS_MAX))?;
        Some(Line::hint(LineKind::Undecided, it.since, until))
    });
    let half = half_time(&core.rules(), case, &deadlines);
    // That nothing was done says more of a clock than that it ends.
    let said = half.and_then(|_| next_lawful(&deadlines)).map(|clock| clock.limit.clone());
    let nudged = deadlines.iter().filter(|clock| said.as_ref() != Some(&clock.limit));
    let nudges: Vec<Line> = nudged.filter_map(|clock| nudge(&core.rules(), clock)).collect();
    Due { next, others: lines.chain(half).chain(undecided).chain(nudges).chain(filed).collect() }
}

/// What is owed of a case that has ended: a receipt that waits for its answer, and the report that
/// was sent back.
fn of_ended(core: &Core, case: &Case) -> Vec<Line> {
    let (is_back, is_told) = (closing::is_report_back(case), closing::is_told(case));
    // Most have neither, and need no clocks.
    if case.history.is_some() || (!is_back && is_told) {
        return Vec::new();
    }
    let is_left = |deadline: &&Deadline| match line_of(deadline).map(|line| line.kind) {
        Some(LineKind::Assigned) => is_back,
        Some(LineKind::Clock) => deadline.receipt.is_some() && !is_told,
        _ => false,
    };
    in_order(clocks::of(core, case).iter().filter(is_left).filter_map(line_of))
}

/// Lines by their days, one of a kind on a day.
fn in_order(lines: impl Iterator<Item = Line>) -> Vec<Line> {
    let mut lines: Vec<Line> = lines.collect();
    lines.sort_unstable();
    lines.dedup_by_key(|line| (line.on, line.kind));
    lines
}

/// The days by which units and the office itself were asked to answer: units while the case is open,
/// a leader's instruction until it is answered or the case is in the archive.
fn awaited(case: &Case) -> Vec<Line> {
    if case.history.is_some() {
        return Vec::new();
    }
    // As the rules of the answers compare them: by day, on one day as they were entered.
    let newest = |deed: &Deed| {
        let own = case.steps_now().filter(|(_, step)| step.deed == *deed);
        own.map(|(number, step)| (step.on, number)).max()
    };
    let is_answered = |asked: (NaiveDate, u32), unit: UnitId| {
        newest(&Deed::Answered { unit }).is_some_and(|answer| answer > asked)
    };
    let stage = case.stage();
    let fed_back = newest(&Deed::FedBack);
    in_order(case.steps_now().filter_map(|(number, step)| match step.deed {
        Deed::Entrusted { unit, due_on }
        | Deed::Assisted { unit, due_on }
        | Deed::Released { unit, due_on }
            if stage.is_open() && !is_answered((step.on, number), unit) =>
        {
            Some(Line::new(LineKind::Answer, due_on))
        }
        Deed::Instructed { feedback_on, .. }
            if stage != Stage::Archived && Some((step.on, number)) > fed_back =>
        {
            Some(Line::new(LineKind::Feedback, feedback_on?))
        }
        _ => None,
    }))
}

/// Reg. 25(1): the report of a major or urgent matter, from the day on which it was marked so until
/// it is made; also of a matter that has ended. "Without delay" has no number: that day itself.
fn alarm(case: &Case) -> Option<Line> {
    let since = case.unreported_since().filter(|_| case.stage() != Stage::Archived)?;
    Some(Line::new(LineKind::Unreported, since))
}

/// What the state system lacks of a case: receipts that are not entered, and the result once the
/// case has ended (Reg. 21(2)).
fn filing(rules: &Rules, case: &Case) -> Vec<Line> {
    if case.history.is_some() {
        return Vec::new();
    }
    let (enter, fill) = rules.filing;
    let within = |kind: LineKind, from: NaiveDate, n_days: u32| {
        let counted =
            count(from, Length::new(n_days, Unit::Workday).ok()?, &rules.calendar).ok()?;
        Some(Line { provisional: counted.provisional, ..Line::new(kind, counted.latest) })
    };
    let ended_on = (!case.stage().is_open()).then(|| case.ended_on()).flatten();
    let lines = case.steps.values().filter_map(|step| {
        let Deed::Received { receipt, .. } = step.deed else { return None };
        match case.slips.get(&receipt)?.lacks {
            Lacks::Entry if enter > 0 => within(LineKind::Unentered, step.on, enter),
            Lacks::Result if fill > 0 => within(LineKind::Unreturned, ended_on?, fill),
            Lacks::Entry | Lacks::Result | Lacks::Nothing => None,
        }
    });
    lines.collect()
}

/// Some working days before a clock ends somebody is asked to get on, until it is soon due.
fn nudge(rules: &Rules, deadline: &Deadline) -> Option<Line> {
    let clock = line_of(deadline).filter(|_| rules.nudge > 0)?;
    let mut on = clock.on;
    while rules.calendar.workdays_between(on, clock.on) < u64::from(rules.nudge) {
        on = on.pred_opt()?;
    }
    let until = before_soon(rules, clock.on)?;
    let has_begun = deadline.from.is_none_or(|from| from < on);
    (on <= until && has_begun)
        .then(|| Line { provisional: clock.provisional, ..Line::hint(LineKind::Nudge, on, until) })
}

/// A case about whose acceptance nobody has decided.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Undecided {
    /// The day from which that is said: the time for the notice is over.
    pub since: NaiveDate,
    /// The sixty days counted from the receipt: they are not dodged by not deciding.
    pub reference: NaiveDate,
}

/// Whether nobody has decided yet that a case is taken on, or not (Reg. 23, 34).
pub fn undecided(core: &Core, case: &Case) -> Option<Undecided> {
    let waits = match case.stage() {
        Stage::Registered => true,
        Stage::Routed => case.route == Some(Route::Petition),
        _ => false,
    };
    if !waits {
        return None;
    }
    let rules = core.rules();
    let after = |id: &str| {
        let limit = rules.law.limits().iter().find(|limit| limit.id == id)?;
        case.received_on.checked_add_days(Days::new(u64::from(limit.length?.n())))
    };
    Some(Undecided { since: after(NOTICE)?, reference: after(CONCLUDE)? })
}

/// The clock of a case that a line stands for, as of today.
pub fn clock(eye: &Eye<'_>, case: &Case, line: &Line) -> Option<DeadlineView> {
    let deadlines = clocks::of(eye.core, case);
    if line.kind == LineKind::HalfTime {
        let mut view = eye.deadline(next_lawful(&deadlines)?);
        LineKind::HalfTime.word().clone_into(&mut view.rule);
        return Some(view);
    }
    if line.kind == LineKind::Unreported {
        let basis = ALARM_ARTICLE.to_owned();
        return Some(DeadlineView { basis, ..own_clock(eye, line) });
    }
    if matches!(
        line.kind,
        LineKind::Unentered | LineKind::Unreturned | LineKind::Answer | LineKind::Feedback
    ) {
        return Some(own_clock(eye, line));
    }
    if line.kind == LineKind::Nudge {
        let rules = eye.core.rules();
        let is_it =
            |deadline: &&Deadline| nudge(&rules, deadline).is_some_and(|own| own.on == line.on);
        let mut view = eye.deadline(deadlines.iter().find(is_it)?);
        LineKind::Nudge.word().clone_into(&mut view.rule);
        return Some(view);
    }
    if line.kind == LineKind::Undecided {
        let reference = undecided(eye.core, case)?.reference;
        let own = own_clock(eye, &Line::new(LineKind::Undecided, reference));
        return Some(DeadlineView { from: Some(case.received_on), ..own });
    }
    let is_it = |deadline: &&Deadline| {
        line_of(deadline).is_some_and(|own| (own.on, own.kind) == (line.on, line.kind))
    };
    deadlines.iter().find(is_it).map(|deadline| eye.deadline(deadline))
}

/// How a day of the office's own, which is still owed, stands today.
pub fn own_standing(eye: &Eye<'_>, on: NaiveDate) -> Standing {
    let today = eye.asking.today;
    let soon = u64::from(eye.book.office.soon_workdays);
    if today > on {
        Standing::Late
    } else if today == on {
        Standing::Today
    } else if eye.core.rules().calendar.workdays_between(today, on) <= soon {
        Standing::Soon
    } else {
        Standing::Running
    }
}

/// A line of a record that has no clocks of the law, as a clock of its own.
pub fn own_clock(eye: &Eye<'_>, line: &Line) -> DeadlineView {
    let today = eye.asking.today;
    let standing = match line.kind.manner() {
        Manner::Hint => Standing::Running,
        Manner::Owed => own_standing(eye, line.on),
    };
    DeadlineView {
        rule: line.kind.word().to_owned(),
        basis: String::new(),
        receipt: None,
        from: None,
        target: Some(line.on),
        latest: Some(line.on),
        standing,
        provisional: line.provisional,
        days_left: Some(line.on.signed_duration_since(today).num_days()),
        who: "every_body".to_owned(),
        certainty: None,
        name: None,
        met_on: None,
        why: None,
        extended_days: 0,
        spent: None,
    }
}

/// The line of a duty that runs towards a day; an option is the petitioner's or the office's
/// right and owes nothing, and what another body owes is not owed here.
fn line_of(deadline: &Deadline) -> Option<Line> {
    let is_owed = deadline.effect == Effect::Duty && deadline.who.is_office();
    let runs = deadline.state == State::Running && is_owed;
    let on = deadline.latest.filter(|_| runs)?;
    let kind = match deadline.limit.as_str() {
        AGREED => LineKind::Agreed,
        ASSIGNED => LineKind::Assigned,
        _ => LineKind::Clock,
    };
    Some(Line { provisional: deadline.provisional, ..Line::new(kind, on) })
}

/// The next clock of the law that is due.
pub fn next_lawful(deadlines: &[Deadline]) -> Option<&Deadline> {
    let is_lawful =
        |deadline: &&Deadline| line_of(deadline).is_some_and(|line| line.kind == LineKind::Clock);
    deadlines.iter().filter(is_lawful).min_by_key(|deadline| deadline.latest)
}

/// Half the time of the next lawful clock, or the part that the office has set, is gone and nothing
/// was done since its trigger: said until the clock itself is soon due.
fn half_time(rules: &Rules, case: &Case, deadlines: &[Deadline]) -> Option<Line> {
    if rules.half_time == 0 {
        return None;
    }
    let clock = next_lawful(deadlines)?;
    let (from, latest) = (clock.from?, clock.latest?);
    // A further receipt is no step of the office, and a paper alone settles nothing.
    let is_idle = |deed: &Deed| matches!(deed, Deed::Received { .. } | Deed::PaperMade { .. });
    let has_step = case.steps_now().any(|(_, step)| step.on > from && !is_idle(&step.deed));
    if has_step {
        return None;
    }
    let n_days = u64::try_from(latest.signed_duration_since(from).num_days()).ok()?;
    let on = from.checked_add_days(Days::new(n_days * u64::from(rules.half_time) / 100))?;
    let until = before_soon(rules, latest)?;
    (on <= until).then(|| Line {
        provisional: clock.provisional,
        ..Line::hint(LineKind::HalfTime, on, until)
    })
}

/// The last day on which a clock is not yet soon due.
fn before_soon(rules: &Rules, latest: NaiveDate) -> Option<NaiveDate> {
    let mut day = latest;
    while rules.calendar.workdays_between(day, latest) <= u64::from(rules.soon_workdays) {
        day = day.pred_opt()?;
    }
    Some(day)
}

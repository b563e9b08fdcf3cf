//! Clocks as replies show them: the answers of `law` in words of the door.

use chrono::NaiveDate;

use crate::api::days::Spent;
use crate::api::limit::LimitRow;
use crate::api::reply::{DeadlineView, Extendable};
use crate::domain::broken::Broken;
use crate::domain::case::Case;
use crate::domain::course::{Course, Extension};
use crate::law;
use crate::law::count::{Length, Unit};
use crate::law::deadline::{Basis, Deadline, State, Why, next_due};
use crate::law::extend::{ExtendRefusal, may_extend};
use crate::law::rule::{Effect, Law, Limit, Mark, OPTIONAL, Prolongation, When};
use crate::service::Core;
use crate::service::rules::Rules;

/// More days than any limit can be lengthened by: the law then says how many are left.
const TOO_MANY_DAYS: u32 = 3_000;

/// The id of the limit within which a transfer can be objected to.
const OBJECTION: &str = "objection";

/// A clock as of a day.
pub fn view(core: &Core, deadline: &Deadline, (today, soon): (NaiveDate, u32)) -> DeadlineView {
    let met_on = match deadline.state {
        State::Met { on } => Some(on),
        State::Running
        | State::Paused { .. }
        | State::Ended { .. }
        | State::Lapsed
        | State::NotStarted(_) => None,
    };
    let why = match deadline.state {
        State::NotStarted(why) => Some(why_key(why)),
        State::Ended { by, .. } => Some(word_of(by)),
        State::Running | State::Paused { .. } | State::Lapsed | State::Met { .. } => None,
    };
    DeadlineView {
        rule: deadline.limit.clone(),
        basis: match &deadline.basis {
            Basis::Article { norm, article } => {
                cited(&core.rules().law, (norm.as_str(), article.as_str()))
            }
            Basis::Letter { number } => number.clone(),
            Basis::Agreement => String::new(),
        },
        receipt: deadline.receipt,
        from: deadline.from,
        target: deadline.target,
        latest: deadline.latest,
        standing: deadline.standing(today, &core.rules().calendar, soon),
        provisional: deadline.provisional,
        days_left: deadline.days_left(today),
        who: word_of(deadline.who),
        certainty: deadline.mark.map(|letter| mark(letter).to_owned()),
        name: deadline.name.clone(),
        met_on,
        why,
        extended_days: deadline.extended_days,
        spent: deadline.spent(today, &core.rules().calendar).map(|spent| Spent {
            n: spent.n,
            length: spent.length.n(),
            unit: unit_word(spent.length.unit()).to_owned(),
        }),
    }
}

/// The article of the Regulation; of another norm its name before the article, so that nobody reads
/// the one for the other. An article that is not known yet is written as 0 and left out.
pub fn cited(law: &Law, (norm, article): (&str, &str)) -> String {
    let is_of_regulation = law.limits().first().is_some_and(|first| first.norm == norm);
    if is_of_regulation {
        return article.to_owned();
    }
    // What stands behind the name in brackets says how sure it is; the mark says that too.
    let name = norm.split('\u{ff08}').next().unwrap_or(norm);
    format!("{name}{}", if article == "0" { "" } else { article })
}

/// All clocks of a case, by the limits and the calendar at hand.
pub fn of(core: &Core, case: &Case) -> Vec<Deadline> {
    let rules = core.rules();
    law::deadlines(&course(core, case), &rules.law, &rules.calendar)
}

/// The latest day of a case's next clock by some rules, and whether it is provisional; none if it is
/// closed or nothing runs.
pub fn due_by(rules: &Rules, case: &Case) -> Option<(NaiveDate, bool)> {
    if !case.stage().is_open() {
        return None;
    }
    let course = Course { position: Some(rules.position), ..case.course() };
    let clocks = law::deadlines(&course, &rules.law, &rules.calendar);
    next_due(&clocks).and_then(|next| Some((next.latest?, next.provisional)))
}

/// The course of a case, with what the office's settings add to it.
pub fn course(core: &Core, case: &Case) -> Course {
    Course { position: Some(core.rules().position), ..case.course() }
}

/// The last day on which the newest transfer may be objected to (Reg. 23(3)).
pub fn objection_until(core: &Core, case: &Case) -> Option<NaiveDate> {
    let (receipt, _) = case.newest_transfer()?;
    of(core, case)
        .iter()
        .filter(|clock| clock.limit == OBJECTION && clock.receipt == Some(receipt))
        .find_map(|clock| clock.latest)
}

/// The latest day of the newest clock of a limit, if it has one.
pub fn latest_of(core: &Core, case: &Case, limit: &str) -> Option<NaiveDate> {
    of(core, case).iter().rev().find(|clock| clock.limit == limit).and_then(|clock| clock.latest)
}

/// Judges an extension by the limits, before the rule of the case is asked.
///
/// # Errors
/// What stands against it, with the day or the days left.
pub fn judge_extension(core: &Core, case: &Case, extension: Extension) -> Result<(), Broken> {
    may_extend(&course(core, case), &core.rules().law, &core.rules().calendar, extension)
        .map(|_latest| ())
        .map_err(broken)
}

/// The latest day of a case's limit with an extension that is not approved yet, and whether it is
/// provisional; none if it cannot be granted.
pub fn would_end(core: &Core, case: &Case, extension: Extension) -> Option<(NaiveDate, bool)> {
    let rules = core.rules();
    let course = course(core, case);
    let latest = may_extend(&course, &rules.law, &rules.calendar, extension).ok()?;
    Some((latest, !rules.calendar.knows(extension.approved_on, latest)))
}

/// Whether the office may handle a case in the simplified way: its limits are off until the office
/// loads them, and a petition of many is not for it.
///
/// # Errors
/// They are off, or it is one of many.
pub fn may_simplify(core: &Core, case: &Case) -> Result<(), Broken> {
    let is_on = core.rules().law.limits().iter().any(|row| row.applies_when == When::Simplified);
    if !is_on {
        return Err(Broken::new("simplified_is_off"));
    }
    if case.people >= core.book().office.group() {
        return Err(Broken::new("group_is_not_simplified"));
    }
    Ok(())
}

/// How far the limit of a case may still be lengthened, if it may today.
pub fn extendable(core: &Core, case: &Case, today: NaiveDate) -> Option<Extendable> {
    let course = course(core, case);
    let ask = |days| {
        let extension = Extension { days, approved_on: today };
        may_extend(&course, &core.rules().law, &core.rules().calendar, extension)
    };
    let Err(ExtendRefusal::TooManyDays { remaining: days }) = ask(TOO_MANY_DAYS) else {
        return None;
    };
    let latest = ask(days).ok()?;
    let rules = core.rules();
    let lengthened: Vec<&str> =
        rules.law.prolongations().iter().map(|row| row.extends.as_str()).collect();
    let approve_by = of(core, case)
        .iter()
        .filter(|clock| clock.state == State::Running)
        .find(|clock| lengthened.contains(&clock.limit.as_str()))
        .and_then(|clock| clock.latest)?;
    Some(Extendable { days, latest, approve_by })
}

/// All limits of a law, and after them the ways in which they may be lengthened.
pub fn rows(law: &Law) -> Vec<LimitRow> {
    let limits = law.limits().iter().map(limit_row);
    let longer = law.prolongations().iter().map(|row| prolongation_row(row, law.limits()));
    limits.chain(longer).collect()
}

/// The limits that are built in, for the page that is made of them.
pub fn national_rows() -> Vec<LimitRow> {
    rows(&Law::national())
}

/// The texts that the program brings along and that are off until an office loads them.
pub fn built_in(name: &str) -> Option<&'static str> {
    OPTIONAL.iter().find(|(own, _)| *own == name).map(|(_, text)| *text)
}

/// The limits of those texts.
pub fn optional_rows() -> Vec<LimitRow> {
    let laws = OPTIONAL.iter().filter_map(|(_, text)| Law::parse(text).ok());
    laws.flat_map(|law| rows(&law)).collect()
}

/// A limit as a row.
fn limit_row(limit: &Limit) -> LimitRow {
    LimitRow {
        id: limit.id.clone(),
        name: limit.name.clone(),
        norm: limit.norm.clone(),
        jurisdiction: limit.jurisdiction.clone(),
        article: limit.article.clone(),
        who: word_of(limit.who),
        starts: limit.starts.map(word_of),
        met_by: limit.met_by.iter().copied().map(word_of).collect(),
        routes: limit.routes.clone(),
        level: word_of(limit.level),
        position: limit.position.map(|position| position.word().to_owned()),
        channels: limit.channels.iter().map(|channel| channel.word().to_owned()).collect(),
        applies_when: word_of(limit.applies_when),
        per: word_of(limit.per),
        ends_on: limit.ends_on.iter().copied().map(word_of).collect(),
        lapses_on: limit.lapses_on.iter().copied().map(word_of).collect(),
        excusable: limit.excusable,
        extends: None,
        until: None,
        pauses: limit.pauses.iter().copied().map(word_of).collect(),
        length: limit.length.map_or(0, Length::n),
        unit: match limit.length {
            Some(length) => unit_word(length.unit()),
            None if limit.fill_in => "fill_in",
            None => "none",
        }
        .to_owned(),
        loaded: None,
        effect: match limit.effect {
            Effect::Duty => "duty",
            Effect::Option => "option",
        }
        .to_owned(),
        certainty: mark(limit.mark).to_owned(),
        in_force_from: limit.in_force_from,
    }
}

/// What a row that lengthens a limit has from it: its norm, and for whom and what that holds.
fn of_norm(limit: &Limit) -> LimitRow {
    LimitRow {
        norm: limit.norm.clone(),
        jurisdiction: limit.jurisdiction.clone(),
        level: word_of(limit.level),
        routes: limit.routes.clone(),
        position: limit.position.map(|position| position.word().to_owned()),
        applies_when: word_of(limit.applies_when),
        per: word_of(limit.per),
        ..LimitRow::default()
    }
}

/// The way in which a limit may be lengthened, as a row; it counts in the limit's own unit.
fn prolongation_row(row: &Prolongation, limits: &[Limit]) -> LimitRow {
    let extended = limits.iter().find(|limit| limit.id == row.extends);
    LimitRow {
        id: row.id.clone(),
        article: row.article.clone(),
        who: word_of(row.approver),
        length: row.days_max,
        unit: unit_word(extended.and_then(|limit| limit.length).map_or(Unit::Day, Length::unit))
            .to_owned(),
        effect: "extension".to_owned(),
        certainty: mark(row.mark).to_owned(),
        in_force_from: row.in_force_from,
        extends: Some(row.extends.clone()),
        until: Some(word_of(row.until)),
        ..extended.map_or_else(LimitRow::default, of_norm)
    }
}

/// The word of a unit of days, as in JSON.
pub const fn unit_word(unit: Unit) -> &'static str {
    match unit {
        Unit::Day => "day",
        Unit::Workday => "workday",
    }
}

const fn mark(mark: Mark) -> &'static str {
    match mark {
        Mark::A => "A",
        Mark::B => "B",
        Mark::C => "C",
        Mark::D => "D",
    }
}

/// The word of a value of a closed list, as in JSON.
pub fn word_of(value: impl serde::Serialize) -> String {
    let word = serde_json::to_value(value).unwrap_or_default();
    word.as_str().unwrap_or_default().to_owned()
}

fn why_key(why: Why) -> String {
    match why {
        Why::Awaiting(event) => {
            format!("awaiting.{}", word_of(event))
        }
        Why::RouteUndecided => "route_undecided".to_owned(),
        Why::OtherRoute => "other_route".to_owned(),
        Why::Excused => "excused".to_owned(),
        Why::NotInForce => "not_in_force".to_owned(),
        Why::NoNumber => "no_number".to_owned(),
        Why::NotFilledIn => "not_filled_in".to_owned(),
        Why::OutOfRange => "out_of_range".to_owned(),
    }
}

fn broken(refusal: ExtendRefusal) -> Broken {
    match refusal {
        ExtendRefusal::ZeroDays => Broken::new("extension_is_empty").at("extend.days"),
        ExtendRefusal::NoLimit | ExtendRefusal::WrongRoute => Broken::new("nothing_to_extend"),
        ExtendRefusal::NotAccepted => Broken::new("not_accepted"),
        ExtendRefusal::Concluded { on } => Broken::new("case_has_ended").with("day", on),
        ExtendRefusal::BeforeAcceptance { accepted_on } => {
            Broken::new("day_is_before_what_it_follows").at("extend.on").with("day", accepted_on)
        }
        ExtendRefusal::TooLate { latest } => {
            Broken::new("extension_is_too_late").at("extend.on").with("day", latest)
        }
        ExtendRefusal::Paused { since } => Broken::new("clock_stands_still").with("day", since),
        ExtendRefusal::TooManyDays { remaining } => {
            Broken::new("extension_is_too_long").at("extend.days").with("days", remaining)
        }
        ExtendRefusal::OutOfRange => Broken::new("day_is_beyond_every_calendar"),
    }
}

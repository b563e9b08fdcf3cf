//! What taking a change back would do to each record, and what stays and why.
//!
//! The preview and the order make the same plan, so that they cannot differ. A record of many is
//! kept back by itself; a change of a single thing is taken back whole or not at all.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::ControlFlow;

use serde_json::Value;

use crate::api::handover::Why;
use crate::api::undo::SHOWN_MAX;
use crate::domain::act::Act;
use crate::domain::broken::Broken;
use crate::domain::case::Case;
use crate::domain::fact::Fact;
use crate::domain::ids::{Kind, RecordRef, RequestId};
use crate::domain::policy::{self, Scope};
use crate::domain::undo as rule;
use crate::service::Asking;
use crate::service::clock::at_office;
use crate::service::stop::Stop;
use crate::service::undo::own::Target;
use crate::service::undo::{forbidden, tie};
use crate::store::fault::Fault;
use crate::store::history;
use crate::store::journal::{Actor, Deed, Line};
use crate::store::read::Read;
use crate::store::taken;

/// The act of lines by which the program notes what the calendar alone brought about.
const LAPSE: &str = "roster.lapse";
/// The most lines after a change in which somebody may have come to rely on what it made.
const LATER_MAX: usize = 50_000;

/// What would be done.
pub struct Plan {
    /// The change.
    pub target: Target,
    /// The records that would be changed, in the order of the change's lines.
    pub items: Vec<Item>,
    /// The records that would stay.
    pub kept: Vec<Kept>,
    /// Why nothing is done, if so.
    pub refused: Option<Broken>,
}

/// A record that would be changed.
pub struct Item {
    /// Which.
    pub record: RecordRef,
    /// What becomes of it.
    pub what: What,
    /// The word of the act that is taken back there.
    pub act: String,
    /// The facts of the present record to the one that it will be; only of the first records.
    pub facts: Vec<Fact>,
}

/// What becomes of a record.
pub enum What {
    /// It is taken out of the ledger.
    Remove,
    /// It is put into the ledger again.
    Restore(Value),
    /// Fields of it change.
    Change(Value),
}

/// A record that would stay.
#[derive(Debug, Clone)]
pub struct Kept {
    /// Which.
    pub record: RecordRef,
    /// Why.
    pub broken: Broken,
    /// The field that was changed since.
    pub field: Option<String>,
}

impl Kept {
    /// The reason as a reply carries it.
    pub fn why(&self) -> Why {
        Some((format!("broken.{}", self.broken.key), self.broken.args.clone()))
    }
}

impl Plan {
    /// What taking a change back would do now.
    ///
    /// # Errors
    /// A damaged ledger.
    pub fn make(ledger: &impl Read, asking: &Asking, target: Target) -> Result<Self, Stop> {
        let lines = taken::lines_of_change(ledger, target.revision)?;
        let mut plan = Self { target, items: Vec::new(), kept: Vec::new(), refused: None };
        if plan.target.act == rule::RECOVERED {
            plan.refused = Some(Broken::new("accounts_stay"));
            return Ok(plan);
        }
        let acts = lines.iter().map(acts_of).filter_map(Act::parse);
        let acts: BTreeSet<Act> = acts.chain(Act::parse(&plan.target.act)).collect();
        if let Some(key) = acts.iter().find_map(|act| rule::never(*act)) {
            plan.refused = Some(Broken::new(key));
            return Ok(plan);
        }
        let mut of_record: BTreeMap<RecordRef, Vec<Line>> = BTreeMap::new();
        let mut order: Vec<RecordRef> = Vec::new();
        for line in lines.into_iter().filter(|line| line.stamp.act != LAPSE) {
            let Some(record) = line.record else { continue };
            let own = of_record.entry(record).or_default();
            if own.is_empty() {
                order.push(record);
            }
            own.push(line);
        }
        let last = of_record.values().flatten().map(|line| line.sequence).max().unwrap_or(0);
        for record in order {
            let Some(lines) = of_record.remove(&record) else { continue };
            match plan.one(ledger, asking, (record, &lines))? {
                Ok(item) => plan.items.push(item),
                Err(kept) => plan.kept.push(kept),
            }
        }
        plan.keep_what_is_used(ledger, asking, last)?;
        plan.judge();
        Ok(plan)
    }

    fn judge(&mut self) {
        if self.refused.is_some() {
            return;
        }
        let first = self.kept.first();
        self.refused = match (first, self.target.is_batch) {
            (Some(first), false) => Some(first.broken.clone()),
            (Some(_), true) if self.items.is_empty() => {
                Some(Broken::new("nothing_is_taken_back").with("count", self.kept.len()))
            }
            _ if self.items.is_empty() => Some(Broken::new("nothing_is_left_of_it")),
            _ => None,
        };
    }

    /// One record: what becomes of it, or why it stays.
    fn one(
        &self,
        ledger: &impl Read,
        asking: &Asking,
        (record, lines): (RecordRef, &[Line]),
    ) -> Result<Result<Item, Kept>, Stop> {
        let keep = |broken, field| Ok(Err(Kept { record, broken, field }));
        let (Some(first), Some(last)) = (lines.first(), lines.last()) else {
            return keep(Broken::new("nothing_is_left_of_it"), None);
        };
        let mut facts = Vec::new();
        for line in lines {
            let Some(own) =
                history::facts_of(ledger, line)?.into_iter().collect::<Option<Vec<_>>>()
            else {
                return keep(Broken::new("values_are_erased"), None);
            };
            facts.extend(own);
        }
        if let Some(key) = facts.iter().find_map(|fact| rule::never_fact(record.kind, fact)) {
            return keep(Broken::new(key), None);
        }
        let what = what_of(ledger, record, (first.deed, last.deed), facts)?;
        // Before anything is told of what others did to it.
        if !what.is_open_to(ledger, asking, (record, acts_of(first)))? {
            return keep(Broken::new("act_is_not_yours_now"), None);
        }
        let since = Since::of(ledger, record, last)?;
        let (what, told) = match what {
            Turned::Remove if since.0.is_empty() => (What::Remove, Vec::new()),
            Turned::Remove => return keep(since.broken(None), None),
            Turned::Restore(value) => (What::Restore(value), Vec::new()),
            Turned::Back(current, facts) => {
                let touched = |field: &str| facts.iter().any(|f| rule::overlap(&f.field, field));
                if let Some(field) = since.field(&touched) {
                    return keep(since.broken(Some(&field)), Some(field));
                }
                match rule::without(&current, facts.iter().rev()) {
                    Ok(next) if next == current => {
                        return keep(Broken::new("nothing_is_left_of_it"), None);
                    }
                    Ok(next) => {
                        let told = crate::domain::fact::diff(&current, &next);
                        (What::Change(next), told)
                    }
                    Err(field) => return keep(since.broken(Some(&field)), Some(field)),
                }
            }
            Turned::Nothing => return keep(Broken::new("record_is_gone"), None),
        };
        if let Some(broken) = forbidden::why(ledger, asking, (record, &what))? {
            return keep(broken, None);
        }
        let act = acts_of(first).to_owned();
        let facts = if self.items.len() < SHOWN_MAX { told } else { Vec::new() };
        Ok(Ok(Item { record, what, act, facts }))
    }

    /// What was made by the change stays where somebody relies on it, or something that stays does.
    fn keep_what_is_used(
        &mut self,
        ledger: &impl Read,
        asking: &Asking,
        last: u64,
    ) -> Result<(), Stop> {
        let made: BTreeSet<RecordRef> = self
            .items
            .iter()
            .filter(|item| matches!(item.what, What::Remove))
            .map(|item| item.record)
            .collect();
        if made.is_empty() {
            return Ok(());
        }
        let own: BTreeSet<RecordRef> = self.items.iter().map(|item| item.record).collect();
        let mut relying: Vec<RecordRef> = self.kept.iter().map(|kept| kept.record).collect();
        let (mut later, mut n_lines) = (BTreeSet::new(), 0);
        taken::lines_from(ledger, last + 1, &mut |line| {
            n_lines += 1;
            later.extend(line.record.filter(|record| !own.contains(record)));
            let is_enough = n_lines > LATER_MAX;
            Ok(if is_enough { ControlFlow::Break(()) } else { ControlFlow::Continue(()) })
        })?;
        if n_lines > LATER_MAX {
            self.refused = Some(Broken::new("too_much_came_after"));
            return Ok(());
        }
        relying.extend(later);
        let mut used: BTreeMap<RecordRef, RecordRef> = BTreeMap::new();
        while let Some(by) = relying.pop() {
            let Some(json) = taken::json(ledger, by)? else { continue };
            for record in rule::mentions(&json).intersection(&made) {
                if *record != by && !used.contains_key(record) {
                    used.insert(*record, by);
                    relying.push(*record);
                }
            }
        }
        self.items.retain(|item| !used.contains_key(&item.record));
        for (record, by) in used {
            let number = called(ledger, asking, by)?;
            let broken = Broken::new("record_is_used").with("number", number);
            self.kept.push(Kept { record, broken, field: None });
        }
        Ok(())
    }
}

/// What a record is called where somebody relies on it: its number, if it is a case that the asker
/// may know of.
fn called(ledger: &impl Read, asking: &Asking, record: RecordRef) -> Result<String, Stop> {
    if record.kind == Kind::Case
        && let Some(case) = ledger.load::<Case>(record.id)?
        && policy::sees(&asking.asker, &Scope::of(&case), case.readers.as_ref())
    {
        return Ok(case.number);
    }
    Ok(String::new())
}

/// The word of the act of a line: of what is taken back, where it takes something back itself.
fn acts_of(line: &Line) -> &str {
    line.stamp.takes_back.as_ref().map_or(&line.stamp.act, |taken| &taken.act)
}

/// The facts of a record turned round.
enum Turned {
    Remove,
    Restore(Value),
    /// The present record, and the facts that led to it, the oldest first.
    Back(Value, Vec<Fact>),
    Nothing,
}

impl Turned {
    /// Whether an account may do an act on the record, as it is or as it would be again.
    fn is_open_to(
        &self,
        ledger: &impl Read,
        asking: &Asking,
        (record, act): (RecordRef, &str),
    ) -> Result<bool, Stop> {
        let present = taken::json(ledger, record)?;
        let next = match self {
            Self::Remove | Self::Nothing => None,
            Self::Restore(value) => Some(value.clone()),
            Self::Back(current, facts) => rule::without(current, facts.iter().rev()).ok(),
        };
        let states = [present.as_ref(), next.as_ref()];
        Ok(states == [None, None] || tie::may(ledger, asking, (record, act, states))?)
    }
}

fn what_of(
    ledger: &impl Read,
    record: RecordRef,
    deeds: (Deed, Deed),
    facts: Vec<Fact>,
) -> Result<Turned, Fault> {
    let current = taken::json(ledger, record)?;
    Ok(match (deeds, current) {
        ((Deed::Created, Deed::Removed), _) => Turned::Nothing,
        ((Deed::Created, _), Some(_)) => Turned::Remove,
        ((_, Deed::Removed), None) => {
            let old = facts.into_iter().next_back().map(|whole| whole.old);
            old.map_or(Turned::Nothing, Turned::Restore)
        }
        ((_, Deed::Removed), Some(_)) | (_, None) => Turned::Nothing,
        (_, Some(current)) => Turned::Back(current, rule::apart(record.kind, facts)),
    })
}

/// What is another way with a record since a line: changes that came and stand, and changes from
/// before that were taken back. What came and went, or went and came again, is as it was.
struct Since(Vec<(RequestId, Line)>);

impl Since {
    fn of(ledger: &impl Read, record: RecordRef, last: &Line) -> Result<Self, Fault> {
        let mut other: Vec<(RequestId, Line)> = Vec::new();
        let mut settled = BTreeSet::new();
        for line in history::lines_of(ledger, record, last.version, usize::MAX)? {
            let taken = line.stamp.takes_back.as_ref();
            let change = taken.map_or(line.stamp.change, |taken| taken.change);
            // The opposite of what is there takes it away again; a change has lines of one stamp.
            let opposite = |(own, known): &(RequestId, Line)| {
                *own == change && known.stamp.change != line.stamp.change
            };
            if other.iter().any(opposite) {
                other.retain(|known| !opposite(known));
                settled.insert(line.stamp.change);
            } else if !settled.contains(&line.stamp.change) {
                other.push((change, line));
            }
        }
        Ok(Self(other))
    }

    /// The last field that was changed among those that are meant.
    fn field(&self, is_meant: &dyn Fn(&str) -> bool) -> Option<String> {
        let fields = self.0.iter().rev().flat_map(|(_, line)| line.fields.iter().rev());
        let mut fields = fields.filter(|field| is_meant(field));
        fields.next().cloned()
    }

    /// That something was changed since: by whom, and when.
    fn broken(&self, field: Option<&str>) -> Broken {
        let is_it = |line: &Line| {
            field.is_none_or(|field| line.fields.iter().any(|own| rule::overlap(own, field)))
        };
        let line = self.0.iter().rev().map(|(_, line)| line).find(|line| is_it(line));
        let Some(line) = line else { return Broken::new("nothing_is_left_of_it") };
        let who = match &line.stamp.actor {
            Actor::Clerk { login, .. } => login.clone(),
            Actor::System => String::new(),
        };
        let at = at_office(line.stamp.at).format("%Y-%m-%d %H:%M");
        let key = if who.is_empty() { "changed_since_by_rule" } else { "changed_since" };
        Broken::new(key).with("who", who).with("at", at)
    }
}

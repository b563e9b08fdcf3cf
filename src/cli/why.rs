//! Why a day is due: the count day by day, of a clock of a case or of any number of days.

use clap::ArgMatches;

use crate::api::days::{DayMark, WhyQuery, WhyView};
use crate::api::door::Door;
use crate::api::refusal::{Refusal, RefusalKind};
use crate::api::reply::{CaseSheet, DeadlineView, Reply};
use crate::api::request::Request;
use crate::cli::tell::{Outcome, Voice, table};
use crate::cli::{law, orders};
use crate::locale::{self, Lang};
use crate::tui::app::picture::dated;

/// `case why`: the count of the clock that is named, else of the one that is due next.
///
/// # Errors
/// A refusal; no such clock, or one whose day is not counted.
pub fn case(door: &mut dyn Door, voice: Voice, matches: &ArgMatches) -> Outcome {
    let text = matches.get_one::<String>("record").map_or("", String::as_str);
    let sheet = orders::case(door, text)?;
    let named = matches.get_one::<String>("clock");
    let clock = clock(&sheet, named.map(String::as_str));
    let clock = clock.ok_or_else(|| Refusal::new(RefusalKind::NotFound, "no_counted_clock"))?;
    let Some(from) = clock.from else {
        return Err(Refusal::new(RefusalKind::NotFound, "no_counted_clock"));
    };
    let (case, rule, receipt) = (sheet.case.id, clock.rule.clone(), clock.receipt);
    explain(door, voice, WhyQuery::Clock { case, rule, receipt, from })
}

/// The clock of that name, or the next one; only clocks whose days are counted.
fn clock<'s>(sheet: &'s CaseSheet, named: Option<&str>) -> Option<&'s DeadlineView> {
    let is_counted = |clock: &&DeadlineView| clock.certainty.is_some() && clock.from.is_some();
    let counted = || sheet.deadlines.iter().filter(is_counted);
    match named {
        Some(rule) => counted().find(|clock| clock.rule == rule),
        None => {
            let next = sheet.next.as_ref().filter(is_counted);
            next.or_else(|| counted().find(|clock| clock.met_on.is_none()))
        }
    }
}

/// Every day of a count.
///
/// # Errors
/// A refusal.
pub fn explain(door: &mut dyn Door, voice: Voice, query: WhyQuery) -> Outcome {
    let Reply::Why(view) = door.call(Request::Why(query))? else {
        return Err(Refusal::new(RefusalKind::Fault, "fault"));
    };
    voice.say(&view, |lang| {
        let text = |key: &str| locale::text(lang, key);
        let rows: Vec<Vec<String>> = view
            .days
            .iter()
            .map(|of| {
                let mut kind = vec![text(&format!("day.{}", of.day.mark.word()))];
                kind.extend(of.day.name.clone().filter(|_| of.day.mark == DayMark::Off));
                kind.extend((!of.day.known).then(|| text("row.provisional")));
                vec![
                    of.n.map_or_else(String::new, |n| n.to_string()),
                    dated(lang, of.day.on),
                    kind.join(" "),
                    text(&format!("why.part.{}", of.part.word())),
                ]
            })
            .collect();
        let key = if view.provisional { "shell.days.provisional" } else { "shell.days" };
        let args = [("target", view.target.to_string()), ("latest", view.latest.to_string())];
        head(lang, &view) + &table(&rows) + &locale::fill(lang, key, &args) + "\n"
    })
}

/// Which clock is counted, of which case.
fn head(lang: Lang, view: &WhyView) -> String {
    let Some(clock) = &view.clock else { return String::new() };
    let name = law::name(lang, (&clock.rule, clock.name.as_ref()));
    format!("{}\n{name}({})\n", view.title.clone().unwrap_or_default(), clock.basis)
}

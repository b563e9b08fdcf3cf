//! Texts about the roster that go out on paper: the notice of who answers for the help, and the
//! roster as it stood on a day.
//!
//! A notice says what the office does and for whom it may be asked; it says nothing about the
//! person but their own request.

use std::fmt::Write as _;

use chrono::NaiveDate;

use crate::api::reply::{Me, OfficerRow};
use crate::api::roster::{EntryRow, EntrySheet, OwedView, StoodView};
use crate::domain::ids::OfficerId;
use crate::locale::{self, Lang};
use crate::tui::app::picture::dated;

/// The two letters that follow from an entry: to the person, and to the leader.
pub fn notices(lang: Lang, me: &Me, (sheet, officers): (&EntrySheet, &[OfficerRow])) -> String {
    let person = to_person(lang, me, (sheet, officers));
    let lead = to_lead(lang, me, (sheet, officers));
    format!("{person}\n{}\n\n{lead}", locale::text(lang, "letter.cut"))
}

/// The letter that tells the person who answers for the help (Reg. 18(2), 37(3)).
pub fn to_person(lang: Lang, me: &Me, (sheet, officers): (&EntrySheet, &[OfficerRow])) -> String {
    let args = args(lang, me, (sheet, officers));
    let mut keys = vec!["letter.person.head", "letter.person.who", "letter.lead", "letter.officer"];
    keys.extend(["letter.measures", "letter.contact"]);
    keys.extend(sheet.entry.promise.as_ref().map(|_| "letter.promise"));
    keys.extend(["letter.person.basis", "letter.person.rights", "letter.sign", "letter.told"]);
    page(lang, ("letter.person.title", &keys), &args)
}

/// The letter that tells the leader what they answer for (Reg. 18(2)).
pub fn to_lead(lang: Lang, me: &Me, (sheet, officers): (&EntrySheet, &[OfficerRow])) -> String {
    let args = args(lang, me, (sheet, officers));
    let mut keys = vec!["letter.lead.head", "letter.lead.who", "letter.lead.person"];
    keys.extend(["letter.lead.ground", "letter.officer", "letter.measures", "letter.contact"]);
    keys.extend(sheet.entry.promise.as_ref().map(|_| "letter.promise"));
    keys.extend(["letter.lead.review"]);
    keys.extend(sheet.case.next.as_ref().and_then(|next| next.latest).map(|_| "letter.lead.clock"));
    keys.extend(["letter.lead.basis", "letter.sign", "letter.lead.taken"]);
    page(lang, ("letter.lead.title", &keys), &args)
}

/// A letter: its title, then its paragraphs.
fn page(lang: Lang, (title, keys): (&str, &[&str]), args: &[(&str, String)]) -> String {
    let mut page = locale::fill(lang, title, args) + "\n\n";
    for key in keys {
        page.push_str(&locale::fill(lang, key, args));
        page.push('\n');
    }
    page
}

fn args(
    lang: Lang,
    me: &Me,
    (sheet, officers): (&EntrySheet, &[OfficerRow]),
) -> Vec<(&'static str, String)> {
    let (entry, row) = (&sheet.entry, &sheet.row);
    let day = |on: NaiveDate| dated(lang, on);
    let ground = format!("choice.roster_ground.{}", entry.ground.word());
    let promise = entry.promise.as_ref();
    let clock = sheet.case.next.as_ref();
    let limit = |rule: &String| {
        locale::find(lang, &format!("limit.{rule}")).map_or_else(|| rule.clone(), str::to_owned)
    };
    vec![
        ("town", me.town.clone()),
        ("today", day(me.today)),
        ("name", row.name.clone().unwrap_or_else(|| locale::text(lang, "row.anonymous"))),
        ("village", row.village.clone().unwrap_or_default()),
        ("number", row.number.clone()),
        ("title", flat(&row.title)),
        ("ground", locale::text(lang, &ground)),
        ("reason", flat(&entry.reason)),
        ("lead", titled(lang, officers, (entry.lead, row.lead.as_ref()))),
        ("officer", titled(lang, officers, (entry.officer, row.officer.as_ref()))),
        ("phone", phone(lang, officers, entry.officer)),
        ("measures", flat(&entry.measures)),
        ("contact", day(entry.contact_on)),
        ("review", day(entry.review_on)),
        ("promise", promise.map(|promise| flat(&promise.text)).unwrap_or_default()),
        ("promised", promise.map(|promise| day(promise.by_on)).unwrap_or_default()),
        ("limit", clock.map(|clock| limit(&clock.rule)).unwrap_or_default()),
        ("latest", clock.and_then(|clock| clock.latest).map(day).unwrap_or_default()),
    ]
}

/// An officer with their post.
fn titled(lang: Lang, officers: &[OfficerRow], (id, name): (OfficerId, Option<&String>)) -> String {
    let name = name.cloned().unwrap_or_else(|| locale::text(lang, "row.nobody"));
    let post = officers.iter().find(|own| own.id == id).and_then(|own| own.post.clone());
    match post {
        Some(post) => locale::fill(lang, "letter.name_post", &[("name", name), ("post", post)]),
        None => name,
    }
}

/// The telephone of an officer, or a blank to be filled in by hand.
fn phone(lang: Lang, officers: &[OfficerRow], id: OfficerId) -> String {
    let own = officers.iter().find(|own| own.id == id);
    let phone = own.and_then(|own| own.values.iter().find(|(name, _)| name == "phone"));
    let phone = phone.map(|(_, phone)| phone.trim()).filter(|phone| !phone.is_empty());
    phone.map_or_else(|| locale::text(lang, "letter.blank"), str::to_owned)
}

/// The roster as it stood on a day, for paper.
pub fn stood(lang: Lang, me: &Me, view: &StoodView) -> String {
    let args = [
        ("town", me.town.clone()),
        ("day", dated(lang, view.on)),
        ("today", dated(lang, me.today)),
        ("count", view.rows.len().to_string()),
    ];
    let mut page = String::new();
    // Writing to a string cannot fail.
    let _ = writeln!(page, "{}\n", locale::fill(lang, "letter.stood.title", &args));
    let _ = writeln!(page, "{}\n", locale::fill(lang, "letter.stood.made", &args));
    for (at, row) in view.rows.iter().enumerate() {
        let _ = writeln!(page, "{}", entry(lang, (at + 1, row)));
    }
    let key = if view.rows.is_empty() { "letter.stood.none" } else { "letter.stood.end" };
    let _ = writeln!(page, "{}", locale::text(lang, key));
    page
}

fn entry(lang: Lang, (at, row): (usize, &EntryRow)) -> String {
    let nobody = || locale::text(lang, "row.nobody");
    let state = locale::text(lang, &format!("entry.state.{}", row.state.word()));
    let since = row.since.map_or(state, |since| {
        locale::fill(lang, "letter.stood.since", &[("day", since.to_string())])
    });
    let args = [
        ("at", at.to_string()),
        ("name", row.name.clone().unwrap_or_else(|| locale::text(lang, "row.anonymous"))),
        ("village", row.village.clone().unwrap_or_default()),
        ("ground", locale::text(lang, &format!("choice.roster_ground.{}", row.ground.word()))),
        ("since", since),
        ("lead", row.lead.clone().unwrap_or_else(nobody)),
        ("officer", row.officer.clone().unwrap_or_else(nobody)),
        ("owed", row.owed.first().map(|owed| what(lang, owed)).unwrap_or_default()),
        ("number", row.number.clone()),
        ("title", flat(&row.title)),
    ];
    let lines = ["letter.stood.entry", "letter.stood.who", "letter.stood.case"];
    lines.map(|key| locale::fill(lang, key, &args)).join("\n")
}

/// What was owed next, and how long it was still to that day.
fn what(lang: Lang, owed: &OwedView) -> String {
    let kind = locale::text(lang, &format!("owed.{}", owed.kind.word()));
    let limit = owed.rule.as_ref().and_then(|rule| locale::find(lang, &format!("limit.{rule}")));
    let kind = limit.map_or(kind, str::to_owned);
    let days = [("days", owed.days_left.unsigned_abs().to_string())];
    let left = match owed.days_left {
        0 => locale::text(lang, "row.today"),
        1.. => locale::fill(lang, "row.days_left", &days),
        _ => locale::fill(lang, "row.days_late", &days),
    };
    format!("{kind} {} {left}", owed.on)
}

fn flat(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

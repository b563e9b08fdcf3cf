//! `doctor`: the test of an installation, line by line, and what is to be done where one fails.
//!
//! It looks only at what this account may see, changes nothing, and starts no server.

mod machine;

use std::io::IsTerminal as _;

use chrono::{Datelike as _, NaiveDate};
use serde::Serialize;

use crate::api::door::Door;
use crate::api::refusal::Refusal;
use crate::api::reply::{Me, Reply};
use crate::api::request::Request;
use crate::cli::place::Place;
use crate::cli::screen::{is_utf8, set};
use crate::cli::tell::{Outcome, Told, Voice, refusal_text, table};
use crate::domain::choice::Role;
use crate::link::open::{self, Served};
use crate::locale::{self, Lang};
use crate::service::clock::Clock;
use crate::service::health;
use crate::tui::look::Ambiguous;
use crate::tui::prefs::kept_name;
use crate::tui::terminal::{Mouse, Tty};

/// The least room that every screen needs.
const SIZE_LEAST: (u16, u16) = (80, 24);
/// The user id of root.
const ROOT: u32 = 0;
/// The least free bytes, where the ledger itself is smaller.
const FREE_LEAST: u64 = 100 << 20;
/// The month from which next year's calendar must be there.
const CALENDAR_MONTH: u32 = 11;

/// One line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Sign {
    /// What was looked at; its name stands under `doctor.`.
    check: &'static str,
    /// Whether it is as it should be.
    good: bool,
    /// What was found, in words.
    found: String,
    /// What is to be done.
    #[serde(skip_serializing_if = "Option::is_none")]
    mend: Option<String>,
}

/// What `doctor --json` says.
#[derive(Serialize)]
struct Signs<'s> {
    good: bool,
    checks: &'s [Sign],
}

/// `doctor`.
///
/// # Errors
/// None: what is wrong is what it tells.
pub fn doctor(place: &Place, voice: Voice) -> Outcome {
    let mut signs = Looking { lang: voice.lang, signs: Vec::new() };
    signs.terminal();
    signs.zone();
    signs.folder(place);
    signs.server(place);
    signs.machine();
    signs.ledger(place);
    let signs = signs.signs;
    let good = signs.iter().all(|sign| sign.good);
    voice.say(&Signs { good, checks: &signs }, |lang| text(lang, &signs))?;
    Ok(if good { Told::Done } else { Told::Nothing })
}

fn text(lang: Lang, signs: &[Sign]) -> String {
    let word = |key: &str| locale::text(lang, key);
    let mut rows = Vec::new();
    for sign in signs {
        let stands = word(if sign.good { "doctor.ok" } else { "doctor.mend" });
        rows.push(vec![stands, word(&format!("doctor.{}", sign.check)), sign.found.clone()]);
        rows.extend(sign.mend.clone().map(|mend| vec![String::new(), String::new(), mend]));
    }
    let n_bad = signs.iter().filter(|sign| !sign.good).count();
    let key = if n_bad == 0 { "doctor.all_good" } else { "doctor.n_bad" };
    table(&rows) + &locale::fill(lang, key, &[("count", n_bad.to_string())]) + "\n"
}

/// The lines as they are found.
struct Looking {
    lang: Lang,
    signs: Vec<Sign>,
}

impl Looking {
    fn fill(&self, key: &str, args: &[(&str, String)]) -> String {
        locale::fill(self.lang, key, args)
    }

    fn good(&mut self, check: &'static str, found: String) {
        self.signs.push(Sign { check, good: true, found, mend: None });
    }

    fn bad(&mut self, check: &'static str, (found, mend): (String, String)) {
        self.signs.push(Sign { check, good: false, found, mend: Some(mend) });
    }

    /// What a refusal says: the first half is what was found, the second what is to be done.
    fn refused(&mut self, check: &'static str, refusal: &Refusal) {
        let told = refusal_text(self.lang, refusal);
        let (found, mend) = told.split_once(['\u{ff1b}', ';']).unwrap_or((&told, ""));
        let mend =
            if mend.is_empty() { self.fill("doctor.ask", &[]) } else { mend.trim().to_owned() };
        self.bad(check, (found.to_owned(), mend));
    }

    /// Locale, kind and size of the terminal, and how wide it draws ambiguous characters.
    fn terminal(&mut self) {
        let named = ["LC_ALL", "LC_CTYPE", "LANG"].into_iter().find_map(set);
        let named = named.unwrap_or_else(|| self.fill("doctor.unset", &[]));
        match is_utf8() {
            true => self.good("locale", named),
            false => {
                let mend = self.fill("doctor.locale.mend", &[]);
                self.bad("locale", (named, mend));
            }
        }
        let term = set("TERM").unwrap_or_default();
        let is_terminal = std::io::stdin().is_terminal() && std::io::stdout().is_terminal();
        let Some(tty) = Tty::of_process().ok().filter(|_| is_terminal) else {
            // From a script there is none, and none is needed.
            let found = self.fill("doctor.no_terminal", &[]);
            return self.good("terminal", found);
        };
        let size = tty.size();
        let args = [
            ("term", term.clone()),
            ("columns", size.width.to_string()),
            ("rows", size.height.to_string()),
        ];
        let found = self.fill("doctor.terminal.found", &args);
        if term.is_empty() || term == "dumb" {
            let mend = self.fill("doctor.terminal.mend_kind", &[]);
            self.bad("terminal", (found, mend));
        } else if size.width < SIZE_LEAST.0 || size.height < SIZE_LEAST.1 {
            let mend = self.fill("doctor.terminal.mend_size", &[]);
            self.bad("terminal", (found, mend));
        } else {
            self.good("terminal", found);
        }
    }

    /// The office's days are those of China, whatever the machine says.
    fn zone(&mut self) {
        let hours = |seconds: i32| format!("UTC{:+}", f64::from(seconds) / 3600.0);
        let args = [
            ("machine", hours(Clock::machine_ahead())),
            ("office", hours(Clock::office_ahead())),
            ("day", Clock::System.day().to_string()),
        ];
        let found = self.fill("doctor.zone.found", &args);
        self.good("zone", found);
    }

    /// Owner, mode and shape of the ledger's folder and files, and the room on its disk.
    fn folder(&mut self, place: &Place) {
        let link = place.link();
        let kept_at = open::kept_at(&link);
        if kept_at.is_none()
            && open::served(&link).is_ok_and(|served| served.facts.is_ok_and(|it| it.is_some()))
        {
            // A service keeps it in a folder of its own, which this account cannot see.
            let found = self.fill("doctor.folder.service", &[]);
            return self.good("folder", found);
        }
        let data = kept_at.as_deref().unwrap_or(&place.data);
        for (check, flaw) in health::examine(data, open::judged_as(data)) {
            match flaw {
                None => {
                    let found = self.fill("doctor.closed_to_others", &[]);
                    self.good(check, found);
                }
                Some(_) if check == "left_over" => {
                    let mend = self.fill("doctor.left_over.mend", &[]);
                    let found = self.fill("doctor.left_over.found", &[]);
                    self.bad(check, (found, mend));
                }
                Some(refusal) => self.refused(check, &refusal),
            }
        }
        if let Some((free, size)) = health::room(data) {
            let mega = |bytes: u64| (bytes >> 20).to_string();
            let args = [("free", mega(free)), ("size", mega(size))];
            let found = self.fill("doctor.room.found", &args);
            if free < size.max(FREE_LEAST) {
                let mend = self.fill("doctor.room.mend", &[]);
                self.bad("room", (found, mend));
            } else {
                self.good("room", found);
            }
        }
    }

    /// Where the server's socket lies, and whether one of the same build answers there.
    fn server(&mut self, place: &Place) {
        let served = match open::served(&place.link()) {
            Ok(served) => served,
            Err(refusal) => return self.refused("socket", &refusal),
        };
        let Served { socket, is_safe, is_for_all, facts } = served;
        let socket = [("socket", socket.display().to_string())];
        let found = self.fill("doctor.socket.found", &socket);
        match is_safe {
            Some(false) => {
                let mend = self.fill("doctor.socket.mend", &[]);
                self.bad("socket", (found, mend));
            }
            Some(true) | None if is_for_all => {
                let mend = self.fill("doctor.socket.for_all", &[]);
                self.bad("socket", (found, mend));
            }
            Some(true) | None => self.good("socket", found),
        }
        match facts {
            Err(refusal) => self.refused("server", &refusal),
            Ok(None) => {
                let found = self.fill("doctor.server.none", &[]);
                self.good("server", found);
            }
            Ok(Some(facts)) if facts.build != open::own_build() => {
                let found = self.fill("doctor.server.other", &[("build", facts.build)]);
                let mend = self.fill("doctor.server.mend", &[]);
                self.bad("server", (found, mend));
            }
            Ok(Some(facts)) => {
                let args = [("build", facts.build), ("login", facts.login)];
                let found = self.fill("doctor.server.found", &args);
                self.good("server", found);
            }
        }
    }

    /// What the ledger itself says, through the door of this account.
    fn ledger(&mut self, place: &Place) {
        let link = place.link();
        // Who opens the ledger of an earlier program brings it up to date, which a test must not.
        if link.has_ledger() && !link.is_served() && health::is_current(&place.data) == Ok(false) {
            let found = self.fill("doctor.state.older", &[]);
            return self.good("state", found);
        }
        let door = open::brief_door(&link);
        let mut door = match door {
            Ok(door) => door,
            // A ledger of the service that is not being served: root is not to open it.
            Err(refusal)
                if refusal.key == "refusal.wrong_owner"
                    && open::judged_as(&place.data).is_some() =>
            {
                let found = self.fill("doctor.account.root", &[]);
                return self.good("account", found);
            }
            Err(refusal) => return self.refused("account", &refusal),
        };
        let me = match door.call(Request::Greet) {
            Ok(Reply::Me(me)) => me,
            Ok(_) => return,
            // Root keeps the machine and needs no user of the ledger.
            Err(refusal) if open::whoami().uid == ROOT && refusal.key == "refusal.no_account" => {
                let found = self.fill("doctor.account.root", &[]);
                return self.good("account", found);
            }
            Err(refusal) => return self.refused("account", &refusal),
        };
        let officer =
            me.officer.as_ref().map_or_else(|| me.login.clone(), |(_, name)| name.clone());
        let roles: Vec<String> = me
            .roles
            .iter()
            .map(|role| locale::text(self.lang, &format!("choice.role.{}", role.word())))
            .collect();
        let args = [("name", officer), ("roles", roles.join(" ")), ("town", me.town.clone())];
        let found = self.fill("doctor.account.found", &args);
        self.good("account", found);
        self.roles(door.as_mut());
        self.state(door.as_mut());
        self.calendar(door.as_mut(), &me);
        self.backup(&me);
        self.width(door.as_mut());
    }

    /// Whether one account is both administrator and director although the office has others.
    fn roles(&mut self, door: &mut dyn Door) {
        // Who may not list accounts cannot mend them either.
        let Ok(Reply::Clerks(rows)) = door.call(Request::Clerks) else { return };
        let rows: Vec<_> = rows.into_iter().filter(|row| row.is_open).collect();
        let holds = |wanted: Role| move |role: &Role| *role == wanted;
        let both = rows.iter().find(|row| {
            row.roles.iter().any(holds(Role::Admin)) && row.roles.iter().any(holds(Role::Director))
        });
        let found = self.fill("doctor.roles.found", &[("count", rows.len().to_string())]);
        match both.filter(|_| rows.len() > 1) {
            Some(both) => {
                let mend = self.fill("doctor.roles.mend", &[("login", both.login.clone())]);
                self.bad("roles", (found, mend));
            }
            None => self.good("roles", found),
        }
    }

    fn state(&mut self, door: &mut dyn Door) {
        let Ok(Reply::Status(status)) = door.call(Request::Status) else { return };
        let found = match (status.revision, status.journal) {
            (Some(revision), Some(journal)) => {
                let args = [("revision", revision.0.to_string()), ("journal", journal.to_string())];
                self.fill("doctor.state.found", &args)
            }
            _ => self.fill("doctor.state.open", &[]),
        };
        match status.read_only {
            Some(key) => {
                let mend = self.fill(&key, &[]);
                self.bad("state", (found, mend));
            }
            None => self.good("state", found),
        }
    }

    /// Whether the notices of days off are there: this year's always, next year's from November.
    fn calendar(&mut self, door: &mut dyn Door, me: &Me) {
        let year = me.today.year();
        let mut is_known = |year: i32| match door.call(Request::Calendar { year }) {
            Ok(Reply::Calendar(view)) => view.known,
            _ => false,
        };
        let (this, next) = (is_known(year), is_known(year + 1));
        let missing =
            if !this { Some(year) } else { (!next && is_late(me.today)).then_some(year + 1) };
        match missing {
            Some(missing) => {
                let args = [("year", missing.to_string())];
                let found = self.fill("doctor.calendar.missing", &args);
                let mend = self.fill("doctor.calendar.mend", &args);
                self.bad("calendar", (found, mend));
            }
            None => {
                let key = if next { "doctor.calendar.both" } else { "doctor.calendar.this" };
                let found =
                    self.fill(key, &[("year", year.to_string()), ("next", (year + 1).to_string())]);
                self.good("calendar", found);
            }
        }
    }

    /// How old the newest backup is, as an administrator is told of it.
    fn backup(&mut self, me: &Me) {
        if !me.roles.contains(&Role::Admin) {
            return;
        }
        let Some(late) = &me.late_backup else {
            let found = self.fill("doctor.backup.good", &[]);
            return self.good("backup", found);
        };
        let args = [
            ("days", late.days.to_string()),
            ("day", late.on.map(|on| on.to_string()).unwrap_or_default()),
        ];
        let key = if late.on.is_some() { "doctor.backup.old" } else { "doctor.backup.never" };
        let (found, mend) = (self.fill(key, &args), self.fill("doctor.backup.mend", &[]));
        self.bad("backup", (found, mend));
    }

    /// How wide this terminal draws ambiguous characters, and what is remembered of that.
    fn width(&mut self, door: &mut dyn Door) {
        let is_terminal = std::io::stdin().is_terminal() && std::io::stdout().is_terminal();
        let Some(tty) = Tty::of_process().ok().filter(|_| is_terminal) else { return };
        let Some(measured) = measured(&tty) else {
            let found = self.fill("doctor.width.silent", &[]);
            return self.good("width", found);
        };
        let word =
            Ambiguous::ALL.iter().find(|(it, _)| *it == measured).map_or("", |(_, word)| word);
        let name = kept_name("width", &set("TERM").unwrap_or_default());
        let kept = match door.call(Request::Own) {
            Ok(Reply::Own(own)) => own.settings.get(&name).cloned(),
            _ => None,
        };
        let label = |word: &str| locale::text(self.lang, &format!("pref.width.{word}"));
        let found = self.fill("doctor.width.found", &[("width", label(word))]);
        match kept.filter(|kept| kept != word && !kept.is_empty()) {
            Some(kept) => {
                let mend = self.fill("doctor.width.mend", &[("kept", label(&kept))]);
                self.bad("width", (found, mend));
            }
            None => self.good("width", found),
        }
    }
}

fn is_late(today: NaiveDate) -> bool {
    today.month() >= CALENDAR_MONTH
}

/// Asks the terminal, which must be raw for that.
fn measured(tty: &Tty) -> Option<Ambiguous> {
    tty.enter(Mouse::Off).ok()?;
    let measured = tty.measure_ambiguous().ok().flatten();
    tty.leave();
    measured
}

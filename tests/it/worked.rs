//! Procedures worked out by hand: what was done on which day, and where every clock then stands.
//!
//! The tables stand in `tests/data/procedures`; `how.txt` there says how they are read and how their
//! days were counted. Each procedure has an office of its own and goes through the door.

mod table;

use std::collections::BTreeMap;

use anjie::api::reply::DeadlineView;
use anjie::domain::act::Act;
use anjie::domain::field::FieldKind;
use anjie::domain::form::typed;
use anjie::domain::ids::Kind;
use anjie::domain::schema;
use chrono::NaiveDate;

use crate::desk::{Office, day};
use crate::worked::table::{Clock, Deed, Line, Procedure, folder};

/// How many procedures are walked at once.
const N_WALKERS: usize = 16;

/// An office that walks one procedure.
struct Walk {
    office: Office,
    today: NaiveDate,
    names: BTreeMap<String, u64>,
    cases: Vec<u64>,
}

impl Walk {
    fn begin(today: NaiveDate) -> Self {
        let office = Office::on(&today.to_string());
        Self { office, today, names: BTreeMap::new(), cases: Vec::new() }
    }

    /// The number of a unit or officer of the tables, who come into the ledger when they are named.
    fn named(&mut self, name: &str) -> Option<String> {
        if let Some(id) = self.names.get(name) {
            return Some(id.to_string());
        }
        let id = match name {
            "张家庄" => self.office.unit(name, "village"),
            "民政办" => self.office.unit(name, "department"),
            "王建国" => {
                self.office.officer(name, &[("head_from", "2020-01-01"), ("leads", "yes")])
            }
            "周正" => {
                let head = [("head_from", "2020-01-01"), ("head_until", "2026-06-30")];
                self.office.officer(name, &head)
            }
            "刘强" => self.office.officer(name, &[]),
            "孙兰" => {
                let unit = self.named("民政办")?;
                self.office.officer(name, &[("unit", &unit)])
            }
            _ => return None,
        };
        self.names.insert(name.to_owned(), id);
        Some(id.to_string())
    }

    fn on(&mut self, today: NaiveDate) {
        assert!(today >= self.today, "the table goes back from {} to {today}", self.today);
        if today > self.today {
            self.office.done(Act::MoveToday, None, &[("today", &today.to_string())]);
            self.today = today;
        }
    }

    fn case(&self, number: usize) -> u64 {
        self.cases[number - 1]
    }

    /// Does what a line says; what it is refused with, if it is.
    fn deed(&mut self, deed: &Deed) -> Option<(String, Vec<(String, String)>)> {
        self.on(deed.entered_on);
        if deed.act == "finish" {
            self.finish(deed);
            return None;
        }
        let act = Act::parse(&deed.act).unwrap_or_else(|| panic!("no act {}", deed.act));
        let fields = self.fields(act, deed);
        let fields: Vec<_> =
            fields.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
        let on = match act.on() {
            Some(Kind::Case) => Some(self.case(deed.case)),
            Some(Kind::Office) => Some(1),
            _ => None,
        };
        match self.office.try_do(act, on, &fields) {
            Ok(done) if act == Act::Register => {
                self.cases.push(done.record.unwrap().id);
                None
            }
            Ok(_) => None,
            Err(refusal) => {
                assert_ne!(refusal.key, "refusal.wrong_fields", "{:?}", refusal.wrongs);
                Some((refusal.key, refusal.args))
            }
        }
    }

    /// The form of a deed: what the line says, the day, and something for texts that must be there.
    fn fields(&mut self, act: Act, deed: &Deed) -> BTreeMap<String, String> {
        let mut fields = BTreeMap::new();
        for field in typed(act) {
            let name = field.name();
            let given = match name {
                "on" | "received_on" if field.kind == FieldKind::Date => Some(deed.on.to_string()),
                // An opinion is sealed on its day, unless the line says otherwise.
                "sealed_on" if act == Act::Reply => Some(deed.on.to_string()),
                _ if field.need != schema::Need::Required => None,
                "name" => Some("张小明".to_owned()),
                "request" => Some("征地补偿款没有到账".to_owned()),
                "text" => Some("记录在案".to_owned()),
                "document" => Some("青信〔2026〕1号".to_owned()),
                "people" => Some("1".to_owned()),
                "at_once" => Some("registered".to_owned()),
                "channel" => Some("visit".to_owned()),
                "source" => Some("direct".to_owned()),
                "file" => deed.fields.get("file").cloned(),
                _ => None,
            };
            let Some(given) = given else { continue };
            fields.insert(name.to_owned(), given);
        }
        if matches!(act, Act::EditCase | Act::EditOffice) {
            fields.clear();
        }
        for (name, text) in &deed.fields {
            let text = match typed(act).find(|field| field.name() == name).map(|one| one.kind) {
                Some(FieldKind::Link(_)) => self.named(text).unwrap_or_else(|| text.clone()),
                _ => text.clone(),
            };
            fields.insert(name.clone(), text);
        }
        let file = deed.fields.get("file");
        if let Some(file) = file.filter(|_| matches!(act, Act::LoadLaw | Act::LoadCalendar)) {
            fields.insert("text".to_owned(), table::read(file));
        }
        fields
    }

    /// Everything that a conclusion of a matter under Article 31(6) asks for, on one day.
    fn finish(&mut self, deed: &Deed) {
        let lines = [
            "case.hand_to handler=刘强",
            "case.declare officer=刘强 interest=none",
            "case.investigate",
            "case.reply request=补发 facts=漏登 opinion=予以支持 basis=土地管理法 result=explained \
             signed_by=王建国 states_review=yes",
            "case.deliver manner=in_person receiver=张小明",
            "case.rate rating=satisfied",
            "case.test facts=有 nature=有 handling=有 procedure=有 papers=有",
            "case.close",
        ];
        let has_handler = self.office.case(self.case(deed.case)).case.handler.is_some();
        for line in lines.iter().skip(usize::from(has_handler)) {
            let mut words = line.split(' ');
            let act = words.next().unwrap().to_owned();
            let fields = words.filter_map(|word| word.split_once('='));
            let fields = fields.map(|(name, text)| (name.to_owned(), text.to_owned())).collect();
            let refused = self.deed(&Deed { act, fields, ..deed.clone() });
            assert_eq!(refused, None, "{line}");
        }
    }

    /// All clocks of a case, as a table writes them.
    fn clocks(&mut self, number: usize) -> Vec<Clock> {
        let id = self.case(number);
        let receipts = |receipt: &u64, sheet: &anjie::api::reply::CaseSheet| {
            let mut ids: Vec<_> = sheet.receipts.iter().map(|one| one.id.0).collect();
            ids.sort_unstable();
            ids.iter().position(|one| one == receipt).map(|place| place + 1)
        };
        let sheet = self.office.case(id);
        let mut clocks: Vec<_> = sheet
            .deadlines
            .iter()
            .map(|view| {
                let receipt = view.receipt.and_then(|receipt| receipts(&receipt.0, &sheet));
                clock(view, receipt)
            })
            .collect();
        clocks.sort();
        clocks
    }
}

fn clock(view: &DeadlineView, receipt: Option<usize>) -> Clock {
    let receipt = receipt.map(|place| format!("#{place}")).unwrap_or_default();
    let more = match view.extended_days {
        0 => String::new(),
        days => format!("+{days}"),
    };
    let detail = view.met_on.map(|on| on.to_string()).or_else(|| view.why.clone());
    Clock {
        name: format!("{}{receipt}{more}", view.rule),
        from: view.from,
        target: view.target,
        latest: view.latest,
        standing: view.standing.word().to_owned(),
        provisional: view.provisional,
        detail,
    }
}

/// Walks one procedure; everything that differs from its table.
fn walk(procedure: &Procedure) -> Vec<String> {
    let mut walk = Walk::begin(procedure.begins_on());
    let mut faults = Vec::new();
    for (number, line) in &procedure.lines {
        match line {
            Line::Deed(deed) => {
                let refused = walk.deed(deed);
                let is_as_told = match (&deed.refused, &refused) {
                    (None, None) => true,
                    (Some((key, args)), Some((own, has))) => {
                        own == key && args.iter().all(|arg| has.contains(arg))
                    }
                    _ => false,
                };
                if !is_as_told {
                    let told = &deed.refused;
                    faults.push(format!("line {number}: {told:?} was to be, {refused:?} is"));
                }
            }
            Line::Look(look) => {
                walk.on(look.today);
                let stage = walk.office.case(walk.case(look.case)).stage;
                if let Some(told) = &look.stage
                    && told != stage.word()
                {
                    faults.push(format!("line {number}: stage {told}, is {}", stage.word()));
                }
                let clocks = walk.clocks(look.case);
                let told = |clock: &&Clock| !look.clocks.contains(clock);
                let is = |clock: &&Clock| !clocks.contains(clock);
                let lacks = look.clocks.iter().filter(is).map(|one| format!("  was to be {one}"));
                let more = clocks.iter().filter(told).map(|one| format!("  but is    {one}"));
                let differs: Vec<_> = lacks.chain(more).collect();
                if !differs.is_empty() {
                    faults.push(format!("line {number}:\n{}", differs.join("\n")));
                }
            }
        }
    }
    if !walk.office.is_sound() {
        faults.push("the ledger is not sound".to_owned());
    }
    faults
}

/// What is wrong with a procedure, under its title.
fn told(procedure: &Procedure) -> Option<String> {
    let found = walk(procedure);
    let (file, title) = (&procedure.file, &procedure.title);
    (!found.is_empty()).then(|| format!("{file}: {title}\n{}", found.join("\n")))
}

#[test]
fn every_worked_procedure_ends_where_it_was_counted_to_end() {
    let procedures = table::all();
    assert!(procedures.len() >= 60, "{} procedures", procedures.len());
    // Each waits for its disk most of the time, so several walk at once.
    let faults: Vec<String> = std::thread::scope(|scope| {
        let parts = procedures.chunks(procedures.len().div_ceil(N_WALKERS));
        let walkers: Vec<_> = parts
            .map(|part| scope.spawn(|| part.iter().filter_map(told).collect::<Vec<_>>()))
            .collect();
        walkers.into_iter().flat_map(|walker| walker.join().unwrap()).collect()
    });
    assert!(faults.is_empty(), "{}", faults.join("\n\n"));
}

#[test]
fn no_procedure_stands_twice_and_each_looks_at_its_clocks() {
    let procedures = table::all();
    let mut titles: Vec<_> = procedures.iter().map(|one| &one.title).collect();
    titles.sort();
    titles.dedup();
    assert_eq!(titles.len(), procedures.len());
    for procedure in &procedures {
        let looks = procedure.lines.iter().filter(|(_, line)| matches!(line, Line::Look(_)));
        assert!(looks.count() > 0, "{}", procedure.title);
    }
    assert!(folder().join("how.txt").exists());
    assert_eq!(day("2026-08-03").to_string(), "2026-08-03");
}

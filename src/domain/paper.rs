//! The papers that an office makes of a case, and their numbers.
//!
//! A number is made of the office's prefix, the series of its kind, the year and a serial. Papers of
//! a sealed case have series of their own, so that no gap tells of them.
//! INVARIANT: a serial is never given out again; a paper that is not used any more is voided with its
//! number, if it has one, and with why.

use chrono::{Datelike, NaiveDate};
use serde::{Deserialize, Serialize};

use crate::domain::broken::Broken;
use crate::domain::case::{Case, Stage};
use crate::domain::choice::{Choice, choices};
use crate::domain::handling::Entry;
use crate::domain::step::{Deed, Step};
use crate::domain::step_choice::Declining;
use crate::domain::text::half_width;

/// The series of each kind of paper and how a number looks, as the program brings them along.
const SERIES: &str = include_str!("../../data/paper/series.txt");

/// Where the serial stands in a printed number.
const SERIAL: &str = "{serial}";

choices! {
    /// A paper that the office makes.
    Paper("paper") {
        /// The form of registration (Reg. 19, 22, 23).
        Registration = "registration",
        /// That a case is taken on (Reg. 23).
        Acceptance = "acceptance",
        /// That a case is not taken on (Reg. 19(3), 23, 31).
        Rejection = "rejection",
        /// That a case is no longer taken on (Reg. 36(3)).
        NoMore = "no_more",
        /// The letter by which a case is forwarded (Reg. 22).
        Forwarding = "forwarding",
        /// The letter by which a case is assigned (Reg. 22).
        Entrusting = "entrusting",
        /// The objection to a transfer (Reg. 23(3)).
        Objection = "objection",
        /// That another procedure governs a case (Reg. 31(1) to (5)).
        Guidance = "guidance",
        /// The form on which the head approves an extension (Reg. 34).
        ExtensionForm = "extension_form",
        /// That the sixty days were extended, and why (Reg. 34).
        ExtensionNotice = "extension_notice",
        /// The written opinion with its four parts (Reg. 31(6), 32).
        Opinion = "opinion",
        /// The receipt that a delivery is signed on (Reg. 35).
        DeliveryReceipt = "delivery_receipt",
        /// The report to the body that assigned a case (Reg. 22(1)(iii)).
        ClosingReport = "closing_report",
        /// The formal supervision of a unit (Reg. 40).
        Supervision = "supervision",
        /// What a file holds.
        FileList = "file_list",
        /// What the ledger holds about a petitioner, for themselves.
        DataSheet = "data_sheet",
    }
}

/// How a paper fits a case as it stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Fit {
    /// What it tells has happened, and it was not made since.
    Now,
    /// It can be made before anything has happened: to be signed, or because somebody asks for it.
    Can,
    /// It was made.
    Made,
    /// What it tells has not happened in this cycle.
    Other,
}

/// A paper as it is made: what stands in its step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Making {
    /// Which paper.
    pub paper: Paper,
    /// The hash of the template that it was made from.
    pub template: String,
    /// The series and the serial in it; none for a paper without a number.
    pub serial: Option<(String, u32)>,
}

/// Where a number stands in its series.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// The name of the series, such as `acceptance-2026`.
    pub series: String,
    /// The serial.
    pub serial: u32,
}

/// A template that an office has loaded in the place of a built-in one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Template {
    /// The name of its file.
    pub file: String,
    /// Its SHA-256, in hexadecimal digits.
    pub digest: String,
    /// How many bytes it has.
    pub n_bytes: u64,
    /// The day on which it was loaded.
    pub on: NaiveDate,
    /// Who loaded it: an officer's name, else a login.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<String>,
}

/// Serials that are not given out, with why: those of the paper ledger before this one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Skipped {
    /// The first of them.
    pub from: u32,
    /// The last of them.
    pub until: u32,
    /// Why.
    pub why: String,
    /// The day on which it was said.
    pub on: NaiveDate,
}

impl Skipped {
    /// The key under which an office keeps it: the series, and where it begins if that is not one.
    pub fn key(&self, series: &str) -> String {
        if self.from == 1 { series.to_owned() } else { format!("{series}+{}", self.from) }
    }

    /// Whether it is kept under the key of that series.
    pub fn is_of(&self, series: &str, key: &str) -> bool {
        self.key(series) == key
    }
}

impl Paper {
    /// The characters of its series; none if it has no number.
    pub fn mark(self) -> Option<&'static str> {
        named(self.word())
    }

    /// The series of its numbers in a year; none if it has no number.
    pub fn series(self, year: i32, seal: Seal) -> Option<String> {
        self.mark()?;
        Some(match seal {
            Seal::Open => format!("{}-{year}", self.word()),
            Seal::Sealed => format!("{}-x-{year}", self.word()),
        })
    }

    /// The printed number.
    pub fn print(self, prefix: &str, of: (i32, Seal), serial: u32) -> String {
        self.around_serial(prefix, of).replace(SERIAL, &serial.to_string())
    }

    /// The serial of a printed number of its series.
    pub fn serial_of(self, prefix: &str, of: (i32, Seal), number: &str) -> Option<u32> {
        let around = self.around_serial(prefix, of);
        let (head, tail) = around.split_once(SERIAL)?;
        number.trim().strip_prefix(head)?.strip_suffix(tail)?.parse().ok()
    }

    /// The printed number with a sign where its serial stands.
    fn around_serial(self, prefix: &str, (year, seal): (i32, Seal)) -> String {
        let mark = self.mark().unwrap_or_default();
        let mark = match seal {
            Seal::Open => mark.to_owned(),
            Seal::Sealed => format!("{}{mark}", named("sealed").unwrap_or_default()),
        };
        named("number")
            .unwrap_or_default()
            .replace("{prefix}", prefix)
            .replace("{series}", &mark)
            .replace("{year}", &year.to_string())
    }

    /// Whether it may hold ID numbers: they name one person among others of the same name.
    pub const fn may_hold_id_numbers(self) -> bool {
        matches!(self, Self::Registration | Self::DataSheet)
    }

    /// Whether it speaks of units and leaders only, never of a petitioner (Reg. 40).
    pub const fn names_nobody(self) -> bool {
        matches!(self, Self::Supervision)
    }

    /// Whether it is about one person alone.
    pub const fn is_of_one_person(self) -> bool {
        matches!(self, Self::DataSheet)
    }

    /// Whether a step is what the paper tells.
    fn tells(self, deed: &Deed) -> bool {
        match self {
            Self::Registration => matches!(deed, Deed::Received { .. }),
            Self::Acceptance => matches!(deed, Deed::Accepted),
            Self::Rejection => {
                matches!(deed, Deed::Declined { how, .. } if *how != Some(Declining::NoMore))
            }
            Self::NoMore => matches!(deed, Deed::Declined { how: Some(Declining::NoMore), .. }),
            Self::Forwarding => matches!(deed, Deed::Forwarded { .. }),
            Self::Entrusting => matches!(deed, Deed::Entrusted { .. }),
            Self::Objection => matches!(deed, Deed::Objected { .. }),
            Self::Guidance => matches!(deed, Deed::Guided { .. }),
            Self::ExtensionForm | Self::ExtensionNotice => matches!(deed, Deed::Extended { .. }),
            Self::Opinion | Self::DeliveryReceipt => matches!(deed, Deed::Replied { .. }),
            Self::ClosingReport => matches!(deed, Deed::Reported | Deed::Concluded),
            Self::Supervision => matches!(deed, Deed::Supervised { .. }),
            Self::FileList => matches!(deed, Deed::Concluded | Deed::Archived { .. }),
            Self::DataSheet => false,
        }
    }

    /// Whether it may be made of a case: a letter that says the contrary of what was decided last in
    /// this cycle is never made. What has not been decided yet may be written ahead of its step.
    ///
    /// # Errors
    /// The case is taken on and the paper refuses it, or the other way round.
    pub fn may_be_made(self, case: &Case) -> Result<(), Broken> {
        let decided = case.newest(|deed| matches!(deed, Deed::Accepted | Deed::Declined { .. }));
        match (self, decided.map(|step| &step.deed)) {
            (Self::Rejection | Self::NoMore, Some(Deed::Accepted)) => {
                Err(Broken::new("paper_refuses_what_is_accepted"))
            }
            (Self::Acceptance, Some(Deed::Declined { .. })) => {
                Err(Broken::new("paper_accepts_what_is_refused"))
            }
            _ => Ok(()),
        }
    }

    /// Whether a case has it and it is not voided, in whichever cycle.
    pub fn is_made(self, case: &Case) -> bool {
        case.steps.values().any(|step| is_standing(&step.deed, self))
    }

    /// How it fits a case.
    pub fn fit(self, case: &Case) -> Fit {
        let made = self.newest(case).map(|(at, _)| at);
        match (self.told(case).map(|(at, _)| at), made) {
            // The form is signed before the extension of which it tells: each goes with one.
            _ if self == Self::ExtensionForm => extension_form(case),
            (Some(told), made) if made < Some(told) => Fit::Now,
            (_, Some(_)) => Fit::Made,
            (_, None) if self == Self::DataSheet => Fit::Can,
            (_, None) => Fit::Other,
        }
    }

    /// The newest step of this cycle by which it was made, unless that was voided.
    pub fn newest(self, case: &Case) -> Option<(u32, &Step)> {
        let made = case.steps_now().filter(|(_, step)| is_standing(&step.deed, self));
        made.max_by_key(|(at, _)| *at)
    }

    /// The newest step of this cycle by which it was made and that was voided, unless it was made
    /// again since.
    pub fn voided(self, case: &Case) -> Option<(u32, &Step)> {
        let is_own = |deed: &Deed| matches!(deed, Deed::PaperMade { paper, .. } if *paper == self);
        let made = case.steps_now().filter(|(_, step)| is_own(&step.deed));
        made.max_by_key(|(at, _)| *at).filter(|(_, step)| !is_standing(&step.deed, self))
    }

    /// The newest step of this cycle of which it tells.
    pub fn told(self, case: &Case) -> Option<(u32, &Step)> {
        case.steps_now().filter(|(_, step)| self.tells(&step.deed)).max_by_key(|(at, _)| *at)
    }

    /// The number that the step of which the paper tells bears already, unless a paper has it.
    pub fn own_number(self, case: &Case) -> Option<String> {
        // The others tell of steps whose number is that of somebody else's document.
        let is_letter = matches!(
            self,
            Self::Acceptance
                | Self::Rejection
                | Self::NoMore
                | Self::Forwarding
                | Self::Entrusting
                | Self::Opinion
                | Self::ClosingReport
                | Self::Supervision
        );
        let told = case.steps_now().filter(|(_, step)| is_letter && self.tells(&step.deed));
        let number = told.max_by_key(|(at, _)| *at)?.1.document.clone()?;
        case.step_of_number(&number).is_none().then_some(number)
    }

    /// All papers, those that fit the case first.
    pub fn in_order(case: &Case) -> Vec<(Self, Fit)> {
        let mut all: Vec<_> = Self::ALL.iter().map(|paper| (*paper, paper.fit(case))).collect();
        all.sort_by_key(|(_, fit)| *fit);
        all
    }
}

/// Whether a case is sealed, and its papers with it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Seal {
    /// It is open.
    Open,
    /// Only its readers see it (Reg. 30(3)).
    Sealed,
}

impl Seal {
    /// That of a case.
    pub const fn of(case: &Case) -> Self {
        if case.readers.is_some() { Self::Sealed } else { Self::Open }
    }
}

/// How the form for an extension fits: ready once the case is handled, and once for each extension.
fn extension_form(case: &Case) -> Fit {
    let n_of =
        |is: &dyn Fn(&Deed) -> bool| case.steps_now().filter(|(_, step)| is(&step.deed)).count();
    let n_made = n_of(&|deed| is_standing(deed, Paper::ExtensionForm));
    let n_extended = n_of(&|deed| matches!(deed, Deed::Extended { .. }));
    match n_made {
        n_made if n_made < n_extended => Fit::Now,
        0 if case.stage() == Stage::Handling => Fit::Can,
        0 => Fit::Other,
        _ => Fit::Made,
    }
}

/// Whether a deed is the making of that paper, and it was not voided.
fn is_standing(deed: &Deed, paper: Paper) -> bool {
    matches!(deed, Deed::PaperMade { paper: own, voided: None, .. } if *own == paper)
}

/// What stands under a name in the file of series.
fn named(name: &str) -> Option<&'static str> {
    SERIES.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(" = "))
}

/// What stands before the serial of every number of a letter, once it is folded.
const BEFORE_SERIAL: char = ')';

/// A number of a letter as it is compared: clerks type its brackets in many ways, its digits in full
/// width, and blanks between.
pub fn folded(number: &str) -> String {
    let fold = |char: char| match char {
        '[' | '<' | '\u{3014}' | '\u{3010}' | '\u{3008}' => '(',
        ']' | '>' | '\u{3015}' | '\u{3011}' | '\u{3009}' => ')',
        other => other,
    };
    half_width(number).chars().filter(|char| !char.is_whitespace()).map(fold).collect()
}

/// How a case bears a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Bears {
    /// A paper was made under it, voided or not.
    Paper,
    /// One of its steps has it.
    Step,
}

/// The numbers of letters that the steps of a case bear, typed or given out, folded, each with that of
/// its step: none of them is given out to anybody else.
pub fn borne(case: &Case) -> impl Iterator<Item = (u32, String, Bears)> {
    case.steps.iter().filter_map(|(at, step)| {
        let number = folded(step.document.as_deref()?);
        let is_paper = matches!(step.deed, Deed::PaperMade { .. });
        let bears = if is_paper { Bears::Paper } else { Bears::Step };
        number.contains(BEFORE_SERIAL).then_some((*at, number, bears))
    })
}

/// The numbers of papers that a case holds, each with the number of its step.
pub fn places(case: &Case) -> impl Iterator<Item = (u32, Place)> {
    case.steps.iter().filter_map(|(number, step)| match &step.deed {
        Deed::PaperMade { series: Some(series), serial: Some(serial), .. } => {
            Some((*number, Place { series: series.clone(), serial: *serial }))
        }
        _ => None,
    })
}

impl Fit {
    /// The word of it.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Now => "now",
            Self::Can => "can",
            Self::Made => "made",
            Self::Other => "other",
        }
    }
}

impl Case {
    /// Records that a paper was made.
    ///
    /// # Errors
    /// The case came over from an old ledger: it is not handled here; or the paper says the contrary
    /// of what was decided.
    pub fn paper_made(&self, making: Making, entry: Entry) -> Result<Self, Broken> {
        if self.history.is_some() {
            return Err(Broken::new("case_is_history"));
        }
        making.paper.may_be_made(self)?;
        let (series, serial) = making.serial.unzip();
        let mut next = self.clone();
        next.add(
            Deed::PaperMade {
                paper: making.paper,
                template: making.template,
                series,
                serial,
                voided_on: None,
                voided_by: None,
                voided: None,
            },
            entry,
        );
        Ok(next)
    }

    /// The step by which a paper with that number was made.
    pub fn step_of_number(&self, number: &str) -> Option<(u32, &Step)> {
        self.steps
            .iter()
            .filter(|(_, step)| matches!(step.deed, Deed::PaperMade { .. }))
            .find(|(_, step)| step.document.as_deref() == Some(number))
            .map(|(at, step)| (*at, step))
    }
}

/// The year of a day, as numbers have it.
pub fn year_of(day: NaiveDate) -> i32 {
    day.year()
}

#[cfg(test)]
mod tests {
    use super::{Paper, Seal};

    #[test]
    fn a_number_says_office_kind_year_and_serial() {
        let number = Paper::Acceptance.print("青信", (2026, Seal::Open), 12);
        assert_eq!(number, "青信受〔2026〕12号");
        let serial = |text: &str| Paper::Acceptance.serial_of("青信", (2026, Seal::Open), text);
        assert_eq!((serial(&number), serial("青信限受〔2026〕12号")), (Some(12), None));
        let sealed = Paper::Guidance.print("青信", (2026, Seal::Sealed), 1);
        assert_eq!(sealed, "青信限导〔2026〕1号");
    }

    #[test]
    fn kinds_do_not_share_a_series_and_forms_of_the_office_have_none() {
        let marks: Vec<_> = Paper::ALL.iter().filter_map(|paper| paper.mark()).collect();
        let mut apart = marks.clone();
        apart.sort_unstable();
        apart.dedup();
        assert_eq!(apart.len(), marks.len());
        for paper in [Paper::Registration, Paper::FileList, Paper::DataSheet] {
            assert_eq!(paper.series(2026, Seal::Open), None);
        }
        let open = Paper::Acceptance.series(2026, Seal::Open);
        assert_ne!(open, Paper::Acceptance.series(2026, Seal::Sealed));
        assert_ne!(open, Paper::Acceptance.series(2027, Seal::Open));
    }
}

//! What a case has for the placeholders of a template, one function for each place where a value
//! comes from. What is not there is left out, and whoever writes the paper names it.

use crate::api::paper::{PaperLists, PaperQuery, PaperRow, PaperUse, Said};
use crate::api::refusal::{Refusal, RefusalKind};
use crate::domain::case::Case;
use crate::domain::choice::Tie;
use crate::domain::ids::UnitId;
use crate::domain::person::{Person, mask_number};
use crate::domain::placeholder::{Guard, List, Origin, Placeholder};
use crate::domain::receipt::Receipt;
use crate::domain::step::{Deed, Step};
use crate::service::book::Book;
use crate::service::stop::Stop;
use crate::service::{Asking, Core, people};
use crate::store::read::Read;

mod clock;

/// The key of the word for who gave no name.
const ANONYMOUS: &str = "row.anonymous";
/// Between the names of several persons.
const AND: &str = "\u{3001}";

/// What values are made of.
pub struct Source<'s> {
    /// Limits and calendar.
    pub core: &'s Core,
    /// Names.
    pub book: &'s Book,
    /// Who asks, and when.
    pub asking: &'s Asking,
    /// The case.
    pub case: &'s Case,
    /// The matter that it repeats, if that had its second review.
    pub rechecked: Option<Case>,
    /// Its receipts, in the order of their days.
    pub receipts: Vec<Receipt>,
    /// The petitioners that the paper is about.
    pub persons: Vec<Person>,
    /// Whether the case has petitioners besides.
    pub is_joint: bool,
    /// The names of those who speak or act for them.
    pub others: Vec<(Tie, String)>,
    /// What is asked.
    pub query: &'s PaperQuery,
    /// The number that the paper would get now; none if it has none, or if it is not said.
    pub next: Option<String>,
    /// Whether numbers of persons are in clear.
    pub is_clear: bool,
}

/// The petitioners of a case.
///
/// # Errors
/// A damaged ledger.
pub fn petitioners(ledger: &impl Read, case: &Case) -> Result<Vec<Person>, Stop> {
    let mut persons: Vec<Person> = Vec::new();
    for (id, _) in case.persons.iter().filter(|(_, tie)| **tie == Tie::Petitioner) {
        let Some(person) = people::whole(ledger, *id)? else { continue };
        if !persons.iter().any(|known| known.id == person.id) {
            persons.push(person);
        }
    }
    Ok(persons)
}

/// The petitioners that a paper is about: all of a case, or one.
///
/// # Errors
/// The paper is about one person alone and it is not said which.
pub fn about(mut persons: Vec<Person>, query: &PaperQuery) -> Result<Vec<Person>, Stop> {
    if !query.paper.is_of_one_person() {
        return Ok(persons);
    }
    if let Some(wanted) = query.person {
        persons.retain(|person| person.id == wanted);
    }
    if persons.len() == 1 {
        return Ok(persons);
    }
    Err(Refusal::new(RefusalKind::Invalid, "paper_is_of_one_person").into())
}

/// The names of those who speak or act for the petitioners; none in a paper for one person alone.
///
/// # Errors
/// A damaged ledger.
pub fn others(
    ledger: &impl Read,
    case: &Case,
    query: &PaperQuery,
) -> Result<Vec<(Tie, String)>, Stop> {
    let mut others = Vec::new();
    if query.paper.is_of_one_person() {
        return Ok(others);
    }
    for (id, tie) in &case.persons {
        let name = people::whole(ledger, *id)?.and_then(|person| person.label());
        others.extend(name.map(|name| (*tie, name)));
    }
    Ok(others)
}

/// The receipts of a case, in the order of their days.
///
/// # Errors
/// A damaged ledger.
pub fn receipts(ledger: &impl Read, case: &Case) -> Result<Vec<Receipt>, Stop> {
    let mut receipts = Vec::new();
    for id in case.receipts() {
        receipts.extend(ledger.load::<Receipt>(id.0)?);
    }
    receipts.sort_by_key(|receipt: &Receipt| (receipt.received_on, receipt.id));
    Ok(receipts)
}

fn word(list: &str, word: &str) -> Option<Said> {
    Some(Said::Word(format!("choice.{list}.{word}")))
}

fn text(text: impl Into<String>) -> Option<Said> {
    Some(text.into()).filter(|text: &String| !text.is_empty()).map(Said::Text)
}

impl Source<'_> {
    /// What stands for the placeholders, and in the rows of the lists that are among them.
    pub fn values(&self, wanted: &[&Placeholder]) -> (PaperRow, PaperLists) {
        let mut values = Vec::new();
        let mut lists = PaperLists::new();
        for row in wanted {
            match row.list() {
                Some(list) if lists.iter().any(|(known, _)| known == list.word()) => {}
                Some(list) => lists.push((list.word().to_owned(), self.rows(list))),
                None => {
                    values.extend(self.value(row).map(|said| (row.key.to_owned(), said)));
                }
            }
        }
        (values, lists)
    }

    fn value(&self, row: &Placeholder) -> Option<Said> {
        match row.origin {
            Origin::Paper => self.of_paper(row.key),
            Origin::Office => match row.key {
                "town" => text(&self.book.office.town),
                _ => text(self.book.office.review_body.clone()?),
            },
            Origin::Case => self.of_case(row.key),
            Origin::Person => self.of_persons(row),
            Origin::Receipt => self.of_receipt(row.key),
            Origin::Step => self.of_step(row.key),
            Origin::Clock => self.of_clock(row.key),
            Origin::List(_) => None,
        }
    }

    fn of_paper(&self, key: &str) -> Option<Said> {
        let number = match &self.query.use_of {
            PaperUse::Write { number, .. } => number.as_deref(),
            PaperUse::Preview => self.next.as_deref(),
        };
        let step = number.and_then(|number| self.case.step_of_number(number));
        match key {
            "number" => text(number?),
            "made_on" => Some(Said::Day(step.map_or(self.asking.today, |(_, step)| step.on))),
            _ => text(self.book.officer(self.asking.clerk.officer)?),
        }
    }

    fn of_case(&self, key: &str) -> Option<Said> {
        let case = self.case;
        let letter = case.entrusted.as_ref();
        match key {
            "case_number" => text(&case.number),
            "title" => text(&case.title),
            "request" => text(&case.request),
            "claims" => text(self.claims()),
            "people" => Some(Said::Count(case.people)),
            "level" => word("level", case.level.word()),
            "purpose" => word("purpose", case.purpose?.word()),
            "route" => word("route", case.route?.word()),
            "class" => text(case.class.clone()?),
            "village" => text(self.book.unit(case.village)?),
            "place" => text(case.place.clone()?),
            "about" => text(case.about.clone()?),
            "lead" => text(self.book.officer(case.lead)?),
            "unit" => text(self.book.unit(case.unit)?),
            "handler" => text(self.book.officer(case.handler)?),
            "registrar" => text(self.book.officer(case.registrar)?),
            "measures" => text(case.measures.clone()?),
            "entrusted_by" => text(&letter?.by),
            "entrusted_letter" => text(letter?.letter.clone()?),
            "entrusted_on" => Some(Said::Day(letter?.on)),
            "entrusted_due" => letter?.due_on.map(Said::Day),
            _ => None,
        }
    }

    /// What the case asks for, one to a line; the request where nobody has taken it apart.
    fn claims(&self) -> String {
        if self.case.claims.is_empty() {
            return self.case.request.clone();
        }
        let lines = self.case.claims.iter().map(|(at, claim)| format!("{at}. {}", claim.text));
        lines.collect::<Vec<_>>().join("\n")
    }

    fn of_persons(&self, row: &Placeholder) -> Option<Said> {
        let several = |of: &dyn Fn(&Person) -> Option<String>| {
            let all: Vec<String> = self.persons.iter().filter_map(of).collect();
            text(all.join(AND))
        };
        let number = |number: Option<&String>| {
            number.map(|number| if self.is_clear { number.clone() } else { mask_number(number) })
        };
        match (row.guard, row.key) {
            (Guard::Phone, _) => several(&|person| number(person.phone.as_ref())),
            (Guard::IdNumber, _) => several(&|person| number(person.id_number.as_ref())),
            (Guard::Clear, "petitioner") => several(&Person::label).or_else(|| self.nobody()),
            (Guard::Clear, "sex") => match self.persons.as_slice() {
                [one] => word("sex", one.sex?.word()),
                _ => None,
            },
            (Guard::Clear, "address") => {
                several(&|person| person.address.clone().or_else(|| self.book.unit(person.village)))
            }
            (Guard::Clear, key) => {
                let tie = if key == "agent" { Tie::Agent } else { Tie::Representative };
                let of_tie = self.others.iter().filter(|(own, _)| *own == tie);
                let names: Vec<&str> = of_tie.map(|(_, name)| name.as_str()).collect();
                text(names.join(AND))
            }
        }
    }

    /// What stands for a petitioner who gave no name; a name that was erased is missing.
    fn nobody(&self) -> Option<Said> {
        let is_erased = self.persons.iter().any(|person| person.erasure.is_some());
        (!is_erased).then(|| Said::Word(ANONYMOUS.to_owned()))
    }

    fn of_receipt(&self, key: &str) -> Option<Said> {
        let receipt = self.receipts.first()?;
        // A body that sent it, and its letter, belong to the transfer, which may not come first.
        let sent = self.receipts.iter().rev().find(|receipt| receipt.from_body.is_some());
        match key {
            "received_on" => Some(Said::Day(receipt.received_on)),
            "channel" => word("channel", receipt.channel.word()),
            "source" => word("source", receipt.source.word()),
            "from_body" => text(sent?.from_body.clone()?),
            "from_letter" => text(sent?.letter.clone()?),
            "state_number" => text(receipt.state_number.clone()?),
            "query_code" => text(receipt.query_code.clone()?),
            _ => text(self.book.officer(receipt.taken_by)?),
        }
    }

    fn newest(&self, is: impl Fn(&Deed) -> bool) -> Option<&Step> {
        self.case.newest(is)
    }

    fn unit(&self, id: UnitId) -> Option<Said> {
        text(self.book.unit(Some(id))?)
    }

    fn of_step(&self, key: &str) -> Option<Said> {
        match key {
            "accepted_on" => self.case.day_of(|deed| matches!(deed, Deed::Accepted)).map(Said::Day),
            "investigation" => {
                text(self.newest(|deed| matches!(deed, Deed::Investigated))?.text.clone()?)
            }
            "conclusion" => text(
                self.newest(|deed| matches!(deed, Deed::Concluded | Deed::Reported))?
                    .text
                    .clone()?,
            ),
            "concluded_on" => {
                self.case.day_of(|deed| matches!(deed, Deed::Concluded)).map(Said::Day)
            }
            "objection_reason" => {
                text(self.newest(|deed| matches!(deed, Deed::Objected { .. }))?.text.clone()?)
            }
            _ => {
                self.of_way(key).or_else(|| self.of_opinion(key)).or_else(|| self.of_delivery(key))
            }
        }
    }

    /// What a case that goes elsewhere, to a unit or on for longer says.
    fn of_way(&self, key: &str) -> Option<Said> {
        let is = |deed: &Deed| match key {
            "decline_ground" | "decline_reason" | "decline_body" => {
                matches!(deed, Deed::Declined { .. })
            }
            "forward_body" | "forward_text" => matches!(deed, Deed::Forwarded { .. }),
            "entrust_unit" | "entrust_due" | "entrust_text" => {
                matches!(deed, Deed::Entrusted { .. })
            }
            "procedure" | "procedure_body" | "procedure_reason" => {
                matches!(deed, Deed::Guided { .. })
            }
            // A further extension is not that which was approved before.
            "extension_days" | "extension_reason" | "extension_on" | "approver" => {
                self.asks_for_days().is_none() && matches!(deed, Deed::Extended { .. })
            }
            "supervision_form" | "supervised_unit" | "supervision_text" => {
                matches!(deed, Deed::Supervised { .. })
            }
            _ => false,
        };
        let step = self.newest(is)?;
        match (key, &step.deed) {
            ("decline_ground", Deed::Declined { ground, .. }) => {
                Some(Said::Basis((*ground)?.word().to_owned()))
            }
            ("decline_body", Deed::Declined { body, .. }) => text(body.clone()?),
            ("forward_body", Deed::Forwarded { body, .. }) => text(body),
            ("entrust_unit", Deed::Entrusted { unit, .. })
            | ("supervised_unit", Deed::Supervised { unit, .. }) => self.unit(*unit),
            ("entrust_due", Deed::Entrusted { due_on, .. }) => Some(Said::Day(*due_on)),
            ("procedure", Deed::Guided { procedure, .. }) => word("route", procedure.word()),
            ("procedure_body", Deed::Guided { body, .. }) => text(body),
            ("extension_days", Deed::Extended { days, .. }) => Some(Said::Count(*days)),
            ("extension_on", Deed::Extended { .. }) => Some(Said::Day(step.on)),
            ("approver", Deed::Extended { approver, .. }) => {
                text(self.book.officer(Some(*approver))?)
            }
            ("supervision_form", Deed::Supervised { form, .. }) => {
                word("supervision_form", form.word())
            }
            _ => text(step.text.clone()?),
        }
    }

    fn of_opinion(&self, key: &str) -> Option<Said> {
        let step = self.newest(|deed| matches!(deed, Deed::Replied { .. }))?;
        let Deed::Replied { request, facts, opinion, basis, result, signed_by, .. } = &step.deed
        else {
            return None;
        };
        match key {
            "opinion_number" => text(step.document.clone()?),
            "opinion_on" => Some(Said::Day(step.on)),
            "opinion_request" => text(request.clone()?),
            "opinion_facts" => text(facts.clone()?),
            "opinion" => text(opinion.clone()?),
            "opinion_basis" => text(basis.clone()?),
            "opinion_result" => word("claim_result", (*result)?.word()),
            "signer" => text(self.book.officer(*signed_by)?),
            _ => None,
        }
    }

    fn of_delivery(&self, key: &str) -> Option<Said> {
        // Of a matter that is raised again, the review is that of the earlier one.
        let newest =
            |is: fn(&Deed) -> bool| self.newest(is).or_else(|| self.rechecked.as_ref()?.newest(is));
        let rechecked = || newest(|deed| matches!(deed, Deed::Rechecked { .. }));
        match key {
            "recheck_on" => rechecked().map(|step| Said::Day(step.on)),
            "recheck_number" => text(rechecked()?.document.clone()?),
            "recheck_body" => {
                let asked = newest(|deed| matches!(deed, Deed::RecheckAsked { .. }))?;
                let Deed::RecheckAsked { body } = &asked.deed else { return None };
                text(body)
            }
            "file_code" | "retention" => {
                let archived = self.newest(|deed| matches!(deed, Deed::Archived { .. }))?;
                let Deed::Archived { number, retention, .. } = &archived.deed else { return None };
                if key == "file_code" { text(number) } else { word("retention", retention.word()) }
            }
            _ => {
                let step = self.newest(|deed| matches!(deed, Deed::Delivered { .. }))?;
                let Deed::Delivered { manner, receiver, mail, servers, witness, .. } = &step.deed
                else {
                    return None;
                };
                match key {
                    "delivered_on" => Some(Said::Day(step.on)),
                    "manner" => word("manner", manner.word()),
                    "delivered_to" => text(receiver.clone()?),
                    "servers" => text(servers.clone()?),
                    "witness" => text(witness.clone()?),
                    "mail" => text(mail.clone()?),
                    _ => None,
                }
            }
        }
    }

    fn rows(&self, list: List) -> Vec<PaperRow> {
        match list {
            List::Claims => self.claim_rows(),
            List::Files => self.file_rows(),
            List::Steps => {
                let steps = self.in_order();
                let row = |step: &&Step| {
                    row([
                        ("step_on", Some(Said::Day(step.on))),
                        ("step_name", Some(Said::Word(name_of(&step.deed)))),
                        ("step_number", step.document.clone().map(Said::Text)),
                    ])
                };
                steps.iter().map(row).collect()
            }
            List::Receipts => {
                let row = |receipt: &Receipt| {
                    row([
                        ("receipt_on", Some(Said::Day(receipt.received_on))),
                        ("receipt_channel", word("channel", receipt.channel.word())),
                        ("receipt_number", receipt.state_number.clone().map(Said::Text)),
                    ])
                };
                // Which of several petitioners sent a receipt is not on record, so that none of
                // them is told of what may be another's.
                let is_own = !self.query.paper.is_of_one_person() || !self.is_joint;
                let own = self.receipts.iter().filter(|_| is_own || self.receipts.len() == 1);
                own.map(row).collect()
            }
        }
    }

    fn claim_rows(&self) -> Vec<PaperRow> {
        let row = |(at, claim): (&u32, &crate::domain::case::Claim)| {
            row([
                ("claim_at", Some(Said::Count(*at))),
                ("claim_text", text(&claim.text)),
                ("claim_finding", claim.finding.clone().map(Said::Text)),
                ("claim_result", claim.result.and_then(|one| word("claim_result", one.word()))),
            ])
        };
        self.case.claims.iter().map(row).collect()
    }

    /// The documents of the case: what bears a number, and papers that bear none.
    fn file_rows(&self) -> Vec<PaperRow> {
        let is_filed = |step: &&&Step| {
            let is_paper = matches!(step.deed, Deed::PaperMade { voided: None, .. });
            let is_voided = matches!(step.deed, Deed::PaperMade { voided: Some(_), .. });
            (is_paper || step.document.is_some()) && !is_voided
        };
        let steps = self.in_order();
        let mut filed: Vec<&&Step> = steps.iter().filter(is_filed).collect();
        // A step that names the number of a paper is that paper's, not a further one.
        let mut seen = std::collections::BTreeSet::new();
        filed.retain(|step| step.document.as_ref().is_none_or(|own| seen.insert(own.clone())));
        let row = |(at, step): (usize, &&Step)| {
            row([
                ("file_at", u32::try_from(at + 1).ok().map(Said::Count)),
                ("file_name", Some(Said::Word(name_of(&step.deed)))),
                ("file_number", step.document.clone().map(Said::Text)),
                ("file_on", Some(Said::Day(step.on))),
            ])
        };
        filed.into_iter().enumerate().map(row).collect()
    }

    fn in_order(&self) -> Vec<&Step> {
        let mut steps: Vec<(&u32, &Step)> = self.case.steps.iter().collect();
        steps.sort_by_key(|(number, step)| (step.on, **number));
        steps.into_iter().map(|(_, step)| step).collect()
    }
}

/// The key of the name of a deed: of a paper that of the paper.
fn name_of(deed: &Deed) -> String {
    match deed {
        Deed::PaperMade { paper, .. } => format!("choice.paper.{}", paper.word()),
        Deed::Worked { work } => format!("choice.work.{}", work.word()),
        other => format!("deed.{}", other.word()),
    }
}

fn row<const N: usize>(cells: [(&str, Option<Said>); N]) -> PaperRow {
    cells.into_iter().filter_map(|(key, said)| Some((key.to_owned(), said?))).collect()
}

//! The new requests of a returned form: each a matter of its own, unless the clerk says that it belongs
//! to a matter that is there, or is raised by somebody who is known.

use std::collections::BTreeSet;

use chrono::NaiveDate;

use crate::api::incoming::ImportRow;
use crate::api::village::{Belongs, Placed};
use crate::domain::act::Act;
use crate::domain::broken::Broken;
use crate::domain::case::Case;
use crate::domain::choice::{AtOnce, Channel, Source};
use crate::domain::form::{self, Fields, Filled};
use crate::domain::handling::Entry;
use crate::domain::ids::{CaseId, PersonId, ReceiptId};
use crate::domain::policy::{self, Scope, Verdict};
use crate::service::returned::again;
use crate::service::returned::plan::{Comes, Judged, Plan, Todo};
use crate::service::returned::row::{Wrong, at, day, problem, said, wrong};
use crate::service::stop::Stop;
use crate::service::view::Eye;
use crate::service::{erase, people, tell};
use crate::store::read::Read;

/// A request that is judged, and where it would go if the clerk said so.
type Sent = (Judged, Option<Placed>);

impl Plan<'_> {
    /// A new request, unless it was registered from this form before.
    pub(super) fn fresh(
        &self,
        (ledger, eye): (&impl Read, &Eye<'_>),
        (index, raw): (u64, &ImportRow),
    ) -> Result<Sent, Stop> {
        let fields = match self.fields(raw) {
            Ok(fields) => fields,
            Err(wrong) => return Ok((Err(wrong), None)),
        };
        let filled = match self.filled(Act::Register, &fields) {
            Ok(filled) => filled,
            Err(wrong) => return Ok((Err(wrong), None)),
        };
        let mut days: BTreeSet<NaiveDate> = day(raw, "on").into_iter().collect();
        if days.is_empty() {
            let own = self.duty.turns.values().filter(|turn| turn.period == self.form.period);
            days.extend(own.map(|turn| turn.on).chain([self.turn.on]));
        }
        let form = (&self.form, self.village.as_str());
        if again::has_request(ledger, form, &fields, &days)? {
            return Ok((Ok(Comes::Again), None));
        }
        match self.decided.belongs.get(&index) {
            None => Ok((Ok(Todo::Fresh(filled).into()), None)),
            Some(Belongs::Matter(id)) => self.of_matter((ledger, eye), *id, &fields),
            Some(Belongs::Person(id)) => self.of_person((ledger, eye), *id, &fields),
        }
    }

    /// One that belongs to a matter: it hangs on a pending one, and repeats one that has ended.
    fn of_matter(
        &self,
        (ledger, eye): (&impl Read, &Eye<'_>),
        id: CaseId,
        fields: &Fields,
    ) -> Result<Sent, Stop> {
        let asker = &eye.asking.asker;
        let case: Option<Case> = ledger.load(id.0)?;
        let case = case.filter(|case| {
            policy::sees(asker, &Scope::of(case), case.readers.as_ref())
                && !policy::is_withheld(asker, case)
        });
        let Some(case) = case else {
            return Ok((Err(wrong("request", "matter_is_not_there")), None));
        };
        let repeats = !case.stage().is_open();
        let placed = Placed {
            belongs: Belongs::Matter(id),
            name: format!("{} {}", case.number, case.title),
            repeats,
        };
        let judged = if repeats {
            self.repeated((ledger, eye), &case, fields.clone())?
        } else {
            let name = people::name_on(ledger, &case)?;
            self.joined(eye, &case, (name, fields))
        };
        Ok((judged, Some(placed)))
    }

    /// A further receipt of a pending matter.
    fn joined(
        &self,
        eye: &Eye<'_>,
        case: &Case,
        (name, fields): (Option<String>, &Fields),
    ) -> Judged {
        let link = policy::link(&eye.asking.asker, &Scope::of(case));
        if policy::may(&eye.asking.asker, Act::Join, link) != Verdict::Allow {
            return Err(wrong("request", "row_is_not_yours"));
        }
        let words = again::words(name.as_deref(), fields);
        let own = ["received_on", "people", "channel", "source", "from_body", "letter"];
        let mut form: Fields = own
            .iter()
            .filter_map(|name| Some(((*name).to_owned(), fields.get(*name)?.clone())))
            .collect();
        form.insert("words".to_owned(), words);
        let filled = self.filled(Act::Join, &form)?;
        let entry = Entry {
            on: filled.date("received_on").unwrap_or(self.today),
            today: self.today,
            by: eye.asking.clerk.officer,
            text: filled.text("words"),
            document: filled.text("letter"),
        };
        match case.join(ReceiptId(0), (Source::Direct, Channel::Grid), entry) {
            Ok(_) => Ok(Todo::Joined { case: case.id, filled }.into()),
            Err(broken) => Err(at("received_on", &broken)),
        }
    }

    /// A matter of its own that raises again what has ended, by the same person if one of the name
    /// raised it then.
    fn repeated(
        &self,
        (ledger, eye): (&impl Read, &Eye<'_>),
        case: &Case,
        mut fields: Fields,
    ) -> Result<Judged, Stop> {
        if case.readers.is_some() {
            // Whoever reads a sealed matter must not tell of it by one that others read.
            return Ok(Err(wrong("request", "matter_is_not_there")));
        }
        let name = fields.get("name").cloned();
        for id in case.persons.keys() {
            let person = people::load_root(ledger, *id)?;
            let person = person.filter(|person| person.name == name && name.is_some());
            if let Some(person) = person
                && tell::person_is_visible(ledger, &eye.asking.asker, person.id)?
            {
                fields.insert("person".to_owned(), person.id.0.to_string());
                break;
            }
        }
        fields.insert("repeats".to_owned(), case.number.clone());
        Ok(self.filled(Act::Register, &fields).map(|filled| Todo::Fresh(filled).into()))
    }

    /// One that is raised by somebody who is known, as a matter of its own.
    fn of_person(
        &self,
        (ledger, eye): (&impl Read, &Eye<'_>),
        id: PersonId,
        fields: &Fields,
    ) -> Result<Sent, Stop> {
        let person =
            people::load_root(ledger, id)?.filter(|person| erase::must_be_there(person).is_ok());
        let seen = match &person {
            Some(person) => tell::person_is_visible(ledger, &eye.asking.asker, person.id)?,
            None => false,
        };
        let Some(person) = person.filter(|_| seen) else {
            return Ok((Err(wrong("name", "person_is_not_there")), None));
        };
        let mut fields = fields.clone();
        fields.insert("person".to_owned(), person.id.0.to_string());
        // The name on the form is not lost, and by it the row is known when the form comes again.
        let request = again::words(person.label().as_deref(), &fields);
        fields.insert("request".to_owned(), request);
        let judged = self.filled(Act::Register, &fields).map(|filled| Todo::Fresh(filled).into());
        let name = person.label().unwrap_or_default();
        Ok((judged, Some(Placed { belongs: Belongs::Person(person.id), name, repeats: false })))
    }

    /// What a new request says, under the names of the form of registering.
    fn fields(&self, raw: &ImportRow) -> Result<Fields, Wrong> {
        if let Some(wrong) = problem(raw) {
            return Err(wrong);
        }
        let on = day(raw, "on").unwrap_or(self.turn.on);
        if on > self.today {
            let broken = Broken::new("day_is_in_the_future").with("day", self.today);
            return Err(at("received_on", &broken));
        }
        let text = |name: &str| said(raw, name).unwrap_or_default().to_owned();
        let fields = [
            ("name", text("name")),
            ("request", text("request")),
            ("phone", text("phone")),
            ("received_on", on.to_string()),
            ("people", "1".to_owned()),
            ("village", self.form.village.0.to_string()),
            ("at_once", AtOnce::Registered.word().to_owned()),
            ("channel", Channel::Grid.word().to_owned()),
            ("source", Source::Direct.word().to_owned()),
            ("from_body", self.village.clone()),
            ("letter", again::letter(&self.form)),
        ];
        Ok(fields.into_iter().map(|(name, text)| (name.to_owned(), text)).collect())
    }

    /// A form as it would be typed.
    fn filled(&self, act: Act, fields: &Fields) -> Result<Filled, Wrong> {
        form::fill(act, fields, self.today).map_err(|wrongs| {
            let first = wrongs.into_iter().next();
            let (field, why) = first.map(|own| (own.field, own.why)).unwrap_or_default();
            let column = field.rsplit('.').next().unwrap_or_default();
            // The words of a further receipt stand in the column of the request.
            let column = if column == "words" { "request" } else { column };
            (Some(column.to_owned()), (format!("wrong.{why}"), Vec::new()))
        })
    }
}

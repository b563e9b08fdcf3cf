//! New requests of a form that belong to a matter or a person that is there: the clerk decides.

use anjie::api::refusal::Refusal;
use anjie::api::reply::{Done, Reply};
use anjie::api::request::Request;
use anjie::api::village::{Becomes, Belongs, Decided, ReturnTerms, ReturnView, SheetQuery};
use anjie::domain::act::Act;
use anjie::domain::choice::Channel;
use anjie::domain::ids::{CaseId, PersonId};

use super::{FILE, FOOT, TODAY, Town, became, fresh, head};
use crate::seal::{account, accusation};

impl Town {
    fn decided(&mut self, decided: &Decided) -> ReturnView {
        let terms = ReturnTerms { file: FILE.to_owned(), decided: decided.clone(), from: 0 };
        match self.office.ask(Request::Sheets(SheetQuery::Return(terms))).unwrap() {
            Reply::Return(view) => *view,
            other => panic!("a returned form was answered with {other:?}"),
        }
    }

    fn enter(&mut self, decided: &Decided) -> Result<Done, Refusal> {
        let said = decided.fields();
        let said: Vec<_> = said.iter().map(|(name, text)| (*name, text.as_str())).collect();
        self.take(&said)
    }

    fn n_receipts(&mut self, case: u64) -> usize {
        self.office.case(case).receipts.len()
    }
}

/// What the clerk says of the first rows behind the head.
fn into(all: &[Belongs]) -> Decided {
    Decided { belongs: (1..).zip(all.iter().copied()).collect(), ..Decided::default() }
}

#[test]
fn a_new_request_hangs_on_the_pending_matter_that_the_clerk_names() {
    let mut town = Town::new();
    let id = town.matter(0, ("张小明", "水渠漏水"), &[]);
    let form = town.form(0);
    let rows =
        vec![head(&form, &FOOT), fresh(9, "张小明", "水渠还漏"), fresh(10, "李梅", "麦田被淹")];
    town.looked(rows.clone(), &[]).unwrap();
    let decided = into(&[Belongs::Matter(CaseId(id)); 2]);
    let view = town.decided(&decided);
    assert_eq!(became(&view), [(Becomes::Joined, None); 2]);
    assert_eq!((view.counts.joined, view.counts.fresh), (2, 0));
    let number = town.office.case(id).case.number;
    let placed = view.rows[0].placed.clone().unwrap();
    assert_eq!((placed.name.as_str(), placed.repeats), (&*format!("{number} 水渠漏水"), false));
    assert_eq!(town.n_receipts(id), 1, "looking writes nothing");

    town.enter(&decided).unwrap();
    let sheet = town.office.case(id);
    assert_eq!(sheet.receipts.len(), 3);
    assert!(sheet.receipts.iter().filter(|own| own.repeat).count() == 2, "all but the first");
    let mut words: Vec<_> =
        sheet.receipts.iter().filter_map(|own| Some((own.channel, own.words.clone()?))).collect();
    words.sort_by(|a, b| a.1.cmp(&b.1));
    let said =
        [(Channel::Grid, "李梅：麦田被淹".to_owned()), (Channel::Grid, "水渠还漏".to_owned())];
    assert_eq!(words, said, "whose it is stays known");
    let told = sheet.case.steps.values().filter(|step| step.told_by.is_some()).count();
    assert_eq!(told, 2);

    // Sent back and come again, nothing of it is entered twice.
    let duty = town.duty(0).id.0;
    town.office.done(Act::SendBackDuty, Some(duty), &[("on", TODAY), ("text", "缺签字")]);
    let again = town.looked(rows, &[]).unwrap();
    assert_eq!(became(&again), [(Becomes::Same, Some("village.entered")); 2]);
    town.office.done(Act::Undo, None, &[]);
    town.office.done(Act::Undo, None, &[]);
    assert_eq!(town.n_receipts(id), 1, "taken back whole");
    assert!(town.office.is_sound());
}

#[test]
fn a_new_request_about_a_matter_that_has_ended_is_a_repeat_by_the_same_person() {
    let mut town = Town::new();
    let id = town.matter(0, ("张小明", "水渠漏水"), &[]);
    let stop =
        [("ground", "withdrawn"), ("on", "2026-10-14"), ("text", "本人撤回"), ("document", "1号")];
    town.office.done(Act::Stop, Some(id), &stop);
    let form = town.form(0);
    town.looked(vec![head(&form, &FOOT), fresh(9, "张小明", "水渠又漏")], &[]).unwrap();
    let decided = into(&[Belongs::Matter(CaseId(id))]);
    let view = town.decided(&decided);
    assert_eq!(became(&view), [(Becomes::Fresh, None)]);
    assert!(view.rows[0].placed.as_ref().unwrap().repeats);
    town.enter(&decided).unwrap();
    let (before, after) = (town.office.case(id).case, town.office.case(id + 1).case);
    assert_eq!(after.repeats, Some(CaseId(id)));
    assert_eq!(after.persons, before.persons, "no second record of the same person");
    assert!(town.office.is_sound());
}

#[test]
fn a_new_request_of_somebody_who_is_known_makes_no_second_person() {
    let mut town = Town::new();
    let id = town.matter(0, ("张小明", "水渠漏水"), &[]);
    let person = *town.office.case(id).case.persons.keys().next().unwrap();
    let form = town.form(0);
    town.looked(vec![head(&form, &FOOT), fresh(9, "张小明", "路灯不亮")], &[]).unwrap();
    let decided = into(&[Belongs::Person(person)]);
    let view = town.decided(&decided);
    assert_eq!(view.rows[0].placed.as_ref().unwrap().name, "张小明");
    town.enter(&decided).unwrap();
    let made = town.office.case(id + 1).case;
    assert_eq!(made.persons.keys().copied().collect::<Vec<_>>(), [person]);
    assert_eq!(made.repeats, None);
    assert!(town.office.is_sound());
}

#[test]
fn a_request_given_to_somebody_of_another_name_is_known_when_the_form_comes_again() {
    let mut town = Town::new();
    let id = town.matter(0, ("谢晓峰", "水渠漏水"), &[]);
    let person = *town.office.case(id).case.persons.keys().next().unwrap();
    let form = town.form(0);
    let rows = vec![head(&form, &FOOT), fresh(9, "谢小峰", "路灯不亮")];
    town.looked(rows.clone(), &[]).unwrap();
    town.enter(&into(&[Belongs::Person(person)])).unwrap();
    let made = town.office.case(id + 1).case;
    assert_eq!(made.request, "谢小峰：路灯不亮", "the name on the form is not lost");
    let duty = town.duty(0).id.0;
    town.office.done(Act::SendBackDuty, Some(duty), &[("on", TODAY), ("text", "缺签字")]);
    let again = town.looked(rows, &[]).unwrap();
    assert_eq!(became(&again), [(Becomes::Same, Some("village.entered"))]);
}

#[test]
fn what_is_hidden_or_gone_takes_no_request_and_the_rest_goes() {
    let mut town = Town::new();
    let reader = town.office.officer("陈志远", &[]).to_string();
    let _other =
        account(&mut town.office, (1001, "chen"), &[("roles", "director"), ("officer", &reader)]);
    // Whom it is about registers it, and does not read it.
    let mut form = accusation(&[("readers", &reader)]);
    form.retain(|(name, _)| *name != "about");
    form.push(("about", "李娟"));
    let hidden = town.office.done(Act::Register, None, &form).record.unwrap().id;
    assert!(town.office.ask(Request::Case { id: CaseId(hidden) }).is_err());
    let form = town.form(0);
    let rows = (9..13).map(|place| fresh(place, "李梅", &format!("第{place}件")));
    let rows = std::iter::once(head(&form, &FOOT)).chain(rows).collect();
    town.looked(rows, &[]).unwrap();
    let decided = into(&[
        Belongs::Matter(CaseId(hidden)),
        Belongs::Matter(CaseId(99_999)),
        Belongs::Person(PersonId(99_999)),
    ]);
    let view = town.decided(&decided);
    let gone = (Becomes::Refused, Some("broken.matter_is_not_there"));
    let nobody = (Becomes::Refused, Some("broken.person_is_not_there"));
    assert_eq!(became(&view), [gone, gone, nobody, (Becomes::Fresh, None)]);
    town.enter(&decided).unwrap();
    assert_eq!(town.office.case(hidden + 1).case.title, "第12件");
    assert!(town.office.is_sound());
}

#[test]
fn what_an_order_says_of_rows_is_what_was_decided() {
    let belongs = [(3, Belongs::Matter(CaseId(12))), (5, Belongs::Person(PersonId(7)))];
    let decided = Decided { without: [1, 4].into(), belongs: belongs.into() };
    let [(_, without), (_, belongs)] = decided.fields();
    assert_eq!((without.as_str(), belongs.as_str()), ("1 4", "3=c12 5=p7"));
    assert_eq!(Decided::parse(&without, &belongs), decided);
    assert_eq!(Decided::parse("x 4", "3=c 5=q7 =p1 6").belongs.len(), 0);
}

//! The state system, hints to get on, groups and repeats: what is owed stands on the agenda of
//! whoever owes it, and is gone when it is done.

use anjie::api::door::Door;
use anjie::api::reply::{AgendaGroup, CaseSheet, Reply};
use anjie::api::request::{AgendaQuery, CaseQuery, Request, Whose};
use anjie::domain::act::Act;
use anjie::domain::field::FieldKind;
use anjie::domain::ids::{Kind, OfficerId};
use anjie::domain::line::LineKind;
use anjie::domain::listing::{List, Narrow};
use anjie::domain::schema;
use anjie::service::Session;

use crate::desk::Office;

type Seen = Vec<(AgendaGroup, LineKind, String)>;

impl Office {
    /// The lines of a kind, of everybody or of one officer.
    fn lines(&mut self, kind: LineKind, of: Option<u64>) -> Seen {
        let whose = of.map_or(Whose::All, |id| Whose::Officer(OfficerId(id)));
        let query = AgendaQuery { whose, most: 100, ..AgendaQuery::default() };
        let Reply::Agenda(view) = self.ask(Request::Agenda(query)).unwrap() else { panic!() };
        let rows = view.rows.into_iter().filter(|(_, row)| row.line == kind);
        rows.map(|(group, row)| (group, row.line, row.on.to_string())).collect()
    }

    fn set(&mut self, name: &str, value: &str) {
        self.done(Act::EditOffice, Some(1), &[(name, value)]);
    }

    fn move_to(&mut self, day: &str) {
        self.done(Act::MoveToday, None, &[("today", day)]);
    }
}

fn visit(
    office: &mut Office,
    (people, received_on): (&str, &str),
    more: &[(&str, &str)],
) -> Result<u64, String> {
    let fields = [
        ("name", "张守田"),
        ("request", "修路占地的补偿款没有到账"),
        ("received_on", received_on),
        ("people", people),
        ("at_once", "registered"),
        ("channel", "visit"),
        ("source", "direct"),
    ];
    let fields: Vec<_> = fields
        .into_iter()
        .filter(|(name, _)| !more.iter().any(|(own, _)| own == name))
        .chain(more.iter().copied())
        .collect();
    let done = office.try_do(Act::Register, None, &fields).map_err(|refusal| refusal.key)?;
    Ok(done.record.unwrap().id)
}

fn receipt(sheet: &CaseSheet, at: usize) -> u64 {
    sheet.receipts[at].id.0
}

#[test]
fn a_receipt_that_is_not_in_the_state_system_stands_on_the_agenda_until_it_is_entered() {
    let mut office = Office::on("2026-08-31");
    office.set("enter_workdays", "3");
    let id = visit(&mut office, ("1", "2026-08-28"), &[]).unwrap();
    // Friday the 28th is not counted: Monday, Tuesday, Wednesday.
    let line = (AgendaGroup::Soon, LineKind::Unentered, "2026-09-02".to_owned());
    assert_eq!(office.lines(LineKind::Unentered, None), std::slice::from_ref(&line));
    let handler = office.officer("刘强", &[]);
    office.done(Act::HandTo, Some(id), &[("handler", &handler.to_string())]);
    assert_eq!(office.lines(LineKind::Unentered, Some(handler)), [line]);
    office.move_to("2026-09-04");
    assert_eq!(office.lines(LineKind::Unentered, None)[0].0, AgendaGroup::Late);
    let own = receipt(&office.case(id), 0);
    office.done(Act::EditReceipt, Some(own), &[("state_number", "QX1"), ("query_code", "7K2M")]);
    assert_eq!(office.lines(LineKind::Unentered, None), []);
    assert!(office.is_sound());
}

#[test]
fn the_result_is_owed_to_the_state_system_once_the_case_has_ended_until_it_is_filled_in() {
    let mut office = Office::on("2026-08-31");
    office.set("return_workdays", "5");
    let id = visit(&mut office, ("1", "2026-08-03"), &[("state_number", "QX1")]).unwrap();
    let sheet = office.case(id);
    assert_eq!(sheet.receipts[0].entered_on.unwrap().to_string(), "2026-08-31");
    assert_eq!(office.lines(LineKind::Unreturned, None), []);
    let stop =
        [("ground", "withdrawn"), ("on", "2026-08-28"), ("text", "本人撤回"), ("document", "1号")];
    office.done(Act::Stop, Some(id), &stop);
    let line = (AgendaGroup::Later, LineKind::Unreturned, "2026-09-04".to_owned());
    assert_eq!(office.lines(LineKind::Unreturned, None), [line]);
    let own = receipt(&sheet, 0);
    office.done(Act::EditReceipt, Some(own), &[("returned_on", "2026-08-31")]);
    assert_eq!(office.lines(LineKind::Unreturned, None), []);
    assert!(office.is_sound());
}

#[test]
fn an_office_that_owes_the_state_system_nothing_is_not_reminded() {
    let mut office = Office::on("2026-08-31");
    office.set("enter_workdays", "3");
    visit(&mut office, ("1", "2026-08-03"), &[]).unwrap();
    assert_eq!(office.lines(LineKind::Unentered, None).len(), 1);
    office.set("enter_workdays", "0");
    assert_eq!(office.lines(LineKind::Unentered, None), []);
    assert!(office.is_sound());
}

#[test]
fn working_days_before_a_clock_ends_whoever_owes_it_is_asked_to_get_on() {
    let mut office = Office::on("2026-08-04");
    let lead = office.officer("王建国", &[("leads", "yes")]);
    let id = visit(&mut office, ("1", "2026-08-03"), &[]).unwrap();
    office.done(Act::AssignLead, Some(id), &[("lead", &lead.to_string())]);
    office.done(
        Act::Record,
        Some(id),
        &[("work", "talk"), ("on", "2026-08-04"), ("text", "已约谈")],
    );
    // The notice is due on Tuesday the 18th; five working days before that is the 11th.
    office.move_to("2026-08-10");
    assert_eq!(office.lines(LineKind::Nudge, Some(lead)), []);
    office.move_to("2026-08-11");
    let line = (AgendaGroup::Nudge, LineKind::Nudge, "2026-08-11".to_owned());
    assert_eq!(office.lines(LineKind::Nudge, Some(lead)), std::slice::from_ref(&line));
    assert_eq!(office.lines(LineKind::Nudge, None), [line]);
    office.done(Act::Notify, Some(id), &[("on", "2026-08-11"), ("manner", "in_person")]);
    assert_eq!(office.lines(LineKind::Nudge, Some(lead)), [], "what is done is not asked for");
}

#[test]
fn what_is_late_stands_once_with_each_who_owes_it_until_it_is_done() {
    let mut office = Office::on("2026-08-31");
    let lead = office.officer("王建国", &[("leads", "yes")]);
    let handler = office.officer("刘强", &[]);
    let id = visit(&mut office, ("1", "2026-08-03"), &[]).unwrap();
    office.done(Act::AssignLead, Some(id), &[("lead", &lead.to_string())]);
    office.done(Act::HandTo, Some(id), &[("handler", &handler.to_string())]);
    for of in [Some(lead), Some(handler), None] {
        let late: Vec<_> = office.lines(LineKind::Clock, of);
        assert_eq!(late, [(AgendaGroup::Late, LineKind::Clock, "2026-08-18".to_owned())]);
    }
    office.done(Act::Notify, Some(id), &[("on", "2026-08-31"), ("manner", "in_person")]);
    for of in [Some(lead), Some(handler), None] {
        assert_eq!(office.lines(LineKind::Clock, of), []);
    }
}

#[test]
fn at_most_five_speak_for_a_visit_by_many_and_for_nothing_else() {
    let mut office = Office::on("2026-08-31");
    let named = |names: &'static str| [("representatives", names)];
    let six = visit(&mut office, ("8", "2026-08-03"), &named("李一、李二、李三，李四 李五"));
    assert_eq!(six.unwrap_err(), "broken.at_most_five_representatives");
    let more = visit(&mut office, ("2", "2026-08-03"), &named("李一、李二"));
    assert_eq!(more.unwrap_err(), "broken.more_representatives_than_people");
    let letter = [("representatives", "李一"), ("channel", "letter")];
    let letter = visit(&mut office, ("8", "2026-08-03"), &letter);
    assert_eq!(letter.unwrap_err(), "broken.only_visits_have_representatives");
    let id = visit(&mut office, ("8", "2026-08-03"), &named("李一、李二、李三，李四")).unwrap();
    assert_eq!(office.case(id).persons.len(), 5);
    assert!(office.is_sound());
}

#[test]
fn a_visit_by_many_is_flagged_from_five_from_twenty_and_from_fifty() {
    let mut office = Office::on("2026-08-31");
    for people in [4, 5, 20, 50] {
        let id = visit(&mut office, (&people.to_string(), "2026-08-03"), &[]).unwrap();
        assert_eq!(office.case(id).case.visitors(), people);
    }
    let letter = visit(&mut office, ("60", "2026-08-03"), &[("channel", "letter")]).unwrap();
    assert_eq!(office.case(letter).case.visitors(), 0, "who signs a letter does not come");
    let own = receipt(&office.case(letter), 0);
    office.done(
        Act::Join,
        Some(letter),
        &[
            ("received_on", "2026-08-20"),
            ("channel", "visit"),
            ("source", "direct"),
            ("people", "22"),
        ],
    );
    assert_eq!(office.case(letter).case.visitors(), 22);
    let sheet = office.case(letter);
    let visit = sheet.receipts.iter().find(|receipt| receipt.id.0 != own).unwrap().id.0;
    office.done(Act::EditReceipt, Some(visit), &[("people", "12")]);
    assert_eq!(office.case(letter).case.visitors(), 12, "a corrected number counts");
    assert!(office.is_sound());
}

#[test]
fn every_receipt_but_the_first_is_a_repeat_however_they_came_together() {
    let mut office = Office::on("2026-08-31");
    let id = visit(&mut office, ("1", "2026-08-10"), &[]).unwrap();
    let call =
        |on| [("received_on", on), ("channel", "call"), ("source", "direct"), ("people", "1")];
    let repeats = |sheet: &CaseSheet| -> Vec<(String, bool)> {
        let mut all: Vec<_> = sheet
            .receipts
            .iter()
            .map(|receipt| (receipt.received_on.to_string(), receipt.repeat))
            .collect();
        all.sort();
        all
    };
    office.done(Act::Join, Some(id), &call("2026-08-05"));
    let told = |days: &[(&str, bool)]| -> Vec<(String, bool)> {
        days.iter().map(|(day, repeat)| ((*day).to_owned(), *repeat)).collect()
    };
    let sheet = office.case(id);
    assert_eq!(repeats(&sheet), told(&[("2026-08-05", false), ("2026-08-10", true)]));
    let earlier = sheet.receipts.iter().find(|receipt| !receipt.repeat).map(|receipt| receipt.id.0);
    let apart = [("request", "另一件事要问"), ("on", "2026-08-31"), ("text", "并错了")];
    office.done(Act::Split, earlier, &apart);
    assert_eq!(repeats(&office.case(id)), told(&[("2026-08-10", false)]));
    assert!(!office.case(id).case.is_repeat());
    assert!(office.is_sound());
}

#[test]
fn a_new_matter_repeats_one_that_has_ended_and_a_pending_one_takes_the_receipt() {
    let mut office = Office::on("2026-08-31");
    let id = visit(&mut office, ("1", "2026-08-03"), &[]).unwrap();
    let number = office.case(id).case.number;
    let again = |office: &mut Office| visit(office, ("1", "2026-08-31"), &[("repeats", &number)]);
    assert_eq!(again(&mut office).unwrap_err(), "broken.pending_matter_takes_the_receipt");
    let stop =
        [("ground", "withdrawn"), ("on", "2026-08-20"), ("text", "本人撤回"), ("document", "1号")];
    office.done(Act::Stop, Some(id), &stop);
    let second = again(&mut office).unwrap();
    let sheet = office.case(second);
    assert_eq!(sheet.repeats.as_deref(), Some(number.as_str()));
    assert!(sheet.case.is_repeat() && sheet.receipts[0].repeat);
    let unknown = visit(&mut office, ("1", "2026-08-31"), &[("repeats", "青信2020-0001")]);
    assert_eq!(unknown.unwrap_err(), "broken.no_case_of_that_number");
}

#[test]
fn a_repeat_that_was_not_seen_at_the_window_is_marked_later_and_taken_back() {
    let mut office = Office::on("2026-08-31");
    let first = visit(&mut office, ("1", "2026-08-03"), &[]).unwrap();
    let second = visit(&mut office, ("1", "2026-08-28"), &[]).unwrap();
    let number = |office: &mut Office, id| office.case(id).case.number;
    let (one, two) = (number(&mut office, first), number(&mut office, second));
    let mark = |office: &mut Office, id, of: &str| {
        office.try_do(Act::Repeat, Some(id), &[("of", of)]).map_err(|refusal| refusal.key)
    };
    let refused = |key: &str| Err(format!("broken.{key}"));
    let told = |answer: Result<_, String>| answer.map(|_: anjie::api::reply::Done| ());
    assert_eq!(told(mark(&mut office, second, &one)), refused("repeated_matter_is_pending"));
    assert_eq!(told(mark(&mut office, second, &two)), refused("that_is_the_same_case"));
    assert_eq!(told(mark(&mut office, second, "9999")), refused("no_case_of_that_number"));
    let stop =
        [("ground", "withdrawn"), ("on", "2026-08-20"), ("text", "本人撤回"), ("document", "1号")];
    office.done(Act::Stop, Some(first), &stop);
    mark(&mut office, second, &one).unwrap();
    let sheet = office.case(second);
    assert_eq!(sheet.repeats.as_deref(), Some(one.as_str()));
    assert!(sheet.receipts[0].repeat, "its first receipt is a repeat too");
    assert_eq!(told(mark(&mut office, second, &one)), refused("case_repeats_already"));
    office.done(Act::Undo, None, &[]);
    let sheet = office.case(second);
    assert!(sheet.repeats.is_none() && !sheet.receipts[0].repeat);

    // What came later is not repeated, and none repeats what repeats it.
    let stop =
        [("ground", "withdrawn"), ("on", "2026-08-30"), ("text", "撤回"), ("document", "2号")];
    office.done(Act::Stop, Some(second), &stop);
    let third = visit(&mut office, ("1", "2026-08-10"), &[]).unwrap();
    assert_eq!(told(mark(&mut office, third, &two)), refused("repeated_matter_came_later"));
    mark(&mut office, third, &one).unwrap();
    assert!(office.is_sound());
}

#[test]
fn matters_never_repeat_each_other_whatever_is_taken_back() {
    let mut office = Office::on("2026-08-31");
    let fields = [("login", "zhang"), ("uid", "1002"), ("roles", "director")];
    office.done(Act::AddClerk, None, &fields);
    let mut zhang = office.door_of(Session { uid: 1002, login: "zhang".to_owned() });
    let ids: Vec<u64> =
        (0..3).map(|_| visit(&mut office, ("1", "2026-08-03"), &[]).unwrap()).collect();
    let numbers: Vec<String> = ids.iter().map(|id| office.case(*id).case.number).collect();
    let stop =
        [("ground", "withdrawn"), ("on", "2026-08-20"), ("text", "本人撤回"), ("document", "1号")];
    for id in &ids[..2] {
        office.done(Act::Stop, Some(*id), &stop);
    }
    office.done(Act::Repeat, Some(ids[0]), &[("of", &numbers[1])]);
    office.done(Act::Unrepeat, Some(ids[0]), &[]);
    let order = office.order(Act::Repeat, Some(ids[1]), &[("of", &numbers[0])]);
    zhang.call(Request::Do(order)).unwrap();
    let back = office.try_do(Act::Undo, None, &[]).unwrap_err();
    assert_eq!(back.key, "broken.cases_repeat_each_other");
    let ring = office.try_do(Act::Repeat, Some(ids[0]), &[("of", &numbers[1])]).unwrap_err();
    assert_eq!(ring.key, "broken.repeated_matter_came_later");
    office.done(Act::Repeat, Some(ids[2]), &[("of", &numbers[1])]);
    assert!(office.is_sound());
}

#[test]
fn a_supervision_names_a_unit_and_never_a_person() {
    let fields = schema::form(Act::Supervise);
    let names_persons =
        |kind: FieldKind| matches!(kind, FieldKind::Link(Kind::Person) | FieldKind::Name);
    assert!(fields.iter().all(|field| !names_persons(field.kind)));
    let mut office = Office::on("2026-08-31");
    let unit = office.unit("自然资源所", "station").to_string();
    let id = visit(&mut office, ("1", "2026-08-03"), &[]).unwrap();
    let order = |text| {
        [
            ("form", "circular"),
            ("unit", unit.as_str()),
            ("on", "2026-08-31"),
            ("document", "青信督1号"),
            ("text", text),
        ]
    };
    let named = office.try_do(Act::Supervise, Some(id), &order("张守田一再来访，请尽快办理"));
    assert_eq!(named.unwrap_err().key, "broken.supervision_is_about_units");
    office.done(Act::Supervise, Some(id), &order("逾期未书面告知，请于三日内补办"));
}

#[test]
fn a_list_is_narrowed_to_groups_to_twenty_to_fifty_and_to_repeats() {
    let mut office = Office::on("2026-08-31");
    let ids: Vec<u64> = ["4", "5", "20", "50"]
        .into_iter()
        .map(|people| visit(&mut office, (people, "2026-08-03"), &[]).unwrap())
        .collect();
    let call =
        [("received_on", "2026-08-20"), ("channel", "call"), ("source", "direct"), ("people", "1")];
    office.done(Act::Join, Some(ids[0]), &call);
    for (filter, at) in
        [("crowd=group", 1), ("crowd=twenty", 2), ("crowd=fifty", 3), ("repeat=repeat", 0)]
    {
        let only = Narrow::parse(List::Cases, filter).unwrap();
        let query = Request::Cases(CaseQuery { only, ..CaseQuery::default() });
        let Reply::Cases(page) = office.ask(query).unwrap() else { panic!() };
        let found: Vec<u64> = page.rows.iter().map(|row| row.id.0).collect();
        assert_eq!(found, [ids[at]], "{filter}");
    }
}

#[test]
fn a_unit_that_was_asked_to_answer_by_a_day_is_owed_until_it_answers() {
    let mut office = Office::on("2026-08-10");
    let unit = office.unit("民政办", "department").to_string();
    let id = visit(&mut office, ("1", "2026-08-03"), &[("at_once", "notified")]).unwrap();
    let asked = [("unit", unit.as_str()), ("on", "2026-08-04"), ("due_on", "2026-08-07")];
    let asked = asked.into_iter().chain([("text", "请核实"), ("document", "协1号")]);
    office.done(Act::Assist, Some(id), &asked.collect::<Vec<_>>());
    let late = (AgendaGroup::Late, LineKind::Answer, "2026-08-07".to_owned());
    assert_eq!(office.lines(LineKind::Answer, None), [late]);
    let answer = [("unit", unit.as_str()), ("on", "2026-08-10"), ("text", "已核实")];
    office.done(Act::Answer, Some(id), &answer);
    assert_eq!(office.lines(LineKind::Answer, None), []);
    assert!(office.is_sound());
}

#[test]
fn a_leaders_instruction_is_owed_until_it_is_answered_also_after_the_end() {
    let mut office = Office::on("2026-08-10");
    let id = visit(&mut office, ("1", "2026-08-03"), &[]).unwrap();
    let said = [("leader", "区长"), ("on", "2026-08-04"), ("text", "请速办")];
    let said = said.into_iter().chain([("feedback_on", "2026-08-12")]);
    office.done(Act::Instruct, Some(id), &said.collect::<Vec<_>>());
    let line = (AgendaGroup::Soon, LineKind::Feedback, "2026-08-12".to_owned());
    assert_eq!(office.lines(LineKind::Feedback, None), std::slice::from_ref(&line));
    let stop =
        [("ground", "withdrawn"), ("on", "2026-08-10"), ("text", "本人撤回"), ("document", "1号")];
    office.done(Act::Stop, Some(id), &stop);
    assert_eq!(office.lines(LineKind::Feedback, None), [line]);
    office.done(Act::FeedBack, Some(id), &[("on", "2026-08-10"), ("text", "已办结")]);
    assert_eq!(office.lines(LineKind::Feedback, None), []);
    // Entered afterwards, written before that answer: it was answered with the others.
    let early =
        [("leader", "县长"), ("on", "2026-08-05"), ("text", "请办"), ("feedback_on", "2026-08-09")];
    office.done(Act::Instruct, Some(id), &early);
    assert_eq!(office.lines(LineKind::Feedback, None), []);
    assert!(office.is_sound());
}

#[test]
fn an_urgent_matter_is_owed_from_the_day_it_is_marked_until_it_is_reported() {
    let mut office = Office::on("2026-08-10");
    let id = visit(&mut office, ("1", "2026-08-03"), &[("at_once", "notified")]).unwrap();
    assert_eq!(office.lines(LineKind::Unreported, None), []);
    office.done(Act::EditCase, Some(id), &[("urgent", "yes")]);
    let line = (AgendaGroup::Today, LineKind::Unreported, "2026-08-10".to_owned());
    assert_eq!(office.lines(LineKind::Unreported, None), std::slice::from_ref(&line));
    let sheet = office.case(id);
    let clock = sheet.deadlines.iter().find(|clock| clock.rule == "urgent_report").unwrap();
    assert_eq!((clock.basis.as_str(), clock.why.as_deref()), ("25(1)", Some("no_number")));
    // Not marked by mistake: taken back, marked again.
    office.done(Act::EditCase, Some(id), &[("urgent", "")]);
    assert_eq!(office.lines(LineKind::Unreported, None), []);
    office.done(Act::EditCase, Some(id), &[("urgent", "yes")]);
    let stop =
        [("ground", "withdrawn"), ("on", "2026-08-10"), ("text", "本人撤回"), ("document", "1号")];
    office.done(Act::Stop, Some(id), &stop);
    assert_eq!(office.lines(LineKind::Unreported, None), [line], "it is owed all the same");
    let report = [("on", "2026-08-10"), ("known_at", "09:05"), ("at", "09:20")];
    let report = report.into_iter().chain([("to", "镇党委"), ("text", "堤坝渗水")]);
    office.done(Act::Alarm, Some(id), &report.collect::<Vec<_>>());
    assert_eq!(office.lines(LineKind::Unreported, None), []);
    assert!(office.is_sound());
}

#[test]
fn a_report_that_was_sent_back_after_the_end_stands_on_the_agenda() {
    let mut office = Office::on("2026-08-20");
    let letter = [("channel", "letter"), ("source", "entrusted"), ("from_body", "区信访局")];
    let letter = letter.into_iter().chain([("letter", "区信交1号"), ("due_on", "2026-08-19")]);
    let id = visit(&mut office, ("1", "2026-08-03"), &letter.collect::<Vec<_>>()).unwrap();
    office.done(Act::Report, Some(id), &[("on", "2026-08-10"), ("document", "报1号")]);
    let stop =
        [("ground", "withdrawn"), ("on", "2026-08-11"), ("text", "本人撤回"), ("document", "1号")];
    office.done(Act::Stop, Some(id), &stop);
    assert_eq!(office.lines(LineKind::Assigned, None), []);
    let back = [("on", "2026-08-12"), ("due_on", "2026-08-18"), ("text", "请补正")];
    office.done(Act::SendBack, Some(id), &back);
    let late = (AgendaGroup::Late, LineKind::Assigned, "2026-08-18".to_owned());
    assert_eq!(office.lines(LineKind::Assigned, None), [late]);
    office.done(Act::Report, Some(id), &[("on", "2026-08-19"), ("document", "报2号")]);
    assert_eq!(office.lines(LineKind::Assigned, None), []);
    assert!(office.is_sound());
}

#[test]
fn a_matter_is_no_longer_accepted_only_after_the_second_review_of_an_earlier_one() {
    let mut office = Office::on("2026-08-31");
    let first = visit(&mut office, ("1", "2026-08-03"), &[]).unwrap();
    let stop =
        [("ground", "withdrawn"), ("on", "2026-08-11"), ("text", "本人撤回"), ("document", "1号")];
    office.done(Act::Stop, Some(first), &stop);
    let number = office.case(first).case.number;
    let again = visit(&mut office, ("1", "2026-08-28"), &[("repeats", &number)]).unwrap();
    let decline = [("how", "no_more"), ("ground", "36(3)"), ("on", "2026-08-31")];
    let decline = decline.into_iter().chain([("text", "不再受理"), ("document", "告1号")]);
    let decline: Vec<_> = decline.collect();
    let refusal = office.try_do(Act::Decline, Some(again), &decline).unwrap_err();
    assert_eq!(refusal.key, "broken.no_second_review_on_record");
}

//! Handing over, standing in, leaving, and many cases given to somebody else.

use anjie::api::door::Door;
use anjie::api::handover::{AssignTerms, AssignView, HandoverTerms, HoldingsView};
use anjie::api::refusal::RefusalKind;
use anjie::api::reply::{AgendaView, Reply};
use anjie::api::request::{AgendaQuery, JournalQuery, Request, Whose};
use anjie::domain::act::Act;
use anjie::domain::ids::{CaseId, OfficerId};
use anjie::service::Session;

use crate::desk::Office;

const TODAY: &str = "2026-10-20";

fn holdings(office: &mut Office, officer: u64, to: Option<u64>) -> HoldingsView {
    let (officer, to) = (OfficerId(officer), to.map(OfficerId));
    let terms = HandoverTerms { officer, to, given: Vec::new() };
    match office.ask(Request::Holdings(terms)).unwrap() {
        Reply::Holdings(view) => view,
        other => panic!("{other:?}"),
    }
}

/// Two cases that Wang leads, one of which he handles too.
fn led(office: &mut Office) -> (u64, u64, [u64; 2]) {
    let wang = office.officer("王建国", &[("leads", "yes")]);
    let zhao = office.officer("赵敏", &[]);
    let cases = [
        office.register("李桂芳", "低保核减", "2026-10-12"),
        office.register("周强", "路灯不亮", "2026-10-13"),
    ];
    for case in cases {
        office.done(Act::AssignLead, Some(case), &[("lead", &wang.to_string()), ("on", TODAY)]);
    }
    office.done(Act::HandTo, Some(cases[0]), &[("handler", &wang.to_string()), ("on", TODAY)]);
    (wang, zhao, cases)
}

#[test]
fn everything_is_handed_over_in_one_batch_and_the_old_name_stays_in_the_history() {
    let mut office = Office::on(TODAY);
    let (wang, _, cases) = led(&mut office);
    let chen = office.officer("陈志远", &[("leads", "yes")]);
    assert_eq!(holdings(&mut office, wang, None).rows.len(), 3);
    let chen_text = chen.to_string();
    let form = [("to", chen_text.as_str()), ("on", TODAY), ("text", "调离")];
    let done = office.done(Act::Handover, Some(wang), &form);
    assert_eq!(done.number.as_deref(), Some("3/3"));
    assert!(holdings(&mut office, wang, None).rows.is_empty());
    for case in cases {
        let sheet = office.case(case);
        assert_eq!(sheet.case.lead, Some(OfficerId(chen)));
        assert!(sheet.case.steps.values().any(|step| step.text.as_deref() == Some("调离")));
        assert!(sheet.officers.values().any(|name| name == "王建国"), "the old name is told");
    }
    let query = JournalQuery {
        act: Some("officer.handover".to_owned()),
        most: 20,
        ..JournalQuery::default()
    };
    let Reply::Journal(page) = office.ask(Request::Journal(query)).unwrap() else { panic!() };
    assert_eq!(page.rows.len(), 3, "one line for each thing that changed hands");
    assert!(office.is_sound());
}

#[test]
fn what_a_rule_keeps_back_is_told_for_each_and_the_rest_goes() {
    let mut office = Office::on(TODAY);
    let (wang, zhao, _) = led(&mut office);
    let view = holdings(&mut office, wang, Some(zhao));
    let whys: Vec<_> = view.rows.iter().filter_map(|row| row.why.clone()).collect();
    assert_eq!(whys.len(), 2, "Zhao may not lead");
    assert!(whys.iter().all(|(key, _)| key == "broken.officer_may_not_lead"));
    let form = [("to", zhao.to_string()), ("on", TODAY.to_owned())];
    let form = form.each_ref().map(|(name, text)| (*name, text.as_str()));
    let done = office.done(Act::Handover, Some(wang), &form);
    assert_eq!(done.number.as_deref(), Some("1/3"));
    let refusal = office.try_do(Act::Handover, Some(wang), &form).unwrap_err();
    assert_eq!(refusal.key, "broken.nothing_to_hand_over");
    assert!(office.is_sound());
}

#[test]
fn chosen_things_go_to_several_successors() {
    let mut office = Office::on(TODAY);
    let (wang, zhao, cases) = led(&mut office);
    let chen = office.officer("陈志远", &[("leads", "yes")]);
    let items = format!("lead:{} handler:{}>{zhao}", cases[1], cases[0]);
    let chen_text = chen.to_string();
    let form = [("to", chen_text.as_str()), ("items", items.as_str()), ("on", TODAY)];
    assert_eq!(office.done(Act::Handover, Some(wang), &form).number.as_deref(), Some("2/2"));
    assert_eq!(office.case(cases[0]).case.handler, Some(OfficerId(zhao)));
    assert_eq!(office.case(cases[0]).case.lead, Some(OfficerId(wang)));
    assert_eq!(office.case(cases[1]).case.lead, Some(OfficerId(chen)));
}

#[test]
fn nobody_leaves_while_they_hold_something() {
    let mut office = Office::on(TODAY);
    let (wang, _, _) = led(&mut office);
    let leave = [("left_on", TODAY)];
    let refusal = office.try_do(Act::EditOfficer, Some(wang), &leave).unwrap_err();
    assert_eq!(refusal.key, "broken.officer_holds_something");
    assert_eq!(refusal.wrongs[0].field, "officer.left_on");
    let chen = office.officer("陈志远", &[("leads", "yes")]).to_string();
    office.done(Act::Handover, Some(wang), &[("to", &chen), ("on", TODAY)]);
    office.done(Act::EditOfficer, Some(wang), &leave);
}

#[test]
fn the_agenda_of_a_substitute_shows_the_lines_of_whom_they_stand_in_for_until_the_last_day() {
    let mut office = Office::on(TODAY);
    let (wang, _, _) = led(&mut office);
    let clerk = [("login", "sunli"), ("uid", "1043"), ("roles", "leader"), ("officer", "0")];
    let sun = office.officer("孙立", &[("leads", "yes")]);
    let sun_text = sun.to_string();
    let form = clerk.map(|(name, text)| (name, if name == "officer" { &sun_text } else { text }));
    office.done(Act::AddClerk, None, &form);
    let mut door = office.door_of(Session { uid: 1043, login: "sunli".to_owned() });
    let mut mine = || match door
        .call(Request::Agenda(AgendaQuery {
            whose: Whose::Mine,
            most: 50,
            ..AgendaQuery::default()
        }))
        .unwrap()
    {
        Reply::Agenda(view) => view,
        other => panic!("{other:?}"),
    };
    let count = |view: &AgendaView| view.rows.len();
    assert_eq!(count(&mine()), 0);
    let form = [("by", sun_text.as_str()), ("from", TODAY), ("until", "2026-10-22")];
    office.done(Act::Substitute, Some(wang), &form);
    let view = mine();
    assert!(count(&view) >= 2, "both cases of Wang are there");
    let sum: u64 = view.counts.iter().map(|(_, n)| n).sum();
    assert_eq!(sum, count(&view) as u64, "a case is not counted twice");
    office.done(Act::MoveToday, None, &[("today", "2026-10-22")]);
    assert!(count(&mine()) >= 2);
    office.done(Act::MoveToday, None, &[("today", "2026-10-23")]);
    assert_eq!(count(&mine()), 0, "it ends by itself");
    assert!(office.is_sound());
}

#[test]
fn many_cases_are_given_to_a_leader_with_a_reason_and_each_says_what_became_of_it() {
    let mut office = Office::on(TODAY);
    let (_, _, cases) = led(&mut office);
    let chen = office.officer("陈志远", &[("leads", "yes")]).to_string();
    office.done(Act::AssignLead, Some(cases[1]), &[("lead", &chen), ("on", TODAY)]);
    let terms = AssignTerms {
        cases: cases.map(CaseId).to_vec(),
        lead: Some(OfficerId(chen.parse().unwrap())),
        ..AssignTerms::default()
    };
    let Reply::Assign(AssignView { rows }) = office.ask(Request::TryAssign(terms)).unwrap() else {
        panic!("no preview")
    };
    assert_eq!(rows[0].why, None);
    assert_eq!(rows[1].why.as_ref().unwrap().0, "broken.leads_it_already");
    let ids = format!("{} {}", cases[0], cases[1]);
    let form = [("cases", ids.as_str()), ("lead", &chen), ("on", TODAY)];
    let refusal = office.try_do(Act::AssignMany, None, &form).unwrap_err();
    assert_eq!(refusal.wrongs[0].field, "assign_many.text");
    let form = [("cases", ids.as_str()), ("lead", &chen), ("on", TODAY), ("text", "分工调整")];
    let done = office.done(Act::AssignMany, None, &form);
    assert_eq!(done.number.as_deref(), Some("1/2"));
    let refusal = office.try_do(Act::AssignMany, None, &form).unwrap_err();
    assert_eq!(refusal.kind, RefusalKind::Invalid);
    assert!(office.is_sound());
}

#[test]
fn nobody_leaves_with_what_the_one_who_lets_them_go_may_not_see() {
    let mut office = Office::on(TODAY);
    let (wang, _, _) = led(&mut office);
    let form = [("login", "hr"), ("uid", "1044"), ("roles", "admin")];
    office.done(Act::AddClerk, None, &form);
    let mut admin = office.door_of(Session { uid: 1044, login: "hr".to_owned() });
    let order = office.order(Act::EditOfficer, Some(wang), &[("left_on", TODAY)]);
    let refusal = admin.call(Request::Do(order)).unwrap_err();
    assert_eq!(refusal.key, "broken.officer_holds_something");
    let count = refusal.args.iter().find(|(name, _)| name == "count").unwrap();
    assert_eq!(count.1, "3", "how many is told, and not which");
}

/// A sealed petition that Li, who reads it, has registered.
fn sealed(office: &mut Office) -> u64 {
    let form = [
        ("name", "章守中"),
        ("request", "郝站长截留沙石款"),
        ("received_on", TODAY),
        ("people", "1"),
        ("at_once", "registered"),
        ("channel", "letter"),
        ("source", "direct"),
        ("about", "郝站长"),
        ("sealed", "yes"),
    ];
    office.done(Act::Register, None, &form).record.unwrap().id
}

#[test]
fn a_sealed_petition_goes_in_no_bulk_to_somebody_who_does_not_read_it() {
    let mut office = Office::on(TODAY);
    let (wang, zhao, _) = led(&mut office);
    let case = sealed(&mut office);
    let terms = AssignTerms {
        cases: vec![CaseId(case)],
        lead: Some(OfficerId(wang)),
        ..AssignTerms::default()
    };
    let Reply::Assign(view) = office.ask(Request::TryAssign(terms)).unwrap() else { panic!() };
    assert_eq!(view.rows[0].why.as_ref().unwrap().0, "broken.officer_has_no_account");
    let (cases, lead) = (case.to_string(), wang.to_string());
    let form = [("cases", cases.as_str()), ("lead", &lead), ("on", TODAY), ("text", "分工")];
    let refusal = office.try_do(Act::AssignMany, None, &form).unwrap_err();
    assert_eq!(refusal.key, "broken.nothing_to_assign");
    // Li is the first officer, and handles what she registered.
    let view = holdings(&mut office, 1, Some(zhao));
    let own = view.rows.iter().find(|row| row.held.id == case).unwrap();
    assert_eq!(own.why.as_ref().unwrap().0, "broken.officer_has_no_account");
    let form = [("to", zhao.to_string()), ("on", TODAY.to_owned())];
    let form = form.each_ref().map(|(name, text)| (*name, text.as_str()));
    office.done(Act::Handover, Some(1), &form);
    assert_eq!(office.case(case).case.handler, None, "it stays where it is");
    assert!(office.is_sound());
}

#[test]
fn a_paper_is_not_handed_over_to_whom_it_is_about() {
    let mut office = Office::on(TODAY);
    let (_, zhao, cases) = led(&mut office);
    let chen = office.officer("陈志远", &[]);
    office.done(Act::EditCase, Some(cases[1]), &[("about_officer", &chen.to_string())]);
    let zhao_text = zhao.to_string();
    let pass = [("step", "drafting"), ("on", TODAY), ("to", zhao_text.as_str())];
    office.done(Act::Pass, Some(cases[1]), &pass);
    let view = holdings(&mut office, zhao, Some(chen));
    assert_eq!(view.rows[0].why.as_ref().unwrap().0, "broken.petition_is_about_them");
    let form = [("to", chen.to_string()), ("on", TODAY.to_owned())];
    let form = form.each_ref().map(|(name, text)| (*name, text.as_str()));
    let refusal = office.try_do(Act::Handover, Some(zhao), &form).unwrap_err();
    assert_eq!(refusal.key, "broken.nothing_to_hand_over");
}

#[test]
fn many_cases_are_not_taken_from_whom_somebody_gave_them_to_meanwhile() {
    let mut office = Office::on(TODAY);
    let (_, _, cases) = led(&mut office);
    let chen = office.officer("陈志远", &[("leads", "yes")]);
    let sun = office.officer("孙立", &[("leads", "yes")]).to_string();
    let seen = cases.map(|case| (case, office.version(case).0));
    let chen_text = chen.to_string();
    office.done(Act::AssignLead, Some(cases[0]), &[("lead", &chen_text), ("on", TODAY)]);
    // Another change of the second does not touch what is given.
    let step = [("work", "talk"), ("on", TODAY), ("text", "到户谈话")];
    office.done(Act::Record, Some(cases[1]), &step);
    let shown = seen.map(|(case, version)| format!("{case}@{version}")).join(" ");
    let form = [("cases", shown.as_str()), ("lead", &sun), ("on", TODAY), ("text", "分工调整")];
    assert_eq!(office.done(Act::AssignMany, None, &form).number.as_deref(), Some("1/2"));
    assert_eq!(office.case(cases[0]).case.lead, Some(OfficerId(chen)));
    assert_eq!(office.case(cases[1]).case.lead, Some(OfficerId(sun.parse().unwrap())));
}

#[test]
fn many_cases_are_put_into_a_class_and_under_a_target_in_one_change_that_is_taken_back_whole() {
    let mut office = Office::on(TODAY);
    let (_, _, cases) = led(&mut office);
    office.done(Act::EditCase, Some(cases[1]), &[("class", "征地拆迁")]);
    let terms = AssignTerms {
        cases: cases.map(CaseId).to_vec(),
        class: Some("征地拆迁".to_owned()),
        ..AssignTerms::default()
    };
    let Reply::Assign(view) = office.ask(Request::TryAssign(terms)).unwrap() else { panic!() };
    assert_eq!((view.rows[0].class.as_deref(), &view.rows[0].why), (None, &None));
    assert_eq!(view.rows[1].class.as_deref(), Some("征地拆迁"));
    assert_eq!(view.rows[1].why.as_ref().unwrap().0, "broken.is_so_already");
    let ids = format!("{} {}", cases[0], cases[1]);
    let both = |more: &[(&'static str, &'static str)]| {
        let own =
            vec![("cases", ids.clone()), ("on", TODAY.to_owned()), ("text", "整理".to_owned())];
        let more = more.iter().map(|(name, text)| (*name, (*text).to_owned()));
        own.into_iter().chain(more).collect::<Vec<_>>()
    };
    let give = |office: &mut Office, form: Vec<(&str, String)>| {
        let form: Vec<(&str, &str)> = form.iter().map(|(name, text)| (*name, &**text)).collect();
        office.try_do(Act::AssignMany, None, &form)
    };
    let done = give(&mut office, both(&[("class", "征地拆迁")])).unwrap();
    assert_eq!(done.number.as_deref(), Some("1/2"), "the other one was so already");
    let done = give(&mut office, both(&[("agreed_on", "2026-12-31")])).unwrap();
    assert_eq!(done.number.as_deref(), Some("2/2"));
    let agreed = |office: &mut Office| cases.map(|id| office.case(id).case.agreed_on);
    assert!(agreed(&mut office).iter().all(Option::is_some));
    office.done(Act::Undo, None, &[]);
    assert_eq!(agreed(&mut office), [None, None], "one undo takes both back");
    assert_eq!(office.case(cases[0]).case.class.as_deref(), Some("征地拆迁"));
    let early = give(&mut office, both(&[("agreed_on", "2020-01-01")])).unwrap_err();
    assert_eq!(early.key, "broken.nothing_to_assign", "before they came");
    let nothing = give(&mut office, both(&[])).unwrap_err();
    assert_eq!(nothing.key, "broken.nobody_is_named");
    // A class that is so already keeps no leader away, and a leader is given for a reason only.
    let sun = office.officer("孙立", &[("leads", "yes")]).to_string();
    let form = [("cases", ids.as_str()), ("on", TODAY), ("class", "征地拆迁"), ("lead", &sun)];
    let missing = office.try_do(Act::AssignMany, None, &form).unwrap_err();
    assert_eq!(missing.wrongs[0].field, "assign_many.text");
    let form = [&form[..], &[("text", "分工调整")]].concat();
    assert_eq!(office.done(Act::AssignMany, None, &form).number.as_deref(), Some("2/2"));
    let lead = |office: &mut Office| cases.map(|id| office.case(id).case.lead.unwrap().0);
    assert_eq!(lead(&mut office).map(|id| id.to_string()), [sun.clone(), sun.clone()]);
    // Whoever may not edit a case sets nothing of it in a bulk either.
    let form = [("login", "zong"), ("uid", "1077"), ("roles", "leader")];
    office.done(Act::AddClerk, None, &form);
    let mut leader = office.door_of(Session { uid: 1077, login: "zong".to_owned() });
    let text = both(&[("class", "环境保护")]);
    let text: Vec<(&str, &str)> = text.iter().map(|(name, text)| (*name, &**text)).collect();
    let order = office.order(Act::AssignMany, None, &text);
    let refused = leader.call(Request::Do(order)).unwrap_err();
    assert_eq!(refused.key, "broken.nothing_to_assign");
    assert!(office.is_sound());
}

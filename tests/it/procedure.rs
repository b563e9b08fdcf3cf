//! A case from registration to archive, and what is refused on the way.

use anjie::api::door::Door;
use anjie::api::refusal::RefusalKind;
use anjie::api::reply::{CaseSheet, Reply};
use anjie::api::request::{JournalQuery, Order, Request};
use anjie::domain::act::Act;
use anjie::domain::ahead;
use anjie::domain::case::Stage;
use anjie::domain::choice::Purpose;
use anjie::domain::ids::CaseId;

use serde_json::json;

use crate::desk::{Office, day};

/// A case of a petitioner that is taken on and handled by an officer, and its head.
struct Matter {
    office: Office,
    id: u64,
    head: String,
    handler: String,
}

impl Matter {
    fn taken_on() -> Self {
        let mut office = Office::on("2026-08-31");
        let head = office.officer("王建国", &[("head_from", "2026-01-01"), ("leads", "yes")]);
        let handler = office.officer("刘强", &[]).to_string();
        let id = office.register("张小明", "征地补偿款没有到账", "2026-08-03");
        let mut matter = Self { office, id, head: head.to_string(), handler };
        matter
            .does(Act::Route, &[("purpose", "request"), ("route", "31(6)"), ("on", "2026-08-04")]);
        matter.does(Act::Accept, &[("on", "2026-08-06")]);
        matter
    }

    fn does(&mut self, act: Act, fields: &[(&str, &str)]) {
        self.office.done(act, Some(self.id), fields);
    }

    fn refused(&mut self, act: Act, fields: &[(&str, &str)]) -> String {
        let refusal = self.office.try_do(act, Some(self.id), fields).unwrap_err();
        assert!(refusal.wrongs.iter().all(|wrong| wrong.why != "empty"), "{refusal:?}");
        refusal.key
    }

    fn sheet(&mut self) -> CaseSheet {
        self.office.case(self.id)
    }

    fn stage(&mut self) -> Stage {
        self.sheet().stage
    }

    fn missing(&mut self) -> Vec<&'static str> {
        let asked = self.sheet().requirements;
        asked.iter().filter(|one| !one.met).map(|one| one.requirement.word()).collect()
    }

    fn opinion<'f>(&self, head: &'f str) -> Vec<(&'f str, &'f str)> {
        vec![
            ("on", "2026-08-20"),
            ("document", "青信处〔2026〕1号"),
            ("request", "补发补偿款差额"),
            ("facts", "漏登2.1亩"),
            ("opinion", "予以支持"),
            ("basis", "土地管理法第四十八条"),
            ("result", "supported"),
            ("signed_by", head),
            ("states_review", "yes"),
        ]
    }
}

#[test]
fn a_case_goes_from_registration_to_archive() {
    let mut matter = Matter::taken_on();
    let (head, handler) = (matter.head.clone(), matter.handler.clone());
    matter.does(Act::HandTo, &[("handler", &handler)]);
    assert_eq!(matter.stage(), Stage::Handling);
    let opinion = matter.opinion(&head);
    assert_eq!(matter.refused(Act::Reply, &opinion), "broken.opinion_needs_an_investigation");
    matter.does(Act::Investigate, &[("on", "2026-08-10"), ("text", "实地丈量，听取陈述")]);
    matter.does(Act::EditClaim, &[("number", "1"), ("text", "补偿款差额")]);
    assert_eq!(matter.refused(Act::Reply, &opinion), "broken.claims_are_not_answered");
    matter.does(Act::EditClaim, &[("number", "1"), ("finding", "属实"), ("result", "supported")]);
    let by_another: Vec<_> = opinion
        .iter()
        .map(|(name, text)| (*name, if *name == "signed_by" { handler.as_str() } else { text }))
        .collect();
    assert_eq!(matter.refused(Act::Reply, &by_another), "broken.signer_is_not_head");
    matter.does(Act::Reply, &opinion);
    assert_eq!(matter.stage(), Stage::Replied);
    let in_person = [("manner", "in_person"), ("on", "2026-08-21")];
    assert_eq!(matter.refused(Act::Deliver, &in_person), "broken.delivery_needs_a_receiver");
    matter.does(Act::Deliver, &[&in_person[..], &[("receiver", "张小明")]].concat());
    assert_eq!(matter.stage(), Stage::Delivered);
    let close = [("on", "2026-08-31"), ("text", "已落实")];
    assert_eq!(matter.refused(Act::Conclude, &close), "broken.closing_is_not_complete");
    assert_eq!(
        matter.missing(),
        [
            "recusal",
            "seal",
            "execution",
            "rating",
            "facts",
            "nature",
            "handling",
            "procedure",
            "papers"
        ]
    );
    matter.does(Act::Declare, &[("officer", &handler), ("interest", "none"), ("on", "2026-08-07")]);
    matter.does(Act::Pass, &[("step", "stamping"), ("on", "2026-08-20")]);
    matter.does(Act::CarryOut, &[("on", "2026-08-28"), ("text", "差额已汇入一卡通")]);
    matter.does(Act::Rate, &[("rating", "satisfied"), ("on", "2026-08-29")]);
    matter.does(Act::Test, &[("facts", "丈量记录"), ("nature", "31(6)"), ("on", "2026-08-30")]);
    assert_eq!(matter.missing(), ["handling", "procedure", "papers"]);
    matter.does(
        Act::Test,
        &[
            ("handling", "已补发"),
            ("procedure", "各期限内"),
            ("papers", "齐"),
            ("on", "2026-08-30"),
        ],
    );
    matter.does(Act::Conclude, &close);
    assert_eq!(matter.stage(), Stage::Concluded);
    let archive = [("number", "2026-30-017"), ("retention", "30"), ("on", "2026-08-31")];
    matter.does(Act::Archive, &archive);
    assert_eq!(matter.stage(), Stage::Archived);
    assert_eq!(matter.refused(Act::Archive, &archive), "broken.already_archived");
    let again = [("ground", "new_facts"), ("on", "2026-08-31"), ("text", "新发现青苗漏登")];
    matter.does(Act::Reopen, &again);
    let sheet = matter.sheet();
    assert_eq!((sheet.stage, sheet.case.cycle), (Stage::Routed, 2));
    let closures = sheet.case.steps.values().filter(|step| step.deed.word() == "concluded");
    assert_eq!(closures.count(), 1, "the old closure is kept");
    assert!(matter.office.is_sound());
}

#[test]
fn before_acceptance_a_case_may_go_elsewhere_and_afterwards_not() {
    let mut office = Office::on("2026-08-31");
    let id = office.register("张小明", "劳动争议", "2026-08-03");
    let mut matter = Matter { office, id, head: String::new(), handler: String::new() };
    let pending = [
        ("how", "no_more"),
        ("ground", "19(3)"),
        ("on", "2026-08-04"),
        ("text", "区局正在办理"),
        ("document", "1号"),
    ];
    assert_eq!(matter.refused(Act::Decline, &pending), "broken.no_more_is_after_the_second_review");
    let ended = [
        ("how", "no_more"),
        ("ground", "36(3)"),
        ("on", "2026-08-04"),
        ("text", "已复核"),
        ("document", "1号"),
    ];
    assert_eq!(matter.refused(Act::Decline, &ended), "broken.no_second_review_on_record");
    let forward = [("body", "区人社局"), ("on", "2026-08-05"), ("document", "2号")];
    assert_eq!(matter.refused(Act::Forward, &forward), "broken.petitioner_is_not_told");
    let guide = [
        ("procedure", "31(6)"),
        ("body", "区劳动仲裁院"),
        ("on", "2026-08-05"),
        ("text", "已告知仲裁"),
    ];
    assert_eq!(matter.refused(Act::Guide, &guide), "broken.that_is_no_other_procedure");
    let guide: Vec<_> =
        guide.map(|(name, text)| (name, if name == "procedure" { "31(2)" } else { text })).into();
    matter.does(Act::Guide, &guide);
    assert_eq!(matter.stage(), Stage::Elsewhere);
    assert_eq!(matter.refused(Act::Forward, &forward), "broken.case_has_ended");
    let mut taken = Matter::taken_on();
    assert_eq!(taken.refused(Act::Forward, &forward), "broken.accepted_must_be_handled");
}

#[test]
fn a_doubtful_delivery_counts_from_its_confirmation_only() {
    let mut matter = Matter::taken_on();
    let head = matter.head.clone();
    matter.does(Act::Investigate, &[("on", "2026-08-10"), ("text", "实地丈量")]);
    let opinion = matter.opinion(&head);
    matter.does(Act::Reply, &opinion);
    let left = [("manner", "left"), ("on", "2026-08-21"), ("servers", "刘强 赵敏")];
    assert_eq!(matter.refused(Act::Deliver, &left), "broken.delivery_needs_a_witness");
    let left = [&left[..], &[("witness", "村主任"), ("text", "拒绝签收")]].concat();
    matter.does(Act::Deliver, &left);
    assert_eq!(matter.stage(), Stage::Replied);
    let review = [("body", "区政府"), ("on", "2026-08-25")];
    assert_eq!(matter.refused(Act::Review, &review), "broken.not_delivered");
    matter.does(Act::ConfirmDelivery, &[("on", "2026-08-24"), ("text", "录像核实")]);
    assert_eq!(matter.sheet().case.delivered_on(), Some(day("2026-08-24")));
    matter.does(Act::Review, &review);
    assert_eq!(matter.stage(), Stage::Reviewing);
    let upheld = [("outcome", "upheld"), ("on", "2026-08-27"), ("document", "复查1号")];
    matter.does(Act::ReviewResult, &upheld);
    assert_eq!(
        matter.refused(Act::Recheck, &[("body", "市政府"), ("on", "2026-08-28")]),
        "broken.no_review_opinion",
        "the second review's thirty days begin with the delivery of the first"
    );
}

#[test]
fn whoever_has_an_interest_handles_nothing_of_the_case() {
    let mut matter = Matter::taken_on();
    let handler = matter.handler.clone();
    matter.does(Act::HandTo, &[("handler", &handler)]);
    matter.does(Act::Declare, &[("officer", &handler), ("interest", "some"), ("on", "2026-08-08")]);
    assert_eq!(matter.sheet().case.handler, None);
    let again = matter.refused(Act::HandTo, &[("handler", &handler)]);
    assert_eq!(again, "broken.officer_has_an_interest");
    let village = matter.office.unit("张家庄", "village").to_string();
    matter.does(Act::EditCase, &[("about_unit", &village)]);
    let refused = matter.refused(Act::Allot, &[("unit", &village)]);
    assert_eq!(refused, "broken.petition_is_about_that_unit");
}

#[test]
fn a_clerk_corrects_the_steps_of_own_cases_and_the_old_day_stays_to_be_seen() {
    let mut matter = Matter::taken_on();
    let to_the_sixth = [("step", "3"), ("why", "告知书落款"), ("on", "2026-08-07")];
    matter.does(Act::CorrectStep, &to_the_sixth);
    let sheet = matter.sheet();
    let step = &sheet.case.steps[&3];
    assert_eq!((step.on, step.entered_on), (day("2026-08-07"), day("2026-08-31")));
    assert_eq!((step.first_on, step.corrected), (Some(day("2026-08-06")), true));
    assert_eq!(step.why.as_deref(), Some("告知书落款"));
    let clerk = matter.office.officer("赵敏", &[]).to_string();
    matter.office.done(
        Act::AddClerk,
        None,
        &[("login", "zhaomin"), ("uid", "2000"), ("roles", "clerk"), ("officer", &clerk)],
    );
    let session = anjie::service::Session { uid: 2000, login: "zhaomin".to_owned() };
    let mut door = matter.office.door_of(session);
    let mut correct = |matter: &mut Matter, on| {
        let fields = [("step", "3"), ("why", "落款"), ("on", on)];
        let order = matter.office.order(Act::CorrectStep, Some(matter.id), &fields);
        door.call(Request::Do(order)).map(|_| ()).map_err(|refusal| refusal.key)
    };
    assert_eq!(correct(&mut matter, "2026-08-08"), Err("refusal.denied".to_owned()));
    matter.does(Act::HandTo, &[("handler", &clerk)]);
    assert_eq!(correct(&mut matter, "2026-08-08"), Ok(()));
    assert_eq!(matter.sheet().case.steps[&3].first_on, Some(day("2026-08-06")));
    assert!(matter.office.is_sound());
}

#[test]
fn who_corrects_a_value_that_somebody_else_just_corrected_is_shown_both() {
    let mut matter = Matter::taken_on();
    let seen = matter.sheet().case.version;
    matter.does(Act::CorrectStep, &[("step", "3"), ("why", "落款"), ("on", "2026-08-07")]);
    matter.does(Act::CorrectStep, &[("step", "2"), ("why", "落款"), ("text", "当面说明")]);
    let correct = |matter: &mut Matter, fields: &[(&str, &str)]| {
        let order = matter.office.order(Act::CorrectStep, Some(matter.id), fields);
        matter.office.ask(Request::Do(Order { seen: Some(seen), ..order }))
    };
    let day_too = [("step", "3"), ("why", "邮戳"), ("on", "2026-08-08"), ("document", "告1号")];
    let refused = correct(&mut matter, &day_too).unwrap_err();
    assert_eq!(refused.kind, RefusalKind::Conflict);
    let clashes: Vec<_> = refused.clashes.iter().map(|own| (&*own.field, &own.theirs)).collect();
    assert_eq!(clashes, [("on", &json!("2026-08-07"))], "and nothing of the other step");
    assert_eq!(matter.sheet().case.steps[&3].document, None, "nothing is half done");
    // Another value of the same step, and the same value typed twice, meet without a question.
    let number = [("step", "3"), ("why", "补文号"), ("on", "2026-08-07"), ("document", "告1号")];
    correct(&mut matter, &number).unwrap();
    let step = &matter.sheet().case.steps[&3];
    assert_eq!((step.on, step.document.as_deref()), (day("2026-08-07"), Some("告1号")));
}

#[test]
fn a_corrected_leader_unit_and_route_stand_in_the_head_and_the_old_ones_in_step_and_journal() {
    let mut matter = Matter::taken_on();
    let (head, handler) = (matter.head.clone(), matter.handler.clone());
    let other = matter.office.officer("陈志远", &[("leads", "yes")]).to_string();
    let units = ["自然资源所", "民政办"].map(|name| matter.office.unit(name, "department"));
    let [first, second] = units.map(|id| id.to_string());
    matter.does(Act::AssignLead, &[("lead", &head)]);
    matter.does(Act::Allot, &[("unit", &first)]);
    matter.does(Act::HandTo, &[("handler", &handler)]);
    let why = ("why", "登记时看错");
    matter.does(Act::CorrectStep, &[("step", "4"), why, ("lead", &other)]);
    matter.does(Act::CorrectStep, &[("step", "5"), why, ("unit", &second)]);
    let case = matter.sheet().case;
    assert_eq!(case.lead.map(|id| id.0.to_string()), Some(other.clone()));
    assert_eq!(case.unit.map(|id| id.0.to_string()), Some(second));
    let was = case.steps[&5].first.as_deref().and_then(|deed| deed.unit());
    assert_eq!(was.map(|id| id.0.to_string()), Some(first.clone()), "what was entered first");
    // A leader who took it later stays the leader, whatever is corrected of the first one.
    let third = matter.office.officer("周正", &[("leads", "yes")]).to_string();
    matter.does(Act::AssignLead, &[("lead", &third)]);
    matter.does(Act::CorrectStep, &[("step", "4"), why, ("lead", &head)]);
    let case = matter.sheet().case;
    assert_eq!(case.lead.map(|id| id.0.to_string()), Some(third));
    assert_eq!(case.steps[&4].first, None, "back to what was entered first");
    let query = JournalQuery {
        case: Some(CaseId(matter.id)),
        act: Some("case.correct".to_owned()),
        most: 10,
        ..JournalQuery::default()
    };
    let Reply::Journal(page) = matter.office.ask(Request::Journal(query)).unwrap() else {
        panic!("no journal")
    };
    let lead = page.rows[2].fields.iter().find(|one| one.field == "lead").unwrap();
    assert!(lead.old.is_some() && lead.new.is_some() && lead.old != lead.new, "{lead:?}");
    assert!(matter.office.is_sound());
}

#[test]
fn a_clock_of_another_norm_is_never_cited_as_an_article_of_the_regulation() {
    let mut office = Office::on("2026-08-31");
    let id = office.register("张小明", "请求保护人身财产", "2026-08-31");
    let duty = [("purpose", "request"), ("route", "31(5)"), ("on", "2026-08-31")];
    office.done(Act::Route, Some(id), &duty);
    office.done(Act::LoadLaw, Some(1), &[("built_in", "simplified")]);
    let other = office.register("李英", "路灯不亮", "2026-08-31");
    let simple = [("ground", "clear"), ("supportable", "yes"), ("on", "2026-08-31")];
    office.done(Act::Simplify, Some(other), &simple);
    let mut basis = |id, rule: &str| {
        let clocks = office.case(id).deadlines;
        clocks.into_iter().find(|clock| clock.rule == rule).unwrap().basis
    };
    assert_eq!(basis(id, "statutory_duty"), "行政诉讼法47");
    assert_eq!(basis(id, "notice_direct"), "23(2)");
    assert_eq!(basis(other, "simplified_decision_direct"), "信访事项简易办理办法");
}

#[test]
fn a_correction_of_words_keeps_the_first_day_and_one_of_a_day_asks_nothing_of_today() {
    let mut matter = Matter::taken_on();
    let head = matter.head.clone();
    matter.does(Act::AssignLead, &[("lead", &head), ("on", "2026-08-10")]);
    let why = ("why", "落款");
    matter.does(Act::CorrectStep, &[("step", "3"), why, ("on", "2026-08-07")]);
    matter.does(Act::CorrectStep, &[("step", "3"), why, ("text", "告知书")]);
    assert_eq!(matter.sheet().case.steps[&3].first_on, Some(day("2026-08-06")));
    matter.does(Act::CorrectStep, &[("step", "3"), why, ("on", "2026-08-06")]);
    assert_eq!(matter.sheet().case.steps[&3].first_on, None, "it is the first day again");
    // Who may no longer lead led all the same on that day.
    let officer = head.parse().unwrap();
    matter.office.done(Act::EditOfficer, Some(officer), &[("leads", "")]);
    matter.does(Act::CorrectStep, &[("step", "4"), why, ("on", "2026-08-11")]);
    let purpose = [("step", "2"), why, ("purpose", "suggestion")];
    matter.does(Act::CorrectStep, &purpose);
    assert_eq!(matter.sheet().case.purpose, Some(Purpose::Suggestion));
    assert_eq!(matter.refused(Act::CorrectStep, &purpose), "broken.correction_changes_nothing");
}

#[test]
fn how_many_are_many_is_the_setting_and_only_a_hearing_is_of_article_36() {
    let mut office = Office::on("2026-08-31");
    office.done(Act::LoadLaw, Some(1), &[("built_in", "simplified")]);
    let id = office.register("张小明", "路灯不亮", "2026-08-31");
    office.done(Act::EditCase, Some(id), &[("people", "6")]);
    let simple = [("ground", "clear"), ("supportable", "yes"), ("on", "2026-08-31")];
    let refused = office.try_do(Act::Simplify, Some(id), &simple).unwrap_err();
    assert_eq!(refused.key, "broken.group_is_not_simplified");
    office.done(Act::EditOffice, Some(1), &[("group_people", "10")]);
    office.done(Act::Simplify, Some(id), &simple);
    let pause = [("ground", "appraisal"), ("on", "2026-08-31"), ("text", "x"), ("document", "1")];
    office.done(Act::Pause, Some(id), &pause);
    let next = ahead::steps(&office.case(id).case);
    assert_eq!((next[0].act, next[0].article), (Act::Resume, ""));
}

#[test]
fn what_an_opinion_an_alarm_a_delivery_and_a_rating_say_is_corrected_and_the_old_stays() {
    let mut matter = Matter::taken_on();
    let head = matter.head.clone();
    matter.does(Act::Investigate, &[("on", "2026-08-10"), ("text", "实地丈量")]);
    let opinion = matter.opinion(&head);
    matter.does(Act::Reply, &opinion);
    let left = [("manner", "left"), ("on", "2026-08-21"), ("servers", "刘强 赵敏")];
    matter.does(Act::Deliver, &[&left[..], &[("witness", "村主任"), ("text", "拒收")]].concat());
    let alarm = [("on", "2026-08-22"), ("known_at", "09:30"), ("at", "14:00"), ("to", "区委")];
    matter.does(Act::Alarm, &[&alarm[..], &[("text", "多人聚集")]].concat());
    matter.does(Act::Rate, &[("rating", "satisfied"), ("on", "2026-08-23")]);
    let pause = [("ground", "appraisal"), ("on", "2026-08-23"), ("text", "x"), ("document", "1")];
    matter.does(Act::Pause, &pause);
    let why = ("why", "笔误");
    let slips = [
        ("5", "facts", "漏登2.4亩"),
        ("5", "basis", "土地管理法第四十九条"),
        ("6", "witness", "村支书"),
        ("6", "servers", "刘强、孙兰"),
        ("7", "at", "10:15"),
        ("7", "to", "区委办"),
        ("8", "rating", "unsatisfied"),
        ("9", "pause_ground", "procedure"),
    ];
    for (step, name, value) in slips {
        matter.does(Act::CorrectStep, &[("step", step), why, (name, value)]);
    }
    let case = matter.sheet().case;
    let said = |number: u32| serde_json::to_string(&case.steps[&number].deed).unwrap();
    let first = |number: u32| serde_json::to_string(&case.steps[&number].first).unwrap();
    for (number, now, then) in [
        (5, "漏登2.4亩", "漏登2.1亩"),
        (6, "刘强、孙兰", "刘强 赵敏"),
        (7, "10:15:00", "14:00:00"),
        (8, "unsatisfied", "\"satisfied\""),
        (9, "procedure", "appraisal"),
    ] {
        assert!(said(number).contains(now) && !said(number).contains(then), "{}", said(number));
        assert!(first(number).contains(then), "{}", first(number));
    }
    let refusals = [
        ("5", "facts", "", "broken.empty"),
        ("5", "signed_by", matter.handler.as_str(), "broken.signer_is_not_head"),
        ("5", "states_review", "no", "broken.opinion_states_the_review"),
        ("6", "servers", "刘强", "broken.delivery_needs_two_servers"),
        ("6", "witness", "", "broken.delivery_needs_a_witness"),
        ("7", "at", "09:00", "broken.reported_before_known"),
        ("7", "rating", "silent", "broken.step_holds_no_such_value"),
        ("9", "pause_ground", "hearing", "broken.hearing_is_of_the_second_review"),
        ("9", "stop_ground", "withdrawn", "broken.step_holds_no_such_value"),
    ];
    for (step, name, value, key) in refusals {
        let fields = [("step", step), why, (name, value)];
        let refused = matter.office.try_do(Act::CorrectStep, Some(matter.id), &fields);
        assert_eq!(refused.unwrap_err().key, key, "{name}");
    }
    assert!(matter.office.is_sound());
}

#[test]
fn the_inquiry_on_which_an_opinion_rests_is_not_corrected_into_something_else() {
    let mut matter = Matter::taken_on();
    let head = matter.head.clone();
    matter.does(Act::Record, &[("work", "inquiry"), ("on", "2026-08-10"), ("text", "丈量")]);
    let why = ("why", "误选");
    matter.does(Act::CorrectStep, &[("step", "4"), why, ("work", "visit")]);
    matter.does(Act::CorrectStep, &[("step", "4"), why, ("work", "inquiry")]);
    let opinion = matter.opinion(&head);
    matter.does(Act::Reply, &opinion);
    let talk = [("step", "4"), why, ("work", "talk")];
    assert_eq!(matter.refused(Act::CorrectStep, &talk), "broken.correction_unmakes_a_step");
}

#[test]
fn a_correction_needs_its_reason_and_moves_the_clocks_that_count_from_the_step() {
    let mut matter = Matter::taken_on();
    let target = |matter: &mut Matter| {
        let clocks = matter.sheet().deadlines;
        clocks.into_iter().find(|clock| clock.rule == "conclude").unwrap().target
    };
    let before = target(&mut matter);
    let fields = [("step", "3"), ("on", "2026-08-07")];
    let refused = matter.office.try_do(Act::CorrectStep, Some(matter.id), &fields).unwrap_err();
    assert_eq!((refused.key.as_str(), &*refused.wrongs[0].field), ("broken.empty", "correct.why"));
    matter.does(Act::CorrectStep, &[&fields[..], &[("why", "落款")]].concat());
    let later = before.and_then(|day| day.succ_opt());
    assert_eq!(target(&mut matter), later);
    assert!(later.is_some());
}

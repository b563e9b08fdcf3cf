//! Papers: every one is filled from a case that has what it needs, and its number is given out once.

use std::collections::BTreeSet;
use std::io::{Cursor, Read};
use std::sync::Arc;

use anjie::api::paper::{Blanks, NumberRow, NumberState, Wanted};
use anjie::api::refusal::RefusalKind;
use anjie::api::reply::Reply;
use anjie::api::request::{AccessQuery, Request};
use anjie::api::undo::{UndoQuery, UndoWay};
use anjie::domain::act::Act;
use anjie::domain::choice::Role;
use anjie::domain::ids::{CaseId, RequestId};
use anjie::domain::paper::{Fit, Paper};
use anjie::domain::step::Deed;
use anjie::exchange::paper::make::{self, Written};
use anjie::service::{LocalDoor, Session};

use crate::desk::{Office, me};

fn wanted(case: u64, paper: Paper) -> Wanted {
    Wanted {
        case: CaseId(case),
        paper,
        person: None,
        typed: Vec::new(),
        reason: "出文书".to_owned(),
        blanks: Blanks::Refused,
        again: None,
    }
}

fn written(office: &Office, wanted: &Wanted, id: u128) -> Written {
    make::write(&mut office.door_of(me()), wanted, RequestId(id))
        .unwrap_or_else(|refusal| panic!("{} was refused: {refusal:?}", wanted.paper.word()))
}

/// What the document of a paper says, without its markup.
fn said(written: &Written) -> String {
    let mut archive = zip::ZipArchive::new(Cursor::new(&written.bytes)).unwrap();
    let mut text = String::new();
    archive.by_name("word/document.xml").unwrap().read_to_string(&mut text).unwrap();
    text.split('<').filter_map(|part| part.split_once('>')).map(|(_, said)| said).collect()
}

fn numbers(office: &mut Office) -> Vec<NumberRow> {
    match office.ask(Request::PaperNumbers(Some(2026))).unwrap() {
        Reply::PaperNumbers(rows) => rows,
        other => panic!("numbers were answered with {other:?}"),
    }
}

fn account(office: &mut Office, (uid, login): (u32, &str), more: &[(&str, &str)]) -> LocalDoor {
    let uid_text = uid.to_string();
    let fields = [&[("login", login), ("uid", &uid_text)][..], more].concat();
    office.done(Act::AddClerk, None, &fields);
    office.door_of(Session { uid, login: login.to_owned() })
}

/// A matter as it came from a superior.
const ASSIGNED: [(&str, &str); 15] = [
    ("name", "张小明"),
    ("request", "征地补偿款没有到账 <急> & 请尽快"),
    ("title", "征地补偿款未到账"),
    ("received_on", "2026-10-12"),
    ("people", "1"),
    ("at_once", "registered"),
    ("channel", "letter"),
    ("source", "entrusted"),
    ("from_body", "区信访局"),
    ("letter", "区信交〔2026〕9号"),
    ("letter_on", "2026-10-10"),
    ("due_on", "2026-12-25"),
    ("phone", "13800001234"),
    ("id_number", "11010519491231002X"),
    ("address", "张家庄村12号"),
];

/// An office with a matter that a superior assigned, taken through all that papers tell of.
fn handled() -> (Office, u64) {
    let mut office = Office::on("2026-11-28");
    office.done(Act::EditOffice, Some(1), &[("review_body", "青信区人民政府")]);
    let unit = office.unit("自然资源所", "department").to_string();
    let head = office.officer("王建国", &[("leads", "yes"), ("head_from", "2026-01-01")]);
    let head = head.to_string();
    let case = office.done(Act::Register, None, &ASSIGNED).record.unwrap().id;
    let mut step = |act: Act, fields: &[(&str, &str)]| {
        office.done(act, Some(case), fields);
    };
    let assigned = ("document", "青信交〔2026〕900号");
    step(Act::Object, &[("on", "2026-10-13"), ("text", "不属于本机关职权")]);
    step(Act::AnswerObjection, &[("on", "2026-10-14"), ("answer", "refused")]);
    step(Act::Route, &[("purpose", "request"), ("route", "31(6)"), ("on", "2026-10-14")]);
    step(Act::Accept, &[("on", "2026-10-14")]);
    step(Act::AssignLead, &[("lead", &head), ("on", "2026-10-14")]);
    step(
        Act::Entrust,
        &[
            ("unit", &unit),
            ("on", "2026-10-14"),
            ("due_on", "2026-11-20"),
            assigned,
            ("text", "请核对面积"),
        ],
    );
    let handler = head.clone();
    step(Act::HandTo, &[("handler", &handler), ("on", "2026-10-14")]);
    step(
        Act::Supervise,
        &[
            ("form", "talk"),
            ("unit", &unit),
            ("on", "2026-11-02"),
            ("document", "1号"),
            ("text", "请抓紧核对面积"),
        ],
    );
    step(
        Act::Extend,
        &[("days", "20"), ("approver", &head), ("on", "2026-11-03"), ("text", "面积需要重测")],
    );
    step(Act::Investigate, &[("on", "2026-11-10"), ("text", "差额属实")]);
    step(
        Act::Reply,
        &[
            ("on", "2026-11-20"),
            ("document", "青信处〔2026〕900号"),
            ("request", "补发差额"),
            ("facts", "第一，面积属实。\n第二，款项漏发。"),
            ("opinion", "补发差额"),
            ("basis", "土地管理法"),
            ("result", "explained"),
            ("signed_by", &head),
            ("states_review", "yes"),
        ],
    );
    step(Act::Deliver, &[("manner", "in_person"), ("on", "2026-11-21"), ("receiver", "张小明")]);
    step(Act::Report, &[("on", "2026-11-25"), ("document", "2号"), ("text", "已经补发")]);
    (office, case)
}

/// What a clerk types where the case does not have it.
fn typed(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
    pairs.iter().map(|(key, text)| ((*key).to_owned(), (*text).to_owned())).collect()
}

#[test]
fn every_built_in_paper_is_filled_from_a_case_that_has_what_it_needs() {
    let (mut office, case) = handled();
    let bare = office.register("刘翠英", "路灯不亮", "2026-11-25");
    let turned_away = typed(&[
        ("decline_reason", "该事项正在办理"),
        ("decline_ground", "《信访工作条例》第十九条第三款"),
        ("decline_body", "区人社局"),
        ("forward_body", "区人社局"),
        ("procedure", "劳动仲裁"),
        ("procedure_body", "区劳动仲裁院"),
        ("procedure_reason", "该事项属于劳动争议"),
        ("recheck_body", "市人民政府"),
        ("recheck_on", "2026年1月5日"),
        ("recheck_number", "1号"),
    ]);
    for (at, paper) in Paper::ALL.iter().copied().enumerate() {
        // No case is both taken on and turned away.
        let of = if matches!(paper, Paper::Rejection | Paper::NoMore) { bare } else { case };
        let wanted = Wanted { typed: turned_away.clone(), ..wanted(of, paper) };
        let written = written(&office, &wanted, 9_000 + at as u128);
        let said = said(&written);
        assert_eq!(written.number.is_some(), paper.mark().is_some(), "{}", paper.word());
        assert!(!said.contains("{{") && !said.contains("＿"), "{}: {said}", paper.word());
        if let Some(number) = &written.number {
            assert!(said.contains(number), "{}: {said}", paper.word());
        }
        if let Some(folder) = std::env::var_os("PAPERS") {
            let file = std::path::Path::new(&folder).join(format!("{}.docx", paper.word()));
            std::fs::write(file, &written.bytes).unwrap();
        }
    }
}

#[test]
fn a_notice_that_nothing_more_is_taken_on_names_the_review_of_the_earlier_matter() {
    let (mut office, case) = handled();
    let mut step = |act: Act, fields: &[(&str, &str)]| {
        office.done(act, Some(case), fields);
    };
    step(Act::Review, &[("body", "青信区人民政府"), ("on", "2026-11-24")]);
    let first = [
        ("outcome", "upheld"),
        ("on", "2026-11-25"),
        ("document", "青政复查〔2026〕3号"),
        ("delivered_on", "2026-11-26"),
    ];
    step(Act::ReviewResult, &first);
    step(Act::Recheck, &[("body", "潍河市人民政府"), ("on", "2026-11-27")]);
    let last = [
        ("outcome", "upheld"),
        ("on", "2026-11-28"),
        ("document", "潍政复核〔2026〕8号"),
        ("delivered_on", "2026-11-28"),
    ];
    step(Act::RecheckResult, &last);
    let stop =
        [("ground", "withdrawn"), ("on", "2026-11-28"), ("text", "本人撤回"), ("document", "1号")];
    step(Act::Stop, &stop);
    let again = office.register("张小明", "补发差额", "2026-11-28");
    let number = office.case(case).case.number;
    office.done(Act::Repeat, Some(again), &[("of", &number)]);
    let typed = typed(&[("decline_reason", "仍以同一事实和理由提出")]);
    let wanted = Wanted { typed, ..wanted(again, Paper::NoMore) };
    let said = said(&written(&office, &wanted, 9_100));
    assert!(said.contains("潍河市人民政府") && said.contains("潍政复核〔2026〕8号"), "{said}");
    assert!(said.contains("2026年11月28日"), "{said}");
}

#[test]
fn days_and_articles_come_from_the_clocks_and_texts_are_no_markup() {
    let (office, case) = handled();
    let notice = said(&written(&office, &wanted(case, Paper::ExtensionNotice), 1));
    // Sixty days and twenty from 14 October: 2 January 2027, a Saturday in a year without a notice.
    assert!(notice.contains("延长办理期限20日") && notice.contains("2027年1月"), "{notice}");
    assert!(notice.contains("依照《信访工作条例》第三十四条"), "{notice}");
    assert!(notice.contains("暂推"), "{notice}");
    let letter = written(&office, &wanted(case, Paper::Opinion), 2);
    // The opinion was given a number when it was recorded: the paper bears that one.
    assert_eq!(letter.number.as_deref(), Some("青信处〔2026〕900号"));
    let opinion = said(&letter);
    let review = "依照《信访工作条例》第三十五条的规定，自收到本意见书之日起30日内，向青信区人民政府请求复查";
    assert!(opinion.contains(review), "{opinion}");
    let form = said(&written(&office, &wanted(case, Paper::Registration), 3));
    assert!(form.contains("&lt;急&gt; &amp; 请尽快"), "{form}");
}

#[test]
fn what_is_missing_is_named_before_a_number_is_given_out() {
    let (mut office, _) = handled();
    let bare = office.register("刘翠英", "路灯不亮", "2026-11-25");
    let wanted = wanted(bare, Paper::Acceptance);
    let mut door = office.door_of(me());
    let refusal = make::write(&mut door, &wanted, RequestId(1)).unwrap_err();
    assert_eq!(refusal.key, "refusal.paper_lacks");
    let names = refusal.args.iter().find(|(name, _)| name == "names").unwrap();
    assert!(names.1.contains("受理日期") && names.1.contains("承办单位"), "{names:?}");
    assert_eq!(numbers(&mut office), []);
    let left = Wanted { blanks: Blanks::Left, ..wanted };
    let made = written(&office, &left, 2);
    assert!(said(&made).contains("＿＿＿＿"));
    assert_eq!(made.number.as_deref(), Some("青信受〔2026〕1号"));
}

#[test]
fn a_paper_without_a_number_is_voided_later_and_stays_with_who_when_and_why() {
    let (mut office, case) = handled();
    written(&office, &wanted(case, Paper::Registration), 1);
    let at = *office.case(case).case.steps.keys().last().unwrap();
    assert_eq!(Paper::Registration.fit(&office.case(case).case), Fit::Made);
    // Something else was done since: taking it back is not enough any more.
    let talk = [("work", "talk"), ("on", "2026-10-20"), ("text", "已电话联系")];
    office.done(Act::Record, Some(case), &talk);
    let none = office.try_do(Act::VoidPaper, Some(case), &[("why", "标题写错")]).unwrap_err();
    assert_eq!(none.key, "broken.void_names_no_paper");
    let before = (at - 1).to_string();
    let other = [("step", before.as_str()), ("why", "标题写错")];
    let other = office.try_do(Act::VoidPaper, Some(case), &other).unwrap_err();
    assert_eq!(other.key, "broken.step_made_no_paper");
    let at_text = at.to_string();
    let void = [("step", at_text.as_str()), ("why", "姓名写错")];
    office.done(Act::VoidPaper, Some(case), &void);
    let again = office.try_do(Act::VoidPaper, Some(case), &void).unwrap_err();
    assert_eq!(again.key, "broken.paper_is_voided");
    let sheet = office.case(case);
    let Deed::PaperMade { voided, voided_on, voided_by, .. } = &sheet.case.steps[&at].deed else {
        panic!("the step stays")
    };
    assert_eq!((voided.as_deref(), voided_on.is_some()), (Some("姓名写错"), true));
    assert!(sheet.officers.contains_key(&voided_by.unwrap()), "who did it has a name");
    assert_eq!(Paper::Registration.fit(&sheet.case), Fit::Now, "it is owed again");
    let offer = |office: &mut Office| match office.ask(Request::Papers { case: CaseId(case) }) {
        Ok(Reply::Papers(papers)) => {
            papers.offers.into_iter().find(|one| one.paper == Paper::Registration).unwrap()
        }
        other => panic!("{other:?}"),
    };
    assert_eq!(offer(&mut office).voided.unwrap().why, "姓名写错");
    // It is in no list of the file, as little as one whose number was voided.
    let listed = written(&office, &wanted(case, Paper::FileList), 2);
    assert!(!said(&listed).contains("信访事项登记表"), "{}", said(&listed));
    office.done(Act::Undo, None, &[]);
    office.done(Act::Undo, None, &[]);
    assert_eq!(Paper::Registration.fit(&office.case(case).case), Fit::Made, "voided in error");
    office.done(Act::VoidPaper, Some(case), &void);
    written(&office, &wanted(case, Paper::Registration), 3);
    assert_eq!(offer(&mut office).voided, None, "made again");
    assert!(office.is_sound());
}

#[test]
fn a_paper_is_a_step_and_its_number_stays_though_it_is_voided() {
    let (mut office, case) = handled();
    let made = written(&office, &wanted(case, Paper::Acceptance), 1);
    let number = made.number.unwrap();
    let sheet = office.case(case);
    let step = sheet.case.steps.values().last().unwrap();
    assert_eq!((step.deed.word(), step.document.as_deref()), ("paper_made", Some(number.as_str())));
    assert_eq!(Paper::Acceptance.fit(&sheet.case), Fit::Made);
    assert_eq!(Paper::Registration.fit(&sheet.case), Fit::Now);
    let change = Some(RequestId(1));
    let view = office.ask(Request::TryUndo(UndoQuery { way: UndoWay::Undo, change })).unwrap();
    assert!(format!("{view:?}").contains("paper_number_stays"), "{view:?}");
    let undone = office.try_do(Act::Undo, None, &[("change", &format!("{:032x}", 1))]);
    assert!(undone.is_err());
    let void = [("number", number.as_str()), ("why", "标题写错")];
    office.done(Act::VoidPaper, Some(case), &void);
    let again = office.try_do(Act::VoidPaper, Some(case), &void).unwrap_err();
    assert_eq!(again.key, "broken.paper_is_voided");
    // Voided by mistake: that is taken back, the number stays given out.
    office.done(Act::Undo, None, &[]);
    office.done(Act::VoidPaper, Some(case), &void);
    let next = written(&office, &wanted(case, Paper::Acceptance), 2);
    assert_eq!(next.number.as_deref(), Some("青信受〔2026〕2号"));
    let rows = numbers(&mut office);
    let told: Vec<_> = rows.iter().map(|row| (row.serial, row.state, row.why.as_deref())).collect();
    assert_eq!(told, [(1, NumberState::Voided, Some("标题写错")), (2, NumberState::Used, None),]);
    assert!(office.is_sound());
}

#[test]
fn numbers_of_the_paper_ledger_before_are_left_out_with_their_reason() {
    let (mut office, case) = handled();
    let skip = [("paper", "acceptance"), ("until", "11"), ("why", "纸质台账已用")];
    office.done(Act::SkipNumbers, None, &skip);
    let made = written(&office, &wanted(case, Paper::Acceptance), 1);
    assert_eq!(made.number.as_deref(), Some("青信受〔2026〕12号"));
    let rows = numbers(&mut office);
    let told: Vec<_> = rows.iter().map(|row| (row.serial, row.until, row.state)).collect();
    assert_eq!(told, [(1, 11, NumberState::Skipped), (12, 12, NumberState::Used)]);
    let refusal = office.try_do(Act::SkipNumbers, None, &skip).unwrap_err();
    assert_eq!(refusal.key, "broken.numbers_are_given_out");
    // After a restore those that went out since the backup are left out, too.
    let more = [("paper", "acceptance"), ("until", "20"), ("why", "恢复备份前已用")];
    office.done(Act::SkipNumbers, None, &more);
    let next = written(&office, &wanted(case, Paper::Acceptance), 2);
    assert_eq!(next.number.as_deref(), Some("青信受〔2026〕21号"));
    let rows = numbers(&mut office);
    let told: Vec<_> = rows.iter().map(|row| (row.serial, row.until, row.state)).collect();
    let [skipped, used] = [NumberState::Skipped, NumberState::Used];
    assert_eq!(told, [(1, 11, skipped), (12, 12, used), (13, 20, skipped), (21, 21, used)]);
    let form = [("paper", "registration"), ("until", "11"), ("why", "无")];
    let refusal = office.try_do(Act::SkipNumbers, None, &form).unwrap_err();
    assert_eq!(refusal.key, "broken.paper_has_no_number");
}

#[test]
fn two_clerks_at_once_never_get_one_number() {
    let (office, case) = handled();
    let service = Arc::clone(&office.service);
    let threads = (0..4_u128).map(|clerk| {
        let service = Arc::clone(&service);
        std::thread::spawn(move || {
            let mut door = LocalDoor::new(service, me());
            let wanted = wanted(case, Paper::ExtensionNotice);
            let made = (0..5_u128).map(|at| {
                make::write(&mut door, &wanted, RequestId(1_000 + clerk * 10 + at)).unwrap()
            });
            made.map(|written| written.number.unwrap()).collect::<Vec<_>>()
        })
    });
    let threads: Vec<_> = threads.collect();
    let given: Vec<String> =
        threads.into_iter().flat_map(|thread| thread.join().unwrap()).collect();
    let apart: BTreeSet<&String> = given.iter().collect();
    assert_eq!((given.len(), apart.len()), (20, 20));
    assert!((1..=20).all(|serial| given.contains(&format!("青信延〔2026〕{serial}号"))));
}

#[test]
fn an_order_whose_answer_got_lost_gives_no_second_number() {
    let (mut office, case) = handled();
    let order =
        office.order(Act::WritePaper, Some(case), &[("paper", "acceptance"), ("template", "ab")]);
    let first = office.ask(Request::Do(order.clone())).unwrap();
    let again = office.ask(Request::Do(order)).unwrap();
    let number = |reply: Reply| match reply {
        Reply::Done(done) => done.number.unwrap(),
        other => panic!("{other:?}"),
    };
    assert_eq!(number(first), number(again));
    assert_eq!(numbers(&mut office).len(), 1);
}

#[test]
fn an_id_number_stands_only_where_it_is_needed_with_a_reason_and_in_the_log() {
    let (mut office, case) = handled();
    let draft = make::draft(&mut office.door_of(me()), &wanted(case, Paper::Registration)).unwrap();
    let shown = draft.lines.join("\n");
    assert!(draft.shows_id_numbers && !shown.contains("11010519491231002X"), "{shown}");
    assert!(!shown.contains("13800001234"), "{shown}");
    let bare = Wanted { reason: " ".to_owned(), ..wanted(case, Paper::Registration) };
    let refusal = make::write(&mut office.door_of(me()), &bare, RequestId(1)).unwrap_err();
    assert_eq!(refusal.key, "refusal.reason_is_missing");
    let form = said(&written(&office, &wanted(case, Paper::Registration), 2));
    assert!(form.contains("11010519491231002X") && form.contains("13800001234"), "{form}");
    let act = Some("person.reveal".to_owned());
    let query = AccessQuery { act, most: 10, ..AccessQuery::default() };
    let Reply::Accesses(page) = office.ask(Request::Accesses(query)).unwrap() else { panic!() };
    assert_eq!(page.rows.len(), 1);
    let why = page.rows[0].notes.iter().find(|(name, _)| name == "reason").unwrap();
    assert_eq!(why.1.as_deref(), Some("registration 出文书"));
}

#[test]
fn who_may_not_write_papers_gets_neither_value_nor_number() {
    let (mut office, case) = handled();
    let mut viewer = account(&mut office, (1001, "guest"), &[("roles", Role::Viewer.word())]);
    let refusal =
        make::write(&mut viewer, &wanted(case, Paper::Acceptance), RequestId(1)).unwrap_err();
    assert_eq!(refusal.kind, RefusalKind::Denied);
    assert_eq!(numbers(&mut office), []);
}

#[test]
fn papers_of_a_sealed_case_have_numbers_of_their_own_that_only_readers_see() {
    let (mut office, _) = handled();
    let reader = office.officer("周敏", &[]).to_string();
    let more = [("roles", "clerk director"), ("officer", reader.as_str())];
    let mut own = account(&mut office, (1002, "zhoumin"), &more);
    let fields = [
        ("name", "章守中"),
        ("request", "郝站长截留沙石款"),
        ("received_on", "2026-11-20"),
        ("people", "1"),
        ("at_once", "registered"),
        ("channel", "letter"),
        ("source", "direct"),
        ("about", "郝站长"),
        ("sealed", "yes"),
        ("readers", reader.as_str()),
    ];
    let sealed = office.done(Act::Register, None, &fields).record.unwrap().id;
    let left = Wanted { blanks: Blanks::Left, ..wanted(sealed, Paper::Guidance) };
    let made = make::write(&mut own, &left, RequestId(1)).unwrap();
    assert_eq!(made.number.as_deref(), Some("青信限导〔2026〕1号"));
    let mut other = account(&mut office, (1003, "other"), &[("roles", "clerk director")]);
    let ask = |door: &mut LocalDoor| match anjie::api::door::Door::call(
        door,
        Request::PaperNumbers(Some(2026)),
    )
    .unwrap()
    {
        Reply::PaperNumbers(rows) => rows.len(),
        other => panic!("{other:?}"),
    };
    assert_eq!((ask(&mut own), ask(&mut other)), (1, 0));
    let refusal = make::write(&mut other, &left, RequestId(2)).unwrap_err();
    assert_eq!(refusal.kind, RefusalKind::NotFound);
}

#[test]
fn a_template_that_the_office_edited_is_used_until_it_is_dropped() {
    let (mut office, case) = handled();
    let built_in = anjie::exchange::paper::built_in::template(Paper::Acceptance).unwrap();
    let edited = anjie::exchange::paper::built_in::template(Paper::Opinion).unwrap();
    let mut door = office.door_of(me());
    make::load(&mut door, (Paper::Acceptance, "受理.docx"), (edited, RequestId(1))).unwrap();
    let made = said(&written(&office, &wanted(case, Paper::Acceptance), 2));
    assert!(made.contains("信访事项处理意见书"), "{made}");
    let form = anjie::exchange::paper::built_in::template(Paper::Registration).unwrap();
    let odd = make::load(&mut door, (Paper::Acceptance, "登记.docx"), (form, RequestId(3)));
    assert_eq!(odd.err().unwrap().key, "refusal.paper_holds_no_id_numbers");
    office.done(Act::DropPaper, None, &[("paper", "acceptance")]);
    let back = written(&office, &wanted(case, Paper::Acceptance), 4);
    assert_eq!(back.template, anjie::exchange::paper::package::digest(&built_in));
    assert!(office.is_sound());
}

fn refused(office: &Office, wanted: &Wanted) -> anjie::api::refusal::Refusal {
    let draft = make::draft(&mut office.door_of(me()), wanted);
    draft.map_or_else(|refusal| refusal, |draft| draft.refused.expect("it is not refused"))
}

#[test]
fn the_form_for_an_extension_is_made_before_it_with_the_days_that_are_asked() {
    let mut office = Office::on("2026-10-20");
    let case = office.register("刘翠英", "路灯不亮", "2026-10-12");
    let form = |typed: &[(&str, &str)]| Wanted {
        typed: self::typed(typed),
        ..wanted(case, Paper::ExtensionForm)
    };
    let fit = |office: &mut Office| Paper::ExtensionForm.fit(&office.case(case).case);
    assert_eq!(fit(&mut office), Fit::Other);
    let early = refused(&office, &form(&[("extension_days", "20")]));
    assert!(early.key.starts_with("broken."), "{early:?}");
    let route = [("purpose", "request"), ("route", "31(6)"), ("on", "2026-10-13")];
    office.done(Act::Route, Some(case), &route);
    office.done(Act::Accept, Some(case), &[("on", "2026-10-14")]);
    assert_eq!(fit(&mut office), Fit::Can);
    let unit = office.unit("自然资源所", "department").to_string();
    office.done(Act::Allot, Some(case), &[("unit", &unit), ("on", "2026-10-14")]);
    let asked = [("extension_days", "20"), ("extension_reason", "面积需要重测")];
    let too_long = refused(&office, &form(&[("extension_days", "31")]));
    assert_eq!(too_long.key, "broken.extension_is_too_long");
    let made = written(&office, &form(&asked), 1);
    let said = said(&made);
    // Sixty days and twenty from 14 October: a Saturday in a year whose calendar is not out yet.
    assert!(said.contains("2027年1月2日") || said.contains("2027年1月4日"), "{said}");
    assert!(said.contains("面积需要重测") && !said.contains("＿"), "{said}");
    assert_eq!(fit(&mut office), Fit::Made);
    let head = office.officer("王建国", &[("leads", "yes"), ("head_from", "2026-01-01")]);
    let extended = [
        ("days", "20"),
        ("approver", &head.to_string()),
        ("on", "2026-10-20"),
        ("text", "面积需要重测"),
    ];
    office.done(Act::Extend, Some(case), &extended);
    assert_eq!(fit(&mut office), Fit::Made, "the form that was signed is that of the extension");
    assert_eq!(Paper::ExtensionNotice.fit(&office.case(case).case), Fit::Now);
}

#[test]
fn a_typed_addressee_is_never_whom_the_petition_is_about_nor_of_their_unit() {
    let (mut office, case) = handled();
    let village = office.unit("石桥村", "village").to_string();
    let own_unit = [("unit", village.as_str())];
    office.officer("郝金山", &own_unit);
    let about = [("about", "石桥村委会"), ("about_unit", village.as_str())];
    office.done(Act::EditCase, Some(case), &about);
    let to = |key: &str, name: &str| Wanted {
        typed: typed(&[(key, name)]),
        blanks: Blanks::Left,
        ..wanted(case, Paper::Forwarding)
    };
    for name in ["石桥村", "石桥村民委员会", "石桥村 委会", "石桥", "郝金山", "村民郝金山 收"]
    {
        let refusal = refused(&office, &to("forward_body", name));
        assert_eq!(refusal.key, "broken.accused_gets_no_paper", "{name}");
        let mut door = office.door_of(me());
        assert!(make::write(&mut door, &to("forward_body", name), RequestId(7)).is_err());
    }
    assert_eq!(numbers(&mut office), [], "no number was used for any of them");
    assert!(make::draft(&mut office.door_of(me()), &to("forward_body", "区人社局")).is_ok());
    // A petitioner is called by the village too, but never is the one complained of.
    let petitioner = |name: &str| Wanted {
        typed: typed(&[("petitioner", name)]),
        ..wanted(case, Paper::Acceptance)
    };
    let mut door = office.door_of(me());
    assert!(make::draft(&mut door, &petitioner("石桥村张小明")).is_ok());
    assert_eq!(refused(&office, &petitioner("石桥村委会")).key, "broken.accused_gets_no_paper");
}

/// A door at which everything is done, but papers that are written get no answer.
struct Deaf(LocalDoor);

impl anjie::api::door::Door for Deaf {
    fn call(&mut self, request: Request) -> Result<Reply, anjie::api::refusal::Refusal> {
        match &request {
            Request::Paper(query) if query.use_of != anjie::api::paper::PaperUse::Preview => {
                Err(anjie::api::refusal::Refusal::new(RefusalKind::Fault, "fault"))
            }
            _ => anjie::api::door::Door::call(&mut self.0, request),
        }
    }

    fn notices(&mut self) -> std::sync::mpsc::Receiver<anjie::api::door::Notice> {
        anjie::api::door::Door::notices(&mut self.0)
    }
}

#[test]
fn a_number_whose_paper_failed_is_named_and_its_paper_is_written_once_more() {
    let (mut office, case) = handled();
    let mut deaf = Deaf(office.door_of(me()));
    let refusal = make::write(&mut deaf, &wanted(case, Paper::Acceptance), RequestId(1));
    let refusal = refusal.expect_err("it was written");
    assert_eq!(refusal.key, "refusal.paper_is_not_written");
    let number = refusal.args.iter().find(|(name, _)| name == "number").unwrap().1.clone();
    assert_eq!(number, "青信受〔2026〕1号");
    let again = Wanted { again: Some(number.clone()), ..wanted(case, Paper::Acceptance) };
    let made = written(&office, &again, 2);
    assert!(said(&made).contains(&number));
    assert_eq!(numbers(&mut office).len(), 1);
}

#[test]
fn the_papers_of_a_case_say_how_they_fit_and_which_number_is_next() {
    let (mut office, case) = handled();
    let offers =
        |office: &mut Office, case: u64| match office.ask(Request::Papers { case: CaseId(case) }) {
            Ok(Reply::Papers(papers)) => papers.offers,
            other => panic!("{other:?}"),
        };
    written(&office, &wanted(case, Paper::Acceptance), 1);
    let all = offers(&mut office, case);
    assert_eq!(all.len(), Paper::ALL.len());
    assert!(all.windows(2).all(|pair| pair[0].fit <= pair[1].fit));
    let of = |paper: Paper| all.iter().find(|own| own.paper == paper).unwrap();
    let made = of(Paper::Acceptance);
    assert_eq!((made.fit, made.number.as_deref()), (Fit::Made, Some("青信受〔2026〕1号")));
    assert_eq!(made.next.as_deref(), Some("青信受〔2026〕2号"));
    assert_eq!(of(Paper::Opinion).next.as_deref(), Some("青信处〔2026〕900号"));
    assert_eq!((of(Paper::Rejection).fit, of(Paper::DataSheet).fit), (Fit::Other, Fit::Can));
    // How many sealed papers there are is nobody's to know.
    let mut viewer = account(&mut office, (1001, "guest"), &[("roles", Role::Viewer.word())]);
    let asked = Request::Papers { case: CaseId(case) };
    let refusal = anjie::api::door::Door::call(&mut viewer, asked).unwrap_err();
    assert_eq!(refusal.kind, RefusalKind::Denied);
}

#[test]
fn the_data_sheet_of_one_of_several_petitioners_leaves_the_others_receipts_out() {
    let mut office = Office::on("2026-11-28");
    let case = office.register("张小明", "路灯不亮", "2026-11-20");
    let sheet = |person: Option<u64>| Wanted {
        person: person.map(anjie::domain::ids::PersonId),
        reason: "本人申请".to_owned(),
        ..wanted(case, Paper::DataSheet)
    };
    let shown = |office: &Office, wanted: &Wanted| {
        let draft = make::draft(&mut office.door_of(me()), wanted).unwrap();
        (draft.lines.join("\n"), draft.empty)
    };
    let (alone, _) = shown(&office, &sheet(None));
    assert!(alone.contains("2026年11月20日 | "), "{alone}");
    let other = [
        ("name", "李翠英"),
        ("request", "路灯不亮"),
        ("received_on", "2026-11-23"),
        ("people", "1"),
        ("at_once", "registered"),
        ("channel", "letter"),
        ("source", "direct"),
        ("state_number", "QX202611230001"),
    ];
    let other = office.done(Act::Register, None, &other).record.unwrap().id;
    let into = office.case(case).case.number;
    let same = [("into", into.as_str()), ("on", "2026-11-24"), ("text", "同一盏路灯")];
    office.done(Act::MergeInto, Some(other), &same);
    let persons: Vec<u64> = office.case(case).case.persons.keys().map(|id| id.0).collect();
    assert_eq!(persons.len(), 2, "the second petitioner is on the case");
    assert_eq!(refused(&office, &sheet(None)).key, "refusal.paper_is_of_one_person");
    let (one, empty) = shown(&office, &sheet(Some(persons[0])));
    assert!(!one.contains("QX202611230001") && !one.contains("李翠英"), "{one}");
    assert!(empty.contains(&"来件日期".to_owned()), "what is left out is named: {empty:?}");
}

#[test]
fn a_typed_day_is_one_and_is_written_as_letters_write_it() {
    let (mut office, case) = handled();
    let of = |day: &str| Wanted {
        typed: typed(&[("accepted_on", day)]),
        ..wanted(case, Paper::Acceptance)
    };
    for (day, says) in [
        ("1015", "2026年10月15日"),
        ("今天", "2026年11月28日"),
        ("-3", "2026年11月25日"),
        ("2026年11月1日", "2026年11月1日"),
    ] {
        let draft = make::draft(&mut office.door_of(me()), &of(day)).unwrap();
        let said = draft.lines.join("\n");
        assert!(said.contains(&format!("本机关于{says}决定受理")), "{day}: {said}");
    }
    for (day, key) in [
        ("0231", "refusal.paper_no_such_day"),
        ("2026年2月31日", "refusal.paper_no_such_day"),
        ("月底", "refusal.paper_bad_date"),
    ] {
        let refusal =
            make::write(&mut office.door_of(me()), &of(day), RequestId(1)).expect_err(day);
        assert_eq!(refusal.key, key, "{day}");
        let said = [("name", "受理日期"), ("text", day)];
        assert_eq!(refusal.args, said.map(|(name, text)| (name.to_owned(), text.to_owned())));
    }
    assert_eq!(numbers(&mut office), []);
}

#[test]
fn no_letter_says_the_contrary_of_what_was_decided() {
    let (mut office, case) = handled();
    let bare = office.register("刘翠英", "路灯不亮", "2026-11-25");
    let left = |case: u64, paper: Paper| Wanted { blanks: Blanks::Left, ..wanted(case, paper) };
    for paper in [Paper::Rejection, Paper::NoMore] {
        let shown = make::draft(&mut office.door_of(me()), &left(case, paper)).unwrap_err();
        assert_eq!(shown.key, "broken.paper_refuses_what_is_accepted");
        let made = make::write(&mut office.door_of(me()), &left(case, paper), RequestId(1));
        assert_eq!(made.unwrap_err().key, "broken.paper_refuses_what_is_accepted");
        // Whoever asks for the step alone is refused, too.
        let fields = [("paper", paper.word()), ("template", "ab")];
        let alone = office.try_do(Act::WritePaper, Some(case), &fields).unwrap_err();
        assert_eq!(alone.key, "broken.paper_refuses_what_is_accepted");
    }
    assert_eq!(numbers(&mut office), []);
    // What is not decided yet is written ahead; once it is, the paper is written again and no more.
    let ahead = written(&office, &left(bare, Paper::Rejection), 2);
    let route = [("purpose", "request"), ("route", "31(6)"), ("on", "2026-11-26")];
    office.done(Act::Route, Some(bare), &route);
    office.done(Act::Accept, Some(bare), &[("on", "2026-11-26")]);
    let again = Wanted { again: ahead.number.clone(), ..left(bare, Paper::Rejection) };
    assert_eq!(written(&office, &again, 3).number, ahead.number);
    let new = left(bare, Paper::Rejection);
    let refusal = make::write(&mut office.door_of(me()), &new, RequestId(4)).unwrap_err();
    assert_eq!(refusal.key, "broken.paper_refuses_what_is_accepted");
    assert_eq!(numbers(&mut office).len(), 1);
}

#[test]
fn a_petitioner_without_a_name_is_called_anonymous_and_not_missing() {
    let mut office = Office::on("2026-11-28");
    let case = office.register("匿名", "路灯不亮", "2026-11-25");
    let left = Wanted { blanks: Blanks::Left, ..wanted(case, Paper::Guidance) };
    let draft = make::draft(&mut office.door_of(me()), &left).unwrap();
    assert!(draft.lines.iter().any(|line| line.trim() == "匿名："), "{:?}", draft.lines);
    assert!(!draft.empty.contains(&"信访人".to_owned()), "{:?}", draft.empty);
    assert!(said(&written(&office, &left, 1)).contains("匿名："));
}

/// A matter that was assigned to a department by a letter whose number was typed.
fn assigned(office: &mut Office, document: &str) -> u64 {
    let case = office.register("刘翠英", "路灯不亮", "2026-11-25");
    let route = [("purpose", "request"), ("route", "31(6)"), ("on", "2026-11-26")];
    office.done(Act::Route, Some(case), &route);
    office.done(Act::Accept, Some(case), &[("on", "2026-11-26")]);
    let letter = [
        ("unit", "1"),
        ("on", "2026-11-26"),
        ("due_on", "2026-12-20"),
        ("document", document),
        ("text", "请核对"),
    ];
    office.done(Act::Entrust, Some(case), &letter);
    case
}

#[test]
fn a_number_typed_before_its_turn_is_given_to_nobody_else() {
    let mut office = Office::on("2026-11-28");
    office.unit("自然资源所", "department");
    // As a clerk types it, with other brackets and a blank.
    let ahead = assigned(&mut office, "青信交[2026] ３号");
    let left = |case: u64| Wanted { blanks: Blanks::Left, ..wanted(case, Paper::Entrusting) };
    let mut given = Vec::new();
    for (nth, document) in (1..).zip(["某函〔2026〕7号", "某函〔2026〕8号", "某函〔2026〕9号"])
    {
        let case = assigned(&mut office, document);
        // What its step bears is a letter of its own series; its further papers get the next serials.
        assert_eq!(written(&office, &left(case), nth).number.as_deref(), Some(document));
        given.push(written(&office, &left(case), 10 + nth).number.unwrap());
    }
    assert_eq!(given, ["青信交〔2026〕1号", "青信交〔2026〕2号", "青信交〔2026〕4号"]);
    let own = written(&office, &left(ahead), 20).number;
    assert_eq!(own.as_deref(), Some("青信交[2026] ３号"));
    let rows = numbers(&mut office);
    let told: Vec<_> = rows.iter().map(|row| (row.serial, row.state)).collect();
    let used = (1..=4).map(|serial| (serial, NumberState::Used)).collect::<Vec<_>>();
    assert_eq!(told, used, "no gap stands where a number was typed");
    let void = [("number", "青信交[2026] ３号"), ("why", "标题写错")];
    office.done(Act::VoidPaper, Some(ahead), &void);
    let state = |row: &NumberRow| (row.serial == 3).then_some(row.state);
    assert_eq!(numbers(&mut office).iter().find_map(state), Some(NumberState::Voided));
    assert!(office.is_sound());
}

#[test]
fn a_voided_number_of_another_series_is_not_written_again_for_another_matter() {
    let mut office = Office::on("2026-11-28");
    office.unit("自然资源所", "department");
    let [first, second] = [(); 2].map(|()| assigned(&mut office, "旧信交〔2025〕9号"));
    let left = |case: u64| Wanted { blanks: Blanks::Left, ..wanted(case, Paper::Entrusting) };
    assert_eq!(written(&office, &left(first), 1).number.as_deref(), Some("旧信交〔2025〕9号"));
    let void = [("number", "旧信交〔2025〕9号"), ("why", "标题写错")];
    office.done(Act::VoidPaper, Some(first), &void);
    assert_eq!(written(&office, &left(second), 2).number.as_deref(), Some("青信交〔2026〕1号"));
}

#[test]
fn a_paper_without_a_number_is_taken_back_like_any_step() {
    let (mut office, case) = handled();
    let n_steps = office.case(case).case.steps.len();
    assert_eq!(written(&office, &wanted(case, Paper::Registration), 1).number, None);
    assert_eq!(office.case(case).case.steps.len(), n_steps + 1);
    office.done(Act::Undo, None, &[("change", &format!("{:032x}", 1))]);
    assert_eq!(office.case(case).case.steps.len(), n_steps);
    assert_eq!(Paper::Registration.fit(&office.case(case).case), Fit::Now);
    assert!(office.is_sound());
}

#[test]
fn a_number_that_was_voided_is_not_given_out_again_though_a_step_bears_it() {
    let mut office = Office::on("2026-11-28");
    office.unit("自然资源所", "department");
    let first = assigned(&mut office, "青信交〔2026〕1号");
    let second = assigned(&mut office, "青信交〔2026〕1号");
    let left = |case: u64| Wanted { blanks: Blanks::Left, ..wanted(case, Paper::Entrusting) };
    // The number that its step bears is the next one: it is given out with that.
    let made = written(&office, &left(first), 1);
    assert_eq!(made.number.as_deref(), Some("青信交〔2026〕1号"));
    let void = [("number", "青信交〔2026〕1号"), ("why", "标题写错")];
    office.done(Act::VoidPaper, Some(first), &void);
    let next = |case: u64| {
        let mut door = office.door_of(me());
        let asked = Request::Papers { case: CaseId(case) };
        match anjie::api::door::Door::call(&mut door, asked).unwrap() {
            Reply::Papers(papers) => {
                let own = papers.offers.into_iter().find(|own| own.paper == Paper::Entrusting);
                own.unwrap().next
            }
            other => panic!("{other:?}"),
        }
    };
    for case in [first, second] {
        assert_eq!(next(case).as_deref(), Some("青信交〔2026〕2号"), "case {case}");
    }
    assert_eq!(written(&office, &left(second), 2).number.as_deref(), Some("青信交〔2026〕2号"));
    assert_eq!(written(&office, &left(first), 3).number.as_deref(), Some("青信交〔2026〕3号"));
    let states: Vec<_> = numbers(&mut office).into_iter().map(|row| row.state).collect();
    assert_eq!(states, [NumberState::Voided, NumberState::Used, NumberState::Used]);
    assert!(office.is_sound());
}

//! The papers of a case, one of them, and the numbers of a year, in every size.

use crate::api::paper::{
    Draft, Filed, NumberRow, NumberState, PaperOffer, PaperOffers, Saying, TemplateView,
    VoidedPaper,
};
use crate::api::reply::{Done, Reply};
use crate::api::request::Order;
use crate::domain::act::Act;
use crate::domain::ids::{CaseId, PersonId, RequestId, Version};
use crate::domain::paper::{Fit, Paper, Template};
use crate::locale::Lang;
use crate::tui::command::find;
use crate::tui::incoming::{Outcome, TemplateRead};
use crate::tui::key::Key;
use crate::tui::screen::drafts::Drafts;
use crate::tui::screen::over::{Answer, Over, Then, Typing};
use crate::tui::screen::paper::PapersScreen;
use crate::tui::screen::paper::fill::{About, PaperForm};
use crate::tui::screen::paper::kept::blank;
use crate::tui::screen::paper::numbers::NumbersScreen;
use crate::tui::screen::paper::preview::PaperScreen;
use crate::tui::screen::paper::template::TemplateScreen;
use crate::tui::screen::paper::templates::TemplatesScreen;
use crate::tui::screen::sample::{Desk, assert_frame, day};
use crate::tui::screen::{Nav, Screen, Selection, Step};

fn offer(paper: Paper, fit: Fit, numbers: (Option<&str>, Option<&str>)) -> PaperOffer {
    let is_made = fit == Fit::Made;
    PaperOffer {
        paper,
        fit,
        number: numbers.0.map(str::to_owned),
        next: numbers.1.map(str::to_owned),
        made_on: is_made.then(|| day("2026-10-15")),
        by: is_made.then(|| "李娟".to_owned()),
        told_on: (fit == Fit::Now).then(|| day("2026-10-14")),
        template: None,
        step: is_made.then_some(7),
        voided: None,
    }
}

fn papers() -> PaperOffers {
    let mut offers = vec![
        offer(Paper::Acceptance, Fit::Now, (None, Some("青信受〔2026〕12号"))),
        offer(Paper::ExtensionForm, Fit::Can, (None, Some("青信延审〔2026〕3号"))),
        offer(Paper::DataSheet, Fit::Can, (None, None)),
        offer(Paper::Registration, Fit::Made, (None, None)),
        offer(Paper::Entrusting, Fit::Made, (Some("青信交〔2026〕7号"), Some("青信交〔2026〕8号"))),
    ];
    let is_there = |paper: &Paper| offers.iter().any(|own| own.paper == *paper);
    let others: Vec<Paper> = Paper::ALL.iter().copied().filter(|paper| !is_there(paper)).collect();
    offers.extend(others.into_iter().map(|paper| offer(paper, Fit::Other, (None, None))));
    PaperOffers {
        case: CaseId(187),
        version: Version(9),
        number: "青信2026-0187".to_owned(),
        title: "征地补偿款未到账".to_owned(),
        sealed: false,
        permits: Vec::new(),
        petitioners: vec![(PersonId(1), "张小明".to_owned()), (PersonId(2), "李翠英".to_owned())],
        offers,
    }
}

fn saying(key: &str, text: &str, is_needed: bool) -> Saying {
    Saying { key: key.to_owned(), label: String::new(), text: text.to_owned(), is_needed }
}

fn draft() -> Draft {
    let lines = [
        "信访事项延长办理期限审批表",
        "青信延审〔2026〕3号",
        "事项编号 | 青信2026-0187 | 信访人 | 张小明",
        "延长天数 | ＿＿＿＿日 | 延期后期限 | ＿＿＿＿",
        "延期理由 | ＿＿＿＿",
        "您提出的“征地补偿款未到账”信访事项，本机关已于2026年10月14日受理，由自然资源所具体承办，情况复杂，请核对面积后再定。",
    ];
    Draft {
        lines: lines.map(str::to_owned).into(),
        empty: Vec::new(),
        says: vec![
            saying("petitioner", "张小明", true),
            saying("extension_days", "", true),
            saying("extended_until", "", true),
            saying("extension_reason", "", true),
            saying("approver", "", false),
        ],
        shows_id_numbers: false,
        refused: None,
    }
}

#[test]
fn papers_that_fit_come_first_and_those_without_their_step_say_why() {
    let mut desk = Desk::default();
    let mut screen = PapersScreen::new(CaseId(187));
    screen.got(0, Reply::Papers(Box::new(papers())));
    assert_frame("papers-80x24", &desk.drawn(&mut screen, (80, 24)));
    assert_frame("papers-120x40", &desk.drawn(&mut screen, (120, 40)));
    let Step::Push(paper) = screen.on(Nav::Open, &desk.view()) else { panic!("not opened") };
    assert_eq!(paper.drafts().unwrap().paper, Paper::Acceptance);
    screen.on(Nav::Down, &desk.view());
    screen.on(Nav::Down, &desk.view());
    assert!(matches!(screen.on(Nav::Open, &desk.view()), Step::Stay) && screen.is_typing());
    assert_frame("papers-whose-80x24", &desk.drawn(&mut screen, (80, 24)));
    let Step::Push(paper) = screen.typed(Key::Char('2'), &desk.view()) else { panic!("nobody") };
    assert_eq!(paper.drafts().unwrap().person, Some(PersonId(2)));
    desk.lang = Lang::En;
    assert_frame("papers-en-80x24", &desk.drawn(&mut screen, (80, 24)));
    desk.draw_in_every_size(&mut screen);
    desk.draw_in_every_size(&mut PapersScreen::new(CaseId(187)));
}

#[test]
fn a_paper_is_text_without_borders_and_says_what_is_missing() {
    let mut desk = Desk::default();
    let papers = papers();
    let mut screen = PaperScreen::new(&papers, &papers.offers[1], None);
    screen.drafted(Ok(draft()));
    assert_frame("paper-80x24", &desk.drawn(&mut screen, (80, 24)));
    assert_frame("paper-120x40", &desk.drawn(&mut screen, (120, 40)));
    assert!(matches!(screen.on(Nav::Open, &desk.view()), Step::Fill));
    assert_eq!(screen.form(&desk.view()).unwrap().name(), "paper_form");
    let typing = Typing {
        texts: vec![("extension_days".to_owned(), "20".to_owned())],
        reason: String::new(),
        then: Then::Write,
    };
    let Step::Write(wanted) = screen.typed_for_paper(typing) else { panic!("not written") };
    assert_eq!((wanted.typed.len(), wanted.again.as_deref()), (1, None));
    let filed = Filed {
        place: "/srv/lijuan/1.docx".to_owned(),
        case: CaseId(187),
        paper: Paper::ExtensionForm,
        person: None,
        number: Some("青信延审〔2026〕3号".to_owned()),
    };
    screen.filed(&filed);
    assert_eq!(screen.drafts().unwrap().again.as_deref(), Some("青信延审〔2026〕3号"));
    screen.on(Nav::NextPane, &desk.view());
    assert_eq!(screen.drafts().unwrap().again, None);
    screen.on(Nav::Page, &desk.view());
    assert_frame("paper-copy-80x24", &desk.drawn(&mut screen, (80, 24)));
    screen.typed(Key::Esc, &desk.view());
    desk.lang = Lang::En;
    assert_frame("paper-en-80x24", &desk.drawn(&mut screen, (80, 24)));
    desk.draw_in_every_size(&mut screen);
    desk.draw_in_every_size(&mut PaperScreen::new(&papers, &papers.offers[1], None));
}

#[test]
fn what_is_half_typed_for_one_petitioner_stays_when_the_paper_of_another_is_written() {
    let papers = papers();
    let typing = || Typing {
        texts: vec![("approver".to_owned(), "王建国".to_owned())],
        reason: String::new(),
        then: Then::See,
    };
    let half_typed = |person: u64| {
        let mut screen = PaperScreen::new(&papers, &papers.offers[2], Some(PersonId(person)));
        screen.typed_for_paper(typing());
        screen
    };
    let (mut first, mut second) = (half_typed(1), half_typed(2));
    let filed = Filed {
        place: "/srv/lijuan/1.docx".to_owned(),
        case: CaseId(187),
        paper: Paper::DataSheet,
        person: Some(PersonId(1)),
        number: None,
    };
    first.filed(&filed);
    second.filed(&filed);
    assert_eq!(first.draft(), None, "it is in the paper");
    assert!(second.draft().is_some(), "nothing of it was written");
}

#[test]
fn a_half_typed_paper_is_listed_with_what_it_is_and_of_which_case() {
    let desk = Desk::default();
    let papers = papers();
    let mut screen = PaperScreen::new(&papers, &papers.offers[4], None);
    let texts = vec![("entrust_text".to_owned(), "请核对面积".to_owned())];
    screen.typed_for_paper(Typing { texts, reason: String::new(), then: Then::See });
    let drafts = Drafts::new(vec![screen.draft().unwrap()]);
    assert_frame("drafts-paper-80x24", &desk.drawn_over(&drafts, (80, 24)));
}

#[test]
fn what_is_left_empty_is_named_once_before_it_is_written() {
    let mut desk = Desk::default();
    let papers = papers();
    let wanted = PaperScreen::new(&papers, &papers.offers[1], None).drafts().unwrap();
    let about = || About {
        title: "延期审批表".to_owned(),
        texts: &[],
        reason: "",
        blank: blank(&wanted, String::new()),
        is_written: false,
    };
    let mut form = PaperForm::new(&draft(), about(), &desk.view());
    assert_frame("paper-form-80x24", &desk.drawn_over(&form, (80, 24)));
    assert_eq!(form.typed(Key::F(10), &desk.view()), Answer::Stay);
    assert_frame("paper-form-bare-80x24", &desk.drawn_over(&form, (80, 24)));
    form.typed(Key::Char('2'), &desk.view());
    assert_eq!(form.typed(Key::F(10), &desk.view()), Answer::Stay, "it was typed on meanwhile");
    let Answer::Paper(typing) = form.typed(Key::F(10), &desk.view()) else { panic!("not sent") };
    assert_eq!(typing.texts, [("extension_days".to_owned(), "2".to_owned())]);
    assert_eq!(typing.then, Then::Write);
    desk.lang = Lang::En;
    let needs_reason = Draft { shows_id_numbers: true, ..draft() };
    let mut form = PaperForm::new(&needs_reason, about(), &desk.view());
    let said = form.typed(Key::F(10), &desk.view());
    assert_eq!(said, Answer::Say("refusal.reason_is_missing".to_owned()));
    assert_frame("paper-form-en-80x24", &desk.drawn_over(&form, (80, 24)));
}

fn number(paper: Paper, (serial, until): (u32, u32), state: NumberState) -> NumberRow {
    let is_used = matches!(state, NumberState::Used | NumberState::Voided);
    NumberRow {
        paper,
        serial,
        until,
        number: format!("青信{}〔2026〕{serial}号", paper.mark().unwrap()),
        state,
        on: is_used.then(|| day("2026-10-15")),
        by: is_used.then(|| "李娟".to_owned()),
        case: is_used.then(|| "青信2026-0187".to_owned()),
        case_id: is_used.then_some(CaseId(187)),
        why: match state {
            NumberState::Voided => Some("标题写错，重出".to_owned()),
            NumberState::Skipped => Some("纸质台账已用".to_owned()),
            _ => None,
        },
    }
}

#[test]
fn numbers_of_a_year_are_told_by_kind_with_gaps_and_why() {
    let mut desk = Desk::default();
    let mut screen = NumbersScreen::new();
    screen.got(
        0,
        Reply::PaperNumbers(vec![
            number(Paper::Acceptance, (1, 11), NumberState::Skipped),
            number(Paper::Acceptance, (12, 12), NumberState::Used),
            number(Paper::Acceptance, (13, 13), NumberState::Voided),
            number(Paper::Acceptance, (14, 15), NumberState::Gap),
            number(Paper::Opinion, (1, 1), NumberState::Withheld),
        ]),
    );
    assert_frame("numbers-80x24", &desk.drawn(&mut screen, (80, 24)));
    assert_frame("numbers-120x40", &desk.drawn(&mut screen, (120, 40)));
    assert!(matches!(screen.on(Nav::Open, &desk.view()), Step::Say(..)));
    screen.on(Nav::Down, &desk.view());
    assert!(matches!(screen.on(Nav::Open, &desk.view()), Step::Push(_)));
    screen.on(Nav::NextPane, &desk.view());
    screen.on(Nav::NextPane, &desk.view());
    desk.lang = Lang::En;
    assert_frame("numbers-en-80x24", &desk.drawn(&mut screen, (80, 24)));
    desk.draw_in_every_size(&mut screen);
    desk.draw_in_every_size(&mut NumbersScreen::new());
}

#[test]
fn a_sealed_case_bears_its_sign_above_its_papers_and_each_of_them() {
    let desk = Desk::default();
    let title =
        "征地补偿款未到账，多次反映，材料齐全，请求尽快核对面积并补发差额款项，逾期请求说明理由";
    let papers = PaperOffers { sealed: true, title: title.to_owned(), ..papers() };
    let paper = PaperScreen::new(&papers, &papers.offers[1], None);
    let mut list = PapersScreen::new(CaseId(187));
    list.got(0, Reply::Papers(Box::new(papers)));
    for mut screen in [Box::new(list) as Box<dyn Screen>, Box::new(paper)] {
        let drawn = desk.drawn(screen.as_mut(), (80, 24));
        let head = drawn.lines().next().unwrap();
        assert!(head.contains("青信2026-0187  [限阅]"), "{head}");
    }
}

#[test]
fn each_paper_tells_which_template_it_uses_since_when_and_by_whom() {
    let mut desk = Desk::default();
    let mut screen = TemplatesScreen::new();
    let template = Template {
        file: "受理告知书-本镇2026.docx".to_owned(),
        digest: "0".repeat(64),
        n_bytes: 9_000,
        on: day("2026-10-12"),
        by: Some("李娟".to_owned()),
    };
    screen.got(0, Reply::Templates(vec![TemplateView { paper: Paper::Acceptance, template }]));
    assert_frame("templates-80x24", &desk.drawn(&mut screen, (80, 24)));
    desk.lang = Lang::En;
    assert_frame("templates-en-80x24", &desk.drawn(&mut screen, (80, 24)));
    desk.draw_in_every_size(&mut screen);
    desk.draw_in_every_size(&mut TemplatesScreen::new());
}

#[test]
fn what_a_template_has_lost_stands_above_what_it_says() {
    let mut desk = Desk::default();
    let mut screen = TemplateScreen::new(Paper::Acceptance, "改好.docx");
    let read = TemplateRead {
        paper: Paper::Acceptance,
        name: "改好.docx".to_owned(),
        digest: "0".repeat(64),
        unknown: Vec::new(),
        lacks: vec!["办结期限".to_owned(), "承办单位".to_owned()],
        lines: vec!["受理告知书".to_owned(), "{{文号}}".to_owned(), "{{信访人}}：".to_owned()],
    };
    screen.worked(Ok(Outcome::Template(read.clone().into())));
    assert_frame("template-80x24", &desk.drawn(&mut screen, (80, 24)));
    assert!(matches!(screen.on(Nav::Open, &desk.view()), Step::Run("load_paper")));
    let unknown = vec!["来访群众".to_owned()];
    let odd = TemplateRead { digest: String::new(), unknown, lines: Vec::new(), ..read };
    screen.worked(Ok(Outcome::Template(odd.into())));
    assert_frame("template-odd-80x24", &desk.drawn(&mut screen, (80, 24)));
    assert!(matches!(screen.on(Nav::Open, &desk.view()), Step::Stay));
    desk.lang = Lang::En;
    desk.draw_in_every_size(&mut screen);
}

#[test]
fn a_template_is_in_use_only_while_it_is_the_last_that_was_put_in_for_its_paper() {
    let desk = Desk::default();
    let read = |paper: Paper, digit: &str| {
        let mut screen = TemplateScreen::new(paper, "改好.docx");
        let read = TemplateRead {
            paper,
            name: "改好.docx".to_owned(),
            digest: digit.repeat(64),
            unknown: Vec::new(),
            lacks: Vec::new(),
            lines: Vec::new(),
        };
        screen.worked(Ok(Outcome::Template(read.into())));
        screen
    };
    let mut screens = [
        read(Paper::Acceptance, "1"),
        read(Paper::Acceptance, "2"),
        read(Paper::Registration, "1"),
    ];
    let mut in_use_after = |act: Act, fields: &[(&str, String)]| {
        let fields = fields.iter().map(|(name, text)| ((*name).to_owned(), text.clone()));
        let order = Order { id: RequestId(1), act, on: None, seen: None, fields: fields.collect() };
        let done =
            Done { record: None, version: Version(1), revision: None, number: None, import: None };
        screens.each_mut().map(|screen| {
            screen.done(&order, &done);
            desk.drawn(screen, (80, 24)).contains("已换上")
        })
    };
    let paper = || ("paper", Paper::Acceptance.word().to_owned());
    let put_in = |digit: &str| [paper(), ("file", digit.repeat(64))];
    assert_eq!(in_use_after(Act::LoadPaper, &put_in("1")), [true, false, false]);
    assert_eq!(in_use_after(Act::LoadPaper, &put_in("2")), [false, true, false]);
    assert_eq!(in_use_after(Act::DropPaper, &[paper()]), [false, false, false]);
}

#[test]
fn who_may_not_put_a_template_in_sees_why_and_may_still_look() {
    let mut desk = Desk::default();
    desk.me.denied = vec![Act::LoadPaper, Act::DropPaper];
    let screen = TemplatesScreen::new();
    let selection = Selection { navs: Some(screen.navs()), ..screen.selected() };
    let said = |word: &str| find(word).unwrap().is_possible(&desk.me, &selection);
    assert_eq!(said("template_in"), Err("refusal.denied".to_owned()));
    assert_eq!(said("drop_paper"), Err("refusal.denied".to_owned()));
    assert_eq!(said("template_out"), Ok(()));
}

#[test]
fn a_voided_paper_says_in_the_list_who_voided_it_when_and_why() {
    let desk = Desk::default();
    let voided = |number: Option<&str>, why: &str| VoidedPaper {
        why: why.to_owned(),
        on: Some(day("2026-10-15")),
        by: Some("李娟".to_owned()),
        number: number.map(str::to_owned),
    };
    let mut papers = papers();
    papers.offers[0].voided = Some(voided(Some("青信受〔2026〕11号"), "标题写错"));
    papers.offers[2].voided = Some(voided(None, "未向本人出具"));
    let mut screen = PapersScreen::new(CaseId(187));
    screen.got(0, Reply::Papers(Box::new(papers)));
    screen.on(Nav::Down, &desk.view());
    screen.on(Nav::Down, &desk.view());
    assert_frame("papers-voided-80x24", &desk.drawn(&mut screen, (80, 24)));
    // What is made and has no number is voided by its step; what is not made is not.
    assert_eq!(screen.selected().given, []);
    screen.on(Nav::Down, &desk.view());
    let given = [("void_paper.number", ""), ("void_paper.step", "7")];
    let given = given.map(|(name, text)| (name.to_owned(), text.to_owned()));
    assert_eq!(screen.selected().given, given);
}

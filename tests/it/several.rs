//! Several questions in one call: one way over a slow line, and nothing more than each alone.

use anjie::api::own::Keep;
use anjie::api::refusal::RefusalKind;
use anjie::api::reply::Reply;
use anjie::api::request::{JournalQuery, Request};
use anjie::domain::act::Act;
use anjie::domain::ids::CaseId;

use crate::desk::Office;

#[test]
fn several_questions_in_one_call_are_answered_and_refused_each_by_itself() {
    let mut office = Office::on("2026-08-06");
    let id = office.register("张小明", "路灯不亮", "2026-08-01");
    let case = Request::Case { id: CaseId(id) };
    let gone = Request::Case { id: CaseId(9_999) };
    let asked = vec![Request::Officers, case.clone(), gone.clone()];
    let alone: Vec<_> = asked.iter().map(|one| office.ask(one.clone())).collect();
    let Ok(Reply::Several(answers)) = office.ask(Request::Several(asked)) else {
        panic!("several questions are not answered")
    };
    assert_eq!(answers, alone);
    assert_eq!(answers[2].as_ref().unwrap_err().kind, RefusalKind::NotFound);
    let order = office.order(Act::EditCase, Some(id), &[("agreed_on", "2026-09-09")]);
    let keep = Keep::Setting { name: "sort".to_owned(), value: Some("1".to_owned()) };
    let odd = [
        vec![Request::Officers, Request::Do(order)],
        vec![Request::Officers, Request::Keep(keep)],
        vec![Request::Several(vec![Request::Officers])],
        vec![Request::Officers; 9],
    ];
    for asked in odd {
        let refusal = office.ask(Request::Several(asked)).unwrap_err();
        assert_eq!(refusal.kind, RefusalKind::Invalid);
    }
    assert_eq!(office.case(id).case.agreed_on, None, "no change hides among questions");
    let journal = Request::Journal(JournalQuery::default());
    let Ok(Reply::Several(masked)) =
        office.ask(Request::Masked(Box::new(Request::Several(vec![case, journal]))))
    else {
        panic!("a meeting asks for several, too")
    };
    let Ok(Reply::Case(sheet)) = &masked[0] else { panic!("{:?}", masked[0]) };
    assert!(sheet.persons.iter().all(|of| of.name.as_deref() != Some("张小明")));
    assert_eq!(masked[1].as_ref().unwrap_err().kind, RefusalKind::Denied);
}

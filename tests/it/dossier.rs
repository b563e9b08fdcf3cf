//! Whole files leave with a purpose, for whoever sees the case in clear, and a seal holds them back.

use anjie::api::door::Door;
use anjie::api::dossier::{DossierQuery, DossierView};
use anjie::api::refusal::{Refusal, RefusalKind};
use anjie::api::reply::Reply;
use anjie::api::request::{AccessQuery, Request};
use anjie::domain::act::Act;
use anjie::domain::ids::CaseId;
use anjie::service::Session;

use crate::desk::Office;
use crate::seal::accusation;

fn query(cases: &[u64]) -> DossierQuery {
    DossierQuery {
        cases: cases.iter().copied().map(CaseId).collect(),
        purpose: "迎检".to_owned(),
        recipient: "区信访局".to_owned(),
        sealed: false,
    }
}

fn begin(door: &mut dyn Door, query: DossierQuery) -> Result<DossierView, Refusal> {
    match door.call(Request::Dossier(query))? {
        Reply::Dossier(view) => Ok(view),
        other => panic!("{other:?}"),
    }
}

fn notes(office: &mut Office) -> Vec<String> {
    let query = AccessQuery { act: Some("export.dossier".into()), most: 9, ..Default::default() };
    let Reply::Accesses(page) = office.ask(Request::Accesses(query)).unwrap() else {
        panic!("no page")
    };
    let notes = page.rows.into_iter().flat_map(|row| row.notes);
    notes.filter_map(|(_, text)| text).collect()
}

#[test]
fn a_whole_file_leaves_with_purpose_and_recipient_in_the_log() {
    let mut office = Office::on("2026-10-20");
    let one = office.register("张小明", "路灯不亮", "2026-10-19");
    let mut door = office.door_of(crate::desk::me());
    let bare = DossierQuery { purpose: " ".to_owned(), ..query(&[one]) };
    assert_eq!(begin(&mut door, bare).unwrap_err().key, "refusal.purpose_is_missing");
    let to_nobody = DossierQuery { recipient: String::new(), ..query(&[one]) };
    assert_eq!(begin(&mut door, to_nobody).unwrap_err().key, "refusal.recipient_is_missing");
    assert_eq!(begin(&mut door, query(&[])).unwrap_err().key, "refusal.dossier_needs_cases");
    assert!(notes(&mut office).is_empty(), "nothing went out");
    let view = begin(&mut door, query(&[one, one])).unwrap();
    assert_eq!((view.cases, view.n_sealed), (vec![CaseId(one)], 0));
    assert_eq!(notes(&mut office), ["迎检", "区信访局"]);
}

#[test]
fn a_sealed_file_leaves_with_its_reader_alone_and_only_if_they_say_so() {
    let mut office = Office::on("2026-10-20");
    let open = office.register("张小明", "路灯不亮", "2026-10-19");
    let sealed = office.done(Act::Register, None, &accusation(&[])).record.unwrap().id;
    for (login, uid, roles) in [("wanglei", "1042", "clerk"), ("zhangwei", "1043", "viewer")] {
        office.done(Act::AddClerk, None, &[("login", login), ("uid", uid), ("roles", roles)]);
    }
    let mut clerk = office.door_of(Session { uid: 1042, login: "wanglei".to_owned() });
    let mut viewer = office.door_of(Session { uid: 1043, login: "zhangwei".to_owned() });
    let asked = DossierQuery { sealed: true, ..query(&[sealed]) };
    let hidden = begin(&mut clerk, asked.clone()).unwrap_err();
    assert_eq!(hidden.kind, RefusalKind::NotFound);
    assert_eq!(begin(&mut viewer, query(&[open])).unwrap_err().kind, RefusalKind::Denied);
    let mut reader = office.door_of(crate::desk::me());
    let view = begin(&mut reader, query(&[open, sealed])).unwrap();
    assert_eq!((view.cases, view.n_sealed), (vec![CaseId(open)], 1));
    assert_eq!(begin(&mut reader, asked).unwrap().cases, [CaseId(sealed)]);
}

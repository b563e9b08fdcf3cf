use std::fs;
use std::sync::mpsc::{Receiver, channel};

use super::{forms, names};
use crate::api::door::{Door, Notice};
use crate::api::duty::{DutyGroup, DutyRow, DutyView};
use crate::api::refusal::{Refusal, RefusalKind};
use crate::api::reply::Reply;
use crate::api::request::Request;
use crate::api::village::{FormView, SheetQuery};
use crate::domain::choice::{Period, ReportState};
use crate::domain::ids::{DutyId, Version};
use crate::domain::standing::Standing;
use crate::locale::Lang;
use crate::tui::incoming::FormsWanted;

/// An office whose villages owe a period, and what it refuses of them.
struct Town {
    rows: Vec<DutyRow>,
    refused: Vec<(u64, Refusal)>,
    n_asked: usize,
}

impl Door for Town {
    fn call(&mut self, request: Request) -> Result<Reply, Refusal> {
        match request {
            Request::Duties(_) => Ok(Reply::Duties(DutyView { groups: vec![self.group()] })),
            Request::Sheets(SheetQuery::Form(query)) => {
                self.n_asked += 1;
                let why = self.refused.iter().find(|(id, _)| *id == query.duty.0);
                why.map_or_else(
                    || Ok(Reply::VillageForm(Box::new(form(query.duty)))),
                    |(_, why)| Err(why.clone()),
                )
            }
            other => panic!("{other:?} is not asked here"),
        }
    }

    fn notices(&mut self) -> Receiver<Notice> {
        channel().1
    }
}

impl Town {
    fn new(refused: Vec<(u64, Refusal)>) -> Self {
        let rows = ["张家庄村", "石桥村", "柳树沟村"];
        let rows = (1..).zip(rows).map(|(id, village)| row(id, village)).collect();
        Self { rows, refused, n_asked: 0 }
    }

    fn group(&self) -> DutyGroup {
        let day = "2026-10-20".parse().unwrap();
        DutyGroup {
            code: "M3".to_owned(),
            title: "一月一排查".to_owned(),
            output: None,
            who: None,
            period: Period::Month,
            key: "2026-10".to_owned(),
            days: (day, day),
            due: day,
            due_workday: None,
            zero: true,
            counts: Vec::new(),
            rows: self.rows.clone(),
        }
    }
}

fn row(id: u64, village: &str) -> DutyRow {
    DutyRow {
        id: DutyId(id),
        version: Version::default(),
        code: "M3".to_owned(),
        title: "一月一排查".to_owned(),
        village: Some(village.to_owned()),
        officer: None,
        key: "2026-10".to_owned(),
        due: "2026-10-20".parse().unwrap(),
        due_workday: None,
        state: ReportState::Owed,
        standing: Standing::Running,
        days_left: 2,
        newest: None,
        n_before: 0,
    }
}

fn form(duty: DutyId) -> FormView {
    FormView {
        form: format!("青信/M3/2026-10/{0}/{0}/0000", duty.0),
        town: "青石镇".to_owned(),
        duty: ("M3".to_owned(), "一月一排查".to_owned()),
        period: "2026-10".to_owned(),
        due: "2026-10-20".parse().unwrap(),
        zero: true,
        village: format!("村{}", duty.0),
        matters: Vec::new(),
        tasks: Vec::new(),
        n_left_out: 0,
    }
}

fn wanted() -> FormsWanted {
    FormsWanted {
        code: "M3".to_owned(),
        period: None,
        village: None,
        purpose: "每月排查".to_owned(),
        recipient: "各村".to_owned(),
    }
}

#[test]
fn what_is_refused_for_one_village_keeps_no_other_from_its_form() {
    let place = tempfile::tempdir().unwrap();
    let folder = place.path().join("forms");
    let long = Refusal::new(RefusalKind::Invalid, "form_is_too_long").with("most", 1_000);
    let mut town = Town::new(vec![(2, long)]);
    let sent = forms(&mut town, (&wanted(), Lang::Zh), &folder).unwrap();
    assert_eq!((sent.forms.len(), fs::read_dir(&folder).unwrap().count()), (2, 2));
    let refusal = sent.refusal(Lang::Zh).unwrap();
    let told = crate::cli::tell::refusal_text(Lang::Zh, &refusal);
    assert_eq!(refusal.kind, RefusalKind::Invalid);
    assert!(told.contains("已写好2张村表") && told.contains("石桥村（"), "{told}");
    assert!(told.contains("超过1000行") && !told.contains("柳树沟村"), "{told}");

    // The same command again: what is there is named, and only the rest is asked for.
    let mut town = Town::new(Vec::new());
    let again = forms(&mut town, (&wanted(), Lang::Zh), &folder).unwrap();
    assert_eq!((again.forms.len(), again.there.len(), town.n_asked), (1, 2, 1));
    assert!(again.there[0].file.ends_with("张家庄村-M3-2026-10.xlsx"));
    assert_eq!(again.refusal(Lang::Zh), None);
}

#[test]
fn without_the_office_no_further_village_is_asked_for() {
    let place = tempfile::tempdir().unwrap();
    let mut town = Town::new(vec![(2, Refusal::new(RefusalKind::Closed, "no_ledger"))]);
    let sent = forms(&mut town, (&wanted(), Lang::Zh), place.path()).unwrap();
    assert_eq!((sent.forms.len(), sent.not_sent.len(), town.n_asked), (1, 2, 2));
    let refusal = sent.refusal(Lang::Zh).unwrap();
    let told = crate::cli::tell::refusal_text(Lang::Zh, &refusal);
    assert!(refusal.kind == RefusalKind::Closed && told.contains("石桥村 柳树沟村（"), "{told}");
}

#[test]
fn two_duties_of_one_number_and_period_make_two_files() {
    let rows = [row(1, "张家庄村"), row(7, "张家庄村"), row(2, "石桥村")];
    let names = names(&rows);
    let name = |id: u64| names[&DutyId(id)].as_str();
    assert_eq!(name(1), "张家庄村-M3-2026-10-1.xlsx");
    assert_eq!(name(7), "张家庄村-M3-2026-10-7.xlsx");
    assert_eq!(name(2), "石桥村-M3-2026-10.xlsx");
}

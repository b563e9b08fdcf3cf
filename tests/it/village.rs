//! Forms of villages: what goes out to a village, and what comes back of it as one change.

mod belongs;

use anjie::api::duty::{DutyQuery, DutyRow};
use anjie::api::incoming::{ImportRow, Piece};
use anjie::api::refusal::{Refusal, RefusalKind};
use anjie::api::reply::{Done, Reply};
use anjie::api::request::{AccessQuery, JournalQuery, Request};
use anjie::api::village::{
    Becomes, Decided, FormMatter, FormQuery, FormTask, FormView, ReturnTerms, ReturnView,
    SheetQuery,
};
use anjie::domain::act::Act;
use anjie::domain::case::Stage;
use anjie::domain::choice::{ReportManner, ReportState, ReportWord, TaskState};
use anjie::domain::ids::{CaseId, DutyId, Kind, TaskId};

use crate::desk::Office;
use crate::seal::{PLANTED, accusation};

const TODAY: &str = "2026-10-18";
const FILE: &str = "fedcba9876543210";
const PERIOD: &str = "2026-10";

/// An office with three villages and the plan.
struct Town {
    office: Office,
    villages: [u64; 3],
}

impl Town {
    fn new() -> Self {
        let mut office = Office::on(TODAY);
        let villages = ["张家庄村", "石桥村", "柳树沟村"].map(|name| office.unit(name, "village"));
        office.done(Act::LoadPlan, None, &[("template", "demonstration-town"), ("year", "2026")]);
        Self { office, villages }
    }

    fn matter(
        &mut self,
        village: usize,
        (name, request): (&str, &str),
        more: &[(&str, &str)],
    ) -> u64 {
        let unit = self.villages[village].to_string();
        let fields = [
            ("name", name),
            ("request", request),
            ("phone", "13800001111"),
            ("village", &unit),
            ("received_on", "2026-10-12"),
            ("people", "1"),
            ("at_once", "registered"),
            ("channel", "visit"),
            ("source", "direct"),
        ];
        let fields = [&fields[..], more].concat();
        self.office.done(Act::Register, None, &fields).record.unwrap().id
    }

    fn duty(&mut self, village: usize) -> DutyRow {
        let query = DutyQuery { code: Some("M3".to_owned()), ..DutyQuery::default() };
        let Ok(Reply::Duties(mut view)) = self.office.ask(Request::Duties(query)) else { panic!() };
        view.groups.remove(0).rows.remove(village)
    }

    fn try_form(&mut self, village: usize, purpose: &str) -> Result<FormView, Refusal> {
        let duty = self.duty(village).id;
        let (purpose, recipient) = (purpose.to_owned(), "各村".to_owned());
        let query = FormQuery { duty, period: PERIOD.to_owned(), purpose, recipient };
        match self.office.ask(Request::Sheets(SheetQuery::Form(query)))? {
            Reply::VillageForm(view) => Ok(*view),
            other => panic!("a form was answered with {other:?}"),
        }
    }

    fn form(&mut self, village: usize) -> FormView {
        self.try_form(village, "每月排查").unwrap()
    }

    fn stage(&mut self, rows: Vec<ImportRow>) {
        let piece = Piece { file: FILE.to_owned(), first: 0, rows };
        self.office.ask(Request::Stage(piece)).unwrap();
    }

    fn looked(&mut self, rows: Vec<ImportRow>, without: &[u64]) -> Result<ReturnView, Refusal> {
        self.stage(rows);
        let without = without.iter().copied().collect();
        let decided = Decided { without, ..Decided::default() };
        let terms = ReturnTerms { file: FILE.to_owned(), decided, from: 0 };
        match self.office.ask(Request::Sheets(SheetQuery::Return(terms)))? {
            Reply::Return(view) => Ok(*view),
            other => panic!("a returned form was answered with {other:?}"),
        }
    }

    fn take(&mut self, more: &[(&str, &str)]) -> Result<Done, Refusal> {
        let fields = [&[("file", FILE), ("manner", "message")][..], more].concat();
        self.office.try_do(Act::TakeReturn, None, &fields)
    }

    fn task(&mut self, id: TaskId) -> anjie::domain::campaign::Task {
        match self.office.ask(Request::Task { id }).unwrap() {
            Reply::Task(sheet) => sheet.task,
            other => panic!("a task was answered with {other:?}"),
        }
    }

    fn records(&mut self) -> u64 {
        match self.office.ask(Request::Status).unwrap() {
            Reply::Status(status) => status.revision.unwrap().0,
            other => panic!("{other:?}"),
        }
    }
}

fn row(place: u32, values: &[(&str, &str)]) -> ImportRow {
    let values = values.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned()));
    ImportRow {
        sheet: "事项".to_owned(),
        row: place,
        values: values.collect(),
        problems: Vec::new(),
    }
}

/// The head of a form, with what the village says at its foot.
fn head(form: &FormView, more: &[(&str, &str)]) -> ImportRow {
    let own = [("kind", "head"), ("form", form.form.as_str())];
    row(3, &[&own[..], more].concat())
}

const FOOT: [(&str, &str); 3] =
    [("reporter", "王建国"), ("signer", "张村长"), ("on", "2026-10-17")];

fn matter(place: u32, own: &FormMatter, more: &[(&str, &str)]) -> ImportRow {
    let sent = [
        ("kind", "matter"),
        ("row", own.row.as_str()),
        ("number", own.number.as_str()),
        ("title", own.title.as_str()),
    ];
    row(place, &[&sent[..], more].concat())
}

fn task(place: u32, own: &FormTask, more: &[(&str, &str)]) -> ImportRow {
    let sent = [
        ("kind", "task"),
        ("row", own.row.as_str()),
        ("number", own.code.as_str()),
        ("title", own.title.as_str()),
    ];
    row(place, &[&sent[..], more].concat())
}

fn fresh(place: u32, name: &str, request: &str) -> ImportRow {
    row(place, &[("kind", "new"), ("name", name), ("request", request)])
}

/// What became of a row, and the key of why it is refused.
fn became(view: &ReturnView) -> Vec<(Becomes, Option<&str>)> {
    let of = |row: &'_ anjie::api::village::ReturnRow| row.becomes;
    view.rows.iter().map(|row| (of(row), row.why.as_ref().map(|(key, _)| key.as_str()))).collect()
}

#[test]
fn on_the_form_of_a_village_stand_its_own_open_matters_and_no_others() {
    let mut town = Town::new();
    let own = town.matter(0, ("张小明", "水渠漏水"), &[]);
    town.matter(1, ("李梅", "路灯三年不亮"), &[]);
    let village = town.villages[0].to_string();
    town.matter(0, ("周强", "村里账目不公开"), &[("about_unit", &village)]);
    let secretary = town.office.officer("石守义", &[("unit", &village)]).to_string();
    town.matter(0, ("王丽", "书记多占宅基地"), &[("about_officer", &secretary)]);
    let sealed = accusation(&[("village", &village)]);
    town.office.done(Act::Register, None, &sealed);
    let ended = town.matter(0, ("孙大勇", "井盖丢失"), &[]);
    let stop =
        [("ground", "withdrawn"), ("on", TODAY), ("text", "信访人撤回"), ("document", "撤回书1号")];
    town.office.done(Act::Stop, Some(ended), &stop);

    let form = town.form(0);
    let titles: Vec<&str> = form.matters.iter().map(|own| own.title.as_str()).collect();
    assert_eq!(titles, ["水渠漏水"]);
    assert_eq!(form.matters[0].person.as_deref(), Some("张小明"));
    assert_eq!(form.matters[0].stage, Stage::Registered);
    assert_eq!(form.n_left_out, 3, "the director reads all of them");
    let said = serde_json::to_string(&form).unwrap();
    for hidden in PLANTED.iter().chain(&["13800001111", "路灯三年不亮", "账目", "宅基地", "井盖"])
    {
        assert!(!said.contains(hidden), "{hidden} in {said}");
    }
    let bare = town.try_form(0, " ").unwrap_err();
    assert_eq!(bare.key, "refusal.purpose_is_missing");

    let query =
        AccessQuery { act: Some("export.make".to_owned()), most: 10, ..AccessQuery::default() };
    let Ok(Reply::Accesses(page)) = town.office.ask(Request::Accesses(query)) else { panic!() };
    let told = serde_json::to_string(&page.rows[0]).unwrap();
    assert_eq!(page.rows.len(), 1, "what was refused went nowhere");
    assert!(told.contains("每月排查") && told.contains("各村"), "{told}");
    assert!(town.office.case(own).case.steps.len() == 1);
}

#[test]
fn on_the_form_of_a_village_stand_its_own_tasks_that_are_owed_and_have_begun() {
    let mut town = Town::new();
    let id = |row: &FormTask| {
        let id = row.row.trim_start_matches('T').split('-').next().unwrap();
        TaskId(id.parse().unwrap())
    };
    let before = town.form(0).tasks;
    let (done, put_off) = before.iter().partition::<Vec<_>, _>(|own| own.code == "2.9");
    let (done, put_off) = (id(done[0]), id(put_off[0]));
    let said = [("on", TODAY), ("document", "张村发3号")];
    town.office.done(Act::FinishTask, Some(done.0), &said);
    let days = [("from", "2026-11-01"), ("until", "2026-11-20")];
    town.office.done(Act::EditTask, Some(put_off.0), &days);
    let village = anjie::domain::ids::UnitId(town.villages[0]);
    let month_ends = "2026-10-31".parse().unwrap();
    let mut meant = Vec::new();
    for number in 1..600 {
        let Ok(Reply::Task(sheet)) = town.office.ask(Request::Task { id: TaskId(number) }) else {
            continue;
        };
        let task = sheet.task;
        let is_own = task.village == Some(village) && task.state == TaskState::Todo;
        meant.extend((is_own && task.from <= month_ends).then_some(task.id));
    }
    let mut listed: Vec<TaskId> = town.form(0).tasks.iter().map(id).collect();
    listed.sort();
    assert_eq!(listed.len(), before.len() - 2, "one is done, and one begins after the month");
    assert!(!listed.contains(&done) && !listed.contains(&put_off));
    assert_eq!(listed, meant);
}

#[test]
fn what_may_be_about_the_village_stays_off_its_form_and_is_counted() {
    let mut town = Town::new();
    let village = town.villages[0];
    town.office.done(Act::EditUnit, Some(village), &[("head", "赵满仓")]);
    let unit = village.to_string();
    town.office.officer("石守义", &[("unit", &unit)]);
    let station = town.office.unit("水务站", "department").to_string();
    let linked = |about: &'static str, station: &str| {
        [("about", about.to_owned()), ("about_unit", station.to_owned())]
    };
    let abouts = ["张家庄 村的干部", "张家庄居民组", "村书记赵满仓", "石守义和水务站", "收费太高"];
    for about in abouts {
        let own = linked(about, &station);
        let own: Vec<(&str, &str)> =
            own.iter().map(|(name, text)| (*name, text.as_str())).collect();
        town.matter(0, ("张小明", about), &own);
    }
    town.matter(0, ("李梅", "占用耕地"), &[("about", "村里的会计")]);
    let id = town.matter(0, ("周强", "水渠漏水"), &[]);
    let form = town.form(0);
    let titles: Vec<&str> = form.matters.iter().map(|own| own.title.as_str()).collect();
    assert_eq!(titles, ["收费太高", "水渠漏水"], "in the order of their numbers");
    assert_eq!(form.n_left_out, 5, "the clerk sees that there are more");

    // What turns out to be about it later is refused in words that say nothing of it.
    town.office.done(Act::EditCase, Some(id), &[("about", "张家庄村委会")]);
    let rows = vec![head(&form, &FOOT), matter(5, &form.matters[1], &[("text", "查无此事")])];
    let view = town.looked(rows, &[]).unwrap();
    assert_eq!(
        became(&view),
        [(Becomes::Refused, Some("broken.row_is_not_for_a_village"))],
        "{:?}",
        view.rows
    );
}

#[test]
fn a_form_that_comes_again_enters_only_what_was_corrected() {
    let mut town = Town::new();
    let titles = ["水渠漏水", "路灯不亮", "噪音扰民", "占道经营", "井盖丢失"];
    let ids = titles.map(|title| town.matter(0, ("张小明", title), &[]));
    let form = town.form(0);
    let own = form.tasks.iter().find(|own| own.code == "2.9").unwrap();
    let rows = |third: &'static str, foot: &[(&str, &str)]| {
        let own_day = [("text", "已联系施工队"), ("on", "2026-10-15")];
        let said = [("text", "已办结")];
        vec![
            head(&form, foot),
            matter(5, &form.matters[0], &own_day),
            matter(6, &form.matters[1], &said),
            matter(7, &form.matters[2], &[("text", third), ("on", "2026-10-14")]),
            matter(8, &form.matters[3], &said),
            matter(9, &form.matters[4], &said),
            fresh(12, "李梅", "村口桥面塌陷"),
            row(
                13,
                &[("kind", "new"), ("name", "匿名"), ("request", "修路"), ("on", "2026-10-09")],
            ),
            task(5, own, &[("document", "张村发3号"), ("on", "2026-10-16")]),
        ]
    };
    let back = [("on", TODAY), ("text", "写得太简单")];
    let steps = |town: &mut Town| ids.map(|id| town.office.case(id).case.steps.len());
    let first = town.looked(rows("已劝导", &FOOT), &[]).unwrap();
    assert_eq!((first.counts.progress, first.counts.fresh, first.counts.tasks), (5, 2, 1));
    town.take(&[]).unwrap();
    assert_eq!(steps(&mut town), [2; 5]);
    let duty = town.duty(0).id.0;
    town.office.done(Act::SendBackDuty, Some(duty), &back);

    // Somebody else reports it, and one row was corrected; rows without a day have none still.
    let foot = [("reporter", "赵满仓"), ("signer", "张村长"), ("on", TODAY)];
    let again = town.looked(rows("已劝导，夜间停工", &foot), &[]).unwrap();
    let counts = again.counts;
    assert_eq!((counts.progress, counts.fresh, counts.tasks, counts.same), (1, 0, 0, 7));
    assert_eq!(again.rows[2].becomes, Becomes::Progress);
    let why = again.rows[0].why.as_ref().map(|(key, _)| key.as_str());
    assert_eq!(why, Some("village.entered"), "the clerk sees why nothing becomes of it");
    town.take(&[]).unwrap();
    assert_eq!(steps(&mut town), [2, 2, 3, 2, 2]);
    let more = (1..=2).map(|more| town.office.ask(Request::Case { id: CaseId(ids[4] + more) }));
    assert!(more.collect::<Vec<_>>().iter().all(Result::is_ok));
    let third = town.office.ask(Request::Case { id: CaseId(ids[4] + 3) });
    assert_eq!(third.unwrap_err().kind, RefusalKind::NotFound, "no more matters");
    assert_eq!(town.duty(0).newest.unwrap().reporter.as_deref(), Some("赵满仓"));

    // Sent back for the signature alone, it is a report though it says nothing new.
    town.office.done(Act::SendBackDuty, Some(duty), &back);
    let signed = town.looked(rows("已劝导，夜间停工", &foot), &[]).unwrap();
    assert_eq!((signed.counts.same, signed.word), (8, Some(ReportWord::Reported)));
    town.take(&[]).unwrap();
    assert_eq!(steps(&mut town), [2, 2, 3, 2, 2]);
    assert_eq!(town.duty(0).state, ReportState::Reported);
    assert!(town.office.is_sound());
}

#[test]
fn what_is_written_on_a_form_is_no_longer_than_what_is_typed_and_hides_nothing() {
    let mut town = Town::new();
    let id = town.matter(0, ("张小明", "水渠漏水"), &[]);
    town.matter(0, ("周强", "路灯不亮"), &[]);
    let form = town.form(0);
    let long = |most: usize| "字".repeat(most + 1);
    let first = form.tasks.iter().position(|own| own.code == "2.9").unwrap();
    let own = &form.tasks[first];
    let foot = [("reporter", "王\u{202e}建国"), ("on", "2026-10-17")];
    let rows = vec![
        head(&form, &foot),
        matter(5, &form.matters[0], &[("text", "渠\u{202e}已修好")]),
        matter(6, &form.matters[1], &[("text", &long(20_000))]),
        fresh(9, "李\u{202e}梅", "修路"),
        task(5, own, &[("document", &long(60)), ("on", "2026-10-16")]),
    ];
    let view = town.looked(rows.clone(), &[]).unwrap();
    let told: Vec<(Becomes, Option<&str>, Option<&str>)> = view
        .rows
        .iter()
        .map(|row| {
            let why = row.why.as_ref().map(|(key, _)| key.as_str());
            (row.becomes, row.column.as_deref(), why)
        })
        .collect();
    let refused = |column, why| (Becomes::Refused, Some(column), Some(why));
    assert_eq!(
        told,
        [
            refused("reporter", "wrong.hidden_characters"),
            (Becomes::Progress, None, None),
            refused("progress", "wrong.too_long"),
            refused("name", "wrong.hidden_characters"),
            refused("document", "wrong.too_long"),
        ]
    );
    assert_eq!(view.reporter, None, "a name that hides something is nobody's");
    for (name, most) in [("place", 200), ("note", 200)] {
        let rows = vec![head(&form, &FOOT), task(5, own, &[(name, &long(most))])];
        let view = town.looked(rows, &[]).unwrap();
        assert_eq!(view.rows[0].column.as_deref(), Some(name));
    }
    town.stage(rows);
    let place = town.take(&[("place", &long(200))]).unwrap_err();
    assert_eq!(place.wrongs[0].field, "report_duty.place");
    assert_eq!(place.wrongs[0].why, "too_long");
    assert_eq!(town.office.case(id).case.steps.len(), 1, "nothing was written");
    town.take(&[("place", " 信访办\u{200b}3盒 ")]).unwrap();
    let newest = town.duty(0).newest.unwrap();
    assert_eq!((newest.reporter, newest.place.as_deref()), (None, Some("信访办3盒")));
    let case = town.office.case(id).case;
    let step = case.steps.values().next_back().unwrap();
    assert_eq!(step.text.as_deref(), Some("渠已修好"));
    assert_eq!(step.told_by.as_deref(), Some("张家庄村 M3 2026-10"));
}

#[test]
fn a_form_is_entered_as_one_change_that_says_who_told_of_it_and_is_taken_back_whole() {
    let mut town = Town::new();
    let id = town.matter(0, ("张小明", "水渠漏水"), &[]);
    town.matter(0, ("周强", "路灯不亮"), &[]);
    let form = town.form(0);
    let first = form.tasks.iter().position(|own| own.code == "2.9").unwrap();
    let rows = vec![
        head(&form, &FOOT),
        matter(5, &form.matters[0], &[("text", "渠已修好"), ("on", "2026-10-15")]),
        matter(6, &form.matters[1], &[]),
        fresh(9, "李梅", "村口桥面塌陷"),
        task(5, &form.tasks[first], &[("document", "张村发3号"), ("on", "2026-10-16")]),
    ];
    let before = town.records();
    let view = town.looked(rows, &[]).unwrap();
    let counts = view.counts;
    assert_eq!((counts.progress, counts.fresh, counts.tasks, counts.same), (1, 1, 1, 1));
    assert_eq!((view.word, view.why_not.clone()), (Some(ReportWord::Reported), None));
    assert_eq!(town.records(), before, "looking writes nothing");

    let done = town.take(&[("place", "信访办3盒")]).unwrap();
    assert_eq!(done.record, Some(town.duty(0).id.into()));
    let case = town.office.case(id).case;
    let step = case.steps.values().next_back().unwrap();
    assert_eq!((step.text.as_deref(), step.on), (Some("渠已修好"), "2026-10-15".parse().unwrap()));
    assert_eq!(step.told_by.as_deref(), Some("张家庄村 王建国 M3 2026-10"));
    assert!(step.by.is_some(), "and who entered it");
    let made = town.office.case(id + 2);
    assert_eq!(
        (made.case.title.as_str(), made.receipts[0].from_body.as_deref()),
        ("村口桥面塌陷", Some("张家庄村"))
    );
    assert_eq!(made.receipts[0].letter.as_deref(), Some("M3 2026-10"));
    assert!(made.case.steps[&1].told_by.is_some());
    let own = form.tasks[first].row.trim_start_matches('T').split('-').next().unwrap();
    let own = TaskId(own.parse().unwrap());
    let finished = town.task(own);
    assert_eq!(finished.state, TaskState::Done);
    assert_eq!(finished.turns[&1].reporter.as_deref(), Some("王建国"));
    assert_eq!(finished.evidence[&1].document.as_deref(), Some("张村发3号"));
    let newest = town.duty(0).newest.unwrap();
    assert_eq!(newest.on, "2026-10-17".parse().unwrap());
    assert_eq!(
        (newest.reporter.as_deref(), newest.signer.as_deref()),
        (Some("王建国"), Some("张村长"))
    );
    assert_eq!((newest.manner, newest.by.as_deref()), (Some(ReportManner::Message), Some("李娟")));
    assert_eq!(
        (newest.document, newest.place),
        (Some(form.form.clone()), Some("信访办3盒".to_owned()))
    );
    assert!(town.office.is_sound());

    town.office.done(Act::Undo, None, &[]);
    assert_eq!(town.duty(0).state, ReportState::Owed);
    assert_eq!(town.office.case(id).case.steps.len(), 1);
    assert_eq!(town.task(own).state, TaskState::Todo);
    let gone = town.office.ask(Request::Case { id: CaseId(id + 2) });
    assert_eq!(gone.unwrap_err().kind, RefusalKind::NotFound);
    assert!(town.office.is_sound());
}

#[test]
fn a_form_that_comes_back_as_it_went_out_does_nothing_and_a_zero_report_is_one() {
    let mut town = Town::new();
    town.matter(0, ("张小明", "水渠漏水"), &[]);
    let form = town.form(0);
    let sent = |more: &[(&str, &str)]| {
        let tasks = form.tasks.iter().map(|own| task(5, own, &[]));
        let matters = form.matters.iter().map(|own| matter(5, own, &[]));
        std::iter::once(head(&form, more)).chain(matters).chain(tasks).collect::<Vec<_>>()
    };
    let view = town.looked(sent(&[]), &[]).unwrap();
    assert_eq!(view.why_not.unwrap().0, "broken.return_is_empty");
    assert!(view.rows.iter().all(|row| row.becomes == Becomes::Same));
    let before = town.records();
    assert_eq!(town.take(&[]).unwrap_err().key, "broken.return_is_empty");
    assert_eq!(town.records(), before);
    let view = town.looked(sent(&[("zero", "yes"), ("reporter", "王建国")]), &[]).unwrap();
    assert_eq!((view.word, view.why_not), (Some(ReportWord::Zero), None));
    town.take(&[]).unwrap();
    assert_eq!(town.duty(0).state, ReportState::Zero);
    // Zero is no report of what was filled in.
    let form = town.form(1);
    let rows = vec![head(&form, &[("zero", "yes")]), fresh(9, "李梅", "桥面塌陷")];
    let view = town.looked(rows, &[]).unwrap();
    assert_eq!(view.word, Some(ReportWord::Reported));
}

#[test]
fn rows_that_are_not_of_the_form_are_refused_one_by_one_and_the_rest_goes() {
    let mut town = Town::new();
    for request in ["水渠漏水", "路灯不亮", "噪音扰民", "占道经营"] {
        town.matter(0, ("张小明", request), &[]);
    }
    town.matter(1, ("李梅", "桥面塌陷"), &[]);
    let (form, other) = (town.form(0), town.form(1));
    let own = |at: usize| &form.matters[at];
    let said = [("text", "已办")];
    let renamed = FormMatter { title: "路灯全修好了".to_owned(), ..own(1).clone() };
    let ended: u64 = own(2).row.trim_start_matches('C').split('-').next().unwrap().parse().unwrap();
    let stop =
        [("ground", "withdrawn"), ("on", TODAY), ("text", "信访人撤回"), ("document", "撤回书1号")];
    town.office.done(Act::Stop, Some(ended), &stop);
    let moved: u64 = own(3).row.trim_start_matches('C').split('-').next().unwrap().parse().unwrap();
    let village = town.villages[2].to_string();
    town.office.done(Act::EditCase, Some(moved), &[("village", &village)]);
    let mut unreadable = fresh(14, "王丽", "修路");
    unreadable.problems = vec![("phone".to_owned(), "bad_phone".to_owned())];
    let rows = vec![
        head(&form, &FOOT),
        matter(5, own(0), &said),
        matter(6, own(0), &said),
        matter(7, &renamed, &said),
        matter(8, own(2), &said),
        matter(9, own(3), &said),
        matter(10, &other.matters[0], &said),
        row(11, &[("kind", "matter"), ("title", "新写的一行"), ("text", "已办")]),
        row(12, &[("kind", "matter"), ("row", "C99999-0000"), ("text", "已办")]),
        fresh(13, "", "没写姓名"),
        unreadable,
        task(
            5,
            &form.tasks.iter().find(|own| own.code == "2.1").unwrap().clone(),
            &[("on", "2026-10-16")],
        ),
        task(6, &other.tasks[0], &[("note", "完成")]),
    ];
    let view = town.looked(rows, &[]).unwrap();
    let refused = |key: &'static str| (Becomes::Refused, Some(key));
    assert_eq!(
        became(&view),
        [
            (Becomes::Progress, None),
            refused("broken.row_stands_twice"),
            refused("broken.row_was_changed"),
            refused("broken.matter_has_ended"),
            refused("broken.row_is_of_another_village"),
            refused("broken.row_was_changed"),
            refused("broken.row_has_no_id"),
            refused("broken.row_was_changed"),
            refused("wrong.empty"),
            refused("wrong.bad_phone"),
            refused("broken.task_needs_another"),
            refused("broken.row_was_changed"),
        ]
    );
    assert_eq!(view.rows[8].column.as_deref(), Some("name"));
    assert_eq!(view.rows[9].column.as_deref(), Some("phone"));
    town.take(&[]).unwrap();
    assert_eq!(town.duty(0).state, ReportState::Reported);
    let steps = |town: &mut Town, id| town.office.case(id).case.steps.len();
    assert_eq!(steps(&mut town, moved), 1, "what went to another village stays as it is");
    assert!(town.office.is_sound());
}

#[test]
fn what_the_clerk_leaves_out_stays_out_and_what_waits_for_it_too() {
    let mut town = Town::new();
    town.matter(0, ("张小明", "水渠漏水"), &[]);
    let form = town.form(0);
    let rows = || {
        vec![
            head(&form, &FOOT),
            matter(5, &form.matters[0], &[("text", "渠已修好")]),
            fresh(9, "李梅", "桥面塌陷"),
        ]
    };
    let view = town.looked(rows(), &[1]).unwrap();
    assert_eq!((view.counts.left_out, view.counts.fresh, view.counts.progress), (1, 1, 0));
    let none = town.looked(rows(), &[1, 2]).unwrap();
    assert_eq!(none.why_not.unwrap().0, "broken.return_has_nothing_left");
    town.take(&[("without", "1")]).unwrap();
    let id = form.matters[0].row.trim_start_matches('C').split('-').next().unwrap();
    assert_eq!(town.office.case(id.parse().unwrap()).case.steps.len(), 1);
}

#[test]
fn a_new_request_stands_beside_what_it_may_be_a_part_of() {
    let mut town = Town::new();
    town.matter(0, ("张小明", "村西水渠漏水淹了麦田，要求修好"), &[]);
    let form = town.form(0);
    let rows = vec![head(&form, &FOOT), fresh(9, "张小明", "村西水渠漏水淹了麦田")];
    let view = loop {
        let view = town.looked(rows.clone(), &[]).unwrap();
        // The index is made on a thread of its own.
        if !view.rows[0].like.is_empty() {
            break view;
        }
        std::thread::yield_now();
    };
    assert_eq!(view.rows[0].becomes, Becomes::Fresh, "the clerk decides");
    assert_eq!(view.rows[0].like[0].number, form.matters[0].number);
}

#[test]
fn a_form_of_elsewhere_or_of_a_period_that_is_reported_is_refused_as_a_whole() {
    let mut town = Town::new();
    town.matter(0, ("张小明", "水渠漏水"), &[]);
    let form = town.form(0);
    let with = |id: &str| {
        let form = FormView { form: id.to_owned(), ..form.clone() };
        vec![head(&form, &FOOT), fresh(9, "李梅", "桥面塌陷")]
    };
    let key = |town: &mut Town, rows| town.looked(rows, &[]).unwrap_err().key;
    let changed = form.form.replace("2026-10", "2026-09");
    assert_eq!(key(&mut town, with(&changed)), "broken.return_was_changed");
    assert_eq!(key(&mut town, with("")), "broken.return_is_no_form");
    let id = anjie::domain::village_form::FormId::parse(&form.form).unwrap();
    let elsewhere = anjie::domain::village_form::FormId { town: "白信".to_owned(), ..id.clone() };
    assert_eq!(key(&mut town, with(&elsewhere.print())), "broken.return_is_of_another_town");
    let nobody = anjie::domain::village_form::FormId { duty: DutyId(99_999), ..id.clone() };
    assert_eq!(key(&mut town, with(&nobody.print())), "broken.return_is_of_no_duty");
    let early = anjie::domain::village_form::FormId { period: "2026-09".to_owned(), ..id.clone() };
    assert_eq!(key(&mut town, with(&early.print())), "broken.no_such_period");
    let ahead = anjie::domain::village_form::FormId { period: "2026-11".to_owned(), ..id };
    let view = town.looked(with(&ahead.print()), &[]).unwrap();
    assert_eq!(view.why_not.unwrap().0, "broken.period_has_not_begun");

    assert_eq!(town.looked(with(&form.form), &[]).unwrap().why_not, None);
    town.take(&[]).unwrap();
    assert_eq!(key(&mut town, with(&form.form)), "broken.return_is_reported");
    assert_eq!(town.take(&[]).unwrap_err().key, "broken.return_is_reported");
    let duty = town.duty(0).id.0;
    town.office.done(Act::SendBackDuty, Some(duty), &[("on", TODAY), ("text", "写得太简单")]);
    let again = town.looked(with(&form.form), &[]).unwrap();
    assert_eq!((again.why_not, again.on.to_string().as_str()), (None, TODAY), "it comes again");
}

#[test]
fn a_whole_form_is_one_change_of_the_journal_by_one_act() {
    let mut town = Town::new();
    let form = town.form(0);
    let rows = vec![head(&form, &FOOT), fresh(9, "李梅", "桥面塌陷"), fresh(10, "王丽", "修路")];
    town.looked(rows, &[]).unwrap();
    town.take(&[]).unwrap();
    let query = JournalQuery { most: 20, ..JournalQuery::default() };
    let Ok(Reply::Journal(page)) = town.office.ask(Request::Journal(query)) else { panic!() };
    let newest = page.rows.iter().map(|row| row.revision).max().unwrap();
    let (own, before): (Vec<_>, Vec<_>) = page.rows.iter().partition(|row| row.revision == newest);
    let mut kinds: Vec<Kind> = own.iter().map(|row| row.record.unwrap().kind).collect();
    kinds.sort();
    let mut meant = [Kind::Person, Kind::Receipt, Kind::Case].repeat(2);
    meant.push(Kind::Duty);
    meant.sort();
    assert_eq!(kinds, meant, "two requests and the report, and nothing besides");
    assert!(own.iter().all(|row| row.act == "duty.take" && row.of.is_none()));
    assert!(before.iter().all(|row| row.act != "duty.take"));
}

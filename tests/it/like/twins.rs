//! What is there twice, as after an old ledger was brought in: the clerk decides about each group.

use anjie::api::like::{APART, Among, Reason, TwinQuery, TwinView};
use anjie::api::own::Keep;
use anjie::api::reply::Reply;
use anjie::api::request::Request;
use anjie::domain::act::Act;

use super::{ROAD, registered};
use crate::desk::Office;
use crate::seal::{account, accusation};

const OTHER: &str = "低保金三个月没有发放到位，家里两个老人都要看病，请民政办查一查。";

impl Office {
    fn twins(&mut self, among: Among) -> TwinView {
        let query = TwinQuery { among, from: 0 };
        match self.ask(Request::Twins(query)).unwrap() {
            Reply::Twins(view) => *view,
            other => panic!("{other:?}"),
        }
    }

    /// The numbers of the matters by group.
    fn matters(&mut self) -> Vec<Vec<u64>> {
        let groups = self.twins(Among::Matters).groups.into_iter();
        groups.map(|group| group.cases.iter().map(|case| case.id.0).collect()).collect()
    }
}

#[test]
fn matters_that_say_the_same_stand_in_one_group_until_they_are_joined() {
    let mut office = Office::on("2026-08-31");
    let zhang = office.unit("张家庄村", "village");
    let first = registered(&mut office, ("张守田", "13800001234"), zhang, ROAD);
    let other = registered(&mut office, ("李二", ""), zhang, OTHER);
    let again = registered(&mut office, ("张守地", ""), zhang, &ROAD.replace('，', "\n"));
    let longer = format!("尊敬的书记：{ROAD}此致敬礼");
    let longer = registered(&mut office, ("王五", ""), zhang, &longer);
    assert_eq!(office.matters(), [vec![first, again, longer]]);
    let view = office.twins(Among::Matters);
    assert_eq!((view.n_groups, view.n_records, view.more), (1, 3, false));
    let Reason::Text { percent } = view.groups[0].cases[0].reasons[0] else { panic!("{view:?}") };
    assert!((80..100).contains(&percent), "the least like of them: {percent}");

    let number = office.case(first).case.number;
    let join = |text| [("into", number.as_str()), ("on", "2026-08-31"), ("text", text)];
    office.done(Act::MergeInto, Some(longer), &join("同一封信"));
    assert_eq!(office.matters(), [vec![first, again]], "what was joined is there once");
    office.done(Act::MergeInto, Some(again), &join("诉求相同"));
    assert!(office.matters().is_empty());
    office.done(Act::Undo, None, &[]);
    assert_eq!(office.matters(), [vec![first, again]]);
    assert!(office.case(other).stage.is_open());
}

#[test]
fn what_repeats_a_matter_that_has_ended_is_not_there_twice() {
    let mut office = Office::on("2026-08-31");
    let zhang = office.unit("张家庄村", "village");
    let first = registered(&mut office, ("张守田", ""), zhang, ROAD);
    let stop =
        [("ground", "withdrawn"), ("on", "2026-08-20"), ("text", "本人撤回"), ("document", "1号")];
    office.done(Act::Stop, Some(first), &stop);
    let number = office.case(first).case.number;
    let fields = [
        ("name", "张守田"),
        ("request", ROAD),
        ("repeats", number.as_str()),
        ("received_on", "2026-08-31"),
        ("people", "1"),
        ("at_once", "registered"),
        ("channel", "visit"),
        ("source", "direct"),
    ];
    let again = office.done(Act::Register, None, &fields).record.unwrap().id;
    assert!(office.matters().is_empty());
    let third = registered(&mut office, ("赵六", ""), zhang, ROAD);
    assert_eq!(office.matters(), [vec![first, again, third]], "another one makes a group of all");
}

#[test]
fn a_group_that_is_none_comes_back_only_with_another_record_in_it() {
    let mut office = Office::on("2026-08-31");
    let zhang = office.unit("张家庄村", "village");
    registered(&mut office, ("张守田", ""), zhang, ROAD);
    registered(&mut office, ("李二", ""), zhang, ROAD);
    let key = office.twins(Among::Matters).groups[0].key.clone();
    let keep = Keep::Setting { name: APART.to_owned(), value: Some(key.clone()) };
    office.ask(Request::Keep(keep)).unwrap();
    let view = office.twins(Among::Matters);
    assert_eq!((view.n_groups, view.n_apart, view.apart), (0, 1, vec![key]));
    let mut other = account(&mut office, (1001, "chen"), &[("roles", "clerk")]);
    let query = TwinQuery { among: Among::Matters, from: 0 };
    let Ok(Reply::Twins(theirs)) = anjie::api::door::Door::call(&mut other, Request::Twins(query))
    else {
        panic!("no twins")
    };
    assert_eq!(theirs.n_groups, 1, "each decides for themselves");
    registered(&mut office, ("王五", ""), zhang, ROAD);
    assert_eq!(office.twins(Among::Matters).groups[0].n_records, 3);
}

#[test]
fn persons_who_may_be_one_are_named_with_the_reasons_until_they_are_merged() {
    let mut office = Office::on("2026-08-31");
    let (zhang, shi) = (office.unit("张家庄村", "village"), office.unit("石桥村", "village"));
    let mut person = |who, village, text| {
        let id = registered(&mut office, who, village, text);
        *office.case(id).case.persons.keys().next().unwrap()
    };
    let first = person(("张守田", "13800001234"), zhang, ROAD);
    let namesake = person(("张守田", ""), zhang, OTHER);
    let elsewhere = person(("张守田", ""), shi, "路灯不亮");
    let phone = person(("张守天", "138-0000-1234"), shi, "水渠漏水");
    let view = office.twins(Among::Persons);
    assert_eq!(view.groups.len(), 1);
    let told: Vec<_> =
        view.groups[0].persons.iter().map(|own| (own.id, own.reasons.clone())).collect();
    let meant = [
        (first, vec![Reason::Phone, Reason::NameAndVillage]),
        (namesake, vec![Reason::NameAndVillage]),
        (phone, vec![Reason::Phone]),
    ];
    assert_eq!(told, meant, "a name alone says nothing: {elsewhere:?}");
    assert_eq!(view.groups[0].persons[0].phone.as_deref(), Some("138****1234"), "masked");
    let other = namesake.0.to_string();
    office.done(Act::MergePersons, Some(first.0), &[("other", &other)]);
    let ids = |view: &TwinView| view.groups[0].persons.iter().map(|own| own.id).collect::<Vec<_>>();
    assert_eq!(ids(&office.twins(Among::Persons)), [first, phone]);
}

#[test]
fn a_number_that_many_have_is_that_of_an_office() {
    let mut office = Office::on("2026-08-31");
    let zhang = office.unit("张家庄村", "village");
    for name in ["甲一", "乙二", "丙三", "丁四", "戊五", "己六", "庚七", "辛八", "壬九"]
    {
        registered(&mut office, (name, "05321234567"), zhang, "路灯不亮");
    }
    assert_eq!(office.twins(Among::Persons).n_groups, 0);
}

#[test]
fn a_sealed_matter_is_twin_to_nothing_and_a_meeting_compares_nothing() {
    let mut office = Office::on("2026-08-31");
    let zhang = office.unit("张家庄村", "village");
    let reader = office.officer("陈志远", &[]).to_string();
    let roles = [("roles", "director"), ("officer", reader.as_str())];
    let mut reads = account(&mut office, (1001, "chen"), &roles);
    let mut form = accusation(&[("readers", &reader)]);
    form.retain(|(name, _)| !["about", "request"].contains(name));
    form.extend([("about", "李娟"), ("request", ROAD)]);
    office.done(Act::Register, None, &form);
    let own = registered(&mut office, ("张守田", ""), zhang, ROAD);
    assert!(office.matters().is_empty());
    assert_eq!(office.twins(Among::Persons).n_groups, 0);
    let query = Request::Twins(TwinQuery { among: Among::Matters, from: 0 });
    let Ok(Reply::Twins(theirs)) = anjie::api::door::Door::call(&mut reads, query.clone()) else {
        panic!("no twins")
    };
    assert_eq!(theirs.groups[0].cases.len(), 2, "its readers see that it is there twice: {own}");
    assert!(office.ask(Request::Masked(Box::new(query))).is_err());
}

#[test]
fn of_a_letter_that_was_handed_round_the_pending_ones_are_told_first() {
    let mut office = Office::on("2026-08-31");
    let zhang = office.unit("张家庄村", "village");
    let ids: Vec<u64> =
        (0..26).map(|at| registered(&mut office, (&format!("张{at}"), ""), zhang, ROAD)).collect();
    let stop =
        [("ground", "withdrawn"), ("on", "2026-08-20"), ("text", "本人撤回"), ("document", "1号")];
    for id in &ids[..24] {
        office.done(Act::Stop, Some(*id), &stop);
    }
    let group = office.twins(Among::Matters).groups.remove(0);
    assert_eq!((group.n_records, group.cases.len()), (26, 20));
    let told: Vec<u64> = group.cases.iter().map(|case| case.id.0).collect();
    assert!(told.ends_with(&ids[24..]), "what can be joined is among them: {told:?}");
}

#[test]
fn a_trial_promises_no_group_that_the_list_does_not_have() {
    let mut office = Office::on("2026-08-31");
    let zhang = office.unit("张家庄村", "village");
    registered(&mut office, ("张三", ""), zhang, "修路");
    registered(&mut office, ("张三", ""), zhang, "修路");
    registered(&mut office, ("李四", ""), zhang, "修路");
    assert_eq!(office.twins(Among::Matters).groups[0].n_records, 2, "whose it is makes it one");
    let row = |number: u32, name: &str| {
        let mut row = crate::import::message(number, "", "修路");
        row.values.retain(|(field, _)| field != "petitioner.code");
        row.values.push(("petitioner.name".to_owned(), name.to_owned()));
        row
    };
    crate::import::stage(&mut office, vec![row(1, "张三"), row(2, "王五")]);
    let terms = anjie::api::incoming::ImportTerms::cases(
        "0123456789abcdef",
        anjie::api::incoming::Book::History,
    );
    let Ok(Reply::Import(view)) = office.ask(Request::TryImport(terms)) else { panic!() };
    assert_eq!((view.alike.groups, view.alike.rows), (1, 1));
    crate::import::take_in(&mut office, "history").unwrap();
    assert_eq!(office.twins(Among::Matters).groups[0].n_records, 3);
}

#[test]
fn pages_hold_so_many_records_and_together_all_groups() {
    let mut office = Office::on("2026-08-31");
    let zhang = office.unit("张家庄村", "village");
    let first: Vec<char> = ROAD.chars().collect();
    for group in 0..14 {
        // Another text for each group: the same characters in another order.
        let text: String =
            (0..first.len()).map(|at| first[at * (group * 2 + 3) % first.len()]).collect();
        for at in 0..17 {
            registered(&mut office, (&format!("张{group}甲{at}"), ""), zhang, &text);
        }
    }
    let page = |office: &mut Office, from| {
        let query = TwinQuery { among: Among::Matters, from };
        match office.ask(Request::Twins(query)).unwrap() {
            Reply::Twins(view) => *view,
            other => panic!("{other:?}"),
        }
    };
    let one = page(&mut office, 0);
    assert!(one.more && one.groups.len() < 14, "{}", one.groups.len());
    let two = page(&mut office, one.groups.len() as u64);
    assert!(!two.more);
    assert_eq!(one.groups.len() + two.groups.len(), usize::try_from(one.n_groups).unwrap());
    assert!(one.groups.iter().all(|group| two.groups.iter().all(|own| own.key != group.key)));
}

//! The command table: keys that do not collide, texts that exist, reasons that are said.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use crate::api::reply::Me;
use crate::domain::act::{Act, Nature};
use crate::domain::case::Stage;
use crate::domain::choice::Role;
use crate::domain::form::Fields;
use crate::domain::ids::{CaseId, ClerkId, Kind, ReceiptId, RequestId, Revision, Version};
use crate::domain::schema;
use crate::locale::{self, Lang};
use crate::tui::command::menu::menu;
use crate::tui::command::page::keys_page;
use crate::tui::command::{COMMANDS, Command, Does, On, Takes, find, of_key};
use crate::tui::key::{Key, NEVER_BOUND};
use crate::tui::screen::{Nav, Selection};

fn me(denied: Vec<Act>) -> Me {
    Me {
        clerk: ClerkId(1),
        login: "lijuan".to_owned(),
        officer: None,
        roles: vec![Role::Clerk],
        town: "青石镇".to_owned(),
        code: "青信".to_owned(),
        today: NaiveDate::from_ymd_opt(2026, 10, 20).unwrap(),
        rest_day: false,
        trial: true,
        soon_workdays: 3,
        stands_in: Vec::new(),
        group_people: 5,
        idle_minutes: 0,
        late_backup: None,
        masked: false,
        denied,
        revision: Some(Revision(1)),
    }
}

fn a_case() -> Selection {
    Selection { record: Some(CaseId(7).into()), version: Some(Version(3)), ..Selection::default() }
}

fn a_receipt_of_it() -> Selection {
    Selection {
        record: Some(ReceiptId(9).into()),
        version: Some(Version(2)),
        around: Some((CaseId(7).into(), Version(3))),
        ..Selection::default()
    }
}

fn word(command: Option<&Command>) -> &str {
    command.map_or("", |command| command.word)
}

#[test]
fn no_two_commands_have_one_name() {
    let mut words: Vec<&str> = COMMANDS.iter().map(|command| command.word).collect();
    words.sort_unstable();
    let twice: Vec<_> = words.windows(2).filter(|pair| pair[0] == pair[1]).collect();
    assert!(twice.is_empty(), "a label would be shown for two things: {twice:?}");
}

#[test]
fn no_two_commands_want_one_key_on_the_same_thing() {
    let mut owners: BTreeMap<(String, String), &str> = BTreeMap::new();
    for command in COMMANDS {
        for key in command.keys {
            let same_kind = (key.to_string(), format!("{:?}", command.on));
            assert_eq!(owners.insert(same_kind, command.word), None, "{key} {}", command.word);
            let shared: Vec<&Command> =
                COMMANDS.iter().filter(|other| other.keys.contains(key)).collect();
            let n_others = shared.iter().filter(|other| !matches!(other.on, On::One(_))).count();
            assert!(shared.len() == 1 || n_others <= 1, "{key}");
        }
    }
}

#[test]
fn a_terminals_own_keys_are_never_bound() {
    for key in COMMANDS.iter().flat_map(|command| command.keys) {
        assert!(!NEVER_BOUND.contains(key), "{key}");
        assert_eq!(key.fold(), *key, "{key} is what a folded key is compared with");
    }
}

#[test]
fn with_an_input_method_on_the_ways_to_all_other_commands_stay_open() {
    for word in ["palette", "actions", "find", "help", "register", "record", "close", "open"] {
        let keys = find(word).unwrap().keys;
        let is_letter = |key: &Key| matches!(key, Key::Char(char) if char.is_ascii_alphabetic());
        assert!(keys.iter().any(|key| !is_letter(key)), "{word}");
    }
}

#[test]
fn every_command_has_its_texts_in_both_languages() {
    for command in COMMANDS {
        for lang in [Lang::Zh, Lang::En] {
            assert!(locale::find(lang, &command.label()).is_some(), "{}", command.word);
            let help = format!("{}.help", command.label());
            assert!(locale::find(lang, &help).is_some(), "{help}");
        }
        if let On::One(kind) = command.on {
            let needs = format!("cmd.needs.{}", kind.key());
            assert!(locale::find(Lang::Zh, &needs).is_some(), "{needs}");
        }
    }
    assert!(locale::find(Lang::En, "cmd.needs.any").is_some());
}

#[test]
fn a_change_names_an_act_that_changes_and_a_field_of_its_form() {
    for command in COMMANDS {
        let Does::Change(takes) = command.does else {
            continue;
        };
        let act = command.act.expect("a change has an act");
        // An export changes nothing but the access log, and asks for as much.
        assert!(act.nature() == Nature::Change || matches!(act, Act::Export | Act::Dossier));
        let form = schema::form(act);
        // A yes is enough where the form is empty or what is selected fills it.
        let needs_none = matches!(takes, Takes::Nothing | Takes::Sure | Takes::Look);
        assert!(!form.is_empty() || needs_none, "{}", command.word);
        assert!(form.is_empty() || takes != Takes::Nothing, "{}", command.word);
        if let Takes::Officer(name) | Takes::Unit(name) | Takes::Person(name) = takes {
            assert!(form.iter().any(|field| field.name() == name), "{name}");
        }
    }
}

#[test]
fn what_a_menu_offers_is_in_the_table() {
    for command in COMMANDS {
        if let Does::Offer(words) = command.does {
            assert!(words.iter().all(|word| find(word).is_some()));
        }
    }
}

#[test]
fn e_edits_what_is_selected() {
    let e = Key::Char('e');
    assert_eq!(word(of_key(e, &a_case())), "edit_case");
    assert_eq!(word(of_key(e, &a_receipt_of_it())), "edit_receipt");
    assert_eq!(word(of_key(e, &Selection::default())), "edit_case");
    assert_eq!(of_key(Key::Char('~'), &a_case()), None);
}

#[test]
fn a_step_is_recorded_on_the_case_around_a_receipt() {
    let fields = Fields::from([("text".to_owned(), "已电话联系".to_owned())]);
    let order = find("record")
        .unwrap()
        .order(RequestId(5), &a_receipt_of_it(), fields.clone())
        .expect("a case is there");
    assert_eq!((order.act, order.on, order.seen), (Act::Record, Some(7), Some(Version(3))));
    assert_eq!(order.fields, fields);
    let nothing = Selection::default();
    assert_eq!(find("record").unwrap().order(RequestId(5), &nothing, Fields::new()), None);
    assert_eq!(find("find").unwrap().order(RequestId(5), &a_case(), Fields::new()), None);
}

#[test]
fn the_menu_of_a_receipt_goes_on_with_the_case_around_it() {
    let words = words(&menu(&a_receipt_of_it(), &me(vec![])).own);
    assert_eq!(words.first(), Some(&"edit_receipt"));
    assert!(words.contains(&"intake_menu") && words.contains(&"close_menu"));
}

#[test]
fn a_menu_with_nothing_selected_is_what_can_be_done_anywhere() {
    let menu = menu(&Selection::default(), &me(vec![]));
    let own = words(&menu.own);
    assert!(own.starts_with(&["help", "find"]), "{own:?}");
    assert!(!own.contains(&"intake_menu") && !own.contains(&"up"));
    assert!(own.len() <= 7, "one page with the two rows that unfold: {own:?}");
    let rest = words(&menu.rest);
    assert!(rest.contains(&"register") && rest.contains(&"quit"), "{menu:?}");
    assert!(words(&menu.not_now).contains(&"reveal"), "{menu:?}");
}

/// The names of commands.
fn words(commands: &[&'static Command]) -> Vec<&'static str> {
    commands.iter().map(|command| command.word).collect()
}

#[test]
fn the_first_page_of_a_menu_holds_what_a_case_of_that_stage_needs_and_how_the_list_is_put() {
    let navs: &[Nav] = &[Nav::Sort, Nav::Stage, Nav::Columns, Nav::Clear, Nav::Filter];
    let of_list = Selection { stage: Some(Stage::Handling), navs: Some(navs), ..a_case() };
    let page: Vec<&str> = words(&menu(&of_list, &me(vec![])).own).into_iter().take(9).collect();
    let usual = ["record", "work_menu", "reply_menu", "assign", "term_menu"];
    assert_eq!(page, [&usual[..], &["narrow", "sort", "columns", "clear"]].concat());
    let ahead = vec![Act::Reply, Act::Deliver];
    let why = Some("broken.already_accepted".to_owned());
    let permits = vec![(Act::Reply, None), (Act::Deliver, why.clone()), (Act::ProposeEntry, why)];
    let of_sheet = Selection { stage: Some(Stage::Handling), ahead, permits, ..a_case() };
    let menu = menu(&of_sheet, &me(vec![]));
    let own = words(&menu.own);
    assert_eq!(own.first(), Some(&"reply"), "{own:?}");
    assert!(!own.contains(&"deliver") && !own.contains(&"propose"), "not possible now: {own:?}");
    assert!(own.len() <= 18, "two pages are turned, and no more: {own:?}");
    assert!(words(&menu.not_now).contains(&"propose"), "it says why not: {menu:?}");
    assert!(words(&menu.rest).contains(&"quit"), "{menu:?}");
}

#[test]
fn what_is_done_with_all_that_is_marked_leads_the_menu() {
    let navs: &[Nav] = &[Nav::Mark, Nav::Tick, Nav::Sort, Nav::Clear];
    let given = vec![("cases".to_owned(), "3 5".to_owned())];
    let labels: &[(Nav, &str)] = &[(Nav::Tick, "cmd.tick.many")];
    let marked =
        Selection { navs: Some(navs), given, n_marked: 2, labels, goes_out: true, ..a_case() };
    let own = menu(&marked, &me(vec![])).own;
    assert_eq!(words(&own)[..4], ["tick_marked", "export", "table_many", "dossier"]);
    assert_eq!(own[0].label_on(&marked), "cmd.tick.many");
    assert!(!words(&own).contains(&"papers"), "a paper is of one matter: {own:?}");
}

#[test]
fn a_part_of_the_procedure_of_which_nothing_is_possible_says_so() {
    let part = find("review_menu").unwrap();
    let Does::Offer(words) = part.does else { panic!("it offers nothing") };
    let acts = words.iter().filter_map(|word| find(word)?.act);
    let why = |number: usize| Some(format!("broken.reason_{number}"));
    let permits: Vec<_> = acts.enumerate().map(|(at, act)| (act, why(at))).collect();
    let mut case = Selection { permits, ..a_case() };
    assert_eq!(part.is_possible(&me(vec![]), &case), Err("cmd.none_now".to_owned()));
    case.permits.iter_mut().for_each(|(_, said)| *said = why(1));
    assert_eq!(part.is_possible(&me(vec![]), &case), Err("broken.reason_1".to_owned()));
    case.permits.pop();
    assert_eq!(part.is_possible(&me(vec![]), &case), Ok(()));
}

#[test]
fn a_command_that_is_not_possible_says_why() {
    let accept = find("accept").unwrap();
    let mut case = a_case();
    assert_eq!(accept.is_possible(&me(vec![]), &case), Ok(()));
    let nothing = Selection::default();
    assert_eq!(accept.is_possible(&me(vec![]), &nothing), Err("cmd.needs.case".to_owned()));
    case.permits = vec![(Act::Accept, Some("broken.already_accepted".to_owned()))];
    let why = Err("broken.already_accepted".to_owned());
    assert_eq!(accept.is_possible(&me(vec![]), &case), why);
    let denied = me(vec![Act::Accept]);
    assert_eq!(accept.is_possible(&denied, &case), Err("refusal.denied".to_owned()));
}

#[test]
fn the_page_of_keys_has_a_row_for_every_command_in_both_languages() {
    let page = keys_page();
    let rows = page.lines().filter(|line| line.starts_with("| ")).count();
    assert_eq!(rows, 2 * (COMMANDS.len() + 1));
    assert!(page.contains("| `F6 n` | 新登记 |"));
    assert!(page.contains("| in the menu of actions | Accept |"));
    assert!(page.contains("`Alt+1..Alt+9`"));
    assert_eq!(Kind::Case.key(), "case");
}

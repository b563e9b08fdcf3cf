//! Every word that the tables and rules of the ledger imply stands in the catalogue, in both
//! languages, with the same values to fill in.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on must stop")]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use anjie::domain::act::Act;
use anjie::domain::case::Stage;
use anjie::domain::choice::{
    AtOnce, Channel, Choice, ClaimResult, ContactManner, EndReason, IndicatorKey, Level, Manner,
    Period, Position, Purpose, ReportManner, ReportState, ReportWord, Role, RosterGround, Route,
    Sex, Source, TaskState, Tie, UnitKind, Weight, Work,
};
use anjie::domain::cut::{Dimension, Measure, Whole};
use anjie::domain::ids::Kind;
use anjie::domain::paper::Paper;
use anjie::domain::placeholder::PLACEHOLDERS;
use anjie::domain::report::ReportKind;
use anjie::domain::schema;
use anjie::domain::standing::Standing;
use anjie::domain::step::Deed;
use anjie::domain::{closing, procedure, rulebook, step_choice};
use anjie::law::rule::Law;
use anjie::locale::{self, Lang};
use unicode_width::UnicodeWidthStr;

const LANGS: [Lang; 2] = [Lang::Zh, Lang::En];
const CHOICES: [Choice; 43] = [
    AtOnce::CHOICE,
    Channel::CHOICE,
    ClaimResult::CHOICE,
    ContactManner::CHOICE,
    EndReason::CHOICE,
    RosterGround::CHOICE,
    Level::CHOICE,
    Manner::CHOICE,
    Paper::CHOICE,
    Position::CHOICE,
    Purpose::CHOICE,
    Role::CHOICE,
    Route::CHOICE,
    Sex::CHOICE,
    Source::CHOICE,
    TaskState::CHOICE,
    Period::CHOICE,
    ReportState::CHOICE,
    ReportWord::CHOICE,
    ReportManner::CHOICE,
    ReportKind::CHOICE,
    Dimension::CHOICE,
    Measure::CHOICE,
    Whole::CHOICE,
    IndicatorKey::CHOICE,
    Tie::CHOICE,
    UnitKind::CHOICE,
    Weight::CHOICE,
    Work::CHOICE,
    step_choice::DeclineGround::CHOICE,
    step_choice::Declining::CHOICE,
    step_choice::Interest::CHOICE,
    step_choice::MediationEnd::CHOICE,
    step_choice::ObjectionAnswer::CHOICE,
    step_choice::PaperStep::CHOICE,
    step_choice::PauseGround::CHOICE,
    step_choice::Rating::CHOICE,
    step_choice::ReopenGround::CHOICE,
    step_choice::Retention::CHOICE,
    step_choice::SecondLook::CHOICE,
    step_choice::SimpleGround::CHOICE,
    step_choice::StopGround::CHOICE,
    step_choice::SupervisionForm::CHOICE,
];

fn must_have(key: &str) {
    for lang in LANGS {
        let text = locale::find(lang, key);
        assert!(text.is_some_and(|text| !text.trim().is_empty()), "{key} has no text in {lang:?}");
    }
}

fn lines(lang: Lang) -> impl Iterator<Item = (&'static str, &'static str)> {
    locale::files(lang).iter().flat_map(|file| file.lines()).filter_map(|line| {
        let (key, text) = line.split_once(" = ")?;
        Some((key, text))
    })
}

fn placeholders(text: &str) -> BTreeSet<&str> {
    text.split('{').skip(1).filter_map(|rest| rest.split_once('}')).map(|(name, _)| name).collect()
}

fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|end| end == "rs") {
            found.push(path);
        }
    }
}

/// What stands in quotes directly after `head`, anywhere in the program's own text.
fn quoted_after(head: &str) -> BTreeSet<String> {
    let mut files = Vec::new();
    sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut files);
    let mut words = BTreeSet::new();
    for file in files {
        let text = fs::read_to_string(file).unwrap();
        let text = text.split("#[cfg(test)]").next().unwrap_or_default();
        let text: String = text.split_whitespace().collect::<Vec<_>>().join(" ");
        let text = text.replace("( ", "(");
        for rest in text.split(head).skip(1) {
            if let Some(word) = rest.strip_prefix('"').and_then(|rest| rest.split('"').next()) {
                words.insert(word.to_owned());
            }
        }
    }
    words
}

#[test]
fn every_field_of_every_record_and_form_has_a_label() {
    for field in Kind::ALL.into_iter().flat_map(schema::record) {
        must_have(&format!("field.{}", field.key));
    }
    for field in Act::ALL.iter().flat_map(|act| schema::form(*act)) {
        must_have(&format!("field.{}", field.key));
    }
}

#[test]
fn a_chinese_label_of_a_form_takes_at_most_six_characters() {
    for (key, label) in lines(Lang::Zh).filter(|(key, _)| key.starts_with("field.")) {
        assert!(label.width() <= 12, "{key} = {label}");
    }
}

#[test]
fn every_word_of_a_closed_list_has_a_text() {
    for choice in CHOICES {
        for word in choice.words {
            must_have(&format!("choice.{}.{word}", choice.key));
        }
    }
    Stage::ALL.iter().for_each(|stage| must_have(&format!("stage.{}", stage.word())));
    Standing::ALL.iter().for_each(|standing| must_have(&format!("standing.{}", standing.word())));
    Act::ALL.iter().for_each(|act| must_have(&format!("act.{}", act.word())));
    closing::Requirement::ALL
        .iter()
        .for_each(|one| must_have(&format!("requirement.{}", one.word())));
    procedure::After::ALL.iter().for_each(|one| must_have(&format!("broken.{}", one.missing())));
    Kind::ALL.iter().for_each(|kind| must_have(&format!("kind.{}", kind.key())));
}

#[test]
fn every_placeholder_has_a_label_of_its_own() {
    let mut labels = BTreeSet::new();
    for row in PLACEHOLDERS {
        must_have(&format!("placeholder.{}", row.key));
        must_have(&format!("origin.{}", row.origin.word()));
        let label = locale::text(Lang::Zh, &format!("placeholder.{}", row.key));
        assert!(labels.insert(label), "{} shares its label", row.key);
    }
}

#[test]
fn every_deed_has_a_name() {
    Deed::WORDS.iter().for_each(|word| must_have(&format!("deed.{word}")));
}

#[test]
fn every_rule_that_is_refused_says_what_to_do_now() {
    let broken = &quoted_after("Broken::new(") | &quoted_after("broken(");
    assert!(broken.contains("already_accepted"));
    broken.iter().for_each(|key| must_have(&format!("broken.{key}")));
    let stop = include_str!("../src/service/stop.rs");
    for rest in stop.split("RefusalKind::").skip(1) {
        if let Some((_, rest)) = rest.split_once(", \"") {
            must_have(&format!("refusal.{}", rest.split('"').next().unwrap()));
        }
    }
    let kinds = ["Denied", "NotFound", "Invalid", "Conflict", "Busy", "Closed", "Unknown", "Fault"];
    for kind in kinds {
        for key in quoted_after(&format!("Refusal::new(RefusalKind::{kind}, ")) {
            must_have(&format!("refusal.{key}"));
        }
    }
}

#[test]
fn every_reason_against_a_value_has_a_text() {
    let field = include_str!("../src/domain/field.rs").split("#[cfg(test)]").next().unwrap();
    for head in ["Err(\"", "ok_or(\"", "map_err(|_| \""] {
        for rest in field.split(head).skip(1) {
            must_have(&format!("wrong.{}", rest.split('"').next().unwrap()));
        }
    }
    for key in ["empty", "unknown_field", "not_typed", "no_such_record"] {
        must_have(&format!("wrong.{key}"));
    }
}

#[test]
fn every_clock_says_its_name_and_why_it_does_not_run() {
    let law = Law::national();
    let limits = law.limits().iter().map(|limit| limit.id.as_str());
    let extensions = law.prolongations().iter().map(|row| row.id.as_str());
    for id in limits.chain(extensions).chain(["agreed", "assigned"]) {
        must_have(&format!("limit.{id}"));
    }
    for starts in law.limits().iter().filter_map(|limit| limit.starts) {
        let word = serde_json::to_value(starts).unwrap();
        must_have(&format!("event.{}", word.as_str().unwrap()));
        must_have(&format!("not_started.awaiting.{}", word.as_str().unwrap()));
    }
    for why in ["route_undecided", "other_route", "excused", "not_in_force", "out_of_range"] {
        must_have(&format!("not_started.{why}"));
    }
}

#[test]
fn every_finding_of_a_check_is_told_in_words() {
    let check = include_str!("../src/store/check.rs");
    let keys = check.split("fn key(").nth(1).unwrap().split("\n    }").next().unwrap();
    let keys: Vec<&str> = keys.split("=> \"").skip(1).filter_map(|s| s.split('"').next()).collect();
    assert!(keys.len() > 10);
    keys.iter().for_each(|key| must_have(&format!("finding.{key}")));
    ["anchor", "tail"].iter().for_each(|key| must_have(&format!("unproven.{key}")));
}

#[test]
fn a_text_that_the_program_names_is_in_the_catalogue() {
    let mut n_named = 0;
    let mut files = Vec::new();
    sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut files);
    for file in files {
        let text = fs::read_to_string(file).unwrap();
        let program = text.split("#[cfg(test)]").next().unwrap_or_default();
        for word in program.split('"') {
            let is_key =
                word.bytes().all(|byte| byte.is_ascii_lowercase() || b"._-".contains(&byte));
            let heads = ["shell.", "welcome.", "docs.", "refusal.", "broken.", "standing."];
            let named = heads.iter().any(|head| word.starts_with(head) && word.len() > head.len());
            if is_key && named && !word.ends_with('.') {
                must_have(word);
                n_named += 1;
            }
        }
    }
    assert!(n_named > 40, "only {n_named} are named");
}

#[test]
fn every_field_that_can_match_a_search_has_a_name() {
    let lookup = include_str!("../src/service/lookup.rs");
    let keys = lookup.split("const fn why_key").nth(1).unwrap().split("\n}").next().unwrap();
    let keys: Vec<&str> = keys.split("=> \"").skip(1).filter_map(|s| s.split('"').next()).collect();
    assert!(keys.len() > 5);
    keys.iter().for_each(|key| must_have(&format!("why.{key}")));
}

#[test]
fn both_languages_fill_in_the_same_values() {
    for (key, zh) in lines(Lang::Zh) {
        let en = locale::find(Lang::En, key).unwrap_or_default();
        assert_eq!(placeholders(zh), placeholders(en), "{key}");
    }
}

#[test]
fn no_text_uses_a_character_whose_width_depends_on_the_terminal() {
    // Texts of the screens stand beside a measured width; these may land in any terminal or pipe.
    for lang in LANGS {
        for text in locale::files(lang).iter().take(2).flat_map(|file| file.lines()) {
            for char in text.chars() {
                let (narrow, wide) = (char.to_string().width(), char.to_string().width_cjk());
                assert!(narrow == wide, "{text} holds {char}");
            }
        }
    }
}

#[test]
fn the_page_of_the_procedure_leaves_out_no_refusal_of_the_rules() {
    let told: BTreeSet<&str> = rulebook::RULES
        .iter()
        .flat_map(|rule| rule.refuses.iter().copied())
        .chain(rulebook::COMMON.iter().copied())
        .collect();
    let mut n_rules = 0;
    for file in [
        "handling",
        "procedure",
        "step_rule",
        "simple",
        "closing",
        "correction",
        "split",
        "delivery",
    ] {
        let path = format!("{}/src/domain/{file}.rs", env!("CARGO_MANIFEST_DIR"));
        let text = fs::read_to_string(path).unwrap();
        for word in text.split('"').skip(1).step_by(2) {
            // Words of deeds and names of fields are no refusals.
            let is_rule = locale::find(Lang::Zh, &format!("broken.{word}")).is_some();
            if is_rule {
                assert!(told.contains(word), "{file}.rs refuses {word}, which no page tells");
                n_rules += 1;
            }
        }
    }
    assert!(n_rules > 80, "only {n_rules} refusals were read");
    told.iter().for_each(|key| must_have(&format!("broken.{key}")));
    let acts = procedure::ROWS.iter().map(|row| row.act);
    for act in acts {
        let rule = rulebook::RULES.iter().find(|rule| rule.act == act);
        let rule = rule.unwrap_or_else(|| panic!("{act:?} stands on no page"));
        if let Some(after) = procedure::of(act).and_then(|row| row.after) {
            assert!(rule.refuses.contains(&after.missing()), "{act:?} needs {}", after.missing());
        }
    }
}

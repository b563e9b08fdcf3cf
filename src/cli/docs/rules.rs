//! The page of the procedure: every step with its article, when it is possible, what its form must
//! say, which clocks it starts and stops, and what it refuses.

use std::fmt::Write;

use crate::api::limit::LimitRow;
use crate::cli::docs::{both, heading, row, table_head};
use crate::cli::law::name;
use crate::domain::act::Act;
use crate::domain::closing::Requirement;
use crate::domain::delivery;
use crate::domain::procedure::{self, When};
use crate::domain::rulebook::{self, RULES, Rule};
use crate::domain::schema::{self, Need};
use crate::locale::Lang;
use crate::service::clocks;

/// The page.
pub fn procedure_page() -> String {
    let title = both("docs.procedure.title");
    let mut page = format!("# {title}\n\n{}\n\n", both("docs.procedure.intro"));
    let _ = write!(page, "{}\n\n", both("docs.procedure.common"));
    for key in rulebook::COMMON {
        let _ = writeln!(page, "- {}", both(&format!("broken.{key}")));
    }
    heading(&mut page, "##", &both("docs.procedure.steps"));
    let head = ["step", "article", "when", "must", "starts", "stops"];
    let head = head.map(|key| format!("docs.procedure.{key}"));
    table_head(&mut page, &head.each_ref().map(String::as_str));
    let limits = clocks::national_rows();
    for rule in RULES {
        row(&mut page, &step(rule, &limits));
    }
    heading(&mut page, "##", &both("docs.procedure.refused"));
    for rule in RULES.iter().filter(|rule| !rule.refuses.is_empty()) {
        heading(&mut page, "###", &both(&format!("act.{}", rule.act.word())));
        for key in rule.refuses {
            let _ = writeln!(page, "- {}", both(&format!("broken.{key}")));
        }
    }
    heading(&mut page, "##", &both("docs.procedure.delivery"));
    let head = ["manner", "must", "counts", "basis", "mark"];
    let head = head.map(|key| format!("docs.procedure.{key}"));
    table_head(&mut page, &head.each_ref().map(String::as_str));
    for one in delivery::rows() {
        let proofs = one.proofs.iter().map(|proof| both(&format!("field.{}", proof.field())));
        row(
            &mut page,
            &[
                both(&format!("choice.manner.{}", one.manner.word())),
                proofs.collect::<Vec<_>>().join("; "),
                both(&format!("docs.procedure.counts.{}", one.counts.word())),
                one.basis.to_owned(),
                one.mark.to_owned(),
            ],
        );
    }
    heading(&mut page, "##", &both("docs.procedure.closing"));
    let head = ["requirement", "article", "met_by"];
    let head = head.map(|key| format!("docs.procedure.{key}"));
    table_head(&mut page, &head.each_ref().map(String::as_str));
    for one in Requirement::ALL {
        let name = both(&format!("requirement.{}", one.word()));
        let act = both(&format!("act.{}", one.act().word()));
        row(&mut page, &[name, one.article().to_owned(), act]);
    }
    page
}

/// The cells of a step.
fn step(rule: &Rule, limits: &[LimitRow]) -> Vec<String> {
    let events: Vec<String> = rulebook::events(rule.act).into_iter().map(clocks::word_of).collect();
    let named = |is: &dyn Fn(&LimitRow) -> bool| {
        let mut names: Vec<String> = Vec::new();
        for limit in limits.iter().filter(|limit| is(limit)) {
            let one = |lang| name(lang, (&limit.id, limit.name.as_ref()));
            let is_regulation = limits.first().is_some_and(|first| first.norm == limit.norm);
            let norm = if is_regulation { "" } else { limit.norm.as_str() };
            let named = format!("{} / {} ({norm}{})", one(Lang::Zh), one(Lang::En), limit.article);
            if !names.contains(&named) {
                names.push(named);
            }
        }
        names.join("; ")
    };
    let must = schema::form(rule.act).iter().filter(|field| field.need == Need::Required);
    let must: Vec<String> = must.map(|field| both(&format!("field.{}", field.key))).collect();
    vec![
        format!("{} `{}`", both(&format!("act.{}", rule.act.word())), rule.act.word()),
        rule.article.to_owned(),
        when(rule.act),
        must.join("; "),
        named(&|limit| limit.starts.as_ref().is_some_and(|starts| events.contains(starts))),
        named(&|limit| limit.met_by.iter().any(|event| events.contains(event))),
    ]
}

/// When a step is possible; what it answers is told by what it refuses.
fn when(act: Act) -> String {
    let Some(row) = procedure::of(act) else {
        let is_kept =
            matches!(act, Act::Join | Act::Split | Act::Record | Act::Readers | Act::CorrectStep);
        let when = if is_kept { "docs.procedure.when.always" } else { "docs.procedure.when.open" };
        return both(when);
    };
    let when = match row.when {
        When::BeforeAcceptance => "before_acceptance",
        When::Open => "open",
        When::Accepted => "accepted",
        When::Over => "over",
        When::Always => "always",
    };
    both(&format!("docs.procedure.when.{when}"))
}

//! The papers that can be made of a case: which fit it as it stands, under which number each was
//! made, and which number it would get.

use crate::api::paper::{PaperOffer, PaperOffers, VoidedPaper};
use crate::api::refusal::Refusal;
use crate::api::reply::Reply;
use crate::domain::case::Case;
use crate::domain::ids::CaseId;
use crate::domain::paper::{Fit, Paper};
use crate::domain::policy::{self, Scope};
use crate::domain::step::{Deed, Step};
use crate::service::book::Book;
use crate::service::paper::{number, value};
use crate::service::stop::Stop;
use crate::service::view::Eye;
use crate::service::{Asking, Service};
use crate::store::read::{Read, Snapshot};

/// Answers `Papers`.
///
/// # Errors
/// Not found where one may not see the case.
pub fn list(
    service: &Service,
    snapshot: &Snapshot,
    asking: &Asking,
    id: CaseId,
) -> Result<Reply, Stop> {
    let case: Case = snapshot.load(id.0)?.ok_or_else(Refusal::not_found)?;
    if !policy::sees(&asking.asker, &Scope::of(&case), case.readers.as_ref()) {
        return Err(Refusal::not_found().into());
    }
    let book = service.core.book();
    let eye = Eye { core: &service.core, book: &book, asking };
    let petitioners = value::petitioners(snapshot, &case)?;
    let named = |person: &crate::domain::person::Person| (person.id, person.label());
    let petitioners =
        petitioners.iter().map(named).map(|(id, name)| (id, name.unwrap_or_default()));
    let mut offers = Vec::with_capacity(Paper::ALL.len());
    for (paper, fit) in Paper::in_order(&case) {
        let newest = paper.newest(&case);
        let made = newest.map(|(_, step)| step);
        let told = paper.told(&case).filter(|_| fit != Fit::Other);
        let template = book.office.templates.get(paper.word());
        offers.push(PaperOffer {
            paper,
            fit,
            number: made.and_then(|step| step.document.clone()),
            next: number::next(snapshot, (&book, asking.today), (paper, &case))?,
            step: newest.map(|(at, _)| at),
            voided: paper.voided(&case).and_then(|(_, step)| voided(step, &book)),
            made_on: made.map(|step| step.on),
            by: made.and_then(|step| book.officer(step.by)),
            told_on: told.map(|(_, step)| step.on),
            template: template.map(|template| template.file.clone()),
        });
    }
    Ok(Reply::Papers(Box::new(PaperOffers {
        case: case.id,
        version: case.version,
        sealed: case.readers.is_some(),
        permits: eye.permits(&case),
        petitioners: petitioners.collect(),
        offers,
        number: case.number,
        title: case.title,
    })))
}

/// That a paper was voided: why, when and by whom.
fn voided(step: &Step, book: &Book) -> Option<VoidedPaper> {
    let Deed::PaperMade { voided: Some(why), voided_on, voided_by, .. } = &step.deed else {
        return None;
    };
    Some(VoidedPaper {
        why: why.clone(),
        on: *voided_on,
        by: book.officer(*voided_by),
        number: step.document.clone(),
    })
}

//! To whom a paper goes. What a clerk types in the place of what the case says is held against whom
//! the petition is about: their unit, and whoever works there (Reg. 28(3), 30(3)).

use crate::api::paper::PaperQuery;
use crate::domain::broken::Broken;
use crate::domain::case::Case;
use crate::domain::placeholder::is_addressee;
use crate::service::book::Book;

/// A petitioner is called by their village too, so that its name means nothing there.
const PETITIONER: &str = "petitioner";

/// Judges the addressees that were typed.
///
/// # Errors
/// One of them is the accused, or of their unit.
pub fn judge(book: &Book, case: &Case, query: &PaperQuery) -> Result<(), Broken> {
    let accused = case.accused();
    for (key, text) in query.typed.iter().filter(|(key, _)| is_addressee(key)) {
        let n_units = if key == PETITIONER { 0 } else { usize::MAX };
        let known = (book.units.values().take(n_units), book.officers.values());
        if accused.is_called(text, known) {
            return Err(Broken::new("accused_gets_no_paper").with("name", text));
        }
    }
    Ok(())
}

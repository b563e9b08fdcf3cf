//! What was half typed for a paper, as it is kept and gone on with: which paper of which case, about
//! whom, under which number, and the texts by their placeholder.
//!
//! INVARIANT: what says which paper has names that no placeholder has; a test reads the table.

use chrono::{DateTime, Utc};

use crate::api::own::Draft;
use crate::api::paper::Wanted;
use crate::domain::form::Fields;
use crate::domain::ids::{Kind, PersonId, RecordRef};
use crate::domain::paper::Paper;

/// The command under which it is kept.
pub const PAPERS: &str = "papers";
/// The field of the paper.
pub const PAPER: &str = "paper";
/// The field of the petitioner, where the paper is about one alone.
const PERSON: &str = "person";
/// The field of the number under which it is written once more.
const AGAIN: &str = "again";
/// The field of the reason why ID numbers are needed.
const REASON: &str = "reason";

/// What was half typed, as it is read again.
pub struct Half {
    /// The paper.
    pub paper: Paper,
    /// The petitioner, where it is about one alone.
    pub person: Option<PersonId>,
    /// The number under which it is written once more.
    pub again: Option<String>,
    /// Why ID numbers are needed.
    pub reason: String,
    /// The texts by the key of their placeholder.
    pub texts: Vec<(String, String)>,
}

impl Half {
    /// Of what is kept; none if it is no paper.
    pub fn of(draft: &Draft) -> Option<Self> {
        let field = |name: &str| draft.fields.get(name);
        let paper = field(PAPER).filter(|_| draft.command == PAPERS)?;
        let texts = draft.fields.iter();
        let texts =
            texts.filter(|(key, _)| ![PAPER, PERSON, AGAIN, REASON].contains(&key.as_str()));
        Some(Self {
            paper: Paper::parse(paper)?,
            person: field(PERSON).and_then(|id| id.parse().ok()).map(PersonId),
            again: field(AGAIN).cloned(),
            reason: field(REASON).cloned().unwrap_or_default(),
            texts: texts.map(|(key, text)| (key.clone(), text.clone())).collect(),
        })
    }
}

/// What is kept of a paper for which nothing is typed; the title says of which case.
pub fn blank(wanted: &Wanted, title: String) -> Draft {
    let mut fields = Fields::new();
    fields.insert(PAPER.to_owned(), wanted.paper.word().to_owned());
    fields.extend(wanted.person.map(|person| (PERSON.to_owned(), person.0.to_string())));
    fields.extend(wanted.again.clone().map(|number| (AGAIN.to_owned(), number)));
    Draft {
        name: String::new(),
        command: PAPERS.to_owned(),
        on: Some((RecordRef { kind: Kind::Case, id: wanted.case.0 }, None)),
        around: None,
        seen: None,
        title,
        fields,
        kept_at: DateTime::<Utc>::UNIX_EPOCH,
    }
}

/// What is kept with these texts and that reason; none if nothing is typed.
pub fn typed(blank: &Draft, (texts, reason): (Vec<(String, String)>, &str)) -> Option<Draft> {
    let has_text = |text: &str| !text.trim().is_empty();
    let reason = has_text(reason).then(|| (REASON.to_owned(), reason.to_owned()));
    let typed: Fields =
        texts.into_iter().filter(|(_, text)| has_text(text)).chain(reason).collect();
    let mut draft = blank.clone();
    let is_typed = !typed.is_empty();
    draft.fields.extend(typed);
    is_typed.then_some(draft)
}

/// Without what the server and the program give it: its name, and when it was kept.
pub fn unnamed(draft: &Draft) -> Draft {
    Draft { name: String::new(), kept_at: DateTime::<Utc>::UNIX_EPOCH, ..draft.clone() }
}

/// Whether what is kept is about that paper, of that case and that petitioner.
pub fn is_about(draft: &Draft, wanted: &Wanted) -> bool {
    let is_case = draft.on.is_some_and(|(record, _)| record == wanted.case.into());
    let half = Half::of(draft).filter(|_| is_case);
    half.is_some_and(|half| half.paper == wanted.paper && half.person == wanted.person)
}

#[cfg(test)]
mod tests {
    use super::{AGAIN, PAPER, PERSON, REASON};
    use crate::domain::placeholder::PLACEHOLDERS;

    #[test]
    fn what_says_which_paper_is_never_taken_for_a_text_of_it() {
        for name in [PAPER, PERSON, AGAIN, REASON] {
            assert!(PLACEHOLDERS.iter().all(|row| row.key != name), "{name}");
        }
    }
}

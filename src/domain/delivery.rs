//! How an opinion reaches the petitioner: what each manner must say of itself, and from when it
//! counts.
//!
//! The Regulation starts the days of the review with the receipt of the written answer (Reg. 35) and
//! is silent on manners. The table in `data/law/delivery.txt` goes by analogy with civil procedure,
//! and says so in each row.

use std::sync::LazyLock;

use crate::domain::broken::Broken;
use crate::domain::choice::Manner;
use crate::domain::handling::Entry;
use crate::domain::step::Deed;

const TABLE: &str = include_str!("../../data/law/delivery.txt");

/// The row of each manner, in the order of [`Manner::ALL`].
static ROWS: LazyLock<Vec<Row>> = LazyLock::new(|| {
    let rows = TABLE.lines().filter(|line| !line.starts_with('#')).filter_map(read);
    rows.collect()
});

/// A manner of delivery.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// Which.
    pub manner: Manner,
    /// From when it counts.
    pub counts: Counts,
    /// What it must say of itself.
    pub proofs: Vec<Proof>,
    /// On what the row rests, as it is printed.
    pub basis: &'static str,
    /// How sure the basis is: A to D.
    pub mark: &'static str,
}

/// From when a delivery counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Counts {
    /// From its own day.
    Day,
    /// In doubt, for nobody signed for it: from the day on which it is confirmed.
    Confirmed,
}

/// What a delivery says of itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Proof {
    /// Who received it.
    Receiver,
    /// The number of the mail.
    Mail,
    /// That the petitioner had agreed.
    Consent,
    /// Two who served it.
    Servers,
    /// Who saw it.
    Witness,
    /// Where it was published.
    Place,
    /// Why it was done so.
    Reason,
}

impl Counts {
    /// Each with its word.
    const WORDS: [(&'static str, Self); 2] = [("day", Self::Day), ("confirmed", Self::Confirmed)];

    /// The word of it in the table.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Day => "day",
            Self::Confirmed => "confirmed",
        }
    }
}

impl Proof {
    /// The word of it in the table, its field in the form, and what is said where it is missing.
    const WORDS: [(&'static str, &'static str, &'static str, Self); 7] = [
        ("receiver", "deliver.receiver", "delivery_needs_a_receiver", Self::Receiver),
        ("mail", "deliver.mail", "delivery_needs_a_mail_number", Self::Mail),
        ("consent", "deliver.consent", "delivery_needs_consent", Self::Consent),
        ("servers", "deliver.servers", "delivery_needs_two_servers", Self::Servers),
        ("witness", "deliver.witness", "delivery_needs_a_witness", Self::Witness),
        ("place", "deliver.place", "delivery_needs_a_place", Self::Place),
        ("reason", "deliver.text", "delivery_needs_a_reason", Self::Reason),
    ];

    /// The field of the form of a delivery that says it.
    pub fn field(self) -> &'static str {
        Self::WORDS.iter().find(|(.., own)| *own == self).map_or("deliver.text", |row| row.1)
    }
}

/// All manners.
pub fn rows() -> &'static [Row] {
    &ROWS
}

/// Whether a delivery of that manner is in doubt until it is confirmed.
pub fn is_doubtful(manner: Manner) -> bool {
    row(manner).is_none_or(|row| row.counts == Counts::Confirmed)
}

/// Whether a delivery says what its manner asks.
///
/// # Errors
/// The first thing that is missing.
pub fn judge(deed: &Deed, entry: &Entry) -> Result<(), Broken> {
    let Deed::Delivered { manner, receiver, mail, consent, servers, witness, place } = deed else {
        return Ok(());
    };
    let is_there = |proof: Proof| match proof {
        Proof::Receiver => receiver.is_some(),
        Proof::Mail => mail.is_some(),
        Proof::Consent => *consent == Some(true),
        Proof::Servers => servers.as_deref().is_some_and(|names| n_names(names) >= 2),
        Proof::Witness => witness.is_some(),
        Proof::Place => place.is_some(),
        Proof::Reason => entry.text.is_some(),
    };
    let proofs = row(*manner).map(|row| row.proofs.as_slice()).unwrap_or_default();
    let missing = proofs.iter().find(|proof| !is_there(**proof));
    let row = missing.and_then(|missing| Proof::WORDS.iter().find(|(.., own)| own == missing));
    row.map_or(Ok(()), |(_, field, broken, _)| Err(Broken::new(broken).at(field)))
}

fn row(manner: Manner) -> Option<&'static Row> {
    ROWS.iter().find(|row| row.manner == manner)
}

/// A row of the table; none if the line is no such row.
fn read(line: &'static str) -> Option<Row> {
    let (word, rest) = line.split_once(" = ")?;
    let [counts, proofs, basis, mark] = rest.split("; ").collect::<Vec<_>>().try_into().ok()?;
    let proof = |word: &str| Proof::WORDS.iter().find(|row| row.0 == word).map(|row| row.3);
    Some(Row {
        manner: Manner::parse(word)?,
        counts: Counts::WORDS.iter().find(|(own, _)| *own == counts)?.1,
        proofs: proofs.split(' ').map(proof).collect::<Option<_>>()?,
        basis,
        mark,
    })
}

fn n_names(names: &str) -> usize {
    names.split([' ', ',', '\u{3001}', '\u{ff0c}']).filter(|name| !name.is_empty()).count()
}

#[cfg(test)]
mod tests {
    use super::{Counts, TABLE, is_doubtful, rows};
    use crate::domain::choice::Manner;

    #[test]
    fn every_line_of_the_table_is_a_row_and_every_manner_has_one() {
        let lines = TABLE.lines().filter(|line| !line.starts_with('#')).count();
        assert_eq!(rows().len(), lines);
        let manners: Vec<Manner> = rows().iter().map(|row| row.manner).collect();
        assert_eq!(manners, Manner::ALL);
        assert!(rows().iter().all(|row| !row.proofs.is_empty() && "ABCD".contains(row.mark)));
    }

    #[test]
    fn what_nobody_signed_for_is_in_doubt() {
        let doubtful: Vec<Manner> =
            rows().iter().map(|row| row.manner).filter(|own| is_doubtful(*own)).collect();
        assert_eq!(doubtful, [Manner::Left, Manner::PublicNotice]);
        assert!(rows().iter().any(|row| row.counts == Counts::Day));
    }
}

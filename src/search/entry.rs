//! What the service tells the index about one record.

use crate::domain::ids::{CaseId, OfficerId, RecordRef, UnitId};

/// What a field is, which decides how words are looked for in it and what a fit is worth.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum FieldTag {
    /// A person's name, or the name of a unit.
    Name,
    /// A title, a post, a class: a short text.
    Title,
    /// A village or an address.
    Place,
    /// What a meeting is to decide: a short text that not everybody may search.
    Question,
    /// A printed number of this office or of another.
    Number,
    /// A code such as the query code of a receipt.
    Code,
    /// A telephone number; found by four digits or more.
    Phone,
    /// An ID number; found by four digits or more.
    IdNumber,
    /// A long text; found by its Chinese characters, kept elsewhere.
    Text,
}

impl FieldTag {
    /// All tags, in the order in which a row keeps its fields.
    pub const ALL: [Self; 9] = [
        Self::Name,
        Self::Title,
        Self::Place,
        Self::Question,
        Self::Number,
        Self::Code,
        Self::Phone,
        Self::IdNumber,
        Self::Text,
    ];

    /// What a fit in such a field is worth beside an equally good one in another: 3 is most.
    pub const fn weight(self) -> u32 {
        match self {
            Self::Name | Self::Number => 3,
            Self::Title | Self::Code | Self::Phone | Self::IdNumber => 2,
            Self::Place | Self::Question => 1,
            Self::Text => 0,
        }
    }

    /// Whether the field is searched as characters with their pinyin, not as a number.
    pub const fn is_spoken(self) -> bool {
        matches!(self, Self::Name | Self::Title | Self::Place | Self::Question)
    }
}

/// What decides who may see a record; the index only hands it back to the caller.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct Scope {
    /// The village that the record belongs to.
    pub village: Option<UnitId>,
    /// The responsible unit.
    pub unit: Option<UnitId>,
    /// The leader who took the case.
    pub lead: Option<OfficerId>,
    /// The officer who handles the case.
    pub handler: Option<OfficerId>,
    /// The case whose seal the record is under; its named readers are the caller's business.
    pub sealed: Option<CaseId>,
}

/// One record as the index knows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Which record.
    pub record: RecordRef,
    /// What decides who may see it.
    pub scope: Scope,
    /// What it can be found by; a tag may come more than once. A short [`FieldTag::Place`] is
    /// kept once for all records: give the village alone. Of a spoken field the first
    /// `row::SPOKEN_UNITS_MAX` units count, of a number `row::PRINTED_BYTES_MAX` bytes.
    pub fields: Vec<(FieldTag, String)>,
    /// Whether nothing more will come of it: of equal fits it comes after what is under way.
    pub is_over: bool,
}

//! One row: the short fields of a record as they lie in memory.
//!
//! Spoken fields are UTF-16, a head unit and the text; printed ones ASCII heads and UTF-8. What
//! is short and shared by many, the village, is kept once for all rows by `group.rs`.
//! INVARIANT: a character of a field stays one character, so that ranges hold in what is shown.

use crate::search::entry::FieldTag;
use crate::spell::fold::half_width;
use crate::spell::reading::{HAN_COUNT, HAN_FIRST};
use crate::spell::sieve::PARTS;

/// The most UTF-16 units of a spoken field; what is longer is findable by its beginning.
pub const SPOKEN_UNITS_MAX: usize = (1 << LENGTH_BITS) - 1;

/// The most bytes of a printed field; what is longer is findable by its beginning.
pub const PRINTED_BYTES_MAX: usize = (1 << (LOW_BITS + HIGH_BITS)) - 1;

/// The most characters of a place that is kept once for all rows.
pub const SHARED_CHARS_MAX: usize = 8;

// A spoken field's head: a private character that holds tag and length.
const LENGTH_BITS: u32 = 10;
// A printed field's head: tag and high bits of the length, then its low bits.
const LOW_BITS: u32 = 7;
const HIGH_BITS: u32 = 4;

/// The short fields of an entry, encoded.
#[derive(Debug, Default)]
pub struct Draft {
    /// Names, titles, places and questions.
    pub spoken: Vec<u16>,
    /// Numbers and codes.
    pub codes: String,
    /// Telephone and ID numbers, apart because short numbers are not looked for in them.
    pub privates: String,
    /// The first place if it is short.
    pub place: Option<String>,
}

/// What bounds a fit at the beginning of a row's spoken fields, so that few texts are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Front {
    /// The units of the shortest field.
    pub shortest: u8,
    /// With how many common ideographs each field begins that has anything else, at least.
    pub plain: u8,
}

impl Front {
    /// What is known of no row.
    pub const NONE: Self = Self { shortest: 0, plain: 0 };

    /// The front of a row's spoken fields.
    pub fn of(units: &[u16]) -> Self {
        let mut front = Self { shortest: u8::MAX, plain: u8::MAX };
        for (_, piece) in spoken(units) {
            let Piece::Spoken(field) = piece else { continue };
            let short = |n: usize| u8::try_from(n).unwrap_or(u8::MAX);
            let plain = field.iter().position(|unit| !is_common_han(*unit));
            front.shortest = front.shortest.min(short(field.len()));
            front.plain = front.plain.min(plain.map_or(u8::MAX, short));
        }
        front
    }
}

/// Whether a unit is a common ideograph.
#[inline]
pub fn is_common_han(unit: u16) -> bool {
    u32::from(unit).wrapping_sub(HAN_FIRST) < HAN_COUNT
}

/// The text of one field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Piece<'a> {
    /// A name, a title or a place.
    Spoken(&'a [u16]),
    /// A number.
    Printed(&'a str),
}

impl Draft {
    /// Encodes the short fields: letters and digits in half width, nothing that controls.
    pub fn of(fields: &[(FieldTag, String)]) -> Self {
        let mut draft = Self::default();
        for (code, wanted) in (0..).zip(FieldTag::ALL) {
            for (_, text) in fields.iter().filter(|(tag, _)| *tag == wanted) {
                let shown = text.chars().map(plain);
                match wanted {
                    FieldTag::Place if draft.place.is_none() && is_shared(text) => {
                        draft.place = Some(shown.collect());
                    }
                    FieldTag::Name | FieldTag::Title | FieldTag::Place | FieldTag::Question => {
                        push_spoken(&mut draft.spoken, code, shown);
                    }
                    FieldTag::Number | FieldTag::Code => {
                        push_printed(&mut draft.codes, code, shown);
                    }
                    FieldTag::Phone | FieldTag::IdNumber => {
                        push_printed(&mut draft.privates, code, shown);
                    }
                    FieldTag::Text => {}
                }
            }
        }
        draft
    }
}

fn is_shared(place: &str) -> bool {
    place.chars().nth(SHARED_CHARS_MAX).is_none()
}

fn plain(char: char) -> char {
    let half = half_width(char);
    if half.is_ascii_alphanumeric() {
        half
    } else if char.is_control() {
        ' '
    } else {
        char
    }
}

fn push_spoken(row: &mut Vec<u16>, code: usize, text: impl Iterator<Item = char>) {
    let at = row.len();
    row.push(0);
    for char in text {
        if row.len() - at + char.len_utf16() > SPOKEN_UNITS_MAX + 1 {
            break;
        }
        row.extend_from_slice(char.encode_utf16(&mut [0; 2]));
    }
    let head = PARTS.start() + (code << LENGTH_BITS) + row.len() - at - 1;
    if let Some(home) = row.get_mut(at) {
        *home = u16::try_from(head).unwrap_or(0);
    }
}

fn push_printed(row: &mut String, code: usize, text: impl Iterator<Item = char>) {
    let mut shown: String = text.collect();
    shown.truncate(shown.floor_char_boundary(PRINTED_BYTES_MAX));
    let low = shown.len() & ((1 << LOW_BITS) - 1);
    for byte in [code << HIGH_BITS | shown.len() >> LOW_BITS, low] {
        row.push(u8::try_from(byte).map_or('\0', char::from));
    }
    row.push_str(&shown);
}

/// The spoken fields of a row.
pub fn spoken(units: &[u16]) -> impl Iterator<Item = (FieldTag, Piece<'_>)> + Clone {
    let mut rest = units;
    std::iter::from_fn(move || {
        let (head, text) = rest.split_first()?;
        let head = usize::from(*head).checked_sub(*PARTS.start())?;
        let tag = *FieldTag::ALL.get(head >> LENGTH_BITS)?;
        let (text, behind) = text.split_at_checked(head & SPOKEN_UNITS_MAX)?;
        rest = behind;
        Some((tag, Piece::Spoken(text)))
    })
}

/// The printed fields of a row.
pub fn printed(text: &str) -> impl Iterator<Item = (FieldTag, Piece<'_>)> + Clone {
    let mut rest = text;
    std::iter::from_fn(move || {
        let [high, low] = *rest.as_bytes().first_chunk()?;
        let tag = *FieldTag::ALL.get(usize::from(high >> HIGH_BITS))?;
        let length = usize::from(high & ((1 << HIGH_BITS) - 1)) << LOW_BITS | usize::from(low);
        let (text, behind) = rest.get(2..)?.split_at_checked(length)?;
        rest = behind;
        Some((tag, Piece::Printed(text)))
    })
}

/// The characters of a spoken text.
pub fn chars(units: &[u16]) -> impl Iterator<Item = char> + Clone + '_ {
    char::decode_utf16(units.iter().copied())
        .map(|char| char.unwrap_or(char::REPLACEMENT_CHARACTER))
}

impl Piece<'_> {
    /// The text as it is shown.
    pub fn shown(&self) -> String {
        match self {
            Self::Spoken(units) => chars(units).collect(),
            Self::Printed(text) => (*text).to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Draft, PRINTED_BYTES_MAX, SPOKEN_UNITS_MAX, printed, spoken};
    use crate::search::entry::FieldTag;

    #[test]
    fn fields_come_back_as_they_went_in() {
        let fields = [
            (FieldTag::Phone, "１３８00001234"),
            (FieldTag::Title, "征地"),
            (FieldTag::Name, "𠮷小明"),
            (FieldTag::Place, "王庄村"),
            (FieldTag::Place, "李家店"),
            (FieldTag::Number, "〔2026〕12号"),
            (FieldTag::Title, ""),
        ]
        .map(|(tag, text)| (tag, text.to_owned()));
        let draft = Draft::of(&fields);
        let spoken: Vec<_> =
            spoken(&draft.spoken).map(|(tag, piece)| (tag, piece.shown())).collect();
        let expected = [
            (FieldTag::Name, "𠮷小明"),
            (FieldTag::Title, "征地"),
            (FieldTag::Title, ""),
            (FieldTag::Place, "李家店"),
        ]
        .map(|(tag, text)| (tag, text.to_owned()));
        assert_eq!(spoken, expected);
        assert_eq!(draft.place.as_deref(), Some("王庄村"));
        let shown = |text| printed(text).map(|(_, piece)| piece.shown()).collect::<Vec<_>>();
        assert_eq!(shown(&draft.codes), ["〔2026〕12号"]);
        assert_eq!(shown(&draft.privates), ["13800001234"]);
    }

    #[test]
    fn a_field_that_is_too_long_keeps_its_beginning() {
        for char in ["王", "𠮷", "a"] {
            let long = char.repeat(5_000);
            let draft =
                Draft::of(&[(FieldTag::Title, long.clone()), (FieldTag::Number, long.clone())]);
            let lengths = |(_, piece): (FieldTag, super::Piece)| {
                assert!(long.starts_with(&piece.shown()));
                piece.shown().len()
            };
            assert!(spoken(&draft.spoken).map(lengths).all(|n| n > SPOKEN_UNITS_MAX - 2));
            assert!(printed(&draft.codes).map(lengths).all(|n| n > PRINTED_BYTES_MAX - 4));
        }
    }
}

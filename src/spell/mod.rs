//! How text is typed and matched: folding, pinyin with several readings, and ranking.
//!
//! A leaf that knows texts and letters and nothing of the office. The only home of the outside
//! packages `pinyin` and `fuzzy-matcher`.

pub mod fold;
pub mod fuzzy;
pub mod pinyin;
pub mod rank;
pub mod reading;
pub mod sieve;
pub mod spoken;
pub mod term;

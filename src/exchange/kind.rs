//! What kind of file it is: by its first bytes, and by its name only where bytes cannot tell.
//!
//! Many systems export a web page under the name of a workbook; that is said, not guessed at.

use std::io::{Read, Seek, SeekFrom};

use crate::exchange::cell::Trouble;

/// How many first bytes are looked at.
const HEAD: u64 = 4_096;
/// How a zip begins.
const ZIP: &[u8] = b"PK\x03\x04";
/// How an old compound file begins: an xls, or any workbook with a password.
const COMPOUND: &[u8] = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1";
/// How the first part of an ods is named, by its standard.
const ODS_PART: &[u8] = b"mimetype";

/// A kind of file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A workbook of today's programs.
    Xlsx,
    /// A workbook of older programs.
    Xls,
    /// An OpenDocument workbook.
    Ods,
    /// Text with commas, semicolons or tabs.
    Csv,
}

/// Whether the name of a file promises a workbook, as far as the name is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Promise {
    /// The name ends as a workbook's.
    Workbook,
    /// It ends otherwise, or there is no name.
    Anything,
}

impl Promise {
    /// What a file's name promises.
    pub fn of_name(name: &str) -> Self {
        let end = name.rsplit_once('.').map(|(_, end)| end.to_ascii_lowercase());
        match end.as_deref() {
            Some("xlsx" | "xlsm" | "xls" | "ods" | "et") => Self::Workbook,
            _ => Self::Anything,
        }
    }
}

impl Kind {
    /// The word of the kind, as the child's argument.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Xlsx => "xlsx",
            Self::Xls => "xls",
            Self::Ods => "ods",
            Self::Csv => "csv",
        }
    }

    /// The kind of a word.
    pub fn parse(word: &str) -> Option<Self> {
        [Self::Xlsx, Self::Xls, Self::Ods, Self::Csv].into_iter().find(|kind| kind.word() == word)
    }

    /// The kind of a file by its first bytes; the file is left at its beginning.
    ///
    /// # Errors
    /// [`Trouble::Blank`], [`Trouble::WebPage`], [`Trouble::NotAWorkbook`] or
    /// [`Trouble::NotAFile`] if it cannot be read.
    pub fn of(file: &mut (impl Read + Seek), promise: Promise) -> Result<Self, Trouble> {
        let mut head = Vec::new();
        file.seek(SeekFrom::Start(0)).map_err(|_| Trouble::NotAFile)?;
        file.take(HEAD).read_to_end(&mut head).map_err(|_| Trouble::NotAFile)?;
        file.seek(SeekFrom::Start(0)).map_err(|_| Trouble::NotAFile)?;
        Self::of_head(&head, promise)
    }

    fn of_head(head: &[u8], promise: Promise) -> Result<Self, Trouble> {
        if head.is_empty() {
            return Err(Trouble::Blank);
        }
        if head.starts_with(ZIP) {
            // A zip part's name begins 30 bytes behind the part.
            let is_ods = head.get(30..38) == Some(ODS_PART);
            return Ok(if is_ods { Self::Ods } else { Self::Xlsx });
        }
        if head.starts_with(COMPOUND) {
            return Ok(Self::Xls);
        }
        let text = head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head);
        if text.trim_ascii_start().first() == Some(&b'<') {
            return Err(Trouble::WebPage);
        }
        let is_wide = head.starts_with(b"\xff\xfe") || head.starts_with(b"\xfe\xff");
        if promise == Promise::Workbook || (head.contains(&0) && !is_wide) {
            return Err(Trouble::NotAWorkbook);
        }
        Ok(Self::Csv)
    }
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use super::{Kind, Promise};
    use crate::exchange::cell::Trouble;

    fn kind(head: &[u8], name: &str) -> Result<Kind, Trouble> {
        Kind::of(&mut Cursor::new(head), Promise::of_name(name))
    }

    #[test]
    fn a_file_is_what_its_bytes_say_and_not_what_its_name_says() {
        assert_eq!(kind(b"PK\x03\x04 and so on", "ledger.csv"), Ok(Kind::Xlsx));
        assert_eq!(kind(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "ledger.xlsx"), Ok(Kind::Xls));
        assert_eq!(kind("编号,标题\n".as_bytes(), "ledger.csv"), Ok(Kind::Csv));
        assert_eq!(kind("编号,标题\n".as_bytes(), "-"), Ok(Kind::Csv));
    }

    #[test]
    fn a_web_page_that_calls_itself_a_workbook_is_named_as_such() {
        assert_eq!(kind(b"\n <html><table>", "export.xls"), Err(Trouble::WebPage));
        assert_eq!(kind(b"\xef\xbb\xbf<?xml version=\"1.0\"?>", "a.xls"), Err(Trouble::WebPage));
    }

    #[test]
    fn random_bytes_and_a_renamed_text_are_no_workbook() {
        assert_eq!(kind(b"\x00\x01\x02", "ledger.csv"), Err(Trouble::NotAWorkbook));
        assert_eq!(kind(b"number,title\n", "ledger.xlsx"), Err(Trouble::NotAWorkbook));
        assert_eq!(kind(b"", "ledger.xlsx"), Err(Trouble::Blank));
    }
}

//! Attachments of a case: scans and evidence, named by the SHA-256 of their bytes.
//!
//! The bytes lie outside of the ledger's rows. What a file is, is told by its content alone; a name is
//! shown and never a path.
//! INVARIANT: two attachments of one case that are not removed have different bytes.

use std::collections::BTreeMap;

use chrono::{Days, NaiveDate};
use serde::{Deserialize, Serialize};

use crate::domain::broken::Broken;
use crate::domain::case::Case;
use crate::domain::choice::{Choice, choices};
use crate::domain::ids::OfficerId;
use crate::domain::text::{Lines, clean, is_hidden};

/// The most characters of a name.
pub const NAME_MAX: usize = 60;
/// The most bytes of a name: what a file system takes, with room for a number before it.
const NAME_BYTES_MAX: usize = 200;
/// The most attachments of a case.
pub const N_MAX: usize = 300;
/// So many calendar days the file of an attachment that was removed stays, so that the removal can be
/// taken back.
pub const KEPT_DAYS: u64 = 30;
/// So many bytes of the disk stay free for the ledger itself: no attachment is taken below them.
pub const DISK_FLOOR: u64 = 256 << 20;
/// How a compound file begins: every program of an office document is one, and no picture is.
pub const COMPOUND: [u8; 4] = *b"\xd0\xcf\x11\xe0";
/// The digits of a SHA-256.
const DIGEST_DIGITS: usize = 64;

choices! {
    /// What an attachment is.
    Matter("matter") {
        /// The scan of a signed or received paper.
        Scan = "scan",
        /// The petitioner's letter or material.
        Letter = "letter",
        /// Evidence that was gathered.
        Evidence = "evidence",
        /// Proof of who somebody is, or that they may act for another.
        Authority = "authority",
        /// Proof that a paper was delivered.
        Delivery = "delivery",
        /// A picture of a place.
        Picture = "picture",
        /// Something else.
        Other = "other",
    }

    /// What kind of file it is, told by its content.
    Media("media") {
        /// PDF.
        Pdf = "pdf",
        /// JPEG.
        Jpeg = "jpeg",
        /// PNG.
        Png = "png",
        /// TIFF.
        Tiff = "tiff",
        /// A text document (OOXML).
        Docx = "docx",
        /// A workbook (OOXML).
        Xlsx = "xlsx",
        /// A fixed-layout document (GB/T 33190).
        Ofd = "ofd",
    }
}

/// An attachment of a case.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attachment {
    /// The name that is shown.
    pub name: String,
    /// What it is.
    pub matter: Matter,
    /// What there is to say about it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// How many bytes it has.
    pub n_bytes: u64,
    /// The SHA-256 of its bytes, in hexadecimal digits: the name of its file.
    pub digest: String,
    /// What kind of file it is.
    pub media: Media,
    /// The day on which it was added.
    pub on: NaiveDate,
    /// Who added it; none if the account has no officer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<OfficerId>,
    /// The number of the step that it belongs to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub step: Option<u32>,
    /// That it was removed; its number stays taken.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub removed: Option<Removed>,
}

/// That an attachment was removed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Removed {
    /// Why.
    pub why: String,
    /// The day.
    pub on: NaiveDate,
    /// Who removed it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<OfficerId>,
}

/// The bytes that attachments may have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Room {
    /// Of one.
    pub one: u64,
    /// Of all of a case.
    pub case: u64,
}

/// Why a text is no name of a file, as the key of a rule.
///
/// # Errors
/// It is empty, too long, begins with a dot, or holds what leads elsewhere or hides.
pub fn judge_name(name: &str) -> Result<(), Broken> {
    let broken = |key| Err(Broken::new(key).at("attach.name"));
    let is_barred = |char: char| {
        is_hidden(char)
            || matches!(char, '/' | '\\' | ':' | '*' | '?' | '"' | '<' | '>' | '|')
            || matches!(char, '\u{2044}' | '\u{2215}' | '\u{29f8}' | '\u{ff0f}' | '\u{ff3c}')
    };
    if name.is_empty() || name.chars().all(|char| char == '.' || char == ' ') {
        return broken("attachment_needs_a_name");
    }
    if name.chars().any(is_barred) || name.starts_with(['.', '~', '-']) || name.ends_with('.') {
        return broken("attachment_name_is_barred");
    }
    if name.chars().count() > NAME_MAX || name.len() > NAME_BYTES_MAX {
        return broken("attachment_name_is_too_long");
    }
    // What cleaning would change is not what it seems to be.
    if clean(name, Lines::One).text != name {
        return broken("attachment_name_is_barred");
    }
    Ok(())
}

/// Judges the bytes of the disk that a file would leave free, so that attachments never stop the
/// ledger.
///
/// # Errors
/// Fewer than [`DISK_FLOOR`].
pub fn judge_disk(left: u64) -> Result<(), Broken> {
    if left >= DISK_FLOOR {
        return Ok(());
    }
    Err(Broken::new("disk_is_short").with("least", mebibytes(DISK_FLOOR)))
}

/// Whether a text is a SHA-256 as it names a file.
pub fn is_digest(text: &str) -> bool {
    let is_digit = |byte: u8| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte);
    text.len() == DIGEST_DIGITS && text.bytes().all(is_digit)
}

impl Case {
    /// The attachments that are there, by number.
    pub fn attached(&self) -> impl Iterator<Item = (u32, &Attachment)> {
        let all = self.attachments.iter().map(|(number, own)| (*number, own));
        all.filter(|(_, own)| own.removed.is_none())
    }

    /// The case with one more attachment, and its number.
    ///
    /// # Errors
    /// A name that is none, a step that is not there, the same bytes twice, or no room.
    pub fn attach(&self, attachment: Attachment, room: Room) -> Result<(Self, u32), Broken> {
        judge_name(&attachment.name)?;
        if let Some(step) = attachment.step.filter(|step| !self.steps.contains_key(step)) {
            let broken = Broken::new("no_such_step_to_attach_to").at("attach.step");
            return Err(broken.with("number", step));
        }
        let is_same = |(_, own): &(u32, &Attachment)| own.digest == attachment.digest;
        if let Some((number, own)) = self.attached().find(is_same) {
            let broken = Broken::new("attachment_is_there").with("number", number);
            return Err(broken.with("name", &own.name));
        }
        if attachment.n_bytes > room.one {
            return Err(Broken::new("attachment_is_too_large").with("most", mebibytes(room.one)));
        }
        let present: u64 = self.attached().map(|(_, own)| own.n_bytes).sum();
        if present.saturating_add(attachment.n_bytes) > room.case {
            let broken = Broken::new("attachments_are_too_large");
            return Err(broken.with("most", mebibytes(room.case)));
        }
        self.judge_removed(&attachment, room)?;
        if self.attachments.len() >= N_MAX {
            return Err(Broken::new("too_many_attachments").with("most", N_MAX));
        }
        let number = self.attachments.keys().next_back().map_or(1, |last| last.saturating_add(1));
        let mut next = self.clone();
        next.attachments.insert(number, attachment);
        Ok((next, number))
    }

    /// What was removed lies there for [`KEPT_DAYS`] more, in as much room again: whoever attaches
    /// and removes in turn fills no disk.
    fn judge_removed(&self, attachment: &Attachment, room: Room) -> Result<(), Broken> {
        let first = attachment.on.checked_sub_days(Days::new(KEPT_DAYS)).unwrap_or_default();
        let stays = |own: &&Attachment| own.removed.as_ref().is_none_or(|it| it.on >= first);
        let held: u64 = self.attachments.values().filter(stays).map(|own| own.n_bytes).sum();
        if held.saturating_add(attachment.n_bytes) <= room.case.saturating_mul(2) {
            return Ok(());
        }
        let broken = Broken::new("removed_attachments_stay").with("days", KEPT_DAYS);
        Err(broken.with("most", mebibytes(room.case.saturating_mul(2))))
    }

    /// The case without an attachment: its number and name stay, with the reason.
    ///
    /// # Errors
    /// The case has ended, so that its file is kept whole; or it is not there.
    pub fn detach(&self, number: u32, removed: Removed) -> Result<Self, Broken> {
        if !self.stage().is_open() {
            return Err(Broken::new("attachment_stays_in_the_file").at("detach.number"));
        }
        let mut next = self.clone();
        let own = next.attachments.get_mut(&number).filter(|own| own.removed.is_none());
        let own = own.ok_or_else(|| {
            Broken::new("no_such_attachment").at("detach.number").with("number", number)
        })?;
        own.removed = Some(removed);
        Ok(next)
    }

    /// Whether what stands of its attachments could have been made by a rule.
    pub(in crate::domain) fn has_sound_attachments(&self) -> bool {
        self.attachments.values().all(|own| is_digest(&own.digest))
    }

    /// The digests of the files that it names and another state of it does not.
    pub fn digests_beyond(&self, other: &Self) -> Vec<String> {
        let has = |digest: &str| other.attached().any(|(_, own)| own.digest == digest);
        let beyond = self.attached().filter(|(_, own)| !has(&own.digest));
        beyond.map(|(_, own)| own.digest.clone()).collect()
    }
}

/// Attachments as somebody sees them who sees persons masked: that they are there, and no more.
pub fn covered(attachments: &BTreeMap<u32, Attachment>) -> BTreeMap<u32, Attachment> {
    let cover = |own: &Attachment| Attachment {
        name: String::new(),
        note: None,
        digest: String::new(),
        removed: own.removed.clone().map(|removed| Removed { why: String::new(), ..removed }),
        ..own.clone()
    };
    attachments.iter().map(|(number, own)| (*number, cover(own))).collect()
}

/// Bytes as whole mebibytes.
pub const fn mebibytes(n_bytes: u64) -> u64 {
    n_bytes >> 20
}

/// What the first bytes of a file say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Head {
    /// What it is.
    Sure(Media),
    /// A package of files; their names tell what it is.
    Package,
    /// Nothing that is taken.
    Unknown,
}

/// How many bytes of a file's end may hold the end of a package's directory.
pub const TAIL_MAX: usize = 22 + 65_535;
/// The longest directory of a package that is read.
pub const DIRECTORY_MAX: u64 = 1 << 20;

const END_SIGN: &[u8] = b"PK\x05\x06";
const ENTRY_SIGN: &[u8] = b"PK\x01\x02";
const END_BYTES: usize = 22;
const ENTRY_BYTES: usize = 46;

/// What the first bytes of a file say.
pub fn head_of(bytes: &[u8]) -> Head {
    let signs: [(&[u8], Media); 6] = [
        (b"%PDF-", Media::Pdf),
        (b"\xff\xd8\xff", Media::Jpeg),
        (b"\x89PNG\r\n\x1a\n", Media::Png),
        (b"II*\x00", Media::Tiff),
        (b"MM\x00*", Media::Tiff),
        (b"II+\x00", Media::Tiff),
    ];
    if bytes.starts_with(b"PK\x03\x04") {
        return Head::Package;
    }
    let found = signs.iter().find(|(sign, _)| bytes.starts_with(sign));
    found.map_or(Head::Unknown, |(_, media)| Head::Sure(*media))
}

/// Where the directory of a package lies, from the end of its file: first byte and length.
pub fn directory_of(tail: &[u8], n_bytes: u64) -> Option<(u64, u64)> {
    let last = tail.len().checked_sub(END_BYTES)?;
    let at =
        (0..=last).rev().find(|at| tail.get(*at..).is_some_and(|it| it.starts_with(END_SIGN)))?;
    let number = |from: usize| {
        let bytes = tail.get(at + from..at + from + 4)?.try_into().ok()?;
        Some(u64::from(u32::from_le_bytes(bytes)))
    };
    let (length, from) = (number(12)?, number(16)?);
    (length <= DIRECTORY_MAX && from.checked_add(length)? <= n_bytes).then_some((from, length))
}

/// How many parts the directory of a package names.
pub fn n_parts_of(directory: &[u8]) -> usize {
    names_of(directory).map_or(0, |names| names.len())
}

/// What a package is by the names in its directory; none of a kind that is not taken. Whether it holds
/// a program its parts tell, not their names.
pub fn media_of(directory: &[u8]) -> Option<Media> {
    let names = names_of(directory)?;
    let has = |wanted: &str| names.iter().any(|name| name == wanted);
    if has("[Content_Types].xml") && has("word/document.xml") {
        return Some(Media::Docx);
    }
    if has("[Content_Types].xml") && has("xl/workbook.xml") {
        return Some(Media::Xlsx);
    }
    has("OFD.xml").then_some(Media::Ofd)
}

/// The names in the directory of a package; none if it does not hold together.
fn names_of(directory: &[u8]) -> Option<Vec<String>> {
    let (mut names, mut rest) = (Vec::new(), directory);
    while !rest.is_empty() {
        if !rest.starts_with(ENTRY_SIGN) {
            return None;
        }
        let length = |at: usize| {
            let bytes = rest.get(at..at + 2)?.try_into().ok()?;
            Some(usize::from(u16::from_le_bytes(bytes)))
        };
        let (name, extra, remark) = (length(28)?, length(30)?, length(32)?);
        let bytes = rest.get(ENTRY_BYTES..ENTRY_BYTES + name)?;
        names.push(String::from_utf8_lossy(bytes).replace('\\', "/"));
        rest = rest.get(ENTRY_BYTES + name + extra + remark..)?;
    }
    Some(names)
}

impl Media {
    /// How the name of such a file ends.
    pub const fn ending(self) -> &'static str {
        match self {
            Self::Jpeg => "jpg",
            Self::Tiff => "tif",
            Self::Pdf | Self::Png | Self::Docx | Self::Xlsx | Self::Ofd => self.word(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{
        DISK_FLOOR, Head, Media, directory_of, head_of, is_digest, judge_disk, judge_name,
        media_of, n_parts_of,
    };

    fn entry(name: &str) -> Vec<u8> {
        let mut bytes = vec![0; 46];
        bytes[..4].copy_from_slice(b"PK\x01\x02");
        bytes[28] = u8::try_from(name.len()).unwrap();
        bytes.extend(name.bytes());
        bytes
    }

    fn directory(names: &[&str]) -> Vec<u8> {
        names.iter().flat_map(|name| entry(name)).collect()
    }

    #[test]
    fn a_file_is_what_its_content_says() {
        assert_eq!(head_of(b"%PDF-1.7\n"), Head::Sure(Media::Pdf));
        assert_eq!(head_of(b"\xff\xd8\xff\xe0"), Head::Sure(Media::Jpeg));
        assert_eq!(head_of(b"MZ\x90\x00"), Head::Unknown);
        assert_eq!(head_of(b""), Head::Unknown);
        assert_eq!(head_of(b"PK\x03\x04"), Head::Package);
        let types = "[Content_Types].xml";
        assert_eq!(media_of(&directory(&[types, "word/document.xml"])), Some(Media::Docx));
        assert_eq!(media_of(&directory(&[types, "xl/workbook.xml"])), Some(Media::Xlsx));
        assert_eq!(media_of(&directory(&["OFD.xml", "Doc_0/Document.xml"])), Some(Media::Ofd));
        assert_eq!(media_of(&directory(&["a.txt"])), None, "any other package");
        let whole = directory(&[types, "xl/workbook.xml"]);
        assert_eq!(media_of(&whole[..whole.len() - 3]), None, "cut off");
        assert_eq!((n_parts_of(&whole), n_parts_of(&whole[1..])), (2, 0));
    }

    #[test]
    fn the_directory_of_a_package_lies_within_its_file() {
        let mut tail = vec![0; 22];
        tail[..4].copy_from_slice(b"PK\x05\x06");
        tail[12..16].copy_from_slice(&100_u32.to_le_bytes());
        tail[16..20].copy_from_slice(&400_u32.to_le_bytes());
        assert_eq!(directory_of(&tail, 522), Some((400, 100)));
        assert_eq!(directory_of(&tail, 499), None);
        assert_eq!(directory_of(&tail[1..], 522), None);
    }

    #[test]
    fn a_name_leads_nowhere_and_hides_nothing() {
        for good in ["征地补偿协议.pdf", "照片 3.jpg", "a"] {
            assert!(judge_name(good).is_ok(), "{good}");
        }
        let bad = [
            "",
            ".",
            "..",
            "../a.pdf",
            "a/b",
            "a\\b",
            "C:a",
            ".hidden",
            "~a",
            "-rf",
            "a\u{202e}fdp",
            "a\u{200b}b",
            "a\nb",
            "a\0b",
            "a\u{ff0f}b",
            " a",
            "a ",
            "a.",
            "\u{1b}[2J",
        ];
        for bad in bad {
            assert!(judge_name(bad).is_err(), "{bad:?}");
        }
        assert!(judge_name(&"长".repeat(61)).is_err());
        assert!(judge_name(&"\u{20000}".repeat(51)).is_err(), "too many bytes");
    }

    #[test]
    fn no_attachment_is_taken_below_the_floor_of_the_disk() {
        assert!(judge_disk(DISK_FLOOR).is_ok());
        assert_eq!(judge_disk(DISK_FLOOR - 1).unwrap_err().key, "disk_is_short");
    }

    #[test]
    fn the_name_of_a_file_is_a_hash_and_no_path() {
        assert!(is_digest(&"0a".repeat(32)));
        for bad in ["", "../x", &"0A".repeat(32), &"0a".repeat(33)] {
            assert!(!is_digest(bad), "{bad}");
        }
    }
}

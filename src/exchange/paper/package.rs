//! The package of a docx: which parts hold text, and all parts again, of which only those have other
//! bytes.
//!
//! It may come from anybody, so it is small, unpacks to little, and `guard.rs` looks through all its
//! markup: it holds no program and fetches nothing when it is opened.

use std::io::{Cursor, Read, Write};

use sha2::{Digest, Sha256};
use zip::write::SimpleFileOptions;
use zip::{ZipArchive, ZipWriter};

use crate::api::paper::TEMPLATE_BYTES_MAX;
use crate::domain::attachment::COMPOUND;
use crate::exchange::paper::PaperError;
use crate::exchange::paper::guard::{self, DOCUMENT};

/// The most bytes of all parts together when unpacked.
const UNPACKED_MAX: u64 = 16 << 20;
/// The most bytes of a part that holds text.
const TEXT_MAX: u64 = 4 << 20;
/// The bytes by which a part is told that is no text.
const HEAD_BYTES: u64 = 8;
/// The most parts.
const PARTS_MAX: usize = 300;
/// What every such package has.
const TYPES: &str = "[Content_Types].xml";

/// A package that was looked at.
pub struct Package {
    bytes: Vec<u8>,
}

/// The SHA-256 of bytes, in hexadecimal digits.
pub fn digest(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

impl Package {
    /// Looks at a package: declared sizes lie, so every part is unpacked once and counted.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn read(bytes: Vec<u8>) -> Result<Self, PaperError> {
        if bytes.len() > TEMPLATE_BYTES_MAX {
            return Err(PaperError::TooLarge);
        }
        let mut archive = ZipArchive::new(Cursor::new(&bytes)).map_err(|_| PaperError::NotDocx)?;
        if archive.len() > PARTS_MAX {
            return Err(PaperError::TooLarge);
        }
        let (mut n_unpacked, mut names) = (0_u64, Vec::new());
        for index in 0..archive.len() {
            let mut part = archive.by_index(index).map_err(|_| PaperError::Odd)?;
            let name = part.name().map_err(|_| PaperError::Odd)?.into_owned();
            let room = UNPACKED_MAX - n_unpacked;
            let is_read = is_markup(&name);
            let most = if is_read { TEXT_MAX.min(room) + 1 } else { HEAD_BYTES };
            let mut text = Vec::new();
            (&mut part).take(most).read_to_end(&mut text).map_err(|_| PaperError::Odd)?;
            if text.starts_with(&COMPOUND) {
                return Err(PaperError::Macros);
            }
            n_unpacked += text.len() as u64;
            if !is_read {
                let rest = std::io::copy(&mut (&mut part).take(room + 1), &mut std::io::sink());
                n_unpacked += rest.map_err(|_| PaperError::Odd)?;
            }
            if n_unpacked > UNPACKED_MAX || is_read && text.len() as u64 > TEXT_MAX {
                return Err(PaperError::TooLarge);
            }
            if is_read {
                let text = String::from_utf8(text).map_err(|_| PaperError::Odd)?;
                guard::may_stay(&name, &text)?;
            }
            names.push(name);
        }
        let has = |wanted: &str| names.iter().filter(|name| *name == wanted).count() == 1;
        if !has(DOCUMENT) || !has(TYPES) {
            return Err(PaperError::NotDocx);
        }
        let is_program = |name: &String| {
            let name = name.to_ascii_lowercase();
            name.contains("vbaproject") || name.contains("activex") || name.contains("oleobject")
        };
        if names.iter().any(is_program) {
            return Err(PaperError::Macros);
        }
        Ok(Self { bytes })
    }

    /// The texts of all parts that hold some.
    ///
    /// # Errors
    /// A part is no text.
    pub fn texts(&self) -> Result<Vec<String>, PaperError> {
        let mut archive = self.archive()?;
        let mut texts = Vec::new();
        for index in 0..archive.len() {
            let part = archive.by_index(index).map_err(|_| PaperError::Odd)?;
            let name = part.name().map_err(|_| PaperError::Odd)?.into_owned();
            if is_text(&name) {
                texts.push(text(part)?);
            }
        }
        Ok(texts)
    }

    /// The text of the document itself.
    ///
    /// # Errors
    /// It is no text.
    pub fn document(&self) -> Result<String, PaperError> {
        let mut archive = self.archive()?;
        text(archive.by_name(DOCUMENT).map_err(|_| PaperError::Odd)?)
    }

    /// All its bytes, with other texts.
    ///
    /// # Errors
    /// A part is not what it should be.
    pub fn written(
        &self,
        change: impl Fn(&str) -> Result<String, PaperError>,
    ) -> Result<Vec<u8>, PaperError> {
        let odd = |_| PaperError::Odd;
        let mut archive = self.archive()?;
        let mut out = ZipWriter::new(Cursor::new(Vec::new()));
        for index in 0..archive.len() {
            let part = archive.by_index_raw(index).map_err(odd)?;
            let name = part.name().map_err(odd)?.into_owned();
            if !is_text(&name) {
                out.raw_copy_file(part).map_err(odd)?;
                continue;
            }
            drop(part);
            let text = text(archive.by_index(index).map_err(odd)?)?;
            out.start_file(name, SimpleFileOptions::default()).map_err(odd)?;
            out.write_all(change(&text)?.as_bytes()).map_err(|_| PaperError::Odd)?;
        }
        Ok(out.finish().map_err(odd)?.into_inner())
    }

    fn archive(&self) -> Result<ZipArchive<Cursor<&Vec<u8>>>, PaperError> {
        ZipArchive::new(Cursor::new(&self.bytes)).map_err(|_| PaperError::NotDocx)
    }
}

fn text(part: impl Read) -> Result<String, PaperError> {
    let mut text = String::new();
    part.take(TEXT_MAX).read_to_string(&mut text).map_err(|_| PaperError::Odd)?;
    Ok(text)
}

/// Whether a part holds text that is printed: the document, heads and feet of its pages, its notes.
fn is_text(name: &str) -> bool {
    let Some(inner) = name.strip_prefix("word/").and_then(|name| name.strip_suffix(".xml")) else {
        return false;
    };
    let begins = ["document", "header", "footer", "footnotes", "endnotes"];
    !inner.contains('/') && begins.iter().any(|begin| inner.starts_with(begin))
}

/// Whether a part is markup, which is looked through.
fn is_markup(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    name.ends_with(".xml") || name.ends_with(".vml") || guard::is_relations(&name)
}

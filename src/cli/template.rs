//! Templates of papers as files of the exchange folder, for the terminal program: written there to be
//! edited, and read from there to be put in.
//!
//! A file is only read here: nothing is kept of it before the order, and what is read is laid aside at
//! the server under its hash, as a table is.

use std::io::Read as _;
use std::path::Path;

use crate::api::door::Door;
use crate::api::paper::TEMPLATE_BYTES_MAX;
use crate::api::refusal::{Refusal, RefusalKind};
use crate::cli::export::put_in;
use crate::cli::import::unreadable;
use crate::domain::paper::Paper;
use crate::domain::text::{Lines, clean};
use crate::exchange::file;
use crate::exchange::paper::{PaperError, Template, make};
use crate::locale::{self, Lang};
use crate::tui::incoming::TemplateRead;

/// The bytes of a file that may be a template.
///
/// # Errors
/// It cannot be read.
pub fn bytes_of(path: &Path) -> Result<Vec<u8>, Refusal> {
    let file = file::open(path).map_err(|why| unreadable(&why.into()))?;
    let mut bytes = Vec::new();
    // One byte more than may be: then it is refused as too large, and not cut.
    file.take(TEMPLATE_BYTES_MAX as u64 + 1).read_to_end(&mut bytes).map_err(|_| {
        let refusal = Refusal::new(RefusalKind::Invalid, "cannot_read");
        refusal.with("name", path.display().to_string())
    })?;
    Ok(bytes)
}

/// The name of a file as it is kept with its template.
pub fn name_of(path: &Path) -> String {
    let own = path.file_name().map(|name| name.to_string_lossy().into_owned());
    clean(&own.unwrap_or_default(), Lines::One).text
}

/// Writes the template that a paper uses now into a folder; where it lies.
///
/// # Errors
/// A refusal, or no room for the file.
pub fn take_out(door: &mut dyn Door, paper: Paper, folder: &Path) -> Result<String, Refusal> {
    let bytes = make::template_bytes(door, paper)?;
    let title = locale::text(Lang::Zh, &format!("choice.paper.{}", paper.word()));
    let stem = locale::fill(Lang::Zh, "templates.file", &[("paper", title)]);
    put_in((folder, &stem, "docx"), &bytes)
}

/// Reads a file as the template of a paper and lays it aside, unless it asks for what there is not.
///
/// # Errors
/// What is wrong with it, or a refusal.
pub fn read(door: &mut dyn Door, paper: Paper, path: &Path) -> Result<TemplateRead, Refusal> {
    let bytes = bytes_of(path)?;
    let name = name_of(path);
    let template = match Template::read(bytes.clone()) {
        Ok(template) => template,
        Err(PaperError::Unknown(unknown)) => {
            let (digest, lacks, lines) = Default::default();
            return Ok(TemplateRead { paper, name, digest, unknown, lacks, lines });
        }
        Err(error) => return Err(make::unfit(&error)),
    };
    template.suits(paper).map_err(|error| make::unfit(&error))?;
    let lacks = make::lacks(&template, paper)?;
    let lines = template.lines().map_err(|error| make::unfit(&error))?;
    make::stage(door, (&template.digest, &bytes))?;
    Ok(TemplateRead { paper, name, digest: template.digest, unknown: Vec::new(), lacks, lines })
}

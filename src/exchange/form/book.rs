//! The package of a workbook: which part is the sheet, and all parts again, of which only those that
//! follow from the filled rows have other bytes.

use std::collections::BTreeMap;
use std::io::{Cursor, Read, Write};

use zip::write::SimpleFileOptions;
use zip::{ZipArchive, ZipWriter};

use crate::exchange::form::FormError;
use crate::exchange::form::grid::{Edge, Shift};
use crate::exchange::form::sheet::{self, Filling};
use crate::exchange::form::style::Styles;
use crate::exchange::form::xml::{Odd, Stands, Tags, escaped, unescaped};
use crate::exchange::guard;

const WORKBOOK: &str = "xl/workbook.xml";
const RELATIONS: &str = "xl/_rels/workbook.xml.rels";
/// The most bytes of one part.
const PART_MAX: u64 = 64 << 20;

/// A workbook whose sheet is to be filled.
pub struct Book<'b> {
    archive: ZipArchive<Cursor<&'b Vec<u8>>>,
    workbook: String,
    name: String,
    number: String,
    sheet: String,
    styles: Option<String>,
    chain: Option<String>,
}

impl<'b> Book<'b> {
    /// Opens a workbook and finds a sheet by its name.
    ///
    /// # Errors
    /// [`FormError::Odd`] if it is not built as workbooks are.
    pub fn open(mut file: Cursor<&'b Vec<u8>>, name: &str) -> Result<Self, FormError> {
        guard::check(&mut file).map_err(crate::exchange::cell::SheetError::from)?;
        file.set_position(0);
        let mut archive = ZipArchive::new(file).map_err(|_| FormError::Odd)?;
        let workbook = part(&mut archive, WORKBOOK)?;
        let mut relations = BTreeMap::new();
        let text = part(&mut archive, RELATIONS)?;
        let mut tags = Tags::of(&text);
        while let Some(tag) = tags.next_tag()? {
            if let (Some(id), Some(target)) = (tag.get("Id"), tag.get("Target")) {
                let kind = tag.get("Type").unwrap_or_default().rsplit('/').next();
                relations
                    .insert(id.to_owned(), (kind.unwrap_or_default().to_owned(), path(target)));
            }
        }
        let of_kind = |wanted: &str| {
            relations.values().find(|(kind, _)| kind == wanted).map(|(_, path)| path.clone())
        };
        let (number, id) = found(&workbook, name)?;
        let (_, sheet) = relations.get(&id).ok_or(FormError::Odd)?.clone();
        let (styles, chain) = (of_kind("styles"), of_kind("calcChain"));
        Ok(Self { archive, workbook, name: name.to_owned(), number, sheet, styles, chain })
    }

    /// All its bytes, with the rows in the sheet.
    ///
    /// # Errors
    /// [`FormError::Odd`] if a part is not what it should be.
    pub fn filled(mut self, filling: &Filling) -> Result<Vec<u8>, FormError> {
        let mut parts: BTreeMap<String, String> = BTreeMap::new();
        let shift = filling.shift();
        let mut styles = match &self.styles {
            Some(path) => Some(Styles::parse(part(&mut self.archive, path)?)?),
            None => None,
        };
        let text = part(&mut self.archive, &self.sheet)?;
        let text = sheet::filled((&text, &self.name), filling, styles.as_mut())?;
        let has_formulas = text.contains("<f");
        parts.insert(self.sheet.clone(), text);
        let styles = styles.and_then(Styles::finished);
        parts.extend(self.styles.clone().zip(styles));
        if has_formulas && let Some(workbook) = computed_anew(&self.workbook)? {
            self.workbook.clone_from(&workbook);
            parts.insert(WORKBOOK.to_owned(), workbook);
        }
        if shift.by > 0 {
            let workbook = names(&self.workbook, shift, &self.name)?;
            parts.insert(WORKBOOK.to_owned(), workbook);
            if let Some(path) = self.chain.clone()
                && let Ok(text) = part(&mut self.archive, &path)
            {
                parts.insert(path, chain(&text, shift, &self.number)?);
            }
        }
        self.written(&parts)
    }

    fn written(mut self, parts: &BTreeMap<String, String>) -> Result<Vec<u8>, FormError> {
        let odd = |_| FormError::Odd;
        let mut out = ZipWriter::new(Cursor::new(Vec::new()));
        for index in 0..self.archive.len() {
            let file = self.archive.by_index_raw(index).map_err(odd)?;
            let name = file.name().map_err(odd)?.into_owned();
            match parts.get(&name) {
                None => out.raw_copy_file(file).map_err(odd)?,
                Some(text) => {
                    drop(file);
                    out.start_file(name, SimpleFileOptions::default()).map_err(odd)?;
                    out.write_all(text.as_bytes()).map_err(|_| FormError::Odd)?;
                }
            }
        }
        Ok(out.finish().map_err(odd)?.into_inner())
    }
}

fn part(archive: &mut ZipArchive<Cursor<&Vec<u8>>>, name: &str) -> Result<String, FormError> {
    let file = archive.by_name(name).map_err(|_| FormError::Odd)?;
    let mut text = String::new();
    file.take(PART_MAX).read_to_string(&mut text).map_err(|_| FormError::Odd)?;
    Ok(text)
}

/// The part that a relation of the workbook leads to.
fn path(target: &str) -> String {
    match target.strip_prefix('/') {
        Some(whole) => whole.to_owned(),
        None => format!("xl/{}", target.trim_start_matches("./")),
    }
}

/// Number and relation of a sheet.
fn found(workbook: &str, name: &str) -> Result<(String, String), FormError> {
    let mut tags = Tags::of(workbook);
    while let Some(tag) = tags.next_tag()? {
        if tag.name == "sheet" && tag.get("name").map(unescaped).as_deref() == Some(name) {
            let number = tag.get("sheetId").unwrap_or_default().to_owned();
            let id = tag.get("r:id").ok_or(FormError::Odd)?;
            return Ok((number, id.to_owned()));
        }
    }
    Err(FormError::Odd)
}

/// The workbook that computes its sums when it is opened: those that stand there are of the empty
/// form. None if it says nothing of computing; then nothing that was computed stands there.
fn computed_anew(workbook: &str) -> Result<Option<String>, Odd> {
    let mut tags = Tags::of(workbook);
    while let Some(tag) = tags.next_tag()? {
        if tag.name == "calcPr" {
            let (head, tail) = (workbook.get(..tag.start), workbook.get(tag.end..));
            let (head, tail) = head.zip(tail).ok_or(Odd)?;
            return Ok(Some(format!("{head}{}{tail}", tag.with("fullCalcOnLoad", "1"))));
        }
    }
    Ok(None)
}

/// The names of a workbook, such as what is printed, after rows were put into a sheet.
fn names(workbook: &str, shift: Shift, own: &str) -> Result<String, Odd> {
    let mut out = String::with_capacity(workbook.len() + 16);
    let mut tags = Tags::of(workbook);
    let (mut at, mut in_name) = (0, false);
    while let Some(tag) = tags.next_tag()? {
        let between = workbook.get(at..tag.start).ok_or(Odd)?;
        if in_name {
            let text = shift.formula(&unescaped(between), |sheet| sheet == Some(own));
            out.push_str(&escaped(&text));
        } else {
            out.push_str(between);
        }
        in_name = tag.name == "definedName" && tag.stands == Stands::Opens;
        out.push_str(tag.text);
        at = tag.end;
    }
    out.push_str(workbook.get(at..).ok_or(Odd)?);
    Ok(out)
}

/// The order of computing after rows were put into a sheet; a cell without a sheet of its own is of
/// that of the cell before.
fn chain(text: &str, shift: Shift, own: &str) -> Result<String, Odd> {
    let mut out = String::with_capacity(text.len() + 16);
    let mut tags = Tags::of(text);
    let (mut at, mut sheet) = (0, String::new());
    while let Some(tag) = tags.next_tag()? {
        out.push_str(text.get(at..tag.start).ok_or(Odd)?);
        if let Some(number) = tag.get("i") {
            sheet = number.to_owned();
        }
        let cell = tag.get("r").filter(|_| tag.name == "c" && sheet == own);
        match cell {
            Some(cell) => out.push_str(&tag.with("r", &shift.range(cell, Edge::Firm))),
            None => out.push_str(tag.text),
        }
        at = tag.end;
    }
    out.push_str(text.get(at..).ok_or(Odd)?);
    Ok(out)
}

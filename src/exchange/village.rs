//! The form of a village as a workbook: its open matters with columns to fill in, rows for new
//! requests, who reports it, and its tasks.
//!
//! Whoever fills it in has a telephone: two sheets at most, one line of how to, what is to be filled in
//! is coloured, and every cell is a text, so that no day or number is turned into another.

use rust_xlsxwriter::{
    Color, DataValidation, Format, FormatAlign, FormatBorder, IgnoreError, Workbook, Worksheet,
};

use crate::api::village::{FormMatter, FormTask, FormView};
use crate::exchange::write::{WriteError, cell_text, sheet_name};
use crate::locale::{self, Lang};

pub mod read;

/// The columns of matters, each with its width: what went out, and what is to be filled in.
const MATTERS: [(&str, f64); 9] = [
    ("row", 12.0),
    ("number", 15.0),
    ("person", 10.0),
    ("matter", 34.0),
    ("stage", 12.0),
    ("lead", 10.0),
    ("progress", 40.0),
    ("on", 12.0),
    ("opinion", 24.0),
];
/// How many of them went out.
const MATTERS_SENT: usize = 6;
/// The columns of new requests, below those of matters of that width.
const NEW: [&str; 5] = ["serial", "phone", "name", "request", "received_on"];
/// How many rows there are for new requests.
const NEW_ROWS: u32 = 8;
/// The columns of tasks.
const TASKS: [(&str, f64); 8] = [
    ("row", 12.0),
    ("code", 8.0),
    ("task", 40.0),
    ("due", 12.0),
    ("done_on", 12.0),
    ("document", 18.0),
    ("place", 18.0),
    ("note", 30.0),
];
/// How many of them went out.
const TASKS_SENT: usize = 4;
/// What stands at the foot.
const FOOT: [&str; 4] = ["zero", "reporter", "signer", "reported_on"];
/// The row of the headers: above it stand the title, how to, and by what the form is known.
const HEADER_ROW: u32 = 3;
/// How high the title and the line of how to are, in points.
const HEIGHTS: (f64, f64) = (26.0, 30.0);

/// How the kinds of cells look.
struct Looks {
    title: Format,
    line: Format,
    head: Format,
    head_filled: Format,
    sent: Format,
    id: Format,
    filled: Format,
}

impl Looks {
    fn new() -> Self {
        let boxed = Format::new().set_border(FormatBorder::Thin).set_num_format("@");
        let boxed = boxed.set_align(FormatAlign::Top).set_text_wrap();
        let head = boxed.clone().set_bold().set_align(FormatAlign::Center);
        let yellow = Color::RGB(0xFF_F7D6);
        let title = Format::new().set_bold().set_font_size(16).set_align(FormatAlign::Center);
        Self {
            title: title.set_align(FormatAlign::VerticalCenter),
            line: Format::new().set_text_wrap().set_align(FormatAlign::Top),
            head: head.clone().set_background_color(Color::RGB(0xE7_EDF3)),
            head_filled: head.set_background_color(yellow),
            id: boxed.clone().set_font_size(8).set_font_color(Color::RGB(0x59_5959)),
            sent: boxed.clone(),
            filled: boxed.set_background_color(yellow),
        }
    }
}

/// The text of a column or a label.
pub fn label(lang: Lang, key: &str) -> String {
    locale::text(lang, &format!("village.column.{key}"))
}

/// The bytes of a form.
///
/// # Errors
/// [`WriteError`] if it does not fit.
pub fn xlsx(lang: Lang, form: &FormView) -> Result<Vec<u8>, WriteError> {
    let (mut book, looks) = (Workbook::new(), Looks::new());
    let sheet = book.add_worksheet();
    sheet.set_name(sheet_name(&locale::text(lang, "village.sheet.matters"), 0))?;
    let columns = MATTERS.map(|(key, width)| (label(lang, key), width));
    begin(sheet, (lang, form, "village.how.matters"), (&columns, MATTERS_SENT), &looks)?;
    let mut next = HEADER_ROW + 1;
    for own in &form.matters {
        line(sheet, next, (&cells(lang, own), MATTERS.len()), &looks)?;
        next += 1;
    }
    next = fresh(sheet, lang, next + 1, &looks)?;
    foot(sheet, lang, (next + 1, form.zero), &looks)?;
    if !form.tasks.is_empty() {
        let sheet = book.add_worksheet();
        sheet.set_name(sheet_name(&locale::text(lang, "village.sheet.tasks"), 0))?;
        let columns = TASKS.map(|(key, width)| (label(lang, key), width));
        begin(sheet, (lang, form, "village.how.tasks"), (&columns, TASKS_SENT), &looks)?;
        for (row, task) in (HEADER_ROW + 1..).zip(&form.tasks) {
            line(sheet, row, (&task_cells(task), TASKS.len()), &looks)?;
        }
    }
    Ok(book.save_to_buffer()?)
}

fn cells(lang: Lang, own: &FormMatter) -> [String; MATTERS_SENT] {
    let stage = locale::text(lang, &format!("stage.{}", own.stage.word()));
    let person = own.person.clone();
    [
        own.row.clone(),
        own.number.clone(),
        person.unwrap_or_else(|| locale::text(lang, "village.anonymous")),
        own.title.clone(),
        stage,
        own.lead.clone().unwrap_or_default(),
    ]
}

fn task_cells(own: &FormTask) -> [String; TASKS_SENT] {
    [own.row.clone(), own.code.clone(), own.title.clone(), own.until.to_string()]
}

/// Title, how to, by what the form is known, and the headers, which stay in sight.
fn begin(
    sheet: &mut Worksheet,
    (lang, form, how): (Lang, &FormView, &str),
    (columns, n_sent): (&[(String, f64)], usize),
    looks: &Looks,
) -> Result<(), WriteError> {
    let n_columns = u16::try_from(columns.len()).map_err(|_| WriteError)?;
    let args = [
        ("town", form.town.clone()),
        ("village", form.village.clone()),
        ("code", form.duty.0.clone()),
        ("duty", form.duty.1.clone()),
        ("period", form.period.clone()),
        ("due", form.due.to_string()),
    ];
    let said = [
        (locale::fill(lang, "village.title", &args), &looks.title, HEIGHTS.0),
        (locale::fill(lang, how, &args), &looks.line, HEIGHTS.1),
    ];
    for (row, (text, look, height)) in (0..).zip(said) {
        sheet.merge_range(row, 0, row, n_columns - 1, "", look)?;
        sheet.write_string_with_format(row, 0, cell_text(&text), look)?;
        sheet.set_row_height(row, height)?;
    }
    let known = HEADER_ROW - 1;
    sheet.write_string_with_format(known, 0, label(lang, "form"), &looks.head)?;
    sheet.merge_range(known, 1, known, 3, "", &looks.id)?;
    sheet.write_string_with_format(known, 1, cell_text(&form.form), &looks.id)?;
    for (at, (title, width)) in (0_u16..).zip(columns) {
        let look = if usize::from(at) < n_sent { &looks.head } else { &looks.head_filled };
        sheet.write_string_with_format(HEADER_ROW, at, cell_text(title), look)?;
        sheet.set_column_width(at, *width)?;
    }
    sheet.set_freeze_panes(HEADER_ROW + 1, 0)?;
    sheet.set_landscape();
    sheet.set_paper_size(9);
    sheet.set_print_fit_to_pages(1, 0);
    sheet.set_repeat_rows(HEADER_ROW, HEADER_ROW)?;
    sheet.set_footer("&C&P / &N");
    let last = HEADER_ROW + 1 + u32::try_from(form.matters.len()).unwrap_or(0) + NEW_ROWS + 10;
    sheet.ignore_error_range(0, 0, last, n_columns - 1, IgnoreError::NumberStoredAsText)?;
    Ok(())
}

/// A row: what went out, and cells to be filled in.
fn line(
    sheet: &mut Worksheet,
    row: u32,
    (sent, n_columns): (&[String], usize),
    looks: &Looks,
) -> Result<(), WriteError> {
    let n_columns = u16::try_from(n_columns).map_err(|_| WriteError)?;
    for at in 0..n_columns {
        let look = if at == 0 { &looks.id } else { &looks.sent };
        match sent.get(usize::from(at)) {
            Some(text) => sheet.write_string_with_format(row, at, cell_text(text), look)?,
            None => sheet.write_blank(row, at, &looks.filled)?,
        };
    }
    Ok(())
}

/// Rows for new requests; gives the row behind them.
fn fresh(sheet: &mut Worksheet, lang: Lang, first: u32, looks: &Looks) -> Result<u32, WriteError> {
    for (at, key) in (0_u16..).zip(NEW) {
        let look = if at == 0 { &looks.head } else { &looks.head_filled };
        sheet.write_string_with_format(first, at, label(lang, key), look)?;
    }
    for number in 1..=NEW_ROWS {
        let serial = [number.to_string()];
        line(sheet, first + number, (&serial, NEW.len()), looks)?;
    }
    Ok(first + NEW_ROWS + 1)
}

/// Who reports it; a zero report is chosen, so that nobody has to know how it is spelt.
fn foot(
    sheet: &mut Worksheet,
    lang: Lang,
    (first, zero): (u32, bool),
    looks: &Looks,
) -> Result<(), WriteError> {
    let asked = FOOT.iter().filter(|key| zero || **key != "zero");
    for (row, key) in (first..).zip(asked) {
        sheet.write_string_with_format(row, 0, label(lang, key), &looks.head_filled)?;
        sheet.write_blank(row, 1, &looks.filled)?;
        if *key == "zero" {
            let words = ["village.yes", "village.no"].map(|key| locale::text(lang, key));
            let choice = DataValidation::new().allow_list_strings(&words)?;
            sheet.add_data_validation(row, 1, row, 1, &choice)?;
        }
    }
    Ok(())
}

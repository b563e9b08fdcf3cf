//! The table of figures: each with its ratio, its budget and whether it keeps it.

use std::fmt::Write as _;

/// What a figure may be.
#[derive(Debug, Clone, Copy)]
pub enum Limit {
    /// At most so much.
    AtMost(f64),
    /// At least so much.
    AtLeast(f64),
}

/// One line of the table.
pub struct Row {
    /// The budget that it belongs to.
    pub budget: &'static str,
    /// What was measured.
    pub what: String,
    /// The figure with its unit.
    pub figure: String,
    /// What is compared with the budget, and what it is a ratio of.
    pub ratio: Option<(f64, &'static str)>,
    /// The budget; none if the figure is only told.
    pub limit: Option<Limit>,
}

/// All lines.
#[derive(Default)]
pub struct Report {
    rows: Vec<Row>,
}

impl Report {
    /// Adds a figure that is only told.
    pub fn tell(&mut self, budget: &'static str, what: &str, figure: String) {
        let what = what.to_owned();
        self.add(Row { budget, what, figure, ratio: None, limit: None });
    }

    /// Adds a figure that is compared with a budget of the same unit.
    pub fn judge(
        &mut self,
        (budget, what): (&'static str, &str),
        (value, unit): (f64, &str),
        limit: Limit,
    ) {
        let figure = format!("{} {unit}", number(value));
        let what = what.to_owned();
        self.add(Row { budget, what, figure, ratio: Some((value, "")), limit: Some(limit) });
    }

    /// Adds a line, and says so at once, because the whole takes minutes.
    pub fn add(&mut self, row: Row) {
        eprintln!("{:4} {}: {}", row.budget, row.what, row.figure);
        self.rows.push(row);
    }

    /// The table.
    pub fn text(&self) -> String {
        let head = ["", "what", "figure", "ratio", "budget", ""].map(str::to_owned);
        let lines: Vec<[String; 6]> =
            std::iter::once(head).chain(self.rows.iter().map(Row::cells)).collect();
        let width = |column: usize| {
            lines.iter().filter_map(|line| Some(line.get(column)?.chars().count())).max()
        };
        let mut text = String::new();
        for line in &lines {
            for (column, cell) in line.iter().enumerate() {
                let blanks = width(column).unwrap_or(0).saturating_sub(cell.chars().count());
                let _ = write!(text, "{cell}{:blanks$}  ", "");
            }
            text.truncate(text.trim_end().len());
            text.push('\n');
        }
        text
    }

    /// How many figures miss their budget.
    pub fn n_missed(&self) -> usize {
        self.rows.iter().filter(|row| row.is_kept() == Some(false)).count()
    }
}

impl Row {
    fn is_kept(&self) -> Option<bool> {
        let ((value, _), limit) = (self.ratio?, self.limit?);
        Some(match limit {
            Limit::AtMost(most) => value <= most,
            Limit::AtLeast(least) => value >= least,
        })
    }

    fn cells(&self) -> [String; 6] {
        let ratio = match self.ratio {
            Some((value, of)) if !of.is_empty() => format!("{value:.2} x {of}"),
            _ => String::new(),
        };
        let limit = match self.limit {
            Some(Limit::AtMost(most)) => format!("<= {}", number(most)),
            Some(Limit::AtLeast(least)) => format!(">= {}", number(least)),
            None => String::new(),
        };
        let verdict = match self.is_kept() {
            Some(true) => "ok",
            Some(false) => "MISS",
            None => "",
        };
        let (what, figure) = (self.what.clone(), self.figure.clone());
        [self.budget.to_owned(), what, figure, ratio, limit, verdict.to_owned()]
    }
}

/// The median; of an even number of values the upper one.
pub fn median(values: &[f64]) -> f64 {
    let mut values = values.to_vec();
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
}

/// Median, least and most, in milliseconds.
pub fn spread(values: &[f64]) -> String {
    let least = values.iter().copied().fold(f64::INFINITY, f64::min);
    let most = values.iter().copied().fold(0.0, f64::max);
    format!("{} ms ({}-{})", number(median(values)), number(least), number(most))
}

/// A number with as many digits as say something.
pub fn number(value: f64) -> String {
    match value.abs() {
        n if n >= 100.0 || n.fract() == 0.0 => format!("{value:.0}"),
        n if n >= 10.0 => format!("{value:.1}"),
        n if n >= 0.1 => format!("{value:.2}"),
        _ => format!("{value:.3}"),
    }
}

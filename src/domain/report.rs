//! Reports: their kinds, and the days that each compares with each other.

use chrono::{Datelike, Days, Months, NaiveDate};
use serde::{Deserialize, Serialize};

use crate::domain::choice::{Choice, choices};

choices! {
    /// A kind of report.
    ReportKind("report_kind") {
        /// Of a week, from Monday.
        Weekly = "weekly",
        /// Of a month.
        Monthly = "monthly",
        /// Of a quarter: the analysis of the situation.
        Quarterly = "quarterly",
        /// Of a campaign since it began.
        SelfInspection = "self_inspection",
        /// Of a year.
        Annual = "annual",
    }
}

/// Days from the first to the last.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Span {
    /// The first.
    pub from: NaiveDate,
    /// The last.
    pub until: NaiveDate,
}

impl Span {
    /// Whether a day is one of them.
    pub fn has(self, day: NaiveDate) -> bool {
        (self.from..=self.until).contains(&day)
    }
}

/// What a report compares: its own days, those before, and the same days of last year.
///
/// It begins where its week, month, quarter or year begins and ends on the named day, so that a part
/// of a month is compared with the same part of the month before. A campaign's report begins with the
/// campaign, or with the year where there is none.
pub fn spans(kind: ReportKind, until: NaiveDate, campaign_from: Option<NaiveDate>) -> [Span; 3] {
    let year_from = until.with_ordinal(1).unwrap_or(until);
    let month_from = until.with_day(1).unwrap_or(until);
    let quarter = (until.month0() / 3) * 3 + 1;
    let back = |months: u32, from: NaiveDate| Span {
        from: from - Months::new(months),
        until: same_day(until, months),
    };
    let (from, before) = match kind {
        ReportKind::Weekly => {
            let week = Days::new(7);
            let monday = until.weekday().num_days_from_monday();
            let from = until.checked_sub_days(Days::new(u64::from(monday))).unwrap_or(until);
            (from, Span { from: from - week, until: until - week })
        }
        ReportKind::Monthly => (month_from, back(1, month_from)),
        ReportKind::Quarterly => {
            let from = month_from.with_month(quarter).unwrap_or(month_from);
            (from, back(3, from))
        }
        ReportKind::Annual => (year_from, back(12, year_from)),
        ReportKind::SelfInspection => {
            let from = campaign_from.filter(|from| *from <= until).unwrap_or(year_from);
            let n_days = until.signed_duration_since(from).num_days().unsigned_abs() + 1;
            let last = from.pred_opt().unwrap_or(from);
            let first = from.checked_sub_days(Days::new(n_days)).unwrap_or(from);
            (from, Span { from: first, until: last })
        }
    };
    let last_year = match kind {
        // As many days, whatever February had.
        ReportKind::Weekly => Span { from: from - Months::new(12), until: until - Months::new(12) },
        _ => Span { from: from - Months::new(12), until: same_day(until, 12) },
    };
    [Span { from, until }, before, last_year]
}

/// The same day some months earlier; of the last day of a month the last one.
fn same_day(day: NaiveDate, months: u32) -> NaiveDate {
    let earlier = day - Months::new(months);
    let is_last = |day: NaiveDate| day.succ_opt().is_some_and(|next| next.month() != day.month());
    if !is_last(day) {
        return earlier;
    }
    let ahead = earlier.with_day(1).map_or(earlier, |first| first + Months::new(1));
    ahead.pred_opt().unwrap_or(earlier)
}

#[cfg(test)]
mod tests {
    use chrono::NaiveDate;

    use super::{ReportKind, spans};

    fn said(kind: ReportKind, until: &str, campaign: Option<&str>) -> Vec<String> {
        let day = |text: &str| text.parse::<NaiveDate>().unwrap();
        let spans = spans(kind, day(until), campaign.map(day));
        spans.map(|span| format!("{}..{}", span.from, span.until)).to_vec()
    }

    #[test]
    fn a_part_of_a_period_is_compared_with_the_same_part_of_the_others() {
        for (kind, until, wanted) in [
            (
                ReportKind::Weekly,
                "2026-10-21",
                ["2026-10-19..2026-10-21", "2026-10-12..2026-10-14", "2025-10-19..2025-10-21"],
            ),
            (
                ReportKind::Monthly,
                "2026-10-20",
                ["2026-10-01..2026-10-20", "2026-09-01..2026-09-20", "2025-10-01..2025-10-20"],
            ),
            (
                ReportKind::Quarterly,
                "2026-12-31",
                ["2026-10-01..2026-12-31", "2026-07-01..2026-09-30", "2025-10-01..2025-12-31"],
            ),
            (
                ReportKind::Annual,
                "2028-02-29",
                ["2028-01-01..2028-02-29", "2027-01-01..2027-02-28", "2027-01-01..2027-02-28"],
            ),
        ] {
            assert_eq!(said(kind, until, None), wanted, "{}", kind.word());
        }
    }

    #[test]
    fn the_last_day_of_a_month_is_compared_with_the_last_day_of_another() {
        let february = said(ReportKind::Monthly, "2027-02-28", None);
        assert_eq!(february[1], "2027-01-01..2027-01-31");
        let march = said(ReportKind::Monthly, "2027-03-31", None);
        assert_eq!(march[1], "2027-02-01..2027-02-28");
        assert_eq!(march[2], "2026-03-01..2026-03-31");
    }

    #[test]
    fn a_self_inspection_begins_with_the_campaign_and_else_with_the_year() {
        let own = said(ReportKind::SelfInspection, "2026-10-20", Some("2026-10-11"));
        assert_eq!(
            own,
            ["2026-10-11..2026-10-20", "2026-10-01..2026-10-10", "2025-10-11..2025-10-20"]
        );
        let none = said(ReportKind::SelfInspection, "2026-10-20", None);
        assert_eq!(none[0], "2026-01-01..2026-10-20");
        let early = said(ReportKind::SelfInspection, "2026-10-20", Some("2026-11-01"));
        assert_eq!(early[0], "2026-01-01..2026-10-20", "a campaign that has not begun");
    }
}

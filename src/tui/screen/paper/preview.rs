//! What one paper would say, as text without borders; from here it is written into the exchange
//! folder. Numbers of persons are masked until then.
//!
//! What was typed for it stays as long as this screen does, and is kept until it is written.

use ratatui::Frame;
use ratatui::layout::{Position, Rect};
use ratatui::text::Line;

use crate::api::door::Notice;
use crate::api::own;
use crate::api::paper::{Blanks, Draft, Filed, PaperOffer, PaperOffers, Wanted};
use crate::api::refusal::Refusal;
use crate::api::reply::Reply;
use crate::api::request::Request;
use crate::domain::act::Act;
use crate::domain::ids::{Kind, PersonId};
use crate::domain::text::{Lines, clean};
use crate::locale;
use crate::tui::key::Key;
use crate::tui::look::Role;
use crate::tui::screen::copy::Plain;
use crate::tui::screen::loaded::Loaded;
use crate::tui::screen::over::{Over, Then, Typing};
use crate::tui::screen::paper::fill::{About, PaperForm};
use crate::tui::screen::paper::kept::{self, Half};
use crate::tui::screen::paper::{name, seal, voids};
use crate::tui::screen::{Nav, Screen, Selection, Step, View, row};
use crate::tui::text::wrap;
use crate::tui::widget::table::Cell;

/// Lines above and below the text: paper and case, number, hint.
const FRAME_LINES: u16 = 3;

/// The screen.
pub struct PaperScreen {
    papers: PaperOffers,
    offer: PaperOffer,
    person: Option<PersonId>,
    /// What was typed, by placeholder.
    texts: Vec<(String, String)>,
    reason: String,
    /// Whether what was typed is in a paper already.
    is_written: bool,
    /// Whether the form opens by itself once the paper is there.
    goes_on: bool,
    /// Whether it is written once more under the number that it has, or gets a new one.
    under: Under,
    draft: Loaded<Draft>,
    top: usize,
    area: Rect,
    /// Where one is in the text that fills the screen, while that is seen.
    plain: Option<Plain>,
}

/// Under which number a paper is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Under {
    /// The one that it has.
    Own,
    /// A new one.
    New,
}

impl PaperScreen {
    /// A paper of a case, about one person alone where it is so.
    pub fn new(papers: &PaperOffers, offer: &PaperOffer, person: Option<PersonId>) -> Self {
        let under = if offer.number.is_some() { Under::Own } else { Under::New };
        Self {
            papers: papers.clone(),
            offer: offer.clone(),
            person,
            texts: Vec::new(),
            reason: String::new(),
            is_written: false,
            goes_on: false,
            under,
            draft: Loaded::Waiting,
            top: 0,
            area: Rect::default(),
            plain: None,
        }
    }

    /// The number under which it is written once more.
    fn again(&self) -> Option<String> {
        self.offer.number.clone().filter(|_| self.under == Under::Own)
    }

    fn wanted(&self) -> Wanted {
        Wanted {
            case: self.papers.case,
            paper: self.offer.paper,
            person: self.person,
            typed: self.texts.clone(),
            reason: self.reason.clone(),
            // What is empty was named when it was to be written.
            blanks: Blanks::Left,
            again: self.again(),
        }
    }

    fn title(&self, view: &View<'_>) -> String {
        locale::text(view.lang, &format!("choice.paper.{}", self.offer.paper.word()))
    }

    /// Which number it bears, in words.
    fn number(&self, view: &View<'_>) -> String {
        let said = |key: &str, number: &str| {
            locale::fill(view.lang, key, &[("number", number.to_owned())])
        };
        match (self.again(), &self.offer.next) {
            (Some(number), _) => said("paper.number_again", &number),
            (None, Some(next)) => said("paper.next", next),
            (None, None) if self.offer.paper.mark().is_some() => {
                locale::text(view.lang, "papers.number_later")
            }
            (None, None) => locale::text(view.lang, "papers.unnumbered"),
        }
    }

    fn lines(&self) -> Vec<String> {
        let lines = self.draft.get().map(|draft| draft.lines.as_slice()).unwrap_or_default();
        lines.iter().map(|line| clean(line, Lines::One).text).collect()
    }

    fn height(&self) -> usize {
        usize::from(self.area.height.saturating_sub(FRAME_LINES)).max(1)
    }

    fn wrapped(&self) -> Vec<String> {
        let width = usize::from(self.area.width).max(2);
        let parts = |line: &String| match wrap(line, width) {
            parts if parts.is_empty() => vec![String::new()],
            parts => parts.iter().map(ToString::to_string).collect::<Vec<_>>(),
        };
        self.lines().iter().flat_map(parts).collect()
    }

    /// What is kept of it while nothing is typed.
    fn blank(&self) -> own::Draft {
        kept::blank(&self.wanted(), name(&self.papers, None))
    }

    fn head(&self, view: &View<'_>, width: usize) -> Vec<Line<'static>> {
        let kept = [
            Cell::role(self.title(view), Role::Title),
            Cell::text(self.papers.number.clone()),
            seal(&self.papers, view),
        ];
        let rest = [Cell::text(row::flat(&self.papers.title))];
        let number = Cell::role(self.number(view), Role::Group);
        let other = self.offer.number.is_some();
        let other = other.then(|| {
            let key = match self.under {
                Under::Own => "paper.tab_new",
                Under::New => "paper.tab_own",
            };
            Cell::role(locale::text(view.lang, key), Role::Dim)
        });
        vec![
            row::yielding(view, (&kept, &rest), &[], width),
            row::sides(view, &[number], other.as_slice(), width),
        ]
    }

    fn foot(&self, view: &View<'_>) -> Cell {
        let empty = self.draft.get().map(|draft| draft.says.iter().filter(|one| one.is_needed));
        let empty: Vec<String> = empty
            .into_iter()
            .flatten()
            .filter(|one| one.text.is_empty())
            .map(|one| locale::text(view.lang, &format!("placeholder.{}", one.key)))
            .collect();
        if empty.is_empty() {
            return Cell::role(locale::text(view.lang, "paper.hint"), Role::Hint);
        }
        let gap = locale::text(view.lang, "page.and");
        let args = [("n", empty.len().to_string()), ("names", empty.join(&gap))];
        Cell::role(locale::fill(view.lang, "paper.lacks", &args), Role::Warning)
    }
}

impl Screen for PaperScreen {
    fn name(&self) -> &'static str {
        "paper"
    }

    fn wants(&self) -> Vec<Request> {
        vec![Request::Papers { case: self.papers.case }]
    }

    fn got(&mut self, _place: usize, reply: Reply) -> Step {
        if let Reply::Papers(papers) = reply {
            let own = papers.offers.iter().find(|own| own.paper == self.offer.paper);
            self.offer = own.cloned().unwrap_or_else(|| self.offer.clone());
            self.papers = *papers;
        }
        Step::Stay
    }

    fn refused(&mut self, _place: usize, refusal: &Refusal) -> Step {
        self.draft.refused(refusal);
        Step::Stay
    }

    fn touched(&self, notice: &Notice) -> bool {
        notice.everything
            || notice.touched.iter().any(|record| match record.kind {
                Kind::Case => record.id == self.papers.case.0,
                kind => matches!(kind, Kind::Office | Kind::Person | Kind::Receipt),
            })
    }

    fn drafts(&self) -> Option<Wanted> {
        Some(self.wanted())
    }

    fn drafted(&mut self, outcome: Result<Draft, Refusal>) -> Step {
        match outcome {
            Ok(draft) => {
                self.draft = Loaded::There(Box::new(draft));
                if std::mem::take(&mut self.goes_on) {
                    return Step::Fill;
                }
            }
            Err(refusal) => {
                let hides = self.draft.refused(&refusal);
                if !hides && self.draft.get().is_none() {
                    self.draft = Loaded::Gone;
                }
            }
        }
        Step::Stay
    }

    fn form(&self, view: &View<'_>) -> Option<Box<dyn Over>> {
        let about = About {
            title: format!("{} {}", self.title(view), self.number(view)),
            texts: &self.texts,
            reason: &self.reason,
            blank: self.blank(),
            is_written: self.is_written,
        };
        Some(Box::new(PaperForm::new(self.draft.get()?, about, view)))
    }

    fn draft(&self) -> Option<own::Draft> {
        let texts = || kept::typed(&self.blank(), (self.texts.clone(), &self.reason));
        (!self.is_written).then(texts).flatten()
    }

    fn go_on(&mut self, draft: &own::Draft) -> Step {
        let Some(half) = Half::of(draft) else { return Step::Stay };
        let is_own = half.again.is_some() && half.again == self.offer.number;
        self.under = if is_own { Under::Own } else { Under::New };
        (self.texts, self.reason) = (half.texts, half.reason);
        (self.is_written, self.goes_on) = (false, true);
        Step::Ask
    }

    fn typed_for_paper(&mut self, typing: Typing) -> Step {
        let is_same = self.texts == typing.texts && self.reason == typing.reason;
        self.is_written &= is_same;
        self.texts = typing.texts;
        self.reason = typing.reason;
        match typing.then {
            Then::See => Step::Ask,
            Then::Write => Step::Write(Box::new(self.wanted())),
        }
    }

    fn filed(&mut self, filed: &Filed) -> Step {
        let own = (self.papers.case, self.offer.paper, self.person);
        if (filed.case, filed.paper, filed.person) == own {
            self.offer.number.clone_from(&filed.number);
            self.under = if filed.number.is_some() { Under::Own } else { Under::New };
            self.is_written = true;
        }
        Step::Ask
    }

    fn on(&mut self, nav: Nav, _view: &View<'_>) -> Step {
        let last = self.wrapped().len().saturating_sub(self.height());
        match nav {
            Nav::Open if self.draft.get().is_some() => Step::Fill,
            Nav::Open => Step::Stay,
            Nav::NextPane | Nav::PreviousPane if self.offer.number.is_some() => {
                self.under = match self.under {
                    Under::Own => Under::New,
                    Under::New => Under::Own,
                };
                Step::Ask
            }
            Nav::NextPane | Nav::PreviousPane => {
                Step::Say("paper.has_no_number_yet".to_owned(), Vec::new())
            }
            Nav::Page => {
                self.plain = self.draft.get().map(|_| Plain::new(self.area));
                Step::Stay
            }
            _ => match nav.moved(self.top, (self.height(), last)) {
                Some(top) => {
                    self.top = top;
                    Step::Stay
                }
                None => Step::Pass,
            },
        }
    }

    fn navs(&self) -> &'static [Nav] {
        &[Nav::NextPane, Nav::PreviousPane, Nav::Page]
    }

    fn is_typing(&self) -> bool {
        self.plain.is_some()
    }

    fn typed(&mut self, key: Key, _view: &View<'_>) -> Step {
        let Some(plain) = &mut self.plain else { return Step::Pass };
        let step = plain.typed(key);
        self.plain = self.plain.filter(|plain| !plain.is_done());
        step
    }

    fn selected(&self) -> Selection {
        let number = self.offer.number.clone();
        let given = voids(number.as_deref(), self.offer.step);
        Selection {
            record: Some(self.papers.case.into()),
            version: Some(self.papers.version),
            name: name(&self.papers, number.as_ref()),
            permits: self.papers.permits.clone(),
            ahead: given.first().map(|_| Act::VoidPaper).into_iter().collect(),
            paper: Some(self.offer.paper),
            given,
            ..Selection::default()
        }
    }

    fn resized(&mut self, area: Rect) {
        self.area = area;
        let last = self.wrapped().len().saturating_sub(self.height());
        self.top = self.top.min(last);
    }

    fn draw(&self, frame: &mut Frame<'_>, area: Rect, view: &View<'_>) -> Option<Position> {
        let width = usize::from(area.width);
        if let Some(plain) = self.plain {
            plain.draw(&self.lines(), frame, area, view);
            return None;
        }
        let head = self.head(view, width);
        row::paint(frame, area, &head);
        let below = row::below(area, head.len());
        if self.draft.get().is_none() {
            self.draft.draw_absence(frame, below, ("paper.not_to_be_had", view));
            return None;
        }
        let (room, bottom) = row::hinted(below);
        let lines = self.wrapped();
        let shown = lines.iter().skip(self.top).take(usize::from(room.height));
        let shown: Vec<Line<'_>> = shown.map(|line| Line::raw(view.look.shown(line))).collect();
        row::paint(frame, room, &shown);
        if let Some(bottom) = bottom {
            let more = self.top + usize::from(room.height) < lines.len();
            row::paint(frame, bottom, &[row::foot(view, &[self.foot(view)], more, width)]);
        }
        None
    }
}

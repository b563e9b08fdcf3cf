//! The scan: masks first, then kind and scope, then the text; ranking and counting only what is
//! left.
//!
//! Words without letters or Chinese characters have no mask and are looked for with `memmem` over
//! all rows at once. Words that only a long text may hold are settled by reading it, for as many
//! as can still reach the page. Fuzzy matching comes last, for few rows, when little was found.

use std::ops::Range;

use memchr::memmem::Finder;

use crate::domain::ids::RecordRef;
use crate::search::Index;
use crate::search::arena::{Fields, RowId};
use crate::search::body::RowSet;
use crate::search::entry::{FieldTag, Scope};
use crate::search::fit::{RowFit, Tags, Wanted, body_score, fit_row, score};
use crate::search::query::{Found, HITS_MAX, Hit, Query, Why};
use crate::search::reader::{READS_MAX, Reader};
use crate::search::top::{Place, Top};
use crate::spell::fuzzy::Fuzzy;
use crate::spell::rank::chars_of;
use crate::spell::reading::is_han;
use crate::spell::term::{Grade, Term};

/// Fuzzy matching runs when fewer records than this were found.
pub const FUZZY_BELOW: usize = 8;

/// The most rows that fuzzy matching looks at, the newest records first.
pub const FUZZY_ROWS_MAX: usize = 1_000;

/// The most hits that fuzzy matching adds.
pub const FUZZY_HITS_MAX: usize = 20;

// The matcher's score is made to fit below the lowest score of any other grade.
const FUZZY_SCALE: u32 = 4;
const FUZZY_FINE_MAX: u32 = 39;

impl Index {
    /// Finds what fits every word of a query among the rows that the caller lets be seen.
    ///
    /// `visible` is asked once for each scope that comes up, before anything of the row is read.
    /// `read` gives a record's long texts joined by line breaks, as they are in the store; it is
    /// called at most [`READS_MAX`] times, for visible records only.
    pub fn find(
        &self,
        query: &Query,
        visible: impl Fn(&Scope) -> bool,
        read: impl FnMut(RecordRef) -> Option<String>,
    ) -> Found {
        let barred = Tags::of(&query.barred);
        let wanted: Vec<Wanted> = Term::parse(&self.speller, &query.text)
            .into_iter()
            .filter_map(|term| self.want(term, barred))
            .collect();
        if wanted.is_empty() {
            return Found::default();
        }
        let mut search = Search {
            index: self,
            barred,
            kinds: query.kinds.iter().fold(0, |set, kind| set | 1 << kind.code()),
            sight: Sight { visible, known: vec![Seen::Unasked; self.scopes.len()] },
            reader: Reader::new(read),
            wanted,
        };
        search.run(query.most.min(HITS_MAX))
    }

    fn want(&self, term: Term, barred: Tags) -> Option<Wanted<'_>> {
        let is_text = term.chars().iter().any(|char| is_han(*char))
            && !term.chars().iter().any(char::is_ascii_alphabetic)
            && !barred.has(FieldTag::Text);
        Some(Wanted {
            mask: self.masks.of_term(&self.speller, &term),
            begin: self.masks.begin(&term)?,
            bodies: if is_text { self.bodies.rows_with(term.chars()) } else { RowSet::default() },
            term,
        })
    }
}

struct Search<'a, V, R> {
    index: &'a Index,
    wanted: Vec<Wanted<'a>>,
    barred: Tags,
    kinds: u16,
    sight: Sight<V>,
    reader: Reader<R>,
}

/// Who may see which scope, asked once each.
struct Sight<V> {
    visible: V,
    known: Vec<Seen>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Seen {
    Unasked,
    Yes,
    No,
}

/// What a scan found.
struct Scanned {
    top: Top,
    n_sure: usize,
    // Rows that fit if their long text holds what its characters promise: the best, and all.
    pending: Top,
    n_pending: usize,
}

/// What is left of it once texts were read.
struct Settled {
    places: Vec<Place>,
    n_sure: usize,
}

enum Standing {
    Sure(u32),
    Pending(u32),
}

impl<V, R> Search<'_, V, R>
where
    V: Fn(&Scope) -> bool,
    R: FnMut(RecordRef) -> Option<String>,
{
    fn run(&mut self, most: usize) -> Found {
        let mut scanned =
            Scanned { top: Top::new(most), n_sure: 0, pending: Top::new(READS_MAX), n_pending: 0 };
        match self.driver() {
            Some(finder) => self.scan_digits(&finder, &mut scanned),
            None => self.scan_masks(&mut scanned),
        }
        let (scanned, n_unread) = self.settle(scanned);
        let mut found = Found { hits: Vec::new(), total: scanned.n_sure, n_unread };
        for place in scanned.places {
            let hit = self.hit(place.row);
            found.hits.push(hit);
        }
        if found.total + n_unread < FUZZY_BELOW {
            let loose = self.scan_loosely(most.saturating_sub(found.hits.len()));
            found.total += loose.len();
            found.hits.extend(loose);
        }
        found
    }

    /// The longest word, if no word has a mask: then its bytes lead to the rows.
    fn driver(&self) -> Option<Finder<'static>> {
        if self.wanted.iter().any(|wanted| wanted.mask != 0) {
            return None;
        }
        let longest = self.wanted.iter().map(|w| w.term.text()).max_by_key(|text| text.len())?;
        Some(Finder::new(longest).into_owned())
    }

    fn scan_digits(&mut self, finder: &Finder, scanned: &mut Scanned) {
        let bytes = self.index.arena.whole().as_bytes();
        let (mut from, mut row) = (0, 0);
        while let Some(at) = bytes.get(from..).and_then(|rest| finder.find(rest)) {
            row = self.index.arena.row_at(from + at, row);
            self.test(row, scanned);
            from = self.index.arena.end(row);
            row += 1;
        }
    }

    fn scan_masks(&mut self, scanned: &mut Scanned) {
        let index = self.index;
        let all = self.wanted.iter().fold(0, |mask, wanted| mask | wanted.mask);
        let has_bodies = self.wanted.iter().any(|wanted| !wanted.bodies.is_empty());
        for (row, mask) in (0..).zip(index.arena.masks()) {
            if mask & all == all || has_bodies && self.may_fit(row, *mask) {
                self.test(row, scanned);
            }
        }
    }

    #[inline]
    fn may_fit(&self, row: RowId, mask: u64) -> bool {
        self.wanted.iter().all(|w| mask & w.mask == w.mask || w.bodies.has(row))
    }

    fn test(&mut self, row: RowId, scanned: &mut Scanned) {
        if !self.may_see(row) {
            return;
        }
        let place = |score| Place::of(score, self.index.arena.record(row), row);
        match self.fit(row) {
            Some(Standing::Sure(score)) => {
                scanned.n_sure += 1;
                if scanned.top.takes_score(score) {
                    scanned.top.offer(place(score));
                }
            }
            Some(Standing::Pending(score)) => {
                scanned.n_pending += 1;
                scanned.pending.offer(place(score));
            }
            None => {}
        }
    }

    fn may_see(&mut self, row: RowId) -> bool {
        let Some(scope) = self.index.arena.scope(row) else { return false };
        if self.kinds != 0 && self.kinds >> self.index.arena.kind(row).code() & 1 == 0 {
            return false;
        }
        let at = scope as usize;
        let (Some(seen), Some(scope)) = (self.sight.known.get_mut(at), self.index.scopes.get(at))
        else {
            return false;
        };
        if *seen == Seen::Unasked {
            *seen = if (self.sight.visible)(scope) { Seen::Yes } else { Seen::No };
        }
        *seen == Seen::Yes
    }

    fn fit(&self, row: RowId) -> Option<Standing> {
        let fields = Fields::of(self.index.arena.text(row));
        let (mut sum, mut is_pending) = (0, false);
        for wanted in &self.wanted {
            match fit_row(&self.index.speller, wanted, fields.clone(), self.barred) {
                Some(fit) => sum += fit.score,
                None if wanted.bodies.has(row) => {
                    sum += body_score();
                    // One character is in the text or not; several may stand apart.
                    is_pending |= wanted.term.chars().len() > 1;
                }
                None => return None,
            }
        }
        Some(if is_pending { Standing::Pending(sum) } else { Standing::Sure(sum) })
    }

    /// Reads pending rows, the best first, while one can still reach the page; the second value
    /// is how many stay unread.
    fn settle(&mut self, scanned: Scanned) -> (Settled, usize) {
        let Scanned { mut top, mut n_sure, pending, n_pending } = scanned;
        top.cut();
        let mut n_read = 0;
        for place in pending.into_sorted() {
            if !self.reader.may_read() || !top.takes(place) {
                break;
            }
            n_read += 1;
            let arena = &self.index.arena;
            let fields = Fields::of(arena.text(place.row));
            let open = self.wanted.iter().filter(|wanted| {
                fit_row(&self.index.speller, wanted, fields.clone(), self.barred).is_none()
            });
            if self.reader.holds(arena.record(place.row), open.map(|wanted| &wanted.term)) {
                n_sure += 1;
                top.offer(place);
                top.cut();
            }
        }
        (Settled { places: top.into_sorted(), n_sure }, n_pending - n_read)
    }

    fn hit(&mut self, row: RowId) -> Hit {
        let arena = &self.index.arena;
        let mut hit = self.bare_hit(row, Grade::Exact);
        for wanted in &self.wanted {
            let fields = Fields::of(arena.text(row));
            if let Some(fit) = fit_row(&self.index.speller, wanted, fields, self.barred) {
                let RowFit { grade, field, bytes: (from, to), .. } = fit;
                hit.grade = hit.grade.min(grade);
                hit.mark(field, from..to);
            } else if let Some(excerpt) = self.reader.excerpt(hit.record, &wanted.term) {
                hit.grade = hit.grade.min(Grade::Inside);
                hit.why.push(Why { field: hit.fields.len(), chars: excerpt.chars });
                hit.fields.push((FieldTag::Text, excerpt.text));
            } else {
                hit.grade = hit.grade.min(Grade::Inside);
            }
        }
        hit
    }

    fn scan_loosely(&mut self, most: usize) -> Vec<Hit> {
        let most = most.min(FUZZY_HITS_MAX);
        if most == 0 || !self.wanted.iter().any(|wanted| Fuzzy::takes(&wanted.term)) {
            return Vec::new();
        }
        let all = self.wanted.iter().fold(0, |mask, wanted| mask | wanted.mask);
        let mut rows = Top::new(FUZZY_ROWS_MAX);
        for (row, mask) in (0..).zip(self.index.arena.masks()) {
            if mask & all == all && self.may_see(row) {
                rows.offer(Place::of(0, self.index.arena.record(row), row));
            }
        }
        let (mut fuzzy, mut top) = (Fuzzy::new(), Top::new(most));
        let mut hits = Vec::new();
        for place in rows.into_sorted() {
            if let Some((score, hit)) = self.loose_hit(place.row, &mut fuzzy) {
                let nth = RowId::try_from(hits.len()).unwrap_or(RowId::MAX);
                top.offer(Place::of(score, hit.record, nth));
                hits.push(Some(hit));
            }
        }
        let best = top.into_sorted();
        best.iter().filter_map(|at| hits.get_mut(at.row as usize)?.take()).collect()
    }

    /// A row in which every word fits, one at least only loosely.
    fn loose_hit(&self, row: RowId, fuzzy: &mut Fuzzy) -> Option<(u32, Hit)> {
        if self.fit(row).is_some() {
            return None;
        }
        let arena = &self.index.arena;
        let mut hit = self.bare_hit(row, Grade::Fuzzy);
        let mut sum = 0;
        for wanted in &self.wanted {
            let fields = Fields::of(arena.text(row));
            if let Some(fit) = fit_row(&self.index.speller, wanted, fields.clone(), self.barred) {
                sum += fit.score;
                hit.mark(fit.field, fit.bytes.0..fit.bytes.1);
                continue;
            }
            if !Fuzzy::takes(&wanted.term) {
                return None;
            }
            let shown = fields.filter(|(tag, _)| !self.barred.has(*tag)).enumerate();
            let spoken = shown.filter(|(_, (tag, _))| tag.is_spoken());
            let looked = spoken.filter_map(|(field, (tag, text))| {
                let found = fuzzy.look(&wanted.term, &self.index.speller, text)?;
                let fine = (found.score / FUZZY_SCALE).min(FUZZY_FINE_MAX);
                Some((score(Grade::Fuzzy, tag, 0) + fine, field, found.marks))
            });
            let (score, field, marks) =
                looked.max_by_key(|(score, field, _)| (*score, std::cmp::Reverse(*field)))?;
            sum += score;
            hit.why.extend(marks.into_iter().map(|chars| Why { field, chars }));
        }
        Some((sum, hit))
    }

    fn bare_hit(&self, row: RowId, grade: Grade) -> Hit {
        let fields = Fields::of(self.index.arena.text(row));
        Hit {
            record: self.index.arena.record(row),
            fields: fields
                .filter(|(tag, _)| !self.barred.has(*tag))
                .map(|(tag, text)| (tag, text.to_owned()))
                .collect(),
            why: Vec::new(),
            grade,
        }
    }
}

impl Hit {
    fn mark(&mut self, field: usize, bytes: Range<usize>) {
        if let Some((_, text)) = self.fields.get(field) {
            let chars = chars_of(text, bytes);
            self.why.push(Why { field, chars });
        }
    }
}

//! The inverted index: every word form of a language with the articles and sections it occurs in.
//!
//! Postings are counted first and then put where they belong, in one array for all forms. Each
//! thread does so for a range of forms.
//!
//! Postings of an earlier build are joined with those of the articles that have changed since.

use std::ops::Range;
use std::sync::Arc;

use rayon::prelude::*;

use super::analyse::Occurrences;

/// One form in one article.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Posting<'a> {
    pub doc: u32,
    pub weight: u8,
    /// Codes of [`super::analyse::Place`], ascending.
    pub places: &'a [u8],
}

/// In place of an article's number now: it is gone.
pub const GONE: u32 = u32::MAX;

/// The numbers of a form in two lists of which one is made.
#[derive(Clone, Copy, Debug)]
pub struct From {
    pub base: Option<usize>,
    pub own: Option<usize>,
}

/// The postings of all forms, by article.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Postings {
    /// By form, where its postings start; one more at the end.
    starts: Vec<u32>,
    docs: Vec<u32>,
    /// Of each posting, its weight and how many places it has.
    marks: Vec<[u8; 2]>,
    /// By form, where its places start; one more at the end.
    place_starts: Vec<u32>,
    places: Vec<u8>,
}

/// What one thread fills: the postings of a range of forms.
struct Share<'a> {
    forms: Range<usize>,
    docs: &'a mut [u32],
    marks: &'a mut [[u8; 2]],
    places: &'a mut [u8],
}

impl Postings {
    /// `rows` has by article the numbers of its forms, all below `forms`.
    pub fn new(articles: &[Arc<Occurrences>], rows: &[Vec<u32>], forms: usize) -> Postings {
        // By form, its postings and its places: what is looked up at once stands side by side.
        let none = || vec![[0u32; 2]; forms];
        let least = rows.len().div_ceil(rayon::current_num_threads());
        let counted = rows
            .par_iter()
            .zip(articles)
            .with_min_len(least)
            .fold(none, |mut counts, (row, article)| {
                for (&form, &count) in row.iter().zip(&article.counts) {
                    let [postings, places] = &mut counts[form as usize];
                    *postings += 1;
                    *places += u32::from(count);
                }
                counts
            })
            .reduce_with(|mut a, b| {
                for ([postings, places], b) in a.iter_mut().zip(b) {
                    *postings += b[0];
                    *places += b[1];
                }
                a
            });
        let (mut starts, mut place_starts) = (vec![0; forms + 1], vec![0; forms + 1]);
        for (form, [postings, places]) in counted.unwrap_or_else(none).into_iter().enumerate() {
            starts[form + 1] = starts[form] + postings;
            place_starts[form + 1] = place_starts[form] + places;
        }
        let (all, all_places) = (starts[forms] as usize, place_starts[forms] as usize);
        let mut docs = vec![0; all];
        let mut marks = vec![[0; 2]; all];
        let mut places = vec![0; all_places];
        let mut shares = Vec::new();
        let mut rest = (&mut docs[..], &mut marks[..], &mut places[..]);
        let mut from = 0;
        let threads = rayon::current_num_threads();
        for part in 1..=threads {
            let to = starts.partition_point(|&s| (s as usize) < all * part / threads).min(forms);
            let to = if part == threads { forms } else { to };
            let own = (starts[to] - starts[from]) as usize;
            let own_places = (place_starts[to] - place_starts[from]) as usize;
            let (own_docs, docs) = rest.0.split_at_mut(own);
            let (own_marks, marks) = rest.1.split_at_mut(own);
            let (own_places, places) = rest.2.split_at_mut(own_places);
            rest = (docs, marks, places);
            let forms = from..to;
            shares.push(Share { forms, docs: own_docs, marks: own_marks, places: own_places });
            from = to;
        }
        shares.into_par_iter().for_each(|share| share.fill(articles, rows, &starts, &place_starts));
        Postings { starts, docs, marks, place_starts, places }
    }

    /// Those of `base`, whose articles have the numbers `now` or are gone, and `own`, whose articles
    /// have the numbers `docs`. By form, `from` says where it comes from.
    pub fn joined(
        base: &Postings,
        now: &[u32],
        own: &Postings,
        docs: &[u32],
        from: &[From],
    ) -> Postings {
        let (count, places) =
            (base.docs.len() + own.docs.len(), base.places.len() + own.places.len());
        let mut all = Postings {
            starts: Vec::with_capacity(from.len() + 1),
            docs: Vec::with_capacity(count),
            marks: Vec::with_capacity(count),
            place_starts: Vec::with_capacity(from.len() + 1),
            places: Vec::with_capacity(places),
        };
        let in_order = now.iter().filter(|&&doc| doc != GONE).is_sorted();
        let is_gone = |&at: &usize| now[base.docs[at] as usize] == GONE;
        let gone: Vec<usize> = (0..base.docs.len()).filter(is_gone).collect();
        let mut has_changed = vec![!in_order; base.forms()];
        for &at in &gone {
            let form = base.starts.partition_point(|&start| start as usize <= at) - 1;
            has_changed[form] = true;
        }
        let stays =
            |from: &From| from.base.filter(|&form| from.own.is_none() && !has_changed[form]);
        let is_next = |a: &From, b: &From| stays(a).is_some_and(|form| stays(b) == Some(form + 1));
        let mut list: Vec<Posting<'_>> = Vec::new();
        // Nearly all stay, and are copied many at once.
        for row in from.chunk_by(is_next) {
            if let Some(form) = stays(&row[0]) {
                all.append(base, form..form + row.len(), now);
                continue;
            }
            all.starts.push(all.docs.len() as u32);
            all.place_starts.push(all.places.len() as u32);
            let new = row[0].own.into_iter().flat_map(|form| own.of(form));
            let new = new.map(|p| Posting { doc: docs[p.doc as usize], ..p });
            match row[0].base {
                Some(form) if in_order => all.merge(base, form, &gone, now, new),
                old => {
                    let old = old.into_iter().flat_map(|form| base.of(form));
                    let old = old.map(|p| Posting { doc: now[p.doc as usize], ..p });
                    list.extend(old.chain(new).filter(|posting| posting.doc != GONE));
                    list.sort_by_key(|posting| posting.doc);
                    list.drain(..).for_each(|posting| all.push(posting));
                }
            }
        }
        all.starts.push(all.docs.len() as u32);
        all.place_starts.push(all.places.len() as u32);
        all
    }

    /// Appends a posting of the form that comes last.
    fn push(&mut self, Posting { doc, weight, places }: Posting<'_>) {
        self.docs.push(doc);
        self.marks.push([weight, places.len() as u8]);
        self.places.extend_from_slice(places);
    }

    /// Appends to the form that comes last the postings of a form of `other`, whose articles have the
    /// numbers `now` in the same order, without those at the places `gone`, and new ones by article.
    fn merge<'p>(
        &mut self,
        other: &Postings,
        form: usize,
        gone: &[usize],
        now: &[u32],
        new: impl Iterator<Item = Posting<'p>>,
    ) {
        let Range { start: mut at, end } = other.range(form);
        let mut place = other.place_starts[form] as usize;
        let mut new = new.peekable();
        for &hole in gone_in(gone, at..end).iter().chain([&end]) {
            loop {
                let rest = &other.docs[at..hole];
                let comes_before = |posting: &Posting<'_>| {
                    rest.partition_point(|&doc| now[doc as usize] < posting.doc)
                };
                let to = at + new.peek().map_or(rest.len(), comes_before);
                let places = other.marks[at..to].iter().map(|&[_, count]| usize::from(count));
                let places = place..place + places.sum::<usize>();
                place = places.end;
                self.copy(other, at..to, places, now);
                at = to;
                // One that belongs to a hole comes behind it.
                let Some(posting) = new.next_if(|_| at < hole || hole == end) else { break };
                self.push(posting);
            }
            if let Some(&[_, count]) = other.marks[..end].get(hole) {
                place += usize::from(count);
                at = hole + 1;
            }
        }
    }

    fn copy(&mut self, other: &Postings, own: Range<usize>, places: Range<usize>, now: &[u32]) {
        self.docs.extend(other.docs[own.clone()].iter().map(|&doc| now[doc as usize]));
        self.marks.extend_from_slice(&other.marks[own]);
        self.places.extend_from_slice(&other.places[places]);
    }

    /// Appends some forms of another list, whose articles have the numbers `now`.
    fn append(&mut self, other: &Postings, forms: Range<usize>, now: &[u32]) {
        let range = |starts: &[u32]| starts[forms.start] as usize..starts[forms.end] as usize;
        let (own, places) = (range(&other.starts), range(&other.place_starts));
        let (docs_before, places_before) = (self.docs.len(), self.places.len());
        let starts = other.starts[forms.clone()].iter();
        self.starts.extend(starts.map(|&start| (start as usize - own.start + docs_before) as u32));
        let starts = other.place_starts[forms].iter();
        let moved = starts.map(|&start| (start as usize - places.start + places_before) as u32);
        self.place_starts.extend(moved);
        self.copy(other, own, places, now);
    }

    /// How many forms there are.
    pub fn forms(&self) -> usize {
        self.starts.len().saturating_sub(1)
    }

    /// All lists as they are, for [`Postings::from_raw`]: `starts`, `docs` and `place_starts`;
    /// `marks` and `places`.
    pub fn all(&self) -> ([&[u32]; 3], [&[u8]; 2]) {
        let marks = self.marks.as_flattened();
        ([&self.starts, &self.docs, &self.place_starts], [marks, &self.places])
    }

    /// The same again; `None` where they do not fit together.
    pub fn from_raw(
        starts: Vec<u32>,
        docs: Vec<u32>,
        marks: Vec<[u8; 2]>,
        place_starts: Vec<u32>,
        places: Vec<u8>,
    ) -> Option<Postings> {
        let fits = |starts: &[u32], all: usize| {
            starts.is_sorted() && starts.last().is_some_and(|&end| end as usize == all)
        };
        let fits = starts.len() == place_starts.len()
            && fits(&starts, docs.len())
            && fits(&place_starts, places.len())
            && docs.len() == marks.len();
        fits.then_some(Postings { starts, docs, marks, place_starts, places })
    }

    /// How many articles have a form.
    pub fn often(&self, form: usize) -> u32 {
        self.starts[form + 1] - self.starts[form]
    }

    /// The numbers of the articles that have a form, ascending.
    pub fn docs(&self, form: usize) -> &[u32] {
        &self.docs[self.range(form)]
    }

    /// The same, with the form's weight in each.
    pub fn weights(&self, form: usize) -> impl Iterator<Item = (u32, u8)> {
        let range = self.range(form);
        let marks = self.marks[range.clone()].iter();
        self.docs[range].iter().copied().zip(marks.map(|[weight, _]| *weight))
    }

    /// The codes of all places of a form, in whatever article.
    pub fn places(&self, form: usize) -> &[u8] {
        &self.places[self.place_starts[form] as usize..self.place_starts[form + 1] as usize]
    }

    /// All that is noted of a form, for a hash of it: articles, marks and places.
    pub fn raw(&self, form: usize) -> (&[u32], [&[u8]; 2]) {
        let range = self.range(form);
        (&self.docs[range.clone()], [self.marks[range].as_flattened(), self.places(form)])
    }

    /// By article, ascending.
    pub fn of(&self, form: usize) -> impl Iterator<Item = Posting<'_>> {
        let mut at = self.place_starts[form] as usize;
        self.range(form).map(move |i| {
            let start = at;
            let [weight, count] = self.marks[i];
            at += usize::from(count);
            Posting { doc: self.docs[i], weight, places: &self.places[start..at] }
        })
    }

    fn range(&self, form: usize) -> Range<usize> {
        self.starts[form] as usize..self.starts[form + 1] as usize
    }
}

/// Those of ascending places that lie in a range.
fn gone_in(places: &[usize], range: Range<usize>) -> &[usize] {
    let from = places.partition_point(|&place| place < range.start);
    let to = places.partition_point(|&place| place < range.end);
    &places[from..to]
}

impl Share<'_> {
    fn fill(
        self,
        articles: &[Arc<Occurrences>],
        rows: &[Vec<u32>],
        starts: &[u32],
        place_starts: &[u32],
    ) {
        let Range { start: first, end } = self.forms;
        // By form, where its next posting and its next places go.
        let from =
            |form: usize| [starts[form] - starts[first], place_starts[form] - place_starts[first]];
        let mut next: Vec<[u32; 2]> = (first..end).map(from).collect();
        for (doc, (row, article)) in (0..).zip(rows.iter().zip(articles)) {
            let mut at = 0;
            let marks = article.weights.iter().zip(&article.counts);
            for (&form, (&weight, &count)) in row.iter().zip(marks) {
                let places = &article.places[at..];
                at += usize::from(count);
                // Also none of a form before the first.
                let own = (form as usize).wrapping_sub(first);
                let Some([posting, place]) = next.get_mut(own) else { continue };
                self.docs[*posting as usize] = doc;
                self.marks[*posting as usize] = [weight, count];
                *posting += 1;
                let to = *place as usize;
                *place += u32::from(count);
                // Most stand in one place.
                match count {
                    1 => self.places[to] = places[0],
                    _ => {
                        let count = usize::from(count);
                        self.places[to..to + count].copy_from_slice(&places[..count]);
                    }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn postings_stand_by_form_and_article() {
        let article = |weights: &[u8], counts: &[u8], places: &[u8]| {
            let (weights, counts, places) = (weights.into(), counts.into(), places.into());
            Arc::new(Occurrences { weights, counts, places })
        };
        let articles =
            [article(&[5, 6], &[2, 0], &[0, 3]), article(&[], &[], &[]), article(&[7], &[1], &[9])];
        let rows = [vec![2, 0], vec![], vec![2]];
        for threads in 1..5 {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
            let all = pool.install(|| Postings::new(&articles, &rows, 3));
            let list = |form| all.of(form).map(|p| (p.doc, p.weight, p.places.to_vec()));
            assert_eq!(list(0).collect::<Vec<_>>(), [(0, 6, vec![])]);
            assert_eq!(list(1).count(), 0);
            assert_eq!(list(2).collect::<Vec<_>>(), [(0, 5, vec![0, 3]), (2, 7, vec![9])]);
            assert_eq!((all.often(1), all.often(2), all.docs(2)), (0, 2, &[0, 2][..]));
        }
    }
}

//! Who may read what: the portal's audiences, and the set of them that may see a thing.
//!
//! 1. `[audiences]` of `opas.toml` names them; each lists whom it includes. An audience reads what
//!    is marked for itself and for everybody that it includes, transitively.
//! 2. A mark (`audience: [admin]`, `> [!ADMIN]`) becomes a [`Visibility`]: the set of audiences
//!    that may see the thing. Marks of containing things combine by intersection.
//! 3. A view of the site asks [`Visibility::seen_by`], and nothing else decides.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// An audience, by its place in [`Audiences`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AudienceId(u8);

/// The set of audiences that may see a thing. Fails closed: what can't be resolved is
/// [`Visibility::NOBODY`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(from = "Blind", into = "Blind")]
pub struct Visibility(u64);

/// Those who may not see a thing: nobody is the shortest number to write.
#[derive(Serialize, Deserialize)]
struct Blind(u64);

impl From<Blind> for Visibility {
    fn from(Blind(set): Blind) -> Visibility {
        Visibility(!set)
    }
}

impl From<Visibility> for Blind {
    fn from(Visibility(set): Visibility) -> Blind {
        Blind(!set)
    }
}

impl Visibility {
    pub const EVERYBODY: Visibility = Visibility(u64::MAX);
    pub const NOBODY: Visibility = Visibility(0);

    /// Seen by those who may see both.
    #[must_use]
    pub fn and(self, other: Visibility) -> Visibility {
        Visibility(self.0 & other.0)
    }

    /// Seen by those who may see either.
    #[must_use]
    pub fn or(self, other: Visibility) -> Visibility {
        Visibility(self.0 | other.0)
    }

    /// The same number for the same readers.
    pub fn bits(self) -> u64 {
        self.0
    }

    pub fn is_everybody(self) -> bool {
        self == Visibility::EVERYBODY
    }

    pub fn seen_by(self, reader: Reader) -> bool {
        match reader {
            Reader::All => self != Visibility::NOBODY,
            Reader::One(id) => self.0 & (1 << id.0) != 0,
            Reader::Auditor => true,
        }
    }
}

/// For whom a view of the site is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Reader {
    /// `admin = "marked"`: all readers get all, marked as what it is.
    All,
    One(AudienceId),
    /// Everything, also what is for nobody: for proofs that nothing of it is published, never for
    /// what is.
    Auditor,
}

/// The audiences of a portal, the public (whoever reads without being of any audience) first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Audiences {
    names: Vec<String>,
    /// By audience: the set of audiences, itself among them, whose texts it reads.
    reads: Vec<u64>,
}

/// Why a table of audiences can't be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AudiencesError {
    #[error("audience `{0}` includes itself by way of `{1}`")]
    Circular(String, String),
    #[error("audience `{0}` includes `{1}`, which is not an audience")]
    Unknown(String, String),
    #[error("there are {0} audiences; at most 64 are possible")]
    TooMany(usize),
}

impl Default for Audiences {
    /// `user` and `admin`, who reads the users' texts too.
    fn default() -> Audiences {
        let table = BTreeMap::from([
            ("user".to_owned(), vec![]),
            ("admin".to_owned(), vec!["user".to_owned()]),
        ]);
        Audiences { names: vec!["user".into(), "admin".into()], reads: vec![0b01, 0b11] }
            .checked_against(&table)
    }
}

impl Audiences {
    /// From the table of `opas.toml`: each audience with those whom it includes. The public is the
    /// audience that the most others include, by name where several do.
    ///
    /// # Errors
    ///
    /// Circular inclusion, an unknown name, more than 64 audiences.
    pub fn new(table: &BTreeMap<String, Vec<String>>) -> Result<Audiences, AudiencesError> {
        if table.is_empty() {
            return Ok(Audiences::default());
        }
        if table.len() > 64 {
            return Err(AudiencesError::TooMany(table.len()));
        }
        let names: Vec<&String> = table.keys().collect();
        let index = |name: &String| names.binary_search(&name).ok();
        let mut reads = vec![0u64; names.len()];
        for (i, name) in names.iter().enumerate() {
            let mut stack = vec![i];
            while let Some(at) = stack.pop() {
                if reads[i] & (1 << at) != 0 {
                    continue;
                }
                reads[i] |= 1 << at;
                for included in &table[names[at]] {
                    let Some(next) = index(included) else {
                        let (a, b) = (names[at].clone(), included.clone());
                        return Err(AudiencesError::Unknown(a, b));
                    };
                    if next == i {
                        let by = names[at].clone();
                        return Err(AudiencesError::Circular((*name).clone(), by));
                    }
                    stack.push(next);
                }
            }
        }
        let mut order: Vec<usize> = (0..names.len()).collect();
        let readers = |i: usize| reads.iter().filter(|r| *r & (1 << i) != 0).count();
        order.sort_by_key(|&i| (reads[i].count_ones(), usize::MAX - readers(i), names[i].clone()));
        let moved = |set: u64| {
            order.iter().enumerate().fold(0, |to, (new, &old)| to | ((set >> old & 1) << new))
        };
        Ok(Audiences {
            reads: order.iter().map(|&old| moved(reads[old])).collect(),
            names: order.iter().map(|&old| names[old].clone()).collect(),
        })
    }

    fn checked_against(self, table: &BTreeMap<String, Vec<String>>) -> Audiences {
        debug_assert_eq!(Audiences::new(table).as_ref(), Ok(&self));
        self
    }

    /// Those who read without being of any audience.
    pub fn public(&self) -> AudienceId {
        AudienceId(0)
    }

    pub fn id(&self, name: &str) -> Option<AudienceId> {
        self.names.iter().position(|n| n == name).map(|i| AudienceId(i as u8))
    }

    pub fn name(&self, id: AudienceId) -> &str {
        &self.names[usize::from(id.0)]
    }

    /// Whose portal it is: an audience's name, or `everybody`.
    pub fn reader_name(&self, reader: Reader) -> &str {
        match reader {
            Reader::All | Reader::Auditor => "everybody",
            Reader::One(id) => self.name(id),
        }
    }

    /// All names, the public's first, then from the least to the most.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.names.iter().map(String::as_str)
    }

    /// Who may see what is marked for any of `marks`: those named, and those who include them.
    /// No mark at all is everybody; so is the public's own.
    ///
    /// # Errors
    ///
    /// The first mark that is no audience. The caller must then hide the thing.
    pub fn visibility<'a>(
        &self,
        marks: impl IntoIterator<Item = &'a str>,
    ) -> Result<Visibility, &'a str> {
        let mut wanted = 0u64;
        for mark in marks {
            let AudienceId(i) = self.id(mark).ok_or(mark)?;
            wanted |= 1 << i;
        }
        if wanted == 0 {
            return Ok(Visibility::EVERYBODY);
        }
        let mut seen = 0u64;
        for (i, reads) in self.reads.iter().enumerate() {
            if reads & wanted != 0 {
                seen |= 1 << i;
            }
        }
        let all = u64::MAX >> (64 - self.names.len());
        Ok(if seen == all { Visibility::EVERYBODY } else { Visibility(seen) })
    }

    /// The marks that tell a reader whom a restricted thing is for: the least audiences that see it.
    pub fn marks(&self, visibility: Visibility) -> Vec<&str> {
        if visibility.is_everybody() {
            return Vec::new();
        }
        let sees = |i: usize| visibility.0 & (1 << i) != 0;
        (0..self.names.len())
            .filter(|&i| {
                let least = |j: usize| j == i || !sees(j) || self.reads[i] & (1 << j) == 0;
                sees(i) && (0..self.names.len()).all(least)
            })
            .map(|i| self.names[i].as_str())
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lattice() -> Audiences {
        let of = |names: &[&str]| names.iter().map(|n| n.to_string()).collect::<Vec<_>>();
        Audiences::new(&BTreeMap::from([
            ("user".into(), of(&[])),
            ("key-user".into(), of(&["user"])),
            ("accountant".into(), of(&["user"])),
            ("admin".into(), of(&["key-user", "accountant"])),
        ]))
        .unwrap()
    }

    #[test]
    fn an_audience_reads_its_own_and_what_it_includes() {
        let audiences = lattice();
        let sees = |who: &str, marks: &[&str]| {
            let reader = Reader::One(audiences.id(who).unwrap());
            audiences.visibility(marks.iter().copied()).unwrap().seen_by(reader)
        };
        assert!(sees("user", &[]) && sees("user", &["user"]));
        assert!(!sees("user", &["key-user"]) && !sees("user", &["admin", "accountant"]));
        assert!(sees("admin", &["key-user"]) && sees("admin", &["admin"]));
        assert!(
            !sees("accountant", &["key-user"]) && sees("accountant", &["key-user", "accountant"])
        );
        assert_eq!(audiences.name(audiences.public()), "user");
    }

    #[test]
    fn nested_marks_intersect_and_unknown_ones_fail() {
        let audiences = lattice();
        let key = audiences.visibility(["key-user"]).unwrap();
        let accountant = audiences.visibility(["accountant"]).unwrap();
        let both = key.and(accountant);
        assert!(both.seen_by(Reader::One(audiences.id("admin").unwrap())));
        assert!(!both.seen_by(Reader::One(audiences.id("key-user").unwrap())));
        assert_eq!(audiences.marks(both), ["admin"]);
        assert_eq!(audiences.visibility(["admni"]), Err("admni"));
        assert!(!Visibility::NOBODY.seen_by(Reader::All));
    }

    #[test]
    fn a_circle_and_a_stranger_are_refused() {
        let table = |pairs: &[(&str, &str)]| {
            pairs.iter().map(|(a, b)| (a.to_string(), vec![b.to_string()])).collect()
        };
        let circle = Audiences::new(&table(&[("a", "b"), ("b", "a")]));
        assert!(matches!(circle, Err(AudiencesError::Circular(..))));
        let stranger = Audiences::new(&table(&[("a", "c")]));
        assert!(matches!(stranger, Err(AudiencesError::Unknown(..))));
    }
}

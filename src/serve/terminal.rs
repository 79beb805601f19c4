//! What the terminal says while a portal is served.

use std::collections::BTreeMap;
use std::io::{self, Write};
use std::sync::{Mutex, PoisonError};

use crate::diagnostic::Diagnostic;
use crate::report::{Format, Report, Tally};

use super::portal::Snapshot;

/// What becomes of lines that are no findings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lines {
    Said,
    Kept,
}

/// The writer's terminal; threads take turns.
pub struct Terminal {
    out: Mutex<Box<dyn Write + Send>>,
    /// What leads from the writer's folder to the portal, for the paths of findings.
    prefix: String,
    lines: Lines,
    /// None before anything was told.
    told: Mutex<Option<Told>>,
}

/// Findings that were told, by what they say: an edit above moves them, and that is no news.
#[derive(Default)]
struct Told {
    counts: BTreeMap<(&'static str, String, String), usize>,
    errors: bool,
}

impl Told {
    fn of(findings: &[Diagnostic]) -> Told {
        let mut told = Told::default();
        for finding in findings {
            *told.counts.entry(key(finding)).or_default() += 1;
            told.errors |= finding.is_error();
        }
        told
    }

    /// Whether this finding was not told yet; each one that was told counts once.
    fn lacks(&mut self, finding: &Diagnostic) -> bool {
        match self.counts.get_mut(&key(finding)) {
            Some(count) if *count > 0 => {
                *count -= 1;
                false
            }
            _ => true,
        }
    }
}

fn key(finding: &Diagnostic) -> (&'static str, String, String) {
    (finding.rule.id, finding.place.path.to_string(), finding.message.clone())
}

impl Terminal {
    pub fn new(out: Box<dyn Write + Send>, prefix: String, lines: Lines) -> Terminal {
        Terminal { out: Mutex::new(out), prefix, lines, told: Mutex::default() }
    }

    /// One line.
    pub fn line(&self, text: &str) {
        if self.lines == Lines::Said {
            self.write(|out| writeln!(out, "{text}"));
        }
    }

    /// Findings, with their source lines.
    pub fn findings(&self, findings: &[Diagnostic], snapshot: &dyn Snapshot) {
        let source = |path: &crate::path::SourcePath| snapshot.text(path);
        let place = |path: &crate::path::SourcePath| format!("{}{path}", self.prefix);
        let report = Report { findings, source: &source, place: &place };
        self.write(|out| report.write(Format::Human, out));
    }

    /// What is wrong now: at first errors in full and warnings as their number, then what is new,
    /// and the good news when the last error is gone.
    pub fn state(&self, findings: &[Diagnostic], snapshot: &dyn Snapshot) {
        let now = Told::of(findings);
        let mended = !now.errors;
        match self.tell(now) {
            None => self.first(findings, snapshot),
            Some(mut before) => {
                let new: Vec<Diagnostic> =
                    findings.iter().filter(|f| before.lacks(f)).cloned().collect();
                if !new.is_empty() {
                    self.findings(&new, snapshot);
                }
                if before.errors && mended {
                    self.line("no errors any more");
                }
            }
        }
    }

    fn first(&self, findings: &[Diagnostic], snapshot: &dyn Snapshot) {
        let (errors, warnings): (Vec<_>, Vec<_>) =
            findings.iter().cloned().partition(Diagnostic::is_error);
        if !errors.is_empty() {
            self.findings(&errors, snapshot);
        }
        if !warnings.is_empty() {
            self.line(&format!("{}: `opas check` lists them", Tally::of(&warnings)));
        }
    }

    fn tell(&self, now: Told) -> Option<Told> {
        self.told.lock().unwrap_or_else(PoisonError::into_inner).replace(now)
    }

    /// A terminal that is gone is no reason to stop serving.
    fn write(&self, with: impl FnOnce(&mut dyn Write) -> io::Result<()>) {
        let mut out = self.out.lock().unwrap_or_else(PoisonError::into_inner);
        let written = with(&mut **out).and_then(|()| out.flush());
        drop(written);
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use crate::diagnostic::{Place, Rule};
    use crate::path::{OutputPath, SourcePath};

    use super::super::portal::Body;
    use super::*;

    struct Nothing;

    impl Snapshot for Nothing {
        fn file(&self, _: &OutputPath) -> Option<Result<Body, Box<Diagnostic>>> {
            None
        }
        fn has(&self, _: &OutputPath) -> bool {
            false
        }
        fn source(&self, _: &OutputPath) -> Option<SourcePath> {
            None
        }
        fn findings(&self) -> &[Diagnostic] {
            &[]
        }
        fn check(&self) -> Vec<Diagnostic> {
            Vec::new()
        }
        fn text(&self, _: &SourcePath) -> Option<String> {
            None
        }
    }

    #[derive(Clone, Default)]
    struct Page(Arc<Mutex<Vec<u8>>>);

    impl Write for Page {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.lock().unwrap().extend_from_slice(bytes);
            Ok(bytes.len())
        }
        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn only_news_is_told() {
        let page = Page::default();
        let terminal = Terminal::new(Box::new(page.clone()), String::new(), Lines::Said);
        let next = |findings: &[Diagnostic]| {
            terminal.state(findings, &Nothing);
            let text = std::mem::take(&mut *page.0.lock().unwrap());
            String::from_utf8(text).unwrap()
        };
        let place = |line| Place::line(SourcePath::new("content/a.md"), line);
        let dead = |line| Diagnostic::new(Rule::warning("dead-link", ""), place(line), "dead");
        let broken = Diagnostic::new(Rule::error("unreadable", ""), place(0), "broken");
        assert_eq!(next(&[dead(2)]), "1 warning in 1 file: `opas check` lists them\n");
        assert!(next(&[dead(3), broken.clone()]).contains("broken"));
        assert_eq!(next(&[dead(3)]), "no errors any more\n");
        assert_eq!(next(&[dead(4)]), "", "it only moved");
        assert!(next(&[dead(4), dead(9)]).contains("a.md:9"));
        assert!(next(&[broken.clone(), dead(4)]).contains("broken"));
        assert_eq!(next(&[broken, dead(4)]), "");
        assert_eq!(next(&[dead(4)]), "no errors any more\n");
    }
}

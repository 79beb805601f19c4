//! The last good state of the pages that the writer looks at.
//!
//! A page whose source is broken right now is not there to be rendered. In its place the writer
//! keeps the page as it was when it was whole, and the overlay says what is wrong.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};

use crate::diagnostic::Diagnostic;
use crate::path::{OutputPath, SourcePath};

/// As many pages as somebody moves between.
const MOST: usize = 64;

/// A page as it was sent, without the script element.
#[derive(Clone, Debug)]
struct Page {
    path: OutputPath,
    bytes: Arc<[u8]>,
    source: Option<SourcePath>,
}

/// The pages that were sent last, the latest at the end.
#[derive(Debug, Default)]
pub struct Kept {
    pages: Mutex<VecDeque<Page>>,
}

impl Kept {
    /// Remembers a good page.
    pub fn keep(&self, path: &OutputPath, bytes: Arc<[u8]>, source: Option<SourcePath>) {
        let mut pages = self.pages.lock().unwrap_or_else(PoisonError::into_inner);
        pages.retain(|page| page.path != *path);
        if pages.len() >= MOST {
            pages.pop_front();
        }
        pages.push_back(Page { path: path.clone(), bytes, source });
    }

    /// The page as it was last, whatever is wrong with it now.
    pub fn last(&self, path: &OutputPath) -> Option<Arc<[u8]>> {
        self.find(path).map(|page| page.bytes)
    }

    /// The page as it was last if `findings` tell why it is gone: an error in its source or in the
    /// category above. A page that was deleted is not kept.
    pub fn broken(&self, path: &OutputPath, findings: &[Diagnostic]) -> Option<Arc<[u8]>> {
        let page = self.find(path)?;
        let source = page.source?;
        let explains = |at: &SourcePath| {
            *at == source
                || (at.file_name() == "_index.md"
                    && source
                        .as_str()
                        .strip_prefix(at.folder())
                        .is_some_and(|r| r.starts_with('/')))
        };
        findings.iter().any(|f| f.is_error() && explains(&f.place.path)).then_some(page.bytes)
    }

    fn find(&self, path: &OutputPath) -> Option<Page> {
        let pages = self.pages.lock().unwrap_or_else(PoisonError::into_inner);
        pages.iter().find(|page| page.path == *path).cloned()
    }
}

#[cfg(test)]
mod tests {
    use crate::diagnostic::{Place, Rule};

    use super::*;

    const BROKEN: Rule = Rule::error("broken-front-matter", "");
    const DEAD: Rule = Rule::warning("dead-link", "");

    fn finding(rule: Rule, path: &str) -> Diagnostic {
        Diagnostic::new(rule, Place::file(SourcePath::new(path)), "wrong")
    }

    #[test]
    fn a_broken_page_stays_and_a_deleted_one_goes() {
        let kept = Kept::default();
        let path = OutputPath::new("sales/a/index.html");
        let source = SourcePath::new("content/sales/a.md");
        kept.keep(&path, Arc::from(*b"old"), None);
        kept.keep(&path, Arc::from(*b"page"), Some(source));
        let stays = |finding| kept.broken(&path, &[finding]).is_some();
        assert!(stays(finding(BROKEN, "content/sales/a.md")));
        assert!(stays(finding(BROKEN, "content/sales/_index.md")));
        assert!(stays(finding(BROKEN, "content/_index.md")));
        assert!(!stays(finding(BROKEN, "content/sale/_index.md")));
        assert!(!stays(finding(BROKEN, "content/sales/b.md")));
        assert!(!stays(finding(DEAD, "content/sales/a.md")));
        assert_eq!(kept.last(&path).as_deref(), Some(&b"page"[..]));
    }

    #[test]
    fn only_the_latest_are_kept() {
        let kept = Kept::default();
        let path = |i: usize| OutputPath::new(format!("{i}.html"));
        for i in 0..MOST + 1 {
            kept.keep(&path(i), Arc::from(*b"x"), None);
        }
        assert!(kept.last(&path(0)).is_none());
        assert!(kept.last(&path(MOST)).is_some());
    }
}

//! From the disk to a site, again and again, reading only what changed.
//!
//! 1. The files are listed; a file whose size and time are those of the last load is not read.
//! 2. Texts are parsed in parallel. What can't be read is a finding, and is left out.
//! 3. Articles that include snippets get them spliced in.
//! 4. [`assemble`](super::assemble) makes the site.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::SystemTime;

use rayon::prelude::*;

use crate::article::Article;
use crate::config::Config;
use crate::diagnostic::Diagnostic;
use crate::image::probe::Limits;
use crate::markdown::options::Options;
use crate::path::SourcePath;
use crate::source::{SourceFile, SourceKind, scan};

use super::assemble::{Parts, assemble};
use super::asset::{Asset, read_assets};
use super::tree::Roots;
use super::{Site, Snippet};

/// Whether drafts are articles.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Drafts {
    LeaveOut,
    Include,
}

/// A file as it was when it was read.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Stamp {
    on_disk: PathBuf,
    size: u64,
    modified: Option<SystemTime>,
}

impl Stamp {
    fn of(file: &SourceFile) -> Stamp {
        let modified = std::fs::metadata(&file.on_disk).and_then(|m| m.modified());
        Stamp { on_disk: file.on_disk.clone(), size: file.size, modified: modified.ok() }
    }
}

/// A markdown file as it was parsed; `None` where it could not be read.
struct Parsed {
    stamp: Stamp,
    article: Option<Arc<Article>>,
    findings: Vec<Diagnostic>,
}

/// A spliced article with what it was spliced from.
struct Spliced {
    parts: Vec<Arc<Article>>,
    article: Arc<Article>,
    findings: Vec<Diagnostic>,
}

/// Loads a portal and remembers what it read.
pub struct Loader {
    config: Arc<Config>,
    layers: Vec<PathBuf>,
    drafts: Drafts,
    parsed: BTreeMap<SourcePath, Parsed>,
    spliced: BTreeMap<SourcePath, Spliced>,
    assets: BTreeMap<SourcePath, (Stamp, Asset)>,
    site: Option<(Arc<Site>, u64)>,
}

impl Loader {
    /// `layers` are the folders that hold `content/`, the portal's own last.
    pub fn new(config: Arc<Config>, layers: Vec<PathBuf>, drafts: Drafts) -> Loader {
        Loader {
            config,
            layers,
            drafts,
            parsed: BTreeMap::new(),
            spliced: BTreeMap::new(),
            assets: BTreeMap::new(),
            site: None,
        }
    }

    /// The site as the disk has it now, and what is wrong with it.
    pub fn load(&mut self) -> (Arc<Site>, Vec<Diagnostic>) {
        let mut findings = Vec::new();
        let files = scan(&self.layers, &self.config.languages, &mut findings);
        let mut markdown = Vec::new();
        let mut assets = Vec::new();
        let mut statics = Vec::new();
        for file in files {
            match file.kind {
                SourceKind::Article | SourceKind::Index | SourceKind::Snippet => {
                    markdown.push(file);
                }
                SourceKind::Asset => assets.push(file),
                SourceKind::Static => statics.push(file),
            }
        }
        self.parse(&markdown);
        let assets = self.read_assets(assets, &mut findings);
        let snippets = self.splice(&markdown);

        let mut articles = Vec::new();
        let mut broken = BTreeSet::new();
        for file in &markdown {
            let Some(parsed) = self.parsed.get(&file.path) else { continue };
            findings.extend(parsed.findings.iter().cloned());
            let Some(article) = &parsed.article else {
                broken.insert(file.path.clone());
                continue;
            };
            if file.kind == SourceKind::Snippet {
                continue;
            }
            if article.front.draft && self.drafts == Drafts::LeaveOut {
                // A category's draft hides what is below it too.
                broken.insert(file.path.clone());
                continue;
            }
            match self.spliced.get(&file.path) {
                Some(spliced) => {
                    findings.extend(spliced.findings.iter().cloned());
                    articles.push(spliced.article.clone());
                }
                None => articles.push(article.clone()),
            }
        }
        let config = self.config.clone();
        let parts = Parts { config, articles, broken, assets, statics, snippets };
        let previous = self.site.as_ref().map(|(site, shape)| (&**site, *shape));
        let (site, shape) = assemble(parts, previous, &mut findings);
        let site = Arc::new(site);
        self.site = Some((site.clone(), shape));
        findings.sort();
        findings.dedup();
        (site, findings)
    }

    /// Parses the files that are new or changed, and forgets those that are gone.
    fn parse(&mut self, files: &[SourceFile]) {
        let roots = Roots::new(&self.config);
        let kept: BTreeSet<&SourcePath> = files.iter().map(|f| &f.path).collect();
        self.parsed.retain(|path, _| kept.contains(path));
        let parsed: Vec<(SourcePath, Parsed)> = files
            .par_iter()
            .filter_map(|file| {
                let stamp = Stamp::of(file);
                if self.parsed.get(&file.path).is_some_and(|known| known.stamp == stamp) {
                    return None;
                }
                let language = roots.locate(&file.path).map_or(0, |(id, _)| id.index());
                let options = Options::new(&self.config, language);
                let mut findings = Vec::new();
                let article = file
                    .text()
                    .and_then(|text| {
                        let article = Article::parse(file, text, &options, &mut findings)?;
                        // Snippets are finished where they are included.
                        let done =
                            !article.document.has_includes() && file.kind != SourceKind::Snippet;
                        Ok(if done { article.splice(&|_| None, &mut findings) } else { article })
                    })
                    .map_err(|finding| findings.push(*finding));
                let article = article.ok().map(Arc::new);
                Some((file.path.clone(), Parsed { stamp, article, findings }))
            })
            .collect();
        self.parsed.extend(parsed);
    }

    fn read_assets(
        &mut self,
        files: Vec<SourceFile>,
        findings: &mut Vec<Diagnostic>,
    ) -> Vec<Asset> {
        let stamped: Vec<(Stamp, SourceFile)> =
            files.into_iter().map(|file| (Stamp::of(&file), file)).collect();
        let mut known = BTreeMap::new();
        let mut unread = Vec::new();
        for (stamp, file) in stamped {
            match self.assets.remove(&file.path) {
                Some((old, asset)) if old == stamp => {
                    known.insert(file.path.clone(), (stamp, asset));
                }
                _ => unread.push(file),
            }
        }
        let limits = Limits { max_megapixels: self.config.max_megapixels };
        for asset in read_assets(unread, limits, findings) {
            known.insert(asset.file.path.clone(), (Stamp::of(&asset.file), asset));
        }
        self.assets = known;
        findings.extend(self.assets.values().flat_map(|(_, asset)| asset.findings.iter().cloned()));
        self.assets.values().map(|(_, asset)| asset.clone()).collect()
    }

    /// Splices the snippets in; the result names all snippets and whether any page has them.
    fn splice(&mut self, files: &[SourceFile]) -> Vec<Snippet> {
        let roots = Roots::new(&self.config);
        let mut used: BTreeSet<SourcePath> = BTreeSet::new();
        let mut spliced = BTreeMap::new();
        for file in files.iter().filter(|f| f.kind != SourceKind::Snippet) {
            let Some(article) = self.parsed.get(&file.path).and_then(|p| p.article.as_ref()) else {
                continue;
            };
            if !article.document.has_includes() {
                continue;
            }
            let folder = &roots.folders[roots.locate(&file.path).map_or(0, |(id, _)| id.index())];
            let parts = std::cell::RefCell::new(vec![article.clone()]);
            let lookup = |typed: &str| {
                // From the start of the content, then from the language's folder.
                let below = |folder: &str| SourcePath::new(format!("{folder}/{typed}"));
                let snippet = [below("content"), below(folder)]
                    .iter()
                    .find_map(|path| self.parsed.get(path)?.article.as_ref())?;
                parts.borrow_mut().push(snippet.clone());
                Some(snippet.as_snippet())
            };
            let mut findings = Vec::new();
            let whole = Arc::new(article.splice(&lookup, &mut findings));
            let parts = parts.into_inner();
            used.extend(parts.iter().skip(1).map(|part| part.path.clone()));
            let same = self.spliced.remove(&file.path).filter(|old| {
                old.parts.len() == parts.len()
                    && old.parts.iter().zip(&parts).all(|(a, b)| Arc::ptr_eq(a, b))
            });
            // The same parts keep their article, so that its links need no second look.
            let result = same.unwrap_or(Spliced { parts, article: whole, findings });
            spliced.insert(file.path.clone(), result);
        }
        self.spliced = spliced;
        files
            .iter()
            .filter(|f| f.kind == SourceKind::Snippet)
            .filter_map(|f| {
                let text = self.parsed.get(&f.path)?.article.as_ref()?.text.clone();
                Some(Snippet { path: f.path.clone(), text, used: used.contains(&f.path) })
            })
            .collect()
    }
}

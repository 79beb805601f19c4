//! From the disk to a site, again and again, reading only what changed.
//!
//! 1. The files are listed; a file whose size and time are those of the last load is not read.
//! 2. Texts are parsed in parallel, but for those that an earlier build has kept
//!    ([`recall`](super::recall)). What can't be read is a finding, and is left out.
//! 3. Articles get in what they include and what later layers add to them ([`compose`](super::compose)).
//! 4. [`assemble`](super::assemble) makes the site.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::SystemTime;

use rayon::prelude::*;
use rustc_hash::FxHashMap;

use crate::article::Article;
use crate::audience::Visibility;
use crate::config::Config;
use crate::diagnostic::Diagnostic;
use crate::glossary::Glossary;
use crate::image::probe::Limits;
use crate::layer::Layer;
use crate::markdown::options::Options;
use crate::markdown::unread::Reread;
use crate::path::SourcePath;
use crate::source::{Scan, SourceFile, SourceKind, scan};

use super::assemble::{Assembled, Parts, assemble};
use super::asset::{Asset, read_assets};
use super::compose::{Composed, compose};
use super::drift::copy_for;
use super::glossary::drafts;
use super::recall::Recall;
use super::retouch::{is_same_outline, retouch};
use super::tree::Roots;
use super::{LanguageId, Site};

/// Is told how many texts there are to read, and of each that was.
pub type Count<'a> = &'a (dyn Fn(Counted) + Sync);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Counted {
    All(usize),
    One,
}

/// Whether drafts are articles.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Drafts {
    LeaveOut,
    Include,
}

/// A file as it was when it was read.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Stamp {
    on_disk: Arc<Path>,
    size: u64,
    modified: Option<SystemTime>,
}

impl Stamp {
    fn of(file: &SourceFile) -> Stamp {
        Stamp { on_disk: file.on_disk.clone(), size: file.size, modified: file.modified }
    }
}

/// A markdown file as it was parsed; `None` where it could not be read.
struct Parsed {
    file: SourceFile,
    stamp: Stamp,
    article: Option<Arc<Article>>,
    findings: Vec<Diagnostic>,
}

fn parse_file(
    config: &Config,
    roots: &Roots,
    drafts: Drafts,
    recall: Option<&Recall>,
    file: SourceFile,
) -> Parsed {
    // As it was when the files were listed: one that changes meanwhile is read again.
    let stamp = Stamp::of(&file);
    let language = roots.locate(&file.path).map_or(0, |(id, _)| id.index());
    let is_snippet = file.kind == SourceKind::Snippet;
    // Snippets are included as they were typed.
    let recall = recall.filter(|_| !is_snippet);
    if let Some((article, findings)) = recall.and_then(|r| r.find(&file, language)) {
        return Parsed { stamp, article: Some(Arc::new(article)), findings, file };
    }
    let options = Options::new(config, language);
    let mut findings = Vec::new();
    let article = recall
        .map_or_else(|| file.text(), |recall| recall.text(&file))
        .and_then(|read| {
            let mut article = Article::parse(&file, read, &options, &mut findings)?;
            if is_snippet && article.front.draft && drafts == Drafts::LeaveOut {
                article.front.visibility = Visibility::NOBODY;
            }
            // Snippets are finished where they are included.
            if article.document.has_includes() || is_snippet {
                return Ok(article);
            }
            let article = article.finish(&mut findings);
            if let Some(recall) = recall {
                recall.keep(&file, language, &article, &findings);
            }
            Ok(article)
        })
        .map_err(|finding| findings.push(*finding));
    Parsed { stamp, article: article.ok().map(Arc::new), findings, file }
}

/// Loads a portal and remembers what it read.
pub struct Loader {
    config: Arc<Config>,
    layers: Vec<Layer>,
    drafts: Drafts,
    parsed: BTreeMap<SourcePath, Parsed>,
    composed: Composed,
    assets: BTreeMap<SourcePath, (Stamp, Asset)>,
    last: Option<(Assembled, Vec<Diagnostic>)>,
    /// What the next load need not look for.
    scan: Option<Scan>,
    /// Some files are reached by symlinks.
    linked: bool,
    recall: Option<Recall>,
    reread: Option<Arc<Reread>>,
}

impl Loader {
    /// `layers` are the folders that hold `content/`, the portal's own last.
    pub fn new(config: Arc<Config>, layers: Vec<Layer>, drafts: Drafts) -> Loader {
        Loader {
            config,
            layers,
            drafts,
            parsed: BTreeMap::new(),
            composed: Composed::default(),
            assets: BTreeMap::new(),
            last: None,
            scan: None,
            linked: false,
            recall: None,
            reread: None,
        }
    }

    /// Takes articles that earlier builds have read from there, up to [`Loader::keep`].
    pub fn recall(&mut self, recall: Recall) {
        self.reread = Some(recall.reread());
        self.recall = Some(recall);
    }

    /// Keeps what was read for later builds.
    ///
    /// # Errors
    ///
    /// The cache can't be written to.
    pub fn keep(&mut self) -> io::Result<()> {
        self.recall.take().map_or(Ok(()), Recall::save)
    }

    /// See [`Reread::changed`].
    pub fn changed(&self) -> Option<&Path> {
        self.reread.as_ref().and_then(|reread| reread.changed())
    }

    /// What lies in the layers now. [`Loader::expect`] saves the next load from looking again.
    pub fn scan(&self) -> Scan {
        let mut findings = Vec::new();
        let files = scan(&self.layers, &self.config.languages, &mut findings);
        Scan { files, findings }
    }

    pub fn expect(&mut self, scan: Scan) {
        self.scan = Some(scan);
    }

    /// The site as of the last load, with its findings.
    pub fn last(&self) -> Option<(&Arc<Site>, &[Diagnostic])> {
        self.last.as_ref().map(|(assembled, findings)| (&assembled.site, findings.as_slice()))
    }

    /// The article that the file extends, as of the last load.
    pub fn extended_by(&self, file: &Path) -> Option<&Article> {
        self.composed.extended_by(file)
    }

    pub fn layers(&self) -> &[Layer] {
        &self.layers
    }

    /// The site as the disk has it now, and what is wrong with it.
    pub fn load(&mut self) -> (Arc<Site>, Vec<Diagnostic>) {
        self.load_counting(&|_| ())
    }

    /// The same, telling how far it has come.
    pub fn load_counting(&mut self, count: Count<'_>) -> (Arc<Site>, Vec<Diagnostic>) {
        let Scan { files, mut findings } = self.scan.take().unwrap_or_else(|| self.scan());
        self.linked = files.iter().any(|file| file.linked);
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
        self.parse(&markdown, count);
        let assets = self.read_assets(assets, &mut findings);

        // The same files, and both sorted.
        debug_assert!(markdown.iter().map(|file| &file.path).eq(self.parsed.keys()));
        let parsed: Vec<(&SourceFile, &Parsed)> =
            markdown.iter().zip(self.parsed.values()).collect();
        let known = |path: &SourcePath| self.parsed.get(path).and_then(|p| p.article.as_ref());
        let roots = Roots::new(&self.config);
        let copy = |extension: &Article| {
            let layer = self.layers.get(extension.layer)?;
            std::fs::read_to_string(copy_for(&layer.root, &extension.on_disk)?).ok()
        };
        let own: Vec<(&SourceFile, &Arc<Article>)> = parsed
            .iter()
            .filter_map(|(file, parsed)| Some((*file, parsed.article.as_ref()?)))
            .collect();
        let composed = compose(&own, &known, &copy, &roots, &mut self.composed, &mut findings);

        let mut articles = Vec::new();
        let mut broken = BTreeSet::new();
        for (file, parsed) in parsed {
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
            if article.front.extends.is_none() {
                articles.push(composed.articles.get(&file.path).unwrap_or(article).clone());
            }
        }
        let config = self.config.clone();
        let mut snippets = composed.snippets;
        let included = RefCell::new(BTreeSet::new());
        let lookup = |language: LanguageId, name: &str| {
            let folders = ["content", roots.folders[language.index()].as_str()];
            let paths = folders.map(|folder| SourcePath::new(format!("{folder}/{name}")));
            let article = paths.iter().find_map(known)?;
            included.borrow_mut().insert(article.path.clone());
            Some(article.as_snippet())
        };
        let glossary = Glossary::load(&self.layers, &config, &mut findings);
        let glossaries = drafts(&glossary, &config, &roots, &lookup, &mut findings);
        let included = included.into_inner();
        snippets.iter_mut().for_each(|snippet| snippet.used |= included.contains(&snippet.path));
        let parts = Parts { config, articles, broken, assets, statics, snippets, glossaries };
        let previous = self.last.as_ref().map(|(assembled, _)| assembled);
        let assembled = assemble(parts, previous, &mut findings);
        let site = Arc::clone(&assembled.site);
        findings.sort();
        findings.dedup();
        self.last = Some((assembled, findings.clone()));
        (site, findings)
    }

    /// The same as [`Loader::load`] after a change of these files alone, without a look at any
    /// other, where that is possible: they are articles that were there, are whole in themselves,
    /// and changed in their bodies only.
    pub fn reload(&mut self, changed: &BTreeSet<PathBuf>) -> Option<(Arc<Site>, Vec<Diagnostic>)> {
        let (last, findings) = self.last.as_ref()?;
        let roots = Roots::new(&self.config);
        if self.linked {
            return None;
        }
        let mut articles = FxHashMap::default();
        let mut parsed = Vec::new();
        let (mut gone, mut new) = (Vec::new(), Vec::new());
        for on_disk in changed {
            let path = self.source_path(on_disk)?;
            let Some(known) = self.parsed.get(&path) else {
                // A file that an editor made and took away again.
                let came_and_went = std::fs::symlink_metadata(on_disk).is_err()
                    && path.as_str().starts_with("content/");
                if came_and_went && !self.knows(&path) {
                    continue;
                }
                return None;
            };
            let before = known.article.as_ref()?;
            let file = known.file.fresh()?;
            let is_alone = file.kind != SourceKind::Snippet
                && !before.document.has_includes()
                && before.front.extends.is_none()
                && !self.composed.has(&path);
            if !is_alone {
                return None;
            }
            let next = parse_file(&self.config, &roots, self.drafts, None, file);
            let after = next.article.as_ref()?;
            if after.document.has_includes() || !is_same_outline(before, after) {
                return None;
            }
            articles.insert(Arc::as_ptr(before), Arc::clone(after));
            gone.extend(&known.findings);
            new.extend(next.findings.iter().cloned());
            parsed.push((path, next));
        }
        let site = Arc::new(retouch(&last.site, &last.book, &articles)?);
        let kept = findings.iter().filter(|finding| !gone.contains(finding)).cloned();
        let mut findings: Vec<Diagnostic> = kept.chain(new).collect();
        findings.sort();
        findings.dedup();
        self.parsed.extend(parsed);
        if let Some((last, known)) = &mut self.last {
            last.site = Arc::clone(&site);
            known.clone_from(&findings);
        }
        Some((site, findings))
    }

    /// Whether the path is that of a file, or of a folder with files in it.
    fn knows(&self, path: &SourcePath) -> bool {
        let starts = SourcePath::new(format!("{path}/"));
        let below = |other: &SourcePath| other.as_str().starts_with(starts.as_str());
        self.parsed.contains_key(path)
            || self.assets.contains_key(path)
            || self
                .parsed
                .range::<SourcePath, _>(&starts..)
                .next()
                .is_some_and(|(path, _)| below(path))
            || self
                .assets
                .range::<SourcePath, _>(&starts..)
                .next()
                .is_some_and(|(path, _)| below(path))
    }

    /// Which file of the portal lies there.
    fn source_path(&self, on_disk: &Path) -> Option<SourcePath> {
        self.layers.iter().rev().find_map(|layer| {
            let within = on_disk.strip_prefix(layer.root.canonicalize().ok()?).ok()?;
            let parts: Option<Vec<&str>> =
                within.components().map(|part| part.as_os_str().to_str()).collect();
            let path = layer.place(SourcePath::new(parts?.join("/")))?;
            let known = self.parsed.get(&path);
            known.is_none_or(|k| *k.file.on_disk == *layer.root.join(within)).then_some(path)
        })
    }

    /// Parses the files that are new or changed, and forgets those that are gone.
    fn parse(&mut self, files: &[SourceFile], count: Count<'_>) {
        count(Counted::All(files.len()));
        let roots = Roots::new(&self.config);
        if !self.parsed.is_empty() {
            let kept: BTreeSet<&SourcePath> = files.iter().map(|f| &f.path).collect();
            self.parsed.retain(|path, _| kept.contains(path));
        }
        let parsed: Vec<(SourcePath, Parsed)> = files
            .par_iter()
            .filter_map(|file| {
                count(Counted::One);
                let stamp = Stamp::of(file);
                if self.parsed.get(&file.path).is_some_and(|known| known.stamp == stamp) {
                    return None;
                }
                let recall = self.recall.as_ref();
                let parsed = parse_file(&self.config, &roots, self.drafts, recall, file.clone());
                Some((file.path.clone(), parsed))
            })
            .collect();
        // Whatever is sorted makes a map at once.
        match self.parsed.is_empty() {
            true => self.parsed = parsed.into_iter().collect(),
            false => self.parsed.extend(parsed),
        }
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
        for asset in read_assets(unread, limits, self.recall.as_ref(), findings) {
            known.insert(asset.file.path.clone(), (Stamp::of(&asset.file), asset));
        }
        self.assets = known;
        findings.extend(self.assets.values().flat_map(|(_, asset)| asset.findings.iter().cloned()));
        self.assets.values().map(|(_, asset)| asset.clone()).collect()
    }
}

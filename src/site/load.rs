//! From the disk to a site, again and again, reading only what changed.
//!
//! 1. The files are listed; a file whose size and time are those of the last load is not read.
//! 2. Texts are parsed in parallel. What can't be read is a finding, and is left out.
//! 3. Articles get in what they include and what later layers add to them ([`compose`](super::compose)).
//! 4. [`assemble`](super::assemble) makes the site.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
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

use super::Site;
use super::assemble::{Parts, assemble};
use super::asset::{Asset, read_assets};
use super::compose::{Composed, compose};
use super::tree::Roots;

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

/// Loads a portal and remembers what it read.
pub struct Loader {
    config: Arc<Config>,
    layers: Vec<PathBuf>,
    drafts: Drafts,
    parsed: BTreeMap<SourcePath, Parsed>,
    composed: Composed,
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
            composed: Composed::default(),
            assets: BTreeMap::new(),
            site: None,
        }
    }

    /// The article that the file extends, as of the last load, and the state that it is in.
    pub fn extended_by(&self, file: &Path) -> Option<(&SourcePath, String)> {
        self.composed.extended_by(file)
    }

    pub fn layers(&self) -> &[PathBuf] {
        &self.layers
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

        let known = |path: &SourcePath| self.parsed.get(path).and_then(|p| p.article.as_ref());
        let roots = Roots::new(&self.config);
        let composed = compose(&markdown, &known, &roots, &mut self.composed, &mut findings);

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
            if article.front.extends.is_none() {
                articles.push(composed.articles.get(&file.path).unwrap_or(article).clone());
            }
        }
        let config = self.config.clone();
        let snippets = composed.snippets;
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
}

//! The portal on the disk, as serving wants it: snapshots that render one route at a time.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use jiff::civil::Date;

use crate::config::ConfigError;
use crate::diagnostic::{Diagnostic, Place, Rule};
use crate::image::store::{Source as Picture, Store};
use crate::layer::Layer;
use crate::path::{OutputPath, SourcePath};
use crate::portal::{Portal as Source, PortalError, Request, Unchecked};
use crate::render::pictures::{Pictures, sources};
use crate::render::{Renderer, Similar};
use crate::route::Route;
use crate::source;
use crate::theme::Theme;
use crate::tree::{File, Tree};
use crate::view::SiteView;

use super::change::{Change, Watched};
use super::finder::Finder;
use super::latest::Latest;
use super::portal::{Body, Portal, Snapshot};

pub const UNSERVED: Rule = Rule::error("unserved", "A portal that can't be served as it is.");

/// A portal that is loaded again and again.
pub struct Site {
    request: Request,
    source: Source,
    theme: Arc<Theme>,
    theme_findings: Vec<Diagnostic>,
    store: Arc<Store>,
    /// Makes what pictures lack, while pages show them as they are.
    variants: Latest<Vec<Picture>>,
    finder: Arc<Finder>,
    today: fn() -> Date,
    /// Opened and not loaded yet: configuration and theme are as the disk has them.
    is_fresh: bool,
}

impl Site {
    /// # Errors
    ///
    /// The system gives no threads.
    pub fn new(source: Source, request: Request, today: fn() -> Date) -> io::Result<Site> {
        let (theme, theme_findings) = theme(&source);
        let store = Arc::new(Store::of_portal(source.root()));
        let of_variants = Arc::clone(&store);
        // What fails shows as a finding of the next load.
        let make = move |pictures: Vec<Picture>| drop(of_variants.require(&pictures, &|| ()));
        let variants = Latest::start("pictures", Duration::from_secs(1), 1, make)?;
        let finder = Arc::new(Finder::start()?);
        let is_fresh = true;
        Ok(Site {
            request,
            source,
            theme,
            theme_findings,
            store,
            variants,
            finder,
            today,
            is_fresh,
        })
    }

    /// The pictures with what is ready of them; has the rest made for the next time.
    fn pictures(&mut self, view: &SiteView, findings: &mut Vec<Diagnostic>) -> Pictures {
        let pictures = sources(view);
        self.store.recall(&pictures);
        findings.extend(self.store.findings(&pictures));
        let lacks = |picture: &Picture| self.store.ready(&picture.hash).is_none();
        if pictures.iter().any(lacks) {
            self.variants.put(pictures);
        }
        Pictures::new(view, Arc::clone(&self.store))
    }

    /// Opens the portal anew, as its configuration is now.
    fn open(&mut self) -> Result<(), Vec<Diagnostic>> {
        match Source::open(self.source.root(), &self.request) {
            Ok(source) => {
                self.source = source;
                Ok(())
            }
            Err(PortalError::Config(ConfigError::Findings(findings))) => Err(findings),
            Err(error) => {
                let place = Place::file(SourcePath::new(crate::config::FILE_NAME));
                Err(vec![Diagnostic::new(UNSERVED, place, error.to_string())])
            }
        }
    }
}

fn theme(source: &Source) -> (Arc<Theme>, Vec<Diagnostic>) {
    let (theme, findings) = source.theme();
    (Arc::new(theme), findings)
}

impl Portal for Site {
    fn load(&mut self, change: &Change) -> Result<Arc<dyn Snapshot>, Vec<Diagnostic>> {
        match change {
            _ if std::mem::take(&mut self.is_fresh) => {}
            Change::Content(_) => {}
            Change::Css | Change::Theme => (self.theme, self.theme_findings) = theme(&self.source),
            Change::Config => {
                self.open()?;
                (self.theme, self.theme_findings) = theme(&self.source);
            }
        }
        let today = (self.today)();
        let (loaded, unchecked) = match change {
            Change::Content(paths) => self.source.reread(paths, today),
            Change::Css | Change::Theme | Change::Config => self.source.read(today),
        };
        let mut findings = loaded.findings;
        findings.extend(self.theme_findings.iter().cloned());
        let pictures = self.pictures(&loaded.view, &mut findings);
        findings.sort();
        let similar = Similar::default();
        let renderer = Renderer::new(
            Arc::clone(&loaded.view),
            Arc::clone(&self.theme),
            pictures,
            similar.clone(),
        );
        let tree = Tree::new(renderer, Arc::clone(&self.theme));
        self.finder.follow(loaded.view, Arc::clone(&self.theme), similar);
        Ok(Arc::new(Shown {
            tree,
            findings,
            unchecked,
            finder: Arc::clone(&self.finder),
            layers: self.source.layers().to_vec(),
        }))
    }

    fn watched(&self) -> Watched {
        let root = self.source.root().to_owned();
        let layers: Vec<PathBuf> =
            self.source.folders().into_iter().filter(|layer| *layer != root).collect();
        Watched { roots: std::iter::once(root).chain(layers).collect() }
    }
}

/// One state of the site.
struct Shown {
    tree: Tree,
    findings: Vec<Diagnostic>,
    unchecked: Unchecked,
    finder: Arc<Finder>,
    /// What its files may lie in.
    layers: Vec<Layer>,
}

impl Shown {
    /// A file of the portal; a link that leads out of it since it was scanned is not followed.
    fn is_inside(&self, file: &Path) -> bool {
        let real = |path: &Path| path.canonicalize().ok();
        let Some(file) = real(file) else { return false };
        self.layers.iter().filter_map(|l| real(&l.root)).any(|folder| file.starts_with(folder))
    }
}

impl Snapshot for Shown {
    fn file(&self, path: &OutputPath) -> Option<Result<Body, Box<Diagnostic>>> {
        match self.tree.file(path) {
            Ok(Some(File::Rendered(bytes))) => Some(Ok(Body::Bytes(bytes.into()))),
            Ok(Some(File::Shared(bytes))) => Some(Ok(Body::Bytes(bytes))),
            Ok(Some(File::Copy(file))) => self.is_inside(&file).then_some(Ok(Body::File(file))),
            Ok(None) => self.finder.file(path).map(|bytes| Ok(Body::Bytes(bytes))),
            Err(finding) => Some(Err(finding)),
        }
    }

    fn has(&self, path: &OutputPath) -> bool {
        self.tree.has(path)
    }

    fn source(&self, path: &OutputPath) -> Option<SourcePath> {
        match self.tree.route(path)? {
            Route::Article(id) => self.tree.view().page(*id).map(|page| page.source().clone()),
            _ => None,
        }
    }

    fn findings(&self) -> &[Diagnostic] {
        &self.findings
    }

    fn check(&self) -> Vec<Diagnostic> {
        self.unchecked.findings()
    }

    fn text(&self, path: &SourcePath) -> Option<String> {
        let read = |layer: &Layer| std::fs::read(layer.on_disk(path)).ok();
        source::decode(path, &self.layers.iter().rev().find_map(read)?).ok()
    }
}

//! A portal on disk: where it is, what it is made of, and one snapshot of it after another.
//!
//! `build`, `check`, `search` and `serve` all start here, so that they see the same site and the
//! same findings.

use std::collections::BTreeSet;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::article::Article;
use crate::audience::Reader;
use crate::cache::program;
use crate::check::{Circumstances, check};
use crate::config::{Config, ConfigError};
use crate::diagnostic::Diagnostic;
use crate::layer::{self, Layer};
use crate::leak::Guard;
use crate::seal::Files;
use crate::site::Site;
use crate::site::load::{Count, Drafts, Loader};
use crate::site::recall::Recall;
use crate::source::Scan;
use crate::theme::{Brand, Theme, ThemeFiles};
use crate::view::SiteView;

/// What is asked of a portal besides its configuration.
#[derive(Clone, Debug, Default)]
pub struct Request {
    /// The audience whose portal it shall be; none is the public's.
    pub audience: Option<String>,
    pub drafts: bool,
}

/// Why there is no portal to work with.
#[derive(Debug, thiserror::Error)]
pub enum PortalError {
    #[error(transparent)]
    Config(#[from] ConfigError),
    #[error("there is no audience `{name}`; the portal's audiences are {known}")]
    UnknownAudience { name: String, known: String },
}

/// A portal, open for loading.
pub struct Portal {
    root: PathBuf,
    config: Arc<Config>,
    reader: Reader,
    loader: Loader,
    /// Findings on the configuration itself.
    findings: Vec<Diagnostic>,
}

/// One state of a portal.
#[derive(Clone)]
pub struct Loaded {
    pub view: Arc<SiteView>,
    /// Sorted; what is wrong with the texts, besides what the theme and the search find.
    pub findings: Vec<Diagnostic>,
}

/// A state of a portal that nobody has checked as a whole.
pub struct Unchecked {
    site: Arc<Site>,
    circumstances: Circumstances,
}

impl Unchecked {
    /// What the checks find, sorted.
    pub fn findings(&self) -> Vec<Diagnostic> {
        check(&self.site, &self.circumstances)
    }

    /// The guard over what is made for the portal's reader in this theme; `None` where nothing is
    /// hidden.
    pub fn guard(&self, theme: &ThemeFiles) -> Option<Guard> {
        // The theme's own words are everybody's; its faults are found elsewhere.
        let texts = theme.list().filter_map(|(path, _)| theme.bytes(path));
        let texts: Vec<_> = texts.map(String::from_utf8_lossy).collect();
        let known: Vec<&str> = texts.iter().map(|text| &**text).collect();
        Guard::new(&self.site, self.circumstances.reader, &known)
    }
}

impl Portal {
    /// Opens the portal whose `opas.toml` lies in `root`.
    ///
    /// # Errors
    ///
    /// The configuration is missing or wrong, or the audience is none of the portal's.
    pub fn open(root: &Path, request: &Request) -> Result<Portal, PortalError> {
        let (config, mut findings) = Config::load(root)?;
        let (config, layers) = layer::resolve(root, config, &mut findings);
        if findings.iter().any(Diagnostic::is_error) {
            return Err(ConfigError::Findings(findings).into());
        }
        let reader =
            SiteView::reader_for(&config, request.audience.as_deref()).map_err(|name| {
                let known: Vec<&str> = config.audiences.names().collect();
                PortalError::UnknownAudience { name: name.to_owned(), known: known.join(", ") }
            })?;
        let drafts = if request.drafts { Drafts::Include } else { Drafts::LeaveOut };
        let config = Arc::new(config);
        let loader = Loader::new(config.clone(), layers, drafts);
        Ok(Portal { root: root.to_owned(), config, reader, loader, findings })
    }

    pub fn root(&self) -> &Path {
        &self.root
    }

    pub fn config(&self) -> &Config {
        &self.config
    }

    pub fn reader(&self) -> Reader {
        self.reader
    }

    /// From now on, the portal of another reader.
    pub fn read_as(&mut self, reader: Reader) {
        self.reader = reader;
    }

    /// The folders of the layers.
    pub fn folders(&self) -> Vec<PathBuf> {
        self.layers().iter().map(|layer| layer.root.clone()).collect()
    }

    /// What lies in the portal's folders now.
    pub fn scan(&self) -> Scan {
        self.loader.scan()
    }

    /// Has the next read take this for what lies there.
    pub fn expect(&mut self, scan: Scan) {
        self.loader.expect(scan);
    }

    /// Takes articles that an earlier build has read from what it kept of them. `files` are the portal's
    /// as they are now.
    pub fn recall(&mut self, files: &mut Files) {
        let recall = Recall::new(&self.root, &self.config, &program(), files);
        self.loader.recall(recall);
    }

    /// Keeps what was read for the next build.
    ///
    /// # Errors
    ///
    /// The cache can't be written to.
    pub fn keep(&mut self) -> io::Result<()> {
        self.loader.keep()
    }

    /// See [`Reread::changed`](crate::markdown::unread::Reread::changed).
    pub fn changed(&self) -> Option<&Path> {
        self.loader.changed()
    }

    /// Reads what changed since the last time, and checks the whole.
    pub fn load(&mut self, today: jiff::civil::Date) -> Loaded {
        let (mut loaded, unchecked) = self.read(today);
        loaded.findings.extend(unchecked.findings());
        loaded.findings.sort();
        loaded.findings.dedup();
        loaded
    }

    /// Reads what changed since the last time. The checks are the caller's, who may show pages
    /// before they are done.
    pub fn read(&mut self, today: jiff::civil::Date) -> (Loaded, Unchecked) {
        self.read_counting(today, &|_| ())
    }

    /// The same, telling how far it has come.
    pub fn read_counting(
        &mut self,
        today: jiff::civil::Date,
        count: Count<'_>,
    ) -> (Loaded, Unchecked) {
        let (site, findings) = self.loader.load_counting(count);
        self.loaded(site, findings, today)
    }

    /// The same as [`Portal::read`] after a change of these files alone, at a fraction of its
    /// costs where the change allows it.
    pub fn reread(
        &mut self,
        changed: &BTreeSet<PathBuf>,
        today: jiff::civil::Date,
    ) -> (Loaded, Unchecked) {
        match self.loader.reload(changed) {
            Some((site, findings)) => self.loaded(site, findings, today),
            None => self.read(today),
        }
    }

    /// What was read last, for whoever the portal is read as now; `None` if nothing was.
    pub fn last_read(&self, today: jiff::civil::Date) -> Option<(Loaded, Unchecked)> {
        let (site, findings) = self.loader.last()?;
        Some(self.loaded(Arc::clone(site), findings.to_vec(), today))
    }

    fn loaded(
        &self,
        site: Arc<Site>,
        mut findings: Vec<Diagnostic>,
        today: jiff::civil::Date,
    ) -> (Loaded, Unchecked) {
        findings.extend(self.findings.iter().cloned());
        findings.sort();
        let circumstances = Circumstances { today, reader: self.reader };
        let unchecked = Unchecked { site: Arc::clone(&site), circumstances };
        (Loaded { view: Arc::new(SiteView::new(site, self.reader)), findings }, unchecked)
    }

    /// What the built folder `out` holds that its readers may not see. Nothing, one hopes.
    ///
    /// # Errors
    ///
    /// A file of the folder that can't be read.
    pub fn find_leaks(
        &mut self,
        out: &Path,
        today: jiff::civil::Date,
    ) -> std::io::Result<Vec<Diagnostic>> {
        let theme = ThemeFiles::load(&self.root, &self.config.theme, &mut Vec::new());
        let guard = self.read(today).1.guard(&theme);
        guard.map_or(Ok(Vec::new()), |guard| guard.look_through(out))
    }

    /// The theme that the portal names, with what is wrong with it.
    pub fn theme(&self) -> (Theme, Vec<Diagnostic>) {
        let mut findings = Vec::new();
        let config = &self.config;
        let brand = Brand::new(&config.brand, &mut findings);
        let theme = Theme::load(&self.root, &config.theme, &config.languages, brand, &mut findings);
        (theme, findings)
    }

    /// The folders that the portal is made of; later ones win.
    pub fn layers(&self) -> &[Layer] {
        self.loader.layers()
    }

    /// The article that the file extends, as it is on its own.
    pub fn extended_by(&mut self, file: &Path) -> Option<&Article> {
        self.loader.load();
        self.loader.extended_by(file)
    }

    /// The whole site, for tools that help its writers; what makes output takes a view.
    pub fn site(&mut self) -> Arc<Site> {
        self.loader.load().0
    }
}

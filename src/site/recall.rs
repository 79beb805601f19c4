//! Articles as an earlier build read them, for files that are the same as then.
//!
//! Times and inodes mean nothing where CI makes its folders anew, so files are known by their hashes
//! alone, together with all that an article's parse depends on.

use std::io;
use std::path::Path;
use std::sync::Arc;

use rustc_hash::FxHashMap;

use crate::article::{Article, kept};
use crate::cache::{Cache, half};
use crate::config::Config;
use crate::diagnostic::Diagnostic;
use crate::image::probe::Limits;
use crate::markdown::options::Options;
use crate::markdown::unread::{Location, Reread};
use crate::seal::{Files, Held};
use crate::source::{Read, SourceFile};

use super::asset::Asset;

/// The folder in `.opas/cache`.
const NAME: &str = "articles";

/// BLAKE3 of files by where they lie.
pub type Hashes = FxHashMap<Arc<Path>, blake3::Hash>;

pub struct Recall {
    cache: Cache,
    /// Of what the files hold.
    hashes: Hashes,
    held: Held,
    /// By language, of what articles depend on besides their files.
    options: Vec<blake3::Hash>,
    reread: Arc<Reread>,
}

impl Recall {
    /// Of a portal of these files; `program` says which Opas this is. Takes the texts that were read of
    /// them.
    pub fn new(
        portal: &Path,
        config: &Arc<Config>,
        program: &blake3::Hash,
        files: &mut Files,
    ) -> Recall {
        let languages = 0..config.languages.len().max(1);
        let hash = |language| format!("{:?}", Options::new(config, language));
        let options = languages.map(|language| blake3::hash(hash(language).as_bytes())).collect();
        let cache = Cache::open(portal, NAME, program);
        let hashes = files.hashes().map(|(path, hash)| (Arc::clone(path), hash)).collect();
        let held = files.take_held();
        Recall { cache, hashes, held, options, reread: Arc::new(Reread::new(Arc::clone(config))) }
    }

    /// The article of a file, with what is wrong with it.
    pub fn find(&self, file: &SourceFile, language: usize) -> Option<(Article, Vec<Diagnostic>)> {
        let hash = *self.hashes.get(&file.on_disk)?;
        let key = self.key(file, language, &hash)?;
        let bytes = self.cache.get(key)?;
        let place = Location { on_disk: file.on_disk.clone(), hash, language };
        kept::unpack(&bytes, file, place, &self.reread)
    }

    /// The text of a file, as [`SourceFile::text`] gives it.
    ///
    /// # Errors
    ///
    /// As that.
    pub fn text(&self, file: &SourceFile) -> Result<Read, Box<Diagnostic>> {
        let hash = self.hashes.get(&file.on_disk);
        let held = hash.and_then(|hash| Some((self.held.take(&file.on_disk)?, *hash)));
        held.map_or_else(|| file.text(), |(text, hash)| file.text_of(text, hash))
    }

    /// Keeps the article of a file for later builds. Not every article is kept.
    pub fn keep(
        &self,
        file: &SourceFile,
        language: usize,
        article: &Article,
        findings: &[Diagnostic],
    ) {
        let key = self.key(file, language, article.text.hash());
        if let (Some(key), Some(bytes)) = (key, kept::pack(article, findings)) {
            self.cache.put(key, &bytes);
        }
    }

    fn key(&self, file: &SourceFile, language: usize, hash: &blake3::Hash) -> Option<u128> {
        let mut all = blake3::Hasher::new();
        all.update(self.options.get(language)?.as_bytes());
        all.update(hash.as_bytes());
        all.update(file.path.as_str().as_bytes());
        Some(half(all.finalize()))
    }

    /// What an earlier build found out about a file that is no text.
    pub fn find_asset(&self, file: &SourceFile, limits: Limits) -> Option<Asset> {
        let hash = *self.hashes.get(&file.on_disk)?;
        let bytes = self.cache.get(asset_key(file, limits, &hash))?;
        Asset::unpack(&bytes, file, hash)
    }

    /// Keeps it for later builds.
    pub fn keep_asset(&self, asset: &Asset, limits: Limits) {
        if let Some(bytes) = asset.pack() {
            self.cache.put(asset_key(&asset.file, limits, &asset.hash), &bytes);
        }
    }

    /// Tells whether files changed since they were hashed.
    pub fn reread(&self) -> Arc<Reread> {
        Arc::clone(&self.reread)
    }

    /// Writes what was kept.
    ///
    /// # Errors
    ///
    /// The cache can't be written to.
    pub fn save(self) -> io::Result<()> {
        self.cache.save()
    }
}

/// Of all that [`Asset::pack`] depends on.
fn asset_key(file: &SourceFile, limits: Limits, hash: &blake3::Hash) -> u128 {
    let mut all = blake3::Hasher::new();
    all.update(b"asset");
    all.update(&limits.max_megapixels.to_bits().to_le_bytes());
    all.update(hash.as_bytes());
    all.update(file.path.extension().as_bytes());
    half(all.finalize())
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::PathBuf;

    use crate::audience::Reader;
    use crate::markdown::tests::Echo;
    use crate::site::Site;
    use crate::site::load::{Drafts, Loader};
    use crate::stat_cache::StatCache;

    use super::*;

    /// Loads a portal; `cache` is the folder of its cache, if it has one.
    fn load(root: &Path, cache: Option<&Path>) -> (Arc<Site>, Vec<Diagnostic>, Loader) {
        let (config, mut findings) = Config::load(root).unwrap();
        let (config, layers) = crate::layer::resolve(root, config, &mut findings);
        let config = Arc::new(config);
        let folders: Vec<PathBuf> = layers.iter().map(|layer| layer.root.clone()).collect();
        let mut loader = Loader::new(config.clone(), layers, Drafts::LeaveOut);
        if let Some(cache) = cache {
            let mut files = Files::of(&folders, &loader.scan(), &StatCache::default()).unwrap();
            loader.recall(Recall::new(cache, &config, &blake3::hash(b"this"), &mut files));
        }
        let (site, findings) = loader.load();
        loader.keep().unwrap();
        (site, findings, loader)
    }

    fn unread(site: &Site) -> usize {
        site.pages.iter().filter(|page| page.article.document.is_unread()).count()
    }

    #[test]
    fn a_site_is_the_same_whether_its_articles_are_read_or_recalled() {
        let sources = Path::new(env!("CARGO_MANIFEST_DIR"));
        let sites = fs::read_dir(sources.join("tests/sites")).unwrap();
        let sites = sites.map(|site| site.unwrap().path().join("input"));
        let mut recalled = 0;
        for root in sites.chain([sources.to_owned()]) {
            if !root.join("opas.toml").is_file() {
                continue;
            }
            let cache = tempfile::tempdir().unwrap();
            let (site, findings, _) = load(&root, None);
            let cold = load(&root, Some(cache.path()));
            assert_eq!(unread(&cold.0), 0);
            let (warm, warm_findings, loader) = load(&root, Some(cache.path()));
            recalled += unread(&warm);
            for (page, other) in site.pages.iter().zip(&warm.pages) {
                let (document, unread) = (&page.article.document, &other.article.document);
                // Asked before anybody reads it.
                for reader in [Reader::All, Reader::Auditor] {
                    let (reading, unread) = (document.read(reader), unread.read(reader));
                    assert_eq!(reading.is_empty(), unread.is_empty());
                    assert_eq!(reading.first_paragraph(), unread.first_paragraph());
                    for link in 0..document.links().len() {
                        assert_eq!(reading.link_text(link), unread.link_text(link));
                    }
                }
                assert_eq!(document.event_count(), unread.event_count());
            }
            assert_eq!(format!("{site:#?}"), format!("{warm:#?}"), "{}", root.display());
            assert_eq!(findings, cold.1);
            assert_eq!(findings, warm_findings);
            assert_eq!(loader.changed(), None);
        }
        assert!(recalled > 20, "{recalled} articles");
    }

    fn portal() -> (tempfile::TempDir, PathBuf) {
        let dir = tempfile::tempdir().unwrap();
        let root = dir.path().canonicalize().unwrap();
        fs::create_dir_all(root.join("content/snippets")).unwrap();
        fs::write(root.join("opas.toml"), "admin = \"separate\"\n").unwrap();
        (dir, root)
    }

    const FAULTY: &str = "---\ntitle: A\nkind: nonsense\ncolour: red\n---\n\nText with {{nothing}} in \
        it, see [the other](b.md).\n\n## One {#x}\n\n## Two {#x}\n\n:::\n";

    #[test]
    fn front_matter_comes_back_as_it_was() {
        let (_dir, root) = portal();
        let whole = "+++\ntitle = 'A'\ndescription = 'B'\nkind = 'tip'\norder = 0.1\naudience = ['admin']\n\
            tags = ['x', 'y']\nmodule = 'crm'\naliases = ['/old/']\ncontexts = ['S1']\n\
            date = 2026-05-04\nupdated = '2026-05-05'\nreview_by = 2027-01-01\nfind_by = ['hello']\n\
            related = ['b.md']\nslug = 'aa'\nkey = 'k'\npinned = true\nsource_hash = '0a'\nicon = 'star'\n\
            extra = { n = 1, x = -0.30000000000000004, y = 123456789.12345678e-300, z = 18446744073709551615.0, \
            on = true, list = ['a', [], {}], text = \"\\u0001ä\" }\n+++\nText.\n";
        for text in
            [whole, "---\nextra: {a: 9007199254740993, b: null}\n---\n", "", "No front matter.\n"]
        {
            fs::write(root.join("content/a.md"), text).unwrap();
            let (site, findings, _) = load(&root, None);
            load(&root, Some(&root));
            let (recalled, same_findings, _) = load(&root, Some(&root));
            assert_eq!(unread(&recalled), 1);
            assert_eq!(findings, same_findings);
            assert_eq!(format!("{site:#?}"), format!("{recalled:#?}"));
        }
    }

    #[test]
    fn findings_come_with_the_article() {
        let (_dir, root) = portal();
        fs::write(root.join("content/a.md"), FAULTY).unwrap();
        let (_, findings, _) = load(&root, None);
        let ids: Vec<&str> = findings.iter().map(|finding| finding.rule.id).collect();
        for id in ["unknown-kind", "unknown-key", "unknown-variable", "duplicate-id", "stray-fence"]
        {
            assert!(ids.contains(&id), "{id} is not among {ids:?}");
        }
        load(&root, Some(&root));
        let (site, recalled, _) = load(&root, Some(&root));
        assert_eq!((unread(&site), recalled), (1, findings));
    }

    #[test]
    fn only_what_all_its_readers_read_alike_is_kept() {
        let (_dir, root) = portal();
        let write = |name: &str, text: &str| fs::write(root.join("content").join(name), text);
        write("note.md", "Open.\n\n> [!ADMIN]\n> Zebra [zebra](x.md).\n").unwrap();
        write("part.md", "Open.\n\n## Zebra {for=admin}\n\nZebra.\n").unwrap();
        write("include.md", "Open.\n\n{{include snippets/s.md}}\n").unwrap();
        write("snippets/s.md", "Zebra.\n").unwrap();
        write("broken.md", "---\naudience: [\n---\n\nZebra.\n").unwrap();
        write("plain.md", "Open.\n").unwrap();
        load(&root, Some(&root));
        let (site, ..) = load(&root, Some(&root));
        let recalled = site.pages.iter().filter(|page| page.article.document.is_unread());
        let names: Vec<&str> = recalled.map(|page| page.article.path.file_name()).collect();
        assert_eq!(names, ["plain.md"]);
        let segments = fs::read_dir(root.join(".opas/cache").join(NAME)).unwrap();
        for segment in segments {
            let bytes = fs::read(segment.unwrap().path()).unwrap();
            let text = String::from_utf8_lossy(&bytes).to_lowercase();
            assert!(!text.contains("zebra"));
        }
    }

    #[test]
    fn a_file_that_changes_before_it_is_read_is_told_and_says_nothing() {
        let (_dir, root) = portal();
        let file = root.join("content/a.md");
        for changed in [Some("Shorter.\n"), Some(""), None] {
            fs::write(&file, FAULTY).unwrap();
            load(&root, Some(&root));
            let (site, _, loader) = load(&root, Some(&root));
            let document = &site.pages[0].article.document;
            assert_eq!((document.headings().len(), loader.changed()), (2, None));
            match changed {
                Some(text) => fs::write(&file, text).unwrap(),
                None => fs::remove_file(&file).unwrap(),
            }
            let reading = document.read(Reader::Auditor);
            assert_eq!(reading.plain_text(), "");
            assert_eq!(reading.markdown(&Echo(document)).trim(), "");
            assert_eq!(loader.changed(), Some(&*file));
        }
    }

    #[test]
    fn another_path_text_or_setting_is_another_article() {
        let (_dir, root) = portal();
        let recalled = || unread(&load(&root, Some(&root)).0);
        let (a, b) = (root.join("content/a.md"), root.join("content/b.md"));
        fs::write(&a, "Text of {{product}}.\n").unwrap();
        assert_eq!([recalled(), recalled()], [0, 1]);
        fs::rename(&a, &b).unwrap();
        assert_eq!([recalled(), recalled()], [0, 1]);
        fs::write(&b, "Text of {{product}}?\n").unwrap();
        assert_eq!([recalled(), recalled()], [0, 1]);
        fs::write(root.join("opas.toml"), "[variables]\nproduct = \"Tuote\"\n").unwrap();
        assert_eq!([recalled(), recalled()], [0, 1]);
        fs::write(root.join("opas.toml"), "title = \"T\"\n[variables]\nproduct = \"Tuote\"\n")
            .unwrap();
        assert_eq!(recalled(), 1, "the title is not in any article");
    }
}

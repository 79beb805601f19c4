//! A site after an edit that stays within the bodies of some articles: the commonest one, and the
//! one that a writer waits for.
//!
//! Nothing is listed, sorted or named anew. Whoever calls has made sure that the articles have the
//! same front matter, title and anchors as before, so that only their own links and pictures, and
//! what these lead to, can differ. The result is what [`assemble`](super::assemble) would give.

use std::sync::Arc;

use rustc_hash::FxHashMap;

use crate::article::Article;

use super::assemble::{page_backlinks, resolve_page};
use super::resolve::Book;
use super::{PageId, Site};

/// Whether everything but the body's text and links is as before.
pub fn is_same_outline(before: &Article, after: &Article) -> bool {
    before.text.head() == after.text.head()
        && before.on_disk == after.on_disk
        && before.document.title() == after.document.title()
        && before.document.anchors().eq(after.document.anchors())
}

/// The site with other articles in the place of some. `None` where a page stands in for a
/// translation with one of them: its links go by rules of their own.
pub fn retouch(
    site: &Site,
    book: &Book,
    changed: &FxHashMap<*const Article, Arc<Article>>,
) -> Option<Site> {
    let mut next = site.clone();
    let mut touched = Vec::new();
    for (i, page) in next.pages.iter_mut().enumerate() {
        if let Some(article) = changed.get(&Arc::as_ptr(&page.article)) {
            if page.original.is_some() {
                return None;
            }
            page.article = Arc::clone(article);
            touched.push(PageId(i as u32));
        }
    }
    for &id in &touched {
        for (to, _) in page_backlinks(site, id) {
            next.backlinks[to.index()].retain(|link| link.from != id);
        }
        let (links, images) = resolve_page(&next.pages, book, id);
        let page = &mut next.pages[id.index()];
        (page.links, page.images) = (links, images);
        for (to, link) in page_backlinks(&next, id) {
            let links = &mut next.backlinks[to.index()];
            let at = links.partition_point(|other| other.from <= id);
            links.insert(at, link);
        }
    }
    Some(next)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::fs;
    use std::path::Path;

    use crate::config::Config;
    use crate::site::load::{Drafts, Loader};

    use super::*;

    fn loader(root: &Path) -> Loader {
        let (config, _) = Config::load(root).unwrap();
        Loader::new(Arc::new(config), vec![root.to_owned().into()], Drafts::LeaveOut)
    }

    fn portal() -> tempfile::TempDir {
        let dir = tempfile::tempdir().unwrap();
        let write = |path: &str, text: &str| {
            let file = dir.path().join(path);
            fs::create_dir_all(file.parent().unwrap()).unwrap();
            fs::write(file, text).unwrap();
        };
        write("opas.toml", "title = \"T\"\n");
        write("content/a/_index.md", "---\ntitle: A\n---\n\nSee [one](one.md).\n");
        write("content/a/one.md", "---\ntitle: One\n---\n\nTo [two](../b/two.md).\n");
        write("content/b/two.md", "# Two\n\nBack to [[One]], and [](../a/one.md#x).\n");
        write("content/b/three.md", "---\ntitle: Three\n---\n\n{{include snippets/s.md}}\n");
        write("content/b/p.png", "no picture");
        write("content/snippets/s.md", "To [one](a/one.md).\n");
        dir
    }

    const ONE: &str = "content/a/one.md";

    /// Writes a file; what a retouched site and one from scratch look like. `None` where it can't
    /// be retouched.
    fn edit(loader: &mut Loader, root: &Path, path: &str, text: &str) -> Option<(String, String)> {
        let file = root.join(path);
        fs::write(&file, text).unwrap();
        let seen = |(site, findings)| format!("{site:#?}{findings:#?}");
        let retouched = loader.reload(&BTreeSet::from([file.canonicalize().unwrap()]))?;
        Some((seen(retouched), seen(self::loader(root).load())))
    }

    #[test]
    fn it_is_the_site_that_a_full_load_gives() {
        let dir = portal();
        let root = dir.path().canonicalize().unwrap();
        let mut loader = loader(&root);
        loader.load();
        let front = "---\ntitle: One\n---\n\n";
        for (path, text) in [
            (ONE, &*format!("{front}Other words.\n")),
            (ONE, &format!("{front}To [[Two]], [three](../b/three.md) and [nowhere](x.md).\n")),
            (ONE, &format!("{front}To [[Two]] twice: [two](../b/two.md) ![p](../b/p.png)\n")),
            (ONE, &format!("{front}> [!ADMIN]\n> [two](../b/two.md)\n\n:::nonsense\n")),
            ("content/b/two.md", "# Two\n\nTo nobody.\n"),
            ("content/a/_index.md", "---\ntitle: A\n---\n\nNothing.\n"),
            (ONE, &format!("{front}To [two](../b/two.md).\n")),
        ] {
            let (retouched, scratch) = edit(&mut loader, &root, path, text).expect(text);
            assert_eq!(retouched, scratch, "{text}");
        }
        let (site, _) = loader.load();
        let full = format!("{site:#?}");
        assert_eq!(full, format!("{:#?}", self::loader(&root).load().0), "and so is the next");
    }

    #[test]
    fn what_changes_more_than_a_body_is_left_to_a_full_load() {
        let dir = portal();
        let root = dir.path().canonicalize().unwrap();
        for (path, text) in [
            (ONE, "---\ntitle: Other\n---\n\nTo [two](../b/two.md).\n"),
            (ONE, "---\ntitle: One\naliases: [/old/]\n---\n\nText.\n"),
            (ONE, "---\ntitle: One\n---\n\n## A new anchor\n"),
            (ONE, "---\ntitle: One\n---\n\n{{include snippets/s.md}}\n"),
            (ONE, "---\ntitle: [\n---\n"),
            ("content/b/two.md", "# Three\n"),
            ("content/b/three.md", "---\ntitle: Three\n---\n\nNo snippet.\n"),
            ("content/snippets/s.md", "Other words.\n"),
            ("content/b/p.png", "another"),
            ("content/b/new.md", "New.\n"),
        ] {
            let mut loader = loader(&root);
            loader.load();
            let before = fs::read(root.join(path)).ok();
            assert!(edit(&mut loader, &root, path, text).is_none(), "{path}: {text}");
            match before {
                Some(before) => fs::write(root.join(path), before).unwrap(),
                None => fs::remove_file(root.join(path)).unwrap(),
            }
        }
    }

    #[test]
    fn a_folder_that_is_gone_is_more_than_a_file_that_came_and_went() {
        let dir = portal();
        let root = dir.path().canonicalize().unwrap();
        let mut loader = loader(&root);
        loader.load();
        let reload = |loader: &mut Loader, path| loader.reload(&BTreeSet::from([root.join(path)]));
        assert!(reload(&mut loader, "content/b/two.md.tmp").is_some());
        fs::remove_dir_all(root.join("content/b")).unwrap();
        assert!(reload(&mut loader, "content/b").is_none());
    }
}

//! The search that is brought up to date is the one that is made anew, whatever was edited.

use std::fs;
use std::path::Path;
use std::sync::Arc;

use opas::build::{begin_search, search};
use opas::cache::Cache;
use opas::cache::program;
use opas::portal::{Portal, Request};
use opas::search::SearchIndex;
use opas::search::kept::Kept;
use opas::theme::Theme;
use opas::view::SiteView;

/// An edit of a file: what it replaces there, and what by; all of the file if nothing.
type Edit = (&'static str, &'static str, &'static str);

const SETTINGS: &str = "title = \"Portal\"\nlanguages = [\"en\", \"fi\"]\nfallback = \"show\"\n\
    admin = \"separate\"\n[variables]\nproduct = \"Alpha\"\n";

const FILES: [(&str, &str); 8] = [
    ("opas.toml", SETTINGS),
    ("content/snippets/s.md", "Shared words.\n"),
    ("content/en/sales/_index.md", "---\ntitle: Sales\n---\nOn sales.\n"),
    (
        "content/en/sales/a.md",
        "---\ntitle: Invoices\ndescription: All of them.\ntags: [money]\nfind_by: [bill]\nmodule: crm\n---\n\
         Send {{product}} invoices.\n\n## Later\n\n**Save** it.\n\n> [!ADMIN]\n> Secret steps.\n",
    ),
    ("content/en/sales/b.md", "---\ntitle: Credit\n---\nSee [the invoices](a.md).\n"),
    ("content/en/sales/c.md", "---\ntitle: Notes\n---\n{{include snippets/s.md}}\n"),
    ("content/en/sales/d.md", "---\ntitle: Wiki\n---\nRead [[Invoices]] and [[Invoices#later]].\n"),
    ("content/fi/sales/b.md", "---\ntitle: Hyvitys\n---\nTeksti.\n"),
];

const EDITS: [Edit; 22] = [
    ("content/en/sales/a.md", "Send", "Post"),
    ("content/en/sales/a.md", "title: Invoices", "title: Bills"),
    ("content/en/sales/a.md", "description: All of them.", "description: Some of them."),
    ("content/en/sales/a.md", "description: Some of them.\n", ""),
    ("content/en/sales/a.md", "tags: [money]", "tags: [money, credit]"),
    ("content/en/sales/a.md", "find_by: [bill]", "find_by: [bill, receipt]"),
    ("content/en/sales/a.md", "module: crm\n", "module: crm\npinned: true\n"),
    ("content/en/sales/a.md", "module: crm", "module: erp"),
    ("content/en/sales/a.md", "## Later", "## Much later"),
    ("content/en/sales/a.md", "**Save**", "Save"),
    ("content/en/sales/a.md", "> [!ADMIN]", "> [!NOTE]"),
    ("content/en/sales/a.md", "title: Bills", "title: Bills\nkind: announcement\ndate: 2026-05-04"),
    ("content/en/sales/b.md", "[the invoices]", "[all invoices]"),
    ("content/en/sales/b.md", "See [all invoices](a.md).", "See nothing."),
    ("content/en/sales/b.md", "title: Credit", "title: Credit\naudience: admin"),
    ("content/en/sales/_index.md", "title: Sales", "title: Selling"),
    ("content/snippets/s.md", "Shared", "Common"),
    ("content/fi/sales/a.md", "", "---\ntitle: Laskut\n---\nLähetä laskut.\n"),
    ("content/en/other/e.md", "", "---\ntitle: New\n---\n[Bills](../sales/a.md) again.\n"),
    ("opas.toml", "Alpha", "Beta"),
    ("synonyms.toml", "", "[[two_way]]\nwords = [\"bill\", \"invoice\"]\n"),
    ("opas.toml", "admin = \"separate\"", "admin = \"marked\""),
];

fn open(root: &Path, audience: Option<&str>) -> (Arc<SiteView>, Theme) {
    let request = Request { audience: audience.map(str::to_owned), drafts: false };
    let mut portal = Portal::open(root, &request).unwrap();
    let view = portal.load(jiff::civil::date(2026, 6, 1)).view;
    let theme = portal.theme().0;
    (view, theme)
}

/// Compares the search that takes from what is kept, in memory or on the disk, with a new one.
fn compare(root: &Path, audience: Option<&str>, kept: &mut Kept, after: &str) {
    let (view, theme) = open(root, audience);
    let clean = search(&view, &theme).unwrap();
    let cache = Arc::new(Cache::open(root, "search", &program()));
    let mut on_disk = Kept::on_disk(Arc::clone(&cache));
    for kept in [kept, &mut on_disk] {
        let again = begin_search(&view, &theme, Some(kept), None).merge(Some(kept));
        let again = again.finish(Some(kept)).unwrap();
        let text = |file: &Arc<[u8]>| String::from_utf8_lossy(file).into_owned();
        let texts = |index: &SearchIndex| index.files().values().map(text).collect::<Vec<_>>();
        assert_eq!(texts(&again), texts(&clean), "for {audience:?} after {after}");
        assert!(again.files().keys().eq(clean.files().keys()), "for {audience:?} after {after}");
        let pages = |index: &SearchIndex| {
            let texts = index.texts().iter();
            texts.map(|(name, text)| (name.clone(), text.page)).collect::<Vec<_>>()
        };
        assert_eq!(pages(&again), pages(&clean), "for {audience:?} after {after}");
    }
    cache.save().unwrap();
}

#[test]
fn after_every_edit_the_search_is_that_of_a_new_start() {
    let root = tempfile::tempdir().unwrap();
    let root = root.path();
    let write = |path: &str, text: &str| {
        let path = root.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    };
    FILES.iter().for_each(|(path, text)| write(path, text));
    let mut kept = Kept::in_memory();
    compare(root, None, &mut kept, "nothing");
    for (path, from, to) in EDITS {
        let text = match from {
            "" => to.to_owned(),
            from => {
                let text = fs::read_to_string(root.join(path)).unwrap();
                assert!(text.contains(from), "{path} has no `{from}`");
                text.replace(from, to)
            }
        };
        write(path, &text);
        let after = format!("`{from}` became `{to}` in {path}");
        // The portals of two audiences take from one another, too.
        compare(root, None, &mut kept, &after);
        compare(root, Some("admin"), &mut kept, &after);
    }
}

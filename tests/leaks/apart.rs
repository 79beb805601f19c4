//! Two portals, of which one has what is hidden and the other never had it, have to come out the
//! same, byte for byte: then no count, number, order, statistic or hash tells of what is hidden.
//!
//! What is hidden stands between `⟦` and `⟧`.

use std::collections::BTreeMap;

use super::desk::Desk;
use super::picture;

/// Public texts with hidden parts.
const PARTLY: &[(&str, &str)] = &[
    ("content/en/_index.md", "Welcome.\n⟦\n> [!MARK]\n> And [the cellar](cellar/keys.md).\n⟧"),
    (
        "content/en/sales/_index.md",
        "---\ntitle: Sales\norder: 1\n---\nAll of it.\n⟦\n> [!MARK]\n> Behind the counter.\n⟧",
    ),
    (
        "content/en/sales/invoice.md",
        "---\ntitle: Invoice\ntags: [money, paper]\ncontexts: [S1]\naliases: [/bill/]\n---\n\
         ⟦> [!MARK]\n> First of all: the ledger.\n\n⟧Send it.[^a]\n\n## Setup\n\n⟦> [!MARK]\n> ## Setup\n>\n> \
         Deep.[^z]\n>\n> ![Total](../media/hidden.png){#total}\n\n[^z]: Zed.\n\n⟧## Setup\n\nTwice.\n\n\
         ![Total](../media/shown.png \"The total\"){#sum}\n\nSee [](#sum).\n\n[^a]: Once.\n",
    ),
    (
        "content/en/sales/steps.md",
        "---\ntitle: Steps\ntags: [paper]\n---\n:::steps\n1. Open.\n⟦2. {MARK} Turn the key.\n⟧2. Read.\n\
         ⟦3. {MARK} Lock.\n⟧3. Close.\n:::\n\n- [ ] Done\n⟦- [ ] {MARK} Locked\n⟧- [x] Gone\n\n\
         ::::tabs\n:::tab One\nA.\n:::\n⟦:::tab Key MARK\nB.\n:::\n⟧:::tab Two\nC.\n:::\n::::\n",
    ),
    (
        "content/en/sales/spots.md",
        "---\ntitle: Spots\n---\n⟦> [!MARK]\n> ```spots ../media/hidden.png \"Alt\"\n> 1% 1%: Key\n> ```\n\n⟧\
         ```spots ../media/shown.png \"Alt\"\n10% 20%: Total\n```\n⟦\n![Key](../media/hidden.png){MARK}\n⟧",
    ),
    (
        "content/en/announcements/2026-01-02-new.md",
        "---\ntitle: New\n---\n⟦> [!MARK]\n> The key changes.\n\n⟧Out now. See [Invoice](../sales/invoice.md).\n",
    ),
    (
        "content/fi/sales/invoice.md",
        "---\ntitle: Lasku\n---\nLähetä se.\n⟦\n:::only MARK\nAvain on alla.\n:::\n⟧",
    ),
    (
        "synonyms.toml",
        "[means]\nbill = [\"invoice\"]\n⟦cellar = [\"invoice\"]\nkeyhole = [\"paper\"]\n⟧",
    ),
];

/// Files that are hidden as a whole.
const WHOLLY: &[(&str, &str)] = &[
    (
        "content/en/cellar/_index.md",
        "---\ntitle: Cellar\norder: 0\nMARK\n---\nDown there by the keyhole.\n",
    ),
    (
        "content/en/cellar/keys.md",
        "---\ntitle: Keys\ntags: [paper, keys]\n---\nTo [Invoice](../sales/invoice.md), to \
         [](../sales/steps.md).\n\n![Key](../media/hidden.png)\n",
    ),
    (
        "content/en/sales/aaa.md",
        "---\ntitle: Aaa\nMARK\norder: 1\ntags: [money, paper]\naliases: [/key/]\ncontexts: [S2]\n\
         find_by: [key]\nrelated: [\"Invoice\"]\n---\nSee [the invoice](invoice.md).\n\n## Setup\n\nx\n",
    ),
    (
        "content/en/announcements/2026-05-04-later.md",
        "---\ntitle: Later\nMARK\npinned: true\n---\nSoon.\n",
    ),
    ("content/fi/sales/aaa.md", "---\ntitle: Aaa\n---\nAvain.\n"),
    ("content/fi/cellar/keys.md", "---\ntitle: Avaimet\nMARK\n---\nAvain.\n"),
    ("content/snippets/key.md", "---\nMARK\n---\nA key.\n"),
];

/// How a text is marked as hidden, in each place where it can be.
struct Marking {
    callout: &'static str,
    braces: &'static str,
    front: &'static str,
    config: &'static str,
}

const AUDIENCE: Marking = Marking {
    callout: "[!ADMIN]",
    braces: "for=admin",
    front: "audience: admin",
    config: "admin = \"separate\"\n",
};
const MODULE: Marking = Marking {
    callout: "[!NOTE module=hr]",
    braces: "module=hr",
    front: "module: hr",
    config: "modules = [\"crm\"]\n",
};

impl Marking {
    fn mark(&self, text: &str) -> String {
        let text = text.replace("[!MARK]", self.callout);
        let text = text.replace("\nMARK\n", &format!("\n{}\n", self.front));
        text.replace("MARK", self.braces)
    }

    fn config(&self) -> String {
        format!(
            "title = \"Portal\"\nlanguages = [\"en\", \"fi\"]\nfallback = \"show\"\nnumbered_figures = true\n\
             site_url = \"https://help.example.com/\"\n{}",
            self.config
        )
    }
}

/// A text without what stands between the brackets.
fn without(text: &str) -> String {
    let mut out = String::new();
    for part in text.split('⟦') {
        out.push_str(part.split_once('⟧').map_or(part, |(_, behind)| behind));
    }
    out
}

fn lay_out(desk: &Desk, marking: &Marking, hidden: bool) {
    desk.write("opas.toml", marking.config());
    desk.write("content/en/media/shown.png", picture("shown"));
    desk.write("content/fi/sales/_index.md", "---\ntitle: Myynti\n---\n");
    for (path, text) in PARTLY {
        let text = if hidden { text.replace(['⟦', '⟧'], "") } else { without(text) };
        desk.write(path, marking.mark(&text));
    }
    for (path, text) in WHOLLY.iter().filter(|_| hidden) {
        desk.write(path, marking.mark(text));
    }
    if hidden {
        desk.write("content/en/media/hidden.png", picture("hidden"));
    }
}

fn built(desk: &Desk, out: &str) -> BTreeMap<String, Vec<u8>> {
    desk.opas(&format!("build --out {out} --color never")).expect(0, &[]);
    desk.tree(out)
}

#[track_caller]
fn assert_same(one: &BTreeMap<String, Vec<u8>>, other: &BTreeMap<String, Vec<u8>>) {
    let names = |tree: &BTreeMap<String, Vec<u8>>| tree.keys().cloned().collect::<Vec<_>>();
    // The manifest has the others' hashes.
    let (last, first): (Vec<_>, Vec<_>) = other.iter().partition(|(path, _)| path.starts_with('.'));
    for (path, bytes) in first.into_iter().chain(last) {
        if let Some(there) = one.get(path) {
            let [a, b] = [there, bytes].map(|bytes| String::from_utf8_lossy(bytes).into_owned());
            let lines = a.lines().zip(b.lines()).find(|(a, b)| a != b);
            assert!(there == bytes, "{path} differs: {lines:#?}");
        }
    }
    assert_eq!(names(one), names(other));
}

#[test]
fn what_is_hidden_leaves_no_trace() {
    for marking in [AUDIENCE, MODULE] {
        let [with, never] = [true, false].map(|hidden| {
            let desk = Desk::empty();
            lay_out(&desk, &marking, hidden);
            desk
        });
        assert_same(&built(&with, "public"), &built(&never, "public"));
        with.opas("check --leaks public --color never").expect(0, &[]);
    }
}

#[test]
fn what_becomes_hidden_vanishes_from_an_output_and_its_caches() {
    let desk = Desk::empty();
    lay_out(&desk, &AUDIENCE, true);
    let hiding: Vec<(String, String)> = desk
        .tree("content")
        .into_iter()
        .map(|(p, b)| (p, String::from_utf8_lossy(&b).into()))
        .collect();
    // First all of it is for everybody.
    for (path, text) in hiding.iter().filter(|(path, _)| path.ends_with(".md")) {
        let open =
            text.replace("audience: admin", "review_by: 2090-01-01").replace("[!ADMIN]", "[!NOTE]");
        let open = open.replace("{for=admin}", "{for=user}").replace(" for=admin", "");
        desk.write(&format!("content/{path}"), open);
    }
    let open = built(&desk, "public");
    assert!(open.contains_key("cellar/keys/index.html"));
    assert!(open.keys().filter(|path| path.starts_with("assets/media/hidden-")).count() > 1);
    desk.opas("check --leaks public --color never").expect(0, &[]);

    for (path, text) in hiding.iter().filter(|(path, _)| path.ends_with(".md")) {
        desk.write(&format!("content/{path}"), text);
    }
    desk.opas("check --leaks public --color never").expect(1, &["cellar/keys", "hidden.png"]);
    let closed = built(&desk, "public");
    let never = Desk::empty();
    lay_out(&never, &AUDIENCE, false);
    assert_same(&closed, &built(&never, "public"));
}

#[test]
fn a_mark_that_can_mark_nothing_stops_the_build() {
    for marking in [AUDIENCE, MODULE] {
        let desk = Desk::portal();
        desk.write("opas.toml", format!("title = \"T\"\n{}", marking.config));
        let place = desk.path("content/sales/invoice.md");
        for text in ["## Keys {MARK}\n\nUnder the mat.\n", "Under the mat. {MARK}\n"] {
            std::fs::write(&place, marking.mark(text)).unwrap();
            desk.opas("build --out public --color never")
                .expect(1, &["invoice.md", "marks nothing", marking.braces]);
            assert!(!desk.path("public").exists());
        }
    }
}

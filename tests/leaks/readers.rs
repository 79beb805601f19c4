//! Several audiences and languages: each portal has what its readers may read, and not a word more.

use super::desk::Desk;

/// Who reads what: a word, and the audiences whose portals have it.
const WORDS: [(&str, &[&str]); 9] = [
    ("everyword", &["user", "key-user", "accountant", "admin"]),
    ("keywimble", &["key-user", "admin"]),
    ("bookfrazz", &["accountant", "admin"]),
    ("eithermold", &["key-user", "accountant", "admin"]),
    ("adminquell", &["admin"]),
    ("bothspindle", &["admin"]),
    ("avainsulje", &["admin"]),
    ("sanastovex", &["accountant", "admin"]),
    ("nobodyglim", &[]),
];

fn portal() -> Desk {
    let desk = Desk::empty();
    desk.write(
        "opas.toml",
        "title = \"Portal\"\nlanguages = [\"en\", \"fi\"]\nfallback = \"show\"\nadmin = \"separate\"\n\
         modules = [\"crm\"]\nsite_url = \"https://help.example.com/\"\n[audiences]\nuser = []\n\
         key-user = [\"user\"]\naccountant = [\"user\"]\nadmin = [\"key-user\", \"accountant\"]\n",
    );
    desk.write(
        "glossary.toml",
        "[[term]]\nterm = \"Sanastovex\"\nforms = [\"sanastovexes\"]\ntext = \"A word.\"\naudience = \"accountant\"\n",
    );
    desk.write(
        "content/en/open/a.md",
        "---\ntitle: Open things\nsource_hash: \"1\"\n---\nEveryword.\n\n> [!NOTE for=key-user]\n> \
         Keywimble.\n\n1. One.\n2. {for=accountant} Bookfrazz, sanastovexes.\n\n:::only for=key-user,accountant\nEithermold.\n:::\n\n\
         > [!ADMIN]\n> ## Adminquell\n> Text.\n\n> [!NOTE for=key-user]\n> Outer.\n>\n> > [!TIP for=accountant]\n> > \
         Bothspindle.\n\n:::only module=hr\nNobodyglim.\n:::\n",
    );
    desk.write(
        "content/fi/open/a.md",
        "---\ntitle: Avointa\nsource_hash: \"ffffff 000000\"\n---\nTeksti.\n",
    );
    // Its title must show in no switcher, no alternate link and no stand-in.
    desk.write(
        "content/en/open/keys.md",
        "---\ntitle: The adminquell\naudience: admin\n---\nText.\n",
    );
    desk.write("content/fi/open/keys.md", "---\ntitle: Avainsulje\n---\nTeksti.\n");
    desk.write(
        "content/en/open/alone.md",
        "---\ntitle: Only bothspindle\naudience: admin\n---\nText.\n",
    );
    desk.write(
        "content/fi/open/b.md",
        "---\ntitle: Linkki\n---\n[Avainsulje](keys.md) ja [[Avainsulje]].\n",
    );
    desk.write(
        "content/en/open/c.md",
        "---\ntitle: Links\n---\n[The adminquell](keys.md), [[The adminquell]].\n",
    );
    desk
}

#[test]
fn each_audience_reads_its_own_in_every_language() {
    let desk = portal();
    desk.opas("build --audience all --out each --color never").expect(0, &["stale-translation"]);
    for (word, readers) in WORDS {
        for name in ["user", "key-user", "accountant", "admin"] {
            let tree = desk.tree(&format!("each/{name}"));
            let told = tree.iter().find(|(path, bytes)| {
                let text = String::from_utf8_lossy(bytes).to_lowercase();
                // Lists of the search leave shared beginnings out.
                text.contains(word) || path.contains(word) || text.contains(&word[3..])
            });
            let expected = readers.contains(&name);
            assert_eq!(told.is_some(), expected, "{word} for {name}: {:?}", told.map(|t| t.0));
        }
    }
    for name in ["user", "key-user", "accountant", "admin"] {
        desk.opas(&format!("check --leaks each/{name} --audience {name} --color never"))
            .expect(0, &[]);
    }
    for (built, reader) in [
        ("admin", "key-user"),
        ("key-user", "accountant"),
        ("accountant", "key-user"),
        ("key-user", "user"),
    ] {
        desk.opas(&format!("check --leaks each/{built} --audience {reader} --color never"))
            .expect(1, &["error[leak]"]);
    }
    // A reader who sees the stale page is told so, and not which hidden part changed.
    let page = desk.read("each/user/fi/open/a/index.html");
    assert!(page.contains("class=\"notice\""), "{page}");
    // What is hidden in one language has no alternate in another.
    assert!(!desk.tree("each/user").contains_key("fi/open/keys/index.html"));
    assert!(!desk.tree("each/user").contains_key("fi/open/alone/index.html"));
}

#[test]
fn portals_that_are_built_together_are_those_built_alone() {
    let desk = portal();
    // Where sharing could go wrong: books, whole and in part; texts that include; links whose
    // anchors, and pictures whose twins, are for some readers only.
    desk.write("content/snippets/hint.md", "A hint.\n\n> [!ADMIN]\n> Hinted.\n");
    desk.write("content/en/other/_index.md", "---\ntitle: Other\n---\nText.\n");
    desk.write(
        "content/en/other/d.md",
        "---\ntitle: Included\n---\n{{include snippets/hint.md}}\n",
    );
    desk.write(
        "content/en/other/e.md",
        "---\ntitle: Anchors\n---\n[There](../open/a.md#adminquell), [[Links]], \
         [[Open things#adminquell]].\n\n![A](a.svg)\n\nSanastovexes.\n",
    );
    desk.write("content/en/other/f.md", "---\ntitle: Plain\n---\nNothing but text.\n");
    desk.write(
        "content/en/other/a.svg",
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"9\" height=\"9\"/>",
    );
    // Prepared together for the one audience; only one of them is for the other.
    desk.write(
        "content/en/other/g.md",
        "---\ntitle: For two\naudience: [key-user, accountant]\n---\nShared words.\n",
    );
    desk.write(
        "content/en/other/h.md",
        "---\ntitle: For one\naudience: key-user\n---\nUnsharedword.\n",
    );
    let names = ["user", "key-user", "accountant", "admin"];
    let compare = |when: &str| {
        desk.opas("build --audience all --out each --color never").expect(0, &[]);
        for name in names {
            let alone = format!("alone-{when}/{name}");
            desk.opas(&format!("build --audience {name} --out {alone} --color never"))
                .expect(0, &[]);
            let (together, alone) = (desk.tree(&format!("each/{name}")), desk.tree(&alone));
            assert!(together.keys().eq(alone.keys()), "{name} {when}");
            for (path, bytes) in &alone {
                assert!(together[path] == *bytes, "{path} for {name} {when}");
            }
        }
    };
    compare("at-first");
    desk.write(
        "content/en/other/f.md",
        "---\ntitle: Plain\n---\nText.\n\n> [!ADMIN]\n> Now more.\n",
    );
    compare("after-an-edit");
    desk.write("content/en/other/e.md", "---\ntitle: Gone\naudience: admin\n---\nText.\n");
    compare("after-another");
}

//! Attempts to get admin text out of a public portal. Each way hides a word that occurs nowhere
//! else; none of these words may be in any file of the public output, whatever its kind, and all of
//! them have to be in the admins' portal, or the attempt would prove nothing.

mod desk;

use std::collections::BTreeMap;

use desk::Desk;

/// A made-up word for each way: no language has it, and no other file of the fixture.
struct Way {
    /// What is attempted.
    name: &'static str,
    word: &'static str,
    path: &'static str,
    text: &'static str,
    /// The word is to be found in the admins' portal too, not only absent from the public one.
    told: Told,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Told {
    ToAdmins,
    /// Writers only: a name or a query that no page shows.
    ToNobody,
}

use Told::{ToAdmins, ToNobody};

const fn way(
    name: &'static str,
    word: &'static str,
    path: &'static str,
    text: &'static str,
    told: Told,
) -> Way {
    Way { name, word, path, text, told }
}

const WAYS: &[Way] = &[
    way(
        "a category's title",
        "qvackola",
        "content/hall/_index.md",
        "---\ntitle: Qvackola\naudience: [admin]\n---\nQvackola.\n",
        ToAdmins,
    ),
    way(
        "an article below it",
        "zibbeltro",
        "content/hall/a.md",
        "---\ntitle: Zibbeltro setup\n---\nText.\n",
        ToAdmins,
    ),
    way(
        "an article's body",
        "wummelfax",
        "content/open/b.md",
        "---\ntitle: Bx keys of the house\naudience: admin\n---\nSecret wummelfax.\n",
        ToAdmins,
    ),
    way(
        "a description",
        "drezzulin",
        "content/open/c.md",
        "---\ntitle: Cx things of the house\ndescription: About drezzulin.\naudience: admin\n---\nText.\n",
        ToAdmins,
    ),
    way(
        "an address",
        "plonkavar",
        "content/open/plonkavar.md",
        "---\ntitle: Dx ways of the house\naudience: admin\n---\nText.\n",
        ToAdmins,
    ),
    way(
        "a note first in the file",
        "hubbasnik",
        "content/open/d.md",
        "> [!ADMIN]\n> Note hubbasnik.\n\nOpen text.\n",
        ToAdmins,
    ),
    way(
        "a note's title",
        "grimbotta",
        "content/open/e.md",
        "Open.\n\n> [!ADMIN] Grimbotta first\n> Text.\n",
        ToAdmins,
    ),
    way(
        "a note in a list",
        "skluntify",
        "content/open/f.md",
        "- one\n- two\n\n  > [!ADMIN]\n  > Note skluntify.\n- three\n",
        ToAdmins,
    ),
    way(
        "a list item that is all note",
        "brumwelda",
        "content/open/f2.md",
        "1. one\n2. > [!ADMIN]\n   > Note brumwelda.\n3. three\n",
        ToAdmins,
    ),
    way(
        "a note in a note",
        "yerriglom",
        "content/open/g.md",
        "> [!NOTE]\n> Open.\n>\n> > [!ADMIN]\n> > Note yerriglom.\n",
        ToAdmins,
    ),
    way(
        "the second paragraph of a snippet in a note",
        "fladdernox",
        "content/open/h.md",
        "> [!ADMIN]\n> {{include snippets/two.md}}\n\nOpen.\n",
        ToAdmins,
    ),
    way(
        "the snippet itself",
        "fladdernox",
        "content/snippets/two.md",
        "First.\n\nSecond fladdernox.\n\n- third\n",
        ToAdmins,
    ),
    way(
        "a snippet for admins in a public text",
        "ostrimavel",
        "content/snippets/own.md",
        "---\naudience: admin\n---\nSnippet ostrimavel.\n",
        ToAdmins,
    ),
    way(
        "its inclusion",
        "ostrimavel",
        "content/open/h2.md",
        "Open.\n\n{{include snippets/own.md}}\n",
        ToAdmins,
    ),
    way(
        "a heading in a note",
        "tuvvelsko",
        "content/open/i.md",
        "Open.\n\n> [!ADMIN]\n> ## Tuvvelsko heading\n> Text.\n",
        ToAdmins,
    ),
    way(
        "a link to that heading",
        "tuvvelsko",
        "content/open/i2.md",
        "See [there](i.md#tuvvelsko-heading).\n",
        ToAdmins,
    ),
    way(
        "a table in a note",
        "nargleby",
        "content/open/j.md",
        "> [!ADMIN]\n> | a | b |\n> | - | - |\n> | nargleby | 2 |\n\nOpen.\n",
        ToAdmins,
    ),
    way(
        "a footnote used in a note",
        "cravontus",
        "content/open/k.md",
        "Open.\n\n> [!ADMIN]\n> Text[^n].\n>\n> [^n]: Footnote cravontus.\n",
        ToAdmins,
    ),
    way(
        "code in a note",
        "melfradin",
        "content/open/l.md",
        "> [!ADMIN]\n> ```toml title=\"melfradin\"\n> melfradin = 1\n> ```\n\nOpen.\n",
        ToAdmins,
    ),
    way(
        "an image in a note",
        "pixquoral",
        "content/open/m.md",
        "> [!ADMIN]\n> ![Alt pixquoral](pixquoral.png \"Title\")\n\nOpen.\n",
        ToAdmins,
    ),
    way(
        "a container",
        "vostelbring",
        "content/open/n.md",
        "Open.\n\n:::details Vostelbring for=admin\nText.\n:::\n",
        ToAdmins,
    ),
    way(
        "a tab",
        "jurnifelk",
        "content/open/o.md",
        "::::tabs\n:::tab One\nOpen.\n:::\n:::tab Two for=admin\nJurnifelk.\n:::\n::::\n",
        ToAdmins,
    ),
    way(
        "a container that is never closed",
        "ekkaldrum",
        "content/open/p.md",
        "Open.\n\n:::only for=admin\nEkkaldrum.\n\n## More ekkaldrum\n",
        ToAdmins,
    ),
    way(
        "a note for others than admins",
        "sorvantil",
        "content/open/q.md",
        "> [!NOTE for=admin]\n> Sorvantil.\n\nOpen.\n",
        ToAdmins,
    ),
    way(
        "a tag of admin articles alone",
        "lubbenary",
        "content/open/r.md",
        "---\ntitle: Rx tags of the house\naudience: admin\ntags: [lubbenary]\n---\nText.\n",
        ToAdmins,
    ),
    way(
        "an old address",
        "warpindel",
        "content/open/s.md",
        "---\ntitle: Sx aliases of the house\naudience: admin\naliases: [/warpindel/]\n---\nText.\n",
        ToAdmins,
    ),
    way(
        "a screen of the product",
        "crumaveth",
        "content/open/t.md",
        "---\ntitle: Tx screens of the house\naudience: admin\ncontexts: [crumaveth]\n---\nText.\n",
        ToNobody,
    ),
    way(
        "a query to be found by",
        "dolfrimet",
        "content/open/u.md",
        "---\ntitle: Ux queries of the house\naudience: admin\nfind_by: [dolfrimet]\n---\nText.\n",
        ToAdmins,
    ),
    way(
        "a module",
        "gantrevol",
        "content/open/v.md",
        "---\ntitle: Vx modules of the house\naudience: admin\nmodule: gantrevol\n---\nText.\n",
        ToAdmins,
    ),
    way(
        "front matter of the theme's own",
        "hexomprad",
        "content/open/v2.md",
        "---\ntitle: Extra of the house\naudience: admin\nextra: {x: hexomprad}\n---\nText.\n",
        ToNobody,
    ),
    way(
        "a bare wikilink to a hidden article",
        "zibbeltro",
        "content/open/w.md",
        "See [[Zibbeltro setup]] first.\n",
        ToAdmins,
    ),
    way(
        "a link whose text is the hidden title",
        "zibbeltro",
        "content/open/x.md",
        "See [Zibbeltro setup](../hall/a.md).\n",
        ToAdmins,
    ),
    way(
        "a link to a hidden address",
        "plonkavar",
        "content/open/y.md",
        "See [the guide](plonkavar.md).\n",
        ToAdmins,
    ),
    way(
        "a picked relation",
        "zibbeltro",
        "content/open/z.md",
        "---\nrelated: [\"Zibbeltro setup\"]\n---\nOpen.\n",
        ToAdmins,
    ),
    way(
        "a comment in the source",
        "murgletop",
        "content/open/za.md",
        "Open.\n\n<!-- murgletop -->\n",
        ToNobody,
    ),
    way(
        "an unused link reference",
        "quimbarel",
        "content/open/zb.md",
        "Open.\n\n[x]: https://quimbarel.example/ \"quimbarel\"\n",
        ToNobody,
    ),
    way(
        "a draft",
        "fintolabe",
        "content/open/zc.md",
        "---\ntitle: Fintolabe\ndraft: true\n---\nFintolabe.\n",
        ToNobody,
    ),
    way(
        "an announcement",
        "bravuntil",
        "content/announcements/2026-05-04-x.md",
        "---\ntitle: News of the house for admins\naudience: admin\n---\nBravuntil.\n",
        ToAdmins,
    ),
    way(
        "a file nobody refers to",
        "unlovedfi",
        "content/media/unlovedfi.txt",
        "unlovedfi",
        ToNobody,
    ),
    way(
        "an alternative text in a heading",
        "gloomstad",
        "content/open/zd.md",
        "> [!ADMIN]\n> ## See ![Gloomstad](pixquoral.png) here\n\nOpen.\n",
        ToAdmins,
    ),
    way(
        "a definition in a note",
        "hartelune",
        "content/open/ze.md",
        "> [!ADMIN]\n> Term\n> : Hartelune.\n\nOpen.\n",
        ToAdmins,
    ),
    way(
        "a word that only admins' texts have",
        "snorvelquip",
        "content/open/zj.md",
        "> [!ADMIN]\n> Note snorvelquip.\n\nOpen.\n",
        ToAdmins,
    ),
    way(
        "a synonym that leads to it",
        "snorvelquip",
        "synonyms.toml",
        "[means]\nordinarium = [\"snorvelquip\", \"plain\"]\n",
        ToAdmins,
    ),
    way(
        "a task in a note",
        "kivvarost",
        "content/open/zf.md",
        "> [!ADMIN]\n> - [ ] Kivvarost.\n\nOpen.\n",
        ToAdmins,
    ),
    way(
        "annotated spots in a note",
        "wendelphi",
        "content/open/zg.md",
        "> [!ADMIN]\n> ```spots pixquoral.png \"Alt\"\n> 10% 10%: Wendelphi\n> ```\n\nOpen.\n",
        ToAdmins,
    ),
    way(
        "a marked image",
        "ullivarne",
        "content/open/zh.md",
        "Open.\n\n![Ullivarne](ullivarne.png){for=admin}\n",
        ToAdmins,
    ),
    way(
        "an announcement's summary in a feed",
        "tresgolam",
        "content/announcements/2026-05-05-y.md",
        "---\ntitle: News for all of us\n---\n> [!ADMIN]\n> Tresgolam.\n\nOpen news.\n",
        ToAdmins,
    ),
];

/// A picture of one pixel with a comment, so that each file has a content of its own.
fn png(comment: &str) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut info = png_info(comment);
    info.truncate(3);
    let pixel = image::RgbImage::from_pixel(2, 2, image::Rgb([info[0], info[1], info[2]]));
    pixel.write_to(&mut std::io::Cursor::new(&mut bytes), image::ImageFormat::Png).unwrap();
    bytes
}

fn png_info(comment: &str) -> Vec<u8> {
    comment.bytes().chain([1, 2, 3]).collect()
}

fn portal() -> Desk {
    let desk = Desk::empty();
    desk.write(
        "opas.toml",
        "title = \"Portal\"\nadmin = \"separate\"\nsite_url = \"https://help.example.com/\"\n",
    );
    desk.write("content/_index.md", "Welcome.\n");
    desk.write("content/open/_index.md", "---\ntitle: Open\n---\nFor all.\n");
    desk.write("content/open/plain.md", "---\ntitle: Plain guide\n---\nPlain ordinarium text.\n");
    desk.write("content/open/pixquoral.png", png("pix"));
    desk.write("content/open/ullivarne.png", png("ull"));
    for way in WAYS {
        desk.write(way.path, way.text);
    }
    desk
}

/// Whether a file of the output holds a word, be it in its name, its text or a list that the search
/// writes with shared beginnings left out.
fn holds(path: &str, bytes: &[u8], word: &str) -> bool {
    let text = String::from_utf8_lossy(bytes).to_lowercase();
    // A list with shared beginnings never shares more than all but the last letters of a word that
    // nothing else begins like.
    let front_coded = path.starts_with("search/") && text.contains(&word[3..]);
    path.to_lowercase().contains(word) || text.contains(word) || front_coded
}

fn leaks(tree: &BTreeMap<String, Vec<u8>>, told: impl Fn(&Way) -> bool) -> Vec<String> {
    let mut leaks = Vec::new();
    for way in WAYS.iter().filter(|way| told(way)) {
        for (path, bytes) in tree {
            if holds(path, bytes, way.word) {
                leaks.push(format!("{} ({}) in {path}", way.name, way.word));
            }
        }
    }
    leaks
}

#[test]
fn nothing_hidden_is_in_the_public_portal() {
    let desk = portal();
    desk.opas("build --out public --color never").expect(0, &[]);
    let public = desk.tree("public");
    assert_eq!(leaks(&public, |_| true), Vec::<String>::new());
    // The open texts around what is hidden are all there.
    let open: Vec<&String> =
        public.keys().filter(|path| path.starts_with("open/") && path.ends_with(".html")).collect();
    assert!(open.len() > 25, "{open:?}");
    let all: String =
        public.values().map(|bytes| String::from_utf8_lossy(bytes).into_owned()).collect();
    assert!(all.contains("ordinarium"));
    for (path, bytes) in &public {
        for picture in ["pix", "ull"] {
            assert_ne!(bytes, &png(picture), "{path} is a hidden picture");
        }
    }

    desk.opas("build --audience admin --out admins --color never").expect(0, &[]);
    let admins = desk.tree("admins");
    for way in WAYS.iter().filter(|way| way.told == ToAdmins) {
        let told = admins.iter().any(|(path, bytes)| holds(path, bytes, way.word));
        assert!(told, "{} ({}) is not even in the admins' portal", way.name, way.word);
    }
}

#[test]
fn the_leak_check_proves_it_and_sees_what_is_wrong() {
    let desk = portal();
    desk.opas("build --out public --color never").expect(0, &[]);
    desk.opas("check --leaks public --color never").expect(0, &[]);
    desk.opas("build --audience admin --out admins --color never").expect(0, &[]);
    // The admins' portal is full of what the public must not see.
    desk.opas("check --leaks admins --color never").expect(1, &["error[leak]", "qvackola"]);
    desk.opas("check --leaks admins --audience admin --color never").expect(0, &[]);
    // One word in one file is enough, however it is written.
    let plain = desk.read("public/open/plain/index.html");
    desk.write("public/open/plain/index.html", plain.replace("ordinarium", "wumm<b>el</b>fax"));
    desk.opas("check --leaks public --color never")
        .expect(1, &["open/plain/index.html", "wummelfax"]);
}

#[test]
fn all_audiences_at_once_are_what_each_is_alone() {
    let desk = portal();
    desk.opas("build --audience all --out each --color never").expect(0, &[]);
    desk.opas("build --out public --color never").expect(0, &[]);
    desk.opas("build --audience admin --out admins --color never").expect(0, &[]);
    assert_eq!(desk.tree("each/user"), desk.tree("public"));
    assert_eq!(desk.tree("each/admin"), desk.tree("admins"));
    let report = desk.read(".opas/audience-report-admin.json");
    let report: serde_json::Value = serde_json::from_str(&report).unwrap();
    assert_eq!(report["files"]["hall/a/index.html"], serde_json::json!(["admin"]));
    assert_eq!(report["files"]["open/plain/index.html"], serde_json::json!([]));
    desk.opas("build --audience all --color never").expect(2, &["--out"]);
}

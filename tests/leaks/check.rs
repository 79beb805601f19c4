//! What the leak check sees in a built folder, and what it does not take for a leak.
//!
//! First words and files in each kind of file. Then sentences of hidden texts whose words are all visible somewhere. The leak check must see them
//! wherever they turn up, and must not take for one of them what visible texts look like when they
//! stand one behind the other.

use super::desk::Desk;

/// A portal where the public's pages, by the way in which they put titles, addresses and texts
/// together, have runs of words that the hidden texts have too.
fn portal() -> Desk {
    let desk = Desk::empty();
    desk.write(
        "opas.toml",
        "title = \"Portal\"\nadmin = \"separate\"\nsite_url = \"https://help.example.com/\"\n",
    );
    for (path, text) in [
        ("_index.md", "Welcome.\n"),
        ("sales/_index.md", "---\ntitle: Sales\n---\n"),
        (
            "sales/mass-invoicing.md",
            "---\ntitle: Mass invoicing\norder: 1\n---\nYou can send many at once.\n\n## Set filter\n\n\
             Open the window. Anna, Ber, Cid, Dan and Eve choose then.\n",
        ),
        (
            "sales/credit-notes.md",
            "---\ntitle: Credit notes\norder: 2\n---\n![The window](window.png)\n\nChoose a row, \
             then press the button. See [[Mass invoicing#set-filter]] and then choose.\n\n\
             | a | b |\n| - | - |\n| Eve | Dan |\n| Cid | Ber |\n| Anna | x |\n",
        ),
        (
            "sales/paying.md",
            "---\ntitle: Paying in parts\norder: 3\n---\nPress the button now.\n\n> [!ADMIN]\n> Then \
             [[mass-invoicing#set-filter]] and then choose.\n\nOpen the window.\n",
        ),
        // A title, then what its article begins with, in a sentence and one below the other; an
        // address with a heading; the end of a summary with the title of the next card.
        (
            "sales/keys.md",
            "---\ntitle: Keys\norder: 0\naudience: admin\n---\nWith [[Mass invoicing]] you can send many.\n\n\
             - See [[mass-invoicing#set-filter]] and then choose\n- [[Credit notes]]\n- The window\n- Choose a \
             row\n\nAt once, [[Credit notes]] choose a row. [[Paying in parts]] press the button.\n\n\
             Then press the button.\n\nOpen the window.\n\n\
             Ber\n\n## Dan\n\n| Anna | Eve |\n| - | - |\n| Cid | Ber |\n| Dan | Anna |\n\n\
             First open a row, then send the window.\n",
        ),
    ] {
        desk.write(&format!("content/{path}"), text);
    }
    desk.write("content/sales/window.png", super::png("window"));
    desk
}

#[test]
fn visible_texts_one_behind_the_other_are_no_sentence() {
    let desk = portal();
    desk.opas("build --out public --color never").expect(0, &[]);
    desk.opas("check --leaks public --color never").expect(0, &[]);
}

#[test]
fn a_hidden_sentence_of_known_words_is_found_in_any_shape() {
    let desk = portal();
    desk.opas("build --out public --color never").expect(0, &[]);
    let article = "sales/paying/index.html";
    let note = "sales/paying/article.md";
    let cases = [
        (article, "<p>First open a row, then send the window.</p>"),
        (article, "<b>First</b> open <em>a row</em>, then <i>send</i>"),
        (article, "<p title=\"open a row, then send\">"),
        (article, "<!-- open a row, then send -->"),
        // Over the ends of blocks, where what is on their sides is visible nowhere.
        (article, "<p>First open</p><p>a row, then send</p>"),
        (article, "<li>open a</li><li>row then</li><li>send the</li>"),
        (article, "<p>Ber</p><h2>Dan</h2><td>Anna</td><td>Eve</td><td>Cid</td>"),
        (article, "<td>Anna</td><td>Eve</td><td>Cid</td><td>Ber</td><td>Dan</td>"),
        (article, "<p>With Mass invoicing you can send many.</p>"),
        (note, "With [Mass invoicing](../mass-invoicing/article.md) you can"),
        (note, "Open a row,\nthen send the window."),
        (note, "Ber\n\n## Dan\n\n| Anna | Eve |\n| Cid | Ber |"),
        ("feeds/index.xml", "<summary>open a row, then send</summary>"),
        ("llms.txt", "First open a row, then send the window."),
        ("a-row-then-send-the-window.txt", ""),
    ];
    for (path, leak) in cases {
        let place = desk.path("public").join(path);
        let before = std::fs::read_to_string(&place).unwrap_or_default();
        desk.write(&format!("public/{path}"), format!("{before}\n{leak}\n"));
        desk.opas("check --leaks public --color never")
            .expect(1, &["error[leak]", "a sentence of hidden texts only", path]);
        match before.is_empty() {
            true => std::fs::remove_file(&place).unwrap(),
            false => std::fs::write(&place, before).unwrap(),
        }
    }
}

/// Each kind of file that could hold it, and a way in which it could stand there.
#[test]
fn a_hidden_word_is_found_in_every_kind_of_file() {
    let desk = portal();
    desk.write(
        "content/vault/codes.md",
        "---\ntitle: Zibbeltro codes of the vault\naudience: admin\naliases: [/old-vault/]\n\
         find_by: [query plonkavar]\ncontexts: [grimbotta]\n---\nWummelfax.\n\n![Alt hubbasnik](dial.png)\n",
    );
    desk.write("content/vault/dial.png", super::picture("dial"));
    desk.opas("build --out public --color never").expect(0, &[]);
    desk.opas("check --leaks public --color never").expect(0, &[]);
    desk.opas("build --audience admin --out admins --color never").expect(0, &[]);
    let of_admins = |beginning: &str| {
        let tree = desk.tree("admins");
        let found = tree.into_iter().find(|(path, _)| path.starts_with(beginning));
        found.unwrap_or_else(|| panic!("no {beginning}"))
    };
    let text = |path: &str, text: &str| (path.to_owned(), text.as_bytes().to_vec());
    let (_, picture) = of_admins("assets/media/dial-");
    let cases = [
        text("sales/x.html", "<p>wummelfax</p>"),
        text("sales/title.html", "<title>Zibbeltro codes of the vault</title>"),
        text("sales/address.html", "<a href=\"../vault/codes/\">x</a>"),
        text("sales/alternative.html", "<img src=\"x.png\" alt=\"Alt hubbasnik\">"),
        text("sales/comment.html", "<!-- wummelfax -->"),
        text(
            "sales/data.html",
            "<script type=\"application/ld+json\">{\"a\":\"wummel\\u0066ax\"}</script>",
        ),
        text("old-vault/index.html", "<meta http-equiv=\"refresh\" content=\"0; url=../\">"),
        text("_redirects", "/old-vault/ /sales/ 301"),
        text("404.html", "<li>Wummelfax</li>"),
        text("sitemap.xml", "<loc>https://help.example.com/vault/codes/</loc>"),
        text("feeds/more.xml", "<content type=\"html\">&lt;b&gt;wummelfax&lt;/b&gt;</content>"),
        text("contexts.json", "{\"grimbotta\": \"x\"}"),
        text("assets/app.js.map", "{\"sourcesContent\": [\"// wummelfax\"]}"),
        text("assets/app.css", "/* wummelfax */"),
        text("assets/icon.svg", "<svg><title>wummelfax</title></svg>"),
        text("llms.txt", "- [x](vault/codes/article.md)"),
        text("robots.txt", "Disallow: /vault/codes/"),
        text("sales/shown.md", "**wummel**fax"),
        text("sales/dial.txt", "query plonkavar"),
        text("vault/codes/index.html", ""),
        text("notes/wummelfax.txt", ""),
        // The picture itself under another name, a smaller copy, and a text within a picture.
        ("assets/media/shown.png".to_owned(), picture),
        text("assets/media/dial-0123456789-320.webp", "RIFF"),
        text("assets/media/other.png", "\u{1}tEXtComment\0wummelfax\0"),
        // The search of the admins: what articles say, what they are called, which words there are.
        of_admins("search/t/vault"),
        of_admins("search/r/"),
    ];
    for (path, bytes) in cases {
        let place = desk.path("public").join(&path);
        let before = std::fs::read(&place).ok();
        desk.write(&format!("public/{path}"), &bytes);
        let run = desk.opas("check --leaks public --color never");
        run.expect(1, &["error[leak]", &path]);
        match before {
            Some(before) => std::fs::write(&place, before).unwrap(),
            None => std::fs::remove_file(&place).unwrap(),
        }
    }
    // A shard of words: a list that leaves out what a word has in common with the one before it.
    let shards = desk.tree("admins").into_iter().filter(|(path, _)| path.starts_with("search/w/"));
    for (path, bytes) in shards {
        desk.write(&format!("public/{path}"), bytes);
    }
    desk.opas("check --leaks public --color never").expect(1, &["error[leak]", "search/w/"]);
}

#[test]
fn a_leak_stops_the_build() {
    let desk = portal();
    desk.write("content/vault/codes.md", "---\ntitle: Codes\naudience: admin\n---\nWummelfax.\n");
    desk.opas("build --out public --color never").expect(0, &[]);
    let before = desk.tree("public");
    // Somebody copied the note into a file that is published as it is.
    desk.write("static/notes.txt", "Wummelfax.");
    desk.opas("build --out public --color never")
        .expect(1, &["error[leak]", "notes.txt", "`wummelfax`"]);
    assert_eq!(desk.tree("public"), before);
    desk.opas("build --out new --color never").expect(1, &["error[leak]"]);
    assert!(!desk.path("new").exists());
}

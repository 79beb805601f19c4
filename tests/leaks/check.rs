//! Sentences of hidden texts whose words are all visible somewhere. The leak check must see them
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

//! The portals that are measured: made up ones, and a real one if it lies beside the project.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use opas::search::input::{Anchor, ArticleInput, LanguageInput, SectionInput, TitledId};

#[path = "../../tests/support/random.rs"]
mod random;

use random::Random;

pub const NAMES: [&str; 3] = ["100 articles", "1000 articles", "bc-fi"];
/// What the search is made of as a whole.
pub const SEARCHED: [&str; 3] = ["1000 articles", "10000 articles", "bc-fi"];
/// What its stages are measured with.
pub const MADE_UP: [&str; 3] = ["100 articles", "1000 articles", "10000 articles"];

const IN_CATEGORY: usize = 40;
const SYLLABLES: [&str; 24] = [
    "las", "ku", "tus", "suo", "da", "tin", "a", "si", "kas", "vien", "ti", "ra", "por", "hy",
    "vi", "tys", "kä", "yt", "tä", "jä", "öl", "jy", "kau", "si",
];

/// The root of a portal; `None` for a real one that is not there.
pub fn at(name: &str) -> Option<PathBuf> {
    let Some(count) = count(name) else {
        let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/corpora").join(name);
        return beside.is_dir().then_some(beside);
    };
    let root = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("portal-{count}"));
    if !root.join("opas.toml").is_file() {
        write(&root, count).unwrap_or_else(|e| panic!("{}: {e}", root.display()));
    }
    Some(root)
}

fn count(name: &str) -> Option<usize> {
    name.split_once(" articles")?.0.parse().ok()
}

/// The texts of a made-up portal as the search gets them; a real one's are left to whole builds.
pub fn search_input(name: &str) -> Option<LanguageInput> {
    let count = count(name)?;
    let mut text = Text::new();
    let articles = (0..count).map(|number| ArticleInput {
        path: format!("luokka-{}/ohje-{number}/", number / IN_CATEGORY),
        title: text.words(3),
        summary: text.words(14),
        category: format!("luokka-{}", number / IN_CATEGORY),
        kind: "guide".into(),
        sections: (0..8)
            .map(|_| SectionInput {
                anchor: Anchor::Numbered,
                heading: text.words(3),
                text: (0..4).map(|_| text.words(30) + ".\n").collect(),
                ..SectionInput::default()
            })
            .collect(),
        ..ArticleInput::default()
    });
    let articles = articles.collect();
    let categories = (0..count.div_ceil(IN_CATEGORY))
        .map(|n| TitledId { id: format!("luokka-{n}"), title: format!("Luokka {n}") })
        .collect();
    let kinds = vec![TitledId { id: "guide".into(), title: "Ohje".into() }];
    Some(LanguageInput { code: "fi".into(), categories, kinds, articles, ..Default::default() })
}

/// Writes a portal; its `opas.toml` comes last and says that all of it is there.
fn write(root: &Path, count: usize) -> std::io::Result<()> {
    let mut text = Text::new();
    for number in 0..count {
        let category = number / IN_CATEGORY;
        let folder = root.join(format!("content/luokka-{category}"));
        if number % IN_CATEGORY == 0 {
            fs::create_dir_all(&folder)?;
            let index = format!("---\ntitle: Luokka {category}\norder: {category}\n---\n");
            fs::write(folder.join("_index.md"), index)?;
        }
        fs::write(folder.join(format!("ohje-{number}.md")), article(&mut text, number, count))?;
    }
    fs::write(root.join("opas.toml"), "title = \"Ohjeet\"\nlanguages = [\"fi\"]\n")
}

/// An article of some thousand words with what manuals have: notes, lists, a table, links.
fn article(text: &mut Text, number: usize, count: usize) -> String {
    let mut out = format!("---\ntitle: {} {number}\norder: {number}\n---\n\n", text.words(3));
    for section in 0..8 {
        // Writing to a string can't fail.
        let _ = write!(out, "## {}\n\n{}.\n\n", text.words(3), text.words(40));
        let other = text.random.below(count as u64) as usize;
        let link = format!("../luokka-{}/ohje-{other}.md", other / IN_CATEGORY);
        let (a, b, c) = (text.words(4), text.words(30), text.words(8));
        let _ = match section % 4 {
            0 => write!(out, "> [!NOTE]\n> {b} **{a}** [{c}]({link}).\n\n"),
            1 => write!(out, "1. Valitse **{a}**.\n2. {b}.\n3. Katso [{a}]({link}).\n\n"),
            2 => write!(out, "| {a} | {c} |\n| --- | --- |\n| {b} | {c} |\n| {c} | `{a}` |\n\n"),
            _ => write!(out, "{b}. {c}, katso [{a}]({link}).\n\n- {a}\n- {c}\n\n"),
        };
    }
    out
}

/// Words of a language that nobody speaks; common ones are common.
struct Text {
    random: Random,
    known: Vec<String>,
}

impl Text {
    fn new() -> Text {
        let mut random = Random::new(7);
        let known = (0..20_000).map(|_| word(&mut random)).collect();
        Text { random, known }
    }

    fn words(&mut self, count: usize) -> String {
        let mut words = Vec::with_capacity(count);
        for _ in 0..count {
            // Twice at random: low numbers often, high ones seldom, as Zipf has it.
            let end = 1 + self.random.below(self.known.len() as u64);
            let end = 1 + self.random.below(end);
            words.push(self.known[self.random.below(end) as usize].as_str());
        }
        words.join(" ")
    }
}

fn word(random: &mut Random) -> String {
    (0..2 + random.below(4)).map(|_| *random.pick(&SYLLABLES)).collect()
}

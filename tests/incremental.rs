//! What an earlier build left, in the output folder or in `.opas/cache`, changes nothing but the time
//! that the next one takes: after any edits the tree is, byte for byte, that of a build from nothing,
//! and so is what is said about it.

mod support;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::SystemTime;

use support::random::Random;

const STEPS: usize = 20;
const WORDS: [&str; 24] = [
    "lasku",
    "massalaskutus",
    "suodatin",
    "suodattimet",
    "asiakas",
    "asiakkaan",
    "vienti",
    "tili",
    "raportti",
    "hyvitys",
    "tuonti",
    "avaa",
    "valitse",
    "painike",
    "kenttä",
    "päivä",
    "öljy",
    "käyttäjä",
    "rivi",
    "summa",
    "ALV",
    "IBAN",
    "kausi",
    "budjetti",
];

/// A portal that edits itself at random, and the log of what it did.
struct Portal {
    root: PathBuf,
    random: Random,
    made: usize,
    separate: bool,
    log: Vec<String>,
}

impl Portal {
    fn new(root: PathBuf, seed: u64) -> Portal {
        let mut portal =
            Portal { root, random: Random::new(seed), made: 0, separate: false, log: Vec::new() };
        portal
            .write("content/snippets/before.md", "Varmista **oikeudet** ensin.\n\nSitten jatka.\n");
        portal.write("synonyms.toml", "");
        portal.write("vendor/opas.toml", "title = \"Valmistaja\"\nlanguages = [\"fi\", \"en\"]\n");
        portal.change_vendor();
        portal.change_config();
        portal.change_template();
        for (order, category) in ["laskutus", "myynti", "raportit"].iter().enumerate() {
            let text = format!("---\ntitle: {category}\norder: {order}\n---\n");
            portal.write(&format!("content/fi/{category}/_index.md"), &text);
        }
        portal.change_picture();
        for _ in 0..9 {
            portal.add();
        }
        portal.change_glossary();
        portal.log.clear();
        portal
    }

    fn write(&mut self, path: &str, text: &str) {
        let place = self.root.join(path);
        fs::create_dir_all(place.parent().unwrap()).unwrap();
        fs::write(place, text).unwrap();
        self.log.push(format!("write {path}:\n{text}"));
    }

    fn read(&self, path: &str) -> String {
        fs::read_to_string(self.root.join(path)).unwrap()
    }

    fn rename(&mut self, from: &str, to: &str) {
        fs::rename(self.root.join(from), self.root.join(to)).unwrap();
        self.log.push(format!("rename {from} to {to}"));
    }

    fn articles(&self) -> Vec<String> {
        let mut found = Vec::new();
        for category in fs::read_dir(self.root.join("content/fi")).unwrap() {
            let category = category.unwrap().path();
            if !category.is_dir() {
                continue;
            }
            for file in fs::read_dir(category).unwrap() {
                let path = file.unwrap().path();
                if path.extension().is_some_and(|e| e == "md") && !path.ends_with("_index.md") {
                    let path = path.strip_prefix(&self.root).unwrap();
                    found.push(path.to_str().unwrap().to_owned());
                }
            }
        }
        found.sort();
        found
    }

    fn any_article(&mut self) -> String {
        let articles = self.articles();
        self.random.pick(&articles).clone()
    }

    fn any_category(&mut self) -> &'static str {
        ["laskutus", "myynti", "raportit"][self.random.below(3) as usize]
    }

    fn words(&mut self, count: usize) -> String {
        (0..count).map(|_| *self.random.pick(&WORDS)).collect::<Vec<_>>().join(" ")
    }

    fn body(&mut self) -> String {
        let mut body = String::new();
        for part in 0..2 + self.random.below(4) {
            let (title, text) = (self.words(2), self.words(12));
            body += &match self.random.below(8) {
                0 => format!("> [!ADMIN]\n> Salaisuus {part}: {text}\n\n"),
                1 => "{{include snippets/before.md}}\n\n".to_owned(),
                2 => "![Kuva laskusta](../../kuva.png)\n\n".to_owned(),
                3 => format!("```toml\na = \"{text}\"\n```\n\n"),
                4 => format!("Tuote on {{{{product}}}}: {text}.\n\n"),
                5 if !self.articles().is_empty() => {
                    let to = self.any_article();
                    format!("Katso [{title}](../../../{to}).\n\n")
                }
                6 if !self.articles().is_empty() => {
                    let to = self.any_article();
                    let (title, heading) = (self.title(&to), self.heading(&to));
                    format!("Katso [[{title}#{heading}]] tai [[{title}]].\n\n")
                }
                _ => format!("## {title}\n\n{text}.\n\n"),
            };
        }
        body
    }

    fn title(&self, path: &str) -> String {
        let text = self.read(path);
        text.lines().nth(1).unwrap().trim_start_matches("title: ").to_owned()
    }

    /// The address of some heading, whether or not the reader sees it.
    fn heading(&self, path: &str) -> String {
        let text = self.read(path);
        let heading = text.lines().rev().find_map(|line| line.strip_prefix("## "));
        opas::slug::slug_or(heading.unwrap_or("puuttuu"), "x")
    }

    /// An English twin, of the original's present state or of none.
    fn translate(&mut self) {
        let path = self.any_article();
        let twin = path.replace("content/fi/", "content/en/");
        let (title, text) = (self.words(2), self.words(8));
        let state = if self.random.below(2) == 0 { "source_hash: 000000\n" } else { "" };
        self.write(&twin, &format!("---\ntitle: {title}\n{state}---\n\n{text}.\n"));
        if !state.is_empty() && self.random.below(2) == 0 {
            let opas = Command::new(env!("CARGO_BIN_EXE_opas"))
                .args(["translate", "mark", "--root"])
                .arg(&self.root)
                .arg(self.root.join(&twin))
                .output()
                .unwrap();
            assert!(opas.status.success(), "{}", String::from_utf8_lossy(&opas.stderr));
            self.log.push(format!("mark {twin}"));
        }
    }

    /// Terms that the texts use; one explanation says more by a link, one by a snippet.
    fn change_glossary(&mut self) {
        let (term, text, to) = (self.words(1), self.words(5), self.any_article());
        let (article, heading) = (to.trim_start_matches("content/fi/"), self.heading(&to));
        let text = format!(
            "[[fi.term]]\nterm = \"{term} x\"\nforms = [\"{term}\"]\n\
             text = \"{text}, [ks.]({article}#{heading})\"\n\n[[fi.term]]\nterm = \"ALV\"\n\
             text = \"\"\"\nVero.\n\n{{{{include snippets/before.md}}}}\n\"\"\"\nlink = \"{article}\"\n"
        );
        self.write("glossary.toml", &text);
    }

    /// An article of the layer below, or what the portal says in addition.
    fn change_vendor(&mut self) {
        let text = match self.random.below(3) {
            0 => format!("> [!ADMIN]\n> Valmistajan salaisuus: {}.\n", self.words(4)),
            1 => "{{include snippets/before.md}}\n".to_owned(),
            _ => format!("Valmistaja: {}.\n\n## {}\n\nLoput.\n", self.words(6), self.words(2)),
        };
        let path = "vendor/content/fi/laskutus/valmis.md";
        if self.made == 0 || self.random.below(2) == 0 {
            self.write(path, &format!("---\ntitle: Valmis\n---\n\n{text}"));
        }
        if self.made == 0 || self.random.below(2) == 0 {
            let place = *self.random.pick(&["at: top", "at: end"]);
            let front = format!("title: Lisäys\nextends: laskutus/valmis.md\n{place}");
            self.write("content/fi/lisat/lisays.md", &format!("---\n{front}\n---\n\n{text}"));
        }
    }

    /// Another text for one line that starts so, if there is one.
    fn change_line(&mut self, start: &str) {
        let path = self.any_article();
        let text = self.read(&path);
        let Some(line) = text.lines().find(|line| line.starts_with(start)) else { return };
        let new = format!("{start}{}", self.words(2));
        let text = text.replacen(line, &new, 1);
        self.write(&path, &text);
    }

    /// Another first paragraph, which lists show too, or an admin's word at its place.
    fn change_summary(&mut self) {
        let (path, words) = (self.any_article(), self.words(4));
        let text = self.read(&path);
        let Some((front, body)) = text.split_once("\n---\n") else { return };
        let mark = if self.random.below(3) == 0 { "> [!ADMIN]\n> " } else { "" };
        self.write(&path, &format!("{front}\n---\n\n{mark}{words}.\n\n{body}"));
    }

    fn add(&mut self) {
        self.made += 1;
        let (title, order, body) = (self.words(2), self.random.below(5), self.body());
        let audience = if self.random.below(5) == 0 { "audience: [admin]\n" } else { "" };
        let tag = self.words(1);
        let related = match self.random.below(4) {
            0 if !self.articles().is_empty() => {
                format!("related: [{}]\n", self.any_article().replace("content/fi/", "../"))
            }
            _ => String::new(),
        };
        let (category, number) = (self.any_category(), self.made);
        // What the home page and the feed show.
        let shown = match self.random.below(6) {
            0 => "kind: tip\n".to_owned(),
            1 => format!("kind: announcement\ndate: 2026-05-0{}\n", 1 + self.random.below(9)),
            2 => "pinned: true\n".to_owned(),
            3 => format!("description: {}\n", self.words(4)),
            _ => String::new(),
        };
        let text = format!(
            "---\ntitle: {title} {number}\norder: {order}\n{audience}{related}{shown}tags: [{tag}]\n---\n\n{body}"
        );
        self.write(&format!("content/fi/{category}/ohje-{number}.md"), &text);
    }

    fn change_config(&mut self) {
        let (name, product) = (self.words(1), self.words(1));
        let admin = if self.separate { "separate" } else { "marked" };
        let text = format!(
            "title = \"Ohjeet {name}\"\nlanguages = [\"fi\", \"en\"]\ntheme = \"house\"\nadmin = \"{admin}\"\n\
             layers = [\"vendor\", \".\"]\nsite_url = \"https://example.com/ohje/\"\n\n[variables]\nproduct = \"{product}\"\n"
        );
        self.write("opas.toml", &text);
    }

    fn change_template(&mut self) {
        let text = format!("<footer class=\"footer\"><p>{}</p></footer>\n", self.words(3));
        self.write("themes/house/templates/footer.html", &text);
    }

    fn change_picture(&mut self) {
        let mut pixels = image::RgbImage::new(64 + self.random.below(900) as u32, 40);
        for pixel in pixels.pixels_mut() {
            pixel.0 = [self.random.below(256) as u8, 80, 160];
        }
        pixels.save(self.root.join("content/kuva.png")).unwrap();
        self.log.push(format!("picture of {} pixels' width", pixels.width()));
    }

    /// Another word of the same length, and the file's time as it was: what a look from outside misses.
    fn change_unseen(&mut self) {
        let path = self.any_article();
        let place = self.root.join(&path);
        let modified = fs::metadata(&place).unwrap().modified().unwrap();
        let text = self.read(&path);
        let text = match text.contains("lasku") {
            true => text.replace("lasku", "palsa"),
            false => text.replace("tili", "ilta"),
        };
        self.write(&path, &text);
        fs::File::options().append(true).open(&place).unwrap().set_modified(modified).unwrap();
    }

    fn step(&mut self) {
        match self.random.below(22) {
            0 | 1 => {
                let (path, body) = (self.any_article(), self.body());
                let text = self.read(&path) + "\n" + &body;
                self.write(&path, &text);
            }
            2 => self.add(),
            3 if self.articles().len() > 3 => {
                let path = self.any_article();
                fs::remove_file(self.root.join(&path)).unwrap();
                self.log.push(format!("remove {path}"));
            }
            4 => {
                self.made += 1;
                let path = self.any_article();
                let to = path.replace(".md", &format!("-{}.md", self.made));
                self.rename(&path, &to);
            }
            5 => {
                let path = self.any_article();
                let title = format!("title: {} {}", self.words(1), self.made);
                let text = self.read(&path);
                let old = text.lines().nth(1).unwrap().to_owned();
                self.write(&path, &text.replacen(&old, &title, 1));
            }
            6 => {
                let (path, category) = (self.any_article(), self.any_category());
                let name = Path::new(&path).file_name().unwrap().to_str().unwrap();
                self.rename(&path, &format!("content/fi/{category}/{name}"));
            }
            7 => self.change_template(),
            8 => self.change_config(),
            9 => {
                self.separate = !self.separate;
                self.change_config();
            }
            10 => {
                let text = format!("Uusi katkelma: {}.\n", self.words(6));
                self.write("content/snippets/before.md", &text);
            }
            11 => self.change_picture(),
            12 => {
                let (category, title) = (self.any_category(), self.words(2));
                let text = format!("---\ntitle: {title}\norder: 1\n---\n\n{title}.\n");
                let text = if self.random.below(2) == 0 { text + &self.body() } else { text };
                let folder = [category, "."][self.random.below(2) as usize];
                self.write(&format!("content/fi/{folder}/_index.md"), &text);
            }
            13 | 14 => self.translate(),
            15 => self.change_line("## "),
            16 => self.change_summary(),
            17 | 18 => self.change_glossary(),
            19 | 20 => self.change_vendor(),
            _ => self.change_unseen(),
        }
    }

    /// The audiences whose portals can be built.
    fn audiences(&self) -> &'static [&'static str] {
        if self.separate { &["", "admin"] } else { &[""] }
    }
}

/// Builds a portal; what was said about it.
fn build(root: &Path, out: &Path, audience: &str) -> String {
    let mut command = Command::new(env!("CARGO_BIN_EXE_opas"));
    command.current_dir(root).args(["build", "-q", "--color", "never", "--out"]).arg(out);
    if !audience.is_empty() {
        command.args(["--audience", audience]);
    }
    let done = command.output().unwrap();
    let said = String::from_utf8_lossy(&done.stderr);
    assert!(done.status.success(), "the build of {} failed: {said}", root.display());
    said.into_owned()
}

/// Every file below a folder with its bytes.
fn tree(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let files = walkdir::WalkDir::new(folder).into_iter().map(Result::unwrap);
    let files = files.filter(|entry| !entry.file_type().is_dir());
    let name = |path: &Path| path.strip_prefix(folder).unwrap().to_str().unwrap().to_owned();
    files.map(|entry| (name(entry.path()), fs::read(entry.path()).unwrap())).collect()
}

/// A build of the same sources where nothing was built before: what was said, and the tree.
fn clean(portal: &Portal, audience: &str) -> (String, BTreeMap<String, Vec<u8>>) {
    let scratch = tempfile::tempdir().unwrap();
    let root = scratch.path().join("portal");
    for (path, bytes) in tree(&portal.root) {
        if !path.starts_with(".opas") {
            let place = root.join(path);
            fs::create_dir_all(place.parent().unwrap()).unwrap();
            fs::write(place, bytes).unwrap();
        }
    }
    let out = scratch.path().join("out");
    (build(&root, &out, audience), tree(&out))
}

fn assert_same(there: &BTreeMap<String, Vec<u8>>, wanted: &BTreeMap<String, Vec<u8>>, story: &str) {
    let paths: std::collections::BTreeSet<&String> = there.keys().chain(wanted.keys()).collect();
    let differ: Vec<_> = paths.into_iter().filter(|p| there.get(*p) != wanted.get(*p)).collect();
    assert!(differ.is_empty(), "these files differ from a clean build's: {differ:?}\n{story}");
}

/// Builds after random edits, each beside a clean one.
fn edit_and_compare(seed: u64) {
    let scratch = tempfile::tempdir().unwrap();
    let mut portal = Portal::new(scratch.path().join("portal"), seed);
    for step in 0..STEPS {
        for audience in portal.audiences() {
            let out = scratch.path().join(format!("out-{}-{audience}", portal.separate));
            let said = build(&portal.root, &out, audience);
            let story = format!(
                "seed {seed}, step {step}, `{audience}`, after:\n{}",
                portal.log.join("\n")
            );
            let (wanted_words, wanted) = clean(&portal, audience);
            assert_eq!(said, wanted_words, "{story}");
            assert!(wanted.len() > 20, "a portal of pages, not of {} files", wanted.len());
            assert_same(&tree(&out), &wanted, &story);
        }
        for _ in 0..1 + portal.random.below(3) {
            portal.step();
        }
    }
}

#[test]
fn edits_with_one_seed() {
    edit_and_compare(1);
}

#[test]
fn edits_with_another_seed() {
    edit_and_compare(2);
}

#[test]
fn edits_with_a_third_seed() {
    edit_and_compare(3);
}

#[test]
fn a_spoiled_cache_is_only_slower() {
    let scratch = tempfile::tempdir().unwrap();
    let mut portal = Portal::new(scratch.path().join("portal"), 4);
    let out = scratch.path().join("out");
    build(&portal.root, &out, "");
    let (_, wanted) = clean(&portal, "");
    type Spoil = fn(&[u8], &mut Random) -> Vec<u8>;
    let ways: [(&str, Spoil); 4] = [
        ("empty", |_, _| Vec::new()),
        ("cut off", |bytes, _| bytes[..bytes.len() / 2].to_vec()),
        ("a bit flipped", |bytes, random| {
            let mut bytes = bytes.to_vec();
            if let Some(last) = bytes.len().checked_sub(1) {
                let at = random.below(last as u64 + 1) as usize;
                bytes[at] ^= 1 << random.below(8);
            }
            bytes
        }),
        ("longer", |bytes, _| [bytes, b"more"].concat()),
    ];
    for (how, spoil) in ways {
        let cache = portal.root.join(".opas/cache");
        for (path, bytes) in tree(&cache) {
            let spoiled = spoil(&bytes, &mut portal.random);
            fs::write(cache.join(path), spoiled).unwrap();
        }
        // Into a new folder: all of it must be made again.
        let other = scratch.path().join(how);
        build(&portal.root, &other, "");
        assert_same(&tree(&other), &wanted, how);
        build(&portal.root, &out, "");
        assert_same(&tree(&out), &wanted, how);
    }
}

#[test]
fn builds_at_once_share_a_cache() {
    let scratch = tempfile::tempdir().unwrap();
    let mut portal = Portal::new(scratch.path().join("portal"), 5);
    for _ in 0..3 {
        let (_, wanted) = clean(&portal, "");
        let outs: Vec<PathBuf> = (0..4).map(|n| scratch.path().join(format!("out-{n}"))).collect();
        std::thread::scope(|threads| {
            for out in &outs {
                threads.spawn(|| build(&portal.root, out, ""));
            }
        });
        for out in &outs {
            assert_same(&tree(out), &wanted, "built beside three others");
        }
        portal.step();
    }
}

#[test]
fn a_second_build_writes_nothing() {
    let scratch = tempfile::tempdir().unwrap();
    let portal = Portal::new(scratch.path().join("portal"), 6);
    let out = scratch.path().join("out");
    build(&portal.root, &out, "");
    let times = |out: &Path| -> BTreeMap<String, SystemTime> {
        let modified = |p: &str| fs::metadata(out.join(p)).unwrap().modified().unwrap();
        tree(out).into_keys().map(|p| (p.clone(), modified(&p))).collect()
    };
    let before = times(&out);
    build(&portal.root, &out, "");
    assert_eq!(times(&out), before);
}

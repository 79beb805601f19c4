//! Attempts to get admin text out of a public portal. Each way hides a word that occurs nowhere
//! else; none of these words may be in any file of the public output, whatever its kind, and all of
//! them have to be in the admins' portal, or the attempt would prove nothing.

mod apart;
mod check;
#[path = "../desk/mod.rs"]
mod desk;
mod readers;

mod ways;

use std::collections::BTreeMap;

use desk::Desk;
use ways::{Told::ToAdmins, WAYS, Way};

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
        "title = \"Portal\"\nadmin = \"separate\"\nsite_url = \"https://help.example.com/\"\n\
         [variables]\nwine = \"bozzarine\"\n",
    );
    desk.write("content/_index.md", "Welcome.\n");
    desk.write("content/open/_index.md", "---\ntitle: Open\n---\nFor all.\n");
    desk.write("content/open/plain.md", "---\ntitle: Plain guide\n---\nPlain ordinarium text.\n");
    desk.write("content/open/pixquoral.png", png("pix"));
    desk.write("content/open/ullivarne.png", png("ull"));
    desk.write("content/open/seen.png", png("open"));
    desk.write("content/open/vossilanth.txt", "A file for admins.");
    desk.write("content/media/film.mp4", "no film at all, but a file of its own");
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

/// A picture that is large enough for smaller copies of it.
pub fn picture(name: &str) -> Vec<u8> {
    let info = png_info(name);
    let (a, b) = (info[0], info[1]);
    let picture = image::RgbImage::from_fn(1000, 120, |x, y| {
        image::Rgb([a ^ (x / 40) as u8, b ^ (y / 40) as u8, (x / 7 + y) as u8])
    });
    let mut bytes = Vec::new();
    picture.write_to(&mut std::io::Cursor::new(&mut bytes), image::ImageFormat::Png).unwrap();
    bytes
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
    // An extension for admins is a part of an article for all.
    assert_eq!(report["files"]["open/plain/index.html"], serde_json::json!([]));
    assert_eq!(report["parts"]["open/plain/index.html"], serde_json::json!(["admin"]));
    // Each file of the output is in it.
    let listed = |key: &str, path: &str| match &report[key] {
        serde_json::Value::Array(list) => list.iter().any(|one| one == path),
        object => object.get(path).is_some(),
    };
    for path in desk.tree("each/admin").keys().filter(|path| !path.starts_with('.')) {
        assert!(listed("files", path) != listed("search", path), "{path}");
    }
    desk.opas("build --audience all --color never").expect(2, &["--out"]);
}

use std::collections::BTreeMap;
use std::time::{Duration, SystemTime};

use rayon::prelude::*;

use super::manifest::MANIFEST;
use super::staging::{JOURNAL, STAGING};
use super::*;

/// A portal with sources, and an output folder in it that is not there yet.
struct Desk {
    dir: tempfile::TempDir,
}

impl Desk {
    fn new() -> Desk {
        let dir = tempfile::tempdir().unwrap();
        for folder in ["content", "static"] {
            fs::create_dir(dir.path().join(folder)).unwrap();
        }
        fs::write(dir.path().join("content/a.md"), "# A").unwrap();
        Desk { dir }
    }

    fn path(&self, path: &str) -> PathBuf {
        self.dir.path().join(path)
    }

    fn open_as(&self, out: &str, audience: &str) -> Result<Output, OutputError> {
        let sources = ["content", "static", "themes"].map(PathBuf::from);
        let options = Options { audience, portal: self.dir.path(), sources: &sources };
        Output::open(&self.path(out), &options)
    }

    fn open(&self) -> Result<Output, OutputError> {
        self.open_as("public", "user")
    }

    fn build(&self, files: &[(&str, &str)]) -> Result<Summary, OutputError> {
        let output = self.open()?;
        for (path, text) in files {
            output.write(&OutputPath::new(*path), text.as_bytes())?;
        }
        output.finish()
    }

    /// Files of the output without the manifest, and folders with a slash, with their contents.
    fn tree(&self) -> BTreeMap<String, String> {
        let out = self.path("public");
        let entries = walkdir::WalkDir::new(&out).min_depth(1).into_iter().map(Result::unwrap);
        let entry = |e: walkdir::DirEntry| {
            let path = e.path().strip_prefix(&out).unwrap().to_str().unwrap().to_owned();
            let is_dir = e.file_type().is_dir();
            let text = if is_dir { String::new() } else { fs::read_to_string(e.path()).unwrap() };
            (if is_dir { path + "/" } else { path }, text)
        };
        entries.map(entry).filter(|(path, _)| path != MANIFEST).collect()
    }

    fn files(&self) -> Vec<String> {
        self.tree().into_keys().filter(|p| !p.ends_with('/')).collect()
    }

    fn times(&self) -> Vec<(PathBuf, SystemTime)> {
        let all = walkdir::WalkDir::new(self.path("public")).sort_by_file_name();
        let time = |path: &Path| fs::metadata(path).unwrap().modified().unwrap();
        all.into_iter().map(|e| e.unwrap().into_path()).map(|p| (p.clone(), time(&p))).collect()
    }
}

fn counts(summary: &Summary) -> [usize; 3] {
    [summary.written, summary.unchanged, summary.removed]
}

#[test]
fn a_build_writes_what_differs_and_removes_what_is_gone() {
    let desk = Desk::new();
    let first = desk.build(&[("index.html", "home"), ("a/b/index.html", "b"), ("c/x.md", "x")]);
    assert_eq!(counts(&first.unwrap()), [3, 0, 0]);
    let second = desk.build(&[("index.html", "home"), ("a/index.html", "a"), ("d", "d")]).unwrap();
    assert_eq!((counts(&second), second.bytes, second.slow_next), ([2, 1, 2], 6, None));
    let tree: Vec<_> = desk.tree().into_iter().collect();
    let expected = [("a/", ""), ("a/index.html", "a"), ("d", "d"), ("index.html", "home")];
    assert_eq!(tree, expected.map(|(p, t)| (p.to_owned(), t.to_owned())));
}

#[test]
fn a_second_build_touches_nothing() {
    let desk = Desk::new();
    let files = [("index.html", "home"), ("a/b/index.html", "b")];
    desk.build(&files).unwrap();
    let before = desk.times();
    std::thread::sleep(Duration::from_millis(20));
    for _ in 0..2 {
        assert_eq!(counts(&desk.build(&files).unwrap()), [0, 2, 0]);
        assert_eq!(desk.times(), before);
    }
    fs::remove_dir_all(desk.path(".opas")).unwrap();
    assert_eq!(counts(&desk.build(&files).unwrap()), [0, 2, 0]);
    assert_eq!(desk.times(), before);
}

#[test]
fn what_somebody_changed_is_put_right() {
    let desk = Desk::new();
    let files = [("a/x.html", "good"), ("b/y.html", "good"), ("c.html", "good")];
    desk.build(&files).unwrap();
    fs::write(desk.path("public/a/x.html"), "evil").unwrap();
    fs::remove_dir_all(desk.path("public/b")).unwrap();
    assert_eq!(counts(&desk.build(&files).unwrap()), [2, 1, 0]);
    assert!(files.iter().all(|(path, text)| desk.tree()[*path] == *text));
    assert!(!desk.path("public").join(STAGING).exists());
}

#[test]
fn a_file_changed_in_the_tick_of_its_writing_is_noticed() {
    let desk = Desk::new();
    desk.build(&[("x.html", "good")]).unwrap();
    let x = desk.path("public/x.html");
    let time = fs::metadata(&x).unwrap().modified().unwrap();
    let stamps = walkdir::WalkDir::new(desk.path(".opas/cache")).min_depth(1).into_iter();
    let stamps = stamps.map(|e| e.unwrap().into_path()).next().unwrap();
    fs::write(&x, "evil").unwrap();
    for path in [&x, &stamps] {
        fs::File::options().append(true).open(path).unwrap().set_modified(time).unwrap();
    }
    assert_eq!(counts(&desk.build(&[("x.html", "good")]).unwrap()), [1, 0, 0]);
}

#[test]
fn a_failed_build_leaves_the_old_tree() {
    let desk = Desk::new();
    desk.build(&[("index.html", "old"), ("gone.html", "old")]).unwrap();
    let before = (desk.tree(), desk.times());
    let output = desk.open().unwrap();
    output.write(&OutputPath::new("index.html"), b"new").unwrap();
    output.write(&OutputPath::new("new/x.html"), b"new").unwrap();
    drop(output);
    let (tree, times) = (desk.tree(), desk.times());
    assert_eq!(tree, before.0);
    assert_eq!(times[1..], before.1[1..], "all but the folder itself");

    let output = desk.open_as("deep/er/out", "user").unwrap();
    output.write(&OutputPath::new("x"), b"x").unwrap();
    drop(output);
    assert!(!desk.path("deep").exists(), "folders made for a build that failed go away");
}

#[test]
fn a_killed_build_leaves_no_orphans() {
    for earlier in [vec![("index.html", "old")], vec![]] {
        let desk = Desk::new();
        if !earlier.is_empty() {
            desk.build(&earlier).unwrap();
        }
        let output = desk.open().unwrap();
        let path = OutputPath::new("new/x.html");
        output.write(&path, b"new").unwrap();
        let manifest = Manifest::new("user", [("new/x.html", Hash::of(b"new"))].into_iter());
        output.staging.write_journal(&manifest).unwrap();
        output.staging.place(&[&path], &output.folders).unwrap();
        drop(output);
        assert!(
            desk.path("public").join(JOURNAL).exists() && desk.path("public/new/x.html").exists()
        );

        // Opened and killed again before anything is moved: the journal's files stay known.
        drop(desk.open().unwrap());
        let removed = 1 + earlier.len();
        assert_eq!(counts(&desk.build(&[("other.html", "x")]).unwrap()), [1, 0, removed]);
        assert_eq!(desk.files(), ["other.html"]);
    }
}

#[test]
fn a_folder_that_must_not_be_written_to_is_refused_untouched() {
    let desk = Desk::new();
    fs::create_dir(desk.path("photos")).unwrap();
    fs::write(desk.path("photos/me.jpg"), "me").unwrap();
    fs::write(desk.path("file"), "file").unwrap();
    let cases = [
        ("photos", "was not made by opas"),
        ("file", "no folder"),
        ("file/out", "no folder"),
        (".", "can't be the output folder: it is"),
        ("..", "it holds"),
        ("content", "it is"),
        ("content/public", "it lies in"),
        ("photos/../content/new/deep", "it lies in"),
        (".git/x", "it lies in"),
        ("/", "it holds"),
    ];
    fs::create_dir(desk.path(".git")).unwrap();
    let all = || walkdir::WalkDir::new(desk.dir.path()).into_iter().count();
    let before = all();
    for (out, words) in cases {
        let error = desk.open_as(out, "user").map(|_| ()).unwrap_err();
        assert!(error.is_refusal() && error.to_string().contains(words), "{out}: {error}");
    }
    assert_eq!(all(), before);
    assert_eq!(fs::read_to_string(desk.path("photos/me.jpg")).unwrap(), "me");
}

#[test]
fn another_audience_and_a_second_build_at_a_time_are_refused() {
    let desk = Desk::new();
    let first = desk.open().unwrap();
    let busy = desk.open().map(|_| ()).unwrap_err();
    assert!(busy.to_string().contains("another build is writing"), "{busy}");
    first.write(&OutputPath::new("x"), b"x").unwrap();
    first.finish().unwrap();
    let audience = desk.open_as("public", "admin").map(|_| ()).unwrap_err();
    assert!(audience.to_string().contains("audience `user`"), "{audience}");
    assert_eq!(desk.files(), ["x"]);
}

#[test]
fn a_manifest_that_says_anything_else_is_refused_or_harmless() {
    let desk = Desk::new();
    desk.build(&[("x", "x")]).unwrap();
    let manifest = desk.path("public").join(MANIFEST);
    let good = fs::read_to_string(&manifest).unwrap();
    for bad in ["", "{", "[]", "{\"format\": 99, \"audience\": \"user\", \"files\": {}}"] {
        fs::write(&manifest, bad).unwrap();
        let error = desk.open().map(|_| ()).unwrap_err();
        assert!(error.to_string().contains(MANIFEST), "{error}");
    }
    let outside = good.replace("\"x\"", "\"../content/a.md\"");
    fs::write(&manifest, outside).unwrap();
    desk.build(&[]).unwrap();
    assert!(desk.path("content/a.md").exists());
}

#[test]
fn files_and_folders_change_places() {
    let desk = Desk::new();
    desk.build(&[("a", "file"), ("b/c/d", "file"), ("b-", "x"), ("b/e", "e")]).unwrap();
    desk.build(&[("a/x/y", "file"), ("b", "file"), ("b-", "x")]).unwrap();
    assert_eq!(desk.files(), ["a/x/y", "b", "b-"]);
    desk.build(&[("a", "file"), ("b/c/d", "file")]).unwrap();
    fs::write(desk.path("public/b/c/mine.txt"), "mine").unwrap();
    let error = desk.build(&[("b", "file")]).unwrap_err();
    assert!(error.to_string().contains("mine.txt"), "{error}");
    assert_eq!(desk.files(), ["a", "b/c/d", "b/c/mine.txt"]);
}

#[cfg(unix)]
#[test]
fn no_symbolic_link_is_followed_out() {
    use std::os::unix::fs::symlink;
    let desk = Desk::new();
    fs::create_dir(desk.path("precious")).unwrap();
    fs::write(desk.path("precious/x.html"), "precious").unwrap();
    let link_to = |path: &str| {
        let path = desk.path("public").join(path);
        fs::remove_dir_all(&path).or_else(|_| fs::remove_file(&path)).unwrap();
        path
    };
    let files = [("a/x.html", "page"), ("y.html", "precious")];
    desk.build(&files).unwrap();

    symlink(desk.path("precious/x.html"), link_to("y.html")).unwrap();
    assert_eq!(counts(&desk.build(&files).unwrap()), [1, 1, 0]);
    assert!(!desk.path("public/y.html").is_symlink());

    symlink(desk.path("precious"), link_to("a")).unwrap();
    let error = desk.build(&files).unwrap_err();
    assert!(error.to_string().contains("symbolic link"), "{error}");
    assert_eq!(counts(&desk.build(&[("y.html", "precious")]).unwrap()), [0, 1, 1]);
    assert_eq!(fs::read_to_string(desk.path("precious/x.html")).unwrap(), "precious");
    assert!(desk.path("public/a").is_symlink(), "it is not ours to remove");
}

#[test]
fn paths_stay_in_the_tree_and_come_once() {
    let desk = Desk::new();
    let output = desk.open().unwrap();
    for bad in ["", "/etc/x", "../x", "a/../../x", "a//b", "a/", "./a", MANIFEST, JOURNAL, "a\0"] {
        let error = output.write(&OutputPath::new(bad), b"x").unwrap_err();
        assert!(matches!(error, OutputError::Path(_)), "{bad}: {error}");
    }
    output.write(&OutputPath::new("x"), b"x").unwrap();
    assert!(matches!(output.write(&OutputPath::new("x"), b"y"), Err(OutputError::Twice(_))));
    drop(output);
    desk.build(&[("x", "x")]).unwrap();
    assert!(matches!(desk.build(&[("x", "x"), ("x", "x")]), Err(OutputError::Twice(_))));
}

#[test]
fn a_copy_is_made_once() {
    let desk = Desk::new();
    let from = desk.path("content/photo.jpg");
    let build = |text: &str| {
        fs::write(&from, text).unwrap();
        let output = desk.open().unwrap();
        output.copy(&OutputPath::new("assets/p.jpg"), &from, None)?;
        output.finish()
    };
    assert_eq!(counts(&build("one").unwrap()), [1, 0, 0]);
    assert_eq!(counts(&build("one").unwrap()), [0, 1, 0]);
    assert_eq!(counts(&build("two").unwrap()), [1, 0, 0]);
    assert_eq!(desk.tree()["assets/p.jpg"], "two");
    fs::remove_file(&from).unwrap();
    let output = desk.open().unwrap();
    let gone = output.copy(&OutputPath::new("x"), &from, None).unwrap_err();
    assert!(gone.to_string().contains("photo.jpg"), "{gone}");
}

#[test]
fn a_failing_disk_is_named_with_the_path() {
    let desk = Desk::new();
    let output = desk.open().unwrap();
    let long = format!("a/{}", "x".repeat(300));
    let error = output.write(&OutputPath::new(long.as_str()), b"x").unwrap_err();
    assert!(error.to_string().contains(&long) && !error.is_refusal(), "{error}");
}

#[test]
fn the_tree_is_the_same_from_any_number_of_threads() {
    let manifests = [1, 4].map(|threads| {
        let desk = Desk::new();
        let output = desk.open().unwrap();
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| {
            (0..500).into_par_iter().for_each(|i| {
                let path = OutputPath::new(format!("{}/{}/{i}.html", i % 7, i % 3));
                output.write(&path, i.to_string().as_bytes()).unwrap();
            });
        });
        assert_eq!(output.finish().unwrap().written, 500);
        (desk.tree(), fs::read_to_string(desk.path("public").join(MANIFEST)).unwrap())
    });
    assert_eq!(manifests[0], manifests[1]);
}

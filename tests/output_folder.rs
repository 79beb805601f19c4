//! `opas build` and the folder that it writes to.

mod desk;

use std::fs;
use std::process::Command;

use desk::Desk;

fn times(desk: &Desk, folder: &str) -> Vec<(String, std::time::SystemTime)> {
    let time = |path: &str| fs::metadata(desk.path(path)).unwrap().modified().unwrap();
    let files = desk.tree(folder).into_keys();
    files.map(|path| (path.clone(), time(&format!("{folder}/{path}")))).collect()
}

#[test]
fn any_number_of_threads_gives_the_same_tree() {
    let trees = ["1", "4"].map(|threads| {
        let desk = Desk::empty();
        desk.opas("init . --lang fi --date 2026-05-04").expect(0, &[]);
        for i in 0..40 {
            let text = format!("---\ntitle: Ohje {i}\ntags: [t{}]\n---\n\nLasku {i}.\n", i % 7);
            desk.write(&format!("content/lisaa/{i}.md"), text);
        }
        desk.run(["build"], &[("RAYON_NUM_THREADS", threads)]).expect(0, &[]);
        desk.tree("public")
    });
    assert!(trees[0].len() > 80);
    assert!(trees[0] == trees[1]);
}

#[test]
fn a_second_build_touches_no_file() {
    let desk = Desk::empty();
    desk.opas("init . --lang fi").expect(0, &[]);
    desk.opas("build").expect(0, &[]);
    let before = (desk.tree("public"), times(&desk, "public"));
    desk.opas("build").expect(0, &["0 written"]);
    assert_eq!((desk.tree("public"), times(&desk, "public")), before);

    desk.write("content/uusi.md", "# Uusi\n");
    desk.opas("build").expect(0, &[]);
    assert!(desk.path("public/uusi/index.html").exists());
    fs::remove_file(desk.path("content/uusi.md")).unwrap();
    desk.opas("build").expect(0, &["removed"]);
    assert!(desk.tree("public") == before.0 && !desk.path("public/uusi").exists());
}

#[test]
fn folders_that_are_not_for_it_are_refused_untouched() {
    let desk = Desk::portal();
    desk.write("mine/photo.jpg", "mine");
    desk.write("static/CNAME", "help.example.com");
    let before = desk.tree("");
    let cases = [
        ("content", "which the portal is made from"),
        ("content/public", "lies in"),
        (".", "which the portal is made from"),
        ("..", "holds"),
        ("static", "which the portal is made from"),
        ("themes/x", "lies in"),
        ("mine", "was not made by opas"),
        ("opas.toml", "no folder"),
    ];
    fs::create_dir(desk.path("themes")).unwrap();
    for (out, words) in cases {
        desk.opas(&format!("build --out {out}")).expect(2, &[words]);
    }
    assert_eq!(desk.tree(""), before);
}

#[test]
fn another_audience_is_not_built_over_the_first() {
    let desk = Desk::portal();
    desk.write("opas.toml", "title = \"T\"\nadmin = \"separate\"\n");
    desk.opas("build").expect(0, &[]);
    desk.opas("build --audience admin").expect(2, &["audience `user`", "--out"]);
    desk.opas("build --audience admin --out public-admin").expect(0, &[]);
    desk.opas("build --out public-admin").expect(2, &["audience `admin`"]);
}

#[cfg(unix)]
#[test]
fn a_second_build_at_the_same_time_is_refused() {
    let desk = Desk::portal();
    desk.opas("build").expect(0, &[]);
    let folder = fs::File::open(desk.path("public")).unwrap();
    folder.try_lock().unwrap();
    desk.opas("build").expect(2, &["another build is writing"]);
    folder.unlock().unwrap();
    desk.opas("build").expect(0, &[]);
}

#[cfg(target_os = "linux")]
#[test]
fn a_folder_that_cannot_be_written_is_named() {
    let desk = Desk::portal();
    desk.opas("build --out /proc/opas-public").expect(1, &["/proc/opas-public"]);
}

/// On a disk of a few kilobytes, where the system lets an ordinary user mount one.
#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_named_and_leaves_the_last_tree() {
    let desk = Desk::portal();
    fs::create_dir(desk.path("disk")).unwrap();
    let in_namespace = |script: &str| {
        let mut unshare = Command::new("unshare");
        unshare.args(["--user", "--map-root-user", "--mount", "sh", "-c", script]);
        unshare.current_dir(desk.path("")).env("OPAS", desk::binary()).env("RUST_BACKTRACE", "0");
        unshare
    };
    let mount = "mount -t tmpfs -o size=SIZE none disk";
    let mounts = in_namespace(&mount.replace("SIZE", "64k")).status();
    if !mounts.is_ok_and(|status| status.success()) {
        eprintln!("skipped: this system lets nobody mount a small disk");
        return;
    }
    let script = format!(
        "{} && ! \"$OPAS\" build --out disk/public && ls -A disk/public disk 2>&1",
        mount.replace("SIZE", "64k")
    );
    let run = desk::run(&mut in_namespace(&script));
    assert!(
        run.stderr.contains("disk/public") && run.stderr.contains("No space left"),
        "{}",
        run.text()
    );
    assert!(!run.stdout.contains("index.html"), "{}", run.text());

    // Room for the first tree, not for a second beside it.
    let size = {
        desk.opas("build --out measure").expect(0, &[]);
        desk.tree("measure").values().map(|bytes| bytes.len().div_ceil(4096) * 4 + 8).sum::<usize>()
    };
    let script = format!(
        "{} && \"$OPAS\" build --out disk/public && find disk/public -type f | sort | xargs cat | cksum && \
         echo 'title = \"Other title\"' > opas.toml && head -c 40000000 /dev/zero > disk/filler; \
         ! \"$OPAS\" build --out disk/public && \
         find disk/public -type f | sort | xargs cat | cksum",
        mount.replace("SIZE", &format!("{}k", size + 64))
    );
    let run = desk::run(&mut in_namespace(&script));
    assert!(run.stderr.contains("No space left"), "{}", run.text());
    let sums: Vec<&str> =
        run.stdout.lines().filter(|l| l.bytes().all(|b| b.is_ascii_digit() || b == b' ')).collect();
    assert!(sums.len() == 2 && sums[0] == sums[1], "{}", run.text());
}

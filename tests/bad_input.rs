//! Whatever lies in the portal, the program says what is wrong and where, and neither panics nor hangs.

mod desk;

use std::fs;

use desk::Desk;

/// A portal with more files, what `check` and `build` must say, and with which status.
struct Case {
    name: &'static str,
    files: Vec<(&'static str, Vec<u8>)>,
    status: i32,
    words: &'static [&'static str],
}

fn case(
    name: &'static str,
    files: &[(&'static str, &str)],
    status: i32,
    words: &'static [&'static str],
) -> Case {
    let files = files.iter().map(|(path, text)| (*path, text.as_bytes().to_vec())).collect();
    Case { name, files, status, words }
}

#[test]
fn bad_texts_are_named_with_their_place() {
    let mut cases = vec![
        case(
            "front matter that is not closed",
            &[("content/x.md", "---\ntitle: X\n\nText\n")],
            1,
            &["error[broken-front-matter]", "content/x.md:1", "---"],
        ),
        case(
            "front matter that is no YAML",
            &[("content/x.md", "---\ntitle: X\n  a: [1\n---\nText\n")],
            1,
            &["error[broken-front-matter]", "content/x.md:"],
        ),
        case(
            "front matter that is no TOML",
            &[("content/x.md", "+++\ntitle = X\n+++\nText\n")],
            1,
            &["error[broken-front-matter]", "content/x.md:2"],
        ),
        case(
            "an unknown audience",
            &[("content/x.md", "---\naudience: [admni]\n---\nText\n")],
            1,
            &["error[unknown-audience]", "content/x.md:2:12", "did you mean `admin`?"],
        ),
        case(
            "an unknown key",
            &[("content/x.md", "---\ntitel: X\n---\n# X\n")],
            0,
            &["warning[unknown-key]", "content/x.md:2:1", "did you mean `title`?"],
        ),
        case(
            "two sources for one URL",
            &[("content/a b.md", "# 1\n"), ("content/a-b.md", "# 2\n")],
            1,
            &["content/a b.md", "content/a-b.md"],
        ),
        case(
            "two sources for one URL but for case",
            &[("content/readme.md", "# 1\n"), ("content/README.md", "# 2\n")],
            1,
            &["content/README.md", "content/readme.md"],
        ),
        case(
            "a reserved name",
            &[("content/search.md", "# S\n")],
            1,
            &["content/search.md", "search"],
        ),
        case(
            "a snippet that includes itself",
            &[
                ("content/x.md", "# X\n\n{{include snippets/a.md}}\n"),
                ("content/snippets/a.md", "A\n\n{{include snippets/b.md}}\n"),
                ("content/snippets/b.md", "{{include snippets/a.md}}\n"),
            ],
            0,
            &["warning[circular-include]", "content/snippets/b.md:1:1"],
        ),
        case(
            "an include that leaves the portal",
            &[("content/x.md", "# X\n\n{{include ../../../../etc/passwd}}\n")],
            1,
            &["content/x.md:3:1"],
        ),
        case(
            "a link that leaves the portal",
            &[("content/x.md", "# X\n\nSee [it](../../../../etc/passwd).\n")],
            1,
            &["content/x.md:3:"],
        ),
        case(
            "a picture that leaves the portal",
            &[("content/x.md", "# X\n\n![it](../../../../secret.png)\n")],
            1,
            &["content/x.md:3:1"],
        ),
        case(
            "a dead link",
            &[("content/x.md", "# X\n\nSee [it](sales/invoise.md).\n")],
            0,
            &["warning[dead-link]", "content/x.md:3:5", "sales/invoice.md"],
        ),
    ];
    let latin = b"# K\xe4ytt\xf6\n".to_vec();
    cases.push(Case {
        name: "a text that is not UTF-8",
        files: vec![("content/x.md", latin)],
        status: 1,
        words: &["error[unreadable]", "content/x.md:1:4", "UTF-8"],
    });
    for case in cases {
        let desk = Desk::portal();
        for (path, bytes) in &case.files {
            desk.write(path, bytes);
        }
        println!("{}", case.name);
        desk.opas("check").expect(case.status, case.words);
        desk.opas("build").expect(case.status, case.words);
        assert_eq!(desk.path("public").exists(), case.status == 0, "{}", case.name);
    }
}

#[test]
fn a_byte_order_mark_and_other_line_ends_change_nothing() {
    let text = "---\ntitle: X\n---\n\nOne\ntwo.\n\n> [!ADMIN]\n> Note\n>\n> two\n\n- a\n- b\n";
    let forms = [
        text.to_owned(),
        format!("\u{feff}{text}"),
        text.replace('\n', "\r\n"),
        format!("\u{feff}{}", text.replace('\n', "\r\n")),
    ];
    let trees = forms.map(|text| {
        let desk = Desk::portal();
        desk.write("content/x.md", text);
        desk.opas("build --strict").expect(0, &[]);
        desk.tree("public")
    });
    assert!(trees.iter().all(|tree| tree == &trees[0]));
}

#[test]
fn hostile_names_become_addresses() {
    let long = "ö".repeat(100);
    let names = [
        ("two words", "two-words"),
        ("Äiti ja Õlu", "aiti-ja-olu"),
        ("50 % #1 a+b?", "50-1-a-b"),
        ("Счета", "scheta"),
        ("quote\"and'<b>", "quote-and-b"),
        ("back\\slash", "back-slash"),
        (long.as_str(), &"o".repeat(100)),
    ];
    let desk = Desk::portal();
    for (name, _) in names {
        desk.write(&format!("content/{name}.md"), format!("# Page\n\n![Alt]({:?})\n", "p.png"));
    }
    desk.write("content/links.md", "# L\n\n[a](<50 % #1 a+b?.md>) [b](two%20words.md)\n");
    desk.write("content/p.png", PNG);
    let run = desk.opas("build");
    run.expect(0, &[]);
    let pages = desk.tree("public");
    for (name, slug) in names {
        let found = pages.keys().any(|path| path == &format!("{slug}/index.html"));
        assert!(found, "{name}: {:?}", pages.keys());
    }
}

const PNG: &[u8] =
    b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\x06\0\0\0\x1f\x15\xc4\x89\
    \0\0\0\rIDATx\x9cc\xf8\xff\xff\xff\x7f\0\x09\xfb\x03\xfd\x05CE\xca\0\0\0\0IEND\xaeB`\x82";

#[test]
fn pictures_that_are_none_or_too_large_are_named() {
    let mut huge = PNG.to_vec();
    huge[16..24].copy_from_slice(&[0, 0, 0xea, 0x60, 0, 0, 0xea, 0x60]);
    let cases: [(&str, &[u8], i32, &[&str]); 4] = [
        ("p.png", b"this is no picture", 0, &["content/p.png"]),
        ("p.png", b"", 0, &["content/p.png"]),
        ("p.png", &huge, 0, &["content/p.png"]),
        (
            "p.svg",
            b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'><script>x</script></svg>",
            0,
            &[],
        ),
    ];
    for (name, bytes, status, words) in cases {
        let desk = Desk::portal();
        desk.write(&format!("content/{name}"), bytes);
        desk.write("content/x.md", format!("# X\n\n![A picture]({name})\n"));
        desk.opas("build").expect(status, words);
        let all: Vec<u8> = desk.tree("public").into_values().flatten().collect();
        assert!(!String::from_utf8_lossy(&all).contains("onload='alert"), "{name}");
    }
}

#[cfg(unix)]
#[test]
fn links_of_the_file_system_are_followed_inside_only() {
    use std::os::unix::fs::symlink;
    let outside = Desk::empty();
    outside.write("secret.md", "# Secret\n");
    outside.write("secret.png", PNG);

    let desk = Desk::portal();
    symlink(outside.path("secret.md"), desk.path("content/secret.md")).unwrap();
    desk.opas("build").expect(1, &["error[outside-portal]", "content/secret.md"]);

    let desk = Desk::portal();
    symlink(outside.path(""), desk.path("content/out")).unwrap();
    desk.opas("build").expect(1, &["error[outside-portal]", "content/out"]);

    let desk = Desk::portal();
    symlink(desk.path("content"), desk.path("content/sales/loop")).unwrap();
    desk.opas("build").expect(1, &["error[symlink-loop]", "content/sales/loop"]);

    let desk = Desk::portal();
    symlink(desk.path("content/nowhere"), desk.path("content/broken.md")).unwrap();
    desk.opas("build").expect(1, &["content/broken.md"]);

    let desk = Desk::portal();
    desk.write("content/real/a.md", "# A\n");
    symlink(desk.path("content/real"), desk.path("content/same")).unwrap();
    desk.opas("build").expect(0, &[]);
    assert!(desk.path("public/same/a/index.html").exists());
}

#[test]
fn what_is_endless_ends() {
    let cases = [
        ("quotes", "> ".repeat(10_000) + "deep"),
        ("lists", (0..10_000).map(|i| " ".repeat(i.min(3_000) * 2) + "- x\n").collect()),
        ("brackets", "[".repeat(50_000)),
        ("stars", "*a **b ".repeat(20_000)),
        ("rows", "| a | b |\n|---|---|\n".to_owned() + &"| 1 | 2 |\n".repeat(10_000)),
        ("containers", ":::details X\n".repeat(5_000)),
        ("line", "sana ".repeat(200_000)),
        ("html", "<div>".repeat(20_000)),
        ("headings", "# A\n".repeat(20_000)),
    ];
    let desk = Desk::portal();
    for (name, text) in &cases {
        desk.write(&format!("content/{name}.md"), format!("---\ntitle: {name}\n---\n\n{text}\n"));
    }
    let run = desk.opas("build");
    run.expect(0, &[]);
    for (name, _) in &cases {
        assert!(desk.path(&format!("public/{name}/index.html")).exists(), "{name}");
    }
}

#[test]
fn a_theme_that_fails_names_its_file_and_line() {
    let cases = [
        ("{% extends 'base.html' %}\n{% block x %}\n", "templates/article.html:"),
        ("line\n{{ page.no_such_thing }}\n", "templates/article.html:2"),
        ("{% include 'none.html' %}", "templates/article.html"),
    ];
    for (text, place) in cases {
        let desk = Desk::portal();
        desk.opas("build").expect(0, &[]);
        let before = desk.tree("public");
        desk.write("themes/default/templates/article.html", text);
        desk.opas("build").expect(1, &["error", place]);
        assert_eq!(desk.tree("public"), before, "the last build's tree stays");
    }
}

#[test]
fn an_error_keeps_the_last_tree_and_strict_makes_warnings_errors() {
    let desk = Desk::portal();
    desk.opas("build --strict").expect(0, &[]);
    let before = desk.tree("public");
    desk.write("content/x.md", "# X\n\n[dead](nowhere.md)\n");
    desk.opas("build --strict").expect(1, &["warning[dead-link]"]);
    desk.opas("check --strict").expect(1, &["warning[dead-link]"]);
    assert_eq!(desk.tree("public"), before);
    desk.opas("build").expect(0, &["warning[dead-link]"]);
    assert!(desk.path("public/x/index.html").exists());
    desk.write("content/y.md", "---\nbroken");
    let before = desk.tree("public");
    desk.opas("build").expect(1, &["content/y.md:1"]);
    assert_eq!(desk.tree("public"), before);
}

#[test]
fn a_portal_without_content_is_said_plainly() {
    let desk = Desk::empty();
    desk.write("opas.toml", "title = \"T\"\n");
    let run = desk.opas("build");
    assert!(!run.text().contains("panicked") && run.status <= 1, "{}", run.text());
    desk.write("opas.toml", "");
    desk.opas("check").expect(0, &["opas.toml", "`title`"]);
    fs::create_dir(desk.path("content")).unwrap();
    desk.opas("build").expect(0, &[]);
}

#[test]
fn an_article_that_its_queries_do_not_find_is_a_finding() {
    let desk = Desk::portal();
    for i in 1..=4 {
        desk.write(
            &format!("content/zoo/{i}.md"),
            format!(
                "---\ntitle: Elephant\nfind_by: [elephant]\nslug: e{i}\n---\n\nElephant {i}.\n"
            ),
        );
    }
    desk.write(
        "content/zoo/mouse.md",
        "---\ntitle: Mouse\nfind_by: [mouse, elephant]\n---\n\nSmall.\n",
    );
    let place = "content/zoo/mouse.md:3:18";
    desk.opas("check")
        .expect(0, &["warning[not-found-by]", place, "`elephant`", "Elephant; Elephant"]);
    desk.opas("build --strict").expect(1, &["warning[not-found-by]"]);
}

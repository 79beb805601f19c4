//! The command line as a user meets it: usage, exit statuses, `init`, `new` and `theme`.

mod desk;

use desk::Desk;

#[test]
fn wrong_usage_is_status_2_with_a_hint() {
    let desk = Desk::portal();
    desk.opas("").expect(2, &["Usage: opas"]);
    desk.opas("chekc").expect(2, &["check"]);
    desk.opas("check --formt json").expect(2, &["--format"]);
    desk.opas("check --format xml").expect(2, &["human", "sarif"]);
    desk.opas("check --as-of yesterday").expect(2, &["--as-of"]);
    desk.opas("check --audience admn").expect(2, &["admn", "user, admin"]);
    desk.opas("--root nowhere check").expect(2, &["there is no folder `nowhere`"]);
    desk.opas("--root content check").expect(2, &["`content` is no portal", "opas init content"]);
    Desk::empty().opas("check").expect(2, &["there is no opas.toml", "--root", "opas init"]);
    desk.opas("--version").expect(0, &[env!("CARGO_PKG_VERSION")]);
    desk.opas("help").expect(0, &["init", "check"]);
}

#[test]
fn a_configuration_that_is_wrong_is_status_2_with_its_place() {
    let desk = Desk::portal();
    let cases: [(&[u8], &[&str]); 5] = [
        (b"title = ", &["opas.toml:1:"]),
        (b"title = \"x\"\nlanguages = 3\n", &["opas.toml:2:13", "`3` is no language code"]),
        (b"\xff\xfet\0", &["opas.toml:1:1", "UTF-8"]),
        (b"admin = \"seperate\"", &["opas.toml:1:", "`separate`"]),
        (b"layers = [\"../vendor\"]", &["opas.toml:1:", "../vendor"]),
    ];
    for (text, words) in cases {
        desk.write("opas.toml", text);
        desk.opas("check").expect(2, words).expect(2, &["opas.toml has errors"]);
        let json = desk.opas("check --format json");
        let findings: serde_json::Value = serde_json::from_str(&json.stdout).unwrap();
        assert_eq!(findings["findings"][0]["severity"], "error", "{findings}");
    }
}

#[test]
fn the_root_is_the_nearest_folder_above_with_an_opas_toml() {
    let desk = Desk::portal();
    let mut inside = desk.command(["new", "sales/credit"]);
    desk::run(inside.current_dir(desk.path("content/sales")))
        .expect(0, &["content/sales/credit.md"]);
    assert!(desk.read("content/sales/credit.md").contains("title: \"Credit\""));
}

#[test]
fn new_makes_articles_and_overwrites_none() {
    let desk = Desk::portal();
    desk.opas("new announcements/2026-05-04-new-calendar --date 2026-05-04").expect(0, &[]);
    let text = desk.read("content/announcements/2026-05-04-new-calendar.md");
    assert!(
        text.contains("title: \"New calendar\"\n")
            && text.contains("kind: announcement\ndate: 2026-05-04\n")
    );
    desk.opas("new sales/invoice.md").expect(2, &["content/sales/invoice.md", "exists already"]);
    assert!(desk.read("content/sales/invoice.md").contains("Send it."));
    desk.opas("new ../../outside").expect(2, &["leaves the portal"]);
    desk.opas("new x --kind gide").expect(2, &["did you mean `guide`?"]);
}

#[cfg(unix)]
#[test]
fn new_does_not_write_through_a_link_out_of_the_portal() {
    let (desk, outside) = (Desk::portal(), Desk::empty());
    std::os::unix::fs::symlink(outside.path(""), desk.path("content/out")).unwrap();
    desk.opas("new out/x").expect(2, &["leads out of the portal"]);
    assert!(outside.tree("").is_empty());
}

#[test]
fn init_makes_a_portal_that_passes_its_own_check() {
    for lang in ["da", "de", "en", "et", "fi", "nb", "ru", "sv"] {
        let desk = Desk::empty();
        desk.opas(&format!("init help --lang {lang}")).expect(0, &["help", "opas serve"]);
        assert!(desk.read("help/.github/workflows/portal.yml").contains("opas check --strict"));
        desk.opas("--root help check --strict").expect(0, &["no findings"]);
    }
    Desk::empty().opas("init --lang xx").expect(2, &["fi"]);
}

#[test]
fn init_overwrites_nothing() {
    let desk = Desk::empty();
    desk.write("opas.toml", "mine");
    desk.write("content/mine.md", "mine");
    desk.write(".gitignore", "mine");
    let before = desk.tree("");
    desk.opas("init").expect(2, &["opas.toml", "content", "nothing was written"]);
    assert_eq!(desk.tree(""), before);
    std::fs::remove_dir_all(desk.path("content")).unwrap();
    std::fs::remove_file(desk.path("opas.toml")).unwrap();
    desk.opas("init").expect(0, &[]);
    assert_eq!(desk.read(".gitignore"), "mine");
}

#[test]
fn theme_lists_its_files_and_copies_one() {
    let desk = Desk::portal();
    let list = desk.opas("theme list");
    list.expect(0, &["templates/article.html\n", "i18n/fi.toml\n"]);
    desk.opas("theme eject templates/article.html")
        .expect(0, &["themes/default/templates/article.html"]);
    desk.opas("theme list").expect(0, &["templates/article.html (themes/default/)"]);
    desk.opas("theme eject templates/article.html").expect(2, &["exists already"]);
    desk.opas("theme eject templates/artcle.html").expect(2, &["`templates/article.html`"]);
}

#[test]
fn nobody_at_the_other_end_of_the_pipe_is_no_failure() {
    let desk = Desk::portal();
    let script = format!("'{}' theme list | head -n 1", desk::binary().display());
    let mut shell = std::process::Command::new("sh");
    let run = desk::run(shell.args(["-c", &script]).current_dir(desk.path("")));
    run.expect(0, &["css/"]);
    assert_eq!(run.stderr, "");
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_behind_the_standard_output_is_a_failure() {
    let desk = Desk::portal();
    let full = std::fs::File::options().write(true).open("/dev/full").unwrap();
    let run = desk::run(&mut {
        let mut command = desk.command(["theme", "list"]);
        command.stdout(full);
        command
    });
    assert_eq!(run.status, 1, "{}", run.stderr);
    assert!(run.stderr.contains("standard output"), "{}", run.stderr);
}

/// A portal in which one article answers `refund` and another does not.
fn shop() -> Desk {
    let desk = Desk::empty();
    desk.write("opas.toml", "title = 'Shop'\nlanguages = ['en']\n");
    desk.write("content/refund.md", "# Refund a customer\n\nPay back with {ui:Refund}.\n");
    desk.write("content/send.md", "# Send an invoice\n\nNo refunds here.\n");
    desk
}

#[test]
fn search_says_why() {
    let desk = shop();
    desk.opas("search refnd --explain").expect(0, &["Refund a customer", "typo", "of the title"]);
    desk.opas("search refunds --explain").expect(0, &["`refund` (another form)", "score"]);
}

#[test]
fn search_finds_phrases_and_leaves_out_what_is_excluded() {
    let desk = shop();
    desk.write(
        "content/late.md",
        "---\nfind_by: ['\"back later\"']\n---\n\n# Pay later\n\nPay it back later.\n",
    );
    let search = |query: &str| desk.run(["search", query], &[]);
    search("\"back later\"").expect(0, &["We found 1 result", "late/"]);
    search("\"later back\"").expect(0, &["We found 0 results"]);
    search("pay -later").expect(0, &["We found 1 result", "refund/"]);
    let check = desk.opas("check");
    assert!(!check.text().contains("does not find"), "{}", check.text());
}

#[test]
fn search_tells_of_hits_in_other_languages() {
    let desk = Desk::empty();
    desk.write("opas.toml", "title = \"T\"\nlanguages = [\"fi\", \"en\"]\n");
    desk.write("content/fi/a/lasku.md", "---\ntitle: Lasku\n---\nLähetä se.\n");
    desk.write("content/en/a/invoice.md", "---\ntitle: Invoice\n---\nSend it.\n");
    desk.opas("search invoice").expect(0, &["1 result in English: --lang en"]);
    let found = desk.opas("search invioce");
    assert!(!found.stdout.contains("--lang"), "{}", found.stdout);
}

#[test]
fn search_measures_itself_and_fails_below_the_mark() {
    let desk = shop();
    desk.write("queries.txt", "# From the helpdesk\nrefund => refund\nsend invoice => send\n");
    desk.opas("search --eval queries.txt --min-mrr 1 --min-hit5 1")
        .expect(0, &["2 queries: hit@1 1.000, hit@5 1.000, MRR 1.000"]);
    desk.write("queries.txt", "refund => refund\nzzzz => send\nsend => nowhere\n");
    desk.opas("search --eval queries.txt").expect(0, &["zzzz => send: nothing found", "no such"]);
    desk.opas("search --eval queries.txt --min-hit5 0.9")
        .expect(1, &["hit@5 is 0.333, less than 0.9"]);
    desk.opas("search --eval missing.txt").expect(1, &["missing.txt"]);
    desk.opas("search --eval queries.txt --min-mrr 2").expect(2, &["a share from 0 to 1"]);
}

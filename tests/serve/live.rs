//! What an open page hears when the writer saves, and what it then gets.

use std::fs;
use std::net::TcpStream;
use std::time::{Duration, Instant};

use crate::client::{Page, connect};
use crate::portal::{INVOICE, Served, portal};

/// A server, and a page that has been greeted.
fn with_page() -> (Served, Page) {
    let served = Served::start(portal());
    let mut page = served.listen();
    page.until("opas:change");
    page.until("opas:findings");
    (served, page)
}

impl Served {
    fn text(&self, target: &str) -> String {
        self.get(target).text()
    }
}

#[test]
fn a_save_is_told_and_shown() {
    let (served, mut page) = with_page();
    served.portal.write("content/sales/invoice.md", &INVOICE.replace("How to", "The way to"));
    let first = page.until("opas:change").data["generation"].as_u64().unwrap();
    until(&mut page, || served.text("/sales/invoice/").contains("The way to write"));

    // Saved as many editors do: beside, then renamed over.
    served.portal.write("content/sales/.invoice.md.new", &INVOICE.replace("How to", "Again to"));
    let [from, to] = ["content/sales/.invoice.md.new", "content/sales/invoice.md"];
    fs::rename(served.portal.path(from), served.portal.path(to)).unwrap();
    assert!(page.until("opas:change").data["generation"].as_u64().unwrap() > first);
    until(&mut page, || served.text("/sales/invoice/").contains("Again to write"));
}

#[test]
fn new_renamed_and_deleted_files_and_folders_show() {
    let (served, mut page) = with_page();
    served.portal.write("content/stock/deep/count.md", "---\ntitle: Counting\n---\n\nCount it.\n");
    until(&mut page, || served.text("/stock/deep/count/").contains("Count it."));
    fs::rename(served.portal.path("content/stock"), served.portal.path("content/store")).unwrap();
    until(&mut page, || served.get("/store/deep/count/").status == 200);
    assert_eq!(served.get("/stock/deep/count/").status, 404);
    fs::remove_dir_all(served.portal.path("content/store")).unwrap();
    until(&mut page, || served.get("/store/deep/count/").status == 404);
    assert!(served.text("/sales/invoice/").contains("How to write"));
}

/// Waits for changes until it is so. A folder comes with several of them: the first may be told when
/// the folder is there and its file is not.
fn until(page: &mut Page, is_so: impl Fn() -> bool) {
    let start = Instant::now();
    while !is_so() {
        assert!(start.elapsed() < Duration::from_secs(20), "it never is");
        page.until("opas:change");
    }
}

#[test]
fn a_broken_article_stays_as_it_was_until_it_is_mended() {
    let (served, mut page) = with_page();
    assert!(served.text("/sales/invoice/").contains("How to write"));
    served.portal.write("content/sales/invoice.md", "---\ntitle: [\n---\n\nNew text.\n");
    let findings = page.until_errors(1).data;
    assert_eq!(findings["findings"][0]["path"], "content/sales/invoice.md");
    assert!(findings["findings"][0]["line"].as_u64().unwrap() > 0);
    assert!(served.text("/sales/invoice/").contains("How to write"), "the last good page stays");
    assert!(served.text("/sales/orders/").contains("How to order"));

    // Who comes now is told too.
    assert_eq!(served.listen().until("opas:findings").data["errors"], 1);

    served.portal.write("content/sales/invoice.md", "---\ntitle: Invoices\n---\n\nNew text.\n");
    page.until_errors(0);
    until(&mut page, || served.text("/sales/invoice/").contains("New text."));
}

#[test]
fn a_broken_configuration_changes_nothing_until_it_is_mended() {
    let (served, mut page) = with_page();
    served.portal.write("opas.toml", "title = ");
    let findings = page.until_errors(1).data;
    assert_eq!(findings["findings"][0]["path"], "opas.toml");
    assert!(served.text("/").contains("Handbook"));
    served.portal.write("opas.toml", "title = \"Guide\"\nlanguages = [\"en\"]\n");
    page.until_errors(0);
    assert!(served.text("/").contains("Guide"));
}

#[test]
fn a_broken_template_is_named_and_the_page_stays() {
    let (served, mut page) = with_page();
    assert!(served.text("/sales/invoice/").contains("How to write"));
    let template = "themes/default/templates/article.html";
    served.portal.write(template, "{% extends \"base.html\" %}{% block main %}{{ nothing.here }}");
    until(&mut page, || {
        let stays = served.text("/sales/invoice/");
        assert!(stays.contains("How to write"), "{stays}");
        served.listen().until("opas:findings").data["findings"][0]["path"] == template
    });
    fs::remove_dir_all(served.portal.path("themes")).unwrap();
    page.until_errors(0);
    assert!(served.text("/sales/invoice/").contains("How to write"));
}

#[test]
fn templates_styles_snippets_and_pictures_show() {
    let (served, mut page) = with_page();
    served.portal.write("themes/default/css/house.css", ".house { color: red; }");
    until(&mut page, || {
        let home = served.text("/");
        let style = home.split("href=\"").find_map(|part| {
            let link = part.split('"').next()?;
            link.ends_with(".css").then_some(link)
        });
        served.text(&format!("/{}", style.unwrap())).contains(".house")
    });

    served.portal.write("content/snippets/tip.md", "Save often.\n");
    served.portal.write(
        "content/sales/orders.md",
        "---\ntitle: Orders\n---\n\nHow to order.\n\n{{include snippets/tip.md}}\n",
    );
    until(&mut page, || served.text("/sales/orders/").contains("Save often."));
    served.portal.write("content/snippets/tip.md", "Save always.\n");
    until(&mut page, || served.text("/sales/orders/").contains("Save always."));
}

#[test]
fn stopped_and_slow_browsers_hold_up_nobody() {
    let (served, mut page) = with_page();
    // Streams that nobody reads, half a request, and connections that say nothing.
    let stopped: Vec<Page> = (0..80).map(|_| served.listen()).collect();
    let silent: Vec<TcpStream> =
        (0..20).map(|_| TcpStream::connect(("127.0.0.1", served.port)).unwrap()).collect();
    let unread: Vec<TcpStream> =
        (0..20).map(|_| connect(served.port, "GET", "/", &[("Host", "localhost")])).collect();
    let start = Instant::now();
    for i in 0..10 {
        served.portal.write("content/sales/orders.md", &format!("---\ntitle: O\n---\n\nNo {i}.\n"));
        let shown = format!("No {i}.");
        while !served.text("/sales/orders/").contains(&shown) {
            assert!(start.elapsed() < Duration::from_secs(20), "it never shows");
        }
    }
    drop((stopped, silent, unread));
    let mut late = served.listen();
    late.until("opas:findings");
    served.portal.write("content/sales/orders.md", "---\ntitle: O\n---\n\nLast.\n");
    late.until("opas:change");
    assert!(page.ends(), "given up in favour of the many that came later");
}

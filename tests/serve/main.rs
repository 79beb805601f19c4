//! `opas serve` with the real binary: what a browser gets, what an attacker gets, and what an open
//! page hears.

mod client;
mod live;
mod portal;

use client::Answer;
use portal::{Served, portal};

#[test]
fn pages_files_and_what_is_missing() {
    let served = Served::start(portal());
    let home = served.get("/");
    assert_eq!(home.status, 200);
    assert_eq!(home.header("Content-Type"), Some("text/html; charset=utf-8"));
    assert!(home.header("Content-Security-Policy").unwrap().contains("script-src 'self'"));
    assert_eq!(home.header("Cache-Control"), Some("no-cache"));
    assert_eq!(home.text().matches("/_opas/reload.js").count(), 1);

    let article = served.get("/sales/invoice/");
    assert!(article.text().contains("How to write an invoice"), "{}", article.text());
    assert!(served.get("/_opas/reload.js").text().contains("EventSource"));
    assert_eq!(served.get("/sales/invoice/article.md").status, 200);

    let folder = served.get("/sales/invoice?q=a");
    assert_eq!((folder.status, folder.header("Location")), (302, Some("/sales/invoice/?q=a")));

    let missing = served.get("/sales/nothing/");
    assert_eq!(missing.status, 404);
    assert!(
        missing.text().contains("/_opas/reload.js"),
        "it turns into the page once there is one"
    );

    let file = served.get("/a%20b.txt");
    assert_eq!((file.status, file.text()), (200, "0123456789".to_owned()));
    assert_eq!(served.get("/draft/").status, 404);
}

#[test]
fn a_browser_that_has_the_page_is_told_so() {
    let served = Served::start(portal());
    for path in ["/sales/invoice/", "/a%20b.txt"] {
        let tag = served.get(path).header("ETag").unwrap().to_owned();
        let again = served.get_with(path, &[("If-None-Match", &tag)]);
        assert_eq!((again.status, again.body.len()), (304, 0), "{path}");
        assert_eq!(served.get_with(path, &[("If-None-Match", "\"x\"")]).status, 200, "{path}");
    }
}

#[test]
fn parts_of_a_file() {
    let served = Served::start(portal());
    let part = |range: &str| {
        let answer = served.get_with("/a%20b.txt", &[("Range", range)]);
        let range = answer.header("Content-Range").unwrap_or("").to_owned();
        (answer.status, answer.text(), range)
    };
    assert_eq!(part("bytes=2-4"), (206, "234".to_owned(), "bytes 2-4/10".to_owned()));
    assert_eq!(part("bytes=-2"), (206, "89".to_owned(), "bytes 8-9/10".to_owned()));
    assert_eq!(part("bytes=10-"), (416, String::new(), "bytes */10".to_owned()));
    assert_eq!(part("nonsense").0, 200);
    let stale = [("Range", "bytes=2-4"), ("If-Range", "\"old\"")];
    assert_eq!(served.get_with("/a%20b.txt", &stale).status, 200);
}

#[test]
fn only_reading() {
    let served = Served::start(portal());
    for method in ["POST", "PUT", "DELETE", "OPTIONS"] {
        assert_eq!(served.send(method, "/", &[]).status, 405, "{method}");
    }
    let head = served.send("HEAD", "/", &[]);
    assert_eq!((head.status, head.body.len()), (200, 0));
    assert_ne!(head.header("Content-Length"), Some("0"));
}

#[test]
fn nobody_leaves_the_site() {
    let portal = portal();
    let secret = tempfile::tempdir().unwrap();
    std::fs::write(secret.path().join("secret.txt"), "SECRET").unwrap();
    portal.write("outside.txt", "SECRET");
    #[cfg(unix)]
    {
        let link = |name: &str| {
            let target = secret.path().join("secret.txt");
            std::os::unix::fs::symlink(target, portal.path(name)).unwrap();
        };
        link("static/link.txt");
        link("content/link.txt");
    }
    let served = Served::start(portal);
    for target in [
        "/../outside.txt",
        "/%2e%2e/outside.txt",
        "/..%2foutside.txt",
        "/sales/../../outside.txt",
        "/sales/%2e%2e/%2e%2e/outside.txt",
        "/..\\outside.txt",
        "/%2e%2e%5coutside.txt",
        "//outside.txt",
        "/./outside.txt",
        "/outside.txt",
        "/opas.toml",
        "/content/sales/invoice.md",
        "/link.txt",
        "/_opas/../outside.txt",
        "http://127.0.0.1/outside.txt",
        "/%00outside.txt",
    ] {
        let Answer { status, body, .. } = served.get(target);
        assert!(matches!(status, 400 | 404), "{target}: {status}");
        assert!(!String::from_utf8_lossy(&body).contains("SECRET"), "{target}");
    }
    // A file that turns into a link after the site was loaded is not followed either.
    #[cfg(unix)]
    {
        let link = served.portal.path("static/a b.txt");
        std::fs::remove_file(&link).unwrap();
        std::os::unix::fs::symlink(secret.path().join("secret.txt"), &link).unwrap();
        let answer = served.get("/a%20b.txt");
        assert!(!answer.text().contains("SECRET"), "{}", answer.status);
    }
}

#[test]
fn foreign_hosts_are_refused() {
    let served = Served::start(portal());
    let port = served.port;
    let status = |hosts: &[&str]| {
        let headers: Vec<(&str, &str)> = hosts.iter().map(|host| ("Host", *host)).collect();
        client::request(port, "GET", "/", &headers).status
    };
    let own = format!("localhost:{port}");
    assert_eq!(status(&[&own]), 200);
    assert_eq!(status(&["127.0.0.1"]), 200);
    assert_eq!(status(&["[::1]:4000"]), 200);
    assert_eq!(status(&["evil.example"]), 403);
    assert_eq!(status(&["localhost.evil.example"]), 403);
    assert_eq!(status(&[]), 403);
    assert_eq!(status(&[&own, "evil.example"]), 403);
}

#[test]
fn a_taken_port_leads_to_the_next_and_is_told() {
    let first = Served::start(portal());
    let second = Served::start_with(portal(), &["--port", &first.port.to_string()]);
    assert!(second.port > first.port);
    assert!(second.told_at_start.contains("is taken"), "{}", second.told_at_start);
    assert_eq!(second.get("/").status, 200);
}

#[cfg(unix)]
#[test]
fn ctrl_c_ends_it_cleanly() {
    let mut served = Served::start(portal());
    let mut page = served.listen();
    page.until("opas:findings");
    served.interrupt();
    assert!(served.wait().success());
    assert!(page.ends());
}

//! Numbered figures, own robots.txt, and icons of categories, with the real binary.

mod desk;

use desk::Desk;

fn png(shade: u8) -> Vec<u8> {
    let mut bytes = Vec::new();
    let picture = image::RgbImage::from_pixel(4, 3, image::Rgb([shade, 0, 0]));
    picture.write_to(&mut std::io::Cursor::new(&mut bytes), image::ImageFormat::Png).unwrap();
    bytes
}

#[test]
fn figures_are_numbered_and_referred_to_if_the_portal_says_so() {
    let desk = Desk::portal();
    desk.write("content/sales/a.png", png(1));
    desk.write("content/sales/b.png", png(2));
    desk.write(
        "content/sales/figures.md",
        "---\ntitle: Figures\n---\n\n![One](a.png \"First\")\n\nSee [](#second), ![icon](a.png) too.\n\n\
         ![Two](b.png \"Second\"){#second}\n",
    );
    let page = |desk: &Desk| {
        desk.opas("build --out out --color never").expect(0, &[]);
        desk.read("out/sales/figures/index.html")
    };
    let plain = page(&desk);
    assert!(!plain.contains("figure-number"), "{plain}");
    let config = desk.read("opas.toml");
    desk.write("opas.toml", format!("{config}numbered_figures = true\n"));
    let numbered = page(&desk);
    assert!(numbered.contains("Figure 1") && numbered.contains("Figure 2"), "{numbered}");
    assert!(!numbered.contains("Figure 3"), "{numbered}");
    assert!(numbered.contains("<a href=\"#second\">Figure 2</a>"), "{numbered}");
    let book = desk.read("out/print/sales/index.html");
    assert!(book.contains("second\">Figure 2</a>"), "{book}");
}

#[test]
fn links_within_a_printed_book_say_which_chapter_they_lead_to() {
    let desk = Desk::portal();
    desk.write(
        "content/sales/links.md",
        "---\ntitle: Links\n---\n\nSee [the *other*](invoice.md), [[Invoice]], [it](invoice.md#x), \
         [here](#end), [[sales]], [out](../stock/a.md) and <https://example.com/>.\n\n## End\n",
    );
    desk.write("content/stock/_index.md", "---\ntitle: Stock\n---\n");
    desk.write("content/stock/a.md", "---\ntitle: Count\n---\n\nText.\n");
    desk.opas("build --out out --color never").expect(0, &[]);
    let reference = |n: &str| format!(" <span class=\"chapter-reference\">(chapter {n})</span>");
    let book = desk.read("out/print/sales/index.html");
    for expected in [
        format!("<a href=\"#c1-\">the <em>other</em></a>{}, ", reference("1")),
        format!("<a href=\"#c1-\">Invoice</a>{}, ", reference("1")),
        "<a href=\"#c2-end\">here</a>, ".to_owned(),
        "<a href=\"../../stock/a/\">out</a> and".to_owned(),
    ] {
        assert!(book.contains(&expected), "{expected} in {book}");
    }
    let whole = desk.read("out/print/index.html");
    assert!(whole.contains(&format!("out</a>{} and", reference("2.1"))), "{whole}");
    assert!(!desk.read("out/sales/links/index.html").contains("chapter-reference"));
}

#[test]
fn an_own_robots_file_wins() {
    let desk = Desk::portal();
    desk.write("static/robots.txt", "User-agent: *\nDisallow: /\n");
    desk.opas("build --out out --color never").expect(0, &[]);
    assert_eq!(desk.read("out/robots.txt"), "User-agent: *\nDisallow: /\n");
}

#[test]
fn an_unknown_icon_of_a_category_is_a_finding() {
    let desk = Desk::portal();
    desk.write("content/sales/_index.md", "---\ntitle: Sales\nicon: recipt\n---\n");
    let run = desk.opas("check --color never");
    run.expect(0, &["unknown-icon", "content/sales/_index.md:3:7", "did you mean `receipt`?"]);
}

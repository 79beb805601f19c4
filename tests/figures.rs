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

//! Pictures from the portal's folder to what a reader's browser gets.

mod desk;

use std::io::Cursor;

use desk::Desk;
use image::{ImageFormat, Rgba, RgbaImage};

/// A screenshot: flat, with lines of something like text.
fn screenshot(width: u32, height: u32, accent: u8) -> Vec<u8> {
    let image = RgbaImage::from_fn(width, height, |x, y| {
        if y % 24 < 10 && x % 9 < 5 {
            let shade = ((x * x + y * y) % 97) as u8 * 2;
            Rgba([shade, shade.saturating_add(6), accent, 255])
        } else {
            Rgba([250, 249, 248, 255])
        }
    });
    let mut bytes = Cursor::new(Vec::new());
    image.write_to(&mut bytes, ImageFormat::Png).unwrap();
    bytes.into_inner()
}

fn media(desk: &Desk) -> Vec<String> {
    let tree = desk.tree("public");
    let names = tree.keys().filter_map(|path| path.strip_prefix("assets/media/"));
    names.map(str::to_owned).collect()
}

/// What stands between the quotes of each `name="…"`.
fn attributes<'a>(html: &'a str, name: &str) -> Vec<&'a str> {
    let start = format!(" {name}=\"");
    html.split(&start).skip(1).filter_map(|rest| rest.split('"').next()).collect()
}

#[test]
fn a_page_offers_each_picture_in_the_size_that_the_screen_needs() {
    let desk = Desk::portal();
    desk.write("content/shot.png", screenshot(1300, 400, 40));
    desk.write("content/shot.dark.png", screenshot(1300, 400, 90));
    desk.write("content/x.md", "# X\n\n![The invoice](shot.png \"A caption\")\n");
    desk.opas("build").expect(0, &[]);
    let tree = desk.tree("public");
    let page = String::from_utf8(tree["x/index.html"].clone()).unwrap();
    let html = &page[page.find("<figure").unwrap()..page.find("</figure>").unwrap()];
    assert_eq!(
        (attributes(html, "width"), attributes(html, "height")),
        (vec!["1300"], vec!["400"])
    );

    let lists = attributes(html, "srcset");
    assert_eq!(lists.len(), 2, "one for light, one for dark: {html}");
    for list in lists {
        let mut sizes = Vec::new();
        for candidate in list.split(", ") {
            let (url, width) = candidate.split_once(' ').unwrap();
            let bytes = &tree[url.strip_prefix("../").unwrap()];
            let decoded = image::load_from_memory(bytes).unwrap();
            assert_eq!(format!("{}w", decoded.width()), width);
            sizes.push(bytes.len());
        }
        assert!(sizes.len() >= 2 && sizes.is_sorted(), "{sizes:?}");
    }
    for zoomed in attributes(html, "data-full") {
        let original = std::fs::read(desk.path("content/shot.png")).unwrap();
        assert_eq!(tree[zoomed.strip_prefix("../").unwrap()], original);
    }

    // From the cache and made anew, it is the same tree.
    desk.opas("build").expect(0, &["0 written"]);
    std::fs::remove_dir_all(desk.path(".opas/cache/images")).unwrap();
    desk.opas("build").expect(0, &["0 written"]);
    assert_eq!(desk.tree("public"), tree);
}

#[test]
fn nothing_of_a_hidden_picture_is_published() {
    let desk = Desk::portal();
    desk.write("opas.toml", "title = \"T\"\nadmin = \"separate\"\n");
    for name in ["seen", "hidden"] {
        desk.write(&format!("content/{name}.png"), screenshot(1300, 300, name.len() as u8));
        desk.write(
            &format!("content/{name}.dark.png"),
            screenshot(1300, 300, name.len() as u8 + 9),
        );
    }
    for file in ["tour.mp4", "tour.vtt"] {
        desk.write(&format!("content/{file}"), "film");
    }
    desk.write("content/tour.png", screenshot(1300, 300, 77));
    let text = "# X\n\n![a](seen.png)\n\n> [!ADMIN]\n> ![b](hidden.png)\n>\n> ![c](tour.mp4)\n";
    desk.write("content/x.md", text);
    desk.opas("build").expect(0, &[]);
    let names = media(&desk);
    assert!(names.len() >= 4 && names.iter().all(|name| name.starts_with("seen-")), "{names:?}");
}

#[test]
fn what_belongs_to_a_video_comes_with_it() {
    let desk = Desk::portal();
    let files = ["tour.mp4", "tour.vtt", "tour.sv.vtt", "tour.chapters.vtt"];
    for file in files {
        desk.write(&format!("content/{file}"), file);
    }
    desk.write("content/tour.png", screenshot(300, 200, 77));
    desk.write("content/x.md", "# X\n\n![The tour](tour.mp4)\n");
    desk.opas("build").expect(0, &[]);
    let tree = desk.tree("public");
    let html = String::from_utf8(tree["x/index.html"].clone()).unwrap();
    let video = &html[html.find("<video").unwrap()..html.find("</video>").unwrap()];
    assert_eq!(attributes(video, "poster").len(), 1, "{video}");
    assert_eq!(attributes(video, "kind"), ["captions", "captions", "chapters"], "{video}");
    assert_eq!(attributes(video, "srclang"), ["en", "sv", "en"], "{video}");
    for address in attributes(video, "src") {
        assert!(tree.contains_key(address.strip_prefix("../").unwrap()), "{address}");
    }
    let check = desk.opas("check");
    assert!(!check.expect(0, &[]).text().contains("unused-file"), "{}", check.text());
}

/// A phone's photograph: where it was taken stands in the file, but in nothing that is published.
#[test]
fn no_published_file_says_where_a_picture_was_taken() {
    let place = b"60.1699N 24.9384E";
    let mut jpeg = Cursor::new(Vec::new());
    let photo = image::RgbImage::from_fn(1200, 600, |x, y| {
        image::Rgb([(x % 251) as u8, (y % 241) as u8, ((x * y) % 239) as u8])
    });
    photo.write_to(&mut jpeg, ImageFormat::Jpeg).unwrap();
    let jpeg = jpeg.into_inner();
    let mut exif =
        b"Exif\0\0MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x06\0\0\0\0\0\0".to_vec();
    exif.extend(place);
    let mut held = jpeg[..2].to_vec();
    held.extend([0xff, 0xe1]);
    held.extend((exif.len() as u16 + 2).to_be_bytes());
    held.extend(exif);
    held.extend(&jpeg[2..]);
    let desk = Desk::portal();
    desk.write("content/photo.jpg", &held);
    desk.write("content/x.md", "# X\n\n![Photo](photo.jpg) and [the file](photo.jpg)\n");
    desk.opas("build --color never").expect(0, &[]);
    let tree = desk.tree("public");
    for (path, bytes) in &tree {
        let told = bytes.windows(place.len()).any(|window| window == place);
        assert!(!told, "{path} says where it was");
    }
    let page = desk.read("public/x/index.html");
    assert!(page.contains("width=\"600\" height=\"1200\""), "it stands upright: {page}");
    let name = attributes(&page, "href").into_iter().find(|h| h.ends_with(".jpg")).unwrap();
    let published = &tree[name.strip_prefix("../").unwrap()];
    assert!(published.len() < held.len());
    assert_eq!(
        image::load_from_memory(published).unwrap().into_rgb8(),
        image::load_from_memory(&jpeg).unwrap().into_rgb8()
    );
    // The next build finds all as it lies there.
    desk.opas("build --color never").expect(0, &["0 written"]);
}

#[test]
fn a_video_or_spots_that_are_not_right_are_named_and_the_text_stays() {
    let desk = Desk::portal();
    desk.write("content/film.mp4", "film");
    desk.write("content/shot.png", screenshot(90, 40, 1));
    desk.write(
        "content/x.md",
        "# X\n\n![How to send it](flim.mp4)\n\n```spots shot.png\n130% 5%: far out\n50% 50%: in it\nnonsense\n```\n",
    );
    let run = desk.opas("build --color never");
    run.expect(0, &["dead-image", "content/x.md:3", "film.mp4", "broken-spots", "content/x.md:6"]);
    let page = desk.read("public/x/index.html");
    assert!(page.contains("How to send it") && page.contains("in it"), "{page}");
    assert!(!page.contains("<video"), "{page}");
}

//! Pictures, films and annotated pictures.
//!
//! Classes: `inline` for a picture in a sentence, `inline-large` where it is no icon; `missing`;
//! `figure-number`; `embed` with `data-player`, `embed-link`; `spots`, `spots-picture`,
//! `spots-marks`, `spot-mark` with `data-spot`, `spots-legend`. `data-full` is the address of the
//! whole picture, for the zoom; a `picture` element has the dark one.

use crate::audience::Visibility;
use crate::markdown::document::*;
use crate::markdown::html::writer::Writer;
use crate::markdown::html::{ImageHtml, Picture, Track};

/// Higher than this a picture in a sentence is no icon, in pixels.
const ICON_HEIGHT: u32 = 48;

impl Writer<'_> {
    /// The image of this number, whose event is at `event`.
    pub fn image(&mut self, event: usize, index: u32) {
        let document = self.document;
        let image = &document.images[index as usize];
        let shown = self.resolver.image(index as usize);
        if image.placement == Placement::Figure {
            let number = match &shown {
                ImageHtml::Picture(picture) => picture.number,
                _ => None,
            };
            self.figure.push((index, number));
        }
        match shown {
            ImageHtml::Missing => {
                self.out.push_str("<span class=\"missing\">");
                self.text(&image.alt);
                self.out.push_str("</span>");
            }
            ImageHtml::Picture(picture) => self.picture(event, image, &picture),
            ImageHtml::Video { src, poster, size, tracks } => {
                self.video(image, &src, poster.as_deref(), size, &tracks);
            }
            ImageHtml::Embed { player, page } => self.embed(image, &player, &page),
        }
    }

    fn picture(&mut self, event: usize, image: &Image, picture: &Picture) {
        let is_figure = image.placement == Placement::Figure;
        if let Some(dark) = &picture.dark {
            self.out.push_str("<picture><source media=\"(prefers-color-scheme: dark)\"");
            self.attribute("srcset", dark.srcset.as_deref().unwrap_or(&dark.src));
            if let Some(sizes) = picture.sizes.as_deref().filter(|_| dark.srcset.is_some()) {
                self.attribute("sizes", sizes);
            }
            self.out.push('>');
        }
        self.out.push_str("<img");
        let is_icon = picture.size.is_none_or(|(_, height)| height <= ICON_HEIGHT);
        match (is_figure, is_icon) {
            (true, _) => {}
            (false, is_icon) => {
                self.out.push_str(" class=\"inline");
                self.out.push_str(if is_icon { "" } else { " inline-large" });
                self.audience(self.document.own_visibility(event));
            }
        }
        self.attribute("src", &picture.src);
        if let Some(srcset) = &picture.srcset {
            self.attribute("srcset", srcset);
            if let Some(sizes) = &picture.sizes {
                self.attribute("sizes", sizes);
            }
        }
        if let Some((width, height)) = picture.size {
            self.out.push_str(" width=\"");
            self.number(width);
            self.out.push_str("\" height=\"");
            self.number(height);
            self.out.push('"');
        }
        self.attribute("alt", &image.alt);
        if !is_figure && !image.title.is_empty() {
            self.attribute("title", &image.title);
        }
        if let Some(full) = &picture.full {
            self.attribute("data-full", full);
        }
        self.out.push_str(" loading=\"lazy\" decoding=\"async\">");
        if picture.dark.is_some() {
            self.out.push_str("</picture>");
        }
    }

    /// With a poster nothing of the film is loaded before it is played.
    fn video(
        &mut self,
        image: &Image,
        src: &str,
        poster: Option<&str>,
        size: Option<(u32, u32)>,
        tracks: &[Track],
    ) {
        self.out.push_str("<video controls");
        self.attribute("preload", if poster.is_some() { "none" } else { "metadata" });
        self.attribute("src", src);
        if let Some(poster) = poster {
            self.attribute("poster", poster);
        }
        if let Some((width, height)) = size {
            self.attribute("width", &width.to_string());
            self.attribute("height", &height.to_string());
        }
        if !image.alt.is_empty() {
            self.attribute("aria-label", &image.alt);
        }
        self.out.push('>');
        for track in tracks {
            self.out.push_str("<track");
            self.attribute("src", &track.src);
            self.attribute("kind", track.kind);
            self.attribute("srclang", &track.language);
            self.out.push('>');
        }
        self.out.push_str("</video>");
    }

    /// A card that asks nobody before the click; without script it is a link.
    fn embed(&mut self, image: &Image, player: &str, page: &str) {
        self.out.push_str("<span class=\"embed\"");
        self.attribute("data-player", player);
        self.out.push_str("><a class=\"embed-link\" rel=\"noopener\"");
        self.attribute("href", page);
        self.out.push('>');
        self.icon("play");
        let name = if image.alt.is_empty() { &self.options.labels.play } else { &image.alt };
        self.text(name);
        self.out.push_str("</a></span>");
    }

    pub fn start_figure(&mut self, index: usize) {
        self.figure.clear();
        self.line();
        self.out.push_str("<figure");
        let document = self.document;
        // The first image is the first event, or the one in the link around it.
        let first = self.flow.events[index..].iter().enumerate().find_map(|(at, e)| match e.kind {
            EventKind::Image(i) => Some((index + at, i)),
            _ => None,
        });
        self.figure_id(first.map(|(_, image)| image));
        let own = first.map_or(Visibility::EVERYBODY, |(at, _)| document.own_visibility(at));
        if !own.is_everybody() {
            self.out.push_str(" class=\"only");
            self.audience(own);
        }
        self.out.push('>');
        self.audience_label("p", own);
    }

    fn figure_id(&mut self, image: Option<u32>) {
        let document = self.document;
        if let Some(id) = image.and_then(|i| document.images[i as usize].id.as_deref()) {
            self.attribute("id", &format!("{}{id}", self.options.id_prefix));
        }
    }

    pub fn end_figure(&mut self) {
        self.caption();
        self.out.push_str("</figure>\n");
    }

    fn caption(&mut self) {
        let document = self.document;
        let images = std::mem::take(&mut self.figure);
        let mut open = false;
        for &(index, number) in &images {
            let title = &document.images[index as usize].title;
            if title.is_empty() && number.is_none() {
                continue;
            }
            self.out.push_str(if open { " " } else { "<figcaption>" });
            open = true;
            if let Some(number) = number {
                self.out.push_str("<span class=\"figure-number\">");
                let label = self.options.labels.figure.replace("{n}", &number.to_string());
                self.text(&label);
                self.out.push_str("</span> ");
            }
            self.text(title);
        }
        if open {
            self.out.push_str("</figcaption>");
        }
    }

    pub fn start_spots(&mut self, index: usize) {
        self.figure.clear();
        self.line();
        self.out.push_str("<figure class=\"spots\"");
        let spots = &self.flow.spots[index];
        self.figure_id(Some(spots.image));
        self.out.push_str("><div class=\"spots-picture\">");
        self.spots = index;
        self.spots_number += 1;
    }

    /// The marks, once the picture is written, and the start of the legend.
    fn start_legend(&mut self) {
        let number = self.spots_number;
        let spots = &self.flow.spots[self.spots];
        let is_missing = self.resolver.image(spots.image as usize) == ImageHtml::Missing;
        if !is_missing {
            self.out.push_str("<svg class=\"spots-marks\" width=\"100%\" height=\"100%\">");
            for (i, (x, y)) in spots.places.iter().enumerate() {
                let label = i + 1;
                self.out.push_str("<a");
                self.attribute(
                    "href",
                    &format!("#{}spot-{number}-{label}", self.options.id_prefix),
                );
                self.attribute("class", "spot-mark");
                self.attribute("data-spot", &label.to_string());
                self.attribute("aria-label", &label.to_string());
                self.out.push_str("><svg");
                self.attribute("x", &format!("{}.{}%", x / 10, x % 10));
                self.attribute("y", &format!("{}.{}%", y / 10, y % 10));
                self.out.push_str(" overflow=\"visible\"><circle r=\"14\"/><text text-anchor=\"middle\" dy=\"0.35em\">");
                self.number(label as u32);
                self.out.push_str("</text></svg></a>");
            }
            self.out.push_str("</svg>");
        }
        self.out.push_str("</div>\n<ol class=\"spots-legend\">\n");
    }

    pub fn start_spot(&mut self, index: u32) {
        if index == 0 {
            self.start_legend();
        }
        let number = self.spots_number;
        self.out.push_str("<li");
        self.attribute("id", &format!("{}spot-{number}-{}", self.options.id_prefix, index + 1));
        self.out.push('>');
    }

    pub fn end_spots(&mut self, index: usize) {
        if self.flow.spots[index].places.is_empty() {
            self.out.push_str("</div>\n");
        } else {
            self.out.push_str("</ol>\n");
        }
        self.caption();
        self.out.push_str("</figure>\n");
    }
}

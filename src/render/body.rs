//! The body of a page: where its links lead and what its pictures show, for this reader, from this
//! address.

use std::collections::BTreeMap;

use crate::markdown::document::{CalloutKind, Image, Medium, Placement};
use crate::markdown::html::{
    DarkPicture, ImageHtml, Labels, LinkHtml, Options, Picture, Resolver, Track, write,
};
use crate::markdown::reading::Reading;
use crate::path::UrlPath;
use crate::site::AssetId;
use crate::site::asset::Asset;
use crate::site::companion::TrackKind;
use crate::theme::{Strings, Theme};
use crate::view::{Href, PageView, SiteView};

use super::frame::Place;
use super::pictures::Pictures;

/// The words and rules of all bodies, by language.
pub struct Body {
    labels: Vec<Labels>,
    pub(super) pictures: Pictures,
}

impl Body {
    pub fn new(view: &SiteView, theme: &Theme, pictures: Pictures) -> Body {
        let label = |language| labels(view, theme.strings(view.code(language)));
        Body { labels: view.languages().map(label).collect(), pictures }
    }

    /// The page's own text as HTML. `title_heading` is left out: the page shows it elsewhere.
    pub fn html(
        &self,
        place: &Place,
        page: PageView<'_>,
        strings: &Strings,
        title_heading: Option<usize>,
    ) -> String {
        let resolver = Addresses::new(self, place, page, strings, None);
        self.write(&resolver, title_heading, "")
    }

    /// The page's own text as markdown.
    pub fn markdown(&self, place: &Place, page: PageView<'_>, strings: &Strings) -> String {
        page.reading().markdown(&Addresses::new(self, place, page, strings, None))
    }

    /// The same as a chapter of a longer page: ids get `prefix`, and links to other chapters stay
    /// on the page.
    pub fn chapter(
        &self,
        place: &Place,
        page: PageView<'_>,
        strings: &Strings,
        prefix: &str,
        chapters: &BTreeMap<&UrlPath, String>,
    ) -> String {
        let resolver = Addresses::new(self, place, page, strings, Some(chapters));
        self.write(&resolver, page.title_heading(), prefix)
    }

    fn write(&self, from: &Addresses<'_>, title_heading: Option<usize>, id_prefix: &str) -> String {
        let options = Options {
            labels: &self.labels[from.page.language().index()],
            audiences: &from.page.view().config().audiences,
            title_heading,
            id_prefix,
        };
        write(&from.reading, from, &options)
    }
}

struct Addresses<'a> {
    place: &'a Place,
    page: PageView<'a>,
    reading: Reading<'a>,
    strings: &'a Strings,
    body: &'a Body,
    /// On a page of many articles: the start of the ids of each.
    chapters: Option<&'a BTreeMap<&'a UrlPath, String>>,
}

impl<'a> Addresses<'a> {
    fn new(
        body: &'a Body,
        place: &'a Place,
        page: PageView<'a>,
        strings: &'a Strings,
        chapters: Option<&'a BTreeMap<&'a UrlPath, String>>,
    ) -> Addresses<'a> {
        Addresses { place, page, reading: page.reading(), strings, body, chapters }
    }

    fn on_site(&self, url: &UrlPath, anchor: Option<&str>) -> String {
        if let Some(prefix) = self.chapters.and_then(|chapters| chapters.get(url)) {
            return format!("#{prefix}{}", anchor.unwrap_or_default());
        }
        match anchor {
            Some(anchor) if *url == self.place.url => format!("#{anchor}"),
            Some(anchor) => format!("{}#{anchor}", self.place.to(url)),
            None => self.place.to(url),
        }
    }

    fn picture(&self, id: AssetId, asset: &Asset) -> Picture {
        let shown = self.body.pictures.shown(id, asset);
        let view = self.page.view();
        let twin = view.companions(id).and_then(|companions| companions.dark);
        let twin = twin.and_then(|id| Some((id, view.asset(id)?)));
        let to = |url: &UrlPath| self.place.to(url);
        Picture {
            src: to(shown.src),
            size: shown.size,
            srcset: shown.srcset(&to),
            sizes: shown.sizes(),
            dark: twin.map(|(id, asset)| {
                let shown = self.body.pictures.shown(id, asset);
                DarkPicture { src: to(shown.src), srcset: shown.srcset(&to) }
            }),
            full: (*shown.src != asset.url || shown.sizes().is_some()).then(|| to(&asset.url)),
            number: None,
        }
    }

    /// A figure's number on the page, where the portal numbers them: counted among the figures that
    /// the reader sees.
    fn figure_number(&self, is_it: impl Fn(usize, &Image) -> bool) -> Option<u32> {
        if !self.page.view().config().numbered_figures {
            return None;
        }
        let figures =
            self.reading.images().filter(|(_, image)| image.placement == Placement::Figure);
        let at = figures.into_iter().position(|(index, image)| is_it(index, image))?;
        u32::try_from(at + 1).ok()
    }

    /// What `[](#id)` reads where the id is a figure's.
    fn figure_title(&self, url: &UrlPath, anchor: Option<&str>) -> Option<String> {
        let id = anchor.filter(|_| *url == self.place.url)?;
        let number = self.figure_number(|_, image| image.id.as_deref() == Some(id))?;
        Some(self.strings.get("block", "figure").replace("{n}", &number.to_string()))
    }

    fn video(&self, id: AssetId, asset: &Asset) -> ImageHtml {
        let view = self.page.view();
        let address = |id| view.asset(id).map(|asset| self.place.to(&asset.url));
        let companions = view.companions(id);
        let tracks = companions.into_iter().flat_map(|c| &c.tracks).filter_map(|track| {
            let own = || view.code(self.page.body_language()).to_owned();
            Some(Track {
                src: address(track.file)?,
                kind: match track.kind {
                    TrackKind::Captions => "captions",
                    TrackKind::Chapters => "chapters",
                },
                language: track.language.clone().unwrap_or_else(own),
            })
        });
        ImageHtml::Video {
            src: self.place.to(&asset.url),
            tracks: tracks.collect(),
            poster: companions.and_then(|c| c.poster).and_then(|id| {
                let shown = self.body.pictures.shown(id, view.asset(id)?);
                Some(self.place.to(shown.poster()))
            }),
        }
    }
}

impl Resolver for Addresses<'_> {
    fn link(&self, index: usize) -> LinkHtml {
        let text = self.reading.link_text(index);
        match self.page.href(index, &text) {
            Href::Site { url, anchor } => {
                let href = self.on_site(url, anchor);
                if text.is_empty()
                    && let Some(text) = self.figure_title(url, anchor)
                {
                    return LinkHtml::Titled { href, text };
                }
                match self.page.link_title(index) {
                    Some(title) if text.is_empty() => {
                        LinkHtml::Titled { href, text: title.to_owned() }
                    }
                    _ => LinkHtml::Internal(href),
                }
            }
            Href::Asset(asset) => LinkHtml::Download {
                href: self.place.to(&asset.url),
                note: file_note(self.strings, asset),
            },
            Href::Elsewhere(url) => LinkHtml::External(url.to_owned()),
            Href::Text => LinkHtml::Plain,
            Href::Hidden => LinkHtml::Replaced(self.strings.get("mark", "guide").to_owned()),
        }
    }

    fn image(&self, index: usize) -> ImageHtml {
        let medium = self.reading.image(index).map(|image| &image.medium);
        match (medium, self.page.picture(index)) {
            (Some(Medium::YouTube(id)), _) => ImageHtml::Embed {
                player: format!("https://www.youtube-nocookie.com/embed/{id}?autoplay=1"),
                page: format!("https://www.youtube.com/watch?v={id}"),
            },
            (Some(Medium::Vimeo(id)), _) => ImageHtml::Embed {
                player: format!("https://player.vimeo.com/video/{id}?autoplay=1&dnt=1"),
                page: format!("https://vimeo.com/{id}"),
            },
            (Some(Medium::Video), crate::view::Picture::Asset(id, asset)) => self.video(id, asset),
            (Some(Medium::Video), crate::view::Picture::Static(url)) => {
                ImageHtml::Video { src: self.place.to(url), poster: None, tracks: Vec::new() }
            }
            (_, crate::view::Picture::Asset(id, asset)) => {
                let number = self.figure_number(|other, _| other == index);
                ImageHtml::Picture(Picture { number, ..self.picture(id, asset) })
            }
            (_, crate::view::Picture::Static(url)) => {
                ImageHtml::Picture(Picture { src: self.place.to(url), ..Picture::default() })
            }
            // A picture on another host would be asked for by every reader's browser.
            (_, crate::view::Picture::Foreign(_) | crate::view::Picture::Missing) => {
                ImageHtml::Missing
            }
        }
    }
}

/// "PDF, 2.3 MB".
fn file_note(strings: &Strings, asset: &Asset) -> String {
    let extension = asset.file.path.extension().to_uppercase();
    let size = strings.file_size(asset.file.size);
    if extension.is_empty() { size } else { format!("{extension}, {size}") }
}

fn labels(view: &SiteView, strings: &Strings) -> Labels {
    let callout = |kind, key| (kind, strings.get("callout", key).to_owned());
    let audiences = view.config().audiences.names();
    Labels {
        callouts: BTreeMap::from([
            callout(CalloutKind::Note, "note"),
            callout(CalloutKind::Tip, "tip"),
            callout(CalloutKind::Important, "important"),
            callout(CalloutKind::Warning, "warning"),
            callout(CalloutKind::Caution, "caution"),
            callout(CalloutKind::Admin, "admin"),
            callout(CalloutKind::Unknown, "note"),
        ]),
        audiences: audiences.map(|n| (n.to_owned(), strings.audience(n).into_owned())).collect(),
        copy: strings.get("script", "copy").to_owned(),
        heading_link: strings.get("script", "copy_link").to_owned(),
        footnotes: strings.get("block", "footnotes").to_owned(),
        footnote_back: strings.get("block", "footnote_back").to_owned(),
        play: strings.get("block", "play").to_owned(),
        table: strings.get("block", "table").to_owned(),
        details: strings.get("block", "details").to_owned(),
        own: strings.get("block", "own").to_owned(),
        figure: strings.get("block", "figure").to_owned(),
    }
}

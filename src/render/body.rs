//! The body of a page: where its links lead and what its pictures show, for this reader, from this
//! address.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use crate::audience::Visibility;
use crate::markdown::document::{CalloutKind, Image, Medium, Placement};
use crate::markdown::escape::push_escaped;
use crate::markdown::html::{
    DarkPicture, ImageHtml, Labels, LinkHtml, Options, Picture, Resolver, TermUse, Track, write,
    write_events,
};
use crate::markdown::reading::Reading;
use crate::path::UrlPath;
use crate::site::asset::Asset;
use crate::site::companion::TrackKind;
use crate::site::{AssetId, Role};
use crate::theme::{Strings, Theme};
use crate::view::{Href, PageView, SiteView, TermView};

use super::frame::Place;
use super::pictures::Pictures;
use super::terms::{Found, Terms};

/// The words and rules of all bodies, by language.
pub struct Body {
    labels: Vec<Labels>,
    /// Made when the first page wants them: a writer's save must not wait for them.
    terms: Vec<OnceLock<Option<Terms>>>,
    pub(super) pictures: Pictures,
}

impl Body {
    pub fn new(view: &SiteView, theme: &Theme, pictures: Pictures) -> Body {
        let label = |language| labels(view, theme.strings(view.code(language)));
        let terms = view.languages().map(|_| OnceLock::new()).collect();
        Body { labels: view.languages().map(label).collect(), terms, pictures }
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
        let found = self.terms_of(page);
        let link = |term: TermView<'_>, glossary: &UrlPath| {
            let href = resolver.on_site(glossary, Some(term.anchor()));
            (href, format!("term-{}", term.anchor()))
        };
        let uses = self.uses(page, &found, &link);
        let mut html = self.write(&resolver, title_heading, "", &uses);
        if !uses.is_empty() {
            self.push_terms(&mut html, place, page, strings, &found);
        }
        html
    }

    /// The explanations of the terms, for those who hear the page or read it on paper.
    fn push_terms(
        &self,
        html: &mut String,
        place: &Place,
        page: PageView<'_>,
        strings: &Strings,
        found: &[Found],
    ) {
        let Some(glossary) = page.view().glossary(page.body_language()) else { return };
        let terms: Vec<TermView<'_>> = glossary.terms().collect();
        let title = strings.get("glossary", "title");
        html.push_str("<section class=\"terms\" aria-label=\"");
        push_escaped(html, title);
        html.push_str("\">\n<p class=\"terms-title\">");
        push_escaped(html, title);
        html.push_str("</p>\n<dl>\n");
        for term in found.iter().filter_map(|found| terms.get(found.term)) {
            html.push_str("<dt>");
            push_escaped(html, term.name());
            html.push_str("</dt>\n<dd id=\"term-");
            push_escaped(html, term.anchor());
            html.push_str("\">");
            html.push_str(&self.explanation(place, *term, strings, None));
            html.push_str("</dd>\n");
        }
        html.push_str("</dl>\n</section>\n");
    }

    /// What the glossary says of a term; `chapters` as for [`Body::chapter`].
    pub fn explanation(
        &self,
        place: &Place,
        term: TermView<'_>,
        strings: &Strings,
        chapters: Option<&BTreeMap<&UrlPath, String>>,
    ) -> String {
        let page = term.page();
        let resolver = Addresses::new(self, place, page, strings, chapters);
        let prefix = format!("{}-", term.anchor());
        let options = self.options(page, None, &prefix, &[]);
        write_events(&resolver.reading, term.events(), &resolver, &options)
    }

    /// The terms that the page's text uses, each where it does so first.
    pub fn terms_of(&self, page: PageView<'_>) -> Vec<Found> {
        let language = page.body_language();
        let view = page.view();
        let terms = self.terms[language.index()].get_or_init(|| {
            view.glossary(language).map(|glossary| Terms::new(&glossary, view.code(language)))
        });
        match terms {
            Some(terms) if page.role() != Role::Glossary => terms.uses(&page.reading()),
            _ => Vec::new(),
        }
    }

    /// How the terms are written. `link` gives a term's address and the id of its explanation.
    fn uses(
        &self,
        page: PageView<'_>,
        found: &[Found],
        link: &dyn Fn(TermView<'_>, &UrlPath) -> (String, String),
    ) -> Vec<TermUse> {
        let Some(glossary) = page.view().glossary(page.body_language()) else { return Vec::new() };
        if found.is_empty() {
            return Vec::new();
        }
        let terms: Vec<TermView<'_>> = glossary.terms().collect();
        let uses = found.iter().filter_map(|found| {
            let (href, explained_by) = link(*terms.get(found.term)?, glossary.page().url());
            Some(TermUse { start: found.start, end: found.end, href, explained_by })
        });
        uses.collect()
    }

    /// The page's own text as markdown.
    pub fn markdown(&self, place: &Place, page: PageView<'_>, strings: &Strings) -> String {
        page.reading().markdown(&Addresses::new(self, place, page, strings, None))
    }

    /// The same as a chapter of a longer page: ids get `prefix`, and links to other chapters stay
    /// on the page. The terms `found` are explained in the chapter of the glossary.
    pub fn chapter(
        &self,
        place: &Place,
        page: PageView<'_>,
        strings: &Strings,
        prefix: &str,
        chapters: &BTreeMap<&UrlPath, String>,
        found: &[Found],
    ) -> String {
        let resolver = Addresses::new(self, place, page, strings, Some(chapters));
        let link = |term: TermView<'_>, glossary: &UrlPath| {
            let href = resolver.on_site(glossary, Some(term.anchor()));
            let id = format!("{}-text", href.rsplit('#').next().unwrap_or_default());
            (href, id)
        };
        let uses = self.uses(page, found, &link);
        self.write(&resolver, page.title_heading(), prefix, &uses)
    }

    fn write(
        &self,
        from: &Addresses<'_>,
        title_heading: Option<usize>,
        id_prefix: &str,
        terms: &[TermUse],
    ) -> String {
        write(&from.reading, from, &self.options(from.page, title_heading, id_prefix, terms))
    }

    fn options<'o>(
        &'o self,
        page: PageView<'o>,
        title_heading: Option<usize>,
        id_prefix: &'o str,
        terms: &'o [TermUse],
    ) -> Options<'o> {
        Options {
            labels: &self.labels[page.language().index()],
            audiences: &page.view().config().audiences,
            title_heading,
            id_prefix,
            terms,
        }
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
        let mut link = String::new();
        if anchor.is_none() || *url != self.place.url {
            self.place.push_to(&mut link, url);
        }
        if let Some(anchor) = anchor {
            link.push('#');
            link.push_str(anchor);
        }
        link
    }

    /// What paper says of a link to another chapter of the book.
    fn chapter(&self, url: &UrlPath) -> Option<String> {
        let prefix = self.chapters?.get(url).filter(|_| url != self.page.url())?;
        let number = prefix.strip_prefix('c')?.trim_end_matches('-');
        Some(self.strings.get("print", "chapter").replace("{n}", number))
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
        let id = anchor.filter(|_| url == self.page.url())?;
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
        let poster = companions.and_then(|c| c.poster);
        let poster = poster.and_then(|id| Some(self.body.pictures.shown(id, view.asset(id)?)));
        ImageHtml::Video {
            src: self.place.to(&asset.url),
            tracks: tracks.collect(),
            size: poster.as_ref().and_then(|shown| shown.size),
            poster: poster.map(|shown| self.place.to(shown.poster())),
        }
    }
}

impl Resolver for Addresses<'_> {
    fn audience(&self, visibility: Visibility) -> Option<String> {
        let audiences = &self.page.view().config().audiences;
        let marks = audiences.marks(visibility).into_iter().map(|mark| self.strings.audience(mark));
        let marks: Vec<_> = marks.collect();
        (!marks.is_empty()).then(|| marks.join(", "))
    }

    fn link(&self, index: usize) -> LinkHtml {
        // Only where it leads to something hidden does the text decide what becomes of it.
        let href = match self.page.href(index, "") {
            Href::Hidden => self.page.href(index, &self.reading.link_text(index)),
            href => href,
        };
        match href {
            Href::Site { url, anchor } => {
                let href = self.on_site(url, anchor);
                let is_empty = self.reading.is_link_empty(index);
                if let Some(reference) = self.chapter(url) {
                    let title = self.page.link_title(index).filter(|_| is_empty);
                    return LinkHtml::Chapter { href, text: title.map(str::to_owned), reference };
                }
                if is_empty && let Some(text) = self.figure_title(url, anchor) {
                    return LinkHtml::Titled { href, text };
                }
                match self.page.link_title(index).filter(|_| is_empty) {
                    Some(title) => LinkHtml::Titled { href, text: title.to_owned() },
                    None => LinkHtml::Internal(href),
                }
            }
            Href::Asset(asset) => LinkHtml::Download {
                href: self.place.to(&asset.url),
                note: file_note(self.strings, asset),
            },
            Href::Elsewhere(url) => LinkHtml::External(url.to_owned()),
            Href::Text => LinkHtml::Plain,
            Href::Hidden => LinkHtml::Replaced(self.strings.get("mark", "guide").to_owned()),
            Href::LeftOut => LinkHtml::Replaced(self.strings.get("mark", "left_out").to_owned()),
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
                let (src, tracks) = (self.place.to(url), Vec::new());
                ImageHtml::Video { src, poster: None, size: None, tracks }
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

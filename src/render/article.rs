//! An article's page.

use std::collections::BTreeMap;

use crate::diagnostic::Diagnostic;
use crate::route::markdown_url;
use crate::site::{LanguageId, PageId, Role};
use crate::slug::slug_or;
use crate::view::PageView;

use super::Renderer;
use super::context::{ArticlePage, Feedback, Notice, Page, TocEntry};
use super::frame::{Place, alternates, head, languages_of};
use super::item::{Show, category_link, date, kind, link, marks};

/// Fewer headings need no list.
const FEWEST_HEADINGS: usize = 2;
/// Related articles, by hand and by likeness together.
const RELATED: usize = 4;
/// A tag of more articles tells little about any two of them.
const COMMON_TAG: usize = 40;
/// What a link counts beside a shared tag, which counts one part in the articles that bear it.
const LINKED: f64 = 0.15;
/// More links to here than anybody reads.
const BACKLINKS: usize = 50;

impl Renderer {
    /// What a reader should know of a translation that is missing or lags behind.
    fn notice<'a>(&'a self, place: &Place, page: PageView<'a>) -> Option<Notice<'a>> {
        let strings = self.strings(page.language());
        if page.stands_in() {
            let lang = self.view.code(page.body_language());
            let name = self.theme.strings(lang).get("language", "name");
            let text = strings.get("page", "stands_in").replace("{language}", name);
            return Some(Notice { text, link: None });
        }
        let original = page.outdated()?;
        let url = place.to(original.url()).into();
        let title = strings.get("page", "original").into();
        let text = strings.get("page", "outdated").to_owned();
        Some(Notice { text, link: Some(super::context::Link { url, title }) })
    }

    pub(super) fn article(&self, page: PageView<'_>) -> Result<Vec<u8>, Box<Diagnostic>> {
        let place = Place::new(page.language(), page.url().clone());
        let strings = self.strings(page.language());
        let html = self.body.html(&place, page, strings, page.title_heading());
        self.frames.render_article(&self.theme, &place, &self.article_page(&place, page, html)?)
    }

    /// All that is on an article's page; `html` is its text.
    pub(super) fn article_page<'a>(
        &'a self,
        place: &Place,
        page: PageView<'a>,
        html: String,
    ) -> Result<Page<'a, ArticlePage<'a>>, Box<Diagnostic>> {
        let view = &*self.view;
        let strings = self.strings(page.language());
        let category = page.category();
        let index = category.articles().position(|other| other.id() == page.id()).unwrap_or(0);
        let (previous, next) = page.neighbours();
        let front = page.front();
        let day = page.date();
        let title_heading = page.title_heading();
        let mut toc: Vec<TocEntry<'_>> = page
            .reading()
            .headings()
            .filter(|(i, heading)| Some(*i) != title_heading && heading.level <= 3)
            .map(|(_, heading)| TocEntry {
                level: heading.level.max(2),
                id: heading.id.as_str().into(),
                title: heading.text.as_str().into(),
            })
            .collect();
        if toc.len() < FEWEST_HEADINGS {
            toc.clear();
        }
        let tags = front.tags.iter().filter_map(|tag| {
            let tag = view.tag(page.language(), &slug_or(tag, "tag"))?;
            Some(super::context::Link {
                url: place.to(tag.url()).into(),
                title: tag.title().into(),
            })
        });
        let mut breadcrumb: Vec<_> =
            category.trail().into_iter().map(|c| category_link(place, c)).collect();
        if breadcrumb.is_empty() && category.parent().is_some() {
            breadcrumb.push(category_link(place, category));
        }
        let mut head = head(view, place, "article", page.title());
        head.description = page.summary();
        head.alternates = alternates(view, page);
        if let Some(original) = page.in_language(LanguageId::DEFAULT).filter(|_| page.stands_in()) {
            let site = view.config().site_url.as_ref();
            head.canonical = site.map(|site| format!("{site}{}", original.url()));
        }
        head.markdown = Some(place.to(&markdown_url(page.url())).into());
        Ok(Page {
            head,
            frame: self.frames.at(place),
            t: self.frames.strings(page.language()),
            nav_html: self.nav_of_article(place, page, index)?,
            languages: languages_of(view, &self.theme, place, page),
            page: ArticlePage {
                title: page.title().into(),
                breadcrumb,
                kind: kind(strings, page.kind()),
                marks: marks(strings, page.marks()),
                notice: self.notice(place, page),
                body_lang: page.stands_in().then(|| view.code(page.body_language())),
                date: day.map(|day| date(strings, day)),
                updated: front
                    .updated
                    .filter(|updated| Some(*updated) != day)
                    .map(|day| date(strings, day)),
                version: view.text(&view.config().product_version, page.language()).map(Into::into),
                module: front.module.as_deref().map(Into::into),
                tags: tags.collect(),
                html: html.into(),
                toc,
                related: self
                    .related(page)
                    .into_iter()
                    .map(|other| self.item(place, other, Show::Summary))
                    .collect(),
                backlinks: page
                    .backlinks()
                    .into_iter()
                    .take(BACKLINKS)
                    .map(|other| link(place, other))
                    .collect(),
                previous: previous.map(|other| link(place, other)),
                next: next.map(|other| link(place, other)),
                edit_url: self.edit_url(page).map(Into::into),
                feedback: self.feedback(page),
                extra: &front.extra,
            },
        })
    }

    /// `article.md`, which lies beside the page, so that the same addresses hold.
    pub(super) fn markdown(&self, page: PageView<'_>) -> String {
        let place = Place::new(page.language(), page.url().clone());
        let text = self.body.markdown(&place, page, self.strings(page.language()));
        let text = text.trim_start();
        let strings = self.strings(page.language());
        let marks: Vec<_> = page.marks().into_iter().map(|mark| strings.audience(mark)).collect();
        let whom = match marks.is_empty() {
            true => String::new(),
            false => format!("*{}*\n\n", marks.join(", ")),
        };
        match page.title_heading() {
            Some(_) => format!("{whom}{text}"),
            None => format!("# {}\n\n{whom}{text}", page.title()),
        }
    }

    /// Picked by hand, then filled with those that are like it: by the words that matter most in
    /// them, as soon as the search can tell, and by rare tags and links for what is still missing.
    pub(super) fn related<'a>(&'a self, page: PageView<'a>) -> Vec<PageView<'a>> {
        let mut related: Vec<PageView<'a>> = page.related().take(RELATED).collect();
        let similar = self.similar.of(page.id()).unwrap_or_default().iter();
        for other in similar.filter_map(|id| self.view.page(*id)) {
            let known = other.id() == page.id() || related.iter().any(|r| r.id() == other.id());
            if related.len() < RELATED && !known {
                related.push(other);
            }
        }
        if related.len() < RELATED {
            let more = self.alike(page, &related);
            related.extend(more.into_iter().take(RELATED - related.len()));
        }
        related
    }

    /// Articles that share rare tags with this one or are linked from it, the most alike first.
    fn alike<'a>(&'a self, page: PageView<'a>, known: &[PageView<'a>]) -> Vec<PageView<'a>> {
        let mut scores: BTreeMap<PageId, f64> = BTreeMap::new();
        for tag in &page.front().tags {
            let Some(tag) = self.view.tag(page.language(), &slug_or(tag, "tag")) else { continue };
            if tag.count() <= COMMON_TAG {
                for other in tag.articles() {
                    *scores.entry(other.id()).or_default() += 1.0 / tag.count() as f64;
                }
            }
        }
        for other in page.linked() {
            *scores.entry(other.id()).or_default() += LINKED;
        }
        scores.remove(&page.id());
        for known in known {
            scores.remove(&known.id());
        }
        let mut alike: Vec<(PageId, f64)> = scores.into_iter().collect();
        alike.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
        let articles = alike.into_iter().filter_map(|(id, _)| self.view.page(id));
        articles.filter(|page| page.role() == Role::Article).take(RELATED).collect()
    }

    pub(super) fn edit_url(&self, page: PageView<'_>) -> Option<String> {
        self.view.config().edits.url(page.layer(), page.file())
    }

    fn feedback<'a>(&'a self, page: PageView<'a>) -> Option<Feedback<'a>> {
        let feedback = &self.view.config().feedback;
        let article = page.url().as_str().into();
        if let Some(endpoint) = &feedback.endpoint {
            let action = endpoint.value.as_str().into();
            return Some(Feedback { action, mail: false, article });
        }
        let strings = self.strings(page.language());
        let subject = strings.get("feedback", "mail_subject").replace("{title}", page.title());
        let subject =
            percent_encoding::utf8_percent_encode(&subject, percent_encoding::NON_ALPHANUMERIC);
        let action = format!("mailto:{}?subject={subject}", feedback.email.as_deref()?).into();
        Some(Feedback { action, mail: true, article })
    }
}

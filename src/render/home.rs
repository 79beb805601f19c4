//! A language's home page.

use crate::article::kind::Kind;
use crate::config::Contact;
use crate::diagnostic::Diagnostic;
use crate::site::LanguageId;
use crate::theme::Template;
use crate::view::{CategoryView, PageView};

use super::Renderer;
use super::context::{CategoryCard, ContactCard, HomePage, Link, Page};
use super::feed::announcements;
use super::frame::{Place, alternates_at, head, languages};
use super::item::{Show, marks};

/// How many of each the page shows.
const PINNED: usize = 6;
const NEWS: usize = 3;
const TIPS: usize = 3;

/// The folder of the learning paths, as it stands in addresses.
const PATHS: &str = "paths";

impl Renderer {
    pub(super) fn home(&self, language: LanguageId) -> Result<Vec<u8>, Box<Diagnostic>> {
        let view = &*self.view;
        let home = view.home(language);
        let place = Place::new(language, home.url().clone());
        let strings = self.strings(language);
        let index = home.index();
        let html = index
            .filter(|page| !page.reading().is_empty())
            .map(|page| self.body.html(&place, page, strings, page.title_heading()));
        let news = announcements(view, language);
        let of_kind = |kind: Kind| {
            view.articles().filter(move |p| p.language() == language && p.kind() == kind)
        };
        let pinned = view.articles().filter(|p| p.language() == language && p.front().pinned);
        let portal_text = view.text(&view.config().description, language);
        let is_path = |category: &CategoryView<'_>| last_part(category) == PATHS;
        let is_news = |category: &CategoryView<'_>| {
            category.children().next().is_none()
                && category.articles().all(|page| page.kind() == Kind::Announcement)
                && category.count() > 0
        };
        let mut head = head(view, &place, "home", home.title());
        let description =
            index.and_then(|page| page.front().description.as_deref()).or(portal_text);
        head.description = description.map(Into::into);
        let twin = |language| Some(view.home(language).url().clone());
        head.alternates = alternates_at(view, twin);
        let context = Page {
            head,
            frame: self.frames.at(&place),
            t: self.frames.strings(language),
            nav_html: self.nav_closed(&place)?.into(),
            languages: languages(view, &self.theme, &place, twin),
            page: HomePage {
                title: index
                    .and_then(|page| page.front().title.as_ref())
                    .map(|title| title.value.as_str().into()),
                description: description.map(Into::into),
                html: html.map(Into::into),
                categories: home
                    .children()
                    .filter(|category| !is_path(category) && !is_news(category))
                    .map(|category| self.card(&place, category))
                    .collect(),
                paths: home
                    .children()
                    .filter(is_path)
                    .flat_map(|category| category.articles())
                    .map(|page| self.path_card(&place, page))
                    .collect(),
                pinned: pinned
                    .take(PINNED)
                    .map(|page| self.item(&place, page, Show::Summary))
                    .collect(),
                announcements: news
                    .iter()
                    .take(NEWS)
                    .map(|page| self.item(&place, *page, Show::News))
                    .collect(),
                announcements_url: news
                    .first()
                    .map(|page| page.category())
                    .filter(is_news)
                    .map(|category| place.to(category.url()).into()),
                tips: of_kind(Kind::Tip)
                    .take(TIPS)
                    .map(|page| self.item(&place, page, Show::News))
                    .collect(),
                contacts: view
                    .config()
                    .contacts
                    .iter()
                    .filter_map(|contact| self.contact(language, contact))
                    .collect(),
            },
        };
        self.theme.render(Template::Home, &context)
    }

    fn path_card<'a>(&'a self, place: &Place, page: PageView<'a>) -> CategoryCard<'a> {
        let strings = self.strings(page.language());
        let lessons = page.related().count();
        CategoryCard {
            url: place.to(page.url()).into(),
            title: page.title().into(),
            description: page.summary(),
            icon_html: crate::theme::icon::svg("graduation-cap").map(Into::into),
            count: match lessons {
                0 => String::new(),
                lessons => strings.count("count", "lessons", lessons),
            },
            first: Vec::new(),
            marks: marks(strings, page.marks()),
        }
    }

    fn contact<'a>(
        &'a self,
        language: LanguageId,
        contact: &'a Contact,
    ) -> Option<ContactCard<'a>> {
        let text = |text| self.view.text(text, language);
        let title = text(&contact.title)?;
        let mut links: Vec<Link<'a>> = Vec::new();
        if let Some(email) = &contact.email {
            links.push(Link { url: format!("mailto:{email}").into(), title: email.into() });
        }
        if let Some(phone) = &contact.phone {
            let digits: String =
                phone.chars().filter(|c| c.is_ascii_digit() || *c == '+').collect();
            links.push(Link { url: format!("tel:{digits}").into(), title: phone.into() });
        }
        if let Some(url) = &contact.url {
            let shown = url.trim_start_matches("https://").trim_end_matches('/');
            links.push(Link { url: url.into(), title: shown.into() });
        }
        Some(ContactCard {
            title: title.into(),
            text: text(&contact.text).map(Into::into),
            hours: text(&contact.hours)
                .into_iter()
                .flat_map(|hours| hours.lines().flat_map(|line| line.split(';')))
                .map(|line| line.trim().into())
                .collect(),
            links,
        })
    }
}

fn last_part<'a>(category: &CategoryView<'a>) -> &'a str {
    category.path().rsplit('/').next().unwrap_or("")
}

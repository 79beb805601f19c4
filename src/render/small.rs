//! Search, 404 and redirects.

use crate::diagnostic::Diagnostic;
use crate::path::UrlPath;
use crate::route::Places;
use crate::site::LanguageId;
use crate::theme::Template;
use crate::view::PageView;

use super::Renderer;
use super::context::{Link, NotFoundPage, Redirect, SearchPage};
use super::frame::Place;
use super::item::category_link;

impl Renderer {
    pub(super) fn search(&self, language: LanguageId) -> Result<Vec<u8>, Box<Diagnostic>> {
        let place = Place::new(language, Places::new(&self.view, language).search());
        let page = SearchPage { categories: self.top(&place) };
        let title = self.strings(language).get("search", "title");
        self.plain(Template::Search, "search", title, &place, page, Places::search)
    }

    pub(super) fn not_found(&self) -> Result<Vec<u8>, Box<Diagnostic>> {
        let place = Place::not_found(&self.view);
        let page = NotFoundPage { categories: self.top(&place) };
        let title = self.strings(place.language).get("missing", "title");
        self.plain(Template::NotFound, "missing", title, &place, page, Places::home)
    }

    pub(super) fn redirect(
        &self,
        from: &UrlPath,
        to: PageView<'_>,
    ) -> Result<Vec<u8>, Box<Diagnostic>> {
        let site = self.view.config().site_url.as_ref();
        let context = Redirect {
            lang: self.view.code(to.language()),
            title: to.title().into(),
            url: to.url().relative_from(from).into(),
            canonical: site.map(|site| format!("{site}{}", to.url())),
        };
        self.theme.render(Template::Redirect, &context)
    }

    fn top<'a>(&'a self, place: &Place) -> Vec<Link<'a>> {
        self.view.home(place.language).children().map(|c| category_link(place, c)).collect()
    }
}

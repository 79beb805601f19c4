//! The Atom feed of a language's announcements (RFC 4287). Its time is that of the newest entry,
//! never the clock's.

use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesText, Event};

use crate::article::kind::Kind;
use crate::route::Places;
use crate::site::LanguageId;
use crate::view::{PageView, SiteView};

/// As many as a reader who comes once a month needs.
const ENTRIES: usize = 30;

/// Announcements with a date, newest first.
pub fn announcements(view: &SiteView, language: LanguageId) -> Vec<PageView<'_>> {
    let mut pages: Vec<PageView<'_>> = view
        .articles()
        .filter(|page| page.language() == language && page.kind() == Kind::Announcement)
        .collect();
    pages.sort_by(|a, b| b.date().cmp(&a.date()).then_with(|| a.url().cmp(b.url())));
    pages
}

/// The feed; needs the portal's address.
pub fn feed(view: &SiteView, language: LanguageId, site_url: &url::Url) -> Vec<u8> {
    let places = Places::new(view, language);
    let home = format!("{site_url}{}", places.home());
    let own = format!("{site_url}{}", places.feed());
    let title = view.home(language).title().to_owned();
    let entries: Vec<PageView<'_>> = announcements(view, language)
        .into_iter()
        .filter(|page| page.date().is_some())
        .take(ENTRIES)
        .collect();
    let changed = |page: &PageView<'_>| page.front().updated.max(page.date());
    let newest = entries.iter().filter_map(changed).max();

    write_xml(|xml| {
        let feed = xml.create_element("feed").with_attributes([
            ("xmlns", "http://www.w3.org/2005/Atom"),
            ("xml:lang", view.code(language)),
        ]);
        feed.write_inner_content(|xml| {
            text(xml, "id", &home)?;
            text(xml, "title", &title)?;
            text(xml, "updated", &timestamp(newest))?;
            let author = xml.create_element("author");
            author.write_inner_content(|xml| text(xml, "name", &title))?;
            link(xml, "self", &own)?;
            link(xml, "alternate", &home)?;
            for page in &entries {
                let address = format!("{site_url}{}", page.url());
                xml.create_element("entry").write_inner_content(|xml| {
                    text(xml, "id", &address)?;
                    text(xml, "title", page.title())?;
                    text(xml, "published", &timestamp(page.date()))?;
                    text(xml, "updated", &timestamp(changed(page)))?;
                    link(xml, "alternate", &address)?;
                    match page.summary() {
                        Some(summary) => text(xml, "summary", &summary),
                        None => Ok(()),
                    }
                })?;
            }
            Ok(())
        })?;
        Ok(())
    })
}

type Xml = Writer<Vec<u8>>;

/// Writing into memory does not fail; what is written so far is the result if it ever did.
pub(super) fn write_xml(content: impl FnOnce(&mut Xml) -> std::io::Result<()>) -> Vec<u8> {
    let mut xml = Writer::new_with_indent(Vec::new(), b' ', 1);
    let written = xml
        .write_event(Event::Decl(BytesDecl::new("1.0", Some("utf-8"), None)))
        .and_then(|()| content(&mut xml));
    debug_assert!(written.is_ok());
    let mut bytes = xml.into_inner();
    bytes.push(b'\n');
    bytes
}

pub(super) fn text(xml: &mut Xml, name: &str, content: &str) -> std::io::Result<()> {
    // XML 1.0 has no way to write other control characters.
    let clean: String =
        content.chars().filter(|&c| !c.is_control() || matches!(c, '\n' | '\t')).collect();
    xml.create_element(name).write_text_content(BytesText::new(&clean)).map(|_| ())
}

fn link(xml: &mut Xml, rel: &str, href: &str) -> std::io::Result<()> {
    xml.create_element("link")
        .with_attributes([("rel", rel), ("href", href)])
        .write_empty()
        .map(|_| ())
}

/// Midnight UTC of a day; a feed without entries is as old as time.
fn timestamp(date: Option<jiff::civil::Date>) -> String {
    date.map_or_else(|| "1970-01-01T00:00:00Z".to_owned(), |date| format!("{date}T00:00:00Z"))
}

//! What search engines read: `sitemap.xml` (sitemaps.org 0.9) and `robots.txt`; and `llms.txt`, the
//! manual's contents for language models (llmstxt.org).

use crate::route::{Places, markdown_url};
use crate::view::{CategoryView, SiteView};

use super::feed::{text, write_xml};

/// All pages that are worth finding; needs the portal's address.
pub fn sitemap(view: &SiteView, site_url: &url::Url) -> Vec<u8> {
    write_xml(|xml| {
        let urls = xml
            .create_element("urlset")
            .with_attribute(("xmlns", "http://www.sitemaps.org/schemas/sitemap/0.9"));
        urls.write_inner_content(|xml| {
            for language in view.languages() {
                let places = Places::new(view, language);
                let glossary = view.glossary(language).map(|_| places.glossary());
                let pages = [places.home(), places.contents(), places.a_to_z()];
                for url in pages.into_iter().chain(glossary) {
                    xml.create_element("url")
                        .write_inner_content(|xml| text(xml, "loc", &format!("{site_url}{url}")))?;
                }
            }
            for category in view.categories() {
                let address = format!("{site_url}{}", category.url());
                xml.create_element("url").write_inner_content(|xml| text(xml, "loc", &address))?;
            }
            // What stands in for a translation names its original as the page to find.
            for page in view.articles().filter(|page| !page.stands_in()) {
                let address = format!("{site_url}{}", page.url());
                let changed = page.front().updated.max(page.date());
                xml.create_element("url").write_inner_content(|xml| {
                    text(xml, "loc", &address)?;
                    match changed {
                        Some(date) => text(xml, "lastmod", &date.to_string()),
                        None => Ok(()),
                    }
                })?;
            }
            Ok(())
        })?;
        Ok(())
    })
}

/// Everything may be read; the sitemap is named where there is one.
pub fn robots(site_url: Option<&url::Url>) -> Vec<u8> {
    let sitemap = site_url.map_or(String::new(), |url| format!("\nSitemap: {url}sitemap.xml\n"));
    format!("User-agent: *\nAllow: /\n{sitemap}").into_bytes()
}

/// The manual's contents with links to the articles' markdown.
pub fn llms(view: &SiteView) -> Vec<u8> {
    // As much as most need, for it is long: a link, a title and a summary.
    let mut out = String::with_capacity(256 * view.articles().count());
    let base = view.config().site_url.as_ref().map_or("", |url| url.as_str());
    for language in view.languages() {
        let home = view.home(language);
        push_paragraph(&mut out, "# ", home.title());
        if let Some(description) = view.text(&view.config().description, language) {
            push_paragraph(&mut out, "> ", description);
        }
        list(home, base, &mut out);
    }
    out.into_bytes()
}

fn list(category: CategoryView<'_>, base: &str, out: &mut String) {
    if category.parent().is_some() {
        push_paragraph(out, "## ", category.title());
    }
    let mut articles = category.articles().peekable();
    let some = articles.peek().is_some();
    for page in articles {
        out.push_str("- [");
        push_line(out, page.title());
        for part in ["](", base, markdown_url(page.url()).as_str(), ")"] {
            out.push_str(part);
        }
        if let Some(summary) = page.summary() {
            out.push_str(": ");
            push_line(out, &summary);
        }
        out.push('\n');
    }
    if some {
        out.push('\n');
    }
    for child in category.children() {
        list(child, base, out);
    }
}

fn push_paragraph(out: &mut String, mark: &str, text: &str) {
    out.push_str(mark);
    push_line(out, text);
    out.push_str("\n\n");
}

/// On one line.
fn push_line(out: &mut String, text: &str) {
    for (at, word) in text.split_whitespace().enumerate() {
        if at > 0 {
            out.push(' ');
        }
        out.push_str(word);
    }
}

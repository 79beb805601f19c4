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
    let mut out = String::new();
    let base = view.config().site_url.as_ref().map_or("", |url| url.as_str());
    for language in view.languages() {
        let home = view.home(language);
        out.push_str(&format!("# {}\n\n", line(home.title())));
        if let Some(description) = view.text(&view.config().description, language) {
            out.push_str(&format!("> {}\n\n", line(description)));
        }
        list(home, base, &mut out);
    }
    out.into_bytes()
}

fn list(category: CategoryView<'_>, base: &str, out: &mut String) {
    if category.parent().is_some() {
        out.push_str(&format!("## {}\n\n", line(category.title())));
    }
    let mut articles = category.articles().peekable();
    let some = articles.peek().is_some();
    for page in articles {
        out.push_str(&format!("- [{}]({base}{})", line(page.title()), markdown_url(page.url())));
        if let Some(summary) = page.summary() {
            out.push_str(&format!(": {}", line(&summary)));
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

/// On one line.
fn line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

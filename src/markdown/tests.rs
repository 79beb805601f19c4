//! Small inputs and what becomes of them.

use std::collections::BTreeMap;

use crate::audience::{Audiences, Reader, Visibility};
use crate::config::{AdminMode, HtmlPolicy};
use crate::diagnostic::Diagnostic;
use crate::markdown::document::{CalloutKind, Document, Medium};
use crate::markdown::html::{self, ImageHtml, Labels, LinkHtml, Picture, Resolver};
use crate::markdown::options::Options;
use crate::markdown::{Snippet, parse, splice};
use crate::path::SourcePath;

pub struct Portal {
    pub audiences: Audiences,
    pub mode: AdminMode,
    pub html: HtmlPolicy,
    pub language: &'static str,
    pub snippets: BTreeMap<&'static str, String>,
}

impl Portal {
    pub fn new() -> Portal {
        Portal {
            audiences: Audiences::default(),
            mode: AdminMode::Marked,
            html: HtmlPolicy::Sanitize,
            language: "fi",
            snippets: BTreeMap::new(),
        }
    }

    pub fn separate() -> Portal {
        Portal { mode: AdminMode::Separate, ..Portal::new() }
    }

    pub fn public(&self) -> Reader {
        Reader::One(self.audiences.public())
    }

    pub fn admin(&self) -> Reader {
        Reader::One(self.audiences.id("admin").unwrap())
    }

    pub fn document(&self, text: &str) -> (Document, Vec<Diagnostic>) {
        let options = Options {
            audiences: &self.audiences,
            admin: self.audiences.visibility(["admin"]).unwrap(),
            mode: self.mode,
            html: self.html,
            language: self.language,
            variables: BTreeMap::from([("product", "Kassa"), ("url", "https://x.example")]),
        };
        let mut findings = Vec::new();
        let path = SourcePath::new("content/a.md");
        let document = parse(&path, text, 0, &options, &mut findings);
        let snippets: BTreeMap<&str, (Document, &str)> = self
            .snippets
            .iter()
            .map(|(name, text)| {
                let path = SourcePath::new(format!("content/{name}"));
                (*name, (parse(&path, text, 0, &options, &mut findings), text.as_str()))
            })
            .collect();
        let lookup = |path: &str| {
            let (document, text) = snippets.get(path)?;
            let visibility = Visibility::EVERYBODY;
            Some(Snippet { document, text, visibility })
        };
        let spliced = splice(&document, text, &lookup, &mut findings);
        (spliced, findings)
    }

    pub fn html(&self, text: &str, reader: Reader) -> String {
        let (document, _) = self.document(text);
        self.html_of(&document, reader)
    }

    pub fn html_of(&self, document: &Document, reader: Reader) -> String {
        let labels = Labels {
            callouts: BTreeMap::from([
                (CalloutKind::Note, "Huomautus".to_owned()),
                (CalloutKind::Admin, "Ylläpitäjälle".to_owned()),
            ]),
            ..Labels::default()
        };
        let options = html::Options {
            labels: &labels,
            audiences: &self.audiences,
            title_heading: None,
            id_prefix: "",
        };
        html::write(&document.read(reader), &Echo(document), &options)
    }
}

/// Links and images as typed.
pub struct Echo<'d>(pub &'d Document);

impl Resolver for Echo<'_> {
    fn link(&self, index: usize) -> LinkHtml {
        let link = &self.0.links()[index];
        match link.dest.contains("://") {
            true => LinkHtml::External(link.dest.clone()),
            false => LinkHtml::Internal(link.dest.clone()),
        }
    }

    fn image(&self, index: usize) -> ImageHtml {
        let image = &self.0.images()[index];
        match &image.medium {
            Medium::YouTube(id) => ImageHtml::Embed {
                player: format!("https://www.youtube-nocookie.com/embed/{id}"),
                page: image.dest.clone(),
            },
            Medium::Video => {
                ImageHtml::Video { src: image.dest.clone(), poster: None, tracks: Vec::new() }
            }
            _ => ImageHtml::Picture(Picture { src: image.dest.clone(), ..Picture::default() }),
        }
    }
}

/// Icons are long and tables have wrappers: what does not matter to a case is left out.
fn short(html: &str) -> String {
    let mut short = String::new();
    let mut rest = html;
    while let Some(at) = rest.find("<svg class=\"icon\"") {
        short.push_str(&rest[..at]);
        let end = rest[at..].find("</svg>").unwrap();
        short.push_str("<svg/>");
        rest = &rest[at + end + 6..];
    }
    short.push_str(rest);
    let replaced = short
        .replace(" <a class=\"heading-link\"", "<a class=\"heading-link\"")
        .replace(" loading=\"lazy\" decoding=\"async\"", "")
        .replace("<div class=\"table\" role=\"region\" tabindex=\"0\" aria-label=\"\">", "");
    replaced.replace('\n', " ").trim().to_owned()
}

#[test]
fn show() {
    let p = Portal::new();
    for t in [
        "# Otsikko\n\nHei **maailma**, \"lainaus\" ja *a*.\n\n## Käyttö {#oma}\n\n## Käyttö\n\n## Käyttö",
        "> [!NOTE] Oma *otsikko*\n> teksti\nlaiska\n\n> [!TIP]\n> x",
        "> [!ADMIN]\n> salaisuus\n\njulkinen",
        "- a\n- > [!ADMIN]\n  > salaisuus\n- c\n",
        ":::steps\n1. yksi\n\n   ![kuva](a.png \"Kuvateksti\")\n2. kaksi\n\n> [!NOTE]\n> väli\n\n3. kolme\n:::\n",
        "::::tabs os\n:::tab Windows\nx\n:::\n:::tab Mac *OS*\ny\n:::\n::::\n",
        ":::details Lisää tietoa for=admin\nsalaisuus\n:::\njulkinen",
        ":::variant legacy \"Vanha UI\"\nvanha\n:::\n",
        "Paina {icon:search} ja {key:Ctrl+S}, {ui:Myynti > Laskut}. {{product}} `{{product}}` {{proudct}}\n",
        "| a | b |\n|---|--:|\n| [[x\\|y]] | 2 |\n",
        "![kuva](a.png)\n\nteksti ![ikoni](b.png) teksti\n\n![](https://youtu.be/abc)\n\n[![x](y.png)](z.md)",
        "Rivi<br>toinen <kbd>x</kbd> <script>alert(1)</script> <b onclick=x>a</b> <asiakas nimi> H<sub>2</sub>O <a href=\"x.md\">l</a>\n",
        "<table><tr><td align=\"right\" style=\"x\">1 &amp; 2</td></tr></table>\n\n<details>\n<summary>s</summary>\n\n**md**\n\n</details>\n",
        "- [ ] tee\n- [x] tehty\n",
        "Sana[^1].\n\n[^1]: Selitys\n\nTermi\n: määritelmä\n",
        "```toml title=\"opas.toml\"\na = 1\n:::\n```\n",
        "```spots kuva.png \"Lasku\" \"Kuvateksti\"\n12% 34.5%: **Asiakas**\n110 2: ulkona\n```\n",
        "https://example.com/a_b-c. ja (https://x.fi/a) -- 1--2 --flag ... 'x'\n",
        "- - - a\n> > > b\n",
    ] {
        let (d, f) = p.document(t);
        println!("=== {t}\nADMIN {}", short(&p.html_of(&d, p.admin())));
        println!("PUBLIC {}", short(&p.html_of(&d, p.public())));
        for s in d.read(p.public()).sections() {
            println!("SECTION {s:?}");
        }
        println!("MD {}", d.read(p.admin()).markdown(&Echo(&d)));
        for f in f {
            println!("FINDING {} {} {:?}", f.place, f.message, f.help);
        }
    }
}

"""Hugo, with templates as a careful author writes them: the lists in the navigation are cached partials.

Links to `.md` files are resolved by a render hook, since 0.111 has none of its own; a page carries the
categories and the articles of its own category. No search.
"""
import subprocess

from corpus import PICTURE_PATH, yaml

from .base import Peer

CONFIG = """baseURL = "http://localhost/"
title = "{title}"
[markup.goldmark.renderer]
unsafe = true
[markup.highlight]
noClasses = false
"""

BASE = """<!doctype html>
<html lang="{{ .Site.LanguageCode }}">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>{{ .Title }} – {{ .Site.Title }}</title>
<meta name="description" content="{{ .Description }}"></head>
<body>
<header><a href="/">{{ .Site.Title }}</a></header>
{{ partialCached "categories.html" . }}
{{ with .CurrentSection }}{{ partialCached "siblings.html" . .RelPermalink }}{{ end }}
<main>{{ block "main" . }}{{ end }}</main>
</body>
</html>
"""

TEMPLATES = {
    "_default/baseof.html": BASE,
    "_default/single.html": """{{ define "main" }}<h1>{{ .Title }}</h1>
{{ .TableOfContents }}
{{ .Content }}
<ul>{{ range .Params.tags }}<li>{{ . }}</li>{{ end }}</ul>
{{ with .PrevInSection }}<a rel="prev" href="{{ .RelPermalink }}">{{ .Title }}</a>{{ end }}
{{ with .NextInSection }}<a rel="next" href="{{ .RelPermalink }}">{{ .Title }}</a>{{ end }}{{ end }}
""",
    "_default/list.html": """{{ define "main" }}<h1>{{ .Title }}</h1>
{{ .Content }}
<ul>{{ range .Pages.ByWeight }}<li><a href="{{ .RelPermalink }}">{{ .Title }}</a> {{ .Description }}</li>{{ end }}</ul>{{ end }}
""",
    "partials/categories.html": """<nav><ul>{{ range .Site.Sections.ByWeight }}
<li><a href="{{ .RelPermalink }}">{{ .Title }}</a></li>{{ end }}</ul></nav>
""",
    "partials/siblings.html": """<nav><ul>{{ range .RegularPages.ByWeight }}
<li><a href="{{ .RelPermalink }}">{{ .Title }}</a></li>{{ end }}</ul></nav>
""",
    "_default/_markup/render-link.html": """{{- $url := urls.Parse .Destination -}}
{{- $to := .Destination -}}
{{- if and (not $url.IsAbs) (strings.HasSuffix $url.Path ".md") -}}
{{- with .Page.GetPage $url.Path }}{{ $to = .RelPermalink }}{{ with $url.Fragment }}{{ $to = printf "%s#%s" $to . }}{{ end }}{{ end -}}
{{- end -}}
<a href="{{ $to | safeURL }}"{{ with .Title }} title="{{ . }}"{{ end }}>{{ .Text | safeHTML }}</a>""",
}


class Hugo(Peer):
    name = "Hugo"
    does = "pages, no search"
    binary = "hugo"
    install = "apt-get install hugo"
    caches = ("resources",)

    def version(self):
        said = subprocess.run([self.found(), "version"], capture_output=True, text=True, timeout=60, check=False)
        return said.stdout.partition("-")[0].strip()

    def prepare(self, corpus):
        self.write("config.toml", CONFIG.format(title=corpus.title))
        for path, text in TEMPLATES.items():
            self.write(f"layouts/{path}", text)
        for article in (*corpus.categories, *corpus.articles):
            front = {"weight" if key == "order" else key: value for key, value in article.front.items()}
            # A page lies one folder deeper than its file: /category/article/.
            body = PICTURE_PATH.sub("](../../", article.body)
            self.write(f"content/{article.path}.md", yaml(front) + body)
        self.copy_media(corpus, "static")

    def build(self):
        return [self.found(), "--quiet", "--destination", self.out]

    def serve(self, port):
        return [self.found(), "server", "--port", port, "--bind", "127.0.0.1"]

    def source(self, article):
        return self.home / "content" / f"{article.path}.md"

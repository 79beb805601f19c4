"""Zola; internal links are `@/…`, so links that lead nowhere become text, else it stops at them.

Only the categories stand in the navigation: the articles of the own category make it several times slower.
"""
import json

from corpus import LINK, PICTURE_PATH, target, yaml

from .base import Peer

CONFIG = """base_url = "http://127.0.0.1"
title = {title}
compile_sass = false
build_search_index = false
taxonomies = [{{ name = "tags" }}]
[link_checker]
internal_level = "warn"
"""

TEMPLATES = {
    "base.html": """<!doctype html>
<html lang="{{ lang }}">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>{% block title %}{{ config.title }}{% endblock %}</title></head>
<body>
<header><a href="{{ config.base_url }}/">{{ config.title }}</a></header>
{% set root = get_section(path="_index.md") %}
<nav><ul>{% for path in root.subsections %}{% set category = get_section(path=path, metadata_only=true) %}
<li><a href="{{ category.permalink }}">{{ category.title }}</a></li>{% endfor %}</ul></nav>
<main>{% block main %}{% endblock %}</main>
</body>
</html>
""",
    "index.html": '{% extends "base.html" %}{% block main %}{{ section.content | safe }}{% endblock %}\n',
    "section.html": """{% extends "base.html" %}{% block title %}{{ section.title }}{% endblock %}
{% block main %}<h1>{{ section.title }}</h1>{{ section.content | safe }}
<ul>{% for page in section.pages %}<li><a href="{{ page.permalink }}">{{ page.title }}</a> {{ page.description }}</li>{% endfor %}</ul>{% endblock %}
""",
    "page.html": """{% extends "base.html" %}{% block title %}{{ page.title }}{% endblock %}
{% block main %}<h1>{{ page.title }}</h1>
<ul>{% for h in page.toc %}<li><a href="{{ h.permalink }}">{{ h.title }}</a></li>{% endfor %}</ul>
{{ page.content | safe }}
{% if page.lower %}<a rel="prev" href="{{ page.lower.permalink }}">{{ page.lower.title }}</a>{% endif %}
{% if page.higher %}<a rel="next" href="{{ page.higher.permalink }}">{{ page.higher.title }}</a>{% endif %}{% endblock %}
""",
    "taxonomy_list.html": """{% extends "base.html" %}{% block main %}<ul>{% for term in terms %}<li><a href="{{ term.permalink }}">{{ term.name }}</a></li>{% endfor %}</ul>{% endblock %}
""",
    "taxonomy_single.html": """{% extends "base.html" %}{% block main %}<ul>{% for page in term.pages %}<li><a href="{{ page.permalink }}">{{ page.title }}</a></li>{% endfor %}</ul>{% endblock %}
""",
}


class Zola(Peer):
    name = "Zola"
    does = "pages, no search, categories only in the navigation"
    binary = "zola"
    install = "not in the registries; put a release of it on the PATH"

    def prepare(self, corpus):
        self.write("config.toml", CONFIG.format(title=json.dumps(corpus.title, ensure_ascii=False)))
        for path, text in TEMPLATES.items():
            self.write(f"templates/{path}", text)
        self.write("content/_index.md", yaml({"sort_by": "weight"}))
        paths = corpus.paths()
        for article in (*corpus.categories, *corpus.articles):
            self.write(f"content/{article.path}.md", self.front(article) + self.body(article, paths))
        self.copy_media(corpus, "static")

    @staticmethod
    def front(article):
        kept = {key: article.front[key] for key in ("title", "description", "date") if key in article.front}
        kept["weight"] = article.order
        if article.slug == "_index":
            kept.pop("date", None)
            kept["sort_by"] = "weight"
        elif article.front.get("tags"):
            kept["taxonomies"] = {"tags": article.front["tags"]}
        return yaml(kept)

    @staticmethod
    def body(article, paths):
        def link(match):
            to = target(article, match["path"])
            if to not in paths:
                return match["text"]
            return f"[{match['text']}](@/{to}.md{match['rest'] or ''}{match['title'] or ''})"

        text = PICTURE_PATH.sub("](../../", LINK.sub(link, article.body))
        # Shortcodes are expanded in the whole text; the corpora have none.
        return text.replace("{{", "{ {").replace("{%", "{ %")

    def build(self):
        return [self.found(), "build", "--force", "--output-dir", self.out]

    def serve(self, port):
        return [self.found(), "serve", "--port", port, "--output-dir", self.home / "served", "--force"]

    def source(self, article):
        return self.home / "content" / f"{article.path}.md"

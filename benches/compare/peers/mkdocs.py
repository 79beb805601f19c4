"""Material for MkDocs and Zensical, which read the same folder and the same settings."""
import json

from corpus import yaml

from .base import Peer

CONFIG = """site_name: {title}
site_dir: out
use_directory_urls: true
theme:
  name: material
plugins:
  - search
markdown_extensions:
  - tables
  - attr_list
  - admonition
  - def_list
  - pymdownx.highlight
  - pymdownx.superfences
  - toc:
      permalink: true
"""


class DocsFolder(Peer):
    does = "pages, search"
    caches = (".cache",)

    def prepare(self, corpus):
        self.write("mkdocs.yml", CONFIG.format(title=json.dumps(corpus.title, ensure_ascii=False)))
        self.write("docs/index.md", f"# {corpus.title}\n")
        for article in (*corpus.categories, *corpus.articles):
            heading = "" if article.body.lstrip().startswith("# ") else f"# {article.title}\n\n"
            path = article.path.removesuffix("_index") + "index" if article.slug == "_index" else article.path
            self.write(f"docs/{path}.md", yaml(article.front) + heading + article.body)
        self.copy_media(corpus, "docs")

    def source(self, article):
        return self.home / "docs" / f"{article.path}.md"


class Material(DocsFolder):
    name = "Material for MkDocs"
    binary = "mkdocs"
    install = "pip install mkdocs-material"

    def build(self):
        return [self.found(), "build", "--quiet"]

    def serve(self, port):
        return [self.found(), "serve", "--dev-addr", f"127.0.0.1:{port}"]


class Zensical(DocsFolder):
    name = "Zensical"
    binary = "zensical"
    install = "pip install zensical"

    def build(self):
        return [self.found(), "build"]

    def serve(self, port):
        return [self.found(), "serve", "--dev-addr", f"127.0.0.1:{port}"]

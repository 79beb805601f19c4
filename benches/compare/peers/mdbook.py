import json

from .base import Peer


class MdBook(Peer):
    name = "mdBook"
    does = "pages, search"
    binary = "mdbook"
    install = "cargo install mdbook"

    def prepare(self, corpus):
        self.write("book.toml", "\n".join([
            "[book]", f"title = {json.dumps(corpus.title, ensure_ascii=False)}", 'src = "src"',
            "[build]", 'build-dir = "out"', "create-missing = false", "[output.html.search]", "enable = true", ""]))
        summary = ["# Summary", ""]
        for index, articles in corpus.by_category():
            summary.append(f"- [{label(index.title)}]({index.category}/index.md)")
            self.write(f"src/{index.category}/index.md", f"# {index.title}\n\n{index.body}")
            for article in articles:
                summary.append(f"  - [{label(article.title)}]({article.path}.md)")
                self.write(f"src/{article.path}.md", f"# {article.title}\n\n{article.body}")
        self.write("src/SUMMARY.md", "\n".join(summary) + "\n")
        self.copy_media(corpus, "src")

    def build(self):
        return [self.found(), "build", self.home]

    def serve(self, port):
        return [self.found(), "serve", "--port", port, "--hostname", "127.0.0.1", self.home]

    def source(self, article):
        return self.home / "src" / f"{article.path}.md"

    def page(self, article):
        return f"{article.path}.html"


def label(title):
    """A title as the text of a link in SUMMARY.md."""
    return title.replace("[", "(").replace("]", ")")

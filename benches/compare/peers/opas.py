import shutil
from pathlib import Path

from .base import Peer

RELEASE = Path(__file__).resolve().parents[3] / "target" / "release"


class Opas(Peer):
    name = "Opas"
    does = "pages, search, link check, pictures in sizes"
    binary = "opas"
    install = "cargo build --release"

    def __init__(self, work, tools):
        super().__init__(work, [*tools, RELEASE])

    def prepare(self, corpus):
        shutil.copytree(corpus.root / "content", self.home / "content")
        shutil.copyfile(corpus.root / "opas.toml", self.home / "opas.toml")

    def clean(self):
        """All but the picture cache, whose first filling is a figure of its own."""
        super().clean()
        cache = self.home / ".opas" / "cache"
        if not cache.is_dir():
            return
        for entry in cache.iterdir():
            if entry.name != "images":
                shutil.rmtree(entry) if entry.is_dir() else entry.unlink()

    def clean_pictures(self):
        shutil.rmtree(self.home / ".opas", ignore_errors=True)

    def build(self):
        return [self.found(), "build", "-q", "--out", self.out]

    def serve(self, port):
        return [self.found(), "serve", "--port", port]

    def source(self, article):
        return self.home / "content" / f"{article.path}.md"

import shutil

from .base import Peer


class Pagefind(Peer):
    name = "Pagefind"
    does = "a search index over another tool's pages"
    binary = "pagefind"
    install = "pip install 'pagefind[extended]'"
    pages = False

    def __init__(self, work, tools):
        super().__init__(work, tools)
        self.over = None
        """The folder of pages to index."""

    def found(self):
        """The program itself: pip puts it into a package, not on the path."""
        packaged = (program for folder in self.tools
                    for program in sorted(folder.parent.glob("lib/python*/site-packages/pagefind_bin*/pagefind*"))
                    if shutil.which(program))
        return super().found() or next(packaged, None)

    def prepare(self, corpus):
        self.home.mkdir(parents=True, exist_ok=True)

    def build(self):
        return [self.found(), "--quiet", "--site", self.over, "--output-path", self.out]

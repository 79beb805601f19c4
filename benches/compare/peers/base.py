"""What the benchmark asks of a tool."""
import os
import shutil
import subprocess
from pathlib import Path

import measure


class Peer:
    name = ""
    does = ""
    """What of the job it does, for the table."""
    binary = ""
    install = ""
    caches = ()
    """Folders below its home that it keeps from build to build, besides the output."""
    pages = True
    """Whether it makes pages from the articles (and not an index over another's)."""

    def __init__(self, work, tools):
        self.home = work / self.binary
        self.tools = tools

    @property
    def out(self):
        """The folder it writes."""
        return self.home / "out"

    def found(self):
        """The path of its program, or None."""
        return shutil.which(self.binary, path=os.pathsep.join([*map(str, self.tools), os.environ.get("PATH", "")]))

    def version(self):
        """The first line that it says about itself."""
        said = subprocess.run([self.found(), "--version"], capture_output=True, text=True, timeout=60, check=False)
        return (said.stdout or said.stderr).strip().partition("\n")[0]

    def prepare(self, corpus):
        """Lays the articles out below `self.home`, which is empty."""
        raise NotImplementedError

    def clean(self):
        """Takes away what an earlier run left, all of it."""
        for folder in (self.out, *(self.home / name for name in self.caches)):
            measure.put_away(folder)

    def build(self):
        """The command of a build, to be run in `self.home`."""
        raise NotImplementedError

    def serve(self, port):
        """The command of the dev server, or None if it has none."""
        return None

    def source(self, article):
        """The file to edit."""
        raise NotImplementedError

    def page(self, article):
        """Its address below the server's root."""
        return f"{article.path}/"

    def write(self, relative, text):
        path = self.home / relative
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")

    def copy_media(self, corpus, folder):
        """The pictures and other files, at their paths below `folder`."""
        for relative in corpus.media:
            path: Path = self.home / folder / relative
            path.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(corpus.root / "content" / relative, path)

"""One file per tool: how to install it, how to lay the articles out for it, how to run it."""
from . import hugo, mdbook, mkdocs, opas, pagefind, zola

ALL = [opas.Opas, hugo.Hugo, zola.Zola, mdbook.MdBook, mkdocs.Material, mkdocs.Zensical, pagefind.Pagefind]

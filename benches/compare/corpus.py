"""A portal read once, so that every peer gets the same articles in the layout that it wants.

Only what the corpora use is understood: front matter in YAML with scalars and plain lists, one level
of categories. Anything else is an error rather than a benchmark of something else.
"""
import json
import re
from dataclasses import dataclass
from pathlib import Path

FENCE = re.compile(r"^---\n(.*?)^---\n", re.S | re.M)
LINK = re.compile(r"(?<!!)\[(?P<text>[^\[\]]*)\]\((?P<path>[^()\s#]*\.md)(?P<rest>#[^()\s]*)?(?P<title>\s+\"[^\"]*\")?\)")
PICTURE_PATH = re.compile(r"\]\(\.\./(?=[^()\s]*\.(?:png|jpe?g|gif|svg|pdf)\b)", re.I)


@dataclass(frozen=True)
class Article:
    category: str
    """The folder below `content/`; empty for what lies at its top."""
    slug: str
    """`_index` for a category's own page."""
    front: dict
    body: str

    @property
    def path(self):
        """Relative to `content/`, without `.md`."""
        return f"{self.category}/{self.slug}" if self.category else self.slug

    @property
    def title(self):
        return self.front.get("title", self.slug)

    @property
    def order(self):
        return self.front.get("order", 0)


@dataclass(frozen=True)
class Corpus:
    root: Path
    title: str
    categories: list
    """The `_index.md` of each category, in order."""
    articles: list
    """By category and order; no `_index.md` among them."""
    media: list
    """Files that are no markdown, relative to `content/`."""

    def by_category(self):
        """Pairs of a category and its articles, both in the writers' order."""
        groups = {}
        for article in self.articles:
            groups.setdefault(article.category, []).append(article)
        return [(index, groups.get(index.category, [])) for index in self.categories]

    def paths(self):
        return {article.path for article in (*self.articles, *self.categories)}


def read(root):
    """The portal at `root`."""
    content = root / "content"
    categories, articles, media = [], [], []
    for path in sorted(content.rglob("*")):
        if path.is_dir():
            continue
        relative = path.relative_to(content)
        if path.suffix != ".md":
            media.append(relative)
            continue
        if len(relative.parts) > 2:
            raise ValueError(f"{path}: only one level of categories is understood")
        front, body = split(path)
        article = Article(str(relative.parent) if len(relative.parts) == 2 else "", path.stem, front, body)
        (categories if article.slug == "_index" else articles).append(article)
    categories.sort(key=lambda c: (c.order, c.category))
    rank = {c.category: i for i, c in enumerate(categories)}
    articles.sort(key=lambda a: (rank.get(a.category, -1), a.order, a.slug))
    return Corpus(root, portal_title(root), categories, articles, media)


def portal_title(root):
    found = re.search(r'^title\s*=\s*"([^"]*)"', (root / "opas.toml").read_text("utf-8"), re.M)
    return found[1] if found else root.name


def split(path):
    """Front matter and body of a markdown file."""
    text = path.read_text("utf-8")
    found = FENCE.match(text)
    if not found:
        raise ValueError(f"{path}: no front matter")
    return front_matter(found[1], path), text[found.end():]


def front_matter(text, path):
    front, key = {}, None
    for line in text.splitlines():
        if line.startswith("- "):
            front[key].append(scalar(line[2:]))
            continue
        key, colon, value = line.partition(":")
        if not colon or line[0] == " ":
            raise ValueError(f"{path}: front matter that is not understood: {line}")
        front[key] = scalar(value) if value.strip() else []
    return front


def scalar(text):
    text = text.strip()
    if text[0] == "'" == text[-1]:
        return text[1:-1].replace("''", "'")
    if text[0] == '"' == text[-1]:
        return json.loads(text)
    return int(text) if re.fullmatch(r"-?\d+", text) else text


def target(article, link_path):
    """Where a relative link leads, relative to `content/` and without `.md`; None if out of it."""
    parts = article.category.split("/") if article.category else []
    for part in link_path.removesuffix(".md").split("/"):
        if part == "..":
            if not parts:
                return None
            parts.pop()
        elif part not in ("", "."):
            parts.append(part)
    return "/".join(parts)


def yaml(front):
    """Front matter for peers that read YAML; JSON scalars are YAML."""
    lines = []
    for key, value in front.items():
        if isinstance(value, dict):
            lines.append(f"{key}:")
            lines += [f"  {inner}: {json.dumps(v, ensure_ascii=False)}" for inner, v in value.items()]
        elif key == "date":
            lines.append(f"{key}: {value}")
        else:
            lines.append(f"{key}: {json.dumps(value, ensure_ascii=False)}")
    return "---\n" + "\n".join(lines) + "\n---\n"

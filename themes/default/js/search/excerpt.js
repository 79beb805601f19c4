/**
 * The densest place of an article, with the words found in it.
 */

const EXCERPT_CHARS = 220;

/** The part of a text in which the most different words stand, cut at words. */
function densest(text, marks) {
  let best = 0, from = 0;
  for (let i = 0; i < marks.length; i++) {
    const forms = new Set();
    let value = 0;
    for (let j = i; j < marks.length && marks[j][1] - marks[i][0] <= EXCERPT_CHARS - 40; j++) {
      value += forms.has(marks[j][2]) ? 1 : 8;
      forms.add(marks[j][2]);
    }
    if (value > best) [best, from] = [value, marks[i][0]];
  }
  let start = Math.max(0, from - 60);
  if (text.length <= EXCERPT_CHARS) start = 0;
  if (start > 0) start = Math.max(text.lastIndexOf(' ', from - 1), text.indexOf(' ', start), 0);
  if (start > from) start = from;
  while (/\s/.test(text[start] ?? '')) start++;
  let end = Math.min(text.length, start + EXCERPT_CHARS);
  if (end < text.length) {
    const space = text.lastIndexOf(' ', end);
    if (space > start + EXCERPT_CHARS / 2) end = space;
  }
  return [start, end];
}

/** A section's texts without the parts for other versions of the product than the reader's. */
function ownParts([heading, text, parts = []], variant) {
  for (const [from, to, name] of [...parts].reverse()) {
    if (name !== variant) text = text.slice(0, from) + text.slice(to);
  }
  return [heading, text.trim()];
}

async function excerpt(library, records, at, section, markers, variant) {
  const all = await library.text(records, at);
  const own = variant && excerptOf(all.map((texts) => ownParts(texts, variant)), section, markers);
  return own?.marks.length ? own : excerptOf(all, section, markers);
}

/** A text's lines one behind the other: what ends without a full stop is an item of a list, or a cell. */
function inOneLine(text) {
  return text.replace(/([\p{L}\p{N})\]%"”»’])\n/gu, '$1 · ').replace(/\s/g, ' ');
}

function excerptOf(sections, section, markers) {
  const match = matcher(markers);
  const [heading = '', own = ''] = sections[section] ?? [];
  let text = inOneLine(own);
  let marks = marksOf(text, match);
  if (!marks.length) {
    for (const [, other] of sections) {
      const line = inOneLine(other);
      const found = marksOf(line, match);
      if (found.length > marks.length) [text, marks] = [line, found];
      if (text && marks.length && section) break;
    }
  }
  if (!text) text = inOneLine((sections.find(([, other]) => other) ?? ['', ''])[1]);
  const [start, end] = densest(text, marks);
  const lead = start > 0 ? '… ' : '';
  const tail = end < text.length ? ' …' : '';
  const shift = lead.length - start;
  const inside = ([from, to]) => from >= start && to <= end;
  return {
    text: lead + text.slice(start, end) + tail,
    marks: marks.filter(inside).map(([from, to]) => [from + shift, to + shift]),
    heading,
    headingMarks: marksOf(heading, match).map(([from, to]) => [from, to]),
  };
}

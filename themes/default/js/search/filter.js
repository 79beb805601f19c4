/**
 * Filters with their counts, phrases and exclusions: as src/search/client/ask.rs.
 */

async function filterOf(library, { category, kind, tags, module }) {
  const wanted = [].concat(tags ?? []);
  if (!category && !kind && !module && !wanted.length) return () => true;
  const facets = await library.facets();
  const { categories, kinds } = library.entry;
  const inside = (id) => id === category || id.startsWith(`${category}/`);
  return (doc) => {
    const own = facets.docs[doc];
    return (!category || inside(categories[own.category - 1]?.[0] ?? '')) &&
      (!kind || kinds[own.kind - 1]?.[0] === kind) &&
      (!module || facets.modules[own.module - 1] === module) &&
      wanted.every((tag) => own.tags.some((t) => facets.tags[t] === tag));
  };
}

/** Articles in which all the words of one of the lists stand in one section. */
async function sharing(library, lists) {
  const docs = new Set();
  for (const list of lists) {
    const found = await Promise.all(list.map((word) => lookup(library, word, [], false, false)));
    let common;
    for (const { candidates } of found) {
      const own = new Map();
      for (const { words, place, how } of candidates) {
        if (!['exact', 'folded', 'form'].includes(how)) continue;
        for (let i = words.starts[place]; i < words.starts[place + 1]; i++) {
          const doc = words.docs[i];
          const [low, high] = own.get(doc) ?? [0, 0];
          own.set(doc, [low | words.places[4 * i], high | words.places[4 * i + 1]]);
        }
      }
      if (common) {
        for (const [doc, [low, high]] of common) {
          const [l, h] = own.get(doc) ?? [0, 0];
          if ((low & l) || (high & h)) common.set(doc, [low & l, high & h]);
          else common.delete(doc);
        }
      } else {
        common = own;
      }
    }
    for (const doc of common?.keys() ?? []) docs.add(doc);
  }
  return docs;
}

const VERIFIED = 24;

/** Of the hits, those in whose texts the phrases stand word by word; only the best are looked at. */
async function withPhrases(library, hits, phrases) {
  if (!phrases.length) return hits;
  let list = hits;
  for (const phrase of phrases) {
    const docs = await sharing(library, [phrase]);
    list = list.filter(({ doc }) => docs.has(doc));
  }
  const kept = await Promise.all(
    list.slice(0, VERIFIED).map(async (hit) => {
      const [records, at] = await library.record(hit.doc);
      const sections = await library.text(records, at).catch(() => []);
      const texts = [records.titles[at], ...sections.flatMap(([heading, text]) => [heading, text])].map(wordsOf);
      const holds = (phrase) => texts.some((words) => words.some((_, i) =>
        phrase.every((word, j) => words[i + j] !== undefined && fold(words[i + j]) === fold(word))));
      return phrases.every(holds) ? hit : undefined;
    }),
  );
  return kept.filter(Boolean);
}

async function countsOf(library, hits) {
  const facets = await library.facets();
  const count = (values) => {
    const counts = new Map();
    for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
    return counts;
  };
  const own = hits.map(({ doc }) => facets.docs[doc]).filter(Boolean);
  const titled = (list, counts) => list
    .map(([id, title], i) => ({ id, title, count: counts.get(i + 1) ?? 0 }))
    .filter(({ count }) => count);
  const named = (list, counts, offset) => list
    .map((id, i) => ({ id, title: id, count: counts.get(i + offset) ?? 0 }))
    .filter(({ count }) => count)
    .sort((a, b) => b.count - a.count);
  return {
    category: titled(library.entry.categories, count(own.map((d) => d.category))),
    kind: titled(library.entry.kinds, count(own.map((d) => d.kind))),
    tags: named(facets.tags, count(own.flatMap((d) => d.tags)), 0),
    module: named(facets.modules, count(own.map((d) => d.module)), 1),
  };
}

/**
 * The order of the articles, one integer formula: as src/search/client/rank.rs.
 */

const WORTH = {
  presence: 20, titled: 64, same: 16, together: 57, beside: 64, standing: 1, near: 12,
};
/** Articles that match less than this part, in 64ths, of what the best one matches are not found. */
const LEAST = 24;

/** What a word counts: the rarity of its best form, or of all that a beginning may stand for. */
function stepOf(library, { candidates: [best] }, articles) {
  if (!best) return 8;
  if (best.how === 'beginning') return 2 + rarity(library.entry.count, articles);
  return 2 + best.words.step[best.place];
}

function evidence(library) {
  const array = () => new Int32Array(library.entry.count);
  return library.pool.pop() ?? {
    score: array(), quality: array(), share: array(), titled: array(),
    low: array(), high: array(), lowHead: array(), highHead: array(),
  };
}

/**
 * All articles that match enough, the best first: { doc, score, section }. Sections for another
 * version of the product than the reader's lead only where no other section holds a word. Articles
 * of the category that holds the path `near` come a little earlier.
 */
function rank(library, found, variant, near) {
  const [first, end] = library.near(near);
  const foreign = [...library.variants].filter(([name]) => variant && name !== variant).map(([, of]) => of);
  const { floor } = Math;
  const touched = [];
  const seen = new Uint8Array(library.entry.count);
  const articles = found.map(() => 0);
  const columns = found.map(({ candidates }, word) => {
    const all = evidence(library);
    for (const { words, place, quality } of candidates) {
      for (let i = words.starts[place]; i < words.starts[place + 1]; i++) {
        const doc = words.docs[i];
        if (doc >= seen.length) continue;
        if (!seen[doc]) {
          seen[doc] = 1;
          touched.push(doc);
        }
        if (!all.quality[doc]) articles[word]++;
        const score = quality * (WORTH.presence + words.weights[i]);
        if (score > all.score[doc]) all.score[doc] = score;
        if (quality > all.quality[doc]) all.quality[doc] = quality;
        if (words.shares[i]) {
          const share = floor((quality * words.shares[i]) / 64);
          if (share > all.share[doc]) all.share[doc] = share;
          if (quality > all.titled[doc]) all.titled[doc] = quality;
        }
        all.low[doc] |= words.low[i];
        all.high[doc] |= words.high[i];
        all.lowHead[doc] |= words.lowHead[i];
        all.highHead[doc] |= words.highHead[i];
      }
    }
    return all;
  });
  const steps = found.map((word, i) => stepOf(library, word, articles[i]));
  const total = Math.max(1, steps.reduce((sum, step) => sum + step, 0));
  const pairs = pairsOf(library, found);

  let most = 0;
  const hits = touched.map((doc) => {
    let sum = 0, matched = 0, titled = 0, cover = 0, low = 0, high = 0;
    columns.forEach((all, word) => {
      sum += all.score[doc] * steps[word];
      matched += all.quality[doc] * steps[word];
      titled += all.titled[doc] * steps[word];
      cover += all.share[doc];
      low |= all.low[doc];
      high |= all.high[doc];
    });
    matched = floor(matched / total);
    titled = floor(titled / total);
    cover = Math.min(64, cover);
    let together = 0, best = 0, section = 0;
    const others = foreign.map((of) => of.get(doc)).filter(Boolean);
    for (let at = 0; at < 62; at++) {
      const bit = 1 << (at % 31);
      if (!((at < 31 ? low : high) & bit)) continue;
      let within = 0, heading = 0;
      columns.forEach((all, word) => {
        const worth = all.quality[doc] * steps[word];
        if ((at < 31 ? all.low : all.high)[doc] & bit) within += worth;
        if ((at < 31 ? all.lowHead : all.highHead)[doc] & bit) heading += worth;
      });
      within = floor(within / total);
      if (within > together) together = within;
      let value = 2 * within + floor(heading / total);
      // More than any section is worth.
      if (others.length && value && !others.some((sections) => sections.has(at))) value += 1000;
      if (value > best) [best, section] = [value, at];
    }
    let beside = 0;
    for (const { docs, rarity } of pairs) beside += (docs.get(doc) ?? 0) * rarity;
    beside = floor(beside / (16 * Math.max(1, pairs.length)));

    const same = floor((titled * cover) / 64);
    const title = floor((WORTH.titled * titled * titled) / 64) + floor((WORTH.same * same * same) / 64);
    let score = floor((sum * matched * matched) / 128);
    score = floor((score * (4096 + title)) / 4096);
    score = floor((score * (4096 + WORTH.together * together)) / 4096);
    score = floor((score * (4096 + WORTH.beside * beside)) / 4096);
    const own = doc >= first && doc < end ? WORTH.near : 0;
    score = floor((score * (512 + WORTH.standing * library.standing[doc] + own)) / 512);
    if (matched > most) most = matched;
    return { doc, score, section, matched };
  });
  for (const all of columns) {
    for (const array of Object.values(all)) for (const doc of touched) array[doc] = 0;
    library.pool.push(all);
  }
  return hits
    .filter(({ matched }) => matched * 64 >= most * LEAST)
    .sort((a, b) => b.score - a.score || a.doc - b.doc);
}

/** Forms of a word that are tried as neighbours. */
const FORMS = 8;

/** Neighbours in the query, with the articles in which they are neighbours too, and how well. */
function pairsOf(library, found) {
  const forms = ({ candidates }, side) =>
    candidates.slice(0, FORMS).map(({ words, place, quality }) => ({
      words, place, quality, key: neighbourKey(words.forms[place], side),
    }));
  const content = found.filter(({ candidates: [best] }) => !(best && best.words.stop[best.place]));
  return content.slice(1).map((right, i) => {
    const docs = new Map();
    const rights = forms(right, AFTER);
    for (const l of forms(content[i], BEFORE)) {
      for (const r of rights) {
        const quality = Math.floor((l.quality * r.quality) / 64);
        const note = (doc) => docs.set(doc, Math.max(quality, docs.get(doc) ?? 0));
        l.words.beside(l.place, r.key).forEach(note);
        r.words.beside(r.place, l.key).forEach(note);
      }
    }
    return { docs, rarity: rarity(library.entry.count, docs.size) };
  });
}

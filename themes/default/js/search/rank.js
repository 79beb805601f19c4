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

/** Columns of what a word says of an article. */
const [SCORE, MATCHED, SHARE, TITLED, PLACES] = [0, 1, 2, 3, 4];
const WIDTH = 8;

/** What a word says of each article, a row each; the numbers of those not yet in `touched` join it. */
function evidenceOf({ candidates }, all, touched, seen) {
  let articles = 0;
  for (const { words, place, quality } of candidates) {
    const { docs, weights, shares, places } = words;
    for (let i = words.starts[place], end = words.starts[place + 1]; i < end; i++) {
      const doc = docs[i];
      if (doc >= seen.length) continue;
      if (!seen[doc]) {
        seen[doc] = 1;
        touched.push(doc);
      }
      const row = doc * WIDTH;
      if (!all[row + MATCHED]) articles++;
      const score = quality * (WORTH.presence + weights[i]);
      if (score > all[row + SCORE]) all[row + SCORE] = score;
      if (quality > all[row + MATCHED]) all[row + MATCHED] = quality;
      if (shares[i]) {
        const share = (quality * shares[i]) >> 6;
        if (share > all[row + SHARE]) all[row + SHARE] = share;
        if (quality > all[row + TITLED]) all[row + TITLED] = quality;
      }
      for (let k = 0; k < 4; k++) all[row + PLACES + k] |= places[4 * i + k];
    }
  }
  return articles;
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
  const columns = found.map(() => library.pool.pop() ?? new Int32Array(library.entry.count * WIDTH));
  const steps = found.map((word, i) => stepOf(library, word, evidenceOf(word, columns[i], touched, seen)));
  const total = Math.max(1, steps.reduce((sum, step) => sum + step, 0));
  const pairs = pairsOf(library, found);

  // Most articles that share but a word with the query go before any more is asked of them.
  const share = new Uint8Array(library.entry.count);
  let most = 0;
  for (const doc of touched) {
    let matched = 0;
    for (let word = 0; word < columns.length; word++) matched += columns[word][doc * WIDTH + MATCHED] * steps[word];
    share[doc] = matched / total;
    if (share[doc] > most) most = share[doc];
  }
  const hits = touched.filter((doc) => share[doc] * 64 >= most * LEAST).map((doc) => {
    const matched = share[doc];
    const row = doc * WIDTH;
    let sum = 0, titled = 0, cover = 0, low = 0, high = 0;
    for (let word = 0; word < columns.length; word++) {
      const all = columns[word];
      sum += all[row + SCORE] * steps[word];
      titled += all[row + TITLED] * steps[word];
      cover += all[row + SHARE];
      low |= all[row + PLACES];
      high |= all[row + PLACES + 1];
    }
    titled = floor(titled / total);
    cover = Math.min(64, cover);
    let together = 0, best = 0, section = 0;
    const others = foreign.map((of) => of.get(doc)).filter(Boolean);
    for (let half = 0; half < 2; half++) {
      for (let rest = half ? high : low; rest; rest &= rest - 1) {
        const bit = rest & -rest;
        const at = 31 * half + 31 - Math.clz32(bit);
        let within = 0, heading = 0;
        for (let word = 0; word < columns.length; word++) {
          const all = columns[word];
          if (!(all[row + PLACES + half] & bit)) continue;
          const worth = all[row + MATCHED] * steps[word];
          within += worth;
          if (all[row + PLACES + 2 + half] & bit) heading += worth;
        }
        within = floor(within / total);
        if (within > together) together = within;
        let value = 2 * within + floor(heading / total);
        // More than any section is worth.
        if (others.length && value && !others.some((sections) => sections.has(at))) value += 1000;
        if (value > best) [best, section] = [value, at];
      }
    }
    let beside = 0;
    for (const { docs, rarity } of pairs) beside += (docs.get(doc) ?? 0) * rarity;
    beside = floor(beside / (16 * Math.max(1, pairs.length)));

    const same = (titled * cover) >> 6;
    const title = floor((WORTH.titled * titled * titled) / 64) + floor((WORTH.same * same * same) / 64);
    let score = floor((sum * matched * matched) / 128);
    score = floor((score * (4096 + title)) / 4096);
    score = floor((score * (4096 + WORTH.together * together)) / 4096);
    score = floor((score * (4096 + WORTH.beside * beside)) / 4096);
    const own = doc >= first && doc < end ? WORTH.near : 0;
    score = floor((score * (512 + WORTH.standing * library.standing[doc] + own)) / 512);
    return { doc, score, section };
  });
  for (const all of columns) {
    for (const doc of touched) all.fill(0, doc * WIDTH, doc * WIDTH + WIDTH);
    library.pool.push(all);
  }
  return hits.sort((a, b) => b.score - a.score || a.doc - b.doc);
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

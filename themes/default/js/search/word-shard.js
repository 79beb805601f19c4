/**
 * A word shard, decoded: as src/search/wire.rs says.
 */

/** A word shard, decoded. Sections are bits: 0 to 30 in `low`, 31 to 61 in `high`. */
class Words {
  constructor(shard) {
    this.forms = frontCoded(shard[0]);
    this.keys = this.forms.map(fold);
    const [backs, steps, counts, gaps, weights, shares, places] = shard
      .slice(1, 8)
      .map((text) => new Numbers(text));
    this.first = [];
    this.members = [];
    this.step = [];
    this.stop = [];
    this.starts = [];
    this.docs = [];
    this.weights = [];
    this.shares = [];
    this.low = [];
    this.high = [];
    this.lowHead = [];
    this.highHead = [];
    const shared = new Map();
    for (let place = 0; place < this.forms.length; place++) {
      const back = backs.number();
      const first = back === 0 || back > place ? place : this.first[place - back];
      this.first.push(first);
      (this.members[first] ??= []).push(place);
      const step = steps.digit();
      this.step.push(step % 40);
      this.stop.push(step >= 40);
      this.starts.push(this.docs.length);
      for (let count = counts.number(), doc = 0; count > 0; count--, doc++) {
        doc += gaps.number();
        const weight = weights.digit();
        this.docs.push(doc);
        this.weights.push(weight % 32);
        this.shares.push(weight >= 32 ? shares.digit() : 0);
        this.#readPlaces(places, shared, first * 2 ** 24 + doc);
      }
    }
    this.starts.push(this.docs.length);
    this.#readNeighbours(new Numbers(shard[8]));
    /** By beginning: the hash of its shard. */
    this.beginnings = new Map(shard[9].split('\n').map((line) => line.split(' ')));
  }

  /** The forms of a group share their places in an article: they stand with the first that occurs. */
  #readPlaces(places, shared, id) {
    let low = 0, high = 0, lowHead = 0, highHead = 0;
    for (let section = -1, more = 1; more; ) {
      const code = places.number();
      section += code >> 2;
      more = code & 1;
      const head = (code >> 1) & 1;
      if (code < 4 || section > 61) continue;
      if (section < 31) {
        low |= 1 << section;
        lowHead |= head << section;
      } else {
        high |= 1 << (section - 31);
        highHead |= head << (section - 31);
      }
    }
    if (low || high) shared.set(id, this.low.length);
    const from = low || high ? undefined : shared.get(id);
    this.low.push(from === undefined ? low : this.low[from]);
    this.high.push(from === undefined ? high : this.high[from]);
    this.lowHead.push(from === undefined ? lowHead : this.lowHead[from]);
    this.highHead.push(from === undefined ? highHead : this.highHead[from]);
  }

  #readNeighbours(numbers) {
    this.neighbours = this.forms.map((_, place) => {
      const count = numbers.number();
      if (!count) return undefined;
      const byKey = new Map();
      const { docs } = this;
      const end = this.starts[place + 1];
      for (let i = 0; i < count; i++) {
        const key = numbers.digit() * 91 + numbers.digit();
        const list = [];
        for (let at = this.starts[place], more = 1; more; at++) {
          const code = numbers.number();
          at += code >> 1;
          if (at < end) list.push(docs[at]);
          more = code & 1;
        }
        byKey.set(key, list);
      }
      return byKey;
    });
  }

  beside(place, key) {
    return this.neighbours[place]?.get(key) ?? [];
  }

  has(key) {
    return this.keys[lowerBound(this.keys, key)] === key;
  }

  /** The range of the keys that start with `from`. */
  starting(from) {
    const start = lowerBound(this.keys, from);
    let end = start;
    while (end < this.keys.length && this.keys[end].startsWith(from)) end++;
    return [start, end];
  }
}

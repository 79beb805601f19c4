/**
 * A word shard, decoded: as src/search/wire.rs says.
 */

/**
 * A word shard, decoded. `places` has four numbers per posting, whose bits are sections: 0 to 30 of
 * the first, 31 to 61 of the second, and so of the third and fourth where it stands in the heading.
 */
class Words {
  #beside;

  constructor(shard) {
    this.forms = frontCoded(shard[0]);
    this.keys = this.forms.map(fold);
    this.first = [];
    this.members = [];
    this.step = [];
    this.stop = [];
    this.starts = [0];
    const [backs, counts] = [numbersOf(shard[1]), numbersOf(shard[3])];
    for (let place = 0; place < this.forms.length; place++) {
      const back = backs[place];
      const first = back === 0 || back > place ? place : this.first[place - back];
      this.first.push(first);
      (this.members[first] ??= []).push(place);
      const step = digitAt(shard[2], place);
      this.step.push(step % 40);
      this.stop.push(step >= 40);
      this.starts.push(this.starts[place] + counts[place]);
    }
    this.#readPostings(shard);
    this.coded = shard[8];
    /** By beginning: the hash of its shard. */
    this.beginnings = new Map(shard[9].split('\n').map((line) => line.split(' ')));
  }

  #readPostings(shard) {
    const count = this.starts.at(-1);
    const docs = (this.docs = new Int32Array(count));
    const weights = (this.weights = new Uint8Array(count));
    const shares = (this.shares = new Uint8Array(count));
    const places = (this.places = new Int32Array(4 * count));
    const [gaps, codes] = [numbersOf(shard[4]), numbersOf(shard[7])];
    // The forms of a group share their places in an article: they stand with the first that occurs.
    const shared = new Map();
    let at = 0, titled = 0;
    for (let place = 0; place < this.forms.length; place++) {
      const first = this.first[place];
      const alone = this.members[first].length < 2;
      for (let i = this.starts[place], doc = 0; i < this.starts[place + 1]; i++, doc++) {
        doc += gaps[i];
        docs[i] = doc;
        const weight = digitAt(shard[5], i);
        weights[i] = weight % 32;
        if (weight >= 32) shares[i] = digitAt(shard[6], titled++);
        const start = at;
        for (let section = -1, more = 1; more; ) {
          const code = codes[at++];
          section += code >> 2;
          more = code & 1;
          if (code < 4 || section > 61) continue;
          const half = section > 30 ? 1 : 0;
          places[4 * i + half] |= 1 << (section - 31 * half);
          if (code & 2) places[4 * i + 2 + half] |= 1 << (section - 31 * half);
        }
        if (alone) continue;
        const id = doc * this.forms.length + first;
        if (codes[start] > 3) shared.set(id, 4 * i);
        else if (shared.has(id)) places.copyWithin(4 * i, shared.get(id), shared.get(id) + 4);
      }
    }
  }

  /** By form and key of a neighbour, articles. */
  #neighbours() {
    const numbers = new Numbers(this.coded);
    const { docs } = this;
    return this.forms.map((_, place) => {
      const count = numbers.number();
      if (!count) return undefined;
      const byKey = new Map();
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

  /** Decoded when the first query of several words asks. */
  beside(place, key) {
    this.#beside ??= this.#neighbours();
    return this.#beside[place]?.get(key) ?? [];
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

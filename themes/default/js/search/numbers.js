/**
 * The small change of the wire format: as src/search/wire.rs.
 */

function digitAt(text, at) {
  const code = text.charCodeAt(at);
  return code >= 35 ? code - (code > 92 ? 36 : 35) : 0;
}

class Numbers {
  constructor(text) {
    this.text = text;
    this.at = 0;
  }

  digit() {
    return digitAt(this.text, this.at++);
  }

  number() {
    const lead = this.digit();
    if (lead < 80) return lead;
    if (lead < 90) return 80 + (lead - 80) * 91 + this.digit();
    const high = this.digit() * 91 + this.digit();
    return high * 91 + this.digit();
  }
}

/** All the numbers of a string, and zeros. */
function numbersOf(text) {
  const numbers = new Numbers(text);
  const list = new Int32Array(text.length);
  for (let i = 0; numbers.at < text.length; i++) list[i] = numbers.number();
  return list;
}

function frontCoded(text) {
  const list = [];
  let last = '';
  for (const part of text ? text.split(/(?=[A-Z])/) : []) {
    last = last.slice(0, part.charCodeAt(0) - 65) + part.slice(1);
    list.push(last);
  }
  return list;
}

const BEFORE = 0x9747b28c;
const AFTER = 0x811c9dc5;

function neighbourKey(form, side) {
  let hash = side;
  for (let i = 0; i < form.length; i++) {
    hash = Math.imul(hash ^ form.charCodeAt(i), 0x01000193);
  }
  return ((hash ^ (hash >>> 16)) >>> 0) % 8281;
}

function lowerBound(list, key) {
  let low = 0, high = list.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (list[middle] < key) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The shards between whose bounds keys that start with `key` may stand, at most `most`. */
function within(bounds, key, most) {
  let after = lowerBound(bounds, key);
  if (bounds[after] === key) after++;
  const start = Math.max(0, after - 1);
  while (after < bounds.length && bounds[after].startsWith(key)) after++;
  const list = [];
  for (let i = start; i < Math.min(after, start + most); i++) list.push(i);
  return list;
}

/** How rare something is: steps of half a doubling, from 1 to 39. */
function rarity(articles, withIt) {
  const ratio = Math.floor((articles + 1) ** 2 / Math.max(withIt, 1) ** 2);
  return Math.min(39, 1 + (31 - Math.clz32(Math.max(1, ratio))));
}

/**
 * Cutting a text into words, and the key of one: as src/search/words.rs.
 */

const MAX_CHARS = 40;
const RUN =
  /§|[\p{Alphabetic}\p{N}\p{M}\u00AD\u200B-\u200D\u2060\uFEFF]+/gu;
const WORD_CHAR = /[\p{Alphabetic}\p{N}\p{M}\u00AD\u200B-\u200D\u2060\uFEFF]/u;
const SIGN = /^(?:#|\+\+)(?![\p{Alphabetic}\p{N}\p{M}\u00AD\u200B-\u200D\u2060\uFEFF])/u;
const ENDING =
  /^:(\p{Lowercase}{1,5})(?![\p{Alphabetic}\p{N}\p{M}\u00AD\u200B-\u200D\u2060\uFEFF])/u;
const UNSPACED =
  /[\u0E00-\u0EFF\u1000-\u109F\u1100-\u11FF\u1780-\u17FF\u2E80-\u2FDF\u3005-\u3007\u3040-\u30FF\u31F0-\u31FF\u3400-\u4DBF\u4E00-\u9FFF\uAC00-\uD7AF\uF900-\uFAFF\u{20000}-\u{3FFFF}]/u;

/** Calls `found(form, from, to)` with each word of a text. */
function eachWord(text, found) {
  RUN.lastIndex = 0;
  let match;
  while ((match = RUN.exec(text))) {
    const from = match.index;
    let to = from + match[0].length;
    let next = to;
    let run = match[0];
    if (/^[a-z]{1,2}$/i.test(run)) {
      const sign = SIGN.exec(text.slice(to, to + 4));
      if (sign) {
        run += sign[0];
        next = to = to + sign[0].length;
      }
    }
    if (text[to] === ':' && /^[\p{Uppercase}\p{N}]+$/u.test(run)) {
      const ending = ENDING.exec(text.slice(to, to + 12));
      if (ending) next = to + ending[0].length;
    }
    const form = normalize(run);
    if (UNSPACED.test(form)) eachPiece(form, (piece) => found(piece, from, to));
    else if (form) found(form, from, to);
    RUN.lastIndex = next;
  }
}

function wordsOf(text) {
  const list = [];
  eachWord(text, (form) => list.push(form));
  return list;
}

function normalize(run) {
  const form = run
    .replace(/[\u00AD\u200B-\u200D\u2060\uFEFF]/g, '')
    .normalize('NFKC')
    .toLowerCase()
    .normalize('NFC');
  return form.length <= MAX_CHARS ? form : [...form].slice(0, MAX_CHARS).join('');
}

function eachPiece(form, found) {
  const chars = [...form];
  for (let from = 0; from < chars.length; ) {
    const unspaced = UNSPACED.test(chars[from]);
    let to = from + 1;
    while (to < chars.length && UNSPACED.test(chars[to]) === unspaced) to++;
    if (unspaced && to - from > 1) {
      for (let i = from; i < to - 1; i++) found(chars[i] + chars[i + 1]);
    } else {
      found(chars.slice(from, to).join(''));
    }
    from = to;
  }
}

const LETTERS = { ø: 'o', æ: 'ae', œ: 'oe', ß: 'ss', ł: 'l', đ: 'd', ð: 'd', þ: 'th', ı: 'i' };

/** Whole shards of words are folded: letters that nothing after them changes are, one by one, only once. */
function fold(form) {
  if (/^[\0-\x7f]*$/.test(form)) return form;
  if (/[^\0-\u024F\u0400-\u045F]/.test(form)) return foldAll(form);
  return form.replace(/[^\0-\x7f]/g, (c) => (LETTERS[c] ??= foldAll(c)));
}

function foldAll(form) {
  return form
    .normalize('NFD')
    .replace(/[\u0300-\u036F]/g, '')
    .replace(/[øæœßłđðþı]/g, (c) => LETTERS[c])
    .normalize('NFC');
}

/** A text by letters: itself, or a list if one of them is of two units. */
const lettersOf = (text) => (/[\uD800-\uDFFF]/.test(text) ? [...text] : text);

const isCode = (form) => /[\p{N}]|[^\p{Alphabetic}]/u.test(form);

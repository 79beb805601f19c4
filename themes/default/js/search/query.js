/**
 * What a reader typed: words, "phrases" and -exclusions: as src/search/client/query.rs.
 */

const MAX_WORDS = 24;
const QUOTE = /["“”„«»]/;

/**
 * Whether what stands before a minus is a name of several words, which Finnish goes on with ` -` in a
 * compound: Power BI -raportit, Kerro, mitä haluat tehdä -toiminto. Then it excludes nothing.
 * Who quotes knows the signs and means to exclude.
 */
function goesOnAName(before) {
  if (QUOTE.test(before)) return false;
  const words = before.trim().split(/\s+/);
  return words.length > 2 || (words.length > 1 && /^\p{Uppercase}/u.test(words.at(-1)));
}

function parse(typed, lang) {
  const finnish = /^fi\b/i.test(lang);
  const all = [...typed.slice(0, 4000)].slice(0, 2000).join('');
  let rest = all;
  const query = { words: [], prefix: false, phrases: [], excluded: [] };
  let before = ' ';
  while (rest) {
    if (/\s/.test(rest[0])) {
      before = rest[0];
      rest = rest.slice(1);
      continue;
    }
    const second = String.fromCodePoint(rest.codePointAt(1) ?? 32);
    const minus = /\s/.test(before) && rest[0] === '-' &&
      !(finnish && goesOnAName(all.slice(0, all.length - rest.length))) && (QUOTE.test(second) || WORD_CHAR.test(second));
    const opening = minus ? rest.slice(1) : rest;
    let text, next, quoted = false;
    const close = QUOTE.test(opening[0]) ? opening.slice(1).search(QUOTE) : -1;
    if (close >= 0) {
      quoted = true;
      text = opening.slice(1, 1 + close);
      next = opening.slice(close + 2);
    } else {
      const first = String.fromCodePoint(opening.codePointAt(0)).length;
      const end = opening.slice(first).search(/[\s"“”„«»]/);
      text = end < 0 ? opening : opening.slice(0, first + end);
      next = opening.slice(text.length);
    }
    const list = wordsOf(text);
    if (minus && list.length) {
      query.excluded.push(list);
    } else {
      query.prefix =
        !quoted && !next && list.length > 0 && WORD_CHAR.test([...text.slice(-2)].pop() ?? '');
      for (const word of list) {
        if (!query.words.includes(word) && query.words.length < MAX_WORDS) query.words.push(word);
      }
      if (quoted && list.length > 1) query.phrases.push(list);
    }
    before = rest[rest.length - next.length - 1] ?? ' ';
    rest = next;
  }
  return query;
}

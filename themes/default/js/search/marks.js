/**
 * Found words in a text.
 */

/** Markers: a form, or with an asterisk the beginning of one. */
function markersOf(found) {
  const list = new Set();
  for (const { word, key, prefix, candidates } of found) {
    list.add(prefix && candidates.length ? `${key}*` : word);
    for (const { words, place, how } of candidates) {
      if (how !== 'beginning') list.add(words.forms[place]);
    }
  }
  return [...list];
}

const MIN_PART = 4;

/** A function from a form to the range of it that is marked, or undefined. */
function matcher(markers) {
  const forms = new Set(markers.filter((m) => !m.endsWith('*')));
  const starts = markers.filter((m) => m.endsWith('*')).map((m) => m.slice(0, -1));
  const parts = [...forms].filter((form) => [...form].length >= MIN_PART);
  const known = new Map();
  const match = (form) => {
    if (forms.has(form)) return [0, form.length];
    const key = fold(form);
    if (starts.some((start) => key.startsWith(start))) return [0, form.length];
    for (const part of parts) {
      if (form.length - part.length < MIN_PART) continue;
      if (form.startsWith(part)) return [0, part.length];
      if (form.endsWith(part)) return [form.length - part.length, form.length];
    }
    return undefined;
  };
  return (form) => {
    if (!known.has(form)) known.set(form, match(form));
    return known.get(form);
  };
}

/** Marks of a text as [from, to, form], joined where they touch. */
function marksOf(text, match) {
  const marks = [];
  eachWord(text, (form, from, to) => {
    const range = match(form);
    if (!range) return;
    const same = to - from === form.length;
    const mark = same ? [from + range[0], from + range[1], form] : [from, to, form];
    const last = marks.at(-1);
    if (last && mark[0] <= last[1]) last[1] = Math.max(last[1], mark[1]);
    else marks.push(mark);
  });
  return marks;
}

// Asks the parts of the search script what vectors.json asks:
//   node vectors.cjs SCRIPT-FOLDER < vectors.json
// The answers go to the standard output, a list in the order of the vectors.
'use strict';

const { readFileSync, readdirSync } = require('node:fs');
const { join } = require('node:path');
const vm = require('node:vm');

const [folder] = process.argv.slice(2);
const files = readdirSync(folder).sort().map((name) => readFileSync(join(folder, name), 'utf8'));
const context = vm.createContext({ URL });
context.window = context;
context.document = { currentScript: { src: 'https://portal.example/search/search.js' } };
vm.runInContext(`(() => { 'use strict';
${files.join('\n')}
const all = (numbers) => {
  const list = [];
  while (numbers.at < numbers.text.length) list.push(numbers.number());
  return list;
};
window.calls = {
  words: wordsOf,
  fold,
  code: isCode,
  numbers: (text) => all(new Numbers(text)),
  'front coded': frontCoded,
  'neighbour key': (form) => [BEFORE, AFTER].map((side) => neighbourKey(form, side)),
  rarity: ([articles, withIt]) => rarity(articles, withIt),
  within: ([bounds, key, most]) => within(bounds, key, most),
  query: (text) => {
    const { words, prefix, phrases, excluded } = parse(text, 'fi');
    return [words, prefix, phrases, excluded];
  },
  unlike: ([a, b]) => unlike(a, b),
  typo: ([typed, key]) => {
    const cost = typo([...typed], key, 24);
    return Number.isFinite(cost) ? cost : null;
  },
};
})();`, context);

const vectors = JSON.parse(readFileSync(0, 'utf8'));
const answers = vectors.map(({ call, in: given }) => context.calls[call](given));
process.stdout.write(JSON.stringify(answers));

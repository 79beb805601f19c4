// Runs the published search script as a browser would, over files in a folder:
//   node browser.cjs DIR LANG < queries.json
// DIR holds search.js and the shards; the queries are a list of [text, options]; the answers go to
// the standard output, a list of {total, hits, corrected, problems, excerpts}.
'use strict';

const { readFileSync } = require('node:fs');
const { join } = require('node:path');
const vm = require('node:vm');

const [dir, lang] = process.argv.slice(2);
const base = 'https://portal.example/';
const context = vm.createContext({ URL, console });
context.window = context;
context.document = {
  currentScript: { src: `${base}search/search.js` },
  documentElement: { lang },
  createElement: () => ({ remove() {} }),
  head: {
    append(tag) {
      setImmediate(() => {
        const path = decodeURIComponent(new URL(tag.src).pathname).replace('/search/', '');
        let code;
        try {
          code = readFileSync(join(dir, path), 'utf8');
        } catch {
          return tag.onerror();
        }
        try {
          vm.runInContext(code, context);
        } catch {
          // A browser reports a syntax error and goes on.
        }
        tag.onload();
      });
    },
  },
};
vm.runInContext(readFileSync(join(dir, 'search.js'), 'utf8'), context);

(async () => {
  const answers = [];
  for (const [text, options] of JSON.parse(readFileSync(0, 'utf8'))) {
    const found = await context.opas.search(text, options);
    const hits = found.results.map(({ url }) => url.slice(base.length));
    const excerpts = await Promise.all(found.results.slice(0, 3).map((r) => r.excerpt()));
    for (const { text, marks } of excerpts) {
      for (const [from, to] of marks) {
        if (!(0 <= from && from < to && to <= text.length)) throw new Error(`bad mark in ${text}`);
      }
    }
    const { total, correction, problems } = found;
    answers.push({
      total, hits, corrected: correction?.query ?? null, problems,
      excerpts: excerpts.map(({ text }) => text),
    });
  }
  process.stdout.write(JSON.stringify(answers));
})();

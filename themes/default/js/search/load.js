/**
 * Shards come as classic scripts, so that a page opened from disk can load them too.
 */

const base = new URL('.', document.currentScript.src).href;
const root = new URL('..', base).href;
const opas = (window.opas ??= {});

const arrived = new Map();
opas.shard = (name, value) => arrived.get(name)?.(value);

/** A shard's value. Rejects if the file is missing or cut off, after a second try. */
async function load(name) {
  try {
    return await include(name, '');
  } catch {
    return include(name, `?${Date.now()}`);
  }
}

function include(name, suffix) {
  return new Promise((done, fail) => {
    const tag = document.createElement('script');
    const end = (error) => {
      tag.remove();
      if (error) fail(error);
    };
    arrived.set(name, (value) => {
      arrived.delete(name);
      done(value);
    });
    tag.src = `${base}${name}.js${suffix}`;
    tag.onload = () => end(arrived.has(name) && new Error(`${tag.src} is cut off`));
    tag.onerror = () => end(new Error(`${tag.src} did not load`));
    document.head.append(tag);
  });
}

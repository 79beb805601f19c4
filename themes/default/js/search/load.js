/**
 * Shards are classic scripts, so that a page opened from disk, or of another origin, can load them too.
 * Where they can be requested as texts, they are: the browser is done with those sooner.
 */

const base = new URL('.', document.currentScript.src).href;
const root = new URL('..', base).href;
const opas = (window.opas ??= {});

const arrived = new Map();
opas.shard = (name, value) => arrived.get(name)?.(value);

/** Until a request fails: a policy may forbid all. */
let requests = base.startsWith('http') && base.startsWith(`${window.location?.origin}/`);

/** A shard's value. Rejects if the file is missing or cut off, after a second try. */
async function load(name) {
  try {
    return await (requests ? request(name) : include(name, ''));
  } catch {
    requests = false;
    return include(name, `?${Date.now()}`);
  }
}

async function request(name) {
  const text = await new Promise((done, fail) => {
    const request = new XMLHttpRequest();
    request.open('GET', `${base}${name}.js`);
    request.onload = () => done(request.responseText);
    request.onerror = fail;
    request.send();
  });
  return JSON.parse(text.slice(`opas.shard("${name}",`.length, text.lastIndexOf(')')));
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

/**
 * What the other scripts share: texts in the page's language, memory, small elements.
 *
 * The theme's texts are in `opas.texts` already: the bundle's first line.
 */
((opas) => {
  'use strict';

  /** The portal's root, whatever page this is. */
  opas.root = new URL('..', /** @type {HTMLScriptElement} */ (document.currentScript).src).href;

  const lang = document.documentElement.lang;
  const memory = `opas:${new URL(opas.root).pathname}:`;

  const fill = (/** @type {string} */ text, /** @type {Record<string, any>} */ values) =>
    text.replace(/\{(\w+)\}/g, (slot, name) => values[name] ?? slot);

  /** @param {number} n */
  opas.number = (n) => (n < 10000 ? String(n) : String(n).replace(/\B(?=(\d{3})+$)/g, opas.texts.number.group));

  /** The text `group.key`, with `{name}` filled in from `values`. */
  opas.text = (/** @type {string} */ group, /** @type {string} */ key, values = {}) =>
    fill(opas.texts[group]?.[key] ?? key, values);

  /** The form for `n` of a text in `language`. @param {string|Record<string, string>} forms @param {number} n */
  opas.plural = (forms, n, values = {}, language = lang) => {
    let form = 'other';
    try {
      form = new Intl.PluralRules(language).select(n);
    } catch {
      // An unknown language has one form.
    }
    return fill(typeof forms === 'string' ? forms : forms[form] ?? forms.other, { n: opas.number(n), ...values });
  };

  /** The text `group.key` in the plural form of `n`. */
  opas.count = (/** @type {string} */ group, /** @type {string} */ key, /** @type {number} */ n, values = {}) =>
    opas.plural(opas.texts[group]?.[key] ?? key, n, values);

  /** What the reader chose, kept in this browser; silently forgotten where that is forbidden. */
  opas.memory = {
    /** @param {string} key */
    get(key) {
      try {
        return JSON.parse(localStorage.getItem(memory + key) ?? 'null');
      } catch {
        return null;
      }
    },
    /** @param {string} key @param {any} value null forgets */
    set(key, value) {
      try {
        if (value === null) localStorage.removeItem(memory + key);
        else localStorage.setItem(memory + key, JSON.stringify(value));
      } catch {
        // A full or forbidden memory is no reason to fail.
      }
    },
  };

  /**
   * @param {string} tag
   * @param {Record<string, any>} [attributes] those that are null or false are left out
   * @param {...(Node|string)} children
   */
  opas.element = (tag, attributes = {}, ...children) => {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) {
      if (value !== null && value !== false) element.setAttribute(name, value === true ? '' : value);
    }
    element.append(...children);
    return element;
  };

  /** A drawing from the styles. @param {string} name */
  opas.glyph = (name) => opas.element('span', { class: `glyph glyph-${name}`, 'aria-hidden': 'true' });

  /** @type {((root: ParentNode) => void)[]} */
  const features = [];

  /** `feature` is called with the document now, and with whatever is put in its place later. */
  opas.enhance = (/** @type {(root: ParentNode) => void} */ feature) => {
    features.push(feature);
    feature(document);
  };

  /** For a body that was swapped. @param {ParentNode} root */
  opas.refresh = (root) => features.forEach((feature) => feature(root));

  let running = 0;
  /** An id that no other element has. */
  opas.id = () => `o${++running}`;
})((window.opas ??= {}));

// Builds elements. Text goes in as text nodes only, so names and messages can never become markup.

const SVG = 'http://www.w3.org/2000/svg';

/**
 * @param {string} tag
 * @param {Record<string, string | number | boolean | null>} [attributes] null and false are left out
 * @param {...(Node | string)} children
 * @returns {HTMLElement}
 */
export function element(tag, attributes = {}, ...children) {
  return fill(document.createElement(tag), attributes, children);
}

/** The same for SVG. @returns {SVGElement} */
export function svg(tag, attributes = {}, ...children) {
  return fill(document.createElementNS(SVG, tag), attributes, children);
}

/** One of the symbols in index.html. */
export function glyph(status) {
  return svg('svg', { class: 'glyph', 'aria-hidden': 'true', focusable: 'false' },
    svg('use', { href: `#glyph-${status}` }));
}

/** Sets text only where it differs: untouched nodes are not painted again. */
export function setText(node, text) {
  if (node.textContent !== text) {
    node.textContent = text;
  }
}

/** The same for an attribute, of which none counts as an empty one. */
export function setAttribute(node, name, value) {
  if ((node.getAttribute(name) ?? '') !== value) {
    node.setAttribute(name, value);
  }
}

/** @returns {HTMLElement} */
export function byId(id) {
  const found = document.getElementById(id);
  if (!found) {
    throw new Error(`the page has no #${id}`);
  }
  return found;
}

function fill(node, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== null && value !== false) {
      node.setAttribute(name, value === true ? '' : String(value));
    }
  }
  node.append(...children);
  return node;
}

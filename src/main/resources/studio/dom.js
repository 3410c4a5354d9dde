/** Elements without markup: every text is a text node, whatever it holds. */

const SVG = 'http://www.w3.org/2000/svg';

function fill(element, properties, children) {
  for (const [name, value] of Object.entries(properties ?? {})) {
    if (value === undefined || value === null || value === false) {
      continue;
    }
    if (name.startsWith('on')) {
      element.addEventListener(name.slice(2), value);
    } else if (name === 'style') {
      Object.entries(value).forEach(([key, v]) => element.style.setProperty(key, v));
    } else if (name === 'value' || name === 'checked') {
      element[name] = value;
    } else {
      element.setAttribute(name, value === true ? '' : value);
    }
  }
  element.append(...children.flat(Infinity).filter((c) => c !== undefined && c !== null && c !== false));
  return element;
}

/** {@code h('p', {class: 'x'}, 'text', child)} */
export function h(tag, properties, ...children) {
  return fill(document.createElement(tag), properties, children);
}

export function svg(tag, properties, ...children) {
  return fill(document.createElementNS(SVG, tag), properties, children);
}

export function replace(parent, ...children) {
  parent.replaceChildren(...children.flat(Infinity).filter((c) => c !== undefined && c !== null && c !== false));
}

/** Tells a screen reader; sighted people see it where it happened. */
export function say(text) {
  document.getElementById('said').textContent = text;
}

let last = 0;

/** An id that no other element has. */
export function newId(prefix) {
  last += 1;
  return `${prefix}-${last}`;
}

/** A number as people read it, with a real minus sign. */
export function number(value, digits = 2, signed = false) {
  if (value === null || value === undefined || Number.isNaN(value)) {
    return '–';
  }
  const rounded = Number(value.toFixed(digits));
  const text = Math.abs(rounded).toFixed(digits);
  if (rounded < 0) {
    return `−${text}`;
  }
  return signed && rounded > 0 ? `+${text}` : text;
}

export function percent(value, digits = 0) {
  return value === null || value === undefined ? '–' : `${(100 * value).toFixed(digits)} %`;
}

export function plural(count, one, many = `${one}s`) {
  return `${count} ${count === 1 ? one : many}`;
}

export function when(instant) {
  return new Date(instant).toLocaleString([], {dateStyle: 'medium', timeStyle: 'short'});
}

/** A, B, C ... of a response's index. */
export function letter(index) {
  return index < 26 ? String.fromCharCode(65 + index) : `#${index + 1}`;
}

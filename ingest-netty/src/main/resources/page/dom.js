// Elements from code. Text only ever becomes text nodes and attributes, never markup.

const SVG = 'http://www.w3.org/2000/svg';

const ICONS = {
  close: 'M4 4l8 8M12 4l-8 8',
  copy: 'M6 6V3h7v7h-3M3 6h7v7H3z',
  earlier: 'M10 3L5 8l5 5',
  key: 'M7 9l6-6M11 5l2 2M9 7l1 1M7.5 11a2.5 2.5 0 1 1-5 0 2.5 2.5 0 0 1 5 0z',
  later: 'M6 3l5 5-5 5',
  link: 'M7 9a3 3 0 0 0 4.2 0l2-2A3 3 0 0 0 9 2.8l-1 1M9 7a3 3 0 0 0-4.2 0l-2 2A3 3 0 0 0 7 13.2l1-1',
  minus: 'M3 8h10',
  moon: 'M13 9.5A5.5 5.5 0 0 1 6.5 3 5.5 5.5 0 1 0 13 9.5z',
  plus: 'M3 8h10M8 3v10',
  sun: 'M8 5a3 3 0 1 0 0 6 3 3 0 0 0 0-6zM8 1v1.5M8 13.5V15M1 8h1.5M13.5 8H15M3 3l1 1M12 12l1 1M3 13l1-1M12 4l1-1',
};

/** An element such as el('div.card', {id: 'x', onclick: f}, 'text', child); children that are null are left out. */
export function el(description, properties = {}, ...children) {
  const [name, ...classes] = description.split('.');
  const element = document.createElement(name);
  if (classes.length > 0) {
    element.className = classes.join(' ');
  }
  for (const [key, value] of Object.entries(properties)) {
    if (key.startsWith('on')) {
      element.addEventListener(key.slice(2), value);
    } else if (value === true) {
      element.setAttribute(key, '');
    } else if (value !== false && value !== null && value !== undefined) {
      element.setAttribute(key, value);
    }
  }
  element.append(...children.filter((child) => child !== null && child !== undefined));
  return element;
}

/** Replaces what an element holds; where the focus was in it, what has the same name gets it. */
export function fill(element, ...children) {
  const active = element.contains(document.activeElement) ? document.activeElement : null;
  element.replaceChildren(...children.filter((child) => child !== null && child !== undefined));
  if (active !== null && !active.isConnected) {
    [...element.querySelectorAll(active.localName)].find((one) => nameOf(one) === nameOf(active))?.focus();
  }
}

function nameOf(element) {
  return element.getAttribute('aria-label') ?? element.textContent;
}

/** A picture of a line; decoration, so the element around it needs a label. */
export function icon(name) {
  const svg = document.createElementNS(SVG, 'svg');
  svg.setAttribute('viewBox', '0 0 16 16');
  svg.setAttribute('class', 'icon');
  svg.setAttribute('aria-hidden', 'true');
  const path = document.createElementNS(SVG, 'path');
  path.setAttribute('d', ICONS[name]);
  svg.append(path);
  return svg;
}

/** A button that is an icon. */
export function iconButton(name, label, onclick) {
  return el('button.quiet', { type: 'button', title: label, 'aria-label': label, onclick }, icon(name));
}

/** A row of buttons of which one is chosen; choices are pairs of value and text. */
export function choice(label, choices, chosen, onchoose) {
  const group = el('span.choice', { role: 'group', 'aria-label': label });
  for (const [value, text] of choices) {
    const button = el('button', { type: 'button', 'aria-pressed': String(value === chosen) }, text);
    button.addEventListener('click', () => {
      for (const other of group.children) {
        other.setAttribute('aria-pressed', String(other === button));
      }
      onchoose(value);
    });
    group.append(button);
  }
  return group;
}

/** A button that copies a text and says so for a moment. */
export function copyButton(label, text) {
  const button = el('button', { type: 'button' }, icon('copy'), label);
  button.addEventListener('click', async () => {
    try {
      await navigator.clipboard.writeText(text());
      button.lastChild.textContent = 'Copied';
    } catch {
      button.lastChild.textContent = 'Not allowed';
    }
    setTimeout(() => { button.lastChild.textContent = label; }, 1500);
  });
  return button;
}

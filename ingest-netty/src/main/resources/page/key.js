// Asks for the key of a server in key mode. It stays in this tab and goes nowhere but to the server.

import { el } from './dom.js';

/** Promises what was written, or null where nothing was; says why the key before was refused, where there was one. */
export function askForKey(why) {
  return new Promise((resolve) => {
    const input = el('input', { type: 'password', autocomplete: 'current-password', 'aria-label': 'Key', required: true,
      pattern: '\\s*[!-~]+\\s*', title: 'letters, digits and signs of ASCII' });
    const dialog = el('dialog.card', {},
      el('form', { method: 'dialog' },
        el('h1', {}, 'This server wants a key'),
        why === null ? null : el('p.refused', {}, why),
        el('p', {}, input),
        el('p.muted', {}, 'A key with the role read; metricstream keys add NAME --role read makes one. It is kept until this tab is closed.'),
        el('p.buttons', {},
          el('button', { type: 'button', onclick: () => dialog.close('') }, 'Cancel'),
          el('button.primary', { value: 'use' }, 'Use it'))));
    dialog.addEventListener('close', () => {
      dialog.remove();
      const given = input.value.trim();
      resolve(dialog.returnValue === 'use' && given !== '' ? given : null);
    });
    document.body.append(dialog);
    dialog.showModal();
    input.focus();
  });
}

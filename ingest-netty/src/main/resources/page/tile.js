// A number with a title, its course of late, and a line below.

import { el } from './dom.js';

const MOST_POINTS = 150;
/** So many fill the width from the beginning; fewer begin at the right. */
const FEWEST_POINTS = 30;
const WIDTH = 300;
const HEIGHT = 44;
const SVG = 'http://www.w3.org/2000/svg';

export class Tile {
  #value = el('div.value', {}, '–');
  #below = el('div.below.muted', {}, '\u00a0');
  #line = document.createElementNS(SVG, 'path');
  #area = document.createElementNS(SVG, 'path');
  #numbers = [];

  constructor(title) {
    const svg = document.createElementNS(SVG, 'svg');
    svg.setAttribute('viewBox', `0 0 ${WIDTH} ${HEIGHT}`);
    svg.setAttribute('preserveAspectRatio', 'none');
    svg.setAttribute('class', 'course');
    svg.setAttribute('aria-hidden', 'true');
    this.#area.setAttribute('class', 'area');
    svg.append(this.#area, this.#line);
    this.element = el('section.card.tile', { 'aria-label': title },
      el('h2.muted', {}, title), this.#value, svg, this.#below);
  }

  /** Takes the newest number, which is NaN where there is none yet. */
  show(number, text, below) {
    this.#value.textContent = text;
    this.#below.textContent = below;
    this.#numbers.push(number);
    if (this.#numbers.length > MOST_POINTS) {
      this.#numbers.shift();
    }
    const known = this.#numbers.filter((one) => !Number.isNaN(one));
    const most = Math.max(...known, 0) || 1;
    const points = Math.max(FEWEST_POINTS, known.length);
    const x = (index) => (WIDTH * (index + points - known.length)) / (points - 1);
    const y = (value) => HEIGHT - 2 - ((HEIGHT - 6) * value) / most;
    const line = known.map((value, index) => `${index === 0 ? 'M' : 'L'}${x(index).toFixed(1)} ${y(value).toFixed(1)}`).join('');
    this.#line.setAttribute('d', line);
    this.#area.setAttribute('d', known.length < 2 ? '' : `${line}L${WIDTH} ${HEIGHT}L${x(0).toFixed(1)} ${HEIGHT}Z`);
  }
}

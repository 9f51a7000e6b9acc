// The tab about clients: who writes how much, who is held back, and which samples were refused and why.

import { call } from './api.js';
import { el, fill } from './dom.js';
import { statistics } from './exposition.js';
import { short, whole } from './format.js';
import { Poll } from './poll.js';
import { momentText } from './time.js';

const POLL_MILLIS = 3000;
const REQUESTS = 'metricstream_client_requests';
const SAMPLES = 'metricstream_client_samples_stored';

function rows(now, before) {
  const names = new Set([...now.all(REQUESTS), ...now.all(SAMPLES)].map((one) => one.labels.client));
  return [...names].map((client) => ({
    client,
    samplesRate: now.rate(before, SAMPLES, { client }),
    samples: now.sum(SAMPLES, { client }),
    requestsRate: now.rate(before, REQUESTS, { client, outcome: 'allowed' }),
    requests: now.sum(REQUESTS, { client, outcome: 'allowed' }),
    refused: now.sum(REQUESTS, { client, outcome: 'refused' }),
    refusedRate: now.rate(before, REQUESTS, { client, outcome: 'refused' }),
  })).sort((a, b) => (b.samplesRate || 0) - (a.samplesRate || 0) || b.samples - a.samples);
}

function table(heads, body) {
  return el('div.scroll', {}, el('table', {},
    el('thead', {}, el('tr', {}, ...heads.map(([text, kind]) => el(kind === 'number' ? 'th.number' : 'th', { scope: 'col' }, text)))),
    el('tbody', {}, ...body)));
}

function count(value, text = whole(value)) {
  return el('td.number', {}, Number.isNaN(value) ? '–' : text);
}

export class ClientsTab {
  #clients = el('div', {}, '\u00a0');
  #limits = el('div');
  #reasons = el('div');
  #rejects = el('div');
  #problem = el('div.banner', { 'data-kind': 'bad', hidden: true });
  #before = null;
  #poll = new Poll((signal) => this.#look(signal), POLL_MILLIS);

  constructor() {
    this.element = el('div.clients', {}, this.#problem,
      el('section.card', {}, el('h2', {}, 'Who writes'), this.#clients),
      el('div.halves', {},
        el('section.card', {}, el('h2', {}, 'Requests over a limit'), this.#limits),
        el('section.card', {}, el('h2', {}, 'Samples that were not stored'), this.#reasons)),
      el('section.card', {}, el('h2', {}, 'Samples rejected last'), this.#rejects));
  }

  open() {
    this.#poll.start();
  }

  close() {
    this.#poll.stop();
  }

  async #look(signal) {
    try {
      const [now, rejects] = await Promise.all([statistics(signal), call('status/rejects', {}, signal)]);
      this.#problem.hidden = true;
      this.#showClients(rows(now, this.#before));
      this.#showLimits(now);
      this.#showReasons(now);
      this.#showRejects(rejects.data);
      this.#before = now;
    } catch (failure) {
      if (failure.name === 'AbortError') {
        throw failure;
      }
      this.#problem.hidden = false;
      this.#problem.textContent = failure.message;
    }
  }

  #showClients(clients) {
    if (clients.length === 0) {
      fill(this.#clients, el('p.muted', {}, 'Nobody has written since the start.'));
      return;
    }
    const most = Math.max(...clients.map((one) => one.samples), 1);
    fill(this.#clients, table(
      [['Client'], ['Samples /s', 'number'], ['Samples stored', 'number'], ['Share'], ['Requests /s', 'number'],
        ['Requests', 'number'], ['Over a limit', 'number']],
      clients.map((one) => el('tr', {}, el('td', {}, one.client),
        count(one.samplesRate, short(one.samplesRate)), count(one.samples),
        el('td.share', {}, el('meter', { min: 0, max: most, value: one.samples || 0, 'aria-label': 'Share' })),
        count(one.requestsRate, short(one.requestsRate)), count(one.requests),
        el(one.refusedRate > 0 ? 'td.number.bad' : 'td.number', {}, Number.isNaN(one.refused) ? '–' : whole(one.refused))))));
  }

  #showLimits(now) {
    fill(this.#limits, table([['Limit'], ['Requests', 'number']],
      now.all('metricstream_limit_refused_total').map(({ labels, value }) => el('tr', {},
        el('td', {}, el('code', {}, `rate-limit.${labels.limit}`)), count(value)))));
  }

  #showReasons(now) {
    const reasons = now.all('metricstream_samples_rejected_total')
      .filter((one) => one.value > 0)
      .map(({ labels, value }) => [`rejected: ${labels.reason}`, value]);
    const others = [['withheld', 'good ones of requests that wanted all or nothing'], ['limited', 'over a limit of samples'],
      ['unavailable', 'answered 503']]
      .map(([name, text]) => [text, now.sum(`metricstream_samples_${name}_total`)])
      .filter(([, value]) => value > 0);
    const all = [...reasons, ...others].sort((a, b) => b[1] - a[1]);
    fill(this.#reasons, all.length === 0 ? el('p.muted', {}, 'All that came were stored.')
      : table([['Why'], ['Samples', 'number']], all.map(([text, value]) => el('tr', {}, el('td', {}, text), count(value)))));
  }

  #showRejects(rejects) {
    fill(this.#rejects, rejects.length === 0 ? el('p.muted', {}, 'None.')
      : table([['Time'], ['Client'], ['Series'], ['Reason'], ['What was wrong']], rejects.map((one) => el('tr', {},
        el('td.time', {}, momentText(new Date(one.time).getTime() / 1000)), el('td', {}, one.client),
        el('td', {}, el('code', {}, one.series)), el('td', {}, one.reason), el('td', {}, one.error)))));
  }
}

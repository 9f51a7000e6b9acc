// The tab about clients: who writes how much, who is held back, and which samples were refused and why.

import { call } from './api.js';
import { el, fill } from './dom.js';
import { statistics } from './exposition.js';
import { short, whole } from './format.js';
import { Poll } from './poll.js';
import { momentText } from './time.js';

const POLL_MILLIS = 3000;
const REQUESTS = 'metricstream_client_requests';
const REFUSED = 'metricstream_client_requests_refused';
const SAMPLES = 'metricstream_client_samples_stored';
const REJECTED = 'metricstream_client_samples_rejected';

function clients(now, before) {
  const names = new Set([...now.all(REQUESTS), ...now.all(SAMPLES)].map((one) => one.labels.client));
  return [...names].map((client) => ({
    client,
    samplesRate: now.rate(before, SAMPLES, { client }),
    samples: now.sum(SAMPLES, { client }),
    requestsRate: now.rate(before, REQUESTS, { client, outcome: 'allowed' }),
    requests: now.sum(REQUESTS, { client, outcome: 'allowed' }),
    refused: now.sum(REQUESTS, { client, outcome: 'refused' }),
    refusedRate: now.rate(before, REQUESTS, { client, outcome: 'refused' }),
    rejected: now.sum(REJECTED, { client }) || 0,
    rejectedRate: now.rate(before, REJECTED, { client }),
    why: [
      ...parts(now, REFUSED, client).map(({ labels, value }) => [`rate-limit.${labels.limit}`, value]),
      ...parts(now, REJECTED, client).map(({ labels, value }) => [labels.reason, value]),
    ],
  })).sort((a, b) => (b.samplesRate || 0) - (a.samplesRate || 0) || b.samples - a.samples);
}

/** What a metric has of one client, the most first. */
function parts(now, name, client) {
  return now.all(name).filter((one) => one.labels.client === client && one.value > 0).sort((a, b) => b.value - a.value);
}

function count(value, text = whole(value), bad = false) {
  return el(bad ? 'td.number.bad' : 'td.number', {}, Number.isNaN(value) ? '–' : text);
}

/** A table whose rows are shown anew again and again, while it stays where it was scrolled to; or a text without rows. */
class Rows {
  #body = el('tbody');
  #table;
  #nothing;

  /** Heads are pairs of a text and, where it stands above numbers, 'number'. */
  constructor(heads, nothing) {
    this.#table = el('div.scroll', { hidden: true }, el('table', {},
      el('thead', {}, el('tr', {}, ...heads.map(([text, kind]) => el(kind === 'number' ? 'th.number' : 'th', { scope: 'col' }, text)))),
      this.#body));
    this.#nothing = el('p.muted', { hidden: true }, nothing);
    this.element = el('div', {}, this.#table, this.#nothing);
  }

  show(rows) {
    fill(this.#body, ...rows);
    this.#table.hidden = rows.length === 0;
    this.#nothing.hidden = rows.length > 0;
  }
}

export class ClientsTab {
  #clients = new Rows([['Client'], ['Samples /s', 'number'], ['Samples stored', 'number'], ['Share'], ['Requests /s', 'number'],
    ['Requests', 'number'], ['Over a limit', 'number'], ['Samples rejected', 'number'], ['Limits and reasons']],
  'Nobody has written since the start.');
  #limits = new Rows([['Limit'], ['Requests', 'number']], 'None.');
  #reasons = new Rows([['Why'], ['Samples', 'number']], 'All that came were stored.');
  #rejects = new Rows([['Time'], ['Client'], ['Series'], ['Reason'], ['What was wrong']], 'None.');
  #problem = el('div.banner', { 'data-kind': 'bad', hidden: true });
  #before = null;
  #poll = new Poll((signal) => this.#look(signal), POLL_MILLIS);

  constructor() {
    this.element = el('div.clients', {}, this.#problem,
      el('section.card', {}, el('h2', {}, 'Who writes'), this.#clients.element),
      el('div.halves', {},
        el('section.card', {}, el('h2', {}, 'Requests over a limit'), this.#limits.element),
        el('section.card', {}, el('h2', {}, 'Samples that were not stored'), this.#reasons.element)),
      el('section.card', {}, el('h2', {}, 'Samples rejected last'), this.#rejects.element));
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
      this.#showClients(clients(now, this.#before));
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

  #showClients(all) {
    const most = Math.max(...all.map((one) => one.samples), 1);
    this.#clients.show(all.map((one) => el('tr', {}, el('td.name', {}, one.client),
      count(one.samplesRate, short(one.samplesRate)), count(one.samples),
      el('td.share', {}, el('meter', { min: 0, max: most, value: one.samples || 0, 'aria-label': 'Share' })),
      count(one.requestsRate, short(one.requestsRate)), count(one.requests),
      count(one.refused, whole(one.refused), one.refusedRate > 0), count(one.rejected, whole(one.rejected), one.rejectedRate > 0),
      el('td', {}, ...one.why.map(([text, value]) => el('span.why', {}, el('code', {}, text), ` ${whole(value)}`))))));
  }

  #showLimits(now) {
    this.#limits.show(now.all('metricstream_limit_refused_total').map(({ labels, value }) => el('tr', {},
      el('td', {}, el('code', {}, `rate-limit.${labels.limit}`)), count(value))));
  }

  #showReasons(now) {
    const reasons = now.all('metricstream_samples_rejected_total')
      .filter((one) => one.value > 0)
      .map(({ labels, value }) => [`rejected: ${labels.reason}`, value]);
    const others = [['withheld', 'good ones of requests that wanted all or nothing'], ['limited', 'over a limit of samples'],
      ['unavailable', 'answered 503']]
      .map(([name, text]) => [text, now.sum(`metricstream_samples_${name}_total`)])
      .filter(([, value]) => value > 0);
    this.#reasons.show([...reasons, ...others].sort((a, b) => b[1] - a[1])
      .map(([text, value]) => el('tr', {}, el('td', {}, text), count(value))));
  }

  #showRejects(rejects) {
    this.#rejects.show(rejects.map((one) => el('tr', {},
      el('td.time', {}, momentText(new Date(one.time).getTime() / 1000)), el('td.name', {}, one.client),
      el('td', {}, el('code', {}, one.series)), el('td', {}, one.reason), el('td', {}, one.error))));
  }
}

// The tab about the server: what it takes, how fast it makes it durable, and what that takes.

import { call, text } from './api.js';
import { el, fill } from './dom.js';
import { statistics } from './exposition.js';
import { bytes, short, whole } from './format.js';
import { Poll } from './poll.js';
import { durationText } from './time.js';
import { Tile } from './tile.js';

const POLL_MILLIS = 2000;
const HEAP = { area: 'heap' };

/** A time as people say it. */
function seconds(value) {
  return Number.isNaN(value) ? '–' : value < 1 ? `${short(value * 1000, 3)} ms` : `${short(value, 3)} s`;
}

function perSecond(value) {
  return Number.isNaN(value) ? '–' : `${short(value)} /s`;
}

function halfWithin(value) {
  return Number.isNaN(value) ? 'nothing was written of late' : `half within ${seconds(value)}`;
}

function percent(part, of) {
  return Number.isNaN(part / of) ? '–' : `${short((100 * part) / of, 3)} %`;
}

/** Pools that are bounded by the others say −1. */
function heapLimit(now) {
  return now.all('jvm_memory_max_bytes').filter((one) => one.labels.area === 'heap' && one.value > 0)
    .reduce((sum, one) => sum + one.value, 0);
}

/** How long the disk takes for what waits for it. */
function lag(pendingBytes, bytesPerSecond) {
  return pendingBytes === 0 ? 'nothing waits for the disk' : `${seconds(pendingBytes / bytesPerSecond)} at the speed of late`;
}

/** Title; number of the moment for the curve; its text; and what stands below, of statistics and those before. */
const TILES = [
  ['Samples stored', (now, before) => now.rate(before, 'metricstream_samples_stored_total'), perSecond,
    (now) => `${whole(now.sum('metricstream_samples_stored_total'))} since the start`],
  ['Writes answered', (now, before) => now.rate(before, 'metricstream_commit_requests_sum'), perSecond,
    (now, before) => `forces: ${perSecond(now.rate(before, 'metricstream_commit_seconds_count'))} · ${
      whole(now.sum('metricstream_connections'))} connections`],
  ['Time to durability, 99 %', (now, before) => now.quantile(before, 'metricstream_commit_seconds', 0.99), seconds,
    (now, before) => halfWithin(now.quantile(before, 'metricstream_commit_seconds', 0.5))],
  ['Not durable yet', (now) => now.sum('metricstream_ring_pending_bytes'), bytes,
    (now) => lag(now.sum('metricstream_ring_pending_bytes'), now.sum('metricstream_writer_drain_bytes_per_second'))],
  ['Ring', (now) => now.sum('metricstream_ring_slots_used') / now.sum('metricstream_ring_slots'), (value) => percent(value, 1),
    (now) => `${whole(now.sum('metricstream_ring_slots_used'))} of ${whole(now.sum('metricstream_ring_slots'))} slots`],
  ['Samples in memory', (now) => now.sum('metricstream_head_bytes'), bytes, () => 'become parts as they fill up'],
  ['Heap', (now) => now.sum('jvm_memory_used_bytes', HEAP), bytes,
    (now) => `of ${bytes(heapLimit(now))} at most`],
  ['Processor', (now) => now.sum('process_cpu_usage'), (value) => percent(value, 1),
    (now) => `of ${whole(now.sum('system_cpu_count'))} cores; the machine ${percent(now.sum('system_cpu_usage'), 1)}`],
  ['Series', (now) => now.sum('metricstream_series'), whole,
    (now) => `${percent(now.sum('metricstream_series'), now.sum('metricstream_series_limit'))} of limits.series`],
  ['Parts', (now) => now.sum('metricstream_store_bytes'), bytes,
    (now) => `files: ${whole(now.sum('metricstream_store_parts'))} · samples: ${whole(now.sum('metricstream_store_samples'))}`],
  ['Write-ahead log', (now) => now.sum('metricstream_log_size_bytes'), bytes, () => 'preallocated segments included'],
  ['Disk free', (now) => now.sum('metricstream_disk_free_bytes'), bytes, () => 'where the data folder is'],
];

export class ServerTab {
  #tiles = TILES.map(([title, value, shown, below]) => ({ tile: new Tile(title), value, shown, below }));
  #banner = el('div.banner', { 'aria-live': 'polite' });
  #facts = el('p.muted');
  #before = null;
  #poll = new Poll((signal) => this.#look(signal), POLL_MILLIS);

  constructor() {
    this.element = el('div.server', {}, this.#banner, el('div.tiles', {}, ...this.#tiles.map(({ tile }) => tile.element)),
      this.#facts);
  }

  open() {
    this.#poll.start();
    this.#tellFacts();
  }

  close() {
    this.#poll.stop();
  }

  async #look(signal) {
    try {
      const [ready, now] = await Promise.all([text('ready', 'application/json', signal), statistics(signal)]);
      this.#showReadiness(ready);
      for (const { tile, value, shown, below } of this.#tiles) {
        const number = value(now, this.#before);
        tile.show(number, shown(number), below(now, this.#before));
      }
      this.#before = now;
    } catch (failure) {
      if (failure.name === 'AbortError') {
        throw failure;
      }
      this.#banner.dataset.kind = 'bad';
      fill(this.#banner, el('b', {}, 'No statistics'), ` ${failure.message}`);
    }
  }

  #showReadiness({ status, body }) {
    const answer = JSON.parse(body);
    this.#banner.dataset.kind = status === 200 ? 'good' : 'bad';
    fill(this.#banner, el('b', {}, status === 200 ? 'Ready' : 'Not ready'),
      el('span', {}, status === 200 ? ` Writes are taken; an answer waits for ${answer.durability}.` : ` ${answer.error ?? answer.state}`),
      answer.recovery_bytes > 0 && status !== 200
        ? el('span', {}, ` ${bytes(answer.recovered_bytes)} of ${bytes(answer.recovery_bytes)} of the log read.`) : null);
  }

  async #tellFacts() {
    try {
      const { data } = await call('status/runtimeinfo');
      const up = (new Date(data.serverTime) - new Date(data.startTime)) / 1000;
      fill(this.#facts, `Up for ${durationText(Math.round(up))} since ${new Date(data.startTime).toLocaleString()}; samples are kept ${
        data.storageRetention.replace('infinite', 'forever')}.`);
    } catch (failure) {
      fill(this.#facts, failure.message);
    }
  }
}

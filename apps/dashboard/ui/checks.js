// The last checks of one project: what its bar, its sparkline and "down for 2 min" are made of.
// History gives the past, frames append to it; both may overlap in any order. Checks of several
// services are folded into one series.

import { fold, longestPause, runOf, slices, usualPause } from './series.js';
import { statusOf } from './status.js';

/**
 * @typedef {object} Check
 * @property {number} at when the probe started, ms since 1970
 * @property {import('./status.js').Status | 'unobserved'} status
 * @property {number | null} ms response time
 * @property {string} error
 * @property {string} service empty: a frame, which speaks for the project
 * @property {import('./status.js').Status} [told] of a frame: the project's status
 */

/**
 * @typedef {object} Covered what the bar covers
 * @property {number} checks
 * @property {boolean} more there may have been more of them: a frame may tell of several at once
 * @property {number} services
 * @property {number} ms from the first to the last
 */

export const SHOWN = 60;

const KEPT = 4 * SHOWN; // per service
const USUAL_INTERVAL = 10_000; // where the history does not tell

export class Checks {
  /** The usual pause of each service, in ms; NaN of those with one check. @type {Map<string, number>} */
  #pauses = new Map();
  /** @type {import('./series.js').Point[] | null} null: to be folded again */
  #folded = null;
  /** The last change of the project that this page saw. */
  #change = null;
  #last = null;

  constructor() {
    /** @type {Check[]} oldest first */
    this.list = [];
  }

  /** How many services the history tells of. */
  get services() {
    return this.#pauses.size;
  }

  /** Rows of GET /api/history, oldest first. What frames told since then stays. */
  setHistory(rows) {
    const past = rows.map(checkOf).filter((check) => !Number.isNaN(check.at))
      .sort((a, b) => a.at - b.at);
    const last = past.at(-1)?.at ?? -Infinity;
    const newer = this.list.filter((check) => check.at > last);
    this.list = [...past, ...newer];
    this.#pauses = pausesOf(this.list);
    this.list = this.list.slice(-this.#kept);
    this.#folded = null;
  }

  /** What a frame says about the last check. @param {import('./fleet.js').Project} project */
  append(project) {
    const at = Date.parse(project.lastCheck ?? '');
    this.#noteChange(project, at);
    if (Number.isNaN(at) || at <= (this.list.at(-1)?.at ?? -Infinity)) {
      return false;
    }
    const status = project.isRunning ? project.status : 'down';
    const told = project.status;
    this.list.push({ at, status, ms: project.responseTime, error: '', service: '', told });
    if (this.list.length > this.#kept) {
      this.list.shift();
    }
    this.#folded = null;
    return true;
  }

  /**
   * The bar: the last checks, with one `unobserved` entry for each pause. Of several services
   * equal slices of time, of which those that nobody saw are `unobserved`.
   * @returns {(Check & {slowest?: number | null})[]}
   */
  bar() {
    if (this.services > 1) {
      return slices(this.#series(), this.#sliceWidth, SHOWN);
    }
    const limit = this.#longestPause();
    const bar = [];
    this.list.slice(-SHOWN).forEach((check, index, shown) => {
      const before = shown[index - 1];
      if (before && check.at - before.at > limit) {
        bar.push({ at: before.at, status: 'unobserved', ms: null, error: '', service: '' });
      }
      bar.push(check);
    });
    return bar.slice(-SHOWN);
  }

  /** What the bar covers. @returns {Covered} */
  covered(bar = this.bar()) {
    if (bar.length === 0) {
      return { checks: 0, more: false, services: this.services, ms: 0 };
    }
    const newest = this.list.at(-1).at;
    if (this.services <= 1) {
      const checks = bar.filter((check) => check.status !== 'unobserved').length;
      return { checks, more: false, services: this.services, ms: newest - bar[0].at };
    }
    const width = this.#sliceWidth;
    const from = Math.floor(bar[0].at / width) * width;
    const within = this.list.filter((check) => check.at >= from);
    return {
      checks: within.length,
      more: within.some((check) => check.service === ''),
      services: this.services,
      ms: newest - within[0].at,
    };
  }

  /** Why the last checks failed: the newest reason of their run; empty where nobody said. */
  lastError() {
    const seen = new Set(); // only the newest check of each service counts
    for (let i = this.list.length - 1; i >= 0; i -= 1) {
      const { status, error, service } = this.list[i];
      const other = this.services > 1 && service !== '';
      if (status === 'down' && error && !seen.has(service)) {
        return other ? `${service}: ${error}` : error;
      }
      if (status !== 'down' && !other) {
        break;
      }
      if (other) {
        seen.add(service);
      }
    }
    return '';
  }

  /** The newest check failed and a frame told of it: why stands in the history alone. */
  get unexplained() {
    const newest = this.list.at(-1);
    if (this.services > 1 && this.#last?.isRunning === false && this.lastError() === '') {
      return true;
    }
    return newest?.status === 'down' && newest.error === '';
  }

  /**
   * Since when the checks say what the newest one says. `known` is false where the run is older
   * than what is held here. Of several services since when the project has its status; null where
   * that cannot be told.
   * @param {import('./status.js').Status} [status] the project's
   */
  runStart(status) {
    if (this.services > 1) {
      return this.#change?.status === status ? { ...this.#change, known: true }
        : runOf(this.#series(), status);
    }
    const newest = this.list.at(-1);
    if (!newest) {
      return null;
    }
    let start = this.list.length - 1;
    while (start > 0 && this.list[start - 1].status === newest.status) {
      start -= 1;
    }
    return { status: newest.status, at: this.list[start].at, known: start > 0 };
  }

  get #kept() {
    return KEPT * Math.max(1, this.services);
  }

  /** The usual interval of the service that is checked most often. */
  get #sliceWidth() {
    const pauses = [...this.#pauses.values()].filter((pause) => pause > 0);
    return pauses.length > 0 ? Math.max(1000, Math.min(...pauses)) : USUAL_INTERVAL;
  }

  /** After this long without a frame the project was not observed. */
  get #longestSilence() {
    return longestPause(Math.max(0, ...[...this.#pauses.values()].filter((pause) => pause > 0)));
  }

  #series() {
    this.#folded ??= fold(
      this.list.map((check) => (check.told ? { ...check, status: check.told } : check)),
      (service) => {
        const pause = this.#pauses.get(service);
        // Of a service with a single check nobody knows when the next one is due.
        return service === '' ? this.#longestSilence : pause > 0 ? longestPause(pause) : Infinity;
      });
    return this.#folded;
  }

  /** A change that came with a new check, soon after the last one, is known to the moment. */
  #noteChange(project, at) {
    const before = this.#last;
    this.#last = { status: project.status, at, isRunning: project.isRunning };
    if (before && !(at - before.at <= this.#longestSilence)) {
      this.#change = null; // nobody looked: it may have changed and changed back
    } else if (before && before.status !== project.status) {
      this.#change = at > before.at ? { status: project.status, at } : null;
    }
  }

  #longestPause() {
    return longestPause(usualPause(this.list.map((check) => check.at)));
  }
}

/** @param {Check[]} checks oldest first @returns {Map<string, number>} */
function pausesOf(checks) {
  const times = new Map();
  for (const { service, at } of checks.filter((check) => check.service !== '')) {
    if (!times.has(service)) {
      times.set(service, []);
    }
    times.get(service).push(at);
  }
  return new Map([...times].map(([service, all]) => [service, usualPause(all)]));
}

/** @returns {Check} */
function checkOf(row) {
  return {
    at: Date.parse(row.lastCheck ?? row.recordedAt ?? ''),
    status: statusOf(row.status),
    ms: typeof row.responseTimeMs === 'number' ? row.responseTimeMs : null,
    error: typeof row.errorMessage === 'string' ? row.errorMessage : '',
    service: typeof row.serviceName === 'string' ? row.serviceName : '',
  };
}

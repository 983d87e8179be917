// The last checks of one project: what its bar, its sparkline and "down for 2 min" are made of.
// History gives the past, frames append to it; both may overlap in any order. Of one service every
// check is shown; those of several are folded into one series of the project.

import { duration } from './format.js';
import { Series, explain, fold } from './series.js';
import { statusOf } from './status.js';

/**
 * @typedef {object} Check
 * @property {number} at when the probe started, ms since 1970
 * @property {import('./status.js').Status | 'unobserved'} status
 * @property {number | null} ms response time
 * @property {string} error
 * @property {string} service
 * @property {number} [recorded] of a row: when its result was accepted, ms since 1970
 * @property {Told} [told] of what a frame told
 */

/** @typedef {{at: number, status: import('./status.js').Status, running: boolean}} Told */

/**
 * An entry of the bar: a check, or a slice of time of several services.
 * @typedef {object} Mark
 * @property {number} at
 * @property {import('./status.js').Status | 'unobserved'} status
 * @property {number | null} ms
 * @property {string} why what failed
 */

export const SHOWN = 60;

/** A pause this many times the usual one, and at least 30 s, was not observed. */
const GAP = 3.5;
const SHORTEST_GAP = 30_000;
const KEPT = 4 * SHOWN;
const SHORTEST_SLICE = 1000;
const LONGEST_SLICE = 60_000; // of the hour of history that is asked for

export class Checks {
  /** Of several services only. @type {Series | null} */
  #series = null;
  /** The services as of the last history. @type {import('./series.js').Member[]} */
  #members = [];
  #silence = SHORTEST_GAP;
  #slice = LONGEST_SLICE;
  /** What the last frame said. @type {Told | null} */
  #last = null;
  #behind = false;

  constructor() {
    /** Of several services what frames told, else all checks. @type {Check[]} oldest first */
    this.list = [];
  }

  /** How many services the history tells of, where they are several; else 1. */
  get services() {
    return this.#series ? this.#members.length : 1;
  }

  /** How much time a mark stands for, in ms; null where each is one check. */
  get slice() {
    return this.#series ? this.#slice : null;
  }

  /**
   * Rows of GET /api/history, oldest first. What frames told since then stays.
   * @param {object[]} rows
   * @param {object[]} [services] rows of GET /api/services: what is told of others, which nobody
   *   watches any more, is left out. Where they are not known all count, and as critical
   */
  setHistory(rows, services = []) {
    const watched = new Set(services.map(({ name }) => name));
    const past = rows.map(checkOf).filter((check) => !Number.isNaN(check.at)
      && (watched.size === 0 || watched.has(check.service))).sort((a, b) => a.at - b.at);
    if (past.some((check) => check.service !== past[0].service)) {
      this.#foldHistory(past, services);
      return;
    }
    this.#series = null;
    this.#behind = false;
    const last = past.at(-1)?.at ?? -Infinity;
    const newer = this.list.filter((check) => check.at > last);
    this.list = [...past, ...newer].slice(-KEPT);
  }

  /**
   * What a frame says about the last check.
   * @param {import('./fleet.js').Project} project
   * @param {number} [now] when it said so, by the hub's clock, in ms
   * @returns {boolean} whether it said anything new
   */
  append(project, now = Date.now()) {
    const at = Date.parse(project.lastCheck ?? '');
    if (Number.isNaN(at)) {
      return false;
    }
    const before = this.#last;
    const told = { at: now, status: project.status, running: project.isRunning };
    this.#last = told;
    // Of several services one may change what the newest check of the others left as it was.
    const changed = this.#series !== null && before?.status !== told.status;
    if (at <= (this.list.at(-1)?.at ?? -Infinity) && !changed) {
      return false;
    }
    const status = told.running ? told.status : 'down';
    const check = { at, status, ms: project.responseTime, error: '', service: '', told };
    this.list.push(check);
    if (this.list.length > KEPT) {
      this.list.shift();
    }
    if (this.#series) {
      if (before && now - before.at > this.#silence) {
        this.#series.add({ at: before.at, status: 'unobserved', ms: null, why: '' });
      }
      this.#series.add(pointOf(check));
    }
    return true;
  }

  /**
   * The bar: the last checks, with one `unobserved` entry for each pause; of several services
   * equal slices of time.
   * @returns {Mark[]}
   */
  bar() {
    if (this.#series) {
      return this.#series.slices();
    }
    const limit = longestPause(usualPause(this.list.map((check) => check.at)));
    const bar = [];
    this.list.slice(-SHOWN).forEach((check, index, shown) => {
      const before = shown[index - 1];
      if (before && check.at - before.at > limit) {
        bar.push({ at: before.at, status: 'unobserved', ms: null, why: '' });
      }
      bar.push(markOf(check));
    });
    return bar.slice(-SHOWN);
  }

  /**
   * Why the last checks failed; empty where nobody said. Of several services it names the one that
   * failed, and while those that decide are well, it tells of the others.
   * @param {boolean} [running] whether the last check of the project passed
   */
  lastError(running = false) {
    if (this.#series) {
      return explain(this.#members, running);
    }
    for (let i = this.list.length - 1; !running && this.list[i]?.status === 'down'; i -= 1) {
      if (this.list[i].error) {
        return this.list[i].error;
      }
    }
    return '';
  }

  /** The newest check failed and a frame told of it: why stands in the history alone. */
  get unexplained() {
    if (this.#series) {
      return this.#last?.running === false && this.lastError() === '';
    }
    const newest = this.list.at(-1);
    return newest?.status === 'down' && newest.error === '';
  }

  /** The history, as far as it was stored, does not lead to what the last frame said. */
  get behind() {
    return this.#behind;
  }

  /**
   * Since when the checks say what the newest one says. `known` is false where the run is older
   * than what is held here.
   * @returns {import('./series.js').Run | null}
   */
  runStart() {
    if (this.#series) {
      return this.#series.run;
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

  #foldHistory(past, services) {
    const terms = termsOf(past, services);
    const { points, members } = fold(past, (service) => terms.get(service));
    const intervals = [...terms.values()].map(({ interval }) => interval).filter((it) => it > 0);
    this.#members = members;
    this.#slice = Math.max(SHORTEST_SLICE, Math.min(...intervals, LONGEST_SLICE));
    this.#silence = longestPause(Math.max(0, ...intervals));
    this.#series = new Series(this.#slice, SHOWN);
    points.forEach((point) => this.#series.add(point));

    const stored = past.reduce((newest, { recorded }) => Math.max(newest, recorded), -Infinity);
    this.list = this.list.filter((check) => check.told?.at > stored);
    this.#behind = this.#last !== null && this.#series.run.status !== this.#last.status;
    this.list.forEach((check) => this.#series.add(pointOf(check)));
    if (this.#last && this.#series.run.status !== this.#last.status) {
      // The hub knows better, but not since when.
      const at = Math.min(this.#last.at, points.at(-1).at);
      this.#series.add({ at, status: this.#last.status, ms: null, why: '' }, false);
    }
  }
}

/** Whether rows of GET /api/history are of several services. */
export function hasServices(rows) {
  return rows.some((row) => row.serviceName !== rows[0].serviceName);
}

/** @returns {Map<string, import('./series.js').Terms & {interval: number}>} by service */
function termsOf(past, services) {
  const told = new Map(services.map((row) => [row.name, row]));
  const times = new Map();
  for (const { service, at } of past) {
    if (!times.has(service)) {
      times.set(service, []);
    }
    times.get(service).push(at);
  }
  return new Map([...times].map(([service, all]) => {
    const row = told.get(service);
    const interval = duration(row?.interval) ?? usualPause(all);
    // Of a service with a single check nobody knows when the next one is due.
    const holds = interval > 0 ? longestPause(interval) : Infinity;
    return [service, { critical: row?.critical !== false, holds, interval }];
  }));
}

/** @param {number[]} times ascending @returns {number} ms; 0 where there is no pause */
function usualPause(times) {
  const pauses = times.slice(1).map((at, index) => at - times[index]).sort((a, b) => a - b);
  return pauses[pauses.length >> 1] ?? 0;
}

/** @param {number} usual ms */
function longestPause(usual) {
  return Math.max(SHORTEST_GAP, GAP * usual);
}

/** What a frame said of the whole project. @returns {import('./series.js').Point} */
function pointOf({ told, ms }) {
  return { at: told.at, status: told.status, ms: told.running ? ms : null, why: '' };
}

/** @returns {Mark} */
function markOf({ at, status, ms, error }) {
  return { at, status, ms, why: error };
}

/** @returns {Check} */
function checkOf(row) {
  const at = Date.parse(row.lastCheck ?? row.recordedAt ?? '');
  const recorded = Date.parse(row.recordedAt ?? '');
  return {
    at,
    status: statusOf(row.status),
    ms: typeof row.responseTimeMs === 'number' ? row.responseTimeMs : null,
    error: typeof row.errorMessage === 'string' ? row.errorMessage : '',
    service: typeof row.serviceName === 'string' ? row.serviceName : '',
    recorded: Number.isNaN(recorded) ? at : recorded,
  };
}

// The last checks of one project: what its bar, its sparkline and "down for 2 min" are made of.
// History gives the past, frames append to it; both may overlap in any order.

import { statusOf } from './status.js';

/**
 * @typedef {object} Check
 * @property {number} at when the probe started, ms since 1970
 * @property {import('./status.js').Status | 'unobserved'} status
 * @property {number | null} ms response time
 * @property {string} error
 * @property {string} service
 */

export const SHOWN = 60;

/** A pause this many times the usual one, and at least 30 s, was not observed. */
const GAP = 3.5;
const SHORTEST_GAP = 30_000;
const KEPT = 4 * SHOWN;

export class Checks {
  constructor() {
    /** @type {Check[]} oldest first */
    this.list = [];
  }

  /** Rows of GET /api/history, oldest first. What frames told since then stays. */
  setHistory(rows) {
    const past = rows.map(checkOf).filter((check) => !Number.isNaN(check.at));
    const last = past.at(-1)?.at ?? -Infinity;
    const newer = this.list.filter((check) => check.at > last);
    this.list = [...past, ...newer].slice(-KEPT);
  }

  /** What a frame says about the last check. @param {import('./fleet.js').Project} project */
  append(project) {
    const at = Date.parse(project.lastCheck ?? '');
    if (Number.isNaN(at) || at <= (this.list.at(-1)?.at ?? -Infinity)) {
      return false;
    }
    const status = project.isRunning ? project.status : 'down';
    this.list.push({ at, status, ms: project.responseTime, error: '', service: '' });
    if (this.list.length > KEPT) {
      this.list.shift();
    }
    return true;
  }

  /** The bar: the last checks, with one `unobserved` entry for each pause. @returns {Check[]} */
  bar() {
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

  /** Why the last checks failed: the newest reason of their run; empty where nobody said. */
  lastError() {
    for (let i = this.list.length - 1; this.list[i]?.status === 'down'; i -= 1) {
      if (this.list[i].error) {
        return this.list[i].error;
      }
    }
    return '';
  }

  /** The newest check failed and a frame told of it: why stands in the history alone. */
  get unexplained() {
    const newest = this.list.at(-1);
    return newest?.status === 'down' && newest.error === '';
  }

  /**
   * Since when the checks say what the newest one says. `known` is false where the run is older
   * than what is held here.
   */
  runStart() {
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

  #longestPause() {
    const pauses = [];
    for (let i = 1; i < this.list.length; i += 1) {
      pauses.push(this.list[i].at - this.list[i - 1].at);
    }
    pauses.sort((a, b) => a - b);
    return Math.max(SHORTEST_GAP, GAP * (pauses[pauses.length >> 1] ?? 0));
  }
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

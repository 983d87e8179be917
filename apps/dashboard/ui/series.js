// The checks of several services as one series of their project: at each moment the status that
// the hub makes of them. Critical services decide, the others degrade at most. Pure.

import { rank } from './status.js';

/** @typedef {import('./checks.js').Check} Check */

/**
 * How the project was from `at` to the next point.
 * @typedef {object} Point
 * @property {number} at ms since 1970
 * @property {import('./status.js').Status | 'unobserved'} status
 * @property {number | null} ms the slowest answer of the services that decide, as the hub tells it;
 *   null where one of them failed
 * @property {string} why what failed; empty where nobody said
 */

/** @typedef {{critical: boolean, holds: number}} Terms `holds`: how long a check counts, in ms */
/** @typedef {Check & Terms} Member a service's newest check */

/**
 * Since when the project is what it is; `known` is false where it may be so for longer.
 * @typedef {{status: Point['status'], at: number, known: boolean}} Run
 */

/**
 * The services whose checks decide the status.
 * @template {{critical: boolean}} T
 * @param {T[]} members @returns {T[]}
 */
export function deciding(members) {
  const critical = members.filter((member) => member.critical);
  return critical.length > 0 ? critical : members;
}

/** @param {{status: import('./status.js').Status, critical: boolean}[]} members at least one */
export function projectStatus(members) {
  const decide = deciding(members);
  const worst = worstOf(decide.map((member) => member.status));
  const harmed = members.some((member) => rank(member.status) <= rank('degraded'));
  return harmed ? worstOf([worst, 'degraded']) : worst;
}

/**
 * Each service is as its newest check says, until that is too old to count. What is critical now is
 * taken to have been so all the time.
 * @param {Check[]} checks of all services, oldest first
 * @param {(service: string) => Terms} termsOf
 * @returns {{points: Point[], members: Member[]}} points oldest first, `unobserved` from where no
 *   check counts; members as of the last point
 */
export function fold(checks, termsOf) {
  const points = [];
  /** @type {Map<string, Member>} */
  const newest = new Map();
  for (const check of checks) {
    for (const { service, at, holds } of outdated(newest, check.at)) {
      newest.delete(service);
      points.push(pointOf(at + holds, [...newest.values()]));
    }
    newest.set(check.service, { ...check, ...termsOf(check.service) });
    points.push(pointOf(check.at, [...newest.values()]));
  }
  return { points, members: [...newest.values()] };
}

function outdated(newest, now) {
  return [...newest.values()].filter(({ at, holds }) => at + holds < now)
    .sort((a, b) => (a.at + a.holds) - (b.at + b.holds));
}

function pointOf(at, members) {
  if (members.length === 0) {
    return { at, status: 'unobserved', ms: null, why: '' };
  }
  const status = projectStatus(members);
  const decide = deciding(members);
  const failed = decide.some((member) => member.status === 'down' || member.error !== '');
  return {
    at, status,
    ms: failed ? null : slowest(decide.map((member) => member.ms)),
    why: status === 'healthy' ? '' : explain(members, !failed),
  };
}

/**
 * Which service failed, and why. While all that decide are well, those that do not are to blame.
 * @param {Member[]} members @param {boolean} running
 */
export function explain(members, running) {
  const decide = new Set(deciding(members));
  const failed = members
    .filter((member) => member.error !== '' &&
      (running ? !decide.has(member) && member.status === 'down' : decide.has(member)))
    .sort((a, b) => rank(a.status) - rank(b.status) || b.at - a.at);
  if (failed.length === 0) {
    return '';
  }
  const [{ service, error }] = failed;
  return `${service}: ${error}${failed.length > 1 ? `, and ${failed.length - 1} more` : ''}`;
}

/** What is told of one project over time, no finer than it is drawn. */
export class Series {
  #width;
  #most;
  /** @type {Point[]} oldest first; none before the drawn time but the one that reaches into it */
  #points = [];
  /** @type {Run | null} */
  #run = null;

  /** @param {number} width of a slice, in ms @param {number} most slices that are drawn */
  constructor(width, most) {
    this.#width = width;
    this.#most = most;
  }

  get run() {
    return this.#run;
  }

  /**
   * @param {Point} point not older than the last one; where clocks jump it is taken to be as old
   * @param {boolean} [known] whether the project became this at that moment
   */
  add(point, known = true) {
    const last = this.#points.at(-1);
    const next = last && point.at < last.at ? { ...point, at: last.at } : point;
    if (this.#run?.status !== next.status) {
      const seen = this.#run !== null && this.#run.status !== 'unobserved';
      this.#run = { status: next.status, at: next.at, known: known && seen };
    }
    if (last?.status === next.status && this.#slot(last.at) === this.#slot(next.at)) {
      this.#points[this.#points.length - 1] = both(next, last);
    } else {
      this.#points.push(next);
    }
    const start = (this.#slot(next.at) - this.#most + 1) * this.#width;
    while (this.#points.length > 1 && this.#points[1].at <= start) {
      this.#points.shift();
    }
  }

  /** Equal slices of time up to the newest point, each as bad as the project ever was in it. */
  slices() {
    if (this.#points.length === 0) {
      return [];
    }
    const last = this.#slot(this.#points.at(-1).at);
    const first = Math.max(this.#slot(this.#points[0].at), last - this.#most + 1);
    /** @type {Point[]} */
    const slices = [];
    this.#points.forEach((point, index) => {
      const next = this.#points[index + 1];
      // What ends exactly where a slice begins is not part of it.
      const to = next ? Math.max(this.#slot(point.at), Math.ceil(next.at / this.#width) - 1) : last;
      for (let slot = Math.max(first, this.#slot(point.at)); slot <= to; slot += 1) {
        const part = { ...point, at: Math.max(point.at, slot * this.#width) };
        const there = slices[slot - first];
        slices[slot - first] = there ? both(there, part) : part;
      }
    });
    return slices;
  }

  #slot(at) {
    return Math.floor(at / this.#width);
  }
}

/** Two points of one slice as one that begins with the earlier and is as bad as the worse. */
function both(a, b) {
  const worse = badness(b.status) > badness(a.status) ? b : a;
  return {
    at: Math.min(a.at, b.at),
    status: worse.status,
    ms: slowest([a.ms, b.ms]),
    why: worse.why || (a.status === b.status ? b.why : ''),
  };
}

/** Longest of the answers that there are. @param {(number | null)[]} times */
function slowest(times) {
  const known = times.filter((ms) => ms !== null);
  return known.length > 0 ? Math.max(...known) : null;
}

function worstOf(statuses) {
  return statuses.reduce((a, b) => (rank(b) < rank(a) ? b : a));
}

function badness(status) {
  return status === 'unobserved' ? -Infinity : -rank(status);
}

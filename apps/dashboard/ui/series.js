// Checks of several services as one series of their project. Pure.

import { rank } from './status.js';

/** @typedef {import('./checks.js').Check} Check */

/**
 * How the project was from `at` to the next point: the worst of its services, told by the check of
 * that service.
 * @typedef {Check & {slowest: number | null, since: number}} Point
 * `slowest`: the slowest answer of the services, in ms; null where the project was down.
 * `since`: from when on every service that is as bad as the worst was that bad.
 */

/** A pause this many times the usual one, and at least 30 s, was not observed. */
const GAP = 3.5;
const SHORTEST_GAP = 30_000;

/** @param {number[]} times ascending @returns {number} the usual pause; NaN of fewer than two */
export function usualPause(times) {
  const pauses = times.slice(1).map((at, index) => at - times[index]).sort((a, b) => a - b);
  return pauses[pauses.length >> 1] ?? NaN;
}

/** @param {number} usual ms; NaN where it is not known */
export function longestPause(usual) {
  return Math.max(SHORTEST_GAP, GAP * (usual || 0));
}

/**
 * Each service is as its newest check says, until that is too old. A check of no service (a frame)
 * speaks for the whole project.
 * @param {Check[]} checks oldest first
 * @param {(service: string) => number} holds for how long a check of the service counts, in ms
 * @returns {Point[]} oldest first; `unobserved` from where no check counts
 */
export function fold(checks, holds) {
  const points = [];
  /** @type {Map<string, Check & {since: number, until: number}>} */
  const newest = new Map();
  const note = (at) => {
    if (points.at(-1)?.at === at) {
      points.pop(); // services that were checked at the same moment
    }
    points.push(pointOf(at, [...newest.values()]));
  };
  const expire = (now) => {
    const old = [...newest.values()].filter((check) => check.until < now)
      .sort((a, b) => a.until - b.until);
    for (const { service, until } of old) {
      newest.delete(service);
      note(until);
    }
  };
  for (const check of checks) {
    expire(check.at);
    const frame = check.service === '';
    const before = frame ? points.at(-1) : newest.get(check.service);
    const since = before?.status === check.status ? before.since : check.at;
    if (frame) {
      newest.clear();
    }
    newest.set(check.service, { ...check, since, until: check.at + holds(check.service) });
    note(check.at);
  }
  return points;
}

function pointOf(at, checks) {
  if (checks.length === 0) {
    return { at, status: 'unobserved', ms: null, error: '', service: '', slowest: null, since: at };
  }
  const worst = checks.reduce((a, b) => (worse(b, a) ? b : a));
  const { status, ms, error, service } = worst;
  const slowest = status === 'down' ? null : Math.max(-1, ...checks.map((check) => check.ms ?? -1));
  const since = Math.max(...checks.filter((it) => it.status === status).map((it) => it.since));
  return { at, status, ms, error, service, slowest: slowest < 0 ? null : slowest, since };
}

/**
 * Equal slices of time up to the newest point, each as bad as the project ever was in it.
 * @param {Point[]} points oldest first
 * @param {number} width of a slice, in ms
 * @param {number} most slices; fewer where the points do not reach that far
 * @returns {Point[]}
 */
export function slices(points, width, most) {
  if (points.length === 0) {
    return [];
  }
  const slot = (at) => Math.floor(at / width);
  const last = slot(points.at(-1).at);
  const first = Math.max(slot(points[0].at), last - most + 1);
  const all = [];
  points.forEach((point, index) => {
    const next = points[index + 1];
    // What ends exactly where a slice begins is not part of it.
    const to = next ? Math.max(slot(point.at), Math.ceil(next.at / width) - 1) : last;
    for (let i = Math.max(first, slot(point.at)); i <= to; i += 1) {
      all[i - first] = worseOf(all[i - first], { ...point, at: Math.max(point.at, i * width) });
    }
  });
  return all;
}

function worseOf(a, b) {
  if (!a) {
    return b;
  }
  const worst = worse(b, a) ? b : a;
  const slowest = Math.max(a.slowest ?? -1, b.slowest ?? -1);
  return { ...worst, slowest: worst.status === 'down' || slowest < 0 ? null : slowest };
}

/** Among equals the slower one is worse. */
function worse(a, b) {
  const order = badness(a.status) - badness(b.status);
  return order > 0 || (order === 0 && (a.ms ?? -1) > (b.ms ?? -1));
}

function badness(status) {
  return status === 'unobserved' ? -Infinity : -rank(status);
}

/**
 * Since when the project is what it is now. Which services are critical is not known here: the
 * project may have been better than the worst of its services, and `known` is false where it may
 * be so for longer than what is told.
 * @param {Point[]} points oldest first
 * @param {string} status the project's own
 * @returns {{status: string, at: number, known: boolean} | null} null where the points disagree
 */
export function runOf(points, status) {
  const newest = points.at(-1);
  if (newest?.status !== status) {
    return null;
  }
  let start = points.length - 1;
  while (start > 0 && points[start - 1].status === status) {
    start -= 1;
  }
  const before = points[start - 1]?.status ?? 'unobserved';
  if (status === 'down') {
    // Any of the services that are down may be the one that decides.
    const known = before !== 'unobserved' && newest.since === points[start].at;
    return { status, at: newest.since, known };
  }
  const known = before !== 'unobserved' && (before !== 'down' || status === 'healthy');
  return { status, at: points[start].at, known };
}

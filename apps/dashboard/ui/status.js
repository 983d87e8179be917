// The words for a project's state, and which of them is worse.

/** @typedef {'down' | 'degraded' | 'unknown' | 'healthy'} Status */

/** Worst first: the order of cards and counts. */
export const STATUSES = /** @type {const} */ (['down', 'degraded', 'unknown', 'healthy']);

const WORDS = { down: 'Down', degraded: 'Degraded', unknown: 'Unknown', healthy: 'Healthy' };

/** What a newer hub may send and this page does not know is shown as unknown. @returns {Status} */
export function statusOf(text) {
  return Object.hasOwn(WORDS, text) ? text : 'unknown';
}

/** @param {Status} status */
export function word(status) {
  return WORDS[status];
}

/** @param {Status} status 0 is worst */
export function rank(status) {
  return STATUSES.indexOf(status);
}

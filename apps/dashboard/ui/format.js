// Numbers and times as people read them. Pure: what depends on the present gets it as an argument.

/** What stands where a value is not known. */
export const NONE = '–';

const THIN = '\u202f'; // between a number and its unit, never broken

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const UNITS = { ms: 1, s: SECOND, m: MINUTE, h: HOUR, d: DAY };

const grouped = new Intl.NumberFormat('en', { maximumFractionDigits: 0 });

/** @param {unknown} value */
function isNumber(value) {
  return typeof value === 'number' && Number.isFinite(value);
}

/** `HH:MM:SS` in the reader's time zone. @param {Date} date */
export function clock(date) {
  return [date.getHours(), date.getMinutes(), date.getSeconds()]
    .map((part) => String(part).padStart(2, '0')).join(':');
}

/** For titles: the moment in the reader's zone and in UTC. @param {string | null} iso */
export function exactTime(iso) {
  const date = new Date(iso ?? NaN);
  if (Number.isNaN(date.getTime())) {
    return '';
  }
  return `${clock(date)} on ${date.toDateString()} (${date.toISOString()})`;
}

/** `5 s`, `3 min`, `2 h`, `4 d`: one unit, rounded down. @param {number} ms */
export function span(ms) {
  if (ms < MINUTE) {
    return `${Math.max(0, Math.floor(ms / SECOND))}${THIN}s`;
  }
  if (ms < HOUR) {
    return `${Math.floor(ms / MINUTE)}${THIN}min`;
  }
  if (ms < DAY) {
    return `${Math.floor(ms / HOUR)}${THIN}h`;
  }
  return `${Math.floor(ms / DAY)}${THIN}d`;
}

/** The same, to the nearest unit. @param {number} ms */
export function roughly(ms) {
  return span(ms < MINUTE ? ms : ms < HOUR ? ms + MINUTE / 2 : ms + HOUR / 2);
}

/** How long ago, by the hub's clock. @param {string | null} iso @param {number} now in ms */
export function ago(iso, now) {
  const then = Date.parse(iso ?? '');
  if (Number.isNaN(then)) {
    return 'never';
  }
  const passed = now - then;
  return passed < SECOND ? 'just now' : `${span(passed)} ago`;
}

/**
 * An availability. Rounded down, so that only a perfect one reads 100.
 * @param {number | null} percent 0-100
 */
export function uptime(percent) {
  if (!isNumber(percent)) {
    return NONE;
  }
  // The nudge keeps binary fractions from turning 99.99 into 99.98.
  const floored = Math.floor(percent * 100 + 1e-6) / 100;
  return `${floored === 100 || floored === 0 ? floored : floored.toFixed(2)}${THIN}%`;
}

/** @param {number | null} percent 0-100 */
export function percent(percent) {
  if (!isNumber(percent)) {
    return NONE;
  }
  return `${number(percent)}${THIN}%`;
}

/** Three or so figures that matter. @param {number | null} value */
export function number(value) {
  if (!isNumber(value)) {
    return NONE;
  }
  const size = Math.abs(value);
  if (size >= 1e6) {
    return `${trimmed(value / 1e6, 1)}${THIN}M`;
  }
  if (size >= 1e4) {
    return `${trimmed(value / 1e3, 1)}${THIN}k`;
  }
  if (size >= 100) {
    return grouped.format(value);
  }
  if (size >= 1) {
    return trimmed(value, 1);
  }
  return size !== 0 && size < 0.01 ? '<0.01' : trimmed(value, 2);
}

/** A measured time. @param {number | null} ms */
export function milliseconds(ms) {
  if (!isNumber(ms)) {
    return NONE;
  }
  if (ms >= SECOND) {
    return `${trimmed(ms / SECOND, 1)}${THIN}s`;
  }
  return ms > 0 && ms < 1 ? `<1${THIN}ms` : `${Math.round(ms)}${THIN}ms`;
}

/** What the hub writes as `250ms` or `10s`, in ms; null of anything else. @param {unknown} text */
export function duration(text) {
  const [, amount, unit] = /^(\d+)(ms|s|m|h|d)$/.exec(String(text)) ?? [];
  return amount ? Number(amount) * UNITS[unit] : null;
}

/** @param {number} count @param {string} one */
export function counted(count, one) {
  return `${grouped.format(count)} ${one}${count === 1 ? '' : 's'}`;
}

function trimmed(value, decimals) {
  return String(Number(value.toFixed(decimals)));
}

// The list of what happened lately, newest first.

import { element, glyph, setText } from './dom.js';
import { ago, exactTime } from './format.js';

export const SHOWN_EVENTS = 20;

const ONLY_SERVICE = 'app'; // of a project that is given by its URL alone: its name says nothing

const SIGNS = { critical: 'down', warning: 'degraded', info: 'info' };
const SEVERITY_WORDS = { critical: 'Critical', warning: 'Warning', info: 'Info' };

export class EventList {
  #list;
  #none;
  /** @type {Map<string, {element: HTMLElement, time: HTMLElement, at: string}>} */
  #items = new Map();

  /** @param {HTMLElement} list @param {HTMLElement} none shown while the list is empty */
  constructor(list, none) {
    this.#list = list;
    this.#none = none;
  }

  get size() {
    return this.#items.size;
  }

  /** Rows of GET /api/events. Items that are there already are kept. */
  show(rows, now) {
    const items = new Map();
    for (const row of rows.slice(0, SHOWN_EVENTS)) {
      const key = String(row.id);
      items.set(key, this.#items.get(key) ?? item(row));
    }
    this.#items = items;
    this.#list.replaceChildren(...[...items.values()].map((entry) => entry.element));
    this.#none.hidden = items.size > 0;
    this.tick(now);
  }

  /** @param {number} now by the hub's clock, in ms */
  tick(now) {
    for (const { time, at } of this.#items.values()) {
      setText(time, ago(at, now));
    }
  }
}

function item(row) {
  const severity = Object.hasOwn(SIGNS, row.severity) ? row.severity : 'info';
  const text = String(row.description || row.eventType || '');
  const service = row.serviceName === ONLY_SERVICE ? '' : row.serviceName;
  const where = [row.projectName, service].filter(Boolean).join(' / ');
  const at = String(row.occurredAt ?? '');
  const time = element('time', { datetime: at, title: exactTime(at) });
  const sign = element('span', { class: 'event-sign' }, glyph(signOf(row, severity)),
    element('span', { class: 'visually-hidden' }, `${SEVERITY_WORDS[severity]}: `));
  return {
    at,
    time,
    element: element('li', { class: 'event', 'data-sign': signOf(row, severity) }, sign,
      element('p', { class: 'event-text' }, element('strong', {}, where), where && ' ', text),
      element('p', { class: 'event-meta' }, time)),
  };
}

function signOf(row, severity) {
  const recovered = row.eventType === 'status_changed' && severity === 'info';
  return recovered ? 'healthy' : SIGNS[severity];
}

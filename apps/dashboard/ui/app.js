// The page: one connection, one fleet, and what of it is seen. Frames say how all projects are;
// history and metrics are fetched for the cards in view only.

import { ApiError, Queue, get, watchAccess } from './api.js';
import { hasServices } from './checks.js';
import { Connection } from './connection.js';
import { byId, element, glyph, setText } from './dom.js';
import { EventList, SHOWN_EVENTS } from './events.js';
import { Fleet } from './fleet.js';
import { clock, counted } from './format.js';
import { Grid } from './grid.js';
import { SignIn } from './sign_in.js';
import { STATUSES, word } from './status.js';

const FILTER_FROM = 9; // projects
const METRICS_EVERY = 30_000;
const METRICS_AFTER_CHECK = 10_000; // at the earliest after the last ones
const REASON_AFTER = 700; // the hub stores a little after it tells
const REASON_TRIES = 6;
const REASON_EVERY = 30_000; // while a project stays bad
const MOST_SERVICES = 1000; // that the hub tells of at once
const EVENTS_EVERY = 30_000;
const EVENTS_AFTER_CHANGE = 700; // several changes come together
const PROBE_DEADLINE = 1500;

const LIVE_WORDS = { connecting: 'Connecting…', live: 'Live', lost: 'Reconnecting…' };

const fleet = new Fleet();
const grid = new Grid(byId('grid'), (card) => load(card));
const events = new EventList(byId('event-list'), byId('no-events'));
const queue = new Queue();
const signIn = new SignIn(byId('sign-in'), () => {
  connection.wake();
  readAgain();
});

/** When what was fetched last, per card. @type {WeakMap<object, {history: number, metrics: number}>} */
let loaded = new WeakMap();
let everUpdated = false;
let unreachable = false; // nobody answered when the hub was asked last
let lastUpdate = new Date(NaN);
let clockOffset = 0; // of the hub against this machine, in ms
let waitingFrame = null;
let connectedTimes = 0;
let eventsTimer = 0;

const connection = new Connection({
  url: webSocketUrl('ws/status'),
  probe: async () => {
    try {
      await get('api/projects/status', PROBE_DEADLINE);
      unreachable = false;
    } catch (error) {
      unreachable = error.status !== 401;
      throw error;
    } finally {
      showAbsence();
    }
  },
  onFrame: receive,
  onState: showConnection,
});

function hubNow() {
  return Date.now() + clockOffset;
}

function webSocketUrl(path) {
  const url = new URL(path, document.baseURI);
  url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:';
  return url.href;
}

// What the hub says

/** Frames may come faster than the page is painted; the newest holds everything. */
function receive(frame) {
  if (frame.type !== 'status-update') {
    return;
  }
  const idle = waitingFrame === null;
  waitingFrame = frame;
  if (!idle) {
    return;
  }
  if (document.hidden) {
    setTimeout(applyFrame);
  } else {
    requestAnimationFrame(applyFrame);
  }
}

function applyFrame() {
  const frame = waitingFrame;
  waitingFrame = null;
  const told = new Date(frame.timestamp);
  lastUpdate = Number.isNaN(told.getTime()) ? new Date() : told;
  clockOffset = lastUpdate.getTime() - Date.now();
  const change = fleet.apply(frame.data);
  grid.apply(change, lastUpdate.getTime());
  showOverview();
  announce(change.transitions);
  if (change.transitions.length > 0) {
    loadEventsSoon();
  }
  change.changed.map((project) => grid.card(project.name)).forEach(loadAfterChange);
  for (const { name } of change.transitions) {
    loadHistory(grid.card(name)); // the reason of a failure is told there
  }
  grid.tick(hubNow());
}

function showConnection(state) {
  document.body.dataset.connection = state;
  showTitle();
  setText(byId('live-word'), LIVE_WORDS[state]);
  byId('banner').hidden = state !== 'lost' || !everUpdated;
  showAbsence();
  if (state === 'lost') {
    queue.clear();
    setText(byId('banner-text'), `What you see is as of ${clock(lastUpdate)}.`);
    setText(byId('failed-text'), `There is no answer from ${location.host}.`);
    say('Connection to the hub lost, reconnecting.');
  }
  if (state === 'live') {
    connectedTimes += 1;
    if (connectedTimes > 1) {
      say('Live again.');
      // What happened meanwhile is in the history.
      readAgain();
    }
    loadEventsSoon();
  }
}

/** What stands in the place of the cards before there are any. */
function showAbsence() {
  byId('failed').hidden = everUpdated || !unreachable;
  byId('loading').hidden = everUpdated || unreachable || signIn.shown;
}

function showAccess(allowed) {
  if (allowed) {
    signIn.hide();
  } else {
    signIn.show();
  }
  showAbsence();
}

// What is fetched

function readAgain() {
  loaded = new WeakMap();
  requestAnimationFrame(() => grid.visible.forEach(load));
}

function load(card) {
  const last = loaded.get(card);
  if (!last) {
    loadHistory(card);
    loadMetrics(card);
    return;
  }
  if (Date.now() - last.metrics >= METRICS_EVERY) {
    loadMetrics(card);
  }
  const { unexplained, behind, services } = card.checks;
  // Which of several services makes it bad may change without the project doing so.
  const stale = behind || (services > 1 && card.project.status !== 'healthy');
  if ((unexplained || stale) && Date.now() - last.history >= REASON_EVERY) {
    loadHistory(card, unexplained ? REASON_TRIES : 1);
  }
}

function loadAfterChange(card) {
  const last = loaded.get(card);
  if (last && grid.visible.has(card) && Date.now() - last.metrics >= METRICS_AFTER_CHECK) {
    loadMetrics(card);
  }
}

function noteLoaded(card, what) {
  const now = Date.now();
  loaded.set(card, { history: 0, metrics: 0, ...loaded.get(card), [what]: now });
}

function loadHistory(card, tries = REASON_TRIES) {
  if (!card || !grid.visible.has(card)) {
    return;
  }
  noteLoaded(card, 'history');
  const name = card.project.name;
  queue.add(`history ${name}`, async () => {
    const rows = await get(`api/history/${encodeURIComponent(name)}?hours=1`);
    card.checks.setHistory(rows, hasServices(rows) ? await loadServices(name) : []);
    card.redrawChecks();
    card.tick(hubNow());
    if ((card.checks.unexplained || card.checks.behind) && tries > 1) {
      setTimeout(() => loadHistory(card, tries - 1), REASON_AFTER);
    }
  });
}

/** Which services decide, and how often each is checked: figures of the card go on without it. */
async function loadServices(name) {
  try {
    return await get(`api/services?project=${encodeURIComponent(name)}&limit=${MOST_SERVICES}`);
  } catch (error) {
    if (error instanceof ApiError) {
      return [];
    }
    throw error;
  }
}

function loadMetrics(card) {
  noteLoaded(card, 'metrics');
  const name = card.project.name;
  queue.add(`metrics ${name}`, async () => {
    try {
      card.setMetrics(await get(`api/metrics/${encodeURIComponent(name)}`));
    } catch (error) {
      if (error.status === 404) {
        card.setMetrics(null);
      }
      throw error;
    }
  });
}

function loadEventsSoon() {
  clearTimeout(eventsTimer);
  eventsTimer = setTimeout(loadEvents, EVENTS_AFTER_CHANGE);
}

function loadEvents() {
  clearTimeout(eventsTimer);
  eventsTimer = setTimeout(loadEvents, EVENTS_EVERY);
  queue.add('events', async () => {
    events.show(await get(`api/events?limit=${SHOWN_EVENTS}`), hubNow());
    byId('events').hidden = false;
    byId('jump').hidden = events.size === 0;
  });
}

// What is shown around the cards

function showOverview() {
  everUpdated = true;
  const count = fleet.size;
  byId('projects').setAttribute('aria-busy', 'false');
  byId('loading').hidden = true;
  byId('failed').hidden = true;
  byId('grid').hidden = count === 0;
  byId('empty').hidden = count > 0;
  byId('filter').hidden = count < FILTER_FROM && filterText() === '';
  setText(byId('title'), `Monitoring ${counted(count, 'project')}`);
  setText(byId('last-updated'), clock(lastUpdate));
  byId('last-updated').setAttribute('datetime', lastUpdate.toISOString());
  showCounts(fleet.counts());
  showTitle();
  applyFilter();
}

function showCounts(counts) {
  const present = STATUSES.filter((status) => counts[status] > 0);
  const key = present.map((status) => `${status} ${counts[status]}`).join();
  const list = byId('counts');
  if (list.dataset.shown !== key) {
    list.dataset.shown = key;
    list.replaceChildren(...present.map((status) =>
      element('li', { 'data-status': status }, glyph(status),
        `${counts[status]} ${word(status).toLowerCase()}`)));
  }
}

/** A tab that is not looked at tells by its title. */
function showTitle() {
  const { down, degraded } = fleet.counts();
  const news = connection.state === 'lost' ? 'not connected' :
    down > 0 ? `${down} down` : degraded > 0 ? `${degraded} degraded` : '';
  document.title = news ? `(${news}) Muster` : 'Muster';
}

function filterText() {
  return /** @type {HTMLInputElement} */ (byId('filter-text')).value;
}

function applyFilter() {
  const text = filterText();
  const left = grid.setFilter(text);
  const none = byId('no-match');
  none.hidden = left > 0 || fleet.size === 0;
  setText(none, `No project matches “${text.trim()}”.`);
}

/** For those who listen instead of looking: changes only, never figures. */
function announce(transitions) {
  if (transitions.length > 3) {
    say(`${counted(transitions.length, 'project')} changed state.`);
  } else if (transitions.length > 0) {
    say(transitions.map(({ name, to }) => `${name} is ${to}.`).join(' '));
  }
}

function say(text) {
  byId('announcer').textContent = text;
}

// Start

byId('filter-text').addEventListener('input', applyFilter);
document.addEventListener('keydown', (event) => {
  const field = byId('filter-text');
  if (event.key === '/' && document.activeElement !== field && !byId('filter').hidden) {
    event.preventDefault();
    field.focus();
  }
});
window.addEventListener('online', () => connection.wake());
document.addEventListener('visibilitychange', () => {
  if (!document.hidden) {
    connection.wake();
  }
});
setInterval(() => {
  if (!document.hidden) {
    grid.tick(hubNow());
    events.tick(hubNow());
  }
}, 1000);
setInterval(() => {
  if (!document.hidden && connection.state === 'live') {
    grid.visible.forEach(load);
  }
}, METRICS_EVERY / 3);
watchAccess(showAccess);
connection.start();

// One project's card. Its name and state are always there; the rest is built when it first comes
// into view, so that a page with thousands of projects stays light.

import { SHOWN } from './checks.js';
import { element, glyph, setAttribute, setText, svg } from './dom.js';
import { NONE, ago, counted, exactTime, milliseconds, number, percent, roughly, span, uptime }
  from './format.js';
import { word } from './status.js';

const SPARK_WIDTH = 120;
const SPARK_HEIGHT = 32;
const METRICS_OLD = 90_000; // three collections missed
const OVERLAY_WORDS = new Map([
  ['flapping', 'Changes its state again and again'],
  ['unreachable', 'Something that it depends on is down'],
  ['maintenance', 'In a window of maintenance'],
]);
const FULL_COVERAGE = 99.95; // what would read as 100 %

export class Card {
  #name;
  #sign;
  #word;
  #reason;
  #overlays;
  #checked;
  #body = null;
  #metrics = null;

  /**
   * @param {import('./fleet.js').Project} project
   * @param {import('./checks.js').Checks} checks
   */
  constructor(project, checks) {
    this.project = project;
    this.checks = checks;
    const id = `project-${Card.#next++}`;
    this.#name = element('h2', { class: 'card-name', id, title: project.name },
      project.name);
    this.#sign = element('span', { class: 'card-sign' });
    this.#word = element('strong', { class: 'card-word' });
    this.#reason = element('span', { class: 'card-reason' });
    this.#overlays = element('p', { class: 'card-overlays' });
    this.#checked = element('time', { class: 'card-checked' });
    this.element = element('article', { class: 'card', 'aria-labelledby': id },
      element('header', { class: 'card-head' }, this.#sign,
        element('div', { class: 'card-title' },
          element('div', { class: 'card-line' }, this.#name, this.#checked),
          element('p', { class: 'card-state' }, this.#word, ' ', this.#reason),
          this.#overlays)));
    this.update(project);
  }

  static #next = 1;

  get built() {
    return this.#body !== null;
  }

  /** Builds what the head does not have. */
  build() {
    if (this.#body) {
      return;
    }
    this.#body = new Body();
    this.#sign.replaceChildren(glyph(this.project.status));
    this.element.append(...this.#body.elements);
    this.element.classList.add('card-built');
    this.#body.update(this.project);
    this.#body.setMetrics(this.#metrics);
    this.redrawChecks();
  }

  /** @param {import('./fleet.js').Project} project */
  update(project) {
    const before = this.element.dataset.status;
    this.project = project;
    if (before !== project.status) {
      this.element.dataset.status = project.status;
      if (this.built) {
        this.#sign.replaceChildren(glyph(project.status));
      }
      setText(this.#word, word(project.status));
    }
    this.#showOverlays(project.overlays);
    this.#body?.update(project);
  }

  /** What GET /api/metrics told; null where the project has none. */
  setMetrics(metrics) {
    this.#metrics = metrics;
    this.#body?.setMetrics(metrics);
  }

  redrawChecks() {
    this.#body?.setChecks(this.checks);
  }

  /** Everything that depends on the present. @param {number} now by the hub's clock, in ms */
  tick(now) {
    const { lastCheck } = this.project;
    setText(this.#checked, lastCheck ? ago(lastCheck, now) : '');
    setAttribute(this.#checked, 'title', lastCheck ? `Last check: ${exactTime(lastCheck)}` : '');
    if (lastCheck) {
      setAttribute(this.#checked, 'datetime', lastCheck);
    }
    setText(this.#reason, this.#explanation(now));
    this.#body?.tick(now);
  }

  /** What stands behind the word: for how long, and why. */
  #explanation(now) {
    const { status, lastCheck, isRunning } = this.project;
    if (!lastCheck) {
      return 'not checked yet';
    }
    const parts = [];
    const run = this.checks.runStart();
    if (run && run.status === status) {
      parts.push(run.known ? `for ${span(now - run.at)}` : `for over ${span(now - run.at)}`);
    }
    const error = status === 'healthy' && isRunning ? '' : this.checks.lastError(isRunning);
    if (error || !isRunning) {
      parts.push(error || 'the last check failed');
    }
    return parts.join(' · ');
  }

  #showOverlays(overlays) {
    if (this.#overlays.dataset.shown === overlays.join()) {
      return;
    }
    this.#overlays.dataset.shown = overlays.join();
    this.#overlays.replaceChildren(
      ...overlays.flatMap((overlay, index) => [index > 0 ? ' ' : '', element('span',
        { class: 'overlay', title: OVERLAY_WORDS.get(overlay) ?? null }, overlay)]));
  }
}

/** Figures, bar and metrics: the part of a card that is built late. */
class Body {
  #uptime = value();
  #coverage = element('span', { class: 'hint' });
  #response = value();
  #spark = svg('svg', {
    class: 'spark', viewBox: `0 0 ${SPARK_WIDTH} ${SPARK_HEIGHT}`, preserveAspectRatio: 'none',
    'aria-hidden': 'true', focusable: 'false',
  });
  #bar = element('div', { class: 'ticks', role: 'img' });
  #span = element('span');
  #cpu = new Metric('CPU', true);
  #memory = new Metric('Memory', true);
  #errors = new Metric('Error rate');
  #requests = new Metric('Req/s');
  #metrics = element('dl', { class: 'metrics' }, this.#cpu.element, this.#memory.element,
    this.#errors.element, this.#requests.element);
  #collected = NaN;

  constructor() {
    this.elements = [
      element('div', { class: 'figures' },
        element('dl', {}, pair('Uptime 24 h', this.#uptime, this.#coverage),
          pair('Response', this.#response)),
        this.#spark),
      element('div', { class: 'history' }, this.#bar,
        element('p', { class: 'history-span', 'aria-hidden': 'true' }, this.#span)),
      this.#metrics,
    ];
  }

  update(project) {
    const seen = (project.coverage ?? 0) > 0;
    setText(this.#uptime, seen ? uptime(project.uptime) : NONE);
    const partial = seen && project.coverage < FULL_COVERAGE;
    setText(this.#coverage, partial ? `${percent(project.coverage)} observed` : '');
    setAttribute(this.#coverage, 'title',
      partial ? 'Share of the last 24 hours in which the hub was watching' : '');
    // How long a failed check took says nothing about the project's speed.
    setText(this.#response, project.isRunning ? milliseconds(project.responseTime) : NONE);
  }

  setMetrics(metrics) {
    this.#cpu.show(percent(metrics?.cpuUsagePercent), metrics?.cpuUsagePercent);
    this.#memory.show(percent(metrics?.memoryUsagePercent), metrics?.memoryUsagePercent);
    this.#errors.show(percent(metrics?.errorRate));
    this.#requests.show(number(metrics?.requestsPerSecond));
    this.#collected = Date.parse(metrics?.timestamp ?? '');
    setAttribute(this.#metrics, 'title',
      metrics?.timestamp ? `Collected: ${exactTime(metrics.timestamp)}` : '');
  }

  /** Figures that were not renewed for a while must not look like those of now. */
  tick(now) {
    this.#metrics.classList.toggle('metrics-old', now - this.#collected > METRICS_OLD);
  }

  /** @param {import('./checks.js').Checks} checks */
  setChecks(checks) {
    const bar = checks.bar();
    drawTicks(this.#bar, bar);
    setAttribute(this.#bar, 'aria-label', barLabel(bar, checks));
    setText(this.#span, barSpan(bar, checks));
    drawSpark(this.#spark, bar);
  }
}

class Metric {
  #value = value();
  #level = null;

  constructor(label, metered = false) {
    this.element = pair(label, this.#value);
    if (metered) {
      this.#level = element('i');
      this.element.append(element('dd', { class: 'meter', 'aria-hidden': 'true' }, this.#level));
    }
  }

  show(text, share) {
    setText(this.#value, text);
    if (this.#level) {
      const level = Math.min(1, Math.max(0, (share ?? 0) / 100));
      if (this.#level.style.getPropertyValue('--level') !== level.toFixed(3)) {
        this.#level.style.setProperty('--level', level.toFixed(3));
      }
      this.#level.parentElement.classList.toggle('meter-high', level >= 0.85);
    }
  }
}

function value() {
  return element('span', { class: 'value' }, NONE);
}

function pair(label, ...values) {
  return element('div', { class: 'pair' }, element('dt', {}, label), element('dd', {}, ...values));
}

/** One element per mark; those that are there already are reused. */
function drawTicks(bar, marks) {
  while (bar.children.length < SHOWN) {
    bar.append(element('i'));
  }
  const empty = SHOWN - marks.length;
  for (let i = 0; i < SHOWN; i += 1) {
    const mark = marks[i - empty];
    setAttribute(bar.children[i], 'data-status', mark?.status ?? 'none');
    setAttribute(bar.children[i], 'title', mark ? tickTitle(mark) : '');
  }
}

function tickTitle(mark) {
  const when = exactTime(new Date(mark.at).toISOString());
  if (mark.status === 'unobserved') {
    return `Not observed after ${when}`;
  }
  const detail = mark.why || milliseconds(mark.ms);
  return `${word(mark.status)}${detail === NONE ? '' : `, ${detail}`}\n${when}`;
}

function barLabel(bar, { slice }) {
  const seen = bar.filter((mark) => mark.status !== 'unobserved');
  if (seen.length === 0) {
    return 'No checks yet';
  }
  const parts = ['down', 'degraded', 'healthy'].flatMap((status) => {
    const count = seen.filter((mark) => mark.status === status).length;
    return count > 0 ? [slice ? `${status} ${roughly(count * slice)}` : `${count} ${status}`] : [];
  });
  const what = slice ? roughly(seen.length * slice) : counted(seen.length, 'check');
  return `Last ${what}: ${parts.join(', ')}`;
}

/** What the bar covers, for those who look at it. */
function barSpan(bar, { slice, services }) {
  if (bar.length === 0) {
    return 'No checks yet';
  }
  if (slice) {
    return `${counted(services, 'service')} in ${roughly(bar.length * slice)}`;
  }
  const checks = counted(bar.filter((mark) => mark.status !== 'unobserved').length, 'check');
  return bar.length > 1 ? `${checks} in ${roughly(bar.at(-1).at - bar[0].at)}` : checks;
}

/** Response times as a line; failed checks and unobserved time leave a hole. */
function drawSpark(spark, bar) {
  const highest = Math.max(1, ...bar.filter(passed).map((mark) => mark.ms));
  const step = SPARK_WIDTH / (SHOWN - 1);
  const from = SHOWN - bar.length;
  let line = '';
  let drawing = false;
  bar.forEach((mark, index) => {
    if (!passed(mark)) {
      drawing = false;
      return;
    }
    const x = (from + index) * step;
    const y = SPARK_HEIGHT - 2 - (mark.ms / highest) * (SPARK_HEIGHT - 4);
    line += `${drawing ? 'L' : 'M'}${x.toFixed(1)} ${y.toFixed(1)}`;
    // A lone point between two holes still shows.
    line += drawing ? '' : 'h.01';
    drawing = true;
  });
  const path = spark.firstElementChild ??
    spark.appendChild(svg('path', { 'vector-effect': 'non-scaling-stroke' }));
  if (path.getAttribute('d') !== line) {
    path.setAttribute('d', line);
  }
}

function passed(mark) {
  return mark.ms !== null && (mark.status === 'healthy' || mark.status === 'degraded');
}

// The cards of all projects, worst first. Only what changed is touched: a card that keeps its
// place keeps its elements, one that moves is moved alone.

import { Card } from './card.js';
import { Checks } from './checks.js';
import { compare, matches } from './fleet.js';

const BUILT_AT_ONCE = 60; // more projects than this are built as they come into view

export class Grid {
  #element;
  #onVisible;
  /** @type {Map<string, Card>} */
  #cards = new Map();
  /** @type {Card[]} as shown */
  #order = [];
  #visible = new Set();
  #filter = '';
  #observer;

  /**
   * @param {HTMLElement} element
   * @param {(card: Card) => void} onVisible whenever a card comes into view
   */
  constructor(element, onVisible) {
    this.#element = element;
    this.#onVisible = onVisible;
    this.#observer = new IntersectionObserver((entries) => this.#seen(entries),
      { rootMargin: '400px' });
  }

  get visible() {
    return this.#visible;
  }

  /** @returns {Card | undefined} */
  card(name) {
    return this.#cards.get(name);
  }

  /** @param {import('./fleet.js').Change} change @param {number} now by the hub's clock, in ms */
  apply(change, now) {
    change.removed.forEach((name) => this.#remove(name));
    for (const project of change.changed) {
      this.#change(this.#cards.get(project.name), project, now);
    }
    this.#add(change.added, now);
  }

  /** @returns {number} how many cards are left */
  setFilter(text) {
    this.#filter = text;
    return this.#order.filter((card) => this.#showOrHide(card)).length;
  }

  tick(now) {
    this.#visible.forEach((card) => card.tick(now));
  }

  #add(projects, now) {
    const cards = projects.map((project) => this.#create(project, now));
    if (cards.length === 0) {
      return;
    }
    this.#order = [...this.#order, ...cards].sort(byProject);
    // From the end, so that the card to insert before is in place already.
    const added = new Set(cards);
    for (let i = this.#order.length - 1; i >= 0; i -= 1) {
      const card = this.#order[i];
      if (added.has(card)) {
        this.#element.insertBefore(card.element, this.#order[i + 1]?.element ?? null);
        this.#observer.observe(card.element);
      }
    }
  }

  #create(project, now) {
    const checks = new Checks();
    checks.append(project, now);
    const card = new Card(project, checks);
    this.#cards.set(project.name, card);
    card.element.dataset.project = project.name;
    this.#showOrHide(card);
    if (this.#cards.size <= BUILT_AT_ONCE) {
      card.build();
    }
    return card;
  }

  #change(card, project, now) {
    const moves = card.project.status !== project.status;
    const from = moves ? this.#order.indexOf(card) : 0;
    const checked = card.checks.append(project, now);
    card.update(project);
    if (checked && this.#visible.has(card)) {
      card.redrawChecks();
    }
    if (moves) {
      this.#move(card, from);
    }
    this.#showOrHide(card);
  }

  #move(card, from) {
    this.#order.splice(from, 1);
    const place = this.#order.findIndex((other) => byProject(card, other) < 0);
    const to = place < 0 ? this.#order.length : place;
    this.#order.splice(to, 0, card);
    if (to !== from) {
      this.#element.insertBefore(card.element, this.#order[to + 1]?.element ?? null);
    }
  }

  #remove(name) {
    const card = this.#cards.get(name);
    this.#cards.delete(name);
    this.#visible.delete(card);
    this.#observer.unobserve(card.element);
    this.#order.splice(this.#order.indexOf(card), 1);
    card.element.remove();
  }

  #showOrHide(card) {
    const shown = matches(card.project, this.#filter);
    card.element.hidden = !shown;
    return shown;
  }

  #seen(entries) {
    for (const entry of entries) {
      const card = this.#cards.get(entry.target.dataset.project);
      if (!card) {
        continue;
      }
      if (!entry.isIntersecting) {
        this.#visible.delete(card);
        continue;
      }
      this.#visible.add(card);
      card.build();
      card.redrawChecks();
      this.#onVisible(card);
    }
  }
}

function byProject(a, b) {
  return compare(a.project, b.project);
}

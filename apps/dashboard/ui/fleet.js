// All projects as the hub last told, without any page: which are new, gone or changed, and in
// which order they are shown.

import { rank, statusOf } from './status.js';

/**
 * @typedef {object} Project
 * @property {string} name
 * @property {import('./status.js').Status} status
 * @property {string | null} lastCheck
 * @property {number | null} uptime
 * @property {number | null} coverage
 * @property {number | null} responseTime
 * @property {boolean} isRunning
 * @property {string[]} overlays
 */

/**
 * @typedef {object} Change
 * @property {Project[]} added
 * @property {Project[]} changed
 * @property {string[]} removed
 * @property {{name: string, from: string, to: string}[]} transitions of projects that were known
 */

const byName = new Intl.Collator('en', { numeric: true, sensitivity: 'base' });

/** Worst first; within a state by name, so cards move only when a state changes. */
export function compare(a, b) {
  return rank(a.status) - rank(b.status) || byName.compare(a.name, b.name) ||
    (a.name < b.name ? -1 : Number(a.name > b.name));
}

/** @param {Project} project @param {string} text as typed */
export function matches(project, text) {
  const wanted = text.trim().toLowerCase();
  return wanted === '' || project.name.toLowerCase().includes(wanted) ||
    project.status.startsWith(wanted) ||
    project.overlays.some((overlay) => overlay.startsWith(wanted));
}

export class Fleet {
  constructor() {
    /** @type {Map<string, Project>} */
    this.projects = new Map();
  }

  get size() {
    return this.projects.size;
  }

  /** Takes the whole map of a frame. @returns {Change} */
  apply(data) {
    const change = { added: [], changed: [], removed: [], transitions: [] };
    const seen = new Set();
    for (const [name, row] of Object.entries(data ?? {})) {
      seen.add(name);
      this.#applyRow(projectOf(name, row ?? {}), change);
    }
    for (const name of this.projects.keys()) {
      if (!seen.has(name)) {
        this.projects.delete(name);
        change.removed.push(name);
      }
    }
    return change;
  }

  /** How many projects are in each state. */
  counts() {
    const counts = { down: 0, degraded: 0, unknown: 0, healthy: 0 };
    for (const project of this.projects.values()) {
      counts[project.status] += 1;
    }
    return counts;
  }

  #applyRow(project, change) {
    const known = this.projects.get(project.name);
    if (known && same(known, project)) {
      return;
    }
    this.projects.set(project.name, project);
    if (!known) {
      change.added.push(project);
      return;
    }
    change.changed.push(project);
    if (known.status !== project.status) {
      change.transitions.push({ name: project.name, from: known.status, to: project.status });
    }
  }
}

/** @returns {Project} */
function projectOf(name, row) {
  return {
    name,
    status: statusOf(row.status),
    lastCheck: row.lastCheck ?? null,
    uptime: row.uptime ?? null,
    coverage: row.coverage ?? null,
    responseTime: row.responseTime ?? null,
    isRunning: row.isRunning === true,
    overlays: Array.isArray(row.overlays) ? row.overlays.map(String) : [],
  };
}

function same(a, b) {
  return a.status === b.status && a.lastCheck === b.lastCheck && a.uptime === b.uptime &&
    a.coverage === b.coverage && a.responseTime === b.responseTime &&
    a.isRunning === b.isRunning && a.overlays.join() === b.overlays.join();
}

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { check, project } from '../mock/hub.js';
import { Checks, SHOWN } from '../../../../apps/dashboard/ui/checks.js';
import { delayBefore } from '../../../../apps/dashboard/ui/connection.js';
import { Fleet, compare, matches } from '../../../../apps/dashboard/ui/fleet.js';

function fleetOf(...rows) {
  const fleet = new Fleet();
  fleet.apply(mapOf(...rows));
  return fleet;
}

function mapOf(...rows) {
  return Object.fromEntries(rows.map((row) => [row.projectName, row]));
}

test('a frame says what is new, changed and gone', () => {
  const a = project('a');
  const b = project('b');
  const fleet = fleetOf(a, b);
  const change = fleet.apply(mapOf(a, project('c')));
  assert.deepEqual(change.added.map((p) => p.name), ['c']);
  assert.deepEqual(change.changed, []);
  assert.deepEqual(change.removed, ['b']);
});

test('a transition is told once, and only of projects that were known', () => {
  const fleet = fleetOf(project('a'));
  const first = fleet.apply(mapOf(project('a', 'down'), project('b', 'down')));
  assert.deepEqual(first.transitions, [{ name: 'a', from: 'healthy', to: 'down' }]);
  assert.deepEqual(fleet.apply(mapOf(project('a', 'down'))).transitions, []);
});

test('what a newer hub may say is shown as unknown, not as a crash', () => {
  const fleet = new Fleet();
  fleet.apply({ a: { status: 'sleeping', overlays: 'none' }, b: null, toString: {} });
  assert.deepEqual([...fleet.projects.values()].map((p) => p.status),
    ['unknown', 'unknown', 'unknown']);
  assert.deepEqual(new Fleet().apply(null).added, []);
});

test('the worst comes first, equals by name with their numbers in order', () => {
  const fleet = fleetOf(project('b'), project('node-10'), project('node-9'),
    project('z', 'down'), project('m', 'unknown'), project('k', 'degraded'));
  const order = [...fleet.projects.values()].sort(compare).map((p) => p.name);
  assert.deepEqual(order, ['z', 'k', 'm', 'b', 'node-9', 'node-10']);
});

test('a filter looks at names, states and overlays', () => {
  const [shop] = fleetOf(project('Web-Shop', 'down', { overlays: ['flapping'] })).projects.values();
  for (const text of ['', ' shop ', 'WEB', 'down', 'flap']) {
    assert.ok(matches(shop, text), text);
  }
  assert.ok(!matches(shop, 'healthy'));
});

test('frames go on where history ends, in whichever order both come', () => {
  const [told] = fleetOf(project('a', 'down', { isRunning: false })).projects.values();
  const checks = new Checks();
  assert.ok(checks.append(told));
  assert.ok(!checks.append(told), 'the same check does not count twice');
  checks.setHistory([check('a', 20), check('a', 10)]);
  assert.deepEqual(checks.bar().map((c) => c.status), ['healthy', 'healthy', 'down']);
  checks.setHistory([check('a', 20), check('a', 10),
    { ...check('a', 0, 'down', 5, 'connection refused'), lastCheck: told.lastCheck }]);
  assert.equal(checks.bar().length, 3);
  assert.equal(checks.lastError(), 'connection refused');
});

test('a failed check is a failed check, even while the project is not yet called down', () => {
  const [told] = fleetOf(project('a', 'healthy', { isRunning: false })).projects.values();
  const checks = new Checks();
  checks.append(told);
  assert.equal(checks.bar()[0].status, 'down');
});

test('the bar has a mark where nobody was watching', () => {
  const checks = new Checks();
  checks.setHistory([900, 890, 880, 870, 20, 10].map((ago) => check('a', ago)));
  assert.deepEqual(checks.bar().map((c) => c.status),
    ['healthy', 'healthy', 'healthy', 'healthy', 'unobserved', 'healthy', 'healthy']);
});

test('the bar is never longer than it may be, and rubbish is left out', () => {
  const checks = new Checks();
  checks.setHistory([{}, { lastCheck: 'soon' },
    ...Array.from({ length: 500 }, (_, i) => check('a', 5000 - i * 10))]);
  assert.equal(checks.bar().length, SHOWN);
});

test('a run of equal checks knows when it began, or that it does not', () => {
  const checks = new Checks();
  assert.equal(checks.runStart(), null);
  checks.setHistory([check('a', 30), check('a', 20, 'down'), check('a', 10, 'down')]);
  const run = checks.runStart();
  assert.equal(run.status, 'down');
  assert.equal(run.known, true);
  checks.setHistory([check('a', 20), check('a', 10)]);
  assert.equal(checks.runStart().known, false);
});

test('with its probe and its handshake every attempt is over in less than five seconds', () => {
  let longest = 0;
  for (let attempt = 0; attempt < 40; attempt += 1) {
    longest = Math.max(longest, delayBefore(attempt, () => 0.999999));
    assert.ok(delayBefore(attempt, () => 0) > 0);
  }
  assert.ok(longest + 1500 < 5000, `${longest} ms`);
  assert.notEqual(delayBefore(5, () => 0.1), delayBefore(5, () => 0.9), 'pages must spread');
});

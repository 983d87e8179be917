import assert from 'node:assert/strict';
import { test } from 'node:test';
import { check, project } from '../mock/hub.js';
import { Checks, SHOWN } from '../../../../apps/dashboard/ui/checks.js';
import { delayBefore } from '../../../../apps/dashboard/ui/connection.js';
import { slices } from '../../../../apps/dashboard/ui/series.js';
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

/** Rows of two services in turn, every 10 s, as the history gives them. */
function inTurn(count, webIs, dbIs) {
  return Array.from({ length: count }, (_, i) => count - i).flatMap((left) => [
    check('shop', left * 10, webIs(left), 40, '', 'web'),
    check('shop', left * 10 - 5, dbIs(left), 4, dbIs(left) === 'down' ? 'refused' : '', 'db'),
  ]);
}

const well = () => 'healthy';
/** For how many seconds at the newest check. */
const lasting = (checks, status) =>
  Math.round((checks.list.at(-1).at - checks.runStart(status).at) / 1000);

test('services in turn are one series: a bar without stripes, a run as long as the failure', () => {
  const checks = new Checks();
  checks.setHistory(inTurn(30, well, (left) => (left <= 12 ? 'down' : 'healthy')));
  const told = checks.bar().map((c) => c.status).join();
  assert.match(told, /^(healthy,){17,18}(down,){11,12}down$/);
  const run = checks.runStart('down');
  assert.equal(lasting(checks, 'down'), 110);
  assert.equal(run.known, true);
  assert.equal(checks.lastError(), 'db: refused');
  const { ms, ...rest } = checks.covered();
  assert.deepEqual(rest, { checks: 60, more: false, services: 2 });
  assert.equal(Math.round(ms / 1000), 295);
});

test('of several services the slowest answer is drawn, and none while the project is down', () => {
  const checks = new Checks();
  checks.setHistory(inTurn(10, well, (left) => (left <= 3 ? 'down' : 'healthy')));
  for (const { status, slowest } of checks.bar()) {
    assert.equal(slowest, status === 'down' ? null : 40);
  }
});

test('of several services frames go on with what the hub calls the project', () => {
  const [told] = fleetOf(project('shop', 'down')).projects.values();
  const checks = new Checks();
  checks.setHistory(inTurn(30, well, (left) => (left <= 12 ? 'down' : 'healthy')));
  assert.ok(checks.append(told));
  assert.equal(lasting(checks, 'down'), 115);
  assert.equal(checks.lastError(), 'db: refused');
  assert.equal(checks.covered().more, true);
  assert.ok(checks.append({ ...told, status: 'healthy', isRunning: true,
    lastCheck: new Date(Date.now() + 5000).toISOString() }));
  assert.equal(lasting(checks, 'healthy'), 0);
  assert.equal(checks.runStart('healthy').known, true);
  assert.equal(checks.lastError(), '');
});

test('where the services do not say what the project is, no time is told', () => {
  const checks = new Checks();
  // The hub calls it degraded: what is down is not critical.
  checks.setHistory(inTurn(30, well, (left) => (left <= 12 ? 'down' : 'healthy')));
  assert.equal(checks.runStart('degraded'), null);
  // Whether it was down before or degraded all the time depends on what is critical.
  checks.setHistory(inTurn(30, (left) => (left <= 20 ? 'degraded' : 'healthy'),
    (left) => (left <= 12 && left > 6 ? 'down' : 'healthy')));
  assert.equal(checks.runStart('degraded').known, false);
  // Either of two that are down may be the one that decides.
  checks.setHistory(inTurn(30, (left) => (left <= 20 ? 'down' : 'healthy'),
    (left) => (left <= 6 ? 'down' : 'healthy')));
  assert.equal(lasting(checks, 'down'), 50);
  assert.equal(checks.runStart('down').known, false);
});

test('a change after a silence is not dated: nobody saw when it was', () => {
  const [told] = fleetOf(project('shop')).projects.values();
  const checks = new Checks();
  checks.setHistory(inTurn(5, well, well));
  checks.append(told);
  checks.append({ ...told, status: 'down', isRunning: false,
    lastCheck: new Date(Date.now() + 600_000).toISOString() });
  assert.equal(checks.runStart('down').known, false);
  assert.ok(checks.bar().some((slice) => slice.status === 'unobserved'));
});

test('a service that is not checked any more does not hold its project down', () => {
  const checks = new Checks();
  const gone = [900, 890, 880].map((ago) => check('shop', ago, 'down', 1, 'refused', 'old'));
  checks.setHistory([...gone, ...inTurn(30, well, well)]);
  assert.equal(checks.bar().at(-1).status, 'healthy');
  assert.equal(checks.services, 3);
});

test('a slice is as bad as the worst moment in it and ends before the next begins', () => {
  const point = (at, status) => ({ at, status, ms: 1, error: '', service: 'a', slowest: 1, since: 0 });
  const bar = slices([point(0, 'healthy'), point(14, 'down'), point(16, 'degraded'),
    point(20, 'healthy'), point(30, 'unobserved'), point(55, 'healthy')], 10, 60);
  assert.deepEqual(bar.map((slice) => slice.status),
    ['healthy', 'down', 'healthy', 'unobserved', 'unobserved', 'healthy']);
  assert.equal(bar[1].slowest, null);
  assert.equal(slices([point(0, 'healthy'), point(10_000, 'healthy')], 10, SHOWN).length, SHOWN);
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

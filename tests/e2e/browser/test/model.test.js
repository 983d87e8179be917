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

/** Rows of two services in turn, every 10 s; `left` counts down to the newest. */
function inTurn(count, webIs, dbIs) {
  return Array.from({ length: count }, (_, i) => count - i).flatMap((left) => [
    check('shop', left * 10, webIs(left), 40, webIs(left) === 'down' ? 'reset' : '', 'web'),
    check('shop', left * 10 - 5, dbIs(left), 4, dbIs(left) === 'down' ? 'refused' : '', 'db'),
  ]);
}

const well = () => 'healthy';
const lately = (status, from) => (left) => (left <= from ? status : 'healthy');
const dbOptional = [{ name: 'web', critical: true, interval: '10s' },
  { name: 'db', critical: false, interval: '10s' }];
const secondsAgo = (at) => Math.round((Date.now() - at) / 1000);
const statuses = (checks) => checks.bar().map(({ status }) => status).join();

test('services in turn are one bar without stripes and one run as long as the failure', () => {
  const checks = new Checks();
  checks.setHistory(inTurn(30, well, lately('down', 12)));
  assert.match(statuses(checks), /^(healthy,){18,19}(down,){11,12}down$/);
  const run = checks.runStart();
  assert.deepEqual([run.status, secondsAgo(run.at), run.known], ['down', 115, true]);
  assert.equal(checks.lastError(), 'db: refused');
  assert.deepEqual([checks.services, checks.slice], [2, 10_000]);
});

test('a service that is not critical makes its project degraded, and is named', () => {
  const checks = new Checks();
  checks.setHistory(inTurn(30, well, lately('down', 12)), dbOptional);
  assert.match(statuses(checks), /^(healthy,){18,19}(degraded,){11,12}degraded$/);
  assert.equal(checks.runStart().status, 'degraded');
  assert.equal(checks.lastError(true), 'db: refused');
  assert.ok(checks.bar().every(({ ms }) => ms === 40), 'the web alone decides');
});

test('of several services frames go on with what the hub calls the project', () => {
  const now = Date.now();
  const [told] = fleetOf(project('shop', 'down')).projects.values();
  const checks = new Checks();
  checks.setHistory(inTurn(30, well, lately('down', 12)));
  assert.ok(checks.append(told, now));
  assert.equal(secondsAgo(checks.runStart().at), 115);
  assert.ok(!checks.append({ ...told, uptime: 12 }, now + 100), 'no check, no mark');
  const back = { ...told, status: 'healthy', isRunning: true };
  assert.ok(checks.append(back, now + 250), 'a change without a newer check is one');
  assert.deepEqual(checks.runStart(), { status: 'healthy', at: now + 250, known: true });
});

test('what frames told before the history came stays, and what is in it does not come twice', () => {
  const now = Date.now();
  const [told] = fleetOf(project('shop', 'down')).projects.values();
  const checks = new Checks();
  checks.append({ ...told, status: 'healthy', isRunning: true,
    lastCheck: new Date(now - 10_000).toISOString() }, now - 10_000);
  checks.append(told, now);
  assert.ok(checks.unexplained);
  checks.setHistory(inTurn(30, well, well));
  assert.ok(checks.behind, 'the hub stores later than it tells');
  assert.deepEqual(checks.runStart(), { status: 'down', at: now, known: true });
  assert.match(statuses(checks), /^(healthy,){29,30}down$/);
  checks.setHistory([...inTurn(30, well, well), check('shop', 0, 'down', 4, 'refused', 'db')]);
  assert.ok(!checks.behind && !checks.unexplained);
  assert.equal(checks.lastError(), 'db: refused');
  assert.match(statuses(checks), /^(healthy,){29,30}down$/);
});

test('where the hub knows better than the services tell, nobody knows since when', () => {
  const [told] = fleetOf(project('shop', 'degraded')).projects.values();
  const checks = new Checks();
  checks.append(told, Date.now() - 20_000);
  checks.setHistory(inTurn(30, well, lately('down', 12)));
  assert.ok(checks.behind);
  assert.deepEqual([checks.runStart().status, checks.runStart().known], ['degraded', false]);
});

test('a silence of the hub is not seen as time that went well', () => {
  const [told] = fleetOf(project('shop')).projects.values();
  const checks = new Checks();
  const now = Date.now();
  checks.append(told, now);
  checks.setHistory(inTurn(5, well, well));
  checks.append({ ...told, status: 'down', isRunning: false,
    lastCheck: new Date(now + 600_000).toISOString() }, now + 600_000);
  assert.match(statuses(checks), /(unobserved,)+down$/);
  assert.equal(checks.runStart().known, false);
});

test('a project that is left with one service shows its checks again', () => {
  const checks = new Checks();
  checks.setHistory(inTurn(5, well, well));
  checks.setHistory([check('shop', 20), check('shop', 10)]);
  assert.deepEqual([checks.services, checks.slice], [1, null]);
  assert.equal(statuses(checks), 'healthy,healthy');
});

test('what was seen of a service that is watched no more says nothing of its project', () => {
  const checks = new Checks();
  const gone = [7.2, 7].map((ago) => check('shop', ago, 'down', 4, 'refused', 'db'));
  const web = inTurn(5, well, well).filter((row) => row.serviceName === 'web');
  checks.setHistory([...web, ...gone], [{ name: 'web', critical: true, interval: '10s' }]);
  assert.deepEqual([checks.services, checks.slice], [1, null]);
  assert.equal(statuses(checks), 'healthy,healthy,healthy,healthy,healthy');
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

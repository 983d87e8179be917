import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Series, explain, fold, projectStatus } from '../../../../apps/dashboard/ui/series.js';

const member = (status, critical = true) => ({ status, critical });
const check = (at, service, status = 'healthy', ms = 5, error = '') =>
  ({ at, service, status, ms, error });
const point = (at, status, ms = 5, why = '') => ({ at, status, ms, why });
const all = (holds = Infinity) => () => ({ critical: true, holds });
const but = (optional) => (service) => ({ critical: service !== optional, holds: Infinity });
const told = ({ points }) => points.map(({ at, status }) => `${at} ${status}`);

function drawn(width, most, ...points) {
  const series = new Series(width, most);
  points.forEach((it) => series.add(it));
  return series;
}

test('the worst critical service decides, in the order down, degraded, unknown, healthy', () => {
  assert.equal(projectStatus([member('healthy'), member('unknown')]), 'unknown');
  assert.equal(projectStatus([member('unknown'), member('degraded')]), 'degraded');
  assert.equal(projectStatus([member('degraded'), member('down'), member('healthy')]), 'down');
});

test('a service that is not critical degrades at most, and what is unknown of it says nothing', () => {
  assert.equal(projectStatus([member('healthy'), member('down', false)]), 'degraded');
  assert.equal(projectStatus([member('healthy'), member('degraded', false)]), 'degraded');
  assert.equal(projectStatus([member('unknown'), member('down', false)]), 'degraded');
  assert.equal(projectStatus([member('healthy'), member('unknown', false)]), 'healthy');
  assert.equal(projectStatus([member('down'), member('degraded', false)]), 'down');
});

test('where no service is critical all of them decide', () => {
  assert.equal(projectStatus([member('healthy', false), member('down', false)]), 'down');
});

test('between its checks a service stays what it was: no stripes', () => {
  const folded = fold([check(0, 'web'), check(1, 'db', 'down'), check(10, 'web'),
    check(11, 'db', 'down'), check(20, 'web'), check(21, 'db')], all());
  assert.deepEqual(told(folded),
    ['0 healthy', '1 down', '10 down', '11 down', '20 down', '21 healthy']);
});

test('what is not critical is folded in as the hub does', () => {
  const folded = fold([check(0, 'web'), check(1, 'mail', 'down', 9, 'refused'),
    check(2, 'web', 'down', 0, 'reset')], but('mail'));
  assert.deepEqual(told(folded), ['0 healthy', '1 degraded', '2 down']);
  assert.deepEqual(folded.points.map(({ ms }) => ms), [5, 5, null],
    'a failure of the others leaves the response time as it was');
  assert.deepEqual(folded.points.map(({ why }) => why), ['', 'mail: refused', 'web: reset']);
});

test('the response time is the slowest of the services that decide', () => {
  const folded = fold([check(0, 'web', 'healthy', 40), check(1, 'db', 'healthy', 4),
    check(2, 'mail', 'healthy', 700), check(3, 'db', 'healthy', 60),
    check(4, 'db', 'healthy', null)], but('mail'));
  assert.deepEqual(folded.points.map(({ ms }) => ms), [40, 40, 40, 60, 40]);
});

test('a check that failed tells no response time before its service is called down', () => {
  const folded = fold([check(0, 'web'), check(1, 'web', 'healthy', 3, 'refused')], all());
  assert.deepEqual(folded.points.map(({ ms }) => ms), [5, null]);
});

test('a service that is not checked any more does not hold its project down', () => {
  const folded = fold([check(0, 'old', 'down'), check(50, 'web'), check(150, 'web')], all(100));
  assert.deepEqual(told(folded), ['0 down', '50 down', '100 healthy', '150 healthy']);
  assert.deepEqual(folded.members.map(({ service }) => service), ['web']);
});

test('while no service is checked nothing is known', () => {
  const folded = fold([check(0, 'web', 'down'), check(5, 'db'), check(500, 'web')], all(100));
  assert.deepEqual(told(folded),
    ['0 down', '5 down', '100 healthy', '105 unobserved', '500 healthy']);
});

test('nothing is made of nothing', () => {
  assert.deepEqual(fold([], all()), { points: [], members: [] });
  assert.deepEqual(new Series(10, 60).slices(), []);
  assert.equal(new Series(10, 60).run, null);
});

test('a failure is explained by the worst service, and by how many others fail', () => {
  const of = (service, status, critical, error) => ({ service, status, critical, error, at: 0 });
  const members = [of('web', 'healthy', true, 'reset'), of('db', 'down', true, 'refused'),
    of('mail', 'down', false, '503'), of('cache', 'healthy', true, '')];
  assert.equal(explain(members, false), 'db: refused, and 1 more');
  assert.equal(explain(members, true), 'mail: 503');
  assert.equal(explain([of('cache', 'healthy', true, '')], false), '');
});

test('a slice is as bad as the worst moment in it and ends before the next begins', () => {
  const slices = drawn(10, 60, point(0, 'healthy', 1), point(14, 'down', null, 'refused'),
    point(16, 'degraded', 3), point(20, 'healthy', 4), point(30, 'unobserved', null),
    point(55, 'healthy', 6)).slices();
  assert.deepEqual(slices.map(({ status }) => status),
    ['healthy', 'down', 'healthy', 'unobserved', 'unobserved', 'healthy']);
  assert.deepEqual(slices.map(({ at }) => at), [0, 10, 20, 30, 40, 50]);
  assert.equal(slices[1].why, 'refused');
  assert.equal(slices[0].ms, 1);
});

test('many points of one slice are one, with the slowest answer', () => {
  const points = Array.from({ length: 1000 }, (_, at) => point(at, 'healthy', at % 10));
  assert.deepEqual(drawn(10_000, 60, ...points).slices(), [point(0, 'healthy', 9)]);
});

test('the bar is as long as it may be, and reaches back to what was before it', () => {
  const slices = drawn(10, 6, point(5, 'down'), point(1000, 'healthy')).slices();
  assert.deepEqual(slices.map(({ status }) => status),
    ['down', 'down', 'down', 'down', 'down', 'healthy']);
});

test('a run begins where the status did, however long ago that is', () => {
  const series = drawn(10, 6, point(0, 'healthy'), point(7, 'down'));
  for (let at = 10; at < 5000; at += 10) {
    series.add(point(at, 'down'));
  }
  assert.deepEqual(series.run, { status: 'down', at: 7, known: true });
  series.add(point(5000, 'healthy'));
  assert.deepEqual(series.run, { status: 'healthy', at: 5000, known: true });
});

test('a run that nobody saw begin is as long as it was seen, or longer', () => {
  assert.equal(drawn(10, 6, point(0, 'down'), point(9, 'down')).run.known, false);
  assert.deepEqual(drawn(10, 6, point(0, 'healthy'), point(5, 'unobserved'), point(90, 'down')).run,
    { status: 'down', at: 90, known: false });
});

test('a clock that jumps back does not turn the series round', () => {
  const series = drawn(10, 6, point(0, 'healthy'), point(50, 'down'), point(20, 'healthy'));
  assert.deepEqual(series.slices().map(({ status }) => status),
    ['healthy', 'healthy', 'healthy', 'healthy', 'healthy', 'down']);
  assert.deepEqual(series.run, { status: 'healthy', at: 50, known: true });
});

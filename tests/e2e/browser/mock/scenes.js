// Believable states of a whole hub, for looking at the page.

import { check, project } from './hub.js';

/** Past checks with a wavering response time; `story` changes single ones. */
function past(name, count, every, ms, story = () => ({})) {
  return Array.from({ length: count }, (_, index) => {
    const secondsAgo = (count - index) * every - every / 2;
    const wave = 1 + 0.25 * Math.sin(index / 5) + 0.15 * Math.sin(index * 1.7);
    const { status = 'healthy', time = ms * wave, error } = story(count - index);
    return check(name, secondsAgo, status, Math.round(time), error);
  });
}

function metrics(cpu, memory, errors, requests) {
  return {
    cpuUsagePercent: cpu, memoryUsagePercent: memory, errorRate: errors,
    requestsPerSecond: requests, errorCount: 3, apiUsage: {}, databaseQueryTime: 20,
  };
}

function event(id, secondsAgo, severity, projectName, description, more = {}) {
  return {
    id, projectName, serviceName: 'app', eventType: 'status_changed', severity, description,
    metadata: {}, occurredAt: new Date(Date.now() - secondsAgo * 1000).toISOString(), ...more,
  };
}

function three(hub, socialIs = 'healthy') {
  const down = socialIs === 'down';
  hub.history.set('email-blast', past('email-blast', 360, 10, 28));
  hub.history.set('chatbot', past('chatbot', 360, 10, 88, (left) =>
    (left > 22 && left < 28 ? { status: 'degraded', time: 1400 } : {})));
  hub.history.set('social-media', past('social-media', 360, 10, 46, (left) =>
    (down && left < 9 ? { status: 'down', time: 0, error: 'connection refused' } : {})));
  hub.metrics.set('email-blast', metrics(14.8, 39.2, 0.02, 25.1));
  hub.metrics.set('chatbot', metrics(41.3, 63.5, 0.12, 38.6));
  hub.metrics.set('social-media', metrics(down ? 0 : 86.2, down ? 0 : 58.1, 0.31, 812.4));
  hub.events = [
    ...(down ? [event(9, 88, 'critical', 'social-media',
      'down after 1 failed check: connection refused')] : []),
    event(8, 232, 'info', 'chatbot', 'up'),
    event(7, 284, 'warning', 'chatbot', 'degraded: 1400 ms is over the threshold of 1 s'),
    event(3, 7_300, 'info', 'social-media', 'registered', { eventType: 'service_registered' }),
    event(2, 7_300, 'info', 'chatbot', 'registered', { eventType: 'service_registered' }),
    event(1, 7_300, 'info', 'email-blast', 'registered', { eventType: 'service_registered' }),
  ];
  hub.tell(
    project('email-blast', 'healthy', { uptime: 100, coverage: 100, responseTime: 31 }),
    project('chatbot', 'healthy', { uptime: 99.87, coverage: 100, responseTime: 92 }),
    project('social-media', socialIs, {
      uptime: down ? 99.904 : 100, coverage: 61.3, responseTime: down ? 0 : 43,
      overlays: down ? ['flapping'] : [],
    }));
}

function many(hub) {
  const names = ['shop', 'billing', 'search', 'identity', 'ledger', 'mailer', 'gateway', 'reports',
    'a-project-with-quite-a-long-name-that-does-not-fit', 'images', 'cron', 'cdn-edge-eu-west'];
  names.forEach((name, index) => {
    const status = { 2: 'down', 5: 'degraded', 7: 'unknown', 8: 'degraded' }[index] ?? 'healthy';
    const bad = status === 'down' ? { status, time: 5000, error: 'timed out after 5000 ms' }
      : status === 'degraded' ? { status, time: 1320 } : {};
    hub.history.set(name, status === 'unknown' ? []
      : past(name, 60, 10, 20 + index * 17, (left) => (left < 5 + index ? bad : {})));
    if (index % 3 !== 1) {
      hub.metrics.set(name, metrics(9 + index * 6, 30 + index * 4, index / 40, 12 * index ** 2));
    }
    hub.projects.set(name, project(name, status,
      status === 'degraded' ? { responseTime: 1320 } : status === 'down'
        ? { responseTime: 5000, uptime: 99.1 } : {}));
  });
  hub.events = [event(1, 40, 'critical', 'search',
    'down after 4 failed checks: timed out after 5000 ms')];
  hub.broadcast();
}

/** A project of three services: one well, one in and out, and one down that is not critical. */
export function services(hub, name = 'shop') {
  const of = (service, ms, story) => past(name, 360, 10, ms, story)
    .map((row) => ({ ...row, serviceName: service }));
  const inAndOut = (left) => (left % 15 < 3 && left > 9
    ? { status: 'down', time: 0, error: 'connection refused' } : {});
  const rows = [...of('web', 40), ...of('db', 4, inAndOut), ...of('mailer', 700, (left) =>
    (left <= 24 ? { status: 'down', time: 2, error: 'HTTP error: 503' } : {}))];
  hub.history.set(name, rows.sort((a, b) => (a.lastCheck < b.lastCheck ? -1 : 1)));
  hub.services.set(name, [
    { project: name, name: 'web', critical: true, interval: '10s' },
    { project: name, name: 'db', critical: true, interval: '10s' },
    { project: name, name: 'mailer', critical: false, interval: '10s' },
  ]);
  hub.metrics.set(name, metrics(21.4, 55.2, 0.4, 94));
  hub.projects.set(name, project(name, 'degraded',
    { responseTime: 42, uptime: 98.71, overlays: ['flapping'] }));
}

/** What beside its state a project may carry, and projects of several services among others. */
function overlays(hub) {
  three(hub, 'down');
  services(hub);
  const carry = (name, status, ...overlays) => {
    hub.history.set(name, past(name, 60, 10, 31, (left) =>
      (status === 'down' && left < 30 ? { status, time: 0, error: 'connection refused' } : {})));
    hub.projects.set(name, project(name, status, { overlays }));
  };
  carry('backup', 'down', 'maintenance');
  carry('reports', 'down', 'unreachable');
  carry('everything-at-once-with-a-long-name', 'down', 'flapping', 'unreachable', 'maintenance');
  hub.broadcast();
}

function huge(hub) {
  for (let i = 0; i < 5000; i += 1) {
    hub.projects.set(`project-${i}`, project(`project-${i}`, i % 701 === 0 ? 'down' : 'healthy'));
    hub.history.set(`project-${i}`, past(`project-${i}`, 60, 10, 40));
  }
  hub.broadcast();
}

export const SCENES = {
  three: (hub) => three(hub),
  down: (hub) => three(hub, 'down'),
  many,
  overlays,
  huge,
  empty: () => {},
};

// The page in a browser, against a hub that says what the test wants.

import assert from 'node:assert/strict';
import { after, afterEach, before, describe, test } from 'node:test';
import { MockHub, check, project } from '../mock/hub.js';
import { SCENES, services } from '../mock/scenes.js';
import { PATIENCE, launch, missing, openPage, until } from '../support/browser.js';

const METRICS = {
  cpuUsagePercent: 23.1, memoryUsagePercent: 45.2, errorRate: 0.02, requestsPerSecond: 125.3,
};

describe('the page', { skip: missing, timeout: 240_000 }, () => {
  let browser;
  let hub;
  let page;

  before(async () => {
    browser = await launch();
  });

  after(async () => {
    await browser?.close();
  });

  afterEach(async () => {
    const problems = page?.problems ?? [];
    await page?.context().close();
    await hub?.stop();
    page = null;
    hub = null;
    assert.deepEqual(problems, [], 'the page reported errors');
  });

  /** A hub prepared by the test, and the page of it. */
  async function open(prepare = () => {}, options = {}) {
    hub = new MockHub();
    prepare(hub);
    await hub.start();
    page = await openPage(browser, options);
    await page.goto(hub.url);
  }

  async function openLive(prepare, options) {
    await open(prepare, options);
    await page.waitForSelector('[data-connection=live]', { state: 'attached', timeout: 30_000 });
  }

  function card(name) {
    return page.locator('.card').filter({ has: page.getByRole('heading', { name, exact: true }) });
  }

  function names() {
    return page.locator('.card-name:visible').allTextContents();
  }

  async function text(locator) {
    return (await locator.innerText()).replaceAll('\u202f', ' ');
  }

  /** Waits until the visible text of an element holds what is wanted. */
  async function says(locator, wanted) {
    let last = '';
    const deadline = Date.now() + PATIENCE;
    while (Date.now() < deadline) {
      last = await text(locator.first()).catch(() => '');
      if (wanted instanceof RegExp ? wanted.test(last) : last.includes(wanted)) {
        return;
      }
      await page.evaluate(() => new Promise(requestAnimationFrame));
    }
    assert.fail(`waited for ${wanted}, it says: ${last}`);
  }

  function ticks(name) {
    return card(name).locator('.ticks i').evaluateAll((marks) =>
      marks.map((mark) => mark.dataset.status).filter((status) => status !== 'none'));
  }

  async function waitForTicks(name, wanted) {
    await until(page, ([project, expected]) => {
      const marks = document.querySelectorAll(`[data-project="${project}"] .ticks i`);
      const told = [...marks].map((mark) => mark.dataset.status).filter((s) => s !== 'none');
      return told.join() === expected;
    }, [name, wanted.join()]);
  }

  /** Notes from now on in which cards anything is written, but for times that go on by themselves. */
  async function watchCards() {
    await page.evaluate(() => {
      window.touched = new Set();
      new MutationObserver((records) => records.forEach(({ target }) => {
        const node = target.nodeType === Node.TEXT_NODE ? target.parentElement : target;
        const inCard = node?.closest('.card');
        // Relative times go on with the clock.
        if (inCard && !node.closest('time, .card-reason')) {
          window.touched.add(inCard.dataset.project);
        }
      })).observe(document.getElementById('grid'),
        { subtree: true, childList: true, characterData: true, attributes: true });
    });
  }

  function touchedCards() {
    return page.evaluate(() => [...window.touched]);
  }

  test('shows skeletons until the hub has spoken', async () => {
    await open((it) => {
      it.speaks = false;
      it.projects.set('shop', project('shop'));
    });
    await page.waitForSelector('#loading', { state: 'visible' });
    assert.equal(await page.getAttribute('#projects', 'aria-busy'), 'true');
    hub.broadcast();
    await card('shop').waitFor();
    assert.ok(await page.isHidden('#loading'));
    assert.equal(await page.getAttribute('#projects', 'aria-busy'), 'false');
  });

  test('shows a card with everything that is known of a project', async () => {
    await openLive((it) => {
      it.projects.set('shop', project('shop', 'healthy', { uptime: 99.954, responseTime: 45 }));
      it.metrics.set('shop', METRICS);
      it.history.set('shop', [check('shop', 30), check('shop', 20, 'degraded', 1300)]);
    });
    const shop = card('shop');
    for (const part of ['Healthy', '99.95 %', '45 ms', '23.1 %', '45.2 %', '0.02 %', '125']) {
      await says(shop, part);
    }
    await waitForTicks('shop', ['healthy', 'degraded', 'healthy']);
    assert.match(await shop.locator('.ticks').getAttribute('aria-label'),
      /^Last 3 checks: 1 degraded, 2 healthy$/);
    assert.match(await shop.locator('time').getAttribute('title'), /Last check: .*Z\)/);
    await says(shop.locator('time'), /just now|s ago/);
    assert.equal(await page.title(), 'Muster');
  });

  test('says how many it watches, that it is live, and since when', async () => {
    await openLive((it) => it.tell(project('a'), project('b', 'down'), project('c')));
    await says(page.locator('h1'), 'Monitoring 3 projects');
    await says(page.locator('#counts'), /1 down\s+2 healthy/);
    await says(page.locator('#live'), /^Live$/);
    await says(page.locator('.updated'), /^Last updated \d\d:\d\d:\d\d$/);
    assert.equal(await page.title(), '(1 down) Muster');
    hub.forget('a');
    hub.forget('c');
    await says(page.locator('h1'), /^Monitoring 1 project$/);
  });

  test('shows a dash for metrics that a project does not have', async () => {
    await openLive((it) => it.projects.set('plain', project('plain')));
    await card('plain').locator('.metrics').waitFor();
    const values = await card('plain').locator('.metrics .value').allTextContents();
    assert.deepEqual(values, ['–', '–', '–', '–']);
  });

  test('shows figures that were not renewed as old ones', async () => {
    const seconds = (ago) => new Date(Date.now() - ago * 1000).toISOString();
    await openLive((it) => {
      it.metrics.set('fresh', { ...METRICS, timestamp: seconds(20) });
      it.metrics.set('silent', { ...METRICS, timestamp: seconds(200) });
      it.tell(project('fresh'), project('silent'));
    });
    await card('silent').locator('.metrics-old').waitFor();
    await says(card('fresh'), '23.1 %');
    assert.equal(await card('fresh').locator('.metrics-old').count(), 0);
  });

  test('shows coverage where the hub was not always watching', async () => {
    await openLive((it) => it.tell(project('part', 'healthy', { coverage: 61.3 }),
      project('whole', 'healthy', { coverage: 100 }), project('new', 'unknown')));
    await says(card('part'), '61.3 % observed');
    assert.equal(await card('whole').locator('.hint').innerText(), '');
    await says(card('new'), 'not checked yet');
    const values = await card('new').locator('.figures .value').allTextContents();
    assert.deepEqual(values, ['–', '–'], 'nothing is claimed before the first check');
  });

  test('tells a state by word and shape, and why it is bad', async () => {
    await openLive((it) => {
      it.history.set('shop', [check('shop', 10, 'down', 2, 'connection refused')]);
      it.projects.set('shop', project('shop', 'down', { overlays: ['flapping'] }));
    });
    const shop = card('shop');
    await says(shop, /Down\s+for over .*connection refused/);
    await says(shop, 'flapping');
    assert.equal(await shop.locator('.card-sign use').getAttribute('href'), '#glyph-down');
    assert.equal(await shop.locator('.figures .value').nth(1).innerText(), '–');
  });

  test('shows every overlay beside a name of any length, and what it means', async () => {
    await openLive((it) => SCENES.overlays(it), { viewport: { width: 360, height: 740 } });
    const long = card('everything-at-once-with-a-long-name');
    await says(long, /flapping\s+unreachable\s+maintenance/);
    for (const part of ['.card-name', '.card-checked', '.overlay >> nth=2']) {
      const box = await long.locator(part).boundingBox();
      const around = await long.boundingBox();
      assert.ok(box.width > 20 && box.x + box.width <= around.x + around.width,
        `${part} is cut off: ${JSON.stringify([box, around])}`);
    }
    assert.match(await card('backup').locator('.overlay').getAttribute('title'), /maintenance/);
    assert.equal(await card('chatbot').locator('.overlay').count(), 0);
  });

  test('tells of several services as of one project', async () => {
    await openLive((it) => services(it));
    const shop = card('shop');
    await says(shop, /Degraded\s+for \d+.(s|min) · mailer: HTTP error: 503/);
    await says(shop.locator('.figures'), '42 ms');
    await says(shop.locator('.history-span'), /^3 services in 10.min$/);
    const marks = (await ticks('shop')).join();
    // In and out every few minutes, then one down that is not critical: runs, never stripes.
    const out = '(down,){3,4}';
    assert.match(marks, new RegExp(
      `^(down,)*(healthy,)+${out}(healthy,)+${out}(healthy,)+(degraded,)+${out}(degraded,)+degraded$`));
    assert.match(await shop.locator('.ticks').getAttribute('aria-label'),
      /^Last 10.min: down \d+.(s|min), degraded \d.min, healthy \d.min$/);
    const line = await shop.locator('.spark path').getAttribute('d');
    assert.ok(line.split('M').length === 5, `a line with a hole for each failure: ${line}`);
    assert.ok(line.split('L').length > 40, line);
  });

  test('dates a failure of one of several services by its first check', async () => {
    const rows = [...Array(30).keys()].reverse().flatMap((i) => [check('shop', i * 10 + 5),
      check('shop', i * 10, i < 12 ? 'down' : 'healthy', 4, i < 12 ? 'refused' : '', 'db')]);
    await openLive((it) => {
      it.history.set('shop', rows);
      it.projects.set('shop', project('shop', 'down'));
    });
    await says(card('shop'), /Down\s+for (1|2).min · db: refused/);
    hub.history.set('shop', [...rows, check('shop', 0, 'healthy', 4, '', 'db')]);
    hub.tell(project('shop'));
    await says(card('shop'), /Healthy\s+for \d+.s$/m);
    assert.equal((await ticks('shop')).at(-1) === 'unobserved', false);
  });

  test('finds the reason although the hub stores later than it tells', async () => {
    let asked = 0;
    await openLive((it) => {
      it.projects.set('shop', project('shop'));
      it.history.set('shop', () => {
        asked += 1;
        return asked < 4 ? [check('shop', 30)]
          : [check('shop', 30), check('shop', 0, 'down', 3, 'HTTP error: 500')];
      });
    });
    await waitForTicks('shop', ['healthy', 'healthy']);
    hub.tell(project('shop', 'down'));
    await says(card('shop'), /Down\s.*the last check failed/s);
    await says(card('shop'), 'HTTP error: 500');
    hub.tell(project('shop', 'down'));
    await waitForTicks('shop', ['healthy', 'down', 'down']);
    await says(card('shop'), 'HTTP error: 500');
  });

  test('follows the hub: every frame adds its check to the bar', async () => {
    await openLive((it) => it.projects.set('shop', project('shop')));
    await waitForTicks('shop', ['healthy']);
    hub.tell(project('shop', 'degraded', { responseTime: 1200 }));
    await says(card('shop'), /Degraded\s.*1\.2 s/s);
    hub.tell(project('shop', 'down'));
    await says(card('shop'), 'Down');
    await waitForTicks('shop', ['healthy', 'degraded', 'down']);
    await says(page.locator('#announcer'), 'shop is down.');
  });

  test('takes the newest of many frames', async () => {
    await openLive((it) => it.projects.set('shop', project('shop')));
    for (let ms = 1; ms <= 300; ms += 1) {
      hub.tell(project('shop', 'healthy', { responseTime: ms }));
    }
    await says(card('shop'), '300 ms');
  });

  test('puts the worst first and keeps the order of the others', async () => {
    await openLive((it) => it.tell(project('b'), project('a'), project('d', 'degraded'),
      project('c'), project('u', 'unknown')));
    await card('a').waitFor();
    assert.deepEqual(await names(), ['d', 'u', 'a', 'b', 'c']);
    await card('c').evaluate((element) => {
      element.dataset.mark = 'the same element';
    });
    hub.tell(project('c', 'down'));
    await page.locator('#grid .card').nth(0).and(card('c')).waitFor();
    assert.deepEqual(await names(), ['c', 'd', 'u', 'a', 'b']);
    assert.equal(await card('c').getAttribute('data-mark'), 'the same element');
    hub.tell(project('c'), project('d'));
    await page.locator('#grid .card').nth(0).and(card('u')).waitFor();
    assert.deepEqual(await names(), ['u', 'a', 'b', 'c', 'd']);
    hub.tell(project('aa'));
    await card('aa').waitFor();
    assert.deepEqual(await names(), ['u', 'a', 'aa', 'b', 'c', 'd']);
  });

  test('touches only the cards that changed', async () => {
    await openLive((it) => it.tell(...Array.from({ length: 40 }, (_, i) => project(`p${i}`))));
    await card('p39').waitFor();
    await watchCards();
    hub.tell(project('p7', 'healthy', { responseTime: 777 }));
    await says(card('p7'), '777 ms');
    assert.deepEqual(await touchedCards(), ['p7']);
  });

  test('touches no card whose answers say nothing new', async () => {
    const now = new Date().toISOString();
    await openLive((it) => {
      it.tell(project('plain'), project('down', 'down'));
      services(it);
      for (const name of ['plain', 'down', 'shop']) {
        it.metrics.set(name, { ...METRICS, timestamp: now });
      }
      it.metrics.delete('plain');
      it.history.set('plain', [check('plain', 20), check('plain', 10)]);
      it.history.set('down', [check('down', 10), check('down', 0, 'down', 5, 'refused')]);
    });
    await says(card('shop'), '3 services');
    await says(card('down'), 'refused');
    await page.waitForLoadState('networkidle');
    await watchCards();
    const answers = ['plain', 'down', 'shop'].flatMap((name) => ['history', 'metrics'].map((kind) =>
      page.waitForResponse((it) => it.url().includes(`/api/${kind}/${name}`))));
    await hub.stop();
    await page.waitForSelector('[data-connection=lost]');
    await hub.start();
    await Promise.all(answers);
    await page.waitForLoadState('networkidle');
    await page.evaluate(() => new Promise(requestAnimationFrame));
    assert.deepEqual(await touchedCards(), []);
  });

  test('stays usable with thousands of projects and asks only about those in view', async () => {
    await openLive((it) => SCENES.huge(it));
    await page.waitForSelector('.card-built', { timeout: 60_000 });
    await says(page.locator('h1'), 'Monitoring 5,000 projects');
    await page.fill('#filter-text', 'project-4321');
    await waitForTicks('project-4321', Array(60).fill('healthy'));
    assert.deepEqual(await names(), ['project-4321']);
    const asked = hub.requests.filter((path) => path.startsWith('/api/history/')).length;
    assert.ok(asked < 100, `${asked} histories were asked for`);
  });

  test('offers a filter from nine projects on', async () => {
    await openLive((it) => it.tell(...Array.from({ length: 8 }, (_, i) => project(`p${i}`))));
    await card('p7').waitFor();
    assert.ok(await page.isHidden('#filter'));
    hub.tell(project('shop', 'down'));
    await page.waitForSelector('#filter', { state: 'visible' });
    await page.keyboard.press('/');
    await page.keyboard.type('sho');
    assert.deepEqual(await names(), ['shop']);
    await page.fill('#filter-text', 'healthy');
    assert.equal((await names()).length, 8);
    hub.tell(project('shop'));
    await card('shop').waitFor();
    assert.equal((await names()).length, 9, 'the filter goes on with what changes');
    await page.fill('#filter-text', '<b>nothing</b>');
    await says(page.locator('#no-match'), 'No project matches “<b>nothing</b>”.');
  });

  test('never takes a name, a reason or an event for markup', async () => {
    const evil = '<script>document.title="taken"</script><img src=x onerror="document.title=1">';
    await openLive((it) => {
      it.projects.set(evil, project(evil, 'down', { overlays: [evil] }));
      it.projects.set('__proto__', project('__proto__'));
      it.history.set(evil, [check(evil, 5, 'down', 1, evil)]);
      it.events = [{ id: 1, projectName: 'shop', serviceName: evil, eventType: evil,
        severity: evil, description: evil, metadata: null, occurredAt: evil }];
    });
    await card(evil).waitFor();
    await says(card(evil), `· ${evil}`);
    await says(page.locator('#events'), evil);
    assert.equal(await page.locator('main script, main img').count(), 0);
    assert.equal(await page.title(), '(1 down) Muster');
  });

  test('lists the last events, the newest first, and more as they come', async () => {
    await openLive((it) => SCENES.down(it));
    const first = page.locator('.event').first();
    await says(first, 'social-media down after 1 failed check: connection refused');
    assert.equal(await first.locator('use').getAttribute('href'), '#glyph-down');
    assert.equal(await page.locator('.event').nth(1).locator('use').getAttribute('href'),
      '#glyph-healthy');
    hub.events = [{ id: 99, projectName: 'chatbot', severity: 'warning', eventType: 'launch',
      serviceName: 'web', description: 'started again', occurredAt: new Date().toISOString() },
    ...hub.events];
    hub.tell(project('chatbot', 'degraded'));
    await says(page.locator('.event').first(), 'chatbot / web started again');
  });

  test('says how to add a project when there is none', async () => {
    await openLive();
    await says(page.locator('#empty'), 'PROJECTS=shop:http://127.0.0.1:8080 muster up');
    await says(page.locator('#empty'), 'muster.yaml');
    await says(page.locator('h1'), 'Monitoring 0 projects');
    hub.tell(project('shop'));
    await card('shop').waitFor();
    assert.ok(await page.isHidden('#empty'));
  });

  test('says so when the hub does not answer at all', async () => {
    await open((it) => {
      it.speaks = false;
      it.projects.set('shop', project('shop'));
    });
    await page.waitForSelector('#loading', { state: 'visible' });
    await hub.stop();
    await page.waitForSelector('#failed', { state: 'visible' });
    await says(page.locator('#failed'), `no answer from 127.0.0.1:${hub.port}`);
    assert.ok(await page.isHidden('#loading'));
    hub.speaks = true;
    await hub.start();
    await card('shop').waitFor();
    assert.ok(await page.isHidden('#failed'));
  });

  test('shows that it is not live any more, and what it shows is old', async () => {
    await openLive((it) => it.projects.set('shop', project('shop', 'down')));
    await card('shop').waitFor();
    await hub.stop();
    await says(page.locator('#live'), 'Reconnecting…');
    await says(page.locator('#banner'), /Connection to the hub lost.*as of \d\d:\d\d:\d\d/);
    assert.match(await page.locator('#grid').evaluate((it) => getComputedStyle(it).filter),
      /grayscale/);
    assert.equal(await page.title(), '(not connected) Muster');
    await says(page.locator('#announcer'), 'lost');
    assert.ok(await card('shop').isVisible());
  });

  test('is back within five seconds after a long outage, with what happened meanwhile',
    async () => {
      await openLive((it) => {
        it.projects.set('shop', project('shop'));
        it.history.set('shop', [check('shop', 60)]);
      });
      await waitForTicks('shop', ['healthy', 'healthy']);
      let attempts = 0;
      const tired = new Promise((resolve) => {
        page.on('requestfailed', () => {
          attempts += 1;
          if (attempts === 7) {
            resolve();
          }
        });
      });
      await hub.stop();
      await tired;
      hub.history.set('shop', [check('shop', 20, 'down'), check('shop', 10)]);
      await hub.start();
      const listening = Date.now();
      await page.waitForSelector('[data-connection=live]');
      const took = Date.now() - listening;
      assert.ok(took < 5000, `${took} ms`);
      await says(page.locator('#live'), /^Live$/);
      assert.ok(await page.isHidden('#banner'));
      await until(page, () => document.querySelector('.ticks i[data-status=down]') !== null);
    });

  test('reads again after an outage what was out of view then', async () => {
    await openLive((it) => it.tell(...Array.from({ length: 30 }, (_, i) => project(`p${i}`))),
      { viewport: { width: 360, height: 400 } });
    const asked = () => hub.requests.filter((path) => path === '/api/history/p29').length;
    await card('p29').scrollIntoViewIfNeeded();
    await until(page, () => performance.getEntriesByName(
      new URL('api/history/p29?hours=1', document.baseURI).href).length === 1);
    await card('p0').scrollIntoViewIfNeeded();
    await page.evaluate(() => new Promise(requestAnimationFrame));
    await hub.stop();
    await page.waitForSelector('[data-connection=lost]');
    hub.history.set('p29', [check('p29', 20, 'down', 1, 'refused'), check('p29', 10)]);
    await hub.start();
    await page.waitForSelector('[data-connection=live]');
    assert.equal(asked(), 1);
    await card('p29').scrollIntoViewIfNeeded();
    await waitForTicks('p29', ['down', 'healthy', 'healthy']);
    assert.equal(asked(), 2);
  });

  test('looks again at once when the machine is back online', async () => {
    await openLive((it) => it.projects.set('shop', project('shop')));
    await page.context().setOffline(true);
    await hub.stop();
    await page.waitForSelector('[data-connection=lost]');
    await hub.start();
    await page.context().setOffline(false);
    await page.waitForSelector('[data-connection=live]', { timeout: 5000 });
  });

  test('notices a hub that hangs without closing the connection', async () => {
    await openLive((it) => it.projects.set('shop', project('shop')));
    hub.speaks = false;
    await page.waitForSelector('[data-connection=lost]', { timeout: 30_000 });
    hub.speaks = true;
    await page.waitForSelector('[data-connection=live]');
  });

  test('goes on when history, metrics and events cannot be read', async () => {
    await open((it) => it.projects.set('shop', project('shop')));
    await page.route(/api\/(history|metrics|events)/, (route) =>
      route.fulfill({ status: 404, body: '<html>not json</html>' }));
    await page.reload();
    await says(card('shop'), 'Healthy');
    hub.tell(project('shop', 'down'));
    await says(card('shop'), /Down\s.*the last check failed/s);
  });

  for (const scene of ['three', 'down', 'many', 'overlays', 'empty']) {
    test(`fits a phone: ${scene}`, async () => {
      await openLive((it) => SCENES[scene](it), { viewport: { width: 360, height: 740 } });
      await page.waitForSelector(scene === 'empty' ? '#empty' : '.card-built');
      assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), 360);
      await hub.stop();
      await page.waitForSelector('#banner', { state: 'visible' });
      assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), 360);
    });
  }

  for (const colorScheme of ['light', 'dark']) {
    for (const scene of ['many', 'overlays']) {
      test(`can be read by everybody: ${scene}, ${colorScheme}`, async () => {
        await openLive((it) => SCENES[scene](it), { colorScheme });
        await page.waitForSelector('.event');
        const ground = await page.evaluate(() => getComputedStyle(document.body).backgroundColor);
        const [red] = ground.match(/\d+/g).map(Number);
        assert.equal(red < 64, colorScheme === 'dark', ground);
        assert.deepEqual(await page.evaluate(paleTexts), []);
      });
    }
  }

  test('moves nothing for those who asked for it', async () => {
    await openLive((it) => SCENES.down(it), { reducedMotion: 'reduce' });
    await hub.stop();
    await page.waitForSelector('[data-connection=lost]');
    assert.equal(await page.evaluate(() => document.getAnimations().length), 0);
  });

  test('shows where the keyboard is', async () => {
    await openLive((it) => SCENES.many(it));
    await page.waitForSelector('#filter', { state: 'visible' });
    for (let i = 0; i < 2; i += 1) {
      await page.keyboard.press('Tab');
      const outline = await page.evaluate(() => getComputedStyle(document.activeElement).outline);
      assert.match(outline, /solid 2px/);
    }
  });
});

/** Runs in the page: texts with less contrast than WCAG AA asks of small text. */
function paleTexts() {
  const channels = (colour) => colour.match(/[\d.]+/g).map(Number);
  const luminance = (colour) => {
    const [r, g, b] = channels(colour).map((value) => {
      const share = value / 255;
      return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const ground = (element) => {
    for (let at = element; at; at = at.parentElement) {
      const colour = getComputedStyle(at).backgroundColor;
      if (channels(colour)[3] !== 0) {
        return colour;
      }
    }
    return 'rgb(255, 255, 255)';
  };
  const pale = new Set();
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const element = walker.currentNode.parentElement;
    if (!walker.currentNode.textContent.trim() || !element.checkVisibility()) {
      continue;
    }
    const [a, b] = [luminance(getComputedStyle(element).color), luminance(ground(element))];
    const contrast = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    if (contrast < 4.5) {
      pale.add(`${element.className || element.tagName}: ${contrast.toFixed(2)}`);
    }
  }
  return [...pale];
}

// The page on the built hub with its three demo projects: what a newcomer sees.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { launch, missing as noBrowser, openPage, until } from '../support/browser.js';
import { Muster, dataFolder, missing as noPrograms } from '../support/muster.js';

const CHECK_INTERVAL = 10_000;

describe('the hub with three demo projects', { skip: noPrograms || noBrowser, timeout: 180_000 },
  () => {
    let browser;
    let data;
    let muster;
    let url;
    let page;

    before(async () => {
      data = await dataFolder();
      muster = new Muster(data.path);
      url = await muster.url();
      browser = await launch();
      page = await openPage(browser);
      await page.goto(url);
    });

    after(async () => {
      await browser?.close();
      await muster?.end('SIGKILL');
      await data?.remove();
    });

    function waitForStatus(name, status, patience) {
      return page.waitForSelector(`.card[data-project="${name}"][data-status="${status}"]`,
        { timeout: patience });
    }

    function chaos(base, body) {
      return fetch(`${base}/chaos`, { method: 'POST', body: JSON.stringify(body) });
    }

    /** What the bar of a project says, oldest first. */
    function marks(name) {
      return page.locator(`[data-project="${name}"] .ticks i:not([data-status=none])`)
        .evaluateAll((ticks) => ticks.map(({ dataset, title }) => `${dataset.status} ${title}`));
    }

    test('all three become healthy, with figures', async () => {
      for (const name of ['email-blast', 'chatbot', 'social-media']) {
        await waitForStatus(name, 'healthy', 15_000);
        // Metrics are collected after the first passing check.
        await until(page, (project) => [...document.querySelectorAll(
          `[data-project="${project}"] .metrics .value`)].every((it) => it.textContent !== '–'),
        name, 45_000);
      }
      assert.equal(await page.innerText('h1'), 'Monitoring 3 projects');
      assert.equal(await page.innerText('#live'), 'Live');
    });

    test('every file of the page is served with its type and can be asked for again', async () => {
      const files = await page.evaluate(() =>
        performance.getEntriesByType('resource').map((entry) => entry.name)
          .filter((name) => name.includes('/ui/')));
      assert.ok(files.length >= 5, files.join());
      for (const file of [url, ...files]) {
        const answer = await fetch(file);
        assert.equal(answer.status, 200, file);
        assert.match(answer.headers.get('content-type'), /^(text|image)\//, file);
        const etag = answer.headers.get('etag');
        assert.match(etag ?? '', /^W\/"[0-9a-f]+"$/, file);  // weak: gzip is the same, otherwise written
        await answer.arrayBuffer();
        const again = await fetch(file, { headers: { 'If-None-Match': etag } });
        assert.equal(again.status, 304, file);
      }
      assert.equal((await fetch(new URL('/ui/nothing.js', url))).status, 404);
    });

    test('a project that fails is down within its interval', async () => {
      const base = await muster.demo('email-blast');
      assert.equal((await chaos(base, { mode: 'fail' })).status, 200);
      await waitForStatus('email-blast', 'down', CHECK_INTERVAL + 4000);
      await until(page, () => document.querySelector('[data-project="email-blast"] .card-reason')
        .textContent.includes('HTTP error: 500'));
      assert.equal(await page.locator('#grid .card-name').first().innerText(), 'email-blast');
      await until(page, () => document.querySelector('.event')?.textContent.includes('email-blast'));
      assert.equal((await chaos(base, { mode: 'recover' })).status, 200);
      await waitForStatus('email-blast', 'healthy', CHECK_INTERVAL + 4000);
    });

    test('a killed hub is noticed, and is back with its history', async () => {
      const before = await marks('chatbot');
      assert.ok(before.length > 0);
      assert.equal((await muster.end('SIGKILL')).signal, 'SIGKILL');
      await page.waitForSelector('[data-connection=lost]', { timeout: 5000 });
      assert.equal(await page.innerText('#live-word'), 'Reconnecting…');

      muster = new Muster(data.path, Number(new URL(url).port));
      assert.equal(new URL(await muster.url()).port, new URL(url).port);
      await page.waitForSelector('[data-connection=live]', { timeout: 5000 });
      await waitForStatus('chatbot', 'healthy', 15_000);
      // What a page sees that was not there before the kill comes from the store alone.
      await page.reload();
      await waitForStatus('chatbot', 'healthy', 5000);
      await until(page, (earliest) => {
        const ticks = document.querySelectorAll('[data-project="chatbot"] .ticks i');
        return [...ticks].some((tick) => tick.title.endsWith(earliest));
      }, before[0].split('\n').at(-1));
    });

    test('the page reported no errors', () => {
      assert.deepEqual(page.problems, []);
    });

    test('the hub stops when it is told to', async () => {
      assert.deepEqual(await muster.end('SIGTERM'), { code: 0, signal: null });
    });
  });

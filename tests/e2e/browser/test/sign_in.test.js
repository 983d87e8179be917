// The page of a hub whose reads need the token: it asks for it, once.

import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { PATIENCE, launch, missing as noBrowser, openPage } from '../support/browser.js';
import { Muster, dataFolder, missing as noPrograms } from '../support/muster.js';

const TOKEN = 'hush-hush';

describe('reads that need the token', { skip: noPrograms || noBrowser, timeout: 180_000 }, () => {
  let browser;
  let data;
  let muster;
  let url;
  let page;

  before(async () => {
    data = await dataFolder();
    await writeFile(join(data.path, 'muster.yaml'), `auth: { token: ${TOKEN}, reads: token }\n`);
    muster = new Muster(data.path);
    url = await muster.url();
    browser = await launch();
    page = await openPage(browser);
    page.asked = [];
    page.on('request', (request) => page.asked.push(request.url()));
    await page.goto(url);
  });

  after(async () => {
    await browser?.close();
    await muster?.end('SIGKILL');
    await data?.remove();
  });

  async function signIn(token) {
    await page.fill('#sign-in input', token);
    await page.click('#sign-in button');
  }

  test('the page asks for the token and shows nothing', async () => {
    await page.waitForSelector('#sign-in', { state: 'visible' });
    assert.equal(await page.locator('.card[data-project]').count(), 0);
    assert.ok(await page.isHidden('#failed'));
    assert.ok(await page.isHidden('#loading'));
    assert.equal(await page.evaluate(() => document.activeElement.id), 'sign-in-token');
  });

  test('a wrong token is told', async () => {
    await signIn('hush');
    await page.waitForSelector('.sign-in-problem:has-text("not the token of this hub")');
    await signIn('two words');
    await page.waitForSelector('.sign-in-problem:has-text("without spaces")');
    assert.ok(await page.isVisible('#sign-in'));
  });

  test('with the token everything comes', async () => {
    await signIn(TOKEN);
    await page.waitForSelector('[data-connection=live]', { state: 'attached', timeout: PATIENCE });
    await page.waitForSelector('.card[data-project="chatbot"][data-status="healthy"]');
    assert.ok(await page.isHidden('#sign-in'));
    assert.equal(await page.inputValue('#sign-in input'), '');
    await page.waitForSelector('.event', { state: 'attached' }); // a read by REST
  });

  test('the browser has a session, and no script and no URL has the token', async () => {
    const [cookie] = await page.context().cookies();
    assert.equal(cookie.name, 'muster_session');
    assert.ok(cookie.httpOnly);
    assert.equal(cookie.sameSite, 'Strict');
    assert.ok(cookie.expires * 1000 - Date.now() <= 7 * 24 * 3600 * 1000);
    assert.ok(!cookie.value.includes(TOKEN));
    assert.equal(await page.evaluate(() => document.cookie), '');
    assert.deepEqual(page.asked.filter((asked) => asked.includes(TOKEN)), []);
  });

  test('the session outlives the page and opens the other pages', async () => {
    await page.reload();
    await page.waitForSelector('.card[data-project="chatbot"]');
    assert.ok(await page.isHidden('#sign-in'));
    const other = await page.context().newPage();
    assert.equal((await other.goto(new URL('/status', url).href)).status(), 200);
    await other.close();
    const stream = await page.evaluate((to) => new Promise((resolve, reject) => {
      const source = new EventSource(to);
      source.addEventListener('status-update', () => {
        source.close();
        resolve('came');
      });
      source.onerror = () => reject(new Error('refused'));
    }), '/api/stream');
    assert.equal(stream, 'came');
  });

  test('without it /status says what to do', async () => {
    await page.context().clearCookies();
    const other = await page.context().newPage();
    assert.equal((await other.goto(new URL('/status', url).href)).status(), 401);
    assert.match(await other.innerText('main'), /Sign in on its page/);
    await other.close();
  });

  test('a page whose session is gone asks for the token again', async () => {
    await page.reload();
    await page.waitForSelector('#sign-in', { state: 'visible' });
    await signIn(TOKEN);
    await page.waitForSelector('.card[data-project="chatbot"]');
  });

  test('the page reported no errors but refusals', () => {
    assert.deepEqual(page.problems.filter((problem) => !/status of 401/.test(problem)), []);
  });
});

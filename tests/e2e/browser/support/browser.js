// Headless Chromium as every test uses it.

import { existsSync } from 'node:fs';
import { chromium } from 'playwright-core';

export const CHROMIUM = process.env.MUSTER_CHROMIUM ?? '/usr/bin/chromium';

/** Far more than anything takes, for machines that do other things too. */
export const PATIENCE = 20_000;

/** Why no browser test can run here; nothing where they can. */
export const missing = existsSync(CHROMIUM) ? false : `there is no browser at ${CHROMIUM}`;

export function launch() {
  return chromium.launch({
    executablePath: CHROMIUM,
    args: ['--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking',
      '--disable-component-update', '--disable-sync'],
  });
}

/** A page that fails the test for every error it reports. */
export async function openPage(browser, options = {}) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
  const page = await context.newPage();
  page.setDefaultTimeout(PATIENCE);
  page.problems = [];
  page.on('pageerror', (error) => page.problems.push(String(error)));
  page.on('console', (message) => {
    // A refused connection or a 404 for metrics is part of the game, anything else is not.
    if (message.type() === 'error' && !/net::ERR_|WebSocket|status of 404/.test(message.text())) {
      page.problems.push(message.text());
    }
  });
  return page;
}

/**
 * Asks the page again with every frame until it says yes. Playwright's waitForFunction cannot be
 * used: it needs eval, which the policy of the page forbids.
 */
export async function until(page, predicate, argument, patience = PATIENCE) {
  const deadline = Date.now() + patience;
  while (!(await page.evaluate(predicate, argument))) {
    if (Date.now() > deadline) {
      throw new Error(`waited ${patience} ms in vain for ${predicate}`);
    }
    await page.evaluate(() => new Promise(requestAnimationFrame));
  }
}

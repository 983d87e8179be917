// npm run screenshot -- URL OUT.png [light|dark] [width]: the page once it is live, for the docs.

import { launch, until } from './support/browser.js';

const [url, out, scheme = 'light', width = '1440'] = process.argv.slice(2);
if (!url || !out || !['light', 'dark'].includes(scheme) || !(Number(width) >= 200)) {
  console.error('usage: npm run screenshot -- URL OUT.png [light|dark] [width]');
  process.exit(2);
}
const browser = await launch();
try {
  const page = await browser.newPage({
    viewport: { width: Number(width), height: 800 }, colorScheme: scheme, deviceScaleFactor: 2,
    reducedMotion: 'reduce',
  });
  await page.goto(url);
  await until(page, () => document.body.dataset.connection !== 'connecting');
  // Only what is in view is filled in: make the whole page the view.
  const height = await page.evaluate(() => document.documentElement.scrollHeight);
  await page.setViewportSize({ width: Number(width), height: Math.min(Math.max(height, 800), 6000) });
  await page.waitForLoadState('networkidle');
  await page.screenshot({ path: out, fullPage: true });
} finally {
  await browser.close();
}

// npm run mock -- [scene] [port]: the page with made-up projects that go on living.

import { project, MockHub } from './hub.js';
import { SCENES } from './scenes.js';

const [scene = 'three', port = '4001'] = process.argv.slice(2);
if (!Object.hasOwn(SCENES, scene)) {
  console.error(`no scene ${scene}; there are ${Object.keys(SCENES).join(', ')}`);
  process.exit(2);
}
const hub = await new MockHub().start(Number(port));
SCENES[scene](hub);
console.log(`mock hub on ${hub.url}`);

setInterval(() => {
  const rows = [...hub.projects.values()].filter((row) => row.lastCheck && Math.random() < 0.4);
  hub.tell(...rows.map((row) => project(row.projectName, row.status,
    { ...row, lastCheck: new Date().toISOString(),
      responseTime: row.isRunning ? Math.round(row.responseTime * (0.9 + Math.random() * 0.2)) : 0 })));
}, 2000);

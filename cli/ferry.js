#!/usr/bin/env node
// The `ferry` command. Plain JavaScript, because it must start on an older Node.js: it then hands over to the Node.js 24
// that the project installs beside its packages, which runs the TypeScript files as they are.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import * as module from 'node:module';
import { constants, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const neededMajor = 24;

if (Number.parseInt(process.versions.node, 10) >= neededMajor) {
  // Compiled code is kept between calls: half of a short command's time is compiling.
  module.enableCompileCache();
  await import('./main.ts');
} else {
  handOver();
}

function handOver() {
  const node = fileURLToPath(new URL('../node_modules/node/bin/node', import.meta.url));
  if (!existsSync(node)) {
    process.stderr.write(
      `ferry: ServerUnavailable: this is Node.js ${process.versions.node}, and Node.js ${neededMajor} is not installed beside the project.\n` +
        'Remedy: Run `npm ci` in the project folder.\n',
    );
    process.exit(95);
  }
  const main = fileURLToPath(new URL('./main.ts', import.meta.url));
  const environment = { NODE_COMPILE_CACHE: join(tmpdir(), 'node-compile-cache'), ...process.env };
  // The channel tells the child when this process has ended, whatever ended it.
  const child = spawn(node, [main, ...process.argv.slice(2)], { stdio: ['inherit', 'inherit', 'inherit', 'ipc'], env: environment });
  // A terminal sends Ctrl-C to the child too, which takes both for one request.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  child.on('error', (error) => {
    process.stderr.write(
      `ferry: ServerUnavailable: ${node} cannot be started: ${error.message}.\nRemedy: Run \`npm ci\` in the project folder.\n`,
    );
    process.exit(95);
  });
  child.on('exit', (code, signal) => {
    process.exitCode = signal === null ? code : 128 + constants.signals[signal];
  });
}

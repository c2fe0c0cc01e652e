#!/usr/bin/env node
// Starts the program of the package that npm has chosen for this platform.

'use strict';

const { spawn } = require('node:child_process');

const platform = `${process.platform}-${process.arch}`;
let program;
try {
  program = require.resolve(`tensorama-${platform}/bin/tensorama`);
} catch {
  console.error(
    `tensorama: there is no program for ${platform} here. npm installs it with this package, unless there is none ` +
      'for this platform, or it was told to leave optional dependencies out (--omit=optional).',
  );
  process.exit(1);
}

const child = spawn(program, process.argv.slice(2), { stdio: 'inherit' });
// Ctrl-C reaches the program by itself; it decides when to end.
process.on('SIGINT', () => {});
process.on('SIGTERM', () => child.kill('SIGTERM'));
child.on('error', (why) => {
  console.error(`tensorama: ${program} cannot be started: ${why.message}`);
  process.exit(1);
});
child.on('exit', (status, signal) => {
  if (signal) {
    process.removeAllListeners(signal);
    process.kill(process.pid, signal);
  } else {
    process.exit(status);
  }
});

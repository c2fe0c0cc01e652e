// The page's folder, served.

import { spawn } from 'node:child_process';

/** The folder, served; `address` is where. `compressed` as hosts send it, and else as `scripts/web --serve` does. */
export async function serve({ compressed = false } = {}) {
  const words = [process.env.TENSORAMA_SERVER, ...(compressed ? ['--compressed'] : []), process.env.TENSORAMA_PAGE, '0'];
  const server = spawn(process.env.TENSORAMA_PYTHON, words, {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const address = await new Promise((resolve, reject) => {
    server.stdout.once('data', (data) => resolve(String(data).trim()));
    server.once('exit', (code) => reject(new Error(`the server ended with ${code}`)));
  });
  return { address, stop: () => server.kill() };
}

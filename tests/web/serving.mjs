// The page's folder, served.

import { spawn } from 'node:child_process';

/** The folder, served; `address` is where. */
export async function serve() {
  const server = spawn(process.env.TENSORAMA_PYTHON, [process.env.TENSORAMA_SERVER, process.env.TENSORAMA_PAGE, '0'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const address = await new Promise((resolve, reject) => {
    server.stdout.once('data', (data) => resolve(String(data).trim()));
    server.once('exit', (code) => reject(new Error(`the server ended with ${code}`)));
  });
  return { address, stop: () => server.kill() };
}

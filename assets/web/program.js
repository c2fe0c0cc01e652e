// The program, once it runs.

let exports = null;

export const running = () => exports !== null;

export function runs(program) {
  exports = program;
}

/** Calls an export of the program. All of them only queue, so any moment will do. */
export function tell(name, ...values) {
  const call = exports?.[name];
  if (!call) return;
  try {
    call(...values);
  } catch (error) {
    reportError(error);
  }
}

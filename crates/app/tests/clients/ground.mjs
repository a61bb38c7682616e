// What the demo prints when it is ready, and how a script says that something is not as it should be.
import assert from "node:assert/strict";

export const demo = JSON.parse(process.env.TRACTION_DEMO);
export { assert };

// A part of an answer, compared; the rest may be anything.
export function has(answer, expected) {
  for (const [name, value] of Object.entries(expected)) {
    assert.deepEqual(answer[name], value, `${name} of ${JSON.stringify(answer)}`);
  }
}

// The part of a test context that the helpers of ../lib use: what began in a scope ends with it, the last first.
export async function stopped_in_the_end(body) {
  const ends = [];
  const t = { after: (end) => ends.unshift(end), killed: false };
  try {
    await body(t);
  } finally {
    for (const end of ends) {
      try {
        await end();
      } catch (error) {
        if (!t.killed) throw error; // who was killed does not leave politely
      }
    }
  }
}

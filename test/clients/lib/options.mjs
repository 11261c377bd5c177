// What the command line of a script says, or a sentence and exit code 2.
import { parseArgs } from 'node:util';

// As parseArgs() takes and gives it. `script`: the file whose head says how it is used.
export function options_of(script, config) {
  try {
    return parseArgs(config);
  } catch (e) {
    if (!e.code?.startsWith('ERR_PARSE_ARGS')) throw e;
    console.error(`${e.message.split('. ')[0]}; the head of ${script} says what there is`);
    process.exit(2);
  }
}

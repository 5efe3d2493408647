import { readFileSync } from 'node:fs';
import { relative } from 'node:path';
import { stripVTControlCharacters } from 'node:util';

/**
 * Prints "PASSED FAILED SKIPPED" of one run of Jest: `count-tests.mjs RESULT_FILE EXIT_CODE`. A file that
 * could not be loaded counts as a failed test, and so does a run that failed in any other way: a run
 * without a result must not look like one without failures. The names of what failed go to the error output,
 * because they are far above the end of a long log.
 */
const [file, exitCode] = process.argv.slice(2);
const { passed, failed, skipped } = count();
const failedOtherwise = failed === 0 && (exitCode !== '0' || passed === 0);
process.stdout.write(`${passed} ${failedOtherwise ? 1 : failed} ${skipped}\n`);

function count() {
  try {
    const result = JSON.parse(readFileSync(file, 'utf8'));
    listFailures(result);
    return {
      passed: result.numPassedTests,
      failed: result.numFailedTests + result.numRuntimeErrorTestSuites,
      skipped: result.numPendingTests,
    };
  } catch {
    return { passed: 0, failed: 0, skipped: 0 };
  }
}

function listFailures({ testResults }) {
  for (const { name, assertionResults, message } of testResults) {
    const failures = assertionResults.filter(({ status }) => status === 'failed');
    for (const { fullName, failureMessages } of failures) say(name, fullName, failureMessages[0]);
    if (failures.length === 0 && assertionResults.length === 0 && message) say(name, 'could not be run', message);
  }
}

function say(file, what, why = '') {
  const reason = stripVTControlCharacters(why).split('\n').slice(0, 6).join('\n     ');
  process.stderr.write(`   ${relative(process.cwd(), file)}: ${what}\n     ${reason}\n`);
}

import { readFileSync } from 'node:fs';

/**
 * Prints "PASSED FAILED SKIPPED" of one run of Jest: `count-tests.mjs RESULT_FILE EXIT_CODE`. A file that
 * could not be loaded counts as a failed test, and so does a run that failed in any other way: a run
 * without a result must not look like one without failures.
 */
const [file, exitCode] = process.argv.slice(2);
const { passed, failed, skipped } = count();
const failedOtherwise = failed === 0 && (exitCode !== '0' || passed === 0);
process.stdout.write(`${passed} ${failedOtherwise ? 1 : failed} ${skipped}\n`);

function count() {
  try {
    const result = JSON.parse(readFileSync(file, 'utf8'));
    return {
      passed: result.numPassedTests,
      failed: result.numFailedTests + result.numRuntimeErrorTestSuites,
      skipped: result.numPendingTests,
    };
  } catch {
    return { passed: 0, failed: 0, skipped: 0 };
  }
}

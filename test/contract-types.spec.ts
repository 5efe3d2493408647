import { readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');
const fixtures = ['client', 'server'];

/** Where a fixture pretends to be, so that it imports what its neighbours do. */
const placeOf = (name: string): string => join(root, 'test', `contract-types-${name}.ts`);
const sources = new Map(
  fixtures.map((name) => [
    placeOf(name),
    readFileSync(join(root, `test/fixtures/contract-types/${name}.ts.txt`), 'utf8'),
  ]),
);

/** Compiles all fixtures as the code beside them is compiled. */
function compile(): ts.Program {
  const config = ts.readConfigFile(join(root, 'tsconfig.json'), (path) => ts.sys.readFile(path));
  const { options } = ts.parseJsonConfigFileContent(config.config, { ...ts.sys, readDirectory: () => [] }, root);
  const host = ts.createCompilerHost(options);
  const { fileExists, readFile } = host;
  host.fileExists = (path) => sources.has(path) || fileExists(path);
  host.readFile = (path) => sources.get(path) ?? readFile(path);
  return ts.createProgram([...sources.keys()], { ...options, types: ['node'] }, host);
}

/** The lines of a fixture with their numbers, so that no two are the same. */
const linesOf = (text: string): string[] => text.split('\n').map((line, index) => `${index + 1}: ${line}`);

describe('socket.io, typed by the contract', () => {
  let program: ts.Program;

  beforeAll(() => {
    program = compile();
  });

  it.each(fixtures)('refuses what is wrong in a %s, and nothing else', (name) => {
    const file = program.getSourceFile(placeOf(name));
    if (file === undefined) throw new Error(`${name} was not compiled`);
    const lines = linesOf(file.text);
    const wrong = lines.filter((line) => line.endsWith('// wrong'));
    const errors = [...program.getSyntacticDiagnostics(file), ...program.getSemanticDiagnostics(file)];
    const refused = new Set(errors.map(({ start = 0 }) => file.getLineAndCharacterOfPosition(start).line));
    expect(lines.filter((_, index) => refused.has(index))).toEqual(wrong);
    expect(wrong.length).toBeGreaterThan(15);
  });
});

describe('the contract as a package', () => {
  it('depends on nothing', () => {
    const manifest = JSON.parse(readFileSync(join(root, 'libs/contracts/package.json'), 'utf8')) as object;
    const named = Object.keys(manifest).filter((key) => /dependencies/i.test(key));
    expect(named).toEqual([]);
  });
});

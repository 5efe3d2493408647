import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execFileSync } from 'node:child_process';
import type { Problem, SyncRequest } from '@parley/contracts';
import ts from 'typescript';
import { settingsTable } from '../apps/server/src/config/settings-table.js';
import { describedApi } from './support/described-answers.js';
import { checker } from './support/schemas.js';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');
const read = (page: string): string => readFileSync(join(root, page), 'utf8');

const PAGES = [
  ...['README.md', 'CONTRIBUTING.md', 'CHANGELOG.md', 'libs/client/README.md'],
  ...readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`),
];

interface Block {
  at: string;
  language: string;
  text: string;
}

const BLOCKS: Block[] = PAGES.flatMap((page) => {
  const text = read(page);
  return [...text.matchAll(/^```(\w*)\n(.*?)^```/gms)].map(({ 1: language = '', 2: body = '', index }) => ({
    at: `${page}:${text.slice(0, index).split('\n').length}`,
    language,
    text: body,
  }));
});

const blocksOf = (...languages: string[]): Block[] => BLOCKS.filter(({ language }) => languages.includes(language));

/** What a heading is called in an address, as GitHub does it. */
function anchorsOf(page: string): Set<string> {
  const headings = [...read(page).matchAll(/^#{1,6} (.+)$/gm)].map(([, heading = '']) => heading);
  return new Set(
    headings.map((heading) =>
      heading
        .replace(/\[([^\]]*)\]\([^)]*\)/g, '$1')
        .toLowerCase()
        .replace(/[^\p{L}\p{N}\s_-]/gu, '')
        .replace(/\s/g, '-'),
    ),
  );
}

describe('the documents', () => {
  it.each(PAGES)('%s links to what exists, also within a page', (page) => {
    const links = [...read(page).matchAll(/\]\((?!https?:)([^)#\s]*)(?:#([^)\s]+))?\)/g)];
    const broken = links.filter(([, file = '', anchor]) => {
      const path = file === '' ? join(root, page) : resolve(root, dirname(page), file);
      if (!existsSync(path)) return true;
      return anchor !== undefined && path.endsWith('.md') && !anchorsOf(path.slice(root.length + 1)).has(anchor);
    });
    expect(broken.map(([link]) => link)).toEqual([]);
  });

  it.each(PAGES)('%s names only files of the repository that it has', (page) => {
    const named = [...read(page).matchAll(/`((?:apps|libs|docs|docker|scripts|test|tools)\/[\w./-]+)`/g)];
    expect(named.map(([, path = '']) => path).filter((path) => !existsSync(join(root, path)) && !isMade(path))).toEqual(
      [],
    );
  });

  /** What a build or a run makes. */
  const isMade = (path: string): boolean => /\/dist\//.test(path);

  it.each(PAGES)('%s names only commands that there are', (page) => {
    const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };
    const named = [...read(page).matchAll(/npm run ([\w:]+)/g)].map(([, name = '']) => name);
    expect(named.filter((name) => !(name in scripts))).toEqual([]);
  });

  it('have in operations.md the settings that the code has', () => {
    expect(read('docs/operations.md')).toContain(`\n\n${settingsTable()}\n\n<!-- settings: end -->`);
  });

  it('lead from the README to every page of docs', () => {
    const reached = new Set(['README.md']);
    for (const page of reached) {
      for (const [, file = ''] of read(page).matchAll(/\]\((?!https?:)([^)#\s]+\.md)/g)) {
        const path = resolve(root, dirname(page), file).slice(root.length + 1);
        if (existsSync(join(root, path))) reached.add(path);
      }
    }
    expect(PAGES.filter((page) => !reached.has(page))).toEqual([]);
  });
});

describe('the blocks of code in the documents', () => {
  it('say in which language they are, or are drawings', () => {
    const known = ['', 'js', 'json', 'sh', 'sql', 'ts'];
    expect(BLOCKS.length).toBeGreaterThan(15);
    expect(BLOCKS.filter(({ language }) => !known.includes(language)).map(({ at }) => at)).toEqual([]);
    const drawings = blocksOf('');
    expect(
      drawings.filter(({ text }) => /^(import|const|await|npm|curl|[{[]) ?/m.test(text)).map(({ at }) => at),
    ).toEqual([]);
  });

  it.each(blocksOf('js', 'ts').map(({ at, text }) => [at, text]))('%s compiles', (_at, text) => {
    // A method is shown without its class.
    const isMethod = /^async \w+\(/.test(text);
    const source = isMethod ? `class Shown { ${text} }` : text;
    const { diagnostics = [] } = ts.transpileModule(source, {
      reportDiagnostics: true,
      compilerOptions: { module: ts.ModuleKind.ESNext, target: ts.ScriptTarget.ES2023 },
    });
    expect(diagnostics.map(({ messageText }) => messageText)).toEqual([]);
  });

  it.each(blocksOf('sh').map(({ at, text }) => [at, text]))('%s is what a shell can read', (_at, text) => {
    expect(() => execFileSync('bash', ['-n'], { input: text, stdio: 'pipe' })).not.toThrow();
  });

  it.each(blocksOf('json').map(({ at, text }) => [at, text]))('%s is what the API takes or gives', (_at, text) => {
    const check = checker(describedApi().components?.schemas ?? {});
    const shown = JSON.parse(text) as Partial<Problem & SyncRequest>;
    const name = shown.code === undefined ? 'SyncDto' : 'Problem';
    expect(check({ $ref: `#/components/schemas/${name}` }, shown)).toBeNull();
  });
});

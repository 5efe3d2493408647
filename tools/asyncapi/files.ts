import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { stringify } from 'yaml';
import { toAsyncApi } from './document.js';
import { toPage } from './page.js';
import { TypeSchemas } from './type-schemas.js';

const root = (path: string): string => fileURLToPath(new URL(`../../${path}`, import.meta.url));

const HEADER = '# Generated from libs/contracts by `npm run contracts`.\n';

/** The texts of the generated files, by their paths. */
export function makeFiles(): Record<string, string> {
  const config = ts.readConfigFile(root('tsconfig.json'), (path) => ts.sys.readFile(path));
  const { options } = ts.parseJsonConfigFileContent(config.config, { ...ts.sys, readDirectory: () => [] }, root(''));
  const document = toAsyncApi(new TypeSchemas(root('libs/contracts/src/index.ts'), { ...options, types: [] }));
  return {
    'docs/asyncapi.yaml': HEADER + stringify(document, { aliasDuplicateObjects: false, lineWidth: 0 }),
    'apps/server/assets/realtime/index.html': toPage(document),
  };
}

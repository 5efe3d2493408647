import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Error as ONLY_ERRORS, logger, parse, View } from 'vega';
import { compile, type TopLevelSpec } from 'vega-lite';
import { groupBy } from '../../support/group-by.js';
import { summarize, type Summary } from '../measure/statistics.js';
import type { SystemName } from '../systems/chat-system.js';
import { CHARTS, fileOf, type Chart } from './chart-list.js';
import { METRICS } from './metrics.js';
import type { Results } from './results.js';

const FOLDER = fileURLToPath(new URL('../../../docs/images/', import.meta.url));
const WIDTH = 560;
const BAR_HEIGHT = 16;
const COLORS: Readonly<Record<SystemName, string>> = {
  parley: '#2f6fde',
  'bare Socket.IO': '#9aa3af',
  'bare PostgreSQL': '#c8b48a',
};

interface Bar extends Summary {
  case: string;
  system: string;
  label: string;
}

/** Draws what was measured, a file for each chart, and returns their paths. */
export async function drawCharts(results: Results, folder = FOLDER): Promise<string[]> {
  mkdirSync(folder, { recursive: true });
  const drawn = CHARTS.map(async (chart) => {
    const bars = barsOf(results, chart);
    if (bars.length === 0) return [];
    const file = join(folder, fileOf(chart));
    writeFileSync(file, `${await draw(specOf(chart, bars, results.short))}\n`);
    return [file];
  });
  return (await Promise.all(drawn)).flat();
}

function barsOf({ measurements }: Results, { workload, metric, cases = '' }: Chart): Bar[] {
  const measured = measurements.filter(
    (measurement) =>
      measurement.workload === workload &&
      measurement.case.endsWith(cases) &&
      typeof measurement.values[metric] === 'number',
  );
  const groups = groupBy(measured, ({ case: name, system }) => `${name}\n${system}`);
  return [...groups.values()].flatMap((rounds): Bar[] => {
    const [first] = rounds;
    const summary = summarize(rounds.map(({ values }) => values[metric] ?? Number.NaN));
    if (first === undefined || summary === null) return [];
    const label = summary.median.toLocaleString('en-US', { maximumFractionDigits: METRICS[metric]?.digits ?? 2 });
    return [{ case: first.case, system: first.system, label, ...summary }];
  });
}

/** Bars of the medians, a line over each from the lowest round to the highest, and the number behind it. */
function specOf({ title, metric }: Chart, bars: readonly Bar[], short: boolean): TopLevelSpec {
  const systems = Object.keys(COLORS).filter((system) => bars.some((bar) => bar.system === system));
  const range = systems.map((system) => COLORS[system as SystemName]);
  return {
    title: { text: short ? `${title} (a short run: to see that it works, not how fast)` : title, anchor: 'start' },
    data: { values: [...bars] },
    background: 'white',
    width: WIDTH,
    height: { step: BAR_HEIGHT },
    config: { font: 'sans-serif', view: { stroke: null } },
    encoding: {
      y: { field: 'case', type: 'nominal', sort: null, axis: { title: null, labelLimit: 320 } },
      yOffset: { field: 'system', type: 'nominal', sort: systems },
    },
    layer: [
      {
        mark: 'bar',
        encoding: {
          x: { field: 'median', type: 'quantitative', axis: { title: METRICS[metric]?.title ?? metric } },
          color: {
            field: 'system',
            type: 'nominal',
            scale: { domain: systems, range },
            legend: { title: null, orient: 'top' },
          },
        },
      },
      {
        mark: 'rule',
        encoding: { x: { field: 'lowest', type: 'quantitative' }, x2: { field: 'highest' } },
      },
      {
        mark: { type: 'text', align: 'left', dx: 4, fontSize: 10 },
        encoding: { x: { field: 'highest', type: 'quantitative' }, text: { field: 'label', type: 'nominal' } },
      },
    ],
  };
}

function draw(spec: TopLevelSpec): Promise<string> {
  const log = logger(ONLY_ERRORS);
  return new View(parse(compile(spec, { logger: log }).spec), { renderer: 'none', logger: log }).toSVG();
}

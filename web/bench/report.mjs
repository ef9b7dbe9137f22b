// The figures of a run as Markdown, beside the goals and the anchor.

const ms = n => (n === null || Number.isNaN(n) ? '–' : `${Math.round(n)}`)

// How the anchor did on the same machine (a copy of bellingcat/ukraine-timemap at f6cc373, built from its sources on
// 2026-11-21, with made-up events of its schema, other hosts blocked). It is in no package registry, so that it cannot
// be run again from here. It has no server: all events come as one file of JSON.
const anchor = [
  ['events', '2,000', '20,000'],
  ['first data on screen, ms', '1400–1600', '11,900–18,400'],
  ['elements of the page', '–', '41,000'],
  ['JavaScript heap, MB', '–', '800–1,900'],
  ['scripts, kB gzipped', '279', '279'],
  ['other hosts asked', '4', '4'],
  ['Lighthouse desktop, performance / accessibility', '72 / 76', '–'],
  ['Lighthouse mobile, performance / accessibility', '56 / 76', '–'],
]

const figures = [
  ['table of the server painted', 'ms', f => ms(f.paint)],
  ['list of the script there', 'ms', f => ms(f.list)],
  ['map drawn, idle', 'ms', f => ms(f.idle)],
  ['main thread blocked (tasks beyond 50 ms)', 'ms', f => ms(f.blocked)],
  ['requests', '', f => `${f.requests}`],
  ['bytes received', 'kB', f => ms(f.kB)],
  ['JavaScript heap after collection', 'MB', f => ms(f.heap)],
  ['elements of the page', '', f => `${f.nodes}`],
  ['layout shift', '', f => f.shift.toFixed(3)],
  ['frames a second while dragged', '', f => f.fps.toFixed(1)],
  ['time between frames, median', 'ms', f => ms(f.p50)],
  ['time between frames, 95 %', 'ms', f => ms(f.p95)],
  ['time between frames, longest', 'ms', f => ms(f.worst)],
]

export function report({ incidents, machine, load, visits, scores }) {
  const day = new Date().toISOString().slice(0, 10)
  const lines = [
    '# The map with many incidents',
    '',
    `\`make bench-web\`, ${day}: ${incidents} incidents in the store, all but the shipped ones made up.`,
    `Machine: ${machine}, shared by server and browser; headless Chromium draws without a graphics card (SwiftShader),`,
    `which is most of what follows. With other work beside it the load was ${load.toFixed(0)}: times are upper bounds.`,
    'Nothing is in the cache. The phone has 390 × 844 pixels and a processor slowed to a quarter.',
    '',
  ]
  if (visits.length > 0) {
    lines.push(
      '## Opening and moving it',
      '',
      'Medians of visits in fresh browsers, one after the other.',
      '',
    )
    lines.push(`| | ${visits.map(v => `${v.view}; ${v.screen}`).join(' | ')} |`)
    lines.push(`|---|${visits.map(() => '--:|').join('')}`)
    for (const [name, unit, show] of figures)
      lines.push(`| ${name}${unit && `, ${unit}`} | ${visits.map(v => show(v.figures)).join(' | ')} |`)
    lines.push(
      '',
      'Goals on a quiet machine of 4 cores, desktop: incidents on the screen and the map idle within 2,500 ms, heap 80 MB.',
      '',
    )
  }
  lines.push('## The anchor', '')
  lines.push(
    'bellingcat/ukraine-timemap, the best known map of incidents that is open source, as measured in a study before',
  )
  lines.push('this map was built: on the same kind of machine and browser, not in this run.', '')
  const [head, ...rows] = anchor
  lines.push(`| ${head.join(' | ')} |`, '|---|--:|--:|', ...rows.map(r => `| ${r.join(' | ')} |`), '')
  if (scores.length > 0) {
    lines.push(
      '## Lighthouse 12.8.2',
      '',
      'The best of three runs of each. What the map costs is blocking time (TBT): the processor draws it here, in short',
      'steps, so that other work on the machine lowers these scores.',
      '',
    )
    lines.push(
      '| incidents | page | form | performance | goal | accessibility | goal | FCP ms | LCP ms | TBT ms | speed index | CLS |',
    )
    lines.push('|---|---|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|')
    for (const s of scores)
      lines.push(
        `| ${s.store} | ${s.page} | ${s.form} | ${s.performance} | ${s.goal} | ${s.accessibility} | 100 | ${ms(s.fcp)} | ${ms(s.lcp)} | ${ms(s.tbt)} | ${ms(s.si)} | ${s.cls.toFixed(3)} |`,
      )
    lines.push('')
  }
  return lines.join('\n')
}

// Where a first visit may begin. The boxes are views of ours; the area is looked up by its id where the data has it.
import type { BBox, Metric, Range } from './state'

export interface Start {
  readonly key: 'ramit' | 'batken' | 'vorukh' | 'sept2022'
  readonly box: BBox
  readonly range: Range
  /** The figure that tells most there. */
  readonly metric: Metric
  /** The area whose outline is shown, by the beginning of its id. */
  readonly area: string | null
}

export const starts: readonly Start[] = [
  {
    key: 'ramit',
    box: [68.7, 38.4, 69.75, 39.1],
    range: { from: '1998-03-01', to: '1998-05-31' },
    metric: 'captured',
    area: 'ramit',
  },
  {
    key: 'batken',
    box: [69.2, 39.4, 72.2, 40.4],
    range: { from: null, to: null },
    metric: 'killed',
    area: 'batken',
  },
  {
    key: 'vorukh',
    box: [70.25, 39.72, 70.85, 40.12],
    range: { from: null, to: null },
    metric: 'killed',
    area: null,
  },
  {
    key: 'sept2022',
    box: [69.2, 39.3, 72.2, 40.4],
    range: { from: '2022-09-14', to: '2022-09-25' },
    metric: 'killed',
    area: null,
  },
]

/** How wide the map is, in CSS pixels, for the legend to stand open beside what it shows. */
export const legendRoom = 1400

/** What the map shows before anyone moved it: the border from Khujand to Karamyk, and the Ramit Gorge. */
export const wholeBox: BBox = [68.1, 38.25, 72.9, 40.95]

// How border lines are drawn: one table for the map, the lists and the legend.

/** How a status is drawn: by width and dash, in one grey. The legend draws its samples from the same table. */
export interface LineLook {
  readonly width: number
  /** In line widths. */
  readonly dash?: readonly number[]
  /** Two lines of equal weight, this far apart. */
  readonly gap?: number
  readonly soft?: boolean
  readonly round?: boolean
}
export const lineLooks: Readonly<Record<string, LineLook>> = {
  unknown: { width: 2.2, dash: [0.01, 2.2], soft: true, round: true },
  undefined: { width: 1.8, dash: [1.5, 1.7] },
  contested: { width: 1.4, gap: 3.6 },
  described: { width: 1.8, dash: [5, 2.2] },
  agreed: { width: 1.9, dash: [9, 2, 1.5, 2] },
  delimited_by_treaty: { width: 1.7 },
  demarcated: { width: 3.2 },
}
export const statusIds = Object.keys(lineLooks)

/** The mapped line of another time, as far as it differs. */
export const otherLook: LineLook = { width: 1.5, dash: [1.4, 1.4] }

/** Rings that are shown for context only, whatever their status. */
export const contextLook: LineLook = { width: 0.9, dash: [3, 2], soft: true }

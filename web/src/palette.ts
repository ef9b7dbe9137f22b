// Colours of the map, light and dark. One hue for incidents, one grey for lines: no party and no state has a colour.

export interface Palette {
  readonly name: 'light' | 'dark' | 'contrast'
  readonly land: string
  readonly beyond: string
  readonly water: string
  readonly waterLine: string
  /** Lines between the regions of a state. */
  readonly region: string
  readonly text: string
  readonly textSoft: string
  readonly waterText: string
  readonly halo: string
  readonly incident: string
  readonly unsure: string
  readonly onIncident: string
  readonly ring: string
  readonly line: string
  readonly lineSoft: string
  readonly lineHalo: string
  /** The mapped line of another time. */
  readonly other: string
  /** Layers that the operator brought. */
  readonly extra: string
  readonly area: string
  readonly chosen: string
  readonly badge: string
  readonly onBadge: string
}

export const light: Palette = {
  name: 'light',
  land: '#f5f3ed',
  beyond: '#eae7df',
  water: '#c3d7e0',
  waterLine: '#a9c5d2',
  region: '#d3cbb9',
  text: '#2f3337',
  textSoft: '#5d6166',
  waterText: '#4d7385',
  halo: '#fbfaf7',
  incident: '#332288',
  unsure: '#6f6bb0',
  onIncident: '#ffffff',
  ring: '#5b5488',
  line: '#3a3a3a',
  lineSoft: '#7d7d7d',
  lineHalo: '#fbfaf7',
  other: '#9a6b3f',
  extra: '#3f7078',
  area: '#8a7552',
  chosen: '#aa3377',
  badge: '#ffffff',
  onBadge: '#8a1c5e',
}

export const dark: Palette = {
  name: 'dark',
  land: '#22262b',
  beyond: '#1b1e22',
  water: '#182a36',
  waterLine: '#2b4656',
  region: '#3b4148',
  text: '#e4e6e8',
  textSoft: '#a8adb3',
  waterText: '#7fa6ba',
  halo: '#1b1e22',
  incident: '#b3aaf0',
  unsure: '#8983c4',
  onIncident: '#1b1735',
  ring: '#a9a3d6',
  line: '#d3d3d0',
  lineSoft: '#8d9196',
  lineHalo: '#1b1e22',
  other: '#c8a06f',
  extra: '#8fc1c9',
  area: '#b39a70',
  chosen: '#ee88bb',
  badge: '#1b1e22',
  onBadge: '#ff9ccd',
}

/** For those who need it plain: white ground, black lines, no tints. */
export const contrast: Palette = {
  ...light,
  name: 'contrast',
  land: '#ffffff',
  beyond: '#eeeeee',
  water: '#cfe6f2',
  waterLine: '#3d7f9e',
  region: '#a8a8a8',
  text: '#000000',
  textSoft: '#222222',
  waterText: '#0d4a66',
  halo: '#ffffff',
  incident: '#1b0a6b',
  unsure: '#1b0a6b',
  ring: '#2a2157',
  line: '#000000',
  lineSoft: '#333333',
  lineHalo: '#ffffff',
  other: '#7a3d00',
  extra: '#004a55',
  area: '#5c4310',
  chosen: '#8c0054',
  onBadge: '#8c0054',
}

// The incident symbols: one outline for each family, one sign for each kind, so that none rests on colour.
// All paths live in a box of 24 by 24; the map draws them on a canvas, the list as SVG.

export type Family = 'fighting' | 'explosive' | 'people' | 'captives' | 'unrest' | 'steps'

export const families: readonly Family[] = ['fighting', 'explosive', 'people', 'captives', 'unrest', 'steps']

export const outlines: Readonly<Record<Family, string>> = {
  fighting: 'M12 1.2 22.8 12 12 22.8 1.2 12Z',
  explosive: 'M12 1.6 23 21.4H1Z',
  people: 'M2.4 3.4H21.6V12.4L12 22.4 2.4 12.4Z',
  captives:
    'M4.6 2.6H19.4A2 2 0 0 1 21.4 4.6V19.4A2 2 0 0 1 19.4 21.4H4.6A2 2 0 0 1 2.6 19.4V4.6A2 2 0 0 1 4.6 2.6Z',
  unrest: 'M7 2.4H17L22.6 12 17 21.6H7L1.4 12Z',
  steps: 'M12 1.8A10.2 10.2 0 1 1 12 22.2 10.2 10.2 0 1 1 12 1.8Z',
}

// [family, sign]; a zero-length line is a dot under the round line cap.
const kinds: Readonly<Record<string, readonly [Family, string]>> = {
  armed_clash: ['fighting', 'M8.4 8.4 15.6 15.6M15.6 8.4 8.4 15.6'],
  security_operation: ['fighting', 'M12 8.2A3.8 3.8 0 1 1 12 15.8 3.8 3.8 0 1 1 12 8.2M12 12V12.01'],
  attack_on_post: ['fighting', 'M7 12H13M10.8 9.6 13.2 12 10.8 14.4M16 8.4V15.6'],
  conflict_episode: ['fighting', 'M7.6 12V12.01M12 12V12.01M16.4 12V12.01'],
  shelling: ['explosive', 'M8.4 14.4A4.6 4.6 0 0 1 15.2 15.6M15.6 12.6V16.2H12'],
  air_drone_strike: ['explosive', 'M12 9.6V18M7.8 14.4H16.2'],
  mine_explosion: ['explosive', 'M12 10.4V18M8.7 12.3 15.3 16.1M15.3 12.3 8.7 16.1'],
  shooting_incident: ['people', 'M7 10.6H12.6M16.4 10.6V10.61'],
  attack_on_civilians: ['people', 'M12 7.2V7.21M8.4 15A3.6 3.6 0 0 1 15.6 15'],
  assassination: ['people', 'M12 6.4V15.2M7.6 10.8H16.4'],
  abduction: ['captives', 'M16.8 7.4H10.6V16.6H16.8M19 12H13.6M15.4 10 13.4 12 15.4 14'],
  prisoner_release: ['captives', 'M12.6 7.4H7.2V16.6H12.6M10.6 12H17.4M15.2 9.6 17.6 12 15.2 14.4'],
  prison_break: ['captives', 'M8 7V17M12 7V9.6M12 14.4V17M16 7V17'],
  civilian_confrontation: [
    'unrest',
    'M8.6 8.8V8.81M15.4 8.8V8.81M5.8 15.8A2.9 2.9 0 0 1 11.4 15.8M12.6 15.8A2.9 2.9 0 0 1 18.2 15.8',
  ],
  property_destruction: ['unrest', 'M7.4 12 12 7.8 16.6 12M8.8 11.6V16.4H15.2V11.6'],
  displacement: ['unrest', 'M7 9 10 12 7 15M12.6 9 15.6 12 12.6 15'],
  agreement: ['steps', 'M7.6 12.4 10.8 15.4 16.6 8.8'],
  border_regime: ['steps', 'M7 12H17M8.4 8.4V15.6M15.6 8.4V15.6'],
  delimitation_step: ['steps', 'M6.6 12H8.6M11 12H13M15.4 12H17.4'],
  territorial_transfer: ['steps', 'M7.6 9.8H16M13.8 7.6 16.2 9.8M16.4 14.2H8M10.2 16.4 7.8 14.2'],
  judicial: ['steps', 'M12 7V17M7.4 9.2H16.6M9.4 17H14.6'],
}

export const kindIds: readonly string[] = Object.keys(kinds)

export interface Symbol {
  readonly family: Family
  readonly outline: string
  readonly sign: string
}

/** The symbol of a kind; a kind unknown to us is a plain circle with a dot. */
export function symbolOf(kind: string): Symbol {
  const [family, sign] = kinds[kind] ?? ['steps', 'M12 12V12.01']
  return { family, outline: outlines[family], sign }
}

const vaguePlaces = ['district', 'region', 'country']

/** The looks of a symbol. */
export interface Look {
  readonly kind: string
  /** A figure is claimed by someone. */
  readonly figure: boolean
  /** It is confirmed to have happened. */
  readonly certain: boolean
  /** The claims that stand disagree. */
  readonly conflict: boolean
  /** The position stands for a district or more. */
  readonly vague: boolean
}

export function lookOf(p: {
  type: string
  figures: string
  occurrence: string
  location_precision: string | null
}): Look {
  return {
    kind: p.type,
    figure: p.figures !== 'none',
    certain: p.occurrence === 'confirmed',
    conflict: p.figures === 'conflicting',
    vague: vaguePlaces.includes(p.location_precision ?? ''),
  }
}

/** A look as an image name and back. */
export function imageName(l: Look): string {
  return `incident/${l.kind}/${l.figure ? 'figure' : 'none'}/${l.certain ? 'certain' : 'unsure'}/${l.conflict ? 'conflict' : 'plain'}/${l.vague ? 'vague' : 'placed'}`
}

export function lookNamed(name: string): Look | null {
  const [head, kind, figure, certain, conflict, vague] = name.split('/')
  if (head !== 'incident' || kind === undefined) return null
  return {
    kind,
    figure: figure === 'figure',
    certain: certain === 'certain',
    conflict: conflict === 'conflict',
    vague: vague === 'vague',
  }
}

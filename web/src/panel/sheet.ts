// On a phone the panel is a sheet under the map: half the screen, or nearly all of it.
import { signal } from '@preact/signals'

export const tall = signal(false)
